package line

import (
	"context"
	"net"
	"net/http"
	"sync"
)

// acceptedConns is the listener that the HTTP server sees: it yields connections whose handshake is
// done, and waits until the HTTP server has let go of each.
type acceptedConns struct {
	addr   net.Addr
	next   chan net.Conn
	closed chan struct{}
	once   sync.Once
	left   sync.WaitGroup

	mu    sync.Mutex
	done  map[net.Conn]func() // what to do when the HTTP server has let go
	ended bool
}

func newAcceptedConns(addr net.Addr) *acceptedConns {
	return &acceptedConns{
		addr:   addr,
		next:   make(chan net.Conn),
		closed: make(chan struct{}),
		done:   map[net.Conn]func(){},
	}
}

// put hands a connection over; done is called when it has ended. It reports false when nobody
// takes it any more.
func (a *acceptedConns) put(ctx context.Context, c net.Conn, done func()) bool {
	a.mu.Lock()
	if a.ended {
		a.mu.Unlock()
		return false
	}
	a.done[c] = done
	a.left.Add(1)
	a.mu.Unlock()
	select {
	case a.next <- c:
		return true
	case <-ctx.Done():
	case <-a.closed:
	}
	a.drop(c)
	return false
}

func (a *acceptedConns) Accept() (net.Conn, error) {
	select {
	case c := <-a.next:
		return c, nil
	case <-a.closed:
		return nil, net.ErrClosed
	}
}

func (a *acceptedConns) Close() error {
	a.once.Do(func() {
		a.mu.Lock()
		a.ended = true
		a.mu.Unlock()
		close(a.closed)
	})
	return nil
}

func (a *acceptedConns) Addr() net.Addr { return a.addr }

// state is the HTTP server's hook.
func (a *acceptedConns) state(c net.Conn, s http.ConnState) {
	if s == http.StateClosed {
		if done := a.drop(c); done != nil {
			done()
		}
	}
}

func (a *acceptedConns) drop(c net.Conn) func() {
	a.mu.Lock()
	defer a.mu.Unlock()
	done, ok := a.done[c]
	if ok {
		delete(a.done, c)
		a.left.Done()
	}
	return done
}

func (a *acceptedConns) wait() { a.left.Wait() }
