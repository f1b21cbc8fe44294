package main

import (
	"net/url"

	"parley/api"
	"parley/catalogue"
	"parley/node/view"
)

type answerCmd struct {
	List    answerListCmd    `cmd:"" help:"List the conflicts of hidden notices that the other party is not told of by itself."`
	Release answerReleaseCmd `cmd:"" help:"Release one: the other party is told that there is a conflict."`
	Refuse  answerRefuseCmd  `cmd:"" help:"Refuse one: the other party is told nothing, not even that."`
}

type answerListCmd struct{ remote }

// Help shows how it is used.
func (answerListCmd) Help() string {
	return `Past the agreement's number of notices in 24 hours, a party that is shown only alerts is answered by an
officer. Where there is danger, do not wait: call.

Example:

  parley answer list
`
}

// Run lists them.
func (c *answerListCmd) Run(a *app) error {
	var out api.AlertAnswers
	if err := c.get(a, "/v1/answers", c.query(), &out); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(a.stdout, out)
	}
	t := a.said
	if len(out.Answers) == 0 {
		return t.say(a, catalogue.Say("list.no-answers"))
	}
	rows := [][]string{{"CONFLICT", "A", "B", t.or("FROM", "start"), "STATE", "BY", "WHY"}}
	for _, x := range out.Answers {
		rows = append(rows, []string{shortID(x.Conflict.ID), x.Conflict.A.Notice, x.Conflict.B.Notice, stamp(x.Conflict.From), t.code("answerstate.", x.Decision.State), orDash(x.Decision.Officer), orDash(x.Decision.Reason)})
	}
	return table(a.stdout, t.table(rows))
}

type answerReleaseCmd struct {
	remote
	ID string `arg:"" help:"The conflict's id, or its first 6 digits or more."`
}

// Help shows how it is used.
func (answerReleaseCmd) Help() string { return "Example:\n\n  parley answer release 3f1c9a\n" }

// Run releases it.
func (c *answerReleaseCmd) Run(a *app) error { return c.decide(a, c.ID, "release", nil) }

type answerRefuseCmd struct {
	remote
	ID     string `arg:"" help:"The conflict's id, or its first 6 digits or more."`
	Reason string `arg:"" help:"Why, for this desk."`
}

// Help shows how it is used.
func (answerRefuseCmd) Help() string {
	return "Example:\n\n  parley answer refuse 3f1c9a \"the 40th area in an hour; called, nobody flies there\"\n"
}

// Run refuses it.
func (c *answerRefuseCmd) Run(a *app) error {
	return c.decide(a, c.ID, "refuse", api.RefuseRequest{Reason: c.Reason})
}

func (r *remote) decide(a *app, id, what string, in any) error {
	if err := checkConflictID(id); err != nil {
		return err
	}
	var out view.AlertAnswer
	if err := r.post(a, "/v1/answers/"+url.PathEscape(id)+"/"+what, r.query(), in, &out); err != nil {
		return err
	}
	if r.JSON {
		return printJSON(a.stdout, out)
	}
	return a.said.say(a, catalogue.Say("done.answer", catalogue.AsCode("conflict", shortID(out.Conflict.ID)), a.said.coded("state", "answerstate.", out.Decision.State), catalogue.ByPeople("officer", out.Decision.Officer)))
}
