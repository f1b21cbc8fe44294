package conflict_test

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"parley/conflict"
	"parley/geo4d"
)

// hit is a pair of volumes that is too near, by the IDs of their items.
type hit struct {
	a, b             string
	volumeA, volumeB int
}

func sortedHits(hits []hit) []hit {
	slices.SortFunc(hits, func(x, y hit) int {
		return cmp.Or(cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b), cmp.Compare(x.volumeA, y.volumeA), cmp.Compare(x.volumeB, y.volumeB))
	})
	return hits
}

// judge compares pairs of items by geo4d alone, each once.
type judge struct {
	config conflict.Config
	known  map[[2]*conflict.Item][]hit
}

func newJudge(c conflict.Config) *judge {
	return &judge{config: c, known: map[[2]*conflict.Item][]hit{}}
}

// between returns the pairs of volumes of two items that are too near; a.ID is before b.ID.
func (j *judge) between(a, b *conflict.Item) []hit {
	key := [2]*conflict.Item{a, b}
	if known, ok := j.known[key]; ok {
		return known
	}
	var out []hit
	if sep, ok := j.config.Separation(a.Class, b.Class); ok && (a.Party != b.Party || a.Party == "") {
		for i := range a.Volumes {
			for k := range b.Volumes {
				if j.tooNear(&a.Volumes[i], &b.Volumes[k], sep, a.UncertaintyM+b.UncertaintyM) {
					out = append(out, hit{a.ID, b.ID, i, k})
				}
			}
		}
	}
	j.known[key] = out
	return out
}

func (j *judge) tooNear(a, b *geo4d.Volume, sep geo4d.Separation, uncertaintyM float64) bool {
	var g geo4d.Gap
	if g.Time, g.TimeOverlap = geo4d.TimeGap(a.Window, b.Window); !geo4d.TooNearInTime(g, sep) {
		return false
	}
	return geo4d.TooNear(geo4d.Measure(a, b, j.config.Terrain), sep, uncertaintyM)
}

// of returns what an item is too near to, seen from it.
func (j *judge) of(it *conflict.Item, all []*conflict.Item) []hit {
	var out []hit
	for _, o := range all {
		switch {
		case o.ID == it.ID:
		case it.ID < o.ID:
			out = append(out, j.between(it, o)...)
		default:
			for _, h := range j.between(o, it) {
				out = append(out, hit{h.b, h.a, h.volumeB, h.volumeA})
			}
		}
	}
	return sortedHits(out)
}

func fromMatches(it *conflict.Item, ms []conflict.Match) []hit {
	var out []hit
	for _, m := range ms {
		out = append(out, hit{it.ID, m.Item.ID, m.VolumeA, m.VolumeB})
	}
	return sortedHits(out)
}

func fromPairs(ps []conflict.Pair) []hit {
	var out []hit
	for _, p := range ps {
		for _, h := range p.Hits {
			out = append(out, hit{p.A.ID, p.B.ID, h.VolumeA, h.VolumeB})
		}
	}
	return sortedHits(out)
}

// failer is a test, or one case of one.
type failer interface {
	Helper()
	Fatalf(string, ...any)
}

// hold fails unless an index says of an item what the judge says.
func (j *judge) hold(t failer, x *conflict.Index, it *conflict.Item, all []*conflict.Item) (found int) {
	t.Helper()
	want := j.of(it, all)
	if got := fromMatches(it, x.Matches(it, nil)); !slices.Equal(got, want) {
		t.Fatalf("Matches of %s: %s", it.ID, differ(it, all, got, want))
	}
	return len(want)
}

// mostMeasured is how many hits of an item are measured: the moves that clear them take long to find.
const mostMeasured = 2

// holdMeasured does the same of what an index measures, where that is not much: each pair is measured
// as by itself, and the same from the other side.
func (j *judge) holdMeasured(t failer, x *conflict.Index, it *conflict.Item, all []*conflict.Item) []conflict.Pair {
	t.Helper()
	want := j.of(it, all)
	if len(want) > mostMeasured {
		return nil
	}
	pairs := x.Near(it)
	if got := fromPairs(pairs); !slices.Equal(got, want) {
		t.Fatalf("Near of %s: %s", it.ID, differ(it, all, got, want))
	}
	for i, p := range pairs {
		if p.A != it || i > 0 && pairs[i-1].B.ID >= p.B.ID || p.Total != len(p.Hits) {
			t.Fatalf("Near of %s: pair %d is %+v", it.ID, i, p)
		}
		if alone, near := conflict.Between(it, p.B, j.config); !near || !reflect.DeepEqual(alone, p) {
			t.Fatalf("by themselves %+v, in the index %+v", alone, p)
		}
		if x.Get(it.ID) != it || len(j.of(p.B, all)) > mostMeasured {
			continue
		}
		back := x.Near(p.B)
		k := slices.IndexFunc(back, func(o conflict.Pair) bool { return o.B == it })
		if k < 0 || !reflect.DeepEqual(back[k].Swapped(), p) {
			t.Fatalf("%s has %+v, and %s has not the same: %+v", it.ID, p, p.B.ID, back)
		}
	}
	return pairs
}

// differ says where what was found is not what every pair says.
func differ(it *conflict.Item, all []*conflict.Item, got, want []hit) string {
	for _, h := range append(slices.Clone(got), want...) {
		if found := slices.Contains(got, h); found != slices.Contains(want, h) {
			i := slices.IndexFunc(all, func(o *conflict.Item) bool { return o.ID == h.b })
			return fmt.Sprintf("%v, found %v\n%+v %+v\n%+v %+v", h, found, *it, it.Volumes[h.volumeA], *all[i], all[i].Volumes[h.volumeB])
		}
	}
	return fmt.Sprintf("one is there twice: %v, want %v", got, want)
}

// TestItemsAtTheEdges holds an index of items drawn where mistakes are likely to a comparison of every
// pair: no more, no less, the same from both sides, the same asked as one of many variants, and the
// same in an index that is filled anew in another order, as after a restart.
func TestItemsAtTheEdges(t *testing.T) {
	near := 0
	rapid.Check(t, func(t *rapid.T) {
		d := newDrawer(t)
		d.many = rapid.IntRange(0, 9).Draw(t, "with many volumes") == 0
		items := drawItems(d, rapid.IntRange(2, 8).Draw(t, "items"))
		x := conflict.New(byClasses)
		for _, it := range items {
			x.Put(it)
		}
		j := newJudge(byClasses)
		for _, it := range items {
			near += j.hold(t, x, it, items)
		}
		asked := rapid.SampledFrom(items).Draw(t, "asked")
		var measured []conflict.Pair
		if rapid.IntRange(0, 2).Draw(t, "measure") == 0 {
			measured = j.holdMeasured(t, x, asked, items)
		}
		for i, ms := range x.WhatIf(items) {
			if got, want := fromMatches(items[i], ms), j.of(items[i], items); !slices.Equal(got, want) {
				t.Fatalf("WhatIf of %s among all: %v\nevery pair: %v", items[i].ID, got, want)
			}
		}
		again := conflict.New(byClasses)
		for _, it := range rapid.Permutation(items).Draw(t, "order") {
			again.Put(it)
		}
		for _, it := range items {
			j.hold(t, again, it, items)
		}
		if measured != nil && !reflect.DeepEqual(again.Near(asked), measured) {
			t.Fatalf("%s: filled in another order the index says something else", asked.ID)
		}
	})
	if near < 300 && !testing.Short() {
		t.Errorf("only %d pairs of volumes were too near", near)
	}
}

// TestAnyHistory does what it likes to an index: puts, amends in place and elsewhere, to another class
// or party, lets enter, is refused entry, and removes. What counts then is what is there, as if it had
// been put into an empty index.
func TestAnyHistory(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := newDrawer(t)
		x, j := conflict.New(byClasses), newJudge(byClasses)
		live := map[string]*conflict.Item{}
		all := func() []*conflict.Item {
			var out []*conflict.Item
			for _, it := range live {
				out = append(out, it)
			}
			return out
		}
		for range rapid.IntRange(1, 18).Draw(t, "steps") {
			id := fmt.Sprint("n", rapid.IntRange(0, 9).Draw(t, "id"))
			old := live[id]
			if rapid.IntRange(0, 4).Draw(t, "remove") == 0 {
				if x.Remove(id) != (old != nil) {
					t.Fatalf("Remove(%s) said %v", id, old == nil)
				}
				delete(live, id)
				continue
			}
			it := d.item(id)
			if old != nil && rapid.Bool().Draw(t, "amend") {
				it = amended(d, old)
			}
			admit := rapid.Bool().Draw(t, "admit")
			switch rapid.IntRange(0, 2).Draw(t, "how") {
			case 0:
				x.Put(it)
				admit = true
			default:
				found, put := x.Enter(it, func([]conflict.Match) bool { return admit })
				if got, want := fromMatches(it, found), j.of(it, all()); !slices.Equal(got, want) || put != admit {
					t.Fatalf("Enter of %s: %v, put %v\nevery pair: %v, admitted %v", id, got, put, want, admit)
				}
			}
			if admit {
				live[id] = it
			}
			if x.Len() != len(live) || x.Get(id) != live[id] {
				t.Fatalf("%d items, %v of them %s, want %d and %v", x.Len(), x.Get(id), id, len(live), live[id])
			}
		}
		stranger := d.item("stranger")
		for _, it := range append(all(), stranger) {
			j.hold(t, x, it, all())
		}
		if rapid.IntRange(0, 2).Draw(t, "measure") == 0 {
			j.holdMeasured(t, x, stranger, all())
		}
	})
}

// amended is a version of an item that differs in one thing.
func amended(d *drawer, old *conflict.Item) *conflict.Item {
	it := *old
	it.Volumes = slices.Clone(old.Volumes)
	v := &it.Volumes[rapid.IntRange(0, len(it.Volumes)-1).Draw(d.T, "amended volume")]
	switch rapid.IntRange(0, 6).Draw(d.T, "amended") {
	case 0:
		v.Shape = d.shape(0)
	case 1:
		v.Window = d.window()
	case 2:
		v.Band = d.band()
	case 3:
		it.Class = rapid.IntRange(0, 6).Draw(d.T, "class")
	case 4:
		it.Party = rapid.SampledFrom([]string{"", "blue", "red"}).Draw(d.T, "party")
	case 5:
		it.UncertaintyM = d.oneOf(0, 50, 20e3)
	case 6:
		it.Volumes = append(it.Volumes, d.volume(&it))
	}
	return &it
}
