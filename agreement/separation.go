package agreement

import (
	"slices"

	"parley/geo4d"
	"parley/notice"
)

// Separation returns what two notices of different parties must keep. It is false where the
// terms do not compare them.
//
// Of the rows for the two kinds, one whose condition holds is taken over the one without. Two
// movements at sea within one port keep the port's own distance in place of the row's.
func (t Terms) Separation(a, b Subject) (geo4d.Separation, bool) {
	row, ok := t.row(a, b)
	if !ok || row.NotDeconflicted {
		return geo4d.Separation{}, false
	}
	if row.FlightBelowFt > 0 && (a.above(row.FlightBelowFt) || b.above(row.FlightBelowFt)) {
		return geo4d.Separation{}, false
	}
	s := geo4d.Separation{LateralM: row.LateralM, VerticalM: row.VerticalM, Time: row.Time, AnyAltitude: row.AnyAltitude}
	if a.Port != "" && a.Port == b.Port && a.Kind == notice.Movement && b.Kind == notice.Movement {
		if i := slices.IndexFunc(t.Area.Ports, func(p Port) bool { return p.Name == a.Port }); i >= 0 {
			s.LateralM = t.Area.Ports[i].LateralM
		}
	}
	return s, true
}

// Class returns the subject without what makes no difference to Separation under these terms, so that
// many subjects are of few classes: of a flight's lower bound only the highest bound of a term that it
// reaches is left.
func (t Terms) Class(s Subject) Subject {
	reached, ok := 0.0, false
	for _, r := range t.Separations {
		if r.FlightBelowFt > 0 && s.above(r.FlightBelowFt) {
			reached, ok = max(reached, r.FlightBelowFt), true
		}
	}
	s.LowestFeetOK, s.LowestFeet = ok, reached
	return s
}

// above reports whether s is a flight known to stay at or above a height.
func (s Subject) above(feet float64) bool {
	return s.Kind == notice.Flight && s.LowestFeetOK && s.LowestFeet >= feet
}

func (t Terms) row(a, b Subject) (SeparationTerm, bool) {
	found, ok := SeparationTerm{}, false
	for _, r := range t.Separations {
		if r.pair() != pairOf(a.Kind, b.Kind) {
			continue
		}
		switch {
		case r.When == Always && !ok:
			found, ok = r, true
		case r.When != Always && r.When.holds(a, b):
			return r, true
		}
	}
	return found, ok
}

// holds reports whether the condition is met by one of the two.
func (w When) holds(a, b Subject) bool {
	one := func(fits func(Subject) bool) bool { return fits(a) || fits(b) }
	switch w {
	case WhenSmallUncrewed:
		return one(func(s Subject) bool { return s.Kind == notice.Flight && s.Class == notice.SmallUncrewed })
	case WhenSea:
		return one(func(s Subject) bool { return s.Kind == notice.Movement && s.Domain == notice.Sea })
	}
	return w == Always
}

// pairOf returns two kinds in one order.
func pairOf(a, b notice.Kind) [2]notice.Kind {
	if b < a {
		a, b = b, a
	}
	return [2]notice.Kind{a, b}
}

func (s SeparationTerm) pair() [2]notice.Kind { return pairOf(s.Kinds[0], s.Kinds[1]) }

// DefaultSeparation is Separation under the default terms.
func DefaultSeparation(a, b Subject) (geo4d.Separation, bool) {
	return Terms{Separations: defaultSeparations()}.Separation(a, b)
}

// DefaultClass is Class under the default terms.
func DefaultClass(s Subject) Subject { return Terms{Separations: defaultSeparations()}.Class(s) }

// SubjectOf returns what decides n's separation. A property of volumes counts only where all of
// n's volumes have it.
func SubjectOf(n notice.Notice, area Area) Subject {
	s := subject(n)
	for i, v := range n.Volumes {
		one := SubjectOfVolume(n, v, area)
		if i == 0 {
			s = one
			continue
		}
		s.LowestFeetOK = s.LowestFeetOK && one.LowestFeetOK
		s.LowestFeet = min(s.LowestFeet, one.LowestFeet)
		if one.Port != s.Port {
			s.Port = ""
		}
	}
	return s
}

func subject(n notice.Notice) Subject {
	n = notice.WithDefaults(n)
	return Subject{Kind: n.Kind, Domain: n.Domain, Class: n.Class}
}

// feet returns an altitude's figure in feet, exact for one given in feet or as a flight level.
func feet(a geo4d.Altitude) float64 {
	switch a.Unit {
	case geo4d.Feet:
		return a.Value
	case geo4d.FlightLevel:
		return a.Value * 100
	}
	return a.Value / foot
}

// SubjectOfVolume is SubjectOf for one volume of a notice.
func SubjectOfVolume(n notice.Notice, v geo4d.Volume, area Area) Subject {
	s := subject(n)
	if low := v.Band.Lower; s.Kind == notice.Flight && low != nil {
		s.LowestFeetOK, s.LowestFeet = true, feet(*low)
	}
	if s.Kind == notice.Movement && s.Domain == notice.Sea {
		for _, p := range area.Ports {
			if geo4d.Covers(p.Shape, v.Shape) {
				s.Port = p.Name
				break
			}
		}
	}
	return s
}
