package ledger

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"testing"
	"time"

	"parley/transcript"
)

func testWitness(seed byte) (transcript.WitnessKey, ed25519.PrivateKey) {
	key := ed25519.NewKeyFromSeed(append(make([]byte, 31), seed))
	return transcript.WitnessKey{Name: fmt.Sprintf("witness.example/w%d", seed), Key: key.Public().(ed25519.PublicKey)}, key
}

// cosigned has a witness cosign a head and the ledger keep it.
func cosigned(t *testing.T, n *node, h transcript.Head, seed byte, after time.Duration) transcript.Cosignature {
	t.Helper()
	by, key := testWitness(seed)
	line, err := transcript.SignCosignature(key, by.Name, fmt.Appendf(nil, "%s\n%d\n%s\n", h.Origin, h.Size, h.Root), n.clock.Now().Add(after))
	if err != nil {
		t.Fatal(err)
	}
	c, err := transcript.FindCosignature(h, line, by)
	if err == nil {
		err = n.ledger.KeepCosignature(t.Context(), c)
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCosignaturesAreKeptAndExported(t *testing.T) {
	a, b := exportPair(t)
	w1, _ := testWitness(1)
	w2, _ := testWitness(2)
	info := func(note []byte) (transcript.AgreementInfo, error) {
		i, err := testAgreement(note)
		i.Witnesses, i.Quorum = []transcript.WitnessKey{w1, w2}, 1
		return i, err
	}
	a.ledger.SetWitnesses([]transcript.WitnessKey{w1, w2})
	want := map[int64]time.Time{}
	for i := range 4 {
		a.append(draft("notice", fmt.Sprint(i)))
		settle(t, a, b)
		heads, err := a.ledger.NewestHeads(t.Context())
		if err != nil || len(heads) != 1 || heads[0].Size != int64(i+1) {
			t.Fatalf("newest heads: %+v, %v", heads, err)
		}
		if i == 2 {
			continue // covered by the next
		}
		c := cosigned(t, a, heads[0], 1, 0)
		want[c.Size] = c.Time
		cosigned(t, a, heads[0], 1, time.Minute) // again: the earliest counts
		cosigned(t, a, heads[0], 9, 0)           // a witness that the agreement does not name
		a.clock.add(2 * time.Minute)
	}
	b.append(draft("notice", "of the other"))
	settle(t, a, b)

	newest, err := a.ledger.NewestCosignature(t.Context(), transcript.Origin{Line: lineID(), Epoch: 1, Side: transcript.A}, w1)
	if err != nil || newest.Size != 4 || !newest.Time.Equal(want[4].Add(time.Minute)) {
		t.Errorf("newest: %+v, %v", newest, err)
	}
	data, _ := exported(t, a)
	r := verifyWith(data, info)
	holds(t, "export", r)
	if got := r.Transcripts[0].Witnessed; len(got) != 3 || !got[0].Time.Equal(want[1]) || !got[1].Time.Equal(want[2]) || got[2].First != 2 || !got[2].Time.Equal(want[4]) {
		t.Errorf("witnessed: %+v", got)
	}
	if len(r.Witnesses) != 2 || r.Witnesses[0].Cosignatures != 3 {
		t.Errorf("witnesses: %+v", r.Witnesses)
	}
	data, _, err = disclosed(t, a, func(rec Record) (transcript.Sealed, bool) {
		return transcript.Sealed{Bytes: rec.Bytes}, rec.Entry.Author == partyName(transcript.A) && rec.Entry.Seq == 2
	})
	if err != nil {
		t.Fatal(err)
	}
	r = verifyWith(data, info)
	holds(t, "disclosure", r)
	if got := r.Transcripts[0].Witnessed; len(got) != 1 || !got[0].Time.Equal(want[4]) || r.Witnesses[0].Cosignatures != 1 {
		t.Errorf("disclosed: %+v, %+v", got, r.Witnesses)
	}
	proof, err := a.ledger.Consistency(t.Context(), newest.Origin, 2, 4)
	if err != nil || len(proof) == 0 {
		t.Errorf("proof: %v, %v", proof, err)
	}
}

func verifyWith(data []byte, info func([]byte) (transcript.AgreementInfo, error)) transcript.Report {
	return transcript.Verify(bytes.NewReader(data), transcript.Options{Agreement: info})
}
