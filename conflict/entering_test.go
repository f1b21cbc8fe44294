package conflict_test

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"parley/conflict"
	"parley/geo4d"
)

// The moment in which an item that enters has been looked for and is not yet put is held still here,
// and others act in it.

// letOthersRun gives way until whoever can go on has gone on for a while.
func letOthersRun() {
	for range 3000 {
		runtime.Gosched()
	}
}

func at(lon, lat float64) geo4d.Position { return geo4d.Position{LonDeg: lon, LatDeg: lat} }

func discOf(id string, class int, p geo4d.Position, radiusM float64) *conflict.Item {
	return &conflict.Item{ID: id, Class: class, Volumes: []geo4d.Volume{{
		Shape: geo4d.Circle{Center: p, RadiusM: radiusM}, Window: geo4d.Window{Start: noon}}}}
}

func corridorOf(id string, class int, halfWidthM float64, line ...geo4d.Position) *conflict.Item {
	return &conflict.Item{ID: id, Class: class, Volumes: []geo4d.Volume{{
		Shape: geo4d.Corridor{Line: line, HalfWidthM: halfWidthM}, Window: geo4d.Window{Start: noon}}}}
}

func earthOf(id string) *conflict.Item {
	return &conflict.Item{ID: id, Class: 0, Volumes: []geo4d.Volume{{Shape: geo4d.Earth{}, Window: geo4d.Window{Start: noon}}}}
}

// aside is a place that many metres from another.
func aside(p geo4d.Position, azimuth, metres float64) geo4d.Position {
	q, _ := geo4d.Direct(p, azimuth, metres)
	return q
}

// twoThatAreTooNear are pairs that have nothing in common but that they are too near.
func twoThatAreTooNear() [][2]*conflict.Item {
	out := [][2]*conflict.Item{
		{earthOf("a"), discOf("b", 0, at(12, 34), 1)},
		{discOf("a", 0, at(-179, 80), 2e6), discOf("b", 0, at(20, 85), 1)},
		{discOf("a", 0, at(0, 0), 1.3e6), discOf("b", 0, aside(at(0, 0), 33, 2.6e6-1), 1.3e6)},
		{corridorOf("a", 0, 5, at(170, 0), at(-170, 0.1)), corridorOf("b", 0, 5, at(179.99, -5), at(-179.99, 5))},
		{corridorOf("a", 0, 5, at(10, 88), at(-170, 88)), discOf("b", 0, at(77, 90), 1)},
		{corridorOf("a", 3, 5, at(0, 40), at(9, 41)), discOf("b", 3, aside(at(9, 41), 90, 37e3), 1)},
		{discOf("a", 6, at(-180, 50), 100), discOf("b", 4, aside(at(180, 50), 90, 250e3), 100)},
	}
	for i, p := range []geo4d.Position{at(36, 35), at(180, 1), at(-180, 71), at(50, 90), at(0, -89.99)} {
		for k, azimuth := range []float64{3, 80, 135, 200, 271, 330} {
			class := []int{0, 1, 2, 3, 6}[(i+k)%5]
			partner := []int{0, 1, 2, 3, 4}[(i+k)%5]
			sep, _ := byClass(class, partner)
			away := sep.LateralM + []float64{40, 2000, 60e3}[k%3] + 300 - 1
			out = append(out, [2]*conflict.Item{
				discOf("a", class, p, 300), discOf("b", partner, aside(p, azimuth, away), away-sep.LateralM-299)})
		}
	}
	return out
}

// TestOneThatEntersMeanwhileIsToldOrTells lets an item enter while another that is too near is between
// its look and its put. Classes may be new to the index, and both may be.
func TestOneThatEntersMeanwhileIsToldOrTells(t *testing.T) {
	for n, c := range twoThatAreTooNear() {
		if _, near := conflict.Between(c[0], c[1], byClasses); !near {
			t.Fatalf("pair %d is not too near", n)
		}
		for _, turned := range []bool{false, true} {
			a, b := c[0], c[1]
			if turned {
				a, b = b, a
			}
			for _, classesKnown := range []bool{false, true} {
				x := conflict.New(byClasses)
				if classesKnown {
					x.Put(discOf("far", a.Class.(int), at(-100, -50), 1))
					x.Put(discOf("far", b.Class.(int), at(-100, -50), 1))
				}
				var wg sync.WaitGroup
				var toldB []conflict.Match
				toldA, _ := x.Enter(a, func([]conflict.Match) bool {
					wg.Go(func() { toldB, _ = x.Enter(b, nil) })
					letOthersRun()
					return true
				})
				wg.Wait()
				aTold := slices.ContainsFunc(toldA, func(m conflict.Match) bool { return m.Item == b })
				bTold := slices.ContainsFunc(toldB, func(m conflict.Match) bool { return m.Item == a })
				if !aTold && !bTold {
					t.Errorf("pair %d, turned %v, classes known %v: neither was told of the other", n, turned, classesKnown)
				}
			}
		}
	}
}

// TestOneThatIsRefusedLeavesNothing lets an item wait for one that is refused after all.
func TestOneThatIsRefusedLeavesNothing(t *testing.T) {
	x := conflict.New(byClasses)
	var wg sync.WaitGroup
	var told []conflict.Match
	_, put := x.Enter(discOf("a", 1, at(180, 1), 500), func([]conflict.Match) bool {
		wg.Go(func() { told, _ = x.Enter(discOf("b", 1, at(-180, 1), 500), nil) })
		letOthersRun()
		return false
	})
	wg.Wait()
	if put || len(told) != 0 || x.Len() != 1 {
		t.Errorf("put %v, told %v, %d items", put, told, x.Len())
	}
}

// TestWhoIsElsewhereDoesNotWait holds an item between its look and its put until others have entered
// elsewhere, asked, put, amended and removed right beside it. A wait would never end.
func TestWhoIsElsewhereDoesNotWait(t *testing.T) {
	for _, here := range []geo4d.Position{at(36, 35), at(180, 60), at(0, 90)} {
		x := conflict.New(byClasses)
		x.Put(discOf("old", 1, here, 500))
		var rest sync.WaitGroup
		_, put := x.Enter(discOf("a", 1, here, 500), func(found []conflict.Match) bool {
			var near sync.WaitGroup
			near.Go(func() {
				x.Put(discOf("new", 1, here, 400))
				x.Put(discOf("old", 1, here, 600))
				if n := len(x.Matches(discOf("asks", 1, here, 500), nil)); n != 2 {
					t.Errorf("%v: %d found beside one that enters, want 2", here, n)
				}
				x.Remove("new")
			})
			near.Wait()
			entered := make(chan bool, 40)
			var in atomic.Int64
			for i := range 40 { // some may share a lock with it by chance
				far := aside(here, float64(i)*9, 2e6+float64(i)*2e5)
				rest.Go(func() {
					x.Enter(discOf(fmt.Sprint("far", i), 1, far, 500), nil)
					in.Add(1)
					entered <- true
				})
			}
			for range 20 {
				<-entered
			}
			return true
		})
		rest.Wait()
		if !put || x.Len() != 1+1+40 {
			t.Errorf("%v: put %v, %d items", here, put, x.Len())
		}
	}
}
