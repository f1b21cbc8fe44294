package home

import (
	"crypto"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"parley/fault"
	"parley/transcript"
)

// How long an agent may take: to say what it holds, and to sign, for which it may ask its owner.
const (
	agentLists = 10 * time.Second
	agentSigns = 2 * time.Minute
)

// agentSigner is a key that an SSH agent holds, a hardware token's for one.
type agentSigner struct {
	pub    ed25519.PublicKey
	sshPub ssh.PublicKey
	agent  agent.ExtendedAgent
	conn   net.Conn
}

// AgentKey returns the key that the agent at SSH_AUTH_SOCK holds for a public key; for nil, the
// only ssh-ed25519 key that it holds.
func AgentKey(pub ed25519.PublicKey) (crypto.Signer, error) {
	socket := os.Getenv("SSH_AUTH_SOCK")
	if socket == "" {
		return nil, agentError("", "is needed for the party key, and SSH_AUTH_SOCK names none",
			"start ssh-agent, add the party key with ssh-add, and pass SSH_AUTH_SOCK on", nil)
	}
	conn, err := net.DialTimeout("unix", socket, agentLists)
	if err != nil {
		return nil, agentError(socket, "does not answer", "start ssh-agent, and set SSH_AUTH_SOCK to what it prints", err)
	}
	key, err := agentKey(conn, socket, pub)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return key, nil // the connection lives as long as the command
}

func agentKey(conn net.Conn, socket string, pub ed25519.PublicKey) (crypto.Signer, error) {
	client := agent.NewClient(conn)
	err := conn.SetDeadline(time.Now().Add(agentLists))
	var keys []*agent.Key
	if err == nil {
		keys, err = client.List()
	}
	if err != nil {
		return nil, agentError(socket, "does not say which keys it holds", "check that SSH_AUTH_SOCK is an SSH agent's socket", err)
	}
	var found []agentSigner
	for _, k := range keys {
		ed, err := ParsePublic([]byte(k.String()))
		if err == nil && (pub == nil || pub.Equal(ed)) {
			found = append(found, agentSigner{ed, k, client, conn})
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return nil, agentError(socket, fmt.Sprintf("holds %d ssh-ed25519 keys, and one of them is to be the party key", len(found)),
			"list them with ssh-add -l, and leave one for this command: ssh-add -d FILE", nil)
	case pub == nil:
		return nil, agentError(socket, "holds no ssh-ed25519 key", "add the one that is to be the party key: ssh-add FILE; an agent that is locked shows none", nil)
	}
	return nil, agentError(socket, "does not hold the party key "+transcript.Fingerprint(pub), "add it: ssh-add FILE; an agent that is locked shows none", nil)
}

func agentError(socket, rule, hint string, err error) error {
	return &fault.Error{Code: fault.Unavailable, Field: "agent", Value: fault.Shorten(socket), Rule: rule, Hint: hint, Err: err}
}

// Public returns the public key.
func (s agentSigner) Public() crypto.PublicKey { return s.pub }

// Sign has the agent sign a message, and holds the signature against the key: what an agent gives
// is not taken on trust.
func (s agentSigner) Sign(_ io.Reader, msg []byte, opts crypto.SignerOpts) ([]byte, error) {
	if opts.HashFunc() != 0 {
		return nil, fault.Newf(fault.Internal, "agent.sign", "an Ed25519 key signs the message itself")
	}
	err := s.conn.SetDeadline(time.Now().Add(agentSigns))
	var sig *ssh.Signature
	if err == nil {
		sig, err = s.agent.Sign(s.sshPub, msg)
	}
	if err != nil {
		return nil, agentError("", "did not sign", "unlock it, or confirm the use of the key when it asks, and try again", err)
	}
	if sig.Format != ssh.KeyAlgoED25519 || !ed25519.Verify(s.pub, msg, sig.Blob) {
		return nil, agentError("", "gave a signature that does not hold under the party key", "check which agent SSH_AUTH_SOCK names", nil)
	}
	return sig.Blob, nil
}
