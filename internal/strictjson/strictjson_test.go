package strictjson

import (
	"strings"
	"testing"

	"parley/fault"
)

func TestDecodeRefuses(t *testing.T) {
	type body struct {
		A int       `json:"a"`
		B []float64 `json:"b"`
	}
	limits := Limits{Bytes: 200, Depth: 4}
	cases := []struct{ name, in, field, says string }{
		{"empty", "  ", "body", "is empty"},
		{"huge", strings.Repeat(" ", 300), "body", "at most 200 bytes"},
		{"deep", strings.Repeat("[", 60), "", "nested deeper than 4"},
		{"twice", `{"a":1,"a":2}`, "a", "duplicate"},
		{"nan", `{"a":NaN}`, "", "is not JSON"},
		{"unknown", `{"c":1}`, "c", "unknown"},
		{"tail", `{"a":1} {}`, "body", "after the JSON value"},
		{"type", `{"b":["x"]}`, "b[0]", ""},
		{"utf8", "{\"a\xff\":1}", "", "UTF-8"},
	}
	for _, c := range cases {
		var v body
		err := Decode([]byte(c.in), limits, &v)
		if err == nil {
			t.Errorf("%s: not refused", c.name)
			continue
		}
		all := fault.All(err)
		if !strings.Contains(err.Error(), c.says) || (c.field != "" && all[0].Field != c.field) {
			t.Errorf("%s: got field %q, %v", c.name, all[0].Field, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"a":1,"b":[1,2]}`))
	f.Add([]byte(`[[[[[`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var v any
		if err := Decode(data, Limits{Bytes: 1 << 16, Depth: 32}, &v); err != nil && len(fault.All(err)) == 0 {
			t.Fatalf("refused without a reason: %v", err)
		}
	})
}
