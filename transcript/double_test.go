package transcript

import (
	"bytes"
	"crypto/ed25519"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/mldsa"
)

// doubleKey is the line key of a seed with the ML-DSA-44 half of the same seed.
func doubleKey(t testing.TB, seed byte) *DoubleKey {
	half, err := mldsa.NewPrivateKey(mldsa.MLDSA44(), bytes.Repeat([]byte{seed}, mldsa.PrivateKeySize))
	if err != nil {
		t.Fatal(err)
	}
	k, err := NewDoubleKey(testKey(seed), half)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// doubleWorld plays the small world with line keys of two halves, under an agreement that asks for both.
func doubleWorld(t testing.TB) *world {
	parties := testParties()
	keys := [2]*DoubleKey{doubleKey(t, 1), doubleKey(t, 2)}
	for i := range parties {
		parties[i].LineKeys = []LineKey{PublicLineKey(keys[i])}
	}
	w := newWorldAsking(t, parties, true)
	for i := range w.books {
		w.books[i].key = keys[i]
	}
	w.playSmall()
	return w
}

func TestBothSignatures(t *testing.T) {
	w := doubleWorld(t)
	h, r := w.books[0].heads[0], w.books[0].receipts[0]
	for _, note := range [][]byte{h.Note, r.Note} {
		if n := len(note); n < 3000 || n > 4096 || n > MaxNoteBytes {
			t.Errorf("a note has %d bytes", n)
		}
	}
	author, receiver := PublicLineKey(doubleKey(t, 1)), PublicLineKey(doubleKey(t, 2))
	got, err := OpenHead(h.Note, receiver, author)
	if err != nil || !got.Halves().Same(author) || !got.Time.Equal(h.Time) {
		t.Fatalf("%v %+v", err, got)
	}
	if rc, err := OpenReceipt(r.Note, receiver); err != nil || !rc.Halves().Same(receiver) {
		t.Fatal(err)
	}
	if read, err := ReadHead(h.Note, receiver, author); err != nil || !read.Halves().Same(author) || !read.Time.Equal(h.Time) {
		t.Errorf("read: %v", err)
	}
	again, err := SignHead(doubleKey(t, 1), h.Origin, h.Size, h.Root, h.Time)
	if err != nil || !bytes.Equal(again.Note, h.Note) {
		t.Errorf("the same head signed twice differs: %v", err)
	}
	rep, text := verifyText(w.bundle(nil), testOptions())
	if !rep.OK || rep.Transcripts[0].HeadsSigned != (Signed{Both: true}) || rep.Transcripts[0].ReceiptsSigned != (Signed{Both: true}) {
		t.Fatal(text)
	}
	if !strings.Contains(text, "signatures that hold: heads: Ed25519 and ML-DSA-44; receipts: Ed25519 and ML-DSA-44") {
		t.Error(text)
	}
	proof, err := ProveEntry(h.Size, 0, w.books[0].hashes)
	if err != nil {
		t.Fatal(err)
	}
	note, err := Cosigned(h, r)
	if err != nil {
		t.Fatal(err)
	}
	file := FormatProof(Proof{Index: 0, Hashes: proof, Checkpoint: note})
	p, err := ParseProof(file)
	if err != nil {
		t.Fatal(err)
	}
	if ph, pr, err := p.Check(w.books[0].entries[0].Bytes, []LineKey{author}, []LineKey{receiver}); err != nil || pr == nil || !ph.Halves().Same(author) || !pr.Halves().Same(receiver) {
		t.Errorf("a proof file: %v", err)
	}
}

// resign takes the signatures of a note apart and puts them together as edit leaves them.
func resign(t testing.TB, note []byte, edit func([]signature) []signature) []byte {
	text, sigs, err := splitNote(note, MaxNoteBytes, maxHeadSigs)
	if err != nil {
		t.Fatal(err)
	}
	return noteOf(text, edit(sigs)...)
}

// TestOneHalfIsNotEnough: of a key with two halves each must hold, and none may be left out, added or taken
// from elsewhere.
func TestOneHalfIsNotEnough(t *testing.T) {
	w := doubleWorld(t)
	l := w.books[0]
	author, single := PublicLineKey(doubleKey(t, 1)), lineKey(1)
	alone, err := SignHead(testKey(1), l.heads[0].Origin, l.heads[0].Size, l.heads[0].Root, l.heads[0].Time)
	if err != nil {
		t.Fatal(err)
	}
	stranger := doubleKey(t, 7)
	for _, c := range []struct {
		name string
		note []byte
		key  LineKey
		says string
	}{
		{"left out", resign(t, l.heads[0].Note, func(s []signature) []signature { return s[:2] }), author, "has no ML-DSA-44 signature"},
		{"never made", alone.Note, author, "has no ML-DSA-44 signature"},
		{"one bit", resign(t, l.heads[0].Note, func(s []signature) []signature { s[2].sig[100] ^= 1; return s }), author, "has an ML-DSA-44 signature that does not hold"},
		{"its time", resign(t, l.heads[0].Note, func(s []signature) []signature { s[2].sig[7] ^= 1; return s }), author, "has an ML-DSA-44 signature that does not hold"},
		{"of another head", resign(t, l.heads[0].Note, func(s []signature) []signature {
			resign(t, l.heads[1].Note, func(o []signature) []signature { s[2] = o[2]; return o })
			return s
		}), author, "has an ML-DSA-44 signature that does not hold"},
		{"by another's half", resign(t, l.heads[0].Note, func(s []signature) []signature {
			s[2], err = stranger.cosign(s[2].name, checkpoint{l.heads[0].Origin, l.heads[0].Size, l.heads[0].Root}, l.heads[0].Time)
			return s
		}), author, "has an ML-DSA-44 signature that does not hold"},
		{"the Ed25519 of its cosignature", resign(t, l.heads[0].Note, func(s []signature) []signature { s[1].sig[20] ^= 1; return s }), author, "has a timed cosignature that does not hold"},
		{"the Ed25519 of the log", resign(t, l.heads[0].Note, func(s []signature) []signature { s[0].sig[20] ^= 1; return s }), author, "is not signed by a line key of its author"},
		{"one more than the key has", l.heads[0].Note, single, "has a signature more than its line key gives"},
		{"twice", resign(t, l.heads[0].Note, func(s []signature) []signature { return []signature{s[0], s[1], s[1]} }), single, "has a signature more"},
		{"in another order", resign(t, l.heads[0].Note, func(s []signature) []signature { s[1], s[2] = s[2], s[1]; return s }), author, "has a timed cosignature that does not hold"},
	} {
		if _, err := OpenHead(c.note, c.key); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: want %q, got %v", c.name, c.says, err)
		}
		good := l.heads[0]
		l.heads[0].Note = c.note
		if c.key.MLDSA != nil {
			if r, _ := verifyText(w.bundle(nil), testOptions()); r.OK || !slices.ContainsFunc(r.Checks, func(k Check) bool { return !k.OK && (k.Name == "head" || k.Name == "encoding") }) {
				t.Errorf("%s: the bundle is accepted, or another check fails: %+v", c.name, r.Checks)
			}
		}
		l.heads[0] = good
	}
	r := l.receipts[0]
	l.receipts[0].Note = resign(t, r.Note, func(s []signature) []signature { return s[:1] })
	if rep, text := verifyText(w.bundle(nil), testOptions()); rep.OK || !strings.Contains(text, "the receipt for size 1: checkpoint: has no ML-DSA-44 signature") {
		t.Errorf("a receipt without its other half: %s", text)
	}
}

// TestAgreementAsksForBoth: under an agreement that asks for both, a head by a key of Ed25519 alone covers
// nothing, and a receipt by such a key shows no delivery; under one that does not ask, they do.
func TestAgreementAsksForBoth(t *testing.T) {
	for _, asks := range []bool{true, false} {
		parties := testParties()
		parties[0].LineKeys = append(parties[0].LineKeys, PublicLineKey(doubleKey(t, 3)))
		w := newWorldAsking(t, parties, asks)
		w.say(0, testDraft())
		w.commit(0, true)
		w.say(1, testDraft())
		w.books[0].key = doubleKey(t, 3)
		r, text := verifyText(w.bundle(func(int) bool { return true }), testOptions())
		if r.OK {
			t.Fatalf("green's entry is under no head: %s", text)
		}
		w.commit(1, true)
		r, text = verifyText(w.bundle(nil), testOptions())
		if r.OK == asks || strings.Contains(text, "only a head of 2026-12-01T06:00:00Z covers them that is signed with Ed25519 alone") != asks {
			t.Errorf("asked %t: %s", asks, text)
		}
		w.tick(time.Minute)
		w.commit(0, false)
		r, text = verifyText(w.bundle(nil), testOptions())
		_, held := r.Transcripts[0].Deliveries[0], true
		if held = !r.Transcripts[0].Deliveries[0].Time.IsZero(); held == asks {
			t.Errorf("asked %t: delivered %t by a receipt with Ed25519 alone: %s", asks, held, text)
		}
		if strings.Contains(text, "receipts that are not counted, because they are signed with Ed25519 alone") != asks {
			t.Errorf("asked %t: %s", asks, text)
		}
		if !strings.Contains(text, "heads: some with Ed25519 and ML-DSA-44, some with Ed25519 alone") {
			t.Errorf("asked %t: %s", asks, text)
		}
	}
}

// TestHalvesStay: a later version of the agreement cannot give a line key another half, or take it away.
func TestHalvesStay(t *testing.T) {
	base := testParties()
	base[0].LineKeys = []LineKey{PublicLineKey(doubleKey(t, 1))}
	for name, next := range map[string]LineKey{
		"the same":  PublicLineKey(doubleKey(t, 1)),
		"none":      lineKey(1),
		"another's": {Public: public(testKey(1)), MLDSA: doubleKey(t, 7).MLDSA()},
	} {
		w := newWorld(t, base)
		w.books[0].key = doubleKey(t, 1)
		parties := base
		parties[0].LineKeys = []LineKey{next}
		_, note := testAgreement{line: w.id, version: 2, supersedes: w.id, parties: parties,
			signers: []ed25519.PrivateKey{testKey(11), testKey(12)}}.note(t)
		w.say(0, testDraft())
		w.commit(0, true)
		w.say(1, testDraft())
		w.commit(1, true)
		data := bytes.Replace(w.bundle(nil), []byte("transcript "), append(appendBlock(nil, "agreement", note), "transcript "...), 1)
		r, text := verifyText(data, testOptions())
		if r.OK != (name == "the same") || !r.OK && !strings.Contains(text, "with another ML-DSA-44 half") {
			t.Errorf("%s: %s", name, text)
		}
	}
}

func BenchmarkSignHead(b *testing.B) {
	o := Origin{testLine, 1, A}
	b.Run("Ed25519", func(b *testing.B) {
		for b.Loop() {
			if _, err := SignHead(testKey(1), o, 1, Hash{1}, testTime()); err != nil {
				b.Fatal(err)
			}
		}
	})
	d := doubleKey(b, 1)
	b.Run("Ed25519 and ML-DSA-44", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			if _, err := SignHead(d, o, 1, Hash{1, byte(i), byte(i >> 8)}, testTime()); err != nil {
				b.Fatal(err)
			}
		}
	})
	h, err := SignHead(d, o, 1, Hash{1}, testTime())
	if err != nil {
		b.Fatal(err)
	}
	b.Run("open both", func(b *testing.B) {
		k := PublicLineKey(d)
		for b.Loop() {
			if _, err := OpenHead(h.Note, k); err != nil {
				b.Fatal(err)
			}
		}
	})
}
