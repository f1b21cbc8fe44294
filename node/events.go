package node

import (
	"context"
	"iter"
	"sync"

	"parley/node/view"
)

// feedKept is how many events a reader may at least fall behind before he misses some.
const feedKept = 4096

// feed hands events to any number of readers. It never waits for one.
type feed struct {
	mu     sync.Mutex
	first  int64 // seq of kept[0]
	kept   []view.Event
	next   int64
	closed bool
	wake   chan struct{}
}

func newFeed() *feed { return &feed{first: 1, next: 1, wake: make(chan struct{})} }

func (f *feed) put(e view.Event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return
	}
	e.Seq = f.next
	f.next++
	f.kept = append(f.kept, e)
	if len(f.kept) == 2*feedKept {
		f.kept = append(f.kept[:0:0], f.kept[feedKept:]...)
		f.first += feedKept
	}
	close(f.wake)
	f.wake = make(chan struct{})
}

func (f *feed) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.closed {
		f.closed = true
		close(f.wake)
	}
}

// after returns the events after seq, a channel that closes when there are more, and whether the
// feed is over.
func (f *feed) after(seq int64) ([]view.Event, <-chan struct{}, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	from := max(seq+1-f.first, 0)
	if from >= int64(len(f.kept)) {
		return nil, f.wake, f.closed
	}
	return append([]view.Event(nil), f.kept[from:]...), f.wake, f.closed
}

// LastEvent returns the number of the newest event: what happens next comes after it.
func (n *Node) LastEvent() int64 {
	n.feed.mu.Lock()
	defer n.feed.mu.Unlock()
	return n.feed.next - 1
}

// Events yields what happens at this node after the event numbered seq, until ctx or the node
// ends. A reader who falls too far behind misses the oldest, which the numbers show.
func (n *Node) Events(ctx context.Context, seq int64) iter.Seq[view.Event] {
	return func(yield func(view.Event) bool) {
		for {
			events, wake, over := n.feed.after(seq)
			for _, e := range events {
				seq = e.Seq
				if !yield(e) {
					return
				}
			}
			if len(events) > 0 {
				continue
			}
			if over {
				return
			}
			select {
			case <-ctx.Done():
				return
			case <-wake:
			}
		}
	}
}
