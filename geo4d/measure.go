package geo4d

import "time"

// Lateral returns the distance on the ellipsoid between two valid shapes, 0 where they overlap or
// touch, and the closest position of each; where they overlap, both positions are a common one.
func Lateral(a, b Shape) (gapM float64, overlap bool, pa, pb Position) {
	g := Prepare(a).Gap(Prepare(b), noLimit)
	return g.M, g.Overlap, g.A, g.B
}

// Measure returns the gap between two valid volumes in each dimension.
func Measure(a, b *Volume, t Terrain) Gap {
	g, _, _ := MeasurePrepared(a, b, Prepare(a.Shape), Prepare(b.Shape), t)
	return g
}

// MeasurePrepared is Measure for volumes whose shapes are prepared, with the closest positions.
func MeasurePrepared(a, b *Volume, pa, pb *Prepared, t Terrain) (g Gap, atA, atB Position) {
	l := pa.Gap(pb, noLimit)
	g.LateralM, g.LateralOverlap = l.M, l.Overlap
	g.VerticalM, g.VerticalOverlap, g.VerticalUncertain = Vertical(a.Band, b.Band, pa, pb, t)
	g.Time, g.TimeOverlap = TimeGap(a.Window, b.Window)
	return g, l.A, l.B
}

// TimeGap returns how long passes between two windows, and whether they share an instant. Windows
// are half-open: one that ends when the other starts has gap 0 and does not overlap it.
func TimeGap(a, b Window) (time.Duration, bool) {
	aFirst := !a.End.IsZero() && !a.End.After(b.Start)
	bFirst := !b.End.IsZero() && !b.End.After(a.Start)
	switch {
	case aFirst:
		return b.Start.Sub(a.End), false
	case bFirst:
		return a.Start.Sub(b.End), false
	}
	return 0, true
}

// TooNear says whether a gap does not keep a separation: in place, in altitude and in time at
// once, the two overlap or the gap is smaller than the separation. For place the separation
// grows by uncertaintyM, the sum of both stated uncertainties.
func TooNear(g Gap, s Separation, uncertaintyM float64) bool {
	return TooNearInPlace(g, s, uncertaintyM) && TooNearInAltitude(g, s) && TooNearInTime(g, s)
}

// TooNearInPlace is the part of TooNear that looks at place.
func TooNearInPlace(g Gap, s Separation, uncertaintyM float64) bool {
	return g.LateralOverlap || g.LateralM < s.LateralM+uncertaintyM
}

// TooNearInAltitude is the part of TooNear that looks at altitude.
func TooNearInAltitude(g Gap, s Separation) bool {
	return s.AnyAltitude || g.VerticalOverlap || g.VerticalM < s.VerticalM
}

// TooNearInTime is the part of TooNear that looks at time.
func TooNearInTime(g Gap, s Separation) bool {
	return g.TimeOverlap || g.Time < s.Time
}
