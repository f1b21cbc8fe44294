package ledger

import (
	"bytes"
	"testing"
	"time"

	"parley/fault"
	"parley/transcript"
)

// noChunks is a get for values without chunks.
func noChunks([32]byte) ([]byte, error) {
	return nil, fault.Newf(fault.NotFound, "test", "no chunks")
}

func FuzzDecodeSegment(f *testing.F) {
	p := packer{keys: keysOf(lineID())}
	for _, s := range []segment{
		{},
		{first: 3, heldAt: time.UnixMilli(1_790_000_000_000), entries: []transcript.Sealed{{Bytes: []byte("one"), Disclosures: [][]byte{[]byte("x"), nil}}, {Bytes: []byte("two")}}},
		{first: 1, entries: []transcript.Sealed{{Bytes: []byte("large"), Disclosures: [][]byte{bytes.Repeat([]byte("l"), 40_000)}}}},
	} {
		f.Add(p.encodeSegment(s))
	}
	f.Fuzz(func(t *testing.T, value []byte) {
		s, err := decodeSegment(value, noChunks)
		if err != nil {
			return
		}
		p := packer{keys: keysOf(lineID())}
		again, err := decodeSegment(p.encodeSegment(s), noChunks)
		if err != nil && len(p.chunks) == 0 {
			t.Fatal(err)
		}
		if err == nil && (again.first != s.first || !again.heldAt.Equal(s.heldAt) || len(again.entries) != len(s.entries)) {
			t.Fatalf("%+v became %+v", s, again)
		}
	})
}

func FuzzDecodeAhead(f *testing.F) {
	p := packer{keys: keysOf(lineID())}
	b := appendShort([]byte{segmentVersion}, []byte("a head"))
	b = append(b, 1)
	b = append(b, make([]byte, 32)...)
	f.Add(append(b, p.encodeSegment(segment{first: 7, entries: []transcript.Sealed{{Bytes: []byte("one")}}})...))
	f.Fuzz(func(t *testing.T, value []byte) {
		a, _, err := decodeAhead(value, transcript.Origin{}, noChunks)
		if err == nil && len(a.Proof) > maxProofHashes {
			t.Fatal("a proof over its bound")
		}
	})
}

// FuzzReceive hands a node arbitrary parcels: what it does not hold to be the peer's own words it
// must not keep, and a fork or a breach takes the peer's signature.
func FuzzReceive(f *testing.F) {
	c := newClock()
	peer := newForger(transcript.A, 1, c)
	for _, text := range []string{"one", "two", "three"} {
		peer.say(f, "notice", text)
	}
	good := peer.parcel(f, 0)
	e, d := good.Entries[1].Bytes, good.Entries[1].Disclosures[0]
	f.Add(int64(1), int64(0), good.Head, []byte(nil), e, d, 1)
	f.Add(int64(1), int64(1), good.Head, good.Head, e, d, 0)
	f.Add(int64(2), int64(0), good.Head, []byte(nil), e, []byte(nil), 1)
	f.Add(int64(1), int64(-1), []byte("x\n"), []byte(nil), []byte("{}"), d, 2)
	f.Fuzz(func(t *testing.T, epoch, first int64, head, receipt, entry, disclosure []byte, replace int) {
		s := newMemStore()
		b := start(t, transcript.B, s, c, notRestored)
		defer b.stop()
		p := clone(good)
		p.Origin.Epoch, p.First, p.Head, p.Receipts = epoch, first, head, [][]byte{receipt}
		p.Entries[uint(replace)%3] = transcript.Sealed{Bytes: entry, Disclosures: [][]byte{disclosure}}
		out, err := b.ledger.Receive(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		if out.Verdict == Forked || out.Verdict == Breach {
			t.Fatalf("%s without the peer's signature: %s", out.Verdict, out.Reason)
		}
		if out.Verdict == Taken && !bytes.Equal(b.all()[1].Bytes, good.Entries[1].Bytes) {
			t.Fatal("took what the peer did not sign")
		}
		if out.Verdict == Unsound && s.commits > 0 {
			t.Fatal("kept something of a parcel that does not hold")
		}
		a := Advance{Origin: p.Origin, Head: head, Index: first, Entry: p.Entries[1], Proof: []transcript.Hash{{}}}
		if out, err := b.ledger.ReceiveAdvance(t.Context(), a); err != nil || out.Verdict == Forked {
			t.Fatalf("%+v, %v", out, err)
		}
	})
}
