package transcript

import (
	"bytes"
	"crypto/ed25519"
	"strings"
	"testing"
	"time"
)

// TestThief plays a line key of blue's that is stolen at minute 5 and revoked as of then in the next version
// of the agreement, which names another. What blue said before stays as it was, under the keys of its time;
// what the thief adds, dated before the revocation or after it, does not count without an older receipt or older cosignatures of agreed witnesses (see TestThiefAndWitnesses), and
// he cannot make one: green's key is not his.
func TestThief(t *testing.T) {
	stolen := testTime().Add(5 * time.Minute)
	parties := testParties()
	parties[0].LineKeys = []LineKey{{Public: public(testKey(1)), Revoked: stolen}, {Public: public(testKey(3)), From: stolen}}
	for _, c := range []struct {
		name    string
		dated   time.Duration // by the thief, after the theft
		receipt byte          // whose key signs a receipt for his entry; 0: none
		at      time.Duration
		ok      bool
	}{
		{"nothing of the thief's", 0, 0, 0, true},
		{"dated after the revocation", time.Minute, 0, 0, false},
		{"dated back", -time.Minute, 0, 0, false},
		{"dated back, with a receipt by the stolen key", -time.Minute, 1, -time.Minute, false},
		{"dated back, with a receipt that green signed later", -time.Minute, 2, time.Minute, false},
		{"dated back, with a receipt that is older: it was blue's own", -time.Minute, 2, -30 * time.Second, true},
	} {
		w := newWorld(t, testParties())
		_, next := testAgreement{line: w.id, version: 2, supersedes: w.id, parties: parties,
			signers: []ed25519.PrivateKey{testKey(11), testKey(12)}}.note(t)
		w.say(0, testDraft())
		w.commit(0, true)
		w.say(1, testDraft())
		w.commit(1, true)
		l := w.books[0]
		if c.dated != 0 {
			w.now = stolen.Add(c.dated)
			w.say(0, Draft{Kind: "notice.file"})
			w.commit(0, false)
			if c.receipt != 0 {
				r, err := SignReceipt(testKey(c.receipt), l.heads[len(l.heads)-1], stolen.Add(c.at))
				if err != nil {
					t.Fatal(err)
				}
				l.receipts = append(l.receipts, r)
			}
		}
		data := bytes.Replace(w.bundle(nil), []byte("transcript "), append(appendBlock(nil, "agreement", next), "transcript "...), 1)
		r, text := verifyText(data, testOptions())
		if r.OK != c.ok {
			t.Errorf("%s: %s", c.name, text)
		}
		if !c.ok && c.receipt != 1 && !strings.Contains(text, "by a key that did not count then, or was revoked later without an older receipt or older cosignatures of agreed witnesses, covers them") {
			t.Errorf("%s: %s", c.name, text)
		}
		if at, held := r.Transcripts[0].Deliveries[0].Time, r.Transcripts[0].Deliveries[0].First == 0; !held || !at.Equal(testTime().Add(time.Second)) {
			t.Errorf("%s: blue's own entry is held at %s no more", c.name, at)
		}
	}
}

// TestForgedWorld: who makes keys for both parties can make a whole line that is consistent. The verdict says
// that its signers are not identified, and a reader who knows one of the real keys refuses it.
func TestForgedWorld(t *testing.T) {
	real := testParties()
	forged := real
	for i := range forged {
		forged[i].PartyKey = public(testKey(byte(21 + i)))
		forged[i].LineKeys = []LineKey{lineKey(byte(31 + i))}
	}
	w := newWorld(t, real)
	w.id, w.agreement = testAgreement{line: "self", version: 1, parties: forged, signers: []ed25519.PrivateKey{testKey(21), testKey(22)}}.note(t)
	w.openEpoch(1)
	w.books[0].key, w.books[1].key = testKey(31), testKey(32)
	w.playSmall()
	data := w.bundle(nil)
	r, text := verifyText(data, testOptions())
	if !r.OK || r.Identified || !strings.HasPrefix(text, "consistent; signers not identified: blue "+Fingerprint(public(testKey(21)))) {
		t.Fatal(text)
	}
	for name, trust := range map[string][]TrustedKey{
		"both keys": {{Name: "blue", Key: public(testKey(11))}, {Name: "green", Key: public(testKey(12))}},
		"one key":   {{Name: "green", Fingerprint: Fingerprint(public(testKey(12)))}},
		"the forged key of one, under the name of the other": {{Name: "green", Key: public(testKey(21))}, {Name: "green", Key: public(testKey(22))}},
	} {
		opts := testOptions()
		opts.Trust = trust
		if r, text := verifyText(data, opts); r.OK || r.Identified || !strings.Contains(text, "which is not among the trusted keys") {
			t.Errorf("%s: %s", name, text)
		}
	}
	w = newWorld(t, real)
	w.playSmall()
	spliced := bytes.Replace(data, w.agreement, nil, 1)
	spliced = bytes.Replace(spliced, []byte(bundleHeader+"\n"), append([]byte(bundleHeader+"\n"), appendBlock(nil, "agreement", w.agreement)...), 1)
	if r, _ := verifyText(spliced, testOptions()); r.OK {
		t.Error("a forged line under the real agreement is accepted")
	}
}
