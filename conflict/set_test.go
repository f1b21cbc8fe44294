package conflict

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"parley/geo4d"
)

// crowd is n plans of the benchmarks' traffic drawn close together, of several parties and kinds of
// shape, some of two volumes.
func crowd(n int, seed uint64) []*Item {
	rng := rand.New(rand.NewPCG(seed, 3))
	items := traffic(2*n, seed)
	out := items[:0]
	for i := range n {
		it, other := items[2*i], items[2*i+1]
		it.ID = fmt.Sprintf("p%d", rng.IntN(1_000_000))
		it.Party = []string{"", "blue", "red", "green"}[rng.IntN(4)]
		if rng.IntN(4) == 0 {
			it.Volumes = append(it.Volumes, other.Volumes[0])
		}
		for j := range it.Volumes {
			it.Volumes[j].Shape = moved(it.Volumes[j].Shape, rng)
		}
		out = append(out, it)
	}
	return out
}

// moved brings a shape near the meeting of the antimeridian and the equator.
func moved(s geo4d.Shape, rng *rand.Rand) geo4d.Shape {
	to := func(p, mid geo4d.Position) geo4d.Position {
		m, az, _ := geo4d.Inverse(mid, p)
		place, _ := geo4d.Direct(geo4d.Position{LonDeg: 180}, rng.Float64()*360, 3e4*rng.Float64())
		out, _ := geo4d.Direct(place, az, m)
		return out
	}
	switch s := s.(type) {
	case geo4d.Circle:
		s.Center = to(s.Center, s.Center)
		return s
	case geo4d.Polygon:
		ring := slices.Clone(s.Rings[0])
		seed := rng.Uint64()
		for i, p := range ring {
			rng = rand.New(rand.NewPCG(seed, 1)) // the same place for every corner
			ring[i] = to(p, s.Rings[0][0])
		}
		return geo4d.Polygon{Rings: [][]geo4d.Position{ring}}
	}
	return s
}

// everyPair compares every item of as with every one of bs.
func everyPair(as, bs []*Item, among bool) []Row {
	rows := []Row{}
	for _, a := range as {
		for _, b := range bs {
			if among && a.ID >= b.ID {
				continue
			}
			if p, near := Between(a, b, wide); near {
				rows = append(rows, rowOf(&p))
			}
		}
	}
	slices.SortFunc(rows, func(a, b Row) int { return cmp.Or(cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B)) })
	return rows
}

func unique(items []*Item) []*Item {
	seen := map[string]bool{}
	return slices.DeleteFunc(items, func(it *Item) bool {
		twice := seen[it.ID]
		seen[it.ID] = true
		return twice
	})
}

func gathered(t interface{ Fatalf(string, ...any) }, find func(context.Context, Search, func(*Row) error) error, workers int) []Row {
	rows := []Row{}
	err := find(context.Background(), Search{Workers: workers}, func(r *Row) error {
		rows = append(rows, *r)
		return nil
	})
	if err != nil {
		t.Fatalf("%v", err)
	}
	return rows
}

// TestSetAgainstEveryPair holds a set's rows, and those between two, to a comparison of every pair.
func TestSetAgainstEveryPair(t *testing.T) {
	for seed := range uint64(3) {
		if found := holdSet(t, unique(crowd(300, seed)), 2); found < 100 {
			t.Errorf("only %d conflicts among 300 plans", found)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		plans := unique(crowd(rapid.IntRange(0, 50).Draw(t, "plans"), rapid.Uint64().Draw(t, "seed")))
		holdSet(t, plans, rapid.IntRange(0, 4).Draw(t, "workers"))
	})
}

// holdSet returns how many conflicts there are among all.
func holdSet(t interface{ Fatalf(string, ...any) }, all []*Item, workers int) int {
	set, one, two := NewSet(wide), NewSet(wide), NewSet(wide)
	for _, it := range all {
		if !set.Add(it) {
			t.Fatalf("%s was refused", it.ID)
		}
	}
	if len(all) > 0 && set.Add(all[0]) {
		t.Fatalf("%s was taken twice", all[0].ID)
	}
	want := everyPair(all, all, true)
	if rows := gathered(t, set.Conflicts, workers); !reflect.DeepEqual(rows, want) {
		t.Fatalf("among: %d rows, want %d", len(rows), len(want))
	}
	if rep := Check(all, nil, wide); !reflect.DeepEqual(rep.Conflicts, want) {
		t.Fatalf("Check: %d rows, want %d", len(rep.Conflicts), len(want))
	}
	first, second := all[:len(all)/2], slices.Clone(all[len(all)/2:])
	if len(first) > 0 { // an ID that both sets have
		again := *second[0]
		again.ID = first[0].ID
		second[0] = &again
	}
	for _, it := range first {
		one.Add(it)
	}
	for _, it := range second {
		two.Add(it)
	}
	rows := gathered(t, between(one, two), workers)
	if want := everyPair(first, second, false); !reflect.DeepEqual(rows, want) {
		t.Fatalf("between: %d rows, want %d", len(rows), len(want))
	}
	return len(want)
}

func between(one, two *Set) func(context.Context, Search, func(*Row) error) error {
	return func(ctx context.Context, how Search, each func(*Row) error) error {
		return one.ConflictsWith(ctx, two, how, each)
	}
}

// TestSetStops holds that a search ends, and all its goroutines with it, where each or ctx says so.
func TestSetStops(t *testing.T) {
	set := NewSet(wide)
	for i := range 500 {
		set.Add(disc(fmt.Sprint(i), "", 0, 100, 0, 0, 60))
	}
	enough := errors.New("enough")
	rows := 0
	err := set.Conflicts(context.Background(), Search{Workers: 3}, func(*Row) error {
		if rows++; rows == 1000 {
			return enough
		}
		return nil
	})
	if err != enough || rows != 1000 {
		t.Errorf("%v after %d rows", err, rows)
	}
	ctx, cancel := context.WithCancel(context.Background())
	rows = 0
	err = set.Conflicts(ctx, Search{Workers: 3}, func(*Row) error {
		rows++
		cancel()
		return nil
	})
	if err != context.Canceled || rows == 500*499/2 {
		t.Errorf("%v after %d rows", err, rows)
	}
	if again := gathered(t, set.Conflicts, 2); len(again) != 500*499/2 {
		t.Errorf("%d rows", len(again))
	}
}
