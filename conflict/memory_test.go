package conflict_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
	"time"

	"parley/conflict"
	"parley/geo4d"
)

// kept returns how much of the heap is in use when nothing is left to collect.
func kept() int {
	var m runtime.MemStats
	for range 3 { // pools let go in the second
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

func moving(id string, from geo4d.Position, azimuth, metres float64) *conflict.Item {
	at, _ := geo4d.Direct(from, azimuth, metres)
	return &conflict.Item{ID: id, Class: 1, Volumes: []geo4d.Volume{{
		Shape: geo4d.Circle{Center: at, RadiusM: 100}, Window: geo4d.Window{Start: noon}}}}
}

// TestADayOfUpdates amends one notice once a second for a day on its way over 5,000 km, and others
// in turn where they stand: the index does not grow by it.
func TestADayOfUpdates(t *testing.T) {
	x := conflict.New(byClasses)
	from := geo4d.Position{LonDeg: 170, LatDeg: 50}
	put := func(k int) { x.Put(moving(fmt.Sprint("n", k%50), from, 10, float64(k%50)*50)) }
	for k := range 50 {
		put(k)
	}
	x.Put(moving("mover", from, 90, 0))
	before := kept()
	for s := 1; s <= 86_400; s++ {
		x.Put(moving("mover", from, 90, float64(s)*58))
		if s%20 == 0 {
			put(s / 20)
		}
		if s%3600 == 0 && len(x.Matches(moving("asks", from, 90, float64(s)*58+100), nil)) != 1 {
			t.Fatalf("the mover is not found after %d s", s)
		}
	}
	for s := range 400 { // it is back where it was, and what waited is taken out
		x.Put(moving("mover", from, 90, float64(s)))
	}
	grown := kept() - before
	t.Logf("%d bytes more after 90,720 updates", grown)
	if grown > 400_000 {
		t.Errorf("after a day of updates of 51 notices the index holds %d bytes more", grown)
	}
	runtime.KeepAlive(x)
}

// fleet puts n items of a day, spread over a region of its own.
func fleet(x *conflict.Index, day, n int, seed uint64) (ids []string) {
	rng := rand.New(rand.NewPCG(seed, uint64(day)))
	middle := geo4d.Position{LonDeg: float64(day)*40 - 180, LatDeg: float64(day)*15 - 70}
	for i := range n {
		p, _ := geo4d.Direct(middle, rng.Float64()*360, 200e3*math.Sqrt(rng.Float64()))
		q, _ := geo4d.Direct(p, rng.Float64()*360, 15e3)
		start := noon.Add(time.Duration(day*24*3600+rng.IntN(24*3600)) * time.Second)
		it := &conflict.Item{ID: fmt.Sprint(day, "/", i), Class: 1, Volumes: []geo4d.Volume{
			{Shape: geo4d.Circle{Center: p, RadiusM: 500}, Window: geo4d.Window{Start: start, End: start.Add(time.Hour)}},
			{Shape: geo4d.Corridor{Line: []geo4d.Position{p, q}, HalfWidthM: 200}, Window: geo4d.Window{Start: start, End: start.Add(time.Hour)}},
		}}
		x.Put(it)
		ids = append(ids, it.ID)
	}
	return ids
}

// TestWhatIsOverGivesItsMemoryBack fills an index day by day, each in another part of the earth, and
// takes out what is over.
func TestWhatIsOverGivesItsMemoryBack(t *testing.T) {
	x := conflict.New(byClasses)
	empty := kept()
	const n = 1500
	var over []string
	first := 0
	for day := range 7 {
		ids := fleet(x, day, n, 1)
		for _, id := range over {
			x.Remove(id)
		}
		over = ids
		if x.Len() != n {
			t.Fatalf("%d items", x.Len())
		}
		used := kept() - empty
		if day == 0 {
			first = used
		}
		if used > first*3/2 {
			t.Errorf("day %d: %d bytes for %d items, %d on the first day", day, used, n, first)
		}
	}
	for _, id := range over {
		x.Remove(id)
	}
	left := kept() - empty
	t.Logf("%d bytes for %d items, %d when all are out", first, n, left)
	if x.Len() != 0 || left > first/2 {
		t.Errorf("%d bytes are kept for %d items, of %d", left, x.Len(), first)
	}
	runtime.KeepAlive(x)
}

// TestALongLookDoesNotKeepForGood lets a query run while others amend and remove: what that keeps is
// given back when it is over.
func TestALongLookDoesNotKeepForGood(t *testing.T) {
	x := conflict.New(byClasses)
	from := geo4d.Position{LonDeg: -180, LatDeg: -60}
	put := func(k int) { x.Put(moving(fmt.Sprint("n", k%50), from, 10, 1e6+float64(k%1000)*50)) }
	for k := range 50 {
		put(k)
	}
	before := kept()
	looking, done := make(chan bool), make(chan bool)
	var wg sync.WaitGroup
	wg.Go(func() {
		x.Enter(moving("asks", from, 0, 0), func([]conflict.Match) bool {
			looking <- true
			<-done
			return false
		})
	})
	<-looking
	for k := range 20_000 {
		put(k)
	}
	during := kept() - before
	done <- true
	wg.Wait()
	for k := range 50 {
		put(k)
	}
	grown := kept() - before
	t.Logf("%d bytes more while the look ran, %d after it", during, grown)
	// A body may hold on to eight records that were taken out, or to as many as live in it.
	if grown > during/16 {
		t.Errorf("%d bytes are kept after the look, %d while it ran", grown, during)
	}
	if n := x.Len(); n != 50 {
		t.Errorf("%d items", n)
	}
	runtime.KeepAlive(x)
}
