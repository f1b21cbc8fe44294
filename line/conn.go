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

// watchdog ends a context when it is not fed in time.
type watchdog struct {
	clock  clock.Clock
	cancel context.CancelCauseFunc
	sooner chan struct{} // the end has come nearer than run waits for
	ended  chan struct{}

	mu    sync.Mutex
	until time.Time
	waits time.Time // what run waits for
}

// watch returns a context that ends with errSilent when limit passes without feed. The caller stops
// the watchdog.
func watch(ctx context.Context, c clock.Clock, limit time.Duration) (context.Context, *watchdog) {
	ctx, cancel := context.WithCancelCause(ctx)
	w := &watchdog{clock: c, cancel: cancel, sooner: make(chan struct{}, 1), ended: make(chan struct{})}
	w.feed(limit)
	go w.run(ctx)
	return ctx, w
}

func (w *watchdog) run(ctx context.Context) {
	defer close(w.ended)
	for {
		w.mu.Lock()
		w.waits = w.until
		left := w.waits.Sub(w.clock.Now())
		w.mu.Unlock()
		if left <= 0 {
			w.cancel(errSilent)
			return
		}
		timer, stop := w.clock.Timer(left)
		select {
		case <-timer:
		case <-w.sooner:
		case <-ctx.Done():
			stop()
			return
		}
		stop()
	}
}

// feed gives the other end limit from now on.
func (w *watchdog) feed(limit time.Duration) {
	w.mu.Lock()
	w.until = w.clock.Now().Add(limit)
	sooner := w.until.Before(w.waits)
	w.mu.Unlock()
	if sooner {
		select {
		case w.sooner <- struct{}{}:
		default:
		}
	}
}

func (w *watchdog) stop() {
	w.cancel(context.Canceled)
	<-w.ended
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
