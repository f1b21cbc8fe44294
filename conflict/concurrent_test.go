package conflict

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"parley/geo4d"
)

func circle(id string, at geo4d.Position, radiusM float64) *Item {
	return &Item{ID: id, Class: "touch", Volumes: []geo4d.Volume{{Shape: geo4d.Circle{Center: at, RadiusM: radiusM}, Window: geo4d.Window{Start: day}}}}
}

// TestAMovingItemIsNeverMissed amends an item to and fro between places that a query reaches, in
// cells and on levels of their own, while others ask.
func TestAMovingItemIsNeverMissed(t *testing.T) {
	x := New(config)
	var versions []*Item
	for i := range 12 {
		at, _ := geo4d.Direct(geo4d.Position{LonDeg: 179.9, LatDeg: 40}, float64(i)*30, 60e3)
		versions = append(versions, circle("mover", at, []float64{100, 3e3, 30e3, 2e6}[i%4]))
		if i%3 == 0 {
			versions[i].Volumes = append(versions[i].Volumes, circle("", geo4d.Position{LonDeg: 5}, 10).Volumes...)
		}
	}
	for i := range 2000 { // so that the cells are full ones
		at, _ := geo4d.Direct(geo4d.Position{LonDeg: 179.9, LatDeg: 40}, float64(i)*0.18, 60e3+float64(i%50)*1e3)
		it := circle(fmt.Sprint("n", i), at, 200)
		it.Class = "none"
		x.Put(it)
	}
	x.Put(versions[0])
	var stop atomic.Bool
	var wg sync.WaitGroup
	wg.Go(func() {
		defer stop.Store(true)
		for i := range 4000 {
			x.Put(versions[i%len(versions)])
		}
	})
	for range 3 {
		wg.Go(func() {
			ask := circle("asker", geo4d.Position{LonDeg: 179.9, LatDeg: 40}, 90e3)
			var room []Match
			for !stop.Load() {
				room = x.Matches(ask, room[:0])
				if len(room) == 0 || room[0].Item.ID != "mover" || len(room) > 1 {
					t.Errorf("the mover was found %d times", len(room))
					return
				}
			}
		})
	}
	wg.Wait()
	for range 3 {
		x.Put(versions[1]) // what waited for a query is taken out
	}
	for i := range x.shards {
		if n := len(x.shards[i].retired); n > 0 {
			t.Errorf("%d versions are kept that nobody looks at", n)
		}
	}
}

// TestOneOfTwoThatEnterSeesTheOther lets items enter at once, with separations from none to more
// than their size, and new classes among them.
func TestOneOfTwoThatEnterSeesTheOther(t *testing.T) {
	sep := func(a, b any) (geo4d.Separation, bool) {
		return geo4d.Separation{LateralM: 1000 * float64(a.(int)*b.(int))}, true
	}
	for round := range 20 {
		x := New(Config{Separation: sep})
		const n = 60
		var items []*Item
		for i := range n {
			at, _ := geo4d.Direct(geo4d.Position{LonDeg: 179.99, LatDeg: 60}, float64(i*37), float64(i*i)*60)
			it := circle(fmt.Sprintf("i%02d", i), at, 500)
			it.Class = i % 8
			items = append(items, it)
		}
		told := make([][]Match, n)
		var wg sync.WaitGroup
		for w := range 6 {
			wg.Go(func() {
				for i := w; i < n; i += 6 {
					told[i], _ = x.Enter(items[i], nil)
				}
			})
		}
		wg.Wait()
		saw := func(i, j int) bool {
			return slices.ContainsFunc(told[i], func(m Match) bool { return m.Item == items[j] })
		}
		for i := range n {
			for _, m := range x.Matches(items[i], nil) {
				j := slices.Index(items, m.Item)
				if saw(i, j) == saw(j, i) {
					t.Fatalf("round %d: %s and %s are too near, and of the two that entered %v and %v saw the other", round, items[i].ID, m.Item.ID, saw(i, j), saw(j, i))
				}
			}
		}
	}
}

func TestWhatIsNotAdmittedIsNotPut(t *testing.T) {
	x := New(config)
	a, b := circle("a", geo4d.Position{LonDeg: 1}, 500), circle("b", geo4d.Position{LonDeg: 1.001}, 500)
	none := func(m []Match) bool { return len(m) == 0 }
	if m, put := x.Enter(a, none); len(m) != 0 || !put {
		t.Fatalf("%v, %v", m, put)
	}
	if m, put := x.Enter(b, none); len(m) != 1 || m[0].Item != a || put {
		t.Fatalf("%v, %v", m, put)
	}
	if x.Len() != 1 || x.Get("b") != nil {
		t.Error("it was put all the same")
	}
}
