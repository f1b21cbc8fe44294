package main

import (
	"net/url"
	"strings"
	"time"

	"parley/api"
	"parley/catalogue"
	"parley/fault"
	"parley/geo4d"
	"parley/node/view"
	"parley/voice"
)

// talk is who spoke with whom by voice, when and how.
type talk struct {
	At    string `required:"" help:"When you spoke: a time with its offset, or how long ago, 20m." placeholder:"TIME"`
	By    string `help:"The own officer who spoke, where it was not you." placeholder:"NAME"`
	Means string `help:"How: telephone, radio." default:"telephone" placeholder:"WORDS"`
}

func (t talk) read(a *app, other string) (api.Talk, error) {
	at, err := geo4d.ParseTime(t.At)
	if d, wrong := time.ParseDuration(t.At); wrong == nil && d >= 0 {
		at, err = a.now().UTC().Add(-d).Truncate(time.Millisecond), nil
	}
	if err != nil {
		return api.Talk{}, fault.New("at", t.At, "is neither a time with its offset nor how long ago it was", "write 2026-12-01T18:05:00Z, or 20m")
	}
	return api.Talk{At: at, By: t.By, Other: other, Means: t.Means}, nil
}

type voicePassedCmd struct {
	remote
	talk
	Of       string `arg:"" help:"The own notice's id, the number of its NOTAM, or the own call, as parley line calls names it."`
	Numbered int    `help:"The version that was read out; by default the newest." placeholder:"N"`
	To       string `required:"" help:"The officer of the other party who heard it." placeholder:"NAME"`
	ReadBack string `required:"" enum:"same,differs,none" help:"What he read back: ${enum}." placeholder:"WORD"`
	Remark   string `help:"What differed, and how it was settled; or why he does not hold." placeholder:"TEXT"`
	Answer   string `help:"What he said to a call: holding, cannot-hold or continuing to a hold, taken to the rest." placeholder:"WORD"`
}

// Help shows how it is used.
func (voicePassedCmd) Help() string {
	return `File the notice first, or make the call: it waits at the node while the line is down. What you enter here
stands beside the ladder as what your party says; that the other node holds it, and that an officer
there received it, is still owed.

Example:

  parley voice passed blue-7 --at 20m --to "Boris Red" --read-back same
  parley voice passed '1/b#3' --at 1m --to "Boris Red" --read-back same --answer holding
`
}

// Run says that something was passed.
func (c *voicePassedCmd) Run(a *app) error {
	t, err := c.talk.read(a, c.To)
	if err != nil {
		return err
	}
	var out view.Spoken
	in := api.PassedRequest{Of: c.Of, Version: c.Numbered, Talk: t, ReadBack: c.ReadBack, Remark: c.Remark, Answer: c.Answer}
	if err := c.post(a, "/v1/voice/passed", c.query(), in, &out); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(a.stdout, out)
	}
	return printSpoken(a, out)
}

type voiceHeardCmd struct {
	remote
	talk
	File     string `arg:"" optional:"" default:"-" help:"A file with what was read to you, a line for each field and its check group; - for standard input."`
	From     string `help:"The officer of the other party who spoke; by default who the lines say speaks." placeholder:"NAME"`
	Language string `help:"The language of a call's words, a BCP 47 tag; by default the desk's." placeholder:"TAG"`
}

// Help shows how it is used.
func (voiceHeardCmd) Help() string {
	return `What you heard counts at once as the other party's, marked as known only by voice: it is compared with
everything that is live, and alarms. When what they filed comes over the line, it takes the place of
what was heard; where the two differ, both desks are alarmed.

Example:

  parley voice heard --at 2026-12-01T18:05:00Z --from "Ana Blue" <<END
  kind: flight, air, crewed
  notice: blue-7
  version: 1
  position 1: 35 24.600 N 035 57.000 E, check whiskey papa lima
  radius: 9260 m, check DUQ
  lower: 0 m AMSL
  upper: FL240
  from: day 15, time 1800 ZULU
  until: day 15, time 1930 ZULU
  END
`
}

// Run enters what was heard.
func (c *voiceHeardCmd) Run(a *app) error {
	t, err := c.talk.read(a, c.From)
	if err != nil {
		return err
	}
	text, err := readFile(a, c.File, voice.MaxReadBackBytes)
	if err != nil {
		return err
	}
	var out view.HeardNow
	if err := c.post(a, "/v1/voice/heard", c.query(), api.HeardRequest{Talk: t, Text: string(text), Language: c.Language}, &out); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(a.stdout, out)
	}
	if err := printSpoken(a, out.Spoken); err != nil {
		return err
	}
	t2 := a.said
	if out.Notice != nil {
		for _, x := range out.Conflicts {
			t2.under(a, conflictWith(x, out.Notice.Party))
		}
		if len(out.Conflicts) == 0 {
			t2.noConflict(a, out.Compared)
		}
	}
	return nil
}

type voiceListCmd struct {
	remote
	Open bool `help:"Only what was heard and is not settled."`
}

// Help shows how it is used.
func (voiceListCmd) Help() string { return "Example:\n\n  parley voice list --open\n" }

// Run lists what was passed and heard.
func (c *voiceListCmd) Run(a *app) error {
	q := c.query()
	if c.Open {
		q = c.query("open", "true")
	}
	var out api.Spoken
	if err := c.get(a, "/v1/voice", q, &out); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(a.stdout, out)
	}
	t := a.said
	if len(out.Spoken) == 0 {
		return t.say(a, catalogue.Say("list.nothing-spoken"))
	}
	rows := [][]string{{"ENTRY", "AT", "PARTY", "WAY", "WHAT", "BY", "WITH", "STATE"}}
	for _, s := range out.Spoken {
		rows = append(rows, []string{shortEntry(s.Entry), stamp(s.At), s.Party, t.code("way.", s.Way), t.spokenWhat(s), s.By, s.Other, t.spokenState(s)})
	}
	return table(a.stdout, t.table(rows))
}

type voiceCloseCmd struct {
	remote
	Heard  string `arg:"" help:"The entry, as parley voice list names it, or the id of the notice as which it is held."`
	Reason string `required:"" help:"How it was settled and with whom, or that it was entered in error." placeholder:"TEXT"`
}

// Help shows how it is used.
func (voiceCloseCmd) Help() string {
	return `Of what your own desk heard. What is known by voice alone then no longer counts; of what differs from what
the other party filed the alarms end.

Example:

  parley voice close '1/b#9' --reason "Ana Blue: the flight was put off, it is not filed"
`
}

// Run closes it.
func (c *voiceCloseCmd) Run(a *app) error {
	var out view.Spoken
	if err := c.post(a, "/v1/voice/close", c.query(), api.CloseRequest{Heard: c.Heard, Reason: c.Reason}, &out); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(a.stdout, out)
	}
	return printSpoken(a, out)
}

// spokenWhat names what was passed or heard.
func (t tongue) spokenWhat(s view.Spoken) string {
	drill := ""
	if s.Drill {
		drill = t.Word("way.drill") + " "
	}
	switch {
	case s.Type != "":
		return drill + strings.TrimSpace(t.code("call.", s.Type)+" "+shortEntry(s.Call))
	case s.Notice == "":
		return drill + t.Word("way.no-id")
	}
	return drill + t.Say(catalogue.Say("way.notice", catalogue.ByPeople("notice", s.Notice), catalogue.CountOf("version", s.Version)))
}

func (t tongue) spokenState(s view.Spoken) string {
	back := catalogue.Say("way.read-back", catalogue.ByPeople("text", strings.TrimSpace(t.code("readback.", s.ReadBack)+" "+s.Remark)))
	switch {
	case s.Way == view.Passed && s.Answer != "":
		return t.Say(catalogue.Join(catalogue.Say("way.answered", t.coded("said", "answer.", s.Answer)), back))
	case s.Way == view.Passed:
		return t.Say(back)
	case s.State == view.HeardUnmatched:
		return t.Say(catalogue.Say("way.unmatched", catalogue.AsCode("id", shortEntry(s.HeldAs))))
	case s.State == view.HeardClosed:
		return t.Say(catalogue.Say("way.closed", catalogue.ByPeople("reason", s.Closed.Reason)))
	}
	return t.code("heard.", s.State) + t.Word("list.colon") + shortEntry(s.Of)
}

func printSpoken(a *app, s view.Spoken) error {
	t := a.said
	rows := [][]string{
		{t.Word(map[string]string{view.Passed: "rung.passed-by-voice", view.Heard: "rung.heard-by-voice"}[s.Way]), t.spokenWhat(s)}, {"of", t.Say(catalogue.Say("way.talk", catalogue.ByPeople("party", s.Party), catalogue.ByPeople("by", s.By), catalogue.ByPeople("to", s.Other), catalogue.ByPeople("text", s.Means)))},
		{"at", stamp(s.At)}, {"entered", t.Say(catalogue.Say("way.entered", catalogue.ByPeople("officer", s.Officer), t.coded("role", "role.", s.Role), catalogue.At("stamp", catalogue.Stamp, s.Entered)))}, {"entry", shortEntry(s.Entry)}, {"state", t.spokenState(s)},
	}
	for _, line := range s.Echo {
		rows = append(rows, []string{"place", line})
	}
	for _, d := range s.Differences {
		rows = append(rows, []string{"differs", d.Text})
	}
	return facts(a.stdout, t.facts(rows))
}

type linePageCmd struct {
	remote
	readOut
	Call string `arg:"" help:"The call, as parley line calls names it, or an answer to one."`
}

// Help shows how it is used.
func (linePageCmd) Help() string {
	return `The page that one officer reads to the other by telephone when the line is down.

Example:

  parley line page '1/b#3' --second-channel +15550100
`
}

// Run prints the page of a call that the node holds.
func (c *linePageCmd) Run(a *app) error {
	q := url.Values{"entry": {c.Call}, "format": {"json"}}
	for name, v := range map[string]string{"line": c.Line, "officer": c.Officer, "second_channel": c.SecondChannel} {
		if v != "" {
			q.Set(name, v)
		}
	}
	var p voice.Page
	if err := c.get(a, "/v1/voice/page", q, &p); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(a.stdout, p)
	}
	return c.readOut.print(a, c.Lang, p)
}

// filedWhen says by whose clock a notice was filed, or when it was heard.
