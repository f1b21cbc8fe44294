package ledger

import (
	"bytes"
	"crypto/ed25519"
	"slices"
	"strconv"
	"testing"
	"time"

	"parley/transcript"
)

// exported writes a ledger to a bundle and verifies it.
func exported(t *testing.T, n *node) ([]byte, transcript.Report) {
	t.Helper()
	return exportedKeeping(t, n, nil)
}

func exportedKeeping(t *testing.T, n *node, keep Keep) ([]byte, transcript.Report) {
	t.Helper()
	var out bytes.Buffer
	b := transcript.NewBundleWriter(&out)
	if err := b.Agreement([]byte("an agreement\n\n— north AAAAAAA=\n— south AAAAAAA=\n")); err != nil {
		t.Fatal(err)
	}
	if err := n.ledger.Export(t.Context(), b, keep); err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), transcript.Verify(bytes.NewReader(out.Bytes()), transcript.Options{Agreement: testAgreement})
}

func testAgreement([]byte) (transcript.AgreementInfo, error) {
	info := transcript.AgreementInfo{ID: lineID(), Line: lineID(), Version: 1}
	for i, side := range []transcript.Side{transcript.A, transcript.B} {
		pub := testKey(side).Public().(ed25519.PublicKey)
		info.Parties[i] = transcript.Party{Name: partyName(side), Side: side, PartyKey: pub, LineKeys: []transcript.LineKey{{Public: pub}}}
		info.Signers = append(info.Signers, pub)
	}
	return info, nil
}

// exportPair is a pair whose agreement is its line's first version, as a verifier wants it.
func exportPair(t *testing.T) (a, b *node) {
	c := newClock()
	first := func(cfg *Config) { cfg.NotRestored, cfg.Agreement = true, lineID() }
	return start(t, transcript.A, newMemStore(), c, first), start(t, transcript.B, newMemStore(), c, first)
}

func holds(t *testing.T, who string, r transcript.Report) {
	t.Helper()
	for _, c := range r.Checks {
		if !c.OK {
			t.Errorf("%s: %s %s: %s", who, c.Name, c.Entry, c.Reason)
		}
	}
}

// TestExportHolds verifies what both sides export over heartbeats, deliveries and two epochs.
func TestExportHolds(t *testing.T) {
	a, b := exportPair(t)
	for i := range 5 {
		a.append(draft("notice", "of a"))
		a.append(draft("notice", "more of a"), draft("notice", "in one commit"))
		if i%2 == 0 {
			b.append(draft("notice", "of b"))
		}
		settle(t, a, b)
		for range 3 {
			a.clock.add(time.Minute)
			for _, n := range []*node{a, b} {
				if err := n.ledger.Heartbeat(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	settle(t, a, b)
	if err := a.ledger.CloseEpoch(t.Context(), "a test"); err != nil {
		t.Fatal(err)
	}
	if _, err := a.ledger.NextEpoch(t.Context(), draft("notice", "of the next")); err != nil {
		t.Fatal(err)
	}
	settle(t, a, b)
	for name, n := range map[string]*node{"a": a, "b": b} {
		_, r := exported(t, n)
		holds(t, name, r)
		if len(r.Transcripts) != 4 {
			t.Errorf("%s exports %d transcripts of two epochs", name, len(r.Transcripts))
		}
		for _, tr := range r.Transcripts {
			if tr.Missing != 0 || tr.Entries != tr.Size {
				t.Errorf("%s: %s has %d of %d entries", name, tr.Origin, tr.Entries, tr.Size)
			}
			for _, d := range tr.Deliveries {
				if d.Time.IsZero() && tr.Origin[len(tr.Origin)-3:] == "1/a" {
					t.Errorf("%s: %s: delivery of %d to %d is not shown", name, tr.Origin, d.First, d.Last)
				}
			}
		}
	}
}

// TestExportShowsTheFork has the evidence of a fork in the bundle of the side that holds it.
func TestExportShowsTheFork(t *testing.T) {
	b := start(t, transcript.B, newMemStore(), newClock(), notRestored)
	liar := forked(t, b)
	liar.say(t, "notice", "two'")
	b.receive(liar.parcel(t, 0), Forked)
	data, _ := exported(t, b)
	r := transcript.NewBundleReader(bytes.NewReader(data))
	forks := 0
	for rec, err := r.Next(); err == nil; rec, err = r.Next() {
		if rec.Kind == transcript.RecordFork {
			forks++
		}
	}
	if forks != 1 {
		t.Errorf("the bundle holds %d forks", forks)
	}
}

// TestExportLeavesOutWhatWasNotShown looks for a field that the other party was not told.
func TestExportLeavesOutWhatWasNotShown(t *testing.T) {
	a, b := exportPair(t)
	d := draft("notice", "told")
	d.Fields = append(d.Fields, transcript.Field{Name: "cargo", Value: []byte(`"unspoken"`)})
	a.append(d)
	settle(t, a, b)
	data, r := exported(t, a)
	holds(t, "a", r)
	if bytes.Contains(data, []byte("cargo")) || r.Transcripts[0].Disclosed == 0 {
		t.Errorf("the export shows what was told to nobody, or nothing at all: %+v", r.Transcripts[0])
	}
}

// TestExportKeepsWhatIsHeld: of what keep holds every head and every receipt is in the bundle, and of one
// entry the first that covers it.
func TestExportKeepsWhatIsHeld(t *testing.T) {
	a, b := exportPair(t)
	for range 6 {
		a.append(draft("notice", "of a"))
		settle(t, a, b)
		a.clock.add(100 * time.Millisecond)
	}
	sizes := func(keep Keep) (heads, receipts []int64) {
		data, r := exportedKeeping(t, a, keep)
		holds(t, "a", r)
		br := transcript.NewBundleReader(bytes.NewReader(data))
		for rec, err := br.Next(); err == nil; rec, err = br.Next() {
			switch rec.Kind {
			case transcript.RecordHead:
				heads = append(heads, noteSize(t, rec.Note))
			case transcript.RecordReceipt:
				receipts = append(receipts, noteSize(t, rec.Note))
			}
		}
		return heads, receipts
	}
	heads, receipts := sizes(nil)
	if len(heads) > 2 || len(receipts) > 2 {
		t.Fatalf("heads %v and receipts %v of one second are not thinned", heads, receipts)
	}
	heads, receipts = sizes(func(transcript.Origin, int64, time.Time) bool { return true })
	for size := int64(1); size <= 6; size++ {
		if !slices.Contains(heads, size) || !slices.Contains(receipts, size) {
			t.Errorf("heads %v and receipts %v, without %d", heads, receipts, size)
		}
	}
	heads, receipts = sizes(func(_ transcript.Origin, seq int64, _ time.Time) bool { return seq == 2 })
	if !slices.Contains(heads, 3) || !slices.Contains(receipts, 3) || slices.Contains(heads, 2) || slices.Contains(receipts, 2) {
		t.Errorf("heads %v and receipts %v, where those of size 3 are held", heads, receipts)
	}
}

// noteSize reads the size that a checkpoint states, on its second line.
func noteSize(t *testing.T, note []byte) int64 {
	t.Helper()
	lines := bytes.SplitN(note, []byte("\n"), 3)
	n, err := strconv.ParseInt(string(lines[1]), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
