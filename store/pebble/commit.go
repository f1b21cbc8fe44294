package pebble

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	lsm "github.com/cockroachdb/pebble/v2"

	"parley/store"
)

// How much one synced write takes of what waits.
const (
	maxGroupTxns  = 1024
	maxGroupBytes = 4 << 20
)

// A request is a transaction on its way through the committer, with its own copy of the values.
type request struct {
	guards  []store.Guard
	puts    []put
	deletes []string
	bytes   int

	// state goes from requestQueued to one of the others, once.
	state atomic.Int32
	done  chan result // holds one
}

const (
	requestQueued int32 = iota
	requestTaken        // by the committer
	requestGone         // its caller left before it was taken
)

type put struct {
	key  string
	data []byte // as encode returns it
}

type result struct {
	revision store.Revision
	err      error
}

func newRequest(t store.Txn) *request {
	r := &request{guards: append([]store.Guard(nil), t.Guards...), deletes: append([]string(nil), t.Deletes...),
		puts: make([]put, len(t.Puts)), done: make(chan result, 1)}
	for i, p := range t.Puts {
		r.puts[i] = put{key: p.Key, data: encode(p.Value)}
		r.bytes += len(p.Key) + len(p.Value)
	}
	return r
}

// queue holds the requests that wait for the committer.
type queue struct {
	mu       sync.Mutex
	ended    error // why nothing more is taken
	requests []*request
	wake     chan struct{} // holds one when there may be requests
}

func newQueue() queue { return queue{wake: make(chan struct{}, 1)} }

func (q *queue) put(r *request) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.ended != nil {
		return q.ended
	}
	q.requests = append(q.requests, r)
	select {
	case q.wake <- struct{}{}:
	default:
	}
	return nil
}

// take returns the requests for one group, in the order they came.
func (q *queue) take() []*request {
	q.mu.Lock()
	defer q.mu.Unlock()
	var group []*request
	size, n := 0, 0
	for ; n < len(q.requests); n++ {
		r := q.requests[n]
		if len(group) == maxGroupTxns || len(group) > 0 && size+r.bytes > maxGroupBytes {
			break
		}
		if r.state.CompareAndSwap(requestQueued, requestTaken) {
			group = append(group, r)
			size += r.bytes
		}
	}
	clear(q.requests[:n])
	q.requests = q.requests[n:]
	return group
}

// end refuses what waits and what will come.
func (q *queue) end(err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.ended = err
	for _, r := range q.requests {
		r.done <- result{err: err}
	}
	q.requests = nil
}

// Commit implements store.Store. A transaction whose context ends before its turn comes is not
// applied; after that, it may be.
func (s *Store) Commit(ctx context.Context, t store.Txn) (store.Revision, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	if err := t.Check(); err != nil {
		return 0, err
	}
	r := newRequest(t)
	if err := s.queue.put(r); err != nil {
		return 0, err
	}
	select {
	case res := <-r.done:
		return res.revision, res.err
	case <-ctx.Done():
		if r.state.CompareAndSwap(requestQueued, requestGone) {
			return 0, ctx.Err()
		}
		return 0, fmt.Errorf("store: whether the transaction is applied is not known: %w", ctx.Err())
	case <-s.gate.shut:
	}
	select {
	case res := <-r.done:
		return res.revision, res.err
	default:
		r.state.CompareAndSwap(requestQueued, requestGone)
		return 0, s.gate.err()
	}
}

// commitLoop is the committer. rev is the newest revision.
func (s *Store) commitLoop(rev store.Revision) {
	defer close(s.committed)
	for {
		select {
		case <-s.queue.wake:
		case <-s.gate.shut:
			s.log.Error("store failed", "err", s.gate.err())
			s.queue.end(s.gate.err())
			<-s.closing
			s.queue.end(store.ErrClosed)
			return
		case <-s.closing:
			s.queue.end(store.ErrClosed)
			return
		}
		for s.relieve() {
			requests := s.queue.take()
			if len(requests) == 0 {
				break
			}
			g := group{store: s, base: rev, batch: s.db.NewBatch(), changed: make(map[string]store.Revision)}
			rev = g.commit(requests)
		}
	}
}

// A group is the transactions of one synced write.
type group struct {
	store *Store
	base  store.Revision // the newest revision before the group
	batch *lsm.Batch

	changed   map[string]store.Revision // the keys that the group changed; 0 where it deleted one
	revisions [][]store.Change          // the changes of base+1, base+2 and so on
}

// commit applies the requests whose guards hold, answers all, and returns the newest revision.
func (g *group) commit(requests []*request) store.Revision {
	results := make([]result, len(requests))
	var err error
	for i, r := range requests {
		if results[i], err = g.apply(r); err != nil {
			break
		}
	}
	if err == nil {
		err = g.sync()
	}
	if err != nil {
		g.store.gate.fail(err)
		err = g.store.gate.err()
		for i := range results {
			results[i] = result{err: err}
		}
		_ = g.batch.Close()
	}
	for i, r := range requests {
		r.done <- results[i]
	}
	return g.newest()
}

func (g *group) newest() store.Revision { return g.base + store.Revision(len(g.revisions)) }

// apply puts one transaction into the batch, if its guards hold. An error is one of reading.
func (g *group) apply(r *request) (result, error) {
	for _, guard := range r.guards {
		at, err := g.revisionOf(guard.Key)
		if err != nil {
			return result{}, err
		}
		if at > guard.Revision || at == 0 && guard.Revision != 0 {
			return result{err: fmt.Errorf("%w: %q", store.ErrConflict, guard.Key)}, nil
		}
	}
	rev := g.newest() + 1
	changes := make([]store.Change, 0, len(r.puts)+len(r.deletes))
	for _, p := range r.puts {
		binary.BigEndian.PutUint64(p.data, uint64(rev))
		if err := g.batch.Set(dataKey(p.key), p.data, nil); err != nil {
			return result{}, err
		}
		changes = append(changes, store.Change{
			Item: store.Item{Key: p.key, Value: p.data[revisionBytes:], Revision: rev}})
		g.changed[p.key] = rev
	}
	for _, key := range r.deletes {
		at, err := g.revisionOf(key)
		if err != nil {
			return result{}, err
		}
		if at == 0 {
			continue
		}
		if err := g.batch.Delete(dataKey(key), nil); err != nil {
			return result{}, err
		}
		changes = append(changes, store.Change{Item: store.Item{Key: key, Revision: rev}, Deleted: true})
		g.changed[key] = 0
	}
	if len(changes) == 0 {
		return result{revision: g.newest()}, nil
	}
	g.revisions = append(g.revisions, changes)
	return result{revision: rev}, nil
}

// revisionOf returns the revision that last set a key, or 0 where there is no such key.
func (g *group) revisionOf(key string) (store.Revision, error) {
	if rev, ok := g.changed[key]; ok {
		return rev, nil
	}
	data, closer, err := g.store.db.Get(dataKey(key))
	if errors.Is(err, lsm.ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, readError(err)
	}
	defer closer.Close()
	if len(data) < revisionBytes {
		return 0, fmt.Errorf("store: key %q holds %d bytes, without its revision", key, len(data))
	}
	return decodeRevision(data), nil
}

// sync makes the batch durable and shows it to Views and Watches.
func (g *group) sync() error {
	s := g.store
	if len(g.revisions) == 0 {
		return errors.Join(s.gate.err(), g.batch.Close())
	}
	rev := binary.BigEndian.AppendUint64(nil, uint64(g.newest()))
	if err := g.batch.Set([]byte(metaRevision), rev, nil); err != nil {
		return err
	}
	if err := s.db.Apply(g.batch, lsm.Sync); err != nil {
		return err
	}
	// Pebble was told of no failure of its log: ask the gate.
	if err := s.gate.err(); err != nil {
		return err
	}
	next := &moment{store: s, snapshot: s.db.NewSnapshot(), revision: g.newest(), refs: 1}
	s.mu.Lock()
	last := s.cur
	s.cur = next
	s.open[next] = struct{}{}
	s.past.add(g.revisions)
	s.mu.Unlock()
	last.drop()
	return g.batch.Close()
}
