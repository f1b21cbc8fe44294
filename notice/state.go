package notice

import (
	"time"

	"parley/geo4d"
)

// Change is an event that the author filed, with the time of its entry.
type Change struct {
	Event Event
	Time  time.Time
}

// Status is what a notice is at one instant.
type Status struct {
	State      State
	Since      time.Time // when it became so; zero for planned
	Lapsed     bool      // ended by the clock, not by its author
	Unverified bool      // a site past its expiry; it stays
	GrowthM    float64   // overdue: how far the volumes have grown, metres
}

// Live reports whether the notice is in the picture and in conflict checks.
func (s Status) Live() bool { return s.State != Ended && s.State != Cancelled }

// StatusAt returns what n is at now, after the changes filed up to then.
func StatusAt(n Notice, changes []Change, now time.Time) Status { return Status{} }

// StateAt is StatusAt's state.
func StateAt(n Notice, changes []Change, now time.Time) State { return StatusAt(n, changes, now).State }

// Live returns the volumes that conflict checks use at now: none once the notice is over; grown
// and without an end while it is overdue; a site's without an end. An incomplete notice has none
// of its own: put those it is held as into n.Volumes first.
func Live(n Notice, changes []Change, now time.Time) ([]geo4d.Volume, error) { return nil, nil }

// Check refuses a change that cannot follow the ones before it, and warns of one that looks odd.
// Only the author of a notice may change it; byAuthor says whether he asks.
func Check(n Notice, changes []Change, c Change, byAuthor bool) ([]Warning, error) { return nil, nil }

// CheckAmend refuses a new version that cannot follow old, which is in the given state.
func CheckAmend(old, amended Notice, state State) error { return nil }

// AddsSpaceOrTime reports whether amended claims any place, altitude or time that old did not.
// Where it cannot prove that it does not, it says true. Lead counts from the first receipt of
// the version that last did.
func AddsSpaceOrTime(old, amended Notice) bool { return true }

// Span returns the window from the first start to the last end of n's volumes, of n.Window where
// it has none. The end is zero where one is open.
func Span(n Notice) geo4d.Window { return geo4d.Window{} }
