package grant

import (
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"parley/api/officer"
	"parley/fault"
)

var noon = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)

func issue(t *testing.T, g *Grants, want Grant, life time.Duration) (string, Grant) {
	t.Helper()
	secret, got, err := g.Issue(want, noon, life)
	if err != nil {
		t.Fatal(err)
	}
	return secret, got
}

func TestShortTokensDie(t *testing.T) {
	g := New(rand.Reader)
	secret, got := issue(t, g, Grant{Officer: "Ana", Scope: Read}, 0)
	if read, err := officer.ParseToken([]byte(secret + "\n")); err != nil || read != secret {
		t.Errorf("a program reads it as %q, %v", read, err)
	}
	if !IsShort(secret) || got.Expires != noon.Add(DefaultLife) || strings.Contains(secret, got.ID) {
		t.Errorf("%q %+v", secret, got)
	}
	if f, err := g.Find(secret, noon.Add(DefaultLife-1)); err != nil || f.Officer != "Ana" || f.Scope != Read {
		t.Errorf("%+v, %v", f, err)
	}
	for _, s := range []string{secret + "x", "", strings.Replace(secret, "parley-short-", "", 1)} {
		if _, err := g.Find(s, noon); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("%q: %v", s, err)
		}
	}
	if _, err := g.Find(secret, noon.Add(DefaultLife)); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("after its life: %v", err)
	}
	if len(g.List("", noon)) != 0 {
		t.Error("a token that was found dead is kept")
	}
}

func TestSessionsEndWhenIdle(t *testing.T) {
	g := New(rand.Reader)
	secret, _ := issue(t, g, Grant{Officer: "Ana", Scope: Whole, Session: true}, MaxLife)
	at := noon
	for range 5 {
		at = at.Add(SessionIdle - time.Second)
		if _, err := g.Find(secret, at); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := g.Find(secret, at.Add(SessionIdle)); err == nil {
		t.Error("an idle session still counts")
	}
}

func TestIssueRefuses(t *testing.T) {
	g := New(rand.Reader)
	for _, tt := range []struct {
		scope Scope
		life  time.Duration
	}{{Read, MaxLife + 1}, {Read, -1}, {Read, 1}, {"all", time.Hour}, {"", time.Hour}} {
		if _, _, err := g.Issue(Grant{Officer: "Ana", Scope: tt.scope}, noon, tt.life); !fault.Is(err, fault.Invalid) {
			t.Errorf("%+v: %v", tt, err)
		}
	}
	for range MaxEach {
		issue(t, g, Grant{Officer: "Ana", Scope: Read}, 0)
	}
	if _, _, err := g.Issue(Grant{Officer: "Ana", Scope: Read}, noon, 0); !fault.Is(err, fault.TooMany) {
		t.Errorf("over the bound: %v", err)
	}
	issue(t, g, Grant{Officer: "Bob", Scope: Read}, 0)
	if _, _, err := g.Issue(Grant{Officer: "Ana", Scope: Read}, noon.Add(DefaultLife), 0); err != nil {
		t.Errorf("the old ones are over: %v", err)
	}
	if _, _, err := New(strings.NewReader("short")).Issue(Grant{Officer: "Ana", Scope: Read}, noon, 0); !fault.Is(err, fault.Internal) {
		t.Errorf("without randomness: %v", err)
	}
}

func TestEndAndList(t *testing.T) {
	g := New(rand.Reader)
	secret, first := issue(t, g, Grant{Officer: "Ana", Scope: Read}, 0)
	issue(t, g, Grant{Officer: "Bob", Scope: Read}, 0)
	if l := g.List("Ana", noon); len(l) != 1 || l[0].ID != first.ID {
		t.Errorf("%+v", l)
	}
	if n := g.End(func(have Grant) bool { return have.ID == first.ID }); n != 1 {
		t.Errorf("ended %d", n)
	}
	if _, err := g.Find(secret, noon); err == nil {
		t.Error("a revoked token still counts")
	}
	if len(g.List("", noon)) != 1 {
		t.Error("another's was ended too")
	}
}

func TestScopes(t *testing.T) {
	for _, tt := range []struct {
		scope        Scope
		method, path string
		want         bool
	}{
		{Whole, "POST", "/v1/calls", true}, {Read, "GET", "/v1/notices", true}, {Read, "POST", "/v1/notices", false},
		{File, "POST", "/v1/notices", true}, {File, "PUT", "/v1/notices/{id}", true}, {File, "POST", "/v1/notices/{id}/state", true},
		{File, "POST", "/v1/notices-x", false}, {File, "POST", "/v1/calls", false}, {File, "POST", "/v1/tokens", false}, {"", "POST", "/v1/notices", false},
	} {
		if got := tt.scope.Allows(tt.method, tt.path); got != tt.want {
			t.Errorf("%s allows %s %s: %t", tt.scope, tt.method, tt.path, got)
		}
	}
}
