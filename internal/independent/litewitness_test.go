package independent

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"filippo.io/torchwood"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
	"golang.org/x/mod/sumdb/tlog"
)

// startWithin is how long litewitness may take to open its port.
const startWithin = 30 * time.Second

// A logKey names a log that a witness knows: the origin of its checkpoints and the C2SP
// signed-note verifier key of the one who signs them.
type logKey struct {
	origin, vkey string
}

// A witness is a running litewitness.
type witness struct {
	url      string
	verifier *torchwood.CosignatureVerifier
	client   *http.Client
}

// startWitness builds torchwood's litewitness and witnessctl, makes a witness that knows the logs,
// and runs it on loopback until the test ends.
func startWitness(t *testing.T, name string, logs ...logKey) *witness {
	t.Helper()
	bin, work := t.TempDir(), t.TempDir()
	run(t, "go", "build", "-o", bin+"/",
		"filippo.io/torchwood/cmd/litewitness", "filippo.io/torchwood/cmd/witnessctl")

	db := filepath.Join(work, "witness.db")
	for _, l := range logs {
		run(t, filepath.Join(bin, "witnessctl"), "add-log", "-db", db, "-origin", l.origin)
		run(t, filepath.Join(bin, "witnessctl"), "add-key", "-db", db, "-origin", l.origin, "-key", l.vkey)
	}

	pub, priv, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	sshPub, err := ssh.NewPublicKey(pub)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := torchwood.NewCosignatureSigner(name, priv)
	if err != nil {
		t.Fatal(err)
	}

	addr := freeAddr(t)
	runUntilEnd(t, filepath.Join(bin, "litewitness"), "-name", name, "-db", db, "-listen", addr,
		"-ssh-agent", serveAgent(t, priv), "-key", ssh.FingerprintSHA256(sshPub))
	w := &witness{url: "http://" + addr, verifier: signer.Verifier(), client: &http.Client{}}
	t.Cleanup(w.client.CloseIdleConnections)
	w.await(t)
	return w
}

// addCheckpoint submits a signed checkpoint as C2SP tlog-witness has it: the size that the witness
// is thought to hold, the consistency proof from there, and the checkpoint.
func (w *witness) addCheckpoint(t *testing.T, old int64, proof tlog.TreeProof, signed []byte) (status int, body []byte) {
	t.Helper()
	var req bytes.Buffer
	fmt.Fprintf(&req, "old %d\n", old)
	for _, h := range proof {
		fmt.Fprintf(&req, "%s\n", h)
	}
	req.WriteByte('\n')
	req.Write(signed)
	resp, err := w.client.Post(w.url+"/add-checkpoint", "text/plain", &req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err = io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, body
}

// await returns when the witness answers. A process has no other way to say that its port is open.
func (w *witness) await(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), startWithin)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, w.url+"/", nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := w.client.Do(req)
		if err == nil {
			resp.Body.Close()
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("litewitness does not answer on %s: %v", w.url, err)
		}
	}
}

// serveAgent serves an ssh-agent that holds key on a Unix socket until the test ends.
func serveAgent(t *testing.T, key ed25519.PrivateKey) (socket string) {
	t.Helper()
	ring := agent.NewKeyring()
	if err := ring.Add(agent.AddedKey{PrivateKey: key}); err != nil {
		t.Fatal(err)
	}
	// A socket's path has about 100 bytes at most; t.TempDir may be longer.
	dir, err := os.MkdirTemp("", "agent")
	if err != nil {
		t.Fatal(err)
	}
	socket = filepath.Join(dir, "s")
	ln, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	var served sync.WaitGroup
	served.Go(func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			served.Go(func() {
				defer conn.Close()
				_ = agent.ServeAgent(ring, conn) // ends when litewitness hangs up
			})
		}
	})
	t.Cleanup(func() {
		ln.Close()
		served.Wait()
		os.RemoveAll(dir)
	})
	return socket
}

// freeAddr returns a loopback address that was free a moment ago; litewitness takes no other kind.
func freeAddr(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().String()
}

// run runs a command to its end.
func run(t *testing.T, name string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
}

// runUntilEnd starts a program, interrupts it when the test ends, and fails the test if it had
// ended before or ends badly.
func runUntilEnd(t *testing.T, name string, args ...string) {
	t.Helper()
	cmd := exec.Command(name, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// An error here means that it is gone already; Wait says how.
		_ = cmd.Process.Signal(os.Interrupt)
		if err := cmd.Wait(); err != nil {
			t.Errorf("%s: %v\n%s", filepath.Base(name), err, stderr.Bytes())
		}
	})
}
