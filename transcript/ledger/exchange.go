package ledger

import (
	"context"
	"errors"
	"strconv"
	"time"

	"parley/fault"
	"parley/store"
	"parley/transcript"
)

// maxEpochSkip is how many epochs a party may be behind the other.
const maxEpochSkip = 1024

// perItem is what an entry or a disclosure is counted for beside its bytes.
const perItem = 8

// Parcel returns what the peer, who holds have of the own transcript, lacks: entries from there up
// to a stored head, about maxBytes of them, at least one commit's where maxBytes is positive. Where
// the peer lacks nothing, or maxBytes is 0, it carries head, receipt and Have alone, and the head
// is the one at which the peer stands: no head leaves without its entries, so that what was told
// of a transcript can be given back after a restore.
//
// A peer that holds an older epoch gets the next one from its beginning. Only what is durable goes
// out.
func (l *Ledger) Parcel(ctx context.Context, have Have, maxBytes int) (Parcel, error) {
	s := l.now()
	p := Parcel{Origin: s.own.origin, Have: l.have(), Receipt: s.other.receipt.Note}
	if have.Epoch > 0 && have.Epoch < s.epoch.Epoch {
		var err error
		if have, err = l.nextEpochOf(ctx, s.own, have.Epoch, publicKeys(s.ownKeys)); err != nil {
			return Parcel{}, err
		}
	}
	return p, l.fill(ctx, &p, s.own, s.ownKeys, have, maxBytes, true)
}

// nextEpochOf returns the beginning of the first epoch after one in which a transcript has a head.
func (l *Ledger) nextEpochOf(ctx context.Context, h *half, epoch int64, keys []publicKey) (Have, error) {
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
// what a peer restored from a backup lacks. Parcel.Have says how much is held of it, and Receipt is
// the newest receipt for it. Where there are no more entries to give, Head is the newest that an
// advance copy brought, if it is for more than is held: the peer signed it and must not contradict
// it. GiveBack signs nothing.
func (l *Ledger) GiveBack(ctx context.Context, have Have, maxBytes int) (Parcel, error) {
	s := l.now()
	p := Parcel{Origin: s.other.origin, Have: s.other.have(), Receipt: s.other.receipt.Note}
	if have.Epoch > 0 && have.Epoch < s.epoch.Epoch {
		old, err := l.oldHead(ctx, l.origin(have.Epoch).Other(), publicKeys(s.peerKeys))
		if err != nil {
			return Parcel{}, err
		}
		if have.Size >= old.Size {
			if have, err = l.nextEpochOf(ctx, s.other, have.Epoch, publicKeys(s.peerKeys)); err != nil {
				return Parcel{}, err
			}
		}
	}
	if err := l.fill(ctx, &p, s.other, s.peerKeys, have, maxBytes, false); err != nil {
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
func (l *Ledger) oldHead(ctx context.Context, o transcript.Origin, keys []publicKey) (transcript.Head, error) {
	v, err := l.view(ctx)
	if err != nil {
		return transcript.Head{}, err
	}
	defer v.Close()
	return topHead(ctx, v, l.keys, o, keys)
}

// topHead reads the newest head of a transcript, the zero Head where there is none.
func topHead(ctx context.Context, v store.View, k keys, o transcript.Origin, keys []publicKey) (transcript.Head, error) {
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
func (s snapshot) keysOf(side transcript.Side) []publicKey {
	if side == s.own.origin.Side {
		return publicKeys(s.ownKeys)
	}
	return publicKeys(s.peerKeys)
}

// fill puts a head and the entries before it into a parcel, from have on.
func (l *Ledger) fill(ctx context.Context, p *Parcel, h *half, signers []transcript.LineKey, have Have, maxBytes int, own bool) error {
	head, k := h.head, h.keys
	if have.Epoch > 0 && have.Epoch < h.origin.Epoch {
		p.Origin.Epoch = have.Epoch
		k = l.keys.side(p.Origin)
		var err error
		if head, err = l.oldHead(ctx, p.Origin, publicKeys(signers)); err != nil {
			return err
		}
	}
	p.Head, p.First = head.Note, head.Size
	if have.Epoch > h.origin.Epoch || have.Size >= head.Size || have.Size < 0 {
		return nil
	}
	p.First = have.Size
	if p.Origin == h.origin && have.Epoch == h.origin.Epoch && h.tail.holds(have.Size) {
		if done, err := fillFromTail(p, &h.tail, maxBytes, own); done || err != nil {
			return err
		}
	}
	v, err := l.view(ctx)
	if err != nil {
		return err
	}
	defer v.Close()
	if maxBytes <= 0 {
		it, err := v.Get(ctx, k.head(have.Size))
		if p.Head = it.Value; errors.Is(err, store.ErrNotFound) {
			return nil
		}
		return fault.Wrap(fault.Unavailable, "ledger.parcel", err)
	}
	c := newCollector(p.First, maxBytes, own)
	err = c.collect(ctx, v, k, chunkReader(ctx, v, l.keys), head.Size)
	if err != nil {
		return err
	}
	p.Entries = c.entries
	if end := p.First + int64(len(p.Entries)); end != head.Size {
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
func fillFromTail(p *Parcel, t *tail, maxBytes int, own bool) (bool, error) {
	if maxBytes <= 0 {
		head, ok := t.headAt(p.First)
		if ok {
			p.Head = head
		}
		return ok, nil
	}
	c := newCollector(p.First, maxBytes, own)
	for _, r := range t.from(p.First) {
		add, bytes, err := c.pickRecords(r.records[max(0, p.First-r.first()):])
		if err != nil {
			return true, err
		}
		if !c.takes(add, bytes) {
			break
		}
		if p.Entries, p.Head = c.entries, r.head; c.left <= 0 {
			break
		}
	}
	return true, nil
}

func newCollector(first int64, maxBytes int, own bool) collector {
	return collector{left: min(maxBytes, MaxParcelBytes-2*transcript.MaxNoteBytes), own: own, first: first}
}

// collector gathers whole segments into a parcel, so that it ends at a stored head.
type collector struct {
	left    int
	own     bool // of each entry only what is shown to the peer goes out
	first   int64
	entries []transcript.Sealed
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
		if !c.takes(add, bytes) || c.left <= 0 {
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

// TakeBack takes the own entries that the peer gave back. Once nothing is missing the ledger is
// confirmed and may sign; see Standing. A fork found here is the own party's: this store signed
// after it was restored.
func (l *Ledger) TakeBack(ctx context.Context, p Parcel) (Outcome, error) {
	l.otherMu.Lock()
	defer l.otherMu.Unlock()
	l.ownMu.Lock()
	defer l.ownMu.Unlock()
	if err := l.Err(); err != nil {
		return Outcome{}, err
	}
	j, err := l.judge(ctx, l.cfg.Side)
	if err != nil {
		return Outcome{}, err
	}
	defer j.view.Close()
	out, err := l.outcome(j, j.takeBack(p))
	if err != nil {
		return out, err
	}
	if out.Verdict == Taken || out.Verdict == Old {
		out.Reason = l.confirm(p)
	}
	out.Have = l.now().own.have()
	return out, nil
}

func (j *judge) takeBack(p Parcel) error {
	if err := j.address(p); err != nil {
		return err
	}
	switch {
	case p.Origin.Epoch < j.epoch.Epoch:
		return nil
	case p.Origin.Epoch > j.epoch.Epoch+maxEpochSkip:
		return unsound("the parcel is of an epoch far beyond the open one")
	case len(p.Head) == 0:
		if len(p.Entries) > 0 {
			return unsound("entries without a head")
		}
		return nil
	case p.Origin.Epoch > j.epoch.Epoch:
		j.enter(p.Origin)
	}
	head, err := j.head(p)
	if err != nil {
		return err
	}
	if len(p.Entries) == 0 && head.Size > j.half.size() && !p.Have.beyond(j.half.have()) {
		return j.lost(head)
	}
	if head.Size <= j.half.size() {
		return j.old(head)
	}
	e, err := j.extend(p, head)
	if err != nil {
		return err
	}
	if err := j.entries(e, head); err != nil {
		return err
	}
	return j.take(e, head)
}

// beyond reports whether h is more than o.
func (h Have) beyond(o Have) bool {
	return h.Epoch > o.Epoch || (h.Epoch == o.Epoch && h.Size > o.Size)
}

// lost closes the epoch of an own head whose entries neither side holds any more: they were signed
// and told ahead of their turn, and nothing may contradict them.
func (j *judge) lost(head transcript.Head) error {
	if err := j.l.keepReceipts(j.ctx); err != nil {
		return err
	}
	next := epochState{Version: 1, Epoch: head.Origin.Epoch, Verdict: Old, Closed: "entries up to " +
		strconv.FormatInt(head.Size, 10) + " were signed, and are lost with the store that was restored"}
	put, err := next.put(j.l.keys)
	if err != nil {
		return err
	}
	rev, err := j.l.commit(j.ctx, store.Txn{Guards: []store.Guard{j.guard(j.l.keys)}, Puts: []store.Put{put}})
	if err != nil {
		return err
	}
	j.l.cfg.Log.Error("epoch closed", "line", j.l.cfg.Line, "epoch", next.Epoch, "reason", next.Closed)
	j.l.publish(func() {
		if j.enters > 0 {
			j.l.enter(j.enters, rev)
		}
		j.l.epoch, j.l.epochRev = next, rev
	})
	return nil
}

// confirm lets the ledger sign once the own copy reaches what the peer says that it holds of it.
// It returns why not.
func (l *Ledger) confirm(p Parcel) string {
	reason := ""
	l.publish(func() {
		own, claim := l.own.have(), p.Have
		switch {
		case claim.Epoch > own.Epoch && (claim.Size > 0 || p.Origin.Epoch != claim.Epoch):
			reason = "the other party holds a later epoch of the own transcript"
		case claim.Epoch == own.Epoch && claim.Size > own.Size:
			reason = "the other party holds more of the own transcript"
		case l.own.receipt.Size > 0 && (claim.Epoch < own.Epoch || (claim.Epoch == own.Epoch && claim.Size < l.own.receipt.Size)):
			reason = "the other party says that it holds less than it receipted: it was restored itself, or it lies"
		case len(p.Entries) > 0:
			// Only who lacks no entries is told of the newest head that an advance copy brought.
			reason = "to be asked once more, for what was told ahead of its turn"
		default:
			l.confirmed = true
		}
	})
	return reason
}

// ConfirmNotRestored is an operator's word that this store is the one that last ran. After the
// other's word to the contrary it insists: what the other signed is then kept as evidence.
func (l *Ledger) ConfirmNotRestored() {
	l.publish(func() { l.confirmed, l.overruled = true, l.doubted })
	l.cfg.Log.Warn("an operator states that the store was not restored", "line", l.cfg.Line, "at", l.cfg.Clock.Now().Format(time.RFC3339))
}
