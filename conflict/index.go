package conflict

import (
	"sync"

	"parley/geo4d"
)

// Config is what an Index needs to know.
type Config struct {
	Separation SeparationFunc
	// Reach returns bounds on what Separation returns for any pair with a in it. It lets the index
	// leave far items alone; nil looks at every item.
	Reach   func(a *Item) geo4d.Separation
	Terrain geo4d.Terrain
}

// Index holds the live items. Its methods may be called from any goroutine.
type Index struct {
	mu    sync.RWMutex
	items map[string]*Item
}

// New returns an empty Index.
func New(c Config) *Index { return &Index{items: map[string]*Item{}} }

// Put adds an item, or replaces the one with its ID. The item must not change afterwards; its
// volumes must be valid.
func (x *Index) Put(it *Item) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.items[it.ID] = it
}

// Remove takes an item out and says whether it was there.
func (x *Index) Remove(id string) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	_, ok := x.items[id]
	delete(x.items, id)
	return ok
}

// Len returns how many items there are.
func (x *Index) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return len(x.items)
}

// Near returns the items of other parties that do not keep their separation from it, in order of
// ID. The item need not be in the index; one with its ID is left out.
func (x *Index) Near(it *Item) []Pair { return nil }
