package conflict

import (
	"math"

	"parley/conflict/plane"
)

// Small shapes are compared in the plane that touches the ellipsoid at one of them.
//
// Seen along the normal at the plane's origin, every path on the surface is shortened by no more
// than cos t, where t is the largest angle between the normals there and at the origin, and t is at
// most the distance from the origin over r, the least radius of curvature. So for two places that
// are d' apart in the plane, d' <= d <= d'/cos t.
//
// An edge of length L curves in space by at most 1/r, towards the normal where it runs. In the plane
// that is at most sin t / r, so its image is within L² sin t / 8r of the straight line between the
// images of its ends.
//
// What these bounds do not decide is measured exactly; for shapes of a few kilometres they decide
// all but some centimetres.

// answer is what the plane can say of two pieces.
type answer int

const (
	apart answer = iota
	near
	unsure
)

// laid is a piece in a plane.
type laid struct {
	points [flatCorners]plane.Point
	n      int
	middle plane.Point
	inner  float64 // of the disc round middle that it surely fills, less than 0: none
	radius float64
	reach  float64 // of the points from the origin
	long2  float64 // the longest edge, squared
}

// lay puts a piece into the plane at its own centre.
func (l *laid) lay(p *piece) {
	f := plane.FrameAt(p.centre)
	l.put(p, &f)
}

func (l *laid) put(p *piece, f *plane.Frame) {
	d := p.centre.Sub(f.Origin)
	l.middle, l.inner = f.Lay(d), p.inM
	l.radius, l.n = 0, len(p.corners)
	if p.kind != region {
		l.radius = p.inM
	}
	l.reach, l.long2 = 0, 0
	if l.n == 0 {
		l.points[0], l.n = l.middle, 1
		l.reach = math.Sqrt(d.Dot(d))
		return
	}
	far2 := 0.0
	for i, c := range p.corners {
		v := d.Add(c.vector())
		l.points[i] = f.Lay(v)
		far2 = math.Max(far2, v.Dot(v))
	}
	l.reach = math.Sqrt(far2)
	prev := l.points[l.n-1]
	for _, q := range l.at() {
		e := q.Sub(prev)
		l.long2 = math.Max(l.long2, e.Dot(e))
		prev = q
	}
}

func (l *laid) at() []plane.Point { return l.points[:l.n] }

// planeReachM is how far from a plane's origin shapes are compared in it.
const planeReachM = 300e3

// tilt is more than the angle between the normals at the origin and anywhere within a straight
// distance of planeReachM.
func tilt(reachM float64) float64 { return 1.001 * reachM / plane.TightM }

// errorM is how far the piece's edges may be from where they are drawn, reach being at least that of
// the piece.
func (l *laid) errorM(reach float64) float64 {
	t := tilt(math.Max(reach, l.reach))
	return 1.01*l.long2*t/(8*plane.TightM) + offsetErrorM
}

// compare says whether the gap between two laid pieces is below needM.
func compare(a, b *laid, needM float64) answer {
	reach := math.Max(a.reach, b.reach)
	if reach > planeReachM {
		return unsure
	}
	e := a.errorM(reach) + b.errorM(reach)
	t := tilt(reach)
	stretch := 1 + 0.51*t*t // more than 1/cos t up to a tilt of 0.1
	limit := needM + a.radius + b.radius
	// sure: below it the gap is surely less. no: above it the gap is surely not.
	sure := limit/stretch - e - roundingM
	no := limit + e + roundingM
	if touches(a, b, sure+b.inner/stretch) || touches(b, a, sure+a.inner/stretch) {
		return near
	}
	if parted(a, b, no) {
		return apart
	}
	d := apartness(a, b, math.Max(0, sure))
	switch {
	case d < sure:
		return near
	case d > no:
		return apart
	}
	return unsure
}

// touches reports whether a corner of a lies within a distance of the middle of b, which has an inner
// disc.
func touches(a, b *laid, within float64) bool {
	if b.n < 3 || b.inner < 0 || within <= 0 {
		return false
	}
	for _, p := range a.at() {
		if d := p.Sub(b.middle); d.Dot(d) < within*within {
			return true
		}
	}
	return false
}

// parted reports whether two skeletons lie farther apart than no along the line from middle to middle.
func parted(a, b *laid, no float64) bool {
	d := b.middle.Sub(a.middle)
	l := math.Sqrt(d.Dot(d))
	if !(l > no) {
		return false
	}
	last, first := math.Inf(-1), math.Inf(1)
	for _, p := range a.at() {
		last = max(last, p.Dot(d))
	}
	for _, p := range b.at() {
		first = min(first, p.Dot(d))
	}
	return first-last > no*l
}

// apartness is the distance between two skeletons in the plane; once it is below enough it may be
// any such.
func apartness(a, b *laid, enough float64) float64 {
	if a.n > b.n {
		a, b = b, a
	}
	switch {
	case b.n == 1:
		d := a.points[0].Sub(b.points[0])
		return math.Sqrt(d.Dot(d))
	case b.n >= 3 && holds(b.at(), a.points[0]), a.n >= 3 && holds(a.at(), b.points[0]):
		return 0
	}
	return math.Sqrt(edges2(a, b, enough*enough))
}

// edges2 is the square of the distance between the edges of two skeletons.
func edges2(a, b *laid, enough2 float64) float64 {
	least := math.Inf(1)
	for _, p := range a.at() {
		if least = math.Min(least, chain2(p, b)); least < enough2 {
			return least
		}
	}
	if a.n == 1 {
		return least
	}
	for _, p := range b.at() {
		if least = math.Min(least, chain2(p, a)); least < enough2 {
			return least
		}
	}
	if cross(a, b) {
		return 0
	}
	return least
}

// chain2 is the square of the distance from a point to the edges of a skeleton.
func chain2(p plane.Point, l *laid) float64 {
	if l.n == 2 {
		return plane.Distance2(p, l.points[0], l.points[1])
	}
	least := math.Inf(1)
	prev := l.points[l.n-1]
	for _, q := range l.at() {
		least = math.Min(least, plane.Distance2(p, prev, q))
		prev = q
	}
	return least
}

// cross reports whether edges of two skeletons cross. An end on the other edge is distance 0, which
// edges2 sees.
func cross(a, b *laid) bool {
	for i := range a.edges() {
		p, q := a.points[i], a.points[(i+1)%a.n]
		d := q.Sub(p)
		for j := range b.edges() {
			r, s := b.points[j], b.points[(j+1)%b.n]
			if d.Cross(r.Sub(p)) > 0 == (d.Cross(s.Sub(p)) > 0) {
				continue
			}
			e := s.Sub(r)
			if e.Cross(p.Sub(r)) > 0 != (e.Cross(q.Sub(r)) > 0) {
				return true
			}
		}
	}
	return false
}

// edges is how many edges a skeleton has.
func (l *laid) edges() int {
	if l.n == 2 {
		return 1
	}
	return l.n
}

// holds reports whether a ring goes round a point.
func holds(ring []plane.Point, p plane.Point) bool {
	in := false
	prev := ring[len(ring)-1]
	for _, q := range ring {
		if (q.Y > p.Y) != (prev.Y > p.Y) && (p.X-q.X)*(prev.Y-q.Y) > (prev.X-q.X)*(p.Y-q.Y) == (prev.Y > q.Y) {
			in = !in
		}
		prev = q
	}
	return in
}
