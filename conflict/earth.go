package conflict

import (
	"math"

	"parley/geo4d"
)

// Distances without geodesics.
//
// In earth-centred space two places of the ellipsoid are a straight distance C apart. The shortest
// path s between them is a curve whose curvature in space is nowhere more than 1/r, with r = b²/a,
// the least radius of curvature of the ellipsoid. By Schur's comparison theorem (A. Schur, Math.
// Ann. 83, 1921) its ends are at least as far apart as those of an arc of that length on a circle
// of radius r, so
//
//	C <= s <= 2r asin(C/2r).
//
// For C of 5 km the two are 0.13 mm apart, so most comparisons need no more than a square root.

const (
	equatorialM = 6378137.0
	flattening  = 1 / 298.257223563
	polarM      = equatorialM * (1 - flattening)
	eccentric2  = flattening * (2 - flattening)
	// tightM is the least radius of curvature of the ellipsoid, that of the meridian at the equator.
	tightM = polarM * polarM / equatorialM
	// roundingM is more than the rounding of a place in float64.
	roundingM = 1e-6
)

// vector is a place or a direction in earth-centred space, in metres.
type vector struct{ x, y, z float64 }

func (a vector) sub(b vector) vector           { return vector{a.x - b.x, a.y - b.y, a.z - b.z} }
func (a vector) add(b vector) vector           { return vector{a.x + b.x, a.y + b.y, a.z + b.z} }
func (a vector) scaled(k float64) vector       { return vector{a.x * k, a.y * k, a.z * k} }
func (a vector) dot(b vector) float64          { return a.x*b.x + a.y*b.y + a.z*b.z }
func (a vector) norm() float64                 { return math.Sqrt(a.dot(a)) }
func (a vector) from(b vector) (chord float64) { return a.sub(b).norm() }

// placeOf returns a position's place in space.
func placeOf(p geo4d.Position) vector {
	sphi, cphi := math.Sincos(p.LatDeg * math.Pi / 180)
	slam, clam := math.Sincos(p.LonDeg * math.Pi / 180)
	n := equatorialM / math.Sqrt(1-eccentric2*sphi*sphi)
	return vector{n * cphi * clam, n * cphi * slam, n * (1 - eccentric2) * sphi}
}

// degrees returns the latitude and longitude of a place of the ellipsoid. A point that is not far
// from its surface gets those of a place near it.
func (a vector) degrees() (lat, lon float64) {
	lat = math.Atan2(a.z, (1-eccentric2)*math.Sqrt(a.x*a.x+a.y*a.y))
	return lat * 180 / math.Pi, math.Atan2(a.y, a.x) * 180 / math.Pi
}

// under returns a place of the ellipsoid near a point that is not far from its surface.
func under(a vector) vector {
	w := vector{a.x, a.y, a.z / (1 - eccentric2)} // along the normal of the place
	h := math.Sqrt(w.x*w.x + w.y*w.y)
	sphi, cphi := w.z/w.norm(), h/w.norm()
	n := equatorialM / math.Sqrt(1-eccentric2*sphi*sphi)
	if h == 0 {
		return vector{0, 0, n * (1 - eccentric2) * sphi}
	}
	return vector{n * cphi * w.x / h, n * cphi * w.y / h, n * (1 - eccentric2) * sphi}
}

// longest returns the most that the shortest path between two places a straight distance apart can
// measure.
func longest(chord float64) float64 {
	if chord < 1e6 {
		// asin(x) < x + x³/6·1.01 for x < 0.08
		return chord + chord*chord*chord*(1.01/(24*tightM*tightM)) + roundingM
	}
	if chord >= 2*tightM {
		return math.Inf(1)
	}
	return 2*tightM*math.Asin(chord/(2*tightM)) + roundingM
}

// frame is a place with the plane that touches the ellipsoid there.
type frame struct {
	origin      vector
	east, north vector
}

// frameAt returns the frame at a place of the ellipsoid, whose normal is along (x, y, z/(1-e²)).
func frameAt(p vector) frame {
	up := vector{p.x, p.y, p.z / (1 - eccentric2)}
	up = up.scaled(1 / up.norm())
	h := math.Sqrt(up.x*up.x + up.y*up.y)
	if h == 0 {
		return frame{p, vector{1, 0, 0}, vector{0, up.z, 0}}
	}
	east := vector{-up.y / h, up.x / h, 0}
	return frame{p, east, vector{-up.z * east.y, up.z * east.x, up.x*east.y - up.y*east.x}}
}

// flat is a point of a frame's plane, in metres.
type flat struct{ x, y float64 }

// lay projects an offset from the frame's origin.
func (f *frame) lay(d vector) flat { return flat{f.east.dot(d), f.north.dot(d)} }

func (a flat) sub(b flat) flat      { return flat{a.x - b.x, a.y - b.y} }
func (a flat) dot(b flat) float64   { return a.x*b.x + a.y*b.y }
func (a flat) cross(b flat) float64 { return a.x*b.y - a.y*b.x }
