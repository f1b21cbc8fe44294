package node

import (
	"parley/catalogue"
	"parley/node/body"
	"parley/node/picture"
)

// A line keeps every conflict and every call for ever, and few of them are open. What a tick of the
// clock looks at are the open ones alone: a conflict is looked at again when something is said of it
// or of one of its notices, and when the clock changes one of these.

// isOver reports whether a conflict in a state needs nobody.
func isOver(state string) bool {
	return state != stateOpen && state != stateOwned && state != stateProposed
}

// conflictOf returns the two notices of a conflict as this node found it, or as it was filed; nil
// for one that is not here.
func (ln *lineNode) conflictOf(id string) (a, b *picture.Notice) {
	if f := ln.found[id]; f != nil {
		return f.a, f.b
	}
	if c := ln.pic.Conflict(id); c != nil {
		if first, second, ok := c.Notices(); ok {
			return ln.pic.NoticeByFirst(first), ln.pic.NoticeByFirst(second)
		}
	}
	return nil, nil
}

// conflictState says what a conflict is now. ln.mu is held.
func (ln *lineNode) conflictState(id string) string {
	a, b := ln.conflictOf(id)
	return ln.stateOf(id, a, b)
}

// review looks whether a conflict is open, and what the other party must be told of it. ln.mu is
// held.
func (ln *lineNode) review(id string) {
	a, b := ln.conflictOf(id)
	state := ln.stateOf(id, a, b)
	ln.oweSeparated(id, a, b, state)
	was := ln.open[id]
	if was != !isOver(state) || was && ln.openAs[id] != state {
		ln.markConflict(id)
		ln.markNotice(a)
		ln.markNotice(b)
	}
	if !isOver(state) {
		ln.open[id], ln.openAs[id] = true, state
		for _, n := range []*picture.Notice{a, b} {
			if n != nil {
				ln.openUnder(n.First)[id] = true
			}
		}
		return
	}
	if !was {
		return
	}
	delete(ln.open, id)
	delete(ln.openAs, id)
	for _, n := range []*picture.Notice{a, b} {
		delete(ln.openOf[n.First], id)
		if len(ln.openOf[n.First]) == 0 {
			delete(ln.openOf, n.First)
		}
	}
	ln.publishSaid("conflict-over", id, exercised(catalogue.Say("event.conflict-over", catalogue.ByPeople("notice", a.Key.ID), catalogue.ByPeople("other", b.Key.ID),
		catalogue.Word("state", "conflict."+catalogue.Slug(state))), ln.apart(a) && ln.apart(b)))
	ln.touchBoth(a, b)
}

// touchBoth works out anew what a person must look at in the notices of a conflict, on which what is
// owed for them depends. ln.mu is held.
func (ln *lineNode) touchBoth(a, b *picture.Notice) {
	for _, n := range []*picture.Notice{a, b} {
		if n != nil && ln.counted[n.Key].class != notLive {
			ln.touch(n)
		}
	}
}

func (ln *lineNode) openUnder(first body.Ref) map[string]bool {
	if ln.openOf[first] == nil {
		ln.openOf[first] = map[string]bool{}
	}
	return ln.openOf[first]
}

// follows keeps the open conflicts and calls at what an entry changed. ln.mu is held.
func (ln *lineNode) follows(ch picture.Change) {
	if !ln.live.Load() {
		return
	}
	switch ch.Kind {
	case body.KindPassed, body.KindHeard, body.KindVoiceClosed:
		if !ch.Call.IsZero() {
			ln.reviewCall(ch.Call)
		}
		ln.node.poke()
	case body.KindOwned, body.KindProposed, body.KindReplied, body.KindSettled:
		ln.markWorked(ch.ID)
		ln.review(ch.ID)
		ln.node.poke()
	case body.KindConflict, body.KindSeparated:
		ln.markConflict(ch.ID)
		if c := ln.pic.Conflict(ch.ID); len(c.Filings)+len(c.Separated) == 1 {
			ln.noteFiled(c)
		}
		ln.review(ch.ID)
		ln.touchBoth(ln.conflictOf(ch.ID))
	default:
		if !ch.Call.IsZero() {
			ln.reviewCall(ch.Call)
		}
	}
}

func (ln *lineNode) noteFiled(c *picture.Conflict) {
	if a, b, ok := c.Notices(); ok {
		ln.filedOf[a] = append(ln.filedOf[a], c.ID)
		ln.filedOf[b] = append(ln.filedOf[b], c.ID)
	}
}

// reviewCall looks whether somebody must still look at a call. ln.mu is held.
func (ln *lineNode) reviewCall(r body.Ref) {
	ln.markCall(r)
	c := ln.pic.Call(r)
	if c != nil && !ln.needsNobody(c) {
		ln.pending[r] = true
	} else {
		delete(ln.pending, r)
	}
}

// lookAtAll finds the open conflicts and calls once, when the replay has ended. ln.mu is held.
func (ln *lineNode) lookAtAll() {
	now := ln.node.cfg.Clock.Now()
	for _, c := range ln.pic.Conflicts() {
		ln.noteFiled(c)
		a, b := ln.conflictOf(c.ID)
		done := func(n *picture.Notice) bool {
			return n != nil && !ln.statusOf(n, now).Live() && (n.Key.Side != ln.side || !n.Latest().Withheld)
		}
		if !done(a) && !done(b) { // whatever the distance, the others are over
			ln.review(c.ID)
		}
	}
	for _, c := range ln.pic.Calls() {
		ln.reviewCall(c.Ref)
	}
}
