package main

import (
	"net/http"
	"strings"
	"time"

	"parley/agreement"
	"parley/catalogue"
	"parley/consent"
	"parley/fault"
	"parley/geo4d"
	"parley/node/view"
)

type consentCmd struct {
	Sign consentSignCmd `cmd:"" help:"As a host: sign that it consents to an agreement, or withdraws that."`
	Put  consentPutCmd  `cmd:"" help:"Put what a host signed on the line."`
	List consentListCmd `cmd:"" help:"Show what each host says."`
}

type consentSignCmd struct {
	where
	Agreement string `arg:"" help:"The agreement, as both parties signed it."`
	Withdraw  bool   `help:"It consents no more, from now on."`
	From      string `help:"From when it consents; by default from now on." placeholder:"TIME"`
	Until     string `help:"Until when; by default until it is withdrawn." placeholder:"TIME"`
	Text      string `help:"What the host adds, in one line."`
	Out       string `short:"o" default:"-" help:"Where to write it." placeholder:"FILE"`
}

// Help shows how it is used.
func (consentSignCmd) Help() string {
	return `The host makes a directory with parley init, and gives both parties its party key for the agreement. The key
signs from this directory or the SSH agent; no node is needed. Read the agreement first: parley agreement
explain. What is signed is for this version of it alone. The file goes to either party.

Examples:

  parley consent sign agreement.txt -o consent.note
  parley consent sign agreement.txt --until 2027-06-01T00:00:00Z -o consent.note
  parley consent sign agreement.txt --withdraw --text 'the exercise is over' -o withdrawn.note
`
}

// Run signs.
func (c *consentSignCmd) Run(a *app) error {
	data, err := readFile(a, c.Agreement, agreement.MaxBytes)
	if err != nil {
		return err
	}
	ag, err := agreement.Open(data)
	if err != nil {
		return err
	}
	if !ag.Signed() {
		return &fault.Error{Code: fault.Mismatch, Field: "agreement", Value: shortID(ag.ID), Rule: "is not signed by both parties", Hint: "have the other party sign it too"}
	}
	h := c.home()
	cfg, err := h.Config()
	if err != nil {
		return err
	}
	host, ok := ag.Terms.Host(cfg.Party)
	if !ok {
		return fault.New("host", cfg.Party, "is no host that this version of the agreement names", "see parley agreement explain")
	}
	says := consent.Consent{Line: ag.LineID(), Agreement: ag.ID, Host: host.Name, HostKey: host.PartyKey, Says: consent.Consents,
		Date: a.now().UTC().Truncate(time.Millisecond), Text: c.Text}
	if says.From, err = moment("from", c.From); err != nil {
		return err
	}
	if says.Until, err = moment("until", c.Until); err != nil {
		return err
	}
	if c.Withdraw {
		says.Says = consent.Withdraws
	} else if c.From == "" {
		says.From = says.Date
	}
	if err := says.Validate(); err != nil {
		return err
	}
	key, err := h.PartyKey(func() ([]byte, error) { return passphrase(a) })
	if err != nil {
		return err
	}
	note, err := consent.Sign(says, key)
	if err != nil {
		return err
	}
	a.note(catalogue.Say("note.consent", catalogue.ByPeople("host", host.Name), catalogue.CountOf("version", ag.Terms.Version), catalogue.Word("what", "consent.word-"+string(says.Says))))
	return output(a, c.Out, note)
}

// moment reads a time, or none.
func moment(field, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := geo4d.ParseTime(text)
	return t.UTC(), fault.In(field, err)
}

type consentPutCmd struct {
	remote
	File string `arg:"" help:"What the host signed."`
}

// Help shows how it is used.
func (consentPutCmd) Help() string {
	return "It counts by the host's signature alone, whichever party puts it there, or both.\n\nExample:\n\n  parley consent put consent.note\n"
}

// Run puts it on the line.
func (c *consentPutCmd) Run(a *app) error {
	note, err := readFile(a, c.File, consent.MaxBytes)
	if err != nil {
		return err
	}
	cl, err := c.open(a)
	if err != nil {
		return err
	}
	var out view.Consent
	if err := cl.do(a.ctx, http.MethodPost, "/v1/consents", c.query(), "text/plain", note, &out); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(a.stdout, out)
	}
	return say(a, out.Standing)
}

type consentListCmd struct{ remote }

// Help shows how it is used.
func (consentListCmd) Help() string { return "Example:\n\n  parley consent list\n" }

// Run lists them.
func (c *consentListCmd) Run(a *app) error {
	var out view.Consents
	if err := c.get(a, "/v1/consents", c.query(), &out); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(a.stdout, out)
	}
	t := a.said
	if len(out.Hosts) == 0 {
		return t.say(a, catalogue.Say("consent.none"))
	}
	for _, h := range out.Hosts {
		if err := say(a, h.Standing); err != nil {
			return err
		}
		for _, w := range h.Words {
			line := t.Say(catalogue.Say("consent.line", catalogue.SayIn("said", catalogue.Say("consent.word-"+w.Says)), catalogue.CountOf("version", w.Version),
				catalogue.At("stamp", catalogue.Stamp, w.Date), catalogue.AsCode("id", shortID(w.ID)), catalogue.AsCode("command", strings.Join(broughtBy(w), ", "))))
			if err := say(a, "  "+line); err != nil {
				return err
			}
			if w.Text != "" {
				if err := say(a, "    "+w.Text); err != nil {
					return err
				}
			}
		}
	}
	for _, x := range out.Flawed {
		if err := t.say(a, catalogue.Say("statement.flawed", catalogue.AsCode("id", shortEntry(x.Entry)), catalogue.ByPeople("party", x.Party), catalogue.At("stamp", catalogue.Stamp, x.Time), catalogue.ByPeople("reason", x.Why))); err != nil {
			return err
		}
	}
	return nil
}

func broughtBy(w view.ConsentWord) []string {
	var out []string
	for _, b := range w.Put {
		out = append(out, shortEntry(b.Entry))
	}
	return out
}

// consentRows says what each host says, for the status of a line.
func (t tongue) consentRows(list []view.Consent) [][]string {
	var out [][]string
	for _, h := range list {
		out = append(out, []string{"host", h.Standing})
	}
	return out
}
