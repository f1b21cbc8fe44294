package geo4d

import "math"

// Representative returns a position in the valid shape s: the centre of a circle, the middle of a
// corridor's line, the middle of a polygon's outer ring where that is in the polygon, else the
// middle of its first edge; of a Multi, that of its first part; of the Earth, 0 N 0 E.
func Representative(s Shape) Position {
	switch s := s.(type) {
	case Circle:
		return s.Center
	case Corridor:
		return alongLine(s.Line)
	case Polygon:
		p := Prepare(s)
		if p.earth {
			return Position{}
		}
		m := p.areas[0].cap.mid
		v := newVertex(Position{LonDeg: atan2Deg(m.y, m.x), LatDeg: atan2Deg(m.z, f1*math.Hypot(m.x, m.y))})
		if p.areaHolds(&p.areas[0], &v) {
			return v.position()
		}
		return alongLine(s.Rings[0][:2])
	case Multi:
		if len(s.Parts) > 0 {
			return Representative(s.Parts[0])
		}
	}
	return Position{}
}

// alongLine returns the position half the way along a line.
func alongLine(l []Position) Position {
	p := prepareRaw(Corridor{Line: l})
	total := 0.0
	for i := range p.edges {
		total += p.edges[i].lenM
	}
	left := total / 2
	for i := range p.edges {
		e := &p.edges[i]
		if left <= e.lenM && e.lenM > 0 {
			c := p.curve(e)
			v, _, _ := c.at(left)
			return v.position()
		}
		left -= e.lenM
	}
	return l[0]
}

// Grow returns s grown by byM metres on all sides. What the shape cannot take up itself is in
// restM, to be added to the uncertainty of the place: a grown polygon has round corners, which no
// polygon has, and what counts is only how near other shapes come.
func Grow(s Shape, byM float64) (grown Shape, restM float64) {
	switch s := s.(type) {
	case Circle:
		r := math.Min(MaxRadiusM, s.RadiusM+byM)
		return Circle{s.Center, r}, 0
	case Corridor:
		return Corridor{s.Line, math.Min(MaxRadiusM, s.HalfWidthM+byM)}, 0
	case Multi:
		m := Multi{make([]Shape, len(s.Parts))}
		for i, part := range s.Parts {
			var rest float64
			m.Parts[i], rest = Grow(part, byM)
			restM = math.Max(restM, rest)
		}
		return m, restM
	case Polygon:
		return s, byM
	}
	return s, 0
}
