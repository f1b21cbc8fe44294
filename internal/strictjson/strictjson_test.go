package strictjson

import (
	"bytes"
	"reflect"
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

// read reads any value by a Cursor, as json.Unmarshal into any does.
func read(c *Cursor) any {
	switch c.Peek() {
	case '{':
		out := map[string]any{}
		for c.Open('{'); c.More('}'); {
			name := string(c.Name())
			if _, twice := out[name]; twice {
				c.Stop()
			}
			out[name] = read(c)
		}
		return out
	case '[':
		out := []any{}
		for c.Open('['); c.More(']'); {
			out = append(out, read(c))
		}
		return out
	case '"':
		return c.Text()
	case 't', 'f':
		return c.Bool()
	case 'n':
		if !c.Null() {
			c.Stop()
		}
		return nil
	}
	return c.Float()
}

// FuzzCursor holds that a Cursor takes nothing that Decode refuses, and reads the same from it;
// that it takes all that has no escape in a name; and that extents join to the whole.
func FuzzCursor(f *testing.F) {
	for _, s := range []string{`{"a":1,"b":[1,2]}`, ` [ 1 , -0.5e3, 1e400, 0.10, 123456789012345678, 01, 1., -0 ] `, `"é\n😀\ud83d\ude00\ud800"`,
		`{"a":{"a":[]},"b":{},"a":1}`, `[1,]`, `[,1]`, `{"a":1,}`, "[\"\xff\"]", "\"\x01\"", `[true,false,null,nul]`, `{"\u0061":1}`, `1 2`, `[[]`, `]`, "\x00"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		limits := Limits{Bytes: 1 << 16, Depth: 1 << 16}
		if bytes.Count(data, []byte("[")) > 5000 || bytes.Count(data, []byte("{")) > 5000 {
			return // the library's own limit of depth
		}
		var want any
		err := Decode(data, limits, &want)
		c := NewCursor(data)
		got := read(&c)
		switch taken := c.Ended(); {
		case taken && err != nil:
			t.Fatalf("%q is taken; it is refused: %v", data, err)
		case taken && !reflect.DeepEqual(got, want):
			t.Fatalf("%q is read as %#v, want %#v", data, got, want)
		case !taken && err == nil && !bytes.ContainsRune(data, '\\'):
			t.Fatalf("%q is not taken", data)
		}
		if err == nil {
			c := NewCursor(data)
			if e := c.Extent(limits.Depth); !c.Ended() || !bytes.Equal(bytes.TrimSpace(e), bytes.TrimSpace(data)) {
				t.Fatalf("the extent of %q is %q", data, e)
			}
		}
	})
}

func TestExtentDepth(t *testing.T) {
	for in, ok := range map[string]bool{`[[1],{"a":2}]`: true, `[[1],{"a":[]}]`: false, `"[[["`: true} {
		c := NewCursor([]byte(in))
		if c.Extent(2); c.Ended() != ok {
			t.Errorf("%s: %v, want %v", in, c.Ended(), ok)
		}
	}
}

func TestCursorInt(t *testing.T) {
	for in, want := range map[string]int{"0": 0, "-7": -7, " 123456789012345 ": 123456789012345} {
		c := NewCursor([]byte(in))
		if got := c.Int(); !c.Ended() || got != want {
			t.Errorf("%q: %d", in, got)
		}
	}
	for _, in := range []string{"", "-", "1.0", "1e2", "01", "1234567890123456", "-0", "x", "1x"} {
		c := NewCursor([]byte(in))
		if got := c.Int(); c.Ended() {
			t.Errorf("%q is taken as %d", in, got)
		}
	}
}
