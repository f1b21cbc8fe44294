package conflict_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"parley/conflict"
	"parley/geo4d"
)

// crowded draws items that all lie within some hundred metres of a place.
type crowded struct {
	*rand.Rand
	at   geo4d.Position
	next int
}

func (c *crowded) item(id string) *conflict.Item {
	near, _ := geo4d.Direct(c.at, c.Float64()*360, 300*c.Float64())
	return &conflict.Item{ID: id, Class: 1, Party: []string{"", "blue", "red"}[c.IntN(3)], Volumes: []geo4d.Volume{{
		Shape: geo4d.Circle{Center: near, RadiusM: 1 + 40*c.Float64()}, Window: c.window()}}}
}

// window is a short one mostly; some last long, some for good.
func (c *crowded) window() geo4d.Window {
	start := noon.Add(time.Duration(c.IntN(24*3600)) * time.Second)
	if c.IntN(3) == 0 {
		start = start.Add(time.Duration(c.IntN(1000)) * time.Millisecond)
	}
	switch c.IntN(20) {
	case 0:
		return geo4d.Window{Start: start}
	case 1:
		return geo4d.Window{Start: start, End: start.Add(time.Duration(c.IntN(40*3600)) * time.Second).Add(1)}
	case 2:
		return geo4d.Window{Start: start, End: start.Add(6*time.Hour + time.Duration(c.IntN(3)-1)*time.Second)}
	}
	return geo4d.Window{Start: start, End: start.Add(time.Duration(1+c.IntN(900_000)) * time.Millisecond)}
}

// asks draws an item to ask about: often its window begins or ends where that of one that is there
// keeps its separation in time, or by a hair does not.
func (c *crowded) asks(all []*conflict.Item) *conflict.Item {
	c.next++
	it := c.item(fmt.Sprint("asks", c.next))
	it.Party = ""
	w := all[c.IntN(len(all))].Volumes[0].Window
	hair := []time.Duration{-time.Second, -1, 0, 1, time.Second}[c.IntN(5)]
	switch keep := separations[1].Time; c.IntN(3) {
	case 0:
		end := w.Start.Add(-keep - hair)
		it.Volumes[0].Window = geo4d.Window{Start: end.Add(-time.Minute), End: end}
	case 1:
		if !w.End.IsZero() {
			start := w.End.Add(keep + hair)
			it.Volumes[0].Window = geo4d.Window{Start: start, End: start.Add(time.Minute)}
		}
	}
	return it
}

// TestThousandsInOneCell fills a cell with many items, changes and removes them at random, and asks
// in between: every one that is there is found, also while the cell grows, shrinks and is put in order.
func TestThousandsInOneCell(t *testing.T) {
	for seed, at := range []geo4d.Position{{LonDeg: 180, LatDeg: 0.001}, {LonDeg: 10, LatDeg: 89.9999}} {
		c := &crowded{Rand: rand.New(rand.NewPCG(uint64(seed), 1)), at: at}
		x, j := conflict.New(byClasses), newJudge(byClasses)
		var all []*conflict.Item
		held := 0
		ask := func() {
			it := c.asks(all)
			want := []hit{}
			for _, o := range all {
				if j.tooNear(&it.Volumes[0], &o.Volumes[0], separations[1], 0) {
					want = append(want, hit{it.ID, o.ID, 0, 0})
				}
			}
			if got := fromMatches(it, x.Matches(it, nil)); !slices.Equal(got, sortedHits(want)) {
				t.Fatalf("seed %d, %d items: %s", seed, len(all), differ(it, all, got, want))
			}
			held += len(want)
		}
		for step := range 4000 {
			switch grow := step < 1400 || step%1300 < 600; {
			case len(all) > 0 && !grow && c.IntN(4) > 0:
				k := c.IntN(len(all))
				if !x.Remove(all[k].ID) {
					t.Fatalf("seed %d: %s was not there", seed, all[k].ID)
				}
				all = slices.Delete(all, k, k+1)
			case len(all) > 0 && c.IntN(6) == 0:
				k := c.IntN(len(all))
				all[k] = c.item(all[k].ID)
				x.Put(all[k])
			default:
				c.next++
				all = append(all, c.item(fmt.Sprint("n", c.next)))
				x.Put(all[len(all)-1])
			}
			if step%25 == 0 || len(all) < 40 && step%5 == 0 {
				ask()
			}
		}
		for len(all) > 1 { // to the last one
			x.Remove(all[0].ID)
			all = all[1:]
			if len(all)%16 == 0 {
				ask()
			}
		}
		if held < 1000 {
			t.Errorf("seed %d: only %d found", seed, held)
		}
	}
}

// TestMoreHitsThanAPairLists has two items whose volumes are all too near each other.
func TestMoreHitsThanAPairLists(t *testing.T) {
	many := func(id string, n int) *conflict.Item {
		it := &conflict.Item{ID: id, Class: 1}
		for i := range n {
			at := geo4d.Position{LonDeg: 180, LatDeg: float64(i) * 1e-6}
			it.Volumes = append(it.Volumes, geo4d.Volume{Shape: geo4d.Circle{Center: at, RadiusM: 10}, Window: geo4d.Window{Start: noon}})
		}
		return it
	}
	a, b := many("a", 40), many("b", 50)
	x := conflict.New(byClasses)
	x.Put(a)
	x.Put(b)
	for _, c := range [][2]*conflict.Item{{a, b}, {b, a}} {
		alone, _ := conflict.Between(c[0], c[1], byClasses)
		pairs := x.Near(c[0])
		if len(pairs) != 1 || len(x.Matches(c[0], nil)) != 2000 {
			t.Fatalf("%d pairs, %d matches", len(pairs), len(x.Matches(c[0], nil)))
		}
		for _, p := range []conflict.Pair{alone, pairs[0]} {
			if p.Total != 2000 || len(p.Hits) != conflict.MaxHits {
				t.Fatalf("%s: %d hits of %d", c[0].ID, len(p.Hits), p.Total)
			}
			for k, h := range p.Hits {
				if h.VolumeA != k/len(c[1].Volumes) || h.VolumeB != k%len(c[1].Volumes) {
					t.Fatalf("%s: hit %d is of volumes %d and %d", c[0].ID, k, h.VolumeA, h.VolumeB)
				}
			}
		}
	}
}
