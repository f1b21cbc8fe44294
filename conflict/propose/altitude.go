package propose

import (
	"math"

	"parley/geo4d"
)

// altitudeWays returns the ways in altitude.
func (s *search) altitudeWays(allowed bool) []*way {
	unit, ok := s.unit()
	switch {
	case !allowed:
		return waysOf(Altitude, NotAllowed, Up, Down)
	case !ok:
		return waysOf(Altitude, Immovable, Up, Down)
	}
	near := s.near(func(v *geo4d.Volume) { v.Band = geo4d.Band{} }, 0)
	up, down := s.altitudeWay(Up, +1, unit), s.altitudeWay(Down, -1, unit)
	up.learn(near)
	down.learn(near)
	return []*way{up, down}
}

// unit returns the unit of a step: flight levels before feet before metres, of those that the item's
// bounds are in. It reports false where no bound is stated.
func (s *search) unit() (unit geo4d.Unit, ok bool) {
	for i := range s.it.Volumes {
		b := s.it.Volumes[i].Band
		for _, a := range [2]*geo4d.Altitude{b.Lower, b.Upper} {
			switch {
			case a == nil:
			case !ok || a.Unit == geo4d.FlightLevel || a.Unit == geo4d.Feet && unit == geo4d.Metres:
				unit, ok = a.Unit, true
			}
		}
	}
	return unit, ok
}

func (s *search) altitudeWay(d Direction, sign float64, unit geo4d.Unit) *way {
	g := s.config.Grid
	step := Change{Value: sign * g.AltitudeM, Unit: unit}
	switch unit {
	case geo4d.FlightLevel:
		step.Value = sign * g.AltitudeFL
	case geo4d.Feet:
		step.Value = sign * g.AltitudeFt
	}
	by := func(n int) Change { return Change{Value: float64(n) * step.Value, Unit: unit} }
	w := &way{kind: Altitude, direction: d, first: 1, to: s.altitudeSteps(sign, by)}
	w.stepper = &forbidden{
		of: func(p *pair) (steps, bool) { return s.bandSteps(p, sign, w.to, by) },
		to: func(n int) Move { return Move{Altitude: by(n)} },
	}
	return w
}

// roundingM is more than what feet lose as metres.
const roundingM = 1e-6

// altitudeSteps returns how many steps lie within the bounds.
func (s *search) altitudeSteps(sign float64, by func(int) Change) int {
	b := s.config.Bounds
	mostM := b.UpM
	if sign < 0 {
		mostM = b.DownM
	}
	within := func(n int) bool {
		if math.Abs(by(n).Metres()) > mostM+roundingM {
			return false
		}
		for i := range s.it.Volumes {
			band := by(n).raise(s.it.Volumes[i].Band)
			for _, a := range [2]*geo4d.Altitude{band.Lower, band.Upper} {
				if a != nil && (sign > 0 && a.Metres() > b.CeilingM+roundingM || sign < 0 && a.Metres() < b.FloorM-roundingM) {
					return false
				}
			}
		}
		return true
	}
	low, high := 0, whole(mostM/math.Abs(by(1).Metres()))+2
	for high-low > 1 { // within(low) or low is 0, and not within(high)
		if mid := (low + high) / 2; within(mid) {
			low = mid
		} else {
			high = mid
		}
	}
	return low
}

// bandSteps returns the steps up to another with which the item's band is too near the other one of a
// pair. They are one range: raising a band makes the gap over the other grow, and the gap under it
// shrink. Where it ends follows from geo4d's moves, and is decided by the gap itself.
func (s *search) bandSteps(p *pair, sign float64, to int, by func(int) Change) (steps, bool) {
	over := s.shapes[p.a]
	a, b, t := s.it.Volumes[p.a].Band, p.volume().Band, s.conflict.Terrain
	near := func(n int) bool { return s.nearInAltitude(p, by(n).raise(a), over) }
	out := steps{from: 1, to: to}
	if !p.sep.AnyAltitude {
		most := geo4d.ClimbToClear(a, b, over, p.shape, t, p.sep.VerticalM)
		least := -geo4d.DescentToClear(a, b, over, p.shape, t, p.sep.VerticalM)
		if sign < 0 {
			least, most = -most, -least
		}
		step := math.Abs(by(1).Metres())
		out.from, out.to = max(1, whole(math.Floor(least/step)+1)), min(to, whole(math.Ceil(most/step)-1))
	}
	for out.from > 1 && near(out.from-1) {
		out.from--
	}
	for out.from <= out.to && !near(out.from) {
		out.from++
	}
	for out.to < to && near(out.to+1) {
		out.to++
	}
	for out.to >= out.from && !near(out.to) {
		out.to--
	}
	return out, out.from <= out.to
}
