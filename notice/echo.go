package notice

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"parley/geo4d"
)

// maxEchoVolumes and maxEchoPositions bound how much Echo says back.
const (
	maxEchoVolumes   = 50
	maxEchoPositions = 30
)

// Echo says n back in words, one line each, so that a person hears a wrong place, hour or height:
// what it is, then for each volume its positions by the nearest town, its window in UTC, its
// altitude band and the size of its area. places may be nil.
func Echo(n Notice, places Gazetteer) []string {
	n = WithDefaults(n)
	out := []string{heading(&n)}
	if n.Incomplete() {
		held := "the whole area of the agreement"
		if n.Sector != "" {
			held = "sector " + strconv.Quote(n.Sector)
		}
		if n.Place != "" {
			out = append(out, "place in words only: "+strconv.Quote(n.Place))
		}
		return append(out, "no volume is given: held as "+held, windowWords(n.Kind, n.Window), bandWords(n.Band))
	}
	for i := range n.Volumes {
		if i == maxEchoVolumes {
			return append(out, fmt.Sprintf("and %d further volumes, not said back here", len(n.Volumes)-i))
		}
		v := &n.Volumes[i]
		label := ""
		if len(n.Volumes) > 1 {
			label = fmt.Sprintf("volume %d of %d: ", i+1, len(n.Volumes))
		}
		lines := shapeWords(v.Shape, places)
		lines[0] = label + lines[0]
		out = append(out, lines...)
		out = append(out, windowWords(n.Kind, v.Window), bandWords(v.Band))
	}
	if n.UncertaintyM > 0 {
		out = append(out, "every position is uncertain by "+km(n.UncertaintyM))
	}
	return out
}

func heading(n *Notice) string {
	what := string(n.Kind)
	switch {
	case n.Class == SmallUncrewed:
		what = "small uncrewed flight"
	case n.Class == Crewed:
		what = "crewed flight"
	case n.Domain != "":
		what += ", " + string(n.Domain)
	}
	s := fmt.Sprintf("%s: %s", n.ID, what)
	if n.Title != "" {
		s += ", " + strconv.Quote(n.Title)
	}
	return s
}

// shapeWords says a shape: one line for what it is and how large, one for each position.
func shapeWords(s geo4d.Shape, places Gazetteer) []string {
	size := func() string { return "area " + squareKm(geo4d.AreaM2(s)) }
	switch s := s.(type) {
	case geo4d.Circle:
		return []string{"circle of " + km(s.RadiusM) + " round " + positionWords(s.Center, places) + "; " + size()}
	case geo4d.Corridor:
		out := []string{"corridor " + km(s.HalfWidthM) + " to each side of a line of " + strconv.Itoa(len(s.Line)) + " positions; " + size()}
		return append(out, ringWords(s.Line, places)...)
	case geo4d.Polygon:
		if len(s.Rings) == 0 || len(s.Rings[0]) == 0 {
			return []string{"polygon without positions"}
		}
		ring := s.Rings[0][:len(s.Rings[0])-1]
		head := fmt.Sprintf("polygon of %d corners", len(ring))
		if len(s.Rings) > 1 {
			head += " with " + plural(len(s.Rings)-1, "hole")
		}
		return append([]string{head + "; " + size()}, ringWords(ring, places)...)
	case geo4d.Multi:
		out := []string{plural(len(s.Parts), "part") + "; " + size()}
		for i, p := range s.Parts {
			if i == maxEchoVolumes {
				return append(out, fmt.Sprintf("and %d further parts, not said back here", len(s.Parts)-i))
			}
			out = append(out, shapeWords(p, places)...)
		}
		return out
	case geo4d.Earth:
		return []string{"the whole earth"}
	}
	return []string{"no shape"}
}

func ringWords(ps []geo4d.Position, places Gazetteer) []string {
	var out []string
	for i, p := range ps {
		if i == maxEchoPositions {
			return append(out, fmt.Sprintf("  and %d further positions, not said back here", len(ps)-i))
		}
		out = append(out, "  "+positionWords(p, places))
	}
	return out
}

func positionWords(p geo4d.Position, places Gazetteer) string {
	s := geo4d.FormatDD(p)
	if places == nil {
		return s
	}
	if where := places.Describe(p); where != "" {
		s += ", " + where
	}
	return s
}

const dateLayout = "Mon 2 Jan 2006 15:04"

func utc(t time.Time) string {
	layout := dateLayout
	if t.Second() != 0 || t.Nanosecond() != 0 {
		layout += ":05"
	}
	return t.UTC().Format(layout) + "Z"
}

// windowWords says a window: "from Tue 1 Dec 2026 18:00Z to 19:30Z (1 h 30 min)".
func windowWords(k Kind, w geo4d.Window) string {
	from := "from " + utc(w.Start)
	if w.Start.IsZero() {
		from = "from now"
	}
	if w.End.IsZero() {
		if k == Site {
			return from + ", without an end, to be revalidated"
		}
		return from + ", without an end"
	}
	to := utc(w.End)
	if w.Start.UTC().Format(time.DateOnly) == w.End.UTC().Format(time.DateOnly) {
		to = to[strings.LastIndexByte(to, ' ')+1:]
	}
	if w.Start.IsZero() {
		return from + " to " + to
	}
	return from + " to " + to + " (" + words(w.End.Sub(w.Start)) + ")"
}

// bandWords says a band: "from 0 m above mean sea level to flight level 240".
func bandWords(b geo4d.Band) string {
	switch {
	case b.Lower == nil && b.Upper == nil:
		return "all altitudes"
	case b.Lower == nil:
		return "from the ground or below up to " + altitudeWords(*b.Upper)
	case b.Upper == nil:
		return "from " + altitudeWords(*b.Lower) + " up without limit"
	}
	return "from " + altitudeWords(*b.Lower) + " to " + altitudeWords(*b.Upper)
}

func altitudeWords(a geo4d.Altitude) string {
	if a.Unit == geo4d.FlightLevel {
		return fmt.Sprintf("flight level %03.0f", a.Value)
	}
	unit := "m"
	if a.Unit == geo4d.Feet {
		unit = "ft"
	}
	s := strconv.FormatFloat(a.Value, 'f', -1, 64) + " " + unit
	switch a.Reference {
	case geo4d.AMSL:
		return s + " above mean sea level"
	case geo4d.AGL:
		return s + " above the ground"
	case geo4d.W84:
		return s + " above the WGS 84 ellipsoid"
	case geo4d.FL:
		return s + " of pressure altitude"
	}
	return s
}
