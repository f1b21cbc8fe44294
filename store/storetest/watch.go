package storetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"parley/store"
)

func describe(c store.Change) string {
	if c.Deleted {
		return fmt.Sprintf("%d: delete %s", c.Revision, c.Key)
	}
	return fmt.Sprintf("%d: put %s=%s", c.Revision, c.Key, c.Value)
}

func describeAll(changes []store.Change) string {
	var lines []string
	for _, c := range changes {
		lines = append(lines, describe(c))
	}
	return strings.Join(lines, "\n")
}

func testWatch(t *testing.T, h Harness) {
	s := open(t, h)
	first := put(t, s, "a/1", "x")
	second := put(t, s, "b/1", "y")
	third := commit(t, s, store.Txn{
		Puts:    []store.Put{{Key: "a/3", Value: []byte("p")}, {Key: "a/2", Value: []byte("q")}},
		Deletes: []string{"b/1", "a/1", "none"},
	})
	want := []string{
		fmt.Sprintf("%d: put a/1=x", first),
		fmt.Sprintf("%d: put b/1=y", second),
		fmt.Sprintf("%d: put a/3=p\n%[1]d: put a/2=q\n%[1]d: delete b/1\n%[1]d: delete a/1", third),
	}
	tests := []struct {
		prefix string
		after  store.Revision
		n      int
		want   string
	}{
		{"", 0, 6, strings.Join(want, "\n")},
		{"", first, 5, strings.Join(want[1:], "\n")},
		{"", second, 4, want[2]},
		{"a/", first, 3, fmt.Sprintf("%d: put a/3=p\n%[1]d: put a/2=q\n%[1]d: delete a/1", third)},
		{"b/", 0, 2, want[1] + fmt.Sprintf("\n%d: delete b/1", third)},
	}
	for _, tt := range tests {
		if got := describeAll(take(t, s.Watch(t.Context(), tt.prefix, tt.after), tt.n)); got != tt.want {
			t.Errorf("watch of %q after %d:\n%s\nwant:\n%s", tt.prefix, tt.after, got, tt.want)
		}
	}
	got := make(chan store.Change)
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		for c, err := range s.Watch(ctx, "live/", third) {
			if err != nil {
				wantErr(t, "watch", err, context.Canceled)
				return
			}
			for i := range c.Value {
				c.Value[i] = 'Z' // what a watch yields is the caller's
			}
			got <- c
		}
	})
	for i := range 5 {
		put(t, s, "other", "x")
		rev := put(t, s, fmt.Sprintf("live/%d", i), "value")
		if c := <-got; c.Revision != rev || c.Key != fmt.Sprintf("live/%d", i) || c.Deleted {
			t.Errorf("watched %+v, want revision %d", c, rev)
		}
		if item, _ := get(t, s, fmt.Sprintf("live/%d", i)); string(item.Value) != "value" {
			t.Errorf("a watcher changed the store's value to %q", item.Value)
		}
	}
	cancel()
	wg.Wait()
}

// testWatchConcurrent starts watches before, during and after concurrent commits. All see the same
// changes, in one order, and the changes replayed give the store's contents.
func testWatchConcurrent(t *testing.T, h Harness) {
	s := open(t, h)
	const writers, commits = 8, 30
	total := writers * commits * 2
	watches := make([][]store.Change, 6)
	var wg sync.WaitGroup
	watch := func(i int) {
		wg.Go(func() {
			for c, err := range s.Watch(t.Context(), "", 0) {
				if err != nil {
					t.Errorf("watch %d: %v", i, err)
					return
				}
				if watches[i] = append(watches[i], c); len(watches[i]) == total {
					return
				}
			}
		})
	}
	for i := range 3 {
		watch(i)
	}
	var writing sync.WaitGroup
	for w := range writers {
		writing.Go(func() {
			for i := range commits {
				value := []byte(fmt.Sprint(w, ".", i))
				_, err := s.Commit(t.Context(), store.Txn{Puts: []store.Put{
					{Key: fmt.Sprint("own/", w), Value: value}, {Key: "shared", Value: value}}})
				if err != nil {
					t.Errorf("commit: %v", err)
				}
			}
		})
	}
	watch(3)
	watch(4)
	writing.Wait()
	watch(5)
	wg.Wait()
	replayed := make(map[string]string)
	var lastRev store.Revision
	for i, c := range watches[0] {
		if c.Revision < lastRev || i%2 == 0 && c.Revision == lastRev {
			t.Errorf("revision %d after %d", c.Revision, lastRev)
		}
		lastRev = c.Revision
		replayed[c.Key] = string(c.Value)
	}
	for i := range watches {
		if describeAll(watches[i]) != describeAll(watches[0]) {
			t.Errorf("watch %d saw other changes than watch 0", i)
		}
	}
	found := all(t, s)
	for key, value := range found {
		if replayed[key] != value {
			t.Errorf("%q is %q in the store and %q by its changes", key, value, replayed[key])
		}
	}
}

func testWatchCompacted(t *testing.T, h Harness) {
	s := open(t, h)
	put(t, s, "a", "1")
	rev := put(t, s, "a", "2")
	wantErr(t, "watch after a revision to come", last(s.Watch(t.Context(), "", rev+1)), store.ErrCompacted)
	wantErr(t, "watch after a revision below 0", last(s.Watch(t.Context(), "", -1)), store.ErrCompacted)
	if h.OldRevision == nil {
		return
	}
	h.OldRevision(s)
	wantErr(t, "watch after a revision forgotten", last(s.Watch(t.Context(), "", 0)), store.ErrCompacted)
	v := view(t, s) // and start again
	next := put(t, s, "b", "3")
	if c := take(t, s.Watch(t.Context(), "", v.Revision()), 1)[0]; c.Revision != next || c.Key != "b" {
		t.Errorf("watch from the view on: %s", describe(c))
	}
	slow := 0
	for _, err := range s.Watch(t.Context(), "", v.Revision()) {
		if err != nil {
			wantErr(t, "a watch that fell behind", err, store.ErrCompacted)
			return
		}
		if slow++; slow == 1 {
			put(t, s, "c", "4")
			h.OldRevision(s)
		}
	}
}

func testWatchEnds(t *testing.T, h Harness) {
	s := open(t, h)
	rev := put(t, s, "a", "1")
	ctx, cancel := context.WithCancelCause(t.Context())
	var wg sync.WaitGroup
	ready := make(chan struct{}, 2)
	wait := func(ctx context.Context, want error) {
		wg.Go(func() {
			n := 0
			for c, err := range s.Watch(ctx, "", rev-1) {
				if err != nil {
					wantErr(t, "the end of a watch", err, want)
				} else if n++; c.Revision == rev {
					ready <- struct{}{}
				}
			}
			if n != 1 {
				t.Errorf("a watch yields %d changes, want 1", n)
			}
		})
	}
	wait(ctx, context.Canceled)
	wait(t.Context(), store.ErrClosed)
	<-ready
	<-ready
	cancel(errors.New("the caller's cause"))
	if err := s.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	wg.Wait()
}
