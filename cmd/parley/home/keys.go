package home

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"golang.org/x/crypto/ssh"

	"parley/fault"
	"parley/transcript"
)

const pemType = "PRIVATE KEY"

const (
	lineFile   = "line.pem"
	doubleFile = "line-ml-dsa-44.pem" // the line key's other half
)

// NewKeys makes the line key, with both halves, and the TLS key.
func (h Home) NewKeys(rand io.Reader) error {
	if err := h.newHalf(doubleFile, rand); err != nil {
		return err
	}
	for _, name := range []string{lineFile, "tls.pem"} {
		if err := h.newPEM(name, rand); err != nil {
			return err
		}
	}
	return nil
}

// LineKey returns the key that signs heads and receipts: a transcript.DoubleKey where it has both halves.
func (h Home) LineKey() (crypto.Signer, error) { return h.lineKey(lineFile, doubleFile) }

func (h Home) lineKey(file, double string) (crypto.Signer, error) {
	key, err := h.pemKey(file)
	if err != nil {
		return nil, err
	}
	half, err := h.half(double)
	if half == nil || err != nil {
		return key, err
	}
	return transcript.NewDoubleKey(key, half)
}

// TLSKey returns the key of the line's connections.
func (h Home) TLSKey() (ed25519.PrivateKey, error) { return h.pemKey("tls.pem") }

func (h Home) pemKey(name string) (ed25519.PrivateKey, error) {
	data, err := os.ReadFile(h.path("keys", name))
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, "keys", err)
	}
	key, err := parsePEM(data)
	return key, fault.In("keys/"+name, err)
}

func parsePEM(data []byte) (ed25519.PrivateKey, error) {
	block, _ := pem.Decode(data)
	if block == nil || block.Type != pemType {
		return nil, fault.New("", "", "is not a PEM private key", "put the file back from its backup")
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fault.New("", "", "is not a PKCS #8 key", "put the file back from its backup")
	}
	ed, ok := key.(ed25519.PrivateKey)
	if !ok {
		return nil, fault.New("", "", "is not an Ed25519 key", "put the file back from its backup")
	}
	return ed, nil
}

// NewPartyKey makes the party key in OpenSSH's format, so that ssh-add can hold it. An empty
// passphrase leaves it in the clear.
func (h Home) NewPartyKey(party string, passphrase []byte, rand io.Reader) error {
	pub, key, err := ed25519.GenerateKey(rand)
	if err != nil {
		return fault.Wrap(fault.Internal, "keys", err)
	}
	comment := transcript.PartyKeyName(party)
	var block *pem.Block
	if len(passphrase) == 0 {
		block, err = ssh.MarshalPrivateKey(key, comment)
	} else {
		block, err = ssh.MarshalPrivateKeyWithPassphrase(key, comment, passphrase)
	}
	if err != nil {
		return fault.Wrap(fault.Internal, "keys", err)
	}
	if err := WriteFile(h.path("keys", "party"), pem.EncodeToMemory(block), 0o600); err != nil {
		return err
	}
	return h.SavePartyPublic(pub, comment)
}

// SavePartyPublic keeps the public part of the party key.
func (h Home) SavePartyPublic(pub ed25519.PublicKey, comment string) error {
	sshPub, err := ssh.NewPublicKey(pub)
	if err != nil {
		return fault.Wrap(fault.Internal, "keys", err)
	}
	line := bytes.TrimSpace(ssh.MarshalAuthorizedKey(sshPub))
	return WriteFile(h.path("keys", "party.pub"), append(append(line, ' '), comment+"\n"...), 0o644)
}

// PartyPublic returns the public part of the party key.
func (h Home) PartyPublic() (ed25519.PublicKey, error) {
	data, err := os.ReadFile(h.path("keys", "party.pub"))
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, "keys", err)
	}
	pub, err := ParsePublic(data)
	return pub, fault.In("keys/party.pub", err)
}

// ParsePublic reads an Ed25519 key as OpenSSH writes public keys.
func ParsePublic(line []byte) (ed25519.PublicKey, error) {
	bad := fault.New("", string(line), "is not a public key as OpenSSH writes ssh-ed25519 keys", "give the line of a .pub file")
	pub, _, _, _, err := ssh.ParseAuthorizedKey(line)
	if err != nil || pub.Type() != ssh.KeyAlgoED25519 { // a FIDO key signs other bytes than the message
		return nil, bad
	}
	ck, ok := pub.(ssh.CryptoPublicKey)
	if !ok {
		return nil, bad
	}
	ed, ok := ck.CryptoPublicKey().(ed25519.PublicKey)
	if !ok {
		return nil, bad
	}
	return ed, nil
}

// PartyKey returns the party key from its file, asking for the passphrase where it has one, or,
// where there is no file, the agent's.
func (h Home) PartyKey(passphrase func() ([]byte, error)) (crypto.Signer, error) {
	pub, err := h.PartyPublic()
	if err != nil {
		return nil, err
	}
	data, err := os.ReadFile(h.path("keys", "party"))
	if errors.Is(err, fs.ErrNotExist) {
		return AgentKey(pub)
	}
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, "keys", err)
	}
	raw, err := ssh.ParseRawPrivateKey(data)
	var missing *ssh.PassphraseMissingError
	if errors.As(err, &missing) {
		var pass []byte
		if pass, err = passphrase(); err != nil {
			return nil, err
		}
		raw, err = ssh.ParseRawPrivateKeyWithPassphrase(data, pass)
	}
	if errors.Is(err, x509.IncorrectPasswordError) {
		return nil, &fault.Error{Code: fault.Denied, Field: "passphrase", Rule: "does not open the party key", Hint: "try again"}
	}
	if err != nil {
		return nil, fault.New("keys/party", "", "is not a key as OpenSSH writes them", "put the file back from its backup")
	}
	key, ok := raw.(*ed25519.PrivateKey)
	if !ok || !pub.Equal(key.Public()) {
		return nil, fault.New("keys/party", "", "is not the key of party.pub", "put both files back from their backup")
	}
	return *key, nil
}

// PutPartyKeyAside renames the files of the party key, so that another can take their place.
func (h Home) PutPartyKeyAside() error {
	for n := 1; ; n++ {
		aside := h.path("keys", fmt.Sprintf("party-%d", n))
		if _, err := os.Stat(aside + ".pub"); err == nil {
			continue
		}
		if err := os.Rename(h.path("keys", "party"), aside); err != nil && !errors.Is(err, fs.ErrNotExist) { // an agent may hold it
			return fault.Wrap(fault.Unavailable, "keys", err)
		}
		return fault.Wrap(fault.Unavailable, "keys", os.Rename(h.path("keys", "party.pub"), aside+".pub"))
	}
}
