// Package passkey registers and checks the passkeys (WebAuthn) with which people sign in.
//
// The book of passkeys holds public keys alone: who reads it cannot sign in. It is beside the book of
// officers and written by the running node. A passkey counts as long as its officer is the one in the
// book for whom it was registered, and as long as no copy of it was seen.
//
// The ceremonies are github.com/go-webauthn/webauthn's, which makes its challenges with the system's
// randomness. User verification is required, attestation is not asked for.
package passkey

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"slices"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"parley/api/officer"
	"parley/fault"
	"parley/internal/strictjson"
)

// Bounds of a book.
const (
	MaxBytes = 8 << 20
	MaxEach  = 10 // passkeys of one officer
	maxName  = 64 // bytes of a name
	maxDepth = 8
)

// Passkey is one of them.
type Passkey struct {
	ID         []byte    `json:"id"`
	Officer    string    `json:"officer"`
	Issued     time.Time `json:"issued"` // of the officer's entry in his book: one added anew is another
	Name       string    `json:"name"`   // as the officer calls it
	Added      time.Time `json:"added"`
	Used       time.Time `json:"used,omitzero"`
	PublicKey  []byte    `json:"public_key"` // COSE
	SignCount  uint32    `json:"sign_count"`
	Flags      byte      `json:"flags"` // of the authenticator, as WebAuthn has them
	Transports []string  `json:"transports,omitzero"`
	// Copied says since when it counts no more, since two authenticators seem to have it.
	Copied time.Time `json:"copied,omitzero"`
}

// Text returns a passkey's id as people and logs write it.
func (p Passkey) Text() string { return base64.RawURLEncoding.EncodeToString(p.ID) }

// of reports whether the passkey is one of this officer.
func (p Passkey) of(o officer.Officer) bool {
	return p.Officer == o.Name && p.Issued.Equal(o.Issued) && !p.Added.Before(o.PasskeysFrom)
}

// Book is a node's passkeys, and the hashes of the invitations that were used and are not over.
type Book struct {
	Passkeys []Passkey `json:"passkeys"`
	Used     []Used    `json:"used"`
}

// Used is an invitation that was used.
type Used struct {
	SHA256  []byte    `json:"sha256"`
	Expires time.Time `json:"expires"`
}

// Parse reads a book.
func Parse(data []byte) (Book, error) {
	var b Book
	if err := strictjson.Decode(data, strictjson.Limits{Bytes: MaxBytes, Depth: maxDepth}, &b); err != nil {
		return Book{}, err
	}
	for i, p := range b.Passkeys {
		field := fmt.Sprintf("passkeys[%d]", i)
		if len(p.ID) == 0 || len(p.ID) > 1023 || len(p.PublicKey) == 0 || p.Officer == "" {
			return Book{}, fault.New(field, "", "has no id, key or officer", "put back the file that the node wrote")
		}
		if j := slices.IndexFunc(b.Passkeys, func(o Passkey) bool { return bytes.Equal(o.ID, p.ID) }); j != i {
			return Book{}, fault.New(field, p.Text(), "is there twice", "put back the file that the node wrote")
		}
	}
	return b, nil
}

// Encode writes the book.
func (b Book) Encode() ([]byte, error) {
	data, err := json.Marshal(b, jsontext.WithIndent("  "))
	if err != nil {
		return nil, fault.Wrap(fault.Internal, "passkey.encode", err)
	}
	return append(data, '\n'), nil
}

// Of returns an officer's passkeys.
func (b Book) Of(o officer.Officer) []Passkey {
	var out []Passkey
	for _, p := range b.Passkeys {
		if p.of(o) {
			out = append(out, p)
		}
	}
	return out
}
