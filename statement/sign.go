package statement

import (
	"bytes"
	"crypto"
	"encoding/base64"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/note"

	"parley/fault"
	"parley/transcript"
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

// Sign signs a statement for one of its parties.
func Sign(s Statement, party string, key crypto.Signer) ([]byte, error) {
	text, err := s.Text()
	if err != nil {
		return nil, err
	}
	return add(&note.Note{Text: string(text)}, s, party, key)
}

// Cosign adds the other party's signature to a joint statement.
func Cosign(signed []byte, party string, key crypto.Signer) ([]byte, error) {
	s, n, err := open(signed)
	if err != nil {
		return nil, err
	}
	return add(n, s.Says, party, key)
}

func add(n *note.Note, s Statement, party string, key crypto.Signer) ([]byte, error) {
	for _, p := range s.Parties {
		if p.Name != party {
			continue
		}
		if !p.PartyKey.Equal(key.Public()) {
			return nil, &fault.Error{Code: fault.Denied, Field: "key", Value: party, Rule: "is not the party key that the statement names",
				Hint: "sign with the key of fingerprint " + transcript.Fingerprint(p.PartyKey)}
		}
		signer, err := transcript.NewNoteSigner(transcript.PartyKeyName(party), key)
		if err != nil {
			return nil, err
		}
		out, err := note.Sign(&note.Note{Text: n.Text, Sigs: n.Sigs}, signer)
		if err != nil {
			return nil, fault.Wrap(fault.CodeOf(err), "statement.sign", err)
		}
		return ordered(out)
	}
	return nil, fault.New("party", party, "is not one that states this", "draft a statement of your own: parley statement draft")
}

// ordered writes the signatures in their one form and in the order of the parties, each party's once.
func ordered(signed []byte) ([]byte, error) {
	s, n, err := open(signed)
	if err != nil {
		return nil, err
	}
	b := bytes.NewBufferString(n.Text + "\n")
	for _, p := range s.Says.Parties {
		for _, sig := range n.Sigs {
			if sig.Name != transcript.PartyKeyName(p.Name) {
				continue
			}
			raw, err := base64.StdEncoding.DecodeString(sig.Base64)
			if err != nil {
				return nil, fault.Wrap(fault.Corrupt, "statement.sign", err)
			}
			fmt.Fprintf(b, "— %s %s\n", sig.Name, base64.StdEncoding.EncodeToString(raw))
			break
		}
	}
	return b.Bytes(), nil
}

// Merge joins the signatures of two copies of one statement. Where the two are not the same bytes it says
// where they differ: what each party signed is then its own.
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
		return nil, &fault.Error{Code: fault.Mismatch, Field: "statement", Value: second.ID[:12], Rule: "is another text than " + first.ID[:12] + ", first at " + Difference([]byte(n.Text), []byte(m.Text)),
			Hint: "send the file that one party signed to the other, and have it sign that"}
	}
	var out bytes.Buffer
	out.WriteString(n.Text + "\n")
	for _, s := range append(n.Sigs, m.Sigs...) {
		line := fmt.Sprintf("— %s %s\n", s.Name, s.Base64)
		if !bytes.Contains(out.Bytes(), []byte("\n"+line)) {
			out.WriteString(line)
		}
	}
	return ordered(out.Bytes())
}

// Open reads a signed statement: its text must be valid and in its one encoding, and every signature a
// party's and hold. Of a joint statement one signature is enough to open it; see Signed.Agreed. Whose the
// keys are that the statement names, the reader must know from elsewhere: the agreement, or the party.
func Open(signed []byte) (Signed, error) {
	s, _, err := open(signed)
	if err != nil {
		return Signed{}, err
	}
	if one, err := ordered(signed); err != nil || !bytes.Equal(one, signed) {
		return Signed{}, &fault.Error{Code: fault.Corrupt, Field: "statement", Rule: "has signatures that are not in their one form and order", Hint: "give the file as it was signed, byte for byte"}
	}
	return s, nil
}

func open(signed []byte) (Signed, *note.Note, error) {
	bad := func(rule string) (Signed, *note.Note, error) {
		return Signed{}, nil, &fault.Error{Code: fault.Corrupt, Field: "statement", Rule: rule, Hint: "do not use it; ask the party for its signature again"}
	}
	if len(signed) > MaxBytes {
		return Signed{}, nil, &fault.Error{Code: fault.TooLarge, Field: "statement", Rule: fmt.Sprintf("must be at most %d bytes", MaxBytes), Hint: "shorten it"}
	}
	i := bytes.LastIndex(signed, []byte("\n\n"))
	if i < 0 {
		return bad("is not a signed note: a text, an empty line and signatures")
	}
	s, err := Parse(signed[:i+1])
	if err != nil {
		return Signed{}, nil, err
	}
	var verifiers []note.Verifier
	for _, p := range s.Parties {
		v, err := transcript.NewNoteVerifier(transcript.PartyKeyName(p.Name), p.PartyKey)
		if err != nil {
			return Signed{}, nil, fault.In("parties", err)
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
		return bad("has a signature by " + fault.Shorten(n.UnverifiedSigs[0].Name) + ", which is none of its parties' keys")
	}
	out := Signed{ID: ID([]byte(n.Text)), Says: s, Note: bytes.Clone(signed)}
	for _, p := range s.Parties {
		for _, sig := range n.Sigs {
			if sig.Name == transcript.PartyKeyName(p.Name) {
				out.Signers = append(out.Signers, p.Name)
				break
			}
		}
	}
	return out, n, nil
}
