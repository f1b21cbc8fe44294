package ledger

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"testing"
	"time"

	"parley/transcript"
)

// TestTurnOfKeys: a's line key is revoked. B knows of it first: it goes on taking a's receipts beside the head that
// it took while that key counted, and refuses what that key signs beyond it. Once a has its next key, b has a head
// by it at once, though nobody said anything since.
func TestTurnOfKeys(t *testing.T) {
	for _, restarted := range []bool{false, true} {
		c := newClock()
		seed := sha256.Sum256([]byte("the next line key"))
		next := ed25519.NewKeyFromSeed(seed[:])
		was, is, of := transcript.PublicLineKey(testKey(transcript.A)), transcript.PublicLineKey(next), transcript.PublicLineKey(testKey(transcript.B))
		store := newMemStore()
		a, b := start(t, transcript.A, store, c, notRestored), start(t, transcript.B, newMemStore(), c, notRestored)
		a.sent, b.sent = nil, nil
		a.append(draft("notice", "before"))
		settle(t, a, b)
		b.append(draft("notice", "receipted with the old head beside it"))
		a.receive(b.parcel(a, MaxParcelBytes), Taken)
		c.add(time.Second)
		was.Revoked, is.From = c.Now(), c.Now()
		b.ledger.SetKeys(testKey(transcript.B), []transcript.LineKey{of}, []transcript.LineKey{was, is})
		b.receive(a.parcel(b, MaxParcelBytes), Old)
		a.append(draft("notice", "said with the old key"))
		if out := b.receive(a.parcel(b, MaxParcelBytes), Unsound); !out.OldKey {
			t.Error("what a revoked key signed is not said to be refused for its key")
		}

		keys := []transcript.LineKey{was, is}
		if restarted {
			a.stop()
			a = start(t, transcript.A, store, c, func(cfg *Config) { cfg.Key, cfg.OwnKeys = next, keys })
			a.sent = nil
			confirm(t, a, b)
		} else {
			a.ledger.SetKeys(next, keys, []transcript.LineKey{of})
		}
		if err := a.ledger.do(t.Context(), &request{}); err != nil { // what was asked for before is done
			t.Fatal(err)
		}
		b.receive(a.parcel(b, MaxParcelBytes), Taken)
		for _, n := range []*node{a, b} {
			own, other := n.ledger.Heads()
			if n == b {
				own = other
			}
			if own.Size != 2 || !own.Key.Equal(is.Public) {
				t.Errorf("restarted %t: the newest head that %s has of a is of %d entries, by the new key: %t", restarted, n.side, own.Size, own.Key.Equal(is.Public))
			}
		}
		a.receive(b.parcel(a, MaxParcelBytes), Old)
		if s := a.ledger.Standing(); s.Undelivered != 0 {
			t.Errorf("restarted %t: %d of a's entries are undelivered", restarted, s.Undelivered)
		}
	}
}

// TestNextKeyComesAfterWhatBringsIt: a says what brings its next line key and signs with it, before b has heard: b
// gets the one under the old key by itself, and only then what follows. Where b knows already, it gets all at once.
func TestNextKeyComesAfterWhatBringsIt(t *testing.T) {
	c := newClock()
	seed := sha256.Sum256([]byte("the next line key"))
	next := ed25519.NewKeyFromSeed(seed[:])
	was, is, of := transcript.PublicLineKey(testKey(transcript.A)), transcript.PublicLineKey(next), transcript.PublicLineKey(testKey(transcript.B))
	store := newMemStore()
	turns := func(cfg *Config) { cfg.Turns = func(kind string) bool { return kind == "agreement" } }
	for _, restarted := range []bool{false, true} {
		a, b := start(t, transcript.A, store.backup(), c, notRestored, turns), start(t, transcript.B, newMemStore(), c, notRestored, turns)
		a.sent, b.sent = nil, nil
		a.append(draft("notice", "before"))
		settle(t, a, b)
		b.append(draft("notice", "of b"))
		settle(t, a, b)
		a.append(draft("agreement", "the next version"))
		keys, second := []transcript.LineKey{was, is}, sha256.Sum256([]byte("the second agreement"))
		id := hex.EncodeToString(second[:])
		a.ledger.SetKeys(next, keys, []transcript.LineKey{of})
		a.ledger.SetAgreement(id)
		a.append(draft("notice", "under the next key"))
		if restarted {
			kept := a.store
			a.stop()
			a = start(t, transcript.A, kept, c, notRestored, turns, func(cfg *Config) { cfg.Key, cfg.OwnKeys, cfg.Agreement = next, keys, id })
			a.sent = nil
		}
		b.receive(a.parcel(b, MaxParcelBytes), Taken)
		if got := b.ledger.Standing().Held.Size; got != 2 {
			t.Fatalf("restarted %t: b holds %d entries, not the two under the old key", restarted, got)
		}
		b.ledger.SetKeys(testKey(transcript.B), []transcript.LineKey{of}, keys)
		b.receive(a.parcel(b, MaxParcelBytes), Taken)
		b.ledger.SetAgreement(id)
		b.append(draft("notice", "b knows"))
		a.receive(b.parcel(a, MaxParcelBytes), Taken)
		a.append(draft("agreement", "another"))
		a.append(draft("notice", "and more"))
		b.receive(a.parcel(b, MaxParcelBytes), Taken)
		if got := b.ledger.Standing().Held.Size; got != 5 {
			t.Errorf("restarted %t: b holds %d entries, not all five", restarted, got)
		}
		a.stop()
		b.stop()
	}
}
