package line

import (
	"context"
	"crypto/rand"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"parley/store/pebble"
	"parley/transcript"
	"parley/transcript/ledger"
)

// realNode is a ledger on Pebble with a line before it.
type realNode struct {
	ledger *ledger.Ledger
	line   *Line
}

// realPair is two nodes over real TLS on the loopback interface, on real disks; a dials. Neither is
// confirmed by an operator: each asks the other.
func realPair(t testing.TB) (a, b realNode) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	t.Cleanup(func() { cancel(); wg.Wait() })
	node := func(side transcript.Side, address string) realNode {
		s, err := pebble.Open(pebble.Config{Dir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { cancel(); wg.Wait(); _ = s.Close() })
		l, err := ledger.Open(ctx, s, ledger.Config{
			Line: testLine, Side: side, Author: "party-" + string(side), Peer: "party-" + string(side.Other()),
			Agreement: testLine, Key: testKey("line " + string(side)),
			PeerKeys: []transcript.LineKey{{Public: pins(testKey("line " + string(side.Other())))()[0]}},
			Urgent:   func(kind string) bool { return kind == "hold" },
			Rand:     rand.Reader,
		})
		if err != nil {
			t.Fatal(err)
		}
		n, err := New(Config{
			LineID: testLine, Side: side, Ledger: l, Key: testKey(string(side)),
			PeerKeys: pins(testKey(string(side.Other()))), PeerAddress: address,
			Dial: (&net.Dialer{}).DialContext, Rand: rand.Reader,
		})
		if err != nil {
			t.Fatal(err)
		}
		wg.Go(func() { _ = l.Run(ctx) })
		wg.Go(func() { _ = n.Run(ctx) })
		return realNode{l, n}
	}
	a, b = node(transcript.A, listener.Addr().String()), node(transcript.B, "")
	server, err := NewServer(ServerConfig{Listener: listener, Key: testKey("b")}, b.line)
	if err != nil {
		t.Fatal(err)
	}
	wg.Go(func() { _ = server.Run(ctx) })
	for _, n := range []realNode{a, b} {
		n.until(t, "confirmed", func(s ledger.Standing) bool { return s.Confirmed })
	}
	return a, b
}

// until waits for a standing.
func (n realNode) until(t testing.TB, what string, ok func(ledger.Standing) bool) {
	t.Helper()
	late := time.NewTimer(20 * time.Second)
	defer late.Stop()
	for {
		changed := n.ledger.Changed()
		if ok(n.ledger.Standing()) {
			return
		}
		select {
		case <-changed:
		case <-late.C:
			t.Fatalf("never %s: %+v\n%+v", what, n.ledger.Standing(), n.line.Status())
		}
	}
}

func (n realNode) delivered(t testing.TB) {
	t.Helper()
	n.until(t, "delivered", func(s ledger.Standing) bool { return s.Undelivered == 0 })
}

// noticeDraft is an entry of about 1 KB with eight disclosures.
func noticeDraft(kind string) transcript.Draft {
	d := transcript.Draft{Kind: kind}
	for _, name := range []string{"id", "kind", "title", "volumes", "state", "contact", "remarks", "version"} {
		d.Fields = append(d.Fields, transcript.Field{Name: name, Value: jsontext.Value(`"about thirty bytes of a value"`), Shown: true})
	}
	return d
}

func TestRealLedgersOverTheLoopback(t *testing.T) {
	a, b := realPair(t)
	large := transcript.Draft{Kind: "notice", Fields: []transcript.Field{
		{Name: "text", Value: jsontext.Value(`"` + strings.Repeat("x", 2<<20) + `"`), Shown: true}}}
	for i := range 30 {
		for _, n := range []realNode{a, b} {
			d := noticeDraft("notice")
			switch {
			case i%5 == 0:
				d.Kind = "hold"
			case i == 7:
				d = large
			}
			if _, err := n.ledger.Append(t.Context(), d); err != nil {
				t.Fatal(err)
			}
			if i%3 == 0 {
				n.delivered(t)
			}
		}
	}
	a.delivered(t)
	b.delivered(t)
	sa, sb := a.ledger.Standing(), b.ledger.Standing()
	if sa.Own != sb.Held || sb.Own != sa.Held || sa.Own.Size != 30 || sb.Own.Size != 30 || sa.Forked || sb.Forked {
		t.Errorf("a %+v\nb %+v", sa, sb)
	}
	if ahead, err := b.ledger.Ahead(t.Context()); err != nil || len(ahead) != 0 {
		t.Errorf("%d advance copies wait, %v", len(ahead), err)
	}
}

// BenchmarkReceipt is one notice of 1 KB from Append to the receipt at its author, with synced
// commits at both ends, beside the cost of the Append alone.
func BenchmarkReceipt(b *testing.B) {
	for _, name := range []string{"append-only", "from-dialer", "from-dialed"} {
		b.Run(name, func(b *testing.B) {
			na, nb := realPair(b)
			n := na
			if name == "from-dialed" {
				n = nb
			}
			var took []time.Duration
			for b.Loop() {
				if name == "append-only" {
					b.StopTimer()
					n.delivered(b)
					b.StartTimer()
				}
				start := time.Now()
				if _, err := n.ledger.Append(b.Context(), noticeDraft("notice")); err != nil {
					b.Fatal(err)
				}
				if name != "append-only" {
					n.delivered(b)
				}
				took = append(took, time.Since(start))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
		})
	}
}

// BenchmarkFilers is 64 filers at one node: notices a second that the other has receipted.
func BenchmarkFilers(b *testing.B) {
	for _, name := range []string{"from-dialer", "from-dialed"} {
		b.Run(name, func(b *testing.B) {
			na, nb := realPair(b)
			n := na
			if name == "from-dialed" {
				n = nb
			}
			var left atomic.Int64
			left.Store(int64(b.N))
			b.ResetTimer()
			var wg sync.WaitGroup
			for range 64 {
				wg.Go(func() {
					for left.Add(-1) >= 0 {
						if _, err := n.ledger.Append(b.Context(), noticeDraft("notice")); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			wg.Wait()
			n.delivered(b)
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "receipted/s")
		})
	}
}
