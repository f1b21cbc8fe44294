package pebble

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	lsm "github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"

	"parley/fault"
	"parley/store"
)

// wantRefusal checks that err tells a person what is wrong with the directory.
func wantRefusal(t *testing.T, err error, code fault.Code, rule string) {
	t.Helper()
	var e *fault.Error
	if !errors.As(err, &e) {
		t.Fatalf("open: %v, want a fault.Error", err)
	}
	if e.Code != code || !strings.Contains(e.Rule, rule) || e.Field != "store directory" || e.Value == "" || e.Hint == "" {
		t.Errorf("open: %+v, want code %s and rule %q, with field, value and hint", e, code, rule)
	}
}

const lockedByTest = "PARLEY_STORE_LOCKED_BY_TEST"

// TestLock opens a directory that this process and then another one has open.
func TestLock(t *testing.T) {
	if dir := os.Getenv(lockedByTest); dir != "" {
		_, err := Open(Config{Dir: dir})
		wantRefusal(t, err, fault.Unavailable, "is in use by another process")
		return
	}
	checkLeak(t)
	dir := t.TempDir()
	s, err := Open(Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	_, err = Open(Config{Dir: dir})
	wantRefusal(t, err, fault.Unavailable, "is in use")
	other := exec.Command(os.Args[0], "-test.run=^TestLock$", "-test.v")
	other.Env = append(os.Environ(), lockedByTest+"="+dir)
	if out, err := other.CombinedOutput(); err != nil || !bytes.Contains(out, []byte("PASS: TestLock")) {
		t.Errorf("the other process: %v\n%s", err, out)
	}
	if _, err := s.Commit(t.Context(), store.Txn{Puts: []store.Put{{Key: "a"}}}); err != nil {
		t.Errorf("the refused openings disturbed the store: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if s, err = Open(Config{Dir: dir}); err != nil {
		t.Fatalf("open after close: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func TestFormat(t *testing.T) {
	checkLeak(t)
	fs := vfs.NewMem()
	with := func(dir, key, value string) {
		t.Helper()
		db, err := lsm.Open(dir, &lsm.Options{FS: fs, Logger: discard{}})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Set([]byte(key), []byte(value), lsm.Sync); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	with("newer", metaFormat, "\x00\x00\x00\x00\x00\x00\x00\x02")
	_, err := Open(Config{Dir: "newer", FS: fs, MemTableBytes: testMemTable})
	wantRefusal(t, err, fault.Unavailable, "is of format 2, and this program reads format 1")
	with("foreign", "their key", "their value")
	_, err = Open(Config{Dir: "foreign", FS: fs, MemTableBytes: testMemTable})
	wantRefusal(t, err, fault.Unavailable, "holds the files of another program")
}

// TestDamage changes one byte of each file of a store in turn, at some places. The store is
// refused or a read fails; or all that it held is there.
func TestDamage(t *testing.T) {
	checkLeak(t)
	w := newWorkload(7, 2, 40)
	dir := t.TempDir()
	s, err := Open(Config{Dir: dir, MemTableBytes: testMemTable})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.run(t, s); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	found, unseen := 0, 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for part := range min(5, len(data)) {
			fs := vfs.NewMem()
			copyDir(t, fs, dir)
			damaged := bytes.Clone(data)
			at := part * len(data) / 5
			damaged[at] ^= 0x10
			writeFile(t, fs, file, damaged)
			if err := openDamaged(t, w, fs, dir); err != nil {
				found++
				if strings.Contains(err.Error(), "neither their state") || strings.Contains(err.Error(), "was acknowledged") {
					t.Errorf("byte %d of %s: silently lost: %v", at, filepath.Base(file), err)
				}
			} else {
				unseen++
			}
		}
	}
	t.Logf("%d damages found, %d without effect", found, unseen)
	if found == 0 {
		t.Error("no damage was found")
	}
}

func openDamaged(t *testing.T, w *workload, fs vfs.FS, dir string) error {
	t.Helper()
	s, err := Open(Config{Dir: dir, FS: fs, MemTableBytes: testMemTable})
	if err != nil {
		return err
	}
	defer s.Close()
	return w.check(t, s, w.acknowledged())
}

func copyDir(t *testing.T, to vfs.FS, dir string) {
	t.Helper()
	if err := to.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := vfs.Clone(vfs.Default, to, dir, dir); err != nil {
		t.Fatal(err)
	}
}

func writeFile(t *testing.T, fs vfs.FS, name string, data []byte) {
	t.Helper()
	f, err := fs.Create(name, vfs.WriteCategoryUnspecified)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(f, bytes.NewReader(data)); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		t.Fatal(fmt.Errorf("write %s: %w", name, err))
	}
}
