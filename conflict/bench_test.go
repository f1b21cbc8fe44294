package conflict

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/geo4d"
)

// traffic is a continent's traffic of one day, from a fixed seed: 70 % round 50 cities, the rest
// spread; circles of 50 m to 5 km and polygons of 4 to 12 corners, one in 2,000 of them 100 km wide;
// bands from the ground to 120 m and up to 10 km; 5 minutes to 4 hours.
func traffic(n int, seed uint64) []*Item {
	rng := rand.New(rand.NewPCG(seed, 7))
	spread := func() geo4d.Position {
		return geo4d.Position{LonDeg: rng.Float64()*50 - 10, LatDeg: 35 + rng.Float64()*25}
	}
	cities := make([]geo4d.Position, 50)
	for i := range cities {
		cities[i] = spread()
	}
	out := make([]*Item, n)
	for i := range out {
		p := spread()
		if rng.IntN(10) < 7 {
			p, _ = geo4d.Direct(cities[rng.IntN(50)], rng.Float64()*360, cityM*math.Hypot(rng.NormFloat64(), rng.NormFloat64()))
		}
		out[i] = plan(rng, fmt.Sprintf("v%07d", i), p)
	}
	return out
}

// cityM is how far the plans of a city lie from its middle, as a standard deviation on each axis.
const cityM = 25e3

func plan(rng *rand.Rand, id string, p geo4d.Position) *Item {
	size := 50 * float64(rng.IntN(100)+1)
	if rng.IntN(2000) == 0 {
		size = 50e3
	}
	v := geo4d.Volume{Shape: geo4d.Circle{Center: p, RadiusM: size}}
	if rng.IntN(2) == 0 {
		var ring []geo4d.Position
		k := 4 + rng.IntN(9)
		for j := range k {
			q, _ := geo4d.Direct(p, float64(j)*360/float64(k), size*(0.4+0.6*rng.Float64()))
			ring = append(ring, q)
		}
		v.Shape = geo4d.Polygon{Rings: [][]geo4d.Position{append(ring, ring[0])}}
	}
	v.Window.Start = day.Add(time.Duration(rng.IntN(24*3600)) * time.Second)
	v.Window.End = v.Window.Start.Add(time.Duration(300+rng.IntN(4*3600-300)) * time.Second)
	lo, hi := 0.0, 120.0
	if rng.IntN(2) == 0 {
		lo = rng.Float64() * 9000
		hi = lo + 20 + rng.Float64()*1000
	}
	v.Band.Lower = &geo4d.Altitude{Value: lo, Unit: geo4d.Metres, Reference: geo4d.W84}
	v.Band.Upper = &geo4d.Altitude{Value: hi, Unit: geo4d.Metres, Reference: geo4d.W84}
	return &Item{ID: id, Volumes: []geo4d.Volume{v}, Class: "small"}
}

// strangers are items like n of those given, under other IDs.
func strangers(items []*Item, n int) []*Item {
	rng := rand.New(rand.NewPCG(5, 5))
	out := make([]*Item, n)
	for i := range out {
		it := *items[rng.IntN(len(items))]
		it.ID = fmt.Sprint("q", i)
		out[i] = &it
	}
	return out
}

func loaded(items []*Item) *Index {
	x := New(Config{Separation: small})
	for _, it := range items {
		x.Put(it)
	}
	return x
}

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
			asked := strangers(items, min(n, 100_000))
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
	wide := plan(rand.New(rand.NewPCG(1, 1)), "wide", geo4d.Position{})
	var ring []geo4d.Position
	for k := range 12 {
		p, _ := geo4d.Direct(geo4d.Position{LonDeg: 10, LatDeg: 48}, float64(k)*30, 500e3)
		ring = append(ring, p)
	}
	wide.Volumes[0].Shape = geo4d.Polygon{Rings: [][]geo4d.Position{append(ring, ring[0])}}
	ask(fmt.Sprintf("volumes=%d/width_km=1000", n), loaded(traffic(n, 1)), wide)

	rng := rand.New(rand.NewPCG(9, 9))
	city := make([]*Item, n)
	for i := range city {
		p, _ := geo4d.Direct(geo4d.Position{LonDeg: 10, LatDeg: 48}, rng.Float64()*360, cityM*math.Hypot(rng.NormFloat64(), rng.NormFloat64()))
		city[i] = plan(rng, fmt.Sprintf("v%07d", i), p)
	}
	ask(fmt.Sprintf("volumes=%d/cities=1", n), loaded(city), strangers(city, 1)[0])
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
