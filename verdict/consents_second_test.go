package verdict

import (
	"cmp"
	"crypto/ed25519"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"parley/agreement"
	"parley/consent"
	by "parley/internal/second"
	"parley/internal/testbundle"
)

// TestSecondVerifierOnConsents: both verifiers say the same of what hosts signed: whose words count, which of them
// stands, what does not count, what is not shown.
func TestSecondVerifierOnConsents(t *testing.T) {
	key := partyKey("hosts", "green")
	host := key.Public().(ed25519.PublicKey)
	l := testbundle.NewUnder(t, "hosts", func(terms *agreement.Terms) {
		terms.Hosts = []agreement.Host{{Name: "green", Contact: "+41 22 555 0101", PartyKey: host}}
	})
	officer := `"one"`
	putBy := func(side int, key ed25519.PrivateKey, change func(*consent.Consent)) {
		t.Helper()
		c := consent.Consent{Line: l.Agreement.LineID(), Agreement: l.Agreement.ID, Host: "green", HostKey: key.Public().(ed25519.PublicKey), Says: consent.Consents, Date: testbundle.Begin(), From: testbundle.Begin()}
		change(&c)
		note, err := consent.Sign(c, key)
		if err != nil {
			t.Fatal(err)
		}
		quoted, err := json.Marshal(string(note))
		if err != nil {
			t.Fatal(err)
		}
		l.Say(side, consent.Kind, "note", string(quoted), "officer", officer)
		l.Commit(side, true)
	}
	put := func(side int, change func(*consent.Consent)) {
		t.Helper()
		putBy(side, key, change)
	}
	withdraw := func(c *consent.Consent) {
		c.Says, c.From, c.Date = consent.Withdraws, time.Time{}, c.Date.Add(time.Second)
	}
	put(0, func(*consent.Consent) {})
	put(0, withdraw)
	put(1, func(*consent.Consent) {}) // the old word once more, by the other party
	put(1, func(c *consent.Consent) { c.Host = "brown" })
	put(1, func(c *consent.Consent) { c.Date = c.Date.Add(time.Hour) })
	put(0, func(c *consent.Consent) { c.Line = strings.Repeat("ab", 32) })
	putBy(1, partyKey("hosts", "another green"), withdraw) // under the host's name, and not with its key
	officer = "5"                                          // what stands beside the note takes nothing away from it
	put(1, func(c *consent.Consent) {
		withdraw(c)
		c.Date = c.Date.Add(time.Second)
	})
	l.Say(1, consent.Kind, "note", "5")
	l.Commit(1, true)
	put(0, func(c *consent.Consent) { c.Agreement = strings.Repeat("cd", 32) })
	put(0, func(c *consent.Consent) { c.Date = l.Now.Add(time.Second + consent.Ahead + time.Millisecond) })
	edge := l.Now.Add(time.Second + consent.Ahead) // as late as the next entry may bring it
	for _, text := range []string{"a", "b", "c"} { // of one date and kind the greatest id stands
		putBy(0, partyKey("hosts", "another green"), func(c *consent.Consent) {
			withdraw(c)
			c.Date, c.Text = edge, text
		})
	}
	for _, text := range []string{"", "a", "b", "c"} { // of one date the withdrawal stands, whatever the ids
		put(0, func(c *consent.Consent) {
			if c.Date, c.Text = edge, text; text == "" {
				withdraw(c)
				c.Date = edge
			}
		})
	}
	hidden := func(side, n int, _ string) (bool, func(string) bool) {
		return true, func(name string) bool { return name != "note" || side == 0 }
	}
	for _, keys := range []bool{false, true} {
		for name, show := range map[string]testbundle.Show{"whole": nil, "red's not shown": hidden} {
			l.Keys = keys
			data := l.Bundle(show)
			one, two := firstConsents(t, l, data), secondConsents(t, data)
			if !reflect.DeepEqual(one, two) {
				t.Errorf("%s, keys alone: %t:\n  the program: %+v\n  the second:  %+v", name, keys, one, two)
			}
			number := len(one.Flawed) > 0 && strings.HasSuffix(one.Flawed[len(one.Flawed)-1], "/b#5")
			if len(one.Hosts) < 2 || number != (show == nil) || len(one.Flawed) == 0 || (one.Sealed > 0) != (show != nil) {
				t.Errorf("%s, keys alone: %t: this compares little: %+v", name, keys, one)
			}
		}
	}
}

func firstConsents(t *testing.T, l *testbundle.Line, data []byte) by.Consents {
	t.Helper()
	r := check(data, l.Trust())
	s, err := r.Statements(opener(data))
	if err != nil || !r.OK || s.Consents == nil {
		t.Fatal(err, r.Checks)
	}
	out := by.Consents{Flawed: []string{}, Sealed: s.Consents.Sealed}
	for _, h := range s.Consents.Hosts {
		out.Hosts = append(out.Hosts, by.Consented{Host: h.Host, Version: h.Version, Says: h.Says, Stands: h.Stands, Entries: h.Entries})
	}
	for _, f := range s.Consents.Flawed {
		out.Flawed = append(out.Flawed, f.Entry)
	}
	return inOrder(out)
}

func secondConsents(t *testing.T, data []byte) by.Consents {
	t.Helper()
	file := filepath.Join(t.TempDir(), "bundle")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	v := by.Run(t, file, "--json")
	if len(v) != 1 || v[0].Consents == nil {
		t.Fatal(v)
	}
	return inOrder(*v[0].Consents)
}

// inOrder sorts what is said in no order.
func inOrder(c by.Consents) by.Consents {
	for _, h := range c.Hosts {
		slices.Sort(h.Entries)
	}
	slices.SortStableFunc(c.Hosts, func(a, b by.Consented) int {
		return cmp.Or(strings.Compare(a.Host, b.Host), slices.Compare(a.Entries, b.Entries))
	})
	slices.Sort(c.Flawed)
	return c
}
