package conflict

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"parley/geo4d"
)

func inOrder(ms []Match) []string {
	slices.SortFunc(ms, func(a, b Match) int {
		return cmp.Or(cmp.Compare(a.Item.ID, b.Item.ID), cmp.Compare(a.VolumeA, b.VolumeA), cmp.Compare(a.VolumeB, b.VolumeB))
	})
	var out []string
	for _, m := range ms {
		out = append(out, fmt.Sprint(m.Item.ID, m.VolumeA, m.VolumeB))
	}
	return out
}

// variants are an item as it is and shifted in time, altitude and place.
func variants(it *Item, n int) []*Item {
	var out []*Item
	for i := range n {
		v := *it
		v.Volumes = slices.Clone(it.Volumes)
		for k := range v.Volumes {
			w := &v.Volumes[k]
			w.Window.Start = w.Window.Start.Add(time.Duration(i) * 5 * time.Minute)
			w.Window.End = w.Window.End.Add(time.Duration(i) * 5 * time.Minute)
			if c, ok := w.Shape.(geo4d.Circle); ok && i%2 == 1 {
				c.Center, _ = geo4d.Direct(c.Center, float64(i)*40, 800)
				w.Shape = c
			}
			if w.Band.Upper != nil && i%3 == 2 {
				up := *w.Band.Upper
				up.Value += float64(i) * 30
				w.Band.Upper = &up
			}
		}
		out = append(out, &v)
	}
	return out
}

func TestWhatIfSaysWhatMatchesSays(t *testing.T) {
	items := traffic(20_000, 4)
	x := loaded(items)
	wide := &Item{ID: "wide", Class: "small", Volumes: []geo4d.Volume{{Shape: geo4d.Earth{}, Window: geo4d.Window{Start: day, End: day.Add(time.Hour)}}}}
	x.Put(wide)
	found := 0
	for _, it := range append(strangers(items, 200), wide) {
		vs := variants(it, 30)
		for i, got := range x.WhatIf(vs) {
			got, want := inOrder(got), inOrder(x.Matches(vs[i], nil))
			if !slices.Equal(got, want) {
				t.Fatalf("variant %d of %s: %v, want %v", i, it.ID, got, want)
			}
			found += len(want)
		}
	}
	if found < 1000 {
		t.Errorf("only %d found", found)
	}
}

func BenchmarkWhatIf(b *testing.B) {
	const n = 100_000
	items := traffic(n, 1)
	x := loaded(items)
	asked := strangers(items, 1000)
	var sets [][]*Item
	for _, it := range asked {
		sets = append(sets, variants(it, 50))
	}
	b.Run(fmt.Sprintf("volumes=%d/variants=50", n), func(b *testing.B) {
		for i := range b.N {
			x.WhatIf(sets[i%len(sets)])
		}
	})
	b.Run(fmt.Sprintf("volumes=%d/one by one=50", n), func(b *testing.B) {
		for i := range b.N {
			for _, v := range sets[i%len(sets)] {
				x.Matches(v, nil)
			}
		}
	})
}
