package node

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"runtime"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"parley/internal/clock"
	"parley/node/body"
	"parley/notice"
	"parley/store/pebble"
	"parley/transcript"
)

// drafts returns notices as their author says them: most of a year that is over, the last share of
// them still to come.
func drafts(b *testing.B, from, n, total, live int) []transcript.Draft {
	b.Helper()
	out := make([]transcript.Draft, 0, n)
	for i := from; i < from+n; i++ {
		lon, lat := place(i)
		in := -time.Duration(total-i)*30*time.Second - 2*time.Hour
		if i >= total-live {
			in = 30*time.Hour + time.Duration(i%240)*time.Hour
		}
		f := flight(fmt.Sprintf("red-%d", i), lon, lat, in, time.Hour)
		f.Class, f.Domain, f.Version = notice.SmallUncrewed, notice.Air, 1
		fields, err := notice.Fields(f)
		if err != nil {
			b.Fatal(err)
		}
		d := transcript.Draft{Kind: body.KindNotice}
		for _, x := range fields {
			d.Fields = append(d.Fields, transcript.Field{Name: x.Name, Value: x.Value, Shown: true})
		}
		out = append(out, d)
	}
	return out
}

// BenchmarkStart is how long a node needs from its start to its whole picture: from the picture's
// cache, as it was left at a clean stop, and from the transcripts alone.
func BenchmarkStart(b *testing.B) {
	for _, entries := range []int{100_000, 1_000_000} {
		b.Run(fmt.Sprintf("entries=%d", entries), func(b *testing.B) { benchStart(b, entries, 5_000) })
	}
}

func benchStart(b *testing.B, entries, live int) {
	if testing.Short() {
		b.Skip("makes a large store")
	}
	k, other := newKeys(b), newKeys(b)
	note := agree(b, k, other, nil)
	o := nodeOptions{fs: vfs.Default, dir: b.TempDir(), notRestored: true, noCache: true}
	red := start(b, "red", k, note, o)
	for i := 0; i < entries; i += 1000 {
		if _, err := red.order[0].led.Append(b.Context(), drafts(b, i, 1000, entries, live)...); err != nil {
			b.Fatal(err)
		}
	}
	if err := red.stop(); err != nil {
		b.Fatal(err)
	}
	run := func(b *testing.B, noCache bool) {
		o.noCache = noCache
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		for b.Loop() {
			again := start(b, "red", k, note, o)
			b.StopTimer()
			runtime.GC()
			runtime.ReadMemStats(&after)
			if got := again.order[0].counts[inReal][ownLive]; got != live {
				b.Fatalf("%d live notices, want %d", got, live)
			}
			if err := again.stop(); err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
		}
		b.ReportMetric(float64(entries)*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(1<<20), "heap-MB")
	}
	b.Run("from=transcripts", func(b *testing.B) { run(b, true) })
	o.noCache = false
	if err := start(b, "red", k, note, o).stop(); err != nil { // leaves the cache
		b.Fatal(err)
	}
	b.Run("from=cache", func(b *testing.B) { run(b, false) })
}

// BenchmarkLiveNotice is what one live notice costs: bytes of memory, and the time to take it in
// and compare it.
func BenchmarkLiveNotice(b *testing.B) {
	st, err := pebble.Open(pebble.Config{Dir: "store", FS: vfs.NewMem()})
	if err != nil {
		b.Fatal(err)
	}
	defer st.Close()
	k, other := newKeys(b), newKeys(b)
	n, err := New(context.Background(), Config{Party: "red", Store: st, LineKey: k.line, TLSKey: k.tls,
		Lines: []LineConfig{{Notes: [][]byte{agree(b, k, other, nil)}}}, Clock: clock.System{}, Rand: rand.Reader, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	ln := n.order[0]
	ln.live.Store(true)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	said := saidOf(b, ln, b.N)
	b.ResetTimer()
	for _, s := range said {
		ln.mu.Lock()
		ln.take(s)
		ln.mu.Unlock()
	}
	b.StopTimer()
	clear(said)
	runtime.GC()
	runtime.ReadMemStats(&after) // the emptied list still counts, a small share
	b.ReportMetric(float64(int64(after.HeapAlloc)-int64(before.HeapAlloc))/float64(b.N), "heap-B/notice")
	runtime.KeepAlive(n)
}
