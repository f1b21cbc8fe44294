package agreement

import (
	"bytes"
	"crypto"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"parley/fault"
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

// Sign validates t and returns it as a note with one party's signature.
func Sign(t Terms, party string, key crypto.Signer) ([]byte, error) {
	if err := t.Validate(); err != nil {
		return nil, err
	}
	text, err := Text(t)
	if err != nil {
		return nil, err
	}
	return sign(&note.Note{Text: string(text)}, t, party, key)
}

// Cosign adds one party's signature to a note, whose terms must be valid and whose signatures
// must hold.
func Cosign(signed []byte, party string, key crypto.Signer) ([]byte, error) {
	a, n, err := open(signed)
	if err != nil {
		return nil, err
	}
	return sign(n, a.Terms, party, key)
}

// sign adds a signature to n by the key that the terms name for the party.
func sign(n *note.Note, t Terms, party string, key crypto.Signer) ([]byte, error) {
	p, i := t.Party(party)
	if i < 0 {
		return nil, fault.New("party", party, "is not a party of this agreement", "the parties are "+t.Parties[0].Name+" and "+t.Parties[1].Name)
	}
	if !p.PartyKey.Equal(key.Public()) {
		return nil, &fault.Error{Code: fault.Denied, Field: "key", Value: party, Rule: "is not the party key that the terms name",
			Hint: "sign with the key of fingerprint " + transcript.Fingerprint(p.PartyKey)}
	}
	s, err := transcript.NewNoteSigner(transcript.PartyKeyName(party), key)
	if err != nil {
		return nil, err
	}
	out, err := note.Sign(&note.Note{Text: n.Text, Sigs: n.Sigs}, s)
	if err != nil {
		return nil, fault.Wrap(fault.CodeOf(err), "agreement.sign", err)
	}
	return ordered(out, t)
}

// ordered writes a note's signatures in their one form and in the order of the sides, so that two ways
// to the same two signatures give the same bytes.
func ordered(signed []byte, t Terms) ([]byte, error) {
	_, n, err := openWith(signed, t)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	b.WriteString(n.Text + "\n")
	for _, p := range t.Parties {
		for _, s := range n.Sigs {
			if s.Name != transcript.PartyKeyName(p.Name) {
				continue
			}
			raw, err := base64.StdEncoding.DecodeString(s.Base64)
			if err != nil {
				return nil, fault.Wrap(fault.Corrupt, "agreement.sign", err)
			}
			fmt.Fprintf(&b, "— %s %s\n", s.Name, base64.StdEncoding.EncodeToString(raw))
		}
	}
	return b.Bytes(), nil
}

// Merge joins the signatures of two copies of one text.
func Merge(a, b []byte) ([]byte, error) {
	first, n, err := open(a)
	if err != nil {
		return nil, fault.In("first", err)
	}
	second, m, err := open(b)
	if err != nil {
		return nil, fault.In("second", err)
	}
	if first.ID != second.ID {
		return nil, &fault.Error{Code: fault.Mismatch, Field: "agreement", Value: second.ID, Rule: "is another text than " + first.ID,
			Hint: "sign the same text: send the file that one party signed to the other"}
	}
	var out bytes.Buffer
	out.WriteString(n.Text + "\n")
	for _, s := range append(n.Sigs, m.Sigs...) {
		line := fmt.Sprintf("— %s %s\n", s.Name, s.Base64)
		if !strings.Contains(out.String(), "\n"+line) {
			out.WriteString(line)
		}
	}
	return ordered(out.Bytes(), first.Terms)
}

// Open reads a note: its text must be in the one encoding and valid, every signature on it must be a
// party's and hold, and they must be in their one form and order: a verifier of transcripts refuses
// others, so that a note that was taken with them would spoil the evidence of its line for good. One
// signature is enough to open; see Signed.
func Open(signed []byte) (Agreement, error) {
	a, _, err := open(signed)
	if err != nil {
		return Agreement{}, err
	}
	if one, err := ordered(signed, a.Terms); err != nil || !bytes.Equal(one, signed) {
		return Agreement{}, &fault.Error{Code: fault.Corrupt, Field: "agreement", Rule: "has signatures that are not in their one form and order",
			Hint: "give the file as it was signed, byte for byte"}
	}
	return a, nil
}

func open(signed []byte) (Agreement, *note.Note, error) {
	if len(signed) > MaxBytes {
		return Agreement{}, nil, &fault.Error{Code: fault.TooLarge, Field: "agreement", Rule: fmt.Sprintf("must be at most %d bytes", MaxBytes), Hint: "simplify the area"}
	}
	i := bytes.LastIndex(signed, []byte("\n\n"))
	if i < 0 {
		return Agreement{}, nil, fault.New("agreement", string(signed), "is not a signed note: a text, an empty line and signatures", "give the file as it was signed")
	}
	t, err := parseText(signed[:i+1])
	if err != nil {
		return Agreement{}, nil, err
	}
	if err := t.Validate(); err != nil {
		return Agreement{}, nil, err
	}
	return openWith(signed, t)
}

// openWith checks the signatures of a note whose text says t.
func openWith(signed []byte, t Terms) (Agreement, *note.Note, error) {
	bad := func(rule string) (Agreement, *note.Note, error) {
		return Agreement{}, nil, &fault.Error{Code: fault.Corrupt, Field: "agreement", Rule: rule, Hint: "do not use it; ask the party for its signature again"}
	}
	var verifiers []note.Verifier
	for i, p := range t.Parties {
		v, err := transcript.NewNoteVerifier(transcript.PartyKeyName(p.Name), p.PartyKey)
		if err != nil {
			return Agreement{}, nil, fault.In(at("parties", i), err)
		}
		verifiers = append(verifiers, v)
	}
	n, err := note.Open(signed, note.VerifierList(verifiers...))
	var invalid *note.InvalidSignatureError
	var unverified *note.UnverifiedNoteError
	switch {
	case errors.As(err, &invalid):
		return bad("the signature of " + invalid.Name + " does not hold: the text or the signature was changed")
	case errors.As(err, &unverified):
		return bad("is signed by nobody that it names as a party")
	case err != nil:
		return bad("is not a signed note")
	case len(n.UnverifiedSigs) > 0:
		return bad("has a signature by " + n.UnverifiedSigs[0].Name + ", which is no party key of it")
	}
	a := Agreement{ID: ID([]byte(n.Text)), Terms: t, Note: bytes.Clone(signed)}
	for _, p := range t.Parties {
		for _, s := range n.Sigs {
			if s.Name == transcript.PartyKeyName(p.Name) {
				a.Signers = append(a.Signers, p.Name)
			}
		}
	}
	return a, n, nil
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
