package pebble

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"parley/fault"
	"parley/internal/testnet"
	"parley/store"
)

// faultFS fails operations that change the file system: from number first on, or number first alone.
type faultFS struct {
	vfs.FS
	first int64
	once  bool
	count atomic.Int64

	mu     sync.Mutex
	failed string // the first operation that failed
}

func newFaultFS(fs vfs.FS, first int64, once bool) *faultFS {
	f := &faultFS{first: first, once: once}
	f.FS = newHookFS(fs, f.maybeError)
	return f
}

func (f *faultFS) maybeError(op errorfs.Op) error {
	if op.Kind.ReadOrWrite() != errorfs.OpIsWrite || op.Kind == errorfs.OpLock {
		return nil
	}
	n := f.count.Add(1) - 1
	if n < f.first || f.once && n > f.first {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.failed == "" {
		f.failed = fmt.Sprintf("operation %d, of kind %d on %s", n, op.Kind, op.Path)
	}
	return &fsError{op: op.Path}
}

func (f *faultFS) what() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.failed
}

// harmless says that what failed is no failure of the store.
func (f *faultFS) harmless() bool {
	if !f.once {
		return false
	}
	return strings.Contains(f.what(), fmt.Sprintf("kind %d ", errorfs.OpRemove)) ||
		strings.Contains(f.what(), fmt.Sprintf("kind %d ", errorfs.OpFilePreallocate))
}

type fsError struct{ op string }

func (e *fsError) Error() string { return "write " + e.op + ": " + syscall.ENOSPC.Error() }
func (e *fsError) Unwrap() error { return syscall.ENOSPC }

// TestFaultAtEveryWrite lets each write, sync, create, rename and removal of a run fail, that one alone
// or, as on a full disk, all from there on.
func TestFaultAtEveryWrite(t *testing.T) {
	checkLeak(t)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	for _, once := range []bool{true, false} {
		runs, failed := 0, 0
		for first := int64(0); ; first++ {
			fs := testnet.NewDisk()
			faulty := newFaultFS(fs, first, once)
			w := newWorkload(seed, 3, 12)
			if faultRun(t, w, faulty) {
				failed++
			}
			if faulty.what() == "" {
				break // the run ended before operation first
			}
			runs++
			for _, percent := range []int{0, 50} {
				left := fs.Crash(percent, rand.New(rand.NewPCG(seed, uint64(first))))
				checkCrash(t, w, left, crash{acked: w.acknowledged(), during: "fault: " + faulty.what()})
			}
			checkCrash(t, w, fs, crash{acked: w.acknowledged(), during: "fault, without a crash: " + faulty.what()})
		}
		if failed < runs/2 {
			t.Errorf("of %d runs with a fault only %d failed", runs, failed)
		}
		t.Logf("once %t: %d runs, %d failed stores", once, runs, failed)
	}
}

// faultRun runs the workload on a faulty file system and closes the store. It checks what holds
// until then, and says whether the store failed.
func faultRun(t *testing.T, w *workload, fs *faultFS) bool {
	t.Helper()
	s, err := openTest(fs)
	if err != nil {
		if !fault.Is(err, fault.Unavailable) || !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("%s: open: %v", fs.what(), err)
		}
		return true
	}
	defer func() {
		err := s.Close()
		if err != nil && (s.Err() == nil || !errors.Is(err, syscall.ENOSPC)) {
			t.Errorf("%s: close: %v", fs.what(), err)
		}
	}()
	err = w.run(t, s)
	if err != nil && (!errors.Is(err, store.ErrFailed) || !errors.Is(err, syscall.ENOSPC)) {
		t.Errorf("%s: commit: %v", fs.what(), err)
	}
	select {
	case <-s.Failed():
	default:
		if err != nil {
			t.Errorf("%s: %v, and the store is not failed", fs.what(), err)
		}
		return false
	}
	if fs.harmless() {
		t.Errorf("%s: the store failed", fs.what())
	}
	checkFailed(t, w, s, fs.what())
	return true
}

// checkFailed checks a failed store: it refuses, and still shows what was acknowledged and no more.
func checkFailed(t *testing.T, w *workload, s *Store, what string) {
	t.Helper()
	if err := s.Err(); !errors.Is(err, store.ErrFailed) || !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("%s: Err is %v", what, err)
	}
	for range 3 {
		if _, err := s.Commit(t.Context(), store.Txn{Puts: []store.Put{{Key: "late"}}}); !errors.Is(err, store.ErrFailed) {
			t.Errorf("%s: commit to a failed store: %v", what, err)
		}
		if _, err := s.Commit(t.Context(), store.Txn{}); !errors.Is(err, store.ErrFailed) {
			t.Errorf("%s: empty commit to a failed store: %v", what, err)
		}
	}
	acked := w.acknowledged()
	if err := w.check(t, s, acked); err != nil {
		t.Errorf("%s: a view of the failed store: %v", what, err)
	}
	var end error
	for _, err := range s.Watch(context.Background(), "", 0) {
		end = err
	}
	if !errors.Is(end, store.ErrFailed) {
		t.Errorf("%s: a watch of the failed store ends with %v", what, end)
	}
}

// TestFailureWhileWaiting fails the sync under commits that wait: each returns, none succeeds, and
// what was shown before is what a reader still sees.
func TestFailureWhileWaiting(t *testing.T) {
	checkLeak(t)
	var failing atomic.Bool
	reached := make(chan struct{})
	resume := make(chan struct{})
	fs := newHookFS(vfs.NewMem(), func(op errorfs.Op) error {
		if strings.HasSuffix(op.Path, ".log") && op.Kind == errorfs.OpFileSyncData && failing.CompareAndSwap(true, false) {
			close(reached)
			<-resume
			return syscall.EIO
		}
		return nil
	})
	s, err := openTest(fs)
	if err != nil {
		t.Fatal(err)
	}
	put := func(ctx context.Context, key string) error {
		_, err := s.Commit(ctx, store.Txn{Puts: []store.Put{{Key: key}}})
		return err
	}
	if err := put(t.Context(), "before"); err != nil {
		t.Fatal(err)
	}
	failing.Store(true)
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := put(t.Context(), "failing"); !errors.Is(err, store.ErrFailed) || !errors.Is(err, syscall.EIO) {
			t.Errorf("the commit whose sync fails: %v", err)
		}
	})
	<-reached
	ctx, cancel := context.WithCancel(t.Context())
	cancelled := make(chan error)
	go func() { cancelled <- put(ctx, "cancelled") }()
	cancel()
	if err := <-cancelled; !errors.Is(err, context.Canceled) {
		t.Errorf("a commit that waits for a hanging disk, cancelled: %v", err)
	}
	for i := range 10 {
		wg.Go(func() {
			if err := put(t.Context(), fmt.Sprint("waiting", i)); !errors.Is(err, store.ErrFailed) {
				t.Errorf("a commit that waits when the store fails: %v", err)
			}
		})
	}
	v, err := s.View(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.Get(t.Context(), "failing"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a view shows what is not synced: %v", err)
	}
	close(resume)
	wg.Wait()
	if after, err := s.View(t.Context()); err != nil || after.Revision() != v.Revision() {
		t.Errorf("the view of the failed store: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("close of a failed store: %v", err)
	}
}

func TestFatalfFailsTheStore(t *testing.T) {
	checkLeak(t)
	s, err := openTest(vfs.NewMem())
	if err != nil {
		t.Fatal(err)
	}
	l := logger{gate: s.gate, log: s.log}
	l.Fatalf("engine: %s", "broken")
	l.Fatalf("engine: %s", "broken again")
	<-s.Failed()
	if err := s.Err(); !errors.Is(err, store.ErrFailed) || !strings.Contains(err.Error(), "engine: broken") {
		t.Errorf("Err is %v", err)
	}
	if _, err := s.Commit(t.Context(), store.Txn{Puts: []store.Put{{Key: "a"}}}); !errors.Is(err, store.ErrFailed) {
		t.Errorf("commit: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("close of a failed store: %v", err)
	}
}
