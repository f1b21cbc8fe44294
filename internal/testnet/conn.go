package testnet

import (
	"bytes"
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"time"
)

// segmentBytes is what a road carries at a time.
const segmentBytes = 1400

// segment is a piece on its way; one with err is the last.
type segment struct {
	data []byte
	err  error
	at   time.Time
}

// road is one direction between two nodes: the pipes on it take turns. What is written is taken at
// once, however slow the road is, because net/http holds a lock while it writes, and virtual time
// stands still while a goroutine waits for a lock. HTTP/2's own windows bound what is under way.
type road struct {
	busy    bool
	waiting []*pipe
}

// pipe is one direction of a connection; the network's mu guards it.
type pipe struct {
	net   *Network
	road  *road
	lag   time.Duration
	moved signal

	sending []segment // not on the road yet
	queue   []segment // there, or on the way
	err     error     // the writer's
	dead    bool
	left    int // bytes until it ends; -1: no limit
}

func (n *Network) newPipe(name string, lag time.Duration) *pipe {
	if n.roads[name] == nil {
		n.roads[name] = &road{}
	}
	return &pipe{net: n, road: n.roads[name], lag: lag, left: -1, moved: signal{ch: make(chan struct{})}}
}

// reset ends a pipe at once; what is under way is lost.
func (p *pipe) reset() {
	p.err = syscall.ECONNRESET
	p.sending, p.queue = nil, []segment{{err: syscall.ECONNRESET}}
	p.moved.fire()
}

// send puts a segment on its way. The caller holds mu.
func (p *pipe) send(s segment) {
	if p.dead {
		return
	}
	if p.net.bandwidth == 0 && len(p.sending) == 0 {
		p.arrive(s)
		return
	}
	if p.sending = append(p.sending, s); len(p.sending) == 1 {
		p.road.waiting = append(p.road.waiting, p)
	}
	p.net.work(p.road)
}

// arrive lets a segment travel. One never overtakes another of its pipe.
func (p *pipe) arrive(s segment) {
	s.at = time.Now().Add(p.net.delay + p.lag)
	if k := len(p.queue); k > 0 && p.queue[k-1].at.After(s.at) {
		s.at = p.queue[k-1].at
	}
	p.queue = append(p.queue, s)
	p.moved.fire()
}

// work lets the road carry the next segment of the pipe whose turn it is. The caller holds mu.
func (n *Network) work(r *road) {
	for !r.busy && len(r.waiting) > 0 {
		p := r.waiting[0]
		r.waiting = r.waiting[1:]
		if len(p.sending) == 0 || p.dead {
			continue
		}
		s := p.sending[0]
		p.sending = p.sending[1:]
		var took time.Duration
		if n.bandwidth > 0 {
			took = time.Duration(len(s.data)) * time.Second / time.Duration(n.bandwidth)
		}
		r.busy = true
		time.AfterFunc(took, func() {
			n.mu.Lock()
			defer n.mu.Unlock()
			r.busy = false
			if !p.dead {
				p.arrive(s)
			}
			if len(p.sending) > 0 {
				r.waiting = append(r.waiting, p)
			}
			n.work(r)
		})
	}
}

func (p *pipe) write(b []byte) (int, error) {
	p.net.mu.Lock()
	defer p.net.mu.Unlock()
	done := 0
	for done < len(b) {
		if p.err != nil {
			return done, p.err
		}
		k := min(len(b)-done, segmentBytes)
		if p.left >= 0 && k >= p.left {
			p.send(segment{err: syscall.ECONNRESET})
			p.err = syscall.ECONNRESET
			return done, p.err
		}
		if p.left >= 0 {
			p.left -= k
		}
		p.send(segment{data: bytes.Clone(b[done : done+k])})
		done += k
	}
	return done, nil
}

// take reads what is there; at is when more will be.
func (p *pipe) take(b []byte) (n int, at time.Time, err error) {
	p.net.mu.Lock()
	defer p.net.mu.Unlock()
	now := time.Now()
	for len(p.queue) > 0 && n < len(b) && !p.dead {
		s := &p.queue[0]
		switch {
		case s.at.After(now):
			return n, s.at, nil
		case s.err != nil && n > 0:
			return n, at, nil
		case s.err != nil:
			return 0, at, s.err
		}
		k := copy(b[n:], s.data)
		n += k
		if s.data = s.data[k:]; len(s.data) == 0 {
			p.queue = p.queue[1:]
		}
	}
	return n, at, nil
}

// conn is one end of a connection.
type conn struct {
	local, remote net.Addr
	in, out       *pipe

	mu     sync.Mutex
	until  time.Time // of reading; writing never waits
	closed bool
}

func (c *conn) LocalAddr() net.Addr                { return c.local }
func (c *conn) RemoteAddr() net.Addr               { return c.remote }
func (c *conn) SetDeadline(t time.Time) error      { return c.SetReadDeadline(t) }
func (c *conn) SetWriteDeadline(t time.Time) error { return nil }

func (c *conn) SetReadDeadline(t time.Time) error {
	c.mu.Lock()
	c.until = t
	c.mu.Unlock()
	c.in.moved.fire()
	return nil
}

func (c *conn) Close() error {
	c.mu.Lock()
	closed := c.closed
	c.closed = true
	c.mu.Unlock()
	if !closed {
		n := c.in.net
		n.mu.Lock()
		if c.out.err == nil {
			c.out.err = net.ErrClosed
			c.out.send(segment{err: io.EOF})
		}
		if c.in.err == nil {
			c.in.err = syscall.EPIPE
		}
		n.mu.Unlock()
		c.in.moved.fire()
	}
	return nil
}

// hold waits until something moved, for at or for the deadline.
func (c *conn) hold(moved <-chan struct{}, at time.Time) error {
	c.mu.Lock()
	closed, next := c.closed, c.until
	c.mu.Unlock()
	now := time.Now()
	switch {
	case closed:
		return net.ErrClosed
	case !next.IsZero() && !now.Before(next):
		return os.ErrDeadlineExceeded
	}
	if !at.IsZero() && (next.IsZero() || at.Before(next)) {
		next = at
	}
	if next.IsZero() {
		<-moved
		return nil
	}
	t := time.NewTimer(next.Sub(now))
	defer t.Stop()
	select {
	case <-moved:
	case <-t.C:
	}
	return nil
}

func (c *conn) Read(b []byte) (int, error) {
	for {
		moved := c.in.moved.wait()
		n, at, err := c.in.take(b)
		if n > 0 || err != nil {
			return n, err
		}
		if err := c.hold(moved, at); err != nil {
			return 0, err
		}
	}
}

func (c *conn) Write(b []byte) (int, error) {
	c.mu.Lock()
	closed := c.closed
	c.mu.Unlock()
	if closed {
		return 0, net.ErrClosed
	}
	return c.out.write(b)
}

// signal tells any number of waiters that something moved.
type signal struct {
	mu sync.Mutex
	ch chan struct{}
}

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
