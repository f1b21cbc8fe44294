package home

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/api/officer"
	"parley/fault"
)

func made(t *testing.T, pass string) Home {
	t.Helper()
	h := Home{Dir: filepath.Join(t.TempDir(), "blue")}
	if err := errors.Join(h.Create(), h.NewKeys(rand.Reader), h.NewPartyKey("blue", []byte(pass), rand.Reader),
		h.SaveConfig(Config{Party: "blue", API: "127.0.0.1:0"})); err != nil {
		t.Fatal(err)
	}
	return h
}

func TestPartyKeyOpensWithItsPassphraseAlone(t *testing.T) {
	h := made(t, "correct horse")
	key, err := h.PartyKey(func() ([]byte, error) { return []byte("correct horse"), nil })
	if err != nil {
		t.Fatal(err)
	}
	if pub, err := h.PartyPublic(); err != nil || !pub.Equal(key.Public()) {
		t.Errorf("party.pub is not the key's: %v", err)
	}
	if _, err := h.PartyKey(func() ([]byte, error) { return []byte("wrong"), nil }); !fault.Is(err, fault.Denied) {
		t.Errorf("wrong passphrase: %v", err)
	}
	if data, err := os.ReadFile(h.path("keys", "party")); err != nil || !bytes.Contains(data, []byte("OPENSSH PRIVATE KEY")) {
		t.Errorf("the party key is not in OpenSSH's format: %v", err)
	}
}

func TestSecretsAreForTheOwnerAlone(t *testing.T) {
	h := made(t, "")
	if err := h.Officers().Save(officer.Book{}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"keys/party", "keys/line.pem", "keys/tls.pem", "config.json", "officers.json"} {
		info, err := os.Stat(h.path(name))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v, %v", name, info.Mode(), err)
		}
	}
}

func TestCreateRefusesADirectoryInUse(t *testing.T) {
	if err := made(t, "").Create(); !fault.Is(err, fault.Mismatch) {
		t.Errorf("Create: %v", err)
	}
}

func TestBookIsReadAgainWhenItChanged(t *testing.T) {
	h := made(t, "")
	serving, adding := h.Officers(), h.Officers()
	now := time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
	if b, err := serving.Book(); err != nil || len(b.Officers) != 0 {
		t.Fatalf("Book = %v, %v", b, err)
	}
	for n := 1; n <= 3; n++ {
		b, err := adding.Book()
		if err != nil {
			t.Fatal(err)
		}
		token, err := b.Add(strings.Repeat("n", n), officer.Duty, now, 0, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		if err := adding.Save(b); err != nil {
			t.Fatal(err)
		}
		got, err := serving.Book()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := got.Find(token, now); err != nil {
			t.Errorf("officer %d is not known to the node that runs: %v", n, err)
		}
	}
}

func TestStreamFileLeavesTheOldOneWhereWritingFails(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	if err := WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	err := StreamFile(path, 0o600, func(w io.Writer) error {
		_, err := w.Write([]byte("half"))
		return errors.Join(err, broken)
	})
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if data, err := os.ReadFile(path); err != nil || string(data) != "old" {
		t.Errorf("the old file is %q, %v", data, err)
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(path), ".*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestConfigRefuses(t *testing.T) {
	id := strings.Repeat("a", 64)
	for _, tt := range []struct{ in, want string }{
		{`{"party":"Blue"}`, "party"},
		{`{"party":"blue","lines":[{"id":"x"}]}`, "lines[0].id"},
		{`{"party":"blue","lines":[{"id":"` + id + `"},{"id":"` + id + `"}]}`, "is there twice"},
		{`{"party":"blue","party":"red"}`, "party"},
		{`{"party":"blue","more":1}`, "more"},
	} {
		if _, err := ParseConfig([]byte(tt.in)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("ParseConfig(%s): %v; want %q", tt.in, err, tt.want)
		}
	}
	if _, err := (Home{Dir: t.TempDir()}).Config(); !fault.Is(err, fault.NotFound) {
		t.Errorf("no node: %v", err)
	}
}

func FuzzParseConfig(f *testing.F) {
	f.Add([]byte(`{"party":"blue","api":"127.0.0.1:0","listen":"","address":"","lines":[]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if c, err := ParseConfig(data); err == nil && CheckParty(c.Party) != nil {
			t.Errorf("took the party %q", c.Party)
		}
	})
}

func FuzzParseKeys(f *testing.F) {
	f.Add([]byte("-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----\n"))
	f.Add([]byte("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAA x"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if key, err := parsePEM(data); err == nil && len(key) != 64 {
			t.Errorf("a key of %d bytes", len(key))
		}
		if key, err := ParsePublic(data); err == nil && len(key) != 32 {
			t.Errorf("a public key of %d bytes", len(key))
		}
	})
}
