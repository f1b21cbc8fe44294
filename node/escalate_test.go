package node

import (
	"testing"
	"time"

	"parley/agreement"
)

func TestEscalate(t *testing.T) {
	from := time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)
	at := func(minutes float64) time.Time { return from.Add(time.Duration(minutes * float64(time.Minute))) }
	usual := agreement.Escalation{SecondChannel: 1, Supervisor: 2, Observers: 3}
	for _, c := range []struct {
		terms   agreement.Escalation
		now     time.Time
		to      string
		goesOn  time.Time
		because string
	}{
		{usual, at(-5), "", at(2), "before it began"},
		{usual, at(2).Add(-1), "", at(2), "a moment before it is due"},
		{usual, at(2), toSecondChannel, at(4), "when it is due"},
		{usual, at(4), toSupervisor, at(6), "twice its time"},
		{usual, at(6), toObservers, time.Time{}, "three times its time"},
		{usual, at(600), toObservers, time.Time{}, "long after"},
		{agreement.Escalation{SecondChannel: 1, Supervisor: 1, Observers: 1}, at(2), toObservers, time.Time{}, "all at once"},
		{agreement.Escalation{SecondChannel: 2, Supervisor: 5, Observers: 5}, at(3), "", at(4), "the terms wait twice the time"},
	} {
		got := escalate(c.terms, from, 2*time.Minute, c.now)
		if got.To != c.to || !got.Next.Equal(c.goesOn) {
			t.Errorf("%s: %q, goes on %s", c.because, got.To, got.Next)
		}
	}
}
