package review

import "time"

// The states of an undertaking beside StateOpen.
const (
	Proposed = "proposed" // its owner's side has not agreed yet
	Refused  = "refused"  // its owner's side disputes it
	Late     = "late"     // not reported done by when it was due
	Reported = "reported" // done, its owner's side says
	Accepted = "accepted" // and the other side agrees
)

// Stands returns the version that binds, or nil. Its owner's side must have said it, or have agreed to
// it; and once the other side has agreed to a version, a later one binds when that side agreed to it too.
func (u *Undertaken) Stands() *Version[Undertaking] {
	var out *Version[Undertaking]
	both := false
	for i := range u.Versions {
		v := &u.Versions[i]
		agreed := v.Standing() == Agreed
		if agreed || v.Says.Owner == u.Side && !both {
			out = v
		}
		both = both || agreed
	}
	return out
}

// Counts returns the version that binds, or the newest where none does.
func (u *Undertaken) Counts() *Version[Undertaking] {
	if v := u.Stands(); v != nil {
		return v
	}
	return u.Newest()
}

// named returns the version of an entry, or the first.
func (u *Undertaken) named(entry string) *Version[Undertaking] {
	for i := range u.Versions {
		if u.Versions[i].Entry == entry {
			return &u.Versions[i]
		}
	}
	return &u.Versions[0]
}

// Done returns the newest report of the owner's side that says it is done, or nil.
func (u *Undertaken) Done() *Version[Report] {
	owner := u.Counts().Says.Owner
	for i := len(u.Reports) - 1; i >= 0; i-- {
		if u.Reports[i].Says.Done && u.Reports[i].Side == owner {
			return &u.Reports[i]
		}
	}
	return nil
}

// StateAt says how far it is at now, and whether it was not reported done by when it was due.
func (u *Undertaken) StateAt(now time.Time) (state string, late bool) {
	v := u.Stands()
	if v == nil {
		if u.Newest().Standing() == Disputed {
			return Refused, false
		}
		return Proposed, false
	}
	done := u.Done()
	if done != nil && done.Standing() != Disputed {
		late = done.Time.After(v.Says.Due)
		if done.Standing() == Agreed {
			return Accepted, late
		}
		return Reported, late
	}
	if now.After(v.Says.Due) {
		return Late, true
	}
	return StateOpen, false
}
