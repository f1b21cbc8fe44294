package agreement

import (
	"fmt"
	"slices"
	"strings"

	"parley/geo4d"
	"parley/notice"
	"parley/transcript"
)

// Explain says the terms in plain words, in English: short sentences that a duty officer reads in
// two minutes, with what is not covered said as plainly as what is.
func Explain(t Terms) string {
	var b explainer
	t.explainHead(&b)
	t.explainArea(&b)
	t.explainCoverage(&b)
	t.explainApart(&b)
	t.explainNotCompared(&b)
	t.explainLead(&b)
	t.explainShown(&b)
	t.explainLine(&b)
	t.explainPeople(&b)
	b.head("WHAT THIS IS NOT")
	b.say("It gives no permission and no protection. It replaces no distress frequency and no rescue centre.")
	if b.marked {
		b.say("What is marked%s is agreed between the parties, and people must do it: the program does not.", notBuiltMark)
	}
	b.say("Silence is not consent. That nothing is shown here does not mean that nothing is there.")
	return b.String()
}

// explainer writes headed paragraphs, a sentence a line.
type explainer struct {
	strings.Builder
	marked bool // a sentence has notBuiltMark
}

func (b *explainer) head(s string) { fmt.Fprintf(b, "\n%s\n", s) }

func (b *explainer) say(format string, args ...any) { fmt.Fprintf(b, "  "+format+"\n", args...) }

func (t Terms) explainHead(b *explainer) {
	title := t.Title
	if title == "" {
		title = "Agreement"
	}
	fmt.Fprintf(b, "%s, version %d\n", title, t.Version)
	b.head("WHO")
	for i, p := range t.Parties {
		name := p.Name
		if p.Title != "" {
			name += " (" + p.Title + ")"
		}
		b.say("Side %c: %s. Party key %s.", 'a'+i, name, transcript.Fingerprint(p.PartyKey))
	}
	until := "until a new version takes its place"
	if !t.Until.IsZero() {
		until = "until " + t.Until.Format("2 Jan 2006 15:04Z")
	}
	b.say("It holds from %s %s.", t.From.Format("2 Jan 2006 15:04Z"), until)
	if t.Version > 1 {
		b.say("It takes the place of version %d (%s).", t.Version-1, short(t.Supersedes))
	}
	b.say("Languages: %s.", join(t.Languages))
}

func short(id string) string {
	if len(id) > 12 {
		return id[:12] + "..."
	}
	return id
}

func (t Terms) explainArea(b *explainer) {
	b.head("WHERE")
	switch s := t.Area.Shape.(type) {
	case geo4d.Earth:
		b.say("On the whole earth.")
	case nil:
		b.say("No area is given.")
	default:
		box := geo4d.Bounds(s)
		b.say("In the area between %s and %s (%.0f km2).", geo4d.FormatDD(geo4d.Position{LonDeg: box.WestDeg, LatDeg: box.SouthDeg}),
			geo4d.FormatDD(geo4d.Position{LonDeg: box.EastDeg, LatDeg: box.NorthDeg}), geo4d.AreaM2(s)/1e6)
	}
	if band := t.Area.Band; band.Lower == nil && band.Upper == nil {
		b.say("At all altitudes.")
	} else {
		b.say("From %s to %s.", altitude(band.Lower, "the ground"), altitude(band.Upper, "no upper limit"))
	}
	if t.Area.Terrain.Known {
		b.say("The ground lies between %s m and %s m above sea level; heights above ground are compared on that margin.", number(t.Area.Terrain.MinM), number(t.Area.Terrain.MaxM))
	} else {
		b.say("The height of the ground is not stated: a height above ground is compared as if it could be any.")
	}
	var sectors, ports []string
	for _, s := range t.Area.Sectors {
		sectors = append(sectors, s.Name)
	}
	for _, p := range t.Area.Ports {
		ports = append(ports, fmt.Sprintf("%s (%s)", p.Name, distance(p.LateralM)))
	}
	if len(sectors) > 0 {
		b.say("Sectors: %s. A notice with words for a place is held as the sector it names, else as the whole area.", join(sectors))
	} else {
		b.say("A notice with words for a place is held as the whole area until a volume is given.")
	}
	if len(ports) > 0 {
		b.say("Ports, with the distance that ships keep in them: %s.", join(ports))
	}
}

func (t Terms) explainCoverage(b *explainer) {
	b.head("WHAT EACH TELLS")
	for _, p := range t.Parties {
		if len(p.Undertakes) == 0 {
			b.say("%s undertakes to tell NOTHING.", p.Name)
		} else {
			b.say("%s tells: %s.", p.Name, undertakings(p.Undertakes))
		}
		if len(p.NotNotified) > 0 {
			b.say("%s does NOT tell: %s.", p.Name, undertakings(p.NotNotified))
		}
		if silent := silentKinds(p); len(silent) > 0 {
			b.say("%s says nothing of: %s. Do not expect them.", p.Name, join(silent))
		}
	}
}

func undertakings(us []Undertaking) string {
	var out []string
	for _, u := range us {
		s := plural(u.Kind)
		if u.Where != "" {
			s += " in " + u.Where
		}
		if u.Words != "" {
			s += " (" + u.Words + ")"
		}
		out = append(out, s)
	}
	return join(out)
}

func plural(k notice.Kind) string { return string(k) + "s" }

// silentKinds returns the kinds that a party neither undertakes nor declines to notify.
func silentKinds(p Party) []string {
	var out []string
	for _, k := range notice.Kinds() {
		is := func(u Undertaking) bool { return u.Kind == k }
		if !slices.ContainsFunc(p.Undertakes, is) && !slices.ContainsFunc(p.NotNotified, is) {
			out = append(out, plural(k))
		}
	}
	return out
}

func (t Terms) explainApart(b *explainer) {
	b.head("HOW FAR APART")
	b.say("Two notices of different sides conflict when they are nearer than this in place, in altitude and in time at once. What either says of its own uncertainty is added.")
	for _, r := range t.Separations {
		if !r.NotDeconflicted {
			b.say("%s: %s.", r.subject(), r.distances())
		}
	}
}

// subject says what a row is about: "flight and flight, one of them small uncrewed".
func (r SeparationTerm) subject() string {
	s := string(r.Kinds[0]) + " and " + string(r.Kinds[1])
	switch r.When {
	case WhenSmallUncrewed:
		s += ", a small uncrewed flight among them"
	case WhenSea:
		s += ", a movement at sea among them"
	}
	if r.FlightBelowFt > 0 {
		s += fmt.Sprintf(", where the flight is or may be below %s ft", number(r.FlightBelowFt))
	}
	return s
}

// distances says what a row asks: "20 NM (37.04 km), 2000 ft (609.6 m), 10 min".
func (r SeparationTerm) distances() string {
	if r.LateralM == 0 && r.VerticalM == 0 && r.Time == 0 {
		if r.AnyAltitude {
			return "must not overlap, whatever the altitudes"
		}
		return "must not overlap"
	}
	var out []string
	if r.LateralM > 0 {
		out = append(out, distance(r.LateralM))
	} else {
		out = append(out, "overlap in place")
	}
	switch {
	case r.AnyAltitude:
		out = append(out, "at any altitude")
	case r.VerticalM > 0:
		out = append(out, height(r.VerticalM))
	default:
		out = append(out, "overlap in altitude")
	}
	if r.Time > 0 {
		out = append(out, spell(r.Time))
	} else {
		out = append(out, "at the same time")
	}
	return strings.Join(out, ", ")
}

func (t Terms) explainNotCompared(b *explainer) {
	b.head("WHAT IS NOT COMPARED")
	none := true
	for _, r := range t.Separations {
		if r.NotDeconflicted {
			b.say("%s and %s: NOT DE-CONFLICTED. Nobody is warned of these.", r.Kinds[0], r.Kinds[1])
			none = false
		}
		if r.FlightBelowFt > 0 {
			b.say("A flight that stays at or above %s ft is not compared with a %s.", number(r.FlightBelowFt), other(r.Kinds, notice.Flight))
			none = false
		}
	}
	if none {
		b.say("Every pair of kinds is compared.")
	}
	b.say("Nothing is compared that nobody told, and nothing of parties outside this agreement.")
}

func other(kinds [2]notice.Kind, k notice.Kind) notice.Kind {
	if kinds[0] == k {
		return kinds[1]
	}
	return kinds[0]
}
