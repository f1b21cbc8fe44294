package geo4d

import "time"

// Position is a place on the WGS 84 ellipsoid, in degrees; GeoJSON order, longitude first.
type Position struct {
	LonDeg, LatDeg float64
}

// Shape is a closed set of places on the WGS 84 ellipsoid: a Circle, a Polygon, a Corridor, a
// Multi of these, or the Earth.
type Shape interface{ shape() }

// Circle is every place whose geodesic distance from Center is at most RadiusM metres.
type Circle struct {
	Center  Position
	RadiusM float64
}

// Polygon is the area inside Rings[0] and outside the holes Rings[1:]. Edges are geodesics. Each
// ring is closed: its last position equals its first. A ring bounds the smaller of its two areas,
// whichever way it winds.
type Polygon struct {
	Rings [][]Position
}

// Corridor is every place within HalfWidthM metres of Line, whose segments are geodesics.
type Corridor struct {
	Line       []Position
	HalfWidthM float64
}

// Multi is the union of Parts, none of which is a Multi.
type Multi struct {
	Parts []Shape
}

// Earth is the whole earth. It exists so that a party must say it.
type Earth struct{}

func (Circle) shape()   {}
func (Polygon) shape()  {}
func (Corridor) shape() {}
func (Multi) shape()    {}
func (Earth) shape()    {}

// Unit is the unit of an altitude as given.
type Unit string

// The units of an altitude. A flight level is a hundred feet of pressure altitude.
const (
	Metres      Unit = "m"
	Feet        Unit = "ft"
	FlightLevel Unit = "FL"
)

// Reference is the surface that an altitude counts from.
type Reference string

// The references of an altitude.
const (
	W84  Reference = "W84"  // the WGS 84 ellipsoid
	AMSL Reference = "AMSL" // the EGM96 geoid
	AGL  Reference = "AGL"  // the ground
	FL   Reference = "FL"   // the 1013.25 hPa surface
)

// Altitude is an altitude as its author gave it.
type Altitude struct {
	Value     float64   `json:"value"`
	Unit      Unit      `json:"unit"`
	Reference Reference `json:"reference"`
}

// Band is a closed band of altitudes. A nil bound is open.
type Band struct {
	Lower, Upper *Altitude
}

// Window is a half-open window of time, Start included and End not. A zero End is no end.
type Window struct {
	Start, End time.Time
}

// Volume is a shape on the earth, an altitude band and a time window.
type Volume struct {
	Shape  Shape
	Band   Band
	Window Window
}

// Terrain bounds the height of the ground, in metres AMSL, in the area of an agreement. The zero
// value is unknown ground.
type Terrain struct {
	Known      bool
	MinM, MaxM float64
}

// Gap is how far apart two volumes are in each dimension; 0 where they overlap or touch.
type Gap struct {
	LateralM  float64
	VerticalM float64
	Time      time.Duration

	// Overlaps is whether they share a place, an altitude and an instant. Shapes and bands that
	// touch overlap; a window that ends when the other starts has gap 0 and does not overlap.
	LateralOverlap, VerticalOverlap, TimeOverlap bool

	// VerticalUncertain says that the vertical gap rests on a margin: a pressure altitude against
	// a height, or a height above ground.
	VerticalUncertain bool
}

// Separation is what two volumes must keep in each dimension. A zero distance or time asks only
// that they do not overlap in that dimension.
type Separation struct {
	LateralM    float64
	VerticalM   float64
	Time        time.Duration
	AnyAltitude bool // altitude does not separate
}
