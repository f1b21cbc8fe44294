package line

import (
	"bytes"
	"context"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"
)

// network is an in-memory network in virtual time: each direction of it is one link that all
// connections share, with a delay and a bandwidth; it can be cut, reset and truncated.
type network struct {
	mu        sync.Mutex
	delay     time.Duration
	bandwidth int // bytes a second in each direction, 0: unbounded
	links     map[string]*road
	listeners map[string]*memListener
	conns     []*memConn
	cut       bool // nothing passes; what is open now stays dead for ever
	dials     map[string]int
}

func newNetwork() *network {
	n := &network{links: map[string]*road{}, listeners: map[string]*memListener{}, dials: map[string]int{}}
	return n
}

// shape sets the delay and the bandwidth of both directions.
func (n *network) shape(delay time.Duration, bandwidth int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.delay, n.bandwidth = delay, bandwidth
}

// dialed is how often a node dialed.
func (n *network) dialed(from string) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.dials[from]
}

// setCut cuts or heals the network. Connections that were open at a cut never carry a byte again,
// and neither end is told.
func (n *network) setCut(cut bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.cut = cut
	if cut {
		for _, c := range n.conns {
			c.out.dead = true
		}
		n.conns = nil
	}
}

// reset ends every open connection with an error at both ends.
func (n *network) reset() {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, c := range n.conns {
		c.out.reset()
	}
	n.conns = nil
}

// truncate ends every open connection after so many more bytes from its dialer.
func (n *network) truncate(after int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, c := range n.conns {
		c.out.left = after
	}
}

type memAddr string

func (a memAddr) Network() string { return "mem" }
func (a memAddr) String() string  { return string(a) }

type memListener struct {
	net    *network
	addr   string
	accept chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (n *network) listen(addr string) *memListener {
	n.mu.Lock()
	defer n.mu.Unlock()
	l := &memListener{net: n, addr: addr, accept: make(chan net.Conn), closed: make(chan struct{})}
	n.listeners[addr] = l
	return l
}

func (l *memListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.accept:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *memListener) Close() error {
	l.once.Do(func() {
		close(l.closed)
		l.net.mu.Lock()
		defer l.net.mu.Unlock()
		if l.net.listeners[l.addr] == l {
			delete(l.net.listeners, l.addr)
		}
	})
	return nil
}

func (l *memListener) Addr() net.Addr { return memAddr(l.addr) }

// dialer returns a DialFunc for the node named from.
func (n *network) dialer(from string) DialFunc {
	return func(ctx context.Context, _, addr string) (net.Conn, error) {
		n.mu.Lock()
		n.dials[from]++
		cut, l, delay := n.cut, n.listeners[addr], n.delay
		n.mu.Unlock()
		if cut { // what was sent into a dead network is not sent again
			<-ctx.Done()
			return nil, ctx.Err()
		}
		if err := rest(ctx, 2*delay); err != nil {
			return nil, err
		}
		if l == nil {
			return nil, syscall.ECONNREFUSED
		}
		a, b := n.pair(from, addr)
		select {
		case l.accept <- b:
			return a, nil
		case <-l.closed:
			return nil, syscall.ECONNREFUSED
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func rest(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (n *network) pair(from, to string) (*memConn, *memConn) {
	n.mu.Lock()
	defer n.mu.Unlock()
	there := strings.TrimSuffix(to, ":1")
	out, back := n.newPipe(from+">"+there), n.newPipe(there+">"+from)
	a := &memConn{local: memAddr(from), remote: memAddr(to), in: back, out: out}
	b := &memConn{local: memAddr(to), remote: memAddr(from), in: out, out: back}
	n.conns = append(n.conns, a, b)
	return a, b
}

// pipeSegment is what a link carries at a time.
const pipeSegment = 1400

// segment is a piece on its way; one with err is the last.
type segment struct {
	data []byte
	err  error
	at   time.Time
}

// road is one direction between two nodes: the pipes on it take turns. What is written is taken at
// once, however slow the link is, because net/http holds a lock while it writes, and virtual time
// stands still while a goroutine waits for a lock. HTTP/2's own windows bound what is under way.
type road struct {
	busy    bool
	waiting []*pipe
}

// pipe is one direction of a connection; the network's mu guards it.
type pipe struct {
	net   *network
	road  *road
	moved signal

	sending []segment // not on the link yet
	queue   []segment // there, or on the way
	err     error     // the writer's
	dead    bool
	left    int // bytes until it ends; -1: no limit
}

func (n *network) newPipe(name string) *pipe {
	if n.links[name] == nil {
		n.links[name] = &road{}
	}
	p := &pipe{net: n, road: n.links[name], left: -1}
	p.moved.init()
	return p
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

func (p *pipe) arrive(s segment) {
	s.at = time.Now().Add(p.net.delay)
	p.queue = append(p.queue, s)
	p.moved.fire()
}

// work lets the link carry the next segment of the pipe whose turn it is. The caller holds mu.
func (n *network) work(l *road) {
	for !l.busy && len(l.waiting) > 0 {
		p := l.waiting[0]
		l.waiting = l.waiting[1:]
		if len(p.sending) == 0 || p.dead {
			continue
		}
		s := p.sending[0]
		p.sending = p.sending[1:]
		var took time.Duration
		if n.bandwidth > 0 {
			took = time.Duration(len(s.data)) * time.Second / time.Duration(n.bandwidth)
		}
		l.busy = true
		time.AfterFunc(took, func() {
			n.mu.Lock()
			defer n.mu.Unlock()
			l.busy = false
			if !p.dead {
				p.arrive(s)
			}
			if len(p.sending) > 0 {
				l.waiting = append(l.waiting, p)
			}
			n.work(l)
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
		k := min(len(b)-done, pipeSegment)
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

// memConn is one end of a connection.
type memConn struct {
	local, remote net.Addr
	in, out       *pipe

	mu     sync.Mutex
	until  time.Time // of reading; writing never waits
	closed bool
}

func (c *memConn) LocalAddr() net.Addr                { return c.local }
func (c *memConn) RemoteAddr() net.Addr               { return c.remote }
func (c *memConn) SetDeadline(t time.Time) error      { return c.SetReadDeadline(t) }
func (c *memConn) SetWriteDeadline(t time.Time) error { return nil }

func (c *memConn) SetReadDeadline(t time.Time) error {
	c.mu.Lock()
	c.until = t
	c.mu.Unlock()
	c.in.moved.fire()
	return nil
}

func (c *memConn) Close() error {
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
func (c *memConn) hold(moved <-chan struct{}, at time.Time) error {
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

func (c *memConn) Read(b []byte) (int, error) {
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

func (c *memConn) Write(b []byte) (int, error) {
	c.mu.Lock()
	closed := c.closed
	c.mu.Unlock()
	if closed {
		return 0, net.ErrClosed
	}
	return c.out.write(b)
}
