package home

import (
	"bufio"
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"strings"

	"parley/fault"
)

// TrustLine is a line of a file of trusted keys: a party's name, "*" for any, and a key or its
// fingerprint.
type TrustLine struct {
	Name        string // "" for any
	Key         ed25519.PublicKey
	Fingerprint string // as ssh-keygen prints it; "" where Key is given
}

// Bounds of a file of trusted keys.
const (
	MaxTrustBytes = 1 << 20
	MaxTrustLines = 10_000
)

// ParseTrust reads a file of trusted keys. Each line is a name and one of: a fingerprint
// "SHA256:...", a key "ssh-ed25519 AAAA...", or 32 bytes in base64. Empty lines and lines that
// begin with # are skipped.
func ParseTrust(data []byte) ([]TrustLine, error) {
	if len(data) > MaxTrustBytes {
		return nil, &fault.Error{Code: fault.TooLarge, Field: "trust", Rule: fmt.Sprintf("must be at most %d bytes", MaxTrustBytes), Hint: "leave out keys that are not needed"}
	}
	out := []TrustLine{}
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, MaxTrustBytes)
	for n := 1; lines.Scan(); n++ {
		text := strings.TrimSpace(lines.Text())
		if text == "" || strings.HasPrefix(text, "#") {
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

func parseTrustLine(words []string) (TrustLine, error) {
	text := strings.Join(words, " ")
	bad := fault.New("", text, "is not a name and a key", "write: blue SHA256:..., or blue ssh-ed25519 AAAA...")
	if len(words) < 2 {
		return TrustLine{}, bad
	}
	t := TrustLine{Name: words[0]}
	if t.Name == "*" {
		t.Name = ""
	} else if err := CheckParty(t.Name); err != nil {
		return TrustLine{}, err
	}
	if len(words) >= 3 {
		key, err := ParsePublic([]byte(strings.Join(words[1:], " ")))
		t.Key = key
		return t, err
	}
	if sum, ok := strings.CutPrefix(words[1], "SHA256:"); ok {
		raw, err := base64.RawStdEncoding.Strict().DecodeString(sum)
		if err != nil || len(raw) != 32 {
			return TrustLine{}, bad
		}
		t.Fingerprint = words[1]
		return t, nil
	}
	raw, err := base64.StdEncoding.Strict().DecodeString(words[1])
	if err != nil || len(raw) != ed25519.PublicKeySize {
		return TrustLine{}, bad
	}
	t.Key = raw
	return t, nil
}
