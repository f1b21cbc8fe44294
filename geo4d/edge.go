package geo4d

import "math"

// How lateral gaps are found.
//
// Every shape is a skeleton and a radius: a circle its centre, a corridor its line, a polygon its
// rings and their inside with radius 0. On a surface where any two points are joined by a shortest
// path, the gap between two discs or corridors is the distance between their skeletons less both
// radii. The skeleton is cut into edges, geodesics no longer than pieceM.
//
// Lower bounds come from the unit sphere of reduced latitudes, the image of the ellipsoid under
// (x/a, y/a, z/b): a curve of length s on the ellipsoid has an image of length between s/a and
// s/b, so two places whose images are c apart in a straight line are at least 2b asin(c/2) apart.
// An edge lies within sag of the chord between its ends: a curve's departure from its chord is at
// most max|x”| s²/8, and here |x”| <= a/b³ per metre squared, as a/b² is the ellipsoid's largest
// normal curvature and the map stretches by 1/b at most.
//
// Exact distances come from solve. In positive curvature the distance between two geodesics has no
// minimum inside both, so two edges that do not cross are nearest at an end of one of them. From a
// point to an edge the foot of the perpendicular is found by the spherical right triangle at the
// current point, repeated (Baselga and Martinez-Llario, Stud. Geophys. Geod. 62, 2018,
// doi:10.1007/s11200-017-1020-z).

const (
	pieceM = 400e3
	// touchM is the gap up to which shapes count as touching: above the error of the distances.
	touchM = 1e-6
	// sphereM is the radius of the sphere that steps towards a foot are taken on.
	sphereM = 6371008.8
	sagRate = equatorialM / (8 * polarM * polarM * polarM)
)

// edge is a geodesic between two vertices of a Prepared shape, or a single vertex.
type edge struct {
	a, b       int32
	lenM       float64
	salp, calp float64 // direction at a
	sag        float64 // on the unit sphere
	radiusM    float64
}

// least is the lower bound on the ellipsoid of a straight distance between images.
func least(chord float64) float64 {
	if chord <= 0 {
		return 0
	}
	return 2 * polarM * math.Asin(math.Min(1, chord/2))
}

// curve is an edge made ready for finding feet on it.
type curve struct {
	line
	a, b vertex
	lenM float64
}

func (p *Prepared) curve(e *edge) curve {
	c := curve{a: p.verts[e.a], b: p.verts[e.b], lenM: e.lenM}
	if e.lenM > 0 {
		c.line = newLine(&c.a, e.salp, e.calp)
	}
	return c
}

// foot is the point of a geodesic that is nearest to another point.
type foot struct {
	alongM float64
	m      float64
	at     vertex
	right  float64 // sine of the angle from the line's direction to the point: > 0 on its right
}

// foot returns the nearest point of the edge, or with free of the geodesic that it lies on.
func (c *curve) foot(v *vertex, free bool) foot {
	s := c.lenM * nearOnChord(v.u, c.a.u, c.b.u)
	if c.lenM == 0 {
		return foot{m: solve(&c.a, v).s, at: c.a}
	}
	var f foot
	for range 12 {
		var sa, ca float64
		switch s {
		case 0:
			f.at = c.a
			_, sa, ca = c.at(0)
		default:
			f.at, sa, ca = c.at(s)
		}
		r := solve(&f.at, v)
		f.alongM, f.m = s, r.s
		cosA := r.calp1*ca + r.salp1*sa
		f.right = r.salp1*ca - r.calp1*sa
		sd, cd := math.Sincos(r.s / sphereM)
		next := s + sphereM*math.Atan2(sd*cosA, math.Abs(cd))
		if !free {
			next = math.Min(c.lenM, math.Max(0, next))
		}
		step := next - s
		// A step d along the line changes the distance m by about d²/2m.
		if step == 0 || step*step <= 2e-9*r.s || math.Abs(step) < 1e-9 {
			break
		}
		s = next
	}
	return f
}

// nearest returns the point of the edge nearest to v, its ends included.
func (c *curve) nearest(v *vertex) (float64, vertex) {
	f := c.foot(v, false)
	if c.lenM == 0 || f.m < 5e6 {
		return f.m, f.at
	}
	// Far away the perpendicular may be the longest, not the shortest.
	for _, e := range []*vertex{&c.a, &c.b} {
		if d := solve(e, v).s; d < f.m {
			f.m, f.at = d, *e
		}
	}
	return f.m, f.at
}

// side says on which side of the geodesic through the edge v lies: right +1, left -1, on it 0.
func (c *curve) side(v *vertex) int {
	f := c.foot(v, true)
	switch off := f.m * f.right; {
	case off > touchM:
		return 1
	case off < -touchM:
		return -1
	}
	return 0
}

// cross returns the point where two edges pass through each other. Edges that only touch, or run
// into each other's geodesic within touchM, do not.
func cross(c, d *curve) (vertex, bool) {
	if c.lenM == 0 || d.lenM == 0 {
		return vertex{}, false
	}
	s1, s2 := d.side(&c.a), d.side(&c.b)
	if s1*s2 >= 0 || c.side(&d.a)*c.side(&d.b) >= 0 {
		return vertex{}, false
	}
	lo, hi := 0.0, c.lenM
	var v vertex
	for range 60 { // halving 400 km sixty times is far below a nanometre
		mid := (lo + hi) / 2
		v, _, _ = c.at(mid)
		switch d.side(&v) {
		case 0:
			return v, true
		case s1:
			lo = mid
		default:
			hi = mid
		}
	}
	return v, true
}

// Beside the chord there is the plane through an edge's ends and the earth's centre. The image of a
// geodesic is x(s) = R(-t(s)) c(s), where c runs along a great circle with unit speed, R turns about
// the axis, and t = f sin(alpha0) I3 by (8). With n the plane's normal, h = n·x is 0 at both ends
// and |h” + h| <= 2|t'| + t'² + |t”| < 0.0069, so |h| < 0.007 s²/8: an edge leaves the plane by at
// most offPlane of its sag.
const offPlane = 0.007

// plane is the plane through an edge's ends and the earth's centre.
type plane struct {
	a, normal vec
	dev       float64 // how far the edge may leave it
	slack     float64 // rounding, for each unit of distance from a
}

func (p *Prepared) plane(e *edge) plane {
	a, b := p.verts[e.a].u, p.verts[e.b].u
	n := a.cross(b)
	l := n.norm()
	if l == 0 {
		return plane{}
	}
	return plane{a: a, normal: n.mul(1 / l), dev: offPlane*e.sag + 1e-15, slack: 1e-15 / l}
}

// off returns the signed distance of v from the plane, and how far at least v is from the edge.
func (p *plane) off(v *vertex) (signed, apart float64) {
	d := v.u.sub(p.a)
	signed = p.normal.dot(d)
	return signed, math.Abs(signed) - p.dev - p.slack*d.norm()
}

// passBy says that f, all of it, surely lies on one side of e, without touching it: then so do
// f's ends, by more than either edge leaves its own plane.
func (p *plane) passBy(a, b *vertex, dev float64) bool {
	sa, da := p.off(a)
	sb, db := p.off(b)
	return sa*sb > 0 && math.Min(da, db) > dev+onEdge
}
