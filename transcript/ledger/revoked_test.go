package ledger

import (
	"fmt"
	"testing"
	"time"

	"parley/transcript"
)

// TestDiscloseBearsOutARevokedKey: where the key of the newest head was revoked, a disclosure holds the receipts,
// or the cosignatures of witnesses, that are older than that, whichever entries it shows.
func TestDiscloseBearsOutARevokedKey(t *testing.T) {
	for _, by := range []string{"receipt", "witness", "nobody"} {
		a, b := exportPair(t)
		w1, _ := testWitness(1)
		a.ledger.SetWitnesses([]transcript.WitnessKey{w1})
		a.append(draft("notice", "first"))
		settle(t, a, b)
		a.clock.add(time.Minute)
		a.append(draft("notice", "second"))
		if by == "receipt" {
			settle(t, a, b)
		}
		heads, err := a.ledger.NewestHeads(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if by == "witness" {
			cosigned(t, a, heads[0], 1, 0)
		}
		b.append(draft("notice", "of the other"))
		key := transcript.PublicLineKey(testKey(transcript.A))
		key.Revoked = a.clock.Now().Add(time.Minute)
		a.ledger.SetKeys(testKey(transcript.A), []transcript.LineKey{key}, []transcript.LineKey{transcript.PublicLineKey(testKey(transcript.B))})
		info := func(note []byte) (transcript.AgreementInfo, error) {
			i, err := testAgreement(note)
			i.Parties[0].LineKeys[0].Revoked = key.Revoked
			i.Witnesses, i.Quorum = []transcript.WitnessKey{w1}, 1
			return i, err
		}
		data, _, err := disclosed(t, a, func(r Record) (transcript.Sealed, bool) {
			return transcript.Sealed{Bytes: r.Bytes}, r.Entry.Author == partyName(transcript.A) && r.Entry.Seq == 0
		})
		if err != nil {
			t.Fatal(err)
		}
		if r := verifyWith(data, info); r.OK != (by != "nobody") {
			t.Errorf("borne out by %s: %s", by, fmt.Sprintf("%+v", r.Checks))
		}
	}
}
