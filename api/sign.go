package api

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/time/rate"

	"parley/api/grant"
	"parley/api/officer"
	"parley/api/passkey"
	"parley/audit"
	"parley/fault"
)

// InvitationRequest begins to register a passkey.
type InvitationRequest struct {
	Invitation string `json:"invitation"`
}

// Ceremony is one that was begun: what the browser is to be given, as WebAuthn writes it.
type Ceremony struct {
	Ceremony string         `json:"ceremony"`
	Options  jsontext.Value `json:"options"`
}

// CredentialRequest ends a ceremony with what the browser answered. Name is of a new passkey.
type CredentialRequest struct {
	Ceremony   string         `json:"ceremony"`
	Name       string         `json:"name,omitzero"`
	Credential jsontext.Value `json:"credential"`
}

// SessionInfo says whom the node takes the caller for, and by what.
type SessionInfo struct {
	Who
	By string `json:"by"`
}

// Passkey is a passkey without its key.
type Passkey struct {
	ID      string    `json:"id"`
	Officer string    `json:"officer"`
	Name    string    `json:"name"`
	Added   time.Time `json:"added"`
	Used    time.Time `json:"used,omitzero"`
	Copied  time.Time `json:"copied,omitzero"` // since when it counts no more
}

// Passkeys is the answer to GET /v1/passkeys.
type Passkeys struct {
	Passkeys []Passkey `json:"passkeys"`
}

// signRoutes are those of passkeys and sessions. Whoever begins or ends a ceremony is not known yet.
func signRoutes() []route {
	open := func(path string, h func(*api, *call) (any, error)) route {
		r := do(path, officer.Roles(), h)
		r.Open = true
		return r
	}
	return []route{
		open("/v1/passkeys/begin", (*api).postRegisterBegin),
		open("/v1/passkeys/finish", (*api).postRegisterFinish),
		read("/v1/passkeys", (*api).getPasskeys),
		do("/v1/passkeys/{id}/remove", officer.Roles(), (*api).postPasskeyRemove),
		open("/v1/session/begin", (*api).postSignInBegin),
		open("/v1/session/finish", (*api).postSignInFinish),
		read("/v1/session", (*api).getSession),
		do("/v1/session/end", officer.Roles(), (*api).postSignOut),
	}
}

// The rate at which callers whom nobody knows may begin and end ceremonies, each address.
const (
	openPerSecond = 1
	openBurst     = 20
	maxAddresses  = 10_000
)

// limitOpen counts a request of a caller whom nobody knows yet.
func (a *api) limitOpen(from string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	l := a.open[from]
	if l == nil {
		if len(a.open) >= maxAddresses {
			clear(a.open)
		}
		l = rate.NewLimiter(openPerSecond, openBurst)
		a.open[from] = l
	}
	if l.AllowN(a.cfg.Clock.Now(), 1) {
		return nil
	}
	return &fault.Error{Code: fault.TooMany, Field: "requests", Rule: "came faster than this node takes them from an address that nobody signed in from", Hint: "wait and try again"}
}

// site returns where the page of a request was opened. Beyond the loopback the browser speaks TLS,
// be it to this node or to what stands before it.
func (a *api) site(r *http.Request) passkey.Site {
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.ToLower(strings.Trim(host, "[]"))
	scheme := "https"
	if !secure(r) {
		scheme = "http"
	}
	return passkey.Site{ID: host, Origin: scheme + "://" + strings.ToLower(r.Host)}
}

// secure reports whether a browser that asked speaks TLS.
func secure(r *http.Request) bool {
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	return r.TLS != nil || !loopback(strings.Trim(host, "[]"))
}

// sameOrigin refuses what changes something by a session and does not say that it is of this node's own
// page. Programs have tokens.
func (a *api) sameOrigin(r *http.Request) error {
	if r.Method == http.MethodGet || r.Method == http.MethodHead || r.Header.Get("Origin") == a.site(r).Origin {
		return nil
	}
	return &fault.Error{Code: fault.Denied, Field: "origin", Value: fault.Shorten(r.Header.Get("Origin")), Rule: "is not this node's, and a session is for its own pages",
		Hint: "open the page at the address of the node; programs use a token"}
}

// cookieName is of this party's node, since a browser gives the cookies of one host to all its ports.
func (a *api) cookieName(r *http.Request) string {
	sum := sha256.Sum256([]byte(a.cfg.Node.Party()))
	name := "parley-" + hex.EncodeToString(sum[:4])
	if secure(r) {
		return "__Host-" + name
	}
	return name
}

func (a *api) setCookie(c *call, value string, age time.Duration) {
	cookie := &http.Cookie{Name: a.cookieName(c.r), Value: value, Path: "/", HttpOnly: true, Secure: secure(c.r), SameSite: http.SameSiteStrictMode, MaxAge: int(age / time.Second)}
	if age <= 0 {
		cookie.MaxAge = -1
	}
	http.SetCookie(c.w, cookie)
}

// passkeys returns the keeper of passkeys.
func (a *api) passkeys() (*passkey.Keeper, error) {
	if a.cfg.Passkeys == nil {
		return nil, &fault.Error{Code: fault.Unavailable, Field: "passkeys", Rule: "are not kept by this node", Hint: "use a token"}
	}
	return a.cfg.Passkeys, nil
}

// ceremony reads a step's request, and returns what every step needs.
func (a *api) ceremony(c *call, in any) (*passkey.Keeper, officer.Book, time.Time, error) {
	var none time.Time
	k, err := a.passkeys()
	if err != nil {
		return nil, officer.Book{}, none, err
	}
	if err := a.decode(c, in); err != nil {
		return nil, officer.Book{}, none, err
	}
	book, err := a.readBook(c.r.Context())
	return k, book, a.cfg.Clock.Now(), err
}

func (a *api) postRegisterBegin(c *call) (any, error) {
	var in InvitationRequest
	k, book, now, err := a.ceremony(c, &in)
	if err != nil {
		return nil, err
	}
	o, err := book.Invited(in.Invitation, now)
	if err != nil {
		return nil, err
	}
	id, options, err := k.BeginRegistration(a.site(c.r), o, now)
	return Ceremony{id, jsontext.Value(options)}, err
}

func (a *api) postRegisterFinish(c *call) (any, error) {
	var in CredentialRequest
	k, book, now, err := a.ceremony(c, &in)
	if err != nil {
		return nil, err
	}
	p, err := k.FinishRegistration(a.site(c.r), in.Ceremony, in.Name, in.Credential, func(name string) (officer.Officer, error) { return book.Named(name, now) }, now)
	if err != nil {
		return nil, err
	}
	who, err := book.Named(p.Officer, now)
	if err != nil {
		return nil, err
	}
	c.who = who
	a.note(c, audit.Credential, "passkey registered", p.Text())
	return passkeyOf(p), nil
}

func (a *api) postSignInBegin(c *call) (any, error) {
	k, err := a.passkeys()
	if err != nil {
		return nil, err
	}
	if err := c.noBody(); err != nil {
		return nil, err
	}
	id, options, err := k.BeginSignIn(a.site(c.r), a.cfg.Clock.Now())
	return Ceremony{id, jsontext.Value(options)}, err
}

func (a *api) postSignInFinish(c *call) (any, error) {
	var in CredentialRequest
	k, book, now, err := a.ceremony(c, &in)
	if err != nil {
		return nil, err
	}
	who, p, err := k.FinishSignIn(a.site(c.r), in.Ceremony, in.Credential, book, now)
	if copied := (*passkey.Copied)(nil); errors.As(err, &copied) {
		c.who.Name = copied.Passkey.Officer
		a.note(c, audit.Credential, "passkey may have been copied; it counts no more", copied.Passkey.Text())
		a.grants.End(func(g grant.Grant) bool { return g.Given == copied.Passkey.Text() })
	}
	if err != nil {
		return nil, err
	}
	secret, g, err := a.grants.Issue(grant.Grant{Officer: who.Name, Scope: grant.Whole, Session: true, Given: p.Text()}, now, grant.MaxLife)
	if err != nil {
		return nil, err
	}
	c.who, c.by = who, "session "+g.ID
	if err := a.access(c, audit.Session, "signed in", p.Text()); err != nil {
		a.grants.End(func(have grant.Grant) bool { return have.ID == g.ID })
		return nil, err
	}
	a.setCookie(c, secret, grant.MaxLife)
	return SessionInfo{Who{who.Name, who.Role, g.Expires}, c.by}, nil
}

func (a *api) getSession(c *call) (any, error) {
	if _, err := c.query(); err != nil {
		return nil, err
	}
	return SessionInfo{Who{c.who.Name, c.who.Role, c.who.Expires}, c.by}, nil
}

func (a *api) postSignOut(c *call) (any, error) {
	if err := c.noBody(); err != nil {
		return nil, err
	}
	if c.grant == nil || !c.grant.Session {
		return nil, &fault.Error{Code: fault.Mismatch, Field: "session", Rule: "is none: you came with a token", Hint: "end a short token with parley token revoke"}
	}
	id := c.grant.ID
	a.grants.End(func(g grant.Grant) bool { return g.ID == id })
	a.setCookie(c, "", 0)
	a.note(c, audit.Session, "signed out", id)
	return SessionInfo{Who{c.who.Name, c.who.Role, c.who.Expires}, c.by}, nil
}

func passkeyOf(p passkey.Passkey) Passkey {
	return Passkey{ID: p.Text(), Officer: p.Officer, Name: p.Name, Added: p.Added, Used: p.Used, Copied: p.Copied}
}

// getPasskeys lists the caller's own; a supervisor's list is of all officers.
func (a *api) getPasskeys(c *call) (any, error) {
	if _, err := c.query(); err != nil {
		return nil, err
	}
	out := Passkeys{Passkeys: []Passkey{}}
	if a.cfg.Passkeys == nil {
		return out, nil
	}
	book, err := a.readBook(c.r.Context())
	if err != nil {
		return nil, err
	}
	all := a.cfg.Passkeys.Book()
	for _, o := range book.Officers {
		if o.Name == c.who.Name || c.who.Role == officer.Supervisor {
			for _, p := range all.Of(o) {
				out.Passkeys = append(out.Passkeys, passkeyOf(p))
			}
		}
	}
	return out, nil
}

// postPasskeyRemove removes an own passkey; a supervisor removes anyone's. Sessions by it end.
func (a *api) postPasskeyRemove(c *call) (any, error) {
	k, err := a.passkeys()
	if err != nil {
		return nil, err
	}
	if err := c.noBody(); err != nil {
		return nil, err
	}
	of := c.who.Name
	if c.who.Role == officer.Supervisor {
		of = ""
	}
	p, err := k.Remove(c.r.PathValue("id"), of)
	if err != nil {
		return nil, err
	}
	a.grants.End(func(g grant.Grant) bool { return g.Given == p.Text() })
	a.note(c, audit.Credential, "passkey removed, of "+p.Officer, p.Text())
	return passkeyOf(p), nil
}

// note puts on the audit log what has come to pass already.
func (a *api) note(c *call, kind audit.Kind, what string, ids ...string) {
	if err := a.access(c, kind, what, ids...); err != nil {
		a.log.Error("a change of who may come in is not in the audit log", "officer", c.who.Name, "what", what, "err", err)
	}
}
