package node

import (
	"context"
	"fmt"
	"sort"
	"time"

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

// advance moves the cursor past a record. ln.mu is held.
func (ln *lineNode) advance(rec ledger.Record) {
	next := ln.cursor.Next(ln.side, rec)
	if next.Epoch != ln.cursor.Epoch && ln.cursor.Epoch > 0 {
		ln.past = append(ln.past, ln.cursor)
	}
	ln.cursor = next
}

// settle notes the receipts that came for own entries.
func (ln *lineNode) settle(ctx context.Context) error {
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
			ln.settled(rcpt)
		case !fault.Is(err, fault.NotFound):
			return err
		case r.epoch == at.Epoch:
			return nil
		default: // in an epoch that is over, delivery is not shown, for ever
			ln.mu.Lock()
			ln.receipts.epoch, ln.receipts.size = r.epoch+1, 0
			ln.mu.Unlock()
		}
	}
}

func (ln *lineNode) settled(rcpt transcript.Receipt) {
	ln.mu.Lock()
	defer ln.mu.Unlock()
	r, live := &ln.receipts, ln.live.Load()
	r.upTo[rcpt.Origin] = append(r.upTo[rcpt.Origin], upTo{rcpt.Size, rcpt.Time})
	for ref := (body.Ref{Origin: rcpt.Origin, Seq: r.size}); live && ref.Seq < rcpt.Size; ref.Seq++ {
		if p := ln.pic.NoticeOf(ref); p != nil {
			ln.touch(p)
		}
	}
	r.size = rcpt.Size
	if live {
		ln.publish("delivered", rcpt.Origin.String(), fmt.Sprintf("%s holds every entry up to %d since %s by its clock", ln.peer, rcpt.Size, rcpt.Time.Format(time.RFC3339)))
	}
}
