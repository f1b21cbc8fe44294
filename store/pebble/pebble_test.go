package pebble

import (
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"parley/internal/testnet"
	"parley/store"
	"parley/store/storetest"
)

// checkLeak fails the test when it leaves goroutines of this package or of Pebble behind.
func checkLeak(t *testing.T) {
	t.Helper()
	t.Cleanup(func() {
		var left string
		for range 100_000 {
			if left = ours(); left == "" {
				return
			}
			runtime.Gosched()
		}
		t.Errorf("goroutines left behind:\n%s", left)
	})
}

// ours returns the stacks of goroutines of this package or of Pebble, but for the caller's.
func ours() string {
	buf := make([]byte, 1<<20)
	buf = buf[:runtime.Stack(buf, true)]
	var left []string
	for i, stack := range strings.Split(string(buf), "\n\n") {
		if i > 0 && (strings.Contains(stack, "parley/store/pebble.(") || strings.Contains(stack, "cockroachdb/pebble")) {
			left = append(left, stack)
		}
	}
	return strings.Join(left, "\n\n")
}

// forget makes the store forget all but its newest revision for Watch.
func forget(t *testing.T, s store.Store) {
	p := s.(*Store)
	p.mu.Lock()
	p.past.maxRevisions = 1
	p.mu.Unlock()
	for range 3 {
		if _, err := s.Commit(t.Context(), store.Txn{Puts: []store.Put{{Key: "filler"}}}); err != nil {
			t.Errorf("commit: %v", err)
		}
	}
}

// TestInVirtualTime runs a store in a bubble of virtual time, where nothing may tick or stay.
func TestInVirtualTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, err := openTest(testnet.NewDisk())
		if err != nil {
			t.Fatal(err)
		}
		w := newWorkload(1, 3, 25)
		if err := w.run(t, s); err != nil {
			t.Error(err)
		}
		time.Sleep(24 * time.Hour)
		if err := w.check(t, s, w.acknowledged()); err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestConformanceMemory(t *testing.T) {
	checkLeak(t)
	storetest.Run(t, func(t *testing.T) storetest.Harness {
		fs := testnet.NewDisk()
		var last *Store
		return storetest.Harness{
			Open: func() (store.Store, error) {
				s, err := Open(Config{Dir: "store", FS: fs, MemTableBytes: 64 << 10})
				last = s
				return s, err
			},
			Crash: func() {
				crashed := fs.Crash(0, nil)
				if err := last.Close(); err != nil {
					t.Errorf("close: %v", err)
				}
				fs = crashed
			},
			OldRevision: func(s store.Store) { forget(t, s) },
		}
	})
}

func TestConformanceDisk(t *testing.T) {
	checkLeak(t)
	storetest.Run(t, func(t *testing.T) storetest.Harness {
		dir := t.TempDir()
		return storetest.Harness{
			Open:        func() (store.Store, error) { return Open(Config{Dir: dir}) },
			OldRevision: func(s store.Store) { forget(t, s) },
		}
	})
}
