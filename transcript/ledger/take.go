package ledger

import (
	"bytes"
	"strconv"
	"time"

	"parley/store"
	"parley/transcript"
)

// MaxParcelEntries is how many entries a parcel holds at most: what one transaction can index.
const MaxParcelEntries = 4096

// receipts judges the other's receipts for own heads. Those of an epoch that evidence closed say
// nothing new, and must not keep the next from being opened.
func (j *judge) receipts(p Parcel) error {
	over := j.l.isProven(j.own.origin) || p.Origin.Epoch > j.epoch.Epoch && j.l.isTainted(j.epoch.Epoch)
	if over && p.After.Epoch == j.epoch.Epoch {
		return nil
	}
	for _, note := range p.Receipts {
		if err := j.receipt(note, p.After); err != nil {
			return err
		}
	}
	return nil
}

// receipt judges one that is the next after a size, or follows one that was judged before. Where the
// next is another it is not kept: the gap would stay for ever.
func (j *judge) receipt(note []byte, after Have) error {
	old := j.own.receipt
	if n := len(j.newReceipts); n > 0 {
		old = j.newReceipts[n-1]
	}
	if bytes.Equal(note, old.Note) && knownKey(j.peerKeys, old.Key) {
		return nil
	}
	rc, err := transcript.OpenReceipt(note, j.peerKeys...)
	if err != nil {
		return unsound(err.Error())
	}
	if rc.Origin.Line != j.l.cfg.Line || rc.Origin.Side != j.l.cfg.Side {
		return unsound("the receipt is for the transcript " + rc.Origin.String())
	}
	what := "a receipt for " + strconv.FormatInt(rc.Size, 10) + " entries of epoch " + strconv.FormatInt(rc.Origin.Epoch, 10)
	if rc.Origin.Epoch < j.epoch.Epoch {
		return j.pastReceipt(rc, after)
	}
	if rc.Origin.Epoch > j.epoch.Epoch {
		return j.doubt(what, &Evidence{Offered: note})
	}
	if err := j.knows(transcript.Seen{Size: rc.Size, Root: rc.Root}, what, j.own.reader(j.ctx, j.view), func() (*Evidence, error) {
		return &Evidence{Offered: note}, nil
	}); err != nil {
		return err
	}
	next := after.Epoch == rc.Origin.Epoch && after.Size <= j.own.receipt.Size
	if next && rc.Size > old.Size && counts(j.peerKeys, rc.Key, j.at) {
		j.newReceipts = append(j.newReceipts, rc)
	}
	return nil
}

// knows checks what the other signed of the own transcript against the own copy.
func (j *judge) knows(s transcript.Seen, what string, r *hashReader, evidence func() (*Evidence, error)) error {
	if s.Size == 0 {
		return nil
	}
	if s.Size > j.own.size() {
		if j.past != nil {
			return nil // of a closed epoch the rest may be lost for good
		}
		ev, err := evidence()
		if err != nil {
			return err
		}
		return j.doubt(what, ev)
	}
	root, err := j.own.rootAt(s.Size, r)
	if err != nil || root == s.Root {
		return err
	}
	ev, err := evidence()
	if err != nil {
		return err
	}
	return j.foreign(what+" is not for the own transcript", ev)
}

func (j *judge) foreign(reason string, ev *Evidence) error {
	ev.Kind, ev.Origin, ev.Reason, ev.Held = EvidenceForeign, j.own.origin, reason, j.own.head.Note
	return &finding{verdict: Forked, reason: reason, evidence: ev}
}

// doubt takes the confirmation away when the other signed that it holds more of the own transcript
// than there is: this store was restored. Where an operator insists that it was not, it is evidence.
func (j *judge) doubt(what string, ev *Evidence) error {
	reason := what + " is for more than the own transcript holds: this store may have been restored"
	overruled := false
	j.l.publish(func() {
		if overruled = j.l.overruled; !overruled {
			j.l.confirmed, j.l.doubted = false, true
		}
	})
	if overruled {
		return j.foreign(what+" is for more than the own transcript ever held", ev)
	}
	j.l.cfg.Log.Error("signing stopped", "line", j.l.cfg.Line, "reason", reason)
	return &finding{verdict: Missing, reason: reason}
}

// seens checks what the entries say that their author had seen of the own transcript.
func (j *judge) seens(e *extension, head transcript.Head) error {
	if j.side == j.l.cfg.Side {
		return nil
	}
	r := j.own.reader(j.ctx, j.view)
	checked := transcript.Seen{}
	for i, entry := range e.parsed {
		if entry.Seen == checked {
			continue
		}
		what := "what entry " + strconv.FormatInt(entry.Seq, 10) + " says that its author had seen"
		evidence := func() (*Evidence, error) {
			proof, err := transcript.ProveEntry(head.Size, entry.Seq, j.overlay(e))
			return &Evidence{Offered: head.Note, Index: entry.Seq, Entry: e.entries[i].Bytes, InOffered: proof}, err
		}
		if j.enters > 0 && entry.Seen.Size > 0 {
			ev, err := evidence()
			if err != nil {
				return err
			}
			return j.doubt(what, ev)
		}
		if err := j.knows(entry.Seen, what, r, evidence); err != nil {
			return err
		}
		checked = entry.Seen
	}
	return nil
}

// keepReceipts shows receipts for own heads that came with nothing else to keep. The own writer
// makes them durable.
func (j *judge) keepReceipts() error {
	j.showReceipts()
	return nil
}

// take makes an extension durable, with the own receipt for it where it is the other's.
func (j *judge) take(e *extension, head transcript.Head) error {
	next := *j.half
	next.grown, next.head, next.last = e.grown, head, &e.parsed[len(e.parsed)-1]
	next.beat = head.Time.Unix() / 60
	p := packer{keys: j.l.keys}
	s := segment{first: e.base, heldAt: j.at, entries: e.entries}
	t := store.Txn{Puts: e.puts}
	t.Puts = append(t.Puts,
		store.Put{Key: next.keys.seg(s.end()), Value: p.encodeSegment(s)},
		store.Put{Key: next.keys.top(), Value: head.Note},
		store.Put{Key: next.keys.head(head.Size), Value: head.Note})
	t.Guards = append(t.Guards, j.guard(j.l.keys), store.Guard{Key: next.keys.top(), Revision: next.topRev})
	if j.side != j.l.cfg.Side {
		rc, err := transcript.SignReceipt(j.key, head, notBefore(j.at, next.receipt.Time))
		if err != nil {
			return err
		}
		next.receipt = rc
		t.Guards = append(t.Guards, store.Guard{Key: next.keys.rtop(), Revision: next.rtopRev})
		t.Puts = append(t.Puts, receiptPuts(next.keys, rc)...)
	}
	if j.side == j.l.cfg.Side {
		marks, marked := j.l.markUrgent(&next, e.base, s.end(), func(seq int64) string { return e.parsed[seq-e.base].Kind })
		t.Puts, next.marked = append(t.Puts, marks...), marked
		back, put, err := j.takesBack(e, &next)
		if err != nil {
			return err
		}
		t.Puts, j.tookBack = append(t.Puts, put), back
	}
	if err := j.l.storeChunks(j.ctx, p.chunks); err != nil {
		return err
	}
	if j.past != nil {
		t.Puts = append(t.Puts, j.latePut(e))
	}
	j.taken = len(e.entries)
	if j.enters > 0 && j.side != j.l.cfg.Side {
		j.l.ownMu.Lock()
		defer j.l.ownMu.Unlock()
	}
	if j.enters > 0 {
		j.showReceipts() // of the epoch that is left
		if err := j.l.keepReceipts(j.ctx); err != nil {
			return err
		}
		put, err := epochState{Version: 1, Epoch: j.enters}.put(j.l.keys)
		if err != nil {
			return err
		}
		t.Puts = append(t.Puts, put)
	}
	return j.commit(t, &next, e)
}

func receiptPuts(k sideKeys, rc transcript.Receipt) []store.Put {
	return []store.Put{
		{Key: k.rcpt(rc.Size), Value: rc.Note},
		{Key: k.rtop(), Value: strconv.AppendInt(nil, rc.Size, 10)},
	}
}

// commit makes t durable and then publishes next.
func (j *judge) commit(t store.Txn, next *half, e *extension) error {
	j.showReceipts()
	done := j.l.doneAhead(next)
	for _, k := range done {
		t.Deletes = append(t.Deletes, j.l.keys.side(k.origin(j.l)).ahead(k.index))
	}
	rev, err := j.l.commit(j.ctx, t)
	if err != nil {
		return err
	}
	if e != nil && j.past == nil {
		next.tail = next.tail.with(received(next.origin, e, time.UnixMilli(j.at.UnixMilli()).UTC()), next.head.Note)
	}
	j.l.publish(func() {
		if j.enters > 0 {
			j.l.enter(j.enters, rev)
		}
		next.topRev = rev
		if next.receipt.Size == next.size() && j.side != j.l.cfg.Side && j.taken > 0 {
			next.rtopRev = rev
			next.tail = next.tail.withReceipt(next.receipt)
		}
		for _, k := range done {
			delete(j.l.ahead, k)
		}
		if j.past != nil {
			j.past.other, j.l.backOff = next, 0
			j.l.late += int64(j.taken)
			return
		}
		if j.side == j.l.cfg.Side {
			j.l.own = next
			if e != nil {
				j.l.takenBack = j.tookBack
				j.l.addUrgent(e.parsed)
			}
			return
		}
		j.l.other, j.l.backOff = next, 0
	})
	if j.enters > 0 {
		j.l.kick()
	}
	return nil
}

// addUrgent lists the entries that cannot wait among those appended. The caller holds mu.
func (l *Ledger) addUrgent(es []transcript.Entry) {
	for _, e := range es {
		if l.cfg.Urgent != nil && l.cfg.Urgent(e.Kind) && e.Seq >= l.own.receipt.Size {
			l.urgent = append(l.urgent, e.Seq)
		}
	}
}

// notBefore returns the later of two times.
func notBefore(t, floor time.Time) time.Time {
	if t.Before(floor) {
		return floor
	}
	return t
}
