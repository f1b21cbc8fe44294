package node

import (
	"crypto"
	"io"
	"log/slog"
	"net"
	"time"

	"parley/agreement"
	"parley/fault"
	"parley/internal/clock"
	"parley/line"
	"parley/node/view"
	"parley/notice"
	"parley/store"
)

// Gazetteer says places in words. It may be nil.
type Gazetteer interface{ notice.Gazetteer }

// LineConfig is one line of a node.
type LineConfig struct {
	// Notes are the agreement's versions that both parties signed before the node started, the
	// first one first. Later ones come over the line.
	Notes       [][]byte
	PeerAddress string // host:port, "" where the other party dials
	NotRestored bool   // an operator's word that the store is the one that last ran
}

// Config is what a node is made of. Fields without a default are required.
type Config struct {
	Party   string // the own party's name
	Store   Store
	LineKey crypto.Signer // Ed25519, or a transcript.DoubleKey
	TLSKey  crypto.Signer // Ed25519
	// MoreLineKeys are further line keys of the node: one that a version of an agreement is to bring into
	// use, and old ones of lines whose agreement names them still.
	MoreLineKeys []crypto.Signer
	// MoreTLSKeys are further TLS keys of the node, newer ones last.
	MoreTLSKeys []crypto.Signer
	Lines       []LineConfig
	Listener    net.Listener  // nil: accepts no connections
	Dial        line.DialFunc // nil: dials nobody
	Places      Gazetteer     // nil: echoes coordinates
	// Witnesses are where each line finds witnesses, whether the agreement names them or not. They are
	// dialed with Dial.
	Witnesses []WitnessAddress
	// WitnessEvery is how often each is given the newest heads, whatever there is. 0: a minute.
	WitnessEvery time.Duration
	Clock        clock.Clock
	Rand         io.Reader // salts and jitter
	Log          *slog.Logger

	// CacheAfter is after how many new entries the picture's cache is written again, where the store
	// is a store.Cache. 0: 20,000.
	CacheAfter int64

	// More returns alarms of what runs beside the node, as a way to people that fails. It must not
	// wait, and must not ask the node. nil: none.
	More func() []view.Alarm

	// Tick is how often the clock alone may change what is shown. 0: a second.
	Tick time.Duration
}

// Store is what a node needs of its store: the contract, and to hear when it fails.
type Store interface {
	store.Store
	// Failed is closed when the store takes no more writes.
	Failed() <-chan struct{}
	// Err says why.
	Err() error
}

func (c *Config) check() error {
	missing := func(field, hint string) error {
		return fault.New(field, "", "is required", hint)
	}
	switch {
	case c.Party == "":
		return missing("party", "name the own party")
	case c.Store == nil:
		return missing("store", "open one")
	case c.LineKey == nil || c.TLSKey == nil:
		return missing("keys", "load the node's line key and TLS key")
	case c.Clock == nil || c.Rand == nil || c.Log == nil:
		return missing("clock, rand, log", "pass them in")
	case len(c.Lines) == 0:
		return missing("lines", "join an agreement first: parley agreement join")
	}
	if c.Tick == 0 {
		c.Tick = time.Second
	}
	if c.WitnessEvery == 0 {
		c.WitnessEvery = witnessEvery
	}
	if c.CacheAfter == 0 {
		c.CacheAfter = 20_000
	}
	return nil
}

// chain opens the versions of one line's agreement and checks that each follows the one before.
func chain(notes [][]byte) ([]agreement.Agreement, error) {
	var out []agreement.Agreement
	for i, n := range notes {
		a, err := agreement.Open(n)
		if err != nil {
			return nil, err
		}
		if !a.Signed() {
			return nil, fault.New("agreement", a.ID, "is not signed by both parties", "exchange it and sign: parley agreement sign")
		}
		if i > 0 {
			if _, err := agreement.CheckSuccessor(out[i-1], a); err != nil {
				return nil, err
			}
		}
		out = append(out, a)
	}
	if len(out) == 0 {
		return nil, fault.New("agreement", "", "is missing", "join one: parley agreement join")
	}
	return out, nil
}
