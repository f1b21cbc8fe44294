package ledger

import (
	"context"
	"strconv"
	"time"

	"parley/store"
	"parley/transcript"
)

// TakeBack takes the own entries that the peer gave back. Once nothing is missing the ledger is
// confirmed and may sign; see Standing. What is given back and does not hash to its head is asked
// for again from further and further back, as the other's entries are; see Standing.Asks. A fork
// found so is the own party's: this store signed after it was restored. Of a transcript that is
// proved to have forked nothing is taken back; what may be signed is the next epoch's.
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
		if out.Reason = l.confirm(p); out.Reason == "" {
			l.resign()
		}
	}
	out.Have = l.now().own.have()
	return out, nil
}

func (j *judge) takeBack(p Parcel) error {
	if err := j.address(p); err != nil {
		return err
	}
	switch {
	case p.Origin.Epoch < j.epoch.Epoch || j.l.isProven(p.Origin):
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
		own, claim, forked := l.own.have(), p.Have, l.proven[l.own.origin]
		if forked {
			own = Have{Epoch: own.Epoch + 1}
		}
		switch {
		case claim.Epoch > own.Epoch && (claim.Size > 0 || p.Origin.Epoch != claim.Epoch):
			reason = "the other party holds a later epoch of the own transcript"
		case claim.Epoch == own.Epoch && claim.Size > own.Size:
			reason = "the other party holds more of the own transcript"
		case !forked && l.own.receipt.Size > 0 && (claim.Epoch < own.Epoch || (claim.Epoch == own.Epoch && claim.Size < l.own.receipt.Size)):
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
	l.resign()
	l.cfg.Log.Warn("an operator states that the store was not restored", "line", l.cfg.Line, "at", l.cfg.Clock.Now().Format(time.RFC3339))
}
