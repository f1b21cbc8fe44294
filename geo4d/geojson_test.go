package geo4d

import (
	"bytes"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"pgregory.net/rapid"

	"parley/fault"
)

const example = `{"type": "Feature", "id": "b1",
 "geometry": {"type": "Point", "coordinates": [35.95, 35.41]},
 "properties": {"party": "blue", "kind": "flight", "notice": "blue-7", "title": "survey",
  "radius_m": 9260, "start": "2026-12-01T18:00:00Z", "end": "2026-12-01T19:30:00Z",
  "lower": {"value": 0, "unit": "m", "reference": "AMSL"},
  "upper": {"value": 240, "unit": "FL", "reference": "FL"}, "uncertainty_m": 0}}`

func TestParseFeatureExample(t *testing.T) {
	v, rest, err := ParseFeature([]byte(example))
	if err != nil {
		t.Fatal(err)
	}
	want := Volume{
		Shape:  Circle{Position{35.95, 35.41}, 9260},
		Band:   Band{&Altitude{0, Metres, AMSL}, &Altitude{240, FlightLevel, FL}},
		Window: Window{time.Date(2026, 12, 1, 18, 0, 0, 0, time.UTC), time.Date(2026, 12, 1, 19, 30, 0, 0, time.UTC)},
	}
	if !reflect.DeepEqual(v, want) {
		t.Errorf("got %+v", v)
	}
	if len(rest) != 6 || string(rest["id"]) != `"b1"` || string(rest["party"]) != `"blue"` || string(rest["uncertainty_m"]) != "0" {
		t.Errorf("rest %s", rest)
	}
	out, err := MarshalFeature(v, rest)
	const text = `{"type":"Feature","id":"b1","geometry":{"type":"Point","coordinates":[35.95,35.41]},"properties":{"kind":"flight","notice":"blue-7","party":"blue","title":"survey","uncertainty_m":0,"radius_m":9260,"start":"2026-12-01T18:00:00.000Z","end":"2026-12-01T19:30:00.000Z","lower":{"value":0,"unit":"m","reference":"AMSL"},"upper":{"value":240,"unit":"FL","reference":"FL"}}}`
	if err != nil || string(out) != text {
		t.Errorf("%v\ngot  %s\nwant %s", err, out, text)
	}
}

// feature makes a feature of a geometry and properties.
func feature(geometry, properties string) string {
	return `{"type":"Feature","geometry":` + geometry + `,"properties":{` + properties + `}}`
}

func geometry(kind, coords string) string {
	return `{"type":"` + kind + `","coordinates":` + coords + `}`
}

func TestParseFeatureRefuses(t *testing.T) {
	point := geometry("Point", "[36,35]")
	polygon := func(rings string) string { return feature(geometry("Polygon", rings), "") }
	var many strings.Builder
	for i := range MaxVertices + 1 {
		fmt.Fprintf(&many, "[%d.5,%d],", i%180, i%80)
	}
	alt := func(lower, upper string) string {
		return feature(point, `"radius_m":1,"lower":`+lower+`,"upper":`+upper)
	}
	cases := []struct{ name, in, field, says string }{
		{"empty", ``, "body", "is empty"},
		{"not an object", `[]`, "body", ""},
		{"a collection", `{"type":"FeatureCollection"}`, "type", "must be Feature"},
		{"twice", `{"type":"Feature","type":"Feature"}`, "type", "duplicate"},
		{"deep", `{"type":` + strings.Repeat("[", 100), "", "deeper"},
		{"no geometry", `{"type":"Feature","properties":{}}`, "geometry", "whole_earth"},
		{"no properties", `{"type":"Feature","geometry":` + point + `}`, "properties", "is missing"},
		{"earth with a geometry", feature(point, `"whole_earth":true,"radius_m":5`), "properties.whole_earth", "does not go with"},
		{"another crs", feature(`{"type":"Point","coordinates":[36,35],"crs":{"type":"name","properties":{"name":"EPSG:3857"}}}`, `"radius_m":5`), "crs", "WGS 84"},
		{"collection of geometries", feature(`{"type":"GeometryCollection","geometries":[]}`, ""), "geometry.type", "GeometryCollection"},
		{"MultiMultiPoint", feature(geometry("MultiMultiPoint", "[]"), ""), "geometry.type", ""},
		{"no radius", feature(point, ``), "properties.radius_m", "a Point needs radius_m"},
		{"null radius", feature(point, `"radius_m":null`), "properties.radius_m", "a Point needs radius_m"},
		{"no half width", feature(geometry("LineString", "[[1,2],[3,4]]"), ``), "properties.half_width_m", "needs half_width_m"},
		{"radius beside a polygon", feature(geometry("Polygon", "[]"), `"radius_m":5`), "properties.radius_m", "does not go with"},
		{"zero radius", feature(point, `"radius_m":0`), "properties.radius_m", "more than 0"},
		{"negative radius", feature(point, `"radius_m":-5`), "properties.radius_m", "more than 0"},
		{"NaN radius", feature(point, `"radius_m":NaN`), "", "not JSON"},
		{"infinite radius", feature(point, `"radius_m":1e999`), "properties.radius_m", ""},
		{"radius beyond the earth", feature(point, `"radius_m":3e7`), "properties.radius_m", "half the earth"},
		{"radius as text", feature(point, `"radius_m":"5"`), "properties.radius_m", ""},
		{"no coordinates", feature(`{"type":"Point"}`, `"radius_m":5`), "geometry.coordinates", "is missing"},
		{"null coordinates", feature(geometry("Point", "null"), `"radius_m":5`), "geometry.coordinates", "not a position"},
		{"null in a position", feature(geometry("Point", "[null,1]"), `"radius_m":5`), "geometry.coordinates", "not a position"},
		{"null position", feature(geometry("LineString", "[[1,2],null]"), `"half_width_m":5`), "geometry.coordinates[1]", "not a position"},
		{"one number", feature(geometry("Point", "[1]"), `"radius_m":5`), "geometry.coordinates", "1 coordinates"},
		{"altitude in a position", feature(geometry("Point", "[1,2,300]"), `"radius_m":5`), "geometry.coordinates", "third coordinate"},
		{"swapped", feature(geometry("Point", "[35,120]"), `"radius_m":5`), "geometry.coordinates", "[120, 35] would fit"},
		{"longitude past 180", feature(geometry("Point", "[190,20]"), `"radius_m":5`), "geometry.coordinates", "-170"},
		{"latitude past 90 both ways", feature(geometry("Point", "[170,100]"), `"radius_m":5`), "geometry.coordinates", "outside -90 to 90"},
		{"line of one", feature(geometry("LineString", "[[1,2]]"), `"half_width_m":5`), "geometry.coordinates", "at least 2"},
		{"line of one place", feature(geometry("LineString", "[[180,2],[-180,2]]"), `"half_width_m":5`), "geometry.coordinates", "one place"},
		{"nearly antipodal", feature(geometry("LineString", "[[0,0],[179.9,0.1]]"), `"half_width_m":5`), "geometry.coordinates[1]", "in doubt"},
		{"no parts", feature(geometry("MultiPoint", "[]"), `"radius_m":5`), "geometry.coordinates", "no parts"},
		{"no ring", polygon("[]"), "geometry.coordinates", "no ring"},
		{"empty ring", polygon("[[]]"), "geometry.coordinates[0]", "at least 4"},
		{"open ring", polygon("[[[0,0],[1,0],[1,1],[0,1]]]"), "geometry.coordinates[0][3]", "close the ring"},
		{"ring of three", polygon("[[[0,0],[1,0],[0,0]]]"), "geometry.coordinates[0]", "at least 4"},
		{"ring of two places", polygon("[[[0,0],[1,0],[1,0],[0,0]]]"), "geometry.coordinates[0]", "at least 3 different"},
		{"bow tie", polygon("[[[0,0],[1,1],[1,0],[0,1],[0,0]]]"), "geometry.coordinates[0]", "from [0, 0] to [1, 1] crosses the edge from [1, 0] to [0, 1]"},
		{"bow tie over the antimeridian", polygon("[[[179,0],[-179,1],[-179,0],[179,1],[179,0]]]"), "geometry.coordinates[0]", "crosses"},
		{"spike", polygon("[[[0,0],[2,0],[1,0],[1,1],[0,0]]]"), "geometry.coordinates[0]", "doubles back"},
		{"touches itself", polygon("[[[0,0],[4,0],[2,2],[4,4],[0,4],[2,2],[0,0]]]"), "geometry.coordinates[0]", "touches"},
		{"half the earth", polygon("[[[0,0],[90,0],[180,0],[-90,0],[0,0]]]"), "geometry.coordinates[0]", "its inside is in doubt"},
		{"hole outside", polygon("[[[0,0],[1,0],[1,1],[0,1],[0,0]],[[2,2],[3,2],[3,3],[2,2]]]"), "geometry.coordinates[1]", "inside the outer ring"},
		{"hole across", polygon("[[[0,0],[2,0],[2,2],[0,2],[0,0]],[[1,1],[3,1.2],[1,1.5],[1,1]]]"), "geometry.coordinates[1]", "which it crosses near"},
		{"holes overlap", polygon("[[[0,0],[9,0],[9,9],[0,9],[0,0]],[[1,1],[4,1],[4,4],[1,1]],[[2,1.5],[5,1.5],[5,4],[2,1.5]]]"), "geometry.coordinates[2]", "overlap the hole"},
		{"hole in a hole", polygon("[[[0,0],[9,0],[9,9],[0,9],[0,0]],[[1,1],[8,1],[8,8],[1,8],[1,1]],[[2,2],[3,2],[3,3],[2,2]]]"), "geometry.coordinates[2]", "overlap the hole"},
		{"too many", feature(geometry("LineString", "["+strings.TrimSuffix(many.String(), ",")+"]"), `"half_width_m":5`), "geometry", "at most 10000"},
		{"no offset", feature(point, `"radius_m":5,"start":"2026-12-01T06:00:00"`), "properties.start", "offset"},
		{"a number for a time", feature(point, `"radius_m":5,"start":5`), "properties.start", ""},
		{"end before start", feature(point, `"radius_m":5,"start":"2026-12-01T06:00:00Z","end":"2026-12-01T06:00:00+03:00"`), "properties.end", "after start"},
		{"end at start", feature(point, `"radius_m":5,"start":"2026-12-01T06:00:00Z","end":"2026-12-01T09:00:00+03:00"`), "properties.end", "after start"},
		{"no value", alt(`{"unit":"m","reference":"W84"}`, `null`), "properties.lower", "needs a value"},
		{"odd unit", alt(`{"value":1,"unit":"km","reference":"W84"}`, `null`), "properties.lower.unit", "must be m, ft or FL"},
		{"odd reference", alt(`{"value":1,"unit":"m","reference":"QNH"}`, `null`), "properties.lower.reference", "must be W84"},
		{"level over the sea", alt(`{"value":1,"unit":"FL","reference":"AMSL"}`, `null`), "properties.lower.reference", "must be FL"},
		{"out of this world", alt(`{"value":1e9,"unit":"m","reference":"W84"}`, `null`), "properties.lower.value", "must lie between"},
		{"extra in an altitude", alt(`{"value":1,"unit":"m","reference":"W84","x":1}`, `null`), "properties.lower.x", "unknown"},
		{"upside down", alt(`{"value":101,"unit":"m","reference":"W84"}`, `{"value":100,"unit":"m","reference":"W84"}`), "properties.lower", "above upper"},
		{"upside down in units", alt(`{"value":330,"unit":"ft","reference":"AMSL"}`, `{"value":100,"unit":"m","reference":"AMSL"}`), "properties.lower", "above upper"},
		{"upside down across references", alt(`{"value":5000,"unit":"m","reference":"AMSL"}`, `{"value":50,"unit":"FL","reference":"FL"}`), "properties.lower", "above upper"},
		{"upside down over the geoid", alt(`{"value":100,"unit":"m","reference":"AMSL"}`, `{"value":100,"unit":"m","reference":"W84"}`), "properties.lower", "above upper"},
		{"upside down over ground", alt(`{"value":200,"unit":"m","reference":"AGL"}`, `{"value":100,"unit":"m","reference":"AGL"}`), "properties.lower", "above upper"},
	}
	for _, c := range cases {
		_, _, err := ParseFeature([]byte(c.in))
		if err == nil {
			t.Errorf("%s: not refused", c.name)
			continue
		}
		all := fault.All(err)
		if (c.field != "" && all[0].Field != c.field) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: field %q, %v", c.name, all[0].Field, err)
		}
		for _, e := range all {
			if e.Code == fault.Internal || e.Rule == "" || e.Hint == "" {
				t.Errorf("%s: %#v lacks a rule or a hint", c.name, e)
			}
		}
	}
}

func TestParseFeatureAccepts(t *testing.T) {
	cases := []struct {
		name, in string
		want     Shape
	}{
		{"earth", feature(`null`, `"whole_earth":true`), Earth{}},
		{"multi point", feature(geometry("MultiPoint", "[[1,2],[3,4]]"), `"radius_m":5`), Multi{[]Shape{Circle{Position{1, 2}, 5}, Circle{Position{3, 4}, 5}}}},
		{"line", feature(geometry("LineString", "[[1,2],[3,4]]"), `"half_width_m":5`), Corridor{[]Position{{1, 2}, {3, 4}}, 5}},
		{"multi line", feature(geometry("MultiLineString", "[[[1,2],[3,4]]]"), `"half_width_m":5`), Multi{[]Shape{Corridor{[]Position{{1, 2}, {3, 4}}, 5}}}},
		{"multi polygon", feature(geometry("MultiPolygon", "[[[[0,0],[1,0],[0,1],[0,0]]]]"), ``), Multi{[]Shape{poly(closed(0, 0, 1, 0, 0, 1))}}},
		{"ring with a repeated position", feature(geometry("Polygon", "[[[0,0],[1,0],[1,0],[0,1],[0,0]]]"), ``), poly(closed(0, 0, 1, 0, 1, 0, 0, 1))},
		{"hole that touches", feature(geometry("Polygon", "[[[0,0],[4,0],[4,4],[0,4],[0,0]],[[0,0],[2,1],[1,2],[0,0]]]"), ``), poly(closed(0, 0, 4, 0, 4, 4, 0, 4), closed(0, 0, 2, 1, 1, 2))},
		{"ring over a pole, closed across the seam", feature(geometry("Polygon", "[[[180,80],[-90,80],[0,80],[90,80],[-180,80]]]"), ``), poly([]Position{{180, 80}, {-90, 80}, {0, 80}, {90, 80}, {-180, 80}})},
		{"crs of old files", `{"type":"Feature","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}},"geometry":{"type":"Point","coordinates":[1,2]},"properties":{"radius_m":5}}`, Circle{Position{1, 2}, 5}},
	}
	for _, c := range cases {
		v, _, err := ParseFeature([]byte(c.in))
		if err != nil || !reflect.DeepEqual(v.Shape, c.want) {
			t.Errorf("%s: %v, %v", c.name, v.Shape, err)
		}
	}
}

func TestMarshalFeatureRefuses(t *testing.T) {
	v := Volume{Shape: Circle{Position{1, 2}, 3}}
	for name, extra := range map[string]map[string]jsontext.Value{
		"part of the volume": {"radius_m": jsontext.Value("5")},
		"not JSON":           {"x": jsontext.Value("{")},
	} {
		if _, err := MarshalFeature(v, extra); err == nil {
			t.Error(name, "is not refused")
		}
	}
	mixed := Multi{[]Shape{Circle{Position{1, 2}, 3}, Circle{Position{1, 2}, 4}}}
	if _, err := MarshalFeature(Volume{Shape: mixed}, nil); err == nil || ValidateShape(mixed) == nil {
		t.Error("parts unlike each other are not refused")
	}
	if _, err := MarshalFeature(Volume{}, nil); err == nil {
		t.Error("no shape is not refused")
	}
}

// TestFeatureRoundTrip: what is written reads back the same, and writes the same bytes.
func TestFeatureRoundTrip(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		v := Volume{Shape: newWorld(rt).shape()}
		if rapid.Bool().Draw(rt, "lower") {
			v.Band.Lower = &Altitude{rapid.Float64Range(-100, 1000).Draw(rt, "value"), Feet, AGL}
		}
		if rapid.Bool().Draw(rt, "window") {
			v.Window.Start = time.UnixMilli(rapid.Int64Range(0, 4e12).Draw(rt, "start")).UTC()
		}
		if Validate(v) != nil {
			return
		}
		extra := map[string]jsontext.Value{"id": jsontext.Value("7"), "properties.id": jsontext.Value(`"p"`), "z": jsontext.Value(`{ "a" : [1, 2] }`)}
		out, err := MarshalFeature(v, extra)
		if err != nil {
			rt.Fatal(err)
		}
		back, rest, err := ParseFeature(out)
		if err != nil || !reflect.DeepEqual(back, v) {
			rt.Fatalf("%s\nbecame %v, %v", out, back, err)
		}
		again, err := MarshalFeature(back, rest)
		if err != nil || !bytes.Equal(out, again) {
			rt.Fatalf("%s\nthen %s, %v", out, again, err)
		}
	})
}

func TestWarnings(t *testing.T) {
	v := Volume{Shape: poly(closed(0, 50, 10, 50, 10, 50, 10, 55, 0, 55))}
	w := Warnings(v)
	if len(w) != 2 || w[0].Field != "geometry.coordinates[0][1]" || math.Abs(w[0].DepartM-12_000) > 50 || w[1].Repeats != 1 {
		t.Errorf("%+v", w)
	}
	if w := Warnings(Volume{Shape: poly(closed(0, 50, 0.1, 50, 0.1, 50.1))}); len(w) != 0 {
		t.Errorf("%+v", w)
	}
}

func FuzzParseFeature(f *testing.F) {
	f.Add([]byte(example))
	f.Add([]byte(feature(geometry("Polygon", "[[[0,0],[4,0],[4,4],[0,4],[0,0]],[[0,0],[2,1],[1,2],[0,0]]]"), `"id":4`)))
	f.Add([]byte(feature(geometry("MultiLineString", "[[[179,89],[-179,-89]]]"), `"half_width_m":5e6`)))
	f.Add([]byte(feature(`null`, `"whole_earth":true,"start":"2026-12-01T18:00:00+05:30"`)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		v, rest, err := ParseFeature(raw)
		if err != nil {
			for _, e := range fault.All(err) {
				if e.Code == fault.Internal {
					t.Fatal(err)
				}
			}
			return
		}
		out, err := MarshalFeature(v, rest)
		if err != nil {
			t.Fatal(err)
		}
		back, rest, err := ParseFeature(out)
		if err != nil {
			t.Fatalf("%s: %v", out, err)
		}
		if again, _ := MarshalFeature(back, rest); !bytes.Equal(out, again) {
			t.Fatalf("%s\nthen %s", out, again)
		}
		Bounds(v.Shape)
		if p := Representative(v.Shape); !Contains(v.Shape, p) {
			t.Fatalf("%v is not in %s", p, out)
		}
		if m, overlap, _, _ := Lateral(v.Shape, v.Shape); m != 0 || !overlap {
			t.Fatalf("%s is %v m from itself", out, m)
		}
	})
}

func FuzzParseGeometry(f *testing.F) {
	f.Add([]byte(geometry("Polygon", "[[[0,0],[4,0],[4,4],[0,4],[0,0]]]")), 0.0, 0.0)
	f.Add([]byte(geometry("MultiPoint", "[[0,0],[4,0]]")), 5.0, 0.0)
	f.Add([]byte(geometry("LineString", "[[0,90],[4,0]]")), 0.0, 1e7)
	f.Fuzz(func(t *testing.T, raw []byte, radiusM, halfWidthM float64) {
		s, err := ParseGeometry(raw, Size{radiusM, halfWidthM})
		if err != nil {
			return
		}
		out, size, err := MarshalGeometry(s)
		if err != nil || size != (Size{radiusM, halfWidthM}) {
			t.Fatal(size, err)
		}
		if back, err := ParseGeometry(out, size); err != nil || !reflect.DeepEqual(s, back) {
			t.Fatalf("%s became %v, %v", out, back, err)
		}
	})
}
