package conflict

import (
	"cmp"
	"hash/maphash"
	"slices"
	"sync"
	"sync/atomic"

	"parley/geo4d"
)

// Config is what an Index needs to know.
type Config struct {
	Separation SeparationFunc
	Terrain    geo4d.Terrain
}

const (
	stripes = 256
	shards  = 64
)

// Index holds the live items. Its methods may be called from any goroutine; those that only look
// never wait for one that changes it.
//
// Every volume of an item is held by itself, never the item as one: a plan that goes round a place
// is not near it.
type Index struct {
	config  Config
	classes *classes
	parties parties
	seed    maphash.Seed

	shards [shards]shard // items by ID

	grids      [allLevels]grid
	onLevel    [allLevels]atomic.Int64
	stripes    [stripes]stripe
	everywhere atomic.Pointer[[]*piece] // pieces too wide for any level
	wideMu     sync.Mutex               // of who changes everywhere
	regions    [stripes]sync.Mutex      // see enter.go
	readers    readers
	makers     sync.Pool // of *maker
	nothing    stored    // takes the place of what is removed
}

// shard is a part of the items. mu is held while an item is put or removed, so that two versions of
// one do not pass each other; items has its own lock, which is held for moments.
type shard struct {
	mu      sync.Mutex
	retired []retired // oldest first
	items   struct {
		sync.RWMutex
		m map[string]*stored
	}
}

// New returns an empty Index.
func New(c Config) *Index {
	x := &Index{config: c, classes: newClasses(c.Separation), seed: maphash.MakeSeed()}
	x.parties.numbers = map[string]uint32{}
	for l := range x.grids {
		x.grids[l] = newGrid(l)
	}
	for i := range x.shards {
		x.shards[i].items.m = map[string]*stored{}
	}
	x.everywhere.Store(&[]*piece{})
	return x
}

// Config returns what the index was made with.
func (x *Index) Config() Config { return x.config }

// fill makes s a version of an item, with pieces in c's room.
func (x *Index) fill(s *stored, it *Item, c *cutter) {
	class, _ := x.classes.known(it.Class)
	s.party, s.hash = x.parties.number(it.Party), x.hash(it.ID)
	s.fill(it, class, c)
}

func (x *Index) hash(id string) uint32 { return uint32(maphash.String(x.seed, id)) }

func (x *Index) shardOf(hash uint32) *shard { return &x.shards[hash%shards] }

// Put adds an item, or replaces the one with its ID: who looks sees the one or the other. The item
// must not change afterwards. Its volumes should be valid: a shape that cannot be measured counts as
// the whole earth.
func (x *Index) Put(it *Item) {
	m, _ := x.makers.Get().(*maker)
	if m == nil {
		m = &maker{}
	}
	x.fill(&m.version, it, &m.cutter)
	s := m.version.kept()
	m.version = stored{}
	if cap(m.cutter.pieces) <= 256 {
		x.makers.Put(m)
	}
	x.put(s)
}

// maker is room to make a version in.
type maker struct {
	version stored
	cutter  cutter
}

func (x *Index) put(s *stored) {
	sh := x.shardOf(s.hash)
	sh.mu.Lock()
	defer sh.mu.Unlock()
	old := sh.items.m[s.item.ID] // which none but this can change
	if old == nil && s.count() != 1 {
		old = &stored{} // stands for nothing until all pieces are in
	}
	if old != nil {
		s.prev.Store(old)
	}
	for p := range s.pieces {
		x.insert(p)
	}
	sh.set(s.item.ID, s)
	if old != nil {
		old.next.Store(s)
		s.prev.Store(nil)
	}
	epoch := x.readers.epoch.Add(1)
	s.completed(epoch)
	if old != nil && old.item != nil {
		sh.retire(old, epoch)
	}
	x.release(sh)
	// What waits in shards that nothing more is put into is released as well.
	if other := &x.shards[epoch%shards]; other != sh && other.mu.TryLock() {
		x.release(other)
		other.mu.Unlock()
	}
}

// Remove takes an item out and says whether it was there.
func (x *Index) Remove(id string) bool {
	sh := x.shardOf(x.hash(id))
	sh.mu.Lock()
	defer sh.mu.Unlock()
	old := sh.items.m[id]
	if old == nil {
		return false
	}
	sh.set(id, nil)
	old.next.Store(&x.nothing)
	x.takeOut(old)
	return true
}

func (s *shard) get(id string) *stored {
	s.items.RLock()
	defer s.items.RUnlock()
	return s.items.m[id]
}

func (s *shard) set(id string, to *stored) {
	s.items.Lock()
	defer s.items.Unlock()
	if to == nil {
		delete(s.items.m, id)
		return
	}
	s.items.m[id] = to
}

// Len returns how many items there are.
func (x *Index) Len() int {
	n := 0
	for i := range x.shards {
		s := &x.shards[i].items
		s.RLock()
		n += len(s.m)
		s.RUnlock()
	}
	return n
}

// Get returns the item with an ID, or nil.
func (x *Index) Get(id string) *Item {
	if s := x.shardOf(x.hash(id)).get(id); s != nil {
		return s.item
	}
	return nil
}

// insert puts a piece where queries look for it.
func (x *Index) insert(p *piece) {
	r, at, ok := x.whereabouts(p)
	if !ok {
		x.changeEverywhere(func(list []*piece) []*piece { return append(list, p) })
		return
	}
	p.cell = at.cell
	x.onLevel[at.id.level()].Add(1)
	x.stripeOf(at.id).insert(at.id, at.span, &r)
}

// whereabouts is where a record is looked for.
type whereabouts struct {
	id   tileID
	cell uint8
	span span
}

// whereabouts returns the record of a piece with its whereabouts, or false where it is too wide for any
// level.
func (x *Index) whereabouts(p *piece) (r record, at whereabouts, ok bool) {
	w, r := p.record()
	out := r.out.metres()
	level, ok := levelOf(&x.grids, out, w)
	if !ok || p.kind == endless {
		return r, at, false
	}
	g := &x.grids[level]
	at.id, at.cell = g.cellOf(p.centre)
	at.span = g.span(w, p.centre, out)
	return r, at, true
}

func (x *Index) stripeOf(id tileID) *stripe { return &x.stripes[hashOf(id)%stripes] }

func (x *Index) changeEverywhere(change func([]*piece) []*piece) {
	x.wideMu.Lock()
	defer x.wideMu.Unlock()
	list := change(slices.Clone(*x.everywhere.Load()))
	x.everywhere.Store(&list)
}

// takeOut takes the pieces of an item that no longer counts out.
func (x *Index) takeOut(s *stored) {
	for p := range s.pieces {
		_, at, ok := x.whereabouts(p)
		if !ok {
			x.changeEverywhere(func(list []*piece) []*piece {
				return slices.DeleteFunc(list, func(o *piece) bool { return o == p })
			})
			continue
		}
		x.stripeOf(at.id).remove(at.id, at.span, p)
		x.onLevel[at.id.level()].Add(-1)
	}
}

// eachOn gathers the bodies of every tile of a level.
func (x *Index) eachOn(level int, q *query) {
	for i := range x.stripes {
		t := x.stripes[i].table.Load()
		if t == nil {
			continue
		}
		for k := range t.tiles {
			if id := t.tiles[k].id.Load(); id != 0 && tileID(id-1).level() == level {
				q.gather(&t.tiles[k], level, ^uint64(0))
			}
		}
	}
}

// Matches appends to dst every volume of an item of another party that does not keep its separation
// from a volume of it, in no order. The item need not be in the index; one with its ID is left out.
// It decides as exactly as Near does and leaves out what it costs to say by how much.
func (x *Index) Matches(it *Item, dst []Match) []Match {
	q := x.begin()
	defer q.done()
	q.about(it)
	q.run()
	return q.matches(dst)
}

func (q *query) matches(dst []Match) []Match {
	for _, f := range q.found {
		dst = append(dst, Match{Item: f.with.item, VolumeA: int(f.volumeA), VolumeB: int(f.volumeB)})
	}
	return dst
}

// Near returns the items of other parties that do not keep their separation from it, in order of
// ID; A of each Pair is it. The item need not be in the index; one with its ID is left out.
func (x *Index) Near(it *Item) []Pair {
	q := x.begin()
	defer q.done()
	q.about(it)
	q.run()
	return q.pairs()
}

// pairs measures what was found.
func (q *query) pairs() []Pair {
	by := map[*stored]*Pair{}
	shapes := map[found]*geo4d.Prepared{}
	for _, f := range q.found {
		p := by[f.with]
		if p == nil {
			sep, _ := q.x.config.Separation(q.s.item.Class, f.with.item.Class)
			p = &Pair{A: q.s.item, B: f.with.item, Separation: sep}
			by[f.with] = p
		}
		key := found{with: f.with, volumeB: f.volumeB}
		if shapes[key] == nil {
			shapes[key] = f.with.prepared(f.volumeB)
		}
		a := measurable{q.s.item, int(f.volumeA), q.prepared(f.volumeA)}
		b := measurable{f.with.item, int(f.volumeB), shapes[key]}
		if h, near := measureInOrder(a, b, p.Separation, q.x.config.Terrain); near {
			p.Hits = append(p.Hits, h)
		}
	}
	return sorted(by)
}

func sorted(by map[*stored]*Pair) []Pair {
	var out []Pair
	for _, p := range by {
		if len(p.Hits) == 0 {
			continue
		}
		slices.SortFunc(p.Hits, byVolumes)
		p.Total = len(p.Hits)
		if p.Total > MaxHits {
			p.Hits = slices.Clone(p.Hits[:MaxHits])
		}
		out = append(out, *p)
	}
	slices.SortFunc(out, func(a, b Pair) int { return cmp.Compare(a.B.ID, b.B.ID) })
	return out
}
