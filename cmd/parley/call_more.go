package main

import (
	"strconv"
	"strings"

	"parley/api"
	"parley/catalogue"
	"parley/node/view"
)

// inCall sends what follows a call and prints the call as it then stands.
func (r *remote) inCall(a *app, path string, in any) error {
	var x view.Call
	if err := r.post(a, path, r.query(), in, &x); err != nil {
		return err
	}
	return r.printCall(a, x)
}

type lineAnswerCmd struct {
	remote
	worded
	Call string `arg:"" help:"The call, as parley line calls names it."`
	Text string `arg:"" optional:"" help:"The answer; with cannot-hold and continuing, the reason. Not needed with --phrase."`
	Word string `enum:",holding,cannot-hold,continuing" default:"" help:"Of the answer to a hold: holding, cannot-hold or continuing. A phrase may say it." placeholder:"WORD"`
}

// Help shows how it is used.
func (lineAnswerCmd) Help() string {
	return `Examples:

  parley line answer '1/b#7' "it is ours, over the sea"
  parley line answer '1/b#9' --word holding
  parley line answer '1/b#9' --word cannot-hold "the unit does not answer"
`
}

// Run answers.
func (c *lineAnswerCmd) Run(a *app) error {
	return c.inCall(a, "/v1/calls/answer", api.AnswerRequest{Call: c.Call, Word: c.Word, Words: c.words(c.Text)})
}

type lineTakeCmd struct {
	remote
	Call   string `arg:"" help:"The call, as parley line calls names it."`
	Remark string `help:"A few words." placeholder:"TEXT"`
}

// Help shows how it is used.
func (lineTakeCmd) Help() string {
	return "The others at the desk then see who took it. A hold must still be answered.\n\nExample:\n\n  parley line take '1/b#7'\n"
}

// Run takes a call.
func (c *lineTakeCmd) Run(a *app) error {
	var out api.EntryAnswer
	if err := c.post(a, "/v1/receive", c.query(), api.ReceiveRequest{ID: c.Call, Remark: c.Remark}, &out); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(a.stdout, out)
	}
	return a.said.say(a, catalogue.Say("done.taken", catalogue.AsCode("id", shortEntry(out.Entry))))
}

type lineReviewCmd struct {
	remote
	worded
	Call string `arg:"" help:"The own hold, as parley line calls names it."`
	When string `arg:"" help:"The new review time: a duration, or a time with its offset."`
	Text string `arg:"" optional:"" help:"Why, in a few words."`
}

// Help shows how it is used.
func (lineReviewCmd) Help() string {
	return "Example:\n\n  parley line review '1/a#4' 45m \"the search goes on\"\n"
}

// Run moves a review.
func (c *lineReviewCmd) Run(a *app) error {
	at, err := a.when("when", c.When)
	if err != nil {
		return err
	}
	return c.inCall(a, "/v1/calls/review", api.ReviewRequest{Call: c.Call, Review: at, Words: c.words(c.Text)})
}

type lineLiftCmd struct {
	remote
	worded
	Call string `arg:"" help:"The own hold, as parley line calls names it."`
	Text string `arg:"" optional:"" help:"Why, in a few words."`
}

// Help shows how it is used.
func (lineLiftCmd) Help() string {
	return "Only this ends a hold: neither silence nor its review time does.\n\nExample:\n\n  parley line lift '1/a#4' \"they have left the road\"\n"
}

// Run lifts a hold.
func (c *lineLiftCmd) Run(a *app) error {
	return c.inCall(a, "/v1/calls/lift", api.EndRequest{Call: c.Call, Words: c.words(c.Text)})
}

type lineEndCmd struct {
	remote
	worded
	Call string `arg:"" help:"The own query, concern or distress call, as parley line calls names it."`
	Text string `arg:"" optional:"" help:"How it ended, in a few words."`
}

// Help shows how it is used.
func (lineEndCmd) Help() string {
	return "Example:\n\n  parley line end '1/a#6' \"all 15 found\"\n"
}

// Run ends a call.
func (c *lineEndCmd) Run(a *app) error {
	return c.inCall(a, "/v1/calls/end", api.EndRequest{Call: c.Call, Words: c.words(c.Text)})
}

type lineTranslateCmd struct {
	remote
	Entry string `arg:"" help:"The entry of a call, an answer, a review or an end: parley line calls --json."`
	To    string `required:"" help:"The language of the translation, a BCP 47 tag." placeholder:"TAG"`
	Text  string `arg:"" help:"The translation."`
}

// Help shows how it is used.
func (lineTranslateCmd) Help() string {
	return "The original stays the text that counts; your name stands with the translation.\n\nExample:\n\n  parley line translate '1/a#4' --to en \"our people are on the road\"\n"
}

// Run translates.
func (c *lineTranslateCmd) Run(a *app) error {
	return c.inCall(a, "/v1/calls/translate", api.TranslateRequest{Entry: c.Entry, Language: c.To, Text: c.Text})
}

type linePhrasesCmd struct {
	remote
	In string `help:"The language, a BCP 47 tag; English where there is no catalogue of it." placeholder:"TAG"`
}

// Help shows how it is used.
func (linePhrasesCmd) Help() string { return "Example:\n\n  parley line phrases --in en\n" }

// Run lists the phrases.
func (c *linePhrasesCmd) Run(a *app) error {
	var out api.Phrases
	q := map[string][]string{}
	if c.In != "" {
		q["language"] = []string{c.In}
	}
	if err := c.get(a, "/v1/phrases", q, &out); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(a.stdout, out)
	}
	t := a.said
	rows := [][]string{{"NUMBER", "FOR", "TEXT", "LANGUAGE", "REVIEWED BY A SPEAKER"}}
	for _, p := range out.Phrases {
		var uses []string
		for _, u := range p.Uses {
			uses = append(uses, t.code("phraseuse.", string(u)))
		}
		rows = append(rows, []string{strconv.Itoa(p.Number), strings.Join(uses, t.Word("list.comma")), p.Text, p.Language, t.yes(p.Reviewed)})
	}
	return table(a.stdout, t.table(rows))
}
