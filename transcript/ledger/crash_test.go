package ledger

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"parley/store/pebble"
	"parley/transcript"
)

func (s *told) copy() *told {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := newTold()
	for o, roots := range s.roots {
		c.roots[o] = maps.Clone(roots)
	}
	return c
}

// run is a seeded run of two nodes on crashable disks. Before each write of either it takes both
// disks as a crash of that node would leave them, with what the node had told and acknowledged.
type run struct {
	disks [2]*vfs.MemFS
	nodes [2]*node
	sent  [2]*told

	mu      sync.Mutex
	acked   [2]map[string][]byte
	rng     *rand.Rand
	crashes []crashed
	done    bool
}

type crashed struct {
	who   int
	disks [2]*vfs.MemFS
	sent  [2]*told
	acked map[string][]byte
	when  string
}

// crash keeps what a crash of one node at this moment leaves. What was told is copied before the
// disks are: it must be on them.
func (r *run) crash(who int, op errorfs.Op) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.done || r.disks[1] == nil {
		return
	}
	c := crashed{who: who, acked: maps.Clone(r.acked[who]), sent: [2]*told{r.sent[0].copy(), r.sent[1].copy()}}
	percent := []int{0, 50, 100}[r.rng.IntN(3)]
	c.disks[who] = r.disks[who].CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: percent, RNG: r.rng})
	c.disks[1-who] = r.disks[1-who].CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: 100, RNG: r.rng})
	c.when = fmt.Sprintf("crash %d: node %d before operation %d on %s, %d %% of the unsynced kept", len(r.crashes), who, op.Kind, op.Path, percent)
	r.crashes = append(r.crashes, c)
}

func openDisk(t *testing.T, fs vfs.FS) *pebble.Store {
	t.Helper()
	s, err := pebble.Open(pebble.Config{Dir: "store", FS: fs, MemTableBytes: 64 << 10})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func newRun(t *testing.T, seed uint64) *run {
	r := &run{rng: rand.New(rand.NewPCG(seed, 7)), acked: [2]map[string][]byte{{}, {}}, sent: [2]*told{newTold(), newTold()}}
	c := newClock()
	for i, side := range []transcript.Side{transcript.A, transcript.B} {
		disk := vfs.NewCrashableMem()
		inject := errorfs.InjectorFunc(func(op errorfs.Op) error {
			if op.Kind.ReadOrWrite() == errorfs.OpIsWrite && op.Kind != errorfs.OpLock {
				r.crash(i, op)
			}
			return nil
		})
		s := openDisk(t, errorfs.Wrap(disk, inject))
		r.nodes[i] = start(t, side, s, c, notRestored)
		r.nodes[i].sent = r.sent[i]
		r.mu.Lock()
		r.disks[i] = disk
		r.mu.Unlock()
	}
	return r
}

func (r *run) append(i int, ds ...transcript.Draft) {
	rs := r.nodes[i].append(ds...)
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, rec := range rs {
		r.acked[i][key(rec)] = rec.Bytes
	}
}

// play is the run: entries small and large, both ways, advance copies, heartbeats, a new epoch.
func (r *run) play(t *testing.T, rng *rand.Rand, steps int) {
	for step := range steps {
		i := rng.IntN(2)
		n, peer := r.nodes[i], r.nodes[1-i]
		switch rng.IntN(6) {
		case 0, 1:
			r.append(i, draft("notice", "short"), draft("notice", string(bytes.Repeat([]byte("v"), rng.IntN(30_000)))))
		case 2:
			r.append(i, draft("hold", "stop"))
			for _, a := range n.advances() {
				if err := r.sent[i].parcel(Parcel{Origin: a.Origin, Head: a.Head}); err != nil {
					t.Fatal(err)
				}
				peer.advance(a, either)
			}
		case 3:
			n.clock.add(time.Duration(rng.IntN(70)) * time.Second)
			if err := n.ledger.Heartbeat(t.Context()); err != nil {
				t.Fatal(err)
			}
		default:
			out, err := peer.ledger.Receive(t.Context(), n.parcel(peer, MaxParcelBytes))
			if err != nil || (out.Verdict != Taken && out.Verdict != Old) {
				t.Fatalf("%+v, %v", out, err)
			}
		}
		if step == steps/2 {
			if err := n.ledger.CloseEpoch(t.Context(), "a test"); err != nil {
				t.Fatal(err)
			}
			if _, err := n.ledger.NextEpoch(t.Context()); err != nil {
				t.Fatal(err)
			}
			settle(t, n, peer)
		}
	}
}

// recover opens both disks after a crash, finds what was acknowledged and told, and goes on.
func (c crashed) recover(t *testing.T) {
	clock := newClock()
	clock.add(time.Hour)
	var nodes [2]*node
	for i, side := range []transcript.Side{transcript.A, transcript.B} {
		nodes[i] = start(t, side, openDisk(t, c.disks[i]), clock)
		nodes[i].sent = c.sent[i]
	}
	victim, peer := nodes[c.who], nodes[1-c.who]
	held := map[string][]byte{}
	for _, rec := range victim.all() {
		held[key(rec)] = rec.Bytes
	}
	for k, b := range c.acked {
		if !bytes.Equal(held[k], b) {
			t.Fatalf("%s was acknowledged and is gone", k)
		}
	}
	c.toldIsHeld(t, victim)
	confirm(t, victim, peer)
	confirm(t, peer, victim)
	for _, n := range nodes {
		if n.ledger.Standing().Closed { // the crash came between the end of an epoch and the next
			if _, err := n.ledger.NextEpoch(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		n.append(draft("notice", "after the crash"))
	}
	settle(t, nodes[0], nodes[1])
	epoch, _ := victim.ledger.Epoch()
	for _, n := range nodes {
		if s := n.ledger.Standing(); s.Forked || s.Closed || s.Own.Epoch != epoch || s.Held.Epoch != epoch {
			t.Fatalf("%s stands at %+v", n.side, s)
		}
		n.stop()
	}
}

// toldIsHeld fails unless every head and receipt that left the victim is of what it holds.
func (c crashed) toldIsHeld(t *testing.T, n *node) {
	t.Helper()
	v, err := n.ledger.view(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	for o, roots := range c.sent[c.who].roots {
		tree := transcript.Tree{}
		at := map[int64]transcript.Hash{0: transcript.EmptyRoot()}
		for rec, err := range n.ledger.scan(t.Context(), v, o, 0, sizeIn(t, n, o)) {
			if err != nil {
				t.Fatal(err)
			}
			tree.Append(transcript.RecordHash(rec.Bytes))
			at[tree.Size()] = tree.Root()
		}
		for size, root := range roots {
			if at[size] != root {
				t.Fatalf("a signature for %d entries of %s left and is not durable", size, o)
			}
		}
	}
}

func sizeIn(t *testing.T, n *node, o transcript.Origin) int64 {
	t.Helper()
	v, size, err := n.ledger.sizeOf(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	v.Close()
	return size
}

// TestCrashAtEveryWrite stops a seeded run of two nodes before each write of either, with what was
// not synced lost in whole, in part or not at all.
func TestCrashAtEveryWrite(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := newRun(t, seed)
	r.play(t, rand.New(rand.NewPCG(seed, 9)), 24)
	r.mu.Lock()
	r.done = true
	r.mu.Unlock()
	t.Logf("%d crashes", len(r.crashes))
	if len(r.crashes) < 50 {
		t.Error("too few crashes to mean anything")
	}
	for _, c := range r.crashes {
		if !t.Run("", func(t *testing.T) { c.recover(t) }) {
			t.Log(c.when)
		}
	}
}
