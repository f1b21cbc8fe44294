package conflict

import (
	"cmp"
	"math"
	"slices"
	"sync"
	"time"

	"parley/geo4d"
)

// Config is what an Index needs to know.
type Config struct {
	Separation SeparationFunc
	// Reach returns bounds on what Separation returns for any pair with a in it; its LateralM and
	// Time let the index leave far items alone. nil looks at every item.
	Reach   func(a *Item) geo4d.Separation
	Terrain geo4d.Terrain
}

// Index holds the live items. Its methods may be called from any goroutine.
//
// Every volume of an item is held by itself, never the item as one: a plan that goes round a place
// is not near it. A volume is found by a box in space and time, and judged by its exact gaps.
type Index struct {
	config Config

	mu    sync.RWMutex // guards what follows
	items map[string]*stored
	tree  *tree
}

// stored is an item with what measuring it needs. It does not change.
type stored struct {
	item   *Item
	shapes []*geo4d.Prepared
	leaves []int32 // handles in the tree, for items in the index; guarded by Index.mu
}

func prepare(it *Item) *stored {
	s := &stored{item: it, shapes: make([]*geo4d.Prepared, len(it.Volumes))}
	for i := range it.Volumes {
		s.shapes[i] = geo4d.Prepare(it.Volumes[i].Shape)
	}
	return s
}

// New returns an empty Index.
func New(c Config) *Index {
	return &Index{config: c, items: map[string]*stored{}, tree: newTree()}
}

// Put adds an item, or replaces the one with its ID. The item must not change afterwards. Its
// volumes should be valid: a shape that cannot be measured counts as the whole earth.
func (x *Index) Put(it *Item) {
	s := prepare(it)
	x.mu.Lock()
	defer x.mu.Unlock()
	x.remove(it.ID)
	x.items[it.ID] = s
	s.leaves = make([]int32, len(s.shapes))
	for i := range s.shapes {
		s.leaves[i] = x.tree.insert(s.bounds(i, it.UncertaintyM, 0), ref{s, int32(i)})
	}
}

// Remove takes an item out and says whether it was there.
func (x *Index) Remove(id string) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.remove(id)
}

func (x *Index) remove(id string) bool {
	s, ok := x.items[id]
	if !ok {
		return false
	}
	for _, leaf := range s.leaves {
		x.tree.remove(leaf)
	}
	delete(x.items, id)
	return true
}

// Len returns how many items there are.
func (x *Index) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return len(x.items)
}

// Get returns the item with an ID, or nil.
func (x *Index) Get(id string) *Item {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if s, ok := x.items[id]; ok {
		return s.item
	}
	return nil
}

// bounds is the box of one volume, grown in place and time.
func (s *stored) bounds(i int, byM float64, by time.Duration) (b bounds) {
	lo, hi := s.shapes[i].Hull(byM)
	w := s.item.Volumes[i].Window
	copy(b.min[:], lo[:])
	copy(b.max[:], hi[:])
	b.min[3], b.max[3] = math.Inf(-1), math.Inf(1)
	// Whole seconds, rounded outwards.
	if !w.Start.IsZero() {
		b.min[3] = float64(w.Start.Unix()) - math.Ceil(by.Seconds())
	}
	if !w.End.IsZero() {
		b.max[3] = float64(w.End.Unix()+1) + math.Ceil(by.Seconds())
	}
	return b
}

// Near returns the items of other parties that do not keep their separation from it, in order of
// ID; A of each Pair is it. The item need not be in the index; one with its ID is left out.
func (x *Index) Near(it *Item) []Pair {
	s := prepare(it)
	reach := geo4d.Separation{LateralM: math.Inf(1), Time: math.MaxInt64}
	if x.config.Reach != nil {
		reach = x.config.Reach(it)
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	found := map[*stored]*Pair{}
	passed := map[*stored]bool{}
	for i := range s.shapes {
		b := s.bounds(i, it.UncertaintyM+reach.LateralM, reach.Time)
		x.tree.query(&b, func(r ref) {
			if passed[r.item] {
				return
			}
			p := found[r.item]
			if p == nil {
				if p = x.pairOf(it, r.item.item); p == nil {
					passed[r.item] = true
					return
				}
				found[r.item] = p
			}
			if h, near := measureInOrder(s, r.item, i, int(r.volume), p.Separation, x.config.Terrain); near {
				p.Hits = append(p.Hits, h)
			}
		})
	}
	return sorted(found)
}

// pairOf returns an empty pair, or nil where the two are never compared.
func (x *Index) pairOf(a, b *Item) *Pair {
	if a.ID == b.ID || sameParty(a, b) {
		return nil
	}
	sep, ok := x.config.Separation(a, b)
	if !ok {
		return nil
	}
	return &Pair{A: a, B: b, Separation: sep}
}

func sorted(found map[*stored]*Pair) []Pair {
	var out []Pair
	for _, p := range found {
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
