package agreement

import "time"

// ExerciseUntil returns when the exercise ends that is going on at an instant under the versions of
// one agreement, the oldest first; false where none is. An exercise goes on for as long as the version
// that holds at each instant has a window there: windows that meet are one, and a later version ends
// it where it takes the window away. The version that holds is the newest whose From has come.
func ExerciseUntil(versions []Agreement, at time.Time) (until time.Time, ok bool) {
	for {
		holds, next := holding(versions, at)
		if holds == nil {
			return until, ok
		}
		end := holds.drillEnd(at)
		if end.IsZero() {
			return until, ok
		}
		if !next.IsZero() && next.Before(end) {
			end = next
		}
		at, until, ok = end, end, true
	}
}

// holding returns the terms that hold at an instant, and when the next ones come, or zero.
func holding(versions []Agreement, at time.Time) (holds *Terms, next time.Time) {
	for i := range versions {
		switch t := &versions[i].Terms; {
		case !t.From.After(at):
			holds, next = t, time.Time{}
		case next.IsZero() || t.From.Before(next):
			next = t.From
		}
	}
	return holds, next
}

// drillEnd returns the latest end of the drill windows that hold an instant, or zero.
func (t Terms) drillEnd(at time.Time) (end time.Time) {
	for _, d := range t.Drills {
		if !at.Before(d.Start) && at.Before(d.End) && d.End.After(end) {
			end = d.End
		}
	}
	return end
}
