package line

import (
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"parley/internal/clock"
	"parley/transcript"
)

// errSilent says that nothing came for too long; errYield that the other end dials instead.
var (
	errSilent = errors.New("nothing came for too long")
	errYield  = errors.New("the peer dials")
)

// link is one connection that this end dialed.
type link struct {
	raw  net.Conn
	tls  *tls.Conn
	http *http.ClientConn
	own  string // the own key that was to be used when it was made
}

// close ends the connection at once. The raw one goes first: a farewell could wait for a dead peer.
func (k *link) close() {
	_ = k.raw.Close()
	if k.http != nil {
		_ = k.http.Close()
	}
	_ = k.tls.Close()
}

func (k *link) peerKey() (ed25519.PublicKey, bool) {
	cs := k.tls.ConnectionState()
	return peerKey(&cs)
}

// pinned reports whether a key is one of the peer's that count now.
func (l *Line) pinned(key ed25519.PublicKey) bool { return contains(l.cfg.PeerKeys(), key) }

// idle is how long a connection may be without a byte: a poll is answered every heartbeat.
func (t Terms) idle() time.Duration { return 2 * t.Heartbeat }

// keep owns one of the two connections that this end dials: it makes it whenever it is this end's
// turn, holds the conversation on it, and makes it again.
func (l *Line) keep(ctx context.Context, ch channel) {
	failures := 0
	for l.awaitTurn(ctx) {
		k, err := l.connect(ctx, failures)
		if err != nil {
			continue // ctx or the turn is over
		}
		talked, err := l.converse(ctx, k, ch)
		if talked {
			failures = 0
		}
		if ctx.Err() != nil || errors.Is(err, errYield) || errors.Is(err, errRekeyed) {
			continue
		}
		failures++
		l.failed(failureOf(err, FailBroken), err)
	}
}

// mayDial reports whether this end dials now, or after how long to ask again. Where both can, side
// a dials at once and b after a heartbeat without a word of a; who hears the other does not dial,
// but a, once it has dialed, stays: of two who dialed at the same moment b gives way.
func (l *Line) mayDial() (bool, time.Duration) {
	now := l.cfg.Clock.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	t := &l.track
	if l.served == 0 || l.cfg.Side == transcript.A && t.dialed > 0 {
		return true, 0
	}
	if t.inbound > 0 {
		return false, 0
	}
	quiet := l.cfg.Terms.Heartbeat
	heard := t.inboundEnd
	if heard.IsZero() {
		if l.cfg.Side == transcript.A {
			return true, 0
		}
		heard = l.started
	}
	if since := now.Sub(heard); since < quiet {
		return false, quiet - since
	}
	return true, 0
}

// awaitTurn waits until this end may dial. It reports false when ctx has ended.
func (l *Line) awaitTurn(ctx context.Context) bool {
	for {
		turn := l.turn.wait()
		ok, again := l.mayDial()
		if ok || ctx.Err() != nil {
			return ctx.Err() == nil
		}
		var timer <-chan time.Time
		stop := func() bool { return false }
		if again > 0 {
			timer, stop = l.cfg.Clock.Timer(again)
		}
		select {
		case <-turn:
		case <-timer:
		case <-ctx.Done():
		}
		stop()
	}
}

// whileTurn returns a context that ends with errYield when it is no longer this end's turn. The
// returned function ends it and waits for what watches it.
func (l *Line) whileTurn(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			turn := l.turn.wait()
			if ok, _ := l.mayDial(); !ok {
				cancel(errYield)
			}
			select {
			case <-turn:
			case <-ctx.Done():
			}
		}
	}()
	return ctx, func() { cancel(context.Canceled); <-done }
}

// connect makes a connection. Attempts start at growing, jittered intervals of at most redialMax
// and run side by side: one that hangs in a dead network does not hold up the next. Side by side
// they only knock, which costs next to nothing; TLS is done by one at a time, which has
// handshakeTimeout for it, so that on a slow link attempts cannot starve each other.
func (l *Line) connect(ctx context.Context, failures int) (*link, error) {
	ctx, end := l.whileTurn(ctx)
	defer end()
	won := make(chan *link)
	slots, door := make(chan struct{}, maxDials), make(chan struct{}, 1)
	var attempts sync.WaitGroup
	defer attempts.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if failures > 0 && !l.sleep(ctx, l.jitter(backoff(failures, redialMin, redialMax))) {
		return nil, context.Cause(ctx)
	}
	for n := 1; ; n++ {
		if len(slots) < maxDials && len(door) == 0 {
			slots <- struct{}{}
			attempts.Go(func() {
				defer func() { <-slots }()
				l.attempt(ctx, door, won)
			})
		}
		timer, stop := l.cfg.Clock.Timer(l.jitter(backoff(n+failures, redialMin, redialMax)))
		select {
		case k := <-won:
			stop()
			return k, nil
		case <-timer:
		case <-ctx.Done():
			stop()
			return nil, context.Cause(ctx)
		}
	}
}

// attempt dials once and hands the connection to who waits for it, or closes it.
func (l *Line) attempt(ctx context.Context, door chan struct{}, won chan<- *link) {
	k, failure, err := l.dial(ctx, door)
	if err != nil {
		if ctx.Err() == nil {
			l.failed(failureOf(err, failure), err)
		}
		return
	}
	select {
	case won <- k:
	case <-ctx.Done():
		k.close()
	}
}

// dial makes one connection up to HTTP/2, going through the door for TLS. On failure it says at
// which step.
func (l *Line) dial(ctx context.Context, door chan struct{}) (*link, Failure, error) {
	dialing, cancel := clock.WithTimeout(ctx, l.cfg.Clock, dialTimeout)
	raw, err := l.cfg.Dial(dialing, "tcp", l.cfg.PeerAddress)
	cancel()
	if err != nil {
		return nil, FailDial, err
	}
	k := &link{raw: raw}
	k.tls = tls.Client(guard(raw, l.cfg.Terms.idle()), tlsConfig(l.own, l.pinned))
	select {
	case door <- struct{}{}:
		defer func() { <-door }()
	case <-ctx.Done():
		k.close()
		return nil, NoFailure, ctx.Err()
	}
	if _, k.own, err = l.own.use(); err != nil {
		k.close()
		return nil, FailTLS, err
	}
	greeting, cancel := clock.WithTimeout(ctx, l.cfg.Clock, handshakeTimeout)
	defer cancel()
	if err = k.tls.HandshakeContext(greeting); err == nil {
		k.http, err = l.clientConn(greeting, k.tls)
	}
	if err != nil {
		k.close()
		return nil, FailTLS, err
	}
	return k, NoFailure, nil
}

// clientConn speaks HTTP/2 on a connection.
func (l *Line) clientConn(ctx context.Context, conn *tls.Conn) (*http.ClientConn, error) {
	var protocols http.Protocols
	protocols.SetHTTP2(true)
	t := &http.Transport{
		DialTLSContext:         func(context.Context, string, string) (net.Conn, error) { return conn, nil },
		Protocols:              &protocols,
		DisableCompression:     true,
		MaxResponseHeaderBytes: maxHeaderBytes,
		HTTP2: &http.HTTP2Config{
			MaxReceiveBufferPerConnection: connWindow,
			MaxReceiveBufferPerStream:     receiveWindow,
			MaxReadFrameSize:              64 << 10,
		},
	}
	return t.NewClientConn(ctx, "https", l.cfg.PeerAddress)
}

// failureOf classes an error of a connection; step is what it is when the error itself says nothing
// more precise.
func failureOf(err error, step Failure) Failure {
	var remote *net.OpError
	var timeout interface{ Timeout() bool }
	switch {
	case errors.Is(err, errWrongKey):
		return FailWrongKey
	case errors.As(err, &remote) && remote.Op == "remote error": // how crypto/tls says a peer's alert
		return FailRefusedKey
	case errors.Is(err, errCutShort):
		return step
	case errors.Is(err, errMalformed):
		return FailMalformed
	case errors.Is(err, errAnswer):
		return FailRefused
	case errors.Is(err, errSilent), errors.Is(err, os.ErrDeadlineExceeded),
		errors.As(err, &timeout) && timeout.Timeout():
		return FailSilent
	}
	return step
}
