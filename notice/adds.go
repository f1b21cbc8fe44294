package notice

import (
	"reflect"

	"parley/geo4d"
)

// maxCovers bounds the work of AddsSpaceOrTime: pairs of positions of the shapes it compares,
// some tenth of a second of them. The other party's amendments may be as large as they like.
const maxCovers = 1_000_000

// AddsSpaceOrTime reports whether amended claims any place, altitude or time that old did not.
// Where it cannot prove that it does not, it says true. Lead counts from the first receipt of
// the version that last did.
//
// It is proved volume by volume: each of amended's lies within one of old's in place, altitude
// and time. A larger uncertainty adds space; a first volume where there were words adds it.
func AddsSpaceOrTime(old, amended Notice) bool {
	o, a := WithDefaults(old), WithDefaults(amended)
	if a.Kind != o.Kind || a.Domain != o.Domain || a.Class != o.Class || a.UncertaintyM > o.UncertaintyM {
		return true
	}
	if o.Incomplete() || a.Incomplete() {
		return o.Incomplete() != a.Incomplete() || a.Place != o.Place || a.Sector != o.Sector ||
			!bandWithin(a.Band, o.Band) || !windowWithin(a.Kind, a.Window, o.Window)
	}
	left := maxCovers
	for i := range a.Volumes {
		if !covered(a.Kind, &a.Volumes[i], i, o.Volumes, &left) {
			return true
		}
	}
	return false
}

// covered reports whether one of old surely covers v, looking first at the one in the same place.
func covered(k Kind, v *geo4d.Volume, i int, old []geo4d.Volume, left *int) bool {
	covers := func(o *geo4d.Volume) bool {
		if !windowWithin(k, v.Window, o.Window) || !bandWithin(v.Band, o.Band) {
			return false
		}
		if reflect.DeepEqual(v.Shape, o.Shape) {
			return true
		}
		*left -= 1 + geo4d.Vertices(o.Shape)*geo4d.Vertices(v.Shape)
		return *left >= 0 && geo4d.Covers(o.Shape, v.Shape)
	}
	if i < len(old) && covers(&old[i]) {
		return true
	}
	for j := range old {
		if j != i && covers(&old[j]) {
			return true
		}
	}
	return false
}

// windowWithin reports whether inner lies within outer. A site's end does not count: it has none.
func windowWithin(k Kind, inner, outer geo4d.Window) bool {
	if inner.Start.Before(outer.Start) {
		return false
	}
	return k == Site || outer.End.IsZero() || !inner.End.IsZero() && !inner.End.After(outer.End)
}

// bandWithin reports whether inner surely lies within outer: bounds over different surfaces are
// not compared.
func bandWithin(inner, outer geo4d.Band) bool {
	within := func(in, out *geo4d.Altitude, sign float64) bool {
		switch {
		case out == nil:
			return true
		case in == nil || in.Reference != out.Reference:
			return false
		case *in == *out:
			return true
		}
		return sign*in.Metres() <= sign*out.Metres()
	}
	return within(inner.Lower, outer.Lower, -1) && within(inner.Upper, outer.Upper, 1)
}
