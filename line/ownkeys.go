package line

import (
	"crypto"
	"crypto/ed25519"
	"crypto/tls"
	"errors"
	"sync"
)

// errRekeyed says that a connection is made anew, because a key with which it was made is not the one to use any more.
var errRekeyed = errors.New("a key of the connection is not in use any more")

// ownKeys are the own TLS keys that may be shown, with their certificates.
type ownKeys struct {
	list func() []crypto.Signer // the one to use first

	mu      sync.Mutex
	certs   map[string]tls.Certificate
	first   string // the key to use, when it was last asked for
	refused int    // how often the peer has refused one since then
}

func newOwnKeys(key crypto.Signer, list func() []crypto.Signer) (*ownKeys, error) {
	if list == nil {
		list = func() []crypto.Signer { return []crypto.Signer{key} }
	}
	k := &ownKeys{list: list, certs: map[string]tls.Certificate{}}
	_, err := k.cert(key)
	return k, err
}

func (k *ownKeys) cert(key crypto.Signer) (tls.Certificate, error) {
	if key != nil {
		if pub, ok := key.Public().(ed25519.PublicKey); ok {
			if c, ok := k.certs[string(pub)]; ok {
				return c, nil
			}
		}
	}
	c, err := certificate(key)
	if err == nil {
		k.certs[string(key.Public().(ed25519.PublicKey))] = c
	}
	return c, err
}

// use returns the certificate of the key to use, and that key's name. After the peer refused one, the next is tried:
// it may not have heard yet that another counts.
func (k *ownKeys) use() (tls.Certificate, string, error) {
	list := k.list()
	k.mu.Lock()
	defer k.mu.Unlock()
	if pub, _ := list[0].Public().(ed25519.PublicKey); k.first != string(pub) {
		k.first, k.refused = string(pub), 0
	}
	c, err := k.cert(list[k.refused%len(list)])
	return c, k.first, err
}

// refuse notes that the peer refused the key that was shown.
func (k *ownKeys) refuse() {
	k.mu.Lock()
	k.refused++
	k.mu.Unlock()
}

// current reports whether the key to use is still the one of a name.
func (k *ownKeys) current(name string) bool {
	pub, _ := k.list()[0].Public().(ed25519.PublicKey)
	return string(pub) == name
}
