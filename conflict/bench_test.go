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

// benchSizes are how many volumes are measured. With -short ten million are left out, which take 8 GB.
func benchSizes() []int {
	out := []int{10_000, 100_000, 1_000_000}
	if !testing.Short() {
		out = append(out, 10_000_000)
	}
	return out
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// answers measures queries by several goroutines: how many a second, and how long one takes.
func answers(b *testing.B, x *Index, asked []*Item, threads int) {
	var hits atomic.Int64
	took := make([]time.Duration, b.N)
	var wg sync.WaitGroup
	b.ResetTimer()
	for w := range threads {
		wg.Go(func() {
			var room []Match
			n := 0
			for i := w * b.N / threads; i < (w+1)*b.N/threads; i++ {
				from := time.Now()
				room = x.Matches(asked[i%len(asked)], room[:0])
				took[i] = time.Since(from)
				n += len(room)
			}
			hits.Add(int64(n))
		})
	}
	wg.Wait()
	b.StopTimer()
	slices.Sort(took)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "queries/s")
	b.ReportMetric(float64(took[len(took)/2].Nanoseconds())/1e3, "p50-us")
	b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds())/1e3, "p99-us")
	reportHits(b, int(hits.Load()), threads)
}

// reportHits reports how many hits there were in all, and what each cost.
func reportHits(b *testing.B, hits, threads int) {
	b.ReportMetric(float64(hits)/float64(b.N), "hits/op")
	if hits > 0 {
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())*float64(threads)/float64(hits), "ns/hit")
	}
}

// beside runs do over and over beside what is measured, until the function returned is called, which
// returns how often it ran.
func beside(do func(i int)) (stop func() int) {
	var over atomic.Bool
	var wg sync.WaitGroup
	n := 0
	wg.Go(func() {
		for ; !over.Load(); n++ {
			do(n)
		}
	})
	return func() int {
		over.Store(true)
		wg.Wait()
		return n
	}
}

// BenchmarkMatches asks an index of many volumes, with and without a writer at full speed.
func BenchmarkMatches(b *testing.B) {
	for _, n := range benchSizes() {
		b.Run(fmt.Sprintf("volumes=%d", n), func(b *testing.B) {
			items := traffic(n, 1)
			x := loaded(items)
			asked := queries(100_000, 1)
			for _, threads := range []int{1, 2} {
				b.Run(fmt.Sprintf("threads=%d", threads), func(b *testing.B) { answers(b, x, asked, threads) })
			}
			b.Run("threads=1/writers=1", func(b *testing.B) {
				stop := beside(func(i int) { x.Put(items[i%n]) })
				answers(b, x, asked, 1)
				b.ReportMetric(float64(stop())/b.Elapsed().Seconds(), "puts/s")
			})
		})
	}
}

// BenchmarkLoad puts many volumes into an empty index. The bytes are those beside the items.
func BenchmarkLoad(b *testing.B) {
	for _, n := range benchSizes() {
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
			runtime.KeepAlive(items)
		})
	}
}

// BenchmarkEnter looks and puts as one step, with and without a reader: new items, and such that take
// the place of one that lies elsewhere.
func BenchmarkEnter(b *testing.B) {
	for _, n := range benchSizes() {
		b.Run(fmt.Sprintf("volumes=%d", n), func(b *testing.B) {
			items := traffic(n, 1)
			x := loaded(items)
			pool := queries(200_000, 1)
			renamed := func(count int, id func(i int) string) []*Item {
				out := make([]*Item, count)
				for i := range out {
					it := *pool[i%len(pool)]
					it.ID = id(i)
					out[i] = &it
				}
				return out
			}
			fresh := func(b *testing.B, threads int) {
				entered := renamed(b.N, func(i int) string { return fmt.Sprintf("e%08d", i) })
				enterAll(b, x, entered, threads)
				for _, it := range entered {
					x.Remove(it.ID)
				}
			}
			for _, threads := range []int{1, 2} {
				b.Run(fmt.Sprintf("new/threads=%d", threads), func(b *testing.B) { fresh(b, threads) })
			}
			b.Run("new/threads=1/readers=1", func(b *testing.B) {
				var room []Match
				stop := beside(func(i int) { room = x.Matches(pool[i*31%len(pool)], room[:0]) })
				fresh(b, 1)
				stop()
			})
			b.Run("replaced/threads=1", func(b *testing.B) {
				enterAll(b, x, renamed(b.N, func(i int) string { return items[i*7919%n].ID }), 1)
			})
		})
	}
}

func enterAll(b *testing.B, x *Index, items []*Item, threads int) {
	var wg sync.WaitGroup
	b.ResetTimer()
	for w := range threads {
		wg.Go(func() {
			for _, it := range items[w*len(items)/threads : (w+1)*len(items)/threads] {
				x.Enter(it, nil)
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "entered/s")
}

// askAll measures queries one after the other.
func askAll(b *testing.B, x *Index, asked []*Item) {
	hits := 0
	var room []Match
	b.ResetTimer()
	for i := range b.N {
		room = x.Matches(asked[i%len(asked)], room[:0])
		hits += len(room)
	}
	b.StopTimer()
	reportHits(b, hits, 1)
}

// BenchmarkWide asks for a plan that is 1,000 km wide.
func BenchmarkWide(b *testing.B) {
	const n = 1_000_000
	x := loaded(traffic(n, 1))
	b.Run(fmt.Sprintf("volumes=%d/width_km=1000", n), func(b *testing.B) { askAll(b, x, itemsOf(draw.Wide(1000e3))) })
}

// BenchmarkOneCity asks where all volumes are in one city: the more there are, the more a query finds.
func BenchmarkOneCity(b *testing.B) {
	day := draw.New(1)
	asked := itemsOf(day.QueriesInOneCity(10_000)...)
	for _, n := range []int{1000, 3000, 10_000, 30_000, 100_000, 300_000, 1_000_000} {
		b.Run(fmt.Sprintf("volumes=%d", n), func(b *testing.B) {
			x := loaded(itemsOf(day.InOneCity(n)...))
			b.Run("threads=1", func(b *testing.B) { askAll(b, x, asked) })
		})
	}
}

// BenchmarkSeparation asks with ever wider separations: the wider, the more a query finds.
func BenchmarkSeparation(b *testing.B) {
	const n = 1_000_000
	x := New(Config{Separation: func(a, b any) (geo4d.Separation, bool) {
		s, _ := small(a, b)
		for _, class := range []any{a, b} {
			if m, ok := class.(float64); ok {
				s.LateralM = m
			}
		}
		return s, true
	}})
	for _, it := range traffic(n, 1) {
		x.Put(it)
	}
	for _, m := range []float64{50, 500, 1000, 2000, 5000, 10e3, 20e3, 50e3} {
		asked := queries(10_000, 1)
		for _, it := range asked {
			it.Class = m
		}
		b.Run(fmt.Sprintf("volumes=%d/lateral_m=%.0f", n, m), func(b *testing.B) { askAll(b, x, asked) })
	}
}
