package api

import (
	"encoding/hex"
	"strconv"
	"time"

	"parley/api/grant"
	"parley/api/officer"
	"parley/audit"
	"parley/fault"
)

// TokenRequest asks for a short token. A life of 0 is 15 minutes, no scope the whole role.
type TokenRequest struct {
	LifeS int         `json:"life_s,omitzero"`
	Scope grant.Scope `json:"scope,omitzero"`
}

// Token is a short token or a session. The token itself stands in the answer that gives it alone.
type Token struct {
	ID      string      `json:"id"`
	Kind    string      `json:"kind"` // short token, session
	Officer string      `json:"officer"`
	Scope   grant.Scope `json:"scope"`
	Issued  time.Time   `json:"issued"`
	Expires time.Time   `json:"expires"`
	Used    time.Time   `json:"used"`
	Token   string      `json:"token,omitzero"`
}

// Tokens is the answer to GET /v1/tokens.
type Tokens struct {
	Tokens []Token `json:"tokens"`
}

func tokenRoutes() []route {
	return []route{
		read("/v1/tokens", (*api).getTokens),
		do("/v1/tokens", officer.Roles(), (*api).postToken),
		do("/v1/tokens/{id}/revoke", officer.Roles(), (*api).postRevoke),
	}
}

func kindOf(g grant.Grant) string {
	if g.Session {
		return "session"
	}
	return "short token"
}

func tokenOf(g grant.Grant) Token {
	return Token{ID: g.ID, Kind: kindOf(g), Officer: g.Officer, Scope: g.Scope, Issued: g.Issued, Expires: g.Expires, Used: g.Used}
}

// getTokens lists the caller's own; a supervisor's list is of all officers.
func (a *api) getTokens(c *call) (any, error) {
	if _, err := c.query(); err != nil {
		return nil, err
	}
	of := c.who.Name
	if c.who.Role == officer.Supervisor {
		of = ""
	}
	out := Tokens{Tokens: []Token{}}
	for _, g := range a.grants.List(of, a.cfg.Clock.Now()) {
		out.Tokens = append(out.Tokens, tokenOf(g))
	}
	return out, nil
}

func (a *api) postToken(c *call) (any, error) {
	if _, err := c.query(); err != nil {
		return nil, err
	}
	var in TokenRequest
	if err := a.decode(c, &in); err != nil {
		return nil, err
	}
	if in.Scope == "" {
		in.Scope = grant.Whole
	}
	most := int(grant.MaxLife / time.Second)
	if in.LifeS < 0 || in.LifeS > most {
		return nil, fault.New("life_s", strconv.Itoa(in.LifeS), "must be from 1 to 43200", "ask for as long as the program needs, and again then")
	}
	want := grant.Grant{Officer: c.who.Name, Scope: in.Scope, Given: hex.EncodeToString(c.who.TokenSHA256[:])}
	if c.grant != nil {
		if !c.grant.Session {
			return nil, &fault.Error{Code: fault.Denied, Field: "token", Rule: "is a short one, and gives no further ones", Hint: "ask with the officer's own token, or as one who signed in"}
		}
		want.Given = c.grant.Given
	}
	now, life := a.cfg.Clock.Now(), time.Duration(in.LifeS)*time.Second
	secret, g, err := a.grants.Issue(want, now, life)
	if err != nil {
		return nil, err
	}
	if err := a.access(c, audit.Session, "token issued, "+string(g.Scope), g.ID); err != nil {
		a.grants.End(func(have grant.Grant) bool { return have.ID == g.ID })
		return nil, err
	}
	out := tokenOf(g)
	out.Token = secret
	return out, nil
}

// postRevoke ends a grant of the caller; a supervisor's, of anyone.
func (a *api) postRevoke(c *call) (any, error) {
	if err := c.noBody(); err != nil {
		return nil, err
	}
	id := c.r.PathValue("id")
	var ended Tokens
	a.grants.End(func(g grant.Grant) bool {
		if g.ID != id || g.Officer != c.who.Name && c.who.Role != officer.Supervisor {
			return false
		}
		ended.Tokens = append(ended.Tokens, tokenOf(g))
		return true
	})
	if len(ended.Tokens) == 0 {
		return nil, &fault.Error{Code: fault.NotFound, Field: "token", Value: fault.Shorten(id), Rule: "is not one of yours that counts", Hint: "list them: parley token list"}
	}
	if err := a.access(c, audit.Session, "token revoked, of "+ended.Tokens[0].Officer, id); err != nil {
		a.log.Error("a revocation is not in the audit log", "officer", c.who.Name, "err", err)
	}
	return ended, nil
}

// access puts a change of who may come in on the audit log.
func (a *api) access(c *call, kind audit.Kind, what string, ids ...string) error {
	r := a.who(c)
	r.Kind, r.What, r.IDs = kind, what, ids
	return a.cfg.Audit.Append(c.r.Context(), r)
}
