package home

import (
	"crypto/ed25519"
	"fmt"
	"io"
)

func tlsFile(n int) string {
	if n == 1 {
		return "tls.pem"
	}
	return fmt.Sprintf("tls-%d.pem", n)
}

// TLSKeys returns every TLS key of the directory, the oldest first: which is shown, the agreement says.
func (h Home) TLSKeys() ([]ed25519.PrivateKey, error) {
	return numbered(h, tlsFile, func(n int) (ed25519.PrivateKey, error) { return h.pemKey(tlsFile(n)) })
}

// NewTLSKey makes one TLS key more. Nothing shows it before an agreement names it.
func (h Home) NewTLSKey(rand io.Reader) (ed25519.PrivateKey, error) {
	have, err := h.TLSKeys()
	if err != nil {
		return nil, err
	}
	if err := roomForKey(len(have)); err != nil {
		return nil, err
	}
	file := tlsFile(len(have) + 1)
	if err := h.newPEM(file, rand); err != nil {
		return nil, err
	}
	return h.pemKey(file)
}
