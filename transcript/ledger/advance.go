package ledger

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"slices"
	"strconv"
	"time"

	"parley/fault"
	"parley/store"
	"parley/transcript"
)

// MaxAhead is how many advance copies of one party wait for their turn at most. Beyond it the next
// is not taken: its sender delivers it in order.
const MaxAhead = 1024

// maxAheadEpochs is how far an advance copy's epoch may be beyond the open one.
const maxAheadEpochs = 16

// maxProofHashes bounds a proof in a tree of at most transcript.MaxSize entries.
const maxProofHashes = 48

// aheadKey names an advance copy of the other's.
type aheadKey struct{ epoch, index int64 }

func (k aheadKey) origin(l *Ledger) transcript.Origin { return l.origin(k.epoch).Other() }

// ahead is what must still be compared with the transcript in order.
type ahead struct {
	leaf transcript.Hash
	size int64 // of the head under which it came
	root transcript.Hash
}

// Advances returns advance copies of the own entries of the open epoch that cannot wait
// (Config.Urgent) and have no receipt yet, oldest first.
func (l *Ledger) Advances(ctx context.Context) ([]Advance, error) {
	l.mu.Lock()
	urgent := slices.Clone(l.urgent)
	l.mu.Unlock()
	var out []Advance
	for _, index := range urgent {
		a, err := l.MakeAdvance(ctx, index)
		if err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, nil
}

// MakeAdvance returns the advance copy of one own entry of the open epoch, under the head with
// which it was committed: however often it is sent, no other head is told ahead of its entries.
func (l *Ledger) MakeAdvance(ctx context.Context, index int64) (Advance, error) {
	own := l.now().own
	if index < 0 || index >= own.size() {
		return Advance{}, fault.Newf(fault.NotFound, "ledger.advance", "there is no entry %d among %d", index, own.size())
	}
	v, err := l.view(ctx)
	if err != nil {
		return Advance{}, err
	}
	defer v.Close()
	a := Advance{Origin: own.origin, Index: index}
	for it, err := range v.Scan(ctx, own.keys.head(index+1), own.keys.head(own.size()+1)) {
		if err != nil {
			return Advance{}, fault.Wrap(fault.Unavailable, "ledger.advance", err)
		}
		a.Head = it.Value
		break
	}
	head, err := transcript.OpenHead(a.Head, l.now().ownKeys...)
	if err != nil {
		return Advance{}, err
	}
	err = eachSealed(ctx, v, own.keys, chunkReader(ctx, v, l.keys), index, index+1, func(_ int64, _ time.Time, s transcript.Sealed) error {
		a.Entry, err = transcript.ForOther(s)
		return err
	})
	if err != nil {
		return Advance{}, err
	}
	a.Proof, err = transcript.ProveEntry(head.Size, index, own.reader(ctx, v))
	return a, err
}

// ReceiveAdvance judges a peer's advance copy and makes it durable; readers see it at once, in
// Ahead. It signs nothing: the entry is receipted in its turn.
func (l *Ledger) ReceiveAdvance(ctx context.Context, a Advance) (Outcome, error) {
	l.otherMu.Lock()
	defer l.otherMu.Unlock()
	if err := l.Err(); err != nil {
		return Outcome{}, err
	}
	j, err := l.judge(ctx, l.cfg.Side.Other())
	if err != nil {
		return Outcome{}, err
	}
	defer j.view.Close()
	return l.outcome(j, j.advance(a))
}

func (j *judge) advance(a Advance) error {
	p := Parcel{Origin: a.Origin, Head: a.Head, First: a.Index, Entries: []transcript.Sealed{a.Entry}}
	if err := j.address(p); err != nil {
		return err
	}
	if a.Origin.Epoch < j.epoch.Epoch {
		return nil
	}
	if a.Origin.Epoch > j.epoch.Epoch+maxAheadEpochs {
		return unsound("the advance copy is of an epoch far beyond the open one")
	}
	head, err := j.head(p)
	if err != nil {
		return err
	}
	leaf := transcript.RecordHash(a.Entry.Bytes)
	if len(a.Proof) > maxProofHashes {
		return unsound("a proof of too many hashes")
	}
	if err := transcript.CheckEntry(a.Proof, head.Size, head.Root, a.Index, leaf); err != nil {
		return unsound(err.Error())
	}
	entry, err := transcript.ParseEntry(a.Entry.Bytes)
	if err == nil {
		if err := shownExactly(entry, a.Entry); err != nil {
			return err
		}
		_, _, err = transcript.Open(a.Entry)
	}
	if err == nil && (entry.Seq != a.Index || entry.Author != j.l.cfg.Peer) {
		err = fault.Newf(fault.Corrupt, "entry", "is entry %d of %q", entry.Seq, entry.Author)
	}
	if err != nil {
		reason := "entry " + strconv.FormatInt(a.Index, 10) + " breaks the format: " + err.Error()
		return &finding{verdict: Breach, reason: reason, evidence: &Evidence{Kind: EvidenceBreach, Origin: a.Origin, Reason: reason,
			Offered: head.Note, Index: a.Index, Entry: a.Entry.Bytes, Disclosures: a.Entry.Disclosures, InOffered: a.Proof}}
	}
	if a.Origin.Epoch == j.epoch.Epoch {
		if known, err := j.compareAdvance(a, head, leaf); known || err != nil {
			return err
		}
	}
	return j.keepAdvance(a, head, leaf)
}

// compareAdvance holds an advance copy and its head to the copy held. It reports whether the entry
// is there already.
func (j *judge) compareAdvance(a Advance, head transcript.Head, leaf transcript.Hash) (bool, error) {
	r := j.half.reader(j.ctx, j.view)
	if head.Size <= j.half.size() {
		root, err := j.half.rootAt(head.Size, r)
		if err != nil || root == head.Root {
			return true, err
		}
		return true, j.forked(j.half.head, head, r, "the head of an advance copy contradicts the copy held")
	}
	if a.Index >= j.half.size() {
		return false, nil
	}
	held, err := j.half.leaves(a.Index, a.Index+1, r)
	if err != nil || held[0] == leaf {
		return true, err
	}
	ev := &Evidence{Kind: EvidenceFork, Origin: a.Origin, Index: a.Index, Entry: a.Entry.Bytes, InOffered: a.Proof}
	if ev.InHeld, err = transcript.ProveEntry(j.half.size(), a.Index, r); err != nil {
		return true, err
	}
	err = eachSealed(j.ctx, j.view, j.half.keys, chunkReader(j.ctx, j.view, j.l.keys), a.Index, a.Index+1,
		func(_ int64, _ time.Time, s transcript.Sealed) error { ev.Other = s.Bytes; return nil })
	if err != nil {
		return true, err
	}
	ev.Reason = "an advance copy of entry " + strconv.FormatInt(a.Index, 10) + " is not the entry that is held"
	return true, forkAt(j.half.head, head, ev)
}

// forkAt is the finding that two heads hold different entries at one index, as evidence shows with
// its two entries and their proofs.
func forkAt(held, offered transcript.Head, ev *Evidence) error {
	f, err := transcript.NewForkAt(held, offered, transcript.ForkedEntry{Index: ev.Index,
		First: transcript.RecordHash(ev.Other), InFirst: ev.InHeld, Second: transcript.RecordHash(ev.Entry), InSecond: ev.InOffered})
	if err != nil {
		return err
	}
	ev.Held, ev.Offered, ev.Fork = held.Note, offered.Note, f.Encode()
	return &finding{verdict: Forked, reason: ev.Reason, evidence: ev}
}

// keepAdvance makes an advance copy durable, once.
func (j *judge) keepAdvance(a Advance, head transcript.Head, leaf transcript.Hash) error {
	k := aheadKey{a.Origin.Epoch, a.Index}
	j.l.mu.Lock()
	was, have := j.l.ahead[k]
	n := 0
	for k := range j.l.ahead {
		if k.epoch >= j.epoch.Epoch {
			n++
		}
	}
	j.l.mu.Unlock()
	if have {
		return j.again(k, was, a, head, leaf)
	}
	if n >= MaxAhead {
		return &finding{verdict: Missing, reason: "too many advance copies wait for their turn"}
	}
	p := packer{keys: j.l.keys}
	b := []byte{segmentVersion}
	b = appendShort(b, head.Note)
	b = binary.AppendUvarint(b, uint64(len(a.Proof)))
	for _, h := range a.Proof {
		b = append(b, h[:]...)
	}
	b = append(b, p.encodeSegment(segment{first: a.Index, heldAt: j.at, entries: []transcript.Sealed{a.Entry}})...)
	if err := j.l.storeChunks(j.ctx, p.chunks); err != nil {
		return err
	}
	key := j.l.keys.side(a.Origin).ahead(a.Index)
	_, err := j.l.commit(j.ctx, store.Txn{Puts: []store.Put{{Key: key, Value: b}}, Guards: []store.Guard{{Key: key}}})
	if err != nil {
		return err
	}
	j.taken = 1
	j.l.publish(func() { j.l.ahead[k] = ahead{leaf, head.Size, head.Root} })
	return nil
}

// again compares a second advance copy of an entry with the first.
func (j *judge) again(k aheadKey, was ahead, a Advance, head transcript.Head, leaf transcript.Hash) error {
	if leaf == was.leaf {
		return nil
	}
	first, _, err := j.l.readAhead(j.ctx, j.view, k)
	if err != nil {
		return err
	}
	held, err := transcript.OpenHead(first.Head, j.authorKeys...)
	if err != nil {
		return err
	}
	return forkAt(held, head, &Evidence{Kind: EvidenceFork, Origin: a.Origin,
		Reason: "two advance copies of entry " + strconv.FormatInt(a.Index, 10) + " differ",
		Index:  a.Index, Entry: a.Entry.Bytes, InOffered: a.Proof, Other: first.Entry.Bytes, InHeld: first.Proof})
}

func appendShort(b, data []byte) []byte {
	return append(binary.AppendUvarint(b, uint64(len(data))), data...)
}

// readAhead reads a stored advance copy.
func (l *Ledger) readAhead(ctx context.Context, v store.View, k aheadKey) (Advance, time.Time, error) {
	o := k.origin(l)
	it, err := v.Get(ctx, l.keys.side(o).ahead(k.index))
	if err != nil {
		return Advance{}, time.Time{}, fault.Wrap(fault.Corrupt, "ledger.advance", err)
	}
	return decodeAhead(it.Value, o, chunkReader(ctx, v, l.keys))
}

func decodeAhead(value []byte, o transcript.Origin, get func([32]byte) ([]byte, error)) (Advance, time.Time, error) {
	bad := fault.Newf(fault.Corrupt, "ledger.advance", "a stored advance copy is not in its encoding")
	r := reader{rest: value}
	version := r.byte()
	a := Advance{Origin: o, Head: r.short()}
	n := r.uvarint()
	if r.bad || version != segmentVersion || n > maxProofHashes {
		return Advance{}, time.Time{}, bad
	}
	for range n {
		if h := r.bytes(32); h != nil {
			a.Proof = append(a.Proof, transcript.Hash(h))
		}
	}
	if r.bad {
		return Advance{}, time.Time{}, bad
	}
	s, err := decodeSegment(r.rest, get)
	if err != nil {
		return Advance{}, time.Time{}, err
	}
	if len(s.entries) != 1 {
		return Advance{}, time.Time{}, bad
	}
	a.Index, a.Entry = s.first, s.entries[0]
	return a, s.heldAt, nil
}

// loadAhead reads the advance copies that wait for their turn, and those of closed epochs whose
// turn never came.
func (l *Ledger) loadAhead(ctx context.Context, v store.View) error {
	get := chunkReader(ctx, v, l.keys)
	signers := l.peerKeys
	for epoch := int64(1); epoch <= l.epoch.Epoch+maxAheadEpochs; epoch++ {
		o := l.origin(epoch).Other()
		var old transcript.Head
		if epoch < l.epoch.Epoch {
			var err error
			if old, err = topHead(ctx, v, l.keys, o, signers); err != nil {
				return err
			}
		}
		prefix := string(l.keys.side(o)) + "ahead/"
		for it, err := range v.Scan(ctx, prefix, after(prefix)) {
			if err != nil {
				return fault.Wrap(fault.Unavailable, "ledger.open", err)
			}
			a, _, err := decodeAhead(it.Value, o, get)
			if err != nil {
				return err
			}
			h, err := transcript.OpenHead(a.Head, signers...)
			if err != nil {
				return err
			}
			if a.Index >= old.Size {
				l.ahead[aheadKey{epoch, a.Index}] = ahead{transcript.RecordHash(a.Entry.Bytes), h.Size, h.Root}
			}
		}
	}
	return nil
}

// leaveAhead forgets the advance copies of the open epoch that came in order; the others stay, as
// what was told of an epoch that is over. The caller holds mu.
func (l *Ledger) leaveAhead() {
	for k := range l.ahead {
		if k.epoch == l.epoch.Epoch && k.index < l.other.size() {
			delete(l.ahead, k)
		}
	}
}

// doneAhead lists the advance copies that the transcript now holds in order, under a head that
// covers theirs: at most as many as one transaction deletes beside its puts.
func (l *Ledger) doneAhead(next *half) []aheadKey {
	l.mu.Lock()
	defer l.mu.Unlock()
	var done []aheadKey
	for k, a := range l.ahead {
		if k.epoch == next.origin.Epoch && next.origin.Side != l.cfg.Side && a.size <= next.size() && len(done) < 32 {
			done = append(done, k)
		}
	}
	return done
}

// aheads compares what came ahead of its turn with what now comes in order.
func (j *judge) aheads(e *extension, head transcript.Head) error {
	j.l.mu.Lock()
	pending := map[aheadKey]ahead{}
	for k, a := range j.l.ahead {
		if k.epoch == j.half.origin.Epoch {
			pending[k] = a
		}
	}
	j.l.mu.Unlock()
	if len(pending) == 0 {
		return nil
	}
	over := j.overlay(e)
	for k, a := range pending {
		if a.size <= head.Size {
			t, err := transcript.TreeAt(a.size, over)
			if err != nil {
				return err
			}
			if t.Root() != a.root {
				return j.aheadFork(k, head, over)
			}
		}
		if i := k.index - e.base; i >= 0 && i < int64(len(e.leaves)) && e.leaves[i] != a.leaf {
			return j.aheadDiffers(k, e.entries[i], head, over)
		}
	}
	return nil
}

func (j *judge) aheadFork(k aheadKey, head transcript.Head, over *overlay) error {
	first, _, err := j.l.readAhead(j.ctx, j.view, k)
	if err != nil {
		return err
	}
	h, err := transcript.OpenHead(first.Head, j.authorKeys...)
	if err != nil {
		return err
	}
	return j.forked(h, head, over, "the head contradicts that of an advance copy")
}

func (j *judge) aheadDiffers(k aheadKey, s transcript.Sealed, head transcript.Head, over *overlay) error {
	first, _, err := j.l.readAhead(j.ctx, j.view, k)
	if err != nil {
		return err
	}
	proof, err := transcript.ProveEntry(head.Size, k.index, over)
	if err != nil {
		return err
	}
	held, err := transcript.OpenHead(first.Head, j.authorKeys...)
	if err != nil {
		return err
	}
	return forkAt(held, head, &Evidence{Kind: EvidenceFork, Origin: j.half.origin,
		Reason: "entry " + strconv.FormatInt(k.index, 10) + " is not the one that its advance copy was",
		Index:  k.index, Entry: s.Bytes, InOffered: proof, Other: first.Entry.Bytes, InHeld: first.Proof})
}

// Ahead returns the advance copies whose turn has not come, by epoch and index, and those of closed
// epochs whose turn never came.
func (l *Ledger) Ahead(ctx context.Context) ([]Record, error) {
	l.mu.Lock()
	var ks []aheadKey
	for k := range l.ahead {
		if k.epoch != l.epoch.Epoch || k.index >= l.other.size() {
			ks = append(ks, k)
		}
	}
	l.mu.Unlock()
	slices.SortFunc(ks, func(a, b aheadKey) int {
		return cmp.Or(cmp.Compare(a.epoch, b.epoch), cmp.Compare(a.index, b.index))
	})
	v, err := l.view(ctx)
	if err != nil {
		return nil, err
	}
	defer v.Close()
	var out []Record
	for _, k := range ks {
		a, heldAt, err := l.readAhead(ctx, v, k)
		if fault.Is(err, fault.Corrupt) && errors.Is(err, store.ErrNotFound) {
			continue // its entry came in order meanwhile: the commit that took it in removed the copy
		}
		if err != nil {
			return nil, err
		}
		r, err := record(a.Origin, heldAt, a.Entry)
		if err != nil {
			return nil, err
		}
		r.Ahead = true
		out = append(out, r)
	}
	return out, nil
}
