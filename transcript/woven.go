package transcript

import (
	"io"
	"iter"
)

// Told is what a bundle shows at one place of a transcript: an entry with the fields shown of it, an
// entry that cannot be read, or entries that are not shown.
type Told struct {
	Origin Origin
	Index  int64
	To     int64 // the index after; above Index+1 where entries are not shown
	Hidden bool  // the bundle holds hashes alone
	Entry  Entry
	Fields []Field // sorted by name
	Err    error   // why the entry cannot be read
}

// Woven yields what a bundle shows in the woven order: epoch by epoch, an entry after those of the other
// party that its author had seen; else the earlier time first, then side a. It opens the bundle twice,
// once for each side, and checks nothing: it is for a bundle that Verify was asked about. An error is
// the last thing that it yields.
func Woven(open func() (io.ReadCloser, error)) iter.Seq2[Told, error] {
	return func(yield func(Told, error) bool) {
		var w [2]teller
		for i, side := range []Side{A, B} {
			r, err := open()
			if err != nil {
				yield(Told{}, err)
				return
			}
			defer r.Close()
			w[i] = teller{r: NewBundleReader(r), side: side}
			w[i].step()
		}
		for w[0].ok || w[1].ok {
			next := &w[0]
			if !w[0].ok || w[1].ok && w[1].before(&w[0]) {
				next = &w[1]
			}
			if !yield(next.told, nil) {
				return
			}
			next.step()
		}
		for i := range w {
			if w[i].err != io.EOF {
				yield(Told{}, w[i].err)
				return
			}
		}
	}
}

// teller reads the transcripts of one side, with one of what they show in sight while ok.
type teller struct {
	r     *BundleReader
	side  Side
	told  Told
	epoch int64
	said  int64 // how many entries of the epoch came before told
	ok    bool
	err   error
}

func (t *teller) step() {
	if t.ok {
		t.said = t.told.To
	}
	for t.ok = false; ; {
		var rec Record
		if rec, t.err = t.r.Next(); t.err != nil {
			return
		}
		if rec.Origin.Side != t.side || rec.Kind != RecordEntry && rec.Kind != RecordGap {
			continue
		}
		if rec.Origin.Epoch != t.epoch {
			t.epoch, t.said = rec.Origin.Epoch, 0
		}
		t.told = Told{Origin: rec.Origin, Index: rec.Index, To: rec.Index + 1}
		if rec.Kind == RecordGap {
			t.told.To, t.told.Hidden = rec.To, true
		} else {
			t.told.Entry, t.told.Fields, t.told.Err = Open(rec.Sealed)
		}
		t.ok = true
		return
	}
}

// before reports whether what t has in sight comes before what a, of side a, has.
func (t *teller) before(a *teller) bool {
	if t.epoch != a.epoch {
		return t.epoch < a.epoch
	}
	ready, aReady := t.ready(a), a.ready(t)
	if ready != aReady {
		return ready
	}
	plain, aPlain := t.told.plain(), a.told.plain()
	if plain != aPlain {
		return aPlain // what has no time of its own comes as early as it can
	}
	return plain && t.told.Entry.Time.Before(a.told.Entry.Time)
}

// ready reports whether all that the author of t's next entry had seen has come.
func (t *teller) ready(other *teller) bool {
	return !t.told.plain() || t.told.Entry.Seen.Size <= other.said
}

func (t Told) plain() bool { return !t.Hidden && t.Err == nil }
