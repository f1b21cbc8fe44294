package ledger

import (
	"context"
	"slices"
	"strconv"
	"time"

	"parley/fault"
	"parley/store"
	"parley/transcript"
)

const (
	// receiptWait is how long a receipt for an own head waits for an entry to take it along into
	// its commit, before it gets one of its own.
	receiptWait = 10 * time.Millisecond
	// receiptsPerCommit is how many of them one commit takes; each is two of its operations.
	receiptsPerCommit = 24
)

// showReceipts publishes the other's new receipts for own heads, and has the own writer make them
// durable. See "Receipts" in the package comment. The caller holds otherMu.
func (j *judge) showReceipts() {
	list := j.newReceipts
	if len(list) == 0 {
		return
	}
	j.newReceipts = nil
	j.l.publish(func() {
		o := *j.l.own
		for _, rc := range list {
			o.receipt, o.tail = rc, o.tail.withReceipt(rc)
			if n := len(o.pending); n > 0 && o.pending[n-1].Size == rc.Size {
				o.pending = o.pending[: n-1 : n-1]
			}
			o.pending = append(o.pending, rc)
		}
		j.l.own = &o
		for len(j.l.urgent) > 0 && j.l.urgent[0] < o.receipt.Size {
			j.l.urgent = j.l.urgent[1:]
		}
	})
	select {
	case j.l.receipted <- struct{}{}:
	default:
	}
}

// keepPending adds the oldest receipts that are not yet durable to a transaction on the own
// transcript, and returns them.
func (h *half) keepPending(t *store.Txn) []transcript.Receipt {
	kept := h.pending[:min(len(h.pending), receiptsPerCommit)]
	if len(kept) == 0 {
		return nil
	}
	for _, rc := range kept {
		t.Puts = append(t.Puts, store.Put{Key: h.keys.rcpt(rc.Size), Value: rc.Note})
	}
	t.Puts = append(t.Puts, store.Put{Key: h.keys.rtop(), Value: strconv.AppendInt(nil, kept[len(kept)-1].Size, 10)})
	t.Guards = append(t.Guards, store.Guard{Key: h.keys.rtop(), Revision: h.rtopRev})
	return kept
}

// kept notes that receipts are durable. One that an earlier one of the same size has replaced
// meanwhile stays pending in its place.
func (h *half) kept(rs []transcript.Receipt, rev store.Revision) {
	if len(rs) == 0 {
		return
	}
	h.rtopRev = rev
	last := rs[len(rs)-1]
	h.pending = slices.DeleteFunc(slices.Clone(h.pending), func(rc transcript.Receipt) bool {
		return rc.Size < last.Size || (rc.Size == last.Size && rc.Time.Equal(last.Time))
	})
}

// KeepReceipts makes every receipt durable that is shown. Run does so by itself within 10 ms.
func (l *Ledger) KeepReceipts(ctx context.Context) error {
	l.ownMu.Lock()
	defer l.ownMu.Unlock()
	return l.keepReceipts(ctx)
}

// keepReceipts is KeepReceipts for who holds ownMu.
func (l *Ledger) keepReceipts(ctx context.Context) error {
	for {
		var t store.Txn
		kept := l.now().own.keepPending(&t)
		if len(kept) == 0 {
			return nil
		}
		rev, err := l.commit(ctx, t)
		if err != nil {
			return err
		}
		l.mu.Lock() // no reader sees a difference: nobody is told
		o := *l.own
		o.kept(kept, rev)
		l.own = &o
		l.mu.Unlock()
	}
}

// receiptsAfter puts into a parcel what the peer lacks of the receipts for its transcript. What it
// holds is not known before its first word: until then the newest alone goes, for it to judge.
func (l *Ledger) receiptsAfter(ctx context.Context, p *Parcel, other *half, have Have) error {
	newest := other.receipt
	if have.Epoch == 0 {
		if p.After = (Have{Epoch: other.origin.Epoch, Size: newest.Size}); newest.Note != nil {
			p.Receipts = [][]byte{newest.Note}
		}
		return nil
	}
	p.After = have
	if have.Epoch > other.origin.Epoch || (have.Epoch == other.origin.Epoch && have.Size >= newest.Size) {
		return nil
	}
	if have.Epoch == other.origin.Epoch && have.Size >= other.tail.unshown {
		for _, rc := range other.tail.receiptsAfter(have.Size, MaxReceipts) {
			p.Receipts = append(p.Receipts, rc.Note)
		}
		return nil
	}
	v, err := l.view(ctx)
	if err != nil {
		return err
	}
	defer v.Close()
	k := l.keys.side(l.origin(have.Epoch).Other())
	for it, err := range v.Scan(ctx, k.rcpt(have.Size+1), after(string(k)+"rcpt/")) {
		if err != nil {
			return fault.Wrap(fault.Unavailable, "ledger.parcel", err)
		}
		if p.Receipts = append(p.Receipts, it.Value); len(p.Receipts) == MaxReceipts {
			break
		}
	}
	return nil
}

// receiptsHeld says up to where the receipts for the own transcripts are held: of closed epochs first.
func (l *Ledger) receiptsHeld() Have {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.owed != (Have{}) {
		return l.owed
	}
	return Have{Epoch: l.own.origin.Epoch, Size: l.own.receipt.Size}
}

// lookOwed finds the first closed epoch, from one on, in which receipts for own entries are missing,
// and up to where they are held; zero where there is none.
func (l *Ledger) lookOwed(ctx context.Context, v store.View, epoch int64) (Have, error) {
	s := l.now()
	for ; epoch < s.epoch.Epoch; epoch++ {
		o := l.origin(epoch)
		head, err := topHead(ctx, v, l.keys, o, s.ownKeys)
		if err != nil {
			return Have{}, err
		}
		old := half{origin: o, keys: l.keys.side(o)}
		if err := old.loadReceipt(ctx, v, s.peerKeys); err != nil {
			return Have{}, err
		}
		if head.Size > old.receipt.Size && !l.isTainted(epoch) {
			return Have{Epoch: epoch, Size: old.receipt.Size}, nil
		}
	}
	return Have{}, nil
}

// LateReceipts counts the receipts for own entries of closed epochs that came since Open.
func (l *Ledger) LateReceipts() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lateReceipts
}
