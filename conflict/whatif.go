package conflict

import (
	"math"
	"sync/atomic"
)

// WhatIf answers for each of several variants of one item what Matches answers for one, in their
// order. Variants have the ID of the item that they would replace. It looks for what may be near any
// of them once, so variants that lie close together cost less than as many calls of Matches.
func (x *Index) WhatIf(variants []*Item) [][]Match {
	out := make([][]Match, len(variants))
	q := x.begin()
	defer q.done()
	stored := make([]*stored, len(variants))
	for i, it := range variants {
		stored[i] = x.store(it)
	}
	c, ok := x.candidates(q, stored)
	for i := range variants {
		q.aboutStored(stored[i])
		if ok {
			q.runOver(c)
		} else {
			q.run()
		}
		out[i] = q.matches(nil)
	}
	return out
}

// candidates is what may be near any of several items.
type candidates struct {
	list body // without order
	wide []*piece
}

// hull is a disc and a window that hold what several pieces reach.
type hull struct {
	at           vector
	reachM       float64
	until, since int32
	fits         bool
}

// hullOf returns the hull of all pieces of some versions. It does not fit where it is much wider than
// what it holds: to look once would cost more than to look for each.
func hullOf(q *query, all []*stored) hull {
	h := hull{until: math.MinInt32, since: math.MaxInt32}
	widest := 0.0
	first := true
	for _, s := range all {
		q.aboutStored(s)
		for i := range s.pieces {
			q.turn(&s.pieces[i])
			if q.piece.kind == endless {
				return hull{}
			}
			if first {
				h.at, first = q.at, false
			}
			h.reachM = math.Max(h.reachM, longest(q.at.from(h.at))+q.farthest)
			widest = math.Max(widest, q.farthest)
			h.until, h.since = max(h.until, q.until), min(h.since, q.since)
		}
	}
	h.fits = !first && h.reachM < wideQueryM && h.reachM < 4*widest+20e3
	return h
}

// candidates gathers what may be near any of some versions, or reports false.
func (x *Index) candidates(q *query, all []*stored) (*candidates, bool) {
	h := hullOf(q, all)
	if !h.fits {
		return nil, false
	}
	g := &gatherer{x: x, hull: h}
	lat, lon := h.at.degrees()
	for l := range x.grids {
		if x.onLevel[l].Load() > 0 {
			x.grids[l].cover(lat, lon, h.reachM+x.grids[l].reachM, g)
		}
	}
	g.out.list.count.Store(int32(len(g.out.list.spans)))
	g.out.wide = *x.everywhere.Load()
	return &g.out, true
}

// gatherer copies the records of tiles that a hull meets.
type gatherer struct {
	x    *Index
	hull hull
	out  candidates
}

// tile implements visitor.
func (g *gatherer) tile(id tileID, wanted uint64) {
	e := g.x.stripeOf(id).table.Load().find(id)
	if e == nil {
		return
	}
	b := e.body.Load()
	to := &g.out.list
	for i := range b.count.Load() {
		w := span{b.spans[i].start, atomic.LoadInt32(&b.spans[i].end)}
		if w.start >= g.hull.until || w.end <= g.hull.since {
			continue
		}
		s := b.spots[i]
		d := vector{float64(s.x), float64(s.y), float64(s.z)}.sub(g.hull.at)
		if far := g.hull.reachM + float64(s.out); d.dot(d) > far*far {
			continue
		}
		to.spans, to.spots = append(to.spans, w), append(to.spots, s)
		to.extents, to.pieces = append(to.extents, b.extents[i]), append(to.pieces, b.pieces[i])
	}
}

// runOver is run over what was gathered.
func (q *query) runOver(c *candidates) {
	for i := range q.s.pieces {
		q.turn(&q.s.pieces[i])
		for _, p := range c.wide {
			q.weigh(p)
		}
		q.records(&c.list, 0, int32(len(c.list.spans)))
		q.sift()
	}
	q.finish()
}
