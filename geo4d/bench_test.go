package geo4d

import (
	"math/rand/v2"
	"testing"
	"time"
)

// comb is a polygon of n long narrow teeth: a hard one, as the boxes of its edges overlap.
func comb(n int, at Position) Polygon {
	var r []Position
	for i := range n {
		foot, _ := Direct(at, 45, float64(i)*20)
		tip, _ := Direct(foot, 135+float64(i%2)*1e-9, 100e3)
		if i%2 == 0 {
			r = append(r, foot, tip)
		} else {
			r = append(r, tip, foot)
		}
	}
	back, _ := Direct(r[0], 315, 50)
	end, _ := Direct(r[len(r)-1], 315, 50)
	return poly(append(r, end, back, r[0]))
}

func disc(n int, at Position, radiusM float64) Polygon {
	var r []Position
	for i := range n {
		p, _ := Direct(at, float64(i)*360/float64(n), radiusM)
		r = append(r, p)
	}
	return poly(append(r, r[0]))
}

func scattered(n int, seed uint64) Multi {
	rng := rand.New(rand.NewPCG(seed, 1))
	m := Multi{}
	for range n {
		m.Parts = append(m.Parts, Circle{Position{36 + rng.Float64(), 35 + rng.Float64()}, 0.01})
	}
	return m
}

func TestCombIsValid(t *testing.T) {
	if err := ValidateShape(comb(100, Position{36, 35})); err != nil {
		t.Fatal(err)
	}
}

func BenchmarkValidate(b *testing.B) {
	for name, s := range map[string]Shape{
		"comb=9980": comb(4990, Position{36, 35}),
		"disc=9980": disc(9980, Position{36, 35}, 50e3),
		"disc=12":   disc(12, Position{36, 35}, 50e3),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := ValidateShape(s); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkGap(b *testing.B) {
	circle := func(lon float64) Shape { return Circle{Position{lon, 35}, 1000} }
	for _, c := range []struct {
		name string
		a, b Shape
	}{
		{"circles", circle(36), circle(37)},
		{"twelves 10 km apart", disc(12, Position{36, 35}, 5e3), disc(12, Position{36.22, 35}, 5e3)},
		{"twelves that overlap", disc(12, Position{36, 35}, 5e3), disc(12, Position{36.05, 35}, 5e3)},
		{"thousands 10 km apart", disc(4000, Position{36, 35}, 5e4), disc(4000, Position{37.21, 35}, 5e4)},
		{"thousands far apart", disc(4000, Position{36, 35}, 5e4), disc(4000, Position{80, 35}, 5e4)},
		{"nine thousand circles each", scattered(9000, 1), scattered(9000, 2)},
		{"combs 10 km apart", comb(2000, Position{36, 35}), comb(2000, Position{35.2, 35})},
		{"corridors 1,000 km", Corridor{[]Position{{30, 35}, {41, 35}}, 100}, Corridor{[]Position{{30, 35.5}, {41, 36.5}}, 100}},
	} {
		p, q := Prepare(c.a), Prepare(c.b)
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				p.Gap(q, noLimit)
			}
		})
	}
}

func BenchmarkPrepare(b *testing.B) {
	s := disc(12, Position{36, 35}, 5e3)
	for b.Loop() {
		Prepare(s)
	}
}

func BenchmarkParseFeature(b *testing.B) {
	window := Window{time.Date(2026, 12, 1, 18, 0, 0, 0, time.UTC), time.Date(2026, 12, 1, 19, 30, 0, 0, time.UTC)}
	band := Band{&Altitude{0, Metres, AMSL}, &Altitude{240, FlightLevel, FL}}
	for _, c := range []struct {
		name  string
		shape Shape
	}{
		{"corners=1", Circle{Position{35.95, 35.41}, 9260}},
		{"corners=12", disc(12, Position{36, 35}, 50e3)},
		{"corners=1000", disc(1000, Position{36, 35}, 50e3)},
	} {
		v := Volume{c.shape, band, window}
		raw, err := MarshalFeature(v, nil)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := ParseFeature(raw); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("steps/"+c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := parseFeature(raw); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("write/"+c.name, func(b *testing.B) {
			b.ReportAllocs()
			var dst []byte
			for b.Loop() {
				if dst, err = AppendFeature(dst[:0], v, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
