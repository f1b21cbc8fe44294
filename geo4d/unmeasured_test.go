package geo4d

import (
	"math"
	"testing"
)

// TestWhatCannotBeMeasuredIsEverywhere: nothing is called far from a shape that breaks the rules that
// measuring rests on, whichever one it is.
func TestWhatCannotBeMeasuredIsEverywhere(t *testing.T) {
	inf, one := math.Inf(1), Position{1, 1}
	square := closed(0, 0, 1, 0, 1, 1, 0, 1)
	for i, s := range []Shape{
		Circle{Position{181, 0}, 1}, Circle{Position{-181, 0}, 1}, Circle{Position{0, 90.5}, 1}, Circle{Position{0, -90.5}, 1},
		Circle{one, -1}, Circle{one, inf}, Circle{one, math.NaN()}, Circle{Position{math.NaN(), 0}, 1},
		Corridor{nil, 1}, Corridor{[]Position{one, {2, 1}}, -1}, Corridor{[]Position{one, {2, 1}}, inf}, Corridor{[]Position{one, {200, 1}}, 1},
		Polygon{}, poly(square[:4]), poly(square[:3]), poly(square, square[:4]), poly([]Position{one, {2, 1}, one}),
		Multi{}, Multi{[]Shape{Circle{one, 1}, Circle{one, -1}}}, Multi{[]Shape{Multi{[]Shape{Circle{one, 1}}}}}, Earth{},
	} {
		for _, at := range []Position{{-120, -40}, {60, 89}} {
			if got := Prepare(s).Gap(Prepare(Circle{at, 1}), 1); !got.Overlap {
				t.Errorf("shape %d, %v: %+v", i, s, got)
			}
		}
	}
}

// TestHullsMeet: the hulls of shapes that come as near as they were grown meet; those of shapes far
// apart do not.
func TestHullsMeet(t *testing.T) {
	meet := func(p, q *Prepared, d, e float64) bool {
		lo, hi := p.Hull(d)
		qlo, qhi := q.Hull(e)
		for i := range lo {
			if lo[i] > qhi[i] || qlo[i] > hi[i] {
				return false
			}
		}
		return true
	}
	for _, mid := range append([]Position{{30, 45}, {179.99, -66}}, axes...) {
		for _, azimuth := range []float64{0, 45, 90, 180, 251, 270} {
			for _, off := range []float64{1e3, 5e4, 4e5} {
				p, q := Prepare(Circle{mid, 300}), Prepare(Corridor{[]Position{around(mid, azimuth, off), around(mid, azimuth, off*1.2)}, 200})
				gap := p.Gap(q, noLimit).M
				if !meet(p, q, gap/2, gap/2) || !meet(p, q, gap, 0) || !meet(q, p, gap, 0) {
					t.Errorf("%v, %v m along %v: the hulls do not meet", mid, off, azimuth)
				}
				if meet(p, q, gap/20, gap/20) {
					t.Errorf("%v, %v m along %v: the hulls meet though far apart", mid, off, azimuth)
				}
			}
		}
	}
}
