package line

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"io"
	"log/slog"
	"net"
	"time"

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
	// declares the suspension. Later entries wait; hold and distress pass.
	UpTo ledger.Have
}

// DialFunc opens a connection to the peer, as net.Dialer.DialContext does.
type DialFunc func(ctx context.Context, network, address string) (net.Conn, error)

// Config is what a line is made of. Fields without a default are required.
type Config struct {
	LineID string          // 64 hexadecimal digits
	Side   transcript.Side // the own side
	Ledger Ledger

	Key         crypto.Signer              // the own TLS key, Ed25519
	PeerKeys    func() []ed25519.PublicKey // the peer's TLS keys that count now; asked at every message
	PeerAddress string                     // host:port, "" where the peer cannot be dialed
	Dial        DialFunc                   // required with PeerAddress
	Terms       Terms                      //
	Suspended   func() Suspension          // nil: never
	Clock       clock.Clock                // nil: the machine's
	Rand        io.Reader                  // for the jitter of retries; keys come from crypto/rand within TLS
	Log         *slog.Logger               // nil: none
}

// A Line is one party's end of the link between two nodes.
type Line struct{ cfg Config }

// New checks a config and returns a line. It starts nothing.
func New(cfg Config) (*Line, error) { return &Line{cfg: cfg}, nil }

// Run keeps the line up until ctx ends: it dials where it can, keeps polls outstanding, and sends
// what the ledger has. It returns ctx's cause after every goroutine of its own has ended.
func (l *Line) Run(ctx context.Context) error { <-ctx.Done(); return context.Cause(ctx) }

// Status returns the line as it stands now.
func (l *Line) Status() Status { return Status{} }

// Changes returns the channel of events, in order. What is not read is kept up to a bound; beyond
// it the oldest go and Status alone tells. It is closed when Run returns.
func (l *Line) Changes() <-chan Event { return nil }
