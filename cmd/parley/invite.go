package main

import (
	"fmt"
	"net"
	"net/url"
	"time"

	"parley/api/officer"
	"parley/api/passkey"
	"parley/catalogue"
	"parley/cmd/parley/home"
	"parley/node/view"
)

type officerInviteCmd struct {
	where
	Name string        `arg:"" help:"The officer's name."`
	For  time.Duration `name:"for" default:"24h" help:"How long the invitation counts." placeholder:"24h"`
	JSON bool          `name:"json" help:"Print JSON."`
}

// Help shows how it is used.
func (officerInviteCmd) Help() string {
	return `The officer opens /sign-in at the node's address and registers one passkey with the code that is
printed. It can be used once; a new invitation ends the one before. Give it by a way that you trust.

Example:

  parley officer invite "J. Doe" --for 1h
`
}

type invitedOut struct {
	Name       string    `json:"name"`
	Invitation string    `json:"invitation"`
	Expires    time.Time `json:"expires"`
}

// Run invites the officer.
func (c *officerInviteCmd) Run(a *app) error {
	h := c.home()
	if _, err := h.Config(); err != nil {
		return err
	}
	file := h.Officers()
	book, err := file.Book()
	if err != nil {
		return err
	}
	return invite(a, h, file, book, c.Name, c.For, c.JSON)
}

// invite gives an officer of a book an invitation, saves the book and prints the code.
func invite(a *app, h home.Home, file *home.Officers, book officer.Book, name string, life time.Duration, asJSON bool) error {
	now := a.now()
	code, err := book.Invite(name, now, life, a.rand)
	if err != nil {
		return err
	}
	if err := file.Save(book); err != nil {
		return err
	}
	o, err := book.Named(name, now)
	if err != nil {
		return err
	}
	if asJSON {
		return printJSON(a.stdout, invitedOut{o.Name, code, o.Invitation.Expires})
	}
	t := a.said
	at := t.Say(catalogue.Say("officers.sign-in", catalogue.AsCode("command", "/sign-in")))
	if run, err := h.Running(); err == nil {
		at = byName(run.API) + "/sign-in"
	}
	// The code alone on stdout, as tokens are.
	a.note(catalogue.Say("note.invitation", catalogue.ByPeople("officer", o.Name), t.coded("role", "role.", string(o.Role)), catalogue.ByPeople("place", at), catalogue.At("stamp", catalogue.Stamp, o.Invitation.Expires)))
	_, err = fmt.Fprintln(a.stdout, code)
	return err
}

// byName returns the address of an API with the name of this machine in place of its number: browsers keep
// passkeys for names alone.
func byName(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return base
	}
	if ip := net.ParseIP(u.Hostname()); ip != nil && ip.IsLoopback() {
		u.Host = net.JoinHostPort("localhost", u.Port())
	}
	return u.String()
}

type officerEndPasskeysCmd struct {
	where
	Name string `arg:"" help:"The officer's name."`
	JSON bool   `name:"json" help:"Print JSON."`
}

// Help shows how it is used.
func (officerEndPasskeysCmd) Help() string {
	return "Every passkey, session and invitation of the officer stops counting at once.\n\nExample:\n\n  parley officer end-passkeys \"J. Doe\"\n"
}

// Run ends the officer's passkeys.
func (c *officerEndPasskeysCmd) Run(a *app) error {
	if _, err := c.home().Config(); err != nil {
		return err
	}
	file := c.home().Officers()
	book, err := file.Book()
	if err != nil {
		return err
	}
	if err := book.EndPasskeys(c.Name, a.now()); err != nil {
		return err
	}
	if err := file.Save(book); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(a.stdout, map[string]string{"ended": c.Name})
	}
	return a.said.say(a, catalogue.Say("officers.passkeys-ended", catalogue.ByPeople("officer", c.Name)))
}

// copiedPasskeys are alarms of passkeys that two authenticators seem to have, until they are removed.
func copiedPasskeys(k *passkey.Keeper) []view.Alarm {
	if k == nil {
		return nil
	}
	var out []view.Alarm
	for _, p := range k.Book().Passkeys {
		if !p.Copied.IsZero() {
			out = append(out, view.Alarm{ID: "passkey/" + p.Text(), Kind: "passkey", Level: 1, Since: p.Copied,
				Message: catalogue.Say("alarm.passkey", catalogue.ByPeople("text", p.Name), catalogue.ByPeople("officer", p.Officer), catalogue.AsCode("command", "/sign-in"))})
		}
	}
	return out
}
