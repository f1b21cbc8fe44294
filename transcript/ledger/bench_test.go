package ledger

import (
	"context"
	"flag"
	"fmt"
	"sync"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"parley/internal/clock"
	"parley/store"
	"parley/store/pebble"
	"parley/transcript"
)

// million adds the size that the aims of the design name. To fill that store takes a minute or
// more and 1.2 GB of disk, so it is asked for.
var million = flag.Bool("ledger.million", false, "open and read a store of 1,000,000 entries too")

func sizes() []int {
	if *million {
		return []int{10_000, 100_000, 1_000_000}
	}
	return []int{10_000, 100_000}
}

// noticeDraft is an entry of about 1 KB with eight disclosures.
func noticeDraft() transcript.Draft {
	d := transcript.Draft{Kind: "notice"}
	for _, name := range []string{"id", "kind", "title", "volumes", "state", "contact", "remarks", "version"} {
		d.Fields = append(d.Fields, transcript.Field{Name: name, Value: jsontext.Value(`"about thirty bytes of a value"`), Shown: true})
	}
	return d
}

func benchStore(b *testing.B, dir string) store.Store {
	s, err := pebble.Open(pebble.Config{Dir: dir})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	return s
}

func benchLedger(b *testing.B, side transcript.Side, s store.Store) *Ledger {
	cfg := testConfig(side, nil)
	cfg.Clock, cfg.NotRestored = clock.System{}, true
	l, err := Open(b.Context(), s, cfg)
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(b.Context())
	var wg sync.WaitGroup
	wg.Go(func() { _ = l.Run(ctx) })
	b.Cleanup(func() { cancel(); wg.Wait() })
	return l
}

// fillLedger appends n entries, as fast as batches go.
func fillLedger(b *testing.B, l *Ledger, n int) {
	d := noticeDraft()
	ds := make([]transcript.Draft, 0, 256)
	for done := 0; done < n; done += len(ds) {
		ds = ds[:0]
		for range min(256, n-done) {
			ds = append(ds, d)
		}
		if _, err := l.Append(b.Context(), ds...); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppend(b *testing.B) {
	for _, writers := range []int{1, 64} {
		b.Run(map[int]string{1: "writers=1", 64: "writers=64"}[writers], func(b *testing.B) {
			l := benchLedger(b, transcript.A, benchStore(b, b.TempDir()))
			d := noticeDraft()
			left := make(chan struct{}, b.N)
			for range b.N {
				left <- struct{}{}
			}
			close(left)
			b.ResetTimer()
			var wg sync.WaitGroup
			for range writers {
				wg.Go(func() {
					for range left {
						if _, err := l.Append(b.Context(), d); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			wg.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "entries/s")
		})
	}
}

func BenchmarkReceive(b *testing.B) {
	from := benchLedger(b, transcript.A, benchStore(b, b.TempDir()))
	to := benchLedger(b, transcript.B, benchStore(b, b.TempDir()))
	fillLedger(b, from, 256*b.N)
	b.ResetTimer()
	for range b.N {
		p, err := from.Parcel(b.Context(), Want{Have: to.Standing().Held, MaxBytes: 256 * 1024})
		if err != nil {
			b.Fatal(err)
		}
		if out, err := to.Receive(b.Context(), p); err != nil || out.Verdict != Taken {
			b.Fatalf("%+v, %v", out, err)
		}
	}
	b.ReportMetric(float64(to.Standing().Held.Size)/b.Elapsed().Seconds(), "entries/s")
}

// benchFilled returns the directory of a store with n entries.
func benchFilled(b *testing.B, n int) string {
	dir := b.TempDir()
	s, err := pebble.Open(pebble.Config{Dir: dir})
	if err != nil {
		b.Fatal(err)
	}
	cfg := testConfig(transcript.A, nil)
	cfg.Clock, cfg.NotRestored = clock.System{}, true
	l, err := Open(b.Context(), s, cfg)
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(b.Context())
	var wg sync.WaitGroup
	wg.Go(func() { _ = l.Run(ctx) })
	fillLedger(b, l, n)
	cancel()
	wg.Wait()
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	return dir
}

// BenchmarkOpenAndRecords opens a store and a ledger and reads every record: what a node does when
// it starts, but for its picture.
func BenchmarkOpenAndRecords(b *testing.B) {
	for _, size := range sizes() {
		dir := benchFilled(b, size)
		b.Run(fmt.Sprintf("entries=%d", size), func(b *testing.B) {
			for b.Loop() {
				openAndRead(b, dir, size)
			}
			b.ReportMetric(float64(size)*float64(b.N)/b.Elapsed().Seconds(), "records/s")
		})
	}
}

func openAndRead(b *testing.B, dir string, size int) {
	s, err := pebble.Open(pebble.Config{Dir: dir})
	if err != nil {
		b.Fatal(err)
	}
	cfg := testConfig(transcript.A, nil)
	cfg.Clock = clock.System{}
	cfg.Urgent = nil // a transcript without receipts would be read twice
	l, err := Open(b.Context(), s, cfg)
	if err != nil {
		b.Fatal(err)
	}
	n := 0
	for r, err := range l.Records(b.Context(), Cursor{}) {
		if err != nil || r.Entry.Kind != "notice" {
			b.Fatal(err)
		}
		n++
	}
	if err := s.Close(); err != nil || n != size {
		b.Fatalf("%d records, %v", n, err)
	}
}
