package geo4d

import "math"

// footM is the international foot.
const footM = 0.3048

// Metres returns the altitude in metres over its own reference. A flight level is 100 ft.
func (a Altitude) Metres() float64 {
	if ft, ok := a.feet(); ok {
		return ft * footM
	}
	return a.Value
}

// feet returns an altitude that is given in feet or flight levels.
func (a Altitude) feet() (ft float64, ok bool) {
	switch a.Unit {
	case Feet:
		return a.Value, true
	case FlightLevel:
		return a.Value * 100, true
	}
	return 0, false
}

// over returns how many metres lie between two altitudes over one reference. Those in feet are
// subtracted as feet: as metres, FL 140 would lie 609.5999999999995 m over FL 120, and 2,000 ft are
// 609.6.
func (a *Altitude) over(b *Altitude) float64 {
	if aFt, ok := a.feet(); ok {
		if bFt, ok := b.feet(); ok {
			return (aFt - bFt) * footM
		}
	}
	return a.Metres() - b.Metres()
}

// The margin between a pressure altitude and a height above mean sea level.
//
// Pressure: with mean sea level at 950 hPa or 1050 hPa, the range of an altimeter's subscale, the
// 1013.25 hPa surface lies 540 m below or 302 m above mean sea level in the standard atmosphere
// (ICAO Doc 7488: H = 44330.77 m (1 - (p/1013.25)^0.190263)). Temperature: the layer above it is
// thicker or thinner by 4 % for 10 °C of its mean temperature (ICAO Doc 8168, correction for low
// temperatures); 10 % each way is a column 25 °C from the standard. Observed heights of the 850,
// 500 and 200 hPa surfaces, about 1000-1700, 4700-6000 and 10500-12600 m, lie inside.
const (
	pressureBelowM = 540.0
	pressureAboveM = 302.0
	pressureShare  = 0.10
)

// reach is what a bound may be in metres over one surface. near and sure are the same range with
// and without what is only a margin.
type reach struct {
	lo, hi    float64
	uncertain bool // the range is a margin, not a matter of place
}

// overGeoid returns a bound in metres AMSL. Only AMSL, FL and AGL have one.
func overGeoid(a *Altitude, t Terrain) reach {
	m := a.Metres()
	switch a.Reference {
	case FL:
		d := pressureShare * math.Abs(m)
		return reach{m - pressureBelowM - d, m + pressureAboveM + d, true}
	case AGL:
		if !t.Known {
			return reach{math.Inf(-1), math.Inf(1), true}
		}
		return reach{t.MinM + m, t.MaxM + m, true}
	}
	return reach{m, m, false}
}

// overEllipsoid returns a bound in metres over the ellipsoid, anywhere in a range of undulations.
func overEllipsoid(a *Altitude, t Terrain, undulation func() [2]float64) reach {
	if a.Reference == W84 {
		m := a.Metres()
		return reach{m, m, false}
	}
	r := overGeoid(a, t)
	u := undulation()
	return reach{r.lo + u[0], r.hi + u[1], r.uncertain}
}

// climb is how far lower lies above upper: the least and the most that it can be.
type climb struct {
	least, most float64
	uncertain   bool
}

// climbOf compares the lower bound of one band with the upper bound of another.
func climbOf(lower, upper *Altitude, t Terrain, uLower, uUpper func() [2]float64) climb {
	if lower == nil || upper == nil {
		return climb{math.Inf(-1), math.Inf(-1), false}
	}
	if lower.Reference == upper.Reference && lower.Reference != AGL {
		d := lower.over(upper)
		return climb{d, d, false}
	}
	var l, u reach
	if lower.Reference == W84 || upper.Reference == W84 {
		l, u = overEllipsoid(lower, t, uLower), overEllipsoid(upper, t, uUpper)
	} else {
		l, u = overGeoid(lower, t), overGeoid(upper, t)
	}
	return climb{l.lo - u.hi, l.hi - u.lo, l.uncertain || u.uncertain}
}

// Vertical returns the gap between two bands over the places of two shapes: the least that it may
// be. Bounds with the same reference, unless that is the ground, are compared as given. A height
// AMSL and one over the ellipsoid are compared with the undulations of the places of the first; a
// pressure altitude and a height, with the margin at pressureBelowM; a height above ground lies
// anywhere between the lowest and highest ground, and separates nothing where the ground is not
// known. uncertain says that a margin or the ground, not the bands alone, decided the result.
func Vertical(a, b Band, overA, overB *Prepared, t Terrain) (gapM float64, overlap, uncertain bool) {
	uA, uB := undulationOver(overA, overB), undulationOver(overB, overA)
	up := climbOf(a.Lower, b.Upper, t, uA, uB)
	down := climbOf(b.Lower, a.Upper, t, uB, uA)
	gap := math.Max(up.least, down.least)
	most := math.Max(up.most, down.most)
	uncertain = (up.uncertain && up.most > 0 || down.uncertain && down.most > 0) && most > math.Max(gap, 0)
	if gap <= touchM {
		return 0, true, uncertain
	}
	return gap, false, uncertain
}

// ClimbBounds returns the least and the most that Vertical can take a lower bound of one band to lie
// above an upper bound of another, whatever the places of the two.
func ClimbBounds(lower, upper Altitude, t Terrain) (leastM, mostM float64) {
	widest := func() [2]float64 { return anyUndulation }
	narrowest := func() [2]float64 { return [2]float64{anyUndulation[1], anyUndulation[0]} }
	return climbOf(&lower, &upper, t, widest, widest).least, climbOf(&lower, &upper, t, narrowest, narrowest).least
}

// nearbyDeg is how far round the other shape, in degrees of latitude, an undulation counts when a
// shape is wide: over 100 km, more than any separation.
const nearbyDeg = 1.0

// undulationOver returns the range of undulations over a shape, or over the part of it that is
// near another where the two lie near each other.
func undulationOver(p, near *Prepared) func() [2]float64 {
	return func() [2]float64 {
		all := p.undul()
		if all[1]-all[0] < 0.5 {
			return all
		}
		if b, ok := p.Bounds().common(near.Bounds().widened(nearbyDeg)); ok {
			return undulationRange(b)
		}
		return all
	}
}

// widened returns the box with deg of latitude added on each side, in all directions.
func (b Box) widened(deg float64) Box {
	s, n := b.SouthDeg-deg, b.NorthDeg+deg
	if s <= -89 || n >= 89 {
		return Box{-180, math.Max(-90, s), 180, math.Min(90, n)}
	}
	d := deg / math.Cos(math.Max(math.Abs(s), math.Abs(n))*math.Pi/180)
	if b.width()+2*d >= 360 {
		return Box{-180, s, 180, n}
	}
	return Box{wrapLon(b.WestDeg - d), s, wrapLon(b.EastDeg + d), n}
}

func (b Box) width() float64 {
	if b.EastDeg < b.WestDeg {
		return b.EastDeg - b.WestDeg + 360
	}
	return b.EastDeg - b.WestDeg
}

// common returns a box that holds all that b and c share, and false where they share nothing.
func (b Box) common(c Box) (Box, bool) {
	out := Box{b.WestDeg, math.Max(b.SouthDeg, c.SouthDeg), b.EastDeg, math.Min(b.NorthDeg, c.NorthDeg)}
	if out.SouthDeg > out.NorthDeg {
		return out, false
	}
	west, east := c.WestDeg-b.WestDeg, 0.0
	if west = math.Mod(west+720, 360); west+c.width() >= 360 {
		// c reaches round to b's western side: b's whole width is kept, which may be more than
		// they share but never less.
		return out, true
	}
	if west > b.width() {
		return out, false
	}
	east = math.Min(b.width(), west+c.width())
	out.WestDeg, out.EastDeg = wrapLon(b.WestDeg+west), wrapLon(b.WestDeg+east)
	return out, true
}

// ClimbToClear returns by how much band a must be raised, as Band.Raised does, to lie a gap of
// separationM above b, by what Vertical then says: +Inf where no climb does. A millimetre less does
// not do. Where separationM is 0 it must be raised by more.
func ClimbToClear(a, b Band, overA, overB *Prepared, t Terrain, separationM float64) float64 {
	return toClear(a.Lower, b.Upper, +1, separationM, func(lower *Altitude) float64 {
		return climbOf(lower, b.Upper, t, undulationOver(overA, overB), undulationOver(overB, overA)).least
	})
}

// DescentToClear is ClimbToClear downwards: band a must be raised by as much less than 0.
func DescentToClear(a, b Band, overA, overB *Prepared, t Terrain, separationM float64) float64 {
	return toClear(a.Upper, b.Lower, -1, separationM, func(upper *Altitude) float64 {
		return climbOf(b.Lower, upper, t, undulationOver(overB, overA), undulationOver(overA, overB)).least
	})
}

// toClear moves a bound until the gap is wide enough. A pressure altitude's margin grows with it,
// so one step may not do; each leaves at most a ninth of what was missing. What is then still missing
// is rounding, in the bound's own unit.
func toClear(move, other *Altitude, sign, separationM float64, gap func(*Altitude) float64) float64 {
	if move == nil || other == nil {
		return math.Inf(1)
	}
	moved := 0.0
	for i := range 60 {
		g := gap(Band{Lower: move}.Raised(sign * moved).Lower)
		missing := separationM - g
		if math.IsInf(g, 0) {
			return math.Inf(1)
		}
		if missing <= 0 && (missing >= -1e-6 || i >= 30) {
			break
		}
		if math.Abs(missing) < 1e-9 {
			missing = 1e-9
		}
		moved += missing
	}
	return moved
}
