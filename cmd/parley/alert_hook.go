package main

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
	"time"

	"parley/alert"
)

// hookRunner runs the programs of hooks.
type hookRunner struct {
	a   *app
	dir string // in which they run
}

// letGo is how long the output of a program that ended is waited for: something that it started
// may keep it open.
const letGo = 2 * time.Second

// run runs a program to its end, or kills it and all that it started when ctx ends. It sees little
// of the node's environment: a passphrase or a token may be in there.
func (h hookRunner) run(ctx context.Context, program string, args []string, stdin []byte) ([]byte, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = h.dir
	cmd.Env = []string{}
	for _, name := range []string{"PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "TMPDIR"} {
		if v := h.a.env(name); v != "" {
			cmd.Env = append(cmd.Env, name+"="+v)
		}
	}
	out := &head{most: alert.MaxHookOutput}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(stdin), out, out
	cmd.WaitDelay = letGo
	ownGroup(cmd)
	err := cmd.Run()
	if errors.Is(err, exec.ErrWaitDelay) {
		err = nil // it ended well, and left something running
	}
	return out.buf, err
}

// head keeps the beginning of what is written and drops the rest.
type head struct {
	most int
	buf  []byte
}

func (h *head) Write(p []byte) (int, error) {
	h.buf = append(h.buf, p[:min(len(p), h.most-len(h.buf))]...)
	return len(p), nil
}
