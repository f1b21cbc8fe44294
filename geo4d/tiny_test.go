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
			if d, _, _ := Inverse(q[0], q[1]); !(math.Abs(d-111319.49079327357) <= 1e-8) {
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
		if back, _, _ := Inverse(b, a); !(math.Abs(back-d) <= 1e-7) {
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
		if near, _, _ := Inverse(coarse(a), coarse(b)); !(math.Abs(near-d) <= 1e-7) {
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

// TestTinyAnglesInShapes: shapes with corners next to whole degrees measure as those at whole degrees.
func TestTinyAnglesInShapes(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var exact, moved []Position
		for i, p := range closed(0, 0, 1, 0, 1, 1, 0, 1) {
			q := Position{tinyAngle(rt, "lon", 0), tinyAngle(rt, "lat", 0)}
			if math.Abs(q.LonDeg) > 1e-16 || math.Abs(q.LatDeg) > 1e-16 {
				q = Position{}
			}
			if i == 4 {
				exact, moved = append(exact, exact[0]), append(moved, moved[0])
				break
			}
			exact, moved = append(exact, p), append(moved, Position{p.LonDeg + q.LonDeg, p.LatDeg + q.LatDeg})
		}
		far := Circle{Position{tinyAngle(rt, "far lon", 0, 3, -3), tinyAngle(rt, "far lat", 0, 3, -3)}, 1000}
		for _, s := range [][2]Shape{
			{poly(exact), poly(moved)}, {Corridor{exact[:4], 5}, Corridor{moved[:4], 5}}, {Circle{exact[0], 5}, Circle{moved[0], 5}},
		} {
			if err := ValidateShape(s[1]); err != nil {
				rt.Fatal(err)
			}
			if a, b := AreaM2(s[0]), AreaM2(s[1]); !(math.Abs(a-b) < 100) {
				rt.Fatalf("%v: area %v, exact %v", s[1], b, a)
			}
			other := Prepare(far)
			p, q := Prepare(s[0]), Prepare(s[1])
			if a, b := p.Gap(other, noLimit).M, q.Gap(other, noLimit).M; !(math.Abs(a-b) < 1e-6) {
				rt.Fatalf("%v and %v: gap %v, exact %v", s[1], far, b, a)
			}
			x, y := p.Bounds(), q.Bounds()
			if d := math.Abs(x.WestDeg-y.WestDeg) + math.Abs(x.SouthDeg-y.SouthDeg) + math.Abs(x.EastDeg-y.EastDeg) + math.Abs(x.NorthDeg-y.NorthDeg); !(d < 1e-9) {
				rt.Fatalf("%v: bounds %v, exact %v", s[1], y, x)
			}
		}
	})
}
