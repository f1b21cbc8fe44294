package plane

import "math"

// Frame is a place with the plane that touches the ellipsoid there: East and North are directions of
// length 1 in it, at right angles.
type Frame struct {
	Origin      Vector
	East, North Vector
}

// FrameAt returns the frame at a place of the ellipsoid. At a pole, East leads to 0° of longitude.
func FrameAt(p Vector) Frame {
	up := Vector{p.X, p.Y, p.Z / (1 - Eccentric2)}
	up = up.Scaled(1 / up.Norm())
	h := math.Sqrt(up.X*up.X + up.Y*up.Y)
	if h == 0 {
		return Frame{p, Vector{1, 0, 0}, Vector{0, up.Z, 0}}
	}
	east := Vector{-up.Y / h, up.X / h, 0}
	return Frame{p, east, Vector{-up.Z * east.Y, up.Z * east.X, up.X*east.Y - up.Y*east.X}}
}

// Lay projects an offset from the frame's origin.
func (f *Frame) Lay(d Vector) Point { return Point{f.East.Dot(d), f.North.Dot(d)} }

// Point is a point of a frame's plane or an offset in it, X to the east and Y to the north.
type Point struct{ X, Y float64 }

// Add returns the sum of a and b.
func (a Point) Add(b Point) Point { return Point{a.X + b.X, a.Y + b.Y} }

// Sub returns a less b.
func (a Point) Sub(b Point) Point { return Point{a.X - b.X, a.Y - b.Y} }

// Scaled returns a times k.
func (a Point) Scaled(k float64) Point { return Point{a.X * k, a.Y * k} }

// Dot returns the scalar product of a and b.
func (a Point) Dot(b Point) float64 { return a.X*b.X + a.Y*b.Y }

// Cross returns the area that a and b span, more than 0 where b leads to the left of a.
func (a Point) Cross(b Point) float64 { return a.X*b.Y - a.Y*b.X }

// Norm returns the length of a.
func (a Point) Norm() float64 { return math.Sqrt(a.X*a.X + a.Y*a.Y) }

// BearingDeg returns the direction of an offset, clockwise from north, from 0 to 360.
func (a Point) BearingDeg() float64 {
	deg := math.Atan2(a.X, a.Y) * 180 / math.Pi
	if deg < 0 {
		deg += 360
	}
	return deg
}

// Distance2 returns the square of the distance from p to the segment from a to b.
func Distance2(p, a, b Point) float64 {
	d, v := b.Sub(a), p.Sub(a)
	along, l2 := v.Dot(d), d.Dot(d)
	switch {
	case along <= 0:
		return v.Dot(v)
	case along >= l2:
		v = p.Sub(b)
		return v.Dot(v)
	}
	c := d.Cross(v)
	return c * c / l2
}
