package node

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/agreement"
	"parley/consent"
	"parley/fault"
	"parley/node/body"
)

// hosting names a host in the terms.
func hosting(host keys) func(*agreement.Terms) {
	return func(terms *agreement.Terms) {
		dutyTerms(terms)
		terms.Hosts = []agreement.Host{{Name: "green", Contact: "green-duty", PartyKey: host.card("green").PartyKey}}
	}
}

// says is what a host says of the version in force, signed with a key.
func (w *world) says(key keys, change func(*consent.Consent)) []byte {
	w.t.Helper()
	ln := w.ends[0].line()
	now := time.Now().UTC().Truncate(time.Millisecond)
	c := consent.Consent{Line: ln.ID, Agreement: ln.Agreement, Host: "green", HostKey: key.card("green").PartyKey, Says: consent.Consents, Date: now, From: now}
	if change != nil {
		change(&c)
	}
	return taken(consent.Sign(c, key.party))
}

func withdrawing(c *consent.Consent) { c.Says, c.From = consent.Withdraws, time.Time{} }

// hostIs waits until both nodes say the same of the host, which is in a state.
func (w *world) hostIs(state, standing string) {
	w.t.Helper()
	w.within(time.Minute, "what was said is at both", w.settled)
	spell := func(e *end) string {
		c := taken(e.Consents(w.t.Context(), ""))
		if ln := e.line(); len(c.Hosts) != 1 || len(ln.Consents) != 1 || c.Hosts[0].State != state || ln.Consents[0].State != state || !strings.Contains(c.Hosts[0].Standing, standing) {
			w.t.Errorf("%s: %+v, want %s: %s", e.party, c.Hosts, state, standing)
		}
		return fmt.Sprintf("%+v %+v", c.Hosts, c.Flawed)
	}
	if red, blue := spell(w.ends[0]), spell(w.ends[1]); red != blue {
		w.t.Errorf("red says\n%s\nand blue\n%s", red, blue)
	}
}

// TestConsentOfAHost: it has not said, consents, is brought by both, lapses, withdraws; an older word that is
// brought again, a forged one and one of another agreement change nothing; over restarts, and the same at
// both nodes.
func TestConsentOfAHost(t *testing.T) {
	green, forger := newKeys(t), newKeys(t)
	inWorld(t, hosting(green), func(t *testing.T, w *world, red, blue *end) {
		ctx := t.Context()
		w.hostIs("asked", "green has not said whether it consents; silence is no consent")
		w.quiet("consent-lapsed")
		consents := w.says(green, func(c *consent.Consent) {
			c.Until, c.Text = time.Now().UTC().Truncate(time.Millisecond).Add(10*time.Minute), "the valley alone"
		})
		for name, tt := range map[string]struct {
			note []byte
			want string
		}{
			"forged":            {w.says(forger, nil), "is not the key that the agreement names"},
			"another host":      {w.says(forger, func(c *consent.Consent) { c.Host = "white" }), "is no host that this version"},
			"another agreement": {w.says(green, func(c *consent.Consent) { c.Agreement = strings.Repeat("0", 64) }), "is no version of the agreement"},
			"another line":      {w.says(green, func(c *consent.Consent) { c.Line = strings.Repeat("0", 64) }), "is the line of this consent"},
			"of tomorrow":       {w.says(green, func(c *consent.Consent) { c.Date = c.Date.Add(24 * time.Hour) }), "is after the time"},
			"changed":           {[]byte(strings.Replace(string(consents), "valley", "coast", 1)), "does not hold"},
		} {
			if _, err := red.PutConsent(ctx, ana, "", tt.note); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%s: %v, want %q", name, err, tt.want)
			}
		}
		if v := taken(red.PutConsent(ctx, ana, "", consents)); v.State != "consents" || v.Words[0].Text != "the valley alone" || v.Words[0].Put[0].Officer != ana.Name {
			t.Errorf("%+v", v)
		}
		w.hostIs("consents", "green consents, since ")
		if _, err := red.PutConsent(ctx, ana, "", consents); !fault.Is(err, fault.Mismatch) {
			t.Errorf("put twice: %v", err)
		}
		if v := taken(blue.PutConsent(ctx, boris, "", consents)); len(v.Words) != 1 || len(v.Words[0].Put) != 2 {
			t.Errorf("brought by both: %+v", v)
		}
		w.hostIs("consents", ", since ")
		time.Sleep(11 * time.Minute)
		w.hostIs("lapsed", "the consent of host green lapsed at ")
		w.alarmed("consent-lapsed", "green")

		again := w.says(green, nil)
		taken(blue.PutConsent(ctx, boris, "", again))
		w.hostIs("consents", ", since ")
		w.quiet("consent-lapsed")
		time.Sleep(time.Minute)
		taken(blue.PutConsent(ctx, boris, "", w.says(green, withdrawing)))
		w.hostIs("withdrawn", "host green withdrew its consent at ")
		w.alarmed("consent-withdrawn", "green")
		w.restart()
		w.hostIs("withdrawn", "host green withdrew its consent at ")

		// An older word again, refused at the own door, and a forged one, each put on the line past it.
		if _, err := red.PutConsent(ctx, ana, "", again); !fault.Is(err, fault.Mismatch) {
			t.Errorf("an older one again: %v", err)
		}
		for _, note := range [][]byte{again, w.says(forger, nil), []byte("no note")} {
			taken(red.order[0].append(ctx, taken(body.Draft(body.KindConsent, body.Consent{ID: "x", Note: string(note), Officer: "o", Role: "duty"}))))
		}
		w.hostIs("withdrawn", "host green withdrew its consent at ")
		if c := taken(blue.Consents(ctx, "")); len(c.Flawed) != 2 || c.Flawed[0].Party != "red" || !strings.Contains(c.Flawed[0].Why, "is not the key") {
			t.Errorf("what does not count: %+v", c.Flawed)
		}

		// A new version asks anew, and says of which the old word was.
		time.Sleep(time.Minute)
		taken(red.PutConsent(ctx, ana, "", w.says(green, nil)))
		newest := red.order[0].newest()
		next := agreement.Supersede(newest, newest.Terms)
		next.Title = "the next"
		taken(blue.Propose(ctx, boris, "", taken(agreement.Cosign(taken(agreement.Sign(next, "red", red.keys.party)), "blue", blue.keys.party))))
		w.within(time.Minute, "the next version is in force", w.inVersion(2))
		w.hostIs("asked", "silence is no consent; what it said is of version 1 of the agreement, which has been replaced")
		w.quiet("consent-withdrawn")
		old := w.says(green, func(c *consent.Consent) { c.Agreement = newest.ID })
		if _, err := red.PutConsent(ctx, ana, "", old); err == nil || !strings.Contains(err.Error(), "is a version that has been replaced") {
			t.Errorf("of the version before: %v", err)
		}
		taken(red.PutConsent(ctx, ana, "", w.says(green, nil)))
		w.hostIs("consents", "green consents, since ")
		w.restart()
		w.hostIs("consents", "green consents, since ")
	})
}
