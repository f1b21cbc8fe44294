package conflict

import (
	"slices"
	"sync"
	"sync/atomic"
	"weak"
)

// readers lets queries run without locks while items change.
//
// A new version's pieces are put before the old one's are taken out, and the old one's lead to it:
// see current. But a query may have left the cell of the new one before it was put, and come to that
// of the old one after it was taken out, and so miss an item that was there all the time. So what was
// replaced stays until every query that ran at that moment is over.
type readers struct {
	epoch atomic.Uint64 // counts puts
	idle  sync.Pool     // of queries, each of which is in all

	mu     sync.Mutex // of who changes all
	all    atomic.Pointer[[]weak.Pointer[query]]
	enough int // how long all may become before it is gone through for those that are gone
}

// retired is a version that was replaced when epoch came to be what it says.
type retired struct {
	version *stored
	epoch   uint64
}

// idle returns a query that does not run.
func (x *Index) idle() *query {
	r := &x.readers
	if q, _ := r.idle.Get().(*query); q != nil {
		return q
	}
	q := &query{x: x}
	q.scan.near = make([]candidate, manyNear+1)
	r.add(q)
	return q
}

// add lists a query. Who reads the list at that time does not see beyond the end that it knows.
func (r *readers) add(q *query) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var list []weak.Pointer[query]
	if all := r.all.Load(); all != nil {
		list = *all
	}
	if len(list) >= r.enough {
		list = slices.DeleteFunc(slices.Clone(list), func(w weak.Pointer[query]) bool { return w.Value() == nil })
		r.enough = 2*len(list) + 16
	}
	list = append(list, weak.Make(q))
	r.all.Store(&list)
}

// begin returns a query that counts as running.
func (x *Index) begin() *query {
	q := x.idle()
	q.active.Store(x.readers.epoch.Load() + 1)
	return q
}

// done gives a query back for the next to use.
func (q *query) done() {
	q.active.Store(0)
	q.rest()
}

// rest gives a query back that does not run. It drops what it refers to and keeps the room that it
// has, unless that is large. What is left of pieces in that room is soon written over.
func (q *query) rest() {
	clear(q.found)
	clear(q.shapes)
	q.met, q.whole, q.measured = nil, nil, nil
	if cap(q.found) > 4096 {
		q.found = nil
	}
	if cap(q.scan.bodies) > 4096 {
		q.scan.bodies, q.scan.visits = nil, nil
	}
	if cap(q.cutter.pieces) > 256 {
		q.cutter = cutter{}
	}
	q.s, q.row, q.piece, q.volume = nil, nil, nil, nil
	q.found, q.shapes = q.found[:0], q.shapes[:0]
	q.asked = stored{}
	q.x.readers.idle.Put(q)
}

// oldest returns the epoch in which the oldest query that runs began, now where none does.
func (r *readers) oldest(now uint64) uint64 {
	all := r.all.Load()
	if all == nil {
		return now
	}
	oldest := now
	for _, w := range *all {
		if q := w.Value(); q != nil {
			if began := q.active.Load(); began != 0 {
				oldest = min(oldest, began-1)
			}
		}
	}
	return oldest
}

// retire notes that a version was replaced in an epoch. The caller holds the shard's mu.
func (s *shard) retire(old *stored, epoch uint64) {
	s.retired = append(s.retired, retired{old, epoch})
}

// release takes out what was replaced and no query can be in need of now. The caller holds the shard's
// mu.
func (x *Index) release(s *shard) {
	if len(s.retired) == 0 {
		return
	}
	oldest, n := x.readers.oldest(x.readers.epoch.Load()), 0
	for n < len(s.retired) && s.retired[n].epoch <= oldest {
		x.takeOut(s.retired[n].version)
		n++
	}
	clear(s.retired[:n])
	if s.retired = s.retired[n:]; len(s.retired) == 0 {
		s.retired = nil
	}
}
