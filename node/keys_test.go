package node

import (
	"crypto"
	"crypto/ed25519"
	"testing"
	"time"

	"parley/agreement"
	"parley/transcript"
)

// TestLineKeyInUse: a node signs with the newest line key that its agreement names and that counts, and goes
// on with one that is to end while there is no other.
func TestLineKeyInUse(t *testing.T) {
	now := time.Date(2026, 12, 1, 6, 0, 0, 0, time.UTC)
	key := func(seed byte) ed25519.PrivateKey { return ed25519.NewKeyFromSeed(append(make([]byte, 31), seed)) }
	named := func(seed byte, from, revoked time.Duration) agreement.LineKey {
		k := agreement.LineKey{Public: key(seed).Public().(ed25519.PublicKey)}
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
		named []agreement.LineKey
		has   []byte
		want  byte // 0: none
	}{
		{"one", []agreement.LineKey{named(1, 0, 0)}, []byte{1}, 1},
		{"a new one beside the old in its overlap", []agreement.LineKey{named(1, 0, time.Hour), named(2, -time.Minute, 0)}, []byte{1, 2}, 2},
		{"a new one that the node has not", []agreement.LineKey{named(1, 0, time.Hour), named(2, -time.Minute, 0)}, []byte{1}, 1},
		{"a new one that does not count yet", []agreement.LineKey{named(1, 0, time.Hour), named(2, time.Minute, 0)}, []byte{1, 2}, 1},
		{"a revoked one alone", []agreement.LineKey{named(1, 0, -time.Hour)}, []byte{1}, 0},
		{"a key that no agreement names", []agreement.LineKey{named(1, 0, 0)}, []byte{3}, 0},
		{"the newest of three", []agreement.LineKey{named(1, 0, 0), named(2, -time.Hour, 0), named(3, -time.Minute, 0)}, []byte{1, 2, 3}, 3},
	} {
		cfg := Config{LineKey: key(c.has[0])}
		for _, s := range c.has[1:] {
			cfg.MoreLineKeys = append(cfg.MoreLineKeys, crypto.Signer(key(s)))
		}
		got, ok := cfg.lineKeyOf(agreement.Party{LineKeys: c.named}, now)
		if ok != (c.want != 0) || ok && !transcript.PublicLineKey(got).Public.Equal(key(c.want).Public()) {
			t.Errorf("%s: %v %t", c.name, got, ok)
		}
	}
}
