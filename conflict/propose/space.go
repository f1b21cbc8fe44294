package propose

import (
	"context"
	"math"

	"parley/conflict/lateral"
	"parley/geo4d"
)

// spaceWays returns the ways across the ground, one at each bearing.
func (s *search) spaceWays(allowed bool) []*way {
	if !allowed {
		return waysOf(Space, NotAllowed, Aside)
	}
	for i := range s.it.Volumes {
		if _, ok := s.it.Volumes[i].Shape.(geo4d.Earth); ok {
			return waysOf(Space, Immovable, Aside)
		}
	}
	g := s.config.Grid
	to := whole(s.config.Bounds.LateralM/g.LateralM + roundingM)
	near := s.near(func(*geo4d.Volume) {}, swellM(float64(to)*g.LateralM))
	first := s.leastStep()
	var out []*way
	for n := range g.Bearings {
		out = append(out, &way{kind: Space, direction: Aside, first: first, to: to, stepper: &bearing{
			search: s, deg: 360 * float64(n) / float64(g.Bearings), known: near}})
	}
	return out
}

// swellM returns more than how much the distance of a shape from another changes when the one is
// shifted. A position at a fixed distance and direction from an anchor that goes along a geodesic
// moves as a Jacobi field whose derivative at the anchor is 0: where curvature is positive, and the
// position less than a quarter round the earth away, it moves by no more than the anchor. Sides run
// between positions, and leave what they were by no more than these change their distances, for
// which geo4d.Shift has a bound: below a hundredth of the shift for any shape that it moves.
func swellM(shiftM float64) float64 { return 1.01*shiftM + 1e-3 }

// shrunkM is the other way round: less than what a shift must be to change a distance by as much.
func shrunkM(gapM float64) float64 { return (gapM - 1e-3) / 1.01 }

// mostCorners is how many corners two shapes may have together for lateral.Least to be asked, which
// takes milliseconds for hundreds.
const mostCorners = 64

// leastStep returns a step before which no bearing leads out of the conflicts that there are now.
func (s *search) leastStep() int {
	first := 1
	for _, p := range s.now {
		v, o := &s.it.Volumes[p.a], p.volume()
		if len(s.it.Volumes) > 1 || !s.level(p) || geo4d.Vertices(v.Shape)+geo4d.Vertices(o.Shape) > mostCorners {
			continue // several volumes turn about an anchor that is not this one's
		}
		// Moves that are shorter by a metre or more do not clear the pair.
		if m, ok := lateral.Least(v.Shape, o.Shape, p.needM); ok && m.Exact {
			first = max(first, whole(math.Ceil((m.M-1)/s.config.Grid.LateralM)))
		}
	}
	return first
}

// level says whether a pair is too near in altitude wherever the two lie.
func (s *search) level(p *pair) bool {
	if p.sep.AnyAltitude {
		return true
	}
	a, b := s.it.Volumes[p.a].Band, p.volume().Band
	parts := func(lower, upper *geo4d.Altitude) bool {
		if lower == nil || upper == nil {
			return false
		}
		_, most := geo4d.ClimbBounds(*lower, *upper, s.conflict.Terrain)
		return most > -roundingM && most >= p.sep.VerticalM-roundingM
	}
	return !parts(a.Lower, b.Upper) && !parts(b.Lower, a.Upper)
}

// bearing is a way across the ground.
type bearing struct {
	*search
	deg   float64
	known []*pair
	last  *pair // which forbade a step last: as a rule it forbids the next

	step   int // at hand
	placed []*placed
}

// placed is a shape of the item after a step.
type placed struct {
	shape geo4d.Shape
	ready *geo4d.Prepared
}

// move implements stepper.
func (b *bearing) move(step int) Move {
	return Move{LateralM: float64(step) * b.config.Grid.LateralM, BearingDeg: b.deg}
}

// learn implements stepper.
func (b *bearing) learn(pairs []*pair) {
	b.known = append(b.known[:len(b.known):len(b.known)], pairs...)
	b.last = pairs[0]
}

// next implements stepper.
func (b *bearing) next(ctx context.Context, from, to int) (int, bool) {
	for from <= to && ctx.Err() == nil {
		moreM, forbidden := b.forbids(from)
		if !forbidden {
			return from, true
		}
		from += max(1, whole(math.Ceil(moreM/b.config.Grid.LateralM)))
	}
	return from, false
}

// forbids says whether a known pair is too near after a step, or the item cannot be moved so, and how
// many metres on the pair still is.
func (b *bearing) forbids(step int) (moreM float64, forbidden bool) {
	b.step, b.placed = step, make([]*placed, len(b.it.Volumes))
	if b.last != nil {
		if moreM, forbidden = b.tooNear(b.last); forbidden {
			return moreM, true
		}
	}
	for _, p := range b.known {
		if moreM, forbidden = b.tooNear(p); forbidden {
			b.last = p
			return moreM, true
		}
	}
	return 0, false
}

// at returns a shape of the item after the step at hand, or nil where it cannot be moved so.
func (b *bearing) at(volume int) *placed {
	if b.placed[volume] == nil {
		b.placed[volume] = &placed{}
		m := b.move(b.step)
		shape, err := geo4d.ShiftAbout(b.it.Volumes[volume].Shape, b.anchor, m.BearingDeg, m.LateralM)
		if err == nil {
			b.placed[volume] = &placed{shape, geo4d.Prepare(shape)}
		}
	}
	if b.placed[volume].ready == nil {
		return nil
	}
	return b.placed[volume]
}

// tooNear says whether a pair is too near after the step at hand, and for how many metres more.
func (b *bearing) tooNear(p *pair) (moreM float64, near bool) {
	at := b.at(p.a)
	if at == nil {
		return 0, true
	}
	one, two := at.ready, p.shape
	if !p.first {
		one, two = two, one
	}
	gap := one.Gap(two, p.needM)
	if gap.Beyond || !gap.Overlap && gap.M >= p.needM {
		return 0, false
	}
	if !b.nearInAltitude(p, b.it.Volumes[p.a].Band, at.ready) {
		return 0, false
	}
	if !b.level(p) {
		return 0, true
	}
	if _, ok := p.volume().Shape.(geo4d.Earth); ok {
		return math.Inf(1), true
	}
	if gap.Overlap {
		gap.M = -depthM(coreOf(at.shape, at.ready), p.core())
	}
	return shrunkM(p.needM - gap.M), true
}
