package ledger

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"errors"
	"io"
	"log/slog"
	"slices"
	"sync"
	"time"

	"parley/fault"
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
	Key       crypto.Signer        // the own line key: Ed25519, or a transcript.DoubleKey, which signs with the halves that OwnKeys name
	OwnKeys   []transcript.LineKey // every line key of the own party, old ones too; nil: Key alone
	PeerKeys  []transcript.LineKey // every line key of the other party, old ones too; see SetKeys

	Urgent      func(kind string) bool // which kinds of entry cannot wait; nil: none
	Turns       func(kind string) bool // which kinds can bring other line keys, for what follows them; nil: none
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
	keys  keys
	store store.Store

	queue   chan *request
	stopped chan struct{} // closed when Run returns
	// receipted holds one when there are receipts that Run shall make durable.
	receipted chan struct{}
	failed    chan struct{} // closed when err is set

	// otherMu is held while the other's transcript, receipts or the epoch change; ownMu while the
	// own transcript or the epoch change. Order: otherMu, ownMu, mu. Only who holds them commits.
	otherMu sync.Mutex
	ownMu   sync.Mutex
	past    *past // the closed epoch that was last filled, kept because the next parcel is of it too; otherMu guards it

	mu        sync.Mutex // guards what follows; all of it is durable
	err       error
	changed   chan struct{}
	epoch     epochState
	epochRev  store.Revision
	own       *half
	other     *half
	ahead     map[aheadKey]ahead
	urgent    []int64 // own entries of the open epoch that cannot wait and have no receipt
	confirmed bool
	doubted   bool // a confirmation was taken away by the other's word
	overruled bool // and an operator gave it again
	backOff   int64
	forked    bool
	evidence  int // of the open epoch

	tainted   map[int64]bool             // epochs of which there is evidence
	proven    map[transcript.Origin]bool // transcripts of which a fork is proved
	takenBack storedTakenBack            // the newest run of own entries that were taken back

	missing Have  // the next entry of the other's that is missing of a closed epoch; zero: none
	owed    Have  // of a closed epoch, receipts for own entries are held up to here and not beyond; zero: none
	late    int64 // entries that came into closed epochs

	lateReceipts int64 // for own entries of closed epochs, since Open
	ownBackOff   int64 // as backOff, of the own transcript

	agreement string
	key       crypto.Signer
	ownKeys   []transcript.LineKey
	peerKeys  []transcript.LineKey
	witnesses []transcript.WitnessKey
}

// Open reads where the two transcripts stand. It starts nothing and signs nothing.
func Open(ctx context.Context, s store.Store, c Config) (*Ledger, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	l := &Ledger{cfg: c, keys: keysOf(c.Line), store: s,
		queue: make(chan *request, maxBatchEntries), stopped: make(chan struct{}), receipted: make(chan struct{}, 1), failed: make(chan struct{}),
		changed: make(chan struct{}), ahead: map[aheadKey]ahead{}, tainted: map[int64]bool{}, proven: map[transcript.Origin]bool{}, confirmed: c.NotRestored, agreement: c.Agreement}
	l.setKeys(c.Key, c.OwnKeys, c.PeerKeys)
	v, err := s.View(ctx)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, "ledger.open", err)
	}
	defer v.Close()
	if err := l.load(ctx, v); err != nil {
		return nil, err
	}
	return l, nil
}

func (c *Config) check() error {
	if c.Heartbeat == 0 {
		c.Heartbeat = time.Minute
	}
	if c.Clock == nil {
		c.Clock = clock.System{}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	o := transcript.Origin{Line: c.Line, Epoch: 1, Side: c.Side}
	if _, err := transcript.ParseOrigin(o.String()); err != nil {
		return err
	}
	if c.Author == "" || c.Peer == "" || c.Author == c.Peer {
		return fault.Newf(fault.Invalid, "ledger.open", "needs the names of the two parties")
	}
	if c.Key == nil || c.Rand == nil {
		return fault.Newf(fault.Invalid, "ledger.open", "needs a line key and a source of randomness")
	}
	if _, ok := c.Key.Public().(ed25519.PublicKey); !ok {
		return fault.Newf(fault.Invalid, "ledger.open", "the line key must be Ed25519")
	}
	return nil
}

// load reads everything that is held in memory from one view.
func (l *Ledger) load(ctx context.Context, v store.View) error {
	var err error
	if l.epoch, l.epochRev, err = loadEpoch(ctx, v, l.keys); err != nil {
		return err
	}
	o := l.origin(l.epoch.Epoch)
	if l.own, err = loadHalf(ctx, v, l.keys, o, l.ownKeys, l.peerKeys); err != nil {
		return err
	}
	if l.other, err = loadHalf(ctx, v, l.keys, o.Other(), l.peerKeys, l.ownKeys); err != nil {
		return err
	}
	if err := l.loadAhead(ctx, v); err != nil {
		return err
	}
	if err := l.loadEvidence(ctx, v); err != nil {
		return err
	}
	if err := l.loadTakenBack(ctx, v); err != nil {
		return err
	}
	runs, err := lateRuns(ctx, v, l.keys, 0)
	if err != nil {
		return err
	}
	if len(runs) > 0 {
		l.late = runs[len(runs)-1].upTo
	}
	if l.missing, err = l.lookBack(ctx, v, 1); err != nil {
		return err
	}
	if l.owed, err = l.lookOwed(ctx, v, 1); err != nil {
		return err
	}
	return l.loadUrgent(ctx, v)
}

// origin names the own transcript of an epoch.
func (l *Ledger) origin(epoch int64) transcript.Origin {
	return transcript.Origin{Line: l.cfg.Line, Epoch: epoch, Side: l.cfg.Side}
}

// Failed returns a channel that is closed when the ledger has failed: its store did not take a
// write, or another process wrote. Nothing more is signed; open the ledger again.
func (l *Ledger) Failed() <-chan struct{} { return l.failed }

// Err returns why the ledger failed, or nil.
func (l *Ledger) Err() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

func (l *Ledger) fail(err error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		return l.err
	}
	rule := "the store did not take a write; nothing more is accepted until the node is started again"
	if errors.Is(err, store.ErrConflict) {
		rule = "another process writes to the same store; this one stops"
	}
	l.err = &fault.Error{Code: fault.Unavailable, Op: "ledger.commit", Rule: rule, Err: err}
	l.cfg.Log.Error("ledger failed", "line", l.cfg.Line, "err", err)
	close(l.failed)
	return l.err
}

// commit makes a transaction durable. It does not end with ctx: whether what was begun is durable
// must be known. After an error nothing more is signed.
func (l *Ledger) commit(ctx context.Context, t store.Txn) (store.Revision, error) {
	if err := l.Err(); err != nil {
		return 0, err
	}
	rev, err := l.store.Commit(context.WithoutCancel(ctx), t)
	if err != nil {
		return 0, l.fail(err)
	}
	return rev, nil
}

// view returns a view that holds everything that this ledger has told.
func (l *Ledger) view(ctx context.Context) (store.View, error) {
	v, err := l.store.View(ctx)
	return v, fault.Wrap(fault.Unavailable, "ledger.read", err)
}

// publish changes what others read, after the commit that made it durable, and tells them.
func (l *Ledger) publish(change func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change()
	close(l.changed)
	l.changed = make(chan struct{})
}

// snapshot is one state of a ledger.
type snapshot struct {
	epoch      epochState
	epochRev   store.Revision
	own, other *half
	confirmed  bool
	agreement  string
	key        crypto.Signer
	ownKeys    []transcript.LineKey
	peerKeys   []transcript.LineKey
	late       int64
}

func (l *Ledger) now() snapshot {
	l.mu.Lock()
	defer l.mu.Unlock()
	return snapshot{l.epoch, l.epochRev, l.own, l.other, l.confirmed, l.agreement, l.key, l.ownKeys, l.peerKeys, l.late}
}

// maySign refuses what would sign before the ledger is confirmed, or after it failed.
func (l *Ledger) maySign(op string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		return l.err
	}
	if !l.confirmed {
		return &fault.Error{Code: fault.Unavailable, Op: op,
			Rule: "nothing is signed until the other party was asked what it holds of this party's transcript",
			Hint: "wait for the line, or have an operator state that this store was not restored from a backup"}
	}
	return nil
}

// SetAgreement sets the agreement version that the next entries name.
func (l *Ledger) SetAgreement(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.agreement = id
}

// SetKeys sets the own line key and both parties' lists of line keys, after a rotation. The lists
// hold every key that ever signed, with the times for which it counts.
func (l *Ledger) SetKeys(key crypto.Signer, own, peer []transcript.LineKey) {
	l.setKeys(key, own, peer)
	l.resign()
}

func (l *Ledger) setKeys(key crypto.Signer, own, peer []transcript.LineKey) {
	l.mu.Lock()
	defer l.mu.Unlock()
	pub := transcript.PublicLineKey(key)
	own = slices.Clone(own)
	if i := slices.IndexFunc(own, func(k transcript.LineKey) bool { return k.Public.Equal(pub.Public) }); i < 0 {
		own = append(own, pub)
	} else if d, ok := key.(*transcript.DoubleKey); ok {
		key = d.As(own[i])
	}
	l.key, l.ownKeys, l.peerKeys = key, own, slices.Clone(peer)
}

// Changed returns a channel that is closed at the next change of anything that can be read here.
// Take it before reading, then wait on it.
func (l *Ledger) Changed() <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.changed
}

// Standing says where the ledger stands. It is cheap.
func (l *Ledger) Standing() Standing {
	l.mu.Lock()
	defer l.mu.Unlock()
	asks := l.own.have()
	if asks.Size = max(0, asks.Size-l.ownBackOff); l.proven[l.own.origin] {
		asks = Have{Epoch: asks.Epoch + 1}
	}
	return Standing{Own: l.own.have(), Held: l.other.have(), Asks: asks, Undelivered: l.own.size() - l.own.receipt.Size,
		Confirmed: l.confirmed, Forked: l.forked, Closed: l.epoch.Closed != "", Doubted: l.doubted && !l.confirmed}
}

// Heads returns the newest heads of the open epoch, the zero Head where there is none.
func (l *Ledger) Heads() (own, other transcript.Head) {
	s := l.now()
	return s.own.head, s.other.head
}

// Receipts returns the newest receipts of the open epoch: the other's for an own head, and the
// own for a head of the other's; the zero Receipt where there is none.
func (l *Ledger) Receipts() (forOwn, forOther transcript.Receipt) {
	s := l.now()
	return s.own.receipt, s.other.receipt
}
