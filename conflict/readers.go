package conflict

import (
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

	mu  sync.Mutex // of who changes all
	all atomic.Pointer[[]weak.Pointer[query]]
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
	r.mu.Lock()
	defer r.mu.Unlock()
	var list []weak.Pointer[query]
	if all := r.all.Load(); all != nil {
		for _, w := range *all {
			if w.Value() != nil {
				list = append(list, w)
			}
		}
	}
	list = append(list, weak.Make(q))
	r.all.Store(&list)
	return q
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
	q.met, q.whole = nil, nil
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

// retire notes that a version was replaced in an epoch, and returns those that no query can be in need of now.
// The caller holds the shard's mu.
func (s *shard) retire(old *stored, now uint64, r *readers) []*stored {
	s.retired = append(s.retired, retired{old, now})
	oldest, n := r.oldest(now), 0
	for n < len(s.retired) && s.retired[n].epoch <= oldest {
		n++
	}
	var out []*stored
	for _, o := range s.retired[:n] {
		out = append(out, o.version)
	}
	clear(s.retired[:n])
	if s.retired = s.retired[n:]; len(s.retired) == 0 {
		s.retired = nil
	}
	return out
}
