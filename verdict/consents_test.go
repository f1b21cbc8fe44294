package verdict

import (
	"bytes"
	"crypto/ed25519"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"parley/catalogue"
	"parley/consent"
	"parley/internal/foreign"
	"parley/internal/testbundle"
)

// TestConsentsOfABundle: a file says what hosts signed, whether the agreement names them, and what it does not show.
func TestConsentsOfABundle(t *testing.T) {
	l := testbundle.New(t, "hosts")
	key := partyKey("hosts", "green")
	put := func(change func(*consent.Consent), spoil string) {
		t.Helper()
		at := testbundle.Begin()
		c := consent.Consent{Line: l.Agreement.LineID(), Agreement: l.Agreement.ID, Host: "green", HostKey: key.Public().(ed25519.PublicKey), Says: consent.Consents, Date: at, From: at, Text: "the valley"}
		change(&c)
		note, err := consent.Sign(c, key)
		if err != nil {
			t.Fatal(err)
		}
		quoted, err := json.Marshal(string(bytes.Replace(note, []byte("valley"), []byte(spoil), 1)))
		if err != nil {
			t.Fatal(err)
		}
		l.Say(0, consent.Kind, "note", string(quoted), "officer", `"one"`)
		l.Commit(0, true)
	}
	put(func(*consent.Consent) {}, "valley")
	put(func(*consent.Consent) {}, "coast")
	put(func(c *consent.Consent) {
		c.Says, c.From, c.Date = consent.Withdraws, time.Time{}, c.Date.Add(time.Second)
	}, "valley")
	for _, tt := range []struct {
		name string
		show testbundle.Show
		want []string
	}{
		{"whole", nil, []string{"does not count: 1/a#1 by blue: ", "does not hold: the text or the signature was changed", "does not count: 1/a#0 by blue: host", "is no host that this version of the agreement names"}},
		{"sealed", func(side, n int, _ string) (bool, func(string) bool) {
			return true, func(name string) bool { return name == "officer" || n == 0 }
		}, []string{"not shown: 2 entries with words of hosts; a withdrawal may be among them"}},
	} {
		data := l.Bundle(tt.show)
		r := check(data, l.Trust())
		s, err := r.Statements(opener(data))
		if err != nil || !r.OK {
			t.Fatal(err, r.Checks)
		}
		if got := written(t, s, r); !contains(got, tt.want) {
			t.Errorf("%s: want %q in\n%s", tt.name, tt.want, got)
		}
		foreignConsents(t, s, r)
	}
	// The keys in the place of the agreement: the signature holds, and whom it names is not shown.
	data := l.Bundle(nil)
	r := check(data, l.Trust())
	r.Keys, r.Agreements = append(r.Keys, l.Agreement.Keys()), nil
	s, err := r.Statements(opener(data))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"green, a version of which the file does not show whether it names this host and key: withdraws, signed 2026-12-01", "with the key SHA256:", ": consents from 2026-12-01", "; the host has said something else since", "    the valley\n"}
	if got := written(t, s, r); !contains(got, want) {
		t.Errorf("want %q in\n%s", want, got)
	}
	foreignConsents(t, s, r)
}

// foreignConsents fails where what a file shows of hosts has English left in it in another language.
func foreignConsents(t *testing.T, s Statements, r Result) {
	t.Helper()
	for _, language := range []string{"he", "ru"} {
		in, err := catalogue.Load(language)
		if err != nil {
			t.Fatal(err)
		}
		r.In = in
		text := written(t, s, r)
		if left := foreign.Latin(text, append(stays(), "green", "the valley", "host", "consent", "parley/party")...); len(left) > 0 {
			t.Errorf("%s: %q left in\n%s", language, left, text)
		}
	}
}

func written(t *testing.T, s Statements, r Result) string {
	t.Helper()
	var b strings.Builder
	if err := s.WriteText(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func contains(text string, want []string) bool {
	for _, w := range want {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}
