package lateral

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"parley/conflict/plane"
	"parley/geo4d"
)

// TestCurved holds the plane's corrections, for shapes of up to 50 km moved by as much, to geodesics.
func TestCurved(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := newRegion(rt, 1e3, 50e3)
		c := newChart(r.at)
		k := task{k: curvature(r.at)}
		p, q, s := r.from(r.at, r.sizeM), r.from(r.at, r.sizeM), r.from(r.at, r.sizeM)
		bearing, m := rapid.Float64Range(0, 360).Draw(rt, "bearing"), r.sizeM*rapid.Float64Range(0, 1).Draw(rt, "move")
		third := r.sizeM * r.sizeM * r.sizeM / (plane.TightM * plane.TightM)
		bound := third/100 + 0.02*math.Pow(r.sizeM/chartReachM, 3) + 1e-5

		d, _, _ := geo4d.Inverse(p, q)
		if got := k.between(c.lay(p), c.lay(q)); math.Abs(got-d) > bound {
			rt.Fatalf("%v m apart, not %v (within %v)", got, d, bound)
		}
		g := ground{at: r.at}
		sin, cos := math.Sincos(bearing * math.Pi / 180)
		x := plane.Point{X: m * sin, Y: m * cos}
		to := g.carried(x)
		want := c.lay(to.position(p))
		if got := k.carriedTo(c.lay(p), x); got.Sub(want).Norm() > bound {
			rt.Fatalf("carried to %v, not %v: %v m off (within %v)", got, want, got.Sub(want).Norm(), bound)
		}
		want2, _, _, _ := geo4d.Lateral(geo4d.Circle{Center: s}, geo4d.Corridor{Line: []geo4d.Position{p, q}})
		u := c.lay(s)
		if got := k.between(u, k.on(u, c.lay(p), c.lay(q), false)); math.Abs(got-want2) > bound {
			rt.Fatalf("%v m from the side, not %v (within %v)", got, want2, bound)
		}
	})
}
