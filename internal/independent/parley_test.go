package independent

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	mathrand "math/rand/v2"
	"slices"
	"testing"
	"time"

	"filippo.io/torchwood"
	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"parley/transcript"
)

const lineID = "7c1f0d3a9e5b4c2d8f6a1b0e3d5c7f9a2b4d6e8f0a1c3e5b7d9f1a3c5e7b9d0f"

// party is one side of a line with its line key.
type party struct {
	side transcript.Side
	key  ed25519.PrivateKey
}

func newParty(t *testing.T, side transcript.Side) party {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return party{side, key}
}

func (p party) public() ed25519.PublicKey { return p.key.Public().(ed25519.PublicKey) }

func (p party) origin() transcript.Origin {
	return transcript.Origin{Line: lineID, Epoch: 1, Side: p.side}
}

// logVerifier is x/mod's verifier of the party's own signature on its heads.
func (p party) logVerifier(t *testing.T) (string, note.Verifier) {
	t.Helper()
	vkey, err := note.NewEd25519VerifierKey(p.origin().String(), p.public())
	if err != nil {
		t.Fatal(err)
	}
	v, err := note.NewVerifier(vkey)
	if err != nil {
		t.Fatal(err)
	}
	return vkey, v
}

// cosigner is torchwood's signer under the name and key with which the party cosigns.
func (p party) cosigner(t *testing.T) *torchwood.CosignatureSigner {
	t.Helper()
	s, err := torchwood.NewCosignatureSigner(transcript.Cosigner(lineID, p.side), p.key)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// entry seals entry i of the party's transcript, the same bytes at each call.
func (p party) entry(t *testing.T, i int64) []byte {
	t.Helper()
	salts := mathrand.NewChaCha8([32]byte{byte(i), byte(p.side[0])})
	s, _, err := transcript.Seal(salts, transcript.Draft{Kind: "call", Fields: []transcript.Field{
		{Name: "text", Value: jsontext.Value(`"keep clear"`), Shown: true},
	}}, transcript.Meta{Agreement: lineID, Author: "blue", Seq: i, Time: time.Unix(1796104800+i, 0)})
	if err != nil {
		t.Fatal(err)
	}
	return s.Bytes
}

// parleySource is a transcript as a log that is shown to a witness.
func parleySource(t *testing.T, p party) source {
	t.Helper()
	vkey, _ := p.logVerifier(t)
	return source{
		logKey: logKey{p.origin().String(), vkey},
		record: func(i int64) []byte { return p.entry(t, i) },
		signCheckpoint: func(tree tlog.Tree) ([]byte, error) {
			h, err := transcript.SignHead(p.key, p.origin(), tree.N, tree.Hash, time.Now())
			return h.Note, err
		},
	}
}

func TestParleyHeadIsWitnessed(t *testing.T) {
	checkWitnessed(t, parleySource(t, newParty(t, transcript.A)), parleySource(t, newParty(t, transcript.A)))
}

// signedLine is a transcript of thirteen entries with its newest head and the receipt for it.
func signedLine(t *testing.T, author, receiver party) (transcript.Head, transcript.Receipt, transcript.Hashes) {
	t.Helper()
	var tree transcript.Tree
	var hashes transcript.Hashes
	for i := range int64(13) {
		hashes = append(hashes, tree.Append(transcript.RecordHash(author.entry(t, i)))...)
	}
	at := time.Date(2026, 12, 1, 6, 0, 0, 0, time.UTC)
	h, err := transcript.SignHead(author.key, author.origin(), tree.Size(), tree.Root(), at)
	if err != nil {
		t.Fatal(err)
	}
	r, err := transcript.SignReceipt(receiver.key, h, at.Add(time.Second))
	if err != nil {
		t.Fatal(err)
	}
	return h, r, hashes
}

func TestHeadAndReceiptAgainstOthers(t *testing.T) {
	author, receiver := newParty(t, transcript.A), newParty(t, transcript.B)
	h, r, _ := signedLine(t, author, receiver)
	_, own := author.logVerifier(t)
	cosigned, err := transcript.Cosigned(h, r)
	if err != nil {
		t.Fatal(err)
	}
	known := note.VerifierList(own, author.cosigner(t).Verifier(), receiver.cosigner(t).Verifier())
	for name, c := range map[string]struct {
		note  []byte
		times []int64 // of the cosignatures, in order
		sigs  int
	}{
		"head":     {h.Note, []int64{h.Time.Unix()}, 2},
		"receipt":  {r.Note, []int64{r.Time.Unix()}, 1},
		"together": {cosigned, []int64{h.Time.Unix(), r.Time.Unix()}, 3},
	} {
		n, err := note.Open(c.note, known)
		if err != nil {
			t.Errorf("%s: x/mod refuses it: %v", name, err)
			continue
		}
		if len(n.Sigs) != c.sigs || len(n.UnverifiedSigs) != 0 {
			t.Errorf("%s: %d signatures hold, %d do not", name, len(n.Sigs), len(n.UnverifiedSigs))
		}
		checkpoint, err := torchwood.ParseCheckpoint(n.Text)
		if err != nil || checkpoint.Origin != author.origin().String() || checkpoint.N != h.Size || checkpoint.Hash != h.Root || checkpoint.Extension != "" {
			t.Errorf("%s: torchwood reads %+v, %v", name, checkpoint, err)
		}
		var times []int64
		for _, s := range n.Sigs {
			if s.Name == own.Name() {
				continue
			}
			at, err := torchwood.CosignatureTimestamp(s)
			if err != nil {
				t.Error(err)
			}
			times = append(times, at)
		}
		if !slices.Equal(times, c.times) {
			t.Errorf("%s: torchwood reads the times %v, not %v", name, times, c.times)
		}
	}
}

// TestReceiptByTorchwood has torchwood cosign a head in the receiver's place.
func TestReceiptByTorchwood(t *testing.T) {
	author, receiver := newParty(t, transcript.A), newParty(t, transcript.B)
	h, _, _ := signedLine(t, author, receiver)
	text, _, ok := bytes.Cut(h.Note, []byte("\n\n"))
	if !ok {
		t.Fatal("the head has no signatures")
	}
	signed, err := note.Sign(&note.Note{Text: string(text) + "\n"}, receiver.cosigner(t))
	if err != nil {
		t.Fatal(err)
	}
	r, err := transcript.OpenReceipt(signed, transcript.PublicLineKey(receiver.key))
	if err != nil || r.Size != h.Size || r.By != transcript.B || time.Since(r.Time) > time.Minute {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestProofFileAgainstTorchwood(t *testing.T) {
	author, receiver := newParty(t, transcript.A), newParty(t, transcript.B)
	h, r, hashes := signedLine(t, author, receiver)
	_, own := author.logVerifier(t)
	cosigned, err := transcript.Cosigned(h, r)
	if err != nil {
		t.Fatal(err)
	}
	policy := torchwood.ThresholdPolicy(4, torchwood.OriginPolicy(author.origin().String()), torchwood.SingleVerifierPolicy(own),
		torchwood.SingleVerifierPolicy(author.cosigner(t).Verifier()), torchwood.SingleVerifierPolicy(receiver.cosigner(t).Verifier()))
	for i := range h.Size {
		entry := author.entry(t, i)
		proof, err := transcript.ProveEntry(h.Size, i, hashes)
		if err != nil {
			t.Fatal(err)
		}
		p := transcript.Proof{Index: i, Hashes: proof, Checkpoint: cosigned}
		file := transcript.FormatProof(p)
		if err := torchwood.VerifyProof(policy, tlog.RecordHash(entry), file); err != nil {
			t.Errorf("entry %d: torchwood refuses the proof: %v", i, err)
		}
		var wrong *torchwood.VerifyRecordError
		if err := torchwood.VerifyProof(policy, tlog.RecordHash(author.entry(t, i+1)), file); !errors.As(err, &wrong) {
			t.Errorf("entry %d: torchwood accepts the proof for another entry: %v", i, err)
		}
		if !bytes.Equal(file, torchwood.FormatProof(i, proof, cosigned)) {
			t.Errorf("entry %d: torchwood writes another file", i)
		}
		p.Extra = entry
		file = transcript.FormatProof(p)
		if !bytes.Equal(file, torchwood.FormatProofWithExtraData(i, entry, proof, cosigned)) {
			t.Errorf("entry %d: torchwood writes another file with extra data", i)
		}
		back, err := transcript.ParseProof(file)
		if err != nil {
			t.Fatal(err)
		}
		if _, receipt, err := back.Check(back.Extra, []transcript.LineKey{transcript.PublicLineKey(author.key)}, []transcript.LineKey{transcript.PublicLineKey(receiver.key)}); err != nil || receipt == nil {
			t.Errorf("entry %d: %v", i, err)
		}
	}
}
