package geo4d

import (
	"errors"
	"fmt"
	"math"
	"strconv"

	"parley/fault"
)

// Bounds on what a volume may be.
const (
	// MaxVertices is how many positions the shapes of one notice may have.
	MaxVertices = 10_000
	// MaxRadiusM is half the length of a meridian: a circle with it covers the earth.
	MaxRadiusM = 20_003_931.458
	// MaxEdgeM is the longest edge. Between places nearly opposite each other the shortest path
	// jumps from one side of the earth to the other, and may not be unique.
	MaxEdgeM = 19_900e3
	// MaxRingRadiusM is how far from its middle a ring may reach, so that its inside is beyond
	// doubt: less than a quarter of the earth's circumference.
	MaxRingRadiusM = 8_900e3
	// MinAltitudeM and MaxAltitudeM bound an altitude.
	MinAltitudeM = -12e3
	MaxAltitudeM = 1e6

	maxFaults = 20 // errors reported at once
)

// Validate returns every rule that a volume breaks, fields named as in a plan feature.
func Validate(v Volume) error {
	c := &checker{}
	c.shape(v.Shape)
	c.window(v.Window)
	c.band(v)
	return errors.Join(c.errs...)
}

// ValidateShape returns every rule that a shape breaks, fields named as in a plan feature.
func ValidateShape(s Shape) error {
	c := &checker{}
	c.shape(s)
	return errors.Join(c.errs...)
}

// checker gathers errors.
type checker struct{ errs []error }

func (c *checker) refuse(field, value, rule, hint string) {
	if len(c.errs) < maxFaults {
		c.errs = append(c.errs, fault.New(field, value, rule, hint))
	}
}

const coordinates = "geometry.coordinates"

func index(field string, i int) string { return field + "[" + strconv.Itoa(i) + "]" }

func number(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }

func (c *checker) shape(s Shape) {
	if n := Vertices(s); n > MaxVertices {
		c.errs = append(c.errs, &fault.Error{Code: fault.TooLarge, Field: "geometry", Value: fmt.Sprintf("%d positions", n),
			Rule: fmt.Sprintf("must have at most %d positions", MaxVertices), Hint: "simplify the shape, outwards"})
		return
	}
	m, ok := s.(Multi)
	if !ok {
		c.part(s, coordinates)
		return
	}
	if len(m.Parts) == 0 {
		c.refuse(coordinates, "[]", "has no parts", "give at least one")
		return
	}
	for i, part := range m.Parts {
		if !alike(m.Parts[0], part) {
			c.refuse(index(coordinates, i), "", "is not like the first part: the parts of one shape are all circles of one radius, all corridors of one half width, or all polygons", "make a volume of each")
			return
		}
		c.part(part, index(coordinates, i))
	}
}

func alike(a, b Shape) bool {
	switch a := a.(type) {
	case Circle:
		b, ok := b.(Circle)
		return ok && a.RadiusM == b.RadiusM
	case Corridor:
		b, ok := b.(Corridor)
		return ok && a.HalfWidthM == b.HalfWidthM
	case Polygon:
		_, ok := b.(Polygon)
		return ok
	}
	return false
}

func (c *checker) part(s Shape, field string) {
	switch s := s.(type) {
	case Circle:
		c.position(field, s.Center)
		c.radius("properties.radius_m", s.RadiusM)
	case Corridor:
		c.radius("properties.half_width_m", s.HalfWidthM)
		c.corridor(field, s)
	case Polygon:
		c.polygon(field, s)
	case Earth:
	default:
		c.refuse("geometry", fmt.Sprintf("%T", s), "is not a shape", "give a Point with radius_m, a LineString with half_width_m, a Polygon, a Multi- of one of these, or whole_earth")
	}
}

func (c *checker) radius(field string, m float64) {
	switch {
	case !(m > 0): // NaN too
		c.refuse(field, number(m), "must be more than 0", "give metres, as 9260 for 5 NM")
	case m > MaxRadiusM:
		c.refuse(field, number(m), "is more than half the earth", "give metres; for the whole earth give a null geometry and whole_earth")
	}
}

// position refuses what is no position and says whether it is one.
func (c *checker) position(field string, p Position) bool {
	lonOK, latOK := math.Abs(p.LonDeg) <= 180, math.Abs(p.LatDeg) <= 90
	if lonOK && latOK {
		return true
	}
	value := "[" + number(p.LonDeg) + ", " + number(p.LatDeg) + "]"
	switch {
	case lonOK && math.Abs(p.LatDeg) <= 180 && math.Abs(p.LonDeg) <= 90:
		c.refuse(field, value, "has a latitude outside -90 to 90",
			"GeoJSON puts longitude first; swapped, ["+number(p.LatDeg)+", "+number(p.LonDeg)+"] would fit")
	case !latOK:
		c.refuse(field, value, "has a latitude outside -90 to 90", "give [longitude, latitude] in degrees")
	case math.Abs(p.LonDeg) <= 360:
		c.refuse(field, value, "has a longitude outside -180 to 180",
			"write the same meridian as "+strconv.FormatFloat(math.Remainder(p.LonDeg, 360), 'g', 12, 64))
	default:
		c.refuse(field, value, "has a longitude outside -180 to 180", "give [longitude, latitude] in degrees")
	}
	return false
}

func (c *checker) positions(field string, line []Position) bool {
	ok := true
	for i, p := range line {
		ok = c.position(index(field, i), p) && ok
	}
	return ok
}

// edges refuses edges without a sure shortest path.
func (c *checker) edges(field string, line []Position) bool {
	for i := 1; i < len(line); i++ {
		if surelyWithin(line[i-1], line[i], MaxEdgeM) {
			continue
		}
		if d, _, _ := Inverse(line[i-1], line[i]); d > MaxEdgeM {
			c.refuse(index(field, i), fmt.Sprintf("%.0f km from the position before", d/1e3),
				fmt.Sprintf("must be at most %.0f km from it, or the shortest path is in doubt", MaxEdgeM/1e3), "put a position between them")
			return false
		}
	}
	return true
}

// surelyApart reports whether two positions are a micrometre apart or more, by their degrees.
func surelyApart(a, b Position) bool {
	return math.Abs(a.LatDeg-b.LatDeg) > 1e-9 ||
		math.Abs(math.Remainder(a.LonDeg-b.LonDeg, 360)) > 1e-9 && math.Abs(a.LatDeg) < 89
}

// surelyWithin reports whether two positions are nearer than m metres by the path along a meridian
// and a parallel: a degree of either is at most 111.7 km long.
func surelyWithin(a, b Position, m float64) bool {
	return math.Abs(a.LatDeg-b.LatDeg)+math.Abs(math.Remainder(a.LonDeg-b.LonDeg, 360)) < m/111.7e3
}

func (c *checker) corridor(field string, s Corridor) {
	if len(s.Line) < 2 {
		c.refuse(field, fmt.Sprintf("%d positions", len(s.Line)), "must have at least 2 positions", "for a single place give a Point with radius_m")
		return
	}
	if !c.positions(field, s.Line) {
		return
	}
	for _, p := range s.Line[1:] {
		if !samePlace(p, s.Line[0]) {
			c.edges(field, s.Line)
			return
		}
	}
	c.refuse(field, "", "is one place, not a line", "for a single place give a Point with radius_m")
}

// samePlace is whether two positions are one place, as [180, 0] and [-180, 0] are.
func samePlace(a, b Position) bool {
	if a == b {
		return true
	}
	if surelyApart(a, b) {
		return false
	}
	d, _, _ := Inverse(a, b)
	return d == 0
}

func (c *checker) window(w Window) {
	if w.Start.IsZero() || w.End.IsZero() {
		return
	}
	if !w.End.After(w.Start) {
		hint := "give the end after the start; a window past midnight ends on the next day"
		if w.End.Equal(w.Start) {
			hint = "a window that ends when it starts holds no time"
		}
		c.refuse("properties.end", FormatTime(w.End), "must be after start "+FormatTime(w.Start), hint)
	}
}

func (c *checker) band(v Volume) {
	ok := c.altitude("properties.lower", v.Band.Lower)
	ok = c.altitude("properties.upper", v.Band.Upper) && ok
	lo, up := v.Band.Lower, v.Band.Upper
	if !ok || lo == nil || up == nil {
		return
	}
	provable := false
	if lo.Reference == AGL && up.Reference == AGL {
		provable = lo.Metres() > up.Metres()
	} else {
		u := func() [2]float64 { return anyUndulation }
		rough := climbOf(lo, up, Terrain{}, u, u)
		provable = rough.least > 0
		if !provable && rough.most > 0 && len(c.errs) == 0 { // only the place can tell
			u = Prepare(v.Shape).undul
			provable = climbOf(lo, up, Terrain{}, u, u).least > 0
		}
	}
	if provable {
		c.refuse("properties.lower", lo.String(), "must not be above upper "+up.String(), "swap lower and upper")
	}
}

func (c *checker) altitude(field string, a *Altitude) bool {
	if a == nil {
		return true
	}
	before := len(c.errs)
	switch a.Unit {
	case Metres, Feet, FlightLevel:
	default:
		c.refuse(field+".unit", string(a.Unit), "must be m, ft or FL", "write the unit as one of these")
	}
	switch a.Reference {
	case W84, AMSL, AGL, FL:
	default:
		c.refuse(field+".reference", string(a.Reference), "must be W84, AMSL, AGL or FL", "write the surface that the altitude counts from")
	}
	if a.Unit == FlightLevel && a.Reference != FL {
		c.refuse(field+".reference", string(a.Reference), "must be FL where the unit is FL", "a flight level is a pressure altitude")
	}
	if m := a.Metres(); !(m >= MinAltitudeM && m <= MaxAltitudeM) {
		c.refuse(field+".value", number(a.Value), fmt.Sprintf("must lie between %.0f m and %.0f m", MinAltitudeM, MaxAltitudeM), "leave the bound out where it is open")
	}
	return len(c.errs) == before
}

// String writes an altitude as "FL240", "1500 ft AMSL".
func (a Altitude) String() string {
	if a.Unit == FlightLevel && a.Value == math.Trunc(a.Value) {
		return fmt.Sprintf("FL%03.0f", a.Value)
	}
	if a.Unit == FlightLevel {
		return "FL" + number(a.Value)
	}
	if a.Reference == FL {
		return number(a.Value) + " " + string(a.Unit) + " pressure altitude"
	}
	return number(a.Value) + " " + string(a.Unit) + " " + string(a.Reference)
}

// Vertices counts the positions of a shape.
func Vertices(s Shape) int {
	n := 0
	switch s := s.(type) {
	case Circle:
		n = 1
	case Corridor:
		n = len(s.Line)
	case Polygon:
		for _, r := range s.Rings {
			n += len(r)
		}
	case Multi:
		for _, part := range s.Parts {
			n += Vertices(part)
		}
	}
	return n
}
