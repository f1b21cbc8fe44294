package conflict

import (
	"math"
	"slices"
	"sync"
	"sync/atomic"
)

// Readers take no lock. What they read is either never changed after it was published (tables,
// bodies, records below a bucket's count), or changed by single atomic words (a count, the end
// of a record that is taken out). Writers of one stripe take turns; the garbage collector frees what
// the last reader has left.

// record is what a query reads of a piece. Ranges are rounded so that they hold the true ones.
type record struct {
	span
	spot
	extent
}

// span is a window in seconds. end is atomic: it becomes gone when a record is taken out.
type span struct{ start, end int32 }

// gone is the end of a record that was taken out: before every start.
const gone = math.MinInt32

// spot is a disc: every place is within out of the centre, in metres, uncertainty included.
type spot struct{ x, y, z, out float32 }

// extent is the rest.
type extent struct {
	in         float32 // every place within it of the centre is in it or in its uncertainty; < 0 none
	lower      float32 // metres over lower's reference; -Inf open
	upper      float32
	party      uint32
	class      uint16
	references uint8 // of lower and upper, 4 bits each
	cell       uint8 // in its tile
}

// body is the pieces of a tile. Where first is not nil, those before first[2*cells] are in order of
// their cell, in each cell those that last long before the others, and the others by their start:
// first[2*cell] and first[2*cell+1] say where the two begin. Later records follow as they came.
// Spans, spots and extents are apart because most records are ruled out by their span, and most
// others by their spot.
type body struct {
	count   atomic.Int32
	dead    int32 // records taken out; of the writer
	first   *[2*cells + 1]int32
	spans   []span
	spots   []spot
	extents []extent
	pieces  []*piece
}

// stripe is a part of all tiles.
type stripe struct {
	mu    sync.Mutex
	table atomic.Pointer[table]
	_     [40]byte // a cache line of its own
}

// table finds the body of a tile by the tile's id: open addressing, at most two thirds full.
type table struct {
	entries []entry
	used    int // of the writer
}

// entry is a tile; id is set last, and never changes.
type entry struct {
	id   atomic.Uint64 // and 1; 0: free
	body atomic.Pointer[body]
}

func hashOf(id tileID) uint64 {
	h := uint64(id) * 0x9e3779b97f4a7c15
	return h ^ h>>29
}

// find returns a tile's entry, nil where there is none.
func (t *table) find(id tileID) *entry {
	if t == nil {
		return nil
	}
	mask := uint64(len(t.entries) - 1)
	for i := hashOf(id) >> 8; ; i++ {
		e := &t.entries[i&mask]
		switch e.id.Load() {
		case uint64(id) + 1:
			return e
		case 0:
			return nil
		}
	}
}

// put adds a tile that is not there.
func (t *table) put(id tileID, b *body) *entry {
	mask := uint64(len(t.entries) - 1)
	i := hashOf(id) >> 8
	for t.entries[i&mask].id.Load() != 0 {
		i++
	}
	e := &t.entries[i&mask]
	e.body.Store(b)
	e.id.Store(uint64(id) + 1)
	t.used++
	return e
}

// tile returns a tile's entry, a new one where there is none. The caller holds mu.
func (s *stripe) tile(id tileID) *entry {
	t := s.table.Load()
	if e := t.find(id); e != nil {
		return e
	}
	if t == nil || 3*(t.used+1) > 2*len(t.entries) {
		t = t.grown()
		s.table.Store(t)
	}
	return t.put(id, &body{})
}

// grown returns a copy with room, without the tiles that are empty.
func (t *table) grown() *table {
	out := &table{}
	living := 0
	if t != nil {
		for i := range t.entries {
			if e := &t.entries[i]; e.id.Load() != 0 && e.body.Load().living() > 0 {
				living++
			}
		}
	}
	size := 8
	for size < 3*(living+1) {
		size *= 2
	}
	out.entries = make([]entry, size)
	if t != nil {
		for i := range t.entries {
			e := &t.entries[i]
			if b := e.body.Load(); e.id.Load() != 0 && b.living() > 0 {
				out.put(tileID(e.id.Load()-1), b)
			}
		}
	}
	return out
}

const (
	// orderFrom is how many records are not put in order.
	orderFrom = 32
	// longS is from where on a window is long: what is not need not be looked at when it began that
	// much before what is asked about.
	longS = 6 * 3600
	// placeBits is how many bits of a key name a record's place.
	placeBits = 24
)

func newBody(size int) *body {
	return &body{spans: make([]span, size), spots: make([]spot, size), extents: make([]extent, size), pieces: make([]*piece, size)}
}

// living returns how many records were not taken out.
func (b *body) living() int { return int(b.count.Load() - b.dead) }

// ordered is how many records are in order of their cells.
func (b *body) ordered() int32 {
	if b.first == nil {
		return 0
	}
	return b.first[2*cells]
}

// insert puts a piece into a tile. The caller holds the stripe's mu.
func (t *entry) insert(r *record, p *piece) {
	b := t.body.Load()
	if int(b.count.Load()) == len(b.spans) {
		n := b.living()
		b = b.again(min(max(n/32, 8), n+1, 256))
		b.add(&r.span, &r.spot, &r.extent, p)
		t.body.Store(b)
		return
	}
	b.add(&r.span, &r.spot, &r.extent, p)
}

// add appends to a body that has room.
func (b *body) add(w *span, at *spot, e *extent, p *piece) {
	n := b.count.Load()
	b.spans[n], b.spots[n], b.extents[n], b.pieces[n] = *w, *at, *e, p
	b.count.Store(n + 1)
}

// remove takes a piece out of a tile's cell. The caller holds the stripe's mu.
func (t *entry) remove(cell uint8, p *piece) {
	b := t.body.Load()
	n := b.count.Load()
	found := b.strike(b.ordered(), n, p)
	if !found && b.first != nil {
		found = b.strike(b.first[2*int(cell)], b.first[2*int(cell)+2], p)
	}
	if !found {
		return
	}
	if b.dead++; b.dead == n || b.dead > 8 && 2*b.dead > n {
		t.body.Store(b.again(0))
	}
}

// strike marks a piece's record among some as taken out.
func (b *body) strike(from, to int32, p *piece) bool {
	for i := from; i < to; i++ {
		if b.pieces[i] == p && b.spans[i].end != gone {
			atomic.StoreInt32(&b.spans[i].end, gone)
			return true
		}
	}
	return false
}

// again returns a body with what lives of b, in order, and room for more.
func (b *body) again(room int) *body {
	n := b.living()
	out := newBody(n + room)
	if n < orderFrom || b.count.Load() >= 1<<placeBits {
		b.eachLiving(0, b.count.Load(), func(i int32) { b.copyTo(out, i) })
		return out
	}
	out.first = new([2*cells + 1]int32)
	count := func(i int32) { out.first[b.part(i)+1]++ }
	b.eachLiving(0, b.count.Load(), count)
	for part := range 2 * cells {
		out.first[part+1] += out.first[part]
	}
	b.merge(out)
	return out
}

// merge copies what lives of b to out, in order: what is in order already goes in runs between what
// came later.
func (b *body) merge(out *body) {
	ordered := b.ordered()
	if b.dead > 0 {
		ordered = 0 // a record that was taken out no longer says where it stands
	}
	later := make([]uint64, 0, b.count.Load()-ordered) // key, and where
	b.eachLiving(ordered, b.count.Load(), func(i int32) { later = append(later, b.key(i)<<placeBits|uint64(i)) })
	slices.Sort(later)
	done := int32(0)
	for _, k := range later {
		upTo := done
		for end := ordered; upTo < end; {
			if mid := (upTo + end) / 2; b.key(mid) > k>>placeBits {
				end = mid
			} else {
				upTo = mid + 1
			}
		}
		b.run(out, done, upTo)
		done = upTo
		b.copyTo(out, int32(k&(1<<placeBits-1)))
	}
	b.run(out, done, ordered)
}

// run copies some records, all of which live.
func (b *body) run(out *body, from, to int32) {
	n := out.count.Load()
	copy(out.spans[n:], b.spans[from:to])
	copy(out.spots[n:], b.spots[from:to])
	copy(out.extents[n:], b.extents[from:to])
	copy(out.pieces[n:], b.pieces[from:to])
	out.count.Store(n + to - from)
}

func (b *body) eachLiving(from, to int32, do func(i int32)) {
	for i := from; i < to; i++ {
		if b.spans[i].end != gone {
			do(i)
		}
	}
}

// key is what records are put in order by: part and start.
func (b *body) key(i int32) uint64 {
	return uint64(b.part(i))<<32 | uint64(uint32(b.spans[i].start)^1<<31)
}

// part returns twice a record's cell, and one more where it does not last long.
func (b *body) part(i int32) int {
	part := 2 * int(b.extents[i].cell)
	if int64(b.spans[i].end)-int64(b.spans[i].start) <= longS {
		part++
	}
	return part
}

func (b *body) copyTo(out *body, i int32) {
	out.add(&b.spans[i], &b.spots[i], &b.extents[i], b.pieces[i])
}
