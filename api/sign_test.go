package api

import (
	"bytes"
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/descope/virtualwebauthn"
	"github.com/go-json-experiment/json"

	"parley/api/officer"
	"parley/api/passkey"
)

// passkeyFile keeps a book of passkeys in memory, as its file has it.
type passkeyFile struct {
	mu   sync.Mutex
	data []byte
	err  error
}

func (f *passkeyFile) Passkeys() (passkey.Book, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.data == nil {
		return passkey.Book{}, nil
	}
	return passkey.Parse(f.data)
}

func (f *passkeyFile) SavePasskeys(b passkey.Book) (err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil {
		f.data, err = b.Encode()
		return err
	}
	return f.err
}

const home = "http://localhost:7440"

// browser is a person's browser with an authenticator.
type browser struct {
	d      *desk
	cookie string
	origin string
	auth   virtualwebauthn.Authenticator
	cred   virtualwebauthn.Credential
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

func newBrowser(d *desk) *browser {
	return &browser{d: d, origin: home, auth: virtualwebauthn.NewAuthenticator(), cred: newCredential()}
}

// send sends a request as the page does, and holds the answer against openapi.yaml.
func (b *browser) send(t *testing.T, method, path, body string) (int, []byte) {
	t.Helper()
	newRequest := func() *http.Request {
		r := httptest.NewRequest(method, home+path, strings.NewReader(body))
		if method != "GET" {
			r.Header.Set("Origin", b.origin)
			r.Header.Set("Sec-Fetch-Site", "same-origin")
		}
		if body != "" {
			r.Header.Set("Content-Type", typeJSON)
		}
		if b.cookie != "" {
			r.Header.Set("Cookie", b.cookie)
		}
		return r
	}
	w := httptest.NewRecorder()
	b.d.h.ServeHTTP(w, newRequest())
	if err := b.d.conforms(t, newRequest(), w); err != nil {
		t.Errorf("%s %s: %d %s: %v", method, path, w.Code, w.Body, err)
	}
	if c := w.Result().Cookies(); len(c) == 1 {
		b.cookie = c[0].Name + "=" + c[0].Value
		if !c[0].HttpOnly || c[0].SameSite != http.SameSiteStrictMode || c[0].Secure || c[0].Path != "/" {
			t.Errorf("cookie %+v", c[0])
		}
	}
	return w.Code, w.Body.Bytes()
}

// call sends a request that must succeed.
func browse[T any](t *testing.T, b *browser, method, path, body string) T {
	t.Helper()
	status, data := b.send(t, method, path, body)
	var out T
	if err := json.Unmarshal(data, &out); err != nil || status != http.StatusOK {
		t.Fatalf("%s %s: %d %s", method, path, status, data)
	}
	return out
}

func (b *browser) site() virtualwebauthn.RelyingParty {
	return virtualwebauthn.RelyingParty{Name: "Parley, blue", ID: "localhost", Origin: b.origin}
}

// options returns the inner part of what the page is given, as the virtual authenticator reads it.
func options(t *testing.T, c Ceremony) string {
	t.Helper()
	return string(c.Options)
}

func finishing(t *testing.T, c Ceremony, name, credential string) string {
	t.Helper()
	body, err := json.Marshal(CredentialRequest{Ceremony: c.Ceremony, Name: name, Credential: []byte(credential)})
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func (b *browser) register(t *testing.T, invitation, name string) (int, []byte) {
	t.Helper()
	begun := browse[Ceremony](t, b, "POST", "/v1/passkeys/begin", `{"invitation":"`+invitation+`"}`)
	opts, err := virtualwebauthn.ParseAttestationOptions(options(t, begun))
	if err != nil {
		t.Fatal(err)
	}
	b.auth.Options.UserHandle = []byte(opts.UserID)
	b.auth.AddCredential(b.cred)
	return b.send(t, "POST", "/v1/passkeys/finish", finishing(t, begun, name, virtualwebauthn.CreateAttestationResponse(b.site(), b.auth, b.cred, *opts)))
}

func (b *browser) signIn(t *testing.T) (int, []byte) {
	t.Helper()
	b.cookie = ""
	begun := browse[Ceremony](t, b, "POST", "/v1/session/begin", "")
	opts, err := virtualwebauthn.ParseAssertionOptions(options(t, begun))
	if err != nil {
		t.Fatal(err)
	}
	b.cred.Counter++
	return b.send(t, "POST", "/v1/session/finish", finishing(t, begun, "", virtualwebauthn.CreateAssertionResponse(b.site(), b.auth, b.cred, *opts)))
}

func (b *books) invite(t *testing.T, name string) string {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	code, err := b.book.Invite(name, time.Now(), time.Hour, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func (b *books) change(t *testing.T, do func(*officer.Book) error) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := do(&b.book); err != nil {
		t.Fatal(err)
	}
}

func TestPasskeys(t *testing.T) {
	blue, _, _ := pair(t, Limits{})
	b := newBrowser(blue)
	code := blue.books.invite(t, "the duty")
	if status, body := b.register(t, code, "desk computer"); status != http.StatusOK {
		t.Fatalf("register: %d %s", status, body)
	}
	if status, _ := b.send(t, "POST", "/v1/passkeys/begin", `{"invitation":"`+code+`"}`); status != http.StatusUnauthorized {
		t.Errorf("an invitation counts twice: %d", status)
	}
	if status, _ := b.send(t, "GET", "/v1/session", ""); status != http.StatusUnauthorized {
		t.Errorf("registering signs in: %d", status)
	}
	if status, body := b.signIn(t); status != http.StatusOK || !strings.Contains(string(body), `"name":"the duty"`) {
		t.Fatalf("sign in: %d %s", status, body)
	}
	if s := browse[SessionInfo](t, b, "GET", "/v1/session", ""); s.Name != "the duty" || s.Role != officer.Duty || !strings.HasPrefix(s.By, "session ") || time.Until(s.Expires) > 12*time.Hour {
		t.Errorf("%+v", s)
	}
	if l := browse[Passkeys](t, b, "GET", "/v1/passkeys", ""); len(l.Passkeys) != 1 || l.Passkeys[0].Name != "desk computer" || l.Passkeys[0].Used.IsZero() {
		t.Errorf("%+v", l)
	}
	short := browse[Token](t, b, "POST", "/v1/tokens", `{"scope":"read"}`)
	if status, _ := blue.askAs(t, short.Token, "GET", "/v1/lines", "", ""); status != http.StatusOK {
		t.Errorf("a short token of a session: %d", status)
	}
	browse[SessionInfo](t, b, "POST", "/v1/session/end", "")
	if status, _ := b.send(t, "GET", "/v1/session", ""); status != http.StatusUnauthorized {
		t.Errorf("after signing out: %d", status)
	}
	b.signIn(t)
	id := browse[Passkeys](t, b, "GET", "/v1/passkeys", "").Passkeys[0].ID
	if status, _ := blue.ask(t, officer.Planner, "POST", "/v1/passkeys/"+id+"/remove", "", ""); status != http.StatusNotFound {
		t.Errorf("another officer removes it: %d", status)
	}
	browse[Passkey](t, b, "POST", "/v1/passkeys/"+id+"/remove", "")
	if status, _ := b.send(t, "GET", "/v1/session", ""); status != http.StatusUnauthorized {
		t.Errorf("a session outlives its passkey: %d", status)
	}
	if status, _ := blue.askAs(t, short.Token, "GET", "/v1/lines", "", ""); status != http.StatusUnauthorized {
		t.Errorf("a short token outlives the passkey it was given for: %d", status)
	}
	if status, body := b.signIn(t); status != http.StatusUnauthorized || !strings.Contains(string(body), "not known here") {
		t.Errorf("a removed passkey: %d %s", status, body)
	}
	var said []string
	for _, r := range append(audited(t, blue, "kind=credential"), audited(t, blue, "kind=session")...) {
		said = append(said, r.Officer+" "+r.What)
	}
	for _, w := range []string{"the duty passkey registered", "the duty signed in", "the duty signed out", "the duty passkey removed, of the duty"} {
		if !strings.Contains(strings.Join(said, "\n"), w) {
			t.Errorf("the log lacks %q: %q", w, said)
		}
	}
	if bytes.Contains(blue.passkeys.data, []byte(code)) {
		t.Error("the file holds an invitation")
	}
}

func TestPasskeysAreRefused(t *testing.T) {
	blue, _, _ := pair(t, Limits{})
	b := newBrowser(blue)
	if status, body := b.register(t, blue.books.invite(t, "the duty"), "blue key"); status != http.StatusOK {
		t.Fatalf("%d %s", status, body)
	}
	for name, change := range map[string]func(*browser){
		"another page":    func(b *browser) { b.origin = "https://evil.example" },
		"no verification": func(b *browser) { b.auth.Options.UserNotVerified = true },
		"no person":       func(b *browser) { b.auth.Options.UserNotPresent = true },
		"another key": func(b *browser) {
			id := b.cred.ID
			b.cred = newCredential()
			b.cred.ID = id
		},
		"another credential":  func(b *browser) { b.cred = newCredential() },
		"another user handle": func(b *browser) { b.auth.Options.UserHandle = []byte("somebody else") },
	} {
		other := *b
		change(&other)
		begun := browse[Ceremony](t, b, "POST", "/v1/session/begin", "")
		opts, err := virtualwebauthn.ParseAssertionOptions(options(t, begun))
		if err != nil {
			t.Fatal(err)
		}
		answer := finishing(t, begun, "", virtualwebauthn.CreateAssertionResponse(other.site(), other.auth, other.cred, *opts))
		if status, body := b.send(t, "POST", "/v1/session/finish", answer); status != http.StatusUnauthorized || b.cookie != "" {
			t.Errorf("%s: %d %s", name, status, body)
		}
		if status, _ := b.send(t, "POST", "/v1/session/finish", answer); status != http.StatusUnauthorized {
			t.Errorf("%s, again: %d", name, status)
		}
	}
}

func TestAnAnswerCountsOnce(t *testing.T) {
	blue, _, _ := pair(t, Limits{})
	b := newBrowser(blue)
	b.register(t, blue.books.invite(t, "the duty"), "blue key")
	begun := browse[Ceremony](t, b, "POST", "/v1/session/begin", "")
	opts, err := virtualwebauthn.ParseAssertionOptions(options(t, begun))
	if err != nil {
		t.Fatal(err)
	}
	b.cred.Counter++
	answer := finishing(t, begun, "", virtualwebauthn.CreateAssertionResponse(b.site(), b.auth, b.cred, *opts))
	browse[SessionInfo](t, b, "POST", "/v1/session/finish", answer)
	if status, _ := b.send(t, "POST", "/v1/session/finish", answer); status != http.StatusUnauthorized {
		t.Errorf("a replay: %d", status)
	}
}

func TestACopiedPasskeyCountsNoMore(t *testing.T) {
	blue, _, _ := pair(t, Limits{})
	b := newBrowser(blue)
	b.register(t, blue.books.invite(t, "the duty"), "blue key")
	copied := *b // has the counter as it was
	for range 2 {
		if status, body := b.signIn(t); status != http.StatusOK {
			t.Fatalf("%d %s", status, body)
		}
	}
	if status, body := copied.signIn(t); status != http.StatusForbidden || !strings.Contains(string(body), "may have been copied") || copied.cookie != "" {
		t.Errorf("a copy: %d %s", status, body)
	}
	if status, _ := b.send(t, "GET", "/v1/session", ""); status != http.StatusUnauthorized {
		t.Errorf("the session of a copied passkey: %d", status)
	}
	if status, _ := b.signIn(t); status != http.StatusUnauthorized {
		t.Errorf("a copied passkey counts: %d", status)
	}
	if got := audited(t, blue, "kind=credential&officer=the+duty&newest=true&limit=1"); len(got) != 1 || !strings.Contains(got[0].What, "copied") {
		t.Errorf("%+v", got)
	}
	if l := want[Passkeys](t, blue, officer.Supervisor, "GET", "/v1/passkeys", "", ""); len(l.Passkeys) != 1 || l.Passkeys[0].Copied.IsZero() {
		t.Errorf("%+v", l)
	}
}

func TestSessionsEndWithTheirOfficer(t *testing.T) {
	blue, _, _ := pair(t, Limits{})
	for name, change := range map[string]func(*officer.Book) error{
		"removed": func(b *officer.Book) error { return b.Remove("Kit") },
		"ended":   func(b *officer.Book) error { return b.EndPasskeys("Kit", time.Now()) },
		"added anew": func(b *officer.Book) error {
			err := b.Remove("Kit")
			_ = b.AddWithoutToken("Kit", officer.Duty, time.Now().Add(-time.Hour), 0)
			return err
		},
	} {
		blue.books.change(t, func(b *officer.Book) error { return b.AddWithoutToken("Kit", officer.Duty, time.Now(), 0) })
		b := newBrowser(blue)
		if status, body := b.register(t, blue.books.invite(t, "Kit"), "blue key"); status != http.StatusOK {
			t.Fatalf("%s: %d %s", name, status, body)
		}
		if status, body := b.signIn(t); status != http.StatusOK {
			t.Fatalf("%s: %d %s", name, status, body)
		}
		time.Sleep(2 * time.Millisecond) // ending counts from the next millisecond on
		blue.books.change(t, change)
		if status, _ := b.send(t, "GET", "/v1/session", ""); status != http.StatusUnauthorized {
			t.Errorf("%s: the session counts: %d", name, status)
		}
		if status, _ := b.signIn(t); status != http.StatusUnauthorized {
			t.Errorf("%s: the passkey counts: %d", name, status)
		}
		if name == "ended" || name == "added anew" {
			blue.books.change(t, func(b *officer.Book) error { return b.Remove("Kit") })
		}
	}
}

func TestSessionsAreForOwnPagesAlone(t *testing.T) {
	blue, _, _ := pair(t, Limits{})
	b := newBrowser(blue)
	b.register(t, blue.books.invite(t, "the duty"), "blue key")
	b.signIn(t)
	for _, origin := range []string{"", "null", "https://evil.example", "http://localhost:9", "https://localhost:7440"} {
		r := httptest.NewRequest("POST", home+"/v1/calls", strings.NewReader(`{"type":"hold","text":"x","language":"en"}`))
		r.Header.Set("Cookie", b.cookie)
		r.Header.Set("Content-Type", typeJSON)
		if origin != "" {
			r.Header.Set("Origin", origin)
		}
		w := httptest.NewRecorder()
		blue.h.ServeHTTP(w, r)
		if w.Code != http.StatusForbidden {
			t.Errorf("origin %q: %d %s", origin, w.Code, w.Body)
		}
	}
	r := httptest.NewRequest("GET", "https://node.example/v1/session", nil) // named with --api-host
	if n := (&api{cfg: Config{Node: blue.node}}).cookieName(r); !strings.HasPrefix(n, "__Host-") {
		t.Errorf("over TLS the cookie is %s", n)
	}
	forged := *b
	forged.cookie = strings.Split(b.cookie, "=")[0] + "=" + blue.tokens[officer.Supervisor]
	if status, _ := forged.send(t, "GET", "/v1/session", ""); status != http.StatusUnauthorized {
		t.Errorf("a token in a cookie: %d", status)
	}
	forged.cookie = strings.Split(b.cookie, "=")[0] + "=" + shortToken(t, blue, officer.Duty, `{}`).Token
	if status, _ := forged.send(t, "GET", "/v1/session", ""); status != http.StatusUnauthorized {
		t.Errorf("a short token in a cookie: %d", status)
	}
}

func TestUnknownCallersAreSlowedDown(t *testing.T) {
	blue, _, _ := pair(t, Limits{})
	b := newBrowser(blue)
	slowed := false
	for range openBurst + 5 {
		status, _ := b.send(t, "POST", "/v1/passkeys/begin", `{"invitation":"AAAA-AAAA-AAAA-AAAA-AAAA-AAAA"}`)
		slowed = slowed || status == http.StatusTooManyRequests
	}
	if !slowed {
		t.Error("guessing is as fast as one likes")
	}
	want[SessionInfo](t, blue, officer.Duty, "GET", "/v1/session", "", "")
}

func TestPagesMayDoLittle(t *testing.T) {
	blue, _, _ := pair(t, Limits{})
	for path, typ := range map[string]string{"/sign-in": "text/html; charset=utf-8", "/sign-in.js": "text/javascript; charset=utf-8"} {
		w := httptest.NewRecorder()
		blue.h.ServeHTTP(w, httptest.NewRequest("GET", home+path, nil))
		csp := w.Header().Get("Content-Security-Policy")
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != typ || !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: %d %v", path, w.Code, w.Header())
		}
		if typ[:9] == "text/html" && (strings.Contains(w.Body.String(), "style=") || strings.Contains(w.Body.String(), "onclick")) {
			t.Error("the page has code or style in it")
		}
	}
	w := httptest.NewRecorder()
	blue.h.ServeHTTP(w, httptest.NewRequest("GET", "http://evil.example/sign-in", nil))
	if w.Code != http.StatusForbidden {
		t.Errorf("under another name: %d", w.Code)
	}
}
