package node

import (
	"fmt"
	"testing"
	"time"

	"parley/internal/testnet"
	"parley/node/picture"
	"parley/node/view"
	"parley/notice"
)

// TestConflictsThatAreOverAreLetGo: a line that stands for months keeps no notice in memory whole because it once was
// in a conflict, and goes on saying of each conflict what it was and how it ended.
func TestConflictsThatAreOverAreLetGo(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		const pairs = 3
		w := newWorld(t, worldOptions{seed: 12})
		w.open()
		red, blue := w.ends[0], w.ends[1]
		ids := map[string]string{}
		for i := range pairs {
			lon := 30 + 2*float64(i)
			ids[w.clash(flight(fmt.Sprintf("r-%d", i), lon, 35.4, 20*time.Minute, 10*time.Minute), flight(fmt.Sprintf("b-%d", i), lon, 35.4, 20*time.Minute, 10*time.Minute))] = stateExpired
		}
		apart := w.clash(flight("r-apart", 45, 35.4, 20*time.Minute, 10*time.Minute), flight("b-apart", 45, 35.4, 20*time.Minute, 10*time.Minute))
		blue.amends(flight("b-apart", 50, 35.4, 20*time.Minute, 10*time.Minute))
		ids[apart] = stateSeparated
		w.state(apart, stateSeparated)
		lasting := w.clash(flight("r-live", 55, 35.4, 20*time.Minute, 10*time.Minute), flight("b-live", 55, 35.4, 20*time.Minute, 400*time.Hour))

		time.Sleep(24 * time.Minute)
		for _, e := range w.ends {
			for i := range pairs {
				e.ends(fmt.Sprintf("%s-%d", e.party[:1], i))
			}
			e.ends(e.party[:1] + "-apart")
		}
		red.ends("r-live")
		before := [2]map[string]view.Conflict{}
		w.within(time.Minute, "both know how each ended", func() string { return w.differ() })
		for i, e := range w.ends {
			before[i] = e.conflicts()
		}
		for i := range 24 { // each entry lets a little go
			w.ends[i%2].files(flight(fmt.Sprintf("later-%d", i), -60+float64(i), -40, 20*time.Minute, 10*time.Minute))
		}
		w.within(time.Minute, "both have it all", func() string { return w.differ() })

		for i, e := range w.ends {
			ln := e.order[0]
			ln.mu.RLock()
			for id := range ids {
				if ln.found[id] != nil {
					t.Errorf("%s still keeps conflict %s", e.party, id[:8])
				}
			}
			if ln.found[lasting] == nil {
				t.Errorf("%s let the conflict of a live notice go", e.party)
			}
			for _, of := range w.ends {
				k := picture.Key{Side: of.order[0].side, ID: of.party[:1] + "-0"}
				one, again := ln.pic.Notice(k), ln.pic.Notice(k)
				if one == again { // what is kept as bytes is made anew for whoever asks
					t.Errorf("%s is whole in memory at %s", k.ID, e.party)
				}
			}
			if n := len(ln.foundOf); n != 2 {
				t.Errorf("%s keeps conflicts of %d notices", e.party, n)
			}
			ln.mu.RUnlock()
			after := e.conflicts()
			for id, state := range ids {
				if was, is := before[i][id], after[id]; is.State != state || is.State != was.State || is.A != was.A || is.B != was.B || !is.Found.Equal(was.Found) {
					t.Errorf("%s: conflict %s was\n%+v\nand is\n%+v", e.party, id[:8], was, is)
				}
			}
		}
		w.finish()
	})
}

func (e *end) ends(id string) {
	e.w.t.Helper()
	f, err := e.SetState(e.w.t.Context(), duty, "", id, notice.End, "")
	must(e.w.t, f, err)
}
