package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"parley/api"
	"parley/fault"
	"parley/node/view"
)

// demoSide is one party with its own directory, keys, ports and node.
type demoSide struct {
	*demo
	name, title string
	dir         string
	api, line   string // addresses
	node        *exec.Cmd
	gone        chan struct{}
	client      *client
}

// run gives a command as this side's officer would, shows it, and shows what it prints.
func (s *demoSide) run(ctx context.Context, args ...string) error {
	s.say("  %s$ parley %s", s.title, shown(args))
	out, err := s.quiet(ctx, args...)
	for line := range strings.Lines(out) {
		s.say("  %s| %s", s.title, strings.TrimRight(line, "\n"))
	}
	return err
}

// shown writes a command line for people: file names without their directory, words in quotes.
func shown(args []string) string {
	out := make([]string, len(args))
	for i, a := range args {
		if filepath.IsAbs(a) {
			a = filepath.Base(a)
		}
		if strings.ContainsAny(a, " ,;") {
			a = `"` + a + `"`
		}
		out[i] = a
	}
	return strings.Join(out, " ")
}

// quiet gives a command and returns what it prints.
func (s *demoSide) quiet(ctx context.Context, args ...string) (string, error) {
	cmd := s.command(ctx, args...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return out.String() + errs.String(), &fault.Error{Code: fault.Internal, Op: "demo", Rule: fmt.Sprintf("%s: parley %s: %s", s.title, shown(args), strings.TrimSpace(errs.String())), Err: err}
	}
	return out.String(), nil
}

func (s *demoSide) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, s.program, args...)
	own := func(v string) bool { return strings.HasPrefix(v, "PARLEY_") }
	cmd.Env = append(slices.DeleteFunc(os.Environ(), own), "PARLEY_DIR="+s.dir, "PARLEY_LANGUAGE="+s.a.said.Language)
	return cmd
}

// exit gives a command that must end with a certain exit status.
func (s *demoSide) exit(ctx context.Context, want exitCode, args ...string) error {
	s.say("  %s$ parley %s", s.title, shown(args))
	cmd := s.command(ctx, args...)
	out, err := cmd.CombinedOutput()
	for line := range strings.Lines(string(out)) {
		s.say("  %s| %s", s.title, strings.TrimRight(line, "\n"))
	}
	var status *exec.ExitError
	if !errors.As(err, &status) || exitCode(status.ExitCode()) != want {
		return fault.Newf(fault.Internal, "demo", "parley %s should end with exit status %d: %v", shown(args), int(want), err)
	}
	return nil
}

// start starts the side's node, with its log beside its store. The node outlives this program.
func (s *demoSide) start() error {
	log, err := os.Create(filepath.Join(s.dir, "node.log"))
	if err != nil {
		return fault.Wrap(fault.Unavailable, "demo", err)
	}
	defer log.Close()
	s.node = s.command(context.Background(), "serve")
	s.node.Stdout, s.node.Stderr = log, log
	s.node.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := s.node.Start(); err != nil {
		return fault.Wrap(fault.Unavailable, "demo", err)
	}
	s.gone = make(chan struct{})
	go func() {
		defer close(s.gone)
		_ = s.node.Wait()
	}()
	return nil
}

func (s *demoSide) pid() int { return s.node.Process.Pid }

func (s *demoSide) stop() {
	if s.node == nil {
		return
	}
	_ = s.node.Process.Signal(syscall.SIGTERM)
	select {
	case <-s.gone:
	case <-s.a.after(10 * time.Second):
		_ = s.node.Process.Kill()
		<-s.gone
	}
}

// after is a channel that receives once after d.
func (a *app) after(d time.Duration) <-chan time.Time {
	c, _ := a.clock.Timer(d)
	return c
}

// connect waits until the side's node answers and its line is up.
func (s *demoSide) connect(ctx context.Context) error {
	r := &remote{where: where{Dir: s.dir}, Wait: 20 * time.Second}
	c, err := r.open(s.a)
	if err != nil {
		return err
	}
	s.client = c
	return s.until(ctx, "the line of "+s.title+" is up", func(ctx context.Context) (bool, error) {
		var lines api.Lines
		if err := s.client.get(ctx, "/v1/lines", nil, &lines); err != nil {
			return false, err
		}
		return len(lines.Lines) == 1 && lines.Lines[0].State == "up" && lines.Lines[0].Confirmed, nil
	})
}

// sees waits until this side's picture of a notice satisfies ok.
func (s *demoSide) sees(ctx context.Context, id, what string, ok func(view.Notice) bool) error {
	return s.until(ctx, s.title+": "+what, func(ctx context.Context) (bool, error) {
		var n view.Notice
		err := s.client.get(ctx, "/v1/notices/"+url.PathEscape(id), nil, &n)
		if fault.Is(err, fault.NotFound) {
			return false, nil
		}
		return err == nil && ok(n), err
	})
}

// alarmed waits until this side has alarms of these kinds.
func (s *demoSide) alarmed(ctx context.Context, kinds ...string) error {
	return s.until(ctx, s.title+" is alarmed: "+strings.Join(kinds, ", "), func(ctx context.Context) (bool, error) {
		var out api.Alarms
		if err := s.client.get(ctx, "/v1/alarms", nil, &out); err != nil {
			return false, err
		}
		have := map[string]bool{}
		for _, a := range out.Alarms {
			have[a.Kind] = true
		}
		for _, k := range kinds {
			if !have[k] {
				return false, nil
			}
		}
		return true, nil
	})
}

// conflict waits until this side has a conflict of a state between two notices, and returns it.
func (s *demoSide) conflict(ctx context.Context, r, other, state string, ok func(view.Conflict) bool) (view.Conflict, error) {
	var found view.Conflict
	err := s.until(ctx, s.title+" has the conflict of "+r+" and "+other, func(ctx context.Context) (bool, error) {
		var out api.Conflicts
		if err := s.client.get(ctx, "/v1/conflicts", url.Values{"all": {"true"}}, &out); err != nil {
			return false, err
		}
		for _, c := range out.Conflicts {
			if c.A.Notice == r && c.B.Notice == other && c.State == state && (ok == nil || ok(c)) {
				found = c
				return true, nil
			}
		}
		return false, nil
	})
	return found, err
}

// cancel cancels a notice, which takes two persons: a second officer of the side releases it.
func (s *demoSide) cancel(ctx context.Context, id string) error {
	token, err := s.quiet(ctx, "officer", "add", "second officer of "+s.title, "--role", "duty")
	if err != nil {
		return err
	}
	path := filepath.Join(s.dir, "second.token")
	if err := os.WriteFile(path, []byte(token), 0o600); err != nil {
		return fault.Wrap(fault.Unavailable, "demo", err)
	}
	if err := s.run(ctx, "notice", "cancel", id); err != nil {
		return err
	}
	return s.run(ctx, "release", "give", "1", "--token-file", path)
}

// freePort finds a port on the loopback that nobody has now.
func freePort(ctx context.Context) (string, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fault.Wrap(fault.Unavailable, "demo", err)
	}
	defer l.Close()
	return l.Addr().String(), nil
}
