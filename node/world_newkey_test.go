package node

import (
	"crypto/ed25519"
	"fmt"
	"testing"
	"time"

	"parley/agreement"
	"parley/fault"
	"parley/node/body"
	"parley/transcript"
	"parley/voice"
)

// said is what is read out of a key.
func saidKey(k ed25519.PrivateKey) string {
	return voice.SayKey(transcript.Fingerprint(k.Public().(ed25519.PublicKey)))
}

// inVersion says at which nodes a version of the agreement is not in force.
func (w *world) inVersion(version int) func() string {
	return func() string {
		for _, e := range w.ends {
			if got := e.line().Version; got != version {
				return fmt.Sprintf("%s is at version %d", e.party, got)
			}
		}
		return ""
	}
}

// TestPartyKeyReplaced: red lost its party key. The version that names another counts once both have signed it and
// an officer of each side has entered what he heard, over restarts; then the old key signs nothing more.
func TestPartyKeyReplaced(t *testing.T) {
	inWorld(t, dutyTerms, func(t *testing.T, w *world, red, blue *end) {
		ctx := t.Context()
		oldKey, newKey, thief := red.keys.party, newKeys(t).party, newKeys(t).party
		newest := red.order[0].newest()
		named := func(a, b ed25519.PrivateKey) agreement.Terms {
			next := agreement.Supersede(newest, newest.Terms)
			next.Parties[0].PartyKey = a.Public().(ed25519.PublicKey)
			next.Parties[1].PartyKey = b.Public().(ed25519.PublicKey)
			return next
		}
		if err := blue.CompareKey(ctx, boris, "", 0, saidKey(newKey), "ana"); !fault.Is(err, fault.NotFound) {
			t.Errorf("compared with nothing on the line: %v", err)
		}
		one := taken(agreement.Sign(named(newKey, blue.keys.party), "red", newKey))
		both := taken(agreement.Cosign(one, "blue", blue.keys.party))
		taken(red.Propose(ctx, ana, "", one))
		w.within(time.Minute, "delivered", w.settled)
		w.alarmed("new-key", "gives red another party key", "parley key compare")

		// Both keys at once vouch for nobody.
		two := taken(agreement.Cosign(taken(agreement.Sign(named(newKey, thief), "red", newKey)), "blue", thief))
		if _, err := blue.Propose(ctx, boris, "", two); !fault.Is(err, fault.Mismatch) {
			t.Errorf("both keys in one version: %v", err)
		}
		taken(blue.order[0].append(ctx, taken(body.Draft(body.KindAgreement, body.Agreement{ID: "x", Note: string(two)}))))

		for heard, code := range map[string]fault.Code{saidKey(thief): fault.Corrupt, saidKey(oldKey): fault.Corrupt, saidKey(newKey)[:39] + ", check AAA": fault.Mismatch, "": fault.Invalid} {
			if err := blue.CompareKey(ctx, boris, "", 0, heard, "ana"); !fault.Is(err, code) {
				t.Errorf("heard %q: %v", heard, err)
			}
		}
		if err := blue.CompareKey(ctx, boris, "", 0, saidKey(newKey), ""); !fault.Is(err, fault.Invalid) {
			t.Errorf("with nobody: %v", err)
		}
		if got := blue.logged("blue", body.KindKeyCompared); got != 0 {
			t.Fatalf("%d words of blue's on the line after what was refused", got)
		}
		// Blue's officer hears the key before blue signs.
		if err := blue.CompareKey(ctx, boris, "", 2, saidKey(newKey), "ana"); err != nil {
			t.Fatal(err)
		}
		if err := blue.CompareKey(ctx, boris, "", 2, saidKey(newKey), "ana"); err != nil || blue.logged("blue", body.KindKeyCompared) != 1 {
			t.Errorf("entered twice: %v", err)
		}
		taken(blue.Propose(ctx, boris, "", both))
		for _, e := range w.ends {
			e.halt()
			e.open()
		}
		w.within(time.Minute, "both may sign", w.unready)
		w.within(time.Minute, "delivered", w.settled)
		for _, e := range w.ends {
			l := e.line()
			if l.Version != 1 || len(l.KeyChanges) != 1 || l.KeyChanges[0].Version != 2 || l.KeyChanges[0].Party != "red" || len(l.KeyChanges[0].Signers) != 2 ||
				len(l.KeyChanges[0].Compared) != 1 || l.KeyChanges[0].Compared[0].Party != "blue" || l.KeyChanges[0].Compared[0].With != "ana" {
				t.Errorf("%s: %+v", e.party, l.KeyChanges)
			}
			if a := e.alarmOf("new-key"); (a == nil) != (e == blue) {
				t.Errorf("%s: alarm %+v", e.party, a)
			}
		}
		// Until then the old key is the party's.
		if _, err := red.PutStatement(ctx, chief, "", red.signs(w.stating("red", "Before", "It counts.", nil))); err != nil {
			t.Errorf("by the old key, before: %v", err)
		}
		if err := red.CompareKey(ctx, ana, "", 0, saidKey(newKey), "boris"); err != nil {
			t.Fatal(err)
		}
		w.within(time.Minute, "version 2", w.inVersion(2))
		w.quiet("new-key")
		if l := blue.line(); len(l.KeyChanges) != 0 {
			t.Errorf("waits still: %+v", l.KeyChanges)
		}
		if _, err := red.PutStatement(ctx, chief, "", red.signs(w.stating("red", "After", "It does not.", nil))); !fault.Is(err, fault.Mismatch) {
			t.Errorf("by the old key, after: %v", err)
		}
		red.keys.party = newKey
		if _, err := red.PutStatement(ctx, chief, "", red.signs(w.stating("red", "After", "It does.", nil))); err != nil {
			t.Errorf("by the new key: %v", err)
		}
		w.within(time.Minute, "delivered", w.settled)
		for _, e := range w.ends {
			if got := len(e.statements()); got != 2 {
				t.Errorf("%s holds %d statements", e.party, got)
			}
			for _, s := range e.statements() {
				if len(s.Flags) > 0 {
					t.Errorf("%s: %+v", e.party, s)
				}
			}
		}
	})
}
