package agreement

import (
	"crypto"
)

// TypeLine is the first line of an agreement's text.
const TypeLine = "parley/agreement/v1"

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

// Encode returns the terms as JSON in their one encoding.
func Encode(t Terms) ([]byte, error) { return nil, nil }

// ParseTerms reads terms from JSON in any layout, as people edit it. Names are strict.
func ParseTerms(data []byte) (Terms, error) { return Terms{}, nil }

// Text returns the text that the parties sign.
func Text(t Terms) ([]byte, error) { return nil, nil }

// ID returns the id of an agreement from its text.
func ID(text []byte) string { return "" }

// Sign validates t and returns it as a note with one party's signature.
func Sign(t Terms, party string, key crypto.Signer) ([]byte, error) { return nil, nil }

// Cosign adds one party's signature to a note, whose signatures must hold.
func Cosign(note []byte, party string, key crypto.Signer) ([]byte, error) { return nil, nil }

// Merge joins the signatures of two copies of one text.
func Merge(a, b []byte) ([]byte, error) { return nil, nil }

// Open reads a note: its text must be in the one encoding and valid, and every signature on it
// must be a party's and hold. One signature is enough to open; see Signed.
func Open(note []byte) (Agreement, error) { return Agreement{}, nil }

// Supersede returns t as the version after old: it names the line, old, and the next number.
func Supersede(old Agreement, t Terms) Terms { return t }

// CheckSuccessor refuses next unless it is the version after old on the same line, signed by both.
// It returns the parties whose party key changed: at most one may, and its officers must have
// compared fingerprints by voice.
func CheckSuccessor(old, next Agreement) (replaced []string, err error) { return nil, nil }

// Diff says in words what next changes in old, one line a change.
func Diff(old, next Terms) []string { return nil }
