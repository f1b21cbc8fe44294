package line

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"parley/fault"
	"parley/internal/clock"
)

// ServerConfig is what a Server is made of. Fields without a default are required.
type ServerConfig struct {
	Listener net.Listener           // plain; the server adds TLS. It is closed when Run returns
	Key      crypto.Signer          // the own TLS key, Ed25519, for all lines served here
	Keys     func() []crypto.Signer // as Config.Keys, of all lines
	Clock    clock.Clock            // nil: the machine's
	Log      *slog.Logger           // nil: none
}

// A Server accepts connections for the lines of one party: a peer's TLS key says on which lines it
// may speak, and the path of its request says which of these it means. Who holds no pinned key gets
// a TLS alert and nothing else.
type Server struct {
	cfg  ServerConfig
	tls  *tls.Config
	http *http.Server
	pipe *acceptedConns

	handshakes sync.WaitGroup

	mu    sync.Mutex // guards what follows
	lines map[string]*Line
	fresh []*servedConn            // without a pinned key yet, oldest first
	conns map[string][]*servedConn // by the peer's key, oldest first
	ran   bool
}

// servedConn is an accepted connection.
type servedConn struct {
	raw net.Conn
	tls *tls.Conn
	key string
}

// NewServer returns a server for lines. It starts nothing.
func NewServer(cfg ServerConfig, lines ...*Line) (*Server, error) {
	if cfg.Listener == nil {
		return nil, fault.New("listener", "", "is required", "")
	}
	own, err := newOwnKeys(cfg.Key, cfg.Keys)
	if err != nil {
		return nil, err
	}
	if cfg.Clock == nil {
		cfg.Clock = clock.System{}
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	s := &Server{
		cfg:   cfg,
		pipe:  newAcceptedConns(cfg.Listener.Addr()),
		lines: map[string]*Line{},
		conns: map[string][]*servedConn{},
	}
	s.tls = tlsConfig(own, s.pinned)
	s.http = s.httpServer()
	for _, l := range lines {
		if err := s.Add(l); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (s *Server) httpServer() *http.Server {
	var protocols http.Protocols
	protocols.SetHTTP2(true)
	return &http.Server{
		Handler:        http.HandlerFunc(s.handle),
		Protocols:      &protocols,
		MaxHeaderBytes: maxHeaderBytes,
		IdleTimeout:    2 * maxWait,
		ConnState:      s.pipe.state,
		ErrorLog:       slog.NewLogLogger(s.cfg.Log.Handler(), slog.LevelDebug),
		HTTP2: &http.HTTP2Config{
			MaxConcurrentStreams:          maxStreams,
			MaxReceiveBufferPerConnection: connWindow,
			MaxReceiveBufferPerStream:     receiveWindow,
			MaxReadFrameSize:              64 << 10,
			WriteByteTimeout:              stallLimit,
		},
	}
}

// Add serves a line; the server may be running.
func (s *Server) Add(l *Line) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lines[l.cfg.LineID] != nil {
		return fault.New("line", l.cfg.LineID, "is served already", "")
	}
	s.lines[l.cfg.LineID] = l
	l.servedBy(+1)
	return nil
}

// Remove no longer serves a line. Requests under way end with the line's own Run.
func (s *Server) Remove(lineID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if l := s.lines[lineID]; l != nil {
		delete(s.lines, lineID)
		l.servedBy(-1)
	}
}

func (l *Line) servedBy(by int) {
	l.mu.Lock()
	l.served += by
	l.mu.Unlock()
	l.turn.fire()
}

// pinned reports whether any line served here pins a key.
func (s *Server) pinned(key ed25519.PublicKey) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.lines {
		if l.pinned(key) {
			return true
		}
	}
	return false
}

// Run accepts connections until ctx ends, or until the listener fails, and returns after every
// goroutine of its own has ended. A server runs once.
func (s *Server) Run(ctx context.Context) error {
	s.mu.Lock()
	if s.ran {
		s.mu.Unlock()
		return fault.Newf(fault.Mismatch, "line.serve", "this server has run already")
	}
	s.ran = true
	s.mu.Unlock()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(context.Canceled)

	var own sync.WaitGroup
	own.Go(func() { cancel(s.accept(ctx)) })
	own.Go(func() {
		if err := s.http.Serve(s.pipe); err != nil && !errors.Is(err, net.ErrClosed) {
			cancel(fault.Wrap(fault.Internal, "line.serve", err))
		}
	})
	<-ctx.Done()
	err := s.cfg.Listener.Close()
	s.pipe.Close()
	s.closeConns()
	own.Wait()
	s.handshakes.Wait()
	s.closeConns()
	s.pipe.wait()
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

// accept hands each connection to a handshake of its own. Where too many hang, the oldest gives way.
func (s *Server) accept(ctx context.Context) error {
	delay := 5 * time.Millisecond
	for {
		raw, err := s.cfg.Listener.Accept()
		switch {
		case err == nil:
			delay = 5 * time.Millisecond
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case errors.Is(err, net.ErrClosed):
			return fault.Wrap(fault.Unavailable, "line.accept", err)
		default: // out of files, most likely: wait for some to be closed
			s.cfg.Log.Warn("accept", "err", err)
			timer, stop := s.cfg.Clock.Timer(delay)
			select {
			case <-timer:
			case <-ctx.Done():
			}
			stop()
			delay = min(2*delay, time.Second)
			continue
		}
		c := &servedConn{raw: raw}
		s.admit(c)
		s.handshakes.Go(func() { s.greet(ctx, c) })
	}
}

// admit makes room for a connection that has shown nothing yet.
func (s *Server) admit(c *servedConn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fresh = append(s.fresh, c)
	if len(s.fresh) > maxHandshakes {
		_ = s.fresh[0].raw.Close()
		s.fresh = s.fresh[1:]
	}
}

// greet does the TLS handshake and hands the connection to HTTP/2.
func (s *Server) greet(ctx context.Context, c *servedConn) {
	handshake, cancel := clock.WithTimeout(ctx, s.cfg.Clock, handshakeTimeout)
	defer cancel()
	c.tls = tls.Server(guard(c.raw, s.idle()), s.tls)
	err := c.tls.HandshakeContext(handshake)
	cs := c.tls.ConnectionState()
	key, ok := peerKey(&cs)
	if err != nil || !ok {
		s.cfg.Log.Debug("handshake", "from", c.raw.RemoteAddr(), "err", err)
		c.farewell()
		s.forget(c)
		_ = c.raw.Close()
		return
	}
	c.key = string(key)
	s.promote(c)
	if !s.pipe.put(ctx, c.tls, func() { s.forget(c); _ = c.raw.Close() }) {
		s.forget(c)
		_ = c.raw.Close()
	}
}

// farewell leaves a refused peer the time to read the alert: to close at once, with its first bytes
// unread, could take the alert from it, and it would not know why.
func (c *servedConn) farewell() {
	if c.raw.SetReadDeadline(clock.System{}.Now().Add(farewellTime)) == nil {
		_, _ = io.Copy(io.Discard, io.LimitReader(c.raw, readChunk))
	}
}

// promote counts a connection to its peer. Where a peer has too many, its oldest gives way: it is
// the one that most likely died without a word.
func (s *Server) promote(c *servedConn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fresh = without(s.fresh, c)
	list := append(s.conns[c.key], c)
	if len(list) > maxConnsPerPeer {
		_ = list[0].raw.Close()
		list = list[1:]
	}
	s.conns[c.key] = list
}

func (s *Server) forget(c *servedConn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fresh = without(s.fresh, c)
	if c.key == "" {
		return
	}
	if s.conns[c.key] = without(s.conns[c.key], c); len(s.conns[c.key]) == 0 {
		delete(s.conns, c.key)
	}
}

func without(list []*servedConn, c *servedConn) []*servedConn {
	for i, x := range list {
		if x == c {
			return append(list[:i:i], list[i+1:]...)
		}
	}
	return list
}

// idle is the longest idle time of the lines served.
func (s *Server) idle() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := minIdle
	for _, l := range s.lines {
		d = max(d, l.cfg.Terms.idle())
	}
	return d
}

func (s *Server) closeConns() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.fresh {
		_ = c.raw.Close()
	}
	for _, list := range s.conns {
		for _, c := range list {
			_ = c.raw.Close()
		}
	}
}

// handle finds the line that a request is for. A peer learns nothing of lines that are not its own.
func (s *Server) handle(w http.ResponseWriter, r *http.Request) {
	l, ch, ok := s.route(r)
	switch {
	case !ok:
		w.WriteHeader(http.StatusNotFound)
	case r.Method != http.MethodPost:
		w.WriteHeader(http.StatusMethodNotAllowed)
	case r.Header.Get("Content-Type") != contentType:
		w.WriteHeader(http.StatusUnsupportedMediaType)
	case r.ContentLength > MaxMessageBytes:
		w.WriteHeader(http.StatusRequestEntityTooLarge)
	default:
		l.serve(w, r, ch)
	}
}

func (s *Server) route(r *http.Request) (*Line, channel, bool) {
	key, ok := peerKey(r.TLS)
	if !ok {
		return nil, 0, false
	}
	rest, ok := strings.CutPrefix(r.URL.Path, "/parley/v1/line/")
	if !ok {
		return nil, 0, false
	}
	id, name, _ := strings.Cut(rest, "/")
	s.mu.Lock()
	l := s.lines[id]
	s.mu.Unlock()
	if l == nil || !l.pinned(key) {
		return nil, 0, false
	}
	for _, ch := range []channel{exchange, urgent} {
		if name == ch.String() {
			return l, ch, true
		}
	}
	return nil, 0, false
}
