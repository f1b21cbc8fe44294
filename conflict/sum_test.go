package conflict_test

import (
	"math/rand/v2"
	"testing"

	"parley/conflict"
	"parley/geo4d"
)

// TestSumsAreTheSame: items exactly as far apart as they must be are judged alike from both sides and
// by themselves.
func TestSumsAreTheSame(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	x, y := conflict.New(byClasses), conflict.New(byClasses)
	for range 2000 {
		disc := func(id string, p geo4d.Position, u float64) *conflict.Item {
			return &conflict.Item{ID: id, Class: 6, UncertaintyM: u, Volumes: []geo4d.Volume{{Shape: geo4d.Circle{Center: p}, Window: geo4d.Window{Start: noon}}}}
		}
		ua, ub := 300e3*rng.Float64(), []float64{0.001, 0.6, 0.3}[rng.IntN(3)]
		a := disc("a", geo4d.Position{LonDeg: 36}, ua)
		p, _ := geo4d.Direct(a.Volumes[0].Shape.(geo4d.Circle).Center, 0, 251e3+ua+ub)
		b := disc("b", p, ub)
		b.Class = 2
		x.Put(b)
		y.Put(a)
		_, near := conflict.Between(a, b, byClasses)
		if n, m := len(x.Matches(a, nil)), len(y.Matches(b, nil)); n != m || (n > 0) != near {
			t.Fatalf("uncertainties %v and %v: %d from one side, %d from the other, by themselves %v", ua, ub, n, m, near)
		}
	}
}
