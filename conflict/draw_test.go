package conflict_test

import (
	"fmt"
	"math"
	"time"

	"pgregory.net/rapid"

	"parley/conflict"
	"parley/geo4d"
)

// Items drawn where an index is most likely to be wrong: on the seams of the earth, at the borders of
// rows and levels, just near enough or just not, in time, altitude and place.

var noon = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)

// separations are those of the classes 0 to 6 with themselves; of two different ones the sum of the
// two counts, and class 6 is not compared with 5 or itself.
var separations = [7]geo4d.Separation{
	{},
	{LateralM: 50, VerticalM: 15, Time: 30 * time.Second},
	{LateralM: 1000, AnyAltitude: true, Time: 1500 * time.Millisecond},
	{LateralM: 37040, VerticalM: 609.6, Time: 10 * time.Minute},
	{LateralM: 300, VerticalM: 0.5},
	{Time: 7 * time.Hour, AnyAltitude: true},
	{LateralM: 250e3, VerticalM: 100},
}

func byClass(a, b any) (geo4d.Separation, bool) {
	i, j := a.(int), b.(int)
	s, o := separations[i], separations[j]
	if i != j {
		s = geo4d.Separation{LateralM: s.LateralM + o.LateralM, VerticalM: s.VerticalM + o.VerticalM,
			Time: s.Time + o.Time, AnyAltitude: s.AnyAltitude || o.AnyAltitude}
	}
	return s, i+j < 11
}

var byClasses = conflict.Config{Separation: byClass, Terrain: geo4d.Terrain{Known: true, MinM: -100, MaxM: 900}}

// drawer draws items of one test, which lie round a few places.
type drawer struct {
	*rapid.T
	places []geo4d.Position
	drawn  []*conflict.Item // what later ones are put next to
	many   bool             // some 30 volumes in an item
}

func newDrawer(t *rapid.T) *drawer {
	d := &drawer{T: t}
	for range rapid.IntRange(1, 2).Draw(t, "places") {
		d.places = append(d.places, d.place())
	}
	return d
}

func (d *drawer) float(lo, hi float64, name string) float64 {
	return rapid.Float64Range(lo, hi).Draw(d.T, name)
}

func (d *drawer) oneOf(of ...float64) float64 { return rapid.SampledFrom(of).Draw(d.T, "one of") }

func (d *drawer) chance(of int, name string) bool { return rapid.IntRange(1, of).Draw(d.T, name) == 1 }

// levelM is the radius up to which the grid keeps a disc on a level.
func levelM(level int) float64 { return 1300 * math.Pow(4, float64(level)) }

func (d *drawer) place() geo4d.Position {
	lon := d.oneOf(180, -180, 179.9999, -179.9999, 0, 36, d.float(-180, 180, "lon"))
	switch rapid.IntRange(0, 5).Draw(d.T, "place") {
	case 0:
		return geo4d.Position{LonDeg: lon, LatDeg: d.oneOf(90, -90, 89.9999, -89.999, 88)}
	case 1: // a border of rows of tiles, and with luck of columns
		rows := math.Floor(math.Pi * 6335439.3 / (8 * levelM(rapid.IntRange(0, 5).Draw(d.T, "level"))))
		lat := -90 + 180/rows*float64(rapid.IntRange(0, int(rows)).Draw(d.T, "row"))
		return geo4d.Position{LonDeg: lon, LatDeg: math.Max(-90, math.Min(90, lat))}
	case 2:
		return geo4d.Position{LonDeg: 36, LatDeg: 35}
	}
	return geo4d.Position{LonDeg: lon, LatDeg: d.oneOf(0, 1e-9, 10, -66, 60, d.float(-90, 90, "lat"))}
}

func (d *drawer) from(p geo4d.Position, metres float64) geo4d.Position {
	q, _ := geo4d.Direct(p, d.float(0, 360, "azimuth"), metres)
	return q
}

// radius is of any size, or at the border of two levels.
func (d *drawer) radius() float64 {
	switch rapid.IntRange(0, 7).Draw(d.T, "radius") {
	case 0:
		return levelM(rapid.SampledFrom([]int{0, 0, 0, 1, 1, 1, 2, 2, 3, 3, 4, 5}).Draw(d.T, "level")) + d.oneOf(-1, -0.7, -0.1, 0, 0.1, 0.7)
	case 1:
		return d.oneOf(0, 0, 0.001, 1, 10, 10, 100e3, 200e3, 500e3, 1.3e6, 1.31e6, 2e6, 9e6, geo4d.MaxRadiusM)
	}
	return math.Pow(10, d.float(0, 5, "radius power"))
}

func (d *drawer) item(id string) *conflict.Item {
	it := &conflict.Item{ID: id,
		Party:        rapid.SampledFrom([]string{"", "", "blue", "red"}).Draw(d.T, "party"),
		Class:        rapid.IntRange(0, 6).Draw(d.T, "class"),
		UncertaintyM: d.oneOf(0, 0, 0, 0, 0, 0.001, 0.6, 50, 700, 20e3, 50e3, 300e3)}
	n := rapid.IntRange(1, 3).Draw(d.T, "volumes")
	if d.many && d.chance(6, "many") {
		n = 31
	}
	first := d.volume(it)
	it.Volumes = append(it.Volumes, first)
	for len(it.Volumes) < n {
		if n > 3 { // the stretches of one way
			w := first
			w.Shape = geo4d.Circle{Center: d.from(d.places[0], d.float(0, 50e3, "far")), RadiusM: 2000}
			w.Window.Start = first.Window.Start.Add(time.Duration(len(it.Volumes)) * time.Minute)
			w.Window.End = w.Window.Start.Add(90 * time.Second)
			it.Volumes = append(it.Volumes, w)
			continue
		}
		it.Volumes = append(it.Volumes, d.volume(it))
	}
	d.drawn = append(d.drawn, it)
	return it
}

// volume draws one; often it is next to a volume drawn before, in every dimension.
func (d *drawer) volume(it *conflict.Item) geo4d.Volume {
	if len(d.drawn) > 0 && rapid.Bool().Draw(d.T, "beside another") {
		o := rapid.SampledFrom(d.drawn).Draw(d.T, "other")
		v := rapid.SampledFrom(o.Volumes).Draw(d.T, "volume")
		sep, _ := byClass(it.Class, o.Class)
		if rapid.Bool().Draw(d.T, "place differs") {
			v.Shape = d.besideShape(v.Shape, sep.LateralM+it.UncertaintyM+o.UncertaintyM)
		}
		if rapid.Bool().Draw(d.T, "time differs") {
			v.Window = d.besideWindow(v.Window, sep.Time)
		}
		if rapid.Bool().Draw(d.T, "altitude differs") {
			v.Band = d.besideBand(v.Band, sep.VerticalM)
		}
		return v
	}
	v := geo4d.Volume{Shape: d.shape(0), Window: d.window(), Band: d.band()}
	if b := geo4d.Bounds(v.Shape); b.EastDeg-b.WestDeg > 100 && !d.chance(10, "altitudes over the whole earth") {
		v.Band = geo4d.Band{} // to compare those with all heights of the geoid takes long
	}
	return v
}

// besideShape is a circle as far from another as they must be apart, to about a hair.
func (d *drawer) besideShape(s geo4d.Shape, needM float64) geo4d.Shape {
	c, ok := s.(geo4d.Circle)
	if !ok || !(c.RadiusM < 2e6) {
		return d.shape(0)
	}
	r := d.radius()
	hair := d.oneOf(-1, -0.01, -1e-5, -2e-6, 2e-6, 1e-5, 0.01, 1)
	azimuth := d.oneOf(0, 90, 180, 270, d.float(0, 360, "azimuth"))
	at, _ := geo4d.Direct(c.Center, azimuth, math.Max(0, math.Min(1.9e7, c.RadiusM+r+needM+hair)))
	return geo4d.Circle{Center: at, RadiusM: r}
}

// besideWindow is one that begins when another ended that long ago, or nearly, or ends before it.
func (d *drawer) besideWindow(w geo4d.Window, apart time.Duration) geo4d.Window {
	hair := rapid.SampledFrom([]time.Duration{-time.Second, -time.Millisecond, -1, 0, 1, time.Millisecond, time.Second}).Draw(d.T, "hair")
	long := rapid.SampledFrom([]time.Duration{1, time.Second, time.Minute, 6 * time.Hour, 6*time.Hour + time.Second, 400 * time.Hour}).Draw(d.T, "long")
	if !w.End.IsZero() && rapid.Bool().Draw(d.T, "later") {
		start := w.End.Add(apart + hair)
		return geo4d.Window{Start: start, End: start.Add(long)}
	}
	if w.Start.IsZero() {
		return w
	}
	end := w.Start.Add(-apart - hair)
	return geo4d.Window{Start: end.Add(-long), End: end}
}

func (d *drawer) besideBand(b geo4d.Band, apartM float64) geo4d.Band {
	hair := d.oneOf(-0.2, -0.01, 0, 0.01, 0.2)
	if b.Upper != nil && rapid.Bool().Draw(d.T, "above") {
		lower := geo4d.Altitude{Value: b.Upper.Metres() + apartM + hair, Unit: geo4d.Metres, Reference: b.Upper.Reference}
		return geo4d.Band{Lower: &lower}
	}
	if b.Lower == nil {
		return d.band()
	}
	upper := geo4d.Altitude{Value: b.Lower.Metres() - apartM - hair, Unit: geo4d.Metres, Reference: b.Lower.Reference}
	return geo4d.Band{Upper: &upper}
}

func (d *drawer) shape(depth int) geo4d.Shape {
	mid := rapid.SampledFrom(d.places).Draw(d.T, "place")
	if !d.chance(4, "at the place itself") {
		mid = d.from(mid, math.Pow(10, d.float(1, 5.5, "distance power")))
	}
	switch rapid.IntRange(0, 13).Draw(d.T, "shape") {
	case 0, 1, 2, 3, 4:
		return geo4d.Circle{Center: mid, RadiusM: d.radius()}
	case 5, 6, 7:
		return d.corridor(mid)
	case 8, 9, 10:
		return d.polygon(mid)
	case 11:
		if depth > 0 {
			break
		}
		var m geo4d.Multi
		for range rapid.IntRange(1, 5).Draw(d.T, "parts") {
			m.Parts = append(m.Parts, d.shape(1))
		}
		return m
	case 12:
		return d.everywhere()
	}
	return geo4d.Circle{Center: mid, RadiusM: 1000}
}

// everywhere draws the whole earth, said or by a shape that cannot be measured.
func (d *drawer) everywhere() geo4d.Shape {
	return rapid.SampledFrom([]geo4d.Shape{
		geo4d.Earth{}, geo4d.Earth{}, geo4d.Earth{},
		geo4d.Multi{Parts: []geo4d.Shape{geo4d.Circle{RadiusM: math.NaN()}}}, geo4d.Circle{Center: geo4d.Position{LatDeg: 91}, RadiusM: 1},
		geo4d.Polygon{Rings: [][]geo4d.Position{{{LonDeg: 1}, {LonDeg: 2}, {LonDeg: 2, LatDeg: 1}}}},
		geo4d.Corridor{HalfWidthM: 5}, geo4d.Multi{},
	}).Draw(d.T, "everywhere")
}

func (d *drawer) corridor(from geo4d.Position) geo4d.Corridor {
	leg := math.Pow(10, d.float(0, d.oneOf(3, 4, 5, 5.9), "leg power"))
	c := geo4d.Corridor{Line: []geo4d.Position{from}, HalfWidthM: d.oneOf(0, 1, leg/50, leg/3, math.Min(leg*3, 90e3))}
	for range rapid.IntRange(0, 5).Draw(d.T, "legs") {
		last := c.Line[len(c.Line)-1]
		switch rapid.IntRange(0, 4).Draw(d.T, "leg") {
		case 0: // back to where it came from
			c.Line = append(c.Line, c.Line[max(0, len(c.Line)-2)])
		case 1:
			c.Line = append(c.Line, last)
		default:
			c.Line = append(c.Line, d.from(last, leg*d.float(0.01, 1, "of a leg")))
		}
	}
	return c
}

func (d *drawer) polygon(mid geo4d.Position) geo4d.Polygon {
	size := math.Pow(10, d.float(0, d.oneOf(4, 5, 5.2, 6), "size power"))
	corners := rapid.SampledFrom([]int{3, 4, 5, 12, 32, 33, 40}).Draw(d.T, "corners")
	thin := d.oneOf(0.02, 0.5, 0.9, 1)
	ring := func(k float64) []geo4d.Position {
		var out []geo4d.Position
		for i := range corners {
			m := size * k
			if i%2 == 1 {
				m *= thin
			}
			p, _ := geo4d.Direct(mid, float64(i)*360/float64(corners), m)
			out = append(out, p)
		}
		return append(out, out[0])
	}
	p := geo4d.Polygon{Rings: [][]geo4d.Position{ring(1)}}
	if thin == 1 && d.chance(2, "hole") {
		p.Rings = append(p.Rings, ring(0.6))
	}
	return p
}

func (d *drawer) window() geo4d.Window {
	start := noon.Add(time.Duration(rapid.IntRange(-12*60, 12*60).Draw(d.T, "minute")) * time.Minute)
	start = start.Add(rapid.SampledFrom([]time.Duration{0, 0, 1, time.Millisecond, 999 * time.Millisecond}).Draw(d.T, "part of a second"))
	if d.chance(12, "far") {
		year := rapid.SampledFrom([]int{1, 1700, 1951, 1952, 1970, 2019, 2020, 2087, 2088, 2150, 2300, 9999}).Draw(d.T, "year")
		start = time.Date(year, 1, 19, 3, 14, 7, 0, time.UTC)
	}
	w := geo4d.Window{Start: start}
	if d.chance(20, "since always") {
		w.Start = time.Time{}
	}
	long := rapid.SampledFrom([]time.Duration{0, 0, 1, time.Millisecond, time.Minute, time.Hour, time.Hour, 6 * time.Hour,
		6*time.Hour + 1, 100 * time.Hour, 40 * 365 * 24 * time.Hour}).Draw(d.T, "long")
	if long > 0 {
		w.End = start.Add(long)
	}
	return w
}

func (d *drawer) band() geo4d.Band {
	if d.chance(3, "any altitude") {
		return geo4d.Band{}
	}
	altitude := func(lo, hi float64, name string) *geo4d.Altitude {
		a := geo4d.Altitude{Value: math.Round(d.float(lo, hi, name)*10) / 10, Unit: geo4d.Metres}
		a.Reference = rapid.SampledFrom([]geo4d.Reference{geo4d.W84, geo4d.AMSL, geo4d.AMSL, geo4d.FL, geo4d.AGL}).Draw(d.T, "reference")
		switch {
		case a.Reference == geo4d.FL:
			a.Unit, a.Value = geo4d.FlightLevel, math.Round(a.Value/30)
		case d.chance(3, "feet"):
			a.Unit, a.Value = geo4d.Feet, math.Round(a.Value*3.3)
		}
		return &a
	}
	b := geo4d.Band{Lower: altitude(0, 4000, "lower")}
	if !d.chance(5, "no upper bound") {
		b.Upper = altitude(5500, 9000, "upper") // over the lower one whatever the references are
		if b.Lower.Reference == geo4d.W84 || b.Lower.Reference == geo4d.AMSL {
			upper := *b.Lower
			upper.Value += math.Round(d.float(1, 800, "depth"))
			b.Upper = &upper
		}
	}
	if d.chance(8, "no lower bound") {
		b.Lower = nil
	}
	return b
}

func drawItems(d *drawer, n int) []*conflict.Item {
	var out []*conflict.Item
	for i := range n {
		out = append(out, d.item(fmt.Sprintf("n%02d", i)))
	}
	return out
}
