package main

import (
	"crypto/ed25519"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"parley/cmd/parley/home"
	"parley/internal/clock"
	"parley/internal/strictjson"
	"parley/transcript"
	"parley/witness"
)

// TestWitnessKilled kills a witness with kill -9 while a log and its fork are submitted, and holds all that
// it ever cosigned together: it is one history, and neither size nor time went back.
func TestWitnessKilled(t *testing.T) {
	w := newKilledWitness(t)
	rng := rand.New(rand.NewPCG(1, 2))
	for range 4 {
		url := w.start(t)
		var group sync.WaitGroup
		for i := range 4 {
			group.Go(func() { w.submit(t, url, i%2) })
		}
		<-time.After(time.Duration(100+rng.IntN(150)) * time.Millisecond)
		_ = w.proc.Process.Kill()
		_ = w.proc.Wait() // it says that it was killed
		group.Wait()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.signed) < 4 {
		t.Errorf("cosigned %d heads in all", len(w.signed))
	}
	of := map[int]bool{}
	for _, s := range w.signed {
		if of[s.history] = of[s.history] || s.Size > 3; of[0] && of[1] {
			t.Fatalf("both histories were cosigned")
		}
	}
	// What was asked for after an answer had come is not smaller, and not earlier.
	for _, s := range w.signed {
		for _, after := range w.signed {
			if after.asked.After(s.answered) && (after.Size < s.Size || after.Time.Before(s.Time)) {
				t.Fatalf("size %d at %s was cosigned after size %d at %s", after.Size, after.Time, s.Size, s.Time)
			}
		}
	}
}

// killedWitness is a witness in a process of its own.
type killedWitness struct {
	home    home.Witness
	key     transcript.WitnessKey
	logKey  ed25519.PrivateKey
	hashes  [2]transcript.Hashes // of two histories that part after 3 entries
	roots   [2][]transcript.Hash
	program string
	proc    *exec.Cmd

	mu     sync.Mutex
	signed []killedCosignature
}

type killedCosignature struct {
	transcript.Cosignature
	history         int
	asked, answered time.Time
}

func newKilledWitness(t *testing.T) *killedWitness {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	w := &killedWitness{home: home.Witness{Dir: filepath.Join(t.TempDir(), "w")}, program: program, logKey: ed25519.NewKeyFromSeed(make([]byte, 32))}
	for i := range w.roots {
		var tree transcript.Tree
		w.roots[i] = append(w.roots[i], tree.Root())
		for n := range 4000 {
			entry := fmt.Sprint(n)
			if n >= 3 {
				entry = fmt.Sprint(n, " of history ", i)
			}
			w.hashes[i] = append(w.hashes[i], tree.Append(tlog.RecordHash([]byte(entry)))...)
			w.roots[i] = append(w.roots[i], tree.Root())
		}
	}
	out, err := w.command("init", "--name", "witness.example/w1").Output()
	if err != nil {
		t.Fatal(err)
	}
	if w.key, err = transcript.ParseWitnessKey(strings.TrimSpace(string(out))); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if w.proc != nil && w.proc.ProcessState == nil {
			_ = w.proc.Process.Kill()
			_ = w.proc.Wait()
		}
	})
	return w
}

func (w *killedWitness) origin() transcript.Origin {
	return transcript.Origin{Line: strings.Repeat("ab", 32), Epoch: 1, Side: transcript.A}
}

// command runs this test's own program as parley.
func (w *killedWitness) command(args ...string) *exec.Cmd {
	return &exec.Cmd{Path: w.program, Args: append([]string{"parley", "witness", args[0], "--dir", w.home.Dir}, args[1:]...)}
}

// start starts the witness and returns where it listens.
func (w *killedWitness) start(t *testing.T) string {
	t.Helper()
	_ = os.Remove(filepath.Join(w.home.Dir, "run.json")) // a killed one leaves it
	log := filepath.Join(w.home.Dir, "log.txt")
	f, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	o := w.origin().String()
	w.proc = w.command("serve", "--listen", "127.0.0.1:0", "--log", o+" "+transcript.LogKey(o, w.logKey.Public().(ed25519.PublicKey)))
	w.proc.Stderr = f
	if err := w.proc.Start(); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(time.Minute); ; {
		data, err := os.ReadFile(filepath.Join(w.home.Dir, "run.json"))
		var run home.WitnessRun
		if err == nil && strictjson.Decode(data, strictjson.Limits{Bytes: 1 << 16, Depth: 4}, &run) == nil {
			return run.URL
		}
		if time.Now().After(end) {
			said, _ := os.ReadFile(log)
			t.Fatalf("the witness did not start:\n%s", said)
		}
		<-time.After(5 * time.Millisecond)
	}
}

// submit has ever larger heads of one history cosigned until the witness is gone.
func (w *killedWitness) submit(t *testing.T, url string, history int) {
	var d net.Dialer
	c, err := witness.NewClient(w.key, url, d.DialContext, clock.System{})
	if err != nil {
		t.Error(err)
		return
	}
	for size, known := int64(1+history), int64(0); size < 4000; size++ {
		h, err := transcript.SignHead(w.logKey, w.origin(), size, w.roots[history][size], time.Now())
		if err != nil {
			t.Error(err)
			return
		}
		asked := time.Now()
		cos, held, err := c.Cosign(t.Context(), h, known, func(old int64) ([]transcript.Hash, error) {
			return transcript.ProveConsistency(old, size, w.hashes[history])
		})
		known = held
		switch witness.TroubleOf(err) {
		case witness.Unreachable:
			if err != nil {
				return
			}
		case witness.Ahead:
			size = held
		}
		if err == nil {
			w.mu.Lock()
			w.signed = append(w.signed, killedCosignature{cos, history, asked, time.Now()})
			w.mu.Unlock()
		} else {
			<-time.After(5 * time.Millisecond)
		}
	}
}
