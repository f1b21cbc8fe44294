package propose

import (
	"math"

	"parley/geo4d"
)

// core is what of a shape lies within a distance of some of its positions or lines: all of a circle
// or a corridor, and the disc round its anchor that a polygon has room for.
type core struct {
	middle  *geo4d.Prepared // nil: the shape has none
	radiusM float64
}

// coreOf returns the core of a shape that was made ready.
func coreOf(s geo4d.Shape, ready *geo4d.Prepared) core {
	switch s := s.(type) {
	case geo4d.Circle:
		return core{geo4d.Prepare(geo4d.Circle{Center: s.Center}), s.RadiusM}
	case geo4d.Corridor:
		return core{geo4d.Prepare(geo4d.Corridor{Line: s.Line}), s.HalfWidthM}
	case geo4d.Polygon:
		var edge geo4d.Multi
		for _, ring := range s.Rings {
			edge.Parts = append(edge.Parts, geo4d.Corridor{Line: ring})
		}
		middle := geo4d.Prepare(geo4d.Circle{Center: geo4d.Anchor(s)})
		if !ready.Gap(middle, 0).Overlap {
			return core{}
		}
		return core{middle, geo4d.Prepare(edge).Gap(middle, math.Inf(1)).M}
	case geo4d.Multi:
		if len(s.Parts) > 0 {
			return coreOf(s.Parts[0], geo4d.Prepare(s.Parts[0]))
		}
	}
	return core{}
}

// depthM returns how deep two cores lie in each other: the shapes overlap until their distance has
// changed by as much. A shift leaves a core a core, but for what swellM counts.
func depthM(a, b core) float64 {
	if a.middle == nil || b.middle == nil {
		return 0
	}
	gap := a.middle.Gap(b.middle, a.radiusM+b.radiusM)
	if gap.Beyond {
		return 0
	}
	return math.Max(0, a.radiusM+b.radiusM-gap.M)
}
