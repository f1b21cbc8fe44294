package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"parley/store"
)

func testSnapshot(t *testing.T, h Harness) {
	s := open(t, h)
	put(t, s, "a", "old")
	rev := put(t, s, "b", "old")
	v := view(t, s)
	put(t, s, "a", "new")
	put(t, s, "c", "new")
	commit(t, s, store.Txn{Deletes: []string{"b"}})
	if v.Revision() != rev {
		t.Errorf("the view moved to revision %d, want %d", v.Revision(), rev)
	}
	for _, key := range []string{"a", "b"} {
		if item, err := v.Get(t.Context(), key); err != nil || string(item.Value) != "old" {
			t.Errorf("get %q from the older view: %q, %v", key, item.Value, err)
		}
	}
	_, err := v.Get(t.Context(), "c")
	wantErr(t, "a key created after the view", err, store.ErrNotFound)
	if items := scan(t, v, "", ""); len(items) != 2 {
		t.Errorf("a scan of the older view finds %d items, want 2", len(items))
	}
	if got := all(t, s); len(got) != 2 || got["a"] != "new" || got["c"] != "new" {
		t.Errorf("a new view finds %q", got)
	}
	scanned := 0
	for _, err := range v.Scan(t.Context(), "", "") {
		if err != nil {
			t.Errorf("scan: %v", err)
		}
		scanned++
		put(t, s, fmt.Sprint("d", scanned), "written during the scan")
	}
	if scanned != 2 {
		t.Errorf("a scan with commits between finds %d items, want 2", scanned)
	}
	for range 2 {
		if err := v.Close(); err != nil {
			t.Errorf("close of the view: %v", err)
		}
	}
	_, err = v.Get(t.Context(), "a")
	wantErr(t, "get from a closed view", err, store.ErrClosed)
	for _, err := range v.Scan(t.Context(), "", "") {
		wantErr(t, "scan of a closed view", err, store.ErrClosed)
	}
}

func testScan(t *testing.T, h Harness) {
	s := open(t, h)
	keys := []string{"\x00", "a", "a\x00", "a\x00b", "aa", "ab", "b", "b\xff", "b\xff\xff", "c", "\xfe", "\xff", "\xff\xff"}
	for i := range keys {
		put(t, s, keys[(i*5)%len(keys)], "v") // in another order
	}
	v := view(t, s)
	froms := append([]string{"", "a\x01", "bb", "zz", "\xff\xff\xff"}, keys...)
	for _, from := range froms {
		for _, to := range froms {
			var want, got []string
			for _, key := range keys {
				if from <= key && (to == "" || key < to) {
					want = append(want, key)
				}
			}
			for _, item := range scan(t, v, from, to) {
				got = append(got, item.Key)
			}
			if !slices.Equal(got, want) {
				t.Errorf("scan %q to %q: %q, want %q", from, to, got, want)
			}
		}
	}
	for range v.Scan(t.Context(), "", "") {
		break // the caller may stop
	}
}

func testScanPages(t *testing.T, h Harness) {
	s := open(t, h)
	const n = 3000
	for i := 0; i < n; i += store.MaxTxnOps {
		var txn store.Txn
		for j := i; j < min(n, i+store.MaxTxnOps); j++ {
			txn.Puts = append(txn.Puts, store.Put{Key: fmt.Sprintf("small/%06d", j), Value: []byte{byte(j)}})
		}
		commit(t, s, txn)
	}
	for i := range 6 {
		commit(t, s, store.Txn{Puts: []store.Put{
			{Key: fmt.Sprintf("large/%d", i), Value: bytes.Repeat([]byte{byte(i)}, 400_000)}}})
	}
	v := view(t, s)
	small := scan(t, v, "small/", "small0")
	if len(small) != n {
		t.Fatalf("%d small items, want %d", len(small), n)
	}
	for i, item := range small {
		if item.Key != fmt.Sprintf("small/%06d", i) || !bytes.Equal(item.Value, []byte{byte(i)}) {
			t.Fatalf("item %d is %q: %v", i, item.Key, item.Value)
		}
	}
	large := scan(t, v, "large/", "large0")
	if len(large) != 6 {
		t.Fatalf("%d large items, want 6", len(large))
	}
	for i, item := range large {
		if !bytes.Equal(item.Value, bytes.Repeat([]byte{byte(i)}, 400_000)) {
			t.Errorf("large item %d differs", i)
		}
	}
}

func testContext(t *testing.T, h Harness) {
	s := open(t, h)
	put(t, s, "a", "1")
	v := view(t, s)
	_, err := s.View(cancelled())
	wantErr(t, "view", err, context.Canceled)
	_, err = v.Get(cancelled(), "a")
	wantErr(t, "get", err, context.Canceled)
	_, err = s.Commit(cancelled(), store.Txn{Puts: []store.Put{{Key: "a", Value: []byte("2")}}})
	wantErr(t, "commit", err, context.Canceled)
	wantErr(t, "watch", last(s.Watch(cancelled(), "", 0)), context.Canceled)
	n := 0
	for _, err := range v.Scan(cancelled(), "", "") {
		wantErr(t, "scan", err, context.Canceled)
		n++
	}
	if n != 1 {
		t.Errorf("a cancelled scan yields %d times, want its error once", n)
	}
	if item, _ := get(t, s, "a"); string(item.Value) != "1" {
		t.Errorf("a commit whose context was done before it put %q", item.Value)
	}
}

// testContextInFlight cancels commits at any moment: each is applied whole or not at all, and
// one that returned a revision is.
func testContextInFlight(t *testing.T, h Harness) {
	s := open(t, h)
	const n = 200
	var wg sync.WaitGroup
	acknowledged := make([]bool, n)
	for i := range n {
		ctx, cancel := context.WithCancel(t.Context())
		wg.Go(cancel)
		wg.Go(func() {
			value := make([]byte, 1000)
			_, err := s.Commit(ctx, store.Txn{Puts: []store.Put{
				{Key: fmt.Sprintf("left/%03d", i), Value: value}, {Key: fmt.Sprintf("right/%03d", i), Value: value}}})
			for j := range value {
				value[j] = 0xee // the store reads nothing of it after Commit returned
			}
			acknowledged[i] = err == nil
			if err != nil && !errors.Is(err, context.Canceled) {
				t.Errorf("commit: %v", err)
			}
		})
	}
	wg.Wait()
	commit(t, s, store.Txn{Puts: []store.Put{{Key: "after"}}}) // all before it are done
	v := view(t, s)
	for i := range n {
		left, errL := v.Get(t.Context(), fmt.Sprintf("left/%03d", i))
		right, errR := v.Get(t.Context(), fmt.Sprintf("right/%03d", i))
		if (errL == nil) != (errR == nil) {
			t.Errorf("commit %d is applied in part: %v, %v", i, errL, errR)
		}
		if acknowledged[i] && errL != nil {
			t.Errorf("commit %d is lost: %v", i, errL)
		}
		if errL == nil && (!bytes.Equal(left.Value, make([]byte, 1000)) || !bytes.Equal(right.Value, make([]byte, 1000))) {
			t.Errorf("commit %d: another value than was committed", i)
		}
	}
}

func testClose(t *testing.T, h Harness) {
	s := open(t, h)
	put(t, s, "a", "1")
	v := view(t, s)
	for range 2 {
		if err := s.Close(); err != nil {
			t.Fatalf("close: %v", err)
		}
	}
	_, err := s.View(t.Context())
	wantErr(t, "view", err, store.ErrClosed)
	_, err = v.Get(t.Context(), "a")
	wantErr(t, "get", err, store.ErrClosed)
	for _, err := range v.Scan(t.Context(), "", "") {
		wantErr(t, "scan", err, store.ErrClosed)
	}
	_, err = s.Commit(t.Context(), store.Txn{Puts: []store.Put{{Key: "a"}}})
	wantErr(t, "commit", err, store.ErrClosed)
	wantErr(t, "watch", last(s.Watch(t.Context(), "", 0)), store.ErrClosed)
	if err := v.Close(); err != nil {
		t.Errorf("close of the view: %v", err)
	}
}

// testCloseWhileUsed closes the store under commits, scans and watches: each ends with ErrClosed,
// and what was acknowledged is there afterwards.
func testCloseWhileUsed(t *testing.T, h Harness) {
	s := open(t, h)
	put(t, s, "first", "1")
	var wg sync.WaitGroup
	var mu sync.Mutex
	acknowledged := []string{"first"}
	started := make(chan struct{}, 100)
	for w := range 4 {
		wg.Go(func() {
			for i := 0; ; i++ {
				key := fmt.Sprintf("%d/%06d", w, i)
				_, err := s.Commit(t.Context(), store.Txn{Puts: []store.Put{{Key: key}}})
				if err != nil {
					wantErr(t, "commit", err, store.ErrClosed)
					return
				}
				mu.Lock()
				acknowledged = append(acknowledged, key)
				mu.Unlock()
				select {
				case started <- struct{}{}:
				default:
				}
			}
		})
		wg.Go(func() { wantErr(t, "watch", last(s.Watch(t.Context(), "", 1)), store.ErrClosed) })
		wg.Go(func() {
			for {
				v, err := s.View(t.Context())
				if err != nil {
					wantErr(t, "view", err, store.ErrClosed)
					return
				}
				for _, err := range v.Scan(t.Context(), "", "") {
					if err != nil {
						wantErr(t, "scan", err, store.ErrClosed)
					}
				}
				_ = v.Close()
			}
		})
	}
	for range 20 {
		<-started
	}
	if err := s.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	wg.Wait()
	found := all(t, open(t, h))
	for _, key := range acknowledged {
		if _, ok := found[key]; !ok {
			t.Errorf("%q was acknowledged and is lost", key)
		}
	}
}
