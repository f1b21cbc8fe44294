package exactness

import (
	"math"
	"testing"

	"parley/geo4d"
)

// TestDraw: every class is drawn, the same from the same seed, with verdicts of both kinds, and at
// the edges of the earth that it is there for.
func TestDraw(t *testing.T) {
	const n = 1200
	pairs, again := draw(7, n), draw(7, n)
	overlaps := map[string]int{}
	seam, pole, farApart, back := 0, 0, 0, 0
	for i, p := range pairs {
		if text(p.a) != text(again[i].a) || text(p.b) != text(again[i].b) {
			t.Fatalf("pair %d is another the second time", i)
		}
		m, overlap, _, _ := geo4d.Lateral(p.a, p.b)
		if overlap {
			overlaps[p.class]++
		}
		box := geo4d.Bounds(p.a)
		count := func(n *int, is bool) {
			if is {
				*n++
			}
		}
		count(&seam, box.WestDeg > box.EastDeg)
		count(&pole, math.Max(box.NorthDeg, -box.SouthDeg) == 90)
		count(&farApart, m > 19.5e6)
		c, ok := p.a.(geo4d.Corridor)
		count(&back, ok && len(c.Line) > 2 && c.Line[0] == c.Line[2])
	}
	for _, c := range classes() {
		if k := overlaps[c.name]; (k == 0 || k == n/len(classes())) && c.name != "near-antipodal" {
			t.Errorf("%s: %d of %d overlap", c.name, k, n/len(classes()))
		}
	}
	if seam < n/50 || pole < n/50 || farApart < n/20 || back < n/100 {
		t.Errorf("%d across the antimeridian, %d over a pole, %d almost opposite, %d doubled back", seam, pole, farApart, back)
	}
}

// TestPass: pieces pass through each other, do not, or are too near to say.
func TestPass(t *testing.T) {
	at := func(lon, lat float64) vec { return unit(geo4d.Position{LonDeg: lon, LatDeg: lat}) }
	// Along the equator, a kilometre long, and from the south to the north of it.
	const km = 1e3 / 111319.5
	along := &piece{s1: 1e3, u0: at(0, 0), u1: at(km, 0)}
	for _, c := range []struct {
		name          string
		x             float64
		south, north  float64
		crosses, sure bool
	}{
		{"crossing", km / 2, -km / 2, km / 2, true, true},
		{"beyond its end", 1.2 * km, -km / 2, km / 2, false, true},
		{"north of it", km / 2, km / 10, km, false, true},
		{"on it", km / 2, 0, km, false, false},
		{"a millimetre from it", km / 2, 1e-6 * km, km, false, true},
		{"at its end", km, -km / 2, km / 2, false, false},
		{"on the other side of the earth", 180 - km/2, -km / 2, km / 2, false, true},
	} {
		across := &piece{s1: (c.north - c.south) / km * 1e3, u0: at(c.x, c.south), u1: at(c.x, c.north)}
		for _, q := range [2][2]*piece{{along, across}, {across, along}} {
			if crosses, sure := pass(q[0], q[1]); crosses != c.crosses || sure != c.sure {
				t.Errorf("%s: crosses %v, sure %v", c.name, crosses, sure)
			}
		}
	}
}
