package ledger

import (
	"bytes"
	"context"
	"errors"
	"strconv"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"parley/fault"
	"parley/store"
	"parley/transcript"
)

// Receive judges a peer's parcel, makes what is new of it durable and receipts it. An error means
// that nothing could be judged or stored; a bad parcel is a verdict, not an error.
func (l *Ledger) Receive(ctx context.Context, p Parcel) (Outcome, error) {
	l.otherMu.Lock()
	defer l.otherMu.Unlock()
	if err := l.maySign("ledger.receive"); err != nil {
		return Outcome{}, err
	}
	j, err := l.judge(ctx, l.cfg.Side.Other())
	if err != nil {
		return Outcome{}, err
	}
	defer j.view.Close()
	out, err := l.outcome(j, j.receive(p))
	if err != nil || (out.Verdict != Taken && out.Verdict != Old) {
		return out, err
	}
	if err := l.stepBack(ctx, p, out.Taken); err != nil {
		return Outcome{}, err
	}
	out.Have = l.have()
	return out, nil
}

// judge returns a judge of what comes of one side's transcript. The caller holds otherMu, and ownMu
// where that side is the own. The view is the younger, so that it has all that the snapshot names.
func (l *Ledger) judge(ctx context.Context, side transcript.Side) (*judge, error) {
	j := &judge{l: l, ctx: ctx, snapshot: l.now(), at: l.cfg.Clock.Now(), side: side}
	j.half, j.authorKeys = j.other, j.peerKeys
	if side == l.cfg.Side {
		j.half, j.authorKeys = j.own, j.ownKeys
	}
	var err error
	j.view, err = l.view(ctx)
	return j, err
}

// outcome turns what a judge found into an outcome, and keeps the evidence of a fork or a breach.
func (l *Ledger) outcome(j *judge, err error) (Outcome, error) {
	var f *finding
	if err != nil && !errors.As(err, &f) {
		return Outcome{}, err
	}
	out := Outcome{Verdict: Taken, Taken: j.taken, OldKey: j.oldKey}
	switch {
	case f != nil:
		out.Verdict, out.Reason = f.verdict, f.reason
	case j.taken == 0:
		out.Verdict = Old
	}
	if f != nil && f.evidence != nil {
		f.evidence.HeldAt = j.at
		if j.side != l.cfg.Side {
			l.ownMu.Lock()
			defer l.ownMu.Unlock()
		}
		if err := l.closeEpoch(j.ctx, f.reason, f.verdict, f.evidence); err != nil {
			return Outcome{}, err
		}
	}
	if out.Verdict == Unsound || out.Verdict == Forked || out.Verdict == Breach {
		l.cfg.Log.Warn("parcel does not hold", "line", l.cfg.Line, "verdict", out.Verdict, "reason", out.Reason)
	}
	out.Have = l.have()
	return out, nil
}

// have says from where on the ledger asks for the other's entries. After entries that did not hash
// to their signed root it asks from further and further back: a parcel that overlaps the copy held
// tells a fork, which can be proved, from bytes that were damaged on the way. What is missing of
// closed epochs comes before the open one; into one that a fork or a breach closed nothing more goes.
func (l *Ledger) have() Have {
	l.mu.Lock()
	defer l.mu.Unlock()
	h := l.missing
	switch {
	case h != Have{}:
	case l.epoch.Closed != "" && l.tainted[l.epoch.Epoch]:
		return Have{Epoch: l.epoch.Epoch + 1}
	default:
		h = l.other.have()
	}
	h.Size = max(0, h.Size-l.backOff)
	return h
}

// finding is a verdict other than taken, with the evidence that closes the epoch.
type finding struct {
	verdict  Verdict
	reason   string
	evidence *Evidence
}

func (f *finding) Error() string { return string(f.verdict) + ": " + f.reason }

func unsound(reason string) error { return &finding{verdict: Unsound, reason: reason} }

// judge weighs one parcel against a snapshot of the ledger. It sees what the lock holder sees.
type judge struct {
	snapshot
	l          *Ledger
	ctx        context.Context
	view       store.View
	at         time.Time
	side       transcript.Side // whose transcript the parcel brings
	half       *half           // as it is held
	authorKeys []transcript.LineKey
	taken      int
	enters     int64           // the epoch that the parcel opens, 0 for none
	past       *past           // the closed epoch of the parcel, nil where it is not of one
	oldKey     bool            // what is not held came under a key that does not count now
	spent      bool            // the head's key does not count now, and all of the head is held: it says nothing
	tookBack   storedTakenBack // what take adds to

	newReceipts []transcript.Receipt // the other's, for own heads of the open epoch
}

func (j *judge) receive(p Parcel) error {
	if err := j.address(p); err != nil {
		return err
	}
	if err := j.receipts(p); err != nil {
		return err
	}
	switch {
	case p.Origin.Epoch < j.epoch.Epoch:
		return j.receivePast(p)
	case p.Origin.Epoch == j.epoch.Epoch && j.epoch.Closed != "" && j.l.isTainted(j.epoch.Epoch):
		if err := j.keepReceipts(); err != nil {
			return err
		}
		return &finding{verdict: j.epoch.Verdict, reason: "the epoch is closed: " + j.epoch.Closed}
	case p.Origin.Epoch > j.epoch.Epoch+maxEpochSkip:
		return unsound("the parcel is of an epoch far beyond the open one")
	case p.Origin.Epoch > j.epoch.Epoch:
		j.enter(p.Origin)
	}
	if len(p.Head) == 0 {
		if len(p.Entries) > 0 {
			return unsound("entries without a head")
		}
		return j.keepReceipts()
	}
	head, err := j.head(p)
	if err != nil {
		return err
	}
	return j.weigh(p, head)
}

// weigh compares a parcel with the copy held, and takes what is new.
func (j *judge) weigh(p Parcel, head transcript.Head) error {
	switch {
	case j.spent:
		return j.keepReceipts()
	case head.Size <= j.half.size():
		return j.old(head)
	}
	e, err := j.extend(p, head)
	if err != nil {
		return err
	}
	if err := j.entries(e, head); err != nil {
		return err
	}
	if err := j.seens(e, head); err != nil {
		return err
	}
	if err := j.aheads(e, head); err != nil {
		return err
	}
	return j.take(e, head)
}

// enter makes the judge weigh a parcel of a later epoch, which it opens.
func (j *judge) enter(o transcript.Origin) {
	j.enters = o.Epoch
	j.half = &half{origin: o, keys: j.l.keys.side(o)}
}

// address checks for whom and from whom a parcel is, and the bounds of what is not yet proved to be
// the author's.
func (j *judge) address(p Parcel) error {
	o := p.Origin
	switch {
	case o.Line != j.l.cfg.Line || o.Side != j.side || o.Epoch < 1:
		return unsound("the parcel is of the transcript " + o.String())
	case len(p.Entries) > MaxParcelEntries:
		return unsound("more entries than a parcel holds")
	case p.First < 0 || p.First > transcript.MaxSize:
		return unsound("the first entry's index is out of bounds")
	case len(p.Head) > transcript.MaxNoteBytes:
		return unsound("a note over its bound")
	case len(p.Receipts) > MaxReceipts:
		return unsound("more receipts than a parcel holds")
	}
	total := 0
	for _, note := range p.Receipts {
		if len(note) > transcript.MaxNoteBytes {
			return unsound("a note over its bound")
		}
	}
	for _, e := range p.Entries {
		total += len(e.Bytes) + 8
		for _, d := range e.Disclosures {
			total += len(d) + 8
		}
		if total > MaxParcelBytes {
			return unsound("more bytes than a parcel holds")
		}
	}
	return nil
}

// head opens a parcel's head and checks that its key counts now. One that was taken while its key counted is
// offered again until its author signs with the next: that is no fault.
func (j *judge) head(p Parcel) (transcript.Head, error) {
	h := j.half.head
	if !bytes.Equal(p.Head, h.Note) || !knownKey(j.authorKeys, h.Key) { // else it was opened before
		var err error
		if h, err = transcript.OpenHead(p.Head, j.authorKeys...); err != nil {
			return h, unsound(err.Error())
		}
	}
	if h.Origin != p.Origin {
		return h, unsound("the head is of the transcript " + h.Origin.String())
	}
	if j.side != j.l.cfg.Side && !counts(j.authorKeys, h.Key, j.at) {
		if h.Size <= j.half.size() {
			root, err := j.half.rootAt(h.Size, j.half.reader(j.ctx, j.view))
			if err != nil {
				return h, err
			}
			if root == h.Root || h.Size == 0 {
				j.spent = true
				return h, nil
			}
		}
		j.oldKey = true
		return h, unsound("the head is signed by a key that does not count now")
	}
	return h, nil
}

// old judges a head no larger than the copy held.
func (j *judge) old(head transcript.Head) error {
	r := j.half.reader(j.ctx, j.view)
	root, err := j.half.rootAt(head.Size, r)
	if err != nil {
		return err
	}
	if head.Size > 0 && root != head.Root {
		reason := "the head of " + strconv.FormatInt(head.Size, 10) + " entries contradicts the copy held"
		return j.forked(j.half.head, head, r, reason)
	}
	if head.Size == j.half.size() {
		j.matched(true)
	}
	return j.beat(head)
}

// matched moves the place from which entries are asked for; see have and Standing.Asks.
func (j *judge) matched(ok bool) {
	j.l.mu.Lock()
	defer j.l.mu.Unlock()
	back := &j.l.backOff
	if j.side == j.l.cfg.Side {
		back = &j.l.ownBackOff
	}
	if ok {
		*back = 0
		return
	}
	*back = min(max(1, 2**back), transcript.MaxSize)
}

func (j *judge) forked(held, offered transcript.Head, r tlog.HashReader, reason string) error {
	ev, err := forkEvidence(held, offered, r, reason)
	if err != nil {
		return err
	}
	return &finding{verdict: Forked, reason: reason, evidence: ev}
}

// beat keeps a heartbeat, one a minute by either clock, and what receipt came with it. A head of no
// entries is kept as the others are: it shows that the author lived. The first by another key, after the
// key of the head that is held stopped counting, is kept at once: what came between has no other.
func (j *judge) beat(head transcript.Head) error {
	minute, here := head.Time.Unix()/60, j.at.Unix()/60
	held := j.half.head
	newer := head.Size == j.half.size() && head.Time.After(held.Time) && minute != j.half.beat && here != j.half.beatHere
	newer = newer || head.Size == j.half.size() && held.Note != nil && !head.Time.Before(held.Time) && !counts(j.authorKeys, held.Key, j.at)
	if !newer || j.side == j.l.cfg.Side || j.enters > 0 || j.past != nil {
		return j.keepReceipts()
	}
	next := *j.half
	next.head, next.beat, next.beatHere = head, minute, here
	t := store.Txn{
		Guards: []store.Guard{j.guard(j.l.keys), {Key: next.keys.top(), Revision: next.topRev}},
		Puts:   []store.Put{{Key: next.keys.top(), Value: head.Note}, {Key: next.keys.beat(minute), Value: head.Note}},
	}
	return j.commit(t, &next, nil)
}

// extension is what a parcel adds to a transcript.
type extension struct {
	base    int64 // how many entries the copy held before
	entries []transcript.Sealed
	leaves  []transcript.Hash
	parsed  []transcript.Entry
	fields  [][]transcript.Field // of each entry, as opened
	grown   grown
	puts    []store.Put // blocks of hashes that became full
}

// extend checks that a parcel's entries lead from the copy held to the signed root.
func (j *judge) extend(p Parcel, head transcript.Head) (*extension, error) {
	n := j.half.size()
	switch {
	case len(p.Entries) == 0 || p.First > n:
		return nil, &finding{verdict: Missing, reason: "entries before " + strconv.FormatInt(p.First, 10) + " are not here"}
	case p.First+int64(len(p.Entries)) != head.Size:
		return nil, unsound("the entries do not end at the head")
	}
	e := &extension{entries: p.Entries, leaves: make([]transcript.Hash, len(p.Entries))}
	for i, s := range p.Entries {
		e.leaves[i] = transcript.RecordHash(s.Bytes)
	}
	if p.First < n {
		if err := j.overlap(p.First, e, head); err != nil {
			return nil, err
		}
		e.entries, e.leaves = e.entries[n-p.First:], e.leaves[n-p.First:]
	}
	e.base = j.half.size()
	e.grown, e.puts = j.half.grow(e.leaves, j.half.keys)
	if e.grown.tree.Root() != head.Root {
		j.matched(false)
		return nil, unsound("the entries do not hash to the signed root")
	}
	return e, nil
}

// overlap compares entries that are held already with those of a parcel. Where they differ and yet
// hash to the signed root, their author signed two transcripts.
func (j *judge) overlap(first int64, e *extension, head transcript.Head) error {
	r := j.half.reader(j.ctx, j.view)
	held, err := j.half.leaves(first, j.half.size(), r)
	if err != nil {
		return err
	}
	for i, h := range held {
		if h == e.leaves[i] {
			continue
		}
		t, err := transcript.TreeAt(first, r)
		if err != nil {
			return err
		}
		over := newOverlay(r, &t, e.leaves)
		if t.Root() != head.Root {
			j.matched(false)
			return unsound("the entries do not hash to the signed root")
		}
		reason := "entry " + strconv.FormatInt(first+int64(i), 10) + " is not the one that is held"
		return j.forked(j.half.head, head, over, reason)
	}
	return nil
}

// entries checks the entries of a proved root: what breaks the format now was signed so.
func (j *judge) entries(e *extension, head transcript.Head) error {
	prev := j.half.last
	for i, s := range e.entries {
		entry, fields, err := j.entry(prev, s)
		if err != nil {
			var f *finding
			if errors.As(err, &f) {
				return err
			}
			return j.breach(e, i, head, err)
		}
		e.parsed, e.fields = append(e.parsed, entry), append(e.fields, fields)
		prev = &e.parsed[i]
	}
	return nil
}

func (j *judge) entry(prev *transcript.Entry, s transcript.Sealed) (transcript.Entry, []transcript.Field, error) {
	entry, fields, bad := transcript.Open(s)
	if bad != nil {
		var err error
		if entry, err = transcript.ParseEntry(s.Bytes); err != nil {
			return entry, nil, err
		}
	}
	if err := shownExactly(entry, s); err != nil {
		return entry, nil, err
	}
	if bad != nil {
		return entry, nil, bad
	}
	return entry, fields, j.follows(prev, entry)
}

// follows checks an entry against the one before it.
func (j *judge) follows(prev *transcript.Entry, entry transcript.Entry) error {
	if prev == nil && entry.Author != j.author() {
		return fault.Newf(fault.Corrupt, "entry", "the author is %q, not %q", entry.Author, j.author())
	}
	if prev == nil && j.half.origin.Epoch > 1 && entry.Kind != KindEpoch {
		return fault.Newf(fault.Corrupt, "entry", "the first entry of a later epoch must be of the kind %q", KindEpoch)
	}
	return transcript.CheckNext(prev, entry)
}

func (j *judge) author() string {
	if j.side == j.l.cfg.Side {
		return j.l.cfg.Author
	}
	return j.l.cfg.Peer
}

// shownExactly refuses a sealed entry unless its disclosures are exactly those shown to the
// receiver. The digests are signed: what does not match them was changed or withheld on the way.
func shownExactly(e transcript.Entry, s transcript.Sealed) error {
	if len(s.Disclosures) != len(e.Shown) {
		return unsound("entry " + strconv.FormatInt(e.Seq, 10) + " comes with " + strconv.Itoa(len(s.Disclosures)) +
			" disclosures and lists " + strconv.Itoa(len(e.Shown)) + " as shown")
	}
	for i, d := range s.Disclosures {
		if transcript.DigestOf(d) != e.Shown[i] {
			return unsound("entry " + strconv.FormatInt(e.Seq, 10) + " comes with a disclosure that it does not list as shown")
		}
	}
	return nil
}

// overlay reads the tree that an extension leads to.
func (j *judge) overlay(e *extension) *overlay {
	t := j.half.tree.Clone()
	return newOverlay(j.half.reader(j.ctx, j.view), &t, e.leaves)
}

// breach keeps the entry that breaks the format with the proof that its author signed it, and the
// entry before it, with which alone a wrong order is seen.
func (j *judge) breach(e *extension, i int, head transcript.Head, why error) error {
	index := j.half.size() + int64(i)
	over := j.overlay(e)
	reason := "entry " + strconv.FormatInt(index, 10) + " breaks the format: " + why.Error()
	ev := &Evidence{Kind: EvidenceBreach, Origin: j.half.origin, Reason: reason, Offered: head.Note, Index: index,
		Entry: e.entries[i].Bytes, Disclosures: e.entries[i].Disclosures}
	var err error
	if ev.InOffered, err = transcript.ProveEntry(head.Size, index, over); err != nil {
		return err
	}
	switch {
	case i > 0:
		ev.Other = e.entries[i-1].Bytes
	case j.half.last != nil:
		if ev.Other, err = j.half.last.Encode(); err != nil {
			return err
		}
	}
	if ev.Other != nil {
		if ev.InHeld, err = transcript.ProveEntry(head.Size, index-1, over); err != nil {
			return err
		}
	}
	return &finding{verdict: Breach, reason: reason, evidence: ev}
}
