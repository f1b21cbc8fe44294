package geo4d

import "math"

// onEdge is how near to an edge, on the unit sphere, a place counts as on it: a micrometre.
const onEdge = touchM / equatorialM

// areaHolds says whether v is in the closed polygon. The rings are seen from above v, in the plane
// that touches the unit sphere there: v is inside when they wind round it an odd number of times.
// That needs no more than the rings' topology, so an edge may be taken for its chord as long as
// its sag cannot carry it over v; where it might, the edge is halved. A valid ring lies within
// MaxRingRadiusM of a place, so it never winds round the far side of the earth alone.
func (p *Prepared) areaHolds(a *area, v *vertex) bool {
	if v.u.sub(a.cap.mid).norm() > a.cap.r+onEdge {
		return false
	}
	east, north := tangent(v)
	w := winding{east: east, north: north}
	for i := a.lo; i < a.hi; i++ {
		e := &p.edges[i]
		ea, eb := &p.verts[e.a], &p.verts[e.b]
		if !w.step(w.flat(ea.u), w.flat(eb.u), e.sag) {
			c := p.curve(e)
			if !w.halve(&c, 0, e.lenM, ea.u, eb.u, e.sag, v.u) {
				return true
			}
		}
	}
	return w.crossings%2 != 0
}

// tangent returns the directions east and north at v.
func tangent(v *vertex) (east, north vec) {
	slon, clon := sincosDeg(v.lon)
	return vec{-slon, clon, 0}, vec{-v.sbet * clon, -v.sbet * slon, v.cbet}
}

// winding counts how often the eastward ray from the origin is crossed.
type winding struct {
	east, north vec
	crossings   int
}

type flat struct{ x, y float64 }

func (w *winding) flat(u vec) flat { return flat{u.dot(w.east), u.dot(w.north)} }

// step counts a chord, or says that the curve may pass on the other side of the origin.
func (w *winding) step(a, b flat, sag float64) bool {
	dx, dy := b.x-a.x, b.y-a.y
	t := 0.0
	if n := dx*dx + dy*dy; n > 0 {
		t = clamp01(-(a.x*dx + a.y*dy) / n)
	}
	if math.Hypot(a.x+t*dx, a.y+t*dy) <= sag+onEdge {
		return false
	}
	if (a.y > 0) != (b.y > 0) && (a.x*dy-a.y*dx > 0) == (dy > 0) {
		w.crossings++
	}
	return true
}

// halve counts the part of an edge from s to t by halves; it fails where the edge meets the origin.
func (w *winding) halve(c *curve, s, t float64, us, ut vec, sag float64, at vec) bool {
	if sag < onEdge/4 {
		// What is left is straight; either it passes the origin or it lies on it.
		k := nearOnChord(at, us, ut)
		if at.sub(us.along(ut, k)).norm() <= onEdge {
			return false
		}
		w.step(w.flat(us), w.flat(ut), -2*onEdge)
		return true
	}
	m := (s + t) / 2
	v, _, _ := c.at(m)
	for _, h := range [2]struct {
		s, t   float64
		us, ut vec
	}{{s, m, us, v.u}, {m, t, v.u, ut}} {
		if !w.step(w.flat(h.us), w.flat(h.ut), sag/4) && !w.halve(c, h.s, h.t, h.us, h.ut, sag/4, at) {
			return false
		}
	}
	return true
}

// Contains says whether pos is in the closed shape.
func (p *Prepared) Contains(pos Position) bool {
	q := point(pos)
	return !q.earth && p.Gap(q, 1).Overlap
}

// point is a single place as a shape.
func point(pos Position) *Prepared { return prepareRaw(Circle{Center: pos}) }
