package sitecopy

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"parley/geo4d"
)

// flat is a place on the plane that touches the ellipsoid at an origin, in metres: a way to measure
// that shares nothing with geo4d. In 5 km round the origin it is off by less than 2 mm.
type flat struct{ x, y float64 }

type plane struct{ o, east, north, up [3]float64 }

func space(p geo4d.Position) (at, east, north, up [3]float64) {
	const a, f = 6378137.0, 1 / 298.257223563
	e2 := f * (2 - f)
	lat, lon := p.LatDeg*math.Pi/180, p.LonDeg*math.Pi/180
	n := a / math.Sqrt(1-e2*math.Pow(math.Sin(lat), 2))
	at = [3]float64{n * math.Cos(lat) * math.Cos(lon), n * math.Cos(lat) * math.Sin(lon), n * (1 - e2) * math.Sin(lat)}
	east = [3]float64{-math.Sin(lon), math.Cos(lon), 0}
	north = [3]float64{-math.Sin(lat) * math.Cos(lon), -math.Sin(lat) * math.Sin(lon), math.Cos(lat)}
	up = [3]float64{math.Cos(lat) * math.Cos(lon), math.Cos(lat) * math.Sin(lon), math.Sin(lat)}
	return at, east, north, up
}

func newPlane(o geo4d.Position) plane {
	at, east, north, up := space(o)
	return plane{at, east, north, up}
}

func (p plane) of(q geo4d.Position) flat {
	at, _, _, _ := space(q)
	dot := func(v [3]float64) float64 {
		return (at[0]-p.o[0])*v[0] + (at[1]-p.o[1])*v[1] + (at[2]-p.o[2])*v[2]
	}
	return flat{dot(p.east), dot(p.north)}
}

func (p plane) line(l []geo4d.Position) (out []flat) {
	for _, q := range l {
		out = append(out, p.of(q))
	}
	return out
}

func fromSegment(p, a, b flat) float64 {
	dx, dy := b.x-a.x, b.y-a.y
	t := 0.0
	if n := dx*dx + dy*dy; n > 0 {
		t = math.Max(0, math.Min(1, ((p.x-a.x)*dx+(p.y-a.y)*dy)/n))
	}
	return math.Hypot(p.x-a.x-t*dx, p.y-a.y-t*dy)
}

func fromLine(p flat, l []flat) float64 {
	out := math.Inf(1)
	for i := 1; i < len(l); i++ {
		out = math.Min(out, fromSegment(p, l[i-1], l[i]))
	}
	return out
}

func inRing(p flat, l []flat) bool {
	in := false
	for i := 1; i < len(l); i++ {
		a, b := l[i-1], l[i]
		if (a.y > p.y) != (b.y > p.y) && p.x < a.x+(p.y-a.y)/(b.y-a.y)*(b.x-a.x) {
			in = !in
		}
	}
	return in
}

// holds reports whether a place is in a shape, up to less.
func (p plane) holds(s geo4d.Shape, q flat) bool {
	const lessM = 0.01
	switch s := s.(type) {
	case geo4d.Circle:
		c := p.of(s.Center)
		return math.Hypot(q.x-c.x, q.y-c.y) <= s.RadiusM+lessM
	case geo4d.Corridor:
		return fromLine(q, p.line(s.Line)) <= s.HalfWidthM+lessM
	case geo4d.Polygon:
		if !inRing(q, p.line(s.Rings[0])) {
			return false
		}
		for _, hole := range s.Rings[1:] {
			if inRing(q, p.line(hole)) {
				return false
			}
		}
		return true
	case geo4d.Multi:
		for _, part := range s.Parts {
			if p.holds(part, q) {
				return true
			}
		}
	}
	return false
}

// inside draws places of a shape, among them places of its very edge.
func inside(rt *rapid.T, s geo4d.Shape) geo4d.Position {
	angle := rapid.Float64Range(0, 360)
	part := rapid.SampledFrom([]float64{0, 0.3, 0.999, 1})
	along := func(l []geo4d.Position) geo4d.Position {
		i := rapid.IntRange(1, len(l)-1).Draw(rt, "edge")
		d, az, _ := geo4d.Inverse(l[i-1], l[i])
		at, _ := geo4d.Direct(l[i-1], az, d*rapid.Float64Range(0, 1).Draw(rt, "along"))
		return at
	}
	switch s := s.(type) {
	case geo4d.Circle:
		at, _ := geo4d.Direct(s.Center, angle.Draw(rt, "angle"), s.RadiusM*part.Draw(rt, "part"))
		return at
	case geo4d.Corridor:
		at, _ := geo4d.Direct(along(s.Line), angle.Draw(rt, "angle"), s.HalfWidthM*part.Draw(rt, "part"))
		return at
	case geo4d.Polygon:
		return along(s.Rings[rapid.IntRange(0, len(s.Rings)-1).Draw(rt, "ring")])
	case geo4d.Multi:
		return inside(rt, s.Parts[rapid.IntRange(0, len(s.Parts)-1).Draw(rt, "of")])
	}
	rt.Fatalf("%T", s)
	return geo4d.Position{}
}

// star draws a ring round a place that does not cross itself.
func star(rt *rapid.T, o geo4d.Position, leastM, mostM float64) []geo4d.Position {
	n := rapid.IntRange(3, 9).Draw(rt, "corners")
	var out []geo4d.Position
	for i := range n {
		az := 360 * (float64(i) + rapid.Float64Range(0, 0.8).Draw(rt, "turn")) / float64(n)
		at, _ := geo4d.Direct(o, az, rapid.Float64Range(leastM, mostM).Draw(rt, "far"))
		out = append(out, at)
	}
	return append(out, out[0])
}

func drawPosition(rt *rapid.T) geo4d.Position {
	lat := rapid.OneOf(rapid.Float64Range(-90, 90), rapid.SampledFrom([]float64{0, 89.9999, -90, 90, 60})).Draw(rt, "lat")
	lon := rapid.OneOf(rapid.Float64Range(-180, 180), rapid.SampledFrom([]float64{180, -180, 179.99999, 0})).Draw(rt, "lon")
	return geo4d.Position{LatDeg: lat, LonDeg: lon}
}

func drawShape(rt *rapid.T) geo4d.Shape {
	o := drawPosition(rt)
	polygon := func(o geo4d.Position) geo4d.Polygon {
		p := geo4d.Polygon{Rings: [][]geo4d.Position{star(rt, o, 900, 2000)}}
		if rapid.Bool().Draw(rt, "hole") {
			p.Rings = append(p.Rings, star(rt, o, 20, 300))
		}
		return p
	}
	line := func(o geo4d.Position) []geo4d.Position {
		l := star(rt, o, 50, 2000)
		return l[:len(l)-1]
	}
	beside, _ := geo4d.Direct(o, 90, 4500)
	size := rapid.Float64Range(0.5, 3000).Draw(rt, "size")
	switch rapid.IntRange(0, 5).Draw(rt, "form") {
	case 1:
		return geo4d.Corridor{Line: line(o), HalfWidthM: size / 3}
	case 2:
		return polygon(o)
	case 3:
		return geo4d.Multi{Parts: []geo4d.Shape{polygon(o), polygon(beside)}}
	case 4:
		return geo4d.Multi{Parts: []geo4d.Shape{geo4d.Circle{Center: o, RadiusM: size}, geo4d.Circle{Center: beside, RadiusM: size}}}
	case 5:
		return geo4d.Multi{Parts: []geo4d.Shape{geo4d.Corridor{Line: line(o), HalfWidthM: size / 3}, geo4d.Corridor{Line: line(beside), HalfWidthM: size / 3}}}
	}
	return geo4d.Circle{Center: o, RadiusM: size}
}

// TestCopyHoldsAllThatThereIs holds for every shape that each place of it, edges and all, is in what
// a copy has of it.
func TestCopyHoldsAllThatThereIs(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := drawShape(rt)
		if geo4d.ValidateShape(s) != nil {
			rt.Skip("no shape")
		}
		m := Mark{rapid.Float64Range(0, 360).Draw(rt, "bearing"), rapid.SampledFrom([]float64{0, 1, 25, 49.9, MaxShiftM}).Draw(rt, "far")}
		out, err := m.Apply(s)
		if err != nil {
			rt.Fatal(err)
		}
		for _, o := range out {
			if err := geo4d.ValidateShape(o); err != nil {
				rt.Fatal(err)
			}
		}
		for range 20 {
			q := inside(rt, s)
			p := newPlane(q)
			held := false
			for _, o := range out {
				held = held || p.holds(o, flat{})
			}
			if !held {
				rt.Fatalf("%v of %#v is in no part of %#v", q, s, out)
			}
		}
	})
}

// TestCopyCoversBigShapes tries what no plane can: shapes as big as a country, by geo4d itself.
func TestCopyCoversBigShapes(t *testing.T) {
	for _, lat := range []float64{0, 47, -89} {
		o := geo4d.Position{LatDeg: lat, LonDeg: 179.5}
		for _, r := range []float64{300, 30e3, 3000e3} {
			for _, bearing := range []float64{0, 77, 180} {
				c := geo4d.Circle{Center: o, RadiusM: r}
				out, err := Mark{bearing, MaxShiftM}.Apply(c)
				if err != nil || len(out) != 1 || !geo4d.Covers(out[0], c) {
					t.Errorf("%v: %v, %v", c, out, err)
				}
				var ring []geo4d.Position
				for az := 0.0; az < 360; az += 60 {
					at, _ := geo4d.Direct(o, az, r/2)
					ring = append(ring, at)
				}
				p := geo4d.Polygon{Rings: [][]geo4d.Position{append(ring, ring[0])}}
				if out, err = (Mark{bearing, MaxShiftM}).Apply(p); err != nil {
					t.Fatal(err)
				}
				for i := 1; i < len(p.Rings[0]); i++ {
					d, az, _ := geo4d.Inverse(p.Rings[0][i-1], p.Rings[0][i])
					for k := range 40 {
						q, _ := geo4d.Direct(p.Rings[0][i-1], az, d*float64(k)/40)
						held := false
						for _, o := range out {
							held = held || geo4d.Contains(o, q)
						}
						if !held {
							t.Errorf("a ring of %v m round %v: %v is left out", r, o, q)
						}
					}
				}
			}
		}
	}
}

// TestMarksAreEven holds the marks to an even spread over their disc, which the bounds rest on, and
// that another key, copy or site has another mark.
func TestMarksAreEven(t *testing.T) {
	const n = 40_000
	var cells [4][4]int // rings of one area, quarters
	key := Key{1}
	for i := range n {
		m := key.Mark("copy", fmt.Sprint(i))
		if m.DistanceM < 0 || m.DistanceM > MaxShiftM || m.BearingDeg < 0 || m.BearingDeg >= 360 {
			t.Fatal(m)
		}
		ring := min(3, int(4*m.DistanceM*m.DistanceM/(MaxShiftM*MaxShiftM)))
		cells[ring][int(m.BearingDeg/90)]++
	}
	for _, ring := range cells {
		for _, got := range ring {
			if math.Abs(float64(got)-n/16) > 5*math.Sqrt(n/16) {
				t.Fatalf("%v", cells)
			}
		}
	}
	seen := map[Mark]bool{}
	for _, m := range []Mark{key.Mark("copy", "a"), Key{2}.Mark("copy", "a"), key.Mark("cop", "ya"), key.Mark("copya", ""), key.Mark("copy", "b")} {
		if seen[m] {
			t.Errorf("%v is there twice", m)
		}
		seen[m] = true
	}
}

func TestApplyRefuses(t *testing.T) {
	if _, err := (Mark{0, 10}).Apply(geo4d.Circle{RadiusM: geo4d.MaxRadiusM}); err == nil {
		t.Error("a circle that cannot grow passed")
	}
	if out, err := (Mark{0, 10}).Apply(geo4d.Earth{}); err != nil || len(out) != 1 || out[0] != (geo4d.Earth{}) {
		t.Errorf("the whole earth: %v, %v", out, err)
	}
	if _, err := (Mark{0, MaxShiftM + 1}).Apply(geo4d.Circle{RadiusM: 10}); err == nil {
		t.Error("a mark that moves more than shapes grow passed")
	}
}
