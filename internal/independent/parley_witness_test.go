package independent

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"parley/internal/clock"
	"parley/transcript"
	parleywitness "parley/witness"
)

// startParleyWitness builds the program, makes a witness with parley witness init, and runs it for a log
// until the test ends.
func startParleyWitness(t *testing.T, log logKey) *witness {
	t.Helper()
	bin := filepath.Join(t.TempDir(), "parley")
	run(t, "go", "build", "-C", "../..", "-o", bin, "./cmd/parley")
	dir := filepath.Join(t.TempDir(), "w")
	out, err := exec.CommandContext(t.Context(), bin, "witness", "init", "--dir", dir, "--name", "witness.example/parley").Output()
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := torchwood.NewCosignatureVerifier(strings.TrimSpace(string(out)))
	if err != nil {
		t.Fatalf("torchwood refuses the key %q: %v", out, err)
	}
	addr := freeAddr(t)
	runUntilEnd(t, bin, "witness", "serve", "--dir", dir, "--listen", addr, "--log", log.origin+" "+log.vkey)
	w := &witness{url: "http://" + addr, verifier: verifier, client: &http.Client{}}
	t.Cleanup(w.client.CloseIdleConnections)
	w.await(t)
	return w
}

// TestParleyWitnessCosignsForeignLog has parley witness cosign for a log whose checkpoints torchwood writes
// and x/mod signs, and torchwood judge what it answers.
func TestParleyWitnessCosignsForeignLog(t *testing.T) {
	src := noteSource(t, "example.com/foreign-log")
	skey, vkey, err := note.GenerateKey(rand.Reader, src.origin)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	src.vkey = vkey
	src.signCheckpoint = func(tree tlog.Tree) ([]byte, error) {
		return note.Sign(&note.Note{Text: torchwood.Checkpoint{Origin: src.origin, Tree: tree}.String()}, signer)
	}
	w := startParleyWitness(t, src.logKey)
	policy := witnessedBy(t, src, w)
	log := &tree{source: src}
	var held int64
	for _, size := range []int64{1, 3, 8, 8, 13} {
		head, signed := log.grow(t, size)
		var proof tlog.TreeProof
		if held > 0 && held < size {
			proof = prove(t, log, size, held)
		}
		since := time.Now().Unix()
		status, body := w.addCheckpoint(t, held, proof, signed)
		if status != http.StatusOK {
			t.Fatalf("size %d: the witness answers %d: %s", size, status, body)
		}
		checkCosigned(t, policy, w, head, slices.Concat(signed, body), since)
		held = size
	}
	fork := &tree{source: src}
	fork.record = func(i int64) []byte { return append(src.record(i), "fork"...) }
	_, forked := fork.grow(t, held)
	if status, body := w.addCheckpoint(t, held, nil, forked); status != http.StatusConflict || string(body) != "13\n" {
		t.Errorf("a fork: %d %q", status, body)
	}
	grown, signed := log.grow(t, held+2)
	if status, _ := w.addCheckpoint(t, held-1, prove(t, log, grown.N, held-1), signed); status != http.StatusConflict {
		t.Errorf("from a stale size: %d", status)
	}
}

// TestLitewitnessCosignsForParley has torchwood's witness cosign the heads of a transcript that Parley's
// client submits.
func TestLitewitnessCosignsForParley(t *testing.T) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	o := transcript.Origin{Line: strings.Repeat("ab", 32), Epoch: 1, Side: transcript.A}
	lite := startWitness(t, "witness.example/lite", logKey{o.String(), transcript.LogKey(o.String(), key.Public().(ed25519.PublicKey))})
	by, err := transcript.ParseWitnessKey(lite.verifier.String())
	if err != nil {
		t.Fatalf("the key of litewitness: %v", err)
	}
	c, err := parleywitness.NewClient(by, lite.url, dialer(), clock.System{})
	if err != nil {
		t.Fatal(err)
	}
	var grown transcript.Tree
	var hashes transcript.Hashes
	var known int64
	for i, guess := range []int64{0, 0, 2, 1} { // what it is thought to hold: also too little and too much
		hashes = append(hashes, grown.Append(transcript.RecordHash([]byte{byte(i)}))...)
		h, err := transcript.SignHead(key, o, grown.Size(), grown.Root(), time.Now())
		if err != nil {
			t.Fatal(err)
		}
		cos, held, err := c.Cosign(t.Context(), h, guess, func(old int64) ([]transcript.Hash, error) {
			return transcript.ProveConsistency(old, h.Size, hashes)
		})
		if err != nil || held != h.Size || cos.Size != h.Size {
			t.Fatalf("size %d: %+v, %v", h.Size, cos, err)
		}
		if again, err := transcript.OpenCosignature(cos.Note, by); err != nil || again.Root != h.Root {
			t.Fatalf("size %d: %v", h.Size, err)
		}
		known = held
	}
	other, err := transcript.SignHead(key, o, known, transcript.Hash{1}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = c.Cosign(t.Context(), other, known, nil)
	var why *parleywitness.Error
	if !errors.As(err, &why) || why.Trouble != parleywitness.Contradicts {
		t.Errorf("a fork: %v", err)
	}
	stranger := bytes.Repeat([]byte{7}, ed25519.SeedSize)
	strange, err := transcript.SignHead(ed25519.NewKeyFromSeed(stranger), o, known, grown.Root(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err = c.Cosign(t.Context(), strange, known, nil); parleywitness.TroubleOf(err) != parleywitness.UnknownKey {
		t.Errorf("another key: %v", err)
	}
}

func dialer() parleywitness.DialFunc {
	var d net.Dialer
	return d.DialContext
}
