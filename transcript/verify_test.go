package transcript

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func verifyText(data []byte, opts Options) (Report, string) {
	r := Verify(bytes.NewReader(data), opts)
	var b strings.Builder
	if err := r.WriteText(&b); err != nil {
		return r, err.Error()
	}
	return r, b.String()
}

func TestVerifyWholeLine(t *testing.T) {
	w := smallWorld(t)
	r, text := verifyText(w.bundle(nil), testOptions())
	if !r.OK || r.Identified || !strings.HasPrefix(text, "consistent; signers not identified: blue SHA256:") {
		t.Fatalf("%s", text)
	}
	a := r.Transcripts[0]
	if a.Entries != 3 || a.Missing != 0 || a.Disclosed != 6 || a.LeftOut != 0 {
		t.Errorf("blue: %+v", a)
	}
	for i, want := range []time.Duration{time.Second, 2*time.Minute + time.Second, -1} {
		at, ok := r.Held(w.books[0].origin, int64(i))
		if ok != (want >= 0) || (ok && !at.Equal(testTime().Add(want))) {
			t.Errorf("entry %d held at %s, %t", i, at, ok)
		}
	}
	if !strings.Contains(text, "1/a#2: delivery not shown") {
		t.Errorf("%s", text)
	}
	want := "\nline " + w.id[:12] + "\n\nwhat blue said, 1/a: 3 entries in this file, from 2026-12-01T06:00:00Z to 2026-12-01T06:03:00Z by the clock of blue\n" +
		"  fields shown: 6\n" +
		"  complete: every entry of blue in 1/a up to 2026-12-01T06:03:00Z, by its own clock, is in this file\n" +
		"    notice.end: 1\n    notice.file: 2\n    of any other kind: none\n" +
		"  1/a#0: delivered; held by green at 2026-12-01T06:00:01Z, by the clock of green\n"
	if !strings.Contains(text, want) || strings.Contains(text, w.id) {
		t.Errorf("%s", text)
	}
	for _, word := range []string{"clear", "safe"} {
		if strings.Contains(text, word) {
			t.Errorf("the report says %q", word)
		}
	}
}

func TestTrust(t *testing.T) {
	data := smallWorld(t).bundle(nil)
	both := []TrustedKey{{Name: "blue", Key: public(testKey(11))}, {Key: public(testKey(12))}}
	prints := []TrustedKey{{Name: "blue", Fingerprint: Fingerprint(public(testKey(11)))}, {Fingerprint: Fingerprint(public(testKey(12)))}}
	for _, c := range []struct {
		name  string
		trust []TrustedKey
		ok    bool
	}{
		{"both", both, true},
		{"both by fingerprint", prints, true},
		{"nothing named", []TrustedKey{{}, {}}, false},
		{"one", both[:1], false},
		{"none", []TrustedKey{}, false},
		{"name of another", []TrustedKey{{Name: "red", Key: public(testKey(11))}, both[1]}, false},
	} {
		opts := testOptions()
		opts.Trust = c.trust
		r, text := verifyText(data, opts)
		if r.OK != c.ok || r.Identified != c.ok {
			t.Errorf("%s: ok %t, identified %t\n%s", c.name, r.OK, r.Identified, text)
		}
	}
}

func TestVerifyOneEntry(t *testing.T) {
	w := smallWorld(t)
	for only := range 3 {
		var buf bytes.Buffer
		b := NewBundleWriter(&buf)
		if err := b.Agreement(w.agreement); err != nil {
			t.Fatal(err)
		}
		w.books[0].write(t, b, func(i int) bool { return i == only })
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
		r, text := verifyText(buf.Bytes(), testOptions())
		if !r.OK || r.Transcripts[0].Entries != 1 || r.Transcripts[0].Missing != 2 {
			t.Errorf("entry %d alone:\n%s", only, text)
		}
		if _, held := r.Held(w.books[0].origin, int64(only)); held != (only < 2) {
			t.Errorf("entry %d alone: held %t\n%s", only, held, text)
		}
	}
}

func TestShow(t *testing.T) {
	w := smallWorld(t)
	opts := testOptions()
	var got []string
	opts.Show = func(o Origin, e Entry, fields []Field) {
		line := fmt.Sprintf("%s %d %s", o.Side, e.Seq, e.Kind)
		for _, f := range fields {
			line += fmt.Sprintf(" %s=%s", f.Name, f.Value)
		}
		got = append(got, line)
	}
	if r, text := verifyText(w.bundle(nil), opts); !r.OK {
		t.Fatal(text)
	}
	want := []string{
		`a 0 notice.file speed=12.5 title="survey" volumes=[{"lower":{"value":0}}]`,
		`a 1 notice.file speed=12.5 title="survey" volumes=[{"lower":{"value":0}}]`,
		`a 2 notice.end`, `b 0 notice.received officer="k. duty"`, `b 1 call`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("shows %q", got)
	}
}
