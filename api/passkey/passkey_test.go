package passkey

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/descope/virtualwebauthn"

	"parley/api/officer"
	"parley/fault"
)

var noon = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)

// file keeps a book in memory; where err is set it cannot be written.
type file struct {
	book Book
	err  error
}

// coseKeyBytes is the size of a P-256 key as authenticators write it.
const coseKeyBytes = 77

// newCredential draws a passkey whose key is written in full: the authenticator of the tests leaves out the zeros
// before a coordinate, which one key in 128 has, and which no server takes.
func newCredential() virtualwebauthn.Credential {
	for {
		if c := virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2); len(c.Key.AttestationData()) == coseKeyBytes {
			return c
		}
	}
}

func (f *file) Passkeys() (Book, error) { return f.book, nil }

func (f *file) SavePasskeys(b Book) error {
	if f.err == nil {
		f.book = b
	}
	return f.err
}

var localhost = Site{ID: "localhost", Origin: "http://localhost:7440"}

func keeper(t *testing.T, f *file) *Keeper {
	t.Helper()
	k, err := New(f, "blue", rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// invited is a book with one officer who is invited.
func invited(t *testing.T) (officer.Book, officer.Officer) {
	t.Helper()
	var b officer.Book
	if err := b.AddWithoutToken("Kit", officer.Duty, noon, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Invite("Kit", noon, time.Hour, rand.Reader); err != nil {
		t.Fatal(err)
	}
	return b, b.Officers[0]
}

// answer lets a new authenticator answer a registration.
func answer(t *testing.T, options []byte) []byte {
	t.Helper()
	opts, err := virtualwebauthn.ParseAttestationOptions(string(options))
	if err != nil {
		t.Fatal(err)
	}
	site := virtualwebauthn.RelyingParty{Name: "Parley, blue", ID: localhost.ID, Origin: localhost.Origin}
	return []byte(virtualwebauthn.CreateAttestationResponse(site, virtualwebauthn.NewAuthenticator(), newCredential(), *opts))
}

func TestRegistrationIsRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*file, *officer.Book)
		site   Site
		name   string
		after  time.Duration
		code   fault.Code
	}{
		"as it should be":    {code: ""},
		"too late":           {after: CeremonyLife, code: fault.Unauthenticated},
		"on another site":    {site: Site{ID: "localhost", Origin: "http://localhost:1"}, code: fault.Unauthenticated},
		"without a name":     {name: "\n", code: fault.Invalid},
		"removed meanwhile":  {change: func(_ *file, b *officer.Book) { _ = b.Remove("Kit") }, code: fault.Unauthenticated},
		"ended meanwhile":    {change: func(_ *file, b *officer.Book) { _ = b.EndPasskeys("Kit", noon) }, code: fault.Unauthenticated},
		"another invitation": {change: func(_ *file, b *officer.Book) { _, _ = b.Invite("Kit", noon, time.Hour, rand.Reader) }, code: fault.Unauthenticated},
		"no disk":            {change: func(f *file, _ *officer.Book) { f.err = errors.New("disk full") }, code: fault.Unavailable},
	} {
		f := &file{}
		k := keeper(t, f)
		book, o := invited(t)
		id, options, err := k.BeginRegistration(localhost, o, noon)
		if err != nil {
			t.Fatal(err)
		}
		if tt.change != nil {
			tt.change(f, &book)
		}
		if tt.site == (Site{}) {
			tt.site = localhost
		}
		if tt.name == "" {
			tt.name = "blue key"
		}
		now := noon.Add(tt.after)
		p, err := k.FinishRegistration(tt.site, id, tt.name, answer(t, options), func(name string) (officer.Officer, error) { return book.Named(name, now) }, now)
		if fault.CodeOf(err) != tt.code {
			t.Errorf("%s: %v; want %s", name, err, tt.code)
		}
		if kept := len(f.book.Passkeys); (kept == 1) != (tt.code == "") || len(k.Book().Passkeys) != kept || err == nil && !k.Counts(p.Text(), o) {
			t.Errorf("%s: %d passkeys are kept", name, kept)
		}
		if _, _, err := k.BeginRegistration(localhost, o, noon); (err != nil) != (tt.code == "") {
			t.Errorf("%s: the invitation after it: %v", name, err)
		}
	}
}

func TestAddressesHaveNoPasskeys(t *testing.T) {
	k := keeper(t, &file{})
	_, o := invited(t)
	for _, id := range []string{"127.0.0.1", "::1", ""} {
		site := Site{ID: id, Origin: "http://" + id + ":7440"}
		if _, _, err := k.BeginRegistration(site, o, noon); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q can have passkeys: %v", id, err)
		}
		if _, _, err := k.BeginSignIn(site, noon); !fault.Is(err, fault.Invalid) {
			t.Errorf("one can sign in at %q: %v", id, err)
		}
	}
}

func TestCeremoniesAreBounded(t *testing.T) {
	k := keeper(t, &file{})
	var ids []string
	for i := range maxCeremonies + 10 {
		id, _, err := k.BeginSignIn(localhost, noon.Add(time.Duration(i)*time.Millisecond))
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	if len(k.ceremonies) != maxCeremonies || k.ceremonies[ids[9]] != nil || k.ceremonies[ids[10]] == nil {
		t.Errorf("%d ceremonies are kept, and not the newest", len(k.ceremonies))
	}
	if _, _, err := k.BeginSignIn(localhost, noon.Add(time.Hour)); err != nil || len(k.ceremonies) != 1 {
		t.Errorf("those that are over are kept: %d, %v", len(k.ceremonies), err)
	}
}

func TestBookReadsBack(t *testing.T) {
	b := Book{Passkeys: []Passkey{{ID: []byte("one"), Officer: "Kit", Issued: noon, Name: "blue key", Added: noon, PublicKey: []byte("key"), SignCount: 7, Flags: 5, Transports: []string{"usb"}}},
		Used: []Used{{SHA256: bytes.Repeat([]byte{1}, 32), Expires: noon}}}
	data, err := b.Encode()
	if err != nil {
		t.Fatal(err)
	}
	again, err := Parse(data)
	if err != nil || fmt.Sprint(again) != fmt.Sprint(b) {
		t.Errorf("%+v, %v; want %+v", again, err, b)
	}
	for _, bad := range []string{"", "[]", `{"passkeys":[{"id":"","officer":"Kit"}]}`, strings.Replace(string(data), `"passkeys": [`, `"passkeys": [`+string(data[strings.Index(string(data), "{\n      \"id\""):strings.Index(string(data), "\n  ],")])+",", 1)} {
		if _, err := Parse([]byte(bad)); err == nil {
			t.Errorf("%s was read", bad)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"passkeys":[{"id":"b25l","officer":"Kit","issued":"2026-12-01T12:00:00Z","name":"x","added":"2026-12-01T12:00:00Z","public_key":"a2V5","sign_count":1,"flags":5}],"used":[]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := Parse(data)
		if err != nil {
			return
		}
		out, err := b.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if again, err := Parse(out); err != nil || len(again.Passkeys) != len(b.Passkeys) {
			t.Fatalf("%s does not read back: %v", out, err)
		}
	})
}

// FuzzCredential lets an authenticator answer anything.
func FuzzCredential(f *testing.F) {
	f.Add([]byte(`{"id":"YQ","rawId":"YQ","type":"public-key","response":{"clientDataJSON":"e30","attestationObject":"oA","authenticatorData":"AA","signature":"AA","userHandle":"AA"}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		k, err := New(&file{}, "blue", rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		id, _, err := k.BeginSignIn(localhost, noon)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := k.FinishSignIn(localhost, id, data, officer.Book{}, noon); err == nil {
			t.Error("somebody signed in without a passkey")
		}
		book, o := officer.Book{}, officer.Officer{Name: "Kit", Role: officer.Duty, Issued: noon, Invitation: officer.Invitation{SHA256: [32]byte{1}, Expires: noon.Add(time.Hour)}}
		book.Officers = append(book.Officers, o)
		if id, _, err = k.BeginRegistration(localhost, o, noon); err != nil {
			t.Fatal(err)
		}
		if _, err := k.FinishRegistration(localhost, id, "x", data, func(string) (officer.Officer, error) { return o, nil }, noon); err == nil {
			t.Error("a passkey was registered that answers no challenge")
		}
	})
}
