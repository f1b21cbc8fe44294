package transcript

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"io"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/crypto/ssh"
	"pgregory.net/rapid"
)

const testLine = "0000000000000000000000000000000000000000000000000000000000000001"

// testRand is a source of bytes that is the same in every run.
func testRand(seed byte) *rand.ChaCha8 { return rand.NewChaCha8([32]byte{seed}) }

func testKey(seed byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{seed}, 32))
}

func keysOf(seed byte) []LineKey { return []LineKey{lineKey(seed)} }

func lineKey(seed byte) LineKey { return LineKey{Public: public(testKey(seed))} }

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
	if again, _, sealed, err := SealOpened(testRand(1), testDraft(), testMeta(0)); err != nil || !reflect.DeepEqual(again, s) || !reflect.DeepEqual(sealed, fields) {
		t.Errorf("sealed and opened at once: %v, %v", sealed, err)
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
	got, err := OpenHead(h.Note, LineKey{Public: public(receiver)}, LineKey{Public: public(author)})
	if err != nil || got.Size != 5 || got.Root != h.Root || !got.Time.Equal(testTime()) || !got.Key.Equal(public(author)) {
		t.Errorf("head: %+v, %v", got, err)
	}
	if _, err := OpenHead(h.Note, LineKey{Public: public(receiver)}); err == nil {
		t.Error("a head passes under another's key")
	}
	r, err := SignReceipt(receiver, h, testTime().Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	gotR, err := OpenReceipt(r.Note, LineKey{Public: public(receiver)})
	if err != nil || gotR.By != B || gotR.Size != 5 || !gotR.Time.Equal(testTime().Add(time.Minute)) {
		t.Errorf("receipt: %+v, %v", gotR, err)
	}
	if _, err := OpenReceipt(r.Note, LineKey{Public: public(author)}); err == nil {
		t.Error("a receipt passes under the author's key")
	}
	for _, note := range [][]byte{h.Note, r.Note} {
		for i := range note {
			for bit := range 8 {
				bad := bytes.Clone(note)
				bad[i] ^= 1 << bit
				if _, err := OpenHead(bad, LineKey{Public: public(author)}); err == nil {
					t.Fatalf("head passes with byte %d changed", i)
				}
				if _, err := OpenReceipt(bad, LineKey{Public: public(receiver)}); err == nil {
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

// TestSealKeepsTheBody seals bodies of any shape and reads them back, with what is withheld gone.
func TestSealKeepsTheBody(t *testing.T) {
	values := []string{`null`, `true`, `-0.5e+10`, `""`, `"é\n\u0000"`, `[]`, `{}`, `{"a":[1,{"b":"\""}]}`, `"` + strings.Repeat("x", 300) + `"`}
	rapid.Check(t, func(t *rapid.T) {
		d := Draft{Kind: "call", Drill: rapid.Bool().Draw(t, "drill")}
		names := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-zA-Z][a-z_.0-9-]{0,8}`), 0, 40, rapid.ID[string]).Draw(t, "names")
		for _, n := range names {
			v := rapid.SampledFrom(values).Draw(t, "value")
			d.Fields = append(d.Fields, Field{Name: n, Value: jsontext.Value(v), Shown: rapid.Bool().Draw(t, "shown")})
		}
		s, e, sealed, err := SealOpened(testRand(rapid.Byte().Draw(t, "salts")), d, testMeta(3))
		if err != nil {
			t.Fatal(err)
		}
		if n := len(e.SD); n < len(names) || n < 8 || n&(n-1) != 0 || n >= 2*max(len(names), 8) {
			t.Fatalf("%d fields are padded to %d", len(names), n)
		}
		other, err := ForOther(s)
		if err != nil {
			t.Fatal(err)
		}
		_, all, err := Open(s)
		if !reflect.DeepEqual(sealed, all) {
			t.Fatalf("sealed %v, opened %v", sealed, all)
		}
		_, told, err2 := Open(other)
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		for _, f := range d.Fields {
			is := func(g Field) bool {
				return g.Name == f.Name && string(g.Value) == string(f.Value) && g.Shown == f.Shown
			}
			if !slices.ContainsFunc(all, is) || slices.ContainsFunc(told, is) != f.Shown {
				t.Fatalf("field %s %s is lost, changed, or told though it is not shown", f.Name, f.Value)
			}
		}
		if len(all) != len(d.Fields) {
			t.Fatalf("%d fields became %d", len(d.Fields), len(all))
		}
	})
}

// faultySigner stands for a key holder that signs something else.
type faultySigner struct{ ed25519.PrivateKey }

func (f faultySigner) Sign(r io.Reader, msg []byte, o crypto.SignerOpts) ([]byte, error) {
	return f.PrivateKey.Sign(r, append(msg, 'x'), o)
}

func TestSigningRefuses(t *testing.T) {
	o := Origin{testLine, 1, A}
	good, err := SignHead(testKey(1), o, 1, Hash{1}, testTime())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := SignHead(faultySigner{testKey(1)}, o, 1, Hash{1}, testTime()); err == nil {
		t.Error("a faulty key holder makes a head")
	}
	if _, err := SignReceipt(faultySigner{testKey(1)}, good, testTime()); err == nil {
		t.Error("a faulty key holder makes a receipt")
	}
	for name, try := range map[string]func() error{
		"no line": func() error { _, err := SignHead(testKey(1), Origin{"x", 1, A}, 1, Hash{1}, testTime()); return err },
		"side c": func() error {
			_, err := SignHead(testKey(1), Origin{testLine, 1, "c"}, 1, Hash{1}, testTime())
			return err
		},
		"epoch 0": func() error {
			_, err := SignHead(testKey(1), Origin{testLine, 0, A}, 1, Hash{1}, testTime())
			return err
		},
		"size below 0":  func() error { _, err := SignHead(testKey(1), o, -1, Hash{1}, testTime()); return err },
		"root of none":  func() error { _, err := SignHead(testKey(1), o, 1, EmptyRoot(), testTime()); return err },
		"before 1970":   func() error { _, err := SignHead(testKey(1), o, 1, Hash{1}, time.Time{}); return err },
		"receipt 10000": func() error { _, err := SignReceipt(testKey(2), good, time.Unix(1<<40, 0)); return err },
		"name":          func() error { _, err := NewNoteSigner("a b", testKey(1)); return err },
	} {
		if try() == nil {
			t.Errorf("%s is signed", name)
		}
	}
}

// TestFingerprint compares with x/crypto/ssh, which prints what ssh-keygen -l does.
func TestFingerprint(t *testing.T) {
	pub, err := ssh.NewPublicKey(public(testKey(1)))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := Fingerprint(public(testKey(1))), ssh.FingerprintSHA256(pub); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
