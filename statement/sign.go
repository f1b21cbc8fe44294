package statement

import (
	"crypto"

	"parley/fault"
	"parley/partynote"
)

// Signed is a statement with the signatures found on it.
type Signed struct {
	ID      string
	Says    Statement
	Signers []string // names of the parties that signed, in their order in the statement
	Note    []byte
}

// Agreed reports whether both parties signed a joint statement.
func (s Signed) Agreed() bool { return s.Says.Form == Joint && len(s.Signers) == 2 }

// Verdict says in one sentence what the signatures make of it.
func (s Signed) Verdict() string {
	switch {
	case s.Agreed():
		return "agreed: signed by both " + s.Says.Parties[0].Name + " and " + s.Says.Parties[1].Name
	case s.Says.Form == OneSided:
		return "not jointly agreed: stated by " + s.Signers[0] + " alone"
	}
	return "not jointly agreed: proposed by " + s.Signers[0] + "; the other party has not signed these bytes"
}

// form is how statements are signed; what it reads it writes to into.
func form(into *Statement) partynote.Form {
	return partynote.Form{Field: "statement", MaxBytes: MaxBytes, Signers: func(text []byte) (out []partynote.Signer, err error) {
		if *into, err = Parse(text); err != nil {
			return nil, err
		}
		for _, p := range into.Parties {
			out = append(out, partynote.Signer{Name: p.Name, Key: p.PartyKey})
		}
		return out, nil
	}}
}

// Sign signs a statement for one of its parties.
func Sign(s Statement, party string, key crypto.Signer) ([]byte, error) {
	text, err := s.Text()
	if err != nil {
		return nil, err
	}
	return form(&s).Sign(text, party, key)
}

// Cosign adds the other party's signature to a joint statement.
func Cosign(signed []byte, party string, key crypto.Signer) ([]byte, error) {
	return form(new(Statement)).Cosign(signed, party, key)
}

// Merge joins the signatures of two copies of one statement. Where the two are not the same bytes it says
// where they differ: what each party signed is then its own.
func Merge(a, b []byte) ([]byte, error) {
	return form(new(Statement)).Merge(a, b, func(first, second []byte) error {
		return &fault.Error{Code: fault.Mismatch, Field: "statement", Value: ID(second)[:12], Rule: "is another text than " + ID(first)[:12] + ", first at " + Difference(first, second),
			Hint: "send the file that one party signed to the other, and have it sign that"}
	})
}

// Open reads a signed statement: its text must be valid and in its one encoding, and every signature a
// party's and hold. Of a joint statement one signature is enough to open it; see Signed.Agreed. Whose the
// keys are that the statement names, the reader must know from elsewhere: the agreement, or the party.
func Open(signed []byte) (Signed, error) {
	var s Statement
	n, err := form(&s).Open(signed)
	if err != nil {
		return Signed{}, err
	}
	return Signed{ID: ID(n.Text), Says: s, Signers: n.Signers, Note: n.Bytes}, nil
}
