package main

import (
	"fmt"
	"strconv"
	"time"

	"parley/api/officer"
	"parley/catalogue"
	"parley/fault"
)

type officerCmd struct {
	Add    officerAddCmd    `cmd:"" help:"Add an officer and print the token, once."`
	Invite officerInviteCmd `cmd:"" help:"Print an invitation for an officer to register a passkey, once."`
	List   officerListCmd   `cmd:"" help:"List the officers."`
	Remove officerRemoveCmd `cmd:"" help:"Remove an officer; what he comes in with stops counting at once."`

	EndPasskeys officerEndPasskeysCmd `cmd:"" help:"End every passkey of an officer at once."`
}

type officerAddCmd struct {
	where
	Name     string        `arg:"" help:"The name that goes on the record."`
	Role     officer.Role  `required:"" enum:"duty,planner,supervisor,interpreter,unit-relay,reviewer,auditor,observer" help:"One of ${enum}." placeholder:"ROLE"`
	Expires  time.Duration `default:"720h" help:"How long the officer counts; 0 for ever." placeholder:"720h"`
	Save     bool          `help:"Also keep the token in the node's directory, for commands on this machine."`
	Observer string        `help:"With the role observer: the observer of the agreement for whom it reads, at its level alone." placeholder:"NAME"`
	Passkey  bool          `help:"Give no token: print an invitation to register a passkey."`
	JSON     bool          `name:"json" help:"Print JSON."`
}

// Help shows how it is used.
func (officerAddCmd) Help() string {
	return `A duty officer files, receives, calls and takes conflicts; a planner files; a supervisor may
do all that and change the line; an interpreter translates calls; a unit relay tells units; reviewer, auditor and observer read.

Example:

  parley officer add "J. Doe" --role duty --expires 720h
  parley officer add "J. Doe" --role duty --passkey
  parley officer add "Mission desk" --role observer --observer mission
`
}

type officerOut struct {
	Name     string       `json:"name"`
	Role     officer.Role `json:"role"`
	Issued   time.Time    `json:"issued"`
	Expires  time.Time    `json:"expires,omitzero"`
	Expired  bool         `json:"expired"`
	HasToken bool         `json:"has_token"`
	Passkeys int          `json:"passkeys"`
	Token    string       `json:"token,omitzero"`
	Saved    string       `json:"saved,omitzero"` // the file that keeps the token
}

// Run adds the officer.
func (c *officerAddCmd) Run(a *app) error {
	h := c.home()
	if _, err := h.Config(); err != nil {
		return err
	}
	file := h.Officers()
	book, err := file.Book()
	if err != nil {
		return err
	}
	now := a.now()
	if c.Passkey {
		if c.Save {
			return fault.New("save", "", "does not go with passkey", "people sign in with a passkey; programs need a token")
		}
		if err := book.AddWithoutToken(c.Name, c.Role, now, c.Expires); err != nil {
			return err
		}
		if err := c.observe(&book); err != nil {
			return err
		}
		return invite(a, h, file, book, c.Name, officer.InvitationLife, c.JSON)
	}
	token, err := book.Add(c.Name, c.Role, now, c.Expires, a.rand)
	if err != nil {
		return err
	}
	if err := c.observe(&book); err != nil {
		return err
	}
	if err := file.Save(book); err != nil {
		return err
	}
	saved := ""
	if c.Save {
		if saved, err = h.SaveToken(token); err != nil {
			return err
		}
	}
	o := book.Officers[len(book.Officers)-1]
	if c.JSON {
		return printJSON(a.stdout, officerOut{o.Name, o.Role, o.Issued, o.Expires, o.Expired(now), true, 0, token, saved})
	}
	// The token alone on stdout, so that it can go to a file or a variable.
	a.note(catalogue.Say("note.token", catalogue.ByPeople("officer", o.Name), a.said.coded("role", "role.", string(o.Role)), catalogue.AsCode("moment", a.said.countsUntil(o))))
	if _, err := fmt.Fprintln(a.stdout, token); err != nil {
		return err
	}
	if c.Save {
		a.note(catalogue.Say("note.kept", catalogue.AsCode("file", saved)))
	}
	return nil
}

func (c *officerAddCmd) observe(book *officer.Book) error {
	if c.Observer == "" {
		return nil
	}
	return book.Observe(c.Name, c.Observer)
}

func (t tongue) countsUntil(o officer.Officer) string {
	if o.Expires.IsZero() {
		return t.Word("officers.until-removed")
	}
	return stamp(o.Expires)
}

type officerListCmd struct {
	where
	JSON bool `name:"json" help:"Print JSON."`
}

// Help shows how it is used.
func (officerListCmd) Help() string { return "Example:\n\n  parley officer list --json\n" }

// Run lists the officers.
func (c *officerListCmd) Run(a *app) error {
	if _, err := c.home().Config(); err != nil {
		return err
	}
	book, err := c.home().Officers().Book()
	if err != nil {
		return err
	}
	out := struct {
		Officers []officerOut `json:"officers"`
	}{}
	t := a.said
	rows := [][]string{{"NAME", "ROLE", "ISSUED", "COUNTS UNTIL", "TOKEN", "PASSKEYS"}}
	passkeys, err := c.home().PasskeyFile().Passkeys()
	if err != nil {
		return err
	}
	for _, o := range book.Officers {
		expired := o.Expired(a.now())
		out.Officers = append(out.Officers, officerOut{o.Name, o.Role, o.Issued, o.Expires, expired, o.HasToken(), len(passkeys.Of(o)), "", ""})
		end := t.countsUntil(o)
		if expired {
			end += " (" + t.Word("officers.expired") + ")"
		}
		rows = append(rows, []string{o.Name, t.code("role.", string(o.Role)), stamp(o.Issued), end, t.yes(o.HasToken()), strconv.Itoa(len(passkeys.Of(o)))})
	}
	if c.JSON {
		return printJSON(a.stdout, out)
	}
	return table(a.stdout, t.table(rows))
}

type officerRemoveCmd struct {
	where
	Name string `arg:"" help:"The officer's name."`
	JSON bool   `name:"json" help:"Print JSON."`
}

// Help shows how it is used.
func (officerRemoveCmd) Help() string { return "Example:\n\n  parley officer remove \"J. Doe\"\n" }

// Run removes the officer.
func (c *officerRemoveCmd) Run(a *app) error {
	if _, err := c.home().Config(); err != nil {
		return err
	}
	file := c.home().Officers()
	book, err := file.Book()
	if err != nil {
		return err
	}
	if err := book.Remove(c.Name); err != nil {
		return err
	}
	if err := file.Save(book); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(a.stdout, map[string]string{"removed": c.Name})
	}
	return a.said.say(a, catalogue.Say("officers.removed", catalogue.ByPeople("officer", c.Name)))
}
