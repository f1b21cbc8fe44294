package line

import (
	"context"

	"parley/transcript/ledger"
)

// Ledger is what a line needs of the ledger behind it. Every method may be called by several
// goroutines at once.
type Ledger interface {
	// Standing says where the ledger stands. It is cheap: it is called at every message.
	Standing() Standing
	// Changed returns a channel that is closed at the next change of Standing or of Advances.
	Changed() <-chan struct{}

	// Parcel returns what the peer, who holds have of the own transcript, lacks: entries from there
	// up to a stored head, at most maxBytes of them encoded. With maxBytes 0, or where the peer
	// lacks nothing, it returns head, receipt and Have alone.
	Parcel(ctx context.Context, have ledger.Have, maxBytes int) (ledger.Parcel, error)
	// Receive makes a peer's parcel durable and receipts it. An error means that nothing could be
	// judged or stored (the store is down), never that the parcel is bad: that is a verdict.
	Receive(ctx context.Context, p ledger.Parcel) (ledger.Outcome, error)

	// Advances returns the own entries that cannot wait and have no receipt yet, oldest first.
	Advances(ctx context.Context) ([]ledger.Advance, error)
	// ReceiveAdvance makes a peer's advance copy durable. Taken and Old acknowledge it.
	ReceiveAdvance(ctx context.Context, a ledger.Advance) (ledger.Outcome, error)

	// GiveBack returns what is held of the peer's own transcript beyond have, with its newest head:
	// what a peer restored from a backup lacks. At most maxBytes of entries.
	GiveBack(ctx context.Context, have ledger.Have, maxBytes int) (ledger.Parcel, error)
	// TakeBack takes the own entries that the peer gave back. When the parcel brings nothing more,
	// the ledger is confirmed and may sign.
	TakeBack(ctx context.Context, p ledger.Parcel) (ledger.Outcome, error)
}

// Standing is where a ledger stands.
type Standing struct {
	Own         ledger.Have // the own transcript's open epoch and size
	Held        ledger.Have // the peer's transcript as held here
	Undelivered int64       // own entries without a receipt
	Confirmed   bool        // the peer was asked what it holds of the own transcript: it may sign
	Forked      bool        // the peer's transcript, or the own one as the peer has it, has forked
}
