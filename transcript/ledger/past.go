package ledger

import (
	"bytes"
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"

	"parley/fault"
	"parley/store"
	"parley/transcript"
)

// past is both transcripts of an epoch before the open one. What is missing of the other's still
// goes into it: see "Epochs" in the package comment.
type past struct{ own, other *half }

// loadPast reads the two transcripts of a closed epoch. The caller holds otherMu.
func (j *judge) loadPast(epoch int64) (*past, error) {
	l := j.l
	if l.past != nil && l.past.own.origin.Epoch == epoch {
		return l.past, nil
	}
	o, own, peer := l.origin(epoch), j.ownKeys, j.peerKeys
	p := &past{}
	var err error
	if p.own, err = loadHalf(j.ctx, j.view, l.keys, o, own, peer); err != nil {
		return nil, err
	}
	if p.other, err = loadHalf(j.ctx, j.view, l.keys, o.Other(), peer, own); err != nil {
		return nil, err
	}
	l.past = p
	return p, nil
}

// turnTo makes the judge weigh a parcel of a closed epoch.
func (j *judge) turnTo(epoch int64) error {
	p, err := j.loadPast(epoch)
	if err != nil {
		return err
	}
	j.past, j.own, j.other, j.half = p, p.own, p.other, p.other
	return nil
}

// receivePast judges a parcel of a closed epoch. One that a fork or a breach closed stays as it is,
// and none grows beyond the head that its author named when he opened the next.
func (j *judge) receivePast(p Parcel) error {
	if len(p.Entries) == 0 || len(p.Head) == 0 || j.l.isTainted(p.Origin.Epoch) {
		return j.keepReceipts()
	}
	size, _, err := j.l.finalSize(j.ctx, j.view, p.Origin)
	if err != nil {
		return err
	}
	if err := j.turnTo(p.Origin.Epoch); err != nil {
		return err
	}
	head, err := j.head(p)
	if err != nil {
		return err
	}
	if size >= 0 && head.Size > size {
		return j.keepReceipts()
	}
	return j.weigh(p, head)
}

// pastReceipt takes the other's receipt for an own head of a closed epoch, where it is the next.
func (j *judge) pastReceipt(rc transcript.Receipt, after Have) error {
	if rc.Origin.Epoch < 1 || j.l.isTainted(rc.Origin.Epoch) {
		return nil
	}
	p, err := j.loadPast(rc.Origin.Epoch)
	if err != nil {
		return err
	}
	own := p.own
	next := after.Epoch == rc.Origin.Epoch && after.Size <= own.receipt.Size && rc.Size > own.receipt.Size
	if !next || rc.Size > own.size() || !counts(j.peerKeys, rc.Key, j.at) {
		return nil
	}
	root, err := own.rootAt(rc.Size, own.reader(j.ctx, j.view))
	if err != nil || root != rc.Root {
		return err
	}
	rev, err := j.l.commit(j.ctx, store.Txn{Puts: receiptPuts(own.keys, rc),
		Guards: []store.Guard{{Key: own.keys.rtop(), Revision: own.rtopRev}}})
	if err != nil {
		return err
	}
	kept := *own
	kept.receipt, kept.rtopRev = rc, rev
	p.own = &kept
	j.l.publish(func() { j.l.lateReceipts++ })
	return nil
}

// latePut notes which entries a closed epoch was given, for those who read past it before.
func (j *judge) latePut(e *extension) store.Put {
	origin := j.half.origin
	return store.Put{Key: j.l.keys.late(j.late + int64(len(e.entries))), Value: []byte(number(origin.Epoch) + "/" + number(e.base))}
}

// lateRun is entries of the other's that came into a closed epoch together.
type lateRun struct {
	epoch, first, end int64 // entries first..end-1
	upTo              int64 // Cursor.Late after them
}

// lateRuns lists what came late after a number of late entries.
func lateRuns(ctx context.Context, v store.View, k keys, from int64) ([]lateRun, error) {
	var out []lateRun
	for it, err := range v.Scan(ctx, k.late(from+1), after(string(k)+"late/")) {
		if err != nil {
			return nil, fault.Wrap(fault.Unavailable, "ledger.read", err)
		}
		epoch, first, ok := bytes.Cut(it.Value, []byte("/"))
		r := lateRun{}
		var err [3]error
		r.upTo, err[0] = strconv.ParseInt(it.Key[strings.LastIndexByte(it.Key, '/')+1:], 16, 64)
		r.epoch, err[1] = strconv.ParseInt(string(epoch), 16, 64)
		r.first, err[2] = strconv.ParseInt(string(first), 16, 64)
		if !ok || errors.Join(err[:]...) != nil || r.upTo <= from {
			return nil, fault.Newf(fault.Corrupt, "ledger.read", "the note of late entries %s cannot be read", it.Key)
		}
		r.end = r.first + r.upTo - from
		out, from = append(out, r), r.upTo
	}
	return out, nil
}

// finalSize returns how long a transcript of the other's was when it opened the next epoch, by its
// own word, and whether anything of a later epoch is held of it. The size is -1 where it gave none.
func (l *Ledger) finalSize(ctx context.Context, v store.View, o transcript.Origin) (size int64, later bool, err error) {
	s := l.now()
	next := o
	for next.Epoch++; next.Epoch <= s.epoch.Epoch; next.Epoch++ {
		head, err := topHead(ctx, v, l.keys, next, s.keysOf(o.Side))
		if err != nil {
			return -1, false, err
		}
		if head.Size > 0 {
			break
		}
	}
	if next.Epoch > s.epoch.Epoch {
		return -1, false, nil
	}
	for r, err := range l.scan(ctx, v, next, 0, 1) {
		if err != nil {
			return -1, true, err
		}
		return namedSize(r, o), true, nil
	}
	return -1, true, nil
}

// namedSize returns the size of a transcript that the first entry of the next epoch names, else -1.
func namedSize(r Record, o transcript.Origin) int64 {
	_, fields, err := transcript.Open(transcript.Sealed{Bytes: r.Bytes, Disclosures: r.Disclosures})
	if err != nil {
		return -1
	}
	for _, f := range fields {
		var text string
		if f.Name != "head-"+string(o.Side) || json.Unmarshal(f.Value, &text) != nil {
			continue
		}
		parts := strings.Split(text, " ")
		if len(parts) != 3 || parts[0] != o.String() {
			return -1
		}
		size, err := strconv.ParseInt(parts[1], 10, 64)
		if err != nil || size < 0 || size > transcript.MaxSize {
			return -1
		}
		return size
	}
	return -1
}

// lookBack finds the first closed epoch of which entries of the other's may be missing, from an
// epoch on, and what is held of it; zero where there is none.
func (l *Ledger) lookBack(ctx context.Context, v store.View, epoch int64) (Have, error) {
	s := l.now()
	for ; epoch < s.epoch.Epoch; epoch++ {
		if l.isTainted(epoch) {
			continue
		}
		o := l.origin(epoch).Other()
		head, err := topHead(ctx, v, l.keys, o, s.keysOf(o.Side))
		if err != nil {
			return Have{}, err
		}
		size, later, err := l.finalSize(ctx, v, o)
		if err != nil {
			return Have{}, err
		}
		if !later || size > head.Size {
			return Have{Epoch: epoch, Size: head.Size}, nil
		}
	}
	return Have{}, nil
}

// stepBack looks again for what is missing of closed epochs after a parcel was judged. A peer that
// was asked for one, and begins with the next without a new word, has no more of it; one that holds
// all of it, and answers without a receipt, gives no more of those. The caller holds otherMu.
func (l *Ledger) stepBack(ctx context.Context, p Parcel, taken int) error {
	l.mu.Lock()
	missing, owed := l.missing, l.owed
	l.mu.Unlock()
	if missing == (Have{}) && owed == (Have{}) {
		return nil
	}
	v, err := l.view(ctx)
	if err != nil {
		return err
	}
	defer v.Close()
	from := missing.Epoch
	if taken == 0 && len(p.Entries) > 0 && p.First == 0 && p.Origin.Epoch > from {
		from++
	}
	if missing != (Have{}) {
		if missing, err = l.lookBack(ctx, v, from); err != nil {
			return err
		}
	}
	from = owed.Epoch
	if p.After == owed && len(p.Receipts) == 0 && p.Have.Epoch > from {
		from++
	}
	if owed != (Have{}) {
		if owed, err = l.lookOwed(ctx, v, from); err != nil {
			return err
		}
	}
	l.mu.Lock()
	changed := missing != l.missing || owed != l.owed
	l.mu.Unlock()
	if changed {
		l.publish(func() { l.missing, l.owed = missing, owed })
	}
	return nil
}
