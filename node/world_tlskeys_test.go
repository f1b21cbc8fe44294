package node

import (
	"crypto"
	"crypto/ed25519"
	"testing"
	"time"

	"parley/agreement"
	"parley/internal/testnet"
	"parley/line"
)

// TestTLSKeyInUse: of the keys that are named, the oldest that counts for long is used; one about to end makes room
// for the next, and one that is revoked for whatever counts.
func TestTLSKeyInUse(t *testing.T) {
	now := time.Date(2026, 12, 1, 6, 0, 0, 0, time.UTC)
	key := func(seed byte) ed25519.PrivateKey { return ed25519.NewKeyFromSeed(append(make([]byte, 31), seed)) }
	named := func(seed byte, from, revoked time.Duration) agreement.TLSKey {
		k := agreement.TLSKey{Public: key(seed).Public().(ed25519.PublicKey)}
		if from != 0 {
			k.From = now.Add(from)
		}
		if revoked != 0 {
			k.Revoked = now.Add(revoked)
		}
		return k
	}
	for _, c := range []struct {
		name  string
		named []agreement.TLSKey
		has   []byte
		want  []byte
	}{
		{"one", []agreement.TLSKey{named(1, 0, 0)}, []byte{1}, []byte{1}},
		{"both count: the other party has time to hear of the new one", []agreement.TLSKey{named(1, 0, 24*time.Hour), named(2, -time.Minute, 0)}, []byte{1, 2}, []byte{1, 2}},
		{"the old one is about to end", []agreement.TLSKey{named(1, 0, 59*time.Minute), named(2, -time.Minute, 0)}, []byte{1, 2}, []byte{2, 1}},
		{"the old one was stolen", []agreement.TLSKey{named(1, 0, -time.Hour), named(2, -time.Minute, 0)}, []byte{1, 2}, []byte{2, 1}},
		{"the new one does not count yet", []agreement.TLSKey{named(1, 0, 30*time.Minute), named(2, time.Minute, 0)}, []byte{1, 2}, []byte{1, 2}},
		{"a new one that no version names", []agreement.TLSKey{named(1, 0, 0)}, []byte{1, 2}, []byte{1}},
	} {
		cfg := Config{TLSKey: key(c.has[0])}
		for _, s := range c.has[1:] {
			cfg.MoreTLSKeys = append(cfg.MoreTLSKeys, crypto.Signer(key(s)))
		}
		got := cfg.tlsKeysOf(agreement.Party{TLSKeys: c.named}, now)
		if len(got) != len(c.want) {
			t.Errorf("%s: %d keys", c.name, len(got))
			continue
		}
		for i, s := range c.want {
			if !key(s).Public().(ed25519.PublicKey).Equal(got[i].Public()) {
				t.Errorf("%s: %d. key is not %d", c.name, i, s)
			}
		}
	}
}

// TestTLSKeyRotates: a TLS key is followed by another with a time in which both count, at either end, whoever can be
// dialed. The line never lags on the way; then the old key is refused.
func TestTLSKeyRotates(t *testing.T) {
	for reach := range 3 {
		for _, stolen := range []bool{false, true} {
			testnet.Run(t, func(t *testing.T) {
				next := newKeys(t).tls
				w := newWorld(t, worldOptions{seed: 1, change: dutyTerms, reach: reach, wrap: func(i int, o *nodeOptions) {
					if i == 0 {
						o.moreTLS = []crypto.Signer{next}
					}
				}})
				w.open()
				red, blue := w.ends[0], w.ends[1]
				newest := red.order[0].newest()
				terms := agreement.Supersede(newest, newest.Terms)
				ends := time.Now().Add(tlsMargin + time.Minute).UTC().Truncate(time.Second)
				if stolen {
					ends = time.Now().Add(-time.Minute).UTC().Truncate(time.Second)
				}
				old := terms.Parties[0].TLSKeys[0]
				old.Revoked = ends
				terms.Parties[0].TLSKeys = []agreement.TLSKey{old, {Public: next.Public().(ed25519.PublicKey), From: ends.Add(-2 * tlsMargin)}}
				note := taken(agreement.Cosign(taken(agreement.Sign(terms, "red", red.keys.party)), "blue", blue.keys.party))
				taken(red.Propose(t.Context(), ana, "", note))
				w.within(time.Minute, "version 2", w.inVersion(2))
				uses := func(key ed25519.PrivateKey) bool {
					return key.Public().(ed25519.PublicKey).Equal(red.order[0].ownTLSKeys()[0].Public())
				}
				if uses(next) != stolen {
					t.Errorf("reach %d: the new key is used at once: %t, stolen %t", reach, !stolen, stolen)
				}
				lagged := time.Duration(0)
				watched := 2 * time.Minute // over the change
				if reach == 0 && !stolen {
					watched += tlsMargin // over the end of the old key
				}
				for end := time.Now().Add(watched); time.Now().Before(end); {
					time.Sleep(10 * time.Second)
					for _, e := range w.ends {
						if s := e.line().State; s != string(line.Up) {
							lagged += 10 * time.Second
						}
					}
				}
				if lagged > 0 {
					t.Errorf("reach %d, stolen %t: the line was not up for %s", reach, stolen, lagged)
				}
				if !uses(next) || (len(blue.order[0].peerTLSKeys()) != 1) == (watched > tlsMargin || stolen) {
					t.Errorf("reach %d, stolen %t: the old key is in use still", reach, stolen)
				}
				red.halt()
				red.open()
				w.within(time.Minute, "both may sign", w.unready)
				w.finish()
			})
		}
	}
}
