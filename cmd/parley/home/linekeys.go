package home

import (
	"crypto"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"parley/fault"
)

// maxLineKeys is how many line keys a directory holds.
const maxLineKeys = 100

// lineFiles names the files of the n-th line key, from 1 up, and of its other half.
func lineFiles(n int) (key, half string) {
	if n == 1 {
		return lineFile, doubleFile
	}
	return fmt.Sprintf("line-%d.pem", n), fmt.Sprintf("line-%d-ml-dsa-44.pem", n)
}

// LineKeys returns every line key of the directory, the oldest first: those that signed before are kept, for
// lines whose agreement names them still.
func (h Home) LineKeys() ([]crypto.Signer, error) {
	file := func(n int) string { name, _ := lineFiles(n); return name }
	return numbered(h, file, func(n int) (crypto.Signer, error) { return h.lineKey(lineFiles(n)) })
}

// numbered reads the keys of one kind, from the first to the last that has a file.
func numbered[T any](h Home, file func(n int) string, read func(n int) (T, error)) ([]T, error) {
	var out []T
	for n := 1; n <= maxLineKeys; n++ {
		if _, err := os.Stat(h.path("keys", file(n))); n > 1 && errors.Is(err, fs.ErrNotExist) {
			break
		}
		key, err := read(n)
		if err != nil {
			return nil, err
		}
		out = append(out, key)
	}
	return out, nil
}

// roomForKey refuses one key more than a directory holds of a kind.
func roomForKey(have int) error {
	if have >= maxLineKeys {
		return fault.New("keys", fmt.Sprint(have), "are as many line keys as a directory holds", "move the oldest files away")
	}
	return nil
}

// NewLineKey makes one line key more, with both halves. Nothing signs with it before an agreement names it.
func (h Home) NewLineKey(rand io.Reader) (crypto.Signer, error) {
	have, err := h.LineKeys()
	if err != nil {
		return nil, err
	}
	if err := roomForKey(len(have)); err != nil {
		return nil, err
	}
	file, half := lineFiles(len(have) + 1)
	if err := h.newHalf(half, rand); err != nil {
		return nil, err
	}
	if err := h.newPEM(file, rand); err != nil {
		return nil, err
	}
	return h.lineKey(file, half)
}

// newPEM makes an Ed25519 key in PKCS #8.
func (h Home) newPEM(name string, rand io.Reader) error {
	_, key, err := ed25519.GenerateKey(rand)
	if err != nil {
		return fault.Wrap(fault.Internal, "keys", err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return fault.Wrap(fault.Internal, "keys", err)
	}
	return WriteFile(h.path("keys", name), pem.EncodeToMemory(&pem.Block{Type: pemType, Bytes: der}), 0o600)
}
