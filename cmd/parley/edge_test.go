package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// makeCerts writes the authorities and certificates that tls.txtar speaks of.
func makeCerts(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: certs")
	}
	now := time.Now()
	year := 365 * 24 * time.Hour
	ca := newAuthority(ts, "ca")
	newAuthority(ts, "other")
	ca.issue(ts, "node", now.Add(-time.Hour), now.Add(year), "localhost")
	ca.issue(ts, "old", now.Add(-year), now.Add(-time.Hour), "localhost")
	ca.issue(ts, "far", now.Add(-time.Hour), now.Add(year), "node.example.net")
}

// authority issues certificates.
type authority struct {
	cert *x509.Certificate
	key  ed25519.PrivateKey
}

func newAuthority(ts *testscript.TestScript, name string) authority {
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	pub, key, err := ed25519.GenerateKey(rand.Reader)
	ts.Check(err)
	return authority{writeCert(ts, name, template, template, pub, key, key), key}
}

func (a authority) issue(ts *testscript.TestScript, name string, from, until time.Time, host string) {
	template := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name}, NotBefore: from, NotAfter: until,
		DNSNames: []string{host}, KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	if host == "localhost" {
		template.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
	}
	pub, key, err := ed25519.GenerateKey(rand.Reader)
	ts.Check(err)
	writeCert(ts, name, template, a.cert, pub, key, a.key)
}

// writeCert signs a certificate and writes it and its key.
func writeCert(ts *testscript.TestScript, name string, template, parent *x509.Certificate, pub ed25519.PublicKey, key, signer ed25519.PrivateKey) *x509.Certificate {
	der, err := x509.CreateCertificate(rand.Reader, template, parent, pub, signer)
	ts.Check(err)
	cert, err := x509.ParseCertificate(der)
	ts.Check(err)
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(name+".pem"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs(name+".key"), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}), 0o600))
	return cert
}

// testAgents are the agents of one script.
type testAgents struct {
	byName map[string]*testAgent
}

// testAgent is an SSH agent on a socket, which can be told to misbehave.
type testAgent struct {
	agent.Agent
	socket string

	mu   sync.Mutex
	mood string // "", refusing, lying
}

func (a *testAgent) set(mood string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.mood = mood
}

// Sign signs, or does as its mood says.
func (a *testAgent) Sign(key ssh.PublicKey, data []byte) (*ssh.Signature, error) {
	a.mu.Lock()
	mood := a.mood
	a.mu.Unlock()
	switch mood {
	case "refusing":
		return nil, errors.New("not confirmed")
	case "lying":
		data = append(bytes.Clone(data), '!')
	}
	return a.Agent.Sign(key, data)
}

func (a *testAgent) add(ts *testscript.TestScript) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	ts.Check(err)
	ts.Check(a.Add(agent.AddedKey{PrivateKey: key, Comment: "test"}))
}

// agentsKey is where a script finds its agents.
type agentsKey struct{}

func runAgent(ts *testscript.TestScript, neg bool, args []string) {
	ts.Value(agentsKey{}).(*testAgents).run(ts, neg, args)
}

// run is "agent NAME N", which starts an agent of N keys, or "agent NAME [locked|refusing|lying|more]",
// which makes it the one that is asked, in that mood; more gives it another key.
func (all *testAgents) run(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: agent NAME [N | MOOD]")
	}
	a := all.byName[args[0]]
	if a == nil {
		a = startAgent(ts, args[0])
		all.byName[args[0]] = a
		n, err := strconv.Atoi(args[1])
		ts.Check(err)
		for range n {
			a.add(ts)
		}
	} else {
		all.change(ts, a, args[1:])
	}
	ts.Setenv("SSH_AUTH_SOCK", a.socket)
}

func (all *testAgents) change(ts *testscript.TestScript, a *testAgent, mood []string) {
	a.set("")
	_ = a.Unlock([]byte("locked")) // it may not be
	if len(mood) == 0 {
		return
	}
	switch mood[0] {
	case "locked":
		ts.Check(a.Lock([]byte("locked")))
	case "more":
		a.add(ts)
	default:
		a.set(mood[0])
	}
}

// startAgent serves an agent until the script ends.
func startAgent(ts *testscript.TestScript, name string) *testAgent {
	dir, err := os.MkdirTemp("", "agent") // a socket's path must be short
	ts.Check(err)
	ln, err := net.Listen("unix", filepath.Join(dir, name))
	ts.Check(err)
	a := &testAgent{Agent: agent.NewKeyring(), socket: ln.Addr().String()}
	var served sync.WaitGroup
	served.Go(func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			served.Go(func() {
				if err := agent.ServeAgent(a, conn); err != nil && !errors.Is(err, io.EOF) {
					ts.Logf("agent %s: %v", name, err)
				}
				_ = conn.Close()
			})
		}
	})
	ts.Defer(func() {
		_ = ln.Close()
		served.Wait()
		_ = os.RemoveAll(dir)
	})
	return a
}

// await waits until a file is there.
func await(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: await FILE")
	}
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for range 6000 {
		if _, err := os.Stat(ts.MkAbs(args[0])); err == nil {
			return
		}
		<-tick.C
	}
	ts.Fatalf("%s did not come", args[0])
}

func TestApiURLIsOneToConnectTo(t *testing.T) {
	for _, c := range []struct{ listens, host, want string }{
		{"127.0.0.1:7440", "", "http://127.0.0.1:7440"},
		{"127.0.0.1:7440", "node.example.net", "http://127.0.0.1:7440"},
		{"0.0.0.0:7440", "", "http://localhost:7440"},
		{"[::]:7440", "node.example.net", "http://node.example.net:7440"},
		{"[2001:db8::1]:7440", "", "http://[2001:db8::1]:7440"},
	} {
		addr, err := net.ResolveTCPAddr("tcp", c.listens)
		if err != nil {
			t.Fatal(err)
		}
		cmd := serveCmd{}
		if c.host != "" {
			cmd.APIHost = []string{c.host}
		}
		if got := cmd.apiURL(addr, nil); got != c.want {
			t.Errorf("%s, %q: %s, want %s", c.listens, c.host, got, c.want)
		}
	}
}
