package ledger

import (
	"bytes"
	"testing"
	"time"

	"filippo.io/mldsa"

	"parley/transcript"
)

func doubleKey(t *testing.T, side transcript.Side) *transcript.DoubleKey {
	t.Helper()
	half, err := mldsa.NewPrivateKey(mldsa.MLDSA44(), testKey(side).Seed())
	if err != nil {
		t.Fatal(err)
	}
	k, err := transcript.NewDoubleKey(testKey(side), half)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// TestBothSignatures: two ledgers whose keys have both halves sign heads and receipts with both, read them
// again when they are opened anew, and export what holds; a ledger whose agreement names the Ed25519 half
// alone signs with that alone.
func TestBothSignatures(t *testing.T) {
	for _, both := range []bool{true, false} {
		c := newClock()
		change := func(cfg *Config) {
			cfg.NotRestored, cfg.Agreement, cfg.Key = true, lineID(), doubleKey(t, cfg.Side)
			own, peer := transcript.PublicLineKey(doubleKey(t, cfg.Side)), transcript.PublicLineKey(doubleKey(t, cfg.Side.Other()))
			if !both {
				own.MLDSA, peer.MLDSA = nil, nil
			}
			cfg.OwnKeys, cfg.PeerKeys = []transcript.LineKey{own}, []transcript.LineKey{peer}
		}
		store := newMemStore()
		a, b := start(t, transcript.A, store, c, change), start(t, transcript.B, newMemStore(), c, change)
		a.sent, b.sent = nil, nil
		a.append(draft("notice", "x"))
		settle(t, a, b)
		c.add(time.Second)
		b.append(draft("received", "y"))
		settle(t, a, b)
		a.stop()
		a = start(t, transcript.A, store, c, change)
		var out bytes.Buffer
		w := transcript.NewBundleWriter(&out)
		if err := w.Agreement([]byte("an agreement\n\n— north AAAAAAA=\n— south AAAAAAA=\n")); err != nil {
			t.Fatal(err)
		}
		if err := a.ledger.Export(t.Context(), w, nil); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		r := transcript.Verify(&out, transcript.Options{Agreement: func(note []byte) (transcript.AgreementInfo, error) {
			info, err := testAgreement(note)
			info.Both = both
			for i, side := range []transcript.Side{transcript.A, transcript.B} {
				if both {
					info.Parties[i].LineKeys[0] = transcript.PublicLineKey(doubleKey(t, side))
				}
			}
			return info, err
		}})
		holds(t, "a", r)
		for _, tr := range r.Transcripts {
			if want := (transcript.Signed{Both: both, Ed25519: !both}); tr.HeadsSigned != want || tr.ReceiptsSigned != want {
				t.Errorf("both %t: %s: heads %s, receipts %s", both, tr.Origin, tr.HeadsSigned, tr.ReceiptsSigned)
			}
		}
	}
}
