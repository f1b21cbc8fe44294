package geo4d

import (
	"math"
	"slices"
)

// Contains says whether p is in the closed shape s.
func Contains(s Shape, p Position) bool { return Prepare(s).Contains(p) }

// Covers says whether outer surely holds all of inner. False means that it does not, or that it is
// not sure: a Multi is sure to cover only what one of its parts covers, part by part, and a
// corridor only a circle.
func Covers(outer, inner Shape) bool {
	switch o := outer.(type) {
	case Earth:
		return true
	case Multi:
		if in, ok := inner.(Multi); ok {
			return len(in.Parts) > 0 && !slices.ContainsFunc(in.Parts, func(part Shape) bool { return !Covers(o, part) })
		}
		return slices.ContainsFunc(o.Parts, func(part Shape) bool { return Covers(part, inner) })
	}
	if in, ok := inner.(Multi); ok {
		return len(in.Parts) > 0 && !slices.ContainsFunc(in.Parts, func(part Shape) bool { return !Covers(outer, part) })
	}
	p, q := Prepare(outer), Prepare(inner)
	if p.earth || q.earth {
		return false
	}
	switch o := outer.(type) {
	case Circle:
		return p.discCovers(o, q)
	case Corridor:
		in, ok := inner.(Circle)
		return ok && p.skeletonGap(q)+in.RadiusM <= o.HalfWidthM+touchM
	case Polygon:
		return p.areaCovers(q)
	}
	return false
}

// discCovers uses that a disc of less than a quarter of the earth is convex: it holds an edge
// when it holds its ends.
func (p *Prepared) discCovers(c Circle, q *Prepared) bool {
	if c.RadiusM > MaxRingRadiusM && len(q.edges) > 1 {
		return false
	}
	for i := range q.edges {
		e := &q.edges[i]
		for _, v := range []int32{e.a, e.b} {
			if solve(&p.verts[0], &q.verts[v]).s+e.radiusM > c.RadiusM+touchM {
				return false
			}
		}
	}
	return true
}

// skeletonGap is the distance between two skeletons.
func (p *Prepared) skeletonGap(q *Prepared) float64 {
	a, b := p.bare(), q.bare()
	return a.Gap(b, noLimit).M
}

// bare is p without its radii and insides.
func (p *Prepared) bare() *Prepared {
	b := &Prepared{verts: p.verts, edges: slices.Clone(p.edges), reps: p.reps}
	for i := range b.edges {
		b.edges[i].radiusM = 0
	}
	b.build(0, int32(len(b.edges)))
	b.hull = b.nodes[0].box
	return b
}

// areaCovers: a polygon holds a skeleton when it holds every piece of it between places where it
// meets the polygon's rings; and what stands round the skeleton when the rings are far enough.
func (p *Prepared) areaCovers(q *Prepared) bool {
	for i := range q.verts {
		if !p.areaHolds(&p.areas[0], &q.verts[i]) {
			return false
		}
	}
	if _, ok := crossing(p, q); ok {
		return false
	}
	radius := q.nodes[0].radiusM
	gap := p.skeletonGap(q)
	if gap > touchM {
		// Nothing meets. A hole of p may still lie inside an area of q.
		_, holds := q.holdsPartOf(p)
		return gap >= radius-touchM && !holds
	}
	return radius == 0 && p.piecesInside(q) && !p.holeIn(q)
}

// piecesInside checks the middle of every piece of q's edges between vertices of p on them.
func (p *Prepared) piecesInside(q *Prepared) bool {
	for i := range q.edges {
		e := &q.edges[i]
		c := q.curve(e)
		cuts := []float64{0, e.lenM}
		for j := range p.verts {
			v := &p.verts[j]
			if v.u.sub(c.a.u.along(c.b.u, nearOnChord(v.u, c.a.u, c.b.u))).norm() > e.sag+onEdge {
				continue
			}
			if f := c.foot(v, false); f.m <= touchM {
				cuts = append(cuts, f.alongM)
			}
		}
		slices.Sort(cuts)
		for k := 1; k < len(cuts); k++ {
			v, _, _ := c.at((cuts[k-1] + cuts[k]) / 2)
			if !p.areaHolds(&p.areas[0], &v) {
				return false
			}
		}
	}
	return true
}

// holeIn says whether a hole of p may lie in an area of q: whether a place of a hole's ring is
// inside and not on the rings of q.
func (p *Prepared) holeIn(q *Prepared) bool {
	rings := q.bare()
	for _, r := range p.reps[1:] {
		v := point(p.verts[r].position())
		for i := range q.areas {
			if q.areaHolds(&q.areas[i], &p.verts[r]) && math.Abs(rings.Gap(v, 1).M) > touchM {
				return true
			}
		}
	}
	return false
}
