package geo4d

import (
	"math"
	"sync"
)

// Prepared is a shape made ready for measuring. It is safe for concurrent use.
type Prepared struct {
	shape Shape
	earth bool
	verts []vertex
	edges []edge
	nodes []node  // nodes[0] is the root
	areas []area  // polygons
	reps  []int32 // a vertex of every ring, line and circle
	undul func() [2]float64
}

// area is one polygon: edges [lo, hi) are its rings.
type area struct {
	lo, hi int32
	cap    cap3
}

// cap3 holds a set of images on the unit sphere within a straight distance of a point.
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

// Prepare makes a shape ready for measuring. A shape that is not valid is measured as the whole
// earth: nothing is called far from what cannot be measured.
func Prepare(s Shape) *Prepared {
	p := &Prepared{shape: s}
	if _, ok := s.(Earth); ok || ValidateShape(s) != nil {
		p.earth = true
	} else {
		p.add(s)
		p.nodes = make([]node, 0, 2*(len(p.edges)+leafEdges-1)/leafEdges)
		p.build(0, int32(len(p.edges)))
	}
	p.undul = sync.OnceValue(func() [2]float64 { return undulationRange(p.Bounds()) })
	return p
}

// prepareRaw is Prepare for shapes whose rings are not known to be valid yet.
func prepareRaw(s Shape) *Prepared {
	p := &Prepared{shape: s}
	p.add(s)
	p.build(0, int32(len(p.edges)))
	return p
}

func (p *Prepared) add(s Shape) {
	switch s := s.(type) {
	case Circle:
		p.chain([]Position{s.Center}, s.RadiusM)
	case Corridor:
		p.chain(s.Line, s.HalfWidthM)
	case Polygon:
		lo := int32(len(p.edges))
		for _, ring := range s.Rings {
			p.chain(ring, 0)
		}
		a := area{lo: lo, hi: int32(len(p.edges))}
		b := noBox
		for i := a.lo; i < a.hi; i++ {
			p.holdEdge(&b, &p.edges[i])
		}
		a.cap = capOf(&b)
		p.areas = append(p.areas, a)
	case Multi:
		for _, part := range s.Parts {
			p.add(part)
		}
	}
}

func capOf(b *box) cap3 {
	return cap3{b.min.add(b.max).mul(0.5), b.max.sub(b.min).norm() / 2}
}

// chain adds the edges between successive positions, leaving out repeated ones and cutting long
// ones.
func (p *Prepared) chain(line []Position, radiusM float64) {
	first := int32(len(p.verts))
	p.reps = append(p.reps, first)
	p.verts = append(p.verts, newVertex(line[0]))
	for _, pos := range line[1:] {
		v := newVertex(pos)
		last := int32(len(p.verts)) - 1
		r := solve(&p.verts[last], &v)
		if r.s == 0 {
			continue
		}
		n := math.Ceil(r.s / pieceM)
		l := newLine(&p.verts[last], r.salp1, r.calp1)
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
