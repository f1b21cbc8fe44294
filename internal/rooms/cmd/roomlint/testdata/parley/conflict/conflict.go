// Package conflict reads the clock and keeps state.
package conflict

import "time"

var last time.Time

// Now is what the house forbids.
func Now() time.Time {
	last = time.Now()
	return last
}
