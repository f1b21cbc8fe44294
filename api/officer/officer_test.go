package officer

import (
	"bytes"
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"parley/fault"
)

var noon = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)

func added(t *testing.T) (Book, string) {
	t.Helper()
	var b Book
	token, err := b.Add("Ana Duty", Duty, noon, 720*time.Hour, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return b, token
}

func TestFindKnowsTokenUntilItExpires(t *testing.T) {
	b, token := added(t)
	o, err := b.Find(token, noon.Add(720*time.Hour-time.Second))
	if err != nil || o.Name != "Ana Duty" || o.Role != Duty {
		t.Fatalf("Find = %+v, %v", o, err)
	}
	_, err = b.Find(token, noon.Add(720*time.Hour))
	if !fault.Is(err, fault.Unauthenticated) || !strings.Contains(err.Error(), "expired at 2026-12-31T12:00:00Z") {
		t.Errorf("expired token: %v", err)
	}
	if _, err := b.Find(token+"x", noon); !fault.Is(err, fault.Unauthenticated) || strings.Contains(err.Error(), token) {
		t.Errorf("wrong token: %v", err)
	}
}

func TestBookKeepsNoToken(t *testing.T) {
	b, token := added(t)
	data, err := b.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(data, []byte(strings.TrimPrefix(token, "parley-"))) {
		t.Error("the book holds the token")
	}
	again, err := Parse(data)
	if err != nil || len(again.Officers) != 1 || again.Officers[0] != b.Officers[0] {
		t.Errorf("Parse = %+v, %v; want %+v", again, err, b)
	}
	if got, err := ParseToken([]byte("  " + token + "\n")); err != nil || got != token {
		t.Errorf("ParseToken = %q, %v", got, err)
	}
}

func TestAddRefuses(t *testing.T) {
	for _, tt := range []struct {
		name string
		role Role
		life time.Duration
		rand string
		want fault.Code
	}{
		{"Ana Duty", Duty, 0, strings.Repeat("x", 32), fault.Mismatch},
		{"", Duty, 0, strings.Repeat("x", 32), fault.Invalid},
		{" Ben", Duty, 0, strings.Repeat("x", 32), fault.Invalid},
		{"Ben\nx", Duty, 0, strings.Repeat("x", 32), fault.Invalid},
		{strings.Repeat("n", MaxName+1), Duty, 0, strings.Repeat("x", 32), fault.Invalid},
		{"Ben", "king", 0, strings.Repeat("x", 32), fault.Invalid},
		{"Ben", Duty, -1, strings.Repeat("x", 32), fault.Invalid},
		{"Ben", Duty, 0, "short", fault.Internal},
	} {
		b, _ := added(t)
		if _, err := b.Add(tt.name, tt.role, noon, tt.life, strings.NewReader(tt.rand)); fault.CodeOf(err) != tt.want {
			t.Errorf("Add(%q, %q): %v; want %s", tt.name, tt.role, err, tt.want)
		}
		if len(b.Officers) != 1 {
			t.Errorf("Add(%q, %q) changed the book", tt.name, tt.role)
		}
	}
}

func TestRemove(t *testing.T) {
	b, token := added(t)
	if err := b.Remove("Nobody"); !fault.Is(err, fault.NotFound) {
		t.Errorf("Remove: %v", err)
	}
	if err := b.Remove("Ana Duty"); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Find(token, noon); err == nil {
		t.Error("a removed officer's token still counts")
	}
}

func TestUsable(t *testing.T) {
	b, _ := added(t)
	if !b.Usable(noon) || b.Usable(noon.Add(721*time.Hour)) || (Book{}).Usable(noon) {
		t.Error("Usable must follow the tokens' lives")
	}
}

const goodHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

func TestParseRefuses(t *testing.T) {
	one := `{"name":"Ana","role":"duty","token_sha256":"` + goodHash + `","issued":"2026-12-01T12:00:00Z"}`
	for _, tt := range []struct{ in, want string }{
		{``, "is empty"},
		{`[]`, ""},
		{`{"officers":[` + one + `,` + one + `]}`, "officers[1].name"},
		{`{"officers":[` + one + `,` + strings.Replace(one, "Ana", "Ben", 1) + `]}`, "another officer's too"},
		{`{"officers":[` + strings.Replace(one, "duty", "king", 1) + `]}`, "officers[0].role"},
		{`{"officers":[` + strings.Replace(one, "e3b0", "E3B0", 1) + `]}`, "officers[0].token_sha256"},
		{`{"officers":[` + strings.Replace(one, `"name"`, `"name":"x","name"`, 1) + `]}`, "officers[0]"},
		{`{"officers":[],"more":1}`, "more"},
		{`{"officers":[` + strings.Replace(one, "12:00:00Z", "12:00:00", 1) + `]}`, "issued"},
	} {
		if _, err := Parse([]byte(tt.in)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("Parse(%s): %v; want %q", tt.in, err, tt.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"officers":[{"name":"Ana","role":"duty","token_sha256":"` + goodHash + `","issued":"2026-12-01T12:00:00Z","expires":"2027-12-01T12:00:00+03:00"}]}`))
	f.Add([]byte(`{"officers":null}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := Parse(data)
		if err != nil {
			return
		}
		out, err := b.Encode()
		if err != nil {
			t.Fatal(err)
		}
		again, err := Parse(out)
		if err != nil || len(again.Officers) != len(b.Officers) {
			t.Fatalf("%s does not read back: %v", out, err)
		}
	})
}

func FuzzParseToken(f *testing.F) {
	f.Add([]byte("parley-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if token, err := ParseToken(data); err == nil && strings.ContainsAny(token, " \r\n") {
			t.Errorf("token %q has a space", token)
		}
	})
}
