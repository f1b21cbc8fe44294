package node

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"parley/agreement"
	"parley/store"
	"parley/store/pebble"
)

// benchPair returns two nodes on the real disk and real loopback connections.
func benchPair(b *testing.B) (red, blue *running) {
	b.Helper()
	x, y := newKeys(b), newKeys(b)
	note := agree(b, x, y, func(t *agreement.Terms) { t.Profile = agreement.Bulk })
	la, lb := listen(b), listen(b)
	red = start(b, "red", x, note, nodeOptions{fs: vfs.Default, dir: b.TempDir(), listener: la, peerAddress: lb.Addr().String()})
	blue = start(b, "blue", y, note, nodeOptions{fs: vfs.Default, dir: b.TempDir(), listener: lb, peerAddress: la.Addr().String()})
	confirmed(b, red, blue)
	return red, blue
}

// place spreads notices over the earth so that few come near each other.
func place(i int) (lon, lat float64) { return float64(i%719)/2 - 179.5, float64(i/719%240)/2 - 60 }

// BenchmarkDurableCommit is the bare cost of one fsynced commit of 1 KB: what the other figures of
// this file stand beside.
func BenchmarkDurableCommit(b *testing.B) {
	st, err := pebble.Open(pebble.Config{Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	defer st.Close()
	value := make([]byte, 1024)
	i := 0
	for b.Loop() {
		i++
		if _, err := st.Commit(b.Context(), store.Txn{Puts: []store.Put{{Key: fmt.Sprintf("k%d", i), Value: value}}}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkNoticeToReceipt is one officer who files and waits for the other node's receipt.
func BenchmarkNoticeToReceipt(b *testing.B) {
	red, _ := benchPair(b)
	ctx := b.Context()
	var took []time.Duration
	i := 0
	for b.Loop() {
		i++
		lon, lat := place(i)
		from := time.Now()
		seq := red.LastEvent()
		f, err := red.File(ctx, duty, "", flight(fmt.Sprintf("red-%d", i), lon, lat, 30*time.Hour, time.Hour), false)
		if err != nil {
			b.Fatal(err)
		}
		for range red.Events(ctx, seq) {
			if v, _ := red.Notice(ctx, "", "red", f.Notice.ID); v.Delivered != nil {
				break
			}
		}
		took = append(took, time.Since(from))
	}
	report(b, took)
}

// BenchmarkFile is many officers at once; each notice counts when the other node has receipted it.
func BenchmarkFile(b *testing.B) {
	for _, filers := range []int{1, 64} {
		b.Run(fmt.Sprintf("filers=%d", filers), func(b *testing.B) { benchFile(b, filers) })
	}
}

func benchFile(b *testing.B, filers int) {
	red, _ := benchPair(b)
	ctx := b.Context()
	var next atomic.Int64
	var wg sync.WaitGroup
	b.ResetTimer()
	for range filers {
		wg.Go(func() {
			for {
				i := int(next.Add(1))
				if i > b.N {
					return
				}
				lon, lat := place(i)
				if _, err := red.File(ctx, duty, "", flight(fmt.Sprintf("red-%d", i), lon, lat, 30*time.Hour+time.Duration(i/100_000)*3*time.Hour, time.Hour), false); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	for {
		l, err := red.Line(ctx, "")
		if err != nil {
			b.Fatal(err)
		}
		if l.Undelivered == 0 {
			break
		}
		runtime.Gosched()
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "receipted/s")
}
