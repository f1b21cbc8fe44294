package conflict

import (
	"math/bits"
	"sync"
	"sync/atomic"
)

// A tile with few records keeps them in one body, one with many has a body for each of its cells.
const (
	splitFrom = 128
	mergeUpTo = 32
	fewCells  = 4 // with something in them: it may be time to merge
)

// stripe is a part of all tiles.
type stripe struct {
	mu    sync.Mutex
	spare int // tiles that became empty or nearly so since the table was made
	table atomic.Pointer[table]
	_     [40]byte // a cache line of its own
}

// table finds a tile by its id: open addressing, at most two thirds full.
type table struct {
	tiles []tile
	used  int // of the writer
}

// tile is eight by eight cells. id is set last, and never changes. A tile begins empty, then has whole,
// then each, and is empty again before it has whole once more. So a query that finds no whole and then
// no each met a moment at which the tile was empty.
type tile struct {
	id    atomic.Uint64 // and 1; 0: free
	cells atomic.Uint64 // those that may hold something
	whole atomic.Pointer[body]
	each  atomic.Pointer[[cells]atomic.Pointer[body]]
}

func hashOf(id tileID) uint64 {
	h := uint64(id) * 0x9e3779b97f4a7c15
	return h ^ h>>29
}

// find returns a tile, nil where there is none.
func (t *table) find(id tileID, hash uint64) *tile {
	if t == nil {
		return nil
	}
	mask := uint64(len(t.tiles) - 1)
	for i := hash >> 8; ; i++ {
		e := &t.tiles[i&mask]
		switch e.id.Load() {
		case uint64(id) + 1:
			return e
		case 0:
			return nil
		}
	}
}

// insert puts a piece into a tile.
func (s *stripe) insert(id tileID, w span, r *record) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tile(id).insert(w, r)
}

// remove takes a piece out of a tile. Where many tiles have little left, it gives their room back.
func (s *stripe) remove(id tileID, w span, p *piece) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.table.Load()
	e := t.find(id, hashOf(id))
	if e == nil || !e.remove(w, p) {
		return
	}
	if s.spare++; s.spare > 8 && 2*s.spare > t.used {
		s.table.Store(t.grown())
		s.spare = 0
	}
}

// free returns the place for a tile that is not there.
func (t *table) free(id tileID) *tile {
	mask := uint64(len(t.tiles) - 1)
	i := hashOf(id) >> 8
	for t.tiles[i&mask].id.Load() != 0 {
		i++
	}
	t.used++
	return &t.tiles[i&mask]
}

// tile returns a tile, a new one where there is none. The caller holds mu.
func (s *stripe) tile(id tileID) *tile {
	t := s.table.Load()
	if e := t.find(id, hashOf(id)); e != nil {
		return e
	}
	if t == nil || 3*(t.used+1) > 2*len(t.tiles) {
		t = t.grown()
		s.table.Store(t)
		s.spare = 0
	}
	e := t.free(id)
	e.id.Store(uint64(id) + 1)
	return e
}

// grown returns a copy with room, without the tiles that are empty.
func (t *table) grown() *table {
	out := &table{}
	living := 0
	if t != nil {
		for i := range t.tiles {
			if !t.tiles[i].empty() {
				living++
			}
		}
	}
	size := 8
	for size < 3*(living+1) {
		size *= 2
	}
	out.tiles = make([]tile, size)
	if t != nil {
		for i := range t.tiles {
			e := &t.tiles[i]
			if e.empty() {
				continue
			}
			id := e.id.Load()
			to := out.free(tileID(id - 1))
			to.cells.Store(e.cells.Load())
			if to.whole.Store(e.gathered()); to.whole.Load() == nil {
				to.each.Store(e.each.Load())
			}
			to.id.Store(id)
		}
	}
	return out
}

func (t *tile) empty() bool { return t.whole.Load() == nil && t.each.Load() == nil }

// gathered returns what a tile holds as one body, nil where it is too much for one.
func (t *tile) gathered() *body {
	each := t.each.Load()
	if each == nil {
		return t.whole.Load()
	}
	n := 0
	for m := t.cells.Load(); m != 0; m &= m - 1 {
		if n += each[bits.TrailingZeros64(m)].Load().living(); n > mergeUpTo {
			return nil
		}
	}
	out := newBody(n)
	for m := t.cells.Load(); m != 0; m &= m - 1 {
		each[bits.TrailingZeros64(m)].Load().eachLiving(func(w span, r *record) { out = out.with(w, r) })
	}
	return out
}

// insert puts a piece into its cell. The caller holds the stripe's mu.
func (t *tile) insert(w span, r *record) {
	cell := r.piece.cell
	each, whole := t.each.Load(), t.whole.Load()
	switch {
	case each != nil:
		put(&each[cell], w, r)
	case whole != nil && whole.living() >= splitFrom:
		each = new([cells]atomic.Pointer[body])
		whole.eachLiving(func(w span, r *record) { put(&each[r.piece.cell], w, r) })
		put(&each[cell], w, r)
		t.each.Store(each)
		t.whole.Store(nil)
		t.cells.Store(marked(each)) // some were marked that hold nothing any more
	default:
		put(&t.whole, w, r)
	}
	if m := t.cells.Load(); m&(1<<cell) == 0 {
		t.cells.Store(m | 1<<cell)
	}
}

// marked returns the cells that hold something.
func marked(each *[cells]atomic.Pointer[body]) (out uint64) {
	for c := range each {
		if each[c].Load() != nil {
			out |= 1 << c
		}
	}
	return out
}

func put(at *atomic.Pointer[body], w span, r *record) {
	b := at.Load()
	if b == nil {
		b = newBody(1)
	}
	if now := b.with(w, r); now != at.Load() {
		at.Store(now)
	}
}

// remove takes a piece out, and reports whether the tile has become empty or nearly so. The caller
// holds the stripe's mu.
func (t *tile) remove(w span, p *piece) (spare bool) {
	each := t.each.Load()
	if each == nil {
		if take(&t.whole, w, p) {
			t.cells.Store(0)
			return true
		}
		return false
	}
	if !take(&each[p.cell], w, p) {
		return false
	}
	left := t.cells.Load() &^ (1 << p.cell)
	t.cells.Store(left)
	if left == 0 {
		t.each.Store(nil)
	}
	return left == 0 || bits.OnesCount64(left) == fewCells
}

// take takes a piece out of a body, and reports whether that is now gone.
func take(at *atomic.Pointer[body], w span, p *piece) (gone bool) {
	b := at.Load()
	if b == nil {
		return false
	}
	now := b.without(w, p)
	if now != b {
		at.Store(now)
	}
	return now == nil
}

// bodies appends what may hold records of some cells.
func (t *tile) bodies(wanted uint64, dst []*body) []*body {
	if b := t.whole.Load(); b != nil {
		return append(dst, b)
	}
	if each := t.each.Load(); each != nil {
		for m := wanted & t.cells.Load(); m != 0; m &= m - 1 {
			if b := each[bits.TrailingZeros64(m)].Load(); b != nil {
				dst = append(dst, b)
			}
		}
	}
	return dst
}
