package lateral

import (
	"math"

	"parley/conflict/plane"
)

// meet returns the points that two curves share: straight ones within spareM of their ends, round
// ones anywhere on their circles. Curves that run along each other have none.
func meet(c, d *curve, spareM float64) (xs [2]plane.Point, n int) {
	switch {
	case c.how != cornerCorner && d.how != cornerCorner:
		return meetStraight(c, d, spareM)
	case c.how != cornerCorner:
		return meetRound(c, d, spareM)
	case d.how != cornerCorner:
		return meetRound(d, c, spareM)
	}
	between := d.p.Sub(c.p)
	l2 := between.Dot(between)
	if l2 == 0 {
		return xs, 0
	}
	l := math.Sqrt(l2)
	along := (l2 + c.r*c.r - d.r*d.r) / (2 * l)
	h2 := c.r*c.r - along*along
	if h2 < -2*c.r*spareM {
		return xs, 0
	}
	h2 = math.Max(0, h2)
	u := between.Scaled(1 / l)
	mid, side := c.p.Add(u.Scaled(along)), plane.Point{X: -u.Y, Y: u.X}.Scaled(math.Sqrt(h2))
	return [2]plane.Point{mid.Add(side), mid.Sub(side)}, 2
}

func meetStraight(c, d *curve, spareM float64) (xs [2]plane.Point, n int) {
	e, f := c.q.Sub(c.p), d.q.Sub(d.p)
	det := e.Cross(f)
	le, lf := e.Norm(), f.Norm()
	if math.Abs(det) <= 1e-9*le*lf {
		return xs, 0
	}
	v := d.p.Sub(c.p)
	s, u := v.Cross(f)/det, v.Cross(e)/det
	if s < -spareM/le || s > 1+spareM/le || u < -spareM/lf || u > 1+spareM/lf {
		return xs, 0
	}
	xs[0] = c.p.Add(e.Scaled(s))
	return xs, 1
}

// meetRound is meet for a straight curve and a round one.
func meetRound(s, r *curve, spareM float64) (xs [2]plane.Point, n int) {
	e := s.q.Sub(s.p)
	l := e.Norm()
	u := e.Scaled(1 / l)
	v := r.p.Sub(s.p)
	along, off := u.Dot(v), u.Cross(v)
	h2 := r.r*r.r - off*off
	if h2 < -2*r.r*spareM {
		return xs, 0
	}
	h := math.Sqrt(math.Max(0, h2))
	for _, k := range [2]float64{along - h, along + h} {
		if k >= -spareM && k <= l+spareM {
			xs[n] = s.p.Add(u.Scaled(k))
			n++
		}
	}
	return xs, n
}
