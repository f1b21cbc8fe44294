package plane

import (
	"math"

	"parley/geo4d"
)

// The ellipsoid's size and form.
const (
	EquatorialM = 6378137.0
	PolarM      = EquatorialM * (1 - flattening)
	// Eccentric2 is the square of the first eccentricity.
	Eccentric2 = flattening * (2 - flattening)
	// TightM is the least radius of curvature of the ellipsoid, that of the meridian at the equator.
	TightM = PolarM * PolarM / EquatorialM

	flattening = 1 / 298.257223563
)

// Vector is a place or a direction in earth-centred space: X through the equator at Greenwich, Y at
// 90° east, Z through the north pole.
type Vector struct{ X, Y, Z float64 }

// Sub returns a less b.
func (a Vector) Sub(b Vector) Vector { return Vector{a.X - b.X, a.Y - b.Y, a.Z - b.Z} }

// Add returns the sum of a and b.
func (a Vector) Add(b Vector) Vector { return Vector{a.X + b.X, a.Y + b.Y, a.Z + b.Z} }

// Scaled returns a times k.
func (a Vector) Scaled(k float64) Vector { return Vector{a.X * k, a.Y * k, a.Z * k} }

// Dot returns the scalar product of a and b.
func (a Vector) Dot(b Vector) float64 { return a.X*b.X + a.Y*b.Y + a.Z*b.Z }

// Norm returns the length of a.
func (a Vector) Norm() float64 { return math.Sqrt(a.Dot(a)) }

// From returns the straight distance from b to a.
func (a Vector) From(b Vector) (chord float64) { return a.Sub(b).Norm() }

// PlaceOf returns a position's place in space.
func PlaceOf(p geo4d.Position) Vector {
	sphi, cphi := math.Sincos(p.LatDeg * math.Pi / 180)
	slam, clam := math.Sincos(p.LonDeg * math.Pi / 180)
	n := EquatorialM / math.Sqrt(1-Eccentric2*sphi*sphi)
	return Vector{n * cphi * clam, n * cphi * slam, n * (1 - Eccentric2) * sphi}
}

// Degrees returns the latitude and longitude of a place of the ellipsoid. A point that is not far
// from its surface gets those of a place near it.
func (a Vector) Degrees() (lat, lon float64) {
	lat = math.Atan2(a.Z, (1-Eccentric2)*math.Sqrt(a.X*a.X+a.Y*a.Y))
	return lat * 180 / math.Pi, math.Atan2(a.Y, a.X) * 180 / math.Pi
}

// Under returns a place of the ellipsoid near a point that is not far from its surface.
func Under(a Vector) Vector {
	w := Vector{a.X, a.Y, a.Z / (1 - Eccentric2)} // along the normal of the place
	h := math.Sqrt(w.X*w.X + w.Y*w.Y)
	sphi, cphi := w.Z/w.Norm(), h/w.Norm()
	n := EquatorialM / math.Sqrt(1-Eccentric2*sphi*sphi)
	if h == 0 {
		return Vector{0, 0, n * (1 - Eccentric2) * sphi}
	}
	return Vector{n * cphi * w.X / h, n * cphi * w.Y / h, n * (1 - Eccentric2) * sphi}
}
