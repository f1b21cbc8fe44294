package line

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"testing"
)

// TestOwnKeys: after a refusal the next key is shown, and the first again once another is to be used first.
func TestOwnKeys(t *testing.T) {
	key := func(seed byte) ed25519.PrivateKey { return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{seed}, 32)) }
	list := []crypto.Signer{key(1), key(2)}
	k, err := newOwnKeys(key(1), func() []crypto.Signer { return list })
	if err != nil {
		t.Fatal(err)
	}
	shows := func(want byte, first byte) {
		t.Helper()
		c, name, err := k.use()
		if err != nil || !key(want).Public().(ed25519.PublicKey).Equal(c.PrivateKey.(ed25519.PrivateKey).Public()) || name != string(key(first).Public().(ed25519.PublicKey)) || !k.current(name) {
			t.Fatalf("not %d: %v", want, err)
		}
	}
	shows(1, 1)
	k.refuse()
	shows(2, 1)
	k.refuse()
	shows(1, 1)
	k.refuse()
	list = []crypto.Signer{key(2), key(1)}
	if k.current(string(key(1).Public().(ed25519.PublicKey))) {
		t.Error("the old key is current still")
	}
	shows(2, 2)
}
