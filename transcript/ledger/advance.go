package ledger

import "context"

// Advances returns advance copies of the own entries of the open epoch that cannot wait
// (Config.Urgent) and have no receipt yet, oldest first.
func (l *Ledger) Advances(ctx context.Context) ([]Advance, error) { return nil, nil }

// MakeAdvance returns the advance copy of one own entry of the open epoch.
func (l *Ledger) MakeAdvance(ctx context.Context, index int64) (Advance, error) {
	return Advance{}, nil
}

// ReceiveAdvance judges a peer's advance copy and makes it durable; readers see it at once, in
// Ahead. It signs nothing: the entry is receipted in its turn.
func (l *Ledger) ReceiveAdvance(ctx context.Context, a Advance) (Outcome, error) {
	return Outcome{}, nil
}

// Ahead returns the advance copies whose turn has not come, by epoch and index.
func (l *Ledger) Ahead(ctx context.Context) ([]Record, error) { return nil, nil }
