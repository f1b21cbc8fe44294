package ledger

import (
	"bytes"
	"cmp"
	"iter"
	"slices"
	"time"

	"parley/fault"
	"parley/transcript"
)

// eachReceipt yields the receipts kept for heads up to the size, as they were opened before.
func (x *exporter) eachReceipt() iter.Seq2[transcript.Receipt, error] {
	k := x.l.keys.side(x.origin)
	return func(yield func(transcript.Receipt, error) bool) {
		for it, err := range x.v.Scan(x.ctx, k.rcpt(1), k.rcpt(x.size+1)) {
			var r transcript.Receipt
			if err == nil {
				r, err = transcript.ReadReceipt(it.Value, x.s.keysOf(x.origin.Side.Other())...)
			} else {
				err = fault.Wrap(fault.Unavailable, "ledger.export", err)
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
	}
}

// eachHead yields the heads up to the size, smallest size first, those of one size in the order of
// their times: those of commits and those of heartbeats, as they were opened before.
func (x *exporter) eachHead() iter.Seq2[transcript.Head, error] {
	return func(yield func(transcript.Head, error) bool) {
		k := x.l.keys.side(x.origin)
		commits := look(x.scanHeads(k.head(1), k.head(x.size+1)))
		defer commits.stop()
		beats := look(x.eachBeat())
		defer beats.stop()
		var last []byte
		for commits.ok || beats.ok {
			from := commits
			if !commits.ok || beats.ok && compareHeads(beats.value, commits.value) <= 0 {
				from = beats
			}
			h := from.value
			if !bytes.Equal(h.Note, last) && !yield(h, nil) {
				return
			}
			last = h.Note
			if from.step(); from.err != nil {
				break
			}
		}
		for _, err := range []error{commits.err, beats.err} {
			if err != nil {
				yield(transcript.Head{}, err)
				return
			}
		}
	}
}

func compareHeads(a, b transcript.Head) int {
	return cmp.Or(cmp.Compare(a.Size, b.Size), a.Time.Compare(b.Time), bytes.Compare(a.Note, b.Note))
}

// eachBeat yields the heads of heartbeats, smallest size first. They are kept by the minute of their
// author's clock, which may have gone back, so that they are sorted before they are read.
func (x *exporter) eachBeat() iter.Seq2[transcript.Head, error] {
	type kept struct {
		size int64
		time time.Time
		key  string
	}
	prefix := string(x.l.keys.side(x.origin)) + "beat/"
	return func(yield func(transcript.Head, error) bool) {
		var beats []kept
		for h, err := range x.scanHeads(prefix, after(prefix)) {
			if err != nil {
				yield(h, err)
				return
			}
			if h.Size > 0 && h.Size <= x.size {
				beats = append(beats, kept{h.Size, h.Time, x.l.keys.side(x.origin).beat(h.Time.Unix() / 60)})
			}
		}
		slices.SortFunc(beats, func(a, b kept) int { return cmp.Or(cmp.Compare(a.size, b.size), a.time.Compare(b.time)) })
		for _, b := range beats {
			for h, err := range x.scanHeads(b.key, b.key+"\x00") {
				if !yield(h, err) || err != nil {
					return
				}
			}
		}
	}
}

func (x *exporter) scanHeads(from, to string) iter.Seq2[transcript.Head, error] {
	return func(yield func(transcript.Head, error) bool) {
		for it, err := range x.v.Scan(x.ctx, from, to) {
			var h transcript.Head
			if err == nil {
				h, err = transcript.ReadHead(it.Value, x.s.keysOf(x.origin.Side)...)
			} else {
				err = fault.Wrap(fault.Unavailable, "ledger.export", err)
			}
			if !yield(h, err) || err != nil {
				return
			}
		}
	}
}

// sight reads a sequence with one value in sight, which is there while ok.
type sight[T any] struct {
	pull  func() (T, error, bool)
	stop  func()
	value T
	ok    bool
	err   error
}

func look[T any](seq iter.Seq2[T, error]) *sight[T] {
	s := &sight[T]{}
	s.pull, s.stop = iter.Pull2(seq)
	s.step()
	return s
}

func (s *sight[T]) step() {
	s.value, s.err, s.ok = s.pull()
	s.ok = s.ok && s.err == nil
}
