package agreement

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"parley/catalogue"
	"parley/geo4d"
	"parley/notice"
	"parley/transcript"
)

// Explain says the terms in plain words, in the language of a catalogue: short sentences that a duty officer
// reads in two minutes, with what is not covered said as plainly as what is.
func Explain(t Terms, in *catalogue.Catalogue) string {
	b := explainer{in: in}
	t.explainHead(&b)
	t.explainArea(&b)
	t.explainCoverage(&b)
	t.explainApart(&b)
	t.explainNotCompared(&b)
	t.explainLead(&b)
	t.explainShown(&b)
	t.explainLine(&b)
	t.explainPeople(&b)
	b.head("head-not")
	b.say("no-permission")
	if b.marked {
		b.say("marked", b.words("not-built"))
	}
	b.say("silence")
	return b.String()
}

func (t Terms) explainHead(b *explainer) {
	title := b.people(t.Title)
	if title == "" {
		title = b.words("untitled")
	}
	fmt.Fprintf(b, "%s\n", b.words("title", title, strconv.Itoa(t.Version)))
	b.head("head-who")
	for i, p := range t.Parties {
		name := b.people(p.Name)
		if p.Title != "" {
			name += " (" + b.people(p.Title) + ")"
		}
		b.say("side", b.code(string(rune('a'+i))), name, b.code(transcript.Fingerprint(p.PartyKey)))
		b.lineKeys(p)
	}
	if t.Until.IsZero() {
		b.say("holds-open", b.when(t.From))
	} else {
		b.say("holds", b.when(t.From), b.when(t.Until))
	}
	if t.Version > 1 {
		b.say("replaces", strconv.Itoa(t.Version-1), b.code(short(t.Supersedes)))
	}
	b.say("languages", b.join(each(t.Languages, b.code)))
}

func short(id string) string {
	if len(id) > 12 {
		return id[:12] + "..."
	}
	return id
}

func (t Terms) explainArea(b *explainer) {
	b.head("head-where")
	switch s := t.Area.Shape.(type) {
	case geo4d.Earth:
		b.say("whole-earth")
	case nil:
		b.say("no-area")
	default:
		box := geo4d.Bounds(s)
		b.say("in-area", b.code(geo4d.FormatDD(geo4d.Position{LonDeg: box.WestDeg, LatDeg: box.SouthDeg})),
			b.code(geo4d.FormatDD(geo4d.Position{LonDeg: box.EastDeg, LatDeg: box.NorthDeg})), b.code(fmt.Sprintf("%.0f km2", geo4d.AreaM2(s)/1e6)))
	}
	if band := t.Area.Band; band.Lower == nil && band.Upper == nil {
		b.say("all-altitudes")
	} else {
		b.say("altitudes", b.altitude(band.Lower, "the-ground"), b.altitude(band.Upper, "no-limit"))
	}
	if t.Area.Terrain.Known {
		b.say("terrain", b.code(number(t.Area.Terrain.MinM)+" m"), b.code(number(t.Area.Terrain.MaxM)+" m"))
	} else {
		b.say("no-terrain")
	}
	var sectors, ports []string
	for _, s := range t.Area.Sectors {
		sectors = append(sectors, b.people(s.Name))
	}
	for _, p := range t.Area.Ports {
		ports = append(ports, fmt.Sprintf("%s (%s)", b.people(p.Name), b.code(distance(p.LateralM))))
	}
	if len(sectors) > 0 {
		b.say("sectors", b.join(sectors))
	} else {
		b.say("no-sectors")
	}
	if len(ports) > 0 {
		b.say("ports", b.join(ports))
	}
}

func (t Terms) explainCoverage(b *explainer) {
	b.head("head-tells")
	for _, p := range t.Parties {
		if len(p.Undertakes) == 0 {
			b.say("tells-nothing", b.people(p.Name))
		} else {
			b.say("tells", b.people(p.Name), b.undertakings(p.Undertakes))
		}
		if len(p.NotNotified) > 0 {
			b.say("tells-not", b.people(p.Name), b.undertakings(p.NotNotified))
		}
		if silent := each(silentKinds(p), b.kinds); len(silent) > 0 {
			b.say("says-nothing", b.people(p.Name), b.join(silent))
		}
	}
}

func (b *explainer) undertakings(us []Undertaking) string {
	var out []string
	for _, u := range us {
		s := b.kinds(u.Kind)
		if u.Where != "" {
			s = b.words("kinds-in", s, b.people(u.Where))
		}
		if u.Words != "" {
			s += " (" + b.people(u.Words) + ")"
		}
		out = append(out, s)
	}
	return b.join(out)
}

// each says every one of a list.
func each[T any](list []T, say func(T) string) []string {
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = say(x)
	}
	return out
}

// silentKinds returns the kinds that a party neither undertakes nor declines to notify.
func silentKinds(p Party) []notice.Kind {
	var out []notice.Kind
	for _, k := range notice.Kinds() {
		is := func(u Undertaking) bool { return u.Kind == k }
		if !slices.ContainsFunc(p.Undertakes, is) && !slices.ContainsFunc(p.NotNotified, is) {
			out = append(out, k)
		}
	}
	return out
}

func (t Terms) explainApart(b *explainer) {
	b.head("head-apart")
	b.say("apart")
	for _, r := range t.Separations {
		if !r.NotDeconflicted {
			b.say("separation", b.subject(r), b.distances(r))
		}
	}
}

// subject says what a row is about: "flight and flight, one of them small uncrewed".
func (b *explainer) subject(r SeparationTerm) string {
	s := b.words("pair", b.kind(r.Kinds[0]), b.kind(r.Kinds[1]))
	switch r.When {
	case WhenSmallUncrewed:
		s = b.words("pair-uncrewed", s)
	case WhenSea:
		s = b.words("pair-sea", s)
	}
	if r.FlightBelowFt > 0 {
		s = b.words("pair-below", s, b.code(number(r.FlightBelowFt)+" ft"))
	}
	return s
}

// distances says what a row asks: "20 NM (37.04 km), 2000 ft (609.6 m), 10 min".
func (b *explainer) distances(r SeparationTerm) string {
	if r.LateralM == 0 && r.VerticalM == 0 && r.Time == 0 {
		if r.AnyAltitude {
			return b.words("no-overlap-any")
		}
		return b.words("no-overlap")
	}
	var out []string
	if r.LateralM > 0 {
		out = append(out, b.code(distance(r.LateralM)))
	} else {
		out = append(out, b.words("overlap-place"))
	}
	switch {
	case r.AnyAltitude:
		out = append(out, b.words("any-altitude"))
	case r.VerticalM > 0:
		out = append(out, b.code(height(r.VerticalM)))
	default:
		out = append(out, b.words("overlap-altitude"))
	}
	if r.Time > 0 {
		out = append(out, b.span(r.Time))
	} else {
		out = append(out, b.words("same-time"))
	}
	return strings.Join(out, b.in.Word("list.comma"))
}

func (t Terms) explainNotCompared(b *explainer) {
	b.head("head-not-compared")
	none := true
	for _, r := range t.Separations {
		if r.NotDeconflicted {
			b.say("not-deconflicted", b.words("pair", b.kind(r.Kinds[0]), b.kind(r.Kinds[1])))
			none = false
		}
		if r.FlightBelowFt > 0 {
			b.say("not-above", b.code(number(r.FlightBelowFt)+" ft"), b.kind(other(r.Kinds, notice.Flight)))
			none = false
		}
	}
	if none {
		b.say("every-pair")
	}
	b.say("nothing-untold")
}

func other(kinds [2]notice.Kind, k notice.Kind) notice.Kind {
	if kinds[0] == k {
		return kinds[1]
	}
	return kinds[0]
}
