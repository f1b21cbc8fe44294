package ledger

import (
	"context"
	"strconv"
	"sync/atomic"
	"time"

	"parley/fault"
	"parley/store"
	"parley/transcript"
)

// The bounds of one batch, which one commit makes durable under one head. A parcel ends at a head,
// so a batch with everything shown of it must fit one.
const (
	maxBatchEntries = 1024
	MaxBatchBytes   = 5 << 20 // entries and disclosures
)

// The states of a request.
const (
	waiting int32 = iota
	begun         // the writer has it; its result will come
	gone          // whoever asked has left
)

// request asks the writer for drafts to be appended, for a heartbeat, or, with neither, for the
// entry that opens an epoch where it is not there yet.
type request struct {
	drafts    []transcript.Draft
	heartbeat bool
	state     atomic.Int32
	done      chan struct{} // closed when records and err are set
	records   []Record
	err       error
}

// Append seals drafts and returns their records when they are durable. Drafts of one call stand
// together, in order, under one head. Concurrent calls share a commit. It needs Run. After an
// error, ctx's among them, nothing was appended, unless the ledger has failed: then Err says so, and
// what was being committed shows when the ledger is opened again.
func (l *Ledger) Append(ctx context.Context, drafts ...transcript.Draft) ([]Record, error) {
	if len(drafts) == 0 {
		return nil, nil
	}
	if len(drafts) > maxBatchEntries-1 {
		return nil, fault.Newf(fault.TooLarge, "ledger.append", "%d drafts at once; at most %d", len(drafts), maxBatchEntries-1)
	}
	r := &request{drafts: drafts}
	if err := l.do(ctx, r); err != nil {
		return nil, err
	}
	return r.records, nil
}

// Heartbeat cosigns the own newest head again, with the time of now. One a minute is kept. It needs
// Run, which does so by itself as well.
func (l *Ledger) Heartbeat(ctx context.Context) error { return l.do(ctx, &request{heartbeat: true}) }

// do hands a request to the writer and waits for it.
func (l *Ledger) do(ctx context.Context, r *request) error {
	if err := l.maySign("ledger.append"); err != nil {
		return err
	}
	r.done = make(chan struct{})
	stopped := &fault.Error{Code: fault.Unavailable, Op: "ledger.append", Rule: "the node is stopping"}
	select {
	case l.queue <- r:
	case <-l.stopped:
		return stopped
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	select {
	case <-r.done:
		return r.err
	case <-l.stopped:
		if r.state.CompareAndSwap(waiting, gone) {
			return stopped
		}
	case <-ctx.Done():
		if r.state.CompareAndSwap(waiting, gone) {
			return context.Cause(ctx)
		}
	}
	<-r.done
	return r.err
}

// kick asks the writer for the entry that opens an epoch. Where the queue is full, what is in it
// does the same.
func (l *Ledger) kick() {
	select {
	case l.queue <- &request{done: make(chan struct{})}:
	default:
	}
}

// resign asks the writer for a head by the key that signs now, where the newest is by another: once that one does
// not count any more, the other party takes nothing new under it.
func (l *Ledger) resign() {
	l.mu.Lock()
	stale := l.own != nil && l.own.head.Note != nil && !l.own.head.Key.Equal(transcript.PublicLineKey(l.key).Public)
	l.mu.Unlock()
	if !stale {
		return
	}
	select {
	case l.queue <- &request{heartbeat: true, done: make(chan struct{})}:
	default: // what is in the queue is signed with that key
	}
}

// Run owns the writer of the own transcript: it commits what Append queues and cosigns the head at
// each heartbeat. It returns when ctx ends, with its cause, or with the error that made the ledger
// fail. It is run once; Append waits until it runs.
func (l *Ledger) Run(ctx context.Context) error {
	defer close(l.stopped)
	w := &writer{l: l}
	defer func() { _ = l.KeepReceipts(ctx) }()
	timer, stop := l.cfg.Clock.Timer(l.cfg.Heartbeat)
	defer func() { stop() }()
	for {
		if w.held == nil {
			select {
			case <-ctx.Done():
				return context.Cause(ctx)
			case <-l.failed:
				return l.Err()
			case <-timer:
				w.heartbeat(ctx)
				timer, stop = l.cfg.Clock.Timer(l.cfg.Heartbeat)
				continue
			case <-l.receipted:
				w.awaitReceipts()
				continue
			case <-w.due:
				w.due = nil
				_ = l.KeepReceipts(ctx) // a failure to commit is sticky and ends Run
				continue
			case r := <-l.queue:
				w.held = r
			}
		}
		w.batch(ctx)
	}
}

// writer is the state of Run's goroutine alone.
type writer struct {
	l    *Ledger
	held *request         // taken from the queue and not yet begun
	due  <-chan time.Time // when receipts that no entry took along are made durable; nil: none wait
}

// awaitReceipts gives an entry the time to take new receipts along into its commit.
func (w *writer) awaitReceipts() {
	if w.due == nil {
		w.due, _ = w.l.cfg.Clock.Timer(receiptWait)
	}
}

// heartbeat is the timer's; a ledger that may not sign yet skips it.
func (w *writer) heartbeat(ctx context.Context) {
	if w.l.maySign("ledger.heartbeat") == nil {
		w.l.ownMu.Lock()
		defer w.l.ownMu.Unlock()
		_ = w.l.cosign(ctx) // a failure to commit is sticky and ends Run
	}
}

// batch takes what is queued, up to the bounds of a commit, and makes it durable.
func (w *writer) batch(ctx context.Context) {
	l := w.l
	l.ownMu.Lock()
	defer l.ownMu.Unlock()
	s := l.now()
	b := &batch{l: l, s: s, at: l.cfg.Clock.Now().UTC().Truncate(time.Millisecond), base: s.own.size()}
	if s.own.last != nil {
		b.at = notBefore(b.at, s.own.last.Time)
	}
	b.err = l.maySign("ledger.append")
	if b.err == nil && s.epoch.Closed != "" {
		b.err = &fault.Error{Code: fault.Mismatch, Op: "ledger.append", Rule: "the epoch is closed: " + s.epoch.Closed,
			Hint: "open the next epoch"}
	}
	b.open(ctx)
	for {
		r := w.next()
		if r == nil {
			break
		}
		if !r.state.CompareAndSwap(waiting, begun) {
			w.held = nil
			continue
		}
		if !b.add(r) {
			r.state.Store(waiting)
			break
		}
		w.held = nil
	}
	b.finish(ctx)
}

// next returns the request that was held back or the next in the queue, nil where there is none.
func (w *writer) next() *request {
	if w.held == nil {
		select {
		case w.held = <-w.l.queue:
		default:
		}
	}
	return w.held
}

// batch is one commit in the making.
type batch struct {
	l        *Ledger
	s        snapshot
	at       time.Time
	base     int64
	err      error // why nothing can be appended
	requests []*request
	records  []Record
	entries  []transcript.Sealed
	bytes    int // entries and disclosures
	inline   int // of them what lies in the segment itself
	beat     bool
}

// open puts the entry before all others that opens an epoch but the first.
func (b *batch) open(ctx context.Context) {
	if b.err != nil || b.base > 0 || b.s.epoch.Epoch == 1 {
		return
	}
	d, err := b.l.epochDraft(ctx, b.s)
	if err == nil {
		err = b.seal([]transcript.Draft{d})
	}
	b.err = err
}

// add seals a request's drafts into the batch. It returns false where they do not fit beside what
// is there, and the request waits for the next batch.
func (b *batch) add(r *request) bool {
	if b.err != nil {
		r.finish(nil, b.err)
		return true
	}
	at := len(b.entries)
	if at+len(r.drafts) > maxBatchEntries {
		return false
	}
	bytes, inline := b.bytes, b.inline
	undo := func() {
		b.entries, b.records, b.bytes, b.inline = b.entries[:at], b.records[:at], bytes, inline
	}
	if err := b.seal(r.drafts); err != nil {
		undo()
		r.finish(nil, err)
		return true
	}
	fits := b.bytes <= MaxBatchBytes && b.inline <= segmentInline-1024
	if fits || (b.bytes <= MaxBatchBytes && len(b.requests) == 0) {
		r.records = b.records[at:len(b.records):len(b.records)]
		b.requests = append(b.requests, r)
		b.beat = b.beat || r.heartbeat
		return true
	}
	undo()
	if len(b.requests) > 0 {
		return false
	}
	r.finish(nil, &fault.Error{Code: fault.TooLarge, Op: "ledger.append", Rule: "more than " +
		strconv.Itoa(MaxBatchBytes) + " bytes at once", Hint: "append fewer entries together"})
	return true
}

// seal appends the sealed entries of drafts to the batch.
func (b *batch) seal(drafts []transcript.Draft) error {
	for _, d := range drafts {
		sealed, entry, fields, err := transcript.SealOpened(b.l.cfg.Rand, d, transcript.Meta{Agreement: b.s.agreement, Author: b.l.cfg.Author,
			Seq: b.base + int64(len(b.entries)), Time: b.at, Seen: b.seen()})
		if err != nil {
			return err
		}
		b.entries = append(b.entries, sealed)
		b.records = append(b.records, Record{Origin: b.s.own.origin, Entry: entry, Bytes: sealed.Bytes,
			Disclosures: sealed.Disclosures, Fields: fields, HeldAt: b.at})
		n := 0
		for _, one := range sealed.Disclosures {
			n += len(one) + 4
		}
		b.bytes += len(sealed.Bytes) + n
		b.inline += len(sealed.Bytes) + 16
		if n <= disclosuresInline-16 {
			b.inline += n + 16
		} else {
			b.inline += 16 + 32*(1+n/chunkBytes)
		}
	}
	return nil
}

// seen is the newest head of the other's that this party ever held. After a restore the own last
// entry may name one that is not back yet; what was seen never goes down.
func (b *batch) seen() transcript.Seen {
	seen := b.s.other.seen()
	if last := b.s.own.last; last != nil && last.Seen.Size > seen.Size {
		return last.Seen
	}
	return seen
}

func (r *request) finish(records []Record, err error) {
	r.records, r.err = records, err
	close(r.done)
}

// finish commits the batch and answers its requests.
func (b *batch) finish(ctx context.Context) {
	err := b.err
	switch {
	case err != nil:
	case len(b.entries) > 0:
		err = b.commit(ctx)
	case b.beat:
		err = b.l.cosign(ctx)
	}
	for _, r := range b.requests {
		if err != nil {
			r.finish(nil, err)
			continue
		}
		close(r.done)
	}
}

// commit makes the batch durable under one new head, and only then publishes it.
func (b *batch) commit(ctx context.Context) error {
	l, own := b.l, b.s.own
	leaves := make([]transcript.Hash, len(b.entries))
	for i, e := range b.entries {
		leaves[i] = transcript.RecordHash(e.Bytes)
	}
	next, puts := own.grow(leaves, own.keys)
	head, err := transcript.SignHead(b.s.key, own.origin, next.size(), next.tree.Root(), notBefore(b.at, own.head.Time))
	if err != nil {
		return err
	}
	p := packer{keys: l.keys}
	seg := segment{first: b.base, heldAt: b.at, entries: b.entries}
	puts = append(puts, store.Put{Key: own.keys.seg(seg.end()), Value: p.encodeSegment(seg)})
	puts = append(puts, store.Put{Key: own.keys.top(), Value: head.Note}, store.Put{Key: own.keys.head(head.Size), Value: head.Note})
	marks, marked := l.markUrgent(own, b.base, seg.end(), func(seq int64) string { return b.records[seq-b.base].Entry.Kind })
	puts = append(puts, marks...)
	if err := l.storeChunks(ctx, p.chunks); err != nil {
		return err
	}
	t := store.Txn{Puts: puts, Guards: []store.Guard{b.s.guard(l.keys), {Key: own.keys.top(), Revision: own.topRev}}}
	kept := l.now().own.keepPending(&t)
	rev, err := l.commit(ctx, t)
	if err != nil {
		return err
	}
	l.publish(func() {
		o := *l.own
		o.grown, o.head, o.topRev, o.beat = next, head, rev, head.Time.Unix()/60
		o.marked = marked
		o.last = &b.records[len(b.records)-1].Entry
		o.tail = o.tail.with(b.records, head.Note)
		o.kept(kept, rev)
		l.own = &o
		for _, r := range b.records {
			l.addUrgent([]transcript.Entry{r.Entry})
		}
	})
	return nil
}

// cosign signs the own newest head again with the time of now and makes it durable. The caller
// holds ownMu.
func (l *Ledger) cosign(ctx context.Context) error {
	s := l.now()
	if s.epoch.Closed != "" {
		return nil
	}
	own := s.own
	now := notBefore(l.cfg.Clock.Now(), own.head.Time)
	if own.head.Note != nil && now.Unix() <= own.head.Time.Unix() && own.head.Key.Equal(transcript.PublicLineKey(s.key).Public) {
		return nil
	}
	root := own.tree.Root()
	head, err := transcript.SignHead(s.key, own.origin, own.size(), root, now)
	if err != nil {
		return err
	}
	minute := head.Time.Unix() / 60
	rev, err := l.commit(ctx, store.Txn{
		Puts:   []store.Put{{Key: own.keys.top(), Value: head.Note}, {Key: own.keys.beat(minute), Value: head.Note}},
		Guards: []store.Guard{s.guard(l.keys), {Key: own.keys.top(), Revision: own.topRev}},
	})
	if err != nil {
		return err
	}
	l.publish(func() {
		o := *l.own
		o.head, o.topRev, o.beat = head, rev, minute
		l.own = &o
	})
	return nil
}
