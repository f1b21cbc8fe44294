package voice

import (
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"parley/geo4d"
	"parley/notice"
)

// Bounds of what one page tells. What goes beyond is told larger than it is: see Tell.
const (
	maxPositions = 12  // of all volumes
	maxRows      = 30  // of places, altitudes and times on the page
	maxPlace     = 120 // characters of a place in words beside volumes
	maxWords     = 600 // characters of a text that stands alone
	maxName      = 60  // characters of a name, an id, a number
)

// Volume is one volume as told or read back: positions with what is said of them. One position is the
// middle of a circle, or a place where there is no radius; several with a half width are the line of a
// corridor; several without are the corners of an area.
type Volume struct {
	Positions  []geo4d.Position
	RadiusM    float64 // 0: not said
	HalfWidthM float64 // 0: not said
	Earth      bool    // the whole earth
	Lower      Bound
	Upper      Bound
	From       Moment
	Until      Moment
}

// ReadBack is what an officer read back, by voice or from his own map. What he did not say is zero.
type ReadBack struct {
	Notice     string // the id
	Version    string
	Kind       string
	Place      string // in words
	Persons    string
	Review     Moment
	UncertainM float64
	Volumes    []Volume          // one without positions, where the place is only words
	Words      map[string]string // what else was said in words, by field
}

// Call is a call as it is told by voice.
type Call struct {
	ID       string // its entry's short name, as "1/b#3"
	Type     string // query, concern, hold, distress
	About    string // a notice's or a conflict's id
	Text     string
	Language string // of the text, BCP 47
	Position *geo4d.Position
	Place    string // in words
	LastSeen time.Time
	Persons  int
	Nature   string    // of a distress call: what happened
	Review   time.Time // of a hold: when it is looked at again
}

// Answer is an answer to a call as it is told by voice.
type Answer struct {
	Call string // its entry's short name, as "1/b#3"
	Type string // of the call
	Word string // to a hold: holding, cannot-hold, continuing
	Text string
}

// Tell returns what a page tells of a notice, which is what is to be read back. Lengths are told in
// whole metres, bounds in whole units and times in whole seconds, each outwards, so that what is told
// holds what is meant. Holes are not told. A notice with more than one page can hold is told larger
// than it is: each volume as a circle round it, or all as one circle with the outermost bounds and
// times; simpler says so.
func Tell(n notice.Notice) (told ReadBack, simpler bool) {
	n = notice.WithDefaults(n)
	told = ReadBack{Notice: cut(n.ID, maxName), Version: strconv.Itoa(n.Version), Kind: string(n.Kind), Place: cut(n.Place, maxPlace)}
	if n.Incomplete() {
		told.Place = cut(n.Place, maxWords)
		v := Volume{}
		v.setBounds(n.Band, n.Window)
		told.Volumes = []Volume{v}
		return told, false
	}
	var whole, circles []Volume
	for i := range n.Volumes {
		v := &n.Volumes[i]
		for _, part := range parts(v.Shape) {
			plain, holes := plainVolume(part)
			plain.setBounds(v.Band, v.Window)
			whole = append(whole, plain)
			simpler = simpler || holes
		}
		round := circleRound(v.Shape)
		round.setBounds(v.Band, v.Window)
		circles = append(circles, round)
	}
	told.Volumes = whole
	if fits(whole) {
		return told, simpler
	}
	if told.Volumes = circles; !fits(circles) {
		told.Volumes = []Volume{oneRound(&n)}
	}
	return told, true
}

// tellCall returns what a page tells of a call.
func tellCall(c Call) ReadBack {
	told := ReadBack{Place: cut(c.Place, maxPlace)}
	if c.Persons > 0 {
		told.Persons = strconv.Itoa(c.Persons)
	}
	v := Volume{}
	if c.Position != nil {
		v.Positions = []geo4d.Position{*c.Position}
	}
	if !c.LastSeen.IsZero() {
		v.From = Moment{Said: true, Time: c.LastSeen.UTC().Truncate(time.Second)}
	}
	if !c.Review.IsZero() {
		told.Review = Moment{Said: true, Time: c.Review.UTC().Truncate(time.Second)}
	}
	told.Volumes = []Volume{v}
	return told
}

// cut shortens words to what a page holds, and says so.
func cut(s string, most int) string {
	n := utf8.RuneCountInString(s)
	if n <= most {
		return s
	}
	const mark = " (CUT, the rest by the line)"
	return string([]rune(s)[:most-len(mark)]) + mark
}

// fits says whether volumes can be told on one page.
func fits(list []Volume) bool {
	positions, rows := 0, 0
	for i := range list {
		v := &list[i]
		positions += len(v.Positions)
		rows += 2*len(v.Positions) + 1 // and a radius or half width
		if len(list) > 1 {
			rows += 3 // what it is, and a longer name
		}
	}
	if commonBand(list) {
		rows += 2
	} else {
		rows += 2 * len(list)
	}
	if commonWindow(list) {
		rows += 2
	} else {
		rows += 2 * len(list)
	}
	return positions <= maxPositions && rows <= maxRows
}

func commonBand(list []Volume) bool {
	return !slices.ContainsFunc(list, func(v Volume) bool { return v.Lower != list[0].Lower || v.Upper != list[0].Upper })
}

func commonWindow(list []Volume) bool {
	return !slices.ContainsFunc(list, func(v Volume) bool { return v.From != list[0].From || v.Until != list[0].Until })
}

func parts(s geo4d.Shape) []geo4d.Shape {
	if m, ok := s.(geo4d.Multi); ok {
		return m.Parts
	}
	return []geo4d.Shape{s}
}

// plainVolume returns a shape's volume, and whether it leaves out holes.
func plainVolume(s geo4d.Shape) (v Volume, holes bool) {
	switch s := s.(type) {
	case geo4d.Circle:
		return Volume{Positions: []geo4d.Position{s.Center}, RadiusM: whole(s.RadiusM, false)}, false
	case geo4d.Corridor:
		return Volume{Positions: slices.Clone(s.Line), HalfWidthM: whole(s.HalfWidthM, false)}, false
	case geo4d.Polygon:
		if len(s.Rings) > 0 && len(s.Rings[0]) > 3 {
			ring := s.Rings[0]
			return Volume{Positions: slices.Clone(ring[:len(ring)-1])}, len(s.Rings) > 1
		}
	}
	return Volume{Earth: true}, false
}

// setBounds takes over the altitudes and times of a volume, rounded outwards.
func (v *Volume) setBounds(b geo4d.Band, w geo4d.Window) {
	bound := func(a *geo4d.Altitude, down bool) Bound {
		if a == nil {
			return Bound{Said: true, Open: true}
		}
		out := *a
		out.Value = whole(a.Value, down)
		return Bound{Said: true, Altitude: out}
	}
	v.Lower, v.Upper = bound(b.Lower, true), bound(b.Upper, false)
	v.From, v.Until = Moment{Said: true, Open: true}, Moment{Said: true, Open: true}
	if !w.Start.IsZero() {
		v.From = Moment{Said: true, Time: w.Start.UTC().Truncate(time.Second)}
	}
	if !w.End.IsZero() {
		v.Until = Moment{Said: true, Time: w.End.UTC().Add(time.Second - 1).Truncate(time.Second)}
	}
}

// roundMarginM is what a circle round a shape has beyond its farthest position: the rounding of a
// spoken position.
const roundMarginM = 2

// circleRound returns a circle that surely holds a shape, or the whole earth.
func circleRound(s geo4d.Shape) Volume {
	switch s.(type) {
	case geo4d.Circle, geo4d.Earth:
		v, _ := plainVolume(s)
		return v
	}
	middle := geo4d.Anchor(s)
	radius := reach(s, middle) + roundMarginM
	for range 8 {
		c := geo4d.Circle{Center: middle, RadiusM: whole(radius, false)}
		if c.RadiusM < geo4d.MaxRingRadiusM && coversParts(c, s) {
			v, _ := plainVolume(c)
			return v
		}
		radius *= 1.01
	}
	return Volume{Earth: true}
}

func coversParts(c geo4d.Circle, s geo4d.Shape) bool {
	return !slices.ContainsFunc(parts(s), func(part geo4d.Shape) bool { return !geo4d.Covers(c, part) })
}

// reach returns how far the positions of a shape, with its radius or half width, lie from a middle.
func reach(s geo4d.Shape, middle geo4d.Position) float64 {
	far := 0.0
	for _, part := range parts(s) {
		v, _ := plainVolume(part)
		far = max(far, farthest(middle, v.Positions)+v.RadiusM+v.HalfWidthM)
	}
	return far
}

func farthest(from geo4d.Position, to []geo4d.Position) float64 {
	far := 0.0
	for _, p := range to {
		d, _, _ := geo4d.Inverse(from, p)
		far = max(far, d)
	}
	return far
}

// oneRound returns one volume round all of a notice's: a circle round all places, the outermost times,
// and the outermost altitudes where all count from the same surface, else none.
func oneRound(n *notice.Notice) Volume {
	band, window := n.Volumes[0].Band, n.Volumes[0].Window
	var all []geo4d.Shape
	for i := range n.Volumes {
		v := &n.Volumes[i]
		all = append(all, parts(v.Shape)...)
		band.Lower = outer(band.Lower, v.Band.Lower, -1)
		band.Upper = outer(band.Upper, v.Band.Upper, 1)
		if v.Window.Start.Before(window.Start) {
			window.Start = v.Window.Start
		}
		if v.Window.End.IsZero() || !window.End.IsZero() && v.Window.End.After(window.End) {
			window.End = v.Window.End
		}
	}
	out := Volume{Earth: true}
	if !slices.ContainsFunc(all, func(s geo4d.Shape) bool { _, earth := s.(geo4d.Earth); return earth }) {
		out = circleRound(geo4d.Multi{Parts: all})
	}
	out.setBounds(band, window)
	return out
}

// outer returns the lower of two bounds for sign -1, the upper for 1; none where either is open or they
// count from different surfaces.
func outer(a, b *geo4d.Altitude, sign float64) *geo4d.Altitude {
	if a == nil || b == nil || a.Reference != b.Reference {
		return nil
	}
	if sign*b.Metres() > sign*a.Metres() {
		return b
	}
	return a
}
