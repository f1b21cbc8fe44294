package conflict

import (
	"context"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// Set gathers items and finds all conflicts among them, or between them and another set. It holds
// the items and their index; rows are handed out as they are found and not kept.
type Set struct {
	x      *Index
	items  []*Item
	sorted bool
}

// NewSet returns an empty Set.
func NewSet(c Config) *Set { return &Set{x: New(c)} }

// Add adds an item and returns true, or false where the set has one with its ID. The item must not
// change afterwards.
func (s *Set) Add(it *Item) bool {
	if s.x.Get(it.ID) != nil {
		return false
	}
	s.x.Put(it)
	s.items, s.sorted = append(s.items, it), false
	return true
}

// Len returns how many items there are.
func (s *Set) Len() int { return len(s.items) }

// Search says how a Set looks for conflicts. The rows and their order do not depend on it.
type Search struct {
	Workers int       // how many goroutines compare; at least 1
	Done    func(int) // where not nil: called now and then with how many items have been compared
}

// Conflicts calls each with a row for every two items that conflict, sorted by A and then B in byte
// order; A is before B. Items of one party do not conflict. It calls each, and Done, from the
// goroutine that called it, with a row that each may change but not keep, and stops at the first
// error of each or of ctx. Nothing may be added meanwhile.
func (s *Set) Conflicts(ctx context.Context, how Search, each func(*Row) error) error {
	return s.search(ctx, how, s, each)
}

// ConflictsWith is Conflicts between the items of this set and those of another with the same
// configuration: A is of this set, B of the other, whichever ID comes first. An ID that both sets
// have names two items.
func (s *Set) ConflictsWith(ctx context.Context, other *Set, how Search, each func(*Row) error) error {
	return s.search(ctx, how, other, each)
}

// batchItems is how many items a worker compares at a time: few, since the rows of one item may be
// as many as there are items, and the rows of each batch at work are held.
const batchItems = 16

// batch is some items that are compared in one go, with their rows.
type batch struct {
	from  int
	rows  []Row
	ready chan struct{} // holds one value when rows are there
}

func (s *Set) search(ctx context.Context, how Search, in *Set, each func(*Row) error) error {
	s.sort()
	workers := max(how.Workers, 1)
	todo := make(chan *batch, 2*workers)
	var stop atomic.Bool
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for b := range todo {
				if !stop.Load() {
					s.compare(b, in)
				}
				b.ready <- struct{}{}
			}
		})
	}
	defer all.Wait()
	defer close(todo)
	defer stop.Store(true)
	ring := make([]batch, 2*workers) // the batches at work, in order
	for i := range ring {
		ring[i].ready = make(chan struct{}, 1)
	}
	next := 0
	give := func(b *batch) {
		b.from, b.rows = next, b.rows[:0]
		next += batchItems
		todo <- b
	}
	for i := range ring {
		give(&ring[i])
	}
	for at := 0; at < len(s.items); at += batchItems {
		b := &ring[at/batchItems%len(ring)]
		select {
		case <-b.ready:
		case <-ctx.Done():
			return ctx.Err()
		}
		for i := range b.rows {
			if err := each(&b.rows[i]); err != nil {
				return err
			}
		}
		if how.Done != nil {
			how.Done(min(at+batchItems, len(s.items)))
		}
		give(b)
	}
	return ctx.Err()
}

func (s *Set) sort() {
	if !s.sorted {
		slices.SortFunc(s.items, func(a, b *Item) int { return strings.Compare(a.ID, b.ID) })
		s.sorted = true
	}
}

// compare finds the rows of a batch, in order.
func (s *Set) compare(b *batch, in *Set) {
	for _, it := range s.items[min(b.from, len(s.items)):min(b.from+batchItems, len(s.items))] {
		q := in.x.begin()
		q.about(it)
		if in != s {
			q.asked.hash = ^q.asked.hash // so that it is none of the items asked, whatever their IDs
		}
		q.run()
		if in == s { // each pair once, by the item whose ID comes first
			q.found = slices.DeleteFunc(q.found, func(f found) bool { return f.with.item.ID < it.ID })
		}
		pairs := q.pairs()
		q.done()
		for i := range pairs {
			b.rows = append(b.rows, rowOf(&pairs[i]))
		}
	}
}
