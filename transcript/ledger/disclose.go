package ledger

import (
	"context"
	"errors"
	"slices"

	"parley/fault"
	"parley/transcript"
)

// Choose says of one entry whether a bundle shows it, and if so with which of its disclosures. It is
// asked more than once and says the same each time.
type Choose func(Record) (s transcript.Sealed, show bool)

// Disclose writes a bundle, as Export does, that shows the chosen entries and stands hashes for the
// rest: with each entry the first receipt that covers it, and of the other transcript the head that its
// author had seen; with each transcript its newest head, and all that was signed by a key that does not
// count for good. Evidence goes with the transcripts of which it shows entries. It says how many
// entries it showed.
func (l *Ledger) Disclose(ctx context.Context, b *transcript.BundleWriter, choose Choose) (entries int64, err error) {
	if err := l.KeepReceipts(ctx); err != nil && l.Err() == nil {
		return 0, err
	}
	s := l.now()
	v, err := l.view(ctx)
	if err != nil {
		return 0, err
	}
	defer v.Close()
	shown, err := l.showings(ctx, v, s)
	if err != nil {
		return 0, err
	}
	of := map[transcript.Origin]*discloser{}
	err = l.eachTranscript(ctx, v, s, s.epoch.Epoch, func(o transcript.Origin, size int64) error {
		x := &discloser{exporter: exporter{l: l, ctx: ctx, v: v, b: b, s: s, origin: o, size: size}, choose: choose}
		of[o] = x
		return x.choosing()
	})
	if err != nil {
		return 0, err
	}
	for o, x := range of {
		entries += int64(len(x.chosen))
		of[o.Other()].cuts = x.seen
	}
	if entries == 0 {
		return 0, &fault.Error{Code: fault.NotFound, Field: "entries", Rule: "none fits what was chosen", Hint: "choose by name, notice, kind or time: parley disclose --help"}
	}
	return entries, l.eachTranscript(ctx, v, s, s.epoch.Epoch, func(o transcript.Origin, size int64) error {
		x := of[o]
		if size == 0 {
			return nil
		}
		if err := x.transcript(); err != nil {
			return err
		}
		if len(x.chosen) == 0 {
			return nil
		}
		return shown[o].write(b)
	})
}

// discloser writes one transcript of a bundle that shows some entries.
type discloser struct {
	exporter
	choose Choose
	chosen []int64 // ascending
	seen   []int64 // sizes of the other transcript that the authors of the chosen had seen, ascending
	cuts   []int64 // sizes of this one, of which the other's disclosure needs a head
	next   int     // of chosen
	owed   int64   // entries from here on have no receipt yet in the bundle
	// unwitnessed says, by witness, from where on entries have no cosignature yet in the bundle.
	unwitnessed map[string]int64
	// bare says that the newest head alone does not do: its key was revoked, and what else is signed of its size
	// may bear it out.
	bare bool
}

// choosing finds the entries that are shown.
func (x *discloser) choosing() error {
	for r, err := range x.l.scan(x.ctx, x.v, x.origin, 0, x.size) {
		if err != nil {
			return err
		}
		if _, show := x.choose(r); !show {
			continue
		}
		x.chosen = append(x.chosen, r.Entry.Seq)
		if n := r.Entry.Seen.Size; n > 0 && (len(x.seen) == 0 || x.seen[len(x.seen)-1] < n) {
			x.seen = append(x.seen, n)
		}
	}
	return nil
}

func (x *discloser) transcript() error {
	if err := x.b.Transcript(x.origin); err != nil {
		return err
	}
	g, err := x.l.grownTo(x.ctx, x.v, x.s, x.origin, x.size)
	if err != nil {
		return err
	}
	hashes := g.reader(x.ctx, x.v, x.l.keys.side(x.origin))
	x.heads, x.receipts, x.cosigned = look(x.eachHead()), look(x.eachReceipt()), look(x.eachCosignature())
	defer x.heads.stop()
	defer x.receipts.stop()
	defer x.cosigned.stop()
	x.unwitnessed = map[string]int64{}
	for size, ok := x.nextSize(); ok; size, ok = x.nextSize() {
		heads, receipts := x.signedAt(size)
		cosigned := x.cosignaturesNeeded(size)
		if len(heads)+len(receipts)+len(cosigned) == 0 {
			continue
		}
		if err := x.showTo(size, hashes); err != nil {
			return err
		}
		if err := errors.Join(x.b.Signed(heads, receipts), x.b.Cosignatures(cosigned...)); err != nil {
			return err
		}
	}
	for _, err := range []error{x.heads.err, x.receipts.err, x.cosigned.err} {
		if err != nil {
			return err
		}
	}
	if x.b.Size() != x.size {
		return fault.Newf(fault.Corrupt, "ledger.disclose", "%s has no head of size %d", x.origin, x.size)
	}
	return nil
}

// signedAt takes what is signed of one size, and returns what of it the bundle needs.
func (x *discloser) signedAt(size int64) (heads []transcript.Head, receipts []transcript.Receipt) {
	_, cut := slices.BinarySearch(x.cuts, size)
	x.bare = size == x.size
	for x.heads.ok && x.heads.value.Size == size {
		h := x.heads.value
		x.heads.step()
		good := transcript.CountsForGood(x.key(x.origin.Side, h.Key), h.Key, h.Time)
		x.bare = x.bare && !good
		if cut || !x.heads.ok || !good {
			heads = append(heads, h)
			cut = false // the first is the earliest
		}
	}
	i, _ := slices.BinarySearch(x.chosen, x.owed)
	needed := i < len(x.chosen) && x.chosen[i] < size
	for x.receipts.ok && x.receipts.value.Size == size {
		r := x.receipts.value
		x.receipts.step()
		good := transcript.CountsForGood(x.key(r.By, r.Key), r.Key, r.Time)
		if needed || !good || x.bare {
			receipts = append(receipts, r)
		}
		if needed && good {
			needed, x.owed = false, size
		}
	}
	return heads, receipts
}

// showTo writes the chosen entries below a size, and hashes for the others.
func (x *discloser) showTo(size int64, hashes *hashReader) error {
	gap := func(to int64) error {
		if to == x.b.Size() {
			return nil
		}
		return x.b.Gap(to, hashes)
	}
	for x.next < len(x.chosen) && x.chosen[x.next] < size {
		from := x.chosen[x.next]
		to := from + 1
		for x.next++; x.next < len(x.chosen) && x.chosen[x.next] == to && to < size; x.next++ {
			to++
		}
		if err := gap(from); err != nil {
			return err
		}
		for r, err := range x.l.scan(x.ctx, x.v, x.origin, from, to) {
			if err != nil {
				return err
			}
			s, _ := x.choose(r)
			if err := x.b.Entry(s); err != nil {
				return err
			}
		}
	}
	return gap(size)
}
