package propose

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// steps is a range of steps, both ends in it.
type steps struct{ from, to int }

// forbidden is what stands in one way of moves in time or altitude: for each pair the steps that it
// forbids, in order.
type forbidden struct {
	of     func(*pair) (steps, bool)
	to     func(step int) Move
	ranges []steps
}

// next implements stepper. It looks at all ranges that begin before the step that it has got to.
func (f *forbidden) next(_ context.Context, from, to int) (int, bool) {
	for _, r := range f.ranges {
		if r.from > from {
			break
		}
		if from <= r.to {
			from = r.to + 1
		}
	}
	return from, from <= to
}

// learn implements stepper.
func (f *forbidden) learn(pairs []*pair) {
	for _, p := range pairs {
		if r, ok := f.of(p); ok {
			f.ranges = append(f.ranges, r)
		}
	}
	slices.SortFunc(f.ranges, func(a, b steps) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	f.ranges = slices.Compact(f.ranges)
}

// move implements stepper.
func (f *forbidden) move(step int) Move { return f.to(step) }

// whole returns a number of steps as a whole number from 0 to MaxSteps and 1.
func whole(n float64) int { return int(math.Max(0, math.Min(n, MaxSteps+1))) }
