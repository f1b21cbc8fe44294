package witness

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"parley/fault"
	"parley/transcript"
)

func TestParseRequest(t *testing.T) {
	hash := base64.StdEncoding.EncodeToString(make([]byte, 32))
	for name, tt := range map[string]struct {
		body string
		ok   bool
	}{
		"good":                 {"old 0\n\nx\n", true},
		"with a proof":         {"old 12\n" + hash + "\n\nx\n", true},
		"63 hashes":            {"old 12\n" + strings.Repeat(hash+"\n", 63) + "\nx\n", true},
		"64 hashes":            {"old 12\n" + strings.Repeat(hash+"\n", 64) + "\nx\n", false},
		"no size":              {"old \n\nx\n", false},
		"leading zero":         {"old 01\n\nx\n", false},
		"negative":             {"old -1\n\nx\n", false},
		"plus":                 {"old +1\n\nx\n", false},
		"too large":            {"old 281474976710657\n\nx\n", false},
		"carriage return":      {"old 1\r\n\nx\n", false},
		"short hash":           {"old 1\nAAAA\n\nx\n", false},
		"unused bits":          {"old 1\n" + hash[:42] + "B=\n\nx\n", false},
		"no checkpoint at all": {"old 1\n", false},
	} {
		r, err := ParseRequest([]byte(tt.body))
		if (err == nil) != tt.ok {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil && string(r.Encode()) != tt.body {
			t.Errorf("%s: encoded again it is %q", name, r.Encode())
		}
	}
}

func TestParseLogs(t *testing.T) {
	line := strings.Repeat("0a", 32)
	raw := base64.StdEncoding.EncodeToString(public(1))
	vkey := transcript.LogKey("example.com/log", public(1))
	for name, tt := range map[string]struct {
		text string
		says string
	}{
		"good":              {"example.com/log " + vkey + "\n# and\n\nparley/" + line + "/*/b " + raw + "\n", ""},
		"a word":            {"example.com/log\n", "is not an origin and a key"},
		"a witness's key":   {"example.com/log " + transcript.WitnessKey{Name: "w", Key: public(1)}.String(), "is not a log's"},
		"hash of another":   {"example.com/log " + strings.Replace(vkey, "log+", "lag+", 1), "hash"},
		"star elsewhere":    {"example.com/* " + vkey, "star"},
		"star and a vkey":   {"parley/" + line + "/*/b " + vkey, "32 bytes"},
		"a small-order key": {"parley/" + line + "/*/b " + base64.StdEncoding.EncodeToString(make([]byte, 32)), "small order"},
	} {
		l, err := ParseLogs([]byte(tt.text))
		if (err == nil) != (tt.says == "") || err != nil && !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil {
			if fault.CodeOf(err) != fault.Invalid {
				t.Errorf("%s: code %s", name, fault.CodeOf(err))
			}
			continue
		}
		for origin, n := range map[string]int{"example.com/log": 1, "parley/" + line + "/3/b": 1, "parley/" + line + "/3/a": 0, "example.com/other": 0} {
			if got := l.Keys(origin); len(got) != n {
				t.Errorf("%s: %d keys of %s", name, len(got), origin)
			}
		}
	}
	var many strings.Builder
	for i := range maxLogKeys + 1 {
		fmt.Fprintf(&many, "example.com/log %s\n", transcript.LogKey("example.com/log", public(byte(i+10))))
	}
	if _, err := ParseLogs([]byte(many.String())); !fault.Is(err, fault.TooLarge) {
		t.Errorf("%d keys of one log: %v", maxLogKeys+1, err)
	}
}

func FuzzParseRequest(f *testing.F) {
	l := newLogBook("example.com/log", testKey(1), entries(9, "log")...)
	f.Add(l.request(0, 3).Encode())
	f.Add(l.request(3, 9).Encode())
	f.Add([]byte("old 0\n\n"))
	f.Fuzz(func(t *testing.T, body []byte) {
		r, err := ParseRequest(body)
		if err != nil {
			return
		}
		if !bytes.Equal(r.Encode(), body) {
			t.Fatalf("%q is read and written as %q", body, r.Encode())
		}
	})
}

func FuzzAnswer(f *testing.F) {
	l := newLogBook(testOrigin().String(), testKey(1), entries(3, "log")...)
	h := transcript.Head{Origin: testOrigin(), Size: 3, Root: l.root(3)}
	text := fmt.Sprintf("%s\n3\n%s\n", h.Origin, h.Root)
	line, err := transcript.SignCosignature(testKey(9), testName, []byte(text), newHandClock().Now())
	if err != nil {
		f.Fatal(err)
	}
	by := transcript.WitnessKey{Name: testName, Key: public(9)}
	f.Add(line)
	f.Add(append(bytes.Clone(line), line...))
	f.Add([]byte("more\n\n— x y\n"))
	f.Fuzz(func(t *testing.T, body []byte) {
		cos, err := transcript.FindCosignature(h, body, by)
		if err != nil {
			return
		}
		if cos.Size != h.Size || cos.Root != h.Root || cos.Origin != h.Origin || !cos.By.Equal(by) || !bytes.Contains(body, line) {
			t.Fatalf("%q is taken for %+v", body, cos)
		}
	})
}

func FuzzHeld(f *testing.F) {
	l := newLogBook("example.com/log", testKey(1), entries(3, "log")...)
	f.Add(append([]byte("1796104800\n"), l.checkpoint(3)...))
	f.Fuzz(func(t *testing.T, value []byte) {
		if h, err := parseHeld(value); err == nil && (h.Size < 0 || h.Origin == "") {
			t.Fatalf("%q is read as %+v", value, h)
		}
	})
}
