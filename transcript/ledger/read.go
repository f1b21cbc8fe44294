package ledger

import (
	"context"
	"iter"
	"time"

	"parley/fault"
	"parley/store"
	"parley/transcript"
)

// record parses an entry as it is stored.
func record(o transcript.Origin, heldAt time.Time, s transcript.Sealed) (Record, error) {
	e, err := transcript.ParseEntry(s.Bytes)
	return Record{Origin: o, Entry: e, Bytes: s.Bytes, Disclosures: s.Disclosures, HeldAt: heldAt}, err
}

// Records yields the entries of both transcripts after a cursor, epoch by epoch, up to what is
// durable when it is called. Within an epoch an entry comes after those of the other party that
// its author had seen; else the earlier time comes first, then side a. What came into a closed epoch
// after the cursor had passed it comes before all else. Next follows a cursor. An error is the last
// thing that it yields. Near the end it reads memory alone; further back it reads
// the store ahead of the caller, with goroutines that have ended when it returns. Records share
// memory with the ledger and are not to be changed.
func (l *Ledger) Records(ctx context.Context, from Cursor) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		s := l.now()
		from.Epoch = max(1, from.Epoch)
		if from.Epoch == s.epoch.Epoch && from.Late == s.late && s.own.tail.holds(from.Own) && s.other.tail.holds(from.Other) {
			w := weave{mine: s.own.tail.next(from.Own), theirs: s.other.tail.next(from.Other), own: from.Own, other: from.Other}
			w.run(yield)
			return
		}
		v, err := l.view(ctx)
		if err != nil {
			yield(Record{}, err)
			return
		}
		defer v.Close()
		late, more := l.lateRecords(ctx, v, from, yield)
		for at := from; more && at.Epoch <= s.epoch.Epoch; at = (Cursor{Epoch: at.Epoch + 1}) {
			own, other := s.own.size(), s.other.size()
			if at.Epoch < s.epoch.Epoch {
				if own, other, err = l.oldSizes(ctx, v, s, at.Epoch); err != nil {
					yield(Record{}, err)
					return
				}
			}
			more = l.weaveStored(ctx, v, at, own, other, func(r Record, err error) bool {
				r.late = late
				return yield(r, err)
			})
		}
	}
}

// lateRecords yields what came into the epochs before a cursor's after it had passed. It returns
// Cursor.Late after everything that the view holds, and whether to go on.
func (l *Ledger) lateRecords(ctx context.Context, v store.View, from Cursor, yield func(Record, error) bool) (late int64, more bool) {
	runs, err := lateRuns(ctx, v, l.keys, from.Late)
	if err != nil {
		yield(Record{}, err)
		return 0, false
	}
	late = from.Late
	for _, run := range runs {
		late = run.upTo
		if run.epoch >= from.Epoch {
			continue // in its place
		}
		o := l.origin(run.epoch).Other()
		for r, err := range l.scan(ctx, v, o, run.first, run.end) {
			r.late = late - run.end + r.Entry.Seq + 1
			if !yield(r, err) || err != nil {
				return 0, false
			}
		}
	}
	return late, true
}

// weaveStored yields the records of one epoch from the store, up to two sizes.
func (l *Ledger) weaveStored(ctx context.Context, v store.View, at Cursor, own, other int64, yield func(Record, error) bool) bool {
	o := l.origin(at.Epoch)
	mine, stopMine := l.prefetch(ctx, v, o, at.Own, own)
	defer stopMine()
	theirs, stopTheirs := l.prefetch(ctx, v, o.Other(), at.Other, other)
	defer stopTheirs()
	w := weave{mine: mine, theirs: theirs, own: at.Own, other: at.Other}
	return w.run(yield)
}

func (l *Ledger) oldSizes(ctx context.Context, v store.View, s snapshot, epoch int64) (own, other int64, err error) {
	o := l.origin(epoch)
	a, err := topHead(ctx, v, l.keys, o, s.ownKeys)
	if err != nil {
		return 0, 0, err
	}
	b, err := topHead(ctx, v, l.keys, o.Other(), s.peerKeys)
	return a.Size, b.Size, err
}

// scan yields the records from..to-1 of one transcript.
func (l *Ledger) scan(ctx context.Context, v store.View, o transcript.Origin, from, to int64) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		stop := fault.Newf(fault.Internal, "ledger.read", "stopped")
		err := eachSealed(ctx, v, l.keys.side(o), chunkReader(ctx, v, l.keys), from, to, func(_ int64, heldAt time.Time, s transcript.Sealed) error {
			r, err := record(o, heldAt, s)
			if err != nil {
				return err
			}
			if !yield(r, nil) {
				return stop
			}
			return nil
		})
		if err != nil && err != error(stop) {
			yield(Record{}, err)
		}
	}
}

// weave merges the two transcripts of an epoch.
type weave struct {
	mine, theirs source
	own, other   int64 // how many of each came
}

func (w *weave) run(yield func(Record, error) bool) bool {
	a, err := w.mine()
	if err != nil {
		yield(Record{}, err)
		return false
	}
	b, err := w.theirs()
	for err == nil && (a != nil || b != nil) {
		if a != nil && (b == nil || w.mineFirst(a, b)) {
			if !yield(*a, nil) {
				return false
			}
			w.own++
			a, err = w.mine()
			continue
		}
		if !yield(*b, nil) {
			return false
		}
		w.other++
		b, err = w.theirs()
	}
	if err != nil {
		yield(Record{}, err)
	}
	return err == nil
}

// mineFirst orders two entries. Where each claims to have seen the other, which no two honest
// authors do, the own comes first.
func (w *weave) mineFirst(a, b *Record) bool {
	mineReady, theirsReady := a.Entry.Seen.Size <= w.other, b.Entry.Seen.Size <= w.own
	if mineReady != theirsReady {
		return mineReady
	}
	if c := a.Entry.Time.Compare(b.Entry.Time); c != 0 {
		return c < 0
	}
	return a.Origin.Side == transcript.A
}

// Next returns the cursor after a record that Records yielded at c to the node of side own.
func (c Cursor) Next(own transcript.Side, r Record) Cursor {
	c.Late = max(c.Late, r.late)
	switch {
	case r.Origin.Epoch < c.Epoch:
		return c
	case r.Origin.Epoch > c.Epoch:
		c = Cursor{Epoch: r.Origin.Epoch, Late: c.Late}
	}
	if r.Origin.Side == own {
		c.Own = r.Entry.Seq + 1
	} else {
		c.Other = r.Entry.Seq + 1
	}
	return c
}

// Cursor returns the place after everything that is durable now.
func (l *Ledger) Cursor() Cursor {
	s := l.now()
	return Cursor{Epoch: s.epoch.Epoch, Own: s.own.size(), Other: s.other.size(), Late: s.late}
}

// Record returns one entry in its order.
func (l *Ledger) Record(ctx context.Context, o transcript.Origin, seq int64) (Record, error) {
	v, size, err := l.sizeOf(ctx, o)
	if err != nil {
		return Record{}, err
	}
	defer v.Close()
	if seq < 0 || seq >= size {
		return Record{}, fault.Newf(fault.NotFound, "ledger.record", "there is no entry %d among %d of %s", seq, size, o)
	}
	for r, err := range l.scan(ctx, v, o, seq, seq+1) {
		return r, err
	}
	return Record{}, fault.Newf(fault.Corrupt, "ledger.record", "entry %d of %s is not there", seq, o)
}

// sizeOf returns a view with the size that a transcript has durably.
func (l *Ledger) sizeOf(ctx context.Context, o transcript.Origin) (store.View, int64, error) {
	s := l.now()
	v, err := l.view(ctx)
	if err != nil {
		return nil, 0, err
	}
	switch o {
	case s.own.origin:
		return v, s.own.size(), nil
	case s.other.origin:
		return v, s.other.size(), nil
	}
	if o.Line != l.cfg.Line || o.Epoch > s.epoch.Epoch {
		return v, 0, nil
	}
	h, err := topHead(ctx, v, l.keys, o, s.keysOf(o.Side))
	if err != nil {
		v.Close()
	}
	return v, h.Size, err
}

// RootAt returns the root that a transcript had at a size, and the size that it has now.
func (l *Ledger) RootAt(ctx context.Context, o transcript.Origin, size int64) (root transcript.Hash, now int64, err error) {
	v, now, err := l.sizeOf(ctx, o)
	if err != nil {
		return root, 0, err
	}
	defer v.Close()
	if size < 0 || size > now {
		return root, now, fault.Newf(fault.NotFound, "ledger.root", "there are %d entries of %s, not %d", now, o, size)
	}
	if size == 0 {
		return transcript.EmptyRoot(), now, nil
	}
	g, err := l.grownTo(ctx, v, l.now(), o, now)
	if err != nil {
		return root, now, err
	}
	root, err = g.rootAt(size, g.reader(ctx, v, l.keys.side(o)))
	return root, now, err
}

// grownTo returns what stores the hashes of a transcript that has a size durably.
func (l *Ledger) grownTo(ctx context.Context, v store.View, s snapshot, o transcript.Origin, size int64) (*grown, error) {
	switch {
	case o == s.own.origin && size == s.own.size():
		return &s.own.grown, nil
	case o == s.other.origin && size == s.other.size():
		return &s.other.grown, nil
	}
	k := l.keys.side(o)
	g, err := regrow(ctx, v, k, size, sealedLeaves(ctx, v, l.keys, k, size))
	return &g, err
}

// ReceiptFor returns the receipt for the smallest head that covers an entry: when the receiver
// held it, by the receiver's clock. It is fault.NotFound where delivery is not shown.
func (l *Ledger) ReceiptFor(ctx context.Context, o transcript.Origin, seq int64) (transcript.Receipt, error) {
	s := l.now()
	none := fault.Newf(fault.NotFound, "ledger.receipt", "no receipt covers entry %d of %s", seq, o)
	for _, h := range []*half{s.own, s.other} {
		if rc, told := h.tail.receiptFor(seq); told && h.origin == o {
			if rc.Note == nil {
				return rc, none
			}
			return rc, nil
		}
	}
	v, err := l.view(ctx)
	if err != nil {
		return transcript.Receipt{}, err
	}
	defer v.Close()
	k := l.keys.side(o)
	for it, err := range v.Scan(ctx, k.rcpt(seq+1), after(string(k)+"rcpt/")) {
		if err != nil {
			return transcript.Receipt{}, fault.Wrap(fault.Unavailable, "ledger.receipt", err)
		}
		return transcript.OpenReceipt(it.Value, s.keysOf(o.Side.Other())...)
	}
	return transcript.Receipt{}, none
}

// Undelivered yields the own entries of an epoch that no receipt covers.
func (l *Ledger) Undelivered(ctx context.Context, epoch int64) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		o := l.origin(epoch)
		s := l.now()
		v, size, err := l.sizeOf(ctx, o)
		if err != nil {
			yield(Record{}, err)
			return
		}
		defer v.Close()
		if o == s.own.origin {
			l.scan(ctx, v, o, s.own.receipt.Size, size)(yield)
			return
		}
		old := half{origin: o, keys: l.keys.side(o)}
		if err := old.loadReceipt(ctx, v, s.peerKeys); err != nil {
			yield(Record{}, err)
			return
		}
		l.scan(ctx, v, o, old.receipt.Size, size)(yield)
	}
}
