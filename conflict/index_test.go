package conflict

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/geo4d"
)

var day = time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)

// separation is by class: two of class "far" need much, "none" is not compared.
func separation(a, b any) (geo4d.Separation, bool) {
	switch {
	case a == "none" || b == "none":
		return geo4d.Separation{}, false
	case a == "far" && b == "far":
		return geo4d.Separation{LateralM: 37040, VerticalM: 609.6, Time: 10 * time.Minute}, true
	case a == "any" || b == "any":
		return geo4d.Separation{LateralM: 300, Time: 10 * time.Minute, AnyAltitude: true}, true
	}
	return geo4d.Separation{}, true
}

var config = Config{Separation: separation, Terrain: geo4d.Terrain{Known: true, MinM: -100, MaxM: 900}}

// bruteForce compares every volume of it with every volume of every item.
func bruteForce(it *Item, all map[string]*Item) []string {
	var out []string
	for _, o := range all {
		sep, ok := separation(it.Class, o.Class)
		if o.ID == it.ID || (o.Party == it.Party && o.Party != "") || !ok {
			continue
		}
		for i := range it.Volumes {
			for j := range o.Volumes {
				a, b := &it.Volumes[i], &o.Volumes[j]
				if it.ID > o.ID {
					a, b = b, a
				}
				g := geo4d.Measure(a, b, config.Terrain)
				if geo4d.TooNear(g, sep, it.UncertaintyM+o.UncertaintyM) {
					out = append(out, fmt.Sprint(o.ID, i, j, g))
				}
			}
		}
	}
	slices.Sort(out)
	return out
}

func fromIndex(pairs []Pair) []string {
	var out []string
	for _, p := range pairs {
		for _, h := range p.Hits {
			out = append(out, fmt.Sprint(p.B.ID, h.VolumeA, h.VolumeB, h.Gap))
		}
	}
	slices.Sort(out)
	return out
}

func drawItem(t *rapid.T, id string) *Item {
	f := func(lo, hi float64, name string) float64 { return rapid.Float64Range(lo, hi).Draw(t, name) }
	it := &Item{ID: id,
		Party:        rapid.SampledFrom([]string{"", "blue", "red"}).Draw(t, "party"),
		Class:        rapid.SampledFrom([]string{"far", "far", "any", "none", "touch"}).Draw(t, "kind"),
		UncertaintyM: rapid.SampledFrom([]float64{0, 0, 50, 20000}).Draw(t, "uncertainty")}
	place := rapid.SampledFrom([]geo4d.Position{{LonDeg: 36, LatDeg: 35}, {LonDeg: 180, LatDeg: 10}, {LonDeg: 0, LatDeg: 90}}).Draw(t, "place")
	for range rapid.IntRange(1, 3).Draw(t, "volumes") {
		mid, _ := geo4d.Direct(place, f(0, 360, "azimuth"), f(0, 150e3, "distance"))
		size := f(1, 20e3, "size")
		end, _ := geo4d.Direct(mid, f(0, 360, "heading"), size*10)
		var v geo4d.Volume
		switch rapid.IntRange(0, 9).Draw(t, "shape") {
		case 0, 1, 2, 3:
			v.Shape = geo4d.Circle{Center: mid, RadiusM: size}
		case 4, 5, 6:
			v.Shape = geo4d.Corridor{Line: []geo4d.Position{mid, end}, HalfWidthM: size / 5}
		case 7:
			v.Shape = geo4d.Circle{Center: mid, RadiusM: 1e6}
		case 8:
			v.Shape = geo4d.Earth{}
		default:
			side, _ := geo4d.Direct(mid, 17, size)
			v.Shape = geo4d.Polygon{Rings: [][]geo4d.Position{{mid, end, side, mid}}}
		}
		v.Window.Start = day.Add(time.Duration(rapid.IntRange(0, 24*60).Draw(t, "start")) * time.Minute)
		if rapid.IntRange(0, 5).Draw(t, "endless") > 0 {
			v.Window.End = v.Window.Start.Add(time.Duration(rapid.IntRange(1, 180).Draw(t, "minutes")) * time.Minute)
		}
		if rapid.Bool().Draw(t, "band") {
			lo := f(0, 10000, "lower")
			reference := rapid.SampledFrom([]geo4d.Reference{geo4d.AMSL, geo4d.AMSL, geo4d.W84, geo4d.FL, geo4d.AGL}).Draw(t, "reference")
			v.Band.Lower = &geo4d.Altitude{Value: lo, Unit: geo4d.Metres, Reference: reference}
			v.Band.Upper = &geo4d.Altitude{Value: lo + f(0, 2000, "depth"), Unit: geo4d.Metres, Reference: reference}
			if rapid.IntRange(0, 9).Draw(t, "open") == 0 {
				v.Band.Lower = nil
			}
		}
		it.Volumes = append(it.Volumes, v)
	}
	return it
}

func TestIndexAgainstBruteForce(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		x := New(config)
		all := map[string]*Item{}
		for range rapid.IntRange(1, 40).Draw(rt, "steps") {
			id := fmt.Sprint("n", rapid.IntRange(0, 25).Draw(rt, "id"))
			switch rapid.IntRange(0, 4).Draw(rt, "step") {
			case 0:
				_, held := all[id]
				delete(all, id)
				if x.Remove(id) != held {
					rt.Fatalf("Remove(%s) = %v", id, !held)
				}
			default:
				it := drawItem(rt, id)
				if rapid.Bool().Draw(rt, "put") {
					x.Put(it)
					all[id] = it
				}
				got, want := fromIndex(x.Near(it)), bruteForce(it, all)
				if !slices.Equal(got, want) {
					rt.Fatalf("index %v\nbrute force %v", got, want)
				}
				if n := len(x.Matches(it, nil)); n != len(want) {
					rt.Fatalf("%d matches, %d hits", n, len(want))
				}
				for _, p := range x.Near(it) {
					if one, near := Between(it, p.B, config); !near || !reflect.DeepEqual(one, p) {
						rt.Fatalf("by themselves %+v, in the index %+v", one, p)
					}
				}
			}
			if x.Len() != len(all) {
				rt.Fatalf("Len %d, want %d", x.Len(), len(all))
			}
		}
	})
}

func TestReadersWhileAWriterWrites(t *testing.T) {
	items := randomItems(400, 3)
	x := New(config)
	for _, it := range items[:200] {
		x.Put(it)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := range 200 {
			x.Put(items[200+i])
			x.Remove(items[i].ID)
		}
	})
	for range 2 {
		wg.Go(func() {
			for _, it := range items {
				x.Near(it)
			}
		})
	}
	wg.Wait()
	rest := New(config)
	for _, it := range items[200:] {
		rest.Put(it)
	}
	for _, it := range items {
		if !reflect.DeepEqual(x.Near(it), rest.Near(it)) {
			t.Fatalf("%s: the index remembers how it came about", it.ID)
		}
	}
}

// randomItems are traffic of three parties.
func randomItems(n int, seed uint64) []*Item {
	items := traffic(n, seed)
	for i, it := range items {
		it.Party = fmt.Sprint("p", i%3)
	}
	return items
}

func small(a, b any) (geo4d.Separation, bool) {
	return geo4d.Separation{LateralM: 50, VerticalM: 15, Time: 30 * time.Second}, true
}

func TestPairsAreInOrder(t *testing.T) {
	items := randomItems(300, 5)
	x := New(Config{Separation: func(a, b any) (geo4d.Separation, bool) {
		return geo4d.Separation{LateralM: 3000e3, AnyAltitude: true, Time: 12 * time.Hour}, true
	}})
	for _, it := range items {
		x.Put(it)
	}
	for _, it := range items[:20] {
		p := x.Near(it)
		if len(p) < 2 || !slices.IsSortedFunc(p, func(a, b Pair) int { return cmp.Compare(a.B.ID, b.B.ID) }) {
			t.Fatalf("%d pairs, not in order", len(p))
		}
	}
}

// TestBothSidesSayTheSame asks from either of two items: the figures and places are the same to the
// last digit, whoever was put in last.
func TestBothSidesSayTheSame(t *testing.T) {
	pairs := 0
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawItem(t, "a"), drawItem(t, "b")
		a.Party, b.Party, a.Class, b.Class = "red", "blue", "far", "far"
		x := New(config)
		x.Put(a)
		x.Put(b)
		p, q := x.Near(a), x.Near(b)
		if len(p) != len(q) {
			t.Fatalf("%d conflicts from one side, %d from the other", len(p), len(q))
		}
		if len(p) == 0 {
			return
		}
		pairs++
		if q := q[0].Swapped(); !reflect.DeepEqual(p[0].Hits, q.Hits) || p[0].Total != q.Total {
			t.Fatalf("%+v\n%+v", p[0].Hits, q.Hits)
		}
	})
	if pairs < 10 {
		t.Errorf("only %d pairs", pairs)
	}
}

// TestTimesFarAway asks about windows beyond what records hold, and long before it.
func TestTimesFarAway(t *testing.T) {
	year := func(y int) time.Time {
		if y == 0 {
			return time.Time{}
		}
		return time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	windows := [][2]int{{1900, 1910}, {1905, 1930}, {1920, 1940}, {0, 1915}, {0, 1935}, {1950, 2200}, {2026, 2027}, {2090, 2095}, {2092, 0}, {2150, 2160}, {2155, 2180}, {0, 0}, {2170, 0}}
	x := New(config)
	var items []*Item
	for i, w := range windows {
		it := circle(fmt.Sprintf("w%02d", i), geo4d.Position{LonDeg: 1}, 500)
		it.Volumes[0].Window = geo4d.Window{Start: year(w[0]), End: year(w[1])}
		items = append(items, it)
		x.Put(it)
	}
	for _, it := range items {
		want := 0
		for _, o := range items {
			if _, near := Between(it, o, config); near && o != it {
				want++
			}
		}
		if got := len(x.Matches(it, nil)); got != want {
			t.Errorf("%s of %v: %d matches, want %d", it.ID, it.Volumes[0].Window, got, want)
		}
	}
}
