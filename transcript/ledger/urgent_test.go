package ledger

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"parley/transcript"
)

// urgentBySearch is which own entries of the open epoch cannot wait and have no receipt, found by
// reading all of them.
func (n *node) urgentBySearch() []int64 {
	n.t.Helper()
	epoch, _ := n.ledger.Epoch()
	var out []int64
	for r, err := range n.ledger.Undelivered(n.t.Context(), epoch) {
		if err != nil {
			n.t.Fatal(err)
		}
		if n.ledger.cfg.Urgent(r.Entry.Kind) {
			out = append(out, r.Entry.Seq)
		}
	}
	return out
}

// TestMarksFindWhatCannotWait: after any mix of entries, receipts, restarts, epochs and of runs that set
// no marks, an opened ledger knows exactly the entries that cannot wait and have no receipt.
func TestMarksFindWhatCannotWait(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a, b := pair(t)
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			switch rapid.IntRange(0, 9).Draw(rt, "step") {
			default:
				var ds []transcript.Draft
				for range rapid.IntRange(1, 5).Draw(rt, "entries") {
					ds = append(ds, draft(rapid.SampledFrom([]string{"notice", "notice", "hold", "distress"}).Draw(rt, "kind"), "x"))
				}
				a.append(ds...)
			case 5:
				settle(t, a, b)
			case 6:
				a.stop()
				a = start(t, transcript.A, a.store, a.clock, notRestored)
			case 7: // as a program that sets no marks would leave the store
				a.stop()
				mem := a.store.(*memStore)
				for k := range mem.items {
					if strings.Contains(k, "/urgent") {
						delete(mem.items, k)
					}
				}
				a = start(t, transcript.A, mem, a.clock, notRestored)
			case 9: // a backup put back, and what it lacks taken back
				settle(t, a, b)
				old := a.store.(*memStore).backup()
				a.append(draft("hold", "x"), draft("notice", "y"))
				settle(t, a, b)
				a.stop()
				a = start(t, transcript.A, old, a.clock)
				confirm(t, a, b)
			case 8:
				settle(t, a, b)
				if err := a.ledger.CloseEpoch(t.Context(), "a test"); err != nil {
					t.Fatal(err)
				}
				if _, err := a.ledger.NextEpoch(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
		}
		a.stop()
		a = start(t, transcript.A, a.store, a.clock, notRestored)
		if got, want := a.ledger.urgent, a.urgentBySearch(); !slices.Equal(got, want) {
			rt.Fatalf("urgent are %v, want %v", got, want)
		}
	})
}

// TestOpenDoesNotReadWhatWaits: a ledger with many entries and no receipt opens without reading them.
func TestOpenDoesNotReadWhatWaits(t *testing.T) {
	a := start(t, transcript.A, newMemStore(), newClock(), notRestored)
	for range 200 {
		a.append(draft("notice", "x"))
	}
	a.append(draft("hold", "stop"))
	for range 200 {
		a.append(draft("notice", "y"))
	}
	a.stop()
	mem := a.store.(*memStore)
	lost := 0
	for k := range mem.items { // what Open does not read may as well be gone
		if strings.Contains(k, "/seg/") && !strings.HasSuffix(k, number(401)) {
			if n := strings.TrimPrefix(k[strings.Index(k, "/seg/"):], "/seg/"); n < number(257) {
				delete(mem.items, k)
				lost++
			}
		}
	}
	if lost < 200 {
		t.Fatalf("only %d segments", lost)
	}
	a = start(t, transcript.A, mem, a.clock, notRestored)
	if got := a.ledger.urgent; !slices.Equal(got, []int64{200}) {
		t.Errorf("urgent are %v, want 200", got)
	}
}

// TestRootAt: at every size the root that was signed there, in the open epoch and in the one before.
func TestRootAt(t *testing.T) {
	a, b := pair(t)
	want := map[transcript.Origin]map[int64]transcript.Hash{}
	note := func() {
		for _, h := range []*half{a.ledger.now().own, a.ledger.now().other} {
			if want[h.origin] == nil {
				want[h.origin] = map[int64]transcript.Hash{0: transcript.EmptyRoot()}
			}
			if h.size() > 0 {
				want[h.origin][h.size()] = h.tree.Root()
			}
		}
	}
	say := func(n int) {
		for i := range n {
			a.append(draft("notice", "x"))
			if i%3 == 0 {
				b.append(draft("notice", "y"))
				settle(t, a, b)
			}
			note()
		}
	}
	check := func() {
		t.Helper()
		for o, roots := range want {
			for size, root := range roots {
				got, now, err := a.ledger.RootAt(t.Context(), o, size)
				if err != nil || got != root || now < size {
					t.Errorf("%s at %d of %d: %s, want %s: %v", o, size, now, got, root, err)
				}
			}
			if _, now, err := a.ledger.RootAt(t.Context(), o, 1000); err == nil {
				t.Errorf("%s has a root at 1000 of %d", o, now)
			}
		}
	}
	say(300)
	check()
	settle(t, a, b)
	if err := a.ledger.CloseEpoch(t.Context(), "a test"); err != nil {
		t.Fatal(err)
	}
	if _, err := a.ledger.NextEpoch(t.Context()); err != nil {
		t.Fatal(err)
	}
	note()
	check()
	a.stop()
	a = start(t, transcript.A, a.store, a.clock, notRestored)
	check()
}
