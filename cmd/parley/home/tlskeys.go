package home

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"parley/fault"
)

func tlsFile(n int) string {
	if n == 1 {
		return "tls.pem"
	}
	return fmt.Sprintf("tls-%d.pem", n)
}

// TLSKeys returns every TLS key of the directory, the oldest first: which is shown, the agreement says.
func (h Home) TLSKeys() ([]ed25519.PrivateKey, error) {
	var out []ed25519.PrivateKey
	for n := 1; n <= maxLineKeys; n++ {
		if _, err := os.Stat(h.path("keys", tlsFile(n))); n > 1 && errors.Is(err, fs.ErrNotExist) {
			break
		}
		key, err := h.pemKey(tlsFile(n))
		if err != nil {
			return nil, err
		}
		out = append(out, key)
	}
	return out, nil
}

// NewTLSKey makes one TLS key more. Nothing shows it before an agreement names it.
func (h Home) NewTLSKey(rand io.Reader) (ed25519.PrivateKey, error) {
	have, err := h.TLSKeys()
	if err != nil {
		return nil, err
	}
	if len(have) >= maxLineKeys {
		return nil, fault.New("keys", fmt.Sprint(len(have)), "are as many line keys as a directory holds", "move the oldest files away")
	}
	file := tlsFile(len(have) + 1)
	if err := h.newPEM(file, rand); err != nil {
		return nil, err
	}
	return h.pemKey(file)
}
