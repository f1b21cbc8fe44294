package pebble

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"parley/internal/testnet"
	"parley/store"
)

const testMemTable = 32 << 10 // so that a short run flushes, compacts and rotates its log

// hookFS calls inject before each operation. errorfs.FS leaves out those on a file that it reuses.
type hookFS struct {
	*errorfs.FS
	inject errorfs.InjectorFunc
}

func newHookFS(fs vfs.FS, inject errorfs.InjectorFunc) hookFS {
	return hookFS{FS: errorfs.Wrap(fs, inject), inject: inject}
}

func (h hookFS) ReuseForWrite(from, to string, c vfs.DiskWriteCategory) (vfs.File, error) {
	f, err := h.FS.ReuseForWrite(from, to, c)
	if err != nil {
		return nil, err
	}
	return errorfs.WrapFile(f, errorfs.InjectorFunc(func(op errorfs.Op) error {
		op.Path = to
		return h.inject(op)
	})), nil
}

// A crash is the file system as a crash left it, and what had been acknowledged by then.
type crash struct {
	fs     *testnet.Disk
	acked  acknowledged
	during string
}

// crashFS returns fs such that before each operation that changes it, crashes are taken, with
// each share of what was not synced lost. Each lists what was taken so far.
func crashFS(fs *testnet.Disk, w *workload, rng *rand.Rand) (wrapped vfs.FS, crashes func() []crash) {
	var mu sync.Mutex
	var taken []crash
	inject := func(op errorfs.Op) error {
		if op.Kind.ReadOrWrite() != errorfs.OpIsWrite || op.Kind == errorfs.OpLock {
			return nil
		}
		mu.Lock()
		defer mu.Unlock()
		for _, percent := range []int{0, 50, 100} {
			acked := w.acknowledged() // before the clone: what is acknowledged later need not be in it
			taken = append(taken, crash{
				fs:     fs.Crash(percent, rng),
				acked:  acked,
				during: fmt.Sprintf("operation %d on %s, %d %% of what was not synced kept", op.Kind, op.Path, percent),
			})
		}
		return nil
	}
	return newHookFS(fs, inject), func() []crash {
		mu.Lock()
		defer mu.Unlock()
		return taken
	}
}

func openTest(fs vfs.FS) (*Store, error) {
	return Open(Config{Dir: "store", FS: fs, MemTableBytes: testMemTable})
}

// TestCrashAtEveryWrite crashes a run before each of its writes, syncs, creates, renames and
// removals, and the opening after a crash at each of its own.
func TestCrashAtEveryWrite(t *testing.T) {
	checkLeak(t)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 2))
	w := newWorkload(seed, 3, 15)
	fs, crashes := crashFS(testnet.NewDisk(), w, rng)
	s, err := openTest(fs)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.run(t, s); err != nil {
		t.Fatal(err)
	}
	if err := w.check(t, s, w.acknowledged()); err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	first := crashes()
	t.Logf("%d crashes", len(first))
	for i, c := range first {
		again := func() []crash { return nil }
		opened := vfs.FS(c.fs)
		if i%60 == 0 {
			opened, again = crashFS(c.fs, w, rng)
		}
		checkCrash(t, w, opened, c)
		for _, twice := range again() {
			twice.acked = c.acked
			checkCrash(t, w, twice.fs, twice)
		}
	}
}

// checkCrash opens what a crash left, checks it, and commits.
func checkCrash(t *testing.T, w *workload, fs vfs.FS, c crash) {
	t.Helper()
	s, err := openTest(fs)
	if err != nil {
		t.Errorf("crash during %s: open: %v", c.during, err)
		return
	}
	if err := w.check(t, s, c.acked); err != nil {
		t.Errorf("crash during %s: %v", c.during, err)
	}
	rev, err := s.Commit(t.Context(), store.Txn{Puts: []store.Put{{Key: "after"}}})
	if err != nil || rev <= c.acked.newest {
		t.Errorf("crash during %s: the next commit: revision %d, %v", c.during, rev, err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("crash during %s: close: %v", c.during, err)
	}
}
