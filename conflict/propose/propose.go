package propose

import (
	"cmp"
	"context"
	"slices"

	"parley/conflict"
	"parley/fault"
	"parley/geo4d"
)

// Proposal is a move of an item with which it was in conflict with nothing that the index held.
type Proposal struct {
	Kind    Kind
	Move    Move
	Volumes []geo4d.Volume // the item's after the move: what an amendment would file
	Cost    float64        // by Config.Cost, in minutes of delay
}

// Reason is why a direction has no proposal.
type Reason string

// The reasons.
const (
	NotAllowed  Reason = "not_allowed"   // by Allowed
	Immovable   Reason = "immovable"     // an open start, bands without any bound, the whole earth
	OutOfBounds Reason = "out_of_bounds" // no step within the Bounds is without a conflict
)

// None is a direction in which nothing is proposed. All bearings together are one.
type None struct {
	Kind      Kind
	Direction Direction
	Reason    Reason
}

// Result is what was found for one item.
type Result struct {
	// Conflicts are the items that it is in conflict with where it is, in order of ID. Every proposal
	// clears all of them. Where there are none, nothing is proposed.
	Conflicts []*conflict.Item
	Proposals []Proposal // the best of each direction, and aside of each bearing, sorted by Compare
	None      []None     // in order of kind: time, altitude, space
	// Compared is how many other items the index held. Those of the item's own party are among them
	// and never in conflict with it.
	Compared int
}

// For proposes how to move an item. x holds what it is compared with, by the separation of x; the item
// need not be in there, and one with its ID is left out. The same items, whatever order they
// were put in, give the same result. While others change the index, each proposal holds of what it
// held when that one was looked at last.
//
// The item's volumes must be valid. It fails where they or a figure of c are not, and when ctx ends.
func For(ctx context.Context, x *conflict.Index, it *conflict.Item, may Allowed, c Config) (Result, error) {
	if err := c.Validate(); err != nil {
		return Result{}, err
	}
	for i := range it.Volumes {
		if err := geo4d.Validate(it.Volumes[i]); err != nil {
			return Result{}, fault.In(field(i), err)
		}
	}
	r := Result{Compared: x.Len()}
	if x.Get(it.ID) != nil {
		r.Compared--
	}
	s := newSearch(x, it, c)
	if r.Conflicts = s.conflicts(); len(r.Conflicts) == 0 {
		return r, nil
	}
	ways := slices.Concat(s.timeWays(may.Time), s.altitudeWays(may.Altitude), s.spaceWays(may.Space))
	if err := s.settle(ctx, ways); err != nil {
		return Result{}, fault.Wrap(fault.Unavailable, "propose", err)
	}
	for _, w := range ways {
		switch {
		case w.proposal != nil:
			r.Proposals = append(r.Proposals, *w.proposal)
		default:
			r.None = append(r.None, None{w.kind, w.direction, w.reason})
		}
	}
	slices.SortFunc(r.Proposals, Compare)
	r.None = slices.DeleteFunc(slices.Compact(r.None), func(n None) bool {
		return n.Direction == Aside && slices.ContainsFunc(r.Proposals, func(p Proposal) bool { return p.Kind == Space })
	})
	return r, nil
}

// search is the search for moves of one item.
type search struct {
	x        *conflict.Index
	conflict conflict.Config
	it       *conflict.Item
	config   Config
	shapes   []*geo4d.Prepared // of the item where it is
	anchor   geo4d.Position
	now      []*pair // in conflict now
	pairs    map[pairKey]*pair
	others   map[otherKey]*geo4d.Prepared
}

func newSearch(x *conflict.Index, it *conflict.Item, c Config) *search {
	s := &search{x: x, conflict: x.Config(), it: it, config: c, anchor: anchorOf(it.Volumes), pairs: map[pairKey]*pair{}, others: map[otherKey]*geo4d.Prepared{}}
	for i := range it.Volumes {
		s.shapes = append(s.shapes, geo4d.Prepare(it.Volumes[i].Shape))
	}
	return s
}

// conflicts notes the pairs in conflict now and returns their items.
func (s *search) conflicts() []*conflict.Item {
	var out []*conflict.Item
	s.now = s.pairsOf(s.x.Matches(s.it, nil))
	for _, p := range s.now {
		if len(out) == 0 || out[len(out)-1] != p.other {
			out = append(out, p.other)
		}
	}
	return out
}

// near returns the pairs in conflict with a variant of the item: what may stand in the way of moves.
func (s *search) near(change func(*geo4d.Volume), moreM float64) []*pair {
	v := *s.it
	v.Volumes = slices.Clone(s.it.Volumes)
	for i := range v.Volumes {
		change(&v.Volumes[i])
	}
	v.UncertaintyM += moreM
	return s.pairsOf(s.x.Matches(&v, nil))
}

// way is one direction in which steps are looked at, from the first on.
type way struct {
	kind      Kind
	direction Direction
	first, to int // the steps within the bounds
	stepper
	proposal *Proposal
	reason   Reason // why there is none
}

// stepper knows what stands in one way.
type stepper interface {
	// next returns the first step from one on, up to another, that nothing known forbids.
	next(ctx context.Context, from, to int) (step int, ok bool)
	// learn takes note of pairs of volumes that are near after a step.
	learn([]*pair)
	// move returns what a step is.
	move(step int) Move
}

// settle looks for the first step of each way that nothing held forbids.
func (s *search) settle(ctx context.Context, ways []*way) error {
	open := slices.DeleteFunc(slices.Clone(ways), func(w *way) bool { return w.reason != "" })
	for len(open) > 0 {
		var variants []*conflict.Item
		for _, w := range open {
			if v := s.advance(ctx, w); v != nil {
				variants = append(variants, v)
			}
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		open = slices.DeleteFunc(open, func(w *way) bool { return w.reason != "" })
		var more []*way
		for i, matches := range s.x.WhatIf(variants) {
			w := open[i]
			if len(matches) == 0 {
				m := w.move(w.first)
				w.proposal = &Proposal{Kind: w.kind, Move: m, Volumes: variants[i].Volumes, Cost: s.config.Cost.Of(m)}
				continue
			}
			w.learn(s.pairsOf(matches))
			w.first++ // which the index forbids
			more = append(more, w)
		}
		open = more
	}
	return nil
}

// advance leads a way to its first step that nothing known forbids and returns the item moved so, or
// nil where there is none.
func (s *search) advance(ctx context.Context, w *way) *conflict.Item {
	for w.first <= w.to {
		step, ok := w.next(ctx, w.first, w.to)
		if !ok {
			break
		}
		w.first = step
		v := *s.it
		var err error
		if v.Volumes, err = w.move(step).Of(s.it.Volumes); err == nil {
			return &v
		}
		w.first++
	}
	w.reason = OutOfBounds
	return nil
}

// waysOf returns ways that are not looked at, for a reason.
func waysOf(kind Kind, why Reason, directions ...Direction) []*way {
	var out []*way
	for _, d := range directions {
		out = append(out, &way{kind: kind, direction: d, reason: why})
	}
	return out
}

// pairKey names a pair of volumes.
type pairKey struct {
	a int
	otherKey
}

type otherKey struct {
	other *conflict.Item
	b     int
}

// pair is a volume of the item and one of another item.
type pair struct {
	pairKey
	sep   geo4d.Separation
	needM float64
	shape *geo4d.Prepared // of the other's volume
	first bool            // the item's ID comes before the other's: pairs are measured from that one
	deep  *core           // of the other's volume, once it is asked for
}

// core returns the core of the other's volume.
func (p *pair) core() core {
	if p.deep == nil {
		c := coreOf(p.volume().Shape, p.shape)
		p.deep = &c
	}
	return *p.deep
}

func (p *pair) volume() *geo4d.Volume { return &p.other.Volumes[p.b] }

// pairsOf returns the pairs that matches are of, in order of ID and volumes.
func (s *search) pairsOf(matches []conflict.Match) []*pair {
	var out []*pair
	for _, m := range matches {
		out = append(out, s.pair(pairKey{m.VolumeA, otherKey{m.Item, m.VolumeB}}))
	}
	slices.SortFunc(out, func(p, q *pair) int {
		return cmp.Or(cmp.Compare(p.other.ID, q.other.ID), cmp.Compare(p.a, q.a), cmp.Compare(p.b, q.b))
	})
	return out
}

func (s *search) pair(k pairKey) *pair {
	if p := s.pairs[k]; p != nil {
		return p
	}
	shape := s.others[k.otherKey]
	if shape == nil {
		shape = geo4d.Prepare(k.other.Volumes[k.b].Shape)
		s.others[k.otherKey] = shape
	}
	sep, _ := s.conflict.Separation(s.it.Class, k.other.Class)
	p := &pair{pairKey: k, sep: sep, shape: shape, first: s.it.ID <= k.other.ID,
		needM: sep.LateralM + (s.it.UncertaintyM + k.other.UncertaintyM)}
	s.pairs[k] = p
	return p
}

// nearInAltitude says whether a band of the item over a shape of it is too near the pair's other one.
func (s *search) nearInAltitude(p *pair, band geo4d.Band, over *geo4d.Prepared) bool {
	if p.sep.AnyAltitude {
		return true
	}
	a, b, pa, pb := band, p.volume().Band, over, p.shape
	if !p.first {
		a, b, pa, pb = b, a, pb, pa
	}
	m, overlap, _ := geo4d.Vertical(a, b, pa, pb, s.conflict.Terrain)
	return geo4d.TooNearInAltitude(geo4d.Gap{VerticalM: m, VerticalOverlap: overlap}, p.sep)
}
