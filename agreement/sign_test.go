package agreement

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"parley/fault"
)

func TestSignCosignOpen(t *testing.T) {
	terms := testTerms()
	one := mustSign(t, terms, "red")
	a := mustOpen(t, one)
	if a.Signed() || !slices.Equal(a.Signers, []string{"red"}) {
		t.Fatalf("signers %v", a.Signers)
	}
	if _, err := Info(one); err == nil {
		t.Fatal("Info took an agreement with one signature")
	}
	both := mustSign(t, terms, "red", "blue")
	a = mustOpen(t, both)
	if !a.Signed() || a.LineID() != a.ID || len(a.ID) != 64 {
		t.Fatalf("signed %v, line %s", a.Signed(), a.LineID())
	}
	// The other order gives the same bytes, and so does signing again.
	if other := mustSign(t, terms, "blue", "red", "red"); !bytes.Equal(other, both) {
		t.Fatal("the order of signing shows in the note")
	}
	info, err := Info(both)
	if err != nil || info.ID != a.ID || info.Line != a.ID || info.Parties[1].Name != "blue" || len(info.Signers) != 2 {
		t.Fatalf("info %+v: %v", info, err)
	}
	// The signature verifies with x/mod's own verifier.
	vkey, err := note.NewEd25519VerifierKey("parley/party/red", testPublic("red party"))
	if err != nil {
		t.Fatal(err)
	}
	v, err := note.NewVerifier(vkey)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := note.Open(both, note.VerifierList(v)); err != nil || len(n.Sigs) != 1 {
		t.Fatalf("independent verifier: %v", err)
	}
}

func TestMerge(t *testing.T) {
	terms := testTerms()
	red, blue := mustSign(t, terms, "red"), mustSign(t, terms, "blue")
	both := mustSign(t, terms, "red", "blue")
	for _, pair := range [][2][]byte{{red, blue}, {blue, red}, {both, red}, {red, both}, {both, both}} {
		got, err := Merge(pair[0], pair[1])
		if err != nil || !bytes.Equal(got, both) {
			t.Fatalf("merge: %v\n%s", err, got)
		}
	}
	if got, err := Merge(red, red); err != nil || !bytes.Equal(got, red) {
		t.Fatalf("merge of one: %v", err)
	}
	terms.Title = "another"
	if _, err := Merge(red, mustSign(t, terms, "blue")); !fault.Is(err, fault.Mismatch) {
		t.Fatalf("merged two texts: %v", err)
	}
}

func TestSignRefuses(t *testing.T) {
	terms := testTerms()
	if _, err := Sign(terms, "green", testKey("green party")); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("a stranger signed: %v", err)
	}
	if _, err := Sign(terms, "red", testKey("blue party")); !fault.Is(err, fault.Denied) {
		t.Errorf("the wrong key signed: %v", err)
	}
	terms.Separations = terms.Separations[1:] // no row for two crewed flights
	_, err := Sign(terms, "red", testKey("red party"))
	if err == nil || !strings.Contains(err.Error(), "flight, flight") {
		t.Errorf("an agreement with a gap was signed: %v", err)
	}
}

// TestTampered changes every byte of a signed note in turn: none may pass as both parties' word
// for the same text.
func TestTampered(t *testing.T) {
	both := mustSign(t, testTerms(), "red", "blue")
	want := mustOpen(t, both)
	step := 7
	if testing.Short() {
		step = 37
	}
	for i := 0; i < len(both); i += step {
		bad := bytes.Clone(both)
		bad[i] ^= 1
		a, err := Open(bad)
		if err == nil && (a.Signed() || a.ID != want.ID) {
			t.Fatalf("byte %d (%q to %q) passes", i, both[i], bad[i])
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	both := string(mustSign(t, testTerms(), "red", "blue"))
	i := strings.LastIndex(both, "\n\n")
	text, sigs := both[:i+1], both[i+1:]
	stranger, err := note.Sign(&note.Note{Text: text}, mustSigner(t, "parley/party/green"))
	if err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string]string{
		"empty":             "",
		"no signatures":     text,
		"cut":               both[:len(both)/2],
		"only a stranger":   string(stranger),
		"with a stranger":   both + lastLine(string(stranger)),
		"signed twice":      both + lastLine(both),
		"unused bits":       unusedBits(both),
		"line end":          strings.TrimSuffix(both, "\n") + "\r\n",
		"other type":        strings.Replace(both, "agreement/v1", "statement/v1", 1),
		"no type":           strings.TrimPrefix(both, TypeLine+"\n"),
		"another layout":    strings.Replace(text, "  \"title\"", " \"title\"", 1) + sigs,
		"a member twice":    strings.Replace(text, "  \"title\"", "  \"title\": \"x\",\n  \"title\"", 1) + sigs,
		"an unknown member": strings.Replace(text, "  \"title\"", "  \"titel\": \"x\",\n  \"title\"", 1) + sigs,
		"too large":         text + strings.Repeat(" ", MaxBytes) + sigs,
		"deep":              TypeLine + "\n" + strings.Repeat("[", 100_000) + "\n\n" + sigs,
	} {
		if _, err := Open([]byte(bad)); err == nil {
			t.Errorf("%s: opened", name)
		} else if f := (*fault.Error)(nil); !errors.As(err, &f) {
			t.Errorf("%s: %v is no fault", name, err)
		}
	}
}

func mustSigner(t *testing.T, name string) note.Signer {
	skey, _, err := note.GenerateKey(strings.NewReader(strings.Repeat("k", 64)), name)
	if err != nil {
		t.Fatal(err)
	}
	s, err := note.NewSigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// unusedBits sets a bit of the last signature's base64 that stands for nothing.
func unusedBits(signed string) string {
	i := strings.LastIndexByte(signed, '=') - 1
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	return signed[:i] + string(digits[strings.IndexByte(digits, signed[i])^1]) + signed[i+1:]
}

func lastLine(s string) string {
	s = strings.TrimSuffix(s, "\n")
	return s[strings.LastIndexByte(s, '\n')+1:] + "\n"
}

func TestSuccession(t *testing.T) {
	first := mustOpen(t, mustSign(t, testTerms(), "red", "blue"))
	second := Supersede(first, testTerms())
	second.Title = "amended"
	two := mustOpen(t, mustSign(t, second, "red", "blue"))
	if replaced, err := CheckSuccessor(first, two); err != nil || len(replaced) != 0 {
		t.Fatalf("%v %v", replaced, err)
	}
	third := Supersede(two, two.Terms)
	three := mustOpen(t, mustSign(t, third, "red", "blue"))
	if _, err := CheckSuccessor(two, three); err != nil {
		t.Fatal(err)
	}
	if three.LineID() != first.ID || two.LineID() != first.ID {
		t.Fatal("the line's id changed")
	}
	half := mustOpen(t, mustSign(t, third, "red"))
	otherTerms := testTerms()
	otherTerms.Title = "another line"
	other := mustOpen(t, mustSign(t, otherTerms, "red", "blue"))
	strange := mustOpen(t, mustSign(t, Supersede(other, testTerms()), "red", "blue"))
	for name, pair := range map[string][2]Agreement{
		"skips one":      {first, three},
		"goes back":      {three, two},
		"repeats":        {two, two},
		"first again":    {first, other},
		"another line":   {first, strange},
		"one signature":  {two, half},
		"unsigned basis": {half, three},
	} {
		if _, err := CheckSuccessor(pair[0], pair[1]); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

func TestKeyReplacement(t *testing.T) {
	first := mustOpen(t, mustSign(t, testTerms(), "red", "blue"))
	next := Supersede(first, testTerms())
	next.Parties[0].PartyKey = testPublic("red new")
	note, err := Sign(next, "red", testKey("red new"))
	if err != nil {
		t.Fatal(err)
	}
	if note, err = Cosign(note, "blue", testKey("blue party")); err != nil {
		t.Fatal(err)
	}
	replaced, err := CheckSuccessor(first, mustOpen(t, note))
	if err != nil || !slices.Equal(replaced, []string{"red"}) {
		t.Fatalf("%v %v", replaced, err)
	}
	next.Parties[1].PartyKey = testPublic("blue new")
	if note, err = Sign(next, "red", testKey("red new")); err != nil {
		t.Fatal(err)
	}
	if note, err = Cosign(note, "blue", testKey("blue new")); err != nil {
		t.Fatal(err)
	}
	if _, err := CheckSuccessor(first, mustOpen(t, note)); err == nil {
		t.Fatal("both keys changed at once")
	}
}

func TestEncodingIsFixed(t *testing.T) {
	terms := testTerms()
	terms.Drills = []Drill{{testFrom, testFrom.Add(time.Hour)}}
	once, err := Encode(terms)
	if err != nil {
		t.Fatal(err)
	}
	back, err := ParseTerms(once)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Encode(back)
	if err != nil || !bytes.Equal(once, again) {
		t.Fatalf("encoding changes: %v", err)
	}
	if err := back.Validate(); err != nil {
		t.Fatal(err)
	}
	if _, err := ParseTerms([]byte(`{"leads": {"flight": {"routine_from_s": 1.5}}}`)); err == nil {
		t.Fatal("a fraction of a second was taken")
	}
	for _, bad := range []string{`{"area": {"shap": {}}}`, `{"area": {"terrain": {"known": true, "max": 5}}}`, `{"parties": [{}]}`,
		`{"area": {"whole_earth": true, "shape": {"geometry": {"type": "Point", "coordinates": [1, 2]}, "radius_m": 5}}}`} {
		if _, err := ParseTerms([]byte(bad)); err == nil {
			t.Errorf("%s was taken", bad)
		}
	}
	if _, err := ParseTerms([]byte(`{"from": "2026-12-01T06:00:00"}`)); err == nil || !strings.Contains(err.Error(), "offset") {
		t.Fatalf("a time without an offset: %v", err)
	}
}
