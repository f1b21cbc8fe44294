package verdict

import (
	"bufio"
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"

	"parley/fault"
	"parley/transcript"
)

// Bounds of a list of trusted keys.
const (
	MaxTrustBytes = 1 << 20
	MaxTrustLines = 10_000
)

// ParseTrust reads a list of trusted keys. Each line is a party's name, or * for any, and one of: a
// fingerprint "SHA256:...", a key "ssh-ed25519 AAAA...", or 32 bytes in base64. Empty lines and lines that
// begin with # are skipped. A list without a key trusts nobody, and is not nil. A line that is one word with
// '+' in it is a witness's: see ParseWitnesses.
func ParseTrust(data []byte) ([]transcript.TrustedKey, error) {
	if len(data) > MaxTrustBytes {
		return nil, &fault.Error{Code: fault.TooLarge, Field: "trust", Rule: fmt.Sprintf("must be at most %d bytes", MaxTrustBytes), Hint: "leave out keys that are not needed"}
	}
	out := []transcript.TrustedKey{}
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, MaxTrustBytes)
	for n := 1; lines.Scan(); n++ {
		text := strings.TrimSpace(lines.Text())
		if text == "" || strings.HasPrefix(text, "#") || isWitness(text) {
			continue
		}
		one, err := parseTrustLine(strings.Fields(text))
		if err != nil {
			return nil, fault.In(fmt.Sprintf("line %d", n), err)
		}
		if out = append(out, one); len(out) > MaxTrustLines {
			return nil, &fault.Error{Code: fault.TooLarge, Field: "trust", Rule: fmt.Sprintf("must be at most %d lines", MaxTrustLines), Hint: "leave out keys that are not needed"}
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fault.Wrap(fault.Invalid, "trust", err)
	}
	return out, nil
}

func parseTrustLine(words []string) (transcript.TrustedKey, error) {
	bad := fault.New("", fault.Shorten(strings.Join(words, " ")), "is not a name and a key", "write: blue SHA256:..., or blue ssh-ed25519 AAAA...")
	if len(words) < 2 {
		return transcript.TrustedKey{}, bad
	}
	t := transcript.TrustedKey{Name: words[0]}
	switch {
	case t.Name == "*":
		t.Name = ""
	case !isParty(t.Name):
		return transcript.TrustedKey{}, fault.New("party", fault.Shorten(t.Name), "must be 1 to 32 of a-z, 0-9 and -", "write the party's short name, or * for any")
	}
	if len(words) > 2 {
		key, ok := sshKey(words[1:])
		if t.Key = key; !ok {
			return transcript.TrustedKey{}, fault.New("", fault.Shorten(strings.Join(words[1:], " ")), "is not a public key as OpenSSH writes ssh-ed25519 keys", "give the line of a .pub file")
		}
		return t, nil
	}
	if sum, ok := strings.CutPrefix(words[1], "SHA256:"); ok {
		raw, err := base64.RawStdEncoding.Strict().DecodeString(sum)
		if err != nil || len(raw) != 32 {
			return transcript.TrustedKey{}, bad
		}
		t.Fingerprint = words[1]
		return t, nil
	}
	raw, err := base64.StdEncoding.Strict().DecodeString(words[1])
	if err != nil || len(raw) != ed25519.PublicKeySize {
		return transcript.TrustedKey{}, bad
	}
	t.Key = raw
	return t, nil
}

// sshKey reads the words of a public key: the type, RFC 4253's encoding in base64, a comment.
func sshKey(words []string) (ed25519.PublicKey, bool) {
	const typ = "ssh-ed25519"
	raw, err := base64.StdEncoding.Strict().DecodeString(words[1])
	head := append(binary.BigEndian.AppendUint32(nil, uint32(len(typ))), typ...)
	head = binary.BigEndian.AppendUint32(head, ed25519.PublicKeySize)
	key, ok := bytes.CutPrefix(raw, head)
	if words[0] != typ || err != nil || !ok || len(key) != ed25519.PublicKeySize {
		return nil, false
	}
	return key, true
}

func isParty(name string) bool {
	for _, c := range []byte(name) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return len(name) >= 1 && len(name) <= 32
}
