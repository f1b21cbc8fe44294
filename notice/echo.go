package notice

import (
	"fmt"
	"strconv"
	"time"

	"parley/catalogue"
	"parley/geo4d"
)

// maxEchoVolumes and maxEchoPositions bound how much Echo says back.
const (
	maxEchoVolumes   = 50
	maxEchoPositions = 30
)

// Echo says n back in words, one message a line, so that a person hears a wrong place, hour or height:
// what it is, then for each volume its positions by the nearest town, its window in UTC, its
// altitude band and the size of its area. places may be nil. Lines says it.
func Echo(n Notice, places Gazetteer) []catalogue.Message {
	n = WithDefaults(n)
	out := []catalogue.Message{heading(&n)}
	if n.Incomplete() {
		held := catalogue.Say("echo.held-area")
		if n.Sector != "" {
			held = catalogue.Say("echo.held-sector", catalogue.ByPeople("sector", n.Sector))
		}
		if n.Place != "" {
			out = append(out, catalogue.Say("echo.place", catalogue.ByPeople("place", n.Place)))
		}
		return append(out, held, windowWords(n.Kind, n.Window), bandWords(n.Band))
	}
	for i := range n.Volumes {
		if i == maxEchoVolumes {
			return append(out, catalogue.Say("echo.more-volumes", catalogue.CountOf("count", len(n.Volumes)-i)))
		}
		v := &n.Volumes[i]
		lines := shapeWords(v.Shape, places)
		if len(n.Volumes) > 1 {
			lines[0] = catalogue.Say("echo.volume", catalogue.CountOf("nr", i+1), catalogue.CountOf("count", len(n.Volumes)), catalogue.SayIn("said", lines[0]))
		}
		out = append(out, lines...)
		out = append(out, windowWords(n.Kind, v.Window), bandWords(v.Band))
	}
	if n.UncertaintyM > 0 {
		out = append(out, catalogue.Say("echo.uncertain", catalogue.AsCode("length", km(n.UncertaintyM))))
	}
	return out
}

// morePositions is the key of the line after the last position that is said.
const morePositions = "shape.more-positions"

// Lines says what Echo returns, a line each; positions of a shape stand a little in.
func Lines(c *catalogue.Catalogue, echo []catalogue.Message) []string {
	out := make([]string, len(echo))
	for i, m := range echo {
		out[i] = c.Say(m)
		if m.Key == morePositions || m.Key == "position.at" || m.Key == "position.near" {
			out[i] = "  " + out[i]
		}
	}
	return out
}

// InWords says warnings in a language.
func InWords(c *catalogue.Catalogue, list []Warning) []Warning {
	for i := range list {
		list[i].Text = c.Say(list[i].Message)
	}
	return list
}

// KindKey is the key of a kind's name.
func KindKey(k Kind) string {
	if contains(Kinds(), k) {
		return "kind." + string(k)
	}
	return "kind.none"
}

func heading(n *Notice) catalogue.Message {
	what := catalogue.Say(KindKey(n.Kind))
	switch {
	case n.Class == SmallUncrewed:
		what = catalogue.Say("echo.small-uncrewed")
	case n.Class == Crewed:
		what = catalogue.Say("echo.crewed")
	case contains(Domains(n.Kind), n.Domain):
		what = catalogue.Say("echo.kind", catalogue.SayIn("kind", what), catalogue.Word("domain", "domain."+string(n.Domain)))
	}
	if n.Title != "" {
		return catalogue.Say("echo.titled", catalogue.ByPeople("notice", n.ID), catalogue.SayIn("what", what), catalogue.ByPeople("title", n.Title))
	}
	return catalogue.Say("echo.heading", catalogue.ByPeople("notice", n.ID), catalogue.SayIn("what", what))
}

// shapeWords says a shape: one line for what it is and how large, one for each position.
func shapeWords(s geo4d.Shape, places Gazetteer) []catalogue.Message {
	size := func() catalogue.Arg { return catalogue.AsCode("area", squareKm(geo4d.AreaM2(s))) }
	switch s := s.(type) {
	case geo4d.Circle:
		return []catalogue.Message{catalogue.Say("shape.circle", catalogue.AsCode("length", km(s.RadiusM)), catalogue.SayIn("said", positionWords(s.Center, places)), size())}
	case geo4d.Corridor:
		head := catalogue.Say("shape.corridor", catalogue.AsCode("length", km(s.HalfWidthM)), catalogue.CountOf("count", len(s.Line)), size())
		return append([]catalogue.Message{head}, ringWords(s.Line, places)...)
	case geo4d.Polygon:
		if len(s.Rings) == 0 || len(s.Rings[0]) == 0 {
			return []catalogue.Message{catalogue.Say("shape.no-positions")}
		}
		ring := s.Rings[0][:len(s.Rings[0])-1]
		corners := catalogue.CountOf("count", len(ring))
		head := catalogue.Say("shape.polygon", corners, size())
		if len(s.Rings) > 1 {
			holes := catalogue.Say("shape.holes", catalogue.CountOf("count", len(s.Rings)-1))
			head = catalogue.Say("shape.polygon-holes", corners, catalogue.SayIn("said", holes), size())
		}
		return append([]catalogue.Message{head}, ringWords(ring, places)...)
	case geo4d.Multi:
		out := []catalogue.Message{catalogue.Say("shape.parts", catalogue.CountOf("count", len(s.Parts)), size())}
		for i, p := range s.Parts {
			if i == maxEchoVolumes {
				return append(out, catalogue.Say("shape.more-parts", catalogue.CountOf("count", len(s.Parts)-i)))
			}
			out = append(out, shapeWords(p, places)...)
		}
		return out
	case geo4d.Earth:
		return []catalogue.Message{catalogue.Say("shape.earth")}
	}
	return []catalogue.Message{catalogue.Say("shape.none")}
}

func ringWords(ps []geo4d.Position, places Gazetteer) []catalogue.Message {
	var out []catalogue.Message
	for i, p := range ps {
		if i == maxEchoPositions {
			return append(out, catalogue.Say(morePositions, catalogue.CountOf("count", len(ps)-i)))
		}
		out = append(out, positionWords(p, places))
	}
	return out
}

func positionWords(p geo4d.Position, places Gazetteer) catalogue.Message {
	at := catalogue.AsCode("position", geo4d.FormatDD(p))
	if places == nil {
		return catalogue.Say("position.at", at)
	}
	where, ok := places.Where(p)
	if !ok {
		return catalogue.Say("position.at", at)
	}
	return catalogue.Say("position.near", at, catalogue.SayIn("said", where))
}

// windowWords says a window: "from Tue 1 Dec 2026 18:00Z to 19:30Z (1 h 30 min)".
func windowWords(k Kind, w geo4d.Window) catalogue.Message {
	begins, ends := catalogue.At("begins", catalogue.Date, w.Start), catalogue.At("ends", catalogue.Date, w.End)
	long := catalogue.LongOf("long", w.End.Sub(w.Start))
	switch {
	case w.Start.IsZero() && w.End.IsZero():
		if k == Site {
			return catalogue.Say("window.now-site")
		}
		return catalogue.Say("window.now")
	case w.Start.IsZero():
		return catalogue.Say("window.now-to", ends)
	case w.End.IsZero() && k == Site:
		return catalogue.Say("window.site", begins)
	case w.End.IsZero():
		return catalogue.Say("window.open", begins)
	case w.Start.UTC().Format(time.DateOnly) == w.End.UTC().Format(time.DateOnly):
		return catalogue.Say("window.day", begins, catalogue.AsCode("clock", clockOf(w.End)), long)
	}
	return catalogue.Say("window.days", begins, ends, long)
}

// clockOf says the time of day, with seconds where there are any.
func clockOf(t time.Time) string {
	if t.Second() != 0 {
		return t.UTC().Format("15:04:05Z")
	}
	return t.UTC().Format("15:04Z")
}

// bandWords says a band: "from 0 m above mean sea level to flight level 240".
func bandWords(b geo4d.Band) catalogue.Message {
	switch {
	case b.Lower == nil && b.Upper == nil:
		return catalogue.Say("band.all")
	case b.Lower == nil:
		return catalogue.Say("band.up-to", catalogue.SayIn("upper", SayAltitude(*b.Upper)))
	case b.Upper == nil:
		return catalogue.Say("band.from", catalogue.SayIn("lower", SayAltitude(*b.Lower)))
	}
	return catalogue.Say("band.both", catalogue.SayIn("lower", SayAltitude(*b.Lower)), catalogue.SayIn("upper", SayAltitude(*b.Upper)))
}

// SayAltitude says an altitude with what it is counted from.
func SayAltitude(a geo4d.Altitude) catalogue.Message {
	if a.Unit == geo4d.FlightLevel {
		return catalogue.Say("altitude.level", catalogue.AsCode("height", fmt.Sprintf("%03.0f", a.Value)))
	}
	unit := "m"
	if a.Unit == geo4d.Feet {
		unit = "ft"
	}
	height := catalogue.AsCode("height", strconv.FormatFloat(a.Value, 'f', -1, 64)+" "+unit)
	switch a.Reference {
	case geo4d.AMSL:
		return catalogue.Say("altitude.sea", height)
	case geo4d.AGL:
		return catalogue.Say("altitude.ground", height)
	case geo4d.W84:
		return catalogue.Say("altitude.ellipsoid", height)
	case geo4d.FL:
		return catalogue.Say("altitude.pressure", height)
	}
	return catalogue.Say("altitude.plain", height)
}
