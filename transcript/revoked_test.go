package transcript

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/internal/second"
)

// cosigning is a cosignature in a test: of which witness, on which size, how long after the theft.
type cosigning struct {
	by   int
	size int64
	at   time.Duration
}

// witnessedThief plays a line key of blue's that is stolen at minute 5 and revoked as of then in the next version
// of the agreement. Blue has said one entry and has a receipt for it; a second one of blue's, which green never
// receipted, or a forged one of the thief's that is dated back, follows. All that speaks for the second are the
// marks of witnesses, of whom the agreement names n and asks for need.
func witnessedThief(t testing.TB, need, n int, marks []cosigning) []byte {
	stolen := testTime().Add(5 * time.Minute)
	parties := testParties()
	parties[0].LineKeys = []LineKey{{Public: public(testKey(1)), Revoked: stolen}, {Public: public(testKey(3)), From: stolen}}
	w := witnessedWorld(t, need, n)
	var keys []WitnessKey
	for i := range n {
		keys = append(keys, testWitness(i))
	}
	_, next := testAgreement{line: w.id, version: 2, supersedes: w.id, parties: parties, witnesses: keys, quorum: need,
		signers: []ed25519.PrivateKey{testKey(11), testKey(12)}}.note(t)
	w.say(0, testDraft())
	w.commit(0, true)
	w.say(1, testDraft())
	w.commit(1, true)
	w.now = stolen.Add(-time.Minute)
	w.say(0, Draft{Kind: "notice.file"})
	w.commit(0, false)
	w.now = stolen
	for _, m := range marks {
		w.books[0].cosigned = append(w.books[0].cosigned, w.cosign(0, m.by, m.size, m.at))
	}
	return bytes.Replace(w.bundle(nil), []byte("transcript "), append(appendBlock(nil, "agreement", next), "transcript "...), 1)
}

// thiefCase is what witnesses signed, and whether the second entry counts by it.
type thiefCase struct {
	name    string
	need, n int
	marks   []cosigning
	ok      bool
}

func thiefCases() []thiefCase {
	const before, after = -30 * time.Second, 30 * time.Second
	return []thiefCase{
		{"none", 2, 3, nil, false},
		{"as many as agreed, before", 2, 3, []cosigning{{0, 2, before}, {1, 2, before}}, true},
		{"as many as agreed, one of them at the moment of the revocation", 2, 3, []cosigning{{0, 2, before}, {1, 2, 0}}, false},
		{"as many as agreed, a second before it", 2, 3, []cosigning{{0, 2, -time.Second}, {1, 2, -time.Second}}, true},
		{"too few before, the rest after", 2, 3, []cosigning{{0, 2, before}, {1, 2, after}, {2, 2, after}}, false},
		{"before, on fewer entries", 2, 3, []cosigning{{0, 1, before}, {1, 1, before}, {2, 2, before}}, false},
		{"one twice", 2, 3, []cosigning{{0, 2, before}, {0, 2, before - time.Second}}, false},
		{"all after: what the thief gave them", 2, 3, []cosigning{{0, 2, after}, {1, 2, after}, {2, 2, after}}, false},
		{"none is asked for, one signed before", 0, 2, []cosigning{{1, 2, before}}, true},
		{"none is asked for, none signed before", 0, 2, []cosigning{{1, 2, after}}, false},
	}
}

// TestThiefAndWitnesses: what a revoked key signed counts where as many agreed witnesses as the agreement asks for
// cosigned it before the revocation. A thief who dates back cannot make those, and what he gives witnesses later
// counts for nothing.
func TestThiefAndWitnesses(t *testing.T) {
	var files []second.File
	for _, c := range thiefCases() {
		data := witnessedThief(t, c.need, c.n, c.marks)
		files = append(files, second.File{Name: c.name, Data: data})
		r, text := verifyText(data, testOptions())
		if r.OK != c.ok {
			t.Errorf("%s: %s", c.name, text)
		}
		says := "wrong (keys) at 1/a#1: only a head of 2026-12-01T06:04:00Z, by a key that did not count then, or was revoked later without an older receipt or older cosignatures of agreed witnesses, covers them"
		if c.ok {
			says = fmt.Sprintf("note: the key that signed the head of size 2 was revoked as of 2026-12-01T06:05:00Z, and no receipt in this file for as many entries is older; the head counts because %d of the %d witnesses", max(c.need, 1), c.n)
		}
		if !strings.Contains(text, says) {
			t.Errorf("%s: does not say %q:\n%s", c.name, says, text)
		}
		if r.Transcripts[0].Deliveries[0].Time.IsZero() || !r.Transcripts[0].Deliveries[len(r.Transcripts[0].Deliveries)-1].Time.IsZero() {
			t.Errorf("%s: a witness is no receiver: %+v", c.name, r.Transcripts[0].Deliveries)
		}
	}
	second.Compare(t, files, firstVerdict(testOptions()), "--test-agreements")
	known := testOptions()
	known.Witnesses = []WitnessKey{testWitness(0), testWitness(9)}
	if r, text := verifyText(witnessedThief(t, 1, 2, []cosigning{{1, 2, -time.Minute}}), known); r.OK {
		t.Errorf("a witness whom the reader does not know: %s", text)
	}
	if r, text := verifyText(witnessedThief(t, 1, 2, []cosigning{{0, 2, -time.Minute}}), known); !r.OK {
		t.Errorf("a witness whom the reader knows: %s", text)
	}
}

// TestRevokedReceiverAndWitnesses: a receipt by a key revoked later counts where the receiver's own transcript
// bears it out in an entry that witnesses cosigned before the revocation.
func TestRevokedReceiverAndWitnesses(t *testing.T) {
	for _, c := range []struct {
		at   time.Duration
		held bool
	}{{-time.Minute, true}, {time.Minute, false}} {
		revoked := testTime().Add(time.Hour)
		w := witnessedWorld(t, 1, 1)
		parties := testParties()
		parties[1].LineKeys = []LineKey{{Public: public(testKey(2)), Revoked: revoked}, {Public: public(testKey(4)), From: revoked}}
		w.id, w.agreement = testAgreement{line: "self", version: 1, parties: parties, witnesses: []WitnessKey{testWitness(0)}, quorum: 1,
			signers: []ed25519.PrivateKey{testKey(11), testKey(12)}}.note(t)
		w.openEpoch(1)
		w.say(0, testDraft())
		w.commit(0, true)
		w.say(1, testDraft())
		w.commit(1, false)
		w.now = revoked
		w.books[1].cosigned = []Cosignature{w.cosign(1, 0, 1, c.at)}
		w.books[1].key = testKey(4)
		w.tick(time.Minute)
		w.commit(1, false)
		r, text := verifyText(w.bundle(nil), testOptions())
		if _, held := r.Held(w.books[0].origin, 0); !r.OK || held != c.held {
			t.Errorf("cosigned %s from the revocation: held %t\n%s", c.at, held, text)
		}
	}
}
