package lateral

import (
	"fmt"
	"math"
	"testing"

	"parley/geo4d"
)

// starOf is a ring of n corners, every other one drawn in.
func starOf(at geo4d.Position, n int, radiusM, in float64) geo4d.Polygon {
	var ring []geo4d.Position
	for i := range n {
		r := radiusM
		if i%2 == 1 {
			r *= in
		}
		p, _ := geo4d.Direct(at, 360*float64(i)/float64(n)+56/float64(n)*math.Sin(float64(i)), r)
		ring = append(ring, p)
	}
	return geo4d.Polygon{Rings: [][]geo4d.Position{append(ring, ring[0])}}
}

func BenchmarkLeast(b *testing.B) {
	at := geo4d.Position{LonDeg: 36, LatDeg: 35}
	beside, _ := geo4d.Direct(at, 77, 300)
	far, _ := geo4d.Direct(at, 77, 60e3)
	type pair struct {
		name string
		a, b geo4d.Shape
		need float64
	}
	cases := []pair{
		{"two circles of 1 km", geo4d.Circle{Center: at, RadiusM: 1000}, geo4d.Circle{Center: beside, RadiusM: 1000}, 50},
		{"circle and octagon of 1 km", geo4d.Circle{Center: at, RadiusM: 1000}, starOf(beside, 8, 1000, 1), 50},
		{"circle and star of 8, 1 km", geo4d.Circle{Center: at, RadiusM: 1000}, starOf(beside, 8, 1000, 0.4), 50},
		{"two octagons of 1 km", starOf(at, 8, 1000, 1), starOf(beside, 8, 1000, 1), 50},
		{"octagons of 5 km, 20 NM", starOf(at, 8, 5000, 1), starOf(beside, 8, 5000, 1), 37040},
		{"two stars of 8, 500 km", starOf(at, 8, 500e3, 0.4), starOf(far, 8, 500e3, 0.4), 37040},
	}
	for _, n := range []int{8, 12, 32, 100, 300, 1000} {
		cases = append(cases, pair{fmt.Sprintf("two stars of %d, 1 km", n), starOf(at, n, 1000, 0.4), starOf(beside, n, 1000, 0.4), 50})
	}
	for _, c := range cases {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			var m Move
			for b.Loop() {
				m, _ = Least(c.a, c.b, c.need)
			}
			if !m.Exact {
				b.ReportMetric(1, "inexact")
			}
		})
	}
}
