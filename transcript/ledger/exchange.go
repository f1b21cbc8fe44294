package ledger

import "context"

// Parcel returns what the peer, who holds have of the own transcript, lacks: entries from there up
// to a stored head, about maxBytes of them, at least one commit's where maxBytes is positive. Where
// the peer lacks nothing, or maxBytes is 0, it carries head, receipt and Have alone.
func (l *Ledger) Parcel(ctx context.Context, have Have, maxBytes int) (Parcel, error) {
	return Parcel{}, nil
}

// Receive judges a peer's parcel, makes what is new of it durable and receipts it. An error means
// that nothing could be judged or stored; a bad parcel is a verdict, not an error.
func (l *Ledger) Receive(ctx context.Context, p Parcel) (Outcome, error) { return Outcome{}, nil }

// GiveBack returns what is held of the peer's own transcript beyond have, with its newest head:
// what a peer restored from a backup lacks.
func (l *Ledger) GiveBack(ctx context.Context, have Have, maxBytes int) (Parcel, error) {
	return Parcel{}, nil
}

// TakeBack takes the own entries that the peer gave back. Once nothing is missing the ledger is
// confirmed and may sign; see Standing.
func (l *Ledger) TakeBack(ctx context.Context, p Parcel) (Outcome, error) { return Outcome{}, nil }

// ConfirmNotRestored is an operator's word that this store is the one that last ran.
func (l *Ledger) ConfirmNotRestored() {}
