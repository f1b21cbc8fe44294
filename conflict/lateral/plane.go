package lateral

import (
	"math"

	"parley/geo4d"
)

// flat is a point or an offset of a plane in metres, x to the east and y to the north.
type flat struct{ x, y float64 }

func (a flat) add(b flat) flat       { return flat{a.x + b.x, a.y + b.y} }
func (a flat) sub(b flat) flat       { return flat{a.x - b.x, a.y - b.y} }
func (a flat) scaled(k float64) flat { return flat{a.x * k, a.y * k} }
func (a flat) dot(b flat) float64    { return a.x*b.x + a.y*b.y }
func (a flat) cross(b flat) float64  { return a.x*b.y - a.y*b.x }
func (a flat) long() float64         { return math.Sqrt(a.x*a.x + a.y*a.y) }

// bearingDeg is the direction of an offset.
func (a flat) bearingDeg() float64 {
	deg := math.Atan2(a.x, a.y) * 180 / math.Pi
	if deg < 0 {
		deg += 360
	}
	return deg
}

// same says whether two points are one, to a micrometre.
func same(p, q flat) bool {
	d := p.sub(q)
	return d.dot(d) < 1e-12
}

// toSegment2 is the square of the distance from p to the segment from a to b.
func toSegment2(p, a, b flat) float64 {
	d, v := b.sub(a), p.sub(a)
	along, l2 := v.dot(d), d.dot(d)
	switch {
	case along <= 0:
		return v.dot(v)
	case along >= l2:
		v = p.sub(b)
		return v.dot(v)
	}
	c := d.cross(v)
	return c * c / l2
}

const (
	equatorM   = 6378137.0
	flattening = 1 / 298.257223563
	eccentric2 = flattening * (2 - flattening)
	// tightM is the least radius of curvature of the ellipsoid.
	tightM = equatorM * (1 - flattening) * (1 - flattening)
	meanM  = 6371008.8
)

// vector is a place in earth-centred space, in metres.
type vector struct{ x, y, z float64 }

func (a vector) sub(b vector) vector  { return vector{a.x - b.x, a.y - b.y, a.z - b.z} }
func (a vector) dot(b vector) float64 { return a.x*b.x + a.y*b.y + a.z*b.z }

// chart lays positions round a place, each at its distance and azimuth from there.
type chart struct {
	at          geo4d.Position
	origin      vector
	east, north vector
	exact       bool    // by the inverse problem
	sideM       float64 // longer sides are cut
	farM        float64 // the farthest that was laid, in a straight line
}

// chartReachM is how far from its middle a chart lays positions without the inverse problem: there
// the plane that touches the ellipsoid gives the azimuth within 1e-7, and the arc of a mean circle
// the distance within 5 mm.
const chartReachM = 100e3

func newChart(at geo4d.Position) *chart {
	slat, clat := math.Sincos(at.LatDeg * math.Pi / 180)
	slon, clon := math.Sincos(at.LonDeg * math.Pi / 180)
	return &chart{at: at, origin: placeOf(at), sideM: 20e3,
		east: vector{-slon, clon, 0}, north: vector{-slat * clon, -slat * slon, clat}}
}

// placeOf returns a position's place in space.
func placeOf(p geo4d.Position) vector {
	slat, clat := math.Sincos(p.LatDeg * math.Pi / 180)
	slon, clon := math.Sincos(p.LonDeg * math.Pi / 180)
	n := equatorM / math.Sqrt(1-eccentric2*slat*slat)
	return vector{n * clat * clon, n * clat * slon, n * (1 - eccentric2) * slat}
}

func (c *chart) lay(p geo4d.Position) flat {
	d := placeOf(p).sub(c.origin)
	far := math.Sqrt(d.dot(d))
	c.farM = math.Max(c.farM, far)
	if c.exact {
		m, azimuth, _ := geo4d.Inverse(c.at, p)
		s, k := math.Sincos(azimuth * math.Pi / 180)
		return flat{m * s, m * k}
	}
	f := flat{c.east.dot(d), c.north.dot(d)}
	h := f.long()
	if h == 0 {
		return f
	}
	return f.scaled(far * (1 + far*far/(24*meanM*meanM)) / h)
}
