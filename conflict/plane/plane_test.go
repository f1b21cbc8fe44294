package plane_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"parley/conflict/plane"
	"parley/geo4d"
)

func drawPosition(t *rapid.T) geo4d.Position {
	lon := rapid.OneOf(rapid.SampledFrom([]float64{-180, 180, 0, 179.9999, -179.9999}), rapid.Float64Range(-180, 180))
	lat := rapid.OneOf(rapid.SampledFrom([]float64{90, -90, 89.99, -89.999, 0}), rapid.Float64Range(-90, 90))
	return geo4d.Position{LonDeg: lon.Draw(t, "longitude"), LatDeg: lat.Draw(t, "latitude")}
}

// TestPlaces holds places in space against the equation of the ellipsoid, and what leads back.
func TestPlaces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPosition(t)
		v := plane.PlaceOf(p)
		const a, b = plane.EquatorialM, plane.PolarM
		if on := (v.X*v.X+v.Y*v.Y)/(a*a) + v.Z*v.Z/(b*b); math.Abs(on-1) > 1e-14 {
			t.Fatalf("%v is at %v, which is not on the ellipsoid", p, v)
		}
		lat, lon := v.Degrees()
		if back := plane.PlaceOf(geo4d.Position{LonDeg: lon, LatDeg: lat}); back.From(v) > 1e-8 {
			t.Fatalf("%v leads back to %v, %v", p, lon, lat)
		}
		if d := plane.Under(v.Scaled(rapid.Float64Range(0.999, 1.001).Draw(t, "height"))).From(v); d > 30 {
			t.Fatalf("%v leads to a place %v m away", p, d)
		}
		if d := plane.Under(v).From(v); d > 1e-6 {
			t.Fatalf("a place leads to one %v m away", d)
		}
	})
}

// TestFrames lays places around one and holds them against geodesics.
func TestFrames(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPosition(t)
		if math.Abs(p.LatDeg) >= 89.9 {
			t.Skip("north turns too fast")
		}
		v := plane.PlaceOf(p)
		f := plane.FrameAt(v)
		azimuth := rapid.Float64Range(0, 360).Draw(t, "azimuth")
		to, _ := geo4d.Direct(p, azimuth, 100)
		got := f.Lay(plane.PlaceOf(to).Sub(v))
		s, c := math.Sincos(azimuth * math.Pi / 180)
		if off := got.Sub(plane.Point{X: 100 * s, Y: 100 * c}).Norm(); off > 1e-3 {
			t.Fatalf("100 m at %v from %v is laid at %v, %v m off", azimuth, p, got, off)
		}
		if turn := math.Remainder(got.BearingDeg()-azimuth, 360); math.Abs(turn) > 1e-3 || got.BearingDeg() < 0 || got.BearingDeg() > 360 {
			t.Fatalf("a bearing of %v is laid at %v", azimuth, got.BearingDeg())
		}
	})
}

// TestFrameAtThePoles: east leads to 0° of longitude, and east, north and up turn as elsewhere.
func TestFrameAtThePoles(t *testing.T) {
	for _, z := range []float64{plane.PolarM, -plane.PolarM} {
		f := plane.FrameAt(plane.Vector{Z: z})
		if north := (plane.Vector{Y: math.Copysign(1, z)}); f.East != (plane.Vector{X: 1}) || f.North.From(north) > 1e-15 {
			t.Errorf("at z = %v: east %v, north %v", z, f.East, f.North)
		}
	}
}

// TestDistance2 compares with the nearest of many points of the segment.
func TestDistance2(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) plane.Point {
			return plane.Point{X: rapid.Float64Range(-10, 10).Draw(t, name+" x"), Y: rapid.Float64Range(-10, 10).Draw(t, name+" y")}
		}
		p, a, b := draw("p"), draw("a"), draw("b")
		if rapid.IntRange(0, 9).Draw(t, "one") == 0 {
			b = a
		}
		least, step := math.Inf(1), b.Sub(a).Scaled(1.0/1000)
		for i := range 1001 {
			least = math.Min(least, p.Sub(a.Add(step.Scaled(float64(i)))).Norm())
		}
		got := math.Sqrt(plane.Distance2(p, a, b))
		if got > least+1e-9 || got < least-step.Norm() {
			t.Fatalf("%v from the segment, and %v from the nearest of many points of it", got, least)
		}
	})
}
