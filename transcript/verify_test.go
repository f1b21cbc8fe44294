package transcript

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
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

// TestEveryByte changes every byte of a bundle, one bit at a time, and adds and takes away bytes:
// the verifier must accept none, and name the entry where the byte is an entry's. With the race
// detector it does so to one byte in sixteen, drawn with a fixed seed: the verifier's goroutines do the
// same work for each.
func TestEveryByte(t *testing.T) {
	w := tinyWorld(t)
	opts := testOptions()
	opts.Workers = 1
	opts.Agreement = remembered(readTestAgreement)
	bundles := map[string][]byte{
		"whole": w.bundle(nil),
		"gaps":  w.bundle(func(i int) bool { return i == 1 }),
	}
	w.books[0].heads = w.books[0].heads[1:]
	bundles["a receipt without its head"] = w.bundle(nil)
	for name, data := range bundles {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if r, text := verifyText(data, opts); !r.OK {
				t.Fatal(text)
			}
			everyByte(t, data, opts)
		})
	}
}

// remembered reads each agreement once.
func remembered(read func([]byte) (AgreementInfo, error)) func([]byte) (AgreementInfo, error) {
	type answer struct {
		info AgreementInfo
		err  error
	}
	var mu sync.Mutex
	known := map[string]answer{}
	return func(note []byte) (AgreementInfo, error) {
		mu.Lock()
		defer mu.Unlock()
		a, ok := known[string(note)]
		if !ok {
			a.info, a.err = read(note)
			known[string(note)] = a
		}
		return a.info, a.err
	}
}

func everyByte(t *testing.T, data []byte, opts Options) {
	owner := entryOwners(data)
	sample := rand.New(rand.NewPCG(1, 2))
	for i := range data {
		if underRace && sample.IntN(16) > 0 {
			continue
		}
		flipped := bytes.Clone(data)
		flipped[i] ^= 1 << (i % 8)
		r, text := verifyText(flipped, opts)
		if r.OK {
			t.Fatalf("byte %d %q changed to %q is accepted", i, data[i], flipped[i])
		}
		if owner[i] != "" && !strings.Contains(text, owner[i]) {
			t.Fatalf("byte %d %q changed to %q is in %s, but the report says\n%s", i, data[i], flipped[i], owner[i], text)
		}
		if i%3 > 0 {
			continue
		}
		other := [][]byte{
			data[:i], // cut short
			append(bytes.Clone(data[:i]), data[i+1:]...),                       // one less
			append(append(bytes.Clone(data[:i+1]), data[i]), data[i+1:]...),    // one twice
			append(append(bytes.Clone(data[:i]), data[i]^0x20), data[i+1:]...), // in another case
		}[i/3%4]
		if r := Verify(bytes.NewReader(other), opts); r.OK && !bytes.Equal(other, data) {
			t.Fatalf("byte %d %q cut, left out, doubled or in another case is accepted", i, data[i])
		}
	}
}

// entryOwners returns for each byte the name of the entry whose record it is in.
func entryOwners(data []byte) []string {
	owner := make([]string, len(data))
	at, name, left, origin := 0, "", 0, ""
	for _, line := range bytes.SplitAfter(data, []byte("\n")) {
		f := strings.Fields(string(line))
		switch {
		case left > 0:
			left--
		case len(f) == 4 && f[0] == "entry":
			_, short, _ := strings.Cut(strings.TrimPrefix(origin, "parley/"), "/")
			name = short + "#" + f[1]
			left = 1 + int(f[2][0]-'0')
		default:
			name = ""
			if len(f) == 2 && f[0] == "transcript" {
				origin = f[1]
			}
		}
		for range line {
			owner[at] = name
			at++
		}
	}
	return owner
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
