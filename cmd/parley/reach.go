package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"

	"parley/fault"
)

// base returns the URL of the API, and the certificate by which a node of this machine is known:
// the SHA-256 that the node itself wrote beside the address.
func (r *remote) base() (base, certificate string, err error) {
	if r.API == "" {
		run, err := r.home().Running()
		return run.API, run.Certificate, err
	}
	base, err = r.named()
	return base, "", err
}

// named returns the URL of the address that was given.
func (r *remote) named() (string, error) {
	text := r.API
	switch {
	case strings.Contains(text, "://"):
	case r.APICA != "":
		text = "https://" + text // whoever names a certificate wants it held against the node's
	default:
		text = "http://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "", fault.New("api", r.API, "is not an address", "write 127.0.0.1:7440, or https://node.example.net")
	}
	if u.Scheme == "http" && r.APICA != "" {
		return "", fault.New("api", r.API, "is an address without TLS, and --api-ca names a certificate to hold against it", "write https://"+u.Host)
	}
	if host := u.Hostname(); u.Scheme == "http" && host != "localhost" && !net.ParseIP(host).IsLoopback() {
		return "", fault.New("api", r.API, "is not a loopback address, and without TLS the token would cross the network in the open", "write https://"+u.Host)
	}
	return u.Scheme + "://" + u.Host, nil
}

// roots returns the certificates that the node's is held against; nil: the machine's.
func (r *remote) roots(a *app) (*x509.CertPool, error) {
	if r.APICA == "" {
		return nil, nil
	}
	pem, err := readFile(a, r.APICA, maxCard)
	if err != nil {
		return nil, fault.In("api-ca", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fault.New("api-ca", r.APICA, "holds no certificate", "give a PEM file: of the node's certificate, or of the authority that issued it")
	}
	return pool, nil
}

// tlsConfig returns how the node is known: by what --api-ca names; else by its own certificate,
// where the node of this machine wrote which one it shows; else by what the machine trusts.
func (r *remote) tlsConfig(a *app, certificate string) (*tls.Config, error) {
	roots, err := r.roots(a)
	cfg := &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots, Time: a.now}
	if err != nil || roots != nil || certificate == "" {
		return cfg, err
	}
	// Who holds the key of this very certificate is the node. Names and dates say no more than that.
	cfg.InsecureSkipVerify = true
	cfg.VerifyConnection = func(s tls.ConnectionState) error {
		if len(s.PeerCertificates) > 0 && certificateSum(s.PeerCertificates[0]) == certificate {
			return nil
		}
		return &tls.CertificateVerificationError{UnverifiedCertificates: s.PeerCertificates, Err: errOtherCertificate{}}
	}
	return cfg, nil
}

// errOtherCertificate is why a certificate is refused that is not the node's.
type errOtherCertificate struct{}

func (errOtherCertificate) Error() string {
	return "it is not the certificate that the node was started with"
}

// certificateSum is the SHA-256 of a certificate, in hexadecimal.
func certificateSum(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	return hex.EncodeToString(sum[:])
}

// unreachable says why a node was not reached. A certificate that does not prove the node is a
// refusal of ours: no token was sent.
func unreachable(base string, err error) error {
	if errors.Is(err, context.Canceled) {
		return err
	}
	out := &fault.Error{Code: fault.Unavailable, Field: "node", Value: base, Rule: "does not answer", Hint: "start it with parley serve, or check the address", Err: err}
	var bad *tls.CertificateVerificationError
	switch {
	case errors.As(err, &bad):
		out.Code, out.Err = fault.Denied, nil
		out.Rule, out.Hint = certificateWords(bad.Err)
	case errors.Is(err, http.ErrSchemeMismatch):
		out.Err = nil
		out.Rule, out.Hint = "was asked with TLS and serves without it", "write http:// and a loopback address, or start the node with --api-cert and --api-key"
	}
	return out
}

// certificateWords says what is wrong with a certificate that was shown, and how to mend it.
func certificateWords(err error) (rule, hint string) {
	var unknown x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(err, new(errOtherCertificate)):
		return "shows another certificate than the node of this directory was started with", "see what listens at this address, and start the node again"
	case errors.As(err, &unknown):
		return "shows a certificate that nothing trusted here vouches for", "give the node's certificate, or its authority's, with --api-ca FILE"
	case errors.As(err, &host):
		return "shows a certificate of another name: " + host.Error(), "ask under a name that the certificate has, or have one made for this name"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "shows a certificate that does not count now: " + invalid.Detail, "have a new one made for the node, and check this machine's clock"
	}
	return "shows a certificate that does not hold: " + err.Error(), "have a new one made for the node"
}

// plainToTLS is how net/http's server answers a request without TLS where it expects TLS.
const plainToTLS = "Client sent an HTTP request to an HTTPS server"

// notParley says that an answer is none of a node's.
func notParley(base, status string, body []byte) error {
	out := &fault.Error{Code: fault.Unavailable, Field: "node", Value: base, Rule: "answered " + status + ", and not as a node of Parley does", Hint: "check the address"}
	if plain, ok := strings.CutPrefix(base, "http://"); ok && bytes.Contains(body, []byte(plainToTLS)) {
		out.Rule, out.Hint = "was asked without TLS and serves with it", "write https://"+plain+", with --api-ca FILE where the certificate is the node's own"
	}
	return out
}
