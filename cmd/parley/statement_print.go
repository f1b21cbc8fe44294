package main

import (
	"fmt"
	"strings"

	"parley/catalogue"
	"parley/node/view"
)

// statementWaits says that a proposal waits for an answer.
func (t tongue) statementWaits(s view.StatementWaits) string {
	return t.Say(catalogue.Say("show.statement", catalogue.ByPeople("text", s.Title), catalogue.AsCode("id", shortID(s.ID)),
		catalogue.At("stamp", catalogue.Stamp, s.Since), catalogue.ByPeople("party", s.Waits)))
}

type statementListCmd struct {
	remote
	Text   string `arg:"" optional:"" help:"Words that it holds, or the beginning of its id."`
	About  string `help:"What it names: an entry, or the id of a notice, a conflict, an incident or an earlier statement." placeholder:"ID"`
	Agreed bool   `help:"Only what was agreed at some time."`
}

// Help shows how it is used.
func (statementListCmd) Help() string {
	return `The answer is of the record that this node holds, and says what was looked through, as of when.

Examples:

  parley statement list
  parley statement list 'joint team'
  parley statement list --about incident-3 --agreed
`
}

// Run lists them.
func (c *statementListCmd) Run(a *app) error {
	var out view.Statements
	if err := c.get(a, "/v1/statements", c.query("text", c.Text, "about", c.About, "agreed", yes(c.Agreed)), &out); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(a.stdout, out)
	}
	t := a.said
	if len(out.Statements) > 0 {
		rows := [][]string{{"STATEMENT", "STATE", "SINCE", "TITLE", "HOW IT STANDS"}}
		for _, s := range out.Statements {
			rows = append(rows, []string{shortID(s.ID), t.code("statement.", s.State), stamp(s.Since), s.Title, s.Standing + t.flagWords(s.Flags)})
		}
		if err := table(a.stdout, t.table(rows)); err != nil {
			return err
		}
	}
	for _, x := range out.Flawed {
		if err := t.say(a, catalogue.Say("statement.flawed", catalogue.AsCode("id", shortEntry(x.Entry)), catalogue.ByPeople("party", x.Party), catalogue.At("stamp", catalogue.Stamp, x.Time), catalogue.ByPeople("reason", x.Why))); err != nil {
			return err
		}
	}
	return say(a, out.Answer)
}

func (t tongue) flagWords(flags []string) string {
	if len(flags) == 0 {
		return ""
	}
	return t.Word("list.semicolon") + t.Say(catalogue.Say("statement.note", catalogue.ByPeople("text", strings.Join(flags, t.Word("list.semicolon")))))
}

type statementShowCmd struct {
	remote
	ID   string `arg:"" help:"The statement's id, or its first 6 digits or more."`
	Note bool   `help:"The bytes that are signed, and the signatures."`
}

// Help shows how it is used.
func (statementShowCmd) Help() string { return "Example:\n\n  parley statement show 7f5d03\n" }

// Run shows it.
func (c *statementShowCmd) Run(a *app) error {
	s, err := c.statement(a, c.ID)
	if err != nil {
		return err
	}
	if c.Note && !c.JSON {
		_, err := fmt.Fprint(a.stdout, s.Note)
		return err
	}
	return c.printStatement(a, s)
}

func (r *remote) printStatement(a *app, s view.Statement) error {
	if r.JSON {
		return printJSON(a.stdout, s)
	}
	said := a.said
	rows := [][]string{{"statement", s.ID}, {"title", s.Title}, {"form", said.code("statementform.", s.Form)}, {"state", said.code("statement.", s.State) + said.Word("list.colon") + s.Standing}, {"drafted", stamp(s.Date)},
		{"about", strings.Join(s.About, ", ")}, {"corrects", s.Corrects}, {"withdraws", s.Withdraws}}
	for _, x := range s.Signatures {
		by := said.Say(catalogue.Say("statement.signed", catalogue.ByPeople("party", x.Party), catalogue.At("stamp", catalogue.Stamp, x.Time), catalogue.AsCode("id", shortEntry(x.Entry)), catalogue.ByPeople("officer", x.Officer), said.coded("role", "role.", x.Role)))
		if x.ReleasedBy != "" {
			by += said.Word("list.comma") + said.Say(catalogue.Say("statement.released", catalogue.ByPeople("officer", x.ReleasedBy)))
		}
		rows = append(rows, []string{"signed", by})
	}
	for _, x := range s.Refusals {
		rows = append(rows, []string{"refused", said.Say(catalogue.Say("statement.refusal", catalogue.ByPeople("party", x.Party), catalogue.At("stamp", catalogue.Stamp, x.Time), catalogue.AsCode("id", shortEntry(x.Entry)), catalogue.ByPeople("officer", x.Officer),
			said.coded("role", "role.", x.Role), catalogue.ByPeople("reason", x.Reason)))})
	}
	for _, f := range s.Flags {
		rows = append(rows, []string{"NOTE", f})
	}
	if err := facts(a.stdout, said.facts(rows)); err != nil {
		return err
	}
	for _, t := range s.Texts {
		if _, err := fmt.Fprintf(a.stdout, "\n%s:\n%s\n", plain(t.Language), lines(t.Text)); err != nil {
			return err
		}
	}
	return nil
}

// lines makes each line of a text plain.
func lines(text string) string {
	all := strings.Split(text, "\n")
	for i := range all {
		all[i] = plain(all[i])
	}
	return strings.Join(all, "\n")
}

type statementExportCmd struct {
	remote
	ID  string `arg:"" help:"The statement's id, or its first 6 digits or more."`
	Out string `short:"o" required:"" help:"Where to write it; - for standard output." placeholder:"FILE"`
}

// Help shows how it is used.
func (statementExportCmd) Help() string {
	return `The file holds what is signed and the signatures, and nothing else: anyone can check it with "parley
verify", with no node and no server. Who signed it has to be known by the party keys. What was said of it
since, an answer, a correction or a withdrawal, stands on the record: see parley disclose.

Example:

  parley statement export 7f5d03 -o team.note
`
}

// Run writes it.
func (c *statementExportCmd) Run(a *app) error {
	s, err := c.statement(a, c.ID)
	if err != nil {
		return err
	}
	if c.Out != "-" {
		a.note(catalogue.Say("note.standing", catalogue.AsCode("id", shortID(s.ID)), catalogue.ByPeople("text", s.Standing)))
	}
	return output(a, c.Out, []byte(s.Note))
}

type statementVerifyCmd struct {
	File  string `arg:"" help:"What parley statement export wrote; - for standard input."`
	Trust string `help:"A file of the party keys that you know." placeholder:"KEYS"`
	JSON  bool   `name:"json" help:"Print JSON."`
}

// Help shows how it is used.
func (statementVerifyCmd) Help() string {
	return `It is what parley verify says of such a file.

Example:

  parley statement verify team.note --trust keys.txt
`
}

// Run verifies it.
func (c *statementVerifyCmd) Run(a *app) error {
	by, err := readKnown(a, c.Trust)
	if err != nil {
		return err
	}
	in, err := input(a, c.File)
	if err != nil {
		return err
	}
	defer in.Close()
	return verifyNote(a, in, by.trust, c.JSON)
}
