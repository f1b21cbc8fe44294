package agreement

import (
	"math/rand/v2"
	"testing"
	"time"
)

// TestExerciseUntil compares with a walk minute by minute.
func TestExerciseUntil(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	zero := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	minute := func(n int) time.Time { return zero.Add(time.Duration(n) * time.Minute) }
	const most = 60
	for range 5000 {
		var versions []Agreement
		for range 1 + rng.IntN(4) {
			terms := Terms{From: minute(rng.IntN(most) - 5)}
			for range rng.IntN(4) {
				from := rng.IntN(most)
				terms.Drills = append(terms.Drills, Drill{Start: minute(from), End: minute(from + 1 + rng.IntN(15))})
			}
			versions = append(versions, Agreement{Terms: terms})
		}
		in := func(at time.Time) bool {
			for i := len(versions) - 1; i >= 0; i-- {
				if !at.Before(versions[i].Terms.From) {
					return versions[i].Terms.InDrill(at)
				}
			}
			return false
		}
		at := rng.IntN(most)
		end := at
		for in(minute(end)) {
			end++
		}
		until, ok := ExerciseUntil(versions, minute(at))
		if ok != (end > at) || ok && !until.Equal(minute(end)) {
			t.Fatalf("at %d: until %s, %v; by the walk %d", at, until, ok, end)
		}
	}
}
