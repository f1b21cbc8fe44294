package conflict

import (
	"cmp"
	"math"
	"slices"
	"sync/atomic"
)

// Readers take no lock. What they read is either never changed after it was published (tables,
// bodies, records below a body's count), or changed by single atomic words (a count, the span of a
// record that is taken out). Writers of one stripe take turns; the garbage collector frees what the
// last reader has left.

// body is some records. The first sorted of them are in order of their start; later ones follow as
// they came. Spans are apart from records because most are ruled out by their span.
type body struct {
	count   atomic.Int32
	sorted  int32
	dead    int32 // records taken out; of the writer
	longest int32 // no span lasts longer
	spans   []span
	records []record
}

func newBody(size int) *body {
	return &body{spans: make([]span, size), records: make([]record, size)}
}

// living returns how many records were not taken out.
func (b *body) living() int { return int(b.count.Load() - b.dead) }

// span returns one that may be changing.
func (b *body) span(i int32) span { return span(atomic.LoadUint64((*uint64)(&b.spans[i]))) }

// grow is how much room a body of n records gets for more: what is in it is read by every query, and
// when it is full all is copied.
func grow(n int) int { return 1 + int(math.Sqrt(float64(n))) }

// with returns a body that holds one more record: b itself where it has room.
func (b *body) with(w span, r *record) *body {
	n := b.count.Load()
	d := int32(w.lasts())
	if int(n) == len(b.spans) || d > b.longest && n > 0 {
		b = b.again(grow(b.living()))
		n = b.count.Load()
	}
	if d > b.longest { // only in one that no query has seen
		b.longest = d
	}
	b.spans[n], b.records[n] = w, *r
	b.count.Store(n + 1)
	return b
}

// without takes a piece's record out and returns what is left, nil for nothing.
func (b *body) without(w span, p *piece) *body {
	i := b.position(w, p)
	if i < 0 {
		return b
	}
	atomic.StoreUint64((*uint64)(&b.spans[i]), uint64(w.withdrawn()))
	b.dead++
	switch n := b.count.Load(); {
	case b.dead == n:
		return nil
	case b.dead > 8 && 2*b.dead > n:
		return b.again(0)
	}
	return b
}

// position returns where a piece's record is, -1 where it is not.
func (b *body) position(w span, p *piece) int32 {
	n := b.count.Load()
	for i := b.sorted; i < n; i++ {
		if b.spans[i] == w && b.records[i].piece == p {
			return i
		}
	}
	for i := b.after(w.start() - 1); i < b.sorted && b.spans[i].start() <= w.start(); i++ {
		if b.spans[i] == w && b.records[i].piece == p {
			return i
		}
	}
	return -1
}

// fewSpans is how many are looked at rather than searched.
const fewSpans = 8

// after returns the first of the sorted records that starts after a time. Where they are few it may
// return an earlier one.
func (b *body) after(start int64) int32 {
	from, to := int32(0), b.sorted
	for to-from > fewSpans {
		if mid := (from + to) / 2; b.span(mid).start() > start {
			to = mid
		} else {
			from = mid + 1
		}
	}
	return from
}

// again returns a body with what lives of b, in order, and room for more.
func (b *body) again(room int) *body {
	out := newBody(b.living() + room)
	var few [64]int32
	later := few[:0]
	for i := b.sorted; i < b.count.Load(); i++ {
		if !b.spans[i].gone() {
			later = append(later, i)
		}
	}
	slices.SortFunc(later, func(i, j int32) int { return cmp.Compare(b.spans[i].start(), b.spans[j].start()) })
	to, from := int32(0), int32(0)
	run := func(upTo int32) { // of what is in order
		for from < upTo {
			if b.dead == 0 {
				copy(out.spans[to:], b.spans[from:upTo])
				copy(out.records[to:], b.records[from:upTo])
				to, from = to+upTo-from, upTo
				return
			}
			if !b.spans[from].gone() {
				out.spans[to], out.records[to] = b.spans[from], b.records[from]
				to++
			}
			from++
		}
	}
	for _, i := range later {
		upTo := from
		for upTo < b.sorted && b.spans[upTo].start() <= b.spans[i].start() {
			upTo++
		}
		run(upTo)
		out.spans[to], out.records[to] = b.spans[i], b.records[i]
		to++
	}
	run(b.sorted)
	for _, w := range out.spans[:to] {
		out.longest = max(out.longest, int32(w.lasts()))
	}
	out.sorted = to
	out.count.Store(to)
	return out
}

// eachLiving calls do with every record that was not taken out.
func (b *body) eachLiving(do func(w span, r *record)) {
	for i := range b.count.Load() {
		if !b.spans[i].gone() {
			do(b.spans[i], &b.records[i])
		}
	}
}
