package lateral

import (
	"math"

	"parley/conflict/plane"
	"parley/geo4d"
)

// outline is a shape laid out by a chart. Rings have what they bound on their left.
type outline struct {
	corners []corner
	sides   []outlineSide
	blocks  []block    // of the sides, in order
	groups  []block    // of the blocks
	areas   [][2]int32 // sides [lo, hi) of each polygon
	reps    []int32    // a corner of each ring, line and circle
	reachM  float64    // of the farthest corner
	longM   float64    // of the longest side
	wideM   float64    // of the widest corner
}

// corner is a position of a shape, or one at which a long side was cut.
type corner struct {
	at         plane.Point
	prev, next int32 // the corners beside it, -1: none
	wideM      float64
	solid, cut bool
	position   geo4d.Position
}

// outlineSide is an edge between two corners, or a circle's centre, where they are one.
type outlineSide struct {
	a, b  int32
	solid bool
	whole [2]geo4d.Position // the ends of the edge before it was cut
}

// block is a box round sides, or blocks, [lo, hi) and what surrounds them.
type block struct {
	lo, hi   int32
	min, max plane.Point
}

// blockSides is how many sides a block has, and how many blocks a group.
const blockSides = 8

// noBlock holds nothing.
func noBlock(lo, hi int) block {
	return block{int32(lo), int32(hi), plane.Point{X: math.Inf(1), Y: math.Inf(1)}, plane.Point{X: math.Inf(-1), Y: math.Inf(-1)}}
}

func (b *block) hold(low, high plane.Point) {
	b.min = plane.Point{X: math.Min(b.min.X, low.X), Y: math.Min(b.min.Y, low.Y)}
	b.max = plane.Point{X: math.Max(b.max.X, high.X), Y: math.Max(b.max.Y, high.Y)}
}

// outlines lays two shapes round the anchor of the first.
func outlines(a, b geo4d.Shape) (oa, ob *outline, c *chart) {
	c = newChart(geo4d.Anchor(a))
	oa, ob = &outline{}, &outline{}
	oa.add(c, a)
	ob.add(c, b)
	if c.farM > chartReachM {
		c.exact, c.sideM = true, math.Max(50e3, c.farM/10)
		oa, ob = &outline{}, &outline{}
		oa.add(c, a)
		ob.add(c, b)
	}
	oa.measure()
	ob.measure()
	return oa, ob, c
}

func (o *outline) add(c *chart, s geo4d.Shape) {
	if o.corners == nil {
		n := geo4d.Vertices(s)
		o.corners, o.sides = make([]corner, 0, n), make([]outlineSide, 0, n)
	}
	switch s := s.(type) {
	case geo4d.Circle:
		o.chain(c, []geo4d.Position{s.Center}, s.RadiusM, false)
	case geo4d.Corridor:
		o.chain(c, s.Line, s.HalfWidthM, false)
	case geo4d.Polygon:
		lo := int32(len(o.sides))
		for i, ring := range s.Rings {
			o.ring(c, ring, i > 0)
		}
		o.areas = append(o.areas, [2]int32{lo, int32(len(o.sides))})
	case geo4d.Multi:
		for _, part := range s.Parts {
			o.add(c, part)
		}
	}
}

// ring adds a ring so that what it bounds, or for a hole what bounds it, is on the left.
func (o *outline) ring(c *chart, ring []geo4d.Position, hole bool) {
	twice, origin := 0.0, c.lay(ring[0])
	for i := 2; i < len(ring); i++ {
		twice += c.lay(ring[i-1]).Sub(origin).Cross(c.lay(ring[i]).Sub(origin))
	}
	if twice < 0 != hole {
		turned := make([]geo4d.Position, len(ring))
		for i, p := range ring {
			turned[len(ring)-1-i] = p
		}
		ring = turned
	}
	o.chain(c, ring, 0, true)
}

// chain adds the sides between successive positions. Those of a ring end where they began.
func (o *outline) chain(c *chart, ps []geo4d.Position, wideM float64, solid bool) {
	first := int32(len(o.corners))
	o.reps = append(o.reps, first)
	from, start := ps[0], c.lay(ps[0])
	for solid && len(ps) > 1 && same(c.lay(ps[len(ps)-1]), start) {
		ps = ps[:len(ps)-1]
	}
	o.corners = append(o.corners, corner{at: start, prev: -1, next: -1, wideM: wideM, solid: solid, position: from})
	for _, p := range ps[1:] {
		at := c.lay(p)
		if same(at, o.corners[len(o.corners)-1].at) {
			continue
		}
		whole := o.cut(c, from, p, at)
		o.link(at, p, whole, false)
		from = p
	}
	last := int32(len(o.corners)) - 1
	switch {
	case last == first:
		o.sides = append(o.sides, outlineSide{first, first, solid, [2]geo4d.Position{from, from}})
	case solid:
		whole := o.cut(c, from, ps[0], start)
		last = int32(len(o.corners)) - 1
		o.corners[last].next, o.corners[first].prev = first, last
		o.sides = append(o.sides, outlineSide{last, first, true, whole})
	}
}

// cut adds corners on a long side from the last corner, and returns the side's ends.
func (o *outline) cut(c *chart, from, to geo4d.Position, at plane.Point) [2]geo4d.Position {
	whole := [2]geo4d.Position{from, to}
	if at.Sub(o.corners[len(o.corners)-1].at).Norm() > c.sideM {
		m, azimuth, _ := geo4d.Inverse(from, to)
		pieces := int(math.Ceil(m / c.sideM))
		for k := 1; k < pieces; k++ {
			p, _ := geo4d.Direct(from, azimuth, m*float64(k)/float64(pieces))
			o.link(c.lay(p), p, whole, true)
		}
	}
	return whole
}

func (o *outline) link(at plane.Point, p geo4d.Position, whole [2]geo4d.Position, cut bool) {
	last := int32(len(o.corners)) - 1
	l := &o.corners[last]
	l.next = last + 1
	o.corners = append(o.corners, corner{at: at, prev: last, next: -1, wideM: l.wideM, solid: l.solid, cut: cut, position: p})
	o.sides = append(o.sides, outlineSide{last, last + 1, l.solid, whole})
}

func (o *outline) measure() {
	for i := range o.corners {
		o.reachM = math.Max(o.reachM, o.corners[i].at.Norm())
		o.wideM = math.Max(o.wideM, o.corners[i].wideM)
	}
	for i := range o.sides {
		d := o.corners[o.sides[i].b].at.Sub(o.corners[o.sides[i].a].at)
		o.longM = math.Max(o.longM, d.Norm())
	}
	for lo := 0; lo < len(o.sides); lo += blockSides {
		b := noBlock(lo, min(lo+blockSides, len(o.sides)))
		for _, s := range o.sides[b.lo:b.hi] {
			for _, k := range [2]int32{s.a, s.b} {
				w := plane.Point{X: o.corners[k].wideM, Y: o.corners[k].wideM}
				b.hold(o.corners[k].at.Sub(w), o.corners[k].at.Add(w))
			}
		}
		o.blocks = append(o.blocks, b)
	}
	for lo := 0; lo < len(o.blocks); lo += blockSides {
		g := noBlock(lo, min(lo+blockSides, len(o.blocks)))
		for i := range o.blocks[g.lo:g.hi] {
			g.hold(o.blocks[lo+i].min, o.blocks[lo+i].max)
		}
		o.groups = append(o.groups, g)
	}
}

// holds says whether p is inside a polygon of the outline.
func (o *outline) holds(p plane.Point) bool {
	for _, span := range o.areas {
		in := false
		for i := span[0]; i < span[1]; i++ {
			q, r := o.corners[o.sides[i].a].at, o.corners[o.sides[i].b].at
			if (q.Y > p.Y) != (r.Y > p.Y) && (p.X-q.X)*(r.Y-q.Y) > (r.X-q.X)*(p.Y-q.Y) == (r.Y > q.Y) {
				in = !in
			}
		}
		if in {
			return true
		}
	}
	return false
}

// support is how far the outline, with the width of what surrounds its corners, goes in a direction.
func (o *outline) support(n plane.Point) float64 {
	most := math.Inf(-1)
	for i := range o.corners {
		most = math.Max(most, o.corners[i].at.Dot(n)+o.corners[i].wideM)
	}
	return most
}
