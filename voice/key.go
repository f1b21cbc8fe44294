package voice

import (
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"

	"parley/fault"
)

// keyDigits is how many hexadecimal digits of a key's fingerprint are said by telephone.
const keyDigits = 32

// keyGroup is how many of them stand together.
const keyGroup = 4

// maxHeardKey bounds what is typed of a key, in bytes.
const maxHeardKey = 200

// SayKey returns what is read out of a key by telephone: the first 16 bytes of the SHA-256 of its fingerprint, which
// ssh-keygen prints as "SHA256:...", in groups of four hexadecimal digits, and check letters over all of it. It is
// empty for what is no fingerprint.
func SayKey(fingerprint string) string {
	digits := keyOf(fingerprint)
	if digits == "" {
		return ""
	}
	var groups []string
	for g := range slices.Chunk([]byte(digits), keyGroup) {
		groups = append(groups, string(g))
	}
	return strings.Join(groups, " ") + ", check " + FieldGroup(digits)
}

func keyOf(fingerprint string) string {
	sum, err := base64.RawStdEncoding.DecodeString(strings.TrimPrefix(fingerprint, "SHA256:"))
	if err != nil || len(sum) != 32 {
		return ""
	}
	return hex.EncodeToString(sum[:keyDigits/2])
}

// CompareKey compares what an officer heard with the key of a fingerprint: digits and check letters, in whatever
// groups and case. Check letters that do not fit the digits were misheard; digits that fit them and are not the
// key's are another key.
func CompareKey(heard, fingerprint string) error {
	text := strings.ToLower(heard)
	digits, check, found := strings.Cut(text, "check")
	if !found { // the letters are then what stands last
		fields := strings.Fields(text)
		if n := len(fields); n > 1 {
			digits, check = strings.Join(fields[:n-1], ""), fields[n-1]
		}
	}
	digits, check = onlyKey(digits), onlyKey(check)
	if len(heard) > maxHeardKey || len(digits) != keyDigits || strings.Trim(digits, "0123456789abcdef") != "" || check == "" {
		return fault.New("heard", heard, "must be eight groups of four hexadecimal digits, and the check letters", "have them read out again: parley key list prints them at the other side")
	}
	if !strings.EqualFold(check, FieldGroup(digits)) {
		return &fault.Error{Code: fault.Mismatch, Field: "heard", Value: heard, Rule: "was misheard or mistyped: the check letters do not fit the groups", Hint: "have the groups read out again, one by one"}
	}
	if digits != keyOf(fingerprint) {
		return &fault.Error{Code: fault.Corrupt, Field: "heard", Value: heard, Rule: "is another key than the one that this version names", Hint: "accept nothing: somebody gave this side another key than the other side reads out; call a number that you knew before"}
	}
	return nil
}

// onlyKey leaves out what stands between groups.
func onlyKey(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \t,.;:-", r) {
			return -1
		}
		return r
	}, s)
}
