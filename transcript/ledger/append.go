package ledger

import (
	"context"

	"parley/transcript"
)

type request struct{}

// Append seals drafts and returns their records when they are durable. Drafts of one call stand
// together, in order, under one head. Concurrent calls share a commit. An error whose code is
// Unavailable says that nothing was appended now; when ctx ends while the commit already runs,
// Append waits for it.
func (l *Ledger) Append(ctx context.Context, drafts ...transcript.Draft) ([]Record, error) {
	return nil, nil
}

// Heartbeat cosigns the own newest head again, with the time of now. One a minute is kept.
func (l *Ledger) Heartbeat(ctx context.Context) error { return nil }
