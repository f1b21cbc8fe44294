package courier

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ed25519"
	"crypto/hpke"
	"crypto/sha512"
	"io"
	"math/big"
	"slices"

	"parley/fault"
)

// sealKeyInfo says for what HPKE is used, so that nothing sealed elsewhere opens here.
const sealKeyInfo = Type + " key"

// keyBytes is the size of a body's key.
const keyBytes = 32

// sealBody seals a body under a fresh key, and the key for each of the receiver's TLS keys.
func sealBody(rand io.Reader, to []ed25519.PublicKey, plain []byte) (body []byte, keys [][]byte, err error) {
	key := make([]byte, keyBytes)
	if _, err := io.ReadFull(rand, key); err != nil {
		return nil, nil, fault.Wrap(fault.Unavailable, "courier.seal", err)
	}
	for _, pub := range to {
		point, err := montgomery(pub)
		if err != nil {
			return nil, nil, err
		}
		k, err := hpke.NewDHKEMPublicKey(point)
		if err != nil {
			return nil, nil, fault.Wrap(fault.Internal, "courier.seal", err)
		}
		sealed, err := hpke.Seal(k, hpke.HKDFSHA256(), hpke.AES256GCM(), []byte(sealKeyInfo), key)
		if err != nil {
			return nil, nil, fault.Wrap(fault.Internal, "courier.seal", err)
		}
		keys = append(keys, sealed)
	}
	aead, err := bodyCipher(key)
	if err != nil {
		return nil, nil, err
	}
	// The key seals this body alone, so its nonce may be zero.
	return aead.Seal(nil, make([]byte, aead.NonceSize()), plain, nil), keys, nil
}

// openBody opens what sealBody sealed for an own TLS key. It reports false where no key opens it.
func openBody(own ed25519.PrivateKey, body []byte, keys [][]byte) ([]byte, bool, error) {
	sum := sha512.Sum512(own.Seed())
	scalar, err := ecdh.X25519().NewPrivateKey(sum[:32])
	if err != nil {
		return nil, false, fault.Wrap(fault.Internal, "courier.open", err)
	}
	k, err := hpke.NewDHKEMPrivateKey(scalar)
	if err != nil {
		return nil, false, fault.Wrap(fault.Internal, "courier.open", err)
	}
	for _, sealed := range keys {
		key, err := hpke.Open(k, hpke.HKDFSHA256(), hpke.AES256GCM(), []byte(sealKeyInfo), sealed)
		if err != nil || len(key) != keyBytes {
			continue
		}
		aead, err := bodyCipher(key)
		if err != nil {
			return nil, false, err
		}
		if plain, err := aead.Open(nil, make([]byte, aead.NonceSize()), body, nil); err == nil {
			return plain, true, nil
		}
	}
	return nil, false, nil
}

func bodyCipher(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, "courier.cipher", err)
	}
	aead, err := cipher.NewGCM(block)
	return aead, fault.Wrap(fault.Internal, "courier.cipher", err)
}

// montgomery returns the X25519 public key that belongs to an Ed25519 public key: u = (1+y)/(1-y), RFC
// 7748, section 4.1. The key is public, so the time that this takes may depend on it.
func montgomery(pub ed25519.PublicKey) (*ecdh.PublicKey, error) {
	if len(pub) != ed25519.PublicKeySize {
		return nil, fault.Newf(fault.Internal, "courier.seal", "a key of %d bytes", len(pub))
	}
	p := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 255), big.NewInt(19))
	le := slices.Clone([]byte(pub))
	le[31] &= 0x7f // the sign of x
	slices.Reverse(le)
	one, y := big.NewInt(1), new(big.Int).SetBytes(le)
	below := new(big.Int).Mod(new(big.Int).Sub(one, y), p)
	if below.Sign() == 0 {
		return nil, fault.Newf(fault.Internal, "courier.seal", "a key that is no key")
	}
	u := new(big.Int).Mul(new(big.Int).Add(one, y), below.ModInverse(below, p))
	out := u.Mod(u, p).FillBytes(make([]byte, 32))
	slices.Reverse(out)
	k, err := ecdh.X25519().NewPublicKey(out)
	return k, fault.Wrap(fault.Internal, "courier.seal", err)
}
