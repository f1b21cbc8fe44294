package api

import (
	"encoding/hex"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"parley/api/grant"
	"parley/api/officer"
	"parley/audit"
	"parley/fault"
)

// call is one request of a known officer.
type call struct {
	w   http.ResponseWriter
	r   *http.Request
	who officer.Officer
	rt  route
	by  string // what the officer is known by

	grant *grant.Grant // where it is by a grant

	started bool  // something of the answer went out
	did     []did // commands that were done
}

// protect refuses what a browser sends on behalf of a page elsewhere, and names that are not this
// node's.
func (a *api) protect(next http.Handler) http.Handler {
	cross := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		if !a.hostAllowed(r.Host) {
			a.refuse(&call{w: w, r: r}, &fault.Error{Code: fault.Denied, Field: "host", Value: fault.Shorten(r.Host),
				Rule: "is not a name of this node", Hint: "ask under the address that it listens on, or start it with --api-host and this name"})
			return
		}
		if err := cross.Check(r); err != nil {
			a.refuse(&call{w: w, r: r}, &fault.Error{Code: fault.Denied, Field: "origin", Value: fault.Shorten(r.Header.Get("Origin")),
				Rule: "is another site's", Hint: "call the API from a program, or from a page of this node", Err: err})
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (a *api) hostAllowed(hostport string) bool {
	host := hostport
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		host = h
	}
	host = strings.Trim(host, "[]")
	if strings.EqualFold(host, "localhost") {
		return true
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsLoopback() {
		return true
	}
	return slices.ContainsFunc(a.cfg.Hosts, func(h string) bool { return strings.EqualFold(h, host) })
}

// serve authenticates, authorizes, bounds and answers one request.
func (a *api) serve(rt route, w http.ResponseWriter, r *http.Request) {
	c := &call{w: w, r: r, rt: rt}
	body, err := a.answer(c)
	if unsaid := a.account(c, body); err == nil {
		err = unsaid
	}
	switch {
	case err != nil && c.started:
		a.log.Warn("answer cut short", "route", rt.Path, "officer", c.who.Name, "err", err)
		panic(http.ErrAbortHandler) // the caller must not take a part for the whole
	case err != nil:
		a.refuse(c, err)
	case !c.started:
		writeJSON(w, http.StatusOK, body)
	}
}

func (a *api) answer(c *call) (any, error) {
	if c.rt.Open {
		if err := a.limitOpen(audit.Host(c.r.RemoteAddr)); err != nil {
			return nil, err
		}
		return c.rt.handle(a, c)
	}
	if err := a.authenticate(c); err != nil {
		return nil, err
	}
	if c.grant != nil && !c.grant.Scope.Allows(c.r.Method, c.rt.Path) {
		return nil, &fault.Error{Code: fault.Denied, Field: "scope", Value: string(c.grant.Scope), Rule: "does not reach this", Hint: "ask for a token of another scope: parley token --scope whole"}
	}
	if err := observing(c); err != nil {
		return nil, err
	}
	if !c.rt.allows(c.who.Role) {
		return nil, &fault.Error{Code: fault.Denied, Field: "role", Value: string(c.who.Role), Rule: "may not do this",
			Hint: "ask an officer with one of these roles: " + words(c.rt.Roles)}
	}
	if !c.rt.urgent {
		if err := a.limit(c.who.Name); err != nil {
			return nil, err
		}
	}
	v, err := c.rt.handle(a, c)
	if err != nil || c.started {
		return v, err
	}
	return a.inLanguage(c, v), nil
}

func words(roles []officer.Role) string {
	out := make([]string, len(roles))
	for i, r := range roles {
		out[i] = string(r)
	}
	return strings.Join(out, ", ")
}

// authenticate finds out who asks: an officer by his token, or by a grant that he has of it.
func (a *api) authenticate(c *call) error {
	header := c.r.Header.Get("Authorization")
	if cookie, err := c.r.Cookie(a.cookieName(c.r)); err == nil && header == "" {
		return a.bySession(c, cookie.Value)
	}
	scheme, token, _ := strings.Cut(header, " ")
	token = strings.TrimSpace(token)
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return &fault.Error{Code: fault.Unauthenticated, Field: "authorization", Rule: "must be \"Bearer\" and an officer's token",
			Hint: "give the token that parley officer add printed"}
	}
	book, err := a.readBook(c.r.Context())
	if err != nil {
		return err
	}
	now := a.cfg.Clock.Now()
	if grant.IsShort(token) {
		return a.granted(c, book, token, now)
	}
	c.who, err = book.Find(token, now)
	c.by = "token"
	return err
}

// bySession finds the officer of a session.
func (a *api) bySession(c *call, secret string) error {
	if err := a.sameOrigin(c.r); err != nil {
		return err
	}
	book, err := a.readBook(c.r.Context())
	if err != nil {
		return err
	}
	if err := a.granted(c, book, secret, a.cfg.Clock.Now()); err != nil {
		a.setCookie(c, "", 0)
		return err
	}
	if !c.grant.Session {
		return &fault.Error{Code: fault.Unauthenticated, Field: "session", Rule: "is none", Hint: "sign in again"}
	}
	return nil
}

// granted finds the officer of a grant, who must still have what it was given for.
func (a *api) granted(c *call, book officer.Book, secret string, now time.Time) error {
	g, err := a.grants.Find(secret, now)
	if err != nil {
		return err
	}
	c.by = kindOf(g) + " " + g.ID
	who, err := book.Named(g.Officer, now)
	if err != nil || !a.stillHas(who, g) {
		a.grants.End(func(have grant.Grant) bool { return have.ID == g.ID })
		return &fault.Error{Code: fault.Unauthenticated, Field: "token", Rule: "counts no more: the officer was removed, or has another credential now", Hint: "sign in again", Err: err}
	}
	if !who.Expires.IsZero() && who.Expires.Before(g.Expires) {
		g.Expires = who.Expires
	}
	c.who, c.grant = who, &g
	c.who.Expires = g.Expires
	return nil
}

// stillHas reports whether an officer still has what a grant was given for.
func (a *api) stillHas(who officer.Officer, g grant.Grant) bool {
	if g.Given == "" {
		return false
	}
	if k := a.cfg.Passkeys; k != nil && k.Counts(g.Given, who) {
		return true
	}
	return who.HasToken() && g.Given == hex.EncodeToString(who.TokenSHA256[:])
}

// limit counts a request of an officer against his rate.
func (a *api) limit(name string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	l := a.limiters[name]
	if l == nil {
		l = rate.NewLimiter(rate.Limit(a.limits.PerSecond), a.limits.Burst)
		a.limiters[name] = l
	}
	if l.AllowN(a.cfg.Clock.Now(), 1) {
		return nil
	}
	return &fault.Error{Code: fault.TooMany, Field: "requests", Rule: "came faster than this node takes them from one officer",
		Hint: "wait and try again; hold and distress are always taken"}
}
