package pebble

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"parley/store"
)

// A workload is what some writers commit at the same time, each in its own part of the keys and one
// transaction after another: drawn from a seed, and with the state after each known beforehand.
type workload struct {
	writers []*writer

	mu     sync.Mutex
	newest store.Revision // the newest that was acknowledged
}

type writer struct {
	prefix string
	txns   []store.Txn
	states []map[string]string // states[k] is the writer's part after k transactions
	done   int                 // acknowledged; under workload.mu
}

func newWorkload(seed uint64, writers, txns int) *workload {
	rng := rand.New(rand.NewPCG(seed, 1))
	w := &workload{}
	for i := range writers {
		wr := &writer{prefix: fmt.Sprintf("%d/", i), states: []map[string]string{{}}}
		for range txns {
			wr.draw(rng)
		}
		w.writers = append(w.writers, wr)
	}
	return w
}

// draw adds a transaction of up to 6 puts and deletes over 10 keys.
func (w *writer) draw(rng *rand.Rand) {
	state := maps.Clone(w.states[len(w.states)-1])
	var txn store.Txn
	for _, n := range rng.Perm(10)[:1+rng.IntN(6)] {
		key := fmt.Sprint(w.prefix, n)
		if _, there := state[key]; there && rng.IntN(3) == 0 {
			txn.Deletes = append(txn.Deletes, key)
			delete(state, key)
			continue
		}
		size := rng.IntN(700)
		if rng.IntN(40) == 0 {
			size = 50_000 // larger than a memtable of the test
		}
		value := make([]byte, size)
		for i := range value {
			value[i] = byte(rng.Uint32())
		}
		txn.Puts = append(txn.Puts, store.Put{Key: key, Value: value})
		state[key] = string(value)
	}
	w.txns = append(w.txns, txn)
	w.states = append(w.states, state)
}

// run commits until all is acknowledged or a writer meets an error, and returns the errors.
func (w *workload) run(t *testing.T, s store.Store) error {
	errs := make([]error, len(w.writers))
	var wg sync.WaitGroup
	for i, wr := range w.writers {
		wg.Go(func() {
			for _, txn := range wr.txns[wr.done:] {
				rev, err := s.Commit(t.Context(), txn)
				if err != nil {
					errs[i] = err
					return
				}
				w.mu.Lock()
				wr.done++
				w.newest = max(w.newest, rev)
				w.mu.Unlock()
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// acknowledged is what had been acknowledged at one moment.
type acknowledged struct {
	done   []int
	newest store.Revision
}

func (w *workload) acknowledged() acknowledged {
	w.mu.Lock()
	defer w.mu.Unlock()
	a := acknowledged{newest: w.newest}
	for _, wr := range w.writers {
		a.done = append(a.done, wr.done)
	}
	return a
}

// check says what is wrong with a store that must hold what is acknowledged, and of each writer at
// most, and whole, the transaction that followed.
func (w *workload) check(t *testing.T, s store.Store, a acknowledged) error {
	v, err := s.View(t.Context())
	if err != nil {
		return fmt.Errorf("view: %w", err)
	}
	defer v.Close()
	if v.Revision() < a.newest {
		return fmt.Errorf("at revision %d, and %d was acknowledged", v.Revision(), a.newest)
	}
	for i, wr := range w.writers {
		held := make(map[string]string)
		for item, err := range v.Scan(t.Context(), wr.prefix, strings.TrimSuffix(wr.prefix, "/")+"0") {
			if err != nil {
				return fmt.Errorf("scan: %w", err)
			}
			if item.Revision > v.Revision() {
				return fmt.Errorf("%q is of revision %d in a view of %d", item.Key, item.Revision, v.Revision())
			}
			held[item.Key] = string(item.Value)
		}
		next := min(a.done[i]+1, len(wr.states)-1)
		if !maps.Equal(held, wr.states[a.done[i]]) && !maps.Equal(held, wr.states[next]) {
			other := -1
			for k, state := range wr.states {
				if maps.Equal(held, state) {
					other = k
				}
			}
			return fmt.Errorf("writer %d: %d transactions were acknowledged, and the store holds neither their state nor the next, but that after %d",
				i, a.done[i], other)
		}
	}
	return nil
}
