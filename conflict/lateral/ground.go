package lateral

import (
	"math"

	"parley/conflict/plane"
	"parley/geo4d"
)

// ground measures moves on the ellipsoid.
type ground struct {
	a, b  geo4d.Shape
	at    geo4d.Position // a's anchor
	needM float64
	ready *geo4d.Prepared // b
}

// What measuring on the ellipsoid takes, in steps of mostWork: for each corner of two shapes, and for
// one distance.
const (
	gapWork   = 300
	spareWork = 1000
)

// lacks returns by how much a is too near b after a move, or false where that cannot be known since they
// touch or the moved shape is none.
func (l *least) lacks(x plane.Point) (m float64, known bool) {
	g := &l.ground
	l.work += gapWork * (len(l.task.a.corners) + len(l.task.b.corners))
	moved, err := geo4d.Shift(g.a, x.BearingDeg(), x.Norm())
	if err != nil {
		return 0, false
	}
	if g.ready == nil {
		g.ready = geo4d.Prepare(g.b)
	}
	c := geo4d.Prepare(moved).Gap(g.ready, g.needM)
	switch {
	case c.Overlap:
		return 0, false
	case c.Beyond:
		return 0, true
	}
	return g.needM - c.M, true
}

// carried is where positions of a are after a move.
type carried struct {
	g       *ground
	to      geo4d.Position
	turnDeg float64
}

func (g *ground) carried(x plane.Point) carried {
	bearing := x.BearingDeg()
	to, there := geo4d.Direct(g.at, bearing, x.Norm())
	return carried{g, to, there - bearing}
}

func (c *carried) position(p geo4d.Position) geo4d.Position {
	m, azimuth, _ := geo4d.Inverse(c.g.at, p)
	out, _ := geo4d.Direct(c.to, azimuth+c.turnDeg, m)
	return out
}

// spare is by how much a curve's corner and what it meets are farther apart after a move than they
// must be: less than 0 where they are too near, or the corner on the wrong side.
func (l *least) spare(c *curve, x plane.Point) float64 {
	l.work += spareWork
	k := l.ground.carried(x)
	a, b := l.task.a, l.task.b
	var at geo4d.Position
	var ends [2]geo4d.Position
	var wide float64
	switch c.how {
	case cornerCorner:
		m, _, _ := geo4d.Inverse(k.position(a.corners[c.a].position), b.corners[c.b].position)
		return m - c.r
	case cornerSide:
		s := &b.sides[c.b]
		at, ends = k.position(a.corners[c.a].position), s.whole
		wide = a.corners[c.a].wideM + b.corners[s.a].wideM
	case sideCorner:
		s := &a.sides[c.a]
		at, ends = b.corners[c.b].position, [2]geo4d.Position{k.position(s.whole[0]), k.position(s.whole[1])}
		wide = b.corners[c.b].wideM + a.corners[s.a].wideM
	}
	_, along, there := geo4d.Inverse(ends[0], ends[1])
	// Beyond its ends as well: where two sides meet in a dent, the corner may be in both.
	before, _ := geo4d.Direct(ends[0], along+180, 4*l.errM+1e3)
	after, _ := geo4d.Direct(ends[1], there, 4*l.errM+1e3)
	m, _, _, _ := geo4d.Lateral(geo4d.Circle{Center: at}, geo4d.Corridor{Line: []geo4d.Position{before, ends[0], ends[1], after}})
	_, toward, _ := geo4d.Inverse(ends[0], at)
	if right := math.Sin((toward-along)*math.Pi/180) > 0; right != c.right {
		m = -m
	}
	return m - l.task.needM - wide
}

// slope returns the spare of a curve at x and how it grows to the east and to the north.
func (l *least) slope(c *curve, x plane.Point) (spareM float64, grows plane.Point) {
	const step = 0.1
	spareM = l.spare(c, x)
	eastM, northM := l.spare(c, x.Add(plane.Point{X: step})), l.spare(c, x.Add(plane.Point{Y: step}))
	return spareM, plane.Point{X: (eastM - spareM) / step, Y: (northM - spareM) / step}
}

// settle finds on the ellipsoid the move that a candidate of the plane stands for, by Newton's steps
// on the one or two distances that decide it, and reports false where it does not part the shapes or
// lies more than reachM from where the plane has it.
func (l *least) settle(c *candidate, reachM float64) (Move, bool) {
	x := c.x
	var out plane.Point
	for range 12 {
		next, way, ok := l.step(c, x)
		if !ok || next.Sub(c.x).Norm() > reachM {
			return Move{}, false
		}
		done := next.Sub(x).Norm() < 1e-5
		if x, out = next, way; done {
			break
		}
	}
	for push := touchM; push < 0.5; {
		y := x.Add(out.Scaled(push))
		lack, known := l.lacks(y)
		switch {
		case known && lack <= 0:
			return Move{M: y.Norm(), BearingDeg: y.BearingDeg()}, true
		case known:
			push += lack + leastM
		default:
			push *= 8
		}
	}
	return Move{}, false
}

// step returns the least move by what the distances at x and their slopes say, and the way along
// which each grows as the way does.
func (l *least) step(c *candidate, x plane.Point) (next, out plane.Point, ok bool) {
	f, n := l.slope(c.one, x)
	n2 := n.Dot(n)
	if n2 < 1e-2 {
		return x, out, false
	}
	if c.two == nil {
		return n.Scaled((n.Dot(x) - f) / n2), n.Scaled(1 / n2), true
	}
	g, o := l.slope(c.two, x)
	det := n.Cross(o)
	if math.Abs(det) < 1e-4 {
		return x, out, false
	}
	solve := func(h, k float64) plane.Point { return plane.Point{X: (h*o.Y - k*n.Y) / det, Y: (k*n.X - h*o.X) / det} }
	return x.Sub(solve(f, g)), solve(1, 1), true
}

// marchM is how far a shape is moved at most.
const marchM = 15e6

// march moves a in one direction until it is far enough from b.
func (l *least) march(x plane.Point) (Move, bool) {
	m := math.Max(x.Norm(), 1e-3)
	n := x.Scaled(1 / m)
	if x == (plane.Point{}) {
		n = plane.Point{X: 0, Y: 1}
	}
	for more := math.Max(1e-3*m, 1.25*l.errM); m <= marchM; more *= 4 {
		m += more
		if lack, known := l.lacks(n.Scaled(m)); known && lack <= 0 {
			return Move{M: m, BearingDeg: n.BearingDeg()}, true
		}
	}
	return Move{}, false
}
