package geo4d

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// ring closes a list of positions given as lon, lat, lon, lat...
func closed(c ...float64) []Position {
	var out []Position
	for i := 0; i+1 < len(c); i += 2 {
		out = append(out, Position{c[i], c[i+1]})
	}
	return append(out, out[0])
}

func poly(rings ...[]Position) Polygon { return Polygon{rings} }

func TestLateralKnown(t *testing.T) {
	square := poly(closed(0, 0, 1, 0, 1, 1, 0, 1))
	holed := poly(closed(0, 0, 4, 0, 4, 4, 0, 4), closed(1, 1, 3, 1, 3, 3, 1, 3))
	north := poly(closed(0, 80, 90, 80, 180, 80, -90, 80))
	east1, _, _ := Inverse(Position{1, 0}, Position{2, 0})
	deg := equatorialM * math.Pi / 180
	cases := []struct {
		name string
		a, b Shape
		want float64 // below 0: overlap
	}{
		{"two circles", Circle{Position{0, 0}, 1000}, Circle{Position{1, 0}, 2000}, deg - 3000},
		{"circles that touch", Circle{Position{0, 0}, deg / 2}, Circle{Position{1, 0}, deg / 2}, -1},
		{"circle inside circle", Circle{Position{0, 0}, 1e6}, Circle{Position{1, 0}, 1}, -1},
		{"circle holds the antipode", Circle{Position{0, 0}, MaxRadiusM}, Circle{Position{180, 0}, 1}, -1},
		{"circle beside square", square, Circle{Position{2, 0}, 100}, east1 - 100},
		{"circle in square", square, Circle{Position{0.5, 0.5}, 1}, -1},
		{"circle round square", square, Circle{Position{0.5, 0.5}, 5e5}, -1},
		{"circle at a corner", square, Circle{Position{1, 1}, 1e-3}, -1},
		{"square in a hole", holed, poly(closed(1.5, 1.5, 2.5, 1.5, 2.5, 2.5, 1.5, 2.5)), 0.5 * deg},
		{"square fills the hole", holed, poly(closed(1, 1, 3, 1, 3, 3, 1, 3)), -1},
		{"square over a hole", holed, poly(closed(-1, -1, 5, -1, 5, 5, -1, 5)), -1},
		{"circle over a hole", holed, Circle{Position{2, 2}, 5e5}, -1},
		{"squares share an edge", square, poly(closed(1, 0, 2, 0, 2, 1, 1, 1)), -1},
		{"squares share part of an edge", square, poly(closed(1, 0.25, 2, 0.25, 2, 0.75, 1, 0.75)), -1},
		{"squares share a corner", square, poly(closed(1, 1, 2, 1, 2, 2, 1, 2)), -1},
		{"edges cross, no vertex inside", poly(closed(-1, -0.1, 1, -0.1, 1, 0.1, -1, 0.1)), poly(closed(-0.1, -1, 0.1, -1, 0.1, 1, -0.1, 1)), -1},
		{"corridors cross", Corridor{closed(-5, 0, 5, 0)[:2], 10}, Corridor{closed(0, -5, 0, 5)[:2], 10}, -1},
		{"over the antimeridian", poly(closed(179, 0, -179, 0, -179, 1, 179, 1)), Circle{Position{180, 0.5}, 1}, -1},
		{"beside the antimeridian", Circle{Position{-179.5, 0}, 10}, Circle{Position{179.5, 0}, 10}, deg - 20},
		{"pole in a cap", north, Circle{Position{0, 90}, 1}, -1},
		{"far pole", north, Circle{Position{0, -90}, 1}, 1.8886e7},
		{"corridor over the pole", Corridor{[]Position{{0, 89}, {180, 89}}, 5}, Circle{Position{77, 90}, 5}, -1},
		{"earth", Earth{}, square, -1},
		{"not valid counts as everywhere", Circle{Position{0, 0}, math.NaN()}, Circle{Position{90, 0}, 1}, -1},
		{"multi", Multi{[]Shape{Circle{Position{50, 0}, 1}, Circle{Position{0, 0}, 1000}}}, Circle{Position{1, 0}, 2000}, deg - 3000},
	}
	for _, c := range cases {
		got, overlap, pa, pb := Lateral(c.a, c.b)
		if overlap != (c.want < 0) || (overlap && got != 0) {
			t.Errorf("%s: gap %v, overlap %v, want %v", c.name, got, overlap, c.want)
			continue
		}
		tol := 0.3 // the square's hole: its northern edges bulge
		if c.name != "square in a hole" {
			tol = 1e-6
		}
		if c.name == "far pole" {
			tol = 2e4
		}
		if c.name == "square in a hole" {
			tol = 600
		}
		if !overlap && !(math.Abs(got-c.want) <= tol) {
			t.Errorf("%s: gap %.9f, want %.9f", c.name, got, c.want)
		}
		if d, _, _ := Inverse(pa, pb); !(math.Abs(d-got) <= 1e-6) {
			t.Errorf("%s: closest positions %v, %v are %v m apart, not %v", c.name, pa, pb, d, got)
		}
		back, backOverlap, _, _ := Lateral(c.b, c.a)
		if !(math.Abs(back-got) <= 1e-7) || backOverlap != overlap {
			t.Errorf("%s: %v one way, %v the other", c.name, got, back)
		}
	}
}

// world draws shapes. Sizes go from a metre to 1,000 km, places cluster at the edges of the map.
type world struct {
	*rapid.T
	near  Position // shapes of one test lie round here
	reach float64
}

func newWorld(t *rapid.T) *world {
	w := &world{T: t}
	lat := rapid.OneOf(rapid.Float64Range(-90, 90), rapid.Float64Range(88, 90), rapid.Float64Range(-0.5, 0.5), rapid.Just(90.0), rapid.Just(-90.0)).Draw(t, "lat")
	lon := rapid.OneOf(rapid.Float64Range(-180, 180), rapid.Float64Range(179.5, 180), rapid.Just(-180.0)).Draw(t, "lon")
	w.near = Position{lon, lat}
	w.reach = math.Pow(10, rapid.Float64Range(0, 6).Draw(t, "reach"))
	return w
}

func (w *world) position(reach float64) Position {
	p, _ := Direct(w.near, rapid.Float64Range(0, 360).Draw(w.T, "azimuth"), reach*rapid.Float64Range(0, 1).Draw(w.T, "distance"))
	return p
}

// star is a polygon round a middle, its positions in order of azimuth.
func (w *world) star(mid Position, most float64) []Position {
	n := rapid.IntRange(3, 9).Draw(w.T, "vertices")
	var out []Position
	for i := range n {
		az := (float64(i) + rapid.Float64Range(0.05, 0.95).Draw(w.T, "turn")) * 360 / float64(n)
		p, _ := Direct(mid, az, most*rapid.Float64Range(0.2, 1).Draw(w.T, "spoke"))
		out = append(out, p)
	}
	return append(out, out[0])
}

func (w *world) shape() Shape {
	size := w.reach * rapid.Float64Range(0.01, 1).Draw(w.T, "size")
	mid := w.position(w.reach * 4)
	from := func(p Position) Position {
		q, _ := Direct(p, rapid.Float64Range(0, 360).Draw(w.T, "heading"), size*rapid.Float64Range(0.01, 1).Draw(w.T, "leg"))
		return q
	}
	switch rapid.IntRange(0, 5).Draw(w.T, "kind") {
	case 0:
		return Circle{mid, size}
	case 1:
		l := []Position{mid}
		for range rapid.IntRange(1, 5).Draw(w.T, "line") {
			l = append(l, from(l[len(l)-1]))
		}
		return Corridor{l, size * rapid.Float64Range(0.001, 0.2).Draw(w.T, "half width")}
	case 2:
		outer := w.star(mid, size)
		p := Polygon{[][]Position{outer}}
		if hole := w.star(mid, size*0.1); rapid.Bool().Draw(w.T, "hole") {
			p.Rings = append(p.Rings, hole)
		}
		return p
	case 3:
		return Multi{[]Shape{Circle{mid, size}, Circle{from(mid), size}}}
	case 4: // a sliver, its ends a centimetre wide
		far := from(mid)
		side := func(p Position) Position {
			q, _ := Direct(p, rapid.Float64Range(0, 360).Draw(w.T, "side"), 0.01)
			return q
		}
		return Polygon{[][]Position{{mid, far, side(far), side(mid), mid}}}
	}
	return Polygon{[][]Position{w.star(mid, size)}}
}

// slow is the reference: shapes cut into points along their geodesics, compared with Inverse.
type slow struct {
	points [][]Position // one list a part
	radius []float64
	rings  [][]Position // of one polygon
}

func slowOf(s Shape, step float64) slow {
	var o slow
	dense := func(l []Position) []Position {
		out := []Position{l[0]}
		for i := 1; i < len(l); i++ {
			d, az, _ := Inverse(l[i-1], l[i])
			n := math.Ceil(d / step)
			for k := 1.0; k <= n; k++ {
				p, _ := Direct(l[i-1], az, d*k/n)
				out = append(out, p)
			}
		}
		return out
	}
	switch s := s.(type) {
	case Circle:
		o.points, o.radius = [][]Position{{s.Center}}, []float64{s.RadiusM}
	case Corridor:
		o.points, o.radius = [][]Position{dense(s.Line)}, []float64{s.HalfWidthM}
	case Polygon:
		for _, r := range s.Rings {
			d := dense(r)
			o.points, o.radius, o.rings = append(o.points, d), append(o.radius, 0), append(o.rings, d)
		}
	case Multi:
		for _, part := range s.Parts {
			p := slowOf(part, step)
			o.points, o.radius = append(o.points, p.points...), append(o.radius, p.radius...)
		}
	}
	return o
}

// holds sums the turns of the bearing from p to the dense rings, which are far smaller than the
// earth: seen from the other side of it they turn too.
func (o *slow) holds(p Position) bool {
	if d, _, _ := Inverse(p, o.rings[0][0]); d > 1e7 {
		return false
	}
	turns := 0.0
	for _, r := range o.rings {
		_, last, _ := Inverse(p, r[0])
		sum := 0.0
		for _, q := range r[1:] {
			_, az, _ := Inverse(p, q)
			sum += math.Remainder(az-last, 360)
			last = az
		}
		turns += math.Round(math.Abs(sum) / 360)
	}
	return math.Mod(turns, 2) == 1
}

// gap is at most step/2 above the true gap of the skeletons.
func (o *slow) gap(q *slow) float64 {
	best := math.Inf(1)
	for i, a := range o.points {
		for j, b := range q.points {
			for _, pa := range a {
				for _, pb := range b {
					d, _, _ := Inverse(pa, pb)
					best = math.Min(best, d-o.radius[i]-q.radius[j])
				}
			}
		}
	}
	for _, c := range [2][2]*slow{{o, q}, {q, o}} {
		if len(c[0].rings) == 0 {
			continue
		}
		for _, part := range c[1].points {
			if c[0].holds(part[0]) {
				return 0
			}
		}
	}
	return math.Max(0, best)
}

func TestLateralAgainstBruteForce(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(rt)
		a, b := w.shape(), w.shape()
		for _, s := range []Shape{a, b} {
			if err := ValidateShape(s); err != nil {
				rt.Skip(err)
			}
		}
		// Now and then the two are far apart, up to nearly opposite each other.
		if rapid.IntRange(0, 9).Draw(rt, "far") == 0 {
			w.near, _ = Direct(w.near, rapid.Float64Range(0, 360).Draw(rt, "way"), rapid.Float64Range(1e6, 2e7).Draw(rt, "off"))
			if b = w.shape(); ValidateShape(b) != nil {
				rt.Skip()
			}
		}
		step := w.reach / 30
		oa, ob := slowOf(a, step), slowOf(b, step)
		want := oa.gap(&ob)
		got, overlap, pa, pb := Lateral(a, b)
		// The reference sees points alone, so it is never below the truth, and above it by no more
		// than half a step on each side; a crossing may slip between the points.
		if !(got <= want+1e-6 && got >= want-1.5*step) {
			rt.Fatalf("gap %v, brute force %v (step %v)\na %v\nb %v", got, want, step, a, b)
		}
		if overlap != (got == 0) {
			rt.Fatalf("gap %v, overlap %v", got, overlap)
		}
		if d, _, _ := Inverse(pa, pb); !(math.Abs(d-got) <= 1e-5) {
			rt.Fatalf("closest positions are %v apart, gap %v", d, got)
		}
		for _, c := range []struct {
			s Shape
			p Position
		}{{a, pa}, {b, pb}} {
			if d, _, _, _ := Lateral(c.s, Circle{c.p, 1e-6}); !(d <= 1e-5) {
				rt.Fatalf("closest position %v is %v m off %v", c.p, d, c.s)
			}
		}
	})
}

// TestLateralProperties: what must hold whatever the shapes are.
func TestLateralProperties(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(rt)
		a, b := w.shape(), w.shape()
		if ValidateShape(a) != nil || ValidateShape(b) != nil {
			rt.Skip()
		}
		m, overlap, pa, _ := Lateral(a, b)
		same := func(what string, a, b Shape) {
			if got, o, _, _ := Lateral(a, b); !(math.Abs(got-m) <= 1e-5) || (o != overlap && math.Max(got, m) > 1e-5) {
				rt.Fatalf("%s: %v %v, not %v %v\n%v\n%v", what, got, o, m, overlap, a, b)
			}
		}
		same("the other way", b, a)
		turn := rapid.Float64Range(-360, 360).Draw(rt, "turn")
		east := func(p Position) Position { return Position{wrapLon(p.LonDeg + turn), p.LatDeg} }
		same("turned round the axis", mapped(a, east), mapped(b, east))
		mirror := func(p Position) Position { return Position{p.LonDeg, -p.LatDeg} }
		same("mirrored at the equator", mapped(a, mirror), mapped(b, mirror))
		same("wound the other way", reversed(a), b)
		by := w.reach * rapid.Float64Range(0, 1).Draw(rt, "grow")
		if g, rest := Grow(a, by); rest == 0 {
			if got, _, _, _ := Lateral(g, b); !(math.Abs(got-math.Max(0, m-by)) <= 1e-5) {
				rt.Fatalf("grown by %v: from %v to %v", by, m, got)
			}
		}
		if limited := Prepare(a).Gap(Prepare(b), m/2); m > 1 && !(limited.Beyond && limited.M <= m+1e-6 && limited.M >= m/2) {
			rt.Fatalf("limit %v of %v: %+v", m/2, m, limited)
		}
		if limited := Prepare(a).Gap(Prepare(b), m); limited.Beyond && m > 0 && !(limited.M >= m-1e-6) {
			rt.Fatalf("limit %v: %+v", m, limited)
		}
		if in, _, _, _ := Lateral(Circle{pa, 1e-5}, a); in != 0 {
			rt.Fatalf("%v is not in %v", pa, a)
		}
	})
}

// mapped is s with every position changed.
func mapped(s Shape, f func(Position) Position) Shape {
	line := func(l []Position) []Position {
		out := make([]Position, len(l))
		for i, p := range l {
			out[i] = f(p)
		}
		return out
	}
	switch s := s.(type) {
	case Circle:
		return Circle{f(s.Center), s.RadiusM}
	case Corridor:
		return Corridor{line(s.Line), s.HalfWidthM}
	case Polygon:
		p := Polygon{}
		for _, r := range s.Rings {
			p.Rings = append(p.Rings, line(r))
		}
		return p
	case Multi:
		m := Multi{}
		for _, part := range s.Parts {
			m.Parts = append(m.Parts, mapped(part, f))
		}
		return m
	}
	return s
}

func reversed(s Shape) Shape {
	p, ok := s.(Polygon)
	if !ok {
		return s
	}
	out := Polygon{}
	for _, r := range p.Rings {
		r = slices.Clone(r)
		slices.Reverse(r)
		out.Rings = append(out.Rings, r)
	}
	return out
}

// TestPointToEdge compares the distance from a place to a geodesic with a search along it that
// uses nothing but Direct and Inverse.
func TestPointToEdge(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(rt)
		a := w.near
		az := rapid.Float64Range(0, 360).Draw(rt, "azimuth")
		length := w.reach * rapid.Float64Range(0.001, 5).Draw(rt, "length")
		b, _ := Direct(a, az, length)
		// The geodesic that counts is the one that Inverse gives.
		length, az, _ = Inverse(a, b)
		p := w.position(w.reach * math.Pow(10, rapid.Float64Range(-3, 1).Draw(rt, "off")))
		at := func(s float64) float64 {
			q, _ := Direct(a, az, s)
			d, _, _ := Inverse(p, q)
			return d
		}
		want, best := at(0), 0.0
		const n = 100
		for k := 1.0; k <= n; k++ {
			if d := at(length * k / n); d < want {
				want, best = d, k
			}
		}
		lo, hi := length*math.Max(0, best-1)/n, length*math.Min(n, best+1)/n
		for range 80 {
			x, y := lo+(hi-lo)/3, hi-(hi-lo)/3
			if at(x) < at(y) {
				hi = y
			} else {
				lo = x
			}
		}
		want = math.Min(want, at(lo))
		got, _, _, _ := Lateral(Corridor{[]Position{a, b}, 1e-9}, Circle{p, 1e-9})
		if !(math.Abs(got-want) <= 2e-6) {
			rt.Fatalf("from %v to %v-%v: %.9f, want %.9f", p, a, b, got, want)
		}
	})
}

// TestFarBound compares the search through boxes with one that looks at every pair of edges, for
// shapes of many edges at any distance.
func TestFarBound(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(rt)
		size := math.Max(w.reach, 1000) / 2
		off := math.Pow(10, rapid.Float64Range(4, 7.3).Draw(rt, "off"))
		to, _ := Direct(w.near, rapid.Float64Range(0, 360).Draw(rt, "way"), off)
		n := rapid.IntRange(5, 60).Draw(rt, "edges")
		p, q := Prepare(disc(n, w.near, size)), Prepare(disc(n+3, to, size*0.7))
		if p.earth || q.earth {
			rt.Skip()
		}
		got := p.Gap(q, noLimit)
		if got.Overlap {
			return
		}
		s := search{p: p, q: q, best: noLimit}
		for i := range p.edges {
			for j := range q.edges {
				s.edges(&p.edges[i], &q.edges[j])
			}
		}
		if !(math.Abs(s.best-got.M) <= 1e-6) {
			rt.Fatalf("gap %v, by every pair %v", got.M, s.best)
		}
	})
}

func TestManyParts(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	circles := func(n int) Multi {
		m := Multi{}
		for range n {
			m.Parts = append(m.Parts, Circle{Position{36 + rng.Float64(), 35 + rng.Float64()}, 1})
		}
		return m
	}
	a, b := circles(200), circles(150)
	want := math.Inf(1)
	for _, p := range a.Parts {
		for _, q := range b.Parts {
			d, _, _, _ := Lateral(p, q)
			want = math.Min(want, d)
		}
	}
	if got, _, _, _ := Lateral(a, b); !(math.Abs(got-want) <= 1e-6) {
		t.Errorf("gap %v, want %v", got, want)
	}
}
