package ledger

import (
	"bytes"
	"context"
	"errors"
	"math"
	"slices"

	"parley/fault"
	"parley/store"
	"parley/transcript"
)

// maxEpochSkip is how many epochs a party may be behind the other.
const maxEpochSkip = 1024

// perItem is what an entry or a disclosure is counted for beside its bytes.
const perItem = 8

// Parcel returns what the peer lacks: entries from w.Have up to a stored head, about w.MaxBytes of
// them, at least one commit's where that is positive, and the receipts after those that the peer
// holds. Where the peer lacks no entries that may go out, or w.MaxBytes is 0, the head is the one at
// which the peer stands: no head leaves without its entries, so that what was told of a transcript
// can be given back after a restore.
//
// A peer that lacks entries of an older epoch gets these, and then the next epoch from its
// beginning. Only what is durable goes out.
func (l *Ledger) Parcel(ctx context.Context, w Want) (Parcel, error) {
	s := l.now()
	p := Parcel{Origin: s.own.origin, Have: l.have(), Receipted: l.receiptsHeld()}
	if err := l.receiptsAfter(ctx, &p, s.other, w.Receipted); err != nil {
		return Parcel{}, err
	}
	keys := s.ownKeys
	have, err := l.nextOf(ctx, s.own, w.Have, keys)
	if err != nil {
		return Parcel{}, err
	}
	return p, l.fill(ctx, &p, s.own, s.ownKeys, have, bound{bytes: w.MaxBytes, own: true, upTo: w.UpTo, turns: l.turns(s)})
}

// turns returns what tells the entries after which a parcel ends, with the head that was committed with them: what
// follows may be under a line key that the peer knows of by that entry alone. It is nil where the peer has named the
// agreement in force, and so knows the keys.
func (l *Ledger) turns(s snapshot) func(sealed []byte) bool {
	if l.cfg.Turns == nil || s.other.last != nil && s.other.last.Agreement == s.agreement {
		return nil
	}
	return func(sealed []byte) bool {
		_, rest, _ := bytes.Cut(sealed, []byte(`"kind":"`)) // no value before it can hold a quotation mark
		kind, _, _ := bytes.Cut(rest, []byte{'"'})
		return l.cfg.Turns(string(kind))
	}
}

// nextOf returns the place of the next entry of a transcript for who lacks all from have on: where
// nothing more is held of a closed epoch, the beginning of the next.
func (l *Ledger) nextOf(ctx context.Context, h *half, have Have, keys []transcript.LineKey) (Have, error) {
	if have.Epoch == 0 || have.Epoch >= h.origin.Epoch {
		return have, nil
	}
	o := h.origin
	o.Epoch = have.Epoch
	old, err := l.oldHead(ctx, o, keys)
	if err != nil || have.Size < old.Size {
		return have, err
	}
	return l.nextEpochOf(ctx, h, have.Epoch, keys)
}

// nextEpochOf returns the beginning of the first epoch after one in which a transcript has a head.
func (l *Ledger) nextEpochOf(ctx context.Context, h *half, epoch int64, keys []transcript.LineKey) (Have, error) {
	for epoch++; epoch < h.origin.Epoch; epoch++ {
		o := h.origin
		o.Epoch = epoch
		head, err := l.oldHead(ctx, o, keys)
		if err != nil || head.Size > 0 {
			return Have{Epoch: epoch}, err
		}
	}
	return Have{Epoch: epoch}, nil
}

// GiveBack returns what is held of the peer's own transcript beyond have, with its newest head:
// what a peer restored from a backup lacks. Parcel.Have says how much is held of it. Where there are
// no more entries to give, Head is the newest that an advance copy brought, if it is for more than is
// held: the peer signed it and must not contradict it. GiveBack signs nothing.
func (l *Ledger) GiveBack(ctx context.Context, have Have, maxBytes int) (Parcel, error) {
	s := l.now()
	p := Parcel{Origin: s.other.origin, Have: s.other.have()}
	have, err := l.nextOf(ctx, s.other, have, s.peerKeys)
	if err != nil {
		return Parcel{}, err
	}
	if err := l.fill(ctx, &p, s.other, s.peerKeys, have, bound{bytes: maxBytes}); err != nil {
		return Parcel{}, err
	}
	if len(p.Entries) == 0 && have.Epoch >= s.epoch.Epoch && have.Size >= s.other.size() {
		return p, l.newestAhead(ctx, &p)
	}
	return p, nil
}

// newestAhead puts the newest head of an advance copy into a parcel that gives back, where it is
// for more than is held.
func (l *Ledger) newestAhead(ctx context.Context, p *Parcel) error {
	l.mu.Lock()
	var newest aheadKey
	var size int64
	for k, a := range l.ahead {
		more := k.epoch > l.epoch.Epoch || (k.epoch == l.epoch.Epoch && a.size > l.other.size())
		if more && (k.epoch > newest.epoch || (k.epoch == newest.epoch && a.size > size)) {
			newest, size = k, a.size
		}
	}
	l.mu.Unlock()
	if size == 0 {
		return nil
	}
	v, err := l.view(ctx)
	if err != nil {
		return err
	}
	defer v.Close()
	a, _, err := l.readAhead(ctx, v, newest)
	if err != nil {
		return err
	}
	p.Origin, p.Head, p.First = a.Origin, a.Head, size
	return nil
}

// oldHead returns the newest head of a transcript of an earlier epoch.
func (l *Ledger) oldHead(ctx context.Context, o transcript.Origin, keys []transcript.LineKey) (transcript.Head, error) {
	v, err := l.view(ctx)
	if err != nil {
		return transcript.Head{}, err
	}
	defer v.Close()
	return topHead(ctx, v, l.keys, o, keys)
}

// topHead reads the newest head of a transcript, the zero Head where there is none.
func topHead(ctx context.Context, v store.View, k keys, o transcript.Origin, keys []transcript.LineKey) (transcript.Head, error) {
	it, err := v.Get(ctx, k.side(o).top())
	if errors.Is(err, store.ErrNotFound) {
		return transcript.Head{}, nil
	}
	if err != nil {
		return transcript.Head{}, fault.Wrap(fault.Unavailable, "ledger.read", err)
	}
	return transcript.OpenHead(it.Value, keys...)
}

// keysOf lists the line keys of a side.
func (s snapshot) keysOf(side transcript.Side) []transcript.LineKey {
	if side == s.own.origin.Side {
		return s.ownKeys
	}
	return s.peerKeys
}

// bound says how much a parcel may hold.
type bound struct {
	bytes int
	own   bool                     // of each entry only what is shown to the peer goes out
	upTo  Have                     // nothing beyond the first head that covers this; zero: no bound
	turns func(sealed []byte) bool // nil: none
}

// within returns the bound for the entries from have on, with upTo in the same epoch, past every
// size where there is none. Nothing may go out where it leaves no bytes.
func (b bound) within(have Have) bound {
	switch {
	case b.upTo == Have{}, b.upTo.Epoch > have.Epoch:
		b.upTo.Size = math.MaxInt64
	case b.upTo.Epoch < have.Epoch || have.Size >= b.upTo.Size:
		b.bytes = 0
	}
	return b
}

// fill puts a head and the entries before it into a parcel, from have on.
func (l *Ledger) fill(ctx context.Context, p *Parcel, h *half, signers []transcript.LineKey, have Have, most bound) error {
	head, k := h.head, h.keys
	if have.Epoch > 0 && have.Epoch < h.origin.Epoch {
		p.Origin.Epoch = have.Epoch
		k = l.keys.side(p.Origin)
		var err error
		if head, err = l.oldHead(ctx, p.Origin, signers); err != nil {
			return err
		}
	}
	p.Head, p.First = head.Note, head.Size
	if have.Epoch > h.origin.Epoch || have.Size >= head.Size || have.Size < 0 {
		return nil
	}
	p.First = have.Size
	most = most.within(Have{Epoch: p.Origin.Epoch, Size: have.Size})
	if p.Origin == h.origin && have.Epoch == h.origin.Epoch && h.tail.holds(have.Size) {
		if done, err := fillFromTail(p, &h.tail, most, head); done || err != nil {
			return err
		}
	}
	v, err := l.view(ctx)
	if err != nil {
		return err
	}
	defer v.Close()
	if most.bytes <= 0 {
		it, err := v.Get(ctx, k.head(have.Size))
		if p.Head = it.Value; errors.Is(err, store.ErrNotFound) {
			return nil
		}
		return fault.Wrap(fault.Unavailable, "ledger.parcel", err)
	}
	c := newCollector(p.First, most)
	err = c.collect(ctx, v, k, chunkReader(ctx, v, l.keys), head.Size)
	if err != nil {
		return err
	}
	p.Entries = c.entries
	if end := p.First + int64(len(p.Entries)); end != head.Size || c.turned {
		it, err := v.Get(ctx, k.head(end))
		if err != nil {
			return fault.Wrap(fault.Corrupt, "ledger.parcel", err)
		}
		p.Head = it.Value
	}
	return nil
}

// fillFromTail is fill for a peer that lacks only what is in memory. It reports false where the
// head at which the peer stands is not.
func fillFromTail(p *Parcel, t *tail, most bound, newest transcript.Head) (bool, error) {
	if most.bytes <= 0 {
		head, ok := t.headAt(p.First)
		if ok {
			p.Head = head
		}
		return ok, nil
	}
	c := newCollector(p.First, most)
	for _, r := range t.from(p.First) {
		add, bytes, err := c.pickRecords(r.records[max(0, p.First-r.first()):])
		if err != nil {
			return true, err
		}
		if !c.takes(add, bytes) {
			break
		}
		if p.Entries, p.Head = c.entries, r.head; c.full() {
			break
		}
	}
	if len(p.Entries) > 0 && p.First+int64(len(p.Entries)) == newest.Size && !c.turned {
		p.Head = newest.Note // the key of the one that was committed with them may count no more
	}
	return true, nil
}

func newCollector(first int64, most bound) collector {
	return collector{left: min(most.bytes, MaxParcelBytes-2*transcript.MaxNoteBytes), own: most.own, first: first, upTo: most.upTo.Size, turns: most.turns}
}

// collector gathers whole segments into a parcel, so that it ends at a stored head.
type collector struct {
	left    int
	own     bool // of each entry only what is shown to the peer goes out
	first   int64
	upTo    int64 // the first head that covers so many ends it
	turns   func(sealed []byte) bool
	turned  bool // it ends with a commit in which there is such an entry
	entries []transcript.Sealed
}

// full reports whether no commit's entries may be added.
func (c *collector) full() bool {
	return c.turned || c.left <= 0 || c.first+int64(len(c.entries)) >= c.upTo
}

func (c *collector) collect(ctx context.Context, v store.View, k sideKeys, get func([32]byte) ([]byte, error), to int64) error {
	for it, err := range v.Scan(ctx, k.seg(c.first+1), k.seg(to+1)) {
		if err != nil {
			return fault.Wrap(fault.Unavailable, "ledger.parcel", err)
		}
		s, err := decodeSegment(it.Value, get)
		if err != nil {
			return err
		}
		next := c.first + int64(len(c.entries))
		if s.first > next || s.end() <= next {
			return fault.Newf(fault.Corrupt, "ledger.parcel", "the segment %s does not hold entry %d", it.Key, next)
		}
		add, bytes, err := c.pick(s.entries[next-s.first:])
		if err != nil {
			return err
		}
		if !c.takes(add, bytes) || c.full() {
			return nil
		}
	}
	return nil
}

// takes adds a commit's entries, unless they do not fit beside what is there.
func (c *collector) takes(add []transcript.Sealed, bytes int) bool {
	if len(c.entries) > 0 && (bytes > c.left || len(c.entries)+len(add) > MaxParcelEntries) {
		return false
	}
	c.entries = append(c.entries, add...)
	c.left -= bytes
	c.turned = c.turns != nil && slices.ContainsFunc(add, func(s transcript.Sealed) bool { return c.turns(s.Bytes) })
	return true
}

func (c *collector) pickRecords(rs []Record) ([]transcript.Sealed, int, error) {
	out := make([]transcript.Sealed, len(rs))
	bytes := 0
	for i := range rs {
		s := transcript.Sealed{Bytes: rs[i].Bytes, Disclosures: rs[i].Disclosures}
		if c.own {
			var err error
			if s, err = shown(&rs[i]); err != nil {
				return nil, 0, err
			}
		}
		out[i] = s
		bytes += parcelBytes(s)
	}
	return out, bytes, nil
}

// parcelBytes is what an entry is counted for in a parcel.
func parcelBytes(s transcript.Sealed) int {
	n := len(s.Bytes) + perItem
	for _, d := range s.Disclosures {
		n += len(d) + perItem
	}
	return n
}

func (c *collector) pick(es []transcript.Sealed) ([]transcript.Sealed, int, error) {
	out := make([]transcript.Sealed, 0, len(es))
	bytes := 0
	for _, s := range es {
		if c.own {
			var err error
			if s, err = transcript.ForOther(s); err != nil {
				return nil, 0, err
			}
		}
		out = append(out, s)
		bytes += parcelBytes(s)
	}
	return out, bytes, nil
}
