package ledger

import (
	"context"
	"errors"
	"time"

	"parley/fault"
	"parley/store"
	"parley/transcript"
)

// perItem is what an entry or a disclosure is counted for beside its bytes.
const perItem = 8

// Parcel returns what the peer, who holds have of the own transcript, lacks: entries from there up
// to a stored head, about maxBytes of them, at least one commit's where maxBytes is positive. Where
// the peer lacks nothing, or maxBytes is 0, it carries head, receipt and Have alone.
//
// A peer that holds an older epoch gets the next one from its beginning. Only what is durable goes
// out.
func (l *Ledger) Parcel(ctx context.Context, have Have, maxBytes int) (Parcel, error) {
	s := l.now()
	p := Parcel{Origin: s.own.origin, Have: l.have(), Receipt: s.other.receipt.Note}
	if have.Epoch > 0 && have.Epoch < s.epoch.Epoch {
		have = Have{Epoch: have.Epoch + 1}
	}
	return p, l.fill(ctx, &p, s.own, s.ownKeys, have, maxBytes, true)
}

// GiveBack returns what is held of the peer's own transcript beyond have, with its newest head:
// what a peer restored from a backup lacks. Parcel.Have says how much is held of it, and Receipt is
// the newest receipt for it. It signs nothing.
func (l *Ledger) GiveBack(ctx context.Context, have Have, maxBytes int) (Parcel, error) {
	s := l.now()
	p := Parcel{Origin: s.other.origin, Have: s.other.have(), Receipt: s.other.receipt.Note}
	if have.Epoch > 0 && have.Epoch < s.epoch.Epoch {
		old, err := l.oldHead(ctx, l.origin(have.Epoch).Other(), publicKeys(s.peerKeys))
		if err != nil {
			return Parcel{}, err
		}
		if have.Size >= old.Size {
			have = Have{Epoch: have.Epoch + 1}
		}
	}
	return p, l.fill(ctx, &p, s.other, s.peerKeys, have, maxBytes, false)
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
	p.Head, p.First = head.Note, max(0, min(have.Size, head.Size))
	if maxBytes <= 0 || have.Epoch > h.origin.Epoch || have.Size >= head.Size || have.Size < 0 {
		p.First = head.Size
		return nil
	}
	v, err := l.view(ctx)
	if err != nil {
		return err
	}
	defer v.Close()
	c := collector{left: min(maxBytes, MaxParcelBytes-2*transcript.MaxNoteBytes), own: own, first: p.First}
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
		if len(c.entries) > 0 && (bytes > c.left || len(c.entries)+len(add) > MaxParcelEntries) {
			return nil
		}
		c.entries = append(c.entries, add...)
		if c.left -= bytes; c.left <= 0 {
			return nil
		}
	}
	return nil
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
		bytes += len(s.Bytes) + perItem
		for _, d := range s.Disclosures {
			bytes += len(d) + perItem
		}
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
	case p.Origin.Epoch > j.epoch.Epoch+1:
		return &finding{verdict: Missing, reason: "the parcel is of an epoch that does not follow the open one"}
	case len(p.Head) == 0:
		if len(p.Entries) > 0 {
			return unsound("entries without a head")
		}
		return nil
	case p.Origin.Epoch == j.epoch.Epoch+1:
		j.enter(p.Origin)
	}
	head, err := j.head(p)
	if err != nil {
		return err
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
