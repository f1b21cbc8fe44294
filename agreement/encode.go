package agreement

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"parley/fault"
	"parley/geo4d"
	"parley/internal/strictjson"
)

// TypeLine is the first line of an agreement's text.
const TypeLine = "parley/agreement/v1"

// Bounds of an agreement.
const (
	MaxBytes = 512 << 10 // as a note
	maxDepth = 16
	maxTime  = 1_000_000_000 // seconds, some 31 years
)

// Encode returns the terms as JSON in their one encoding. It fails where a number has no JSON
// form or a duration is not whole seconds, which Validate refuses too.
func Encode(t Terms) ([]byte, error) { return encode(t) }

func encode(t any) ([]byte, error) {
	out, err := json.Marshal(t, json.WithMarshalers(json.JoinMarshalers(
		json.MarshalToFunc(func(enc *jsontext.Encoder, d time.Duration) error {
			if d%time.Second != 0 {
				return fault.New("", d.String(), "must be whole seconds", "round it")
			}
			return enc.WriteToken(jsontext.Int(int64(d / time.Second)))
		}),
		json.MarshalToFunc(func(enc *jsontext.Encoder, at time.Time) error {
			return enc.WriteToken(jsontext.String(formatTime(at)))
		}))), json.Deterministic(true), jsontext.WithIndent("  "))
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, "agreement.encode", err)
	}
	return append(out, '\n'), nil
}

func formatTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return geo4d.FormatTime(t)
}

// ParseTerms reads terms from JSON in any layout, as people edit it. Names are strict, and every
// default is looked for in the text: a member that is left out is zero, which Validate refuses
// where the terms need it.
func ParseTerms(data []byte) (Terms, error) {
	var t Terms
	if err := decode(data, &t); err != nil {
		return Terms{}, err
	}
	return t, nil
}

func decode(data []byte, into any) error {
	return strictjson.Decode(data, strictjson.Limits{Bytes: MaxBytes, Depth: maxDepth}, into,
		json.WithUnmarshalers(json.JoinUnmarshalers(
			json.UnmarshalFromFunc(func(dec *jsontext.Decoder, d *time.Duration) error {
				var s int64
				if err := json.UnmarshalDecode(dec, &s); err != nil {
					return err
				}
				if s < 0 || s > maxTime {
					return fault.New("", "", "must be whole seconds from 0 to 1000000000", "give the time in seconds")
				}
				*d = time.Duration(s) * time.Second
				return nil
			}),
			json.UnmarshalFromFunc(func(dec *jsontext.Decoder, at *time.Time) error {
				var s string
				err := json.UnmarshalDecode(dec, &s)
				*at = time.Time{}
				if err == nil && s != "" {
					*at, err = geo4d.ParseTime(s)
				}
				return err
			}))))
}

// Text returns the text that the parties sign.
func Text(t Terms) ([]byte, error) {
	terms, err := Encode(t)
	if err != nil {
		return nil, err
	}
	return append([]byte(TypeLine+"\n"), terms...), nil
}

// ID returns the id of an agreement from its text.
func ID(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// parseText reads a text and refuses one that is not in the one encoding.
func parseText(text []byte) (Terms, error) {
	body, ok := bytes.CutPrefix(text, []byte(TypeLine+"\n"))
	if !ok {
		return Terms{}, fault.New("agreement", string(text), "must begin with the line "+TypeLine, "give the agreement as it was signed")
	}
	t, err := ParseTerms(body)
	if err != nil {
		return Terms{}, err
	}
	again, err := Text(t)
	if err != nil {
		return Terms{}, err
	}
	if !bytes.Equal(again, text) {
		return Terms{}, &fault.Error{Code: fault.Corrupt, Field: "agreement", Rule: "is not in the one encoding of its terms", Hint: "give the file as it was signed, byte for byte"}
	}
	return t, nil
}

// shapeJSON is a shape as terms write it: a GeoJSON geometry with the size that a point or a line
// needs.
type shapeJSON struct {
	Geometry   jsontext.Value `json:"geometry"`
	RadiusM    float64        `json:"radius_m"`
	HalfWidthM float64        `json:"half_width_m"`
}

func toShape(s geo4d.Shape) (shapeJSON, error) {
	if _, whole := s.(geo4d.Earth); whole || s == nil {
		return shapeJSON{Geometry: jsontext.Value("null")}, nil
	}
	raw, size, err := geo4d.MarshalGeometry(s)
	return shapeJSON{raw, size.RadiusM, size.HalfWidthM}, err
}

func fromShape(j shapeJSON) (geo4d.Shape, error) {
	if len(j.Geometry) == 0 || string(j.Geometry) == "null" {
		return nil, nil
	}
	return geo4d.ParseGeometry(j.Geometry, geo4d.Size{RadiusM: j.RadiusM, HalfWidthM: j.HalfWidthM})
}

type areaJSON struct {
	WholeEarth bool            `json:"whole_earth"`
	Shape      shapeJSON       `json:"shape"`
	Lower      *geo4d.Altitude `json:"lower"`
	Upper      *geo4d.Altitude `json:"upper"`
	Terrain    terrainJSON     `json:"terrain"`
	Sectors    []sectorJSON    `json:"sectors"`
	Ports      []portJSON      `json:"ports"`
}

type terrainJSON struct {
	Known bool    `json:"known"`
	MinM  float64 `json:"min_m"`
	MaxM  float64 `json:"max_m"`
}

type sectorJSON struct {
	Name  string    `json:"name"`
	Shape shapeJSON `json:"shape"`
}

type portJSON struct {
	Name     string    `json:"name"`
	Shape    shapeJSON `json:"shape"`
	LateralM float64   `json:"lateral_m"`
}

// MarshalJSONTo writes an area as terms state it.
func (a Area) MarshalJSONTo(enc *jsontext.Encoder) error {
	_, whole := a.Shape.(geo4d.Earth)
	out := areaJSON{WholeEarth: whole, Lower: a.Band.Lower, Upper: a.Band.Upper, Terrain: terrainJSON(a.Terrain)}
	var err error
	if out.Shape, err = toShape(a.Shape); err != nil {
		return fault.In("shape", err)
	}
	for i, s := range a.Sectors {
		j := sectorJSON{Name: s.Name}
		if j.Shape, err = toShape(s.Shape); err != nil {
			return fault.In(at("sectors", i), err)
		}
		out.Sectors = append(out.Sectors, j)
	}
	for i, p := range a.Ports {
		j := portJSON{Name: p.Name, LateralM: p.LateralM}
		if j.Shape, err = toShape(p.Shape); err != nil {
			return fault.In(at("ports", i), err)
		}
		out.Ports = append(out.Ports, j)
	}
	return json.MarshalEncode(enc, out)
}

// UnmarshalJSONFrom reads what MarshalJSONTo writes.
func (a *Area) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	var in areaJSON
	if err := json.UnmarshalDecode(dec, &in); err != nil {
		return err
	}
	*a = Area{Band: geo4d.Band{Lower: in.Lower, Upper: in.Upper}, Terrain: geo4d.Terrain(in.Terrain)}
	var err error
	if a.Shape, err = fromShape(in.Shape); err != nil {
		return fault.In("shape", err)
	}
	if in.WholeEarth {
		if a.Shape != nil {
			return fault.New("whole_earth", "true", "does not go with a shape", "leave one of the two out")
		}
		a.Shape = geo4d.Earth{}
	}
	for i, s := range in.Sectors {
		shape, err := fromShape(s.Shape)
		if err != nil {
			return fault.In(at("sectors", i), err)
		}
		a.Sectors = append(a.Sectors, Sector{s.Name, shape})
	}
	for i, p := range in.Ports {
		shape, err := fromShape(p.Shape)
		if err != nil {
			return fault.In(at("ports", i), err)
		}
		a.Ports = append(a.Ports, Port{p.Name, shape, p.LateralM})
	}
	return nil
}
