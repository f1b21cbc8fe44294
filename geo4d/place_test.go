package geo4d

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// The areas are those of GeographicLib's Planimeter.
func TestAreaAgainstPlanimeter(t *testing.T) {
	cases := []struct {
		ring []Position
		want float64
	}{
		{closed(0, 0, 1, 0, 1, 1, 0, 1), 12308778361.469500},
		{closed(0, -80, 90, -80, 180, -80, -90, -80), 2507270031169.875000},
		{closed(170, 60, -170, 65, -160, 50, 175, 55), 1507254056539.735840},
		{closed(0, 89, 120, 89, -120, 89.5), 10804875195.281200},
		{closed(0, 0, 0, 0.00001, 1e-05, 0), 0.615500},
		{closed(-60, 10, 60, 20, 10, -30), 48357941963356.945312},
	}
	for _, c := range cases {
		for range 2 {
			if got := AreaM2(poly(c.ring)); !(math.Abs(got-c.want) <= 0.1+1e-12*c.want) {
				t.Errorf("area of %v: %.4f, want %.4f", c.ring, got, c.want)
			}
			for i, j := 0, len(c.ring)-1; i < j; i, j = i+1, j-1 {
				c.ring[i], c.ring[j] = c.ring[j], c.ring[i]
			}
		}
	}
	holed := poly(closed(0, 0, 1, 0, 1, 1, 0, 1), closed(0.2, 0.2, 0.4, 0.2, 0.4, 0.4, 0.2, 0.4))
	hole := poly(holed.Rings[1])
	if got := AreaM2(holed) + AreaM2(hole) - cases[0].want; !(math.Abs(got) <= 0.1) {
		t.Errorf("a hole is not subtracted: off by %v", got)
	}
	if got, want := AreaM2(Circle{Position{10, 45}, 1000}), math.Pi*1e6; !(math.Abs(got-want) <= 1) {
		t.Errorf("circle %v, want %v", got, want)
	}
	if got := AreaM2(Earth{}); !(math.Abs(got-510065621724089) <= 1e3) {
		t.Errorf("earth %.0f", got)
	}
}

func TestRepresentativeIsInTheShape(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := newWorld(rt).shape()
		if ValidateShape(s) != nil {
			return
		}
		if p := Representative(s); !Contains(s, p) {
			rt.Fatalf("%v is not in %v", p, s)
		}
	})
}

func TestBoundsHoldTheShape(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(rt)
		s := w.shape()
		if ValidateShape(s) != nil {
			return
		}
		b := Bounds(s)
		for range 20 {
			p := w.position(w.reach * 4)
			if !Contains(s, p) {
				continue
			}
			east := math.Mod(p.LonDeg-b.WestDeg+720, 360)
			if p.LatDeg < b.SouthDeg || p.LatDeg > b.NorthDeg || (east > b.width() && math.Abs(p.LatDeg) < 90 && 360-east > 1e-9) {
				rt.Fatalf("%v is in %v but not in %v", p, s, b)
			}
		}
	})
}

func TestBoundsKnown(t *testing.T) {
	cases := []struct {
		s    Shape
		want Box
	}{
		{poly(closed(0, 0, 1, 0, 1, 1, 0, 1)), Box{0, 0, 1, 1.00004}},
		{poly(closed(179, 0, -179, 0, -179, 1, 179, 1)), Box{179, 0, -179, 1.0002}},
		{poly(closed(0, 80, 90, 80, 180, 80, -90, 80)), Box{-180, 80, 180, 90}},
		{Corridor{[]Position{{0, 89}, {180, 89}}, 1}, Box{-180, 89, 180, 90}},
		{Circle{Position{0, -89.99}, 2000}, Box{-180, -90, 180, -89.972}},
		{Multi{[]Shape{Circle{Position{170, 0}, 1}, Circle{Position{-170, 5}, 1}}}, Box{170, 0, -170, 5}},
		{Earth{}, wholeEarth},
	}
	for _, c := range cases {
		got := Bounds(c.s)
		for _, d := range []float64{got.WestDeg - c.want.WestDeg, got.SouthDeg - c.want.SouthDeg, got.EastDeg - c.want.EastDeg, got.NorthDeg - c.want.NorthDeg} {
			if !(math.Abs(d) <= 2e-4) {
				t.Errorf("Bounds(%v) = %v, want about %v", c.s, got, c.want)
				break
			}
		}
	}
}

func TestCovers(t *testing.T) {
	square := poly(closed(0, 0, 4, 0, 4, 4, 0, 4))
	holed := poly(square.Rings[0], closed(1, 1, 2, 1, 2, 2, 1, 2))
	cases := []struct {
		name         string
		outer, inner Shape
		want         bool
	}{
		{"itself", square, square, true},
		{"a quarter on the edge", square, poly(closed(0, 0, 2, 0, 2, 2, 0, 2)), true},
		{"a quarter beyond the edge", square, poly(closed(-0.1, 0, 2, 0, 2, 2, 0, 2)), false},
		{"with its own hole", holed, holed, true},
		{"over a hole", holed, square, false},
		{"a circle in a corner", square, Circle{Position{3, 3}, 1e5}, true},
		{"a circle over the edge", square, Circle{Position{3, 3}, 1.2e5}, false},
		{"a circle round a hole", holed, Circle{Position{1.5, 1.5}, 1e5}, false},
		{"a corridor inside", square, Corridor{[]Position{{0.5, 0.5}, {3.5, 3.5}}, 1000}, true},
		{"a corridor across a hole", holed, Corridor{[]Position{{0.5, 0.5}, {3.5, 3.5}}, 1000}, false},
		{"a chord out and in", poly(closed(0, 0, 4, 0, 4, 4, 2, 1, 0, 4)), Corridor{[]Position{{0.1, 3.5}, {3.9, 3.5}}, 1}, false},
		{"a chord from corner to corner, outside", poly(closed(0, 0, 4, 0, 4, 4, 2, 1, 0, 4)), poly(closed(0, 4, 2, 1, 4, 4)), false},
		{"the earth", Earth{}, Earth{}, true},
		{"less than the earth", square, Earth{}, false},
		{"circle in circle", Circle{Position{0, 0}, 1000}, Circle{Position{0, 0}, 1000}, true},
		{"square in circle", Circle{Position{2, 2}, 4e5}, square, true},
		{"multi in square", square, Multi{[]Shape{Circle{Position{1, 1}, 10}, Circle{Position{3, 1}, 10}}}, true},
		{"multi half out", square, Multi{[]Shape{Circle{Position{1, 1}, 10}, Circle{Position{5, 1}, 10}}}, false},
		{"one of a multi", Multi{[]Shape{Circle{Position{9, 9}, 1}, square}}, Circle{Position{1, 1}, 10}, true},
	}
	for _, c := range cases {
		if got := Covers(c.outer, c.inner); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// TestCoversIsSure: what is covered has no place outside.
func TestCoversIsSure(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(rt)
		a, b := w.shape(), w.shape()
		if ValidateShape(a) != nil || ValidateShape(b) != nil || !Covers(a, b) {
			return
		}
		for range 20 {
			if p := w.position(w.reach * 3); Contains(b, p) && !Contains(a, p) {
				rt.Fatalf("%v is in %v and not in %v", p, b, a)
			}
		}
	})
}

func TestGrow(t *testing.T) {
	if g, rest := Grow(Circle{Position{1, 2}, 10}, 5); g != (Circle{Position{1, 2}, 15}) || rest != 0 {
		t.Error(g, rest)
	}
	if g, rest := Grow(Corridor{[]Position{{1, 2}, {2, 2}}, 10}, 5); g.(Corridor).HalfWidthM != 15 || rest != 0 {
		t.Error(g, rest)
	}
	if _, rest := Grow(Multi{[]Shape{poly(closed(0, 0, 1, 0, 1, 1))}}, 5); rest != 5 {
		t.Error(rest)
	}
}

func TestPositionForms(t *testing.T) {
	p := Position{LonDeg: 35.94916666666667, LatDeg: 35.4075}
	for _, c := range [][2]string{
		{FormatDD(p), "35.40750 N 35.94917 E"},
		{FormatDMS(p), `35°24'27.0"N 035°56'57.0"E`},
		{FormatICAO(p), "352427N0355657E"},
		{FormatICAO(Position{-0.0001, -89.99999}), "900000S0000000W"},
		{Compass(11.2), "N"}, {Compass(11.3), "NNE"}, {Compass(-90), "W"}, {Compass(359), "N"},
		{CompassWords(225), "south-west"},
	} {
		if c[0] != c[1] {
			t.Errorf("got %s, want %s", c[0], c[1])
		}
	}
	good := []string{"35.4075 N 35.949166667 E", "N35.4075 E35.949166667", `35°24'27"N 35°56'57"E`, "35 24.45 N, 35 56.95 E",
		"352427N0355657E", "3524.45N03556.95E", "N352427 E0355657", "35°24′27″n 035°56′57″e", "352427.0N 0355657.0E"}
	for _, s := range good {
		got, err := ParsePosition(s)
		if err != nil || gapBetween(got, p) > 0.01 {
			t.Errorf("ParsePosition(%q) = %v, %v", s, got, err)
		}
	}
	for _, s := range []string{"", "35.4 35.9", "35.4 E 35.9 N", "91 N 10 E", "10 N 181 E", "10 N", "10 60 N 10 E", "35.5 24 N 10 E",
		"N35N E36", "3524N3556E", "10 N 10 E 5", "-10 N 10 E", "1e5 N 1 E", "352N0355E"} {
		if got, err := ParsePosition(s); err == nil {
			t.Errorf("ParsePosition(%q) = %v", s, got)
		}
	}
}

func TestPositionRoundTrip(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := Position{rapid.Float64Range(-180, 180).Draw(rt, "lon"), rapid.Float64Range(-90, 90).Draw(rt, "lat")}
		for _, c := range []struct {
			s   string
			tol float64
		}{{FormatDD(p), 1.2}, {FormatDMS(p), 3}, {FormatICAO(p), 30}} {
			got, err := ParsePosition(c.s)
			if err != nil || gapBetween(got, p) > c.tol {
				rt.Fatalf("%v became %q became %v, %v", p, c.s, got, err)
			}
		}
	})
}

func FuzzParsePosition(f *testing.F) {
	for _, s := range []string{"352427N0355657E", `35°24'27"N 35°56'57"E`, "N35.4 W1", "S S E E"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := ParsePosition(s)
		if err == nil && !(math.Abs(p.LonDeg) <= 180 && math.Abs(p.LatDeg) <= 90) {
			t.Fatalf("%q became %v", s, p)
		}
	})
}
