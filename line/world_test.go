package line

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"
	"math/rand"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley/internal/clock"
	"parley/internal/testnet"
	"parley/transcript"
)

// end is one party's node in a test world.
type end struct {
	side   transcript.Side
	key    ed25519.PrivateKey
	ledger *fakeLedger
	line   *Line
	server *Server
	cfg    Config

	accepts  bool
	listener net.Listener // of the first start, so that nobody is refused before it

	mu     sync.Mutex
	events []Event
	stop   func()
}

type options struct {
	addrA, addrB bool // whether that side can be dialed
	shiftB       time.Duration
	cfg          func(side transcript.Side, c *Config)
	net          *testnet.Network
}

// world is two nodes on one network.
type world struct {
	t    *testing.T
	net  *testnet.Network
	a, b *end
}

func testKey(name string) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte(name))
	return ed25519.NewKeyFromSeed(seed[:])
}

func pins(keys ...ed25519.PrivateKey) func() []ed25519.PublicKey {
	return func() []ed25519.PublicKey {
		var out []ed25519.PublicKey
		for _, k := range keys {
			out = append(out, k.Public().(ed25519.PublicKey))
		}
		return out
	}
}

// inWorld runs f in a bubble of virtual time and checks that no goroutine is left behind.
func inWorld(t *testing.T, o options, f func(w *world)) {
	t.Helper()
	testnet.Run(t, func(t *testing.T) {
		w := newWorld(t, o)
		f(w)
		w.a.halt()
		w.b.halt()
	})
}

func newWorld(t *testing.T, o options) *world {
	w := &world{t: t, net: o.net}
	if w.net == nil {
		w.net = testnet.New()
	}
	w.a = w.newEnd(transcript.A, o)
	w.b = w.newEnd(transcript.B, o)
	w.a.start(w)
	w.b.start(w)
	return w
}

func (w *world) newEnd(side transcript.Side, o options) *end {
	e := &end{side: side, key: testKey(string(side)), ledger: newFakeLedger(side)}
	var clk clock.Clock = clock.System{}
	if side == transcript.B && o.shiftB != 0 {
		clk = clock.Shifted{Base: clk, By: o.shiftB}
	}
	e.cfg = Config{
		LineID: testLine, Side: side, Ledger: e.ledger, Key: e.key,
		PeerKeys: pins(testKey(string(side.Other()))),
		Dial:     w.net.Dialer(string(side)), Clock: clk,
		Rand: rand.New(rand.NewSource(int64(side[0]))),
	}
	if side == transcript.A && o.addrB || side == transcript.B && o.addrA {
		e.cfg.PeerAddress = string(side.Other()) + ":1"
	}
	if o.cfg != nil {
		o.cfg(side, &e.cfg)
	}
	if side == transcript.A && o.addrA || side == transcript.B && o.addrB {
		e.accepts, e.listener = true, w.net.Listen(string(side)+":1")
	}
	return e
}

// start runs the end's line and, where it can be dialed, its server.
func (e *end) start(w *world) {
	w.t.Helper()
	l, err := New(e.cfg)
	if err != nil {
		w.t.Fatal(err)
	}
	e.line = l
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	if e.accepts {
		listener := e.listener
		if e.listener = nil; listener == nil {
			listener = w.net.Listen(string(e.side) + ":1")
		}
		e.server, err = NewServer(ServerConfig{Listener: listener, Key: e.key}, l)
		if err != nil {
			w.t.Fatal(err)
		}
		server := e.server
		wg.Go(func() { server.Run(ctx) })
	}
	wg.Go(func() { l.Run(ctx) })
	wg.Go(func() {
		for ev := range l.Changes() {
			e.mu.Lock()
			e.events = append(e.events, ev)
			e.mu.Unlock()
		}
	})
	e.stop = func() { cancel(); wg.Wait() }
}

func (e *end) halt() {
	if e.stop != nil {
		e.stop()
	}
	e.stop = nil
}

func (e *end) seen(kind EventKind) []Event {
	e.mu.Lock()
	defer e.mu.Unlock()
	var out []Event
	for _, ev := range e.events {
		if ev.Kind == kind {
			out = append(out, ev)
		}
	}
	return out
}

// story is an end's events, a line each.
func (e *end) story() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	out := ""
	for _, ev := range e.events {
		out += fmt.Sprintf("%s %s %s: %s %q %q\n", e.side, ev.At.Format("04:05.000"), ev.Kind, ev.Status.State, ev.Status.Cause, ev.Status.Failure)
	}
	return out
}

// within waits in virtual time until ok, at most d, and returns how long it took.
func (w *world) within(d time.Duration, what string, ok func() bool) time.Duration {
	w.t.Helper()
	start := time.Now()
	step := max(time.Millisecond, d/5000)
	for {
		synctest.Wait()
		if ok() {
			return time.Since(start)
		}
		if time.Since(start) > d {
			w.t.Fatalf("not within %v: %s\n a: %+v\n b: %+v", d, what, w.a.line.Status(), w.b.line.Status())
		}
		time.Sleep(step)
	}
}

func (w *world) bothUp() bool {
	return w.a.line.Status().State == Up && w.b.line.Status().State == Up
}

// settled reports whether each holds and has receipts for everything.
func (w *world) settled() bool {
	for _, e := range []*end{w.a, w.b} {
		if own, _, receipted := e.ledger.sizes(); receipted != own {
			return false
		}
	}
	return w.a.ledger.sameAs(w.b.ledger) && w.b.ledger.sameAs(w.a.ledger)
}

// shapes are who can be dialed.
var shapes = map[string]options{
	"both":   {addrA: true, addrB: true},
	"only a": {addrA: true},
	"only b": {addrB: true},
}

func TestEntriesCrossBothWaysAndAreReceipted(t *testing.T) {
	for name, o := range shapes {
		t.Run(name, func(t *testing.T) {
			o.net = nil
			inWorld(t, o, func(w *world) {
				w.net.Shape(20*time.Millisecond, 0)
				w.within(20*time.Second, "up", w.bothUp)
				time.Sleep(25 * time.Second)
				for i := range 5 {
					w.a.ledger.append(false, entryOf(fmt.Sprint("a", i), 100))
					took := w.within(time.Second, "receipt for a", w.settled)
					w.b.ledger.append(false, entryOf(fmt.Sprint("b", i), 100))
					took2 := w.within(time.Second, "receipt for b", w.settled)
					// One way out, one way back; the poll that carries a dialed side's receipt may be
					// half a round trip away.
					if most := 85 * time.Millisecond; took > most || took2 > most {
						t.Errorf("receipts took %v and %v over a link of 40 ms there and back", took, took2)
					}
				}
			})
		})
	}
}
