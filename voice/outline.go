package voice

import (
	"math"

	"parley/geo4d"
)

const (
	edgeSteps   = 32 // between two corners, where outlines are held against each other
	circleSteps = 72
	// thinM is the half width of a line that stands for an outline, and the radius of a circle that
	// stands for a place: less than what is compared by far.
	thinM = 1e-3
)

// outlinesApart returns the largest distance from the outline of either volume to that of the other,
// and where on the outline of the one that was told it is, as far as it can be told. Outlines are looked
// at in edgeSteps places between two corners and in circleSteps round a circle. ok is false where
// either has no outline that can be measured.
//
// The outline of a corridor is taken as its line, and the difference of the half widths is added: that
// is the most by which the outlines can be apart.
func outlinesApart(told, read *Volume) (farM float64, at geo4d.Position, ok bool) {
	a, b := outlineOf(told), outlineOf(read)
	if a == nil || b == nil {
		return 0, at, false
	}
	farM, at = a.farthestFrom(b)
	if back, _ := b.farthestFrom(a); back > farM {
		farM = back
	}
	return farM + math.Abs(told.HalfWidthM-read.HalfWidthM), at, true
}

// outline is the outline of a volume on the ground: a circle, or a line through its corners.
type outline struct {
	middle  geo4d.Position
	radiusM float64 // of a circle
	corners []geo4d.Position
	line    *geo4d.Prepared
}

func outlineOf(v *Volume) *outline {
	if len(v.Positions) == 1 {
		if geo4d.ValidateShape(geo4d.Circle{Center: v.Positions[0], RadiusM: thinM}) != nil {
			return nil
		}
		return &outline{middle: v.Positions[0], radiusM: v.RadiusM}
	}
	if len(v.Positions) == 0 {
		return nil
	}
	corners := append([]geo4d.Position(nil), v.Positions...)
	if v.HalfWidthM == 0 {
		corners = append(corners, corners[0])
	}
	line := geo4d.Corridor{Line: corners, HalfWidthM: thinM}
	if geo4d.ValidateShape(line) != nil {
		return nil
	}
	return &outline{corners: corners, line: geo4d.Prepare(line)}
}

// distanceM returns the distance from a place to the outline.
func (o *outline) distanceM(p geo4d.Position) float64 {
	if o.line == nil {
		d, _, _ := geo4d.Inverse(o.middle, p)
		return math.Abs(d - o.radiusM)
	}
	return geo4d.Prepare(geo4d.Circle{Center: p, RadiusM: thinM}).Gap(o.line, math.Inf(1)).M
}

// farthestFrom returns how far the outline goes from another, and where.
func (o *outline) farthestFrom(other *outline) (farM float64, at geo4d.Position) {
	farM = -1
	look := func(p geo4d.Position) {
		if d := other.distanceM(p); !(d <= farM) {
			farM, at = d, p
		}
	}
	if o.line == nil {
		look(o.middle)
		if o.radiusM == 0 {
			return farM, at
		}
		farM = -1
		for i := range circleSteps {
			p, _ := geo4d.Direct(o.middle, 360*float64(i)/circleSteps, o.radiusM)
			look(p)
		}
		return farM, at
	}
	for i := 1; i < len(o.corners); i++ {
		d, azimuth, _ := geo4d.Inverse(o.corners[i-1], o.corners[i])
		for step := range edgeSteps {
			p, _ := geo4d.Direct(o.corners[i-1], azimuth, d*float64(step)/edgeSteps)
			look(p)
		}
	}
	look(o.corners[len(o.corners)-1])
	return farM, at
}

// middleOf returns the middle of a volume's positions and how far they lie from it, with the radius or
// half width.
func middleOf(v *Volume) (geo4d.Position, float64) {
	if len(v.Positions) == 1 {
		return v.Positions[0], v.RadiusM
	}
	middle := geo4d.Anchor(geo4d.Corridor{Line: v.Positions, HalfWidthM: 1})
	return middle, farthest(middle, v.Positions) + v.HalfWidthM
}

// aligned returns the positions that were read, turned so that they lie as near as can be to those that
// were told: an area may be read from any corner and either way round, a line from either end. Both
// have as many.
func aligned(told, read []geo4d.Position, ring bool) []geo4d.Position {
	n := len(told)
	turns := 1
	if ring {
		turns = n
	}
	best := read // where a position is none, no turn is nearest
	least := math.Inf(1)
	try := make([]geo4d.Position, n)
	for _, back := range []bool{false, true} {
		for turn := range turns {
			sum := 0.0
			for i := range n {
				j := i
				if back {
					j = n - 1 - i
				}
				try[i] = read[(j+turn)%n]
				d, _, _ := geo4d.Inverse(told[i], try[i])
				sum += d
			}
			if sum < least {
				least, best = sum, append([]geo4d.Position(nil), try...)
			}
		}
	}
	return best
}
