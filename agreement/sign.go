package agreement

import (
	"crypto"

	"parley/fault"
	"parley/partynote"
	"parley/transcript"
)

// Agreement is terms in their one encoding, with the signatures found on them.
type Agreement struct {
	ID      string // SHA-256 of the text, hexadecimal
	Terms   Terms
	Signers []string // names of the parties that signed, in the order of the sides
	Note    []byte
}

// LineID returns the id of the line: the first version's id.
func (a Agreement) LineID() string {
	if a.Terms.Line == "" {
		return a.ID
	}
	return a.Terms.Line
}

// Signed reports whether both parties signed.
func (a Agreement) Signed() bool { return len(a.Signers) == 2 }

// form is how agreements are signed; what it reads it writes to into.
func form(into *Terms) partynote.Form {
	return partynote.Form{Field: "agreement", MaxBytes: MaxBytes, Signers: func(text []byte) (out []partynote.Signer, err error) {
		if *into, err = parseText(text); err != nil {
			return nil, err
		}
		return into.signers(), into.Validate()
	}}
}

// signers are the parties, in the order of the sides.
func (t Terms) signers() (out []partynote.Signer) {
	for _, p := range t.Parties {
		out = append(out, partynote.Signer{Name: p.Name, Key: p.PartyKey})
	}
	return out
}

// Sign validates t and returns it as a note with one party's signature.
func Sign(t Terms, party string, key crypto.Signer) ([]byte, error) {
	if err := t.Validate(); err != nil {
		return nil, err
	}
	text, err := Text(t)
	if err != nil {
		return nil, err
	}
	return form(&t).Sign(text, party, key)
}

// Cosign adds one party's signature to a note, whose terms must be valid and whose signatures
// must hold.
func Cosign(signed []byte, party string, key crypto.Signer) ([]byte, error) {
	return form(new(Terms)).Cosign(signed, party, key)
}

// Merge joins the signatures of two copies of one text.
func Merge(a, b []byte) ([]byte, error) {
	return form(new(Terms)).Merge(a, b, func(first, second []byte) error {
		return &fault.Error{Code: fault.Mismatch, Field: "agreement", Value: ID(second), Rule: "is another text than " + ID(first),
			Hint: "sign the same text: send the file that one party signed to the other"}
	})
}

// Open reads a note: its text must be in the one encoding and valid, every signature on it must be a
// party's and hold, and they must be in their one form and order. One signature is enough to open; see
// Signed.
func Open(signed []byte) (Agreement, error) {
	var t Terms
	n, err := form(&t).Open(signed)
	if err != nil {
		return Agreement{}, err
	}
	return Agreement{ID: ID(n.Text), Terms: t, Signers: n.Signers, Note: n.Bytes}, nil
}

// Info reads a signed agreement for the verifier of transcripts, and refuses it unless both
// parties signed it.
func Info(signed []byte) (transcript.AgreementInfo, error) {
	a, err := Open(signed)
	if err != nil {
		return transcript.AgreementInfo{}, err
	}
	if !a.Signed() {
		return transcript.AgreementInfo{}, &fault.Error{Code: fault.Corrupt, Field: "agreement", Rule: "is not signed by both parties", Hint: "have the other party sign it too"}
	}
	return a.Info(), nil
}

// Info returns what a verifier of transcripts needs to know.
func (a Agreement) Info() transcript.AgreementInfo {
	out := transcript.AgreementInfo{ID: a.ID, Line: a.LineID(), Version: int64(a.Terms.Version), Supersedes: a.Terms.Supersedes,
		From: a.Terms.From, Until: a.Terms.Until, Both: a.Terms.Signatures == SignaturesBoth,
		Witnesses: a.Terms.Witnesses.Keys(), Quorum: a.Terms.Witnesses.Quorum}
	for i, side := range []transcript.Side{transcript.A, transcript.B} {
		p := a.Terms.Parties[i]
		out.Parties[i] = transcript.Party{Name: p.Name, Side: side, PartyKey: p.PartyKey}
		for _, k := range p.LineKeys {
			out.Parties[i].LineKeys = append(out.Parties[i].LineKeys, k.Transcript())
		}
	}
	for _, name := range a.Signers {
		p, _ := a.Terms.Party(name)
		out.Signers = append(out.Signers, p.PartyKey)
	}
	return out
}
