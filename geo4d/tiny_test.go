package geo4d

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// tinyAngle draws degrees of every size down to the smallest, near base.
func tinyAngle(rt *rapid.T, name string, bases ...float64) float64 {
	x := rapid.SampledFrom(bases).Draw(rt, name+" base")
	d := math.Ldexp(rapid.Float64Range(1, 2).Draw(rt, name), rapid.IntRange(-1080, 1).Draw(rt, name+" power"))
	if rapid.Bool().Draw(rt, name+" off") {
		return x
	}
	if rapid.Bool().Draw(rt, name+" below") {
		d = -d
	}
	return x + d
}

// TestTinyAngles: however small an angle, distances are those of the nearby places, and Direct
// leads back.
func TestTinyAngles(t *testing.T) {
	for _, c := range []struct{ a, b Position }{
		{Position{0, 0}, Position{1, 1e-300}}, {Position{0, 0}, Position{1, 3.5e-161}}, {Position{0, 0}, Position{1, 1e-100}},
		{Position{0, 5e-324}, Position{1, -5e-324}}, {Position{0, 1e-170}, Position{1, 1e-170}}, {Position{1e-300, 0}, Position{1, 0}},
	} {
		for _, q := range [][2]Position{{c.a, c.b}, {c.b, c.a}} {
			if d, _, _ := Inverse(q[0], q[1]); math.Abs(d-111319.49079327357) > 1e-8 {
				t.Errorf("Inverse(%v, %v) = %v", q[0], q[1], d)
			}
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		pos := func(name string) Position {
			lat := tinyAngle(rt, name+" lat", 0, 0, 0, 35, -35, 90, -90)
			return Position{wrapLon(tinyAngle(rt, name+" lon", 0, 0, 1, 90, 120, 179, 180, -180)), math.Max(-90, math.Min(90, lat))}
		}
		a, b := pos("a"), pos("b")
		d, az, azB := Inverse(a, b)
		if !(d >= 0 && d <= MaxRadiusM+1) || math.IsNaN(az) || math.IsNaN(azB) {
			rt.Fatalf("Inverse(%v, %v) = %v, %v, %v", a, b, d, az, azB)
		}
		if back, _, _ := Inverse(b, a); math.Abs(back-d) > 1e-7 {
			rt.Fatalf("%v from %v to %v, %v back", d, a, b, back)
		}
		coarse := func(p Position) Position {
			if math.Abs(p.LatDeg) < 1e-16 {
				p.LatDeg = 0
			}
			if math.Abs(p.LonDeg) < 1e-16 {
				p.LonDeg = 0
			}
			return p
		}
		if near, _, _ := Inverse(coarse(a), coarse(b)); math.Abs(near-d) > 1e-7 {
			rt.Fatalf("%v from %v to %v, %v from next to them", d, a, b, near)
		}
		if p, _ := Direct(a, az, d); !(gapBetween(p, b) < 1e-6) {
			rt.Fatalf("Direct(%v, %v, %v) = %v, not %v", a, az, d, p, b)
		}
		azimuth := tinyAngle(rt, "azimuth", 0, 90, -90, 180)
		far := rapid.Float64Range(0, 2e7).Draw(rt, "distance")
		p, azP := Direct(a, azimuth, far)
		if math.IsNaN(p.LonDeg) || math.IsNaN(p.LatDeg) || math.IsNaN(azP) {
			rt.Fatalf("Direct(%v, %v, %v) = %v, %v", a, azimuth, far, p, azP)
		}
		if back, _ := Direct(p, azP+180, far); !(gapBetween(back, a) < 1e-6) {
			rt.Fatalf("Direct(%v, %v, %v) = %v, %v; back to %v", a, azimuth, far, p, azP, back)
		}
	})
}
