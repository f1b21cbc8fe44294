package geo4d

import (
	"bytes"
	"slices"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"parley/internal/strictjson"
)

// reading is one pass over a plan feature. It takes what is written as nearly all are, and stops at
// anything else, right or wrong: then the reader of parse.go decides, and says what is wrong.
type reading struct {
	c    strictjson.Cursor
	rest map[string]jsontext.Value

	volume   Volume
	size     Size
	whole    bool
	geometry bool
}

// readFeature reads a feature in one pass, without validating the volume; ok is false where
// parse.go must read it.
func readFeature(raw []byte) (v Volume, rest map[string]jsontext.Value, ok bool) {
	if len(raw) > limits.Bytes {
		return v, nil, false
	}
	r := reading{c: strictjson.NewCursor(raw), rest: map[string]jsontext.Value{}}
	const typ, geo, props, id = 0, 1, 2, 3
	var seen uint64
	for r.c.Open('{'); r.c.More('}'); {
		switch string(r.c.Name()) {
		case "type":
			r.c.Once(&seen, typ)
			r.word("Feature")
		case "geometry":
			r.c.Once(&seen, geo)
			if !r.c.Null() {
				r.geometry = true
				r.volume.Shape = readShape(&r.c)
			}
		case "properties":
			r.c.Once(&seen, props)
			r.properties()
		case keyID:
			r.c.Once(&seen, id)
			r.rest[keyID] = bytes.Clone(r.c.Scalar())
		default:
			r.c.Stop()
		}
	}
	if !r.c.Ended() || seen&(1<<typ) == 0 || seen&(1<<props) == 0 {
		return v, nil, false
	}
	switch {
	case !r.geometry && r.whole && r.size == Size{}:
		r.volume.Shape = Earth{}
	case !r.geometry || r.whole:
		return v, nil, false
	default:
		if r.volume.Shape, ok = sized(r.volume.Shape, r.size); !ok {
			return v, nil, false
		}
	}
	return r.volume, r.rest, true
}

func (r *reading) word(want string) {
	if string(r.c.Word()) != want {
		r.c.Stop()
	}
}

func (r *reading) properties() {
	var seen uint64
	for r.c.Open('{'); r.c.More('}'); {
		name := r.c.Name()
		i := slices.Index(ownProperties, string(name))
		if i < 0 {
			r.other(string(name))
			continue
		}
		r.c.Once(&seen, i)
		if r.c.Null() {
			continue
		}
		switch ownProperties[i] {
		case propRadius:
			r.size.RadiusM = r.metres()
		case propHalfWidth:
			r.size.HalfWidthM = r.metres()
		case propWholeEarth:
			r.whole = r.c.Bool()
		case propStart:
			r.volume.Window.Start = r.time()
		case propEnd:
			r.volume.Window.End = r.time()
		case propLower:
			r.volume.Band.Lower = r.altitude()
		case propUpper:
			r.volume.Band.Upper = r.altitude()
		}
	}
}

// other keeps a property that is not part of the volume, where it holds no list or object.
func (r *reading) other(name string) {
	if name == keyPropID {
		r.c.Stop()
	}
	if name == keyID {
		name = keyPropID
	}
	if _, twice := r.rest[name]; twice {
		r.c.Stop()
	}
	value := r.c.Scalar()
	if !r.c.Stopped() {
		r.rest[name] = bytes.Clone(value)
	}
}

func (r *reading) metres() float64 {
	m := r.c.Float()
	if !(m > 0) {
		r.c.Stop()
	}
	return m
}

func (r *reading) time() time.Time {
	t, ok := utcTime(r.c.Word())
	if !ok {
		r.c.Stop()
	}
	return t
}

func (r *reading) altitude() *Altitude {
	var a Altitude
	var seen uint64
	const value, unit, reference = 0, 1, 2
	for r.c.Open('{'); r.c.More('}'); {
		switch string(r.c.Name()) {
		case "value":
			r.c.Once(&seen, value)
			a.Value = r.c.Float()
		case "unit":
			r.c.Once(&seen, unit)
			a.Unit = known(r.c.Word(), Metres, Feet, FlightLevel)
		case "reference":
			r.c.Once(&seen, reference)
			a.Reference = known(r.c.Word(), W84, AMSL, AGL, FL)
		default:
			r.c.Stop()
		}
	}
	if seen&(1<<value) == 0 {
		r.c.Stop()
	}
	return &a
}

// known returns the word of a vocabulary, or a copy of one that is not in it.
func known[T ~string](word []byte, words ...T) T {
	for _, w := range words {
		if string(word) == string(w) {
			return w
		}
	}
	return T(word)
}

// readShape reads a geometry whose type comes before its coordinates. The sizes of its circles and
// corridors are left out: see sized.
func readShape(c *strictjson.Cursor) Shape {
	var shape Shape
	kind := ""
	const typ, coords = 0, 1
	var seen uint64
	for c.Open('{'); c.More('}'); {
		switch string(c.Name()) {
		case "type":
			c.Once(&seen, typ)
			kind = known(c.Word(), "Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon")
		case "coordinates":
			c.Once(&seen, coords)
			shape = readCoordinates(c, kind)
		default:
			c.Stop()
		}
	}
	if shape == nil {
		c.Stop()
	}
	return shape
}

func readCoordinates(c *strictjson.Cursor, kind string) Shape {
	switch kind {
	case "Point":
		return Circle{Center: readPosition(c)}
	case "LineString":
		return Corridor{Line: readLine(c)}
	case "Polygon":
		return readPolygon(c)
	}
	var m Multi
	for c.Open('['); c.More(']'); {
		switch kind {
		case "MultiPoint":
			m.Parts = append(m.Parts, Circle{Center: readPosition(c)})
		case "MultiLineString":
			m.Parts = append(m.Parts, Corridor{Line: readLine(c)})
		case "MultiPolygon":
			m.Parts = append(m.Parts, readPolygon(c))
		default:
			c.Stop()
		}
	}
	if len(m.Parts) == 0 {
		c.Stop()
	}
	return m
}

func readPolygon(c *strictjson.Cursor) Polygon {
	rings := make([][]Position, 0, 1)
	for c.Open('['); c.More(']'); {
		rings = append(rings, readLine(c))
	}
	return Polygon{rings}
}

// readLine gathers on the stack first, so that a short line takes one piece of memory of its size.
func readLine(c *strictjson.Cursor) []Position {
	var room [32]Position
	line := room[:0]
	for c.Open('['); c.More(']'); {
		line = append(line, readPosition(c))
	}
	return append(make([]Position, 0, len(line)), line...)
}

func readPosition(c *strictjson.Cursor) (p Position) {
	c.Open('[')
	if c.More(']') {
		p.LonDeg = c.Float()
	}
	if c.More(']') {
		p.LatDeg = c.Float()
	} else {
		c.Stop()
	}
	if c.More(']') {
		c.Stop()
	}
	return p
}

// sized puts the size that stands beside a geometry into the shape; ok is false where it lacks one
// or has one that it cannot have.
func sized(s Shape, size Size) (Shape, bool) {
	switch s := s.(type) {
	case Circle:
		s.RadiusM = size.RadiusM
		return s, size.RadiusM != 0 && size.HalfWidthM == 0
	case Corridor:
		s.HalfWidthM = size.HalfWidthM
		return s, size.HalfWidthM != 0 && size.RadiusM == 0
	case Polygon:
		return s, size == Size{}
	case Multi:
		for i, part := range s.Parts {
			var ok bool
			if s.Parts[i], ok = sized(part, size); !ok {
				return s, false
			}
		}
		return s, true
	}
	return s, false
}
