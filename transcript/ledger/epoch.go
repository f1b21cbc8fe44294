package ledger

import (
	"context"

	"parley/transcript"
)

// KindEpoch is the kind of the first entry of a transcript in every epoch but the first. Its body
// names the heads at which both transcripts of the epoch before stood.
const KindEpoch = "epoch"

// CloseEpoch closes the open epoch: nothing more is appended to or taken into it.
func (l *Ledger) CloseEpoch(ctx context.Context, reason string) error { return nil }

// NextEpoch opens the epoch after a closed one and appends the entry that names the old heads,
// with drafts after it. Where the peer opened it already, only the drafts are appended.
func (l *Ledger) NextEpoch(ctx context.Context, drafts ...transcript.Draft) ([]Record, error) {
	return nil, nil
}

// Epoch returns the open epoch, and why it is closed, "" while it is open.
func (l *Ledger) Epoch() (epoch int64, closed string) { return 0, "" }
