package geo4d

import (
	"bytes"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"parley/fault"
)

// Size is what GeoJSON cannot say of a shape: the radius beside a Point, the half width beside a
// LineString. Zero is not given.
type Size struct{ RadiusM, HalfWidthM float64 }

// The properties of a plan feature that are part of its volume.
const (
	propRadius     = "radius_m"
	propHalfWidth  = "half_width_m"
	propWholeEarth = "whole_earth"
	propStart      = "start"
	propEnd        = "end"
	propLower      = "lower"
	propUpper      = "upper"
	keyID          = "id"
	keyPropID      = "properties.id"
)

var ownProperties = []string{propRadius, propHalfWidth, propWholeEarth, propStart, propEnd, propLower, propUpper}

// MarshalGeometry writes a shape as a GeoJSON geometry, and what stands beside it; Earth is null.
func MarshalGeometry(s Shape) ([]byte, Size, error) { return appendGeometry(nil, s) }

func appendGeometry(dst []byte, s Shape) ([]byte, Size, error) {
	var size Size
	kind := ""
	one := func(s Shape) string {
		switch s := s.(type) {
		case Circle:
			size.RadiusM = s.RadiusM
			return "Point"
		case Corridor:
			size.HalfWidthM = s.HalfWidthM
			return "LineString"
		case Polygon:
			return "Polygon"
		}
		return ""
	}
	m, multi := s.(Multi)
	switch {
	case isEarth(s):
		return append(dst, "null"...), size, nil
	case !multi:
		kind = one(s)
	default:
		for _, part := range m.Parts {
			if kind = one(part); !alike(m.Parts[0], part) {
				kind = ""
				break
			}
		}
		if kind != "" {
			kind = "Multi" + kind
		}
	}
	if kind == "" {
		return dst, size, fault.New("geometry", "", "has no GeoJSON form", "make a volume of each part")
	}
	dst = append(dst, `{"type":"`+kind+`","coordinates":`...)
	if multi {
		dst = appendList(dst, m.Parts, appendCoordinates)
	} else {
		dst = appendCoordinates(dst, s)
	}
	return append(dst, '}'), size, nil
}

func appendList[T any](dst []byte, list []T, each func([]byte, T) []byte) []byte {
	dst = append(dst, '[')
	for i, e := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = each(dst, e)
	}
	return append(dst, ']')
}

func appendCoordinates(dst []byte, s Shape) []byte {
	line := func(dst []byte, l []Position) []byte { return appendList(dst, l, appendPosition) }
	switch s := s.(type) {
	case Circle:
		return appendPosition(dst, s.Center)
	case Corridor:
		return line(dst, s.Line)
	case Polygon:
		return appendList(dst, s.Rings, line)
	}
	return append(dst, "[]"...)
}

func appendPosition(dst []byte, p Position) []byte {
	dst = appendFloat(append(dst, '['), p.LonDeg)
	return append(appendFloat(append(dst, ','), p.LatDeg), ']')
}

// appendFloat writes the shortest decimal that reads back as f.
func appendFloat(dst []byte, f float64) []byte {
	if f == 0 {
		return append(dst, '0') // -0 too
	}
	format := byte('f')
	if a := math.Abs(f); a < 1e-9 || a >= 1e15 {
		format = 'e'
	}
	return strconv.AppendFloat(dst, f, format, -1, 64)
}

// MarshalFeature writes a plan feature: a GeoJSON Feature that is one volume. extra holds its
// other properties, and under "id" the feature's id. The bytes are a function of v and extra.
func MarshalFeature(v Volume, extra map[string]jsontext.Value) ([]byte, error) {
	return AppendFeature(nil, v, extra)
}

// AppendFeature is MarshalFeature that appends to dst. The members of extra come first in the
// properties, sorted, then those of the volume.
func AppendFeature(dst []byte, v Volume, extra map[string]jsontext.Value) ([]byte, error) {
	var names []string
	for name, value := range extra {
		if slices.Contains(ownProperties, name) {
			return nil, fault.New("properties."+name, string(value), "is part of the volume", "set it in the volume")
		}
		if !value.IsValid() {
			return nil, fault.New("properties."+name, string(value), "is not JSON", "give a JSON value")
		}
		names = append(names, name)
	}
	slices.Sort(names)
	dst = append(dst, `{"type":"Feature"`...)
	if id, ok := extra[keyID]; ok {
		dst = appendValue(append(dst, `,"id":`...), id)
	}
	dst, size, err := appendGeometry(append(dst, `,"geometry":`...), v.Shape)
	if err != nil {
		return nil, err
	}
	o := object{dst: append(dst, `,"properties":{`...)}
	for _, name := range names {
		switch name {
		case keyID:
		case keyPropID:
			o.name(keyID)
			o.dst = appendValue(o.dst, extra[name])
		default:
			o.name(name)
			o.dst = appendValue(o.dst, extra[name])
		}
	}
	o.volume(v, size)
	return append(o.dst, "}}"...), nil
}

// object writes the members of a JSON object.
type object struct {
	dst  []byte
	some bool
}

// name begins a member: its value is then put at the end of dst.
func (o *object) name(name string) {
	if o.some {
		o.dst = append(o.dst, ',')
	}
	o.some = true
	o.dst, _ = jsontext.AppendQuote(o.dst, name)
	o.dst = append(o.dst, ':')
}

// volume writes the properties that are part of a volume, always in this order.
func (o *object) volume(v Volume, size Size) {
	if size.RadiusM != 0 {
		o.name(propRadius)
		o.dst = appendFloat(o.dst, size.RadiusM)
	}
	if size.HalfWidthM != 0 {
		o.name(propHalfWidth)
		o.dst = appendFloat(o.dst, size.HalfWidthM)
	}
	if isEarth(v.Shape) {
		o.name(propWholeEarth)
		o.dst = append(o.dst, "true"...)
	}
	o.time(propStart, v.Window.Start)
	o.time(propEnd, v.Window.End)
	o.altitude(propLower, v.Band.Lower)
	o.altitude(propUpper, v.Band.Upper)
}

func (o *object) time(name string, t time.Time) {
	if !t.IsZero() {
		o.name(name)
		o.dst = append(AppendTime(append(o.dst, '"'), t), '"')
	}
}

func (o *object) altitude(name string, a *Altitude) {
	if a == nil {
		return
	}
	o.name(name)
	o.dst = appendFloat(append(o.dst, `{"value":`...), a.Value)
	o.dst, _ = jsontext.AppendQuote(append(o.dst, `,"unit":`...), a.Unit)
	o.dst, _ = jsontext.AppendQuote(append(o.dst, `,"reference":`...), a.Reference)
	o.dst = append(o.dst, '}')
}

func appendValue(dst []byte, v jsontext.Value) []byte {
	v = bytes.Clone(v)
	_ = v.Compact() // it is valid JSON
	return append(dst, v...)
}

func isEarth(s Shape) bool { _, ok := s.(Earth); return ok }
