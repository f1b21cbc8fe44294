package ledger

import (
	"context"
	"slices"
	"strconv"
	"time"

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

// showReceipt publishes the other's new receipt for an own head, and has the own writer make it
// durable. See "Receipts" in the package comment. The caller holds otherMu.
func (j *judge) showReceipt() {
	rc := j.newReceipt
	if rc.Note == nil {
		return
	}
	j.newReceipt = transcript.Receipt{}
	j.l.publish(func() {
		o := *j.l.own
		o.receipt, o.tail = rc, o.tail.withReceipt(rc)
		if n := len(o.pending); n > 0 && o.pending[n-1].Size == rc.Size {
			o.pending = o.pending[: n-1 : n-1]
		}
		o.pending = append(o.pending, rc)
		j.l.own = &o
		for len(j.l.urgent) > 0 && j.l.urgent[0] < rc.Size {
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
