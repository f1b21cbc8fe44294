package conflict

import (
	"time"

	"parley/geo4d"
)

// measureInOrder compares as measure does, always from the item whose id comes first. Otherwise the
// last digits of a gap, and the place named where shapes overlap, would depend on which of the two
// was put in last, and two who hold the same items would read out different places.
func measureInOrder(a, b measurable, sep geo4d.Separation, t geo4d.Terrain) (h Hit, near bool) {
	if a.item.ID <= b.item.ID {
		return measure(a, b, sep, t)
	}
	h, near = measure(b, a, sep, t)
	return h.swapped(), near
}

// Between compares two items by themselves, as an index does, and reports whether they do not keep
// their separation. Items of one party are never too near.
func Between(a, b *Item, c Config) (Pair, bool) {
	sep, ok := c.Separation(a.Class, b.Class)
	p := Pair{A: a, B: b, Separation: sep}
	if !ok || a.Party == b.Party && a.Party != "" {
		return p, false
	}
	shapes := make([]*geo4d.Prepared, len(b.Volumes))
	for j := range b.Volumes {
		shapes[j] = geo4d.Prepare(b.Volumes[j].Shape)
	}
	for i := range a.Volumes {
		one := measurable{a, i, geo4d.Prepare(a.Volumes[i].Shape)}
		for j := range b.Volumes {
			if h, near := measureInOrder(one, measurable{b, j, shapes[j]}, sep, c.Terrain); near {
				if p.Total++; p.Total <= MaxHits {
					p.Hits = append(p.Hits, h)
				}
			}
		}
	}
	return p, p.Total > 0
}

// measurable is a volume of an item with its shape made ready.
type measurable struct {
	item   *Item
	volume int
	shape  *geo4d.Prepared
}

// neededM returns the lateral separation with both uncertainties, the same from either side to the
// last bit.
func neededM(sep geo4d.Separation, uncertaintyM, otherM float64) float64 {
	return sep.LateralM + (uncertaintyM + otherM)
}

// lateralGap returns the gap between two shapes, which is only a lower bound where they are not too
// near.
func lateralGap(a, b *geo4d.Prepared, needM float64) (c geo4d.Closest, near bool) {
	c = a.Gap(b, needM)
	return c, !c.Beyond && geo4d.TooNearInPlace(geo4d.Gap{LateralM: c.M, LateralOverlap: c.Overlap}, geo4d.Separation{}, needM)
}

// measure compares two volumes, cheapest dimension first.
func measure(a, b measurable, sep geo4d.Separation, t geo4d.Terrain) (h Hit, near bool) {
	va, vb := &a.item.Volumes[a.volume], &b.item.Volumes[b.volume]
	pa, pb := a.shape, b.shape
	h.VolumeA, h.VolumeB = a.volume, b.volume
	g := &h.Gap
	g.Time, g.TimeOverlap = geo4d.TimeGap(va.Window, vb.Window)
	if !geo4d.TooNearInTime(*g, sep) {
		return h, false
	}
	g.VerticalM, g.VerticalOverlap, g.VerticalUncertain = geo4d.Vertical(va.Band, vb.Band, pa, pb, t)
	if !geo4d.TooNearInAltitude(*g, sep) {
		return h, false
	}
	l, near := lateralGap(pa, pb, neededM(sep, a.item.UncertaintyM, b.item.UncertaintyM))
	if !near {
		return h, false
	}
	g.LateralM, g.LateralOverlap = l.M, l.Overlap
	h.AtA, h.AtB = l.A, l.B
	h.Band = geo4d.SharedBand(va.Band, vb.Band, pa, pb, t)
	h.Window = ClosenessWindow(va.Window, vb.Window, sep.Time)
	h.Clear, h.clearB = moves(va, vb, pa, pb, sep, t)
	return h, true
}

// ClosenessWindow returns the time in which two windows that are too near in time matter: the
// instants they share; where they share none, from the separation before the end of the first, but
// not before its start, to the separation after the start of the other, but not after its end.
func ClosenessWindow(a, b geo4d.Window, separation time.Duration) geo4d.Window {
	if _, overlap := geo4d.TimeGap(a, b); overlap {
		w := geo4d.Window{Start: a.Start, End: a.End}
		if b.Start.After(w.Start) {
			w.Start = b.Start
		}
		if w.End.IsZero() || (!b.End.IsZero() && b.End.Before(w.End)) {
			w.End = b.End
		}
		return w
	}
	if b.Start.Before(a.Start) {
		a, b = b, a
	}
	// a ends g before b starts: what is left of the separation lies on either side.
	left := separation - b.Start.Sub(a.End)
	w := geo4d.Window{Start: a.End.Add(-left), End: b.Start.Add(left)}
	if w.Start.Before(a.Start) {
		w.Start = a.Start
	}
	if !b.End.IsZero() && w.End.After(b.End) {
		w.End = b.End
	}
	return w
}
