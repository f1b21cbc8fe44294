package geo4d

import (
	"fmt"
)

// ring is one ring of a polygon made ready for checking.
type ring struct {
	field string
	p     *Prepared
	from  []int32 // for each edge, the position that it starts at
}

func (c *checker) polygon(field string, s Polygon) {
	if len(s.Rings) == 0 {
		c.refuse(field, "[]", "has no ring", "give the outer ring first, then the holes")
		return
	}
	if len(s.Rings) == 1 && plainRing(s.Rings[0]) {
		return
	}
	before := len(c.errs)
	rings := make([]ring, 0, len(s.Rings))
	for i, line := range s.Rings {
		if r, ok := c.ring(index(field, i), line); ok {
			rings = append(rings, r)
		}
	}
	if len(c.errs) > before {
		return
	}
	for i := 1; i < len(rings); i++ {
		c.hole(&rings[0], &rings[i])
		for j := 1; j < i && len(c.errs) < maxFaults; j++ {
			c.holes(&rings[j], &rings[i])
		}
	}
}

// ring checks one ring by itself.
func (c *checker) ring(field string, line []Position) (r ring, ok bool) {
	if !c.positions(field, line) {
		return r, false
	}
	n := len(line)
	if n > 0 && !samePlace(line[0], line[n-1]) {
		c.refuse(index(field, n-1), say(line[n-1]), "must equal the first position "+say(line[0]), "close the ring: repeat its first position at the end")
		return r, false
	}
	if n < 4 {
		c.refuse(field, fmt.Sprintf("%d positions", n), "must have at least 4 positions, the last equal to the first", "a triangle has 4")
		return r, false
	}
	if !c.edges(field, line) {
		return r, false
	}
	r = ring{field: field, p: &Prepared{}}
	r.p.chain(line, 0, &r.from)
	r.p.finishArea(0)
	r.p.build(0, int32(len(r.p.edges)))
	corners := 0
	for i, f := range r.from {
		if i == 0 || f != r.from[i-1] {
			corners++
		}
	}
	if corners < 3 {
		c.refuse(field, fmt.Sprintf("%d different positions", corners), "must have at least 3 different positions", "a ring bounds an area; for a line give a LineString with half_width_m")
		return r, false
	}
	if r.p.areas[0].cap.r > maxCap {
		c.refuse(field, "", fmt.Sprintf("must lie within %.0f km of its middle, or its inside is in doubt", MaxRingRadiusM/1e3),
			"split it into several polygons, or say whole_earth")
		return r, false
	}
	return r, c.simple(&r, line)
}

func say(p Position) string { return "[" + number(p.LonDeg) + ", " + number(p.LatDeg) + "]" }

// simple refuses a ring that meets itself.
func (c *checker) simple(r *ring, line []Position) bool {
	e, f, how := r.meets(0, 0)
	if how == "" {
		return true
	}
	i, j := int(r.from[e]), int(r.from[f])
	if i > j {
		i, j = j, i
	}
	c.refuse(r.field, fmt.Sprintf("edges %d and %d", i, j),
		fmt.Sprintf("must not meet itself: the edge from %s to %s %s the edge from %s to %s (geodesics)",
			say(line[i]), say(line[i+1]), how, say(line[j]), say(line[j+1])),
		"put the positions in order round the area, without visiting a place twice")
	return false
}

// meets looks for two edges under nodes i <= j that meet elsewhere than at a shared end.
func (r *ring) meets(i, j int32) (e, f int32, how string) {
	a, b := &r.p.nodes[i], &r.p.nodes[j]
	if i != j && a.box.gap(&b.box) > onEdge {
		return 0, 0, ""
	}
	if a.left == 0 && b.left == 0 {
		for e := a.lo; e < a.hi; e++ {
			for f := max(b.lo, e+1); f < b.hi; f++ {
				if how := r.pair(e, f); how != "" {
					return e, f, how
				}
			}
		}
		return 0, 0, ""
	}
	var next [3][2]int32
	count := 2
	switch {
	case i == j:
		next, count = [3][2]int32{{a.left, a.left}, {a.left, a.right}, {a.right, a.right}}, 3
	case a.left != 0 && (b.left == 0 || a.hi-a.lo >= b.hi-b.lo):
		next = [3][2]int32{{a.left, j}, {a.right, j}}
	default:
		next = [3][2]int32{{i, b.left}, {i, b.right}}
	}
	for _, n := range next[:count] {
		if e, f, how := r.meets(n[0], n[1]); how != "" {
			return e, f, how
		}
	}
	return 0, 0, ""
}

// pair says how edges e < f meet, "" where they do not or only as neighbours should.
func (r *ring) pair(e, f int32) string {
	p := r.p
	ee, ef := &p.edges[e], &p.edges[f]
	a, b, c, d := &p.verts[ee.a], &p.verts[ee.b], &p.verts[ef.a], &p.verts[ef.b]
	last := int32(len(p.edges)) - 1
	neighbours := f == e+1 || (e == 0 && f == last)
	if !neighbours && chordGap(a.u, b.u, c.u, d.u) > ee.sag+ef.sag+onEdge {
		return ""
	}
	farE, farF := a, d
	if f != e+1 {
		farE, farF = b, c
	}
	if neighbours && off(farF.u, a.u, b.u, ee.sag) && off(farE.u, c.u, d.u, ef.sag) {
		return ""
	}
	ce, cf := p.curve(ee), p.curve(ef)
	on := func(c *curve, v *vertex) bool { m, _ := c.nearest(v); return m <= touchM }
	if neighbours {
		if r.from[e] != r.from[f] && (on(&ce, farF) || on(&cf, farE)) {
			return "doubles back along"
		}
		return ""
	}
	pe, pf := p.plane(ee), p.plane(ef)
	if pe.passBy(c, d, pf.dev) || pf.passBy(a, b, pe.dev) {
		return ""
	}
	if _, ok := cross(&ce, &cf); ok {
		return "crosses"
	}
	if on(&ce, c) || on(&ce, d) || on(&cf, a) || on(&cf, b) {
		return "touches"
	}
	return ""
}

// hole refuses a hole that is not inside the outer ring.
func (c *checker) hole(outer, h *ring) {
	if at, ok := crossing(outer.p, h.p); ok {
		c.refuse(h.field, "", "must lie inside the outer ring, which it crosses near "+FormatDD(at), "cut the hole off at the outer ring")
		return
	}
	for i := range h.p.verts {
		if !outer.p.areaHolds(&outer.p.areas[0], &h.p.verts[i]) {
			c.refuse(h.field, "", "must lie inside the outer ring; "+say(h.p.verts[i].position())+" is outside", "give a separate area as its own polygon")
			return
		}
	}
}

// holes refuses two holes that share an area.
func (c *checker) holes(g, h *ring) {
	at, bad := crossing(g.p, h.p)
	if !bad && g.p.nodes[0].box.gap(&h.p.nodes[0].box) == 0 {
		for _, q := range [2][2]*ring{{g, h}, {h, g}} {
			inside := true
			for i := range q[1].p.verts {
				inside = inside && q[0].p.areaHolds(&q[0].p.areas[0], &q[1].p.verts[i])
			}
			bad = bad || inside
			at = q[1].p.verts[0].position()
		}
	}
	if bad {
		c.refuse(h.field, "", "must not overlap the hole "+g.field+"; they share a place near "+FormatDD(at), "join the two holes")
	}
}

// crossing returns a place where an edge of p passes through one of q.
func crossing(p, q *Prepared) (at Position, ok bool) {
	var walk func(i, j int32) bool
	walk = func(i, j int32) bool {
		a, b := &p.nodes[i], &q.nodes[j]
		switch {
		case a.box.gap(&b.box) > 0:
			return false
		case a.left == 0 && b.left == 0:
			for e := a.lo; e < a.hi; e++ {
				for f := b.lo; f < b.hi; f++ {
					if v, hit := passes(p, q, &p.edges[e], &q.edges[f]); hit {
						at = v.position()
						return true
					}
				}
			}
			return false
		case b.left == 0 || (a.left != 0 && a.hi-a.lo >= b.hi-b.lo):
			return walk(a.left, j) || walk(a.right, j)
		}
		return walk(i, b.left) || walk(i, b.right)
	}
	ok = walk(0, 0)
	return at, ok
}

func passes(p, q *Prepared, e, f *edge) (vertex, bool) {
	if chordGap(p.verts[e.a].u, p.verts[e.b].u, q.verts[f.a].u, q.verts[f.b].u) > e.sag+f.sag {
		return vertex{}, false
	}
	pe, pf := p.plane(e), q.plane(f)
	if pe.passBy(&q.verts[f.a], &q.verts[f.b], pf.dev) || pf.passBy(&p.verts[e.a], &p.verts[e.b], pe.dev) {
		return vertex{}, false
	}
	ce, cf := p.curve(e), q.curve(f)
	return cross(&ce, &cf)
}
