package lateral

import (
	"math"
	"testing"

	"parley/conflict/plane"
	"parley/geo4d"
)

// boxAt is a rectangle round a place, so many metres wide and high, its middle some metres off.
func boxAt(at geo4d.Position, east, north, wide, high float64) []geo4d.Position {
	var ring []geo4d.Position
	for _, c := range []plane.Point{{X: -1, Y: -1}, {X: 1, Y: -1}, {X: 1, Y: 1}, {X: -1, Y: 1}} {
		d := plane.Point{X: east + c.X*wide/2, Y: north + c.Y*high/2}
		p, _ := geo4d.Direct(at, d.BearingDeg(), d.Norm())
		ring = append(ring, p)
	}
	return append(ring, ring[0])
}

func polygon(rings ...[]geo4d.Position) geo4d.Polygon { return geo4d.Polygon{Rings: rings} }

var places = []geo4d.Position{{LonDeg: 36, LatDeg: 35}, {LonDeg: 180, LatDeg: 0}, {LonDeg: -180, LatDeg: -60}, {LonDeg: 12, LatDeg: 90}, {LonDeg: 0, LatDeg: -89.9999}}

// TestLeastKnown: moves that can be worked out in the head, within half a metre and a hundredth of a
// degree.
func TestLeastKnown(t *testing.T) {
	for _, at := range places {
		off := func(east, north float64) geo4d.Position {
			p, _ := geo4d.Direct(at, plane.Point{X: east, Y: north}.BearingDeg(), plane.Point{X: east, Y: north}.Norm())
			return p
		}
		circle := func(east, north, r float64) geo4d.Circle { return geo4d.Circle{Center: off(east, north), RadiusM: r} }
		line := func(half float64, c ...float64) geo4d.Corridor {
			l := geo4d.Corridor{HalfWidthM: half}
			for i := 0; i < len(c); i += 2 {
				l.Line = append(l.Line, off(c[i], c[i+1]))
			}
			return l
		}
		frame := polygon(boxAt(at, 0, 0, 1000, 1000), boxAt(at, 0, 0, 600, 600))
		hook := polygon([]geo4d.Position{off(-500, -500), off(500, -500), off(500, 500), off(200, 500), off(200, -200), off(-200, -200), off(-200, 500), off(-500, 500), off(-500, -500)})
		for _, c := range []struct {
			name       string
			a, b       geo4d.Shape
			need       float64
			m, bearing float64 // bearing below 0: any
		}{
			{"circle in circle", circle(10, 0, 50), circle(0, 0, 300), 0, 340, 90},
			{"circles on one place", circle(0, 0, 50), circle(0, 0, 300), 25, 375, -1},
			{"circle before a box", circle(-600, 0, 50), polygon(boxAt(at, 0, 0, 1000, 1000)), 120, 70, 270},
			{"circle before a corner", circle(530, 540, 10), polygon(boxAt(at, 0, 0, 1000, 1000)), 100, 60, math.Atan2(30, 40) * 180 / math.Pi},
			{"box in a box", polygon(boxAt(at, 100, 0, 200, 100)), polygon(boxAt(at, 0, 0, 1000, 1000)), 0, 500, 90},
			{"box round a box", polygon(boxAt(at, 0, 0, 1000, 2000)), polygon(boxAt(at, 100, 0, 200, 100)), 30, 530, 270},
			{"long boxes that cross", polygon(boxAt(at, 0, 0, 2000, 20)), polygon(boxAt(at, 300, 50, 20, 2000)), 0, 710, 270},
			{"corridors that cross", line(10, -1000, 0, 1000, 0), line(10, 300, -1000, 300, 900), 0, 720, 270},
			{"corridor along a corridor", line(10, -1000, 0, 1000, 0), line(20, -1000, 5, 1000, 5), 100, 125, 180},
			{"into a hole", circle(320, 0, 50), frame, 0, 70, 270},
			{"out, since the hole is too small", circle(320, 0, 350), frame, 0, 530, 90},
			{"in a hole, by the middle", circle(250, 0, 100), frame, 100, 150, 270},
			{"box into a hole, by a corner", polygon(boxAt(at, 290, 280, 100, 100)), frame, 0, math.Hypot(40, 30), math.Atan2(-40, -30) * 180 / math.Pi},
			{"out of a hook, through its mouth", circle(0, 0, 210), hook, 0, math.Sqrt(210*210-200*200) + 500, 0},
			{"a ring over a site", frame, circle(320, 0, 50), 0, 70, 90},
			{"two parts, one clear", geo4d.Multi{Parts: []geo4d.Shape{circle(0, 0, 50), circle(0, 5000, 50)}}, circle(0, 100, 100), 0, 50, 180},
			{"two parts that straddle", geo4d.Multi{Parts: []geo4d.Shape{circle(-200, 0, 50), circle(200, 0, 50)}}, circle(-100, 0, 100), 0, 100 - 50, -1},
			{"far within the separation", circle(20e3, 0, 500), circle(0, 0, 500), 37040, 18040, 90},
		} {
			got, ok := Least(c.a, c.b, c.need)
			turn := math.Abs(math.Remainder(got.BearingDeg-c.bearing, 360))
			if !ok || !got.Exact || c.name != "two parts that straddle" && math.Abs(got.M-c.m) > 0.5 {
				t.Errorf("%s at %v: %+v, want %v at %v", c.name, at, got, c.m, c.bearing)
			}
			if at.LatDeg < 80 && at.LatDeg > -80 && c.bearing >= 0 && turn > 0.5 { // near a pole north differs from place to place
				t.Errorf("%s at %v: at %v, want %v", c.name, at, got.BearingDeg, c.bearing)
			}
			judge(t, c.a, c.b, c.need, got, 12, 20)
			if again, _ := Least(c.a, c.b, c.need); again != got {
				t.Errorf("%s: %+v and then %+v", c.name, got, again)
			}
		}
	}
}

// TestLeastWide: shapes of 1,000 km and more, over the pole and the antimeridian.
func TestLeastWide(t *testing.T) {
	for _, at := range places {
		beside, _ := geo4d.Direct(at, 200, 300e3)
		end, _ := geo4d.Direct(at, 20, 900e3)
		star := starOf(at, 7, 500e3, 0.5)
		for name, s := range map[string]geo4d.Shape{
			"circle":   geo4d.Circle{Center: beside, RadiusM: 400e3},
			"corridor": geo4d.Corridor{Line: []geo4d.Position{beside, end}, HalfWidthM: 10e3},
			"star":     starOf(beside, 9, 500e3, 0.3),
			"small":    geo4d.Circle{Center: beside, RadiusM: 50},
		} {
			for _, pair := range [][2]geo4d.Shape{{s, star}, {star, s}} {
				m, ok := Least(pair[0], pair[1], 9260)
				if !ok || !m.Exact {
					t.Fatalf("%s at %v: %+v, %v", name, at, m, ok)
				}
				judge(t, pair[0], pair[1], 9260, m, 12, 12)
			}
		}
	}
}

// TestLeastNone: what cannot be moved, or not be got away from.
func TestLeastNone(t *testing.T) {
	here := geo4d.Circle{Center: geo4d.Position{LonDeg: 1, LatDeg: 2}, RadiusM: 5}
	for i, c := range []struct {
		a, b geo4d.Shape
		need float64
	}{
		{here, geo4d.Earth{}, 0},
		{geo4d.Earth{}, here, 0},
		{here, geo4d.Circle{Center: here.Center, RadiusM: geo4d.MaxRadiusM}, 0},
		{here, here, 21e6},
		{here, here, math.NaN()},
		{here, geo4d.Circle{Center: geo4d.Position{LonDeg: 500}, RadiusM: 5}, 0},
		{here, geo4d.Polygon{}, 0},
		{here, geo4d.Multi{}, 0},
		{geo4d.Corridor{Line: []geo4d.Position{{LonDeg: -100}, {}, {LonDeg: 100}}, HalfWidthM: 5}, here, 1e6},
	} {
		if m, ok := Least(c.a, c.b, c.need); ok {
			t.Errorf("%d: %+v", i, m)
		}
	}
}

// TestLeastOfMany: where there is too much to look at, a move is given all the same, and says so.
func TestLeastOfMany(t *testing.T) {
	at := geo4d.Position{LonDeg: 36, LatDeg: 35}
	beside, _ := geo4d.Direct(at, 77, 300)
	many := geo4d.Multi{}
	for i := range 3000 {
		p, _ := geo4d.Direct(at, 137.5*float64(i), 20*math.Sqrt(float64(i)))
		many.Parts = append(many.Parts, geo4d.Circle{Center: p, RadiusM: 12})
	}
	inexact := 0
	for i, c := range [][2]geo4d.Shape{
		{starOf(at, 1000, 1000, 0.4), starOf(beside, 1000, 1000, 0.4)},
		{starOf(at, 300, 300e3, 0.4), starOf(beside, 300, 300e3, 0.4)},
		{geo4d.Circle{Center: beside, RadiusM: 15}, many},
		{many, geo4d.Circle{Center: beside, RadiusM: 15}},
		{geo4d.Circle{Center: beside, RadiusM: 15}, starOf(at, 5000, 1000, 0.9)},
	} {
		m, ok := Least(c[0], c[1], 10)
		if !ok {
			t.Fatalf("%d: none", i)
		}
		if !m.Exact {
			inexact++
		}
		judge(t, c[0], c[1], 10, m, 3, 4)
	}
	if inexact != 2 {
		t.Errorf("%d are not exact", inexact)
	}
}

// TestLeastIsTheSameWhicheverWayRingsRun and wherever they begin, but for rounding.
func TestLeastIsTheSameWhicheverWayRingsRun(t *testing.T) {
	at := geo4d.Position{LonDeg: -180, LatDeg: 51}
	beside, _ := geo4d.Direct(at, 77, 300)
	a, b := starOf(at, 9, 1000, 0.4), starOf(beside, 6, 1000, 0.7)
	want, _ := Least(a, b, 50)
	for shift := range 6 {
		ring := append([]geo4d.Position{}, b.Rings[0][:6]...)
		ring = append(ring[shift:], ring[:shift]...)
		ring = append(ring, ring[0], ring[0])
		back := reversed(ring)
		for _, r := range [][]geo4d.Position{ring, back} {
			got, ok := Least(a, polygon(r), 50)
			if !ok || math.Abs(got.M-want.M) > 1e-6 || math.Abs(got.BearingDeg-want.BearingDeg) > 1e-6 {
				t.Errorf("%+v, want %+v", got, want)
			}
		}
	}
}

func reversed(ps []geo4d.Position) []geo4d.Position {
	out := make([]geo4d.Position, len(ps))
	for i, p := range ps {
		out[len(ps)-1-i] = p
	}
	return out
}

// TestLeastIntoADent: a corner that comes to lie in a dent is held by both of its sides, also where
// the plane has it beyond their ends.
func TestLeastIntoADent(t *testing.T) {
	for _, at := range places {
		off := func(east, north float64) geo4d.Position {
			p, _ := geo4d.Direct(at, plane.Point{X: east, Y: north}.BearingDeg(), plane.Point{X: east, Y: north}.Norm())
			return p
		}
		for _, k := range []float64{1, 20, 400} { // a mouth of 2 k km, a wedge before it
			jaw := polygon([]geo4d.Position{off(-1500*k, -1000*k), off(1500*k, -1000*k), off(1500*k, 1000*k), off(0, -300*k), off(-1500*k, 1000*k), off(-1500*k, -1000*k)})
			wedge := polygon([]geo4d.Position{off(100*k, -600*k), off(600*k, 900*k), off(-500*k, 1000*k), off(100*k, -600*k)})
			for _, pair := range [][2]geo4d.Shape{{jaw, wedge}, {wedge, jaw}} {
				m, ok := Least(pair[0], pair[1], 0)
				if !ok || !m.Exact || m.M > 330*k {
					t.Errorf("%v, %v: %+v", at, k, m)
				}
				judge(t, pair[0], pair[1], 0, m, 24, 24)
			}
		}
	}
}
