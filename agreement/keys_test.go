package agreement

import (
	"bytes"
	"strings"
	"testing"

	"parley/transcript"
)

// testKeys returns an agreement that both signed and its keys, signed by the parties named.
func testKeys(t testing.TB, terms Terms, parties ...string) (Agreement, []byte) {
	t.Helper()
	a := mustOpen(t, mustSign(t, terms, "red", "blue"))
	note, err := SignKeys(a, parties[0], testKey(parties[0]+" party"))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range parties[1:] {
		if note, err = CosignKeys(note, a, p, testKey(p+" party")); err != nil {
			t.Fatal(err)
		}
	}
	return a, note
}

// TestKeysSayWhatTheAgreementSays holds that a verifier learns the same from both, but for the time of force.
func TestKeysSayWhatTheAgreementSays(t *testing.T) {
	first, note := testKeys(t, testTerms(), "blue", "red")
	terms := Supersede(first, first.Terms)
	terms.Parties[0].LineKeys = append(terms.Parties[0].LineKeys, LineKey{Public: testPublic("red line 2"), From: testFrom})
	second, later := testKeys(t, terms, "red", "blue")
	for _, c := range []struct {
		a    Agreement
		note []byte
	}{{first, note}, {second, later}} {
		got, err := KeysInfo(c.note)
		if err != nil {
			t.Fatal(err)
		}
		want := c.a.Info()
		if got.ID != want.ID || got.Line != want.Line || got.Version != want.Version || got.Supersedes != want.Supersedes || got.Both != want.Both ||
			len(got.Signers) != 2 || got.Quorum != want.Quorum || len(got.Witnesses) != len(want.Witnesses) {
			t.Errorf("%+v, want %+v", got, want)
		}
		for i, p := range got.Parties {
			w := want.Parties[i]
			if p.Name != w.Name || p.Side != w.Side || !p.PartyKey.Equal(w.PartyKey) || len(p.LineKeys) != len(w.LineKeys) || !p.LineKeys[0].Same(w.LineKeys[0]) {
				t.Errorf("%+v, want %+v", p, w)
			}
		}
		k, err := OpenKeys(c.note)
		if err != nil || c.a.Holds(k) != nil {
			t.Error(err, c.a.Holds(k))
		}
		for _, hidden := range []string{"Latakia", "contacts", "555", "coordinates", "tls", c.a.Terms.Title} {
			if bytes.Contains(c.note, []byte(hidden)) {
				t.Errorf("the keys tell %s", hidden)
			}
		}
	}
	if k, _ := OpenKeys(note); second.Holds(k) == nil {
		t.Error("the keys of one version pass for those of another")
	}
}

func TestKeysRefused(t *testing.T) {
	a, both := testKeys(t, testTerms(), "red", "blue")
	_, one := testKeys(t, testTerms(), "red")
	if k, err := OpenKeys(one); err != nil || k.Signed() || a.Holds(k) == nil {
		t.Error("keys with one signature hold", err)
	}
	half := mustOpen(t, mustSign(t, testTerms(), "red"))
	if _, err := SignKeys(half, "blue", testKey("blue party")); err == nil {
		t.Error("the keys of an agreement are signed by who did not sign that")
	}
	if _, err := SignKeys(a, "red", testKey("blue party")); err == nil {
		t.Error("keys are signed with another party's key")
	}
	other := mustOpen(t, mustSign(t, Supersede(a, a.Terms), "red", "blue"))
	if _, err := CosignKeys(one, other, "blue", testKey("blue party")); err == nil || !strings.Contains(err.Error(), "are not those of this agreement") {
		t.Error("keys of another version are signed:", err)
	}
	swap := func(old, with string) []byte {
		if bytes.Count(both, []byte(old)) < 1 {
			t.Fatalf("no %q", old)
		}
		return bytes.Replace(both, []byte(old), []byte(with), 1)
	}
	for _, c := range []struct {
		says string
		data []byte
	}{
		{"is not a signed note", nil},
		{"must begin with the line parley/keys/v1", a.Note},
		{"must begin with the line parley/keys/v1", swap("keys/v1", "keys/v2")},
		{"does not hold: the text or the signature was changed", swap(`"from": ""`, `"from": "2026-12-01T00:00:00.000Z"`)},
		{"must be 1 or more", swap(`"version": 1`, `"version": 0`)},
		{"must be the id of the version before", swap(`"version": 1`, `"version": 2`)},
		{"must be the id of an agreement", swap(`"agreement": "`, `"agreement": "x`)},
		{"supersede", swap(`"supersedes"`, `"superseded"`)},
		{"are not in their one encoding", swap(`"version": 1`, `"version":  1`)},
		{"must be ed25519 or ed25519+ml-dsa-44", swap(`"signatures": "ed25519"`, `"signatures": "rsa"`)},
		{"must differ from the other party's", bytes.Replace(both, []byte(`"name": "blue"`), []byte(`"name": "red"`), 1)},
		{"at most", bytes.Repeat([]byte("x"), MaxBytes+1)},
	} {
		if _, err := OpenKeys(c.data); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("want %q, got %v", c.says, err)
		}
	}
	if _, err := KeysInfo(one); err == nil || !strings.Contains(err.Error(), "are not signed by both parties") {
		t.Error(err)
	}
	turned := signatures(both, func(l []string) []string { return []string{l[1], l[0]} })
	if _, err := OpenKeys(turned); err == nil || !strings.Contains(err.Error(), "one form and order") {
		t.Error(err)
	}
}

func FuzzOpenKeys(f *testing.F) {
	_, both := testKeys(f, testTerms(), "red", "blue")
	f.Add(both)
	f.Add(bytes.Replace(both, []byte(`"witnesses"`), []byte(`"w"`), 1))
	f.Fuzz(func(t *testing.T, data []byte) {
		k, err := OpenKeys(data)
		if err != nil {
			return
		}
		text, err := k.Keys.text()
		if err != nil || !bytes.HasPrefix(data, append(text, '\n')) || !bytes.Equal(k.Note, data) {
			t.Fatalf("keys that are not in their one encoding are taken: %v", err)
		}
		if info, err := KeysInfo(data); err == nil && transcript.CheckKey(info.Parties[0].PartyKey) != nil {
			t.Fatal("a party key that cannot be used is taken")
		}
	})
}
