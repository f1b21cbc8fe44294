package geo4d

// Raised returns the band byM metres higher, or lower where that is negative, each bound in its own
// unit and over its own reference.
func (b Band) Raised(byM float64) Band {
	up := func(a *Altitude) *Altitude {
		if a == nil {
			return nil
		}
		out := *a
		out.Value += byM / Altitude{Value: 1, Unit: a.Unit}.Metres()
		return &out
	}
	return Band{Lower: up(b.Lower), Upper: up(b.Upper)}
}

// SharedBand returns the altitudes that two bands share over the places of two shapes: from the
// higher of the lower bounds to the lower of the upper bounds, each as its author gave it. Bands that
// do not overlap share none: then what is returned lies between them, its lower bound above its
// upper. Where bounds over different references may be either way round, the one is taken that more
// of the range speaks for, which is never less than what they share; a height over ground that is
// not known gives way to any other.
func SharedBand(a, b Band, overA, overB *Prepared, t Terrain) Band {
	uA, uB := undulationOver(overA, overB), undulationOver(overB, overA)
	out := Band{Lower: a.Lower, Upper: a.Upper}
	if b.Lower != nil && (a.Lower == nil || higher(b.Lower, a.Lower, t, uB, uA)) {
		out.Lower = b.Lower
	}
	if b.Upper != nil && (a.Upper == nil || higher(a.Upper, b.Upper, t, uA, uB)) {
		out.Upper = b.Upper
	}
	return out
}

// higher says whether one altitude lies above another.
func higher(a, b *Altitude, t Terrain, uA, uB func() [2]float64) bool {
	if a.Reference == b.Reference {
		return a.Metres() > b.Metres()
	}
	if !t.Known && (a.Reference == AGL || b.Reference == AGL) {
		return b.Reference == AGL
	}
	c := climbOf(a, b, t, uA, uB)
	return c.least+c.most > 0
}
