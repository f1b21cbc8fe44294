package ledger

import (
	"bytes"
	"cmp"
	"context"
	"iter"
	"slices"

	"parley/fault"
	"parley/store"
	"parley/transcript"
)

// Export writes both transcripts of every epoch to a bundle, whose agreements the caller has
// written and which the caller closes: the entries with what was shown to the other party, every
// head and receipt kept, and every fork held. It is one durable state, whatever comes meanwhile.
func (l *Ledger) Export(ctx context.Context, b *transcript.BundleWriter) error {
	if err := l.KeepReceipts(ctx); err != nil && l.Err() == nil {
		return err // a ledger that failed exports what it has
	}
	s := l.now()
	v, err := l.view(ctx)
	if err != nil {
		return err
	}
	defer v.Close()
	forks, err := exportForks(ctx, v, l.keys, s)
	if err != nil {
		return err
	}
	for epoch := int64(1); epoch <= s.epoch.Epoch; epoch++ {
		own, other := s.own.size(), s.other.size()
		if epoch < s.epoch.Epoch {
			if own, other, err = l.oldSizes(ctx, v, s, epoch); err != nil {
				return err
			}
		}
		for _, side := range []transcript.Side{transcript.A, transcript.B} {
			o := transcript.Origin{Line: l.cfg.Line, Epoch: epoch, Side: side}
			size := own
			if side != l.cfg.Side {
				size = other
			}
			if size == 0 {
				continue
			}
			x := exporter{l: l, ctx: ctx, v: v, b: b, s: s, origin: o, size: size}
			if err := x.transcript(forks[o]); err != nil {
				return err
			}
		}
	}
	return nil
}

// exportForks returns the forks held, by transcript, in the order of their bytes.
func exportForks(ctx context.Context, v store.View, k keys, s snapshot) (map[transcript.Origin][]transcript.Fork, error) {
	list, err := evidences(ctx, v, k, k.evidence())
	if err != nil {
		return nil, err
	}
	out := map[transcript.Origin][]transcript.Fork{}
	for _, ev := range list {
		if len(ev.Fork) == 0 {
			continue
		}
		f, err := transcript.ParseFork(ev.Fork, s.keysOf(ev.Origin.Side)...)
		if err != nil {
			return nil, err
		}
		out[f.First.Origin] = append(out[f.First.Origin], f)
	}
	for _, forks := range out {
		slices.SortFunc(forks, func(a, b transcript.Fork) int { return bytes.Compare(a.Encode(), b.Encode()) })
	}
	return out, nil
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
}

func (x *exporter) transcript(forks []transcript.Fork) error {
	if err := x.b.Transcript(x.origin); err != nil {
		return err
	}
	next, stop := iter.Pull2(x.l.scan(x.ctx, x.v, x.origin, 0, x.size))
	defer stop()
	err := x.eachSize(func(heads []transcript.Head) error {
		for x.b.Size() < heads[0].Size {
			r, err, ok := next()
			if !ok {
				return fault.Newf(fault.Corrupt, "ledger.export", "%s has no entry %d", x.origin, x.b.Size())
			}
			if err != nil {
				return err
			}
			if err := x.b.Entry(shownOnly(r)); err != nil {
				return err
			}
		}
		for _, h := range heads {
			if err := x.b.Head(h); err != nil {
				return err
			}
		}
		return x.receipt(heads[0].Size)
	})
	if err != nil {
		return err
	}
	if x.b.Size() != x.size {
		return fault.Newf(fault.Corrupt, "ledger.export", "%s has no head of size %d", x.origin, x.size)
	}
	for _, f := range forks {
		if err := x.b.Fork(f); err != nil {
			return err
		}
	}
	return nil
}

// shownOnly leaves out what was shown to nobody.
func shownOnly(r Record) transcript.Sealed {
	return transcript.Withhold(transcript.Sealed{Bytes: r.Bytes, Disclosures: r.Disclosures},
		func(d transcript.Digest) bool { return slices.Contains(r.Entry.Shown, d) })
}

// receipt writes the receipt kept for the head of a size, where there is one.
func (x *exporter) receipt(size int64) error {
	k := x.l.keys.side(x.origin)
	for it, err := range x.v.Scan(x.ctx, k.rcpt(size), k.rcpt(size+1)) {
		if err != nil {
			return fault.Wrap(fault.Unavailable, "ledger.export", err)
		}
		r, err := transcript.OpenReceipt(it.Value, x.s.keysOf(x.origin.Side.Other())...)
		if err != nil {
			return err
		}
		if err := x.b.Receipt(r); err != nil {
			return err
		}
	}
	return nil
}

// eachSize calls do with the heads of each size, smallest size first, the heads of one size in the
// order of their times: those of commits, and those of heartbeats.
func (x *exporter) eachSize(do func([]transcript.Head) error) error {
	k := x.l.keys.side(x.origin)
	nextCommit, stopCommit := iter.Pull2(x.heads(string(k) + "head/"))
	defer stopCommit()
	nextBeat, stopBeat := iter.Pull2(x.heads(string(k) + "beat/"))
	defer stopBeat()
	commit, err, okCommit := nextCommit()
	if err != nil {
		return err
	}
	beat, err, okBeat := nextBeat()
	if err != nil {
		return err
	}
	for okCommit || okBeat {
		size := commit.Size
		if !okCommit || okBeat && beat.Size < size {
			size = beat.Size
		}
		var at []transcript.Head
		for okCommit && commit.Size == size {
			at = append(at, commit)
			if commit, err, okCommit = nextCommit(); err != nil {
				return err
			}
		}
		for okBeat && beat.Size == size {
			at = append(at, beat)
			if beat, err, okBeat = nextBeat(); err != nil {
				return err
			}
		}
		if size > x.size {
			return nil
		}
		if size == 0 {
			continue
		}
		slices.SortFunc(at, func(a, b transcript.Head) int {
			return cmp.Or(a.Time.Compare(b.Time), bytes.Compare(a.Note, b.Note))
		})
		at = slices.CompactFunc(at, func(a, b transcript.Head) bool { return bytes.Equal(a.Note, b.Note) })
		if err := do(at); err != nil {
			return err
		}
	}
	return nil
}

// heads yields the heads kept under a prefix, in the order of their keys.
func (x *exporter) heads(prefix string) iter.Seq2[transcript.Head, error] {
	return func(yield func(transcript.Head, error) bool) {
		for it, err := range x.v.Scan(x.ctx, prefix, after(prefix)) {
			var h transcript.Head
			if err == nil {
				h, err = transcript.OpenHead(it.Value, x.s.keysOf(x.origin.Side)...)
			} else {
				err = fault.Wrap(fault.Unavailable, "ledger.export", err)
			}
			if !yield(h, err) || err != nil {
				return
			}
		}
	}
}
