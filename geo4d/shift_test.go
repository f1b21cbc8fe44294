package geo4d

import (
	"errors"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"parley/fault"
)

func metresBetween(a, b Position) float64 {
	m, _, _ := Inverse(a, b)
	return m
}

func eachPosition(s Shape) (out []Position) {
	mapped(s, func(p Position) Position {
		out = append(out, p)
		return p
	})
	return out
}

// TestShiftKeepsTheForm: the anchor goes where Direct says, positions keep their distance from it,
// and those of two positions change by no more than the bound in the comment of Shift.
func TestShiftKeepsTheForm(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(rt)
		s := w.shape()
		bearing := rapid.Float64Range(0, 360).Draw(rt, "bearing")
		d := math.Pow(10, rapid.Float64Range(0, 6.5).Draw(rt, "log distance"))
		moved, err := Shift(s, bearing, d)
		if err != nil {
			rt.Skip(err)
		}
		from := Anchor(s)
		to, _ := Direct(from, bearing, d)
		before, after := eachPosition(s), eachPosition(moved)
		r := 0.0
		for i := range before {
			m, n := metresBetween(from, before[i]), metresBetween(to, after[i])
			if r = math.Max(r, m); math.Abs(m-n) > 1e-7 {
				rt.Fatalf("position %d is %v m from the anchor and then %v m", i, m, n)
			}
		}
		bound := 1e-6 + 0.002*r*r*r*math.Min(d, equatorialM)/(equatorialM*equatorialM*equatorialM)
		for i := range before {
			for j := range i {
				m, n := metresBetween(before[i], before[j]), metresBetween(after[i], after[j])
				if math.Abs(m-n) > bound {
					rt.Fatalf("positions %d and %d: %v m apart and then %v m, bound %v (reach %v, moved %v)", i, j, m, n, bound, r, d)
				}
			}
		}
	})
}

func TestShiftKnown(t *testing.T) {
	degree := equatorialM * math.Pi / 180
	square := poly(closed(-0.5, -0.5, 0.5, -0.5, 0.5, 0.5, -0.5, 0.5), closed(-0.1, -0.1, 0.1, -0.1, 0, 0.1))
	cases := []struct {
		name             string
		s                Shape
		bearing, metres  float64
		want             []Position
		withinM, anchorM float64
	}{
		{"circle east along the equator", Circle{Position{10, 0}, 5}, 90, degree, []Position{{11, 0}}, 1e-6, 1e-6},
		{"over the antimeridian", Circle{Position{179.5, 0}, 5}, 90, degree, []Position{{-179.5, 0}}, 1e-6, 1e-6},
		{"not at all", square, 33, 0, eachPosition(square), 1e-6, 1e-6},
		{"square with a hole along the equator", square, 270, 180 * degree / 2,
			[]Position{{-90.5, -0.5}, {-89.5, -0.5}, {-89.5, 0.5}, {-90.5, 0.5}, {-90.5, -0.5}, {-90.1, -0.1}, {-89.9, -0.1}, {-90, 0.1}, {-90.1, -0.1}}, 1e-5, 1e-6},
		{"corridor over the pole", Corridor{[]Position{{0, 88}, {0, 89}}, 5}, 0, 3 * 111693.9,
			[]Position{{180, 89}, {180, 88}}, 30, 30},
		{"circles that go as one", Multi{[]Shape{Circle{Position{-1, 0}, 5}, Circle{Position{1, 0}, 5}}}, 90, 2 * degree,
			[]Position{{1, 0}, {3, 0}}, 1e-6, 1e-6},
	}
	for _, c := range cases {
		got, err := Shift(c.s, c.bearing, c.metres)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		for i, p := range eachPosition(got) {
			if d := metresBetween(p, c.want[i]); d > c.withinM {
				t.Errorf("%s: position %d is %v, %v m from %v", c.name, i, p, d, c.want[i])
			}
		}
		if d := math.Abs(metresBetween(Anchor(c.s), Anchor(got)) - c.metres); d > c.anchorM && c.metres < 1e6 {
			t.Errorf("%s: the anchor goes %v m too far", c.name, d)
		}
	}
}

func TestShiftRefuses(t *testing.T) {
	c := Circle{Position{0, 0}, 5}
	for _, x := range []struct {
		s               Shape
		bearing, metres float64
		field, rule     string
	}{
		{c, math.NaN(), 1, "bearing_deg", "is not an angle"},
		{c, math.Inf(1), 1, "bearing_deg", "is not an angle"},
		{c, 0, -1, "distance_m", "must be 0 to half the earth"},
		{c, 0, math.NaN(), "distance_m", "must be 0 to half the earth"},
		{Earth{}, 0, 1, "geometry", "no other place"},
		{Corridor{[]Position{{-100, 0}, {0, 0}, {100, 0}}, 5}, 0, 1e6, coordinates, "too far from its middle"},
	} {
		_, err := Shift(x.s, x.bearing, x.metres)
		var f *fault.Error
		if !errors.As(err, &f) || f.Field != x.field || !strings.Contains(f.Rule, x.rule) {
			t.Errorf("%v by %v at %v: %v", x.s, x.metres, x.bearing, err)
		}
	}
}

func TestAnchor(t *testing.T) {
	for _, c := range []struct {
		s    Shape
		want Position
	}{
		{Circle{Position{5, 6}, 7}, Position{5, 6}},
		{Corridor{[]Position{{-1, 0}, {1, 0}}, 5}, Position{0, 0}},
		{Corridor{[]Position{{179, 0}, {-179, 0}}, 5}, Position{180, 0}},
		{Corridor{[]Position{{10, 0}, {-170, 0}}, 5}, Position{10, 0}}, // opposite: no middle
		{poly(closed(0, 89, 90, 89, 180, 89, -90, 89)), Position{0, 90}},
		{Multi{[]Shape{Circle{Position{3, 0}, 1}, Circle{Position{5, 0}, 1}}}, Position{4, 0}},
		{Earth{}, Position{}},
	} {
		if d := metresBetween(Anchor(c.s), c.want); d > 1e-6 {
			t.Errorf("%v: %v, %v m from %v", c.s, Anchor(c.s), d, c.want)
		}
	}
}

func BenchmarkShift(b *testing.B) {
	for name, s := range map[string]Shape{"circle": Circle{Position{36, 35}, 500}, "polygon of 1,000": disc(1000, Position{36, 35}, 5e4)} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := Shift(s, 77, 1234); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
