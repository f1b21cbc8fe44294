package line

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"parley/transcript"
)

// loopback is two lines over real TLS on the loopback interface; a dials.
func loopback(t testing.TB) (a, b *fakeLedger) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	a, b = newFakeLedger(transcript.A), newFakeLedger(transcript.B)
	make := func(f *fakeLedger, address string) *Line {
		l, err := New(Config{
			LineID: testLine, Side: f.side, Ledger: f, Key: testKey(string(f.side)),
			PeerKeys: pins(testKey(string(f.side.Other()))), PeerAddress: address,
			Dial: (&net.Dialer{}).DialContext, Rand: rand.Reader,
		})
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	la, lb := make(a, listener.Addr().String()), make(b, "")
	server, err := NewServer(ServerConfig{Listener: listener, Key: testKey("b")}, lb)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	for _, run := range []func(context.Context) error{la.Run, lb.Run, server.Run} {
		wg.Go(func() { run(ctx) })
	}
	t.Cleanup(func() { cancel(); wg.Wait() })
	return a, b
}

// receipted waits until f has receipts for n entries.
func receipted(t testing.TB, f *fakeLedger, n int64) {
	for {
		changed := f.Changed()
		if _, _, rec := f.sizes(); rec >= n {
			return
		}
		select {
		case <-changed:
		case <-time.After(10 * time.Second):
			t.Fatalf("%s has no receipt for %d entries", f.side, n)
		}
	}
}

func TestLoopback(t *testing.T) {
	a, b := loopback(t)
	for i := range 20 {
		n := a.append(i%5 == 0, entryOf(fmt.Sprint("a", i), 1000*i))
		receipted(t, a, n+1)
		n = b.append(i%5 == 0, entryOf(fmt.Sprint("b", i), 1000*i))
		receipted(t, b, n+1)
	}
	n := a.append(false, entryOf("large", 4<<20))
	m := b.append(false, entryOf("large", 4<<20))
	receipted(t, a, n+1)
	receipted(t, b, m+1)
}

// BenchmarkExchange is the cost of the transport alone: one entry of 1 KB from Append to the receipt
// at its author, over real TLS, with ledgers in memory.
func BenchmarkExchange(b *testing.B) {
	for _, from := range []transcript.Side{transcript.A, transcript.B} {
		b.Run(map[transcript.Side]string{transcript.A: "loopback/from-dialer", transcript.B: "loopback/from-dialed"}[from], func(b *testing.B) {
			fa, fb := loopback(b)
			f := fa
			if from == transcript.B {
				f = fb
			}
			var took []time.Duration
			for b.Loop() {
				start := time.Now()
				receipted(b, f, f.append(false, entryOf("entry", 1000))+1)
				took = append(took, time.Since(start))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Nanoseconds()), "p50-ns")
			b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds()), "p99-ns")
		})
	}
}
