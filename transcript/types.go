package transcript

import (
	"crypto/ed25519"
	"time"

	"filippo.io/mldsa"
	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/mod/sumdb/tlog"
)

// Bounds of the format. Bytes over them are a breach of the format and close the epoch.
const (
	MaxEntryBytes       = 64<<10 - 1 // one sealed entry
	MaxDisclosuresBytes = 4 << 20    // all disclosures of one entry, encoded
	MaxNoteBytes        = 16 << 10   // one signed checkpoint
	MaxSize             = 1 << 48    // entries of one transcript
)

// Hash is a hash of the tree, RFC 6962.
type Hash = tlog.Hash

// Digest is the SHA-256 of an encoded disclosure.
type Digest [32]byte

// Side is a party's side of a line: the first party of the agreement is a, the second b.
type Side string

// The sides of a line.
const (
	A Side = "a"
	B Side = "b"
)

// Other returns the other side.
func (s Side) Other() Side {
	if s == A {
		return B
	}
	return A
}

// Origin names one transcript: one party's, on one line, in one epoch.
type Origin struct {
	Line  string // the line's id, 64 hexadecimal digits
	Epoch int64  // from 1 up
	Side  Side
}

// Seen is the newest head of the other party's transcript that an author held.
type Seen struct {
	Size int64
	Root Hash
}

// Entry is a sealed entry: what was said, when and after what, with the body as digests.
type Entry struct {
	Agreement string // id of the agreement version in force
	Author    string // the party's name
	Seq       int64  // index in the transcript, from 0
	Time      time.Time
	Seen      Seen
	Kind      string
	Drill     bool
	SD        []Digest // sorted; padded with decoys to 8, 16, 32, ...
	Shown     []Digest // which of SD are disclosed to the other party; sorted
}

// Field is one top-level field of an entry's body.
type Field struct {
	Name  string
	Value jsontext.Value
	Shown bool // whether the other party is told
}

// Draft is what a party wants to say, before it is sealed.
type Draft struct {
	Kind   string
	Drill  bool
	Fields []Field
}

// Meta places a draft in its transcript.
type Meta struct {
	Agreement string
	Author    string
	Seq       int64
	Time      time.Time
	Seen      Seen
}

// Disclosure opens one digest of an entry: SD-JWT's array of salt, name and value.
type Disclosure struct {
	Salt  [16]byte
	Name  string
	Value jsontext.Value
}

// Sealed is a sealed entry with its disclosures, encoded as they are stored and sent.
type Sealed struct {
	Bytes       []byte   // the entry's one encoding
	Disclosures [][]byte // encoded disclosures held, in the order of their digests
}

// Head is a party's signed checkpoint: its signature and its own timed cosignature.
type Head struct {
	Origin Origin
	Size   int64
	Root   Hash
	Time   time.Time // by the author's clock, to the second
	Key    ed25519.PublicKey
	MLDSA  *mldsa.PublicKey // nil: Ed25519 alone
	Note   []byte           // the signed note, byte for byte
}

// Halves returns the halves of the key that signed.
func (h Head) Halves() LineKey { return LineKey{Public: h.Key, MLDSA: h.MLDSA} }

// Halves returns the halves of the key that signed.
func (r Receipt) Halves() LineKey { return LineKey{Public: r.Key, MLDSA: r.MLDSA} }

// Receipt is the other party's timed cosignature on a head.
type Receipt struct {
	Origin Origin // of the head
	Size   int64
	Root   Hash
	By     Side
	Time   time.Time // by the receiver's clock, to the second
	Key    ed25519.PublicKey
	MLDSA  *mldsa.PublicKey // nil: Ed25519 alone
	Note   []byte           // the checkpoint with the receiver's cosignature
}

// LineKey is a key that signs heads and receipts, with the time for which it counts. A zero bound
// is open. One that has an ML-DSA-44 half signs with both, always.
type LineKey struct {
	Public  ed25519.PublicKey
	MLDSA   *mldsa.PublicKey // nil: Ed25519 alone
	From    time.Time
	Revoked time.Time
}

// Counts reports whether the key signs for its party at t.
func (k LineKey) Counts(t time.Time) bool {
	return (k.From.IsZero() || !t.Before(k.From)) && (k.Revoked.IsZero() || t.Before(k.Revoked))
}

// Party is what a verifier needs to know of one side of a line.
type Party struct {
	Name     string
	Side     Side
	PartyKey ed25519.PublicKey
	LineKeys []LineKey
}
