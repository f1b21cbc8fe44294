package ledger

import (
	"context"
	"errors"

	"github.com/go-json-experiment/json"

	"parley/fault"
	"parley/store"
	"parley/transcript"
)

// TakenBack is a run of own entries that were signed with an own key, that this store did not hold, and that were
// taken back from the peer: it was put back from a backup, or somebody else signs with that key.
type TakenBack struct {
	Origin transcript.Origin
	First  int64 // index of the first of them
	Count  int64
	// Running says that the ledger was confirmed before, since it was opened: it is no backup that was just put back.
	Running bool
}

// storedTakenBack is the newest run as it is stored.
type storedTakenBack struct {
	Epoch   int64 `json:"epoch"`
	First   int64 `json:"first"`
	Count   int64 `json:"count"`
	Running bool  `json:"running,omitzero"`
}

// TakenBack returns the newest run of own entries that were taken back; false where there was none.
func (l *Ledger) TakenBack() (TakenBack, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	t := l.takenBack
	return TakenBack{l.origin(t.Epoch), t.First, t.Count, t.Running}, t.Count > 0
}

func (l *Ledger) loadTakenBack(ctx context.Context, v store.View) error {
	it, err := v.Get(ctx, l.keys.takenBack())
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fault.Wrap(fault.Unavailable, "ledger.open", err)
	}
	if err := json.Unmarshal(it.Value, &l.takenBack); err != nil {
		return fault.Newf(fault.Corrupt, "ledger.open", "what was taken back cannot be read")
	}
	return nil
}

// takesBack adds the own entries of an extension to the run that it goes on with, or begins another.
func (j *judge) takesBack(e *extension, next *half) (storedTakenBack, store.Put, error) {
	j.l.mu.Lock()
	t, running := j.l.takenBack, j.l.doubted
	j.l.mu.Unlock()
	if t.Epoch != next.origin.Epoch || t.First+t.Count != e.base {
		t = storedTakenBack{Epoch: next.origin.Epoch, First: e.base}
	}
	t.Count += int64(len(e.entries))
	t.Running = t.Running || running
	raw, err := json.Marshal(t)
	return t, store.Put{Key: j.l.keys.takenBack(), Value: raw}, fault.Wrap(fault.Internal, "ledger.takeback", err)
}
