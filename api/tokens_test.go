package api

import (
	"net/http"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"parley/api/grant"
	"parley/api/officer"
)

func shortToken(t *testing.T, d *desk, role officer.Role, body string) Token {
	t.Helper()
	return want[Token](t, d, role, "POST", "/v1/tokens", typeJSON, body)
}

func TestShortTokens(t *testing.T) {
	blue, _, _ := pair(t, Limits{})
	short := shortToken(t, blue, officer.Duty, `{"scope":"file"}`)
	if short.Expires.Sub(short.Issued) != grant.DefaultLife || short.Officer != "the duty" || short.Scope != grant.File {
		t.Errorf("%+v", short)
	}
	status, body := blue.askAs(t, short.Token, "GET", "/v1/status", "", "")
	var s Status
	if err := json.Unmarshal(body, &s); err != nil || status != http.StatusOK || s.Officer.Role != officer.Duty || !s.Officer.Expires.Equal(short.Expires) {
		t.Errorf("%d %s", status, body)
	}
	for _, tt := range []struct {
		method, path, typ, body string
		status                  int
		want                    string
	}{
		{"POST", "/v1/notices", typeGeoJSON, survey, http.StatusOK, "blue-7"},
		{"POST", "/v1/calls", typeJSON, `{"type":"hold","text":"x","language":"en"}`, http.StatusForbidden, "scope"},
		{"POST", "/v1/tokens", typeJSON, `{}`, http.StatusForbidden, "scope"},
		{"GET", "/v1/audit", "", "", http.StatusForbidden, "role"},
	} {
		if status, body := blue.askAs(t, short.Token, tt.method, tt.path, tt.typ, tt.body); status != tt.status || !strings.Contains(string(body), tt.want) {
			t.Errorf("%s %s: %d %s; want %d with %q", tt.method, tt.path, status, body, tt.status, tt.want)
		}
	}
	whole := shortToken(t, blue, officer.Duty, `{"life_s":43200}`)
	if status, body := blue.askAs(t, whole.Token, "POST", "/v1/tokens", typeJSON, `{}`); status != http.StatusForbidden || !strings.Contains(string(body), "gives no further ones") {
		t.Errorf("a short token for a short token: %d %s", status, body)
	}
	if l := want[Tokens](t, blue, officer.Planner, "GET", "/v1/tokens", "", ""); len(l.Tokens) != 0 {
		t.Errorf("a planner sees %+v", l)
	}
	if status, _ := blue.ask(t, officer.Planner, "POST", "/v1/tokens/"+whole.ID+"/revoke", "", ""); status != http.StatusNotFound {
		t.Errorf("a planner revokes another's: %d", status)
	}
	if l := want[Tokens](t, blue, officer.Supervisor, "GET", "/v1/tokens", "", ""); len(l.Tokens) != 2 || l.Tokens[0].Token != "" {
		t.Errorf("a supervisor sees %+v", l)
	}
	want[Tokens](t, blue, officer.Supervisor, "POST", "/v1/tokens/"+whole.ID+"/revoke", "", "")
	if status, _ := blue.askAs(t, whole.Token, "GET", "/v1/lines", "", ""); status != http.StatusUnauthorized {
		t.Errorf("a revoked token: %d", status)
	}
	for _, bad := range []string{`{"life_s":43201}`, `{"life_s":-1}`, `{"scope":"all"}`, `{"role":"supervisor"}`} {
		if status, body := blue.ask(t, officer.Duty, "POST", "/v1/tokens", typeJSON, bad); status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", bad, status, body)
		}
	}
	said := []string{}
	for _, r := range audited(t, blue, "kind=session") {
		said = append(said, r.Officer+": "+r.What)
		if strings.Contains(strings.Join(r.IDs, " "), "parley-") {
			t.Errorf("the audit log holds a token: %+v", r)
		}
	}
	if got := strings.Join(said, "; "); got != "the duty: token issued, file; the duty: token issued, whole; the supervisor: token revoked, of the duty" {
		t.Errorf("the log says %s", got)
	}
	if got := audited(t, blue, "kind=done&officer=the+duty"); len(got) != 1 || got[0].By != "short token "+short.ID {
		t.Errorf("filed by %+v", got)
	}
}

func TestShortTokenDiesWithItsOfficer(t *testing.T) {
	for name, change := range map[string]func(*officer.Book) error{
		"removed": func(b *officer.Book) error { return b.Remove("the duty") },
		"another token": func(b *officer.Book) error {
			if err := b.Remove("the duty"); err != nil {
				return err
			}
			_, err := b.Add("the duty", officer.Supervisor, systemClock().Now(), 0, strings.NewReader(strings.Repeat("y", 32)))
			return err
		},
	} {
		blue, _, _ := pair(t, Limits{Heartbeat: 20_000_000})
		short := shortToken(t, blue, officer.Duty, `{}`)
		base := serve(t, blue)
		l := hearAs(t, short.Token, base, "")
		blue.books.mu.Lock()
		err := change(&blue.books.book)
		blue.books.mu.Unlock()
		if err != nil {
			t.Fatal(err)
		}
		if status, _ := blue.askAs(t, short.Token, "GET", "/v1/lines", "", ""); status != http.StatusUnauthorized {
			t.Errorf("%s: %d", name, status)
		}
		for l.lines.Scan() { // the stream ends by itself
		}
	}
}
