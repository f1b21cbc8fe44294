package node

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"parley/internal/clock"
	"parley/internal/testnet"
)

// crashPoint is one moment of a run: both disks as a crash of the first node, or of both, leaves
// them, and what had been acknowledged by then.
type crashPoint struct {
	what  string
	disks [2]*testnet.Disk
	acked [2][]acked
	after time.Duration // since the run began
}

// crasher takes crash points before writes of either node: of all writes the same share.
type crasher struct {
	w     *world
	began time.Time
	most  int // how many points are kept; 0: all

	mu     sync.Mutex
	rng    *rand.Rand
	writes int
	points []crashPoint
}

// wrap puts the crasher between a node and its disk.
func (c *crasher) wrap(i int, o *nodeOptions) {
	disk := c.w.ends[i].disk
	o.fs = errorfs.Wrap(disk, errorfs.InjectorFunc(func(op errorfs.Op) error {
		if op.Kind.ReadOrWrite() == errorfs.OpIsWrite && op.Kind != errorfs.OpLock {
			c.crash(i, op)
		}
		return nil
	}))
}

// crash keeps this moment, unless others are kept in its place.
func (c *crasher) crash(who int, op errorfs.Op) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.writes++
	at := len(c.points)
	if c.most > 0 && at == c.most {
		if at = c.rng.IntN(c.writes); at >= c.most {
			return
		}
	}
	percent := []int{0, 50, 100}[c.rng.IntN(3)]
	peer := []int{100, 100, 0}[c.rng.IntN(3)]
	p := crashPoint{after: time.Since(c.began)}
	p.what = fmt.Sprintf("write %d, of %s, operation %d on %s: %d %% of its unsynced kept, %d %% of the other's",
		c.writes, c.w.ends[who].party, op.Kind, op.Path, percent, peer)
	// Nothing is told while the disks are taken: what one was told before, the other holds.
	c.w.net.Freeze(func() {
		for i, e := range c.w.ends {
			p.acked[i] = e.acks()
		}
		p.disks[who] = c.w.ends[who].disk.Crash(percent, c.rng)
		p.disks[1-who] = c.w.ends[1-who].disk.Crash(peer, c.rng)
	})
	if at == len(c.points) {
		c.points = append(c.points, p)
	} else {
		c.points[at] = p
	}
}

// TestCrashAtEveryWrite stops a seeded run of two nodes before its writes, loses what was not synced,
// starts both nodes again and lets them go on. PARLEY_CRASHES says at how many of the writes; 0 is
// all of them.
func TestCrashAtEveryWrite(t *testing.T) {
	seed := seedOf(t)
	most := countOf(t, "PARLEY_CRASHES", 14)
	if testing.Short() {
		most = min(most, 8)
	}
	var k [2]keys
	var note []byte
	c := &crasher{most: most, rng: rand.New(rand.NewPCG(seed, 1))}
	testnet.Run(t, func(t *testing.T) {
		w := newWorld(t, worldOptions{seed: seed, wrap: c.wrap})
		c.w, c.began, note = w, time.Now(), w.note
		k[0], k[1] = w.ends[0].keys, w.ends[1].keys
		w.net.Shape(5*time.Millisecond, 1<<20)
		w.open()
		desks := []*desk{w.ends[0].desk(), w.ends[1].desk()}
		w.work(desks, 30)
		for _, d := range desks {
			d.closing(t.Context())
		}
		w.finish()
	})
	t.Logf("%d crashes at %d writes", len(c.points), c.writes)
	if c.writes < 200 {
		t.Error("too few writes to mean anything")
	}
	for _, p := range c.points {
		if !t.Run("", func(t *testing.T) { p.recover(t, seed, k, note) }) {
			t.Log(p.what)
		}
	}
}

// recover starts both nodes on what the crash left, in a time that goes on from there.
func (p crashPoint) recover(t *testing.T, seed uint64, k [2]keys, note []byte) {
	testnet.Run(t, func(t *testing.T) {
		later := clock.Shifted{Base: clock.System{}, By: p.after + time.Second}
		w := newWorld(t, worldOptions{seed: seed + 1, keys: k, note: note, disks: p.disks, clocks: [2]clock.Clock{later, later}})
		w.open()
		for i, e := range w.ends {
			e.acked = p.acked[i]
			for _, a := range e.acked {
				if !a.held(e.Node) {
					t.Errorf("%s was acknowledged and is gone", a.what)
				}
			}
		}
		desks := []*desk{w.ends[0].desk(), w.ends[1].desk()}
		for _, d := range desks {
			d.prefix = "after"
			if err := d.file(t.Context()); err != nil {
				t.Errorf("%s files after the crash: %v", d.e.party, err)
			}
		}
		w.work(desks, 3)
		for _, d := range desks {
			d.closing(t.Context())
		}
		w.finish()
	})
}
