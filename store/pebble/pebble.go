// Package pebble keeps a store in one directory of one machine, on the Pebble engine. It is the
// default store of a node.
//
// # Durability
//
// Commit returns when the transaction is in Pebble's log and the log is synced (fsync). One
// goroutine commits: the transactions that wait while it syncs go together into the next synced
// write, each with its own revision and its own guards, so a transaction that fails its guards
// fails alone. Nobody waits for a timer. A View or a Watch shows a revision only once it is synced.
//
// # Crash
//
// After a crash of the process or of the machine the directory opens again and holds every
// transaction whose Commit returned, and no half of any. It may hold, whole, transactions that were
// being committed. The directory is locked while it is open; the lock goes with the process.
//
// Damage to the files by other causes is found when they are read, save in the log of a store that was
// not closed: there, damage within the last 32 KiB cannot be told from what a crash cut off, and
// ends the log.
//
// # Failure
//
// When the file system refuses a write or a sync, or the engine finds its files corrupt, the store
// is failed, for good: Failed is closed, Err says why, no Commit that is not yet durable succeeds,
// and nothing more is written to the directory. Views are served on, at the last durable revision,
// from what can still be read. Close it and open it again when the cause is mended.
// A file system that hangs fails nothing; Commit then waits as long as its context lets it.
//
// # Bounds
//
// The bounds of a transaction are those of package store. Watch is served from memory: from the
// newest Config.WatchRevisions revisions of this opening, as far as they fit in Config.WatchBytes.
// A Watch after an older revision, one before the store was opened among them, fails with
// store.ErrCompacted.
package pebble

import (
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	lsm "github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/bloom"
	"github.com/cockroachdb/pebble/v2/vfs"

	"parley/fault"
	"parley/store"
)

// Format is the version of the layout of keys and values that this package reads and writes.
const Format = 1

// engineFormat is Pebble's own format. Pebble upgrades older directories to it and never back.
const engineFormat = lsm.FormatWALSyncChunks

// The layout: metaFormat and metaRevision hold 8 bytes, most significant first; a key of the store
// is kept under dataPrefix, with the revision that set it, 8 bytes, before its value.
const (
	metaFormat    = "\x00format"
	metaRevision  = "\x00revision"
	dataPrefix    = "\x01"
	dataEnd       = "\x02"
	revisionBytes = 8
)

// Config says where and how large. The zero value of all but Dir is a default.
type Config struct {
	Dir            string       // created where there is none
	FS             vfs.FS       // default vfs.Default, the operating system's
	Log            *slog.Logger // default none
	CacheBytes     int64        // cache of blocks read; default 32 MiB
	MemTableBytes  uint64       // writes kept in memory before they are flushed; default 16 MiB
	WatchRevisions int          // default 16,384
	WatchBytes     int          // default 16 MiB
}

func (c Config) withDefaults() Config {
	if c.FS == nil {
		c.FS = vfs.Default
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.CacheBytes == 0 {
		c.CacheBytes = 32 << 20
	}
	if c.MemTableBytes == 0 {
		c.MemTableBytes = 16 << 20
	}
	if c.WatchRevisions == 0 {
		c.WatchRevisions = 16_384
	}
	if c.WatchBytes == 0 {
		c.WatchBytes = 16 << 20
	}
	return c
}

// Store is an open store. It owns one goroutine, the committer, and those of Pebble; Close waits
// for them.
type Store struct {
	db       *lsm.DB
	gate     *gate
	pressure *pressure
	log      *slog.Logger

	dir           string
	memTableBytes uint64
	opened        store.Revision // the newest revision when the store was opened

	queue     queue         // transactions that wait for the committer
	closing   chan struct{} // closed by Close
	committed chan struct{} // closed when the committer has ended

	// using is held for reading through each use of db outside the committer, never while a
	// caller's code runs, and for writing when db is closed.
	using sync.RWMutex

	caching sync.Mutex // held while a cache is written

	closeOnce sync.Once
	closeErr  error

	mu     sync.Mutex
	closed bool
	cur    *moment              // the newest durable revision
	open   map[*moment]struct{} // the moments that cur or a View refers to
	past   past                 // what Watch is served from
}

var _ store.Store = (*Store)(nil)

// Open opens the store in a directory, or creates it there, and starts its committer.
func Open(cfg Config) (*Store, error) {
	cfg = cfg.withDefaults()
	s := &Store{
		gate:          newGate(cfg.FS),
		pressure:      newPressure(),
		log:           cfg.Log,
		dir:           cfg.Dir,
		memTableBytes: cfg.MemTableBytes,
		queue:         newQueue(),
		closing:       make(chan struct{}),
		committed:     make(chan struct{}),
		open:          make(map[*moment]struct{}),
		past:          newPast(cfg.WatchRevisions, cfg.WatchBytes),
	}
	var err error
	s.db, err = lsm.Open(cfg.Dir, s.options(cfg))
	if err != nil {
		return nil, openError(cfg.Dir, errors.Join(s.gate.err(), err))
	}
	s.gate.serve()
	rev, err := s.prepare()
	if err = errors.Join(s.gate.err(), err); err != nil {
		s.gate.release()
		_ = s.db.Close() // its errors follow from err
		return nil, openError(cfg.Dir, err)
	}
	s.cur = &moment{store: s, snapshot: s.db.NewSnapshot(), revision: rev, refs: 1}
	s.open[s.cur] = struct{}{}
	s.past.newest, s.opened = rev, rev
	go s.commitLoop(rev)
	return s, nil
}

func (s *Store) options(cfg Config) *lsm.Options {
	o := &lsm.Options{
		FS:                          s.gate,
		CacheSize:                   cfg.CacheBytes,
		MemTableSize:                cfg.MemTableBytes,
		MemTableStopWritesThreshold: pebbleStallTables,
		L0StopWritesThreshold:       pebbleStallL0,
		FormatMajorVersion:          engineFormat,
		EventListener:               events(s.gate, s.pressure, cfg.Log),
		Logger:                      logger{gate: s.gate, log: cfg.Log},
	}
	// Compactions are tried when a flush or another one ends. Pebble's default looks every 100 ms
	// besides, with a goroutine that a failed Open leaves behind.
	o.Experimental.CompactionScheduler = lsm.NewConcurrencyLimitSchedulerWithNoPeriodicGrantingForTest()
	for i := range o.Levels {
		o.Levels[i].FilterPolicy = bloom.FilterPolicy(10)
	}
	return o
}

// prepare checks the format, or writes it into a new store, and returns the newest revision.
func (s *Store) prepare() (store.Revision, error) {
	format, found, err := s.getMeta(metaFormat)
	switch {
	case err != nil:
		return 0, err
	case found && format != Format:
		return 0, &fault.Error{Code: fault.Unavailable, Rule: fmt.Sprintf(
			"is of format %d, and this program reads format %d", format, Format),
			Hint: "open it with the program that wrote it"}
	case found:
		rev, _, err := s.getMeta(metaRevision)
		return store.Revision(rev), err
	}
	empty, err := s.isEmpty()
	if err != nil {
		return 0, err
	}
	if !empty {
		return 0, &fault.Error{Code: fault.Unavailable, Rule: "holds the files of another program",
			Hint: "name another directory"}
	}
	return 0, s.db.Set([]byte(metaFormat), binary.BigEndian.AppendUint64(nil, Format), lsm.Sync)
}

func (s *Store) getMeta(key string) (n uint64, found bool, err error) {
	value, closer, err := s.db.Get([]byte(key))
	if errors.Is(err, lsm.ErrNotFound) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, err
	}
	defer closer.Close()
	if len(value) != 8 {
		return 0, false, fmt.Errorf("key %q holds %d bytes, not 8", key, len(value))
	}
	return binary.BigEndian.Uint64(value), true, nil
}

func (s *Store) isEmpty() (bool, error) {
	it, err := s.db.NewIter(nil)
	if err != nil {
		return false, err
	}
	empty := !it.First()
	return empty, errors.Join(it.Error(), it.Close())
}

// openError says in words for a person why a directory could not be opened.
func openError(dir string, err error) error {
	e := &fault.Error{Code: fault.Unavailable, Op: "store.open", Field: "store directory",
		Value: fault.Shorten(dir), Rule: "cannot be opened", Err: err}
	var known *fault.Error
	switch {
	case errors.Is(err, errInUse):
		e.Rule = "is in use by another process"
		e.Hint = "stop that process, or name another directory"
	case errors.As(err, &known):
		e.Code, e.Rule, e.Hint, e.Err = known.Code, known.Rule, known.Hint, nil
	case lsm.IsCorruptionError(err):
		e.Code, e.Rule = fault.Corrupt, "holds damaged files"
		e.Hint = "keep it as it is, and restore a backup into another directory"
	}
	return e
}

// Failed is closed when the store has failed.
func (s *Store) Failed() <-chan struct{} { return s.gate.shut }

// Err returns store.ErrFailed with its cause when the store has failed, else nil.
func (s *Store) Err() error { return s.gate.err() }

// Close implements store.Store. It returns an error when the store fails while it is closed.
func (s *Store) Close() error {
	s.closeOnce.Do(func() { s.closeErr = s.close() })
	return s.closeErr
}

func (s *Store) close() error {
	failedBefore := s.gate.err() != nil
	close(s.closing)
	<-s.committed
	s.flush()
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.gate.release()
	s.using.Lock()
	defer s.using.Unlock()
	for m := range s.open {
		_ = m.snapshot.Close()
	}
	clear(s.open)
	err := s.db.Close()
	if failedBefore {
		return nil
	}
	return errors.Join(s.gate.err(), err)
}

// flush moves what this opening committed from the log to tables, where every damage is found when
// it is read. In the last block of a log, a damaged record looks like one that a crash cut off.
func (s *Store) flush() {
	s.mu.Lock()
	idle := s.past.newest == s.opened
	s.mu.Unlock()
	if idle || s.gate.err() != nil {
		return
	}
	flushed, err := s.db.AsyncFlush()
	if err != nil {
		s.gate.fail(err)
		return
	}
	select {
	case <-flushed:
	case <-s.gate.shut:
	}
}
