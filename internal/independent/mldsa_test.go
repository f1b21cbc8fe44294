package independent

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"strings"
	"testing"
	"time"

	"filippo.io/mldsa"
	"github.com/cloudflare/circl/sign/mldsa/mldsa44"
	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"parley/transcript"
)

// cosignedMessage is C2SP tlog-cosignature's cosigned_message for a checkpoint, made with x/crypto's builder.
func cosignedMessage(t *testing.T, cosigner string, timestamp uint64, origin string, tree tlog.Tree) []byte {
	var b cryptobyte.Builder
	b.AddBytes([]byte("subtree/v1\n\x00"))
	b.AddUint8LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes([]byte(cosigner)) })
	b.AddUint64(timestamp)
	b.AddUint8LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes([]byte(origin)) })
	b.AddUint64(0)
	b.AddUint64(uint64(tree.N))
	b.AddBytes(tree.Hash[:])
	out, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestBothSignaturesAgainstOthers reads a head and a receipt that bear ML-DSA-44 with CIRCL, and has CIRCL
// sign in the place of a party: FIPS 204 and C2SP's form of it are the same for both.
func TestBothSignaturesAgainstOthers(t *testing.T) {
	author := newParty(t, transcript.A)
	seed := [mldsa44.SeedSize]byte{7}
	pub, priv := mldsa44.NewKeyFromSeed(&seed)
	half, err := mldsa.NewPrivateKey(mldsa.MLDSA44(), seed[:])
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(pub.Bytes(), half.PublicKey().Bytes()) {
		t.Fatal("one seed gives two keys")
	}
	key, err := transcript.NewDoubleKey(author.key, half)
	if err != nil {
		t.Fatal(err)
	}
	tree := tlog.Tree{N: 5, Hash: tlog.Hash{9}}
	now := time.Unix(1796104800, 0)
	h, err := transcript.SignHead(key, author.origin(), tree.N, tree.Hash, now)
	if err != nil {
		t.Fatal(err)
	}
	name := transcript.Cosigner(lineID, author.side)
	_, log := author.logVerifier(t)
	opened, err := note.Open(h.Note, note.VerifierList(log))
	if err != nil || len(opened.UnverifiedSigs) != 2 {
		t.Fatalf("x/mod opens it: %v, %+v", err, opened)
	}
	var found bool
	sum := sha256.Sum256(append([]byte(name+"\n\x06"), pub.Bytes()...))
	for _, s := range opened.UnverifiedSigs {
		if s.Name != name || s.Hash != binary.BigEndian.Uint32(sum[:]) {
			continue
		}
		raw, err := base64.StdEncoding.DecodeString(s.Base64)
		if err != nil || len(raw) != 4+8+mldsa44.SignatureSize {
			t.Fatalf("%d bytes, %v", len(raw), err)
		}
		at := binary.BigEndian.Uint64(raw[4:])
		found = at == uint64(now.Unix()) && mldsa44.Verify(pub, cosignedMessage(t, name, at, author.origin().String(), tree), nil, raw[12:])
	}
	if !found {
		t.Error("CIRCL finds no ML-DSA-44 signature that holds")
	}

	sig := make([]byte, mldsa44.SignatureSize)
	if err := mldsa44.SignTo(priv, cosignedMessage(t, name, uint64(now.Unix()), author.origin().String(), tree), nil, true, sig); err != nil {
		t.Fatal(err)
	}
	raw := binary.BigEndian.AppendUint64(bytes.Clone(sum[:4]), uint64(now.Unix()))
	line := "— " + name + " " + base64.StdEncoding.EncodeToString(append(raw, sig...)) + "\n"
	lines := strings.SplitAfter(string(h.Note), "\n")
	lines[len(lines)-2] = line
	if got, err := transcript.OpenHead([]byte(strings.Join(lines, "")), transcript.PublicLineKey(key)); err != nil || !got.Time.Equal(now) {
		t.Errorf("a signature by CIRCL, with randomness: %v", err)
	}
}
