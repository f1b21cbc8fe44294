package ledger

import (
	"context"
	"time"

	"parley/transcript"
)

// EvidenceKind says what an Evidence proves.
type EvidenceKind string

// The kinds of evidence.
const (
	// EvidenceFork: Signer signed two heads that no one transcript has.
	EvidenceFork EvidenceKind = "fork"
	// EvidenceForeign: the other party receipted, or says that it saw, a head that the own
	// transcript does not have: it holds a fork of it, or lies.
	EvidenceForeign EvidenceKind = "foreign-receipt"
	// EvidenceBreach: a signed entry breaks the format.
	EvidenceBreach EvidenceKind = "breach"
)

// Evidence is what proves a fork or a breach to anyone, as far as it can be proved.
type Evidence struct {
	Kind      EvidenceKind
	Origin    transcript.Origin // of the transcript that it is about
	Reason    string
	HeldAt    time.Time
	Held      []byte            // the signed head that was held
	Offered   []byte            // the signed head, or the receipt, that contradicts it
	Root      transcript.Hash   // the root that the larger tree has at the smaller size
	Proof     []transcript.Hash // consistency of the smaller size within the larger, which gives Root
	Index     int64             // of an entry that differs or breaks the format, with its proofs
	Entry     []byte            // the entry as offered
	InOffered []transcript.Hash // inclusion of Entry in Offered
	Other     []byte            // the entry as held, where there is one
	InHeld    []transcript.Hash // inclusion of Other in Held
}

// Evidences returns all evidence held, oldest first.
func (l *Ledger) Evidences(ctx context.Context) ([]Evidence, error) { return nil, nil }
