package home

import (
	"encoding/pem"
	"errors"
	"io"
	"io/fs"
	"os"

	"filippo.io/mldsa"
	"filippo.io/mldsa/x509"

	"parley/fault"
)

// newHalf makes the ML-DSA-44 half of a line key, in PKCS #8 as others read it.
func (h Home) newHalf(name string, rand io.Reader) error {
	seed := make([]byte, mldsa.PrivateKeySize)
	if _, err := io.ReadFull(rand, seed); err != nil {
		return fault.Wrap(fault.Internal, "keys", err)
	}
	key, err := mldsa.NewPrivateKey(mldsa.MLDSA44(), seed)
	if err != nil {
		return fault.Wrap(fault.Internal, "keys", err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return fault.Wrap(fault.Internal, "keys", err)
	}
	return WriteFile(h.path("keys", name), pem.EncodeToMemory(&pem.Block{Type: pemType, Bytes: der}), 0o600)
}

// half reads the ML-DSA-44 half of a line key; nil where there is none.
func (h Home) half(name string) (*mldsa.PrivateKey, error) {
	data, err := os.ReadFile(h.path("keys", name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, "keys", err)
	}
	bad := fault.New("keys/"+name, "", "is not an ML-DSA-44 key in PKCS #8", "put the file back from its backup")
	block, _ := pem.Decode(data)
	if block == nil || block.Type != pemType {
		return nil, bad
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, bad
	}
	half, ok := key.(*mldsa.PrivateKey)
	if !ok || half.PublicKey().Parameters() != mldsa.MLDSA44() {
		return nil, bad
	}
	return half, nil
}
