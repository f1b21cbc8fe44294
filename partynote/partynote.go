// Package partynote signs and reads what parties sign: a C2SP signed-note whose text names who may sign it
// and with which key. What its text may be, each kind of note says for itself. The consent of a host is made
// with it; agreements, their keys and statements have code of their own for the same form.
//
// A note has one form: the text, an empty line, and the signatures in the order in which the text names
// those who sign, each party's once.
package partynote

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/note"

	"parley/fault"
	"parley/transcript"
)

// Signer is one who may sign, and the key with which.
type Signer struct {
	Name string
	Key  ed25519.PublicKey
}

// Form is a kind of note.
type Form struct {
	Field    string // what a refusal calls it
	MaxBytes int
	// Signers reads a text, refuses it where it is not valid or not in its one encoding, and returns who may
	// sign it, in their order.
	Signers func(text []byte) ([]Signer, error)
}

// Note is a note that was opened.
type Note struct {
	Text    []byte
	Signers []string // names of those who signed, in their order
	Bytes   []byte
}

// Sign returns a text, which must be valid, as a note with one signature.
func (f Form) Sign(text []byte, name string, key crypto.Signer) ([]byte, error) {
	signers, err := f.Signers(text)
	if err != nil {
		return nil, err
	}
	return f.add(&note.Note{Text: string(text)}, signers, name, key)
}

func (f Form) add(n *note.Note, signers []Signer, name string, key crypto.Signer) ([]byte, error) {
	for _, s := range signers {
		if s.Name != name {
			continue
		}
		if !s.Key.Equal(key.Public()) {
			return nil, &fault.Error{Code: fault.Denied, Field: "key", Value: name, Rule: "is not the party key that the text names",
				Hint: "sign with the key of fingerprint " + transcript.Fingerprint(s.Key)}
		}
		signer, err := transcript.NewNoteSigner(transcript.PartyKeyName(name), key)
		if err != nil {
			return nil, err
		}
		out, err := note.Sign(&note.Note{Text: n.Text, Sigs: n.Sigs}, signer)
		if err != nil {
			return nil, fault.Wrap(fault.CodeOf(err), f.Field+".sign", err)
		}
		return f.ordered(out)
	}
	return nil, fault.New("party", name, "is not one that the text names to sign it", "sign as one of those whom it names")
}

// ordered writes the signatures in their one form and order, each party's once, so that two ways to the
// same signatures give the same bytes.
func (f Form) ordered(signed []byte) ([]byte, error) {
	_, n, signers, err := f.open(signed)
	if err != nil {
		return nil, err
	}
	b := bytes.NewBufferString(n.Text + "\n")
	for _, s := range signers {
		for _, sig := range n.Sigs {
			if sig.Name != transcript.PartyKeyName(s.Name) {
				continue
			}
			raw, err := base64.StdEncoding.DecodeString(sig.Base64)
			if err != nil {
				return nil, fault.Wrap(fault.Corrupt, f.Field+".sign", err)
			}
			fmt.Fprintf(b, "— %s %s\n", sig.Name, base64.StdEncoding.EncodeToString(raw))
			break
		}
	}
	return b.Bytes(), nil
}

// Open reads a note: its text must be valid, every signature on it must be of one whom it names and hold,
// and they must be in their one form and order. One signature is enough.
func (f Form) Open(signed []byte) (Note, error) {
	n, _, _, err := f.open(signed)
	if err != nil {
		return Note{}, err
	}
	if one, err := f.ordered(signed); err != nil || !bytes.Equal(one, signed) {
		return Note{}, &fault.Error{Code: fault.Corrupt, Field: f.Field, Rule: "has signatures that are not in their one form and order",
			Hint: "give the file as it was signed, byte for byte"}
	}
	return n, nil
}

func (f Form) open(signed []byte) (Note, *note.Note, []Signer, error) {
	bad := func(rule string) (Note, *note.Note, []Signer, error) {
		return Note{}, nil, nil, &fault.Error{Code: fault.Corrupt, Field: f.Field, Rule: rule, Hint: "do not use it; ask the party for its signature again"}
	}
	if len(signed) > f.MaxBytes {
		return Note{}, nil, nil, &fault.Error{Code: fault.TooLarge, Field: f.Field, Rule: fmt.Sprintf("must be at most %d bytes", f.MaxBytes), Hint: "shorten it"}
	}
	i := bytes.LastIndex(signed, []byte("\n\n"))
	if i < 0 {
		return bad("is not a signed note: a text, an empty line and signatures")
	}
	signers, err := f.Signers(signed[:i+1])
	if err != nil {
		return Note{}, nil, nil, err
	}
	var verifiers []note.Verifier
	for _, s := range signers {
		v, err := transcript.NewNoteVerifier(transcript.PartyKeyName(s.Name), s.Key)
		if err != nil {
			return Note{}, nil, nil, fault.In("parties", err)
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
	out := Note{Text: []byte(n.Text), Bytes: bytes.Clone(signed)}
	for _, s := range signers {
		for _, sig := range n.Sigs {
			if sig.Name == transcript.PartyKeyName(s.Name) {
				out.Signers = append(out.Signers, s.Name)
				break
			}
		}
	}
	return out, n, signers, nil
}
