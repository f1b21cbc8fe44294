package conflict

import (
	"math"

	"parley/conflict/plane"
)

// WhatIf answers for each of several variants of one item what Matches answers for one, in their
// order. Variants have the ID of the item that they would replace. It looks for what may be near any
// of them once, so variants that lie close together cost less than as many calls of Matches.
func (x *Index) WhatIf(variants []*Item) [][]Match {
	out := make([][]Match, len(variants))
	q := x.begin()
	defer q.done()
	c, ok := x.candidates(q, variants)
	var all []Match
	for i, it := range variants {
		q.about(it)
		if ok {
			q.runOver(c)
		} else {
			q.run()
		}
		from := len(all)
		all = q.matches(all)
		out[i] = all[from:len(all):len(all)]
	}
	return out
}

// candidates is what may be near any of several items.
type candidates struct {
	list []candidate
	wide []*piece
}

// hull is a disc and a window that hold what several pieces reach.
type hull struct {
	at           plane.Vector
	reachM       float64
	until, since int64
	fits         bool
}

// hullOf returns the hull of all pieces of some items. It does not fit where it is much wider than
// what it holds: to look once would cost more than to look for each.
func hullOf(q *query, all []*Item) hull {
	h := hull{until: math.MinInt64, since: math.MaxInt64}
	widest := 0.0
	first := true
	for _, it := range all {
		q.about(it)
		for p := range q.s.pieces {
			q.turn(p)
			if p.kind == endless {
				return hull{}
			}
			if first {
				h.at, first = q.at, false
			}
			h.reachM = math.Max(h.reachM, longest(q.at.From(h.at))+q.farthest)
			widest = math.Max(widest, q.farthest)
			h.until, h.since = max(h.until, q.until), min(h.since, q.since)
		}
	}
	h.fits = !first && h.reachM < wideQueryM && h.reachM < 4*widest+20e3
	return h
}

// candidates gathers what may be near any of some items, or reports false.
func (x *Index) candidates(q *query, all []*Item) (*candidates, bool) {
	h := hullOf(q, all)
	if !h.fits {
		return nil, false
	}
	lat, lon := h.at.Degrees()
	for l := range x.grids {
		if x.onLevel[l].Load() > 0 {
			x.grids[l].cover(lat, lon, h.reachM+x.grids[l].reachM, q)
		}
	}
	q.look()
	c := &candidates{}
	for _, b := range q.scan.bodies {
		c.gather(b.body, x.grids[b.level].unit, &h)
	}
	q.scan.forget()
	c.wide = *x.everywhere.Load()
	return c, true
}

// gather adds the records of a body that a hull meets.
func (c *candidates) gather(b *body, unit int64, h *hull) {
	for i := range b.count.Load() {
		one := candidate{record: &b.records[i], span: b.span(i), unit: unit}
		if one.span.gone() || one.start() >= h.until || one.end() <= h.since {
			continue
		}
		r := one.record
		d := plane.Vector{X: float64(r.x), Y: float64(r.y), Z: float64(r.z)}.Sub(h.at)
		if far := h.reachM + r.out.metres(); d.Dot(d) <= far*far {
			c.list = append(c.list, one)
		}
	}
}

// runOver is run over what was gathered.
func (q *query) runOver(c *candidates) {
	for p := range q.s.pieces {
		q.turn(p)
		for _, p := range c.wide {
			q.weigh(p)
		}
		for i := range c.list {
			if s := &c.list[i]; s.start() < q.until && s.end() > q.since {
				q.push(s)
			}
		}
		q.sift()
	}
	q.finish()
}
