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

// reason says why PostGIS and geo4d differ on a pair by more than the aim, or in verdict; "" where
// none of the above explains it. The reference has decided who is right.
func (v *verdict) reason() string {
	arcM := 2 * arcRate * v.longest * v.longest / 8 / 6.33e6
	skeleton := v.refSigned + v.pg.radii
	off := v.pg.m - v.refSigned
	if v.refArea {
		off = math.Max(0, v.pg.m)
	}
	switch {
	case v.wrong() || v.off() > boundM:
		return "geo4d is wrong"
	case !v.refArea && skeleton > 9e6 && v.pg.m+v.pg.radii == 0:
		return "shapes on opposite sides of the earth taken for crossing"
	case math.Abs(off) <= arcM+1e-3:
		return "great circles taken for edges"
	case off > 0 && off <= arcM+footRate*skeleton:
		return "nearest places chosen on a sphere"
	case skeleton < 9e6 && math.Abs(off) <= roundM2/v.shortest:
		return "rounding on an edge of metres or less"
	}
	return ""
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
		if why == "" {
			why = "not explained"
			t.Errorf("PostGIS %.9f, reference %.9f (signed %.9f, within or crossing %v): not explained\n\t%s\n\t%s",
				v.pg.m, v.ref, v.refSigned, v.refArea, text(v.a), text(v.b))
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
}
