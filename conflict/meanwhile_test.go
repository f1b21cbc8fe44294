package conflict_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"parley/conflict"
	"parley/geo4d"
)

// places are regions that writers share or have for themselves.
var places = []geo4d.Position{{LonDeg: 180, LatDeg: 1}, {LonDeg: -60, LatDeg: 89.95}, {LonDeg: 36, LatDeg: -35}}

// version draws a version of an item in a region: mostly small, sometimes of many pieces, sometimes
// as wide as a country or the earth.
func version(rng *rand.Rand, id string, region int) *conflict.Item {
	it := &conflict.Item{ID: id, Class: []int{0, 1, 1, 3}[rng.IntN(4)], Party: []string{"", "", "blue"}[rng.IntN(3)]}
	for range 1 + rng.IntN(3) {
		p, _ := geo4d.Direct(places[region], rng.Float64()*360, 30e3*rng.Float64())
		v := geo4d.Volume{Shape: geo4d.Circle{Center: p, RadiusM: 3000}, Window: geo4d.Window{Start: noon}}
		switch rng.IntN(14) {
		case 0, 1:
			q, _ := geo4d.Direct(p, rng.Float64()*360, 60e3)
			v.Shape = geo4d.Corridor{Line: []geo4d.Position{p, q, p}, HalfWidthM: 500}
		case 2:
			v.Shape = geo4d.Circle{Center: p, RadiusM: 400e3}
		case 3:
			if rng.IntN(6) == 0 {
				v.Shape = geo4d.Earth{}
			}
		}
		it.Volumes = append(it.Volumes, v)
	}
	return it
}

// life is what becomes of one item: a version at each step, nil where it is not there. A step from
// done to begun may or may not be what others see now.
type life struct {
	id          string
	steps       []*conflict.Item
	begun, done atomic.Int64
}

// live goes through the steps of some lives in turn.
func live(x *conflict.Index, lives []*life) {
	for k := 1; k < len(lives[0].steps); k++ {
		for _, l := range lives {
			l.begun.Store(int64(k))
			switch it := l.steps[k]; {
			case it == nil:
				x.Remove(l.id)
			case k%3 == 0:
				x.Enter(it, nil)
			default:
				x.Put(it)
			}
			l.done.Store(int64(k))
		}
	}
}

// livesOf draws the lives that one writer makes: with a home they stay in that region, else they move
// between all.
func livesOf(rng *rand.Rand, writer, n, steps, home int) []*life {
	var out []*life
	for i := range n {
		l := &life{id: fmt.Sprintf("w%d-%d", writer, i), steps: []*conflict.Item{nil}}
		var versions []*conflict.Item
		for range 5 {
			region := home
			if home < 0 {
				region = rng.IntN(len(places))
			}
			versions = append(versions, version(rng, l.id, region))
		}
		for len(l.steps) < steps {
			it := versions[rng.IntN(len(versions))]
			if rng.IntN(5) == 0 {
				it = nil
			}
			l.steps = append(l.steps, it)
		}
		out = append(out, l)
	}
	return out
}

// witness asks again and again while others write, and holds every answer to what was there at some
// moment since it asked: of each item one version, whole, or none.
type witness struct {
	x     *conflict.Index
	lives []*life
	asks  []*conflict.Item
	of    map[string]int             // IDs of lives
	want  []map[*conflict.Item][]hit // of each of asks, with each version
}

func newWitness(x *conflict.Index, lives []*life, asks []*conflict.Item) *witness {
	w := &witness{x: x, lives: lives, asks: asks, of: map[string]int{}}
	j := newJudge(byClasses)
	for i, l := range lives {
		w.of[l.id] = i
	}
	for _, a := range asks {
		want := map[*conflict.Item][]hit{}
		for _, l := range lives {
			for _, v := range l.steps {
				if v != nil && want[v] == nil {
					want[v] = j.of(a, []*conflict.Item{v})
				}
			}
		}
		w.want = append(w.want, want)
	}
	return w
}

// look asks once and returns what was wrong with the answer.
func (w *witness) look(ask, how int) string {
	it := w.asks[ask]
	from := make([]int64, len(w.lives))
	for i, l := range w.lives {
		from[i] = l.done.Load()
	}
	got := make([][]hit, len(w.lives))
	seen := make([]*conflict.Item, len(w.lives))
	note := func(with *conflict.Item, hits []hit) bool {
		i := w.of[with.ID]
		mixed := seen[i] != nil && seen[i] != with
		seen[i] = with
		got[i] = append(got[i], hits...)
		return !mixed
	}
	switch how {
	case 0, 1:
		ms := w.x.Matches(it, nil)
		if how == 1 {
			ms = w.x.WhatIf([]*conflict.Item{it, w.asks[0], it})[2]
		}
		for i := range ms {
			if !note(ms[i].Item, fromMatches(it, ms[i:i+1])) {
				return fmt.Sprintf("%s: two versions of %s in one answer", it.ID, ms[i].Item.ID)
			}
		}
	default:
		for _, p := range w.x.Near(it) {
			if !note(p.B, fromPairs([]conflict.Pair{p})) {
				return fmt.Sprintf("%s: two versions of %s in one answer", it.ID, p.B.ID)
			}
		}
	}
	for i, l := range w.lives {
		upTo := l.begun.Load()
		if !slices.ContainsFunc(l.steps[from[i]:upTo+1], func(v *conflict.Item) bool {
			var want []hit
			if v != nil {
				want = w.want[ask][v]
			}
			return slices.Equal(sortedHits(got[i]), want) && (seen[i] == nil || seen[i] == v)
		}) {
			all := ""
			for _, v := range l.steps[from[i] : upTo+1] {
				all += fmt.Sprintf("; %v %v", seen[i] == v, w.want[ask][v])
			}
			return fmt.Sprintf("%s, asked by way %d, has %v of %s, which was never so between its steps %d and %d%s", it.ID, how, got[i], l.id, from[i], upTo, all)
		}
	}
	return ""
}

// TestEveryAnswerWasTrue lets several writers work, two of them in one region, one in its own and one
// in all, while readers ask in every way.
func TestEveryAnswerWasTrue(t *testing.T) {
	for seed := range uint64(2) {
		rng := rand.New(rand.NewPCG(seed, 2))
		x := conflict.New(byClasses)
		for i := range 400 { // so that there are tiles in order
			it := version(rng, fmt.Sprint("still", i), i%len(places))
			it.Class, it.Volumes = 6, it.Volumes[:1]
			it.Volumes[0].Window.End = noon.Add(1) // long over for those who ask
			x.Put(it)
		}
		var writers [][]*life
		for w, home := range []int{0, 0, 1, -1} {
			writers = append(writers, livesOf(rng, w, 4, 60, home))
		}
		var asks []*conflict.Item
		for i := range 6 {
			a := version(rng, fmt.Sprint("asks", i), i%len(places))
			for k := range a.Volumes {
				a.Volumes[k].Window.Start = noon.Add(1e12)
			}
			asks = append(asks, a)
		}
		w := newWitness(x, slices.Concat(writers...), asks)
		var stop atomic.Bool
		var write, read sync.WaitGroup
		for _, lives := range writers {
			write.Go(func() { live(x, lives) })
		}
		for r := range 2 {
			read.Go(func() {
				for k := r; !stop.Load(); k++ {
					if wrong := w.look(k%len(asks), k/2%3); wrong != "" {
						t.Errorf("seed %d: %s", seed, wrong)
						return
					}
				}
			})
		}
		write.Wait()
		stop.Store(true)
		read.Wait()
		for k := range asks {
			if wrong := w.look(k, 2); wrong != "" {
				t.Errorf("seed %d, at the end: %s", seed, wrong)
			}
		}
	}
}

// TestNoneThatEnterAreTooNear lets items enter, be amended and be removed by several at once, each only
// where it is too near to none: then none that are in are too near.
func TestNoneThatEnterAreTooNear(t *testing.T) {
	admitted, refused := 0, 0
	for seed := range uint64(8) {
		x := conflict.New(byClasses)
		var in, out atomic.Int64
		var wg sync.WaitGroup
		for w := range 4 {
			rng := rand.New(rand.NewPCG(seed, uint64(w)))
			wg.Go(func() {
				for k := range 60 {
					id := fmt.Sprintf("w%d-%d", w, rng.IntN(8)) // its own
					if rng.IntN(3) == 0 {
						id = fmt.Sprint("shared", rng.IntN(4))
					}
					if rng.IntN(4) == 0 {
						x.Remove(id)
						continue
					}
					it := version(rng, id, []int{0, 0, w % len(places), k % len(places)}[rng.IntN(4)])
					if _, put := x.Enter(it, func(m []conflict.Match) bool { return len(m) == 0 }); put {
						in.Add(1)
					} else {
						out.Add(1)
					}
				}
			})
		}
		wg.Wait()
		var all []*conflict.Item
		for w := range 4 {
			for i := range 8 {
				for _, id := range []string{fmt.Sprintf("w%d-%d", w, i), fmt.Sprint("shared", i)} {
					if it := x.Get(id); it != nil && !slices.Contains(all, it) {
						all = append(all, it)
					}
				}
			}
		}
		if x.Len() != len(all) {
			t.Fatalf("seed %d: %d items, want %d", seed, x.Len(), len(all))
		}
		if rep := conflict.Check(all, nil, byClasses); len(rep.Conflicts) > 0 {
			t.Fatalf("seed %d: of %d items that entered %s and %s are too near", seed, len(all), rep.Conflicts[0].A, rep.Conflicts[0].B)
		}
		admitted, refused = admitted+int(in.Load()), refused+int(out.Load())
	}
	if admitted < 100 || refused < 100 {
		t.Errorf("%d were admitted, %d refused", admitted, refused)
	}
}

// TestOneOfTwoIsTold lets several enter and amend items of their own, wide ones among them: of any two
// that are there at the end and too near, one was told of the other as it is.
func TestOneOfTwoIsTold(t *testing.T) {
	pairs := 0
	for seed := range uint64(8) {
		x := conflict.New(byClasses)
		const writers, each = 4, 8
		var last [writers * each]*conflict.Item
		var told [writers * each][]conflict.Match
		var wg sync.WaitGroup
		for w := range writers {
			rng := rand.New(rand.NewPCG(seed, uint64(w)))
			wg.Go(func() {
				for range 2 {
					for i := w * each; i < (w+1)*each; i++ {
						last[i] = version(rng, fmt.Sprintf("n%02d", i), rng.IntN(len(places)))
						told[i], _ = x.Enter(last[i], nil)
					}
				}
			})
		}
		wg.Wait()
		saw := func(i, k int) bool {
			return slices.ContainsFunc(told[i], func(m conflict.Match) bool { return m.Item == last[k] })
		}
		j := newJudge(byClasses)
		for i := range last {
			for k := range i {
				if len(j.between(last[k], last[i])) == 0 {
					continue
				}
				pairs++
				if !saw(i, k) && !saw(k, i) {
					t.Fatalf("seed %d: %s and %s are too near and neither was told", seed, last[k].ID, last[i].ID)
				}
			}
		}
	}
	if pairs < 300 {
		t.Errorf("only %d pairs", pairs)
	}
}
