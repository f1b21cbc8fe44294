package picture

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"time"

	"pgregory.net/rapid"

	"parley/node/body"
	"parley/statement"
	"parley/transcript"
)

func partyKey(side transcript.Side) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte(side), 32))
}

func statementTerms(string) (statement.Terms, bool) {
	t := statement.Terms{TwoPersons: true}
	for i, side := range []transcript.Side{transcript.A, transcript.B} {
		t.Parties[i] = statement.Party{Name: string(side), PartyKey: partyKey(side).Public().(ed25519.PublicKey)}
	}
	return t, true
}

// joint is a joint statement with one of a few titles.
func joint(title string) statement.Statement {
	terms, _ := statementTerms("")
	s := statement.Statement{Form: statement.Joint, Line: line, Parties: terms.Parties[:], Date: time.Date(2026, 12, 1, 6, 0, 0, 0, time.UTC), Title: title,
		Texts: []statement.Text{{Language: "en", Text: "x"}}}
	s.Standing = statement.Standing(s.Form, s.Parties)
	return s
}

// statementDraft draws a statement or a refusal: proposals, both signatures, one party's word, a
// withdrawal of another, a note that was changed.
func statementDraft(t *rapid.T, side transcript.Side, other body.Ref) transcript.Draft {
	t.Helper()
	s := joint(rapid.SampledFrom([]string{"first", "second"}).Draw(t, "title"))
	text, err := s.Text()
	if err != nil {
		t.Fatal(err)
	}
	id := statement.ID(text)
	if rapid.IntRange(0, 3).Draw(t, "refuses") == 0 {
		d, err := body.Draft(body.KindStatementRefused, body.StatementRefused{Statement: id, Entry: other, Reason: "no", Officer: "o"})
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	if rapid.IntRange(0, 2).Draw(t, "alone") == 0 {
		s.Withdraws, s.Title, s.Form = id, "withdrawn", statement.OneSided
		s.Parties = []statement.Party{{Name: string(side), PartyKey: partyKey(side).Public().(ed25519.PublicKey)}}
		s.Standing = statement.Standing(s.Form, s.Parties)
	}
	note, err := statement.Sign(s, string(side), partyKey(side))
	if err == nil && s.Form == statement.Joint && rapid.Bool().Draw(t, "both") {
		note, err = statement.Cosign(note, string(side.Other()), partyKey(side.Other()))
	}
	if err != nil {
		t.Fatal(err)
	}
	if rapid.IntRange(0, 5).Draw(t, "changed") == 0 {
		note = bytes.Replace(note, []byte(`"x"`), []byte(`"y"`), 1)
	}
	if text, _, err = cut(note); err != nil {
		t.Fatal(err)
	}
	d, err := body.Draft(body.KindStatement, body.Statement{ID: statement.ID(text), Note: string(note), Officer: "o"})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func cut(note []byte) (text, signatures []byte, err error) {
	i := bytes.LastIndex(note, []byte("\n\n"))
	if i < 0 {
		return nil, nil, fmt.Errorf("no note")
	}
	return note[:i+1], note[i+2:], nil
}

// dumpStatements says how the statements of a picture stand.
func dumpStatements(p *Picture, b *bytes.Buffer) {
	stands, flawed := p.Statements().Standing(statementTerms)
	for _, st := range stands {
		fmt.Fprintf(b, "statement %s %s since %s %v waits %q: %s; %v; %v\n  %s\n", st.ID[:12], st.State, st.Since, st.Signers, st.Waits, st.Words(), st.Flags, st.WithdrawnBy, st.Note)
		for _, s := range st.Signatures {
			fmt.Fprintf(b, "  signed %s at %s\n", s.Party, s.Place)
		}
	}
	for _, x := range flawed {
		fmt.Fprintf(b, "flawed %s of %s: %s\n", x.Place, x.Party, x.Why)
	}
}
