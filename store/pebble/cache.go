package pebble

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/cockroachdb/pebble/v2/vfs"

	"parley/store"
)

// What a Cache keeps lies in files of their own in a directory of the store's. They do not pass the
// gate: one that cannot be written is no failure of the store. Behind a shut gate none is written,
// since the directory then stays as it is.

const (
	cacheDir = "cache"
	// cacheSpare is how much room a cache leaves on the disk at least, beside as much again as it
	// takes itself.
	cacheSpare = 256 << 20
	// cacheStep is how much is written before it is sent on to the disk, so that a commit does not
	// wait behind all of it.
	cacheStep = 1 << 20
)

var _ store.Cache = (*Store)(nil)

// WriteCache implements store.Cache.
func (s *Store) WriteCache(name string, size int64, write func(io.Writer) error) error {
	path, err := s.cachePath(name)
	if err != nil {
		return err
	}
	if err := s.cacheFits(size); err != nil {
		return err
	}
	s.caching.Lock()
	defer s.caching.Unlock()
	under := s.gate.FS
	dir := under.PathDir(path)
	if err := errors.Join(under.MkdirAll(dir, 0o755), s.gate.syncDir(s.dir)); err != nil {
		return fmt.Errorf("store: cache: %w", err)
	}
	part := path + ".part"
	if err := s.writePart(part, write); err != nil {
		_ = under.Remove(part)
		return fmt.Errorf("store: cache: %w", err)
	}
	if err := under.Rename(part, path); err != nil {
		return fmt.Errorf("store: cache: %w", err)
	}
	return s.gate.syncDir(dir)
}

func (s *Store) writePart(part string, write func(io.Writer) error) error {
	f, err := s.gate.FS.Create(part, vfs.WriteCategoryUnspecified)
	if err != nil {
		return err
	}
	f = vfs.NewSyncingFile(f, vfs.SyncingFileOptions{BytesPerSync: cacheStep})
	w := bufio.NewWriterSize(&whileOpen{gate: s.gate, w: f}, cacheStep)
	err = write(w)
	if err == nil {
		err = w.Flush()
	}
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// whileOpen writes as long as the gate is open.
type whileOpen struct {
	gate *gate
	w    io.Writer
}

func (w *whileOpen) Write(p []byte) (int, error) {
	if err := w.gate.err(); err != nil {
		return 0, err
	}
	return w.w.Write(p)
}

// cacheFits refuses a cache that would take the room that the store needs to go on. Where the disk
// does not say how much there is, it is taken to be enough.
func (s *Store) cacheFits(size int64) error {
	if err := s.gate.err(); err != nil {
		return err
	}
	use, err := s.gate.FS.GetDiskUsage(s.dir)
	if err == nil && use.AvailBytes < uint64(2*size)+cacheSpare {
		return fmt.Errorf("store: cache: %d bytes are free on the disk, too few for a cache of %d", use.AvailBytes, size)
	}
	return nil
}

// ReadCache implements store.Cache.
func (s *Store) ReadCache(name string) (io.ReadCloser, error) {
	path, err := s.cachePath(name)
	if err != nil {
		return nil, err
	}
	f, err := s.gate.FS.Open(path, vfs.SequentialReadsOption)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, store.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("store: cache: %w", err)
	}
	return f, nil
}

func (s *Store) cachePath(name string) (string, error) {
	odd := func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' }
	if name == "" || len(name) > 100 || strings.ContainsFunc(name, odd) {
		return "", fmt.Errorf("%w: a cache's name is a few of a-z, 0-9 and '-': %q", store.ErrInvalid, name)
	}
	return s.gate.FS.PathJoin(s.dir, cacheDir, name), nil
}
