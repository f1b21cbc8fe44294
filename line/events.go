package line

import (
	"context"
	"sync"
)

// signal tells every waiter at once. Take the channel before reading what it is about.
type signal struct {
	mu sync.Mutex
	ch chan struct{}
}

func (s *signal) init() { s.ch = make(chan struct{}) }

func (s *signal) wait() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ch
}

func (s *signal) fire() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.ch)
	s.ch = make(chan struct{})
}

// eventQueue hands events to a reader who may be late, without holding up the line.
type eventQueue struct {
	out  chan Event
	wake chan struct{}

	mu    sync.Mutex
	queue []Event
}

func (q *eventQueue) init() {
	q.out = make(chan Event)
	q.wake = make(chan struct{}, 1)
}

func (q *eventQueue) add(e Event) {
	q.mu.Lock()
	if len(q.queue) == maxEvents {
		q.queue = q.queue[1:]
	}
	q.queue = append(q.queue, e)
	q.mu.Unlock()
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

func (q *eventQueue) take() (Event, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.queue) == 0 {
		return Event{}, false
	}
	e := q.queue[0]
	q.queue = q.queue[1:]
	return e, true
}

// pump is the one goroutine that sends on out.
func (q *eventQueue) pump(ctx context.Context) {
	defer close(q.out)
	for {
		e, ok := q.take()
		if !ok {
			select {
			case <-q.wake:
				continue
			case <-ctx.Done():
				return
			}
		}
		select {
		case q.out <- e:
		case <-ctx.Done():
			return
		}
	}
}
