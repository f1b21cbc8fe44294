package geo4d

import (
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"pgregory.net/rapid"

	"parley/fault"
)

// sameFeature holds ParseFeature to parseFeature, which checks step by step: the same volume and
// rest, or the same refusals.
func sameFeature(t interface{ Fatalf(string, ...any) }, raw []byte) {
	v, rest, err := ParseFeature(raw)
	v2, rest2, err2 := parseFeature(raw)
	if said(err) != said(err2) {
		t.Fatalf("%s\nis answered  %v\nand by steps %v", raw, err, err2)
	}
	if !reflect.DeepEqual(v, v2) || !reflect.DeepEqual(rest, rest2) {
		t.Fatalf("%s\nis read  %+v %s\nby steps %+v %s", raw, v, rest, v2, rest2)
	}
}

// said is what a person reads of an error, or "".
func said(err error) string {
	var b strings.Builder
	for _, e := range fault.All(err) {
		b.WriteString(string(e.Code) + " " + e.Error() + "\n")
	}
	return b.String()
}

// anyFeature draws a feature, most of them valid, with its parts in some order.
func anyFeature(rt *rapid.T) []byte {
	draw := func(name string, of ...string) string { return rapid.SampledFrom(of).Draw(rt, name) }
	var shape Shape = newWorld(rt).shape()
	if rapid.IntRange(0, 9).Draw(rt, "earth") == 0 {
		shape = Earth{}
	}
	v := Volume{Shape: shape}
	if rapid.Bool().Draw(rt, "lower") {
		v.Band.Lower = &Altitude{rapid.Float64Range(-100, 1000).Draw(rt, "value"), Unit(draw("unit", "m", "ft", "FL")), Reference(draw("reference", "AMSL", "AGL", "W84", "FL"))}
	}
	if rapid.Bool().Draw(rt, "upper") {
		v.Band.Upper = &Altitude{float64(rapid.IntRange(-100, 1000).Draw(rt, "top")), Unit(draw("unit", "m", "ft", "FL")), Reference(draw("reference", "AMSL", "AGL", "W84", "FL"))}
	}
	if rapid.Bool().Draw(rt, "window") {
		v.Window.Start = time.UnixMilli(rapid.Int64Range(-1e14, 4e14).Draw(rt, "start")).UTC()
		v.Window.End = v.Window.Start.Add(time.Duration(rapid.Int64Range(-10, 1e9).Draw(rt, "ms")) * time.Millisecond)
	}
	extra := map[string]jsontext.Value{}
	for range rapid.IntRange(0, 3).Draw(rt, "extras") {
		name := draw("name", "id", "properties.id", "title", "é", "a\"b", "z")
		extra[name] = jsontext.Value(draw("extra", `1`, `"b"`, `null`, `true`, `-0.5e3`, `[1,{"a":2}]`, `{"a":1}`, `"é\n"`, `"漢"`))
	}
	out, err := MarshalFeature(v, extra)
	if err != nil {
		return []byte(`{"type":"Feature","geometry":null,"properties":{"whole_earth":true}}`)
	}
	return out
}

// mutated changes text in a few places by what JSON is made of.
func mutated(rt *rapid.T, raw []byte, pieces ...string) []byte {
	pieces = append(pieces, "", "{", "}", "[", "]", ",", ":", `"`, `\`, " ", "\n", "0", "00", "1", "-", "-0", ".", "e", "e9", "1e400", "1e-400", "NaN", "null",
		"true", "false", "x", "\x00", "\xff", "é", `\u0041`, `\ud800`, `""`, `"a":1,`, "{}", "[]", "123456789012345678901234567890", "0.1234567890123456789")
	for range rapid.IntRange(0, 3).Draw(rt, "changes") {
		i := rapid.IntRange(0, len(raw)).Draw(rt, "at")
		j := min(len(raw), i+rapid.IntRange(0, 12).Draw(rt, "cut"))
		with := rapid.SampledFrom(pieces).Draw(rt, "with")
		raw = append(append(append([]byte(nil), raw[:i]...), with...), raw[j:]...)
	}
	return raw
}

// replaced puts another value or name in place of one, so that what stands round it stays well-formed.
func replaced(rt *rapid.T, raw []byte) []byte {
	olds := []string{`"type"`, `"Feature"`, `"Point"`, `"Polygon"`, `"coordinates"`, `"geometry"`, `"properties"`, `"radius_m"`, `"start"`, `"end"`,
		`"lower"`, `"upper"`, `"value"`, `"unit"`, `"reference"`, `"AMSL"`, `"m"`, `"whole_earth"`, `true`, `[`, `]`, `}`, `Z"`, `null`, `:`, `,`}
	news := append([]string{`"id":7,`, `"bbox":[1,2,3,4],`, `"crs":null,`, `null`, `7`, `"7"`, `-7.25`, `[]`, `{}`, `[[1,2]]`, `[1,2]`, `[1,2,3]`, `+01:00"`,
		` : `, "\t,\r\n", `,"start":null,`, `,"x":{"a":1,"a":2},`, `,"half_width_m":5,`, `,"radius_m":5,`, `"Multi`, `,"geometry":null,`}, olds...)
	for range rapid.IntRange(0, 2).Draw(rt, "replacements") {
		from := rapid.SampledFrom(olds).Draw(rt, "from")
		to := rapid.SampledFrom(news).Draw(rt, "to")
		n := strings.Count(string(raw), from)
		if n == 0 {
			continue
		}
		k := rapid.IntRange(0, n-1).Draw(rt, "which")
		parts := strings.Split(string(raw), from)
		raw = []byte(strings.Join(parts[:k+1], from) + to + strings.Join(parts[k+1:], from))
	}
	return raw
}

func TestParseFeatureAsByStepsValid(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) { sameFeature(rt, anyFeature(rt)) })
}

func TestParseFeatureAsByStepsMutated(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) { sameFeature(rt, mutated(rt, anyFeature(rt))) })
}

func TestParseFeatureAsByStepsReplaced(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) { sameFeature(rt, replaced(rt, anyFeature(rt))) })
}

func TestParseGeometryAsBySteps(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		raw, size, err := MarshalGeometry(newWorld(rt).shape())
		if err != nil {
			return
		}
		raw = mutated(rt, raw)
		if rapid.IntRange(0, 3).Draw(rt, "other size") == 0 {
			size = Size{rapid.SampledFrom([]float64{0, -1, 5, 1e9}).Draw(rt, "radius"), rapid.SampledFrom([]float64{0, -1, 5, 1e9}).Draw(rt, "half width")}
		}
		s, err := ParseGeometry(raw, size)
		s2, err2 := parseGeometry(raw, size)
		if said(err) != said(err2) || !reflect.DeepEqual(s, s2) {
			rt.Fatalf("%s, %v\nis %v, %v\nby steps %v, %v", raw, size, s, err, s2, err2)
		}
	})
}

// TestReadFeatureTakes holds that the one pass takes what is usual, so that it is fast.
func TestReadFeatureTakes(t *testing.T) {
	for _, raw := range []string{
		example,
		feature(geometry("Polygon", "[[[0,0],[4,0],[4,4],[0,4],[0,0]],[[0,0],[2,1],[1,2],[0,0]]]"), `"id":4`),
		feature(geometry("MultiLineString", "[[[179,89],[-179,-89]]]"), `"half_width_m":5e6`),
		feature(geometry("MultiPoint", "[[1,2]]"), `"radius_m":5,"lower":null`),
		feature(`null`, `"whole_earth":true,"start":"2026-12-01T18:00:00Z"`),
	} {
		if _, _, ok := readFeature([]byte(raw)); !ok {
			t.Errorf("not read in one pass: %s", raw)
		}
	}
}

func TestUTCTime(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := time.UnixMilli(rapid.Int64Range(-62167219200000, 253402300799999).Draw(rt, "ms")).UTC().Format(
			rapid.SampledFrom([]string{time.RFC3339, timeLayout}).Draw(rt, "layout"))
		b := []byte(s)
		for range rapid.IntRange(0, 2).Draw(rt, "changes") {
			b[rapid.IntRange(0, len(b)-1).Draw(rt, "at")] = rapid.SampledFrom([]byte("0123456789-:.TZ")).Draw(rt, "to")
		}
		want, err := time.Parse(time.RFC3339, string(b))
		if got, ok := utcTime(b); ok && (err != nil || got != want.UTC().Truncate(time.Millisecond)) {
			rt.Fatalf("%s: %v, want %v, %v", b, got, want, err)
		} else if !ok && err == nil && strings.HasSuffix(string(b), "Z") && (len(b) == 20 || len(b) == 24) {
			rt.Fatalf("%s is not read", b)
		}
	})
}

// wobbly draws a ring whose corners lie about a circle, some of them off it, so that it may meet itself.
func wobbly(rt *rapid.T) []Position {
	mid := Position{rapid.Float64Range(-180, 180).Draw(rt, "lon"), rapid.Float64Range(-89, 89).Draw(rt, "lat")}
	radius := math10(rt, "radius", -4, 5.7)
	n := rapid.IntRange(3, 14).Draw(rt, "corners")
	var r []Position
	for i := range n {
		turn := float64(i) * 360 / float64(n)
		if rapid.IntRange(0, 3).Draw(rt, "stray") == 0 {
			turn += rapid.Float64Range(-180, 180).Draw(rt, "turn")
		}
		p, _ := Direct(mid, turn, radius*rapid.SampledFrom([]float64{1, 1, 1, 0.5, 0.1, 0, 1e-6}).Draw(rt, "part"))
		if i > 0 && rapid.IntRange(0, 5).Draw(rt, "near") == 0 {
			p, _ = Direct(r[rapid.IntRange(0, i-1).Draw(rt, "of")], turn, math10(rt, "by", -9, 1))
		}
		if i > 1 && rapid.IntRange(0, 5).Draw(rt, "on edge") == 0 { // next to an edge before it
			k := rapid.IntRange(1, i-1).Draw(rt, "edge")
			d, az, _ := Inverse(r[k-1], r[k])
			p, _ = Direct(r[k-1], az, d*rapid.Float64Range(0, 1.2).Draw(rt, "along"))
			p, _ = Direct(p, az+90, math10(rt, "by", -9, 1))
		}
		r = append(r, p)
	}
	return append(r, r[0])
}

func math10(rt *rapid.T, name string, lo, hi float64) float64 {
	return math.Pow(10, rapid.Float64Range(lo, hi).Draw(rt, name))
}

// TestPlainRingIsValid: what the quick proof takes, the exact check takes.
func TestPlainRingIsValid(t *testing.T) {
	plain := 0
	rapid.Check(t, func(rt *rapid.T) {
		line := wobbly(rt)
		c := checker{}
		r, ok := c.ring("ring", line)
		back := -1
		if r.p != nil {
			back = doublesBack(rt, &r)
		}
		if plainRing(line) {
			plain++
			if !ok || back >= 0 {
				rt.Fatalf("%v: %v, edge %d doubles back", line, c.errs, back)
			}
		}
	})
	if plain == 0 {
		t.Error("no ring was taken quickly")
	}
}

// doublesBack measures every two edges that follow each other, holds pair to it, and returns one
// that doubles back, or -1.
func doublesBack(rt *rapid.T, r *ring) int {
	n := int32(len(r.p.edges))
	found := -1
	for e := range n {
		f := (e + 1) % n
		if e == f {
			continue
		}
		ce, cf := r.p.curve(&r.p.edges[e]), r.p.curve(&r.p.edges[f])
		m1, _ := ce.nearest(&cf.b)
		m2, _ := cf.nearest(&ce.a)
		back := r.from[e] != r.from[f] && (m1 <= touchM || m2 <= touchM)
		if how := r.pair(min(e, f), max(e, f)); back != (how != "") {
			rt.Fatalf("edges %d and %d: %q, %v and %v m apart", e, f, how, m1, m2)
		}
		if back {
			found = int(e)
		}
	}
	return found
}

// TestSurely holds the quick looks at two positions to their distance.
func TestSurely(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a := Position{rapid.Float64Range(-180, 180).Draw(rt, "lon"), rapid.Float64Range(-90, 90).Draw(rt, "lat")}
		b := a
		switch rapid.IntRange(0, 2).Draw(rt, "how") {
		case 0:
			b = Position{rapid.Float64Range(-180, 180).Draw(rt, "lon"), rapid.Float64Range(-90, 90).Draw(rt, "lat")}
		case 1:
			b, _ = Direct(a, rapid.Float64Range(0, 360).Draw(rt, "azimuth"), math10(rt, "distance", -9, 7.3))
		case 2:
			b = Position{wrapLon(a.LonDeg + math10(rt, "east", -12, 2)), math.Max(-90, a.LatDeg-math10(rt, "south", -12, 2))}
		}
		d, _, _ := Inverse(a, b)
		if surelyApart(a, b) && !(d > 1e-6) {
			rt.Fatalf("%v and %v are %v m apart", a, b, d)
		}
		for _, m := range []float64{straightM, MaxEdgeM} {
			if surelyWithin(a, b, m) && !(d < m) {
				rt.Fatalf("%v and %v are %v m apart, not within %v", a, b, d, m)
			}
		}
	})
}
