package transcript

import (
	"bytes"
	"encoding/base64"
	"time"
)

// doubles are heads, receipts, proofs and bundles by line keys with an ML-DSA-44 half.
func (m *maker) doubles() {
	o := Origin{testLine, 1, A}
	author, receiver := doubleKey(m.t, 1), doubleKey(m.t, 2)
	text := func(k *DoubleKey) []string {
		return []string{base64.StdEncoding.EncodeToString(PublicLineKey(k).Public) + " " + base64.StdEncoding.EncodeToString(k.MLDSA().Bytes())}
	}
	add := func(kind, name string, ok bool, says string, data []byte) {
		v := m.add(kind, name, ok, says, data)
		if v.Author != nil {
			v.Author = text(author)
		}
		if v.Receiver != nil {
			v.Receiver = text(receiver)
		}
	}
	h, err := SignHead(author, o, 5, Hash{9}, testTime())
	if err != nil {
		m.t.Fatal(err)
	}
	edit := func(note []byte, f func([]signature) []signature) []byte { return resign(m.t, note, f) }
	last := func(s []signature) []byte { return s[len(s)-1].sig }
	bit := func(at int) func(s []signature) []signature {
		return func(s []signature) []signature { last(s)[at] ^= 1; return s }
	}
	const wrong = "has an ML-DSA-44 signature that does not hold"
	add("head", "both", true, "", h.Note)
	add("head", "both without the second", false, "has no ML-DSA-44 signature", edit(h.Note, func(s []signature) []signature { return s[:2] }))
	for _, c := range []struct {
		name string
		at   int
	}{{"challenge", 8}, {"response", 1000}, {"end", 2427}, {"time", 7}} {
		add("head", "both with another "+c.name, false, wrong, edit(h.Note, bit(c.at)))
	}
	r, err := SignReceipt(receiver, h, testTime().Add(time.Second))
	if err != nil {
		m.t.Fatal(err)
	}
	add("receipt", "both", true, "", r.Note)
	add("receipt", "both without the second", false, "has no ML-DSA-44 signature", edit(r.Note, func(s []signature) []signature { return s[:1] }))
	add("receipt", "both with another hint", false, wrong, edit(r.Note, bit(2420)))

	w := doubleWorld(m.t)
	l := w.books[0]
	hashes, err := ProveEntry(l.heads[1].Size, 1, l.hashes)
	if err != nil {
		m.t.Fatal(err)
	}
	checkpoint, err := Cosigned(l.heads[1], l.receipts[1])
	if err != nil {
		m.t.Fatal(err)
	}
	add("proof", "both", true, "", FormatProof(Proof{Index: 1, Hashes: hashes, Checkpoint: checkpoint, Extra: l.entries[1].Bytes}))
	add("bundle", "both", true, "", w.bundle(nil))
	bad := func(name, check, says string, play func(w *world)) {
		w := doubleWorld(m.t)
		play(w)
		v := m.add("bundle", name, false, says, w.bundle(nil))
		v.Check = check
	}
	bad("both with another bit in a head", "head", wrong, func(w *world) {
		w.books[0].heads[1].Note = edit(w.books[0].heads[1].Note, bit(500))
	})
	bad("both without the second of a receipt", "receipt", "has no ML-DSA-44 signature", func(w *world) {
		w.books[0].receipts[1].Note = edit(w.books[0].receipts[1].Note, func(s []signature) []signature { return s[:1] })
	})
	asked := newWorldAsking(m.t, testParties(), true)
	asked.playSmall()
	v := m.add("bundle", "both asked for and one given", false, "signed with Ed25519 alone", asked.bundle(nil))
	v.Check = "keys"
	if bytes.Contains(asked.bundle(nil), []byte("half ")) {
		m.t.Fatal("a key has a second half")
	}
}
