package peers

import (
	"fmt"
	"math"
	"slices"

	"parley/geo4d"
)

// Pair is a query and a plan, by their numbers.
type Pair struct{ Query, Plan int32 }

// Disagreement is a pair that one system found and the other did not.
type Disagreement struct {
	Pair
	Ours bool // whether ours found it
}

// Compare returns the pairs that only one of two found, and how many both did.
func Compare(ours, theirs [][]int32) (both int, apart []Disagreement, err error) {
	if len(ours) != len(theirs) {
		return 0, nil, fmt.Errorf("%d queries of ours and %d of theirs", len(ours), len(theirs))
	}
	for q := range ours {
		a, b := slices.Sorted(slices.Values(ours[q])), slices.Sorted(slices.Values(theirs[q]))
		for _, list := range [][]int32{a, b} {
			if n := len(list); n != len(slices.Compact(slices.Clone(list))) {
				return 0, nil, fmt.Errorf("query %d: a plan was found twice", q)
			}
		}
		for len(a) > 0 || len(b) > 0 {
			switch {
			case len(b) == 0 || len(a) > 0 && a[0] < b[0]:
				apart, a = append(apart, Disagreement{Pair{int32(q), a[0]}, true}), a[1:]
			case len(a) == 0 || b[0] < a[0]:
				apart, b = append(apart, Disagreement{Pair{int32(q), b[0]}, false}), b[1:]
			default:
				both, a, b = both+1, a[1:], b[1:]
			}
		}
	}
	return both, apart, nil
}

// How PostGIS measures, and by how much that may be off; geo4d/exactness derives and tests the figures.
const (
	arcRate  = 0.0067 // departure of a great circle from the geodesic, of the sag of the edge
	footRate = 0.0068 // error of a distance, of the distance, where another place was chosen
	earthM   = 6.33e6 // the least radius of curvature
	// equalM is what two sums of metres may differ by that should be the same.
	equalM = 1e-6
)

// Explain says why PostGIS, which measured theirsM less both radii, and geo4d disagree on whether a
// query and a plan keep the separation; "" where nothing known explains it. geo4d's own gap is exact to
// 0.1 micrometres (docs/reference/exactness.md), so only an error of PostGIS as large as the difference
// counts, and one that crosses the separation.
func Explain(a, b *geo4d.Volume, ours bool, theirsM float64) string {
	sep := Separation()
	g := geo4d.Measure(a, b, geo4d.Terrain{})
	switch near := geo4d.TooNear(g, sep, 0); {
	case near != ours:
		return "" // ours is not what its own gaps say
	case !geo4d.TooNearInAltitude(g, sep) || !geo4d.TooNearInTime(g, sep):
		return "" // theirs is wrong in a dimension that has no such errors
	}
	_, radiusA, errA := Skeleton(a.Shape)
	_, radiusB, errB := Skeleton(b.Shape)
	if errA != nil || errB != nil {
		return ""
	}
	longest := math.Max(longestEdgeM(a.Shape), longestEdgeM(b.Shape))
	arcM := 2 * arcRate * longest * longest / 8 / earthM
	off := theirsM - g.LateralM
	crosses := (g.LateralM < sep.LateralM) != (theirsM < sep.LateralM)
	switch {
	case math.Abs(g.LateralM-sep.LateralM) <= equalM && math.Abs(off) <= equalM:
		return "on the separation to a micrometre"
	case !crosses:
		return ""
	case math.Abs(off) <= arcM+1e-3:
		return "great circles taken for edges"
	case off > 0 && off <= arcM+footRate*(g.LateralM+radiusA+radiusB):
		return "nearest places chosen on a sphere"
	}
	return ""
}

func longestEdgeM(s geo4d.Shape) float64 {
	longest := 0.0
	if p, ok := s.(geo4d.Polygon); ok {
		for _, r := range p.Rings {
			for i := range len(r) - 1 {
				m, _, _ := geo4d.Inverse(r[i], r[i+1])
				longest = math.Max(longest, m)
			}
		}
	}
	return longest
}
