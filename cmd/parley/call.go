package main

import (
	"fmt"

	"parley/api"
	"parley/node/view"
)

type lineCallsCmd struct{ remote }

// Help shows how it is used.
func (lineCallsCmd) Help() string { return "Example:\n\n  parley line calls\n" }

// Run lists calls.
func (c *lineCallsCmd) Run(a *app) error {
	var out api.Calls
	if err := c.get(a, "/v1/calls", c.query(), &out); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(a.stdout, out)
	}
	if len(out.Calls) == 0 {
		return say(a, "no calls")
	}
	rows := [][]string{{"CALL", "TIME", "FROM", "TYPE", "OFFICER", "RECEIVED BY", "ANSWERS", "TEXT"}}
	for _, x := range out.Calls {
		rows = append(rows, []string{shortEntry(x.Entry), stamp(x.Time), x.Party, callType(x), x.Officer, receivedBy(x.Received), fmt.Sprint(len(x.Answers)), x.Text})
	}
	return table(a.stdout, rows)
}

func callType(x view.Call) string {
	if x.Drill {
		return x.Type + " (drill)"
	}
	return x.Type
}

// calling is what every call says.
type calling struct {
	remote
	About    string `help:"The id of the notice or conflict that it is about." placeholder:"ID"`
	Language string `default:"en" help:"The language of the text, a BCP 47 tag."`
	Drill    bool   `help:"As exercise."`
}

func (c *calling) call(a *app, callType, text string) error {
	var x view.Call
	in := api.CallRequest{Type: callType, About: c.About, Text: text, Language: c.Language, Drill: c.Drill}
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
	rows := [][]string{
		{"call", shortEntry(x.Entry)}, {"type", callType(x)}, {"from", x.Party + ", " + x.Officer + " (" + x.Role + "), " + stamp(x.Time)},
		{"about", shortID(shortEntry(x.About))}, {"text", x.Text}, {"delivered", deliveredWords(x.Delivered)}, {"received by", receivedBy(x.Received)},
	}
	for _, s := range x.Answers {
		rows = append(rows, []string{"answer", s.Party + ", " + s.Officer + ", " + stamp(s.Time) + ": " + s.Text})
	}
	return facts(a.stdout, rows)
}

type lineCallCmd struct {
	calling
	Type string `arg:"" enum:"query,concern,hold,distress" help:"One of ${enum}."`
	Text string `arg:"" help:"What and where, in a few words."`
}

// Help shows how it is used.
func (lineCallCmd) Help() string {
	return "Example:\n\n  parley line call query \"give the area and positions\" --about red-3\n"
}

// Run calls.
func (c *lineCallCmd) Run(a *app) error { return c.call(a, c.Type, c.Text) }

type lineHoldCmd struct {
	calling
	Text string `arg:"" help:"What and where, in a few words."`
}

// Help shows how it is used.
func (lineHoldCmd) Help() string {
	return "Example:\n\n  parley line hold \"people of ours on the road at 35.41 N 35.95 E\"\n"
}

// Run calls.
func (c *lineHoldCmd) Run(a *app) error { return c.call(a, "hold", c.Text) }

type lineDistressCmd struct {
	calling
	Text string `arg:"" help:"What and where, in a few words."`
}

// Help shows how it is used.
func (lineDistressCmd) Help() string {
	return `Call the rescue coordination centre first: this is no substitute.

Example:

  parley line distress "aircraft lost at 35.0 N 35.6 E, 15 on board"
`
}

// Run calls.
func (c *lineDistressCmd) Run(a *app) error { return c.call(a, "distress", c.Text) }

type lineAnswerCmd struct {
	remote
	Call     string `arg:"" help:"The call, as parley line calls names it."`
	Text     string `arg:"" help:"The answer."`
	Language string `default:"en" help:"The language of the text, a BCP 47 tag."`
}

// Help shows how it is used.
func (lineAnswerCmd) Help() string {
	return "Example:\n\n  parley line answer '1/b#7' \"stopped at 18:52Z\"\n"
}

// Run answers.
func (c *lineAnswerCmd) Run(a *app) error {
	var x view.Call
	if err := c.post(a, "/v1/calls/answer", c.query(), api.AnswerRequest{Call: c.Call, Text: c.Text, Language: c.Language}, &x); err != nil {
		return err
	}
	return c.printCall(a, x)
}
