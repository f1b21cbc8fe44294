package conflict

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"parley/geo4d"
)

// traffic is a continent's traffic of one day, from a fixed seed: 70 % round 50 cities, the rest
// spread; circles of 50 m to 5 km and polygons of 4 to 12 corners, one in 2,000 100 km wide; bands
// from the ground to 10 km; 5 minutes to 4 hours.
func traffic(n int, seed uint64) []*Item {
	rng := rand.New(rand.NewPCG(seed, 7))
	anywhere := func() geo4d.Position {
		return geo4d.Position{LonDeg: rng.Float64()*50 - 10, LatDeg: 35 + rng.Float64()*25}
	}
	cities := make([]geo4d.Position, 50)
	for i := range cities {
		cities[i] = anywhere()
	}
	out := make([]*Item, n)
	for i := range out {
		p := anywhere()
		if rng.IntN(10) < 7 {
			p, _ = geo4d.Direct(cities[rng.IntN(50)], rng.Float64()*360, 50e3*math.Hypot(rng.NormFloat64(), rng.NormFloat64()))
		}
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
		out[i] = &Item{ID: fmt.Sprintf("v%07d", i), Volumes: []geo4d.Volume{v}, Class: "small"}
	}
	return out
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

func BenchmarkMatches(b *testing.B) {
	for _, n := range []int{10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprintf("volumes=%d", n), func(b *testing.B) {
			items := traffic(n, 1)
			before, from := heap(), time.Now()
			x := loaded(items)
			took := time.Since(from)
			perVolume := float64(heap()-before) / float64(n)
			asked := strangers(items, 10_000)
			hits := 0
			var room []Match
			b.ResetTimer()
			for i := range b.N {
				room = x.Matches(asked[i%len(asked)], room[:0])
				hits += len(room)
			}
			b.ReportMetric(float64(hits)/float64(b.N), "hits/op")
			b.ReportMetric(perVolume, "bytes/volume")
			b.ReportMetric(float64(n)/took.Seconds(), "loaded/s")
		})
	}
}
