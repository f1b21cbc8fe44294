// Package storetest is the conformance suite of store.Store: every implementation passes Run.
package storetest

import (
	"context"
	"errors"
	"iter"
	"testing"

	"parley/store"
)

// Harness opens and crashes one store.
type Harness struct {
	// Open opens the store as the last Close or Crash left it; the first call creates it.
	Open func() (store.Store, error)
	// Crash, where it is not nil, ends the open store as a crash of the machine would: the next
	// Open finds what was durable, and perhaps more. The open store is not used afterwards.
	Crash func()
	// OldRevision, where it is not nil, makes the open store, whose newest revision is given,
	// forget the changes of revision 1 for Watch.
	OldRevision func(s store.Store)
}

// Run checks an implementation. newHarness is called for each test, with an empty place.
func Run(t *testing.T, newHarness func(t *testing.T) Harness) {
	tests := []struct {
		name string
		test func(t *testing.T, h Harness)
	}{
		{"Revisions", testRevisions},
		{"Values", testValues},
		{"Guards", testGuards},
		{"Atomic", testAtomic},
		{"Bounds", testBounds},
		{"Invalid", testInvalid},
		{"NoChange", testNoChange},
		{"Snapshot", testSnapshot},
		{"Scan", testScan},
		{"ScanPages", testScanPages},
		{"Watch", testWatch},
		{"WatchConcurrent", testWatchConcurrent},
		{"WatchCompacted", testWatchCompacted},
		{"WatchEnds", testWatchEnds},
		{"Context", testContext},
		{"ContextInFlight", testContextInFlight},
		{"Close", testClose},
		{"CloseWhileUsed", testCloseWhileUsed},
		{"Counter", testCounter},
		{"ReadOwnWrites", testReadOwnWrites},
		{"Reopen", testReopen},
		{"Crash", testCrash},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { tt.test(t, newHarness(t)) })
	}
	t.Run("Model", func(t *testing.T) { testModel(t, newHarness) })
}

// open opens the store and closes it when the test ends.
func open(t *testing.T, h Harness) store.Store {
	t.Helper()
	s, err := h.Open()
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

func commit(t *testing.T, s store.Store, txn store.Txn) store.Revision {
	t.Helper()
	rev, err := s.Commit(t.Context(), txn)
	if err != nil {
		t.Fatalf("commit: %v", err)
	}
	return rev
}

func put(t *testing.T, s store.Store, key, value string) store.Revision {
	t.Helper()
	return commit(t, s, store.Txn{Puts: []store.Put{{Key: key, Value: []byte(value)}}})
}

func wantErr(t *testing.T, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s: got error %v, want %v", what, got, want)
	}
}

// view opens a view and closes it when the test ends.
func view(t *testing.T, s store.Store) store.View {
	t.Helper()
	v, err := s.View(t.Context())
	if err != nil {
		t.Fatalf("view: %v", err)
	}
	t.Cleanup(func() { _ = v.Close() })
	return v
}

func get(t *testing.T, s store.Store, key string) (store.Item, bool) {
	t.Helper()
	v, err := s.View(t.Context())
	if err != nil {
		t.Fatalf("view: %v", err)
	}
	defer v.Close()
	item, err := v.Get(t.Context(), key)
	if errors.Is(err, store.ErrNotFound) {
		return store.Item{}, false
	}
	if err != nil {
		t.Fatalf("get %q: %v", key, err)
	}
	return item, true
}

func scan(t *testing.T, v store.View, from, to string) []store.Item {
	t.Helper()
	var items []store.Item
	for item, err := range v.Scan(t.Context(), from, to) {
		if err != nil {
			t.Fatalf("scan %q to %q: %v", from, to, err)
		}
		items = append(items, item)
	}
	return items
}

// all returns every key and value of the store.
func all(t *testing.T, s store.Store) map[string]string {
	t.Helper()
	v, err := s.View(t.Context())
	if err != nil {
		t.Fatalf("view: %v", err)
	}
	defer v.Close()
	found := make(map[string]string)
	for _, item := range scan(t, v, "", "") {
		found[item.Key] = string(item.Value)
	}
	return found
}

// take returns the next n changes of a watch that is still running.
func take(t *testing.T, changes iter.Seq2[store.Change, error], n int) []store.Change {
	t.Helper()
	var got []store.Change
	if n == 0 {
		return nil
	}
	for c, err := range changes {
		if err != nil {
			t.Fatalf("watch after %d changes: %v", len(got), err)
		}
		if got = append(got, c); len(got) == n {
			return got
		}
	}
	t.Fatalf("watch ended after %d changes", len(got))
	return nil
}

// last runs a watch to its end and returns the error that ends it.
func last(changes iter.Seq2[store.Change, error]) error {
	var end error
	for _, err := range changes {
		end = err
	}
	return end
}

func cancelled() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}
