package ledger

import (
	"context"
	"encoding/binary"
	"errors"
	"strconv"
	"time"

	"parley/fault"
	"parley/store"
	"parley/transcript"
)

// The own entries that cannot wait (Config.Urgent) are marked in the transaction that commits them, so
// that Open finds those without a receipt among any number of others. A transcript that was begun
// without marks has them from one entry on, which is noted with the first.

// markUrgent returns what marks the urgent ones among the entries base..end-1 of the own transcript, and
// what half.marked is after it.
func (l *Ledger) markUrgent(h *half, base, end int64, kindOf func(seq int64) string) ([]store.Put, int64) {
	if l.cfg.Urgent == nil {
		return nil, h.marked
	}
	var puts []store.Put
	marked := h.marked
	if marked == 0 {
		marked = base + 1
		puts = append(puts, store.Put{Key: h.keys.urgentFrom(), Value: strconv.AppendInt(nil, base, 10)})
	}
	var list []byte
	for seq := base; seq < end; seq++ {
		if l.cfg.Urgent(kindOf(seq)) {
			list = binary.AppendUvarint(list, uint64(seq))
		}
	}
	if list != nil {
		puts = append(puts, store.Put{Key: h.keys.urgent(end), Value: list})
	}
	return puts, marked
}

// loadUrgent finds the own entries without a receipt that cannot wait.
func (l *Ledger) loadUrgent(ctx context.Context, v store.View) error {
	if l.cfg.Urgent == nil {
		return nil
	}
	h, unmarked := l.own, l.own.size()
	it, err := v.Get(ctx, h.keys.urgentFrom())
	switch {
	case err == nil:
		if unmarked, err = strconv.ParseInt(string(it.Value), 10, 64); err != nil || unmarked < 0 || unmarked > h.size() {
			return badMarks(h)
		}
		h.marked = unmarked + 1
	case !errors.Is(err, store.ErrNotFound):
		return fault.Wrap(fault.Unavailable, "ledger.open", err)
	}
	from := h.receipt.Size
	err = eachSealed(ctx, v, h.keys, chunkReader(ctx, v, l.keys), from, unmarked, func(seq int64, _ time.Time, s transcript.Sealed) error {
		e, err := transcript.ParseEntry(s.Bytes)
		if err == nil && l.cfg.Urgent(e.Kind) {
			l.urgent = append(l.urgent, seq)
		}
		return err
	})
	if err != nil {
		return err
	}
	for it, err := range v.Scan(ctx, h.keys.urgent(from+1), after(string(h.keys)+"urgent/")) {
		if err != nil {
			return fault.Wrap(fault.Unavailable, "ledger.open", err)
		}
		for r := (reader{rest: it.Value}); len(r.rest) > 0; {
			seq := int64(r.uvarint())
			if r.bad || seq < 0 || seq >= h.size() {
				return badMarks(h)
			}
			if seq >= from {
				l.urgent = append(l.urgent, seq)
			}
		}
	}
	return nil
}

func badMarks(h *half) error {
	return fault.Newf(fault.Corrupt, "ledger.open", "the marks of what cannot wait in %s cannot be read", h.origin)
}
