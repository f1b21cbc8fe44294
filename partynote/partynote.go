// Package partynote signs and reads what parties sign: a C2SP signed-note whose text names who may sign it
// and with which key. Agreements, their keys, statements and consents are such notes; what a text may be,
// each kind says for itself.
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
	"strings"

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

// opened is a note with what it takes to add to it.
type opened struct {
	Note
	note *note.Note
	by   []Signer
}

// Sign returns a text, which must be valid, as a note with one signature.
func (f Form) Sign(text []byte, name string, key crypto.Signer) ([]byte, error) {
	by, err := f.Signers(text)
	if err != nil {
		return nil, err
	}
	return f.add(&note.Note{Text: string(text)}, by, name, key)
}

// Cosign adds a signature to a note, whose text must be valid and whose signatures must hold.
func (f Form) Cosign(signed []byte, name string, key crypto.Signer) ([]byte, error) {
	o, err := f.open(signed)
	if err != nil {
		return nil, err
	}
	return f.add(o.note, o.by, name, key)
}

func (f Form) add(n *note.Note, by []Signer, name string, key crypto.Signer) ([]byte, error) {
	var names []string
	for _, s := range by {
		if s.Name != name {
			names = append(names, s.Name)
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
		return f.ordered(out, by)
	}
	return nil, fault.New("party", name, "is not one that the text names to sign it", "those it names: "+strings.Join(names, ", "))
}

// ordered checks a note that was just signed or joined, and writes it in its one form.
func (f Form) ordered(signed []byte, by []Signer) ([]byte, error) {
	o, err := f.check(signed, by)
	if err != nil {
		return nil, err
	}
	return f.written(o)
}

// written writes the signatures of a note that was checked in their one form and order, each party's once,
// so that two ways to the same signatures give the same bytes.
func (f Form) written(o opened) ([]byte, error) {
	b := bytes.NewBufferString(o.note.Text + "\n")
	for _, s := range o.by {
		for _, sig := range o.note.Sigs {
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

// Merge joins the signatures of two copies of one text. Of two texts differ says what is wrong.
func (f Form) Merge(a, b []byte, differ func(first, second []byte) error) ([]byte, error) {
	first, err := f.open(a)
	if err != nil {
		return nil, fault.In("first", err)
	}
	second, err := f.open(b)
	if err != nil {
		return nil, fault.In("second", err)
	}
	if !bytes.Equal(first.Text, second.Text) {
		return nil, differ(first.Text, second.Text)
	}
	out := bytes.NewBufferString(first.note.Text + "\n")
	for _, s := range append(first.note.Sigs, second.note.Sigs...) {
		line := fmt.Sprintf("— %s %s\n", s.Name, s.Base64)
		if !bytes.Contains(out.Bytes(), []byte("\n"+line)) {
			out.WriteString(line)
		}
	}
	return f.ordered(out.Bytes(), first.by)
}

// Open reads a note: its text must be valid, every signature on it must be of one whom it names and hold,
// and they must be in their one form and order: a verifier of transcripts refuses others, so that a note
// that was taken with them would spoil the evidence of its line for good. One signature is enough.
func (f Form) Open(signed []byte) (Note, error) {
	o, err := f.open(signed)
	if err != nil {
		return Note{}, err
	}
	if one, err := f.written(o); err != nil || !bytes.Equal(one, signed) {
		return Note{}, &fault.Error{Code: fault.Corrupt, Field: f.Field, Rule: "has signatures that are not in their one form and order",
			Hint: "give the file as it was signed, byte for byte"}
	}
	return o.Note, nil
}

func (f Form) open(signed []byte) (opened, error) {
	if len(signed) > f.MaxBytes {
		return opened{}, &fault.Error{Code: fault.TooLarge, Field: f.Field, Rule: fmt.Sprintf("must be at most %d bytes", f.MaxBytes), Hint: "give the file as it was signed, or shorten what it is to say"}
	}
	i := bytes.LastIndex(signed, []byte("\n\n"))
	if i < 0 {
		return opened{}, fault.New(f.Field, string(signed), "is not a signed note: a text, an empty line and signatures", "give the file as it was signed")
	}
	by, err := f.Signers(signed[:i+1])
	if err != nil {
		return opened{}, err
	}
	return f.check(signed, by)
}

// check holds the signatures of a note against those whom its text names.
func (f Form) check(signed []byte, by []Signer) (opened, error) {
	bad := func(rule string) (opened, error) {
		return opened{}, &fault.Error{Code: fault.Corrupt, Field: f.Field, Rule: rule, Hint: "do not use it; ask the party for its signature again"}
	}
	var verifiers []note.Verifier
	for _, s := range by {
		v, err := transcript.NewNoteVerifier(transcript.PartyKeyName(s.Name), s.Key)
		if err != nil {
			return opened{}, fault.In("parties", err)
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
	o := opened{Note: Note{Text: []byte(n.Text), Bytes: bytes.Clone(signed)}, note: n, by: by}
	for _, s := range by {
		for _, sig := range n.Sigs {
			if sig.Name == transcript.PartyKeyName(s.Name) {
				o.Signers = append(o.Signers, s.Name)
				break
			}
		}
	}
	return o, nil
}
