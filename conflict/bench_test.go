package conflict

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/geo4d"
	draw "parley/internal/traffic"
)

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// answers measures queries by several goroutines: how many a second, and how long one takes.
func answers(b *testing.B, x *Index, asked []*Item, threads int) {
	var next, hits atomic.Int64
	took := make([][]time.Duration, threads)
	var wg sync.WaitGroup
	b.ResetTimer()
	for w := range threads {
		wg.Go(func() {
			var room []Match
			n := 0
			for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
				it, from := asked[int(i)%len(asked)], time.Now()
				room = x.Matches(it, room[:0])
				took[w] = append(took[w], time.Since(from))
				n += len(room)
			}
			hits.Add(int64(n))
		})
	}
	wg.Wait()
	b.StopTimer()
	all := slices.Concat(took...)
	slices.Sort(all)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "queries/s")
	b.ReportMetric(float64(hits.Load())/float64(b.N), "hits/op")
	b.ReportMetric(float64(all[len(all)/2].Nanoseconds())/1e3, "p50-us")
	b.ReportMetric(float64(all[len(all)*99/100].Nanoseconds())/1e3, "p99-us")
}

// BenchmarkMatches asks an index of many volumes. With -short it leaves ten million out, which take 6 GB.
func BenchmarkMatches(b *testing.B) {
	for _, n := range []int{10_000, 100_000, 1_000_000, 10_000_000} {
		b.Run(fmt.Sprintf("volumes=%d", n), func(b *testing.B) {
			if n > 1_000_000 && testing.Short() {
				b.Skip("takes 6 GB")
			}
			items := traffic(n, 1)
			x := loaded(items)
			asked := queries(min(n, 100_000), 1)
			for _, threads := range []int{1, 2} {
				b.Run(fmt.Sprintf("threads=%d", threads), func(b *testing.B) { answers(b, x, asked, threads) })
			}
			b.Run("threads=1/writers=1", func(b *testing.B) {
				var stop atomic.Bool
				var wg sync.WaitGroup
				wg.Go(func() {
					for i := 0; !stop.Load(); i++ {
						x.Put(items[i%len(items)])
					}
				})
				answers(b, x, asked, 1)
				stop.Store(true)
				wg.Wait()
			})
		})
	}
}

// BenchmarkLoad puts many volumes into an empty index.
func BenchmarkLoad(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000} {
		b.Run(fmt.Sprintf("volumes=%d", n), func(b *testing.B) {
			items := traffic(n, 1)
			before := heap()
			var x *Index
			for b.Loop() {
				x = loaded(items)
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "volumes/s")
			b.ReportMetric(float64(heap()-before)/float64(n), "bytes/volume")
			runtime.KeepAlive(x)
		})
	}
}

// BenchmarkEnter looks and puts as one step: each item replaces one that is there.
func BenchmarkEnter(b *testing.B) {
	const n = 1_000_000
	items := traffic(n, 1)
	x := loaded(items)
	for _, threads := range []int{1, 2} {
		b.Run(fmt.Sprintf("volumes=%d/threads=%d", n, threads), func(b *testing.B) {
			var next atomic.Int64
			var wg sync.WaitGroup
			b.ResetTimer()
			for range threads {
				wg.Go(func() {
					for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
						x.Enter(items[int(i*7919)%n], nil)
					}
				})
			}
			wg.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "entered/s")
		})
	}
}

// BenchmarkWide asks for a plan that is 1,000 km wide, and for what is near one city of a million.
func BenchmarkWide(b *testing.B) {
	const n = 1_000_000
	ask := func(name string, x *Index, it *Item) {
		b.Run(name, func(b *testing.B) {
			hits := 0
			var room []Match
			for b.Loop() {
				room = x.Matches(it, room[:0])
				hits += len(room)
			}
			b.ReportMetric(float64(hits)/float64(b.N), "hits/op")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(hits), "ns/hit")
		})
	}
	ask(fmt.Sprintf("volumes=%d/width_km=1000", n), loaded(traffic(n, 1)), itemsOf(draw.Wide(1000e3))[0])
	ask(fmt.Sprintf("volumes=%d/cities=1", n), loaded(itemsOf(draw.New(1).InOneCity(n)...)), itemsOf(draw.New(1).QueriesInOneCity(1)...)[0])
}

// BenchmarkMixed asks about items of classes whose separations are from 0 to 20 NM.
func BenchmarkMixed(b *testing.B) {
	const n = 100_000
	items := traffic(n, 3)
	for i, it := range items {
		it.Class = []any{"flight", "flight", "convoy", "site"}[i%4]
		if it.Class == "site" {
			it.Volumes[0].Window.End = time.Time{}
			it.Volumes[0].Band = geo4d.Band{}
		}
	}
	x := New(Config{Separation: func(a, b any) (geo4d.Separation, bool) {
		switch {
		case a == "flight" && b == "flight":
			return geo4d.Separation{LateralM: 37_040, VerticalM: 609.6, Time: 10 * time.Minute}, true
		case a == "convoy" && b == "convoy":
			return geo4d.Separation{LateralM: 300, Time: 15 * time.Minute, AnyAltitude: true}, true
		case a == "site" && b == "site":
			return geo4d.Separation{}, false
		}
		return geo4d.Separation{LateralM: 1852, VerticalM: 304.8, Time: 10 * time.Minute}, true
	}})
	for _, it := range items {
		x.Put(it)
	}
	asked := strangers(items, 1000)
	b.Run(fmt.Sprintf("volumes=%d/classes=3", n), func(b *testing.B) {
		hits := 0
		var room []Match
		for i := range b.N {
			room = x.Matches(asked[i%len(asked)], room[:0])
			hits += len(room)
		}
		b.ReportMetric(float64(hits)/float64(b.N), "hits/op")
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(hits), "ns/hit")
	})
}
