package node

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"parley/agreement"
	"parley/internal/testnet"
)

// faults troubles the network and the nodes for some steps.
func (w *world) faults(rng *rand.Rand, desks []*desk) {
	lag := rand.New(rand.NewPCG(w.seed, 3))
	w.net.Lag(func() time.Duration { return time.Duration(lag.IntN(3)*lag.IntN(2000)) * time.Millisecond })
	w.net.Shape(time.Duration(rng.IntN(200))*time.Millisecond, []int{0, 32 << 10, 1 << 20}[rng.IntN(3)])
	for range 10 {
		w.work(desks, 4)
		switch rng.IntN(6) {
		case 0:
			w.net.SetCut(true)
			w.work(desks, rng.IntN(8))
			time.Sleep(time.Duration(rng.IntN(90)) * time.Second)
			w.net.SetCut(false)
		case 1:
			w.net.Reset()
		case 2:
			w.net.Truncate(rng.IntN(20 << 10))
		case 3:
			e := w.ends[rng.IntN(2)]
			e.halt()
			time.Sleep(time.Duration(rng.IntN(5)) * time.Second)
			w.net.SetCut(false)
			e.open()
		case 4:
			w.net.Shape(time.Duration(rng.IntN(1000))*time.Millisecond, 16<<10+rng.IntN(1<<20))
		}
	}
	w.net.Truncate(-1)
	w.net.Lag(nil)
	w.net.Shape(20*time.Millisecond, 0)
}

// work lets both desks work at once.
func (w *world) work(desks []*desk, steps int) {
	var wg sync.WaitGroup
	for _, d := range desks {
		wg.Go(func() {
			for range steps {
				d.step(w.t.Context())
				time.Sleep(time.Duration(d.rng.IntN(20_000)) * time.Millisecond)
			}
		})
	}
	wg.Wait()
}

// TestWorldsAgreeAfterFaults runs pairs of nodes under faults of every kind, from a printed seed;
// PARLEY_WORLDS says how many.
func TestWorldsAgreeAfterFaults(t *testing.T) {
	seed := seedOf(t)
	for i := range countOf(t, "PARLEY_WORLDS", 3) {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			testnet.Run(t, func(t *testing.T) {
				rng := rand.New(rand.NewPCG(seed, uint64(i)))
				w := newWorld(t, worldOptions{seed: seed + uint64(i), reach: rng.IntN(3), change: func(terms *agreement.Terms) {
					if rng.IntN(3) == 0 {
						terms.Parties[rng.IntN(2)].Disclosure.Flight = agreement.Alert
					}
					from := time.Now().UTC().Add(time.Duration(rng.IntN(300)-200) * time.Second)
					terms.Drills = []agreement.Drill{{Start: from, End: from.Add(time.Duration(1+rng.IntN(600)) * time.Second)}}
				}})
				w.open()
				desks := []*desk{w.ends[0].desk(), w.ends[1].desk()}
				w.faults(rng, desks)
				w.within(5*time.Minute, "both may sign", w.unready)
				for _, d := range desks {
					d.closing(t.Context())
				}
				w.finish()
				t.Logf("%d and %d acknowledged, %d notices, %d conflicts", len(w.ends[0].acks()), len(w.ends[1].acks()),
					len(w.ends[0].notices()), len(w.ends[0].conflicts()))
			})
		})
	}
}
