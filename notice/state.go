package notice

import (
	"fmt"
	"strconv"
	"time"

	"parley/catalogue"
	"parley/fault"
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

// StatusAt returns what n is at now, after the changes filed so far, in the order of their
// entries. What ended or was cancelled stays so. Of the rest, when the last window is over:
//
//   - a movement or crewed flight is overdue until its author ends it, activated or not;
//   - a site stays, marked unverified; so it is from its expiry on;
//   - an area, a hazard and a small uncrewed flight have ended by the clock: they have lapsed.
func StatusAt(n Notice, changes []Change, now time.Time) Status {
	s := Status{State: Planned}
	for _, c := range changes {
		if !s.Live() {
			break
		}
		switch c.Event {
		case Activate:
			if s.State == Planned {
				s.State, s.Since = Active, c.Time
			}
		case End:
			s.State, s.Since = Ended, c.Time
		case Cancel:
			s.State, s.Since = Cancelled, c.Time
		}
	}
	if !s.Live() {
		return s
	}
	end := Span(n).End
	passed := !end.IsZero() && !now.Before(end)
	switch {
	case n.Kind == Site:
		s.Unverified = passed || !n.Expires.IsZero() && !now.Before(n.Expires)
	case passed && becomesOverdue(n):
		s.State, s.Since = Overdue, end
		s.GrowthM = min(SpeedOf(n)*now.Sub(end).Seconds(), MaxGrowthM)
	case passed:
		s.State, s.Since, s.Lapsed = Ended, end, true
	}
	return s
}

// becomesOverdue reports whether somebody may be out there when n's window has passed.
func becomesOverdue(n Notice) bool {
	return n.Kind == Movement || n.Kind == Flight && n.Class != SmallUncrewed
}

// StateAt is StatusAt's state.
func StateAt(n Notice, changes []Change, now time.Time) State { return StatusAt(n, changes, now).State }

// Speeds that stand in for one that is not stated, metres per second.
const (
	speedFlight = 250 // 486 kt, the cruise of a jet transport
	speedSmall  = 45  // 87 kt, the most that 14 CFR 107.51 allows a small uncrewed aircraft
	speedLand   = 20  // 72 km/h, a convoy on a good road
	speedSea    = 15  // 29 kt, a fast ship
)

// MaxGrowthM is how far an overdue notice grows at most: over 1,000 km a volume says nothing, and
// distances are no longer measured to the metre. By then it is a matter of search and rescue.
const MaxGrowthM = 1_000_000

// SpeedOf returns the speed that n states, or the one that stands in for it; 0 for what does not move.
func SpeedOf(n Notice) float64 {
	switch {
	case n.SpeedMPS > 0:
		return n.SpeedMPS
	case n.Kind == Flight && n.Class == SmallUncrewed:
		return speedSmall
	case n.Kind == Flight:
		return speedFlight
	case n.Kind == Movement && n.Domain == Sea:
		return speedSea
	case n.Kind == Movement:
		return speedLand
	}
	return 0
}

// Live returns the volumes that conflict checks use at now, and the uncertainty of their places
// in metres: none once the notice is over; a site's without an end; an overdue notice's grown, in
// all its parts, by its speed since the last window ended, and without an end. Altitudes do not
// grow. An incomplete notice has no volumes of its own: put those it is held as into n.Volumes.
func Live(n Notice, changes []Change, now time.Time) (volumes []geo4d.Volume, uncertaintyM float64) {
	s := StatusAt(n, changes, now)
	if !s.Live() {
		return nil, 0
	}
	if n.Kind != Site && s.State != Overdue {
		return n.Volumes, n.UncertaintyM
	}
	rest := 0.0
	volumes = make([]geo4d.Volume, len(n.Volumes))
	for i, v := range n.Volumes {
		v.Window.End = time.Time{}
		if s.GrowthM > 0 {
			var r float64
			v.Shape, r = geo4d.Grow(v.Shape, s.GrowthM)
			rest = max(rest, r)
		}
		volumes[i] = v
	}
	return volumes, n.UncertaintyM + rest
}

// earlyActivate is how long before its start a notice may be activated without a warning.
const earlyActivate = 15 * time.Minute

// Check refuses a change that cannot follow the ones before it, and warns of one that looks odd.
// Only the author of a notice may change it; byAuthor says whether he asks.
//
// Planned may become active, ended or cancelled; active may be ended or cancelled; overdue may be
// ended, and cancelled where it was never activated; what lapsed may still be ended.
func Check(n Notice, changes []Change, c Change, byAuthor bool) ([]Warning, error) {
	if !byAuthor {
		return nil, &fault.Error{Code: fault.Denied, Field: "event", Value: string(c.Event),
			Rule: "only the party that filed a notice may change its state", Hint: "open a call to ask for it"}
	}
	s := StatusAt(n, changes, c.Time)
	refuse := func(hint string) ([]Warning, error) {
		return nil, &fault.Error{Code: fault.Mismatch, Field: "event", Value: string(c.Event),
			Rule: fmt.Sprintf("does not fit a notice that is %s", s.State), Hint: hint}
	}
	span := Span(n)
	switch c.Event {
	case Activate:
		switch {
		case s.State == Overdue:
			return refuse("amend it with a later end first")
		case s.State != Planned:
			return refuse("file a new notice where it begins again")
		case c.Time.Before(span.Start.Add(-earlyActivate)):
			return []Warning{{Code: WarnEarlyActive, Field: "event", Message: catalogue.Say("warn.early-activate", catalogue.LongOf("long", span.Start.Sub(c.Time)))}}, nil
		}
		return nil, nil
	case End:
		switch {
		case !s.Live() && !s.Lapsed:
			return refuse("nothing more is needed")
		case c.Time.Before(span.Start):
			return []Warning{{Code: WarnSchedule, Field: "event", Message: catalogue.Say("warn.early-end", catalogue.LongOf("long", span.Start.Sub(c.Time)))}}, nil
		}
		return nil, nil
	case Cancel:
		if s.State == Planned || s.State == Active || s.State == Overdue && !activated(changes) {
			return nil, nil
		}
		return refuse("end it where it has taken place")
	}
	return nil, fault.New("event", string(c.Event), "must be activate, end or cancel", "file a new version for every other change")
}

func activated(changes []Change) bool {
	for _, c := range changes {
		if c.Event == Activate {
			return true
		}
	}
	return false
}

// CheckAmend refuses a new version that cannot follow old, which is in the given state.
func CheckAmend(old, amended Notice, state State) error {
	var errs joined
	if state == Ended || state == Cancelled {
		errs.add(&fault.Error{Code: fault.Mismatch, Field: "state", Value: string(state),
			Rule: "a notice that is over cannot be amended", Hint: "file a new notice that supersedes " + old.ID})
	}
	if amended.ID != old.ID {
		errs.add(fault.New("id", amended.ID, "must stay "+old.ID, "file a new notice with supersedes for another id"))
	}
	if amended.Version != old.Version+1 {
		errs.add(&fault.Error{Code: fault.Mismatch, Field: "version", Value: strconv.Itoa(amended.Version),
			Rule: fmt.Sprintf("must be %d: the newest version is %d", old.Version+1, old.Version), Hint: "look at the newest version first"})
	}
	a, o := WithDefaults(amended), WithDefaults(old)
	if a.Kind != o.Kind || a.Domain != o.Domain || a.Class != o.Class {
		errs.add(fault.New("kind", string(amended.Kind), "kind, domain and class must stay as they are",
			"cancel the notice and file a new one that supersedes it"))
	}
	return errs.err()
}
