package line

import (
	"context"
	"io"
	"net"
	"sync"
	"time"

	"parley/internal/clock"
)

// idleConn ends a connection on which nothing moves: each Read and each piece of a Write has its
// own deadline, so that a slow link has all the time it needs as long as bytes pass.
type idleConn struct {
	net.Conn
	idle time.Duration
}

// writePiece is what one write deadline covers.
const writePiece = 4 << 10

// deadline is by the machine's clock, as net.Conn has it.
func (c *idleConn) deadline() time.Time { return clock.System{}.Now().Add(c.idle) }

func (c *idleConn) Read(p []byte) (int, error) {
	if err := c.Conn.SetReadDeadline(c.deadline()); err != nil {
		return 0, err
	}
	return c.Conn.Read(p)
}

func (c *idleConn) Write(p []byte) (int, error) {
	done := 0
	for done < len(p) {
		if err := c.Conn.SetWriteDeadline(c.deadline()); err != nil {
			return done, err
		}
		n, err := c.Conn.Write(p[done:min(len(p), done+writePiece)])
		done += n
		if err != nil {
			return done, err
		}
	}
	return done, nil
}

// The deadlines are idleConn's own; TLS and HTTP/2 set theirs in vain.
func (c *idleConn) SetDeadline(time.Time) error      { return nil }
func (c *idleConn) SetReadDeadline(time.Time) error  { return nil }
func (c *idleConn) SetWriteDeadline(time.Time) error { return nil }

// guard wraps a fresh connection, and bounds what the kernel queues on it where it has a kernel.
func guard(c net.Conn, idle time.Duration) net.Conn {
	if b, ok := c.(interface{ SetWriteBuffer(int) error }); ok {
		// A larger queue than asked for costs delay, never correctness.
		_ = b.SetWriteBuffer(sendBufferBytes)
	}
	return &idleConn{Conn: c, idle: idle}
}

// watchdog cancels a context when it is not fed in time. Like a connection's deadlines it runs by
// the machine's clock.
type watchdog struct {
	mu      sync.Mutex
	stopped bool
	timer   *time.Timer
	cancel  context.CancelCauseFunc
}

// watch returns a context that ends with errSilent when limit passes without feed.
func watch(ctx context.Context, limit time.Duration) (context.Context, *watchdog) {
	ctx, cancel := context.WithCancelCause(ctx)
	w := &watchdog{cancel: cancel}
	w.timer = time.AfterFunc(limit, func() { cancel(errSilent) })
	return ctx, w
}

// feed gives the other end limit from now on.
func (w *watchdog) feed(limit time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.stopped {
		w.timer.Reset(limit)
	}
}

func (w *watchdog) stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stopped = true
	w.timer.Stop()
	w.cancel(context.Canceled)
}

// fedReader feeds a watchdog with the bytes that it reads.
type fedReader struct {
	io.Reader
	dog   *watchdog
	limit time.Duration
}

func (r fedReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if n > 0 {
		r.dog.feed(r.limit)
	}
	return n, err
}
