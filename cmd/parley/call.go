package main

import (
	"fmt"
	"time"

	"parley/api"
	"parley/catalogue"
	"parley/fault"
	"parley/geo4d"
	"parley/node/view"
)

type lineCallsCmd struct {
	remote
	Open bool `help:"Only those that are not over."`
	picture
}

// Help shows how it is used.
func (lineCallsCmd) Help() string { return "Example:\n\n  parley line calls --open\n" }

// Run lists calls.
func (c *lineCallsCmd) Run(a *app) error {
	var out api.Calls
	if err := c.get(a, "/v1/calls", c.remote.query("picture", c.picture.query()), &out); err != nil {
		return err
	}
	if c.Open {
		kept := []view.Call{}
		for _, x := range out.Calls {
			if x.Lifted == nil && x.Ended == nil {
				kept = append(kept, x)
			}
		}
		out.Calls = kept
	}
	if c.JSON {
		return printJSON(a.stdout, out)
	}
	t := a.said
	if len(out.Calls) == 0 {
		return say(a, t.Word("list.no-calls"))
	}
	rows := [][]string{{"CALL", "TIME", "FROM", "TYPE", "STATE", "DUE", "OFFICER", "RECEIVED BY", "ANSWERS", "TEXT"}}
	for _, x := range out.Calls {
		rows = append(rows, []string{shortEntry(x.Entry), stamp(x.Time), x.Party, t.callType(x), t.callState(x.State), t.callDue(x), x.Officer, receivedBy(x.Received), fmt.Sprint(len(x.Answers)), t.exercised(t.spokenAs(x.Speech), x.Exercise)})
	}
	return table(a.stdout, t.table(rows))
}

// callDue says by when something is owed, and where it has gone where it was not done.

// spokenAs is what was said, a phrase in this desk's language with the original beside it.

// worded is what may be said in words or as a phrase.
type worded struct {
	Phrase   int    `help:"The number of a pre-agreed phrase: parley line phrases." placeholder:"N"`
	Language string `help:"The language of the text, a BCP 47 tag: en where there is a text." placeholder:"TAG"`

	Translation         string `help:"The text in another language, as the interpreter gives it." placeholder:"TEXT"`
	TranslationLanguage string `help:"The language of the translation." placeholder:"TAG"`
	Translator          string `help:"Who translated it." placeholder:"NAME"`
}

func (w *worded) words(text string) api.Words {
	out := api.Words{Phrase: w.Phrase, Text: text, Language: w.Language}
	if text != "" && out.Language == "" {
		out.Language = "en"
	}
	if w.Translation != "" || w.TranslationLanguage != "" || w.Translator != "" {
		out.Translation = &api.Translation{Language: w.TranslationLanguage, Text: w.Translation, Translator: w.Translator}
	}
	return out
}

// calling is what every call says.
type calling struct {
	remote
	worded
	About string `help:"The id of the notice or conflict that it is about." placeholder:"ID"`
	Drill bool   `help:"As exercise."`
}

func (c *calling) call(a *app, in api.CallRequest, text string) error {
	var x view.Call
	in.About, in.Words, in.Drill = c.About, c.words(text), c.Drill
	if err := c.post(a, "/v1/calls", c.query(), in, &x); err != nil {
		return err
	}
	c.awaitCall(a, &x)
	return c.printCall(a, x)
}

func (r *remote) printCall(a *app, x view.Call) error {
	if r.JSON {
		return printJSON(a.stdout, x)
	}
	t := a.said
	exercise := func(x view.Call, text string) string { return t.exercised(text, x.Exercise) }
	rows := [][]string{
		{"call", shortEntry(x.Entry)}, {"type", t.callType(x)}, {"from", t.Say(catalogue.Say("show.caller", catalogue.ByPeople("party", x.Party), catalogue.ByPeople("officer", x.Officer), t.coded("role", "role.", x.Role), catalogue.At("stamp", catalogue.Stamp, x.Time)))},
		{"about", shortID(shortEntry(x.About))}, {"text", exercise(x, t.spokenAs(x.Speech))},
	}
	rows = append(rows, translations(x.Speech)...)
	if x.Position != nil {
		rows = append(rows, []string{"position", geo4d.FormatDMS(geo4d.Position{LonDeg: x.Position[0], LatDeg: x.Position[1]}) + "; " + x.Place})
	}
	if !x.LastSeen.IsZero() {
		rows = append(rows, []string{"last seen", stamp(x.LastSeen)})
	}
	if x.Persons > 0 {
		rows = append(rows, []string{"persons", fmt.Sprint(x.Persons)})
	}
	rows = append(rows, [][]string{{"nature", x.Nature}, {"state", t.callState(x.State)}, {"due", t.callDue(x)}, {"delivered", t.deliveredWords(x.Delivered)}, {"received by", receivedBy(x.Received)}}...)
	for _, s := range x.Answers {
		word := ""
		if s.Word != "" {
			word = t.code("answer.", s.Word) + ": "
		}
		rows = append(rows, []string{"answer", t.by(s.Party, s.Officer, s.Time) + ": " + exercise(x, word+t.spokenAs(s.Speech))})
		rows = append(rows, translations(s.Speech)...)
	}
	if x.Lifted != nil {
		rows = append(rows, []string{"lifted", t.commas(x.Lifted.Officer, stamp(x.Lifted.Time)) + ": " + exercise(x, t.spokenAs(x.Lifted.Speech))})
	}
	if x.Ended != nil {
		rows = append(rows, []string{"ended", t.commas(x.Ended.Officer, stamp(x.Ended.Time)) + ": " + exercise(x, t.spokenAs(x.Ended.Speech))})
	}
	return facts(a.stdout, t.facts(rows))
}

func translations(s view.Speech) (rows [][]string) {
	for _, t := range s.Translations {
		rows = append(rows, []string{"translation", t.Language + ", " + t.Translator + ": " + t.Text})
	}
	return rows
}

type lineCallCmd struct {
	calling
	Type string `arg:"" enum:"query,concern" help:"One of ${enum}."`
	Text string `arg:"" optional:"" help:"What and where, in a few words; not needed with --phrase."`
}

// Help shows how it is used.
func (lineCallCmd) Help() string {
	return "Examples:\n\n  parley line call query \"give the area and positions\" --about red-3\n  parley line call query --phrase 10 --about red-3\n"
}

// Run calls.
func (c *lineCallCmd) Run(a *app) error { return c.call(a, api.CallRequest{Type: c.Type}, c.Text) }

type lineHoldCmd struct {
	calling
	Review string `help:"When it is looked at again: a duration, or a time with its offset. Without it, in 30 minutes. A hold that is then neither lifted nor given a new time lapses: it stands, and both sides are alarmed." placeholder:"WHEN"`
	Text   string `arg:"" optional:"" help:"What and where, in a few words; not needed with --phrase."`
}

// Help shows how it is used.
func (lineHoldCmd) Help() string {
	return `The other side answers holding, cannot-hold or continuing within 2 minutes; else both sides are alarmed.

Examples:

  parley line hold "people of ours on the road at 35.41 N 35.95 E"
  parley line hold --phrase 2 --about red-3 --review 15m
`
}

// Run calls.
func (c *lineHoldCmd) Run(a *app) error {
	in := api.CallRequest{Type: "hold"}
	if c.Review != "" {
		var err error
		if in.Review, err = a.when("review", c.Review); err != nil {
			return err
		}
	}
	return c.call(a, in, c.Text)
}

// when reads a time with its offset, or a duration from now.
func (a *app) when(field, text string) (time.Time, error) {
	if d, err := time.ParseDuration(text); err == nil && d > 0 {
		return a.now().UTC().Add(d).Truncate(time.Millisecond), nil
	}
	t, err := geo4d.ParseTime(text)
	if err != nil {
		return t, fault.New(field, text, "is neither a duration nor a time with its offset", "write 15m, or 2026-12-01T03:30:00Z")
	}
	return t, nil
}

type lineDistressCmd struct {
	calling
	Position string `help:"Where, latitude first, with N or S and E or W." placeholder:"POSITION"`
	LastSeen string `help:"When last seen: a time with its offset." placeholder:"TIME"`
	Persons  int    `help:"How many persons, where it is known." placeholder:"N"`
	Nature   string `help:"What happened, in a few words." placeholder:"TEXT"`
	Text     string `arg:"" optional:"" help:"What and where, in a few words; not needed with --phrase."`
}

// Help shows how it is used.
func (lineDistressCmd) Help() string {
	return `Call the rescue coordination centre first: this is no substitute.

Example:

  parley line distress "help with the search" --position "35.0 N 35.6 E" --last-seen 2026-12-01T19:07:00Z --persons 15 --nature "aircraft lost from radar"
`
}

// Run calls.
func (c *lineDistressCmd) Run(a *app) error {
	in := api.CallRequest{Type: "distress", Persons: c.Persons, Nature: c.Nature}
	if c.Position != "" {
		p, err := geo4d.ParsePosition(c.Position)
		if err != nil {
			return fault.In("position", err)
		}
		in.Position = &[2]float64{p.LonDeg, p.LatDeg}
	}
	if c.LastSeen != "" {
		t, err := geo4d.ParseTime(c.LastSeen)
		if err != nil {
			return fault.In("last-seen", err)
		}
		in.LastSeen = t
	}
	return c.call(a, in, c.Text)
}
