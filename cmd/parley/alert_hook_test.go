package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"parley/alert"
)

func script(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "hook")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+text), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func hooks(t *testing.T) hookRunner {
	env := map[string]string{"PATH": os.Getenv("PATH"), "PARLEY_PASSPHRASE": "correct-horse", "HOME": "/home/of/node"}
	return hookRunner{&app{env: func(name string) string { return env[name] }}, t.TempDir()}
}

func TestAHookGetsItsInputAndLittleOfTheEnvironment(t *testing.T) {
	h := hooks(t)
	out, err := h.run(t.Context(), script(t, `cat; echo "$1|$PARLEY_PASSPHRASE|$HOME|$(pwd)"; env | grep -c PARLEY >&2; exit 0`), []string{"a b"}, []byte("message\n"))
	if want := "message\na b||/home/of/node|" + h.dir + "\n0\n"; err != nil || string(out) != want {
		t.Errorf("got %q, %v; want %q", out, err, want)
	}
}

func TestAHooksOutputIsBounded(t *testing.T) {
	out, err := hooks(t).run(t.Context(), script(t, `head -c 10000000 /dev/zero; exit 3`), nil, nil)
	var exit *exec.ExitError
	if len(out) != alert.MaxHookOutput || !errors.As(err, &exit) || exit.ExitCode() != 3 {
		t.Errorf("%d bytes, %v", len(out), err)
	}
}

func TestAHookThatReadsNothingIsNoFailure(t *testing.T) {
	if out, err := hooks(t).run(t.Context(), script(t, `echo done`), nil, []byte(strings.Repeat("x", 1<<20))); err != nil || string(out) != "done\n" {
		t.Errorf("%q, %v", out, err)
	}
}

func TestAHookThatIsNotThereSaysSo(t *testing.T) {
	if _, err := hooks(t).run(t.Context(), "/nonexistent/page", nil, nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
}

// What is cut off is gone with all that it started: the children hold the pipe, and its end is seen.
func TestAHookIsKilledWithAllThatItStarted(t *testing.T) {
	dir := t.TempDir()
	fifo := filepath.Join(dir, "fifo")
	if err := exec.Command("mkfifo", fifo).Run(); err != nil {
		t.Skip("no mkfifo here")
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := hooks(t).run(ctx, script(t, `(echo started; exec sleep 3600) > "$1" & wait`), []string{fifo}, nil)
		done <- err
	}()
	f, err := os.Open(fifo) // waits until the child has it open
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	buf := make([]byte, 64)
	if n, err := f.Read(buf); err != nil || string(buf[:n]) != "started\n" {
		t.Fatalf("%q, %v", buf[:n], err)
	}
	cancel()
	if n, err := f.Read(buf); n != 0 || err == nil {
		t.Errorf("%q, %v: the child lives", buf[:n], err)
	}
	if err := <-done; err == nil {
		t.Error("a hook that was cut off succeeded")
	}
}
