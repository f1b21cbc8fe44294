// Package clock is the one place that reads the time of day and waits for it.
//
// Rooms below cmd take a Clock. Under testing/synctest System itself runs on virtual time, so a
// world of nodes needs no other clock; Shifted gives one node of such a world a wrong clock.
package clock

import "time"

// A Clock tells the time and makes timers.
type Clock interface {
	// Now returns the time in UTC.
	Now() time.Time
	// Timer returns a channel that receives once after d, and a function that stops it.
	Timer(d time.Duration) (<-chan time.Time, func() bool)
}

// System is the machine's clock.
type System struct{}

// Now returns the machine's time in UTC.
func (System) Now() time.Time { return time.Now().UTC() }

// Timer starts a timer on the machine's clock.
func (System) Timer(d time.Duration) (<-chan time.Time, func() bool) {
	t := time.NewTimer(d)
	return t.C, t.Stop
}

// Shifted is a clock that differs from another by a constant.
type Shifted struct {
	Base Clock
	By   time.Duration
}

// Now returns the base's time plus By.
func (s Shifted) Now() time.Time { return s.Base.Now().Add(s.By) }

// Timer starts a timer on the base.
func (s Shifted) Timer(d time.Duration) (<-chan time.Time, func() bool) { return s.Base.Timer(d) }
