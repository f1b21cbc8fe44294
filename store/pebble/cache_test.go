package pebble

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"parley/store"
)

func writeBytes(b []byte) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := w.Write(bytes.Clone(b)) // the file system of tests may change what it is given
		return err
	}
}

func readCache(t *testing.T, s *Store, name string) []byte {
	t.Helper()
	r, err := s.ReadCache(name)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func openOn(t *testing.T, fs vfs.FS) *Store {
	t.Helper()
	s, err := Open(Config{Dir: "store", FS: fs})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func mustCommit(t *testing.T, s *Store, key string) {
	t.Helper()
	if _, err := s.Commit(t.Context(), store.Txn{Puts: []store.Put{{Key: key, Value: []byte(key)}}}); err != nil {
		t.Fatal(err)
	}
}

func TestCacheIsKept(t *testing.T) {
	fs := vfs.NewMem()
	s := openOn(t, fs)
	if got := readCache(t, s, "one"); got != nil {
		t.Fatalf("%q is kept before anything was", got)
	}
	big := bytes.Repeat([]byte("x"), 3<<20)
	for _, b := range [][]byte{[]byte("first"), {}, big} {
		if err := s.WriteCache("one", int64(len(b)), writeBytes(b)); err != nil {
			t.Fatal(err)
		}
		if got := readCache(t, s, "one"); !bytes.Equal(got, b) {
			t.Fatalf("%d bytes are kept of %d", len(got), len(b))
		}
	}
	broken := errors.New("broken")
	if err := s.WriteCache("one", 1, func(w io.Writer) error { _, _ = w.Write([]byte("half")); return broken }); !errors.Is(err, broken) {
		t.Fatalf("error is %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openOn(t, fs)
	defer s.Close()
	if got := readCache(t, s, "one"); !bytes.Equal(got, big) {
		t.Errorf("%d bytes are kept after a writer failed and the store was opened again", len(got))
	}
	for _, name := range []string{"", "a/b", "..", "A", "a.b", strings.Repeat("a", 101)} {
		if err := s.WriteCache(name, 0, writeBytes(nil)); !errors.Is(err, store.ErrInvalid) {
			t.Errorf("write %q: %v", name, err)
		}
		if _, err := s.ReadCache(name); !errors.Is(err, store.ErrInvalid) {
			t.Errorf("read %q: %v", name, err)
		}
	}
}

// TestCacheLeavesRoom: a cache takes none of the room that the store needs to go on.
func TestCacheLeavesRoom(t *testing.T) {
	fs := vfs.NewMem()
	s := openOn(t, fs)
	defer s.Close()
	fs.TestingSetDiskUsage(vfs.DiskUsage{AvailBytes: cacheSpare + 2000, TotalBytes: 1 << 30})
	if err := s.WriteCache("fits", 1000, writeBytes(make([]byte, 1000))); err != nil {
		t.Error(err)
	}
	if err := s.WriteCache("large", 1001, writeBytes(nil)); err == nil {
		t.Error("a cache was written that leaves too little")
	}
}

// TestCacheFailureIsNotTheStores: whatever the disk refuses of a cache, the store goes on, and what
// was kept before is there or the new one is.
func TestCacheFailureIsNotTheStores(t *testing.T) {
	for at := int64(1); ; at++ {
		var n atomic.Int64
		var inCache atomic.Bool
		fs := errorfs.Wrap(vfs.NewMem(), errorfs.InjectorFunc(func(op errorfs.Op) error {
			if !inCache.Load() || op.Kind.ReadOrWrite() != errorfs.OpIsWrite || !strings.Contains(op.Path, "cache") {
				return nil
			}
			if n.Add(1) >= at {
				return errors.New("no space left on device")
			}
			return nil
		}))
		s := openOn(t, fs)
		if err := s.WriteCache("one", 3, writeBytes([]byte("old"))); err != nil {
			t.Fatal(err)
		}
		inCache.Store(true)
		err := s.WriteCache("one", 2<<20, writeBytes(bytes.Repeat([]byte("n"), 2<<20)))
		inCache.Store(false)
		mustCommit(t, s, "after")
		if got := readCache(t, s, "one"); string(got) != "old" && len(got) != 2<<20 {
			t.Errorf("refused at operation %d: %d bytes are kept", at, len(got))
		} else if err == nil && len(got) != 2<<20 {
			t.Errorf("refused at operation %d: the old one is kept without an error", at)
		}
		if err := errors.Join(s.Err(), s.Close()); err != nil {
			t.Fatalf("refused at operation %d: %v", at, err)
		}
		if err == nil {
			if at < 5 {
				t.Errorf("only %d operations", at-1)
			}
			return
		}
	}
}

// TestFailedStoreWritesNoCache: behind a shut gate the directory stays as it is.
func TestFailedStoreWritesNoCache(t *testing.T) {
	var full atomic.Bool
	fs := errorfs.Wrap(vfs.NewMem(), errorfs.InjectorFunc(func(op errorfs.Op) error {
		if full.Load() && op.Kind == errorfs.OpFileWrite && strings.HasSuffix(op.Path, ".log") {
			return errors.New("no space left on device")
		}
		return nil
	}))
	s := openOn(t, fs)
	defer s.Close()
	full.Store(true)
	if _, err := s.Commit(t.Context(), store.Txn{Puts: []store.Put{{Key: "k"}}}); !errors.Is(err, store.ErrFailed) {
		t.Fatalf("error is %v", err)
	}
	if err := s.WriteCache("one", 1, writeBytes([]byte("x"))); !errors.Is(err, store.ErrFailed) {
		t.Errorf("error is %v", err)
	}
}

// TestCrashWhileACacheIsWritten: a crash at any write of a cache leaves a store that opens with all
// that was acknowledged, and of the cache what was there, the new one, or nothing.
func TestCrashWhileACacheIsWritten(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	var mu sync.Mutex
	var crashed []*vfs.MemFS
	var inCache atomic.Bool
	disk := vfs.NewCrashableMem()
	fs := errorfs.Wrap(disk, errorfs.InjectorFunc(func(op errorfs.Op) error {
		mu.Lock()
		defer mu.Unlock()
		if inCache.Load() && op.Kind.ReadOrWrite() == errorfs.OpIsWrite {
			for _, percent := range []int{0, 50, 100} {
				crashed = append(crashed, disk.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: percent, RNG: rng}))
			}
		}
		return nil
	}))
	s := openOn(t, fs)
	mustCommit(t, s, "before")
	if err := s.WriteCache("one", 3, writeBytes([]byte("old"))); err != nil {
		t.Fatal(err)
	}
	inCache.Store(true)
	if err := s.WriteCache("one", 3<<20, writeBytes(bytes.Repeat([]byte("n"), 3<<20))); err != nil {
		t.Fatal(err)
	}
	inCache.Store(false)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for i, fs := range crashed {
		s := openOn(t, fs)
		v, err := s.View(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := v.Get(t.Context(), "before"); err != nil {
			t.Errorf("crash %d: %v", i, err)
		}
		if got := readCache(t, s, "one"); string(got) != "old" && len(got) != 3<<20 {
			t.Errorf("crash %d: %d bytes are kept", i, len(got))
		}
		if err := errors.Join(v.Close(), s.Close()); err != nil {
			t.Fatal(err)
		}
	}
	if len(crashed) < 12 {
		t.Errorf("only %d crashes", len(crashed))
	}
}
