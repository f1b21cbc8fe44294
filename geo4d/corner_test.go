package geo4d

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// The smallest cases in which one of the steps of finding a gap matters.

// axes are where earth-centred axes meet the surface: the image of an edge or an area over one of them
// reaches farther than its corners.
var axes = []Position{{0, 0}, {90, 0}, {180, 0}, {-90, 0}, {17, 90}, {-100, -90}}

// around returns a position at an azimuth, of a pole along that meridian.
func around(p Position, azimuth, metres float64) Position {
	q, _ := Direct(p, azimuth, metres)
	return q
}

// TestEdgesAndAreasBulge: the middle of an edge lies kilometres over the straight line between its
// ends, and the inside of a ring over the box of its corners. A place there is near, also when only
// what is very near is asked for.
func TestEdgesAndAreasBulge(t *testing.T) {
	middles := append([]Position{{30, 45}, {-120, -20}, {179.9, 66}}, axes...)
	for _, mid := range middles {
		for _, azimuth := range []float64{0, 37, 90} {
			edge := Corridor{[]Position{around(mid, azimuth, 195e3), around(mid, azimuth+180, 195e3)}, 1}
			on := around(mid, azimuth+90, 30)
			for _, limit := range []float64{0, 10, 100, noLimit} {
				got := Prepare(edge).Gap(Prepare(Circle{on, 4}), limit)
				if got.Beyond != (limit < 25) || limit > 25 && !(math.Abs(got.M-25) < 1e-6) {
					t.Errorf("25 m beside an edge at %v along %v, limit %v: %+v", mid, azimuth, limit, got)
				}
				if got := Prepare(edge).Gap(Prepare(Circle{on, 30}), limit); !got.Overlap {
					t.Errorf("over an edge at %v along %v, limit %v: %+v", mid, azimuth, limit, got)
				}
			}
		}
		for _, size := range []float64{10e3, 300e3, 3000e3} {
			area := Polygon{[][]Position{{around(mid, 0, size), around(mid, 90, size), around(mid, 180, size), around(mid, 270, size), around(mid, 0, size)}}}
			for _, limit := range []float64{0, 1, noLimit} {
				for _, c := range []Circle{{mid, 1}, {around(mid, 10, size/3), 1}} {
					if got := Prepare(area).Gap(Prepare(c), limit); !got.Overlap {
						t.Errorf("%v in a square of %v round %v, limit %v: %+v", c, size, mid, limit, got)
					}
				}
			}
		}
	}
}

// TestFarAcrossTheEarth: two edges that cross each other's opposite are nearest at their ends. From each
// end the perpendicular on the other edge is the longest way, not the shortest.
func TestFarAcrossTheEarth(t *testing.T) {
	for _, w := range []float64{0.2, 0.5, 1, 1.5, 1.7} {
		for _, lon := range []float64{0, 77, 180} {
			a := Corridor{[]Position{{lon, -w}, {lon, w}}, 1}
			b := Corridor{[]Position{{wrapLon(lon + 180 - w), 0}, {wrapLon(lon + 180 + w), 0}}, 2}
			ends, _, _ := Inverse(a.Line[0], b.Line[0])
			for _, s := range [][2]Shape{{a, b}, {b, a}} {
				got, _, pa, pb := Lateral(s[0], s[1])
				if !(math.Abs(got-(ends-3)) < 1e-6) {
					t.Errorf("%v and %v: %.6f, want %.6f", s[0], s[1], got, ends-3)
				}
				if d, _, _ := Inverse(pa, pb); !(math.Abs(d-got) < 1e-6) {
					t.Errorf("%v and %v: places %v apart, gap %v", s[0], s[1], d, got)
				}
			}
		}
	}
}

// TestGeodesicsLeaveTheirPlane: an edge of 400 km runs up to ten metres beside the plane through its
// ends and the earth's centre. What crosses it there crosses it, though it lies on one side of the plane.
func TestGeodesicsLeaveTheirPlane(t *testing.T) {
	for _, c := range []struct{ lat, azimuth float64 }{{45, 80}, {45, 100}, {60, 75}, {-45, 80}, {20, 80}} {
		from := Position{10, c.lat}
		long := Corridor{[]Position{from, around(from, c.azimuth, 399e3)}, 0}
		mid, azimuth := Direct(from, c.azimuth, 199.5e3)
		p := Prepare(long)
		plane := p.plane(&p.edges[0])
		v := newVertex(mid)
		beside, _ := plane.off(&v)
		if beside *= equatorialM; math.Abs(beside) < 2 {
			t.Fatalf("from %v along %v it runs %v m beside the plane", from, c.azimuth, beside)
		}
		for _, off := range []float64{0.2, 0.5, 0.9} {
			for _, far := range []float64{-100, -off * beside, off * beside, 100} {
				near := math.Copysign(off*beside, -far) // on the other side of the edge, on the same of the plane
				ends := []Position{around(mid, azimuth+90, near), around(mid, azimuth+90, far)}
				for _, across := range []Corridor{{ends, 0}, {[]Position{ends[1], ends[0]}, 0}} {
					for _, s := range [][2]Shape{{long, across}, {across, long}} {
						if got, overlap, _, _ := Lateral(s[0], s[1]); !overlap {
							t.Errorf("from %v along %v, crossed from %v to %v m: gap %v", from, c.azimuth, near, far, got)
						}
					}
				}
			}
			for _, side := range []float64{90, -90} {
				clear := Corridor{[]Position{around(mid, azimuth+side, off), around(mid, azimuth+side, 3*off)}, 0}
				if got, _, _, _ := Lateral(long, clear); !(math.Abs(got-off) < 1e-6) {
					t.Errorf("from %v along %v, %v m beside it: gap %v", from, c.azimuth, off, got)
				}
			}
		}
	}
}

// TestLimits: what is within touchM overlaps whatever the limit is, and a gap over the limit is beyond it.
func TestLimits(t *testing.T) {
	at := func(m float64) Prepared { return *Prepare(Circle{around(Position{179.99, 10}, 90, 3000+m), 2000}) }
	p := Prepare(Circle{Position{179.99, 10}, 1000})
	for _, c := range []struct {
		gap, limit      float64
		overlap, beyond bool
	}{
		{-1, 0, true, false}, {-1e-7, 0, true, false}, {0, 0, true, false}, {0.7e-6, 0, true, false}, {0.7e-6, 1e-9, true, false},
		{1e-4, 0, false, true}, {0.7, 0, false, true}, {0.7, 0.5, false, true}, {0.7, 0.8, false, false}, {0.7, 5, false, false}, {5, 1, false, true}, {5, 6, false, false},
	} {
		q := at(c.gap)
		for _, s := range [][2]*Prepared{{p, &q}, {&q, p}} {
			got := s[0].Gap(s[1], c.limit)
			if got.Overlap != c.overlap || got.Beyond != c.beyond || got.M < 0 || got.M > math.Max(0, c.gap)+1e-7 {
				t.Errorf("gap %v, limit %v: %+v", c.gap, c.limit, got)
			}
		}
	}
}

// TestAHairApart: two places less than touchM apart are one, also where none apart are asked for.
func TestAHairApart(t *testing.T) {
	p := Prepare(Circle{Position{10, 0}, 0})
	for _, c := range []struct {
		m       float64
		overlap bool
	}{{0, true}, {7e-7, true}, {1.5e-6, false}} {
		q := Prepare(Circle{around(Position{10, 0}, 90, c.m), 0})
		for _, limit := range []float64{0, 1e-7, 1, noLimit} {
			if got := p.Gap(q, limit); got.Overlap != c.overlap {
				t.Errorf("%v m apart, limit %v: %+v", c.m, limit, got)
			}
		}
	}
}

// TestPlacesLieInBothShapes: where shapes overlap the place that is named is one of both.
func TestPlacesLieInBothShapes(t *testing.T) {
	thin := func(l ...Position) Corridor { return Corridor{l, 0} }
	cross := thin(Position{36, 35}, Position{39, 35.2})
	cases := [][2]Shape{
		{cross, thin(Position{36.9, 34}, Position{36.7, 37})},
		{cross, thin(Position{38.6, 34}, Position{38.9, 37})},
		{cross, poly(closed(38, 34, 38.4, 34, 38.4, 37, 38, 37))},
		{thin(Position{179, 1}, Position{-179, -2}), thin(Position{180, 3}, Position{179.8, -3})},
		{thin(Position{0, 89}, Position{170, 88}), thin(Position{90, 88}, Position{-90, 89.5})},
		{Circle{Position{1, 1}, 1e5}, Circle{Position{2, 1}, 2e4}},
		{Circle{Position{1, 1}, 1e5}, Circle{Position{1, 1}, 1}},
		{Circle{Position{1, 1}, 1e3}, thin(Position{1, 1.001}, Position{2, 4})},
		{Earth{}, Circle{Position{77, 30}, 5}},
		{Earth{}, poly(closed(38, 34, 38.4, 34, 38.4, 37, 38, 37))},
		{Earth{}, Earth{}},
	}
	for i, c := range cases {
		for _, s := range [][2]Shape{c, {c[1], c[0]}} {
			m, overlap, a, b := Lateral(s[0], s[1])
			if !overlap || m != 0 || a != b {
				t.Errorf("case %d: gap %v, overlap %v at %v and %v", i, m, overlap, a, b)
			}
			for _, one := range s {
				if d, _, _, _ := Lateral(one, Circle{a, 0}); d > 1e-5 {
					t.Errorf("case %d: %v is %v m from %v", i, a, d, one)
				}
			}
		}
	}
}

// TestLinesAcrossTheWay compares lines of many edges that lie across the way between them, or bent, from
// near to nearly opposite, with a look at every pair of edges. Beyond a quarter of the earth the ends of
// such a line are nearer than its middle, by kilometres.
func TestLinesAcrossTheWay(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	for i := range 120 {
		off := 2e6 + 1.75e7*rng.Float64()
		from := Position{rng.Float64()*360 - 180, 60*rng.Float64() - 30}
		if i%2 == 0 {
			from = axes[rng.IntN(len(axes))]
		}
		way := []float64{0, 90, 180, 360 * rng.Float64()}[rng.IntN(4)]
		to, arrives := Direct(from, way, off)
		half := []float64{3e3, 5e4, 2e5, 6e5}[rng.IntN(4)]
		p := Prepare(wiggling(rng, from, way+[]float64{90, 0, 55}[rng.IntN(3)], half*rng.Float64()))
		q := Prepare(wiggling(rng, to, arrives+[]float64{90, 90, 30}[rng.IntN(3)], half))
		s := search{p: p, q: q, best: noLimit}
		for i := range p.edges {
			for j := range q.edges {
				s.edges(&p.edges[i], &q.edges[j])
			}
		}
		for _, limit := range []float64{noLimit, s.best + 1} {
			if got := p.Gap(q, limit); got.Beyond || !(math.Abs(got.M-s.best) < 1e-6) {
				t.Errorf("%v to %v, %v km: gap %+v, by every pair %.6f", from, fmt.Sprint(to), off/1e3, got, s.best)
			}
		}
		if got := p.Gap(q, s.best-1); !got.Beyond {
			t.Errorf("%v to %v: a gap of %v is not beyond a metre less: %+v", from, to, s.best, got)
		}
	}
}

// wiggling is a line of up to 30 legs through a place, along an azimuth, metres to either side.
func wiggling(rng *rand.Rand, mid Position, azimuth, metres float64) Corridor {
	n := 1 + rng.IntN(30)
	c := Corridor{}
	for i := range n + 1 {
		at, turned := Direct(mid, azimuth, metres*(2*float64(i)/float64(n)-1))
		c.Line = append(c.Line, around(at, turned+90, metres/100*rng.NormFloat64()))
	}
	return c
}
