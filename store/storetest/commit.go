package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"

	"parley/store"
)

func testRevisions(t *testing.T, h Harness) {
	s := open(t, h)
	if rev := view(t, s).Revision(); rev != 0 {
		t.Errorf("an empty store is at revision %d, want 0", rev)
	}
	first := put(t, s, "a", "1")
	second := put(t, s, "b", "2")
	if first < 1 || second <= first {
		t.Errorf("revisions %d, then %d: want them from 1 up", first, second)
	}
	if rev := view(t, s).Revision(); rev != second {
		t.Errorf("view at revision %d, want %d", rev, second)
	}
	third := put(t, s, "a", "3")
	for key, want := range map[string]store.Revision{"a": third, "b": second} {
		if item, _ := get(t, s, key); item.Revision != want || item.Key != key {
			t.Errorf("get %q: key %q of revision %d, want revision %d", key, item.Key, item.Revision, want)
		}
	}
}

func testValues(t *testing.T, h Harness) {
	s := open(t, h)
	values := map[string][]byte{
		"empty": {}, "nil": nil, "zero": {0}, "binary": {0xff, 0, 0xfe, '\n'},
		"\x00": []byte("key of a zero byte"), "\xff\xff": []byte("key of high bytes"), "é": []byte("key of two bytes"),
	}
	for key, value := range values {
		given := bytes.Clone(value)
		commit(t, s, store.Txn{Puts: []store.Put{{Key: key, Value: given}}})
		for i := range given {
			given[i]++ // the store keeps nothing of what it was given
		}
	}
	for key, want := range values {
		item, ok := get(t, s, key)
		if !ok || !bytes.Equal(item.Value, want) {
			t.Errorf("get %q: %q, %t, want %q", key, item.Value, ok, want)
		}
		for i := range item.Value {
			item.Value[i]++ // what a view returns is the caller's
		}
		if again, _ := get(t, s, key); !bytes.Equal(again.Value, want) {
			t.Errorf("get %q again: %q, want %q", key, again.Value, want)
		}
	}
	if _, ok := get(t, s, "none"); ok {
		t.Error("a key that was never put is there")
	}
	if _, ok := get(t, s, ""); ok {
		t.Error("the empty key is there")
	}
}

func testGuards(t *testing.T, h Harness) {
	s := open(t, h)
	guarded := func(key string, at store.Revision) error {
		_, err := s.Commit(t.Context(), store.Txn{
			Guards: []store.Guard{{Key: key, Revision: at}},
			Puts:   []store.Put{{Key: "other", Value: []byte("x")}},
		})
		return err
	}
	check := func(what, key string, at store.Revision, want error) {
		t.Helper()
		if err := guarded(key, at); !errors.Is(err, want) || want == nil && err != nil {
			t.Errorf("%s, guard at %d: got %v, want %v", what, at, err, want)
		}
	}
	check("no such key", "k", 0, nil)
	check("no such key", "k", 1, store.ErrConflict)
	created := put(t, s, "k", "1")
	check("created", "k", 0, store.ErrConflict)
	check("created", "k", created-1, store.ErrConflict)
	check("created", "k", created, nil)
	check("created", "k", created+100, nil)
	changed := put(t, s, "k", "2")
	check("changed", "k", created, store.ErrConflict)
	check("changed", "k", changed, nil)
	deleted := commit(t, s, store.Txn{Deletes: []string{"k"}})
	check("deleted", "k", changed, store.ErrConflict)
	check("deleted", "k", deleted, store.ErrConflict)
	check("deleted", "k", 0, nil)
	again := put(t, s, "k", "3")
	check("re-created", "k", 0, store.ErrConflict)
	check("re-created", "k", changed, store.ErrConflict)
	check("re-created", "k", deleted, store.ErrConflict)
	check("re-created", "k", again, nil)

	_, err := s.Commit(t.Context(), store.Txn{
		Guards: []store.Guard{{Key: "new", Revision: 0}},
		Puts:   []store.Put{{Key: "new", Value: []byte("guards look at the state before")}},
	})
	if err != nil {
		t.Errorf("a guard on a key that the transaction itself puts: %v", err)
	}
	_, err = s.Commit(t.Context(), store.Txn{
		Guards: []store.Guard{{Key: "k", Revision: again}, {Key: "new", Revision: 0}},
		Puts:   []store.Put{{Key: "x"}},
	})
	wantErr(t, "one guard of two fails", err, store.ErrConflict)
}

func testAtomic(t *testing.T, h Harness) {
	s := open(t, h)
	put(t, s, "keep", "1")
	before := view(t, s).Revision()
	_, err := s.Commit(t.Context(), store.Txn{
		Guards:  []store.Guard{{Key: "keep", Revision: 0}},
		Puts:    []store.Put{{Key: "a"}, {Key: "b"}},
		Deletes: []string{"keep"},
	})
	wantErr(t, "commit", err, store.ErrConflict)
	if got := all(t, s); len(got) != 1 || got["keep"] != "1" {
		t.Errorf("after a conflict the store holds %q", got)
	}
	if rev := view(t, s).Revision(); rev != before {
		t.Errorf("a conflict moved the revision from %d to %d", before, rev)
	}
	rev := commit(t, s, store.Txn{Puts: []store.Put{{Key: "a"}, {Key: "b"}}, Deletes: []string{"keep"}})
	for _, item := range scan(t, view(t, s), "", "") {
		if item.Revision != rev {
			t.Errorf("%q is of revision %d, want %d", item.Key, item.Revision, rev)
		}
	}
	if got := all(t, s); len(got) != 2 {
		t.Errorf("the store holds %q, want a and b", got)
	}
}

func testBounds(t *testing.T, h Harness) {
	s := open(t, h)
	ops := func(puts, deletes int) store.Txn {
		var txn store.Txn
		for i := range puts {
			txn.Puts = append(txn.Puts, store.Put{Key: fmt.Sprint("p", i)})
		}
		for i := range deletes {
			txn.Deletes = append(txn.Deletes, fmt.Sprint("d", i))
		}
		return txn
	}
	sized := func(keyBytes, valueBytes int, guards, deletes []string) store.Txn {
		txn := store.Txn{Deletes: deletes,
			Puts: []store.Put{{Key: strings.Repeat("k", keyBytes), Value: make([]byte, valueBytes)}}}
		for _, key := range guards {
			txn.Guards = append(txn.Guards, store.Guard{Key: key})
		}
		return txn
	}
	guards := func(n int) (txn store.Txn) {
		for i := range n {
			txn.Guards = append(txn.Guards, store.Guard{Key: fmt.Sprint("g", i)})
		}
		return txn
	}
	const most = store.MaxTxnBytes
	tests := []struct {
		what string
		txn  store.Txn
		want error
	}{
		{"most puts", ops(store.MaxTxnOps, 0), nil},
		{"a put more", ops(store.MaxTxnOps+1, 0), store.ErrTooLarge},
		{"most puts and deletes", ops(60, store.MaxTxnOps-60), nil},
		{"a delete more", ops(60, store.MaxTxnOps-59), store.ErrTooLarge},
		{"most guards", guards(store.MaxTxnGuards), nil},
		{"a guard more", guards(store.MaxTxnGuards + 1), store.ErrTooLarge},
		{"longest key", sized(store.MaxKeyBytes, 0, nil, nil), nil},
		{"a longer key", sized(store.MaxKeyBytes+1, 0, nil, nil), store.ErrTooLarge},
		{"a longer key deleted", store.Txn{Deletes: []string{strings.Repeat("k", store.MaxKeyBytes+1)}}, store.ErrTooLarge},
		{"a longer key guarded", store.Txn{Guards: []store.Guard{{Key: strings.Repeat("k", store.MaxKeyBytes+1)}}}, store.ErrTooLarge},
		{"most bytes", sized(1, most-1, nil, nil), nil},
		{"a byte more", sized(1, most, nil, nil), store.ErrTooLarge},
		{"a byte more in a key", sized(2, most-1, nil, nil), store.ErrTooLarge},
		{"most bytes with guard and delete", sized(1, most-6, []string{"gg"}, []string{"ddd"}), nil},
		{"a byte more with guard and delete", sized(1, most-5, []string{"gg"}, []string{"ddd"}), store.ErrTooLarge},
	}
	for _, tt := range tests {
		before := view(t, s).Revision()
		_, err := s.Commit(t.Context(), tt.txn)
		if !errors.Is(err, tt.want) || tt.want == nil && err != nil {
			t.Errorf("%s: got error %v, want %v", tt.what, err, tt.want)
		}
		if rev := view(t, s).Revision(); err != nil && rev != before {
			t.Errorf("%s: refused, but the revision moved from %d to %d", tt.what, before, rev)
		}
	}
	if item, ok := get(t, s, "k"); !ok || len(item.Value) != most-6 {
		t.Errorf("the largest value has %d bytes, want %d", len(item.Value), most-6)
	}
}

func testInvalid(t *testing.T, h Harness) {
	s := open(t, h)
	tests := map[string]store.Txn{
		"empty key put":       {Puts: []store.Put{{Key: ""}}},
		"empty key deleted":   {Deletes: []string{""}},
		"empty key guarded":   {Guards: []store.Guard{{Key: ""}}, Puts: []store.Put{{Key: "a"}}},
		"key put twice":       {Puts: []store.Put{{Key: "a"}, {Key: "a"}}},
		"key deleted twice":   {Deletes: []string{"a", "a"}},
		"key put and deleted": {Puts: []store.Put{{Key: "a"}}, Deletes: []string{"a"}},
		"guard below 0":       {Guards: []store.Guard{{Key: "a", Revision: -1}}, Puts: []store.Put{{Key: "a"}}},
	}
	for what, txn := range tests {
		_, err := s.Commit(t.Context(), txn)
		wantErr(t, what, err, store.ErrInvalid)
	}
	if got := all(t, s); len(got) != 0 {
		t.Errorf("the store holds %q, want nothing", got)
	}
}

func testNoChange(t *testing.T, h Harness) {
	s := open(t, h)
	rev := put(t, s, "a", "1")
	tests := map[string]store.Txn{
		"nothing":            {},
		"guards only":        {Guards: []store.Guard{{Key: "a", Revision: rev}, {Key: "b"}}},
		"delete of no key":   {Deletes: []string{"b"}},
		"deletes of no keys": {Deletes: []string{"b", "c"}},
	}
	for what, txn := range tests {
		if got := commit(t, s, txn); got != rev {
			t.Errorf("%s: revision %d, want %d", what, got, rev)
		}
	}
	_, err := s.Commit(t.Context(), store.Txn{Guards: []store.Guard{{Key: "a"}}})
	wantErr(t, "a guard that fails, and no change", err, store.ErrConflict)
	if next := put(t, s, "a", "1"); next <= rev {
		t.Errorf("a put of the same value took revision %d, want one after %d", next, rev)
	}
}

// testCounter has writers add to one counter, each add guarded on what it read. Every add that
// is acknowledged counts once.
func testCounter(t *testing.T, h Harness) {
	s := open(t, h)
	const writers, adds = 8, 25
	var wg sync.WaitGroup
	var mu sync.Mutex
	seen := make(map[store.Revision]bool)
	for range writers {
		wg.Go(func() {
			for done := 0; done < adds; {
				rev, err := add(t.Context(), s)
				if errors.Is(err, store.ErrConflict) {
					continue
				}
				if err != nil {
					t.Errorf("add: %v", err)
					return
				}
				done++
				mu.Lock()
				if seen[rev] {
					t.Errorf("two commits took revision %d", rev)
				}
				seen[rev] = true
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if item, _ := get(t, s, "counter"); string(item.Value) != strconv.Itoa(writers*adds) {
		t.Errorf("the counter is %s after %d adds", item.Value, writers*adds)
	}
}

func add(ctx context.Context, s store.Store) (store.Revision, error) {
	v, err := s.View(ctx)
	if err != nil {
		return 0, err
	}
	defer v.Close()
	item, err := v.Get(ctx, "counter")
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return 0, err
	}
	n := 0
	if err == nil {
		if n, err = strconv.Atoi(string(item.Value)); err != nil {
			return 0, err
		}
	}
	return s.Commit(ctx, store.Txn{
		Guards: []store.Guard{{Key: "counter", Revision: item.Revision}},
		Puts:   []store.Put{{Key: "counter", Value: []byte(strconv.Itoa(n + 1))}},
	})
}

// testReadOwnWrites checks that a view holds every commit that returned before it was taken, and
// never a part of one, while others commit.
func testReadOwnWrites(t *testing.T, h Harness) {
	s := open(t, h)
	var wg sync.WaitGroup
	for w := range 6 {
		wg.Go(func() {
			left, right := fmt.Sprint("left", w), fmt.Sprint("right", w)
			for i := range 20 {
				value := []byte(strconv.Itoa(i))
				rev, err := s.Commit(t.Context(), store.Txn{Puts: []store.Put{{Key: left, Value: value}, {Key: right, Value: value}}})
				if err != nil {
					t.Errorf("commit: %v", err)
					return
				}
				v, err := s.View(t.Context())
				if err != nil {
					t.Errorf("view: %v", err)
					return
				}
				a, errA := v.Get(t.Context(), left)
				b, errB := v.Get(t.Context(), right)
				if errA != nil || errB != nil || !bytes.Equal(a.Value, value) || !bytes.Equal(b.Value, value) ||
					a.Revision != rev || b.Revision != rev || v.Revision() < rev {
					t.Errorf("after commit %d of %s: %+v %v, %+v %v in the view of %d", rev, value, a, errA, b, errB, v.Revision())
				}
				_ = v.Close()
			}
		})
	}
	wg.Wait()
}
