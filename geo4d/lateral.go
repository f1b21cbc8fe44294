package geo4d

import "math"

var noLimit = math.Inf(1)

// Closest is the lateral gap between two shapes with the closest position of each.
type Closest struct {
	M       float64
	Overlap bool
	Beyond  bool // the gap is more than the limit that was given, and M is only a lower bound of it
	A, B    Position
}

// Gap returns the lateral gap between two shapes. It stops early when the gap is surely more than
// limitM.
func (p *Prepared) Gap(q *Prepared, limitM float64) Closest {
	if p.earth || q.earth {
		at := q.anywhere()
		if q.earth {
			at = p.anywhere()
		}
		return Closest{Overlap: true, A: at, B: at}
	}
	lb := least(p.hull.gap(&q.hull)) - p.nodes[0].radiusM - q.nodes[0].radiusM
	if lb > math.Max(limitM, touchM) {
		return Closest{M: lb, Beyond: true}
	}
	if lb <= touchM {
		if v, ok := p.holdsPartOf(q); ok {
			return Closest{Overlap: true, A: v, B: v}
		}
		if v, ok := q.holdsPartOf(p); ok {
			return Closest{Overlap: true, A: v, B: v}
		}
	}
	// With a limit of 0 it still has to find the pair that touches.
	s := search{p: p, q: q, best: math.Max(limitM, 1)}
	s.nodes(0, 0)
	if !s.found || s.best > math.Max(limitM, touchM) {
		return Closest{M: math.Max(lb, limitM), Beyond: true}
	}
	return s.closest()
}

func (p *Prepared) anywhere() Position {
	if p.earth {
		return Position{}
	}
	return p.verts[p.reps[0]].position()
}

// holdsPartOf says whether an area of p holds a representative of q. When no edges cross, that is
// so exactly if the two share a place.
func (p *Prepared) holdsPartOf(q *Prepared) (Position, bool) {
	for i := range p.areas {
		for _, r := range q.reps {
			if p.areaHolds(&p.areas[i], &q.verts[r]) {
				return q.verts[r].position(), true
			}
		}
	}
	return Position{}, false
}

// search looks for the closest pair of edges: depth first, nearer boxes first, leaving out what a
// lower bound shows to be no nearer than the best so far.
type search struct {
	p, q   *Prepared
	best   float64 // skeleton distance less radii
	found  bool
	va, vb vertex
	ra, rb float64
}

// bound is a lower bound of the distance between what two nodes hold.
func (s *search) bound(a, b *node) float64 {
	chord := a.box.gap(&b.box)
	lb := least(chord)
	if lb-a.radiusM-b.radiusM <= s.best && chord > 4*(a.box.size()+b.box.size()) {
		lb = math.Max(lb, s.farBound(a, b))
	}
	return lb - a.radiusM - b.radiusM
}

// farBound is a lower bound for nodes that are small beside their distance d, where least, which
// may be 0.3 % of the distance too low, would leave every pair of edges to be looked at. With x
// and y at most ra and rb from places x0 and y0, the triangle inequality gives d - ra - rb. To the
// second order the distance falls by no more than the parts of x-x0 and y-y0 along the path
// between, and by tan(d/2R)/2R (ra² + rb²), from the second variation of arc length on a sphere.
// For d up to 15,000 km that is less than 1.3/R; 2/R leaves room for the ellipsoid and for taking
// straight offsets for those along the surface.
func (s *search) farBound(a, b *node) float64 {
	x, y := &s.p.verts[s.p.edges[(a.lo+a.hi)/2].a], &s.q.verts[s.q.edges[(b.lo+b.hi)/2].a]
	r := solve(x, y)
	ra, sa := a.box.reach(x, r.salp1, r.calp1)
	rb, sb := b.box.reach(y, -r.salp2, -r.calp2)
	lb := r.s - 1.0001*(ra+rb)
	if r.s < 15e6 && ra < 3e5 && rb < 3e5 {
		lb = math.Max(lb, r.s-sa-sb-2/polarM*(ra*ra+rb*rb))
	}
	return lb - 1e-6
}

func (s *search) nodes(i, j int32) {
	a, b := &s.p.nodes[i], &s.q.nodes[j]
	if s.best <= touchM {
		return
	}
	if a.left == 0 && b.left == 0 {
		for e := a.lo; e < a.hi; e++ {
			for f := b.lo; f < b.hi; f++ {
				s.edges(&s.p.edges[e], &s.q.edges[f])
			}
		}
		return
	}
	type pair struct {
		i, j int32
		lb   float64
	}
	var next [2]pair
	if b.left == 0 || (a.left != 0 && a.hi-a.lo >= b.hi-b.lo) {
		next = [2]pair{{a.left, j, 0}, {a.right, j, 0}}
	} else {
		next = [2]pair{{i, b.left, 0}, {i, b.right, 0}}
	}
	for k := range next {
		next[k].lb = s.bound(&s.p.nodes[next[k].i], &s.q.nodes[next[k].j])
	}
	if next[1].lb < next[0].lb {
		next[0], next[1] = next[1], next[0]
	}
	for _, n := range next {
		if n.lb <= s.best {
			s.nodes(n.i, n.j)
		}
	}
}

func (s *search) take(m float64, va, vb vertex, e, f *edge) {
	if m -= e.radiusM + f.radiusM; m < s.best || (!s.found && m == s.best) {
		s.best, s.found, s.va, s.vb, s.ra, s.rb = m, true, va, vb, e.radiusM, f.radiusM
	}
}

func (s *search) edges(e, f *edge) {
	if s.best <= touchM {
		return
	}
	ea, eb := &s.p.verts[e.a], &s.p.verts[e.b]
	fa, fb := &s.q.verts[f.a], &s.q.verts[f.b]
	sag := e.sag + f.sag + 1e-15
	radii := e.radiusM + f.radiusM
	chord := chordGap(ea.u, eb.u, fa.u, fb.u)
	if least(chord-sag)-radii > s.best {
		return
	}
	if e.a == e.b && f.a == f.b {
		s.take(solve(ea, fa).s, *ea, *fa, e, f)
		return
	}
	pe, pf := s.p.plane(e), s.q.plane(f)
	ce, cf := s.p.curve(e), s.q.curve(f)
	if chord <= sag && !pe.passBy(fa, fb, pf.dev) && !pf.passBy(ea, eb, pe.dev) {
		if v, ok := cross(&ce, &cf); ok {
			s.take(0, v, v, e, f)
			return
		}
	}
	for _, v := range []*vertex{ea, eb}[:ends(e)] {
		if least(beside(v, fa, fb, &pf, f.sag))-radii <= s.best {
			m, at := cf.nearest(v)
			s.take(m, *v, at, e, f)
		}
	}
	for _, v := range []*vertex{fa, fb}[:ends(f)] {
		if least(beside(v, ea, eb, &pe, e.sag))-radii <= s.best {
			m, at := ce.nearest(v)
			s.take(m, at, *v, e, f)
		}
	}
}

// beside is a lower bound of the straight distance between v and an edge from a to b.
func beside(v, a, b *vertex, p *plane, sag float64) float64 {
	chord := v.u.sub(a.u.along(b.u, nearOnChord(v.u, a.u, b.u))).norm() - sag - 1e-15
	_, off := p.off(v)
	return math.Max(chord, off)
}

func ends(e *edge) int {
	if e.a == e.b {
		return 1
	}
	return 2
}

// closest turns the closest points of the skeletons into those of the shapes.
func (s *search) closest() Closest {
	c := Closest{M: s.best, A: s.va.position(), B: s.vb.position()}
	if s.ra > 0 || s.rb > 0 {
		r := solve(&s.va, &s.vb)
		l := newLine(&s.va, r.salp1, r.calp1)
		fromA, fromB := math.Min(s.ra, r.s), math.Max(0, r.s-s.rb)
		if fromB < fromA { // they overlap: one place that both hold
			fromA = (fromA + fromB) / 2
			fromB = fromA
		}
		va, _, _ := l.at(fromA)
		vb, _, _ := l.at(fromB)
		c.A, c.B = va.position(), vb.position()
	}
	if c.M <= touchM {
		c.M, c.Overlap, c.B = 0, true, c.A
	}
	return c
}
