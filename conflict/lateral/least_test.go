package lateral

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"parley/conflict/plane"
	"parley/geo4d"
)

// region draws shapes round a place, of up to a size, that overlap as a rule.
type region struct {
	*rapid.T
	at    geo4d.Position
	sizeM float64
}

func newRegion(t *rapid.T, lowM, highM float64) *region {
	lat := rapid.OneOf(rapid.Float64Range(-90, 90), rapid.Float64Range(89.5, 90), rapid.Float64Range(-0.5, 0.5), rapid.Just(-90.0)).Draw(t, "lat")
	lon := rapid.OneOf(rapid.Float64Range(-180, 180), rapid.Float64Range(179.9, 180)).Draw(t, "lon")
	size := math.Exp(rapid.Float64Range(math.Log(lowM), math.Log(highM)).Draw(t, "log size"))
	return &region{t, geo4d.Position{LonDeg: lon, LatDeg: lat}, size}
}

func (r *region) from(p geo4d.Position, most float64) geo4d.Position {
	q, _ := geo4d.Direct(p, rapid.Float64Range(0, 360).Draw(r.T, "azimuth"), most*rapid.Float64Range(0.01, 1).Draw(r.T, "distance"))
	return q
}

// star is a ring whose corners go in and out.
func (r *region) star(mid geo4d.Position, low, high float64) []geo4d.Position {
	n := rapid.IntRange(3, 8).Draw(r.T, "corners")
	var out []geo4d.Position
	for i := range n {
		az := (float64(i) + rapid.Float64Range(0.1, 0.9).Draw(r.T, "turn")) * 360 / float64(n)
		p, _ := geo4d.Direct(mid, az, low+(high-low)*rapid.Float64Range(0, 1).Draw(r.T, "spoke"))
		out = append(out, p)
	}
	return append(out, out[0])
}

func (r *region) shape(size float64) geo4d.Shape {
	mid := r.from(r.at, r.sizeM/2)
	switch rapid.IntRange(0, 5).Draw(r.T, "kind") {
	case 0:
		return geo4d.Circle{Center: mid, RadiusM: size}
	case 1:
		l := []geo4d.Position{mid}
		for range rapid.IntRange(1, 4).Draw(r.T, "legs") {
			l = append(l, r.from(l[len(l)-1], size))
		}
		return geo4d.Corridor{Line: l, HalfWidthM: size * rapid.Float64Range(0.01, 0.2).Draw(r.T, "half width")}
	case 2:
		return geo4d.Polygon{Rings: [][]geo4d.Position{r.star(mid, size/2, size), r.star(mid, size/8, size/3)}}
	case 3:
		return geo4d.Multi{Parts: []geo4d.Shape{
			geo4d.Circle{Center: mid, RadiusM: size / 3}, geo4d.Circle{Center: r.from(mid, 2*size), RadiusM: size / 3}}}
	case 4:
		return geo4d.Multi{Parts: []geo4d.Shape{geo4d.Polygon{Rings: [][]geo4d.Position{r.star(mid, size/9, size/2)}},
			geo4d.Polygon{Rings: [][]geo4d.Position{r.star(r.from(mid, 2*size), size/9, size/2)}}}}
	}
	return geo4d.Polygon{Rings: [][]geo4d.Position{r.star(mid, size/9, size)}}
}

// short returns what a shifted lacks from b, and whether that is a gap rather than an overlap.
func short(t fataler, a geo4d.Shape, b *geo4d.Prepared, bearing, m, need float64) (lacks float64, gap bool) {
	moved, err := geo4d.Shift(a, bearing, m)
	if err != nil {
		t.Fatalf("%v", err)
	}
	c := geo4d.Prepare(moved).Gap(b, need)
	return need - c.M, !c.Overlap
}

type fataler interface{ Fatalf(string, ...any) }

// atOnce looks at moves at some bearings, each as far as a longest, for one that does. From a place
// that lacks d metres nothing nearer than d does, but for what curvature makes of it.
func atOnce(t fataler, a geo4d.Shape, b *geo4d.Prepared, need, longest float64, bearings, steps int) (m, bearing float64, found bool) {
	for k := range bearings {
		bearing = float64(k) * 360 / float64(bearings)
		for m = 0; m < longest; {
			lacks, gap := short(t, a, b, bearing, m, need)
			if gap && lacks <= 0 {
				return m, bearing, true
			}
			m += math.Max(0.99*lacks, longest/float64(steps))
		}
	}
	return 0, 0, false
}

// judge checks a move: it clears, and no move shorter by a metre does, as far as a search finds.
func judge(rt fataler, a, b geo4d.Shape, need float64, m Move, bearings, steps int) {
	pb := geo4d.Prepare(b)
	if lacks, gap := short(rt, a, pb, m.BearingDeg, m.M, need); !gap || lacks > 0 {
		rt.Fatalf("%+v: lacks %v, gap %v", m, lacks, gap)
	}
	if !m.Exact {
		return
	}
	least := m.M - 1
	for _, turn := range []float64{0, -1e-3, 1e-3, -0.1, 0.1, -2, 2} {
		if lacks, gap := short(rt, a, pb, m.BearingDeg+turn, math.Max(0, least), need); least > 0 && gap && lacks <= 0 {
			rt.Fatalf("%+v: %v m at %v does", m, least, m.BearingDeg+turn)
		}
	}
	if n, bearing, found := atOnce(rt, a, pb, need, least, bearings, steps); found {
		rt.Fatalf("%+v: %v m at %v does", m, n, bearing)
	}
}

func againstBruteForce(t *testing.T, lowM, highM float64) {
	count, exact := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		r := newRegion(rt, lowM, highM)
		a, b := r.shape(r.sizeM*rapid.Float64Range(0.1, 1).Draw(rt, "size a")), r.shape(r.sizeM*rapid.Float64Range(0.1, 1).Draw(rt, "size b"))
		need := rapid.OneOf(rapid.Just(0.0), rapid.Float64Range(0, r.sizeM/2)).Draw(rt, "need")
		if geo4d.ValidateShape(a) != nil || geo4d.ValidateShape(b) != nil {
			rt.Skip()
		}
		if g := geo4d.Prepare(a).Gap(geo4d.Prepare(b), need); g.Beyond || !g.Overlap && g.M >= need {
			rt.Skip("not too near")
		}
		m, ok := Least(a, b, need)
		if !ok {
			rt.Fatalf("none")
		}
		if count++; m.Exact {
			exact++
		}
		rt.Logf("a %+v\nb %+v\nneed %v", a, b, need)
		judge(rt, a, b, need, m, 18, 18)
	})
	t.Logf("%d of %d exact", exact, count)
}

func TestLeastSmall(t *testing.T) { againstBruteForce(t, 10, 5e3) }

func TestLeastMiddle(t *testing.T) { againstBruteForce(t, 5e3, 100e3) }

func TestLeastLarge(t *testing.T) { againstBruteForce(t, 100e3, 500e3) }

// TestLeastOnAGrid: corners on a grid, so that sides run along each other, corners meet and gaps just
// fit.
func TestLeastOnAGrid(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		at := rapid.SampledFrom(places).Draw(rt, "place")
		const cell = 100.0
		n := func(name string, low, high int) float64 {
			return cell * float64(rapid.IntRange(low, high).Draw(rt, name))
		}
		shape := func(name string) geo4d.Shape {
			e, o := n(name+" east", -3, 3), n(name+" north", -3, 3)
			w, h := n(name+" wide", 1, 6), n(name+" high", 1, 6)
			off := func(x, y float64) geo4d.Position {
				d := plane.Point{X: e + x, Y: o + y}
				p, _ := geo4d.Direct(at, d.BearingDeg(), d.Norm())
				return p
			}
			switch rapid.IntRange(0, 4).Draw(rt, name+" kind") {
			case 0:
				return geo4d.Circle{Center: off(0, 0), RadiusM: w}
			case 1:
				return geo4d.Corridor{Line: []geo4d.Position{off(0, 0), off(w, 0), off(w, h)}, HalfWidthM: cell / 2}
			case 2: // a U
				return polygon([]geo4d.Position{off(0, 0), off(3*w, 0), off(3*w, 2*h), off(2*w, 2*h), off(2*w, h), off(w, h), off(w, 2*h), off(0, 2*h), off(0, 0)})
			case 3: // a frame
				return polygon([]geo4d.Position{off(0, 0), off(w+2*cell, 0), off(w+2*cell, h+2*cell), off(0, h+2*cell), off(0, 0)},
					[]geo4d.Position{off(cell, cell), off(w+cell, cell), off(w+cell, h+cell), off(cell, h+cell), off(cell, cell)})
			}
			return polygon([]geo4d.Position{off(0, 0), off(w, 0), off(w, h), off(0, h), off(0, 0)})
		}
		a, b, need := shape("a"), shape("b"), n("need", 0, 3)
		if g := geo4d.Prepare(a).Gap(geo4d.Prepare(b), need); g.Beyond || !g.Overlap && g.M >= need {
			rt.Skip("not too near")
		}
		rt.Logf("a %+v\nb %+v\nneed %v", a, b, need)
		m, ok := Least(a, b, need)
		if !ok {
			rt.Fatalf("none")
		}
		judge(rt, a, b, need, m, 24, 24)
	})
}
