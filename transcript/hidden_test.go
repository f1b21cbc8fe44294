package transcript

import (
	"bytes"
	"encoding/base64"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// guessed is the answer of who has a file and wants to know which value a hidden field has: for every value
// and every salt tried, the digest is computed and sought among those of the entry.
func guessed(e Entry, name string, values []string, salts [][16]byte) (value string, tried int) {
	try := func(text []byte) bool {
		tried++
		return has(e.SD, DigestOf(text))
	}
	for _, v := range values {
		for _, text := range []string{v, name + v, `"` + name + `":` + v, `["` + name + `",` + v + `]`, `["","` + name + `",` + v + `]`} {
			if try([]byte(text)) || try([]byte(base64.RawURLEncoding.EncodeToString([]byte(text)))) {
				return v, tried
			}
		}
		for _, salt := range salts {
			if enc, err := (Disclosure{Salt: salt, Name: name, Value: jsontext.Value(v)}).Encode(); err == nil && try(enc) {
				return v, tried
			}
		}
	}
	return "", tried
}

// saltsIn returns every run of 16 bytes of a file that could be a salt, as it stands there and out of
// base64, and those that somebody careless might have taken.
func saltsIn(file []byte) (out [][16]byte) {
	windows := func(b []byte) {
		for i := 0; i+16 <= len(b); i++ {
			out = append(out, [16]byte(b[i:]))
		}
	}
	windows(file)
	for _, word := range bytes.FieldsFunc(file, func(r rune) bool { return bytes.ContainsRune([]byte(" \n\",[]{}:"), r) }) {
		for _, enc := range []*base64.Encoding{base64.RawURLEncoding, base64.StdEncoding} {
			if raw, err := enc.AppendDecode(nil, word); err == nil {
				windows(raw)
			}
		}
	}
	out = append(out, [16]byte{})
	for i := range 256 {
		out = append(out, [16]byte(bytes.Repeat([]byte{byte(i)}, 16)), [16]byte{15: byte(i)})
	}
	return out
}

// TestHiddenFieldsAreNotGuessed: a file that shows some fields of an entry does not tell which of two values
// another has, nor whether it is there at all; who knows the salt is told at once, so that the guessing works.
func TestHiddenFieldsAreNotGuessed(t *testing.T) {
	values := []string{"true", "false"}
	var files [][]byte
	for _, value := range []string{"true", "false", ""} {
		d := Draft{Kind: "notice", Fields: []Field{
			{Name: "id", Value: jsontext.Value(`"n-1"`), Shown: true},
			{Name: "kind", Value: jsontext.Value(`"movement"`), Shown: true}}}
		if value != "" {
			d.Fields = append(d.Fields, Field{Name: "wounded", Value: jsontext.Value(value)})
		}
		w := newWorld(t, testParties())
		w.say(0, d)
		w.commit(0, true)
		w.tick(time.Minute)
		w.say(1, Draft{Kind: "received"})
		w.commit(1, true)
		whole := w.books[0].entries[0]
		e, err := ParseEntry(whole.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		var salt [16]byte
		w.books[0].entries[0] = Withhold(whole, func(digest Digest) bool {
			for _, enc := range whole.Disclosures {
				disc, err := ParseDisclosure(enc)
				if err != nil {
					t.Fatal(err)
				}
				if DigestOf(enc) == digest && disc.Name == "wounded" {
					salt = disc.Salt
					return false
				}
			}
			return true
		})
		file := w.bundle(nil)
		if r, text := verifyText(file, testOptions()); !r.OK || r.Transcripts[0].Disclosed != 2 {
			t.Fatal(text)
		}
		if bytes.Contains(file, []byte("wounded")) {
			t.Error("the name of a hidden field is in the file")
		}
		got, tried := guessed(e, "wounded", values, saltsIn(file))
		if got != "" || tried < 10_000 {
			t.Errorf("the hidden value %q was guessed as %q, of %d guesses", value, got, tried)
		}
		if value != "" {
			if got, _ := guessed(e, "wounded", values, append(saltsIn(file), salt)); got != value {
				t.Errorf("with the salt the value %q was guessed as %q: guessing does not work, and the test says nothing", value, got)
			}
		}
		if len(e.SD) != minDigests || len(e.Shown) != 2 {
			t.Errorf("with the hidden value %q the entry lists %d digests, of which %d were shown", value, len(e.SD), len(e.Shown))
		}
		files = append(files, file)
	}
	if len(files[0]) != len(files[1]) || len(files[0]) != len(files[2]) {
		t.Errorf("the files have %d, %d and %d bytes: their length tells what is hidden", len(files[0]), len(files[1]), len(files[2]))
	}
}

// TestSaltsAndDecoysAreFresh: no salt and no digest of nothing comes twice, and the place of a hidden
// field's digest among the others is not that of the field in the body.
func TestSaltsAndDecoysAreFresh(t *testing.T) {
	rand := testRand(3)
	salts, digests := map[[16]byte]bool{}, map[Digest]bool{}
	places := map[int]int{}
	for i := range int64(200) {
		s, e, err := Seal(rand, testDraft(), testMeta(i))
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range e.SD {
			if digests[d] {
				t.Fatalf("the digest %s is in two entries that say the same", d)
			}
			digests[d] = true
		}
		for _, enc := range s.Disclosures {
			d, err := ParseDisclosure(enc)
			if err != nil {
				t.Fatal(err)
			}
			if salts[d.Salt] {
				t.Fatal("a salt comes twice")
			}
			salts[d.Salt] = true
			if d.Name == "title" {
				for at, digest := range e.SD {
					if digest == DigestOf(enc) {
						places[at]++
					}
				}
			}
		}
	}
	if len(places) != minDigests {
		t.Errorf("one field's digest has stood at %d of %d places only: %v", len(places), minDigests, places)
	}
}
