package alert

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"strings"

	"parley/fault"
	"parley/internal/clock"
)

// sender delivers a message. The remark is what went wrong although it was delivered.
type sender interface {
	send(ctx context.Context, m Message) (remark string, err error)
}

// World is what channels have of the world.
type World struct {
	Clock clock.Clock
	// Dial opens a connection.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// RunProgram runs a program to its end, or kills it and all that it started when ctx ends. It
	// returns the first MaxHookOutput bytes that it wrote, and drops the rest.
	RunProgram func(ctx context.Context, program string, args []string, stdin []byte) (output []byte, err error)
	// ReadFile reads a file that a setting names; a secret only where none but its owner may read it.
	ReadFile func(name string, secret bool) ([]byte, error)
}

// MaxHookOutput is how much of what a hook's program writes is kept, in bytes.
const MaxHookOutput = 4096

// maxSaid is how much of what a program or server said an error repeats, in bytes.
const maxSaid = 200

// newSender reads a channel's files.
func newSender(c Channel, w World) (sender, error) {
	switch {
	case c.Hook != nil:
		return hookSender{*c.Hook, w}, nil
	case c.Webhook != nil:
		s, err := newWebhook(*c.Webhook, w)
		return s, fault.In("webhook", err)
	}
	s, err := newMailer(*c.Email, w)
	return s, fault.In("email", err)
}

// readSecret reads a secret of at least some bytes, on one line.
func readSecret(w World, field, name string, least int) (string, error) {
	data, err := w.ReadFile(name, true)
	if err != nil {
		return "", fault.In(field, err)
	}
	s := strings.TrimRight(string(data), "\r\n")
	if len(s) < least || len(s) > maxWord || strings.ContainsAny(s, "\r\n\x00") {
		return "", &fault.Error{Code: fault.Invalid, Field: field, Value: fault.Shorten(name), Rule: "must hold one line of " + bounds(least), Hint: "write the secret, and nothing else, into it"}
	}
	return s, nil
}

func bounds(least int) string {
	if least > 1 {
		return "16 to 4096 bytes"
	}
	return "1 to 4096 bytes"
}

// tlsFor returns how a server is checked: by the system's authorities, or by those of a PEM file.
func tlsFor(w World, host, caFile string) (*tls.Config, error) {
	cfg := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: host, Time: w.Clock.Now}
	if caFile == "" {
		return cfg, nil
	}
	data, err := w.ReadFile(caFile, false)
	if err != nil {
		return nil, fault.In("ca_file", err)
	}
	cfg.RootCAs = x509.NewCertPool()
	if !cfg.RootCAs.AppendCertsFromPEM(data) {
		return nil, fault.New("ca_file", caFile, "holds no certificate", "give the PEM file of the authority that issued the server's")
	}
	return cfg, nil
}

// dialPlain dials what must be this machine: a name may lead elsewhere.
func dialPlain(ctx context.Context, w World, network, address string) (net.Conn, error) {
	conn, err := w.Dial(ctx, network, address)
	if err != nil {
		return nil, err
	}
	if tcp, ok := conn.RemoteAddr().(*net.TCPAddr); !ok || !tcp.IP.IsLoopback() {
		_ = conn.Close() // nothing was said on it
		return nil, fault.Newf(fault.Denied, "", "%s is not on the loopback, so nothing is sent to it in the clear", address)
	}
	return conn, nil
}

// failed says that a channel did not deliver, in a way that may be shown at the desk.
func failed(what, rule string, err error) error {
	return &fault.Error{Code: fault.Unavailable, Field: what, Rule: rule, Err: err}
}

// said returns the beginning of what a program or server said, on one line.
func said(data []byte) string { return shorten(strings.TrimSpace(plain(string(data))), maxSaid) }
