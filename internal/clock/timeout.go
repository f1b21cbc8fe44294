package clock

import (
	"context"
	"sync"
	"time"
)

// WithTimeout is context.WithTimeout on a given clock: context's own functions read the machine's.
// The function that it returns ends the context and waits until nothing of it runs.
func WithTimeout(parent context.Context, c Clock, d time.Duration) (context.Context, context.CancelFunc) {
	t := &timed{Context: parent, deadline: c.Now().Add(d), done: make(chan struct{})}
	tick, stop := c.Timer(d)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		defer stop()
		select {
		case <-tick:
			t.end(context.DeadlineExceeded)
		case <-parent.Done():
			t.end(parent.Err())
		case <-t.done:
		}
	}()
	return t, func() {
		t.end(context.Canceled)
		<-ended
	}
}

// timed is a context with an end of its own. Values are its parent's.
type timed struct {
	context.Context
	deadline time.Time
	done     chan struct{}

	mu  sync.Mutex
	err error // why it ended
}

func (t *timed) end(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.err == nil {
		t.err = err
		close(t.done)
	}
}

// Done returns a channel that closes when the time has passed or the parent has ended.
func (t *timed) Done() <-chan struct{} { return t.done }

// Err says why the context ended.
func (t *timed) Err() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.err
}

// Deadline returns the earlier of its own end, on its clock, and its parent's.
func (t *timed) Deadline() (time.Time, bool) {
	if end, ok := t.Context.Deadline(); ok && end.Before(t.deadline) {
		return end, true
	}
	return t.deadline, true
}
