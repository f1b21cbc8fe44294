package exactness

import (
	"math"
)

// inside notes whether a vertex of one shape is in an area of the other: whether the rings, seen
// from it along GeodSolve's geodesics, turn round it an odd number of times.
func (t *task) inside() {
	for _, w := range t.views() {
		for _, area := range w.other.areas {
			for _, c := range w.own.chains {
				if w.holds(area, c.lo) {
					t.within = true
				}
			}
		}
	}
}

// holds says whether rings of other hold vertex i of own. Seen from the other side of the earth a
// ring turns too; a valid one reaches at most geo4d.MaxRingRadiusM from its middle.
func (w view) holds(rings []chain, i int) bool {
	var mid vec
	for _, e := range w.other.edges {
		if e.a >= rings[0].lo && e.b < rings[len(rings)-1].hi {
			a, b := w.other.u[e.a], w.other.u[e.b]
			for k := range mid {
				mid[k] += (a[k] + b[k]) * e.inv.m
			}
		}
	}
	if mid.dot(w.own.u[i]) < mid.norm()*math.Cos(9.5e6/6371e3) {
		return false
	}
	odd := false
	for _, r := range rings {
		turn := 0.0
		_, last, _ := w.between(i, r.lo)
		for j := r.lo + 1; j < r.hi; j++ {
			_, az, _ := w.between(i, j)
			turn += math.Remainder(az-last, 360)
			last = az
		}
		if int(math.Abs(math.Round(turn/360)))%2 == 1 {
			odd = !odd
		}
	}
	return odd
}

// piece is a part of an edge, from s0 to s1 along it.
type piece struct {
	e      *refEdge
	s0, s1 float64
	u0, u1 vec
}

// meeting is two pieces that may pass through each other.
type meeting struct {
	t    *task
	a, b piece
}

// findCrossings cuts edges that may cross into ever smaller pieces, until it is sure for every two
// that they cross or that they do not, from the planes through their ends and the earth's centre.
func findCrossings(tasks []*task) error {
	var open []meeting
	for _, t := range tasks {
		if !t.overlap() && t.m > 2e-6 {
			open = append(open, t.meetings()...)
		}
	}
	for range 7 {
		var err error
		if open, err = narrow(open); err != nil || len(open) == 0 {
			return err
		}
	}
	return nil
}

// meetings are the pairs of edges that may cross: by the triangle inequality, a place on an edge of
// length m is at most m from both ends together.
func (t *task) meetings() []meeting {
	var out []meeting
	least := func(w view, i int, e *refEdge) float64 {
		d0, _, _ := w.between(i, e.a)
		d1, _, _ := w.between(i, e.b)
		return math.Max(0, (d0+d1-e.inv.m)/2)
	}
	w := t.views()
	for i := range t.sa.edges {
		for j := range t.sb.edges {
			e, f := &t.sa.edges[i], &t.sb.edges[j]
			if least(w[0], e.a, f)+least(w[0], e.b, f) <= e.inv.m && least(w[1], f.a, e)+least(w[1], f.b, e) <= f.inv.m {
				out = append(out, meeting{t, whole(t.sa, e), whole(t.sb, f)})
			}
		}
	}
	return out
}

func whole(s *refShape, e *refEdge) piece {
	return piece{e: e, s1: e.inv.m, u0: s.u[e.a], u1: s.u[e.b]}
}

// cuts is into how many pieces one is cut.
const cuts = 16

// narrow cuts both pieces of every meeting, and returns the meetings that are still in doubt.
func narrow(open []meeting) ([]meeting, error) {
	var list []*direct
	for _, m := range open {
		for _, p := range []piece{m.a, m.b} {
			for k := 1; k < cuts; k++ {
				list = append(list, &direct{a: p.e.inv.a, azA: p.e.inv.azA, m: p.s0 + (p.s1-p.s0)*float64(k)/cuts})
			}
		}
	}
	if err := solveDirect(list); err != nil {
		return nil, err
	}
	var next []meeting
	for i, m := range open {
		if m.t.crosses {
			continue
		}
		as, bs := m.a.cut(list[2*i*(cuts-1):]), m.b.cut(list[(2*i+1)*(cuts-1):])
		for _, a := range as {
			for _, b := range bs {
				crosses, sure := pass(&a, &b)
				m.t.crosses = m.t.crosses || (crosses && sure)
				if !sure {
					next = append(next, meeting{m.t, a, b})
				}
			}
		}
	}
	return next, nil
}

func (p *piece) cut(at []*direct) []piece {
	out := make([]piece, 0, cuts)
	s, u := p.s0, p.u0
	for k := range cuts {
		n := piece{e: p.e, s0: s, s1: p.s1, u0: u, u1: p.u1}
		if k < cuts-1 {
			n.s1, n.u1 = at[k].m, unit(at[k].b)
		}
		out = append(out, n)
		s, u = n.s1, n.u1
	}
	return out
}

// leaves is how far a geodesic piece may leave the plane through its ends and the centre, on the
// unit sphere: its torsion there is of the order of the flattening. Twice 0.007 s²/8, and rounding.
func (p *piece) leaves() float64 {
	s := (p.s1 - p.s0) / polarM
	return 2*0.007*s*s/8 + 1e-14
}

// pass says whether two pieces pass through each other, and whether that is sure.
func pass(a, b *piece) (crosses, sure bool) {
	slack := a.leaves() + b.leaves()
	// Far apart: the ends are farther from each other than both pieces are long.
	if a.u0.sub(b.u0).norm() > 1.01*(a.s1-a.s0+b.s1-b.s0)/polarM+1e-12 {
		return false, true
	}
	side := func(p, q *piece) (lo, hi float64) {
		n := p.u0.cross(p.u1.sub(p.u0)) // differences, or rounding drowns short pieces
		l := n.norm()
		x, y := n.dot(q.u0.sub(p.u0))/l, n.dot(q.u1.sub(p.u0))/l
		return math.Min(x, y), math.Max(x, y)
	}
	lo1, hi1 := side(a, b)
	lo2, hi2 := side(b, a)
	if lo1 > slack || hi1 < -slack || lo2 > slack || hi2 < -slack {
		return false, true
	}
	both := lo1 < -slack && hi1 > slack && lo2 < -slack && hi2 > slack
	return both, both
}

// bracket bounds the gap from densified shapes alone: places no more than stepM apart on both,
// compared one by one through the earth. A geodesic is longer than the straight line, and shorter
// than an arc of the ellipsoid's least radius of curvature over it.
func bracket(t *task, a, b dense) (lo, hi float64) {
	const leastRadiusM = polarM * polarM / equatorialM
	lo, hi = math.Inf(1), math.Inf(1)
	for i, u := range a.u {
		for j, v := range b.u {
			c, radii := straightM(u, v), a.radius[i]+b.radius[j]
			lo = math.Min(lo, c-radii)
			if c < 6e6 {
				hi = math.Min(hi, 2*leastRadiusM*math.Asin(c/2/leastRadiusM)-radii)
			}
		}
	}
	return lo - (a.stepM+b.stepM)/2, hi
}

// dense is a shape cut into places.
type dense struct {
	u      []vec
	radius []float64
	stepM  float64
}

// densify cuts every edge of shapes into n parts.
func densify(shapes []*refShape, n int) ([]dense, error) {
	var list []*direct
	for k, s := range shapes {
		for i := range s.edges {
			for j := 1; j < n; j++ {
				e := &s.edges[i]
				list = append(list, &direct{a: e.inv.a, azA: e.inv.azA, m: e.inv.m * float64(j) / float64(n), owner: k})
			}
		}
	}
	if err := solveDirect(list); err != nil {
		return nil, err
	}
	out := make([]dense, len(shapes))
	for k, s := range shapes {
		out[k].u = append(out[k].u, s.u...)
		out[k].radius = append(out[k].radius, s.radius...)
	}
	i := 0
	for k, s := range shapes {
		for e := range s.edges {
			for range n - 1 {
				out[k].u, out[k].radius = append(out[k].u, unit(list[i].b)), append(out[k].radius, s.edges[e].radius)
				i++
			}
			out[k].stepM = math.Max(out[k].stepM, s.edges[e].inv.m/float64(n))
		}
	}
	return out, nil
}
