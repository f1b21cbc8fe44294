package verdict

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"parley/internal/testbundle"
	"parley/statement"
	"parley/transcript"
)

// partyKey is the key that testbundle gives a party.
func partyKey(seed, name string) ed25519.PrivateKey {
	sum := sha256.Sum256([]byte(seed + " " + name + " party"))
	return ed25519.NewKeyFromSeed(sum[:])
}

// agreedOn is a line on which blue proposes a statement and red signs it, with the note that both signed.
func agreedOn(t *testing.T, seed string) (*testbundle.Line, []byte) {
	l := testbundle.New(t, seed)
	s := statement.Statement{Form: statement.Joint, Line: l.Agreement.LineID(), Date: testbundle.Begin(), Title: "The joint team",
		Texts: []statement.Text{{Language: "en", Text: "It meets on 3 December."}}}
	for _, p := range l.Agreement.Terms.Parties {
		s.Parties = append(s.Parties, statement.Party{Name: p.Name, PartyKey: p.PartyKey})
	}
	s.Standing = statement.Standing(s.Form, s.Parties)
	one, err := statement.Sign(s, "blue", partyKey(seed, "blue"))
	if err != nil {
		t.Fatal(err)
	}
	both, err := statement.Cosign(one, "red", partyKey(seed, "red"))
	if err != nil {
		t.Fatal(err)
	}
	quoted := func(v string) string {
		out, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	signed, err := statement.Open(both)
	if err != nil {
		t.Fatal(err)
	}
	for side, note := range [][]byte{one, both} {
		l.Say(side, statement.KindPut, "id", quoted(signed.ID), "note", quoted(string(note)), "officer", `"one"`, "role", `"duty"`, "released_by", `"two"`)
		l.Commit(side, true)
	}
	return l, both
}

// TestStatementsOfABundle: a file says of each statement how it stands and by which keys, and what of
// them it does not show.
func TestStatementsOfABundle(t *testing.T) {
	l, _ := agreedOn(t, "said")
	fields := func(names ...string) func(string) bool {
		return func(name string) bool { return strings.Contains(strings.Join(names, " "), name) }
	}
	for _, tt := range []struct {
		name string
		show testbundle.Show
		want []string
	}{
		{"whole", nil, []string{`"The joint team": agreed by blue and red at 2026-12-01 06:00Z`, "signed by red with its party key SHA256:", ": 1/b#0"}},
		{"the proposal alone", func(side, _ int, _ string) (bool, func(string) bool) {
			return side == 0, fields("id", "note", "officer", "released_by")
		},
			[]string{"not agreed: proposed by blue", "1 entries are not shown at all"}},
		{"the answer sealed", func(side, _ int, _ string) (bool, func(string) bool) {
			if side == 1 {
				return true, fields("officer")
			}
			return true, fields("id", "note")
		}, []string{"not agreed: proposed by blue", "not shown: 1 entries about statements", "by one officer, where the agreement wants two"}},
	} {
		data := l.Bundle(tt.show)
		r := check(data, l.Trust())
		s, err := r.Statements(opener(data))
		var b strings.Builder
		if err == nil {
			err = s.WriteText(&b, r)
		}
		if err != nil || !r.OK {
			t.Fatal(err, r.Checks)
		}
		for _, want := range tt.want {
			if !strings.Contains(b.String(), want) {
				t.Errorf("%s: want %q in\n%s", tt.name, want, b.String())
			}
		}
	}
}

// TestOneSignedStatement: a file with one statement is judged by itself, and by keys got elsewhere.
func TestOneSignedStatement(t *testing.T) {
	l, both := agreedOn(t, "genuine")
	forged, fake := agreedOn(t, "forged")
	one := both[:bytes.LastIndex(both, []byte("\n— "))+1]
	trust, err := ParseTrust([]byte(l.Trust()))
	if err != nil {
		t.Fatal(err)
	}
	blue := trust[:1]
	for _, tt := range []struct {
		name           string
		file           []byte
		trust          []transcript.TrustedKey
		ok, identified bool
		text           string
	}{
		{"no keys", both, nil, true, false, "consistent; signers not identified: blue SHA256:"},
		{"both", both, trust, true, true, "agreed: signed by both blue and red"},
		{"one alone", one, blue, true, true, "not jointly agreed: proposed by blue"},
		{"a key that is not known", both, blue, false, false, "red signs with"},
		{"forged whole", fake, trust, false, false, "does not hold"},
		{"nobody trusted", both, []transcript.TrustedKey{}, false, false, "is not among the trusted keys"},
		{"changed", bytes.Replace(both, []byte("3 December"), []byte("4 December"), 1), nil, false, false, "does not hold; found wrong: 1"},
		{"cut", both[:len(both)/2], nil, false, false, "does not hold"},
	} {
		n := CheckStatement(tt.file, tt.trust)
		var b strings.Builder
		if err := n.WriteText(&b); err != nil {
			t.Fatal(err)
		}
		if n.OK != tt.ok || n.Identified != tt.identified || !strings.Contains(b.String(), tt.text) || !IsStatement(tt.file) {
			t.Errorf("%s: ok %t, identified %t\n%s", tt.name, n.OK, n.Identified, b.String())
		}
	}
	if IsStatement(forged.Bundle(nil)) {
		t.Error("a bundle is taken for a statement")
	}
}

// TestWhatIsNoStatementIsListed: an entry that says it is a statement and cannot be read does not count, and is
// not passed over in silence.
func TestWhatIsNoStatementIsListed(t *testing.T) {
	l := testbundle.New(t, "unread")
	l.Say(0, statement.KindPut, "id", `"x"`, "note", `5`)
	l.Say(0, statement.KindRefused, "statement", `"x"`, "entry", `"nowhere"`)
	l.Commit(0, true)
	data := l.Bundle(nil)
	r := check(data, l.Trust())
	s, err := r.Statements(opener(data))
	if err != nil || len(s.List) != 0 || s.Sealed != 0 || len(s.Flawed) != 2 {
		t.Fatalf("%+v, %v", s, err)
	}
	for i, want := range []string{"/1/a#0", "/1/a#1"} {
		if f := s.Flawed[i]; !strings.HasSuffix(f.Entry, want) || f.Why == "" {
			t.Errorf("%+v, want %s with a reason", f, want)
		}
	}
	if text := written(t, s, r); !strings.Contains(text, "is not a text") {
		t.Errorf("the reason is not said:\n%s", text)
	}
}
