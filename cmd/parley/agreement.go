package main

import (
	"bytes"
	"io"
	"strings"
	"time"

	"parley/agreement"
	"parley/catalogue"
	"parley/cmd/parley/home"
	"parley/fault"
	"parley/geo4d"
	"parley/transcript"
)

type agreementCmd struct {
	Card      agreementCardCmd      `cmd:"" help:"Write this party's card: what the other needs for a draft."`
	Draft     agreementDraftCmd     `cmd:"" help:"Draft terms with every default filled in."`
	Explain   agreementExplainCmd   `cmd:"" help:"Say terms in plain words."`
	Sign      agreementSignCmd      `cmd:"" help:"Sign terms, or add a signature to what the other party signed."`
	Join      agreementJoinCmd      `cmd:"" help:"Join a line with an agreement that both parties signed."`
	Keys      agreementKeysCmd      `cmd:"" help:"Sign and keep what files show that do not show the agreement."`
	Show      agreementShowCmd      `cmd:"" help:"Show the agreement of a line."`
	Supersede agreementSupersedeCmd `cmd:"" help:"Draft the next version of a line's agreement."`
	Propose   agreementProposeCmd   `cmd:"" help:"Put a signed version on the line."`
}

// output writes to a file, or to standard output for "-".
func output(a *app, path string, data []byte) error {
	if path == "-" {
		_, err := a.stdout.Write(data)
		return fault.Wrap(fault.Unavailable, "write", err)
	}
	if err := home.WriteFile(path, data, 0o644); err != nil {
		return err
	}
	a.note(catalogue.Say("note.wrote", catalogue.AsCode("file", path)))
	return nil
}

type agreementCardCmd struct {
	where
	Title   string   `help:"The party's full name."`
	Address string   `help:"Where the other party's node reaches this one; none: it only dials." placeholder:"HOST:PORT"`
	Contact []string `help:"A duty number, with its role: duty=+44..., second=..., supervisor=..." placeholder:"ROLE=NUMBER"`
	Out     string   `short:"o" default:"-" help:"Where to write it." placeholder:"FILE"`
}

// Help shows how it is used.
func (agreementCardCmd) Help() string {
	return `Give the card to the other party, then compare the fingerprint of the party key by voice.

Example:

  parley agreement card --contact duty=+15550100 -o blue-card.json
`
}

// Run writes the card.
func (c *agreementCardCmd) Run(a *app) error {
	own, err := ownCard(c.home())
	if err != nil {
		return err
	}
	own.Title = c.Title
	switch c.Address {
	case "":
	case "none":
		own.Addresses = []string{}
	default:
		if err := checkHostPort("address", c.Address); err != nil {
			return err
		}
		own.Addresses = []string{c.Address}
	}
	if own.Contacts, err = parseContacts(c.Contact); err != nil {
		return err
	}
	data, err := own.encode()
	if err != nil {
		return err
	}
	return output(a, c.Out, data)
}

type agreementDraftCmd struct {
	where
	With       string        `required:"" help:"The other party's card." placeholder:"FILE"`
	Area       string        `help:"The area, a GeoJSON polygon." xor:"area" required:"" placeholder:"FILE"`
	WholeEarth bool          `help:"The whole earth is the area." xor:"area" required:""`
	Title      string        `help:"What the agreement is called."`
	From       string        `help:"From when it holds; now by default." placeholder:"TIME"`
	Until      string        `help:"Until when; until superseded by default." placeholder:"TIME"`
	Bulk       bool          `help:"The profile bulk: officers acknowledge only what is pressing."`
	Contact    []string      `help:"This party's duty number, with its role." placeholder:"ROLE=NUMBER"`
	Signatures string        `enum:"ed25519,ed25519+ml-dsa-44" default:"ed25519" help:"What heads and receipts are signed with: ${enum}."`
	Heartbeat  time.Duration `help:"How often each node says that it is there." placeholder:"10s"`
	Witness    []string      `help:"The key of a witness, as it publishes it; once for each." placeholder:"KEY" sep:"none"`
	Quorum     *int          `help:"How many of the witnesses must cosign; more than half by default." placeholder:"K"`
	Out        string        `short:"o" default:"-" help:"Where to write it." placeholder:"FILE"`
}

// Help shows how it is used.
func (agreementDraftCmd) Help() string {
	return `The draft is JSON with every term stated. Edit it by hand as the parties agree, read it with
"parley agreement explain", then both sign the same text. This party becomes side a.

Example:

  parley agreement draft --with red-card.json --area area.geojson --title "North sector" -o draft.json
`
}

// Run writes the draft.
func (c *agreementDraftCmd) Run(a *app) error {
	own, err := ownCard(c.home())
	if err != nil {
		return err
	}
	if own.Contacts, err = parseContacts(c.Contact); err != nil {
		return err
	}
	data, err := readFile(a, c.With, maxCard)
	if err != nil {
		return err
	}
	if err := notThatFile(c.With, data, "ask the other party for it: parley agreement card", fileCard); err != nil {
		return fault.In("with", err)
	}
	other, err := parseCard(data)
	if err != nil {
		return fault.In("card", err)
	}
	o, err := c.options(a, own, other)
	if err != nil {
		return err
	}
	terms := agreement.Draft(o)
	terms.Signatures = c.signatures()
	if c.Heartbeat != 0 {
		t := &terms.LineTimes
		t.Heartbeat, t.LaggingAfter, t.DownAfter = c.Heartbeat, 3*c.Heartbeat, 6*c.Heartbeat
	}
	if len(c.Witness) > 0 || c.Quorum != nil {
		terms.Witnesses = agreement.Witnesses{Quorum: len(c.Witness)/2 + min(1, len(c.Witness)), Verifiers: c.Witness}
		if c.Quorum != nil {
			terms.Witnesses.Quorum = *c.Quorum
		}
	}
	if err := terms.Validate(); err != nil {
		return err
	}
	if data, err = agreement.Encode(terms); err != nil {
		return err
	}
	a.note(catalogue.Say("note.compare-key", catalogue.ByPeople("peer", other.Name), catalogue.AsCode("id", transcript.Fingerprint(other.PartyKey))))
	return output(a, c.Out, data)
}

func (c *agreementDraftCmd) signatures() agreement.Signatures {
	return agreement.Signatures(c.Signatures)
}

func (c *agreementDraftCmd) options(a *app, own, other card) (agreement.DraftOptions, error) {
	o := agreement.DraftOptions{Title: c.Title, A: own.party(c.signatures()), B: other.party(c.signatures()), From: a.now().Truncate(time.Second), Area: agreement.Area{Shape: geo4d.Earth{}}}
	if c.Bulk {
		o.Profile = agreement.Bulk
	}
	if !c.WholeEarth {
		data, err := readFile(a, c.Area, maxCard)
		if err != nil {
			return o, err
		}
		if o.Area.Shape, err = parseArea(data); err != nil {
			return o, fault.In("area", err)
		}
	}
	var err error
	if c.From != "" {
		if o.From, err = geo4d.ParseTime(c.From); err != nil {
			return o, fault.In("from", err)
		}
	}
	if c.Until != "" {
		if o.Until, err = geo4d.ParseTime(c.Until); err != nil {
			return o, fault.In("until", err)
		}
	}
	return o, nil
}

// readTerms reads terms from a draft or from a signed note.
func readTerms(a *app, path string) (agreement.Terms, []byte, error) {
	data, err := readFile(a, path, agreement.MaxBytes)
	if err != nil {
		return agreement.Terms{}, nil, err
	}
	if bytes.HasPrefix(data, []byte(agreement.TypeLine)) {
		ag, err := agreement.Open(data)
		return ag.Terms, data, err
	}
	if err := notThatFile(path, data, "make a draft with parley agreement draft", fileDraft, fileSigned); err != nil {
		return agreement.Terms{}, nil, err
	}
	t, err := agreement.ParseTerms(data)
	return t, nil, err
}

type agreementExplainCmd struct {
	File string `arg:"" help:"A draft or a signed agreement."`
	Was  string `help:"The version before, signed or a draft: say what changes from it, and nothing else." placeholder:"FILE"`
}

// Help shows how it is used.
func (agreementExplainCmd) Help() string {
	return "Example:\n\n  parley agreement explain draft.json\n  parley agreement explain next.note --was agreement.note\n"
}

// Run says the terms.
func (c *agreementExplainCmd) Run(a *app) error {
	t, _, err := readTerms(a, c.File)
	if err != nil {
		return err
	}
	if err := t.Validate(); err != nil {
		return err
	}
	if c.Was != "" {
		return c.changes(a, t)
	}
	_, err = io.WriteString(a.stdout, agreement.Explain(t, a.said.Catalogue))
	return fault.Wrap(fault.Unavailable, "print", err)
}

// changes says what the terms change in those of the version before, a line each.
func (c *agreementExplainCmd) changes(a *app, t agreement.Terms) error {
	was, _, err := readTerms(a, c.Was)
	if err != nil {
		return err
	}
	changes := agreement.Diff(was, t, a.said.Catalogue)
	if len(changes) == 0 {
		changes = []string{a.said.Word("explain.diff-same")}
	}
	for _, line := range changes {
		if err := say(a, line); err != nil {
			return err
		}
	}
	return nil
}

type agreementSignCmd struct {
	where
	File  string `arg:"" help:"A draft, or what the other party signed."`
	Heard string `help:"The other party's key as it was read out to you: needed where the version gives it another." placeholder:"GROUPS"`
	Out   string `short:"o" default:"-" help:"Where to write it." placeholder:"FILE"`
}

// Help shows how it is used.
func (agreementSignCmd) Help() string {
	return `One party signs the draft and sends the file; the other signs that file and sends it back.
Read it first: "parley agreement explain FILE".

Example:

With -o FILE it also signs the keys alone, in FILE.keys: send that file along, so that a disclosure
can later do without the agreement.

  parley agreement sign draft.json -o signed-by-blue.note
  parley agreement sign signed-by-blue.note -o agreement.note
`
}

// Run adds the signature.
func (c *agreementSignCmd) Run(a *app) error {
	h := c.home()
	cfg, err := h.Config()
	if err != nil {
		return err
	}
	t, signed, err := readTerms(a, c.File)
	if err != nil {
		return err
	}
	if err := t.Validate(); err != nil {
		return err
	}
	if err := checkHeard(h, cfg.Party, t, c.Heard); err != nil {
		return err
	}
	key, err := h.PartyKey(func() ([]byte, error) { return passphrase(a) })
	if err != nil {
		return err
	}
	var out []byte
	if signed == nil {
		out, err = agreement.Sign(t, cfg.Party, key)
	} else {
		out, err = agreement.Cosign(signed, cfg.Party, key)
	}
	if err != nil {
		return err
	}
	ag, err := agreement.Open(out)
	if err != nil {
		return err
	}
	a.note(catalogue.Say("note.agreement", catalogue.AsCode("id", ag.ID), catalogue.ByPeople("names", strings.Join(ag.Signers, a.said.Word("list.and")))))
	if err := output(a, c.Out, out); err != nil || c.Out == "-" {
		return err
	}
	return signKeysBeside(a, ag, cfg.Party, key, c.File, c.Out)
}

type agreementJoinCmd struct {
	where
	File  string `arg:"" help:"The agreement, signed by both parties."`
	Heard string `help:"The other party's key as it was read out to you: needed where the version gives it another." placeholder:"GROUPS"`
	Peer  string `help:"Where the other party's node is reached; by default what the agreement says; none: it dials." placeholder:"HOST:PORT"`
	JSON  bool   `name:"json" help:"Print JSON."`
}

// Help shows how it is used.
func (agreementJoinCmd) Help() string {
	return `Joining makes the line. Join again with --peer to change where the other party is reached.
A running node takes it up when it is started again.

Example:

  parley agreement join agreement.note --peer line.example.net:7443
`
}

// Run joins the line.
func (c *agreementJoinCmd) Run(a *app) error {
	h := c.home()
	cfg, err := h.Config()
	if err != nil {
		return err
	}
	data, err := readFile(a, c.File, agreement.MaxBytes)
	if err != nil {
		return err
	}
	if err := notThatFile(c.File, data, "sign it: parley agreement sign", fileSigned); err != nil {
		return err
	}
	ag, err := agreement.Open(data)
	if err != nil {
		return err
	}
	if !ag.Signed() {
		return &fault.Error{Code: fault.Mismatch, Field: "agreement", Value: ag.ID, Rule: "is signed by " + strings.Join(ag.Signers, ", ") + " alone",
			Hint: "have the other party sign the same file: parley agreement sign"}
	}
	_, i := ag.Terms.Party(cfg.Party)
	if i < 0 {
		return fault.New("agreement", ag.ID, "does not name "+cfg.Party+" as a party", "join it at the node of one of its parties")
	}
	if err := ownKeysNamed(h, ag.Terms.Parties[i]); err != nil {
		return err
	}
	if err := checkHeard(h, cfg.Party, ag.Terms, c.Heard); err != nil {
		return err
	}
	other := ag.Terms.Parties[1-i]
	peer := c.Peer
	if peer == "" && len(other.Addresses) > 0 {
		peer = other.Addresses[0]
	}
	if peer == "none" {
		peer = ""
	}
	if err := checkHostPort("peer", peer); err != nil {
		return err
	}
	keys, err := keysBeside(a, ag, c.File)
	if err != nil {
		return err
	}
	if err := h.Join(ag, peer); err != nil {
		return err
	}
	if keys != nil {
		if err := h.KeepKeys(ag, keys); err != nil {
			return err
		}
	}
	if c.JSON {
		return printJSON(a.stdout, map[string]any{"line": ag.LineID(), "agreement": ag.ID, "version": ag.Terms.Version, "peer": other.Name, "peer_address": peer})
	}
	return a.said.say(a, catalogue.Say("done.joined", catalogue.AsCode("id", ag.LineID()), catalogue.ByPeople("peer", other.Name), catalogue.CountOf("version", ag.Terms.Version)))
}

type agreementShowCmd struct {
	remote
	Explain bool `help:"In plain words."`
}

// Help shows how it is used.
func (agreementShowCmd) Help() string { return "Example:\n\n  parley agreement show --explain\n" }

// Run shows the newest version, or all as JSON.
func (c *agreementShowCmd) Run(a *app) error {
	list, err := c.agreements(a)
	if err != nil {
		return err
	}
	newest := list.Agreements[len(list.Agreements)-1]
	switch {
	case c.JSON:
		return printJSON(a.stdout, list)
	case c.Explain:
		ag, err := agreement.Open([]byte(newest.Note))
		if err != nil {
			return err
		}
		_, err = io.WriteString(a.stdout, agreement.Explain(ag.Terms, a.said.Catalogue))
		return err
	}
	_, err = io.WriteString(a.stdout, newest.Note)
	return err
}

type agreementSupersedeCmd struct {
	remote
	Out string `short:"o" default:"-" help:"Where to write it." placeholder:"FILE"`
}

// Help shows how it is used.
func (agreementSupersedeCmd) Help() string {
	return `The draft names the version in force as the one that it follows. Edit it, have both parties
sign it, and put it on the line with "parley agreement propose".

Example:

  parley agreement supersede -o next.json
`
}

// Run drafts the next version.
func (c *agreementSupersedeCmd) Run(a *app) error {
	list, err := c.agreements(a)
	if err != nil {
		return err
	}
	old, err := agreement.Open([]byte(list.Agreements[len(list.Agreements)-1].Note))
	if err != nil {
		return err
	}
	data, err := agreement.Encode(agreement.Supersede(old, old.Terms))
	if err != nil {
		return err
	}
	return output(a, c.Out, data)
}

type agreementProposeCmd struct {
	remote
	File string `arg:"" help:"The version: signed by this party it is a proposal, by both it is in force."`
}

// Help shows how it is used.
func (agreementProposeCmd) Help() string { return "Example:\n\n  parley agreement propose next.note\n" }

// Run puts the version on the line.
func (c *agreementProposeCmd) Run(a *app) error {
	data, err := readFile(a, c.File, agreement.MaxBytes)
	if err != nil {
		return err
	}
	if err := notThatFile(c.File, data, "sign it: parley agreement sign", fileSigned); err != nil {
		return err
	}
	_, ln, err := c.lineDo(a, "agreement", "text/plain", data)
	if err != nil {
		return err
	}
	return c.printLine(a, ln)
}
