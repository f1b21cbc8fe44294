package conflict

import (
	"math"

	"parley/conflict/plane"
	"parley/geo4d"
)

// kind says what of a piece is known without geodesics.
type kind uint8

const (
	round   kind = iota // every place within inM of its centre
	capsule             // every place within inM of one short edge
	region              // a small ring and what is in it
	hard                // in its disc, and for the rest only exact measuring tells
	endless             // anywhere on the earth
)

// The bounds of what is compared in a plane; what is larger is measured exactly.
const (
	flatReachM  = 100e3 // from the centre to the farthest corner
	flatCorners = 32
	// segmentM is how long the pieces of a corridor are, at least.
	segmentM = 10e3
	// widestM is the radius of the largest disc that a piece is looked for by.
	widestM = 1.3e6
)

// offset is a corner of a piece, from its centre in earth-centred space. In float32 it is within
// 7 mm for flatReachM.
type offset struct{ x, y, z float32 }

func offsetOf(v plane.Vector) offset { return offset{float32(v.X), float32(v.Y), float32(v.Z)} }

func (o offset) vector() plane.Vector {
	return plane.Vector{X: float64(o.x), Y: float64(o.y), Z: float64(o.z)}
}

// offsetErrorM is more than the rounding of an offset.
const offsetErrorM = 0.01

// piece is a part of one volume that is looked for by its disc: every place of it is within outM of
// its centre, and every place within inM of the centre is in it, or in the rest of the volume.
type piece struct {
	of      *stored
	volume  int32
	outM    float32 // rounded up
	kind    kind
	cell    uint8  // in its tile
	class   uint16 // of the item
	since   uint32 // see stored.complete
	centre  plane.Vector
	inM     float64 // less than 0: none is known to be; the radius of a round or a capsule
	corners []offset
}

// cutter cuts shapes into pieces.
type cutter struct {
	pieces  []piece
	corners []offset // room for those of pieces
	laid    laid
	places  [flatCorners]plane.Vector
}

// room returns n corners.
func (c *cutter) room(n int) []offset {
	if cap(c.corners)-len(c.corners) < n {
		c.corners = make([]offset, 0, n)
	}
	at := len(c.corners)
	c.corners = c.corners[:at+n]
	return c.corners[at : at+n : at+n]
}

func (c *cutter) add(p piece) { c.pieces = append(c.pieces, p) }

// cut adds the pieces of a volume's shape. A shape that cannot be measured is everywhere, as
// geo4d.Prepare has it.
func (c *cutter) cut(s geo4d.Shape) {
	switch s := s.(type) {
	case geo4d.Circle:
		c.circle(s)
	case geo4d.Polygon:
		c.polygon(s)
	case geo4d.Corridor:
		c.corridor(s)
	case geo4d.Multi:
		c.multi(s)
	default:
		c.add(anywhere())
	}
}

func upward(m float64) float32 { return math.Nextafter32(float32(m), float32(math.Inf(1))) }

func anywhere() piece { return piece{kind: endless, outM: float32(math.Inf(1)), inM: -1} }

func (c *cutter) multi(s geo4d.Multi) {
	for _, part := range s.Parts {
		if _, nested := part.(geo4d.Multi); nested {
			c.add(anywhere())
			return
		}
	}
	if len(s.Parts) == 0 {
		c.add(anywhere())
	}
	for _, part := range s.Parts {
		c.cut(part)
	}
}

func onEarth(p geo4d.Position) bool {
	return math.Abs(p.LonDeg) <= 180 && math.Abs(p.LatDeg) <= 90
}

func allOnEarth(ps []geo4d.Position) bool {
	for _, p := range ps {
		if !onEarth(p) {
			return false
		}
	}
	return true
}

func (c *cutter) circle(s geo4d.Circle) {
	if !onEarth(s.Center) || !(s.RadiusM >= 0 && s.RadiusM <= widestM) {
		c.add(anywhere())
		return
	}
	c.add(piece{kind: round, centre: plane.PlaceOf(s.Center), outM: upward(s.RadiusM), inM: s.RadiusM})
}

// polygon makes one piece: a small ring without holes with its corners, else its disc. A disc of
// less than widestM is convex on the ellipsoid, so it holds the edges and the inside as soon as it
// holds the corners.
func (c *cutter) polygon(s geo4d.Polygon) {
	if !measurableRings(s) {
		c.add(anywhere())
		return
	}
	ring := s.Rings[0][:len(s.Rings[0])-1]
	room := c.places[:0]
	if len(ring) > flatCorners {
		room = make([]plane.Vector, 0, len(ring))
	}
	p := piece{kind: region, inM: -1}
	centre, out := around(&room, ring)
	p.centre, p.outM = centre, upward(out)
	switch {
	case p.outM > widestM:
		p = anywhere()
	case p.outM > flatReachM, len(s.Rings) > 1, len(ring) > flatCorners:
		p.kind, p.inM = hard, wideInnerDisc(s, p.centre)
	default:
		p.corners = c.room(len(ring))
		for i, v := range room {
			p.corners[i] = offsetOf(v.Sub(p.centre))
		}
		c.laid.lay(&p)
		p.inM = c.laid.innerDisc()
	}
	c.add(p)
}

// measurableRings reports whether geo4d measures a polygon rather than take it for the whole earth.
func measurableRings(s geo4d.Polygon) bool {
	for _, r := range s.Rings {
		if len(r) < 4 || !allOnEarth(r) {
			return false
		}
		if r[0] != r[len(r)-1] { // closed but for rounding, or not closed
			lo, hi := geo4d.Prepare(s).Hull(0)
			return hi[0]-lo[0] < 2 || hi[1]-lo[1] < 2 || hi[2]-lo[2] < 2
		}
	}
	return len(s.Rings) > 0
}

// around returns the middle of positions and how far the farthest of them is at most. It leaves
// their places in room.
func around(room *[]plane.Vector, ring []geo4d.Position) (plane.Vector, float64) {
	var sum plane.Vector
	for _, p := range ring {
		v := plane.PlaceOf(p)
		*room = append(*room, v)
		sum = sum.Add(v)
	}
	mean := sum.Scaled(1 / float64(len(ring)))
	if mean.Norm() < plane.TightM/2 {
		return plane.Vector{}, math.Inf(1)
	}
	c := plane.Under(mean)
	far := 0.0
	for _, v := range *room {
		far = math.Max(far, v.From(c))
	}
	return c, longest(far)
}

// innerDisc returns the radius of a disc round the centre of a ring that the ring surely holds, less
// than 0 where there is none.
func (l *laid) innerDisc() float64 {
	if !holds(l.at(), plane.Point{}) {
		return -1
	}
	return math.Max(-1, math.Sqrt(chain2(plane.Point{}, l))-l.errorM(0))
}

// wideInnerDisc is innerDisc by geodesics, for any polygon: as far as the nearest edge, from a centre
// inside.
func wideInnerDisc(s geo4d.Polygon, centre plane.Vector) float64 {
	lat, lon := centre.Degrees()
	middle := geo4d.Prepare(geo4d.Circle{Center: geo4d.Position{LonDeg: lon, LatDeg: lat}})
	if !geo4d.Prepare(s).Gap(middle, 0).Overlap {
		return -1
	}
	nearest := math.Inf(1)
	for _, ring := range s.Rings {
		edges := geo4d.Prepare(geo4d.Corridor{Line: ring})
		nearest = math.Min(nearest, edges.Gap(middle, math.Inf(1)).M)
	}
	return math.Max(-1, nearest-placeErrorM)
}

// corridor cuts each leg into pieces that are short beside the whole, so that a long narrow corridor
// is not looked for wherever its disc reaches.
func (c *cutter) corridor(s geo4d.Corridor) {
	if len(s.Line) == 0 || !allOnEarth(s.Line) || !(s.HalfWidthM >= 0 && s.HalfWidthM <= widestM) {
		c.add(anywhere())
		return
	}
	if len(s.Line) == 1 {
		c.circle(geo4d.Circle{Center: s.Line[0], RadiusM: s.HalfWidthM})
		return
	}
	start := len(c.pieces)
	for i := 1; i < len(s.Line); i++ {
		a, b := s.Line[i-1], s.Line[i]
		long, azimuth, _ := geo4d.Inverse(a, b)
		if long > geo4d.MaxEdgeM {
			c.pieces = append(c.pieces[:start], anywhere())
			return
		}
		n := math.Max(1, math.Ceil(long/math.Max(segmentM, 4*s.HalfWidthM)))
		from := a
		for k := 1.0; k <= n; k++ {
			to := b
			if k < n {
				to, _ = geo4d.Direct(a, azimuth, long*k/n)
			}
			mid, _ := geo4d.Direct(a, azimuth, long*(k-0.5)/n)
			c.segment(from, mid, to, long/n, s.HalfWidthM)
			from = to
		}
	}
}

func (c *cutter) segment(from, mid, to geo4d.Position, longM, halfWidthM float64) {
	p := piece{kind: capsule, centre: plane.PlaceOf(mid), outM: upward(longM/2 + halfWidthM + roundingM), inM: halfWidthM}
	switch {
	case p.outM > widestM:
		p = anywhere()
	case p.outM > flatReachM:
		p.kind = hard
	default:
		p.corners = c.room(2)
		p.corners[0], p.corners[1] = offsetOf(plane.PlaceOf(from).Sub(p.centre)), offsetOf(plane.PlaceOf(to).Sub(p.centre))
	}
	c.add(p)
}
