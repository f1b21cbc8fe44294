package conflict

import (
	"math"
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

// body is the pieces of a tile. Those before first[cells] are in order of their cell, where first is
// not nil, and first says where each cell's begin; later ones follow as they came. Spans, spots and
// extents are apart because most records are ruled out by their span, and most others by their spot.
type body struct {
	count   atomic.Int32
	dead    int32 // records taken out; of the writer
	first   *[cells + 1]int32
	spans   []span
	spots   []spot
	extents []extent
	pieces  []*piece
}

type tile struct {
	id   tileID
	body atomic.Pointer[body]
}

// stripe is a part of all tiles.
type stripe struct {
	mu    sync.Mutex
	table atomic.Pointer[table]
	_     [40]byte // a cache line of its own
}

// table finds a tile by its id: open addressing, at most two thirds full.
type table struct {
	slots []atomic.Pointer[tile]
	used  int // of the writer
}

func hashOf(id tileID) uint64 {
	h := uint64(id) * 0x9e3779b97f4a7c15
	return h ^ h>>29
}

func (t *table) find(id tileID) *tile {
	if t == nil {
		return nil
	}
	mask := uint64(len(t.slots) - 1)
	for i := hashOf(id) >> 8; ; i++ {
		at := t.slots[i&mask].Load()
		if at == nil || at.id == id {
			return at
		}
	}
}

func (t *table) put(at *tile) {
	mask := uint64(len(t.slots) - 1)
	for i := hashOf(at.id) >> 8; ; i++ {
		if t.slots[i&mask].Load() == nil {
			t.slots[i&mask].Store(at)
			t.used++
			return
		}
	}
}

// tile returns the tile of an id, a new one where there is none. The caller holds mu.
func (s *stripe) tile(id tileID) *tile {
	t := s.table.Load()
	if at := t.find(id); at != nil {
		return at
	}
	if t == nil || 3*(t.used+1) > 2*len(t.slots) {
		t = t.grown()
		s.table.Store(t)
	}
	at := &tile{id: id}
	at.body.Store(&body{})
	t.put(at)
	return at
}

// grown returns a copy with room, without the tiles that are empty.
func (t *table) grown() *table {
	var keep []*tile
	if t != nil {
		for i := range t.slots {
			if at := t.slots[i].Load(); at != nil && at.body.Load().living() > 0 {
				keep = append(keep, at)
			}
		}
	}
	size := 8
	for 3*(len(keep)+1) > size {
		size *= 2
	}
	out := &table{slots: make([]atomic.Pointer[tile], size)}
	for _, at := range keep {
		out.put(at)
	}
	return out
}

// orderFrom is how many records are not put in order of their cells.
const orderFrom = 32

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
	return b.first[cells]
}

// insert puts a piece into a tile. The caller holds the stripe's mu.
func (t *tile) insert(r *record, p *piece) {
	b := t.body.Load()
	if int(b.count.Load()) == len(b.spans) {
		n := b.living()
		b = b.again(min(max(n/8, 8), n+1, 256))
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
func (t *tile) remove(cell uint8, p *piece) {
	b := t.body.Load()
	n := b.count.Load()
	found := b.strike(b.ordered(), n, p)
	if !found && b.first != nil {
		found = b.strike(b.first[cell], b.first[cell+1], p)
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
	if n < orderFrom {
		for i := range b.count.Load() {
			b.copyTo(out, i)
		}
		return out
	}
	out.first = new([cells + 1]int32)
	for i := range b.count.Load() {
		if b.spans[i].end != gone {
			out.first[b.extents[i].cell+1]++
		}
	}
	for c := range cells {
		out.first[c+1] += out.first[c]
	}
	next := *out.first
	for i := range b.count.Load() {
		if b.spans[i].end != gone {
			at := next[b.extents[i].cell]
			next[b.extents[i].cell]++
			out.spans[at], out.spots[at], out.extents[at], out.pieces[at] = b.spans[i], b.spots[i], b.extents[i], b.pieces[i]
		}
	}
	out.count.Store(int32(n))
	return out
}

func (b *body) copyTo(out *body, i int32) {
	if b.spans[i].end != gone {
		out.add(&b.spans[i], &b.spots[i], &b.extents[i], b.pieces[i])
	}
}
