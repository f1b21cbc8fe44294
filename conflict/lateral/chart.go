package lateral

import (
	"math"

	"parley/conflict/plane"
	"parley/geo4d"
)

// meanM is the mean radius of the ellipsoid, a third of two equatorial radii and the polar one.
const meanM = 6371008.8

// chart lays positions round a place, each at its distance and azimuth from there.
type chart struct {
	at    geo4d.Position
	frame plane.Frame
	exact bool    // by the inverse problem
	sideM float64 // longer sides are cut
	farM  float64 // the farthest that was laid, in a straight line
}

// chartReachM is how far from its middle a chart lays positions without the inverse problem: there
// the plane that touches the ellipsoid gives the azimuth within 1e-7, and the arc of a mean circle
// the distance within 5 mm.
const chartReachM = 100e3

func newChart(at geo4d.Position) *chart {
	slat, clat := math.Sincos(at.LatDeg * math.Pi / 180)
	slon, clon := math.Sincos(at.LonDeg * math.Pi / 180)
	return &chart{at: at, sideM: 20e3, frame: plane.Frame{Origin: plane.PlaceOf(at),
		East: plane.Vector{X: -slon, Y: clon}, North: plane.Vector{X: -slat * clon, Y: -slat * slon, Z: clat}}}
}

func (c *chart) lay(p geo4d.Position) plane.Point {
	d := plane.PlaceOf(p).Sub(c.frame.Origin)
	far := d.Norm()
	c.farM = math.Max(c.farM, far)
	if c.exact {
		m, azimuth, _ := geo4d.Inverse(c.at, p)
		s, k := math.Sincos(azimuth * math.Pi / 180)
		return plane.Point{X: m * s, Y: m * k}
	}
	f := c.frame.Lay(d)
	h := f.Norm()
	if h == 0 {
		return f
	}
	return f.Scaled(far * (1 + far*far/(24*meanM*meanM)) / h)
}

// same says whether two points are one, to a micrometre.
func same(p, q plane.Point) bool {
	d := p.Sub(q)
	return d.Dot(d) < 1e-12
}
