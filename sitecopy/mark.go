package sitecopy

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"math"

	"parley/fault"
	"parley/geo4d"
)

const (
	// MaxShiftM is how far from its true place a copy may have a site.
	MaxShiftM = 50
	// GrowM is by how much every shape of a copy is larger on all sides. What it is more than
	// MaxShiftM covers rounding (1 cm) and that the ellipsoid is no sphere (5 cm in a shape of
	// 1,000 km).
	GrowM = 51
	// spareM is what of that must be left when a shape was moved.
	spareM = 0.5
)

// Key is a node's secret, from which all marks follow.
type Key [32]byte

// Mark is how a copy moves a site.
type Mark struct {
	BearingDeg float64
	DistanceM  float64
}

// Mark returns the mark of a site in a copy.
func (k Key) Mark(copyID, siteID string) Mark {
	h := hmac.New(sha256.New, k[:])
	h.Write([]byte("parley/site-copy/v1"))
	for _, s := range []string{copyID, siteID} {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(s))))
		h.Write([]byte(s))
	}
	sum := h.Sum(nil)
	part := func(b []byte) float64 { return float64(binary.BigEndian.Uint64(b)>>11) / (1 << 53) }
	return Mark{BearingDeg: 360 * part(sum), DistanceM: MaxShiftM * math.Sqrt(part(sum[8:]))}
}

// Spot returns the place by which a site is known: the first position of its first shape. The whole
// earth has none.
func Spot(shapes []geo4d.Shape) (geo4d.Position, bool) {
	if len(shapes) == 0 {
		return geo4d.Position{}, false
	}
	return first(shapes[0])
}

func first(s geo4d.Shape) (geo4d.Position, bool) {
	switch s := s.(type) {
	case geo4d.Circle:
		return s.Center, true
	case geo4d.Corridor:
		if len(s.Line) > 0 {
			return s.Line[0], true
		}
	case geo4d.Polygon:
		if len(s.Rings) > 0 && len(s.Rings[0]) > 0 {
			return s.Rings[0][0], true
		}
	case geo4d.Multi:
		if len(s.Parts) > 0 {
			return first(s.Parts[0])
		}
	}
	return geo4d.Position{}, false
}

// Apply returns what a copy has of a valid shape: shapes that together hold all of it. A polygon is
// moved, and has corridors along its rings beside it.
func (m Mark) Apply(s geo4d.Shape) ([]geo4d.Shape, error) {
	if !(m.DistanceM >= 0 && m.DistanceM <= MaxShiftM) {
		return nil, fault.Newf(fault.Internal, "sitecopy", "a mark moves by %g m, and at most by %d", m.DistanceM, MaxShiftM)
	}
	anchor, ok := first(s)
	if !ok { // the whole earth holds itself
		return []geo4d.Shape{s}, nil
	}
	moved, err := geo4d.ShiftAbout(s, anchor, m.BearingDeg, m.DistanceM)
	if err != nil {
		return nil, err
	}
	moved = rounded(moved)
	if err := near(s, moved); err != nil {
		return nil, err
	}
	out := grown(moved)
	for _, o := range out {
		if err := geo4d.ValidateShape(o); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// rounded writes the centres of circles with 7 decimals, which moves them by less than 1 cm.
func rounded(s geo4d.Shape) geo4d.Shape {
	switch s := s.(type) {
	case geo4d.Circle:
		round := func(deg float64) float64 { return math.Round(deg*1e7) / 1e7 }
		return geo4d.Circle{Center: geo4d.Position{LonDeg: round(s.Center.LonDeg), LatDeg: round(s.Center.LatDeg)}, RadiusM: s.RadiusM}
	case geo4d.Multi:
		out := geo4d.Multi{Parts: make([]geo4d.Shape, len(s.Parts))}
		for i, p := range s.Parts {
			out.Parts[i] = rounded(p)
		}
		return out
	}
	return s
}

// near refuses a shape of which a position was moved by more than the growth makes up for.
func near(from, to geo4d.Shape) error {
	a, b := positions(nil, from), positions(nil, to)
	for i := range a {
		if d, _, _ := geo4d.Inverse(a[i], b[i]); !(d <= GrowM-spareM) {
			return fault.Newf(fault.Internal, "sitecopy", "a position was moved by %g m, and shapes grow by %d", d, GrowM)
		}
	}
	return nil
}

func positions(out []geo4d.Position, s geo4d.Shape) []geo4d.Position {
	switch s := s.(type) {
	case geo4d.Circle:
		out = append(out, s.Center)
	case geo4d.Corridor:
		out = append(out, s.Line...)
	case geo4d.Polygon:
		for _, r := range s.Rings {
			out = append(out, r...)
		}
	case geo4d.Multi:
		for _, p := range s.Parts {
			out = positions(out, p)
		}
	}
	return out
}

// grown returns shapes that together are a shape grown by GrowM, or more by less than 10 cm.
func grown(s geo4d.Shape) []geo4d.Shape {
	grow := func(m float64) float64 { return math.Ceil((m+GrowM)*10) / 10 }
	switch s := s.(type) {
	case geo4d.Circle:
		return []geo4d.Shape{geo4d.Circle{Center: s.Center, RadiusM: grow(s.RadiusM)}}
	case geo4d.Corridor:
		return []geo4d.Shape{geo4d.Corridor{Line: s.Line, HalfWidthM: grow(s.HalfWidthM)}}
	case geo4d.Polygon:
		return append([]geo4d.Shape{s}, edges(s)...)
	case geo4d.Multi:
		return grownParts(s)
	}
	return []geo4d.Shape{s}
}

// grownParts keeps the parts of a Multi together as far as they stay alike.
func grownParts(s geo4d.Multi) []geo4d.Shape {
	var areas, rest []geo4d.Shape
	for _, p := range s.Parts {
		if _, ok := p.(geo4d.Polygon); ok {
			areas = append(areas, p)
			rest = append(rest, edges(p.(geo4d.Polygon))...)
			continue
		}
		rest = append(rest, grown(p)...)
	}
	out := []geo4d.Shape{geo4d.Multi{Parts: rest}}
	if len(areas) > 0 {
		out = append([]geo4d.Shape{geo4d.Multi{Parts: areas}}, out...)
	}
	return out
}

// edges returns corridors along the rings of a polygon.
func edges(p geo4d.Polygon) []geo4d.Shape {
	var out []geo4d.Shape
	for _, r := range p.Rings {
		out = append(out, geo4d.Corridor{Line: r, HalfWidthM: GrowM})
	}
	return out
}
