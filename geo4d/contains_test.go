package geo4d

import "testing"

func TestContains(t *testing.T) {
	corner := poly(closed(0, 90, 0, 80, 90, 80))
	twice := poly(closed(0, 90, 0, 80, 90, 80, 90, 90))
	seam := poly(closed(170, -10, -170, -10, -170, 10, 170, 10))
	long := poly(closed(0, 60, 60, 60, 30, 50)) // its northern edge reaches 63.4 N
	holed := poly(closed(0, 0, 4, 0, 4, 4, 0, 4), closed(1, 1, 3, 1, 3, 3, 1, 3))
	u := poly(closed(0, 0, 6, 0, 6, 6, 4, 6, 4, 2, 2, 2, 2, 6, 0, 6))
	north := poly(closed(0, 12, 60, 12, 120, 12, 180, 12, -120, 12, -60, 12))
	cases := []struct {
		name string
		s    Shape
		p    Position
		want bool
	}{
		{"beside a pole vertex", corner, Position{45, 85}, true},
		{"over the pole from it", corner, Position{-135, 85}, false},
		{"the pole vertex", corner, Position{-77, 90}, true},
		{"a pole said twice", twice, Position{45, 89.9}, true},
		{"a pole said twice, outside", twice, Position{180, 89.9}, false},
		{"on the antimeridian", seam, Position{180, 0}, true},
		{"on the antimeridian, said the other way", seam, Position{-180, 0}, true},
		{"across the earth", seam, Position{0, 0}, false},
		{"under the arc", long, Position{30, 63}, true},
		{"over the arc", long, Position{30, 64}, false},
		{"in a hole", holed, Position{2, 2}, false},
		{"on a hole's edge", holed, Position{1, 2}, true},
		{"a hole's vertex", holed, Position{1, 1}, true},
		{"in the ring", holed, Position{0.5, 2}, true},
		{"between the arms", u, Position{3, 4}, false},
		{"in an arm", u, Position{5, 4}, true},
		{"level with vertices", u, Position{3, 2}, true},
		{"level with vertices, outside", u, Position{7, 2}, false},
		{"most of a hemisphere", north, Position{33, 89}, true},
		{"the far pole", north, Position{0, -90}, false},
		{"the southern side", north, Position{10, 5}, false},
		{"a circle's edge", Circle{Position{0, 0}, 111319.4907932}, Position{1, 0}, true},
		{"just past a circle's edge", Circle{Position{0, 0}, 111319.4907}, Position{1, 0}, false},
		{"end of a corridor", Corridor{[]Position{{0, 0}, {1, 0}}, 1000}, Position{1.008, 0}, true},
		{"no position", Earth{}, Position{0, 91}, false},
		{"earth", Earth{}, Position{0, 90}, true},
	}
	for _, c := range cases {
		if got := Contains(c.s, c.p); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
