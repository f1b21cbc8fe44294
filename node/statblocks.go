package node

import (
	"sync"
	"time"

	"parley/node/body"
	"parley/node/picture"
	"parley/transcript"
)

// The figures of notices that were said long ago change no more, and a line may hold millions. They are
// counted in blocks of entries, each by the day, and a block is counted anew when something in it changed.
// So who asks for figures each minute does not go through all that ever was, and holds up no entry for
// longer than one block takes.

// blockOf is how many entries of one transcript are counted as one.
const blockOf = 1024

type blockKey struct {
	origin transcript.Origin
	nr     int64
}

// blocks are the figures of what was counted. What is no longer so is not there.
type blocks struct {
	mu   sync.Mutex // held after ln.mu
	done map[blockKey]*block
}

// block is what the notices of a block come to whose first entries are in it.
type block struct {
	days map[string]*sums // of what is real
	odd  []body.Ref       // drills, and what was heard by voice: what they count as hangs on other entries too
}

// oddity says of a notice why it does not count as others.
type oddity struct{ byVoice, exercise bool }

func newBlocks() blocks { return blocks{done: map[blockKey]*block{}} }

func blockWith(r body.Ref) blockKey { return blockKey{r.Origin, r.Seq / blockOf} }

// forget says that a notice is not what it was.
func (b *blocks) forget(p *picture.Notice) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.done, blockWith(p.First))
}

// forgetAll says that all may count otherwise.
func (b *blocks) forgetAll() {
	b.mu.Lock()
	defer b.mu.Unlock()
	clear(b.done)
}

// countBlocks counts what was not counted yet, a block at a time, so that entries come in meanwhile.
func (ln *lineNode) countBlocks() {
	ln.mu.RLock()
	keys := ln.blockKeys()
	ln.mu.RUnlock()
	for _, k := range keys {
		ln.mu.RLock()
		ln.block(k)
		ln.mu.RUnlock()
	}
}

// blockKeys lists the blocks of both transcripts. ln.mu is held.
func (ln *lineNode) blockKeys() []blockKey {
	var out []blockKey
	for _, o := range ln.pic.Origins() {
		for nr := range (ln.pic.Reaches(o) + blockOf - 1) / blockOf {
			out = append(out, blockKey{o, nr})
		}
	}
	return out
}

// block returns a block's figures. ln.mu is held.
func (ln *lineNode) block(k blockKey) *block {
	ln.blocks.mu.Lock()
	b := ln.blocks.done[k]
	ln.blocks.mu.Unlock()
	if b != nil {
		return b
	}
	b = &block{}
	t := newTally(ln, ByDay)
	for p := range ln.pic.NoticesOf(k.origin, k.nr*blockOf, (k.nr+1)*blockOf) {
		if p.Key.Voice || p.Latest().Drill {
			b.odd = append(b.odd, p.First)
		} else {
			t.notice(p)
		}
	}
	b.days = t.periods
	ln.blocks.mu.Lock()
	ln.blocks.done[k] = b
	ln.blocks.mu.Unlock()
	return b
}

// notices counts the notices of the picture, or of the exercise, and returns those that are odd. ln.mu is held.
func (t *tally) notices(exercise bool) map[body.Ref]oddity {
	ln, odd := t.ln, map[body.Ref]oddity{}
	for _, k := range ln.blockKeys() {
		b := ln.block(k)
		for day, s := range b.days {
			if when, err := time.Parse(time.DateOnly, day); err == nil && !exercise {
				t.at(when).add(s)
			}
		}
		for _, first := range b.odd {
			p := ln.pic.NoticeByFirst(first)
			is := oddity{p.Key.Voice, ln.apart(p)}
			odd[first] = is
			if !is.byVoice && is.exercise == exercise { // an entry that was heard by voice counts, once it is here
				t.notice(p)
			}
		}
	}
	return odd
}

// add adds the figures of notices.
func (s *sums) add(o *sums) {
	for side, from := range o.parties {
		to := s.parties[side]
		for kind, n := range from.notices {
			to.notices[kind] += n
		}
		for grade, n := range from.grades {
			to.grades[grade] += n
		}
		to.leads = append(to.leads, from.leads...)
		for name, took := range from.rungs {
			to.rungs[name] = append(to.rungs[name], took...)
		}
	}
}
