package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"parley/api"
	"parley/fault"
	"parley/geo4d"
	"parley/node/view"
	"parley/notice"
)

// victim is a party whose node is killed.
type victim struct {
	t       *testing.T
	program string
	name    string
	dir     string
	api     string // host:port
	token   string
	proc    *exec.Cmd
	client  *client

	mu    sync.Mutex
	acked map[string]int  // versions of notices that the API acknowledged
	said  map[string]bool // entries that it acknowledged
}

// parley runs the program to its end.
func (v *victim) parley(args ...string) string {
	v.t.Helper()
	cmd := exec.Command(v.program, args...)
	cmd.Env = append(os.Environ(), "PARLEY_DIR="+v.dir)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		v.t.Fatalf("%s: parley %s: %v\n%s%s", v.name, strings.Join(args, " "), err, out, errs.String())
	}
	return string(out)
}

// serve starts the node.
func (v *victim) serve() {
	v.t.Helper()
	log, err := os.OpenFile(filepath.Join(v.dir, "node.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		v.t.Fatal(err)
	}
	defer log.Close()
	v.proc = exec.Command(v.program, "serve", "--dir", v.dir)
	v.proc.Stdout, v.proc.Stderr = log, log
	if err := v.proc.Start(); err != nil {
		v.t.Fatal(err)
	}
}

// kill is kill -9.
func (v *victim) kill() {
	if v.proc.ProcessState == nil {
		_ = v.proc.Process.Kill()
		_ = v.proc.Wait() // it says that it was killed
	}
}

// logged fails with the end of the node's log.
func (v *victim) logged(format string, args ...any) {
	v.t.Helper()
	data, _ := os.ReadFile(filepath.Join(v.dir, "node.log"))
	v.t.Fatalf("%s: %s; the end of its log:\n%s", v.name, fmt.Sprintf(format, args...), data[max(0, len(data)-3000):])
}

// until waits at most a minute for a condition.
func (v *victim) until(what string, wrong func() string) {
	v.t.Helper()
	end := time.Now().Add(time.Minute)
	for {
		why := wrong()
		if why == "" {
			return
		}
		if time.Now().After(end) {
			v.logged("not in a minute: %s: %s", what, why)
		}
		<-time.After(20 * time.Millisecond)
	}
}

// line says why the line is not up, or that entries wait on it.
func (v *victim) line(settled bool) string {
	var out api.Lines
	if err := v.client.get(v.t.Context(), "/v1/lines", nil, &out); err != nil {
		return err.Error()
	}
	l := out.Lines[0]
	if l.Evidence != 0 || l.EpochClosed != "" || l.State == "disputed" {
		v.logged("evidence of a fork: %+v", l)
	}
	if !l.Confirmed || settled && (l.State != "up" || l.Undelivered != 0) {
		return fmt.Sprintf("confirmed %t, %s, %d undelivered", l.Confirmed, l.State, l.Undelivered)
	}
	return ""
}

// pairOfVictims makes two parties with an agreement, each with a real directory.
func pairOfVictims(t *testing.T) [2]*victim {
	t.Helper()
	dir := t.TempDir()
	program := filepath.Join(dir, "parley")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	var vs [2]*victim
	var listen [2]string
	for i, name := range []string{"blue", "red"} {
		v := &victim{t: t, program: program, name: name, dir: filepath.Join(dir, name), acked: map[string]int{}, said: map[string]bool{}}
		var err error
		if v.api, err = freePort(t.Context()); err != nil {
			t.Fatal(err)
		}
		if listen[i], err = freePort(t.Context()); err != nil {
			t.Fatal(err)
		}
		v.parley("init", "--party", name, "--plain-key", "--api", v.api, "--listen", listen[i])
		v.token = strings.TrimSpace(v.parley("officer", "add", "Officer of "+name, "--role", "supervisor"))
		v.client = &client{base: "http://" + v.api, token: v.token, http: &http.Client{Transport: &http.Transport{}}}
		vs[i] = v
	}
	file := func(name string) string { return filepath.Join(dir, name) }
	blue, red := vs[0], vs[1]
	red.parley("agreement", "card", "--contact", "duty=+15550200", "-o", file("red.json"))
	blue.parley("agreement", "draft", "--with", file("red.json"), "--whole-earth", "--title", "test", "--contact", "duty=+15550100", "-o", file("draft.json"))
	blue.parley("agreement", "sign", file("draft.json"), "-o", file("one.note"))
	red.parley("agreement", "sign", file("one.note"), "-o", file("both.note"))
	blue.parley("agreement", "join", file("both.note"), "--peer", listen[1])
	red.parley("agreement", "join", file("both.note"), "--peer", listen[0])
	return vs
}

// ask sends one command and reads its answer.
func (v *victim) ask(ctx context.Context, method, path string, in, out any) error {
	data, err := json.Marshal(in)
	if n, ok := in.(notice.Notice); ok {
		data, err = notice.Marshal(n)
	}
	if err != nil {
		return err
	}
	return v.client.do(ctx, method, path, nil, "application/json", data, out)
}

// load files, amends, receives and calls until ctx ends, whatever happens to the node. What was
// not acknowledged is said again, as a careful caller does.
func (v *victim) load(ctx context.Context, worker int, seed uint64) {
	rng := rand.New(rand.NewPCG(seed, uint64(worker)))
	for i := 0; ctx.Err() == nil; i++ {
		n := v.plan(fmt.Sprintf("%s-%d-%d", v.name, worker, i), rng)
		for ctx.Err() == nil {
			var out api.Filings
			err := v.ask(ctx, http.MethodPost, "/v1/notices", n, &out)
			if err == nil {
				v.ack(out.Filed[0].Notice)
				break
			}
			v.expected(ctx, "file", err)
		}
		switch rng.IntN(4) {
		case 0:
			n.Title, n.Version = "amended", 0
			var out view.Filed
			if err := v.ask(ctx, http.MethodPut, "/v1/notices/"+n.ID, n, &out); err == nil {
				v.ack(out.Notice)
			} else {
				v.expected(ctx, "amend", err)
			}
		case 1:
			var c view.Call
			in := api.CallRequest{Type: []string{"hold", "query"}[rng.IntN(2)], Words: api.Words{Text: "say again", Language: "en"}}
			if err := v.ask(ctx, http.MethodPost, "/v1/calls", in, &c); err == nil {
				v.ackEntry(c.Entry)
			} else {
				v.expected(ctx, "call", err)
			}
		}
	}
}

// expected fails the test on any error but that the node was killed or may not sign yet. It waits a
// little, so that a node that is down is not asked all the time.
func (v *victim) expected(ctx context.Context, what string, err error) {
	switch fault.CodeOf(err) {
	case fault.Invalid, fault.Denied, fault.Unauthenticated, fault.Internal, fault.Corrupt, fault.TooLarge:
		if ctx.Err() == nil && !strings.Contains(err.Error(), "EOF") {
			v.t.Errorf("%s: %s: %v", v.name, what, err)
		}
	}
	select {
	case <-ctx.Done():
	case <-time.After(20 * time.Millisecond):
	}
}

func (v *victim) ack(n view.Notice) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.acked[n.ID] = max(v.acked[n.ID], n.Version)
	v.said[n.Entry] = true
}

func (v *victim) ackEntry(entry string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.said[entry] = true
}

// plan is a flight over a wide area, so that some conflict and most do not.
func (v *victim) plan(id string, rng *rand.Rand) notice.Notice {
	from := time.Now().UTC().Truncate(time.Millisecond).Add(48 * time.Hour)
	return notice.Notice{ID: id, Kind: notice.Flight, Title: "survey", Contact: "+15550100", Volumes: []geo4d.Volume{{
		Shape:  geo4d.Circle{Center: geo4d.Position{LonDeg: 340*rng.Float64() - 170, LatDeg: 120*rng.Float64() - 60}, RadiusM: 20_000},
		Window: geo4d.Window{Start: from, End: from.Add(time.Hour)},
	}}}
}

// TestKill kills either of two real nodes with SIGKILL at random moments under load, PARLEY_KILLS times.
func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds and kills the program")
	}
	kills := 6
	if s := os.Getenv("PARLEY_KILLS"); s != "" {
		var err error
		if kills, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	vs := pairOfVictims(t)
	for _, v := range vs {
		v.serve()
		t.Cleanup(func() { v.kill() })
	}
	for _, v := range vs {
		v.until("the line is up", func() string { return v.line(true) })
	}
	ctx, stop := context.WithCancel(t.Context())
	var load sync.WaitGroup
	for _, v := range vs {
		for worker := range 4 {
			load.Go(func() { v.load(ctx, worker, seed) })
		}
	}
	rng := rand.New(rand.NewPCG(seed, 99))
	for i := range kills {
		<-time.After(time.Duration(rng.IntN(700)) * time.Millisecond)
		v := vs[rng.IntN(2)]
		v.kill()
		if rng.IntN(4) == 0 { // the other one too, while this one is away
			vs[0].kill()
			vs[1].kill()
		}
		for _, v := range vs {
			if v.proc.ProcessState != nil {
				v.serve()
			}
		}
		if rng.IntN(3) == 0 {
			continue // killed again before it is up
		}
		for _, v := range vs {
			began := time.Now()
			v.until("the node may sign", func() string { return v.line(false) })
			t.Logf("kill %d: %s may sign after %v", i, v.name, time.Since(began).Round(time.Millisecond))
		}
	}
	for _, v := range vs {
		v.until("the node may sign", func() string { return v.line(false) })
	}
	stop()
	load.Wait()
	for _, v := range vs {
		v.until("settled", func() string { return v.line(true) })
	}
	compareVictims(t, vs)
}

// compareVictims checks what must hold of two nodes after everything.
func compareVictims(t *testing.T, vs [2]*victim) {
	t.Helper()
	vs[0].until("the pictures agree", func() string {
		a, b := vs[0].picture(), vs[1].picture()
		for k, x := range a {
			if !reflect.DeepEqual(x, b[k]) {
				return fmt.Sprintf("%s: %+v and %+v", k, x, b[k])
			}
		}
		if len(a) != len(b) {
			return fmt.Sprintf("%d and %d notices, conflicts and calls", len(a), len(b))
		}
		return ""
	})
	for _, v := range vs {
		log := v.log()
		pic := v.picture()
		for _, other := range vs {
			for id, version := range other.acked {
				if n, ok := pic["notice "+other.name+"/"+id].(seenNotice); !ok || n.Version < version {
					t.Errorf("%s: version %d of %s was acknowledged by %s; here is %d", v.name, version, id, other.name, n.Version)
				}
			}
			for e := range other.said {
				if !log[e] {
					t.Errorf("%s lacks entry %s, which %s acknowledged", v.name, e, other.name)
				}
			}
		}
		bundle := filepath.Join(v.dir, "out.bundle")
		v.parley("export", "--token", v.token, "-o", bundle)
		v.parley("verify", bundle)
		t.Logf("%s: %d notices and %d entries acknowledged, %d in the log", v.name, len(v.acked), len(v.said), len(log))
	}
}

// seenNotice and seenConflict are what both sides must show alike.
type seenNotice struct {
	Entry     string
	Version   int
	State     notice.State
	Title     string
	Conflicts []string
}

type seenConflict struct {
	A, B  view.Party
	State string
	Filed []string
}

// picture is everything that a node shows, by name.
func (v *victim) picture() map[string]any {
	v.t.Helper()
	out := map[string]any{}
	get := func(path string, into any) {
		if err := v.client.get(v.t.Context(), path, nil, into); err != nil {
			v.logged("%s: %v", path, err)
		}
	}
	var notices api.Notices
	get("/v1/notices", &notices)
	for _, n := range notices.Notices {
		out["notice "+n.Party+"/"+n.ID] = seenNotice{n.Entry, n.Version, n.State, n.Title, n.Conflicts}
	}
	var conflicts api.Conflicts
	get("/v1/conflicts?all=true", &conflicts)
	for _, c := range conflicts.Conflicts {
		slices.Sort(c.Filed)
		out["conflict "+c.ID] = seenConflict{c.A, c.B, c.State, c.Filed}
	}
	var calls api.Calls
	get("/v1/calls", &calls)
	for _, c := range calls.Calls {
		out["call "+c.Entry] = c.Type
	}
	return out
}

// log returns the names of all entries that a node holds.
func (v *victim) log() map[string]bool {
	v.t.Helper()
	out := map[string]bool{}
	for next := ""; ; {
		var page api.Log
		if err := v.client.get(v.t.Context(), "/v1/log?after="+next, nil, &page); err != nil {
			v.logged("log: %v", err)
		}
		for _, e := range page.Entries {
			if out[e.Entry] {
				v.t.Errorf("%s: entry %s is there twice", v.name, e.Entry)
			}
			out[e.Entry] = true
		}
		if next = page.Next; len(page.Entries) == 0 {
			return out
		}
	}
}
