package ledger

import (
	"context"
	"crypto/ed25519"
	"slices"
	"time"

	"parley/fault"
	"parley/store"
	"parley/transcript"
)

// Keep says what an export leaves nothing out of: an entry by its number and time, or a head or a
// receipt by its time, whose number is -1.
type Keep func(o transcript.Origin, seq int64, at time.Time) bool

// Export writes both transcripts of every epoch to a bundle, whose agreements the caller has
// written and which the caller closes: the entries with what was shown to the other party, the heads
// and receipts kept, but for those without which the bundle says the same (see transcript.SpareHead),
// and all evidence held. Of what keep holds no head and no receipt is left out, nor the first of each
// that covers an entry it holds; nil holds nothing. It is one durable state, whatever comes meanwhile.
func (l *Ledger) Export(ctx context.Context, b *transcript.BundleWriter, keep Keep) error {
	if err := l.KeepReceipts(ctx); err != nil && l.Err() == nil {
		return err // a ledger that failed exports what it has
	}
	s := l.now()
	v, err := l.view(ctx)
	if err != nil {
		return err
	}
	defer v.Close()
	shown, err := l.showings(ctx, v, s)
	if err != nil {
		return err
	}
	last := s.epoch.Epoch
	for o := range shown {
		last = max(last, o.Epoch)
	}
	return l.eachTranscript(ctx, v, s, last, func(o transcript.Origin, size int64) error {
		if size == 0 && shown[o] == nil {
			return nil
		}
		x := exporter{l: l, ctx: ctx, v: v, b: b, s: s, origin: o, size: size, keep: keep}
		if err := x.transcript(); err != nil {
			return err
		}
		return shown[o].write(b)
	})
}

// eachTranscript calls do for the transcripts up to an epoch in the order of a bundle, with their sizes.
func (l *Ledger) eachTranscript(ctx context.Context, v store.View, s snapshot, last int64, do func(o transcript.Origin, size int64) error) error {
	for epoch := int64(1); epoch <= last; epoch++ {
		own, other := s.own.size(), s.other.size()
		if epoch != s.epoch.Epoch {
			var err error
			if own, other, err = l.oldSizes(ctx, v, s, epoch); err != nil {
				return err
			}
		}
		for _, side := range []transcript.Side{transcript.A, transcript.B} {
			size := own
			if side != l.cfg.Side {
				size = other
			}
			if err := do(transcript.Origin{Line: l.cfg.Line, Epoch: epoch, Side: side}, size); err != nil {
				return err
			}
		}
	}
	return nil
}

// exporter writes one transcript.
type exporter struct {
	l      *Ledger
	ctx    context.Context
	v      store.View
	b      *transcript.BundleWriter
	s      snapshot
	origin transcript.Origin
	size   int64

	keep Keep
	// headDue and receiptDue say that an entry was written that keep holds, and no head or receipt
	// that covers it.
	headDue, receiptDue bool

	entries  *sight[Record]
	heads    *sight[transcript.Head]
	receipts *sight[transcript.Receipt]
	cosigned *sight[transcript.Cosignature]
}

func (x *exporter) transcript() error {
	if err := x.b.Transcript(x.origin); err != nil {
		return err
	}
	x.entries = look(x.l.scan(x.ctx, x.v, x.origin, 0, x.size))
	defer x.entries.stop()
	x.heads = look(x.eachHead())
	defer x.heads.stop()
	x.receipts = look(x.eachReceipt())
	defer x.receipts.stop()
	x.cosigned = look(x.eachCosignature())
	defer x.cosigned.stop()
	covered := int64(0)
	for size, ok := x.nextSize(); ok; size, ok = x.nextSize() {
		if err := x.entriesTo(size); err != nil {
			return err
		}
		for x.heads.ok && x.heads.value.Size == size {
			covered = size
			if err := x.head(); err != nil {
				return err
			}
		}
		for x.receipts.ok && x.receipts.value.Size == size {
			if err := x.receipt(); err != nil {
				return err
			}
		}
		if err := x.b.Cosignatures(x.cosignaturesAt(size)...); err != nil {
			return err
		}
	}
	for _, err := range []error{x.heads.err, x.receipts.err, x.cosigned.err} {
		if err != nil {
			return err
		}
	}
	if covered != x.size {
		return fault.Newf(fault.Corrupt, "ledger.export", "%s has no head of size %d", x.origin, x.size)
	}
	return nil
}

// entriesTo writes entries until the bundle holds size of them.
func (x *exporter) entriesTo(size int64) error {
	for x.b.Size() < size {
		if x.entries.err != nil {
			return x.entries.err
		}
		if !x.entries.ok {
			return fault.Newf(fault.Corrupt, "ledger.export", "%s has no entry %d", x.origin, x.b.Size())
		}
		if err := x.b.Entry(shownOnly(x.entries.value)); err != nil {
			return err
		}
		if e := x.entries.value.Entry; x.keep != nil && x.keep(x.origin, e.Seq, e.Time) {
			x.headDue, x.receiptDue = true, true
		}
		x.entries.step()
	}
	return nil
}

// head writes the head in sight, unless the bundle loses nothing without it.
func (x *exporter) head() error {
	h := x.heads.value
	x.heads.step()
	var entry time.Time
	if x.entries.ok {
		entry = x.entries.value.Entry.Time
	}
	kept := x.keeps(&x.headDue, h.Time)
	if x.heads.ok && !kept && transcript.SpareHead(h, x.heads.value, x.key(x.origin.Side, h.Key), entry) {
		return nil
	}
	h, err := transcript.OpenHead(h.Note, h.Halves())
	if err != nil {
		return err
	}
	return x.b.Head(h)
}

// receipt writes the receipt in sight, unless the bundle loses nothing without it.
func (x *exporter) receipt() error {
	r := x.receipts.value
	x.receipts.step()
	kept := x.keeps(&x.receiptDue, r.Time)
	if x.receipts.ok && !kept && transcript.SpareReceipt(r, x.receipts.value, x.key(r.By, r.Key)) {
		return nil
	}
	r, err := transcript.OpenReceipt(r.Note, r.Halves())
	if err != nil {
		return err
	}
	return x.b.Receipt(r)
}

// keeps reports whether a head or a receipt stays whatever comes after it.
func (x *exporter) keeps(due *bool, at time.Time) bool {
	covers := *due
	*due = false
	return covers || x.keep != nil && x.keep(x.origin, -1, at)
}

// key returns the bounds of a line key of a side.
func (x *exporter) key(side transcript.Side, pub ed25519.PublicKey) transcript.LineKey {
	keys := x.s.peerKeys
	if side == x.l.cfg.Side {
		keys = x.s.ownKeys
	}
	for _, k := range keys {
		if k.Public.Equal(pub) {
			return k
		}
	}
	return transcript.LineKey{}
}

// shownOnly leaves out what was shown to nobody.
func shownOnly(r Record) transcript.Sealed {
	return transcript.Withhold(transcript.Sealed{Bytes: r.Bytes, Disclosures: r.Disclosures},
		func(d transcript.Digest) bool { return slices.Contains(r.Entry.Shown, d) })
}
