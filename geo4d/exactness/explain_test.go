package exactness

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

// Why PostGIS differs. It finds the closest places of two shapes on a sphere, with great circles
// through the latitudes and longitudes for edges, and only then measures between them on the
// spheroid.
//   - arc: a great circle leaves the geodesic between the same ends. Both leave the plane section
//     by no more than offPlane of their sag, and the planes differ by the turn of the normal.
//   - foot: on the sphere directions and distances are up to about 0.34 % off, so another place is
//     nearest; what it measures to is farther than the truth, by up to 0.7 % of the distance.
//   - rounding: the plane of an edge of length m comes from a cross product of unit vectors and is
//     off by 2^-52 R/m, and a place on it by R times that: 9 mm for an edge of a metre.
const (
	arcRate  = 0.0067 // departure of a great circle from the geodesic, of the sag
	footRate = 0.0068 // error of a distance, of the distance, where another place was chosen
	// roundM2 is the rounding of a place, times the length of the edge that it is on, with room for
	// four such errors.
	roundM2 = 4 * 6.38e6 * 6.38e6 * 0x1p-52
)

// reason classifies a pair on which PostGIS and geo4d differ by more than the aim, or in verdict.
func (v *verdict) reason() string {
	edge, least := 0.0, math.Inf(1)
	for _, s := range []*refShape{v.sa, v.sb} {
		for i := range s.edges {
			edge, least = math.Max(edge, s.edges[i].inv.m), math.Min(least, s.edges[i].inv.m)
		}
	}
	arcM := 2 * arcRate * edge * edge / 8 / 6.33e6
	agree := math.Abs(v.ours-v.ref) <= 1e-5 && v.oursOverlap == v.refOverlap
	skeleton := v.refSigned + v.radii
	off := v.pg.m - v.refSigned
	switch {
	case !agree:
		return "geo4d and the reference differ"
	case v.refArea && v.pg.m > 0:
		return "PostGIS sees no overlap where one is inside or crosses"
	case !v.refArea && v.pg.m+v.radii == 0 && skeleton > 1e-3:
		return "PostGIS takes them for crossing or inside"
	case skeleton < 9e6 && math.Abs(off) <= roundM2/least+1e-3:
		return "rounding on an edge of metres or less"
	case off < 0 && -off <= arcM+1e-3:
		return "great-circle edge for a geodesic"
	case off > 0 && off <= arcM+footRate*skeleton+1e-3:
		return "nearest places chosen on a sphere"
	case skeleton > 9e6 && off > 0:
		return "nearest places chosen on a sphere, a quarter of the earth away or more"
	case off > 0:
		return "PostGIS is farther than its sphere explains"
	}
	return "PostGIS is nearer than its arcs explain"
}

func reportPostGIS(t *testing.T, out []verdict, rows map[string]*row, total *row) {
	fmt.Println("\n| class | asked of PostGIS | failed | differ by more than 1 m | verdicts differ | up to 100 km apart | worst of those (m) |")
	fmt.Println("| --- | --- | --- | --- | --- | --- | --- |")
	line := func(name string, r *row) {
		fmt.Printf("| %s | %d | %d | %d | %d | %d | %.2g |\n", name, r.pg, r.pgFailed, r.pgFar, r.pgVerdicts, r.pgNear, r.pgWorst)
	}
	for _, c := range classes() {
		if r := rows[c.name]; r != nil && r.pg > 0 {
			line(c.name, r)
		}
	}
	line("all", total)
	type group struct {
		n, verdicts  int
		worst        float64
		worstExample *verdict
	}
	groups := map[string]*group{}
	for i := range out {
		v := &out[i]
		if !v.pg.asked || (v.pg.failure == "" && v.pgOff() <= aimM && !v.pgVerdict()) {
			continue
		}
		why := "failure: " + v.pg.failure
		if v.pg.failure == "" {
			why = v.reason()
		}
		g := groups[why]
		if g == nil {
			g = &group{}
			groups[why] = g
		}
		g.n++
		if v.pgVerdict() {
			g.verdicts++
		}
		if off := v.pgOff(); off >= g.worst {
			g.worst, g.worstExample = off, v
		}
	}
	fmt.Println("\n| why PostGIS differs by more than 1 m or in its verdict | pairs | of which verdicts | largest (m) |")
	fmt.Println("| --- | --- | --- | --- |")
	var names []string
	for why := range groups {
		names = append(names, why)
	}
	slices.Sort(names)
	for _, why := range names {
		g := groups[why]
		fmt.Printf("| %s | %d | %d | %.3g |\n", why, g.n, g.verdicts, g.worst)
	}
	for _, why := range names {
		v := groups[why].worstExample
		fmt.Printf("\n%s, largest: %s: PostGIS %.6f, geo4d %.6f, reference %.6f\n\t%s\n\t%s\n", why, v.class, v.pg.m, v.ours, v.ref, text(v.a), text(v.b))
	}
	if g := groups["geo4d and the reference differ"]; g != nil {
		t.Errorf("%d pairs on which PostGIS, geo4d and the reference all differ", g.n)
	}
}
