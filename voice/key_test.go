package voice

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"parley/fault"
)

func printOf(seed byte) string {
	sum := sha256.Sum256([]byte{seed})
	return "SHA256:" + base64.RawStdEncoding.EncodeToString(sum[:])
}

func TestCompareKey(t *testing.T) {
	is := SayKey(printOf(1))
	sum := sha256.Sum256([]byte{1})
	if want := hex.EncodeToString(sum[:16]); strings.ReplaceAll(is[:39], " ", "") != want || len(is) != 39+len(", check ")+3 {
		t.Fatalf("said as %q, of %s", is, want)
	}
	digits, letters, _ := strings.Cut(is, ", check ")
	for name, c := range map[string]struct {
		heard string
		code  fault.Code // "" where it is the key
	}{
		"as it is read out":             {is, ""},
		"in capitals, without a word":   {strings.ToUpper(digits) + " " + letters, ""},
		"in one run":                    {strings.ReplaceAll(digits, " ", "") + " check " + strings.ToLower(letters), ""},
		"with commas":                   {strings.ReplaceAll(digits, " ", ", ") + "; check: " + letters, ""},
		"another key":                   {SayKey(printOf(2)), fault.Corrupt},
		"one digit misheard":            {swapDigit(digits) + " check " + letters, fault.Mismatch},
		"the check letters of another":  {digits + " check " + SayKey(printOf(2))[len(is)-3:], fault.Mismatch},
		"without check letters":         {digits, fault.Invalid},
		"one group short":               {digits[5:] + " check " + letters, fault.Invalid},
		"nothing":                       {"", fault.Invalid},
		"the fingerprint of the screen": {printOf(1), fault.Invalid},
		"a letter that is no digit":     {"g" + digits[1:] + " check " + letters, fault.Invalid},
		"very long":                     {strings.Repeat("a", 300), fault.Invalid},
	} {
		if err := CompareKey(c.heard, printOf(1)); (err == nil) != (c.code == "") || err != nil && !fault.Is(err, c.code) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if SayKey("SHA256:short") != "" {
		t.Error("what is no fingerprint is said")
	}
}

func swapDigit(s string) string {
	if s[0] == '0' {
		return "1" + s[1:]
	}
	return "0" + s[1:]
}

// TestCompareKeyTakesNoOther: whatever is heard of another key is refused, and every single wrong digit is named
// as misheard, not as another key.
func TestCompareKeyTakesNoOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Byte().Draw(t, "a"), rapid.Byte().Draw(t, "b")
		if err := CompareKey(SayKey(printOf(a)), printOf(b)); (err == nil) != (a == b) {
			t.Fatalf("%d and %d: %v", a, b, err)
		}
		said := []byte(SayKey(printOf(a)))
		at := rapid.IntRange(0, 38).Draw(t, "at")
		with := rapid.SampledFrom([]byte("0123456789abcdef")).Draw(t, "digit")
		if said[at] == ' ' || said[at] == with {
			return
		}
		said[at] = with
		if err := CompareKey(string(said), printOf(a)); !fault.Is(err, fault.Mismatch) {
			t.Fatalf("%s: %v", said, err)
		}
	})
}

func FuzzCompareKey(f *testing.F) {
	f.Add(SayKey(printOf(1)))
	f.Add("check check check")
	f.Fuzz(func(t *testing.T, heard string) {
		if CompareKey(heard, printOf(1)) == nil && onlyKey(strings.ToLower(strings.Replace(strings.ToLower(heard), "check", "", 1))) != onlyKey(strings.ToLower(strings.Replace(SayKey(printOf(1)), "check", "", 1))) {
			t.Fatalf("%q is taken for the key", heard)
		}
	})
}
