package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"parley/store"
)

func testReopen(t *testing.T, h Harness) {
	s := open(t, h)
	created := put(t, s, "a", "1")
	put(t, s, "b", "2")
	rev := commit(t, s, store.Txn{Deletes: []string{"b"}})
	for range 3 {
		if err := s.Close(); err != nil {
			t.Fatalf("close: %v", err)
		}
		s = open(t, h)
		if got := view(t, s).Revision(); got != rev {
			t.Errorf("opened again at revision %d, want %d", got, rev)
		}
		if item, ok := get(t, s, "a"); !ok || item.Revision != created || string(item.Value) != "1" {
			t.Errorf("opened again, a is %+v, %t", item, ok)
		}
		if _, ok := get(t, s, "b"); ok {
			t.Error("opened again, a deleted key is there")
		}
		_, err := s.Commit(t.Context(), store.Txn{Guards: []store.Guard{{Key: "a"}}, Puts: []store.Put{{Key: "a"}}})
		wantErr(t, "a guard on a key put before", err, store.ErrConflict)
		next := put(t, s, "c", "3")
		if next <= rev {
			t.Errorf("opened again, the next commit took revision %d, not one after %d", next, rev)
		}
		if c := take(t, s.Watch(t.Context(), "", rev), 1)[0]; c.Revision != next || c.Key != "c" {
			t.Errorf("watch after the revision opened at: %s", describe(c))
		}
		rev = next
	}
	err := firstOf(s.Watch(t.Context(), "", 0))
	if err != nil {
		wantErr(t, "watch after a revision of an earlier opening", err, store.ErrCompacted)
	}
}

// firstOf returns the error of the first thing that a watch yields.
func firstOf(changes func(func(store.Change, error) bool)) (first error) {
	for _, err := range changes {
		return err
	}
	return nil
}

// testCrash crashes the store under concurrent commits, again and again.
func testCrash(t *testing.T, h Harness) {
	if h.Crash == nil {
		t.Skip("this harness cannot crash")
	}
	acknowledged := make(map[string]store.Revision)
	var newest store.Revision
	for round := range 5 {
		s := open(t, h)
		checkAcknowledged(t, s, acknowledged, newest)
		var wg sync.WaitGroup
		var mu sync.Mutex
		some := make(chan struct{}, 1000)
		for w := range 4 {
			wg.Go(func() {
				for i := 0; ; i++ {
					key := fmt.Sprintf("%d/%d/%04d", round, w, i)
					rev, err := s.Commit(t.Context(), store.Txn{Puts: []store.Put{
						{Key: key, Value: make([]byte, 100*w)}, {Key: "pair/" + key}}})
					if err != nil {
						if !errors.Is(err, store.ErrClosed) && !errors.Is(err, store.ErrFailed) {
							t.Errorf("commit: %v", err)
						}
						return
					}
					mu.Lock()
					acknowledged[key] = rev
					newest = max(newest, rev)
					mu.Unlock()
					select {
					case some <- struct{}{}:
					default:
					}
				}
			})
		}
		for range 30 {
			<-some
		}
		mu.Lock() // what is acknowledged from now on is after the crash
		before := make(map[string]store.Revision, len(acknowledged))
		for key, rev := range acknowledged {
			before[key] = rev
		}
		newestBefore := newest
		h.Crash()
		mu.Unlock()
		wg.Wait()
		acknowledged, newest = before, newestBefore
	}
	checkAcknowledged(t, open(t, h), acknowledged, newest)
}

func checkAcknowledged(t *testing.T, s store.Store, acknowledged map[string]store.Revision, newest store.Revision) {
	t.Helper()
	v := view(t, s)
	if v.Revision() < newest {
		t.Errorf("after the crash the store is at revision %d, and %d was acknowledged", v.Revision(), newest)
	}
	items := make(map[string]store.Revision)
	for _, item := range scan(t, v, "", "") {
		items[item.Key] = item.Revision
		if item.Revision > v.Revision() {
			t.Errorf("%q is of revision %d in a view of %d", item.Key, item.Revision, v.Revision())
		}
	}
	for key, rev := range acknowledged {
		if items[key] != rev || items["pair/"+key] != rev {
			t.Errorf("%q was acknowledged at revision %d and is at %d, its pair at %d", key, rev, items[key], items["pair/"+key])
		}
	}
	if len(items)%2 != 0 {
		t.Errorf("%d keys: half a transaction is there", len(items))
	}
}
