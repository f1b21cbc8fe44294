package conflict

import (
	"fmt"
	"testing"
	"time"

	"parley/geo4d"
)

// noticeKind is what the separation of a notice follows from.
type noticeKind struct {
	name            string // flight, movement, area, hazard or site
	small, low, sea bool   // a small uncrewed flight, a flight from below 10,000 ft, a movement at sea
}

// byKind is the separation that an agreement has where its parties say nothing else, restated from
// docs/reference/agreement-terms.md.
func byKind(a, b any) (geo4d.Separation, bool) {
	const nauticalMileM, footM, ten = 1852.0, 0.3048, 10 * time.Minute
	one, other := a.(noticeKind), b.(noticeKind)
	if one.name > other.name {
		one, other = other, one
	}
	small, low, sea := one.small || other.small, one.low || other.low, one.sea || other.sea
	switch one.name + " " + other.name {
	case "flight flight":
		if small {
			return geo4d.Separation{LateralM: 500, VerticalM: 100, Time: 2 * time.Minute}, true
		}
		return geo4d.Separation{LateralM: 20 * nauticalMileM, VerticalM: 2000 * footM, Time: ten}, true
	case "flight hazard", "area flight":
		if small {
			return geo4d.Separation{LateralM: 1000, VerticalM: 150, Time: ten}, true
		}
		return geo4d.Separation{LateralM: 10 * nauticalMileM, VerticalM: 2000 * footM, Time: ten}, true
	case "flight site", "flight movement":
		return geo4d.Separation{LateralM: nauticalMileM, Time: ten, AnyAltitude: true}, low
	case "movement movement", "area movement":
		if sea {
			return geo4d.Separation{LateralM: 5 * nauticalMileM, Time: ten, AnyAltitude: true}, true
		}
		return geo4d.Separation{LateralM: 300, Time: ten, AnyAltitude: true}, true
	case "hazard site", "hazard movement":
		return geo4d.Separation{LateralM: 1000, Time: ten, AnyAltitude: true}, true
	case "movement site":
		return geo4d.Separation{AnyAltitude: true}, true
	case "area area", "area hazard", "hazard hazard":
		return geo4d.Separation{}, true
	}
	return geo4d.Separation{}, false // area and site, site and site
}

// ofKinds makes traffic one of notices of all kinds: 35 % flights, 20 % small uncrewed flights, 20 %
// movements, of which one in four is at sea and half are corridors, 5 % areas, 10 % hazards and 10 %
// sites, which have no end. Movements and sites have no altitude.
func ofKinds(items []*Item) []*Item {
	for i, it := range items {
		v := &it.Volumes[0]
		k := noticeKind{}
		switch part := i % 20; {
		case part < 11:
			k = noticeKind{name: "flight", small: part >= 7, low: v.Band.Lower.Value < 10_000*0.3048}
		case part < 15:
			k = noticeKind{name: "movement", sea: part == 14}
			v.Band = geo4d.Band{}
			if p, ok := v.Shape.(geo4d.Polygon); ok {
				v.Shape = geo4d.Corridor{Line: p.Rings[0][:len(p.Rings[0])-1], HalfWidthM: 50}
			}
		case part < 16:
			k.name = "area"
		case part < 18:
			k.name = "hazard"
		default:
			k.name = "site"
			v.Band, v.Window.End = geo4d.Band{}, time.Time{}
		}
		it.Class = k
	}
	return items
}

// BenchmarkMixed asks about notices of all kinds, whose separations are from nothing to 20 NM.
func BenchmarkMixed(b *testing.B) {
	const n = 100_000
	x := New(Config{Separation: byKind})
	for _, it := range ofKinds(traffic(n, 3)) {
		x.Put(it)
	}
	asked := ofKinds(queries(2000, 3))
	b.Run(fmt.Sprintf("volumes=%d/kinds=all", n), func(b *testing.B) { askAll(b, x, asked) })
	for _, name := range []string{"flight", "movement", "site"} {
		var some []*Item
		for _, it := range asked {
			if it.Class.(noticeKind).name == name {
				some = append(some, it)
			}
		}
		b.Run(fmt.Sprintf("volumes=%d/kinds=%s", n, name), func(b *testing.B) { askAll(b, x, some) })
	}
}
