package main

import (
	"fmt"
	"net/url"
	"time"

	"parley/api"
	"parley/api/grant"
	"parley/catalogue"
	"parley/fault"
)

type tokenCmd struct {
	New    tokenNewCmd    `cmd:"" help:"Print a short token for a program, once."`
	List   tokenListCmd   `cmd:"" help:"List short tokens and sessions that count."`
	Revoke tokenRevokeCmd `cmd:"" help:"End one of them."`
}

type tokenNewCmd struct {
	remote
	For   time.Duration `name:"for" default:"15m" help:"How long it counts; at most 12h." placeholder:"15m"`
	Scope grant.Scope   `default:"whole" enum:"whole,read,file" help:"What it is narrowed to: whole (your role), read (reads alone), file (reads, and commands on notices)." placeholder:"SCOPE"`
}

// Help shows how it is used.
func (tokenNewCmd) Help() string {
	return `In exchange for your own token. It ends by itself, when the node is started anew, when it is revoked,
and when you are removed from the book; it cannot be exchanged for another.

Example:

  parley token new --scope read --for 1h
`
}

// Run asks for a token.
func (c *tokenNewCmd) Run(a *app) error {
	if c.For < time.Second {
		return fault.New("for", c.For.String(), "must be a second or more", "write 15m or 1h")
	}
	var t api.Token
	if err := c.post(a, "/v1/tokens", nil, api.TokenRequest{LifeS: int(c.For / time.Second), Scope: c.Scope}, &t); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(a.stdout, t)
	}
	// The token alone on stdout, so that it can go to a file or a variable.
	a.note(catalogue.Say("note.short-token", catalogue.AsCode("id", t.ID), catalogue.ByPeople("officer", t.Officer), a.said.coded("what", "scope.", string(t.Scope)), catalogue.At("stamp", catalogue.Stamp, t.Expires)))
	_, err := fmt.Fprintln(a.stdout, t.Token)
	return fault.Wrap(fault.Unavailable, "print", err)
}

type tokenListCmd struct{ remote }

// Help shows how it is used.
func (tokenListCmd) Help() string {
	return "Your own; as a supervisor, those of all officers.\n\nExample:\n\n  parley token list\n"
}

// Run lists tokens.
func (c *tokenListCmd) Run(a *app) error {
	var list api.Tokens
	if err := c.get(a, "/v1/tokens", nil, &list); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(a.stdout, list)
	}
	if len(list.Tokens) == 0 {
		return a.said.say(a, catalogue.Say("list.no-tokens"))
	}
	rows := [][]string{{"ID", "KIND", "OFFICER", "SCOPE", "ISSUED", "LAST USED", "COUNTS UNTIL"}}
	for _, t := range list.Tokens {
		rows = append(rows, []string{t.ID, a.said.code("token.", t.Kind), t.Officer, a.said.code("scope.", string(t.Scope)), stamp(t.Issued), stamp(t.Used), stamp(t.Expires)})
	}
	return table(a.stdout, a.said.table(rows))
}

type tokenRevokeCmd struct {
	remote
	ID string `arg:"" help:"As parley token list shows it."`
}

// Help shows how it is used.
func (tokenRevokeCmd) Help() string { return "Example:\n\n  parley token revoke 1a2b3c4d5e6f7081\n" }

// Run ends a token.
func (c *tokenRevokeCmd) Run(a *app) error {
	var ended api.Tokens
	if err := c.post(a, "/v1/tokens/"+url.PathEscape(c.ID)+"/revoke", nil, nil, &ended); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(a.stdout, ended)
	}
	for _, t := range ended.Tokens {
		if err := a.said.say(a, catalogue.Say("token.ended", a.said.coded("what", "token.", t.Kind), catalogue.AsCode("id", t.ID), catalogue.ByPeople("officer", t.Officer))); err != nil {
			return err
		}
	}
	return nil
}
