package conflict

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"parley/geo4d"
	draw "parley/internal/traffic"
)

// itemsOf makes an item of class "small" of each plan.
func itemsOf(plans ...draw.Plan) []*Item {
	out := make([]*Item, len(plans))
	for i, p := range plans {
		out[i] = &Item{ID: p.ID, Volumes: []geo4d.Volume{p.Volume}, Class: "small"}
	}
	return out
}

// traffic is n plans of a day of a continent's traffic.
func traffic(n int, seed uint64) []*Item { return itemsOf(draw.New(seed).Plans(n)...) }

// queries are n further plans of the same day.
func queries(n int, seed uint64) []*Item { return itemsOf(draw.New(seed).Queries(n)...) }

// strangers are n of the items given, at random, under other IDs.
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

// TestHits: among 100,000 plans a query of the benchmarks finds 0.82, a tenth of what it finds among
// the 1,000,000 for which the traffic was made to give 8.2.
func TestHits(t *testing.T) {
	x := loaded(traffic(100_000, 1))
	asked := queries(50_000, 1)
	hits := 0
	var room []Match
	for _, it := range asked {
		room = x.Matches(it, room[:0])
		hits += len(room)
	}
	if mean := float64(hits) / float64(len(asked)); math.Abs(mean-0.82) > 0.03 {
		t.Errorf("%.3f hits a query", mean)
	}
}
