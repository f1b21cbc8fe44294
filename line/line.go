package line

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"encoding/binary"
	"encoding/hex"
	"io"
	"log/slog"
	"net"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"parley/fault"
	"parley/internal/clock"
	"parley/transcript"
	"parley/transcript/ledger"
)

// Terms are the times that an agreement sets for a line. Zero means the default.
type Terms struct {
	Heartbeat      time.Duration // 10 s: the longest silence that a healthy line keeps
	LaggingAfter   time.Duration // 30 s
	DownAfter      time.Duration // 60 s
	ClockOffsetMax time.Duration // 5 s: a larger offset is an alarm
}

// Suspension is a suspension of the line that one of the parties declared.
type Suspension struct {
	Declared bool
	// UpTo is how much of the own transcript still goes out: up to and with the entry that
	// declares the suspension, and what was committed with it under one head. Later entries wait;
	// hold and distress pass, and the entry that opens an epoch.
	UpTo ledger.Have
}

// DialFunc opens a connection to the peer, as net.Dialer.DialContext does.
type DialFunc func(ctx context.Context, network, address string) (net.Conn, error)

// Config is what a line is made of. Fields without a default are required.
type Config struct {
	LineID string          // 64 hexadecimal digits, lower case
	Side   transcript.Side // the own side
	Ledger Ledger

	Key         crypto.Signer              // the own TLS key, Ed25519
	Keys        func() []crypto.Signer     // those that may be shown now, the one to use first; nil: Key alone
	PeerKeys    func() []ed25519.PublicKey // the peer's TLS keys that count now; asked at every message
	PeerAddress string                     // host:port, "" where the peer cannot be dialed
	Dial        DialFunc                   // required with PeerAddress
	Terms       Terms
	Suspended   func() Suspension // nil: never
	Clock       clock.Clock       // nil: the machine's
	Rand        io.Reader         // jitters retries; TLS itself takes its randomness from crypto/rand
	Log         *slog.Logger      // nil: none
}

// A Line is one party's end of the link between two nodes. Its methods may be called by several
// goroutines at once.
type Line struct {
	cfg Config
	log *slog.Logger
	own *ownKeys

	news  signal // what could be sent, or what the peer is known to hold, changed
	turn  signal // who dials may have changed
	poke  chan struct{}
	rates *rate.Limiter // own lock; of inbound exchange messages
	busy  [2]chan struct{}
	polls [2]chan struct{}

	randMu sync.Mutex // guards cfg.Rand

	mu       sync.Mutex // guards what follows
	ctx      context.Context
	handlers sync.WaitGroup // inbound requests under way
	served   int            // servers that accept for this line
	started  time.Time
	track    tracker
	events   eventQueue
}

// New checks a config and returns a line. It starts nothing.
func New(cfg Config) (*Line, error) {
	if err := check(cfg); err != nil {
		return nil, err
	}
	own, err := newOwnKeys(cfg.Key, cfg.Keys)
	if err != nil {
		return nil, err
	}
	cfg.Terms = cfg.Terms.withDefaults()
	if cfg.Clock == nil {
		cfg.Clock = clock.System{}
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Suspended == nil {
		cfg.Suspended = func() Suspension { return Suspension{} }
	}
	l := &Line{
		cfg:   cfg,
		log:   cfg.Log.With("line", cfg.LineID[:8]),
		own:   own,
		poke:  make(chan struct{}, 1),
		rates: rate.NewLimiter(messagesPerSecond, messageBurst),
	}
	l.busy = [2]chan struct{}{make(chan struct{}, maxExchangesAtOnce), make(chan struct{}, maxUrgentAtOnce)}
	l.polls = [2]chan struct{}{make(chan struct{}, maxPollsAtOnce), make(chan struct{}, maxPollsAtOnce)}
	l.news.init()
	l.turn.init()
	l.events.init()
	l.track.init()
	return l, nil
}

func check(c Config) error {
	id, err := hex.DecodeString(c.LineID)
	switch {
	case err != nil || len(id) != 32 || hex.EncodeToString(id) != c.LineID:
		return fault.New("line", c.LineID, "must be 64 lower-case hexadecimal digits", "give the id of the line's first agreement")
	case c.Side != transcript.A && c.Side != transcript.B:
		return fault.New("side", string(c.Side), "must be a or b", "")
	case c.Ledger == nil:
		return fault.New("ledger", "", "is required", "")
	case c.PeerKeys == nil:
		return fault.New("peer_keys", "", "is required", "")
	case c.Rand == nil:
		return fault.New("rand", "", "is required", "")
	case c.PeerAddress != "" && c.Dial == nil:
		return fault.New("dial", "", "is required where the peer has an address", "")
	}
	if c.PeerAddress != "" {
		if _, _, err := net.SplitHostPort(c.PeerAddress); err != nil {
			return fault.New("peer_address", c.PeerAddress, "must be host:port", "write an IPv6 address in brackets: [::1]:7443")
		}
	}
	return c.Terms.check()
}

func (t Terms) withDefaults() Terms {
	or := func(d *time.Duration, def time.Duration) {
		if *d == 0 {
			*d = def
		}
	}
	or(&t.Heartbeat, 10*time.Second)
	or(&t.LaggingAfter, 30*time.Second)
	or(&t.DownAfter, 60*time.Second)
	or(&t.ClockOffsetMax, 5*time.Second)
	return t
}

func (t Terms) check() error {
	t = t.withDefaults()
	switch {
	case t.Heartbeat < 100*time.Millisecond || t.Heartbeat > maxWait || t.Heartbeat%time.Millisecond != 0:
		return fault.New("heartbeat", t.Heartbeat.String(), "must be 100 ms to 1 min in whole milliseconds", "")
	case t.LaggingAfter <= t.Heartbeat:
		return fault.New("lagging_after", t.LaggingAfter.String(), "must be longer than the heartbeat", "")
	case t.DownAfter <= t.LaggingAfter:
		return fault.New("down_after", t.DownAfter.String(), "must be longer than lagging_after", "")
	case t.ClockOffsetMax < 0:
		return fault.New("clock_offset_alarm", t.ClockOffsetMax.String(), "must not be negative", "")
	}
	return nil
}

// Run keeps the line up until ctx ends: it dials where it can, keeps polls outstanding, and sends
// what the ledger has. It returns ctx's cause after every goroutine of its own has ended. A line
// runs once; a Server answers for it only while it runs.
func (l *Line) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(context.Canceled)
	l.mu.Lock()
	if l.ctx != nil {
		l.mu.Unlock()
		return fault.Newf(fault.Mismatch, "line.run", "this line has run already")
	}
	l.ctx, l.started = ctx, l.cfg.Clock.Now()
	l.mu.Unlock()

	var own sync.WaitGroup
	own.Go(func() { l.watch(ctx) })
	if l.cfg.PeerAddress != "" {
		own.Go(func() { l.keep(ctx, exchange) })
		own.Go(func() { l.keep(ctx, urgent) })
	}
	pumped := make(chan struct{})
	go func() { l.events.pump(ctx); close(pumped) }()

	<-ctx.Done()
	own.Wait()
	l.waitHandlers()
	<-pumped
	return context.Cause(ctx)
}

// enter registers an inbound request; it fails where the line does not run.
func (l *Line) enter() (context.Context, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ctx == nil || l.ctx.Err() != nil {
		return nil, false
	}
	l.handlers.Add(1)
	return l.ctx, true
}

// waitHandlers waits for the inbound requests under way; none enters once the context has ended.
func (l *Line) waitHandlers() {
	l.mu.Lock()
	//lint:ignore SA2001 one that was entering has entered after this
	l.mu.Unlock()
	l.handlers.Wait()
}

// Changes returns the channel of events, in order. What is not read is kept up to a bound; beyond
// it the oldest go and Status alone tells. It is closed when Run returns.
func (l *Line) Changes() <-chan Event { return l.events.out }

// sleep waits for d or for ctx; it reports whether d passed.
func (l *Line) sleep(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	c, stop := l.cfg.Clock.Timer(d)
	defer stop()
	select {
	case <-c:
		return true
	case <-ctx.Done():
		return false
	}
}

// jitter returns a duration between half of d and d.
func (l *Line) jitter(d time.Duration) time.Duration {
	var b [8]byte
	l.randMu.Lock()
	_, err := io.ReadFull(l.cfg.Rand, b[:])
	l.randMu.Unlock()
	if err != nil || d < 2 {
		return d
	}
	return d/2 + time.Duration(binary.BigEndian.Uint64(b[:])%uint64(d/2+1))
}

// backoff is the pause after n attempts in a row that brought nothing.
func backoff(n int, least, most time.Duration) time.Duration {
	d := least
	for ; n > 1 && d < most; n-- {
		d *= 2
	}
	return min(d, most)
}
