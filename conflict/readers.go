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
	epoch atomic.Uint64 // counts replacements
	idle  sync.Pool     // of queries, each of which is in all

	mu      sync.Mutex // guards what follows; of writers, and of a query the first time that it runs
	all     []weak.Pointer[query]
	retired []retired // oldest first
}

// retired is a version that was replaced when epoch came to be what it says.
type retired struct {
	version *stored
	epoch   uint64
}

// begin returns a query that counts as running.
func (x *Index) begin() *query {
	r := &x.readers
	q, _ := r.idle.Get().(*query)
	if q == nil {
		q = &query{x: x}
		r.mu.Lock()
		r.all = append(r.all, weak.Make(q))
		r.mu.Unlock()
	}
	q.active.Store(r.epoch.Load() + 1)
	return q
}

// done gives a query back for the next to use, without what it refers to.
func (q *query) done() {
	q.active.Store(0)
	q.forget()
	q.x.readers.idle.Put(q)
}

// retire notes that a version was replaced, and returns those that no query can be in need of now.
func (r *readers) retire(s *stored) []*stored {
	now := r.epoch.Add(1)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.retired = append(r.retired, retired{s, now})
	oldest, kept := now, r.all[:0]
	for _, w := range r.all {
		q := w.Value()
		if q == nil {
			continue // it was idle for long
		}
		kept = append(kept, w)
		if began := q.active.Load(); began != 0 {
			oldest = min(oldest, began-1)
		}
	}
	r.all = kept
	n := 0
	for n < len(r.retired) && r.retired[n].epoch <= oldest {
		n++
	}
	var out []*stored
	for _, o := range r.retired[:n] {
		out = append(out, o.version)
	}
	clear(r.retired[:n])
	if r.retired = r.retired[n:]; len(r.retired) == 0 {
		r.retired = nil
	}
	return out
}
