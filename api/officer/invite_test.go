package officer

import (
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"parley/fault"
)

func TestInvitations(t *testing.T) {
	var b Book
	if err := b.AddWithoutToken("Ana Duty", Duty, noon, 0); err != nil {
		t.Fatal(err)
	}
	if err := b.AddWithoutToken("Bo Duty", Duty, noon, 0); err != nil { // two without a token are not two with one token
		t.Fatal(err)
	}
	code, err := b.Invite("Ana Duty", noon, time.Hour, rand.Reader)
	if err != nil || len(code) != 29 {
		t.Fatalf("%q, %v", code, err)
	}
	data, err := b.Encode()
	if err != nil || strings.Contains(string(data), strings.ReplaceAll(code, "-", "")) || strings.Contains(string(data), code) {
		t.Errorf("the book holds the invitation: %s %v", data, err)
	}
	if b, err = Parse(data); err != nil {
		t.Fatal(err)
	}
	for _, typed := range []string{code, strings.ToLower(code), strings.ReplaceAll(code, "-", " "), strings.NewReplacer("O", "0", "I", "1", "B", "8").Replace(code)} {
		if o, err := b.Invited(typed, noon.Add(59*time.Minute)); err != nil || o.Name != "Ana Duty" {
			t.Errorf("%q: %+v, %v", typed, o, err)
		}
	}
	for _, bad := range []string{"", "AAAA-AAAA-AAAA-AAAA-AAAA-AAAA", code + "A"} {
		if _, err := b.Invited(bad, noon); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if _, err := b.Invited(code, noon.Add(time.Hour)); err == nil {
		t.Error("an invitation counts after its time")
	}
	if _, err := b.Find("", noon); err == nil {
		t.Error("no token finds an officer without one")
	}
	next, err := b.Invite("Ana Duty", noon, time.Hour, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Invited(code, noon); err == nil {
		t.Error("an older invitation still counts")
	}
	if err := b.EndPasskeys("Ana Duty", noon); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Invited(next, noon); err == nil || !b.Officers[0].PasskeysFrom.Equal(noon) {
		t.Error("ending passkeys leaves the invitation")
	}
	if _, err := b.Invite("Nobody", noon, time.Hour, rand.Reader); !fault.Is(err, fault.NotFound) {
		t.Errorf("Invite: %v", err)
	}
	if _, err := b.Invite("Ana Duty", noon, 0, rand.Reader); !fault.Is(err, fault.Invalid) {
		t.Errorf("Invite: %v", err)
	}
}

func FuzzInvited(f *testing.F) {
	f.Add("AAAA-AAAA-AAAA-AAAA-AAAA-AAAA")
	f.Fuzz(func(t *testing.T, code string) {
		b := Book{Officers: []Officer{{Name: "Ana", Role: Duty}}}
		if _, err := b.Invited(code, noon); err == nil {
			t.Errorf("%q is an invitation of an officer without one", code)
		}
	})
}
