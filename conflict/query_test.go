package conflict

import "testing"

// TestAVersionIsLeftWholeOrNot replaces a version while a query goes over what it found of it: nothing of
// it may be left, neither what was gone over before nor what comes after.
func TestAVersionIsLeftWholeOrNot(t *testing.T) {
	x := New(Config{})
	q := x.begin()
	defer q.done()
	q.s = &stored{more: &several{pieces: make([]piece, 3)}}
	version := func() *stored {
		s := &stored{item: &Item{}}
		s.completed(1)
		return s
	}
	q.active.Store(2)
	stays, goes, gone := version(), version(), version()
	gone.next.Store(&x.nothing)
	for i := range int32(3) {
		for _, s := range []*stored{stays, goes, gone} {
			q.found = append(q.found, found{with: s, volumeA: i})
		}
	}
	told := map[*stored]int{}
	changed := q.drop(func(s *stored) {
		told[s]++
		goes.next.Store(&x.nothing)
	})
	if !changed || told[gone] != 1 || told[goes] != 1 || len(told) != 2 {
		t.Errorf("changed %t, told of %v", changed, told)
	}
	for i, f := range q.found {
		if f.with != stays || f.volumeA != int32(i) {
			t.Errorf("%d: volume %d of another is left", i, f.volumeA)
		}
	}
	if len(q.found) != 3 || q.drop(func(*stored) {}) {
		t.Errorf("%d are left", len(q.found))
	}
}
