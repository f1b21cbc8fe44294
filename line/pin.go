package line

import (
	"crypto"
	"crypto/ed25519"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"math/big"
	"time"

	"parley/fault"
)

// errWrongKey says that the other end does not hold a pinned key.
var errWrongKey = errors.New("the other end's key is not pinned")

// certificate wraps a TLS key in a self-signed certificate. It says nothing but the key: nobody
// reads its names, and its dates are open because keys count as long as the agreement says.
func certificate(key crypto.Signer) (tls.Certificate, error) {
	if key == nil {
		return tls.Certificate{}, fault.New("key", "", "is required", "give the node's Ed25519 TLS key")
	}
	if _, ok := key.Public().(ed25519.PublicKey); !ok {
		return tls.Certificate{}, fault.New("key", "", "must be an Ed25519 key", "make a TLS key with parley init")
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		Subject:      pkix.Name{CommonName: "parley"},
		NotBefore:    time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter:     time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(nil, template, template, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, fault.Wrap(fault.Internal, "line.certificate", err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}

// tlsConfig is both ends' TLS: version 1.3 alone, no resumption, no authority, and the other end's
// key judged by pinned. TLS itself proves that the other end holds the key it shows.
func tlsConfig(own *ownKeys, pinned func(ed25519.PublicKey) bool) *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS13,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			c, _, err := own.use()
			return &c, err
		},
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			c, _, err := own.use()
			return &c, err
		},
		ClientAuth:             tls.RequireAnyClientCert,
		InsecureSkipVerify:     true, // no authority: VerifyConnection pins the key instead
		SessionTicketsDisabled: true,
		NextProtos:             []string{"h2"},
		VerifyConnection: func(cs tls.ConnectionState) error {
			key, ok := peerKey(&cs)
			if !ok || cs.NegotiatedProtocol != "h2" || !pinned(key) {
				return errWrongKey
			}
			return nil
		},
	}
}

// peerKey is the key that the other end of a connection showed.
func peerKey(cs *tls.ConnectionState) (ed25519.PublicKey, bool) {
	if cs == nil || cs.Version != tls.VersionTLS13 || len(cs.PeerCertificates) != 1 {
		return nil, false
	}
	key, ok := cs.PeerCertificates[0].PublicKey.(ed25519.PublicKey)
	return key, ok
}

// contains reports whether key is one of keys.
func contains(keys []ed25519.PublicKey, key ed25519.PublicKey) bool {
	for _, k := range keys {
		if k.Equal(key) {
			return true
		}
	}
	return false
}
