package geo4d

import (
	"cmp"
	"math"
	"slices"
	"sync"
)

// Prepared is a shape made ready for measuring. It is safe for concurrent use.
type Prepared struct {
	shape Shape
	earth bool
	verts []vertex
	edges []edge
	nodes []node  // nodes[0] is the root
	hull  box     // holds edges and areas
	areas []area  // polygons
	reps  []int32 // a vertex of every ring, line and circle
	undul func() [2]float64
}

// area is one polygon: edges [lo, hi) are its rings.
type area struct {
	lo, hi int32
	cap    cap3
}

// cap3 is the places whose images lie within a straight distance of a point of the unit sphere.
type cap3 struct {
	mid vec
	r   float64
}

// node is a box round edges [lo, hi). Its children, when left is not 0, split them.
type node struct {
	box         box
	radiusM     float64 // largest of its edges
	lo, hi      int32
	left, right int32
}

const leafEdges = 4

// Prepare makes a shape ready for measuring. A shape that cannot be measured (a position out of
// range, an open ring, a radius that is not a positive number) counts as the whole earth: nothing
// is called far from it.
func Prepare(s Shape) *Prepared {
	p := prepareRaw(s)
	p.undul = sync.OnceValue(func() [2]float64 { return undulationRange(p.Bounds()) })
	if p.earth {
		return p
	}
	for _, u := range []vec{{1, 0, 0}, {-1, 0, 0}, {0, 1, 0}, {0, -1, 0}, {0, 0, 1}, {0, 0, -1}} {
		v := newVertex(Position{LonDeg: atan2Deg(u.y, u.x), LatDeg: 90 * u.z})
		for i := range p.areas {
			if p.areaHolds(&p.areas[i], &v) {
				p.hull.hold(v.u, 1e-15)
			}
		}
	}
	return p
}

// prepareRaw is Prepare without what only the gap between areas and heights needs.
func prepareRaw(s Shape) *Prepared {
	p := &Prepared{shape: s}
	if p.earth = !measurable(s); p.earth {
		return p
	}
	p.add(s)
	for i := range p.areas {
		if p.areas[i].cap.r > maxCap {
			p.earth = true
			return p
		}
	}
	p.nodes = make([]node, 0, 2*(len(p.edges)+leafEdges-1)/leafEdges)
	p.build(0, int32(len(p.edges)))
	p.hull = p.nodes[0].box
	return p
}

// measurable says whether the rules hold that measuring rests on; Validate has more.
func measurable(s Shape) bool {
	line := func(l []Position, least int) bool {
		for _, p := range l {
			if !(math.Abs(p.LonDeg) <= 180 && math.Abs(p.LatDeg) <= 90) {
				return false
			}
		}
		return len(l) >= least
	}
	switch s := s.(type) {
	case Circle:
		return line([]Position{s.Center}, 1) && s.RadiusM >= 0 && !math.IsInf(s.RadiusM, 1)
	case Corridor:
		return line(s.Line, 1) && s.HalfWidthM >= 0 && !math.IsInf(s.HalfWidthM, 1)
	case Polygon:
		for _, r := range s.Rings {
			if !line(r, 4) || !samePlace(r[0], r[len(r)-1]) {
				return false
			}
		}
		return len(s.Rings) > 0
	case Multi:
		for _, part := range s.Parts {
			if _, nested := part.(Multi); nested || !measurable(part) {
				return false
			}
		}
		return len(s.Parts) > 0
	}
	return false
}

// maxCap is MaxRingRadiusM as a straight distance on the unit sphere.
var maxCap = 2 * math.Sin(MaxRingRadiusM/polarM/2)

func (p *Prepared) add(s Shape) {
	switch s := s.(type) {
	case Circle:
		p.chain([]Position{s.Center}, s.RadiusM, nil)
	case Corridor:
		p.chain(s.Line, s.HalfWidthM, nil)
	case Polygon:
		lo := int32(len(p.edges))
		for _, ring := range s.Rings {
			p.chain(ring, 0, nil)
		}
		p.finishArea(lo)
	case Multi:
		for _, part := range inSpaceOrder(s.Parts) {
			p.add(part)
		}
	}
}

// inSpaceOrder sorts many parts along a Z-order curve in earth-centred space, so that the boxes of
// neighbours in the tree are small.
func inSpaceOrder(parts []Shape) []Shape {
	if len(parts) <= leafEdges {
		return parts
	}
	type keyed struct {
		key  uint64
		part Shape
	}
	list := make([]keyed, len(parts))
	for i, part := range parts {
		v := newVertex(firstPosition(part))
		var key uint64
		for _, c := range [3]float64{v.u.x, v.u.y, v.u.z} {
			key = key<<1 | spread(uint64((c+1)*(1<<20)))
		}
		list[i] = keyed{key, part}
	}
	slices.SortStableFunc(list, func(a, b keyed) int { return cmp.Compare(a.key, b.key) })
	out := make([]Shape, len(parts))
	for i := range list {
		out[i] = list[i].part
	}
	return out
}

// spread puts two zero bits before each of the low 21 bits.
func spread(x uint64) uint64 {
	x &= 1<<21 - 1
	x = (x | x<<32) & 0x1f00000000ffff
	x = (x | x<<16) & 0x1f0000ff0000ff
	x = (x | x<<8) & 0x100f00f00f00f00f
	x = (x | x<<4) & 0x10c30c30c30c30c3
	return (x | x<<2) & 0x1249249249249249
}

func firstPosition(s Shape) Position {
	switch s := s.(type) {
	case Circle:
		return s.Center
	case Corridor:
		return s.Line[0]
	case Polygon:
		return s.Rings[0][0]
	}
	return Position{}
}

// finishArea makes an area of the edges from lo on. Its cap is round the middle of its edges: as a
// valid ring lies within less than a quarter of the earth of that, so does its inside.
func (p *Prepared) finishArea(lo int32) {
	a := area{lo: lo, hi: int32(len(p.edges))}
	var mid vec
	for _, e := range p.edges[a.lo:a.hi] {
		mid = mid.add(p.verts[e.a].u.add(p.verts[e.b].u).mul(e.lenM))
	}
	a.cap.mid = p.verts[p.edges[lo].a].u
	if n := mid.norm(); n > 0 {
		a.cap.mid = mid.mul(1 / n)
	}
	for _, e := range p.edges[a.lo:a.hi] {
		a.cap.r = math.Max(a.cap.r, p.verts[e.a].u.sub(a.cap.mid).norm()+e.sag)
	}
	p.areas = append(p.areas, a)
}

// chain adds the edges between successive positions, leaving out repeated ones and cutting long
// ones. It appends to from, unless that is nil, the index in places that each edge starts at.
func (p *Prepared) chain(places []Position, radiusM float64, from *[]int32) {
	p.verts = slices.Grow(p.verts, len(places))
	p.edges = slices.Grow(p.edges, max(1, len(places)-1))
	first := int32(len(p.verts))
	p.reps = append(p.reps, first)
	p.verts = append(p.verts, newVertex(places[0]))
	for k, pos := range places[1:] {
		v := newVertex(pos)
		last := int32(len(p.verts)) - 1
		r := solve(&p.verts[last], &v)
		if r.s == 0 {
			continue
		}
		n := math.Ceil(r.s / pieceM)
		var l line
		if n > 1 {
			l = newLine(&p.verts[last], r.salp1, r.calp1)
		}
		salp, calp := r.salp1, r.calp1
		for i := 1.0; i <= n; i++ {
			end, s2, c2 := v, 0.0, 0.0
			if i < n {
				end, s2, c2 = l.at(r.s * i / n)
			}
			p.verts = append(p.verts, end)
			p.edges = append(p.edges, edge{a: last, b: last + 1, lenM: r.s / n, salp: salp, calp: calp,
				sag: sagRate * (r.s / n) * (r.s / n), radiusM: radiusM})
			last, salp, calp = last+1, s2, c2
			if from != nil {
				*from = append(*from, int32(k))
			}
		}
	}
	if int32(len(p.verts)) == first+1 {
		p.edges = append(p.edges, edge{a: first, b: first, radiusM: radiusM})
	}
}

// holdEdge widens b to hold an edge's skeleton, with room for rounding.
func (p *Prepared) holdEdge(b *box, e *edge) {
	b.hold(p.verts[e.a].u, e.sag+1e-15)
	b.hold(p.verts[e.b].u, e.sag+1e-15)
}

// build adds the node of edges [lo, hi) and those under it. On a sphere the inside of a ring bulges
// out of the box of its edges; a coordinate is extreme on the ring or at an end of an axis, and
// Prepare adds those to hull.
func (p *Prepared) build(lo, hi int32) int32 {
	at := int32(len(p.nodes))
	p.nodes = append(p.nodes, node{box: noBox, lo: lo, hi: hi})
	n := node{box: noBox, lo: lo, hi: hi}
	if hi-lo <= leafEdges {
		for i := lo; i < hi; i++ {
			p.holdEdge(&n.box, &p.edges[i])
			n.radiusM = math.Max(n.radiusM, p.edges[i].radiusM)
		}
	} else {
		mid := (lo + hi) / 2
		n.left, n.right = p.build(lo, mid), p.build(mid, hi)
		for _, c := range []int32{n.left, n.right} {
			n.box.join(&p.nodes[c].box)
			n.radiusM = math.Max(n.radiusM, p.nodes[c].radiusM)
		}
	}
	p.nodes[at] = n
	return at
}

// Shape returns what was prepared.
func (p *Prepared) Shape() Shape { return p.shape }

// Hull returns a box round the shape in earth-centred space, for indexes that look for what may be
// near. Coordinates are those of the image on the unit sphere. The hulls of two shapes grown by d
// and e metres meet whenever the lateral gap of the shapes is at most d + e.
func (p *Prepared) Hull(growM float64) (lo, hi [3]float64) {
	if p.earth {
		return [3]float64{-1, -1, -1}, [3]float64{1, 1, 1}
	}
	by := (p.nodes[0].radiusM+growM)/polarM + 1e-12
	b := p.hull
	return [3]float64{b.min.x - by, b.min.y - by, b.min.z - by}, [3]float64{b.max.x + by, b.max.y + by, b.max.z + by}
}
