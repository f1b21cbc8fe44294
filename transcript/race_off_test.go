//go:build !race

package transcript

// underRace says that the race detector slows every test down by an order of magnitude.
const underRace = false
