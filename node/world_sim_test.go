package node

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley/agreement"
	"parley/internal/clock"
	"parley/internal/testnet"
)

// seedOf returns the seed in PARLEY_SEED, or a new one, and prints it.
func seedOf(t *testing.T) uint64 {
	t.Helper()
	seed := rand.Uint64()
	if s := os.Getenv("PARLEY_SEED"); s != "" {
		var err error
		if seed, err = strconv.ParseUint(s, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("seed: PARLEY_SEED=%d", seed)
	return seed
}

// countOf returns a number from the environment, or the one that stands in for it.
func countOf(t *testing.T, name string, otherwise int) int {
	t.Helper()
	s := os.Getenv(name)
	if s == "" {
		return otherwise
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// world is two nodes on one network in virtual time. Side a is red, side b is blue.
type world struct {
	t    *testing.T
	seed uint64
	net  *testnet.Network
	note []byte
	ends [2]*end

	places Gazetteer

	restored bool   // a node lost what only it knew: when it held what it has again
	lost     string // a call that its author lost after it was told ahead
}

// end is one party's node with what outlives it.
type end struct {
	w      *world
	i      int
	party  string
	keys   keys
	disk   *testnet.Disk
	clock  clock.Clock
	accept bool // whether it can be dialed
	wrap   func(o *nodeOptions)
	*running

	follower follower

	mu    sync.Mutex
	acked []acked
}

// acked is what a node acknowledged to an officer.
type acked struct {
	what string
	held func(n *Node) bool // whether a node, of either party, holds it
}

type worldOptions struct {
	seed   uint64
	keys   [2]keys
	disks  [2]*testnet.Disk // nil: new
	change func(*agreement.Terms)
	note   []byte // nil: a new agreement
	clocks [2]clock.Clock
	reach  int // which ends can be dialed: 0 both, 1 a alone, 2 b alone
	wrap   func(i int, o *nodeOptions)
	at     time.Time // when it begins, after the bubble's 2000-01-01; zero: at once
	places Gazetteer // nil: positions are not said in words
}

// newWorld makes a world without starting a node. It runs inside a bubble.
func newWorld(t *testing.T, o worldOptions) *world {
	t.Helper()
	if !o.at.IsZero() {
		time.Sleep(time.Until(o.at))
	}
	w := &world{t: t, seed: o.seed, net: testnet.New(), note: o.note, places: o.places}
	for i, party := range []string{"red", "blue"} {
		e := &end{w: w, i: i, party: party, keys: o.keys[i], disk: o.disks[i], clock: o.clocks[i], accept: o.reach == 0 || o.reach == i+1}
		if e.keys.party == nil {
			e.keys = newKeys(t)
		}
		if e.disk == nil {
			e.disk = testnet.NewDisk()
		}
		if o.wrap != nil {
			e.wrap = func(no *nodeOptions) { o.wrap(i, no) }
		}
		w.ends[i] = e
	}
	if w.note == nil {
		w.note = agree(t, w.ends[0].keys, w.ends[1].keys, o.change)
	}
	return w
}

// open starts both nodes and waits until both may sign.
func (w *world) open() {
	w.t.Helper()
	for _, e := range w.ends {
		e.open()
	}
	w.within(2*time.Minute, "both may sign", func() string { return w.unready() })
}

// open starts the node on its disk.
func (e *end) open() {
	e.w.t.Helper()
	peer := e.w.ends[1-e.i]
	o := nodeOptions{fs: e.disk, clock: e.clock, memTable: 64 << 10, dial: e.w.net.Dialer(e.party), places: e.w.places}
	if e.accept {
		o.listener = e.w.net.Listen(e.party + ":1")
	}
	if peer.accept {
		o.peerAddress = peer.party + ":1"
	}
	if e.wrap != nil {
		e.wrap(&o)
	}
	e.running = start(e.w.t, e.party, e.keys, e.w.note, o)
}

func (e *end) other() *end { return e.w.ends[1-e.i] }

// halt stops the node; what it acknowledged stays to be answered for.
func (e *end) halt() {
	e.w.t.Helper()
	if err := e.stop(); err != nil {
		e.w.t.Fatalf("%s: %v", e.party, err)
	}
}

// crash ends the node as a loss of power does: of what was not synced so many percent is on its disk
// when it is opened again. What it told anyone before is durable.
func (e *end) crash(percent int) {
	e.w.t.Helper()
	e.w.net.SetCut(true)
	left := e.disk.Crash(percent, rand.New(rand.NewPCG(e.w.seed, uint64(percent))))
	e.halt()
	e.disk = left
	e.w.net.SetCut(false)
}

// at waits in virtual time until a time of day, of the day that the world is in, and until all that
// this brings about has come to rest.
func (w *world) at(clock string) time.Time {
	w.t.Helper()
	of, err := time.Parse("15:04:05", clock)
	if err != nil {
		w.t.Fatal(err)
	}
	then := time.Now().UTC().Truncate(day).Add(of.Sub(of.Truncate(day)))
	if d := time.Until(then); d < 0 {
		w.t.Fatalf("it is past %s: %s", clock, time.Now().UTC().Format(time.RFC3339Nano))
	}
	time.Sleep(time.Until(then))
	synctest.Wait()
	return then
}

// ack notes that the node acknowledged something.
func (e *end) ack(what string, held func(n *Node) bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.acked = append(e.acked, acked{e.party + ": " + what, held})
}

func (e *end) acks() []acked {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]acked(nil), e.acked...)
}

// unready says who may not sign yet or has no line.
func (w *world) unready() string {
	for _, e := range w.ends {
		l, err := e.Line(w.t.Context(), "")
		if err != nil || !l.Confirmed || l.State != "up" && l.State != "suspended" && l.State != "disputed" {
			return fmt.Sprintf("%s: %v, confirmed %t, %s", e.party, err, l.Confirmed, l.State)
		}
	}
	return ""
}

// within waits in virtual time, at most d, until wrong returns nothing.
func (w *world) within(d time.Duration, what string, wrong func() string) time.Duration {
	w.t.Helper()
	began := time.Now()
	for {
		synctest.Wait()
		why := wrong()
		if why == "" {
			for _, e := range w.ends {
				e.follow()
			}
			return time.Since(began)
		}
		if time.Since(began) > d {
			w.t.Fatalf("not within %v: %s: %s", d, what, why)
		}
		time.Sleep(max(d/1000, 10*time.Millisecond))
	}
}

// is adapts a condition to within.
func is(ok func() bool) func() string {
	return func() string {
		if ok() {
			return ""
		}
		return "not yet"
	}
}

// settled says what is not receipted yet or differs between the two pictures.
func (w *world) settled() string {
	for _, e := range w.ends {
		l, err := e.Line(w.t.Context(), "")
		if err != nil {
			return err.Error()
		}
		if l.Undelivered != 0 {
			return fmt.Sprintf("%d entries of %s without a receipt, line %s", l.Undelivered, e.party, l.State)
		}
	}
	return w.differ()
}

// finish waits until the two pictures agree, and then checks everything that must hold of the two
// nodes, whatever happened before.
func (w *world) finish() {
	w.t.Helper()
	w.within(10*time.Minute, "settled", w.settled)
	for _, e := range w.ends {
		e.checkHonest()
		for _, n := range w.ends {
			for _, a := range e.acks() {
				if !a.held(n.Node) {
					w.t.Errorf("%s was acknowledged and is not at %s", a.what, n.party)
				}
			}
		}
		e.checkExport()
	}
	w.checkLogs()
}
