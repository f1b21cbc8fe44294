package geo4d

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"parley/fault"
	"parley/internal/strictjson"
)

// limits bound one feature: 10,000 positions of 50 bytes leave room for a text.
var limits = strictjson.Limits{Bytes: 2 << 20, Depth: 32}

// ParseFeature reads a plan feature: a GeoJSON Feature that is one volume, and validates it. rest
// holds the properties that are not part of the volume, and the feature's id under "id" (a
// property of that name is then under "properties.id"). An absent start, end, lower or upper is
// open; the caller refuses that where a kind needs it. Every rule that is broken is reported, each
// as a fault.Error.
func ParseFeature(raw []byte) (v Volume, rest map[string]jsontext.Value, err error) {
	v, rest, ok := readFeature(raw)
	if !ok {
		return parseFeature(raw)
	}
	if err := Validate(v); err != nil {
		return Volume{}, nil, err
	}
	return v, rest, nil
}

// parseFeature is ParseFeature for every feature, step by step, so that it can say what is wrong.
func parseFeature(raw []byte) (v Volume, rest map[string]jsontext.Value, err error) {
	var f map[string]jsontext.Value
	if err := strictjson.Decode(raw, limits, &f); err != nil {
		return v, nil, err
	}
	if err := wantType(f, "Feature"); err != nil {
		return v, nil, err
	}
	if err := refuseCRS(f); err != nil {
		return v, nil, err
	}
	var p map[string]jsontext.Value
	if err := decodeAt("properties", f["properties"], &p); err != nil {
		return v, nil, err
	}
	r := reader{props: p}
	v.Shape = r.shape(f["geometry"])
	v.Window = Window{Start: r.time(propStart), End: r.time(propEnd)}
	v.Band = Band{Lower: r.altitude(propLower), Upper: r.altitude(propUpper)}
	if len(r.errs) == 0 {
		r.fail(Validate(v))
	}
	if len(r.errs) > 0 {
		return Volume{}, nil, errors.Join(r.errs...)
	}
	return v, restOf(f, p), nil
}

func restOf(f, p map[string]jsontext.Value) map[string]jsontext.Value {
	rest := map[string]jsontext.Value{}
	for name, value := range p {
		switch {
		case slices.Contains(ownProperties, name):
		case name == keyID:
			rest[keyPropID] = value
		default:
			rest[name] = value
		}
	}
	if id, ok := f[keyID]; ok {
		rest[keyID] = id
	}
	return rest
}

// ParseGeometry reads and validates a GeoJSON geometry. size is what stands beside it.
func ParseGeometry(raw []byte, size Size) (Shape, error) {
	c := strictjson.NewCursor(raw)
	if s := readShape(&c); c.Ended() && len(raw) <= limits.Bytes {
		if s, ok := sized(s, size); ok {
			if err := ValidateShape(s); err != nil {
				return nil, err
			}
			return s, nil
		}
	}
	return parseGeometry(raw, size)
}

// parseGeometry is ParseGeometry for every geometry, step by step.
func parseGeometry(raw []byte, size Size) (Shape, error) {
	if err := strictjson.Check(raw, limits); err != nil {
		return nil, err
	}
	s, err := readGeometry(raw, size)
	if err == nil {
		err = ValidateShape(s)
	}
	if err != nil {
		return nil, err
	}
	return s, nil
}

// reader reads the parts of a feature and gathers what is wrong with them.
type reader struct {
	props map[string]jsontext.Value
	errs  []error
}

func (r *reader) fail(err error) {
	if err != nil {
		r.errs = append(r.errs, err)
	}
}

// given returns a property, and nil where it is absent or null.
func (r *reader) given(name string) jsontext.Value {
	if v := r.props[name]; v != nil && v.Kind() != 'n' {
		return v
	}
	return nil
}

func (r *reader) shape(geometry jsontext.Value) Shape {
	var whole bool
	if raw := r.given(propWholeEarth); raw != nil {
		r.fail(decodeAt("properties."+propWholeEarth, raw, &whole))
	}
	if geometry == nil || geometry.Kind() == 'n' {
		if !whole {
			r.fail(fault.New("geometry", "", "is missing", "give a geometry, or null with \"whole_earth\": true in the properties"))
		}
		return Earth{}
	}
	if whole {
		r.fail(fault.New("properties."+propWholeEarth, "true", "does not go with a geometry", "leave one of the two out"))
		return nil
	}
	var size Size
	r.metres(propRadius, &size.RadiusM)
	r.metres(propHalfWidth, &size.HalfWidthM)
	if len(r.errs) > 0 {
		return nil
	}
	s, err := readGeometry(geometry, size)
	r.fail(err)
	return s
}

// metres reads a length. A 0 is refused here, as Size takes it for not given.
func (r *reader) metres(name string, to *float64) {
	raw := r.given(name)
	if raw == nil {
		return
	}
	err := decodeAt("properties."+name, raw, to)
	if err == nil && !(*to > 0) {
		err = fault.New("properties."+name, string(raw), "must be more than 0", "give metres, as 9260 for 5 NM")
	}
	r.fail(err)
}

func (r *reader) time(name string) (t time.Time) {
	raw := r.given(name)
	if raw == nil {
		return t
	}
	var s string
	if err := decodeAt("properties."+name, raw, &s); err != nil {
		r.fail(err)
		return t
	}
	t, err := ParseTime(s)
	r.fail(fault.In("properties."+name, err))
	return t
}

func (r *reader) altitude(name string) *Altitude {
	raw := r.given(name)
	if raw == nil {
		return nil
	}
	field := "properties." + name
	var a struct {
		Value     *float64  `json:"value"`
		Unit      Unit      `json:"unit"`
		Reference Reference `json:"reference"`
	}
	if err := decodeAt(field, raw, &a); err != nil {
		r.fail(err)
		return nil
	}
	if a.Value == nil {
		r.fail(fault.New(field, string(raw), "needs a value", `write {"value": 3000, "unit": "ft", "reference": "AMSL"}, or leave an open bound out`))
		return nil
	}
	return &Altitude{*a.Value, a.Unit, a.Reference}
}

// readGeometry reads a geometry that is well-formed JSON; it does not validate the shape.
func readGeometry(raw jsontext.Value, size Size) (Shape, error) {
	var g map[string]jsontext.Value
	if err := decodeAt("geometry", raw, &g); err != nil {
		return nil, err
	}
	if err := refuseCRS(g); err != nil {
		return nil, err
	}
	var kind string
	if err := decodeAt("geometry.type", g["type"], &kind); err != nil {
		return nil, err
	}
	base, multi := strings.CutPrefix(kind, "Multi")
	if !slices.Contains([]string{"Point", "LineString", "Polygon"}, base) {
		return nil, fault.New("geometry.type", kind, "is not a shape that a volume may have",
			"give Point, LineString, Polygon, MultiPoint, MultiLineString or MultiPolygon; make a feature of each part of a GeometryCollection")
	}
	if err := checkSize(kind, base, size); err != nil {
		return nil, err
	}
	coords := g["coordinates"]
	if coords == nil {
		return nil, fault.New(coordinates, "", "is missing", "give the coordinates of the "+kind)
	}
	switch base {
	case "Point":
		return read(coords, multi, func(p position) Shape { return Circle{Position(p), size.RadiusM} })
	case "LineString":
		return read(coords, multi, func(l []position) Shape { return Corridor{plain(l), size.HalfWidthM} })
	}
	return read(coords, multi, func(rings [][]position) Shape {
		p := Polygon{make([][]Position, len(rings))}
		for i, r := range rings {
			p.Rings[i] = plain(r)
		}
		return p
	})
}

// checkSize refuses a geometry without the size that it needs, or with one that it cannot have.
func checkSize(kind, base string, size Size) error {
	switch {
	case base == "Point" && size.RadiusM == 0:
		return fault.New("properties."+propRadius, "", "is missing: a "+kind+" needs radius_m", "give the radius in metres, as 9260 for 5 NM")
	case base == "LineString" && size.HalfWidthM == 0:
		return fault.New("properties."+propHalfWidth, "", "is missing: a "+kind+" needs half_width_m", "give half the width in metres")
	case base != "Point" && size.RadiusM != 0:
		return fault.New("properties."+propRadius, number(size.RadiusM), "does not go with a "+kind, "leave it out, or give a Point")
	case base != "LineString" && size.HalfWidthM != 0:
		return fault.New("properties."+propHalfWidth, number(size.HalfWidthM), "does not go with a "+kind, "leave it out, or give a LineString")
	}
	return nil
}

// read reads the coordinates of one part, or of several where the geometry is a Multi.
func read[T any](coords jsontext.Value, multi bool, part func(T) Shape) (Shape, error) {
	if !multi {
		var c T
		if err := decodeAt(coordinates, coords, &c); err != nil {
			return nil, err
		}
		return part(c), nil
	}
	var list []T
	if err := decodeAt(coordinates, coords, &list); err != nil {
		return nil, err
	}
	m := Multi{make([]Shape, len(list))}
	for i, c := range list {
		m.Parts[i] = part(c)
	}
	return m, nil
}

func plain(l []position) []Position {
	out := make([]Position, len(l))
	for i, p := range l {
		out[i] = Position(p)
	}
	return out
}

// position is a Position in its GeoJSON form.
type position Position

// UnmarshalJSONFrom reads [longitude, latitude] and nothing else.
func (p *position) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	raw, err := dec.ReadValue()
	if err != nil {
		return err
	}
	var c []*float64 // a null must not pass for a zero
	if raw.Kind() != '[' || json.Unmarshal(raw, &c) != nil || slices.Contains(c, nil) {
		return fault.New("", string(raw), "is not a position", "give [longitude, latitude] in degrees")
	}
	switch len(c) {
	case 2:
		*p = position{*c[0], *c[1]}
		return nil
	case 3:
		return fault.New("", string(raw), "has a third coordinate, whose reference nobody can know",
			"give altitudes in the properties lower and upper, and [longitude, latitude] here")
	}
	return fault.New("", string(raw), fmt.Sprintf("has %d coordinates", len(c)), "give [longitude, latitude] in degrees")
}

// decodeAt decodes a value that stands at a field; an absent one is refused.
func decodeAt(field string, raw jsontext.Value, v any) error {
	if raw == nil {
		return fault.New(field, "", "is missing", "see the plan feature in docs/reference")
	}
	err := strictjson.Decode(raw, limits, v)
	var out []error
	for _, e := range fault.All(err) {
		c := *e
		if c.Field == "body" {
			c.Field = ""
		}
		c.Field = fault.Join(field, c.Field)
		out = append(out, &c)
	}
	return errors.Join(out...)
}

func wantType(f map[string]jsontext.Value, want string) error {
	var kind string
	if err := decodeAt("type", f["type"], &kind); err != nil {
		return err
	}
	if kind != want {
		return fault.New("type", kind, "must be "+want, "give one GeoJSON "+want)
	}
	return nil
}

// refuseCRS refuses positions that are not WGS 84 longitude and latitude. RFC 7946 knows nothing
// else, but the format before it let a "crs" member say so, and to ignore that would move the place.
func refuseCRS(o map[string]jsontext.Value) error {
	crs := o["crs"]
	if crs == nil || crs.Kind() == 'n' || strings.Contains(string(crs), "OGC:1.3:CRS84") {
		return nil
	}
	return fault.New("crs", string(crs), "is not WGS 84 longitude and latitude", "convert the positions to WGS 84 and leave crs out")
}
