package node

import (
	"cmp"
	"context"
	"slices"
	"sort"
	"time"

	"parley/catalogue"
	"parley/fault"
	"parley/node/body"
	"parley/transcript"
	"parley/transcript/ledger"
)

// receipts remembers when the other node held the own entries, by its clock.
type receipts struct {
	upTo map[transcript.Origin][]upTo // sizes ascending
	// epoch and size say up to where receipts were looked for: the next one covers the entry there.
	epoch, size int64
	late        int64 // the ledger's count of late receipts when they were looked for, plus one
}

// upTo is a receipt: every entry before Size was held at Time.
type upTo struct {
	Size int64
	Time time.Time
}

func newReceipts() receipts { return receipts{upTo: map[transcript.Origin][]upTo{}, epoch: 1} }

// of returns when the other node held an own entry.
func (r *receipts) of(ref body.Ref) (time.Time, bool) {
	list := r.upTo[ref.Origin]
	i := sort.Search(len(list), func(i int) bool { return list[i].Size > ref.Seq })
	if i == len(list) {
		return time.Time{}, false
	}
	return list[i].Time, true
}

// covered returns up to where receipts for an own transcript are known.
func (r *receipts) covered(o transcript.Origin) int64 {
	if list := r.upTo[o]; len(list) > 0 {
		return list[len(list)-1].Size
	}
	return 0
}

// advance moves the cursor past a record. ln.mu is held.
func (ln *lineNode) advance(rec ledger.Record) {
	if rec.Origin.Epoch < ln.cursor.Epoch {
		ln.advancePast(rec)
	}
	next := ln.cursor.Next(ln.side, rec)
	if next.Epoch != ln.cursor.Epoch && ln.cursor.Epoch > 0 {
		ln.past = append(ln.past, ln.cursor)
	}
	ln.cursor = next
}

// advancePast notes an entry of the other's that came into an epoch that is over. ln.mu is held.
func (ln *lineNode) advancePast(rec ledger.Record) {
	i, have := slices.BinarySearchFunc(ln.past, rec.Origin.Epoch, func(c ledger.Cursor, epoch int64) int { return cmp.Compare(c.Epoch, epoch) })
	if !have {
		ln.past = slices.Insert(ln.past, i, ledger.Cursor{Epoch: rec.Origin.Epoch})
	}
	ln.past[i].Other = rec.Entry.Seq + 1
	ln.uncached = true
	ln.blocks.forgetAll()
}

// settleLate notes the receipts that came for own entries of epochs that are over.
func (ln *lineNode) settleLate(ctx context.Context) error {
	n := ln.led.LateReceipts() + 1
	ln.mu.RLock()
	known, past := ln.receipts.late == n, ln.past
	ln.mu.RUnlock()
	if known {
		return nil
	}
	for _, c := range past {
		o := transcript.Origin{Line: ln.id, Epoch: c.Epoch, Side: ln.side}
		ln.mu.RLock()
		size := ln.receipts.covered(o)
		ln.mu.RUnlock()
		for size < c.Own {
			rcpt, err := ln.led.ReceiptFor(ctx, o, size)
			if fault.Is(err, fault.NotFound) {
				break
			}
			if err != nil {
				return err
			}
			ln.settled(rcpt, size)
			size = rcpt.Size
		}
	}
	ln.mu.Lock()
	ln.receipts.late = n
	ln.mu.Unlock()
	return nil
}

// settle notes the receipts that came for own entries.
func (ln *lineNode) settle(ctx context.Context) error {
	if err := ln.settleLate(ctx); err != nil {
		return err
	}
	for {
		ln.mu.RLock()
		r, at := ln.receipts, ln.cursor
		ln.mu.RUnlock()
		if r.epoch > at.Epoch || r.epoch == at.Epoch && r.size >= at.Own {
			return nil
		}
		rcpt, err := ln.led.ReceiptFor(ctx, transcript.Origin{Line: ln.id, Epoch: r.epoch, Side: ln.side}, r.size)
		switch {
		case err == nil:
			ln.settled(rcpt, r.size)
			ln.mu.Lock()
			ln.receipts.size = rcpt.Size
			ln.mu.Unlock()
		case !fault.Is(err, fault.NotFound):
			return err
		case r.epoch == at.Epoch:
			return nil
		default: // what still comes for an epoch that is over, settleLate notes
			ln.mu.Lock()
			ln.receipts.epoch, ln.receipts.size = r.epoch+1, 0
			ln.mu.Unlock()
		}
	}
}

// settled notes a receipt that is the first to cover the entries from one on.
func (ln *lineNode) settled(rcpt transcript.Receipt, from int64) {
	ln.mu.Lock()
	defer ln.mu.Unlock()
	r, live := &ln.receipts, ln.live.Load()
	r.upTo[rcpt.Origin] = append(r.upTo[rcpt.Origin], upTo{rcpt.Size, rcpt.Time})
	for ref := (body.Ref{Origin: rcpt.Origin, Seq: from}); live && ref.Seq < rcpt.Size; ref.Seq++ {
		if p := ln.pic.NoticeOf(ref); p != nil {
			ln.touch(p)
		} else if ln.pic.Call(ref) != nil {
			ln.markCall(ref)
		}
	}
	if live {
		ln.publishSaid("delivered", rcpt.Origin.String(), catalogue.Say("event.delivered", catalogue.ByPeople("peer", ln.peer), catalogue.CountOf("nr", int(rcpt.Size)),
			catalogue.AsCode("moment", rcpt.Time.Format(time.RFC3339))))
	}
}
