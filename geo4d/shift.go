package geo4d

import (
	"math"

	"parley/fault"
)

// Anchor returns the position that Shift carries a shape by: the centre of a circle; the middle of
// the positions of a corridor's line, of a polygon's outer ring (the closing one left out), or of
// all of these in a Multi, as the mean of their normals; of the Earth, 0 N 0 E. It need not lie in
// the shape. Where positions have no middle, as two opposite ones, it is the first.
func Anchor(s Shape) Position {
	if c, ok := s.(Circle); ok {
		return c.Center
	}
	var sum vec
	var first *Position
	var gather func(s Shape)
	take := func(ps []Position) {
		for i := range ps {
			if first == nil {
				first = &ps[i]
			}
			sphi, cphi := sincosDeg(ps[i].LatDeg)
			slon, clon := sincosDeg(ps[i].LonDeg)
			sum = sum.add(vec{cphi * clon, cphi * slon, sphi})
		}
	}
	gather = func(s Shape) {
		switch s := s.(type) {
		case Circle:
			take([]Position{s.Center})
		case Corridor:
			take(s.Line)
		case Polygon:
			if len(s.Rings) > 0 {
				take(s.Rings[0][:max(0, len(s.Rings[0])-1)])
			}
		case Multi:
			for _, part := range s.Parts {
				gather(part)
			}
		}
	}
	gather(s)
	switch {
	case first == nil:
		return Position{}
	case sum.norm() < 1e-9:
		return *first
	}
	return Position{LonDeg: atan2Deg(sum.y, sum.x), LatDeg: atan2Deg(sum.z, math.Hypot(sum.x, sum.y))}
}

// Shift moves a valid shape across the earth: its Anchor goes distanceM metres along the geodesic
// that leaves it at bearingDeg, and every position keeps its distance from the anchor and its
// bearing there relative to that geodesic, which turns on the way as the geodesic does. Radii stay,
// so a circle stays that circle; holes and the parts of a Multi go along. There is no seam at the
// antimeridian or the poles.
//
// On a sphere that would be a rotation, which changes no distance. On the ellipsoid curvature
// differs from place to place by up to 1.4 %, and the distance of two positions within r of the
// anchor changes by at most 0.002 r³d/R³, with d the distance moved, at most R, and R the radius of
// the earth: 0.1 m in a shape 1,000 km across that is moved by 100 km, a micrometre in one of 20 km
// by 20 km. Positions are exact to the 15 nanometres of Direct and Inverse.
//
// The Earth, a shape that reaches more than MaxRingRadiusM from its anchor, and a result that breaks
// a rule of ValidateShape, as where edges all but touch, are refused.
func Shift(s Shape, bearingDeg, distanceM float64) (Shape, error) {
	return ShiftAbout(s, Anchor(s), bearingDeg, distanceM)
}

// ShiftAbout is Shift for a shape that goes along with others: anchor is that of them together, or
// of any one, and the same for all. What was said of Shift holds of all of them as of one shape.
func ShiftAbout(s Shape, anchor Position, bearingDeg, distanceM float64) (Shape, error) {
	if math.IsNaN(bearingDeg) || math.IsInf(bearingDeg, 0) {
		return nil, fault.New("bearing_deg", number(bearingDeg), "is not an angle", "give degrees clockwise from north, as 90 for east")
	}
	if !(distanceM >= 0 && distanceM <= MaxRadiusM) {
		return nil, fault.New("distance_m", number(distanceM), "must be 0 to half the earth", "give metres; for the way back give the opposite bearing")
	}
	if _, ok := s.(Earth); ok {
		return nil, fault.New("geometry", "whole_earth", "has no other place", "leave the whole earth where it is")
	}
	c := newCarrier(anchor, bearingDeg, distanceM)
	out := c.shape(s)
	if c.farM > MaxRingRadiusM {
		return nil, fault.New(coordinates, "", "reaches too far from its middle to be moved as one", "move its parts one by one")
	}
	return out, ValidateShape(out)
}

// carrier moves positions from one anchor to another.
type carrier struct {
	from, to     vertex
	sturn, cturn float64 // of the angle by which azimuths turn
	farM         float64 // from the anchor to the farthest position
}

func newCarrier(anchor Position, bearingDeg, distanceM float64) *carrier {
	c := &carrier{from: newVertex(anchor)}
	salp, calp := sincosDeg(roundDeg(bearingDeg))
	l := newLine(&c.from, salp, calp)
	to, s2, c2 := l.at(distanceM)
	c.to = newVertex(to.position())
	c.sturn, c.cturn = s2*calp-c2*salp, c2*calp+s2*salp
	return c
}

func (c *carrier) position(p Position) Position {
	v := newVertex(p)
	r := solve(&c.from, &v)
	if r.s == 0 {
		return c.to.position()
	}
	c.farM = math.Max(c.farM, r.s)
	l := newLine(&c.to, r.salp1*c.cturn+r.calp1*c.sturn, r.calp1*c.cturn-r.salp1*c.sturn)
	out, _, _ := l.at(r.s)
	return out.position()
}

func (c *carrier) positions(ps []Position) []Position {
	out := make([]Position, len(ps))
	for i, p := range ps {
		out[i] = c.position(p)
	}
	return out
}

func (c *carrier) shape(s Shape) Shape {
	switch s := s.(type) {
	case Circle:
		return Circle{c.position(s.Center), s.RadiusM}
	case Corridor:
		return Corridor{c.positions(s.Line), s.HalfWidthM}
	case Polygon:
		out := Polygon{make([][]Position, len(s.Rings))}
		for i, ring := range s.Rings {
			out.Rings[i] = c.positions(ring)
			if n := len(ring); n > 0 {
				out.Rings[i][n-1] = out.Rings[i][0] // closed to the bit
			}
		}
		return out
	case Multi:
		out := Multi{make([]Shape, len(s.Parts))}
		for i, part := range s.Parts {
			out.Parts[i] = c.shape(part)
		}
		return out
	}
	return s
}
