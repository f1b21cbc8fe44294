package line

import (
	"context"

	"parley/transcript"
	"parley/transcript/ledger"
)

// Ledger is what a line needs of the ledger behind it: *ledger.Ledger. Every method may be called
// by several goroutines at once.
type Ledger interface {
	// Standing says where the ledger stands. It is cheap: it is asked at every message.
	Standing() ledger.Standing
	// Changed returns a channel that is closed at the next change of Standing or of Advances.
	Changed() <-chan struct{}

	// Parcel returns what the peer lacks: entries from w.Have up to a stored head, about w.MaxBytes of
	// them, at least one commit's where that is positive, and receipts. With w.MaxBytes 0, or where the
	// peer lacks nothing that may go out, it returns receipts, Have and the head at which the peer
	// stands.
	Parcel(ctx context.Context, w ledger.Want) (ledger.Parcel, error)
	// Receive makes a peer's parcel durable and receipts it. An error means that nothing could be
	// judged or stored, never that the parcel is bad: that is a verdict.
	Receive(ctx context.Context, p ledger.Parcel) (ledger.Outcome, error)

	// Advances returns the own entries that cannot wait and have no receipt yet, oldest first.
	Advances(ctx context.Context) ([]ledger.Advance, error)
	// ReceiveAdvance makes a peer's advance copy durable. Taken and Old acknowledge it.
	ReceiveAdvance(ctx context.Context, a ledger.Advance) (ledger.Outcome, error)

	// GiveBack returns what is held of the peer's own transcript beyond have, with its newest head:
	// what a peer restored from a backup lacks.
	GiveBack(ctx context.Context, have ledger.Have, maxBytes int) (ledger.Parcel, error)
	// TakeBack takes the own entries that the peer gave back. Once nothing is missing, the ledger
	// is confirmed and may sign.
	TakeBack(ctx context.Context, p ledger.Parcel) (ledger.Outcome, error)

	// Proven lists the transcripts of which a fork is proved. It is cheap: it is asked at every
	// message.
	Proven() []transcript.Origin
	// Proof returns what proves a fork of a transcript to anyone.
	Proof(ctx context.Context, o transcript.Origin) ([]byte, error)
	// ReceiveProof keeps a peer's proof of a fork of either transcript, where it holds.
	ReceiveProof(ctx context.Context, text []byte) (ledger.Outcome, error)
}

var _ Ledger = (*ledger.Ledger)(nil)

// less reports whether a holds less than b.
func less(a, b ledger.Have) bool {
	return a.Epoch < b.Epoch || a.Epoch == b.Epoch && a.Size < b.Size
}
