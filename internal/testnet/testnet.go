// Package testnet is an in-memory network for tests of nodes under virtual time.
//
// Each direction between two nodes is one road that all their connections share, with a delay and
// a bandwidth. The network can be cut, reset, truncated and frozen. A node listens at an address
// "name:1" and dials under its name. Use it inside Run: its delays are those of testing/synctest.
package testnet

import (
	"context"
	"net"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// Run runs f in a bubble of virtual time, which fails the test where a goroutine is left behind.
func Run(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	// net/http keeps channels in pools, and those of one bubble must not meet the next.
	runtime.GC()
	runtime.GC()
	synctest.Test(t, f)
}

// Network is a network. Its methods may be called by several goroutines at once.
type Network struct {
	mu        sync.Mutex
	delay     time.Duration
	bandwidth int
	lag       func() time.Duration
	roads     map[string]*road
	listeners map[string]*listener
	conns     []*conn
	cut       bool
	dials     map[string]int
}

// New returns a network without delay and with unbounded bandwidth.
func New() *Network {
	return &Network{roads: map[string]*road{}, listeners: map[string]*listener{}, dials: map[string]int{}}
}

// Shape sets the delay and the bandwidth in bytes a second of both directions; 0 is unbounded.
func (n *Network) Shape(delay time.Duration, bandwidth int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.delay, n.bandwidth = delay, bandwidth
}

// Lag gives each new connection a delay of its own beside the network's, so that what is sent on
// one may overtake what was sent on another. f is called with the network locked.
func (n *Network) Lag(f func() time.Duration) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.lag = f
}

// Dialed is how often a node dialed.
func (n *Network) Dialed(from string) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.dials[from]
}

// SetCut cuts or heals the network. Connections that were open at a cut never carry a byte again,
// and neither end is told.
func (n *Network) SetCut(cut bool) {
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

// Reset ends every open connection with an error at both ends.
func (n *Network) Reset() {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, c := range n.conns {
		c.out.reset()
	}
	n.conns = nil
}

// Truncate ends every open connection after so many more bytes in each direction; -1 takes that
// back.
func (n *Network) Truncate(after int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, c := range n.conns {
		c.out.left = after
	}
}

// Freeze runs f while nothing is sent or received: what f sees of the nodes is one moment of them
// all. f must not use the network.
func (n *Network) Freeze(f func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	f()
}

type addr string

func (a addr) Network() string { return "mem" }
func (a addr) String() string  { return string(a) }

type listener struct {
	net    *Network
	addr   string
	accept chan net.Conn
	closed chan struct{}
	once   sync.Once
}

// Listen listens at an address.
func (n *Network) Listen(at string) net.Listener {
	n.mu.Lock()
	defer n.mu.Unlock()
	l := &listener{net: n, addr: at, accept: make(chan net.Conn), closed: make(chan struct{})}
	n.listeners[at] = l
	return l
}

func (l *listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.accept:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *listener) Close() error {
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

func (l *listener) Addr() net.Addr { return addr(l.addr) }

// Dialer returns how the node of a name dials.
func (n *Network) Dialer(from string) func(ctx context.Context, network, to string) (net.Conn, error) {
	return func(ctx context.Context, _, to string) (net.Conn, error) {
		n.mu.Lock()
		n.dials[from]++
		cut, l, delay := n.cut, n.listeners[to], n.delay
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
		a, b := n.pair(from, to)
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

func (n *Network) pair(from, to string) (*conn, *conn) {
	n.mu.Lock()
	defer n.mu.Unlock()
	there := strings.TrimSuffix(to, ":1")
	var lag time.Duration
	if n.lag != nil {
		lag = n.lag()
	}
	out, back := n.newPipe(from+">"+there, lag), n.newPipe(there+">"+from, lag)
	a := &conn{local: addr(from), remote: addr(to), in: back, out: out}
	b := &conn{local: addr(to), remote: addr(from), in: out, out: back}
	n.conns = append(n.conns, a, b)
	return a, b
}
