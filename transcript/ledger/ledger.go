package ledger

import (
	"context"
	"crypto"
	"io"
	"log/slog"
	"sync"
	"time"

	"parley/internal/clock"
	"parley/store"
	"parley/transcript"
)

// Config is what a ledger is made of. Fields without a default are required.
type Config struct {
	Line   string          // the line's id
	Side   transcript.Side // the own side
	Author string          // the own party's name
	Peer   string          // the other party's name

	Agreement string               // id of the agreement version in force; see SetAgreement
	Key       crypto.Signer        // the own line key, Ed25519
	OwnKeys   []transcript.LineKey // every line key of the own party, old ones too; nil: Key alone
	PeerKeys  []transcript.LineKey // the other party's line keys; see SetKeys

	Urgent      func(kind string) bool // which kinds of entry cannot wait; nil: none
	NotRestored bool                   // an operator's word that the store was not restored
	Heartbeat   time.Duration          // how often Run cosigns the own head again; 0: a minute
	Clock       clock.Clock            // nil: the machine's
	Rand        io.Reader              // salts
	Log         *slog.Logger           // nil: none
}

// A Ledger is one line's two transcripts on one store. Its methods may be called by several
// goroutines at once.
type Ledger struct {
	cfg   Config
	store store.Store

	queue chan *request

	// otherMu is held while the other's transcript, receipts or epochs change; ownMu while the own
	// transcript changes. Order: otherMu, ownMu, mu.
	otherMu sync.Mutex
	ownMu   sync.Mutex

	mu sync.Mutex // guards what follows
}

// Open reads where the two transcripts stand. It starts nothing.
func Open(ctx context.Context, s store.Store, c Config) (*Ledger, error) {
	return &Ledger{cfg: c, store: s}, nil
}

// Run owns the writer of the own transcript: it commits what Append queues and cosigns the head at
// each heartbeat. It returns when ctx ends, with its cause, or with the error that made the ledger
// fail. Append waits while Run does not run.
func (l *Ledger) Run(ctx context.Context) error { <-ctx.Done(); return context.Cause(ctx) }

// Failed returns a channel that is closed when the ledger has failed: its store did not take a
// write, or another process wrote. Nothing more is signed; open the ledger again.
func (l *Ledger) Failed() <-chan struct{} { return nil }

// Err returns why the ledger failed, or nil.
func (l *Ledger) Err() error { return nil }

// SetAgreement sets the agreement version that the next entries name.
func (l *Ledger) SetAgreement(id string) {}

// SetKeys sets both parties' line keys, after a rotation.
func (l *Ledger) SetKeys(key crypto.Signer, own, peer []transcript.LineKey) {}
