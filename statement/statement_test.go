package statement

import (
	"bytes"
	"crypto/ed25519"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/fault"
)

func key(n byte) ed25519.PrivateKey { return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{n}, 32)) }

func party(name string, n byte) Party {
	return Party{Name: name, PartyKey: key(n).Public().(ed25519.PublicKey)}
}

// joint is a valid statement of blue (key 1) and red (key 2).
func joint() Statement {
	s := Statement{Form: Joint, Line: strings.Repeat("ab", 32), Parties: []Party{party("blue", 1), party("red", 2)},
		Date: time.Date(2026, 12, 1, 6, 0, 0, 0, time.UTC), Title: "The joint team",
		Texts: []Text{{"en", "A joint team meets on 3 December."}, {"ru", "Совместная группа соберётся 3 декабря."}}}
	s.Standing = Standing(s.Form, s.Parties)
	return s
}

func mustSign(t testing.TB, s Statement, party string, n byte) []byte {
	t.Helper()
	out, err := Sign(s, party, key(n))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestAgreedTakesBothOnTheSameBytes: one signature is a proposal; the second, on the same bytes and in
// whatever order, makes the same agreed statement.
func TestAgreedTakesBothOnTheSameBytes(t *testing.T) {
	one := mustSign(t, joint(), "blue", 1)
	s, err := Open(one)
	if err != nil || s.Agreed() || s.Verdict() != "not jointly agreed: proposed by blue; the other party has not signed these bytes" {
		t.Errorf("one signature: %v %v %s", err, s.Agreed(), s.Verdict())
	}
	both, err := Cosign(one, "red", key(2))
	if err != nil {
		t.Fatal(err)
	}
	other, err := Cosign(mustSign(t, joint(), "red", 2), "blue", key(1))
	if err != nil || !bytes.Equal(both, other) {
		t.Errorf("the order of signing makes another note: %v", err)
	}
	merged, err := Merge(one, mustSign(t, joint(), "red", 2))
	if err != nil || !bytes.Equal(merged, both) {
		t.Errorf("merged: %v", err)
	}
	s, err = Open(both)
	if err != nil || !s.Agreed() || s.Verdict() != "agreed: signed by both blue and red" || !slices.Equal(s.Signers, []string{"blue", "red"}) {
		t.Errorf("both: %v %+v", err, s)
	}
	if again, err := Cosign(both, "red", key(2)); err != nil || !bytes.Equal(again, both) {
		t.Errorf("signing twice: %v", err)
	}
	if !bytes.Contains(one, []byte("with one of them it is a proposal and not jointly agreed")) {
		t.Error("the signed bytes do not say what one signature is worth")
	}
}

func TestOneSidedSaysSo(t *testing.T) {
	s := joint()
	s.Form, s.Parties = OneSided, s.Parties[:1]
	if _, err := Sign(s, "blue", key(1)); err == nil || !strings.Contains(err.Error(), "standing") {
		t.Errorf("the words of a joint statement in one party's: %v", err)
	}
	s.Standing = Standing(s.Form, s.Parties)
	one := mustSign(t, s, "blue", 1)
	got, err := Open(one)
	if err != nil || got.Agreed() || got.Verdict() != "not jointly agreed: stated by blue alone" || !bytes.Contains(one, []byte("Not jointly agreed: stated by blue alone.")) {
		t.Errorf("%v %s", err, got.Verdict())
	}
	if _, err := Cosign(one, "red", key(2)); err == nil {
		t.Error("red signed blue's own statement")
	}
}

// TestWhatLooksAlikeIsTwo: a space more, or a letter composed otherwise, is another statement, and the
// difference is named.
func TestWhatLooksAlikeIsTwo(t *testing.T) {
	one := mustSign(t, joint(), "blue", 1)
	spaced := joint()
	spaced.Texts = []Text{{"en", "A joint team  meets on 3 December."}, joint().Texts[1]}
	_, err := Merge(one, mustSign(t, spaced, "red", 2))
	if !fault.Is(err, fault.Mismatch) || !strings.Contains(err.Error(), "a space") || !strings.Contains(err.Error(), "differ in spaces alone") {
		t.Errorf("a space more: %v", err)
	}
	composed := joint()
	composed.Texts = []Text{joint().Texts[0], {"ru", strings.ReplaceAll(joint().Texts[1].Text, "ё", "е\u0308")}}
	if _, err := Sign(composed, "red", key(2)); err == nil || !strings.Contains(err.Error(), "normal form C") {
		t.Errorf("another normal form: %v", err)
	}
	if d := Difference([]byte("gr\u00fcn"), []byte("gru\u0308n")); !strings.Contains(d, "line 1, character 3") || !strings.Contains(d, "Unicode normal form alone") {
		t.Errorf("%s", d)
	}
	for _, tt := range []struct{ a, b, want string }{
		{"one\ntwo", "one\ntw", "line 2, character 3: 'o' (U+006F) against the end"},
		{"a b", "a\nb", "line 1, character 2: a space against a new line; they differ in spaces alone"},
		{"аб", "ав", "line 1, character 2: 'б' (U+0431) against 'в' (U+0432)"},
		{"x\xff", "x\xfe", "line 1, character 2: the byte FF against the byte FE"},
		{"same", "same", ""},
	} {
		if got := Difference([]byte(tt.a), []byte(tt.b)); got != tt.want {
			t.Errorf("%q and %q: %q, want %q", tt.a, tt.b, got, tt.want)
		}
	}
}

func TestRefused(t *testing.T) {
	id := strings.Repeat("0f", 32)
	for name, c := range map[string]struct {
		change func(*Statement)
		field  string
	}{
		"form":              {func(s *Statement) { s.Form = "agreed" }, "form"},
		"one party":         {func(s *Statement) { s.Parties = s.Parties[:1] }, "parties"},
		"the same twice":    {func(s *Statement) { s.Parties[1] = s.Parties[0] }, "parties"},
		"standing":          {func(s *Statement) { s.Standing = "Agreed." }, "standing"},
		"line":              {func(s *Statement) { s.Line = "north" }, "line"},
		"no date":           {func(s *Statement) { s.Date = time.Time{} }, "date"},
		"microseconds":      {func(s *Statement) { s.Date = s.Date.Add(time.Microsecond) }, "date"},
		"no text":           {func(s *Statement) { s.Texts = nil }, "texts"},
		"a language twice":  {func(s *Statement) { s.Texts[1].Language = "en" }, "texts[1].language"},
		"no language":       {func(s *Statement) { s.Texts[0].Language = "English!" }, "texts[0].language"},
		"empty":             {func(s *Statement) { s.Texts[0].Text = "" }, "texts[0].text"},
		"turned":            {func(s *Statement) { s.Texts[0].Text = "paid \u202e001" }, "U+202E"},
		"zero width":        {func(s *Statement) { s.Title = "a\u200bb" }, "U+200B"},
		"tab":               {func(s *Statement) { s.Texts[0].Text = "a\tb" }, "U+0009"},
		"not UTF-8":         {func(s *Statement) { s.Title = "a\xff" }, "UTF-8"},
		"two lines":         {func(s *Statement) { s.Title = "a\nb" }, "title"},
		"long":              {func(s *Statement) { s.Texts[0].Text = strings.Repeat("x", maxText+1) }, "texts[0].text"},
		"many":              {func(s *Statement) { s.About = make([]string, maxAbout+1) }, "about"},
		"corrects nothing":  {func(s *Statement) { s.Corrects = "the first" }, "corrects"},
		"two at once":       {func(s *Statement) { s.Corrects, s.Withdraws = id, id }, "withdraws"},
		"withdraws nothing": {func(s *Statement) { s.Withdraws = strings.ToUpper(id) }, "withdraws"},
	} {
		s := joint()
		c.change(&s)
		if _, err := Sign(s, "blue", key(1)); err == nil || !strings.Contains(err.Error(), c.field) {
			t.Errorf("%s: %v, want %s", name, err, c.field)
		}
	}
	if _, err := Sign(joint(), "blue", key(2)); !fault.Is(err, fault.Denied) {
		t.Errorf("another key: %v", err)
	}
	if _, err := Sign(joint(), "green", key(1)); err == nil {
		t.Error("a third party signed")
	}
}

// TestEveryByteOfAStatement changes each byte of an agreed statement: nobody takes it for what was signed.
func TestEveryByteOfAStatement(t *testing.T) {
	both, err := Cosign(mustSign(t, joint(), "blue", 1), "red", key(2))
	if err != nil {
		t.Fatal(err)
	}
	for i := range both {
		for _, bit := range []byte{1, 0x20, 0x80} {
			changed := bytes.Clone(both)
			changed[i] ^= bit
			if s, err := Open(changed); err == nil && (s.Agreed() || len(s.Signers) > 1) {
				t.Fatalf("byte %d changed by %02x: %s", i, bit, s.Verdict())
			}
		}
	}
}

func FuzzOpen(f *testing.F) {
	one, err := Sign(joint(), "blue", key(1))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(one)
	f.Add([]byte(TypeLine + "\n{}\n\n— parley/party/blue AAAAAAA=\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Open(data)
		if err != nil {
			return
		}
		text, err := s.Says.Text()
		if err != nil || !bytes.HasPrefix(data, text) || s.ID != ID(text) || len(s.Signers) == 0 {
			t.Errorf("opened, and does not write the same: %v", err)
		}
	})
}
