package ledger

import (
	"crypto/sha256"
	"math/rand/v2"
	"strings"
	"testing"

	"parley/fault"
	"parley/transcript"
)

// provesFork fails unless the newest evidence at n shows a fork by side to anyone.
func provesFork(t *testing.T, n *node, side transcript.Side) {
	t.Helper()
	evs, err := n.ledger.Evidences(t.Context())
	if err != nil || len(evs) == 0 {
		t.Fatalf("%d pieces of evidence, %v", len(evs), err)
	}
	ev := evs[len(evs)-1]
	pub := transcript.PublicLineKey(testKey(side))
	if ev.Kind != EvidenceFork || ev.Origin.Side != side {
		t.Fatalf("evidence of %s about %s: %s", ev.Kind, ev.Origin, ev.Reason)
	}
	if ev.Fork != nil {
		if _, err := transcript.ParseFork(ev.Fork, pub); err != nil {
			t.Fatal(err)
		}
	} else {
		provesTwoEntries(t, ev, pub)
	}
	s := n.ledger.Standing()
	if !s.Forked || !s.Closed {
		t.Errorf("stands at %+v", s)
	}
	if _, err := n.ledger.Append(t.Context(), draft("notice", "x")); !fault.Is(err, fault.Mismatch) {
		t.Errorf("appended to a closed epoch: %v", err)
	}
}

func provesTwoEntries(t *testing.T, ev Evidence, pub transcript.LineKey) {
	t.Helper()
	held, err := transcript.OpenHead(ev.Held, pub)
	if err != nil {
		t.Fatal(err)
	}
	offered, err := transcript.OpenHead(ev.Offered, pub)
	if err != nil {
		t.Fatal(err)
	}
	if string(ev.Entry) == string(ev.Other) || held.Origin != offered.Origin {
		t.Fatal("the two entries are one")
	}
	if err := transcript.CheckEntry(ev.InHeld, held.Size, held.Root, ev.Index, transcript.RecordHash(ev.Other)); err != nil {
		t.Fatal(err)
	}
	if err := transcript.CheckEntry(ev.InOffered, offered.Size, offered.Root, ev.Index, transcript.RecordHash(ev.Entry)); err != nil {
		t.Fatal(err)
	}
}

// forked gives b two entries of one transcript and returns a forger who goes another way after the
// first.
func forked(t *testing.T, b *node) *forger {
	honest, liar := newForger(transcript.A, 1, b.clock), newForger(transcript.A, 1, b.clock)
	for _, text := range []string{"one", "two", "three"} {
		s := honest.say(t, "notice", text)
		if text == "one" {
			liar.add(s)
		}
	}
	b.receive(honest.parcel(t, 0), Taken)
	return liar
}

func TestForkIsProved(t *testing.T) {
	cases := map[string]func(t *testing.T, b *node, liar *forger) Parcel{
		"smaller head": func(t *testing.T, b *node, liar *forger) Parcel {
			liar.say(t, "notice", "two'")
			return liar.parcel(t, 0)
		},
		"equal head": func(t *testing.T, b *node, liar *forger) Parcel {
			liar.say(t, "notice", "two'")
			liar.say(t, "notice", "three'")
			return liar.parcel(t, 1)
		},
		"head alone": func(t *testing.T, b *node, liar *forger) Parcel {
			liar.say(t, "notice", "two'")
			p := liar.parcel(t, 2)
			return p
		},
		"larger head with an overlap": func(t *testing.T, b *node, liar *forger) Parcel {
			for _, text := range []string{"two'", "three'", "four'", "five'"} {
				liar.say(t, "notice", text)
			}
			return liar.parcel(t, 1)
		},
		"larger head from the start": func(t *testing.T, b *node, liar *forger) Parcel {
			for _, text := range []string{"two'", "three'", "four'", "five'"} {
				liar.say(t, "notice", text)
			}
			return liar.parcel(t, 0)
		},
	}
	for name, lie := range cases {
		t.Run(name, func(t *testing.T) {
			b := start(t, transcript.B, newMemStore(), newClock(), notRestored)
			p := lie(t, b, forked(t, b))
			b.receive(p, Forked)
			provesFork(t, b, transcript.A)
			b.receive(p, Forked)
			evs, err := b.ledger.Evidences(t.Context())
			if err != nil || len(evs) != 1 {
				t.Errorf("%d pieces of evidence of one fork, %v", len(evs), err)
			}
			b.stop()
			if s := start(t, transcript.B, b.store, b.clock).ledger.Standing(); !s.Forked || !s.Closed {
				t.Errorf("opened at %+v", s)
			}
		})
	}
}

// A fork whose parcels begin after the copy held looks like damage at first; asking from further
// back shows it.
func TestForkAheadOfTheCopyIsFoundByAskingFromFurtherBack(t *testing.T) {
	b := start(t, transcript.B, newMemStore(), newClock(), notRestored)
	liar := forked(t, b)
	for _, text := range []string{"two'", "three'", "four'", "five'"} {
		liar.say(t, "notice", text)
	}
	for range 4 {
		out, err := b.ledger.Receive(t.Context(), liar.parcel(t, b.ledger.have().Size))
		if err != nil {
			t.Fatal(err)
		}
		if out.Verdict == Forked {
			provesFork(t, b, transcript.A)
			return
		}
		if out.Verdict != Unsound || out.Have.Size >= 3 {
			t.Fatalf("%+v", out)
		}
	}
	t.Fatal("the fork was not found")
}

func TestDamageIsNotTakenForAFork(t *testing.T) {
	a, b := pair(t)
	for range 5 {
		a.append(draft("notice", "x"))
	}
	settle(t, a, b)
	a.append(draft("notice", "y"))
	for range 3 {
		p := clone(a.parcel(b, MaxParcelBytes))
		p.Entries[len(p.Entries)-1].Bytes[80] ^= 4
		if out := b.receive(p, Unsound); out.Have.Size >= 5 {
			t.Fatalf("asks from %d", out.Have.Size)
		}
	}
	b.receive(a.parcel(b, MaxParcelBytes), Taken)
	if s := b.ledger.Standing(); s.Forked || s.Held.Size != 6 {
		t.Errorf("stands at %+v", s)
	}
	if h := b.ledger.have(); h.Size != 6 {
		t.Errorf("asks from %d", h.Size)
	}
}

func TestForeignReceiptIsAFork(t *testing.T) {
	a, b := pair(t)
	a.append(draft("notice", "one"))
	liar := newForger(transcript.A, 1, a.clock)
	liar.say(t, "notice", "another")
	rc, err := transcript.SignReceipt(testKey(transcript.B), liar.head(t), a.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	p := b.parcel(a, MaxParcelBytes)
	p.Receipts = [][]byte{rc.Note}
	a.receive(p, Forked)
	evs, err := a.ledger.Evidences(t.Context())
	if err != nil || len(evs) != 1 || evs[0].Kind != EvidenceForeign || string(evs[0].Offered) != string(rc.Note) {
		t.Fatalf("%+v, %v", evs, err)
	}
	if s := a.ledger.Standing(); !s.Forked || !s.Closed {
		t.Errorf("stands at %+v", s)
	}
}

func TestSeenOfAnotherTranscriptIsAFork(t *testing.T) {
	a := start(t, transcript.A, newMemStore(), newClock(), notRestored)
	a.append(draft("notice", "one"))
	liar := newForger(transcript.B, 1, a.clock)
	liar.say(t, "notice", "x", func(m *transcript.Meta) { m.Seen = transcript.Seen{Size: 1, Root: sha256.Sum256([]byte("no"))} })
	a.receive(liar.parcel(t, 0), Forked)
	evs, err := a.ledger.Evidences(t.Context())
	if err != nil || len(evs) != 1 || evs[0].Kind != EvidenceForeign || evs[0].InOffered != nil && evs[0].Index != 0 {
		t.Fatalf("%+v, %v", evs, err)
	}
}

func TestSignedBreachClosesTheEpoch(t *testing.T) {
	cases := map[string]func(t *testing.T, f *forger){
		"entry over its bound": func(t *testing.T, f *forger) {
			f.add(transcript.Sealed{Bytes: []byte(strings.Repeat("z", transcript.MaxEntryBytes+1))})
		},
		"not an entry": func(t *testing.T, f *forger) { f.add(transcript.Sealed{Bytes: []byte(`{"v":1}`)}) },
		"time that goes back": func(t *testing.T, f *forger) {
			f.clock.add(-1e9)
			f.say(t, "notice", "earlier")
			f.clock.add(1e9)
		},
		"sequence with a gap": func(t *testing.T, f *forger) {
			f.say(t, "notice", "x", func(m *transcript.Meta) { m.Seq++ })
		},
		"another author": func(t *testing.T, f *forger) {
			f.say(t, "notice", "x", func(m *transcript.Meta) { m.Author = "west" })
		},
		"disclosures over their bound": func(t *testing.T, f *forger) { f.add(oversized(t, f)) },
		"a disclosure that is none":    func(t *testing.T, f *forger) { f.add(malformed(t, f)) },
	}
	for name, say := range cases {
		t.Run(name, func(t *testing.T) {
			b := start(t, transcript.B, newMemStore(), newClock(), notRestored)
			f := newForger(transcript.A, 1, b.clock)
			f.say(t, "notice", "one")
			b.receive(f.parcel(t, 0), Taken)
			say(t, f)
			b.receive(f.parcel(t, 1), Breach)
			s := b.ledger.Standing()
			if !s.Closed || s.Forked || s.Held.Size != 1 {
				t.Errorf("stands at %+v", s)
			}
			evs, err := b.ledger.Evidences(t.Context())
			if err != nil || len(evs) != 1 || evs[0].Kind != EvidenceBreach {
				t.Fatalf("%d pieces of evidence, %v", len(evs), err)
			}
			h, err := transcript.OpenHead(evs[0].Offered, transcript.PublicLineKey(testKey(transcript.A)))
			if err != nil {
				t.Fatal(err)
			}
			if err := transcript.CheckEntry(evs[0].InOffered, h.Size, h.Root, 1, transcript.RecordHash(evs[0].Entry)); err != nil {
				t.Error(err)
			}
		})
	}
}

// oversized is an entry whose shown disclosures are together over their bound.
func oversized(t *testing.T, f *forger) transcript.Sealed {
	t.Helper()
	one := transcript.Disclosure{Name: "text", Value: []byte(`"` + strings.Repeat("q", transcript.MaxDisclosuresBytes) + `"`)}
	enc, err := one.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return withDisclosure(t, f, enc)
}

func malformed(t *testing.T, f *forger) transcript.Sealed {
	return withDisclosure(t, f, []byte("not a disclosure"))
}

func withDisclosure(t *testing.T, f *forger, enc []byte) transcript.Sealed {
	t.Helper()
	e := transcript.Entry{Agreement: agreementID(), Author: partyName(f.origin.Side), Seq: f.tree.Size(), Time: f.clock.Now(),
		Seen: transcript.Seen{Root: transcript.EmptyRoot()}, Kind: "notice", SD: []transcript.Digest{transcript.DigestOf(enc)},
		Shown: []transcript.Digest{transcript.DigestOf(enc)}}
	rng := rand.NewChaCha8(sha256.Sum256([]byte("decoys")))
	for len(e.SD) < 8 {
		var d transcript.Digest
		_, _ = rng.Read(d[:])
		e.SD = append(e.SD, d)
	}
	sortDigests(e.SD)
	b, err := e.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return transcript.Sealed{Bytes: b, Disclosures: [][]byte{enc}}
}

// A party that goes on to lie after its epoch was closed does not fill the other's disk.
func TestEvidenceIsBounded(t *testing.T) {
	a, b := pair(t)
	a.append(draft("notice", "one"))
	liar := newForger(transcript.A, 1, newClock())
	liar.say(t, "notice", "another")
	for range 3 * maxEvidence {
		liar.clock.add(1e9)
		rc, err := transcript.SignReceipt(testKey(transcript.B), liar.head(t), liar.clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		p := b.parcel(a, 0)
		p.Receipts = [][]byte{rc.Note}
		a.receive(p, Forked)
	}
	evs, err := a.ledger.Evidences(t.Context())
	if err != nil || len(evs) != maxEvidence {
		t.Errorf("%d pieces of evidence, %v", len(evs), err)
	}
}
