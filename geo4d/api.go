package geo4d

import (
	"github.com/go-json-experiment/json/jsontext"

	"parley/fault"
)

func unready() error { return &fault.Error{Code: fault.Unavailable, Op: "geo4d"} }

// MaxVertices is how many positions the shapes of one notice may have.
const MaxVertices = 10_000

// Size is what GeoJSON cannot say of a shape: the radius beside a Point, the half width beside a
// LineString. Zero is not given.
type Size struct{ RadiusM, HalfWidthM float64 }

// ParseGeometry reads a GeoJSON geometry.
func ParseGeometry(raw []byte, size Size) (Shape, error) { return nil, unready() }

// MarshalGeometry writes a shape as a GeoJSON geometry; Earth is null.
func MarshalGeometry(s Shape) ([]byte, Size, error) { return nil, Size{}, unready() }

// ParseFeature reads a plan feature (a GeoJSON Feature that is one volume). rest holds the
// properties that are not part of the volume, and the feature's id under "id".
// An absent start, end, lower or upper is open: the caller refuses it where a kind needs it.
func ParseFeature(raw []byte) (v Volume, rest map[string]jsontext.Value, err error) {
	return Volume{}, nil, unready()
}

// MarshalFeature writes a plan feature. extra holds further properties, and under "id" the
// feature's id.
func MarshalFeature(v Volume, extra map[string]jsontext.Value) ([]byte, error) {
	return AppendFeature(nil, v, extra)
}

// AppendFeature is MarshalFeature that appends to dst.
func AppendFeature(dst []byte, v Volume, extra map[string]jsontext.Value) ([]byte, error) {
	return nil, unready()
}

// Validate returns every rule that a volume breaks, fields named as in a plan feature.
func Validate(v Volume) error { return unready() }

// ValidateShape returns every rule that a shape breaks, fields named as in a plan feature.
func ValidateShape(s Shape) error { return unready() }

// Warning is something a person should look at that does not stop a volume.
type Warning struct {
	Field string // as in a plan feature
	Text  string
}

// Warnings returns what a person should look at in a valid volume.
func Warnings(v Volume) []Warning { return nil }

// Vertices counts the positions of a shape.
func Vertices(s Shape) int { return 0 }

// Representative returns a position in the shape, near its middle where the middle is in it.
func Representative(s Shape) Position { return Position{} }

// Covers says whether outer surely covers all of inner. False means no or not sure.
func Covers(outer, inner Shape) bool { return false }

// AreaM2 returns the area of a shape.
func AreaM2(s Shape) float64 { return 0 }

// Grow returns s grown by byM metres on all sides. What the shape cannot take up itself (a
// polygon has no rounded corners) is in restM, to be added to the uncertainty.
func Grow(s Shape, byM float64) (grown Shape, restM float64) { return s, byM }

// Compass returns the nearest of the sixteen points of the compass, as "NNE".
func Compass(azimuthDeg float64) string { return "" }

// CompassWords returns the nearest of the sixteen points of the compass, as "north-north-east".
func CompassWords(azimuthDeg float64) string { return "" }

// FormatDD writes a position in decimal degrees, as "35.40750 N 35.94917 E".
func FormatDD(p Position) string { return "" }

// FormatDMS writes a position in degrees, minutes and seconds, as 35°24'27.0"N 35°56'57.0"E.
func FormatDMS(p Position) string { return "" }

// FormatICAO writes a position to the second as aviation messages do, as "352427N0355657E".
func FormatICAO(p Position) string { return "" }

// ParsePosition reads a position in any of the forms that FormatDD, FormatDMS and FormatICAO
// write, with N or S and E or W said.
func ParsePosition(s string) (Position, error) { return Position{}, unready() }
