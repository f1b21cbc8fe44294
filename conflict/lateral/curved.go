package lateral

import (
	"math"

	"parley/conflict/plane"
	"parley/geo4d"
)

// What the plane leaves out, to the third order in size over the earth's radius. K is the curvature
// where the chart is.
//
// A place at p from the middle that is carried along with a move x comes to
//
//	x + p + R(p,x)x/6 + R(p,x)p/3,    R(u,v)w = K(<v,w>u - <u,w>v)
//
// (A. V. Gavrilov, "The double exponential map and covariant derivation", Siberian Math. J. 48, 2007).
// Two places p and q are sqrt(|p-q|² - K|p×q|²/3) apart. A geodesic whose chord of length L passes the
// middle at a distance h leaves the chord by Kh s(L-s)/3, away from the middle.

// curvature returns the Gaussian curvature of the ellipsoid at a position.
func curvature(p geo4d.Position) float64 {
	s := math.Sin(p.LatDeg * math.Pi / 180)
	w := 1 - plane.Eccentric2*s*s
	return w * w / (plane.PolarM * plane.PolarM)
}

// carriedTo returns where a corner of A is after a move.
func (t *task) carriedTo(p, x plane.Point) plane.Point {
	xx, pp, px := x.Dot(x), p.Dot(p), p.Dot(x)
	return x.Scaled(1 - t.k*(px/6+pp/3)).Add(p.Scaled(1 + t.k*(xx/6+px/3)))
}

// between is the distance of two places.
func (t *task) between(p, q plane.Point) float64 {
	d, c := p.Sub(q), p.Cross(q)
	return math.Sqrt(math.Max(0, d.Dot(d)-t.k*c*c/3))
}

// on returns the place on the geodesic from a to b that is nearest to p: within it, or where free on
// all that it is a part of.
func (t *task) on(p, a, b plane.Point, free bool) plane.Point {
	d := b.Sub(a)
	l2 := d.Dot(d)
	if l2 == 0 {
		return a
	}
	s := p.Sub(a).Dot(d) / l2
	if !free {
		s = math.Max(0, math.Min(1, s))
	}
	bulge := t.k * a.Cross(d) * s * (1 - s) / 3 // to the right, over the chord's length
	return plane.Point{X: a.X + d.X*s + d.Y*bulge, Y: a.Y + d.Y*s - d.X*bulge}
}

// curvedViolation is violation on the curved earth. Where sides cross it is more than 0.
func (t *task) curvedViolation(s, o *outlineSide, x plane.Point) float64 {
	a, b := t.carriedTo(t.a.corners[s.a].at, x), t.carriedTo(t.a.corners[s.b].at, x)
	c, d := t.b.corners[o.a].at, t.b.corners[o.b].at
	r := t.needM + t.a.corners[s.a].wideM + t.b.corners[o.a].wideM
	if s.a != s.b && o.a != o.b {
		e, f := b.Sub(a), d.Sub(c)
		if (f.Cross(a.Sub(c)) > 0) != (f.Cross(b.Sub(c)) > 0) && (e.Cross(c.Sub(a)) > 0) != (e.Cross(d.Sub(a)) > 0) {
			return r + 1
		}
	}
	near := math.Min(t.between(a, t.on(a, c, d, false)), t.between(b, t.on(b, c, d, false)))
	near = math.Min(near, math.Min(t.between(c, t.on(c, a, b, false)), t.between(d, t.on(d, a, b, false))))
	return r - near
}

// curvedSpare is spare by the plane's corrections.
func (t *task) curvedSpare(c *curve, x plane.Point) float64 {
	var p, q plane.Point
	r := t.needM
	switch c.how {
	case cornerCorner:
		return t.between(t.carriedTo(t.a.corners[c.a].at, x), t.b.corners[c.b].at) - c.r
	case cornerSide:
		s := &t.b.sides[c.b]
		p = t.carriedTo(t.a.corners[c.a].at, x)
		q = t.on(p, t.b.corners[s.a].at, t.b.corners[s.b].at, true)
		r += t.a.corners[c.a].wideM + t.b.corners[s.a].wideM
	case sideCorner:
		s := &t.a.sides[c.a]
		p = t.b.corners[c.b].at
		q = t.on(p, t.carriedTo(t.a.corners[s.a].at, x), t.carriedTo(t.a.corners[s.b].at, x), true)
		p, q = q, p // as seen from B
		r += t.b.corners[c.b].wideM + t.a.corners[s.a].wideM
	}
	return math.Copysign(t.between(p, q), c.n.Dot(p.Sub(q))) - r
}

// bend finds the move that a candidate stands for by the plane's corrections, longer than it by more
// than what they leave out.
func (l *least) bend(c *candidate) (Move, bool) {
	x := c.x
	if c.one != nil {
		n := c.one.outward(x)
		for range 3 {
			f := l.curvedSpare(c.one, x)
			if c.two == nil {
				x = x.Sub(n.Scaled(f))
				continue
			}
			o, g := c.two.outward(c.x), l.curvedSpare(c.two, x)
			det := n.Cross(o)
			if math.Abs(det) < 1e-3 {
				break
			}
			x = x.Sub(plane.Point{X: (f*o.Y - g*n.Y) / det, Y: (g*n.X - f*o.X) / det})
		}
	}
	e := l.curvedErrorM(c.m)
	if c.one == nil {
		e = l.errM
	}
	d := c.out.Scaled(1.25*e + touchM)
	x = x.Add(d.Scaled(math.Min(1, cuspM/d.Norm())))
	l.doubtM = l.errM
	defer func() { l.doubtM = 0 }()
	if e > mostErrorM || x.Sub(c.x).Norm() > 4*l.errM+1 || !l.parted(x, -l.curvedErrorM(c.m)) {
		return Move{}, false
	}
	return Move{M: x.Norm(), BearingDeg: x.BearingDeg()}, true
}
