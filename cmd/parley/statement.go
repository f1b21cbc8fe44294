package main

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"parley/agreement"
	"parley/api"
	"parley/catalogue"
	"parley/fault"
	"parley/node/view"
	"parley/statement"
)

type statementCmd struct {
	Draft   statementDraftCmd   `cmd:"" help:"Draft a statement in one or more languages."`
	Sign    statementSignCmd    `cmd:"" help:"Sign a draft with the party key, or add this party's signature."`
	Propose statementProposeCmd `cmd:"" help:"Propose a joint statement on the line."`
	Agree   statementAgreeCmd   `cmd:"" help:"Sign what the other party proposes, the same bytes, and say so on the line."`
	Refuse  statementRefuseCmd  `cmd:"" help:"Say no to what the other party proposes."`
	Alone   statementAloneCmd   `cmd:"" help:"Put a statement of this party alone on the record: it says that it is not jointly agreed."`
	List    statementListCmd    `cmd:"" help:"List the statements on the record: was it ever agreed?"`
	Show    statementShowCmd    `cmd:"" help:"Show one."`
	Export  statementExportCmd  `cmd:"" help:"Write one to a file that anyone can check."`
	Verify  statementVerifyCmd  `cmd:"" help:"Check such a file, offline."`
}

type statementDraftCmd struct {
	remote
	Text      []string `help:"A text and its language." placeholder:"LANG=TEXT" sep:"none"`
	TextFile  []string `help:"A file with a text, and its language." placeholder:"LANG=FILE" sep:"none"`
	Title     string   `required:"" help:"What it is called."`
	About     []string `help:"What it is about: an entry, or the id of a notice, a conflict or an incident." placeholder:"ID" sep:"none"`
	Corrects  string   `help:"The statement in whose place it stands." placeholder:"ID" xor:"before"`
	Withdraws string   `help:"The statement that it takes back." placeholder:"ID" xor:"before"`
	Alone     bool     `help:"This party's alone: not jointly agreed, which it says itself."`
	Out       string   `short:"o" default:"-" help:"Where to write it." placeholder:"FILE"`
}

// Help shows how it is used.
func (statementDraftCmd) Help() string {
	return `The draft is JSON. Every text counts as much as the others: have each read by someone who speaks it.
Nothing is said on the line.

Examples:

  parley statement draft --title 'The joint team' --text 'en=A joint team meets on 3 December.' -o team.json
  parley statement draft --title 'Minutes' --text-file en=minutes.txt --about incident-3 -o minutes.json
`
}

// Run writes the draft.
func (c *statementDraftCmd) Run(a *app) error {
	list, err := c.agreements(a)
	if err != nil {
		return err
	}
	ag, err := agreement.Open([]byte(list.Agreements[len(list.Agreements)-1].Note))
	if err != nil {
		return err
	}
	s := statement.Statement{Form: statement.Joint, Line: ag.LineID(), Date: a.now().UTC().Truncate(time.Millisecond), Title: statement.Normal(c.Title), About: c.About}
	if s.Texts, err = c.texts(a); err != nil {
		return err
	}
	own := ""
	if c.Alone {
		if own, err = c.ownParty(a); err != nil {
			return err
		}
		s.Form = statement.OneSided
	}
	for _, p := range ag.Terms.Parties {
		if !c.Alone || p.Name == own {
			s.Parties = append(s.Parties, statement.Party{Name: p.Name, PartyKey: p.PartyKey})
		}
	}
	s.Standing = statement.Standing(s.Form, s.Parties)
	for _, x := range []struct {
		id string
		to *string
	}{{c.Corrects, &s.Corrects}, {c.Withdraws, &s.Withdraws}} {
		if *x.to, err = c.wholeID(a, x.id); err != nil {
			return err
		}
	}
	data, err := s.Draft()
	if err != nil {
		return err
	}
	for _, l := range ag.Terms.Languages {
		if !slices.ContainsFunc(s.Texts, func(t statement.Text) bool { return t.Language == l }) {
			a.note(catalogue.Say("note.no-text", catalogue.AsCode("tag", l)))
		}
	}
	return output(a, c.Out, data)
}

func (c *statementDraftCmd) texts(a *app) ([]statement.Text, error) {
	var out []statement.Text
	for i, list := range [][]string{c.Text, c.TextFile} {
		for _, x := range list {
			language, text, ok := strings.Cut(x, "=")
			if !ok {
				return nil, fault.New("text", x, "must name its language", "write en=..., or --text-file en=FILE")
			}
			if i == 1 {
				data, err := readFile(a, text, statement.MaxBytes)
				if err != nil {
					return nil, err
				}
				text = string(data)
			}
			out = append(out, statement.Text{Language: language, Text: statement.Normal(text)})
		}
	}
	if len(out) == 0 {
		return nil, fault.New("text", "", "is missing", "give it with its language: --text 'en=...', or --text-file en=FILE")
	}
	return out, nil
}

// ownParty returns the name of this party, from its directory or else from the node.
func (r *remote) ownParty(a *app) (string, error) {
	if cfg, err := r.home().Config(); err == nil && r.API == "" {
		return cfg.Party, nil
	}
	c, err := r.open(a)
	if err != nil {
		return "", err
	}
	ln, err := r.theLine(a, c)
	return ln.Party, err
}

// wholeID returns the whole id of a statement, which the node knows where some digits were given.
func (r *remote) wholeID(a *app, id string) (string, error) {
	if len(id) == 64 || id == "" {
		return id, nil
	}
	s, err := r.statement(a, id)
	return s.ID, err
}

func (r *remote) statement(a *app, id string) (s view.Statement, err error) {
	return s, r.get(a, "/v1/statements/"+url.PathEscape(id), r.query(), &s)
}

// signStatement signs a draft with the party key, or adds the own signature to what the other signed.
func signStatement(a *app, w where, data []byte) ([]byte, error) {
	h := w.home()
	cfg, err := h.Config()
	if err != nil {
		return nil, err
	}
	var draft statement.Statement
	signed := bytes.HasPrefix(data, []byte(statement.TypeLine+"\n"))
	if signed {
		s, err := statement.Open(data)
		if err != nil {
			return nil, err
		}
		draft = s.Says
	} else if draft, err = statement.Read(data); err != nil {
		return nil, err
	}
	if err := draft.Validate(); err != nil {
		return nil, err
	}
	a.note(catalogue.Say("note.signing", catalogue.ByPeople("party", cfg.Party), catalogue.ByPeople("title", draft.Title)))
	key, err := h.PartyKey(func() ([]byte, error) { return passphrase(a) })
	if err != nil {
		return nil, err
	}
	if signed {
		return statement.Cosign(data, cfg.Party, key)
	}
	return statement.Sign(draft, cfg.Party, key)
}

type statementSignCmd struct {
	where
	File string `arg:"" help:"A draft, or what the other party signed."`
	Out  string `short:"o" default:"-" help:"Where to write it." placeholder:"FILE"`
}

// Help shows how it is used.
func (statementSignCmd) Help() string {
	return `The party key signs, from this directory or the SSH agent; no node is needed. Nothing is said on the line.

Example:

  parley statement sign team.json -o team.note
`
}

// Run signs.
func (c *statementSignCmd) Run(a *app) error {
	data, err := readFile(a, c.File, statement.MaxBytes)
	if err != nil {
		return err
	}
	out, err := signStatement(a, c.where, data)
	if err != nil {
		return err
	}
	s, err := statement.Open(out)
	if err != nil {
		return err
	}
	a.note(catalogue.Say("note.statement", catalogue.AsCode("id", shortID(s.ID)), catalogue.ByPeople("text", s.Verdict())))
	return output(a, c.Out, out)
}

// putting is a command that puts a statement on the line.
type putting struct {
	remote
	File string `arg:"" help:"A draft, which is signed first, or what was signed."`
}

func (c *putting) put(a *app, form statement.Form, other string) error {
	data, err := readFile(a, c.File, statement.MaxBytes)
	if err != nil {
		return err
	}
	if !bytes.HasPrefix(data, []byte(statement.TypeLine+"\n")) {
		if data, err = signStatement(a, c.where, data); err != nil {
			return err
		}
	}
	s, err := statement.Open(data)
	if err != nil {
		return err
	}
	if s.Says.Form != form {
		return fault.New("form", string(s.Says.Form), "must be "+string(form)+" here", other)
	}
	return c.putStatement(a, data)
}

// putStatement puts a signed note on the line.
func (r *remote) putStatement(a *app, note []byte) error {
	cl, err := r.open(a)
	if err != nil {
		return err
	}
	var out view.StatementPut
	if err := cl.do(a.ctx, http.MethodPost, "/v1/statements", r.query(), "text/plain", note, &out); err != nil {
		return err
	}
	switch {
	case r.JSON:
		return printJSON(a.stdout, out)
	case out.Release != nil:
		t := a.said
		t.printRelease(a, *out.Release)
		return nil
	}
	return r.printStatement(a, *out.Statement)
}

type statementProposeCmd struct{ putting }

// Help shows how it is used.
func (statementProposeCmd) Help() string {
	return `The other party's silence is no consent: the proposal stays one until it is signed or refused.

Example:

  parley statement propose team.note
`
}

// Run proposes.
func (c *statementProposeCmd) Run(a *app) error {
	return c.put(a, statement.Joint, "put this party's own on the record with parley statement alone")
}

type statementAloneCmd struct{ putting }

// Help shows how it is used.
func (statementAloneCmd) Help() string {
	return `What is signed has the words "Not jointly agreed" in it.

Example:

  parley statement alone ours.json
`
}

// Run states it.
func (c *statementAloneCmd) Run(a *app) error {
	return c.put(a, statement.OneSided, "draft this party's own with parley statement draft --alone")
}

type statementAgreeCmd struct {
	remote
	What string `arg:"" name:"id|file" help:"The statement's id, or its first 6 digits or more; or a file with both signatures."`
}

// Help shows how it is used.
func (statementAgreeCmd) Help() string {
	return `Read it first, in every language: parley statement show. With an id the party key in this directory signs
the bytes that the other party signed. Where the key is kept on another machine, export the statement, sign
it there, and give the file.

Examples:

  parley statement agree 7f5d03
  parley statement agree team-both.note
`
}

// Run agrees.
func (c *statementAgreeCmd) Run(a *app) error {
	var data []byte
	if isHex(c.What) {
		s, err := c.statement(a, c.What)
		if err != nil {
			return err
		}
		if data, err = signStatement(a, c.where, []byte(s.Note)); err != nil {
			return err
		}
	} else {
		var err error
		if data, err = readFile(a, c.What, statement.MaxBytes); err != nil {
			return err
		}
		s, err := statement.Open(data)
		if err != nil {
			return err
		}
		if !s.Agreed() {
			return &fault.Error{Code: fault.Mismatch, Field: "statement", Value: shortID(s.ID), Rule: "is " + s.Verdict(), Hint: "sign it first: parley statement sign"}
		}
	}
	return c.putStatement(a, data)
}

func isHex(s string) bool {
	return len(s) >= 6 && len(s) <= 64 && strings.Trim(s, "0123456789abcdef") == ""
}

type statementRefuseCmd struct {
	remote
	ID     string `arg:"" help:"The statement's id, or its first 6 digits or more."`
	Reason string `required:"" help:"Why, and what would do: the other party reads it."`
}

// Help shows how it is used.
func (statementRefuseCmd) Help() string {
	return "It may be signed later all the same.\n\nExample:\n\n  parley statement refuse 7f5d03 --reason 'the date is wrong'\n"
}

// Run refuses.
func (c *statementRefuseCmd) Run(a *app) error {
	var s view.Statement
	if err := c.post(a, "/v1/statements/"+url.PathEscape(c.ID)+"/refuse", c.query(), api.ReasonRequest{Reason: c.Reason}, &s); err != nil {
		return err
	}
	return c.printStatement(a, s)
}
