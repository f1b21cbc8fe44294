package pebble

import (
	"fmt"
	"log/slog"
	"sync"

	lsm "github.com/cockroachdb/pebble/v2"
)

// Where the committer waits for Pebble to flush and compact. Pebble's own limits lie far above
// (pebbleStallTables, pebbleStallL0): it would wait with its locks held, for ever behind a shut gate.
const (
	maxTables         = 4  // times Config.MemTableBytes, in memory
	maxL0             = 24 // sublevels of level 0
	pebbleStallTables = 64
	pebbleStallL0     = 1 << 20
)

// pressure tells the committer when to look how much work waits in Pebble.
type pressure struct {
	mu     sync.Mutex
	raised bool          // a memtable was filled since the committer last looked
	eased  chan struct{} // closed and replaced when a flush or a compaction ends
}

func newPressure() *pressure { return &pressure{eased: make(chan struct{})} }

func (p *pressure) raise() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.raised = true
}

func (p *pressure) ease() {
	p.mu.Lock()
	defer p.mu.Unlock()
	close(p.eased)
	p.eased = make(chan struct{})
}

func (p *pressure) look() (raised bool, eased <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	raised, p.raised = p.raised, false
	return raised, p.eased
}

// relieve waits while Pebble has too much to flush or to compact. It returns false when the store
// failed or is being closed.
func (s *Store) relieve() bool {
	for busy := false; ; {
		raised, eased := s.pressure.look()
		if raised || busy {
			m := s.db.Metrics()
			busy = m.MemTable.Size > maxTables*s.memTableBytes || m.Levels[0].Sublevels > maxL0
		}
		select {
		case <-s.gate.shut:
			return false
		case <-s.closing:
			return false
		default:
		}
		if !busy {
			return true
		}
		select {
		case <-eased:
		case <-s.gate.shut:
		case <-s.closing:
		}
	}
}

// events connects Pebble's events. Pebble calls them with its locks held: none may block or call it.
func events(g *gate, p *pressure, log *slog.Logger) *lsm.EventListener {
	return &lsm.EventListener{
		BackgroundError: func(err error) { g.failBackground(fmt.Errorf("in the background: %w", err)) },
		DataCorruption: func(info lsm.DataCorruptionInfo) {
			g.failBackground(fmt.Errorf("corruption: %s: %w", info.Path, info.Details))
		},
		WALCreated:      func(lsm.WALCreateInfo) { p.raise() },
		FlushEnd:        func(lsm.FlushInfo) { p.ease() },
		CompactionEnd:   func(lsm.CompactionInfo) { p.ease() },
		WriteStallBegin: func(info lsm.WriteStallBeginInfo) { log.Warn("store stalled", "reason", info.Reason) },
	}
}

// logger takes what Pebble logs. Its Fatalf shuts the gate and returns: Pebble's callers then go on
// to return their error, and nothing that they still do reaches the directory.
type logger struct {
	gate *gate
	log  *slog.Logger
}

func (l logger) Infof(string, ...any) {}

func (l logger) Errorf(format string, args ...any) {
	l.log.Warn("store engine", "report", fmt.Sprintf(format, args...))
}

func (l logger) Fatalf(format string, args ...any) {
	l.gate.fail(fmt.Errorf(format, args...))
}
