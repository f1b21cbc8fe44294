package notice

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"pgregory.net/rapid"

	"parley/fault"
	"parley/internal/strictjson"
)

// fromFieldsBySteps is FromFields without the one pass.
func fromFieldsBySteps(fields map[string]jsontext.Value) (Notice, error) {
	var n Notice
	var errs joined
	known := 0
	for i := range members {
		m := &members[i]
		if v, ok := fields[m.name]; ok {
			known++
			errs.add(fault.In(m.name, m.set(&n, v)))
		}
	}
	if known < len(fields) {
		for _, name := range unknownNames(fields) {
			errs.add(fault.New(name, "", "is not a member of a notice", "its members are "+strings.Join(Names(), ", ")))
		}
	}
	if err := errs.err(); err != nil {
		return Notice{}, err
	}
	return n, nil
}

// unmarshalBySteps is Unmarshal without the one pass.
func unmarshalBySteps(data []byte) (Notice, error) {
	var fields map[string]jsontext.Value
	if err := strictjson.Decode(data, strictjson.Limits{Bytes: MaxBodyBytes, Depth: maxBodyDepth}, &fields); err != nil {
		return Notice{}, err
	}
	if fields == nil {
		return Notice{}, fault.New("body", "null", "must be a JSON object", "give a notice")
	}
	return fromFieldsBySteps(fields)
}

func said(err error) string {
	var b strings.Builder
	for _, e := range fault.All(err) {
		b.WriteString(string(e.Code) + " " + e.Error() + "\n")
	}
	return b.String()
}

type fataler interface{ Fatalf(string, ...any) }

func sameNotice(t fataler, what any, n Notice, err error, n2 Notice, err2 error) {
	if said(err) != said(err2) {
		t.Fatalf("%s\nis answered  %v\nand by steps %v", what, err, err2)
	}
	if !reflect.DeepEqual(n, n2) {
		t.Fatalf("%s\nis read  %+v\nby steps %+v", what, n, n2)
	}
}

func sameUnmarshal(t fataler, data []byte) {
	n, err := Unmarshal(data)
	n2, err2 := unmarshalBySteps(data)
	sameNotice(t, data, n, err, n2, err2)
}

// mutated changes a body in a few places by what JSON is made of, or by a piece of another place.
func mutated(rt *rapid.T, raw []byte) []byte {
	pieces := []string{"", "{", "}", "[", "]", ",", ":", `"`, `\`, " ", "\n", "0", "00", "1", "-", "-0", ".5", ".0", "e", "e9", "1e400", "NaN", "null", "true",
		"false", "x", "\x00", "\xff", "é", `\u0041`, `\ud800`, `\n`, `"a":1,`, `"id":"b",`, `{"language":"en"}`, "{}", "[]", "1234567890123456789012", "\u2028", "\x7f"}
	for range rapid.IntRange(0, 3).Draw(rt, "changes") {
		i := rapid.IntRange(0, len(raw)).Draw(rt, "at")
		j := min(len(raw), i+rapid.IntRange(0, 12).Draw(rt, "cut"))
		with := rapid.SampledFrom(pieces).Draw(rt, "with")
		if len(raw) > 0 && rapid.IntRange(0, 4).Draw(rt, "copy") == 0 {
			k := rapid.IntRange(0, len(raw)-1).Draw(rt, "from")
			with = string(raw[k:min(len(raw), k+rapid.IntRange(1, 40).Draw(rt, "long"))])
		}
		raw = append(append(append([]byte(nil), raw[:i]...), with...), raw[j:]...)
	}
	return raw
}

func TestUnmarshalAsBySteps(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		data, err := Marshal(anyNotice().Draw(rt, "notice"))
		if err != nil {
			rt.Fatal(err)
		}
		sameUnmarshal(rt, mutated(rt, data))
	})
}

// TestFromFieldsAsBySteps changes the values of members, each of which may be any bytes.
func TestFromFieldsAsBySteps(t *testing.T) {
	values := []string{`null`, `0`, `-1`, `1.0`, `1e3`, `"x"`, `"a\"b\n"`, `"\ud83d\ude00"`, `[]`, `{}`, `true`, `"flight"`, ` "air" `, `"é漢"`, "\"\xff\"", `"`, ``,
		`[{"language":"en","text":"a"},{"text":"b\nc"}]`, `[{"language":"en","language":"ar"}]`, `[null]`, `[{}]`, `{"format":"notam","id":"A1","text":"A)\nB)"}`,
		`{"format":"notam","format":"x"}`, `{"start":""}`, `{"end":"2026-12-02T08:00:00Z"}`, `[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]`, `9223372036854775807`, `9223372036854775808`}
	rapid.Check(t, func(rt *rapid.T) {
		fields, err := Fields(anyNotice().Draw(rt, "notice"))
		if err != nil {
			rt.Fatal(err)
		}
		m := map[string]jsontext.Value{}
		for _, f := range fields {
			m[f.Name] = f.Value
		}
		for range rapid.IntRange(0, 3).Draw(rt, "values") {
			name := rapid.SampledFrom(append(Names(), "other", "Id", "")).Draw(rt, "name")
			switch v := rapid.SampledFrom(values).Draw(rt, "value"); {
			case m[name] != nil && rapid.Bool().Draw(rt, "mutate"):
				m[name] = mutated(rt, m[name])
			default:
				m[name] = jsontext.Value(v)
			}
		}
		n, err := FromFields(m)
		n2, err2 := fromFieldsBySteps(m)
		sameNotice(rt, fmt.Sprint(m), n, err, n2, err2)
	})
}

// TestDeepBody holds a body to its depth, which is less than that of a feature by itself.
func TestDeepBody(t *testing.T) {
	body, err := Marshal(testFlight())
	if err != nil {
		t.Fatal(err)
	}
	for depth := range 20 {
		deep := strings.Replace(string(body), `"type":"Feature"`, `"type":"Feature","bbox":`+strings.Repeat("[", depth)+"1"+strings.Repeat("]", depth), 1)
		sameUnmarshal(t, []byte(deep))
	}
}

// TestReadInOnePass holds that what is usual is read in one pass, so that it is fast.
func TestReadInOnePass(t *testing.T) {
	n := testFlight()
	n.Text = []Text{{"en", "a\nb"}, {"ar", "نص"}}
	n.Source = Source{"notam", "A1/26", "A)\nB)"}
	n.Persons, n.SpeedMPS, n.Humanitarian = 3, 0.5, true
	for _, n := range []Notice{n, testMovement(), testFlight()} {
		body, err := Marshal(n)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := unmarshalQuick(body); !ok || !reflect.DeepEqual(got, n) {
			t.Errorf("not read in one pass: %s", body)
		}
	}
}

// TestWritesAsMarshal holds the short ways of writing to the library's.
func TestWritesAsMarshal(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringMatching(`[ -~]{0,40}`), rapid.SampledFrom([]string{"\xff", "a\u2028<&>", "\x7f", "\\"})).Draw(rt, "text")
		got, err := quote(s)
		want, err2 := marshal(s)
		if string(got) != string(want) || (err == nil) != (err2 == nil) {
			rt.Fatalf("%q: %s, want %s", s, got, want)
		}
		f := rapid.OneOf(rapid.Float64(), rapid.Map(rapid.Int64Range(-1e16, 1e16), func(i int64) float64 { return float64(i) })).Draw(rt, "number")
		if f == 0 {
			return
		}
		got, err = decimal(f)
		want, err2 = marshal(f)
		if string(got) != string(want) || (err == nil) != (err2 == nil) {
			rt.Fatalf("%v: %s, want %s", f, got, want)
		}
	})
}

// TestMayHoldTime holds the quick look to the rule that it stands before.
func TestMayHoldTime(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := rapid.StringOfN(rapid.RuneFrom([]rune("001234569::  ZLh.é")), 0, 14, -1).Draw(rt, "words")
		if !mayHoldTime(s) && clockRule.MatchString(s) {
			rt.Fatalf("%q holds a time", s)
		}
	})
}
