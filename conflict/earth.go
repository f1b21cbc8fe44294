package conflict

import (
	"math"

	"parley/conflict/plane"
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

// roundingM is more than the rounding of a place in float64.
const roundingM = 1e-6

// longest returns the most that the shortest path between two places a straight distance apart can
// measure.
func longest(chord float64) float64 {
	if chord < 1e6 {
		// asin(x) < x + x³/6·1.01 for x < 0.08
		return chord + chord*chord*chord*(1.01/(24*plane.TightM*plane.TightM)) + roundingM
	}
	if chord >= 2*plane.TightM {
		return math.Inf(1)
	}
	return 2*plane.TightM*math.Asin(chord/(2*plane.TightM)) + roundingM
}
