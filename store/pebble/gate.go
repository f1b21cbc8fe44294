package pebble

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"sync"

	"github.com/cockroachdb/pebble/v2/vfs"

	"parley/store"
)

// A gate stands between Pebble and the file system. The first write, sync, create, rename or link
// that fails shuts it: from then on nothing more reaches the directory, which stays as a crash at
// that moment would have left it. A later sync that succeeds could otherwise hide one that failed.
//
// Pebble cannot go on, and panics or keeps locks for ever, when it cannot write or rotate its log,
// write its manifest or sync its directory. None of these is read while a store is open, so the gate
// reports success to Pebble for them, and only tables get the error. What keeps a lost write from
// being acknowledged is that Open and the committer ask the gate itself, after all that they let
// Pebble write, whether it is shut. Pebble retries a failed flush at once and for ever; once the
// store is open, it waits behind a shut gate, where it creates its next table, until the store is
// closed.
type gate struct {
	vfs.FS

	shut     chan struct{} // closed by the first failure
	released chan struct{} // closed when the store is being closed

	mu      sync.Mutex
	cause   error // why shut is closed
	serving bool  // the store is open
	closing bool  // released is closed
}

func newGate(under vfs.FS) *gate {
	return &gate{FS: under, shut: make(chan struct{}), released: make(chan struct{})}
}

// fail shuts the gate. It never blocks: Pebble may call it with its locks held.
func (g *gate) fail(cause error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.cause != nil {
		return
	}
	g.cause = fmt.Errorf("%w: %w", store.ErrFailed, cause)
	close(g.shut)
}

// failBackground shuts the gate unless the store is being closed, which cuts background work short.
func (g *gate) failBackground(cause error) {
	g.mu.Lock()
	closing := g.closing
	g.mu.Unlock()
	if !closing {
		g.fail(cause)
	}
}

// err returns why the gate is shut, or nil.
func (g *gate) err() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.cause
}

func (g *gate) isServing() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.serving
}

// serve says that Pebble is open.
func (g *gate) serve() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.serving = true
}

// release lets what waits behind a shut gate go on, to its error.
func (g *gate) release() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.closing {
		g.closing = true
		close(g.released)
	}
}

// pass does op unless the gate is shut, and shuts it when op fails.
func (g *gate) pass(op func() error) error {
	if err := g.err(); err != nil {
		return err
	}
	err := op()
	if err != nil {
		g.fail(err)
	}
	return err
}

// create makes a file that Pebble writes. One that must not fail and does is made in memory, to
// be forgotten.
func (g *gate) create(name string, open func() (vfs.File, error)) (vfs.File, error) {
	isTable := strings.HasSuffix(name, ".sst") || strings.HasSuffix(name, ".blob")
	var f vfs.File
	err := g.pass(func() (err error) {
		f, err = open()
		return err
	})
	switch {
	case err == nil:
		return &gateFile{File: f, gate: g, mustPass: !isTable}, nil
	case !isTable:
		return &gateFile{File: vfs.NewMemFile(nil), gate: g, mustPass: true}, nil
	case g.isServing():
		<-g.released
	}
	return nil, err
}

// Create implements vfs.FS. A marker names the manifest in force. Pebble syncs the directory after
// it made both, so a crash could keep the marker and lose the manifest's entry in the directory:
// the gate syncs the directory before a marker, too.
func (g *gate) Create(name string, c vfs.DiskWriteCategory) (vfs.File, error) {
	return g.create(name, func() (vfs.File, error) {
		if strings.HasPrefix(g.FS.PathBase(name), "marker.") {
			if err := g.syncDir(g.FS.PathDir(name)); err != nil {
				return nil, err
			}
		}
		return g.FS.Create(name, c)
	})
}

func (g *gate) syncDir(name string) error {
	dir, err := g.FS.OpenDir(name)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// ReuseForWrite implements vfs.FS.
func (g *gate) ReuseForWrite(from, to string, c vfs.DiskWriteCategory) (vfs.File, error) {
	return g.create(to, func() (vfs.File, error) { return g.FS.ReuseForWrite(from, to, c) })
}

// OpenReadWrite implements vfs.FS.
func (g *gate) OpenReadWrite(
	name string, c vfs.DiskWriteCategory, opts ...vfs.OpenOption,
) (vfs.File, error) {
	return g.create(name, func() (vfs.File, error) { return g.FS.OpenReadWrite(name, c, opts...) })
}

// OpenDir implements vfs.FS. The file that it returns serves to sync the directory.
func (g *gate) OpenDir(name string) (vfs.File, error) {
	f, err := g.FS.OpenDir(name)
	if err != nil {
		return nil, err
	}
	return &gateFile{File: f, gate: g, mustPass: true}, nil
}

// Link implements vfs.FS.
func (g *gate) Link(from, to string) error {
	return g.pass(func() error { return g.FS.Link(from, to) })
}

// Rename implements vfs.FS.
func (g *gate) Rename(from, to string) error {
	return g.pass(func() error { return g.FS.Rename(from, to) })
}

// MkdirAll implements vfs.FS.
func (g *gate) MkdirAll(dir string, perm fs.FileMode) error {
	return g.pass(func() error { return g.FS.MkdirAll(dir, perm) })
}

// Remove implements vfs.FS. What cannot be removed is a waste of space and no failure.
func (g *gate) Remove(name string) error {
	if err := g.err(); err != nil {
		return err
	}
	return g.FS.Remove(name)
}

// RemoveAll implements vfs.FS.
func (g *gate) RemoveAll(name string) error {
	if err := g.err(); err != nil {
		return err
	}
	return g.FS.RemoveAll(name)
}

// errInUse marks a directory whose lock is taken.
var errInUse = errors.New("the directory is locked")

// Lock implements vfs.FS.
func (g *gate) Lock(name string) (io.Closer, error) {
	c, err := g.FS.Lock(name)
	if pathErr := (*fs.PathError)(nil); err == nil || errors.As(err, &pathErr) {
		return c, err // taken, or the file cannot be made
	}
	return nil, fmt.Errorf("%w: %w", errInUse, err)
}

// Unwrap implements vfs.FS.
func (g *gate) Unwrap() vfs.FS { return g.FS }

// gateFile is a file behind the gate. mustPass says that Pebble must not see it fail.
type gateFile struct {
	vfs.File
	gate     *gate
	mustPass bool
}

func (f *gateFile) pass(op func() error) error {
	err := f.gate.pass(op)
	if f.mustPass {
		return nil
	}
	return err
}

// Write implements vfs.File.
func (f *gateFile) Write(p []byte) (int, error) {
	if err := f.pass(func() error { _, err := f.File.Write(p); return err }); err != nil {
		return 0, err
	}
	return len(p), nil
}

// WriteAt implements vfs.File.
func (f *gateFile) WriteAt(p []byte, offset int64) (int, error) {
	if err := f.pass(func() error { _, err := f.File.WriteAt(p, offset); return err }); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Sync implements vfs.File.
func (f *gateFile) Sync() error { return f.pass(f.File.Sync) }

// SyncData implements vfs.File.
func (f *gateFile) SyncData() error { return f.pass(f.File.SyncData) }

// SyncTo implements vfs.File.
func (f *gateFile) SyncTo(length int64) (fullSync bool, err error) {
	err = f.pass(func() (err error) {
		fullSync, err = f.File.SyncTo(length)
		return err
	})
	return fullSync, err
}

// Preallocate implements vfs.File. Space that cannot be had shows at the write that needs it.
func (f *gateFile) Preallocate(offset, length int64) error {
	if f.gate.err() != nil {
		return nil
	}
	return f.File.Preallocate(offset, length)
}

// Close implements vfs.File. The file is closed behind a shut gate too, to free it.
func (f *gateFile) Close() error {
	err := f.File.Close()
	if err != nil {
		f.gate.fail(err)
	}
	if f.mustPass {
		return nil
	}
	return err
}
