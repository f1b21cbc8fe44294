package agreement

import (
	"slices"
	"strings"
	"time"

	"parley/catalogue"
	"parley/fault"
	"parley/geo4d"
	"parley/notice"
)

// LeadOf returns the bounds for notices of a kind.
func (t Terms) LeadOf(k notice.Kind) LeadTerms {
	switch k {
	case notice.Flight:
		return t.Leads.Flight
	case notice.Area:
		return t.Leads.Area
	case notice.Hazard:
		return t.Leads.Hazard
	case notice.Movement:
		return t.Leads.Movement
	}
	return t.Leads.Site
}

// Grade judges a lead.
func (l LeadTerms) Grade(lead time.Duration) Grade {
	switch {
	case lead < l.Insufficient:
		return Insufficient
	case lead < l.Short:
		return Late
	case lead < l.Routine:
		return Short
	}
	return Routine
}

// Grade judges a lead given for n. An emergency medical movement's has no grade.
func (t Terms) Grade(n notice.Notice, lead time.Duration) Grade {
	if n.Kind == notice.Movement && n.EmergencyMedical {
		return Ungraded
	}
	return t.LeadOf(n.Kind).Grade(lead)
}

// UrgencyOf returns the urgency that follows from a grade; late, insufficient and ungraded are urgent.
func UrgencyOf(g Grade) Urgency {
	switch g {
	case Routine:
		return UrgencyRoutine
	case Short:
		return UrgencyShort
	}
	return UrgencyUrgent
}

// Ladder returns the deadlines of an urgency.
func (t Terms) Ladder(u Urgency) LadderTerms {
	switch u {
	case UrgencyRoutine:
		return t.Ladders.Routine
	case UrgencyShort:
		return t.Ladders.Short
	}
	return t.Ladders.Urgent
}

// at returns the level of a kind, or nil for no kind.
func (d *Disclosure) at(k notice.Kind) *Level {
	switch k {
	case notice.Flight:
		return &d.Flight
	case notice.Movement:
		return &d.Movement
	case notice.Area:
		return &d.Area
	case notice.Hazard:
		return &d.Hazard
	case notice.Site:
		return &d.Site
	}
	return nil
}

// Of returns the level of a kind; Alert, the least, for no kind.
func (d Disclosure) Of(k notice.Kind) Level {
	if l := d.at(k); l != nil {
		return *l
	}
	return Alert
}

// LevelOf returns how much party shows of its notices of a kind; Alert, the least, for no party.
func (t Terms) LevelOf(party string, k notice.Kind) Level {
	p, i := t.Party(party)
	if i < 0 {
		return Alert
	}
	return p.Disclosure.Of(k)
}

// Members returns the members of a notice's body that a level shows; none for Alert.
func (l Level) Members() []string {
	switch l {
	case Full:
		return notice.Names()
	case Volume:
		return notice.VolumeNames()
	}
	return nil
}

// AtLeast reports whether l shows as much as m or more.
func (l Level) AtLeast(m Level) bool { return l.rank() >= m.rank() }

func (l Level) rank() int { return slices.Index([]Level{Alert, Volume, Full}, l) }

// NeedsTwo reports whether an action needs release by two persons.
func (t Terms) NeedsTwo(a Action) bool { return slices.Contains(t.TwoPersons, a) }

// InDrill reports whether now lies in a drill window: its start included, its end not.
func (t Terms) InDrill(now time.Time) bool {
	return slices.ContainsFunc(t.Drills, func(d Drill) bool { return !now.Before(d.Start) && now.Before(d.End) })
}

// InForce reports whether now lies between From and Until.
func (t Terms) InForce(now time.Time) bool {
	return !now.Before(t.From) && (t.Until.IsZero() || now.Before(t.Until))
}

// Party returns the party of that name and its index: 0 for side a, 1 for side b, -1 for none.
func (t Terms) Party(name string) (Party, int) {
	for i, p := range t.Parties {
		if p.Name == name {
			return p, i
		}
	}
	return Party{}, -1
}

// Warnings returns what the terms have to say of a valid notice that is filed now.
func (t Terms) Warnings(n notice.Notice, now time.Time) []notice.Warning {
	var out []notice.Warning
	lead := notice.Span(n).Start.Sub(now)
	if g := t.Grade(n, lead); g == Late || g == Insufficient {
		out = append(out, notice.Warning{Code: notice.WarnLate, Field: "start", Message: catalogue.Say("warn.late", catalogue.SpanOf("span", max(lead, 0)),
			catalogue.Word("state", "grade."+string(g)), catalogue.AgeOf("short", t.LeadOf(n.Kind).Short), catalogue.AgeOf("routine", t.LeadOf(n.Kind).Routine))})
	}
	if n.Incomplete() && n.Sector != "" {
		if _, held := t.Area.Held(n); held == WholeArea {
			out = append(out, notice.Warning{Code: notice.WarnIncomplete, Field: "sector", Message: catalogue.Say("warn.no-sector", catalogue.ByPeople("sector", n.Sector))})
		}
	}
	return out
}

// Within refuses a notice with a volume outside the area, with the hint that swapped coordinates
// would fit where they would. A volume that is in part inside is within: it matters there.
func (a Area) Within(n notice.Notice) error {
	if _, whole := a.Shape.(geo4d.Earth); whole {
		return nil
	}
	area := geo4d.Prepare(a.Shape)
	touches := func(s geo4d.Shape) bool { return geo4d.Prepare(s).Gap(area, 0).Overlap }
	var errs joined
	for i, v := range n.Volumes {
		if _, whole := v.Shape.(geo4d.Earth); whole || touches(v.Shape) {
			continue
		}
		hint := "correct the position; the agreement's area has to be amended for notices elsewhere"
		if swapped, ok := swap(v.Shape); ok && touches(swapped) {
			hint = "longitude and latitude look swapped: swapped, it lies inside the area; GeoJSON order is longitude, latitude"
		}
		errs.add(fault.New(at("volumes", i)+".geometry", geo4d.FormatDD(geo4d.Representative(v.Shape)), "lies outside the area of the agreement", hint))
	}
	return errs.err()
}

// swap returns a shape with longitude and latitude exchanged, where that is a shape.
func swap(s geo4d.Shape) (geo4d.Shape, bool) {
	turn := func(ps []geo4d.Position) []geo4d.Position {
		out := make([]geo4d.Position, len(ps))
		for i, p := range ps {
			out[i] = geo4d.Position{LonDeg: p.LatDeg, LatDeg: p.LonDeg}
		}
		return out
	}
	var out geo4d.Shape
	switch s := s.(type) {
	case geo4d.Circle:
		out = geo4d.Circle{Center: turn([]geo4d.Position{s.Center})[0], RadiusM: s.RadiusM}
	case geo4d.Corridor:
		out = geo4d.Corridor{Line: turn(s.Line), HalfWidthM: s.HalfWidthM}
	case geo4d.Polygon:
		rings := make([][]geo4d.Position, len(s.Rings))
		for i, r := range s.Rings {
			rings[i] = turn(r)
		}
		out = geo4d.Polygon{Rings: rings}
	case geo4d.Multi:
		m := geo4d.Multi{}
		for _, p := range s.Parts {
			t, ok := swap(p)
			if !ok {
				return nil, false
			}
			m.Parts = append(m.Parts, t)
		}
		out = m
	default:
		return nil, false
	}
	return out, geo4d.ValidateShape(out) == nil
}

const WholeArea = "the whole area"

// Held returns the volumes that an incomplete notice is held as, and the name of what it is held
// as: the sector that it names or whose name its place is, or "the whole area". A notice with
// volumes is held as those, under the name "".
func (a Area) Held(n notice.Notice) ([]geo4d.Volume, string) {
	if !n.Incomplete() {
		return n.Volumes, ""
	}
	v := geo4d.Volume{Shape: a.Shape, Band: n.Band, Window: n.Window}
	for _, s := range a.Sectors {
		if same(s.Name, n.Sector) || n.Sector == "" && same(s.Name, n.Place) {
			v.Shape = s.Shape
			return []geo4d.Volume{v}, s.Name
		}
	}
	return []geo4d.Volume{v}, WholeArea
}

// same compares names as people write them.
func same(a, b string) bool {
	return strings.EqualFold(strings.Join(strings.Fields(a), " "), strings.Join(strings.Fields(b), " "))
}
