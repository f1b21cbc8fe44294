package independent

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// A source is a log that is shown to a witness. Whoever makes heads is checked by giving it as a
// source: nothing else in these tests knows how a head is made or signed.
type source struct {
	logKey
	// record returns the bytes of entry i.
	record func(i int64) []byte
	// signCheckpoint returns the signed C2SP checkpoint for a tree of the source's records.
	signCheckpoint func(tree tlog.Tree) ([]byte, error)
}

// noteSource is a source made of x/mod's own note signer and checkpoints written by hand.
func noteSource(t *testing.T, origin string) source {
	t.Helper()
	skey, vkey, err := note.GenerateKey(rand.Reader, origin)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	return source{
		logKey: logKey{origin, vkey},
		record: func(i int64) []byte { return fmt.Appendf(nil, "entry %d of %s", i, origin) },
		signCheckpoint: func(tree tlog.Tree) ([]byte, error) {
			text := fmt.Sprintf("%s\n%d\n%s\n", origin, tree.N, tree.Hash)
			return note.Sign(&note.Note{Text: text}, signer)
		},
	}
}

// A tree holds the hashes of a source's records, computed by x/mod's tlog.
type tree struct {
	source
	hashes []tlog.Hash
	size   int64
}

// grow adds records up to size and returns the tree and its signed checkpoint.
func (tr *tree) grow(t *testing.T, size int64) (tlog.Tree, []byte) {
	t.Helper()
	for ; tr.size < size; tr.size++ {
		more, err := tlog.StoredHashes(tr.size, tr.record(tr.size), tr)
		if err != nil {
			t.Fatal(err)
		}
		tr.hashes = append(tr.hashes, more...)
	}
	root, err := tlog.TreeHash(size, tr)
	if err != nil {
		t.Fatal(err)
	}
	head := tlog.Tree{N: size, Hash: root}
	signed, err := tr.signCheckpoint(head)
	if err != nil {
		t.Fatal(err)
	}
	return head, signed
}

// ReadHashes makes tree a tlog.HashReader.
func (tr *tree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		if x >= int64(len(tr.hashes)) {
			return nil, fmt.Errorf("no hash %d", x)
		}
		out[i] = tr.hashes[x]
	}
	return out, nil
}

func TestNoteSourceIsWitnessed(t *testing.T) {
	src := noteSource(t, "parley/independent/1/a")
	checkWitnessed(t, src, noteSource(t, src.origin))
}

// checkWitnessed fails the test unless litewitness cosigns src's heads as they grow, torchwood
// accepts head, cosignature and inclusion proof together, and the witness refuses what it must.
// The impostor has src's origin and a key of its own.
func checkWitnessed(t *testing.T, src, impostor source) {
	w := startWitness(t, "witness.example/w1", src.logKey)
	policy := witnessedBy(t, src, w)
	log := &tree{source: src}

	var held int64
	var newest tlog.Tree
	var newestSigned []byte
	for _, size := range []int64{1, 3, 8, 13} {
		newest, newestSigned = log.grow(t, size)
		var proof tlog.TreeProof
		if held > 0 {
			proof = prove(t, log, size, held)
		}
		since := time.Now().Unix()
		status, body := w.addCheckpoint(t, held, proof, newestSigned)
		if status != http.StatusOK {
			t.Fatalf("size %d: the witness answers %d: %s", size, status, body)
		}
		newestSigned = slices.Concat(newestSigned, body)
		checkCosigned(t, policy, w, newest, newestSigned, since)
		held = size
	}
	checkRecords(t, policy, log, newest, newestSigned)
	checkRefusals(t, w, log, held, impostor)
}

// witnessedBy is torchwood's policy that demands the source's own signature, its origin, and the
// witness's cosignature.
func witnessedBy(t *testing.T, src source, w *witness) torchwood.Policy {
	t.Helper()
	own, err := note.NewVerifier(src.vkey)
	if err != nil {
		t.Fatal(err)
	}
	return torchwood.ThresholdPolicy(3, torchwood.OriginPolicy(src.origin),
		torchwood.SingleVerifierPolicy(own), torchwood.SingleVerifierPolicy(w.verifier))
}

// checkCosigned opens a cosigned checkpoint with torchwood and compares it with what was sent and
// when.
func checkCosigned(t *testing.T, policy torchwood.Policy, w *witness, want tlog.Tree, cosigned []byte, since int64) {
	t.Helper()
	c, n, err := torchwood.VerifyCheckpoint(cosigned, policy)
	if err != nil {
		t.Fatalf("torchwood refuses the cosigned checkpoint: %v\n%s", err, cosigned)
	}
	if c.Tree != want {
		t.Fatalf("the cosigned tree is %v, not %v", c.Tree, want)
	}
	i := slices.IndexFunc(n.Sigs, func(s note.Signature) bool { return s.Hash == w.verifier.KeyHash() })
	at, err := torchwood.CosignatureTimestamp(n.Sigs[i])
	if err != nil {
		t.Fatal(err)
	}
	if now := time.Now().Unix(); at < since || at > now {
		t.Fatalf("the cosignature's time is %d, not within %d and %d", at, since, now)
	}
}

// checkRecords makes a tlog-proof of every record under the cosigned checkpoint and has torchwood
// verify it, and refuse it for any other record.
func checkRecords(t *testing.T, policy torchwood.Policy, log *tree, head tlog.Tree, cosigned []byte) {
	t.Helper()
	for i := range head.N {
		p, err := tlog.ProveRecord(head.N, i, log)
		if err != nil {
			t.Fatal(err)
		}
		file := torchwood.FormatProof(i, p, cosigned)
		if err := torchwood.VerifyProof(policy, tlog.RecordHash(log.record(i)), file); err != nil {
			t.Errorf("record %d: %v", i, err)
		}
		var wrong *torchwood.VerifyRecordError
		other := tlog.RecordHash(log.record((i + 1) % head.N))
		if err := torchwood.VerifyProof(policy, other, file); !errors.As(err, &wrong) {
			t.Errorf("record %d: its proof holds for another record: %v", i, err)
		}
	}
}

// checkRefusals submits what a witness must not sign: a stale size, a wrong proof, a fork of the
// same size, and another key's checkpoint.
func checkRefusals(t *testing.T, w *witness, log *tree, held int64, impostor source) {
	t.Helper()
	fork := &tree{source: log.source}
	fork.record = func(i int64) []byte { return append(log.record(i), "fork"...) }
	_, forked := fork.grow(t, held)
	stranger := &tree{source: log.source}
	stranger.signCheckpoint = impostor.signCheckpoint
	_, strange := stranger.grow(t, held+2)
	_, grown := log.grow(t, held+2)
	good := prove(t, log, held+2, held)
	bad := slices.Clone(good)
	bad[0][0] ^= 1

	for _, tt := range []struct {
		name   string
		old    int64
		proof  tlog.TreeProof
		signed []byte
		want   int
	}{
		{"stale size", held - 1, prove(t, log, held+2, held-1), grown, http.StatusConflict},
		{"wrong proof", held, bad, grown, http.StatusUnprocessableEntity},
		{"fork of the same size", held, nil, forked, http.StatusUnprocessableEntity},
		{"another key", held, good, strange, http.StatusForbidden},
		{"the good one after all these", held, good, grown, http.StatusOK},
	} {
		status, body := w.addCheckpoint(t, tt.old, tt.proof, tt.signed)
		if status != tt.want {
			t.Errorf("%s: the witness answers %d, not %d: %s", tt.name, status, tt.want, body)
		}
		if want := fmt.Sprintf("%d\n", held); tt.want == http.StatusConflict && string(body) != want {
			t.Errorf("%s: the witness says it holds %q, not %q", tt.name, body, want)
		}
	}
}

// prove returns the proof that the tree of a size extends the one of an older size.
func prove(t *testing.T, log *tree, size, old int64) tlog.TreeProof {
	t.Helper()
	p, err := tlog.ProveTree(size, old, log)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
