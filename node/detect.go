package node

import (
	"container/heap"
	"fmt"
	"sync"
	"time"

	"parley/agreement"
	"parley/catalogue"
	"parley/conflict"
	"parley/geo4d"
	"parley/node/body"
	"parley/node/picture"
	"parley/notice"
)

// growEvery is how often an overdue notice is compared anew while it grows.
const growEvery = 10 * time.Second

// live is what the index keeps of a live notice.
type live struct {
	notice  *picture.Notice
	version *picture.Version
}

// found is a conflict that this node computed.
type found struct {
	id     string
	a, b   *picture.Notice // of side a and side b
	va, vb body.Ref        // the versions compared
	pair   conflict.Pair   // pair.A is of side a
	at     time.Time
	byOwn  bool // the own filing brought it about
	stands bool // both are live and too near

	// aside returns the least move across the ground that clears the pair's worst hit, or nil for
	// none. It is worked out when first asked for, by whichever reader asks.
	aside func() *conflict.LateralMove
}

// separations is what the agreement in force asks of classes of notices.
func (ln *lineNode) separations() conflict.Config {
	t := ln.terms
	return conflict.Config{Terrain: t.Area.Terrain, Separation: func(a, b any) (geo4d.Separation, bool) {
		return t.Separation(a.(agreement.Subject), b.(agreement.Subject))
	}}
}

// held returns a version as it is compared: an incomplete one as what it is held as.
func (ln *lineNode) held(v *picture.Version) (n notice.Notice, heldAs string) {
	n = v.Notice
	if n.Incomplete() && v.Known() {
		n.Volumes, heldAs = ln.terms.Area.Held(n)
	}
	if n.Kind == notice.Site {
		n.Expires = validUntil(v, ln.terms.Sites.Revalidate)
		n.Volumes = withoutEnd(n.Volumes)
	}
	return n, heldAs
}

// renew compares a notice of which something was said with everything that is live, and looks at
// all its conflicts. ln.mu is held.
func (ln *lineNode) renew(n *picture.Notice, byOwn bool) {
	ln.recheck(n, byOwn)
	ln.markConflictsOf(n)
	for _, id := range ln.filedOf[n.First] {
		ln.review(id)
	}
}

// markConflictsOf marks all conflicts of a notice, also those that are over: how each is shown follows from
// what its notices are now.
func (ln *lineNode) markConflictsOf(n *picture.Notice) {
	for id := range ln.foundOf[n.First] {
		ln.markConflict(id)
	}
	for _, id := range ln.filedOf[n.First] {
		if ln.found[id] == nil {
			ln.markConflict(id)
		}
	}
}

// recheck compares a notice as it is now with everything that is live. ln.mu is held.
func (ln *lineNode) recheck(n *picture.Notice, byOwn bool) {
	now := ln.node.cfg.Clock.Now()
	v := n.Latest()
	id := n.First.String()
	withVolumes, _ := ln.held(v)
	status, exercise := ln.statusAs(n, withVolumes, now), ln.apart(n)
	var volumes []geo4d.Volume
	uncertaintyM := 0.0
	if v.Known() && status.Live() {
		volumes, uncertaintyM = notice.Live(withVolumes, n.Changes(), now)
	}
	was := ln.counted[n.Key]
	ln.count(n.Key, ln.classOf(n.Key, v, status), exercise)
	if ln.counted[n.Key] != was {
		ln.markConflictsOf(n)
	}
	index, other := ln.indexOf(exercise)
	other.Remove(id)
	ln.owe(n, status)
	defer ln.touch(n)
	if len(volumes) == 0 {
		index.Remove(id)
		ln.endAll(n, nil)
		return
	}
	it := ln.item(n, volumes, uncertaintyM)
	index.Put(it)
	near := map[string]bool{}
	for _, p := range index.Near(it) {
		near[ln.find(p, now, byOwn)] = true
	}
	ln.endAll(n, near)
}

// item returns what the index keeps of a notice's newest version.
func (ln *lineNode) item(n *picture.Notice, volumes []geo4d.Volume, uncertaintyM float64) *conflict.Item {
	v := n.Latest()
	withVolumes, _ := ln.held(v)
	return &conflict.Item{
		ID: n.First.String(), Party: string(n.Key.Side), Volumes: volumes, UncertaintyM: uncertaintyM,
		Class: separationClass(ln.terms, withVolumes),
		Tag:   &live{notice: n, version: v},
	}
}

// separationClass is what decides a notice's separation.
func separationClass(t agreement.Terms, n notice.Notice) agreement.Subject {
	return t.Class(agreement.SubjectOf(n, t.Area))
}

// endAll ends the conflicts of a notice that no longer stand, and looks again at all that are open:
// what this node does not compute has its end as well.
func (ln *lineNode) endAll(n *picture.Notice, near map[string]bool) {
	for id := range ln.openOf[n.First] {
		if f := ln.found[id]; f != nil && !near[id] {
			f.stands = false
		}
		ln.review(id)
	}
}

// stateOf says what a conflict is now: open, owned, proposed, separated, joint, accepted risk,
// withdrawn or expired. It follows from the picture alone, in whatever order the entries came. ln.mu is held.
func (ln *lineNode) stateOf(id string, a, b *picture.Notice) string {
	if a == nil || b == nil {
		return stateOpen
	}
	now := ln.node.cfg.Clock.Now()
	sa, sb := ln.statusOf(a, now), ln.statusOf(b, now)
	f := ln.found[id]
	switch {
	case superseded(a, b):
		return stateSuperseded
	case sa.State == notice.Cancelled || sb.State == notice.Cancelled:
		return stateWithdrawn
	case ln.apart(a) != ln.apart(b):
		return stateExpired // one of the two became real, and no exercise is compared with that
	case (f == nil || !f.stands) && !ln.tooNear(a, b):
		return stateSeparated
	case !sa.Live() || !sb.Live():
		return stateExpired
	}
	return ln.worked(id, a, b)
}

// tooNear reports whether the newest versions of two notices do not keep their separation, whether
// or not they are live. Where this node sees too little of one it takes them to be too near, unless
// that one's author says otherwise.
func (ln *lineNode) tooNear(a, b *picture.Notice) bool {
	va, vb := a.Latest(), b.Latest()
	if !va.Known() || !vb.Known() {
		return ln.saidTooNear(a, b)
	}
	return ln.pairs.of(va.Ref, vb.Ref, func() bool {
		na, _ := ln.held(va)
		nb, _ := ln.held(vb)
		_, near := conflict.Between(ln.item(a, na.Volumes, na.UncertaintyM), ln.item(b, nb.Volumes, nb.UncertaintyM), ln.separations())
		return near
	})
}

// pairs remembers what tooNear found of two versions.
type pairs struct {
	mu   sync.Mutex
	near map[[2]body.Ref]bool
}

func newPairs() pairs { return pairs{near: map[[2]body.Ref]bool{}} }

func (p *pairs) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	clear(p.near)
}

func (p *pairs) of(a, b body.Ref, compute func() bool) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	near, ok := p.near[[2]body.Ref{a, b}]
	if !ok {
		near = compute()
		p.near[[2]body.Ref{a, b}] = near
	}
	return near
}

// class is how a notice counts in what was compared with what.
type class int

const (
	notLive class = iota
	ownLive
	otherLive
	notCompared
	classes
)

func (ln *lineNode) classOf(k picture.Key, v *picture.Version, s notice.Status) class {
	switch {
	case !s.Live():
		return notLive
	case !v.Known():
		return notCompared
	case k.Side == ln.side:
		return ownLive
	}
	return otherLive
}

// counted is how one notice counts.
type counted struct {
	in    int // which picture
	class class
}

func (ln *lineNode) count(k picture.Key, c class, exercise bool) {
	was, is := ln.counted[k], counted{pictureOf(exercise), c}
	ln.counts[was.in][was.class]--
	ln.counts[is.in][is.class]++
	if c == notLive {
		is = counted{}
		delete(ln.counted, k)
	} else {
		ln.counted[k] = is
	}
}

// find notes a pair that is too near and returns the conflict's id. ln.mu is held.
func (ln *lineNode) find(p conflict.Pair, now time.Time, byOwn bool) string {
	a, b := p.A.Tag.(*live), p.B.Tag.(*live)
	if a.notice.Key.Side > b.notice.Key.Side {
		p = p.Swapped()
		a, b = b, a
	}
	id := body.ConflictID(ln.id, a.notice.First, b.notice.First)
	f := ln.found[id]
	if f == nil {
		f = &found{id: id, a: a.notice, b: b.notice}
		ln.found[id] = f
		for _, first := range []body.Ref{a.notice.First, b.notice.First} {
			if ln.foundOf[first] == nil {
				ln.foundOf[first] = map[string]bool{}
			}
			ln.foundOf[first][id] = true
		}
	}
	renewed := f.va != a.version.Ref || f.vb != b.version.Ref
	if renewed || !f.stands || f.pair.Worst().Gap != p.Worst().Gap || f.pair.Worst().Window != p.Worst().Window {
		ln.markConflict(id)
	}
	f.pair, f.aside = p, sync.OnceValue(func() *conflict.LateralMove { return p.LateralMove(p.Worst()) })
	if renewed || !f.stands {
		f.va, f.vb, f.byOwn, f.stands, f.at = a.version.Ref, b.version.Ref, byOwn, true, now
		ln.review(id)
		ln.publishSaid("conflict", id, exercised(ln.foundMessage(f), ln.apartConflict(id)))
		ln.wakeFiler()
	}
	return id
}

// foundMessage says in a line that a conflict was found.
func (ln *lineNode) foundMessage(f *found) catalogue.Message {
	return foundWords(f.a.Key.ID, ln.party(f.a.Key.Side), f.b.Key.ID, ln.party(f.b.Key.Side), f.pair.Worst())
}

func foundWords(notice, party, other, peer string, h *conflict.Hit) catalogue.Message {
	length := func(m float64) catalogue.Arg { return catalogue.AsCode("length", fmt.Sprintf("%.0f m", m)) }
	lateral, vertical := catalogue.Say("gap.overlap"), catalogue.Say("gap.altitudes")
	if !h.Gap.LateralOverlap {
		lateral = catalogue.Say("gap.lateral", length(h.Gap.LateralM))
	}
	if !h.Gap.VerticalOverlap {
		vertical = catalogue.Say("gap.vertical", length(h.Gap.VerticalM))
	} else if h.Gap.VerticalUncertain {
		vertical = catalogue.Say("gap.maybe")
	}
	return catalogue.Say("event.found", catalogue.ByPeople("notice", notice), catalogue.ByPeople("party", party), catalogue.ByPeople("other", other),
		catalogue.ByPeople("peer", peer), catalogue.SaySeries("parts", []catalogue.Message{lateral, vertical}))
}

// nextChange returns when the clock alone next changes what a notice is, or zero for never.
func nextChange(n notice.Notice, s notice.Status, now time.Time) time.Time {
	if s.State == notice.Overdue {
		return now.Add(growEvery)
	}
	if !s.Live() {
		return time.Time{}
	}
	next := time.Time{}
	for _, t := range []time.Time{notice.Span(n).End, n.Expires} {
		if t.After(now) && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	return next
}

// due is a notice with the next instant at which the clock changes it.
type due struct {
	key picture.Key
	at  time.Time
}

// schedule holds what the clock will change, the earliest first. An entry that set made stale is
// passed over.
type schedule struct {
	heap dueHeap
	at   map[picture.Key]time.Time
}

func (s *schedule) set(k picture.Key, at time.Time) {
	if s.at == nil {
		s.at = map[picture.Key]time.Time{}
	}
	if at.IsZero() {
		delete(s.at, k)
		return
	}
	if s.at[k].Equal(at) {
		return
	}
	s.at[k] = at
	heap.Push(&s.heap, due{k, at})
}

// pop returns the notices whose instant has come.
func (s *schedule) pop(now time.Time) []picture.Key {
	var out []picture.Key
	for len(s.heap) > 0 && !s.heap[0].at.After(now) {
		d := heap.Pop(&s.heap).(due)
		if s.at[d.key].Equal(d.at) {
			delete(s.at, d.key)
			out = append(out, d.key)
		}
	}
	return out
}

type dueHeap []due

func (h dueHeap) Len() int           { return len(h) }
func (h dueHeap) Less(i, j int) bool { return h[i].at.Before(h[j].at) }
func (h dueHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *dueHeap) Push(x any)        { *h = append(*h, x.(due)) }
func (h *dueHeap) Pop() any {
	old := *h
	d := old[len(old)-1]
	*h = old[:len(old)-1]
	return d
}
