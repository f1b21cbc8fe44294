package ledger

import (
	"context"
	"iter"

	"parley/transcript"
)

// Records yields the entries of both transcripts after a cursor, epoch by epoch, up to what is
// durable when it is called. Within an epoch an entry comes after those of the other party that
// its author had seen; else the earlier time comes first, then side a. Next follows a cursor.
func (l *Ledger) Records(ctx context.Context, after Cursor) iter.Seq2[Record, error] { return nil }

// Next returns the cursor after a record that Records yielded at c.
func (c Cursor) Next(own transcript.Side, r Record) Cursor { return c }

// Record returns one entry in its order.
func (l *Ledger) Record(ctx context.Context, o transcript.Origin, seq int64) (Record, error) {
	return Record{}, nil
}

// Changed returns a channel that is closed at the next change of anything that can be read here.
// Take it before reading, then wait on it.
func (l *Ledger) Changed() <-chan struct{} { return nil }

// Standing says where the ledger stands. It is cheap.
func (l *Ledger) Standing() Standing { return Standing{} }

// Heads returns the newest heads of the open epoch, the zero Head where there is none.
func (l *Ledger) Heads() (own, other transcript.Head) { return }

// Receipts returns the newest receipts of the open epoch: the other's for an own head, and the
// own for a head of the other's; the zero Receipt where there is none.
func (l *Ledger) Receipts() (forOwn, forOther transcript.Receipt) { return }

// ReceiptFor returns the receipt for the smallest head that covers an entry: when the receiver
// held it, by the receiver's clock. It is fault.NotFound where delivery is not shown.
func (l *Ledger) ReceiptFor(ctx context.Context, o transcript.Origin, seq int64) (transcript.Receipt, error) {
	return transcript.Receipt{}, nil
}

// Undelivered yields the own entries of an epoch that no receipt covers.
func (l *Ledger) Undelivered(ctx context.Context, epoch int64) iter.Seq2[Record, error] { return nil }
