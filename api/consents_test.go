package api

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/agreement"
	"parley/api/officer"
	"parley/consent"
	"parley/node/view"
)

// TestConsentOfAHost: either desk puts it on the line, both show it, in the language asked for.
func TestConsentOfAHost(t *testing.T) {
	host := newKeys(t)
	blue, red, _ := pairUnder(t, Limits{}, func(terms *agreement.Terms) {
		terms.Hosts = []agreement.Host{{Name: "green", Contact: "green-duty", PartyKey: host.card("green").PartyKey}}
	})
	ln := want[Lines](t, blue, officer.Duty, "GET", "/v1/lines", "", "").Lines[0]
	if len(ln.Consents) != 1 || ln.Consents[0].State != "asked" || !ln.Consents[0].Since.IsZero() {
		t.Errorf("before: %+v", ln.Consents)
	}
	now := time.Now().UTC().Truncate(time.Millisecond)
	note, err := consent.Sign(consent.Consent{Line: ln.ID, Agreement: ln.Agreement, Host: "green", HostKey: host.card("green").PartyKey, Says: consent.Consents, Date: now, From: now, Text: "the valley"}, host.party)
	if err != nil {
		t.Fatal(err)
	}
	if status, got := red.ask(t, officer.Duty, "POST", "/v1/consents", typeText, strings.Replace(string(note), "valley", "coast", 1)); status != http.StatusBadRequest && status != http.StatusUnprocessableEntity {
		t.Errorf("changed: %d %s", status, got)
	}
	if status, got := red.ask(t, officer.Planner, "POST", "/v1/consents", typeText, string(note)); status != http.StatusForbidden {
		t.Errorf("put by a planner: %d %s", status, got)
	}
	if c := want[view.Consent](t, red, officer.Duty, "POST", "/v1/consents", typeText, string(note)); c.State != "consents" || len(c.Words) != 1 || c.Words[0].Text != "the valley" {
		t.Errorf("put: %+v", c)
	}
	if status, got := red.ask(t, officer.Duty, "POST", "/v1/consents", typeText, string(note)); status != http.StatusConflict {
		t.Errorf("put twice: %d %s", status, got)
	}
	until(t, "blue has it", func() bool {
		c := want[view.Consents](t, blue, officer.Auditor, "GET", "/v1/consents", "", "")
		return len(c.Hosts) == 1 && c.Hosts[0].State == "consents" && strings.Contains(c.Hosts[0].Standing, "host green consents, since ")
	})
	c := want[view.Consents](t, blue.speaking("fr"), officer.Auditor, "GET", "/v1/consents", "", "")
	if !strings.Contains(c.Hosts[0].Standing, "consent depuis le") {
		t.Errorf("in French: %q", c.Hosts[0].Standing)
	}
}
