package transcript

import (
	"bytes"
	"crypto/ed25519"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"pgregory.net/rapid"
)

const testLine = "0000000000000000000000000000000000000000000000000000000000000001"

// testRand is a source of bytes that is the same in every run.
func testRand(seed byte) *rand.ChaCha8 { return rand.NewChaCha8([32]byte{seed}) }

func testKey(seed byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{seed}, 32))
}

func keysOf(seed byte) []ed25519.PublicKey { return []ed25519.PublicKey{public(testKey(seed))} }

func public(k ed25519.PrivateKey) ed25519.PublicKey { return k.Public().(ed25519.PublicKey) }

func testTime() time.Time { return time.Date(2026, 12, 1, 6, 0, 0, 0, time.UTC) }

func testMeta(seq int64) Meta {
	return Meta{Agreement: testLine, Author: "blue", Seq: seq, Time: testTime().Add(time.Duration(seq) * time.Second)}
}

func testDraft() Draft {
	return Draft{Kind: "notice.file", Fields: []Field{
		{Name: "title", Value: jsontext.Value(`"survey"`)},
		{Name: "volumes", Value: jsontext.Value(`[{"lower": {"value": 0}}]`), Shown: true},
		{Name: "speed", Value: jsontext.Value(`12.5`), Shown: true},
	}}
}

func TestSealThenOpen(t *testing.T) {
	s, e, err := Seal(testRand(1), testDraft(), testMeta(0))
	if err != nil {
		t.Fatal(err)
	}
	got, fields, err := Open(s)
	if err != nil {
		t.Fatal(err)
	}
	if got.Kind != "notice.file" || len(got.SD) != 8 || len(got.Shown) != 2 || !got.Time.Equal(e.Time) {
		t.Errorf("opened %+v", got)
	}
	want := []string{`speed 12.5 true`, `title "survey" false`, `volumes [{"lower":{"value":0}}] true`}
	for i, f := range fields {
		if line := f.Name + " " + string(f.Value) + map[bool]string{true: " true", false: " false"}[f.Shown]; line != want[i] {
			t.Errorf("field %d is %s, want %s", i, line, want[i])
		}
	}
	other, err := ForOther(s)
	if err != nil || len(other.Disclosures) != 2 || CheckShown(other) != nil {
		t.Errorf("for the other party: %d disclosures, %v", len(other.Disclosures), err)
	}
	less := Withhold(other, func(d Digest) bool { return d != e.Shown[0] })
	if err := CheckShown(less); err == nil || !strings.Contains(err.Error(), "1 of the 2") {
		t.Errorf("a withheld disclosure: %v", err)
	}
}

// TestDigestOfRFC9901 checks the digest against the examples of RFC 9901, sections 4.2.1 to 4.2.4.
func TestDigestOfRFC9901(t *testing.T) {
	for _, c := range []struct{ disclosure, digest string }{
		{"WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0", "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"},
		{"WyJsa2x4RjVqTVlsR1RQVW92TU5JdkNBIiwgIkZSIl0", "w0I8EKcdCtUPkGCNUrfwVp2xEgNjtoIDlOxc9-PlOhs"},
		{"WyIyR0xDNDJzS1F2ZUNmR2ZyeU5STjl3IiwgImdpdmVuX25hbWUiLCAiSm9obiJd", "jsu9yVulwQQlhFlM_3JlzMaSFzglhQG0DpfayQwLUK4"},
	} {
		if got := DigestOf([]byte(c.disclosure)).String(); got != c.digest {
			t.Errorf("%s: got %s, want %s", c.disclosure, got, c.digest)
		}
	}
}

func TestHeadAndReceipt(t *testing.T) {
	author, receiver := testKey(1), testKey(2)
	o := Origin{Line: testLine, Epoch: 3, Side: A}
	if got, err := ParseOrigin(o.String()); err != nil || got != o {
		t.Fatalf("origin: %v, %v", got, err)
	}
	h, err := SignHead(author, o, 5, Hash{9}, testTime())
	if err != nil {
		t.Fatal(err)
	}
	got, err := OpenHead(h.Note, public(receiver), public(author))
	if err != nil || got.Size != 5 || got.Root != h.Root || !got.Time.Equal(testTime()) || !got.Key.Equal(public(author)) {
		t.Errorf("head: %+v, %v", got, err)
	}
	if _, err := OpenHead(h.Note, public(receiver)); err == nil {
		t.Error("a head passes under another's key")
	}
	r, err := SignReceipt(receiver, h, testTime().Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	gotR, err := OpenReceipt(r.Note, public(receiver))
	if err != nil || gotR.By != B || gotR.Size != 5 || !gotR.Time.Equal(testTime().Add(time.Minute)) {
		t.Errorf("receipt: %+v, %v", gotR, err)
	}
	if _, err := OpenReceipt(r.Note, public(author)); err == nil {
		t.Error("a receipt passes under the author's key")
	}
	for _, note := range [][]byte{h.Note, r.Note} {
		for i := range note {
			for bit := range 8 {
				bad := bytes.Clone(note)
				bad[i] ^= 1 << bit
				if _, err := OpenHead(bad, public(author)); err == nil {
					t.Fatalf("head passes with byte %d changed", i)
				}
				if _, err := OpenReceipt(bad, public(receiver)); err == nil {
					t.Fatalf("receipt passes with byte %d changed", i)
				}
			}
		}
	}
}

func TestParseEntryAcceptsOnlyTheEncoding(t *testing.T) {
	s, _, err := Seal(testRand(1), testDraft(), testMeta(7))
	if err != nil {
		t.Fatal(err)
	}
	for i := range s.Bytes {
		for bit := range 8 {
			bad := bytes.Clone(s.Bytes)
			bad[i] ^= 1 << bit
			e, err := ParseEntry(bad)
			if err != nil {
				continue
			}
			if again, err := e.Encode(); err != nil || !bytes.Equal(again, bad) {
				t.Fatalf("byte %d: accepts %s but writes %s, %v", i, bad, again, err)
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		bad := bytes.Clone(s.Bytes)
		from := rapid.IntRange(0, len(bad)).Draw(t, "from")
		to := rapid.IntRange(from, len(bad)).Draw(t, "to")
		with := rapid.SliceOfN(rapid.Byte(), 0, 8).Draw(t, "with")
		bad = append(append(bytes.Clone(bad[:from]), with...), bad[to:]...)
		if e, err := ParseEntry(bad); err == nil {
			if again, err := e.Encode(); err != nil || !bytes.Equal(again, bad) {
				t.Fatalf("accepts %s but writes %s, %v", bad, again, err)
			}
		}
	})
}
