package lateral

import (
	"math"
	"slices"

	"parley/conflict/plane"
)

// Where A may not be.
//
// In a plane, A moved by x is too near B when x lies in the set B ⊕ (-A) ⊕ disc, the disc's radius
// being what the two must keep. Its rim is made of curves on which a corner of the one is just far
// enough from a side or a corner of the other: straight ones along a side, and round ones about the
// difference of two corners (T. Lozano-Pérez, "Spatial planning: a configuration space approach",
// IEEE Trans. Computers C-32, 1983, with a disc added). A corner meets a side only where its
// neighbours are no nearer to it, and a corner only where its own sides fall back.
//
// The least move leads to the nearest place outside of that set. There it stands on one curve, at
// the foot of the perpendicular from where A is, or on two, pushed outwards by both.

// contact says what of A meets what of B.
type contact uint8

const (
	cornerCorner contact = iota
	cornerSide           // a corner of A and a side of B
	sideCorner
)

// curve is a part of the rim.
type curve struct {
	p, q  plane.Point // the ends of a straight one; p the middle of a round one
	n     plane.Point // of a straight one: to where A may be
	r     float64     // of a round one
	from  plane.Point // of a piece of a round one, directions counterclockwise from one to the other
	to    plane.Point
	near  float64 // no point of it is nearer to where A is
	a, b  int32   // corners or sides, as how says
	how   contact
	right bool // A side's free side is its right
}

// turnsIn says that a corner of a ring is a dent, which no straight side reaches into.
func (o *outline) turnsIn(c *corner) bool {
	if !c.solid || c.prev < 0 || c.next < 0 {
		return false
	}
	in, out := c.at.Sub(o.corners[c.prev].at), o.corners[c.next].at.Sub(c.at)
	return in.Cross(out) < -1e-9*(in.Dot(in)+out.Dot(out))
}

// fallsBack says that from a corner both sides lead away in direction n, or hardly against it.
func (o *outline) fallsBack(c *corner, n plane.Point, lean float64) bool {
	for _, k := range [2]int32{c.prev, c.next} {
		if k < 0 {
			continue
		}
		d := o.corners[k].at.Sub(c.at)
		if s := n.Dot(d); s < 0 && s*s > lean*lean*d.Dot(d) {
			return false
		}
	}
	return true
}

// faces returns a side's normals that lead out of the shape: the right one of a ring's side, both of
// a line's, none of a single place's.
func (o *outline) faces(s *outlineSide) (ns [2]plane.Point, count int) {
	d := o.corners[s.b].at.Sub(o.corners[s.a].at)
	l := d.Norm()
	if s.a == s.b || l == 0 {
		return ns, 0
	}
	ns[0] = plane.Point{X: d.Y / l, Y: -d.X / l}
	ns[1] = ns[0].Scaled(-1)
	if s.solid {
		return ns, 1
	}
	return ns, 2
}

// mostCurves bounds what is looked at.
const mostCurves = 1 << 17

// curves gathers the rim's curves that come nearer than limitM, and reports false where they are too
// many.
func (t *task) rim(limitM float64) bool {
	t.curves = slices.Grow(t.curves[:0], few)
	if t.work += len(t.a.corners)*len(t.b.sides) + len(t.a.sides)*len(t.b.corners); t.work > mostWork {
		return false
	}
	for i := range t.a.corners {
		if c := &t.a.corners[i]; !c.cut && !t.a.turnsIn(c) {
			t.rimOfCorner(int32(i), c, limitM)
		}
	}
	for j := range t.b.corners {
		if c := &t.b.corners[j]; !c.cut && !t.b.turnsIn(c) {
			t.rimOfSides(int32(j), c, limitM)
		}
	}
	return len(t.curves) < mostCurves
}

// rimOfCorner adds the curves of a corner of A and whatever of B.
func (t *task) rimOfCorner(i int32, c *corner, limitM float64) {
	for j := range t.b.sides {
		s := &t.b.sides[j]
		p, q := t.b.corners[s.a].at.Sub(c.at), t.b.corners[s.b].at.Sub(c.at)
		r := t.needM + c.wideM + t.b.corners[s.a].wideM
		ns, count := t.b.faces(s)
		for k, n := range ns[:count] {
			if t.a.fallsBack(c, n, t.lean) {
				t.straight(curve{p: p.Add(n.Scaled(r)), q: q.Add(n.Scaled(r)), n: n, a: i, b: int32(j), how: cornerSide, right: k == 0}, limitM)
			}
		}
	}
	for j := range t.b.corners {
		d := &t.b.corners[j]
		if r := t.needM + c.wideM + d.wideM; r > 0 && !d.cut && !t.b.turnsIn(d) {
			m := d.at.Sub(c.at)
			near := math.Abs(m.Norm() - r)
			k := curve{p: m, r: r, near: near, a: i, b: int32(j), how: cornerCorner}
			if near < limitM && t.someway(&k) {
				t.curves = append(t.curves, k)
			}
		}
	}
}

// rimOfSides adds the curves of the sides of A and a corner of B.
func (t *task) rimOfSides(j int32, c *corner, limitM float64) {
	for i := range t.a.sides {
		s := &t.a.sides[i]
		p, q := c.at.Sub(t.a.corners[s.a].at), c.at.Sub(t.a.corners[s.b].at)
		r := t.needM + c.wideM + t.a.corners[s.a].wideM
		ns, count := t.a.faces(s)
		for k, n := range ns[:count] {
			if t.b.fallsBack(c, n, t.lean) {
				out := n.Scaled(-1)
				t.straight(curve{p: p.Add(out.Scaled(r)), q: q.Add(out.Scaled(r)), n: out, a: int32(i), b: j, how: sideCorner, right: k == 0}, limitM)
			}
		}
	}
}

func (t *task) straight(c curve, limitM float64) {
	if c.near = math.Sqrt(plane.Distance2(plane.Point{}, c.p, c.q)); c.near < limitM {
		t.curves = append(t.curves, c)
	}
}

// allowed says whether in direction u from a corner of B to one of A both have nothing in the way.
func (t *task) allowed(c *curve, u plane.Point) bool {
	return t.a.fallsBack(&t.a.corners[c.a], u, t.lean) && t.b.fallsBack(&t.b.corners[c.b], u.Scaled(-1), t.lean)
}

// someway says whether there is any such direction: if so, one along a side's normal is among them,
// or all are.
func (t *task) someway(c *curve) bool {
	_, ok := t.way(c, plane.Point{X: 0, Y: 1})
	return ok
}

// way returns a direction that is allowed: the wanted one, or the first of those at the ends of what
// is allowed.
func (t *task) way(c *curve, want plane.Point) (plane.Point, bool) {
	if t.allowed(c, want) {
		return want, true
	}
	for _, e := range [2]struct {
		o *outline
		c *corner
	}{{t.a, &t.a.corners[c.a]}, {t.b, &t.b.corners[c.b]}} {
		for _, k := range [2]int32{e.c.prev, e.c.next} {
			if k < 0 {
				continue
			}
			d := e.o.corners[k].at.Sub(e.c.at)
			d = d.Scaled(1 / d.Norm())
			for _, u := range [2]plane.Point{{X: d.Y, Y: -d.X}, {X: -d.Y, Y: d.X}} {
				if t.allowed(c, u) {
					return u, true
				}
			}
		}
	}
	return plane.Point{}, false
}

// outward returns the direction in which a point of a curve is left.
func (c *curve) outward(x plane.Point) plane.Point {
	if c.how != cornerCorner {
		return c.n
	}
	d := x.Sub(c.p)
	return d.Scaled(1 / d.Norm())
}
