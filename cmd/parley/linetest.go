package main

import (
	"fmt"

	"parley/api"
	"parley/catalogue"
	"parley/node/view"
)

// testWords says how a line stands by the tests of people.
func (t tongue) testWords(s view.LineTests, own, peer string) string {
	if s.State == "none" {
		return ""
	}
	state := t.coded("state", "tests.", s.State)
	head := catalogue.Say("linetest.state", state)
	switch s.State {
	case "suspect", "down":
		head = catalogue.Say("linetest.missed", state, catalogue.At("stamp", catalogue.Stamp, s.Since), catalogue.CountOf("count", s.Missed))
	case "untested":
		head = catalogue.Say("linetest.untested", state)
	}
	done := map[bool]string{true: "linetest.done", false: "linetest.owed"}
	slot := catalogue.Say("linetest.slot", catalogue.At("day", catalogue.Minute, s.SlotEnds), catalogue.ByPeople("party", own), catalogue.Word("state", done[s.OwnDone]), catalogue.ByPeople("peer", peer), catalogue.Word("what", done[s.OtherDone]))
	if s.Last == nil {
		return t.Say(catalogue.Join(head, slot))
	}
	return t.Say(catalogue.Join(head, slot, answeredMessage(*s.Last)))
}

func answeredMessage(t view.LineTest) catalogue.Message {
	if t.Answered == nil {
		return catalogue.Say("linetest.not-answered")
	}
	at, took := catalogue.At("stamp", catalogue.Stamp, *t.Answered), catalogue.AsCode("took", tenths(*t.AnsweredS))
	if t.RoundTripS != nil {
		return catalogue.Say("linetest.answered-round", at, took, catalogue.AsCode("round", tenths(*t.RoundTripS)))
	}
	return catalogue.Say("linetest.answered", at, took)
}

func tenths(s float64) string { return fmt.Sprintf("%.1f", s) }

// tenths says a time in seconds with one decimal.
func (t tongue) tenths(s float64) string {
	return t.Say(catalogue.Say("linetest.seconds", catalogue.AsCode("took", tenths(s))))
}

type lineTestCmd struct{ remote }

// Help shows how it is used.
func (lineTestCmd) Help() string {
	return `An officer of the other desk sees a word and says it back. The agreement says how many tests a day
each party owes, twice by default: one in each half of the day, counted from 00:00Z.

Example:

  parley line test
`
}

// Run tests the line.
func (c *lineTestCmd) Run(a *app) error {
	var t view.LineTest
	if err := c.post(a, "/v1/tests", c.query(), nil, &t); err != nil {
		return err
	}
	return c.printTest(a, t)
}

func (r *remote) printTest(a *app, t view.LineTest) error {
	if r.JSON {
		return printJSON(a.stdout, t)
	}
	said := a.said
	state := catalogue.Say("linetest.not-yet", catalogue.AsCode("command", "parley line tests"))
	if t.Answered != nil {
		state = catalogue.Say("linetest.answered-by", catalogue.ByPeople("officer", t.AnsweredBy), catalogue.SayIn("said", answeredMessage(t)))
	}
	return facts(a.stdout, said.facts([][]string{{"test", shortEntry(t.Entry)}, {"by", said.by(t.Party, t.Officer, t.Time)}, {"word", t.Word}, {"answer", said.Say(state)}}))
}

type lineTestAnswerCmd struct {
	remote
	Word string `arg:"" help:"The word that the other desk asks for."`
}

// Help shows how it is used.
func (lineTestAnswerCmd) Help() string {
	return "The word is in the alarm and in parley line tests.\n\nExample:\n\n  parley line test-answer anchor\n"
}

// Run answers.
func (c *lineTestAnswerCmd) Run(a *app) error {
	var t view.LineTest
	if err := c.post(a, "/v1/tests/answer", c.query(), api.TestAnswerRequest{Word: c.Word}, &t); err != nil {
		return err
	}
	return c.printTest(a, t)
}

type lineTestsCmd struct{ remote }

// Help shows how it is used.
func (lineTestsCmd) Help() string { return "Example:\n\n  parley line tests\n" }

// Run lists the tests.
func (c *lineTestsCmd) Run(a *app) error {
	var out api.LineTests
	if err := c.get(a, "/v1/tests", c.query(), &out); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(a.stdout, out)
	}
	if len(out.Tests) == 0 {
		return a.said.say(a, catalogue.Say("list.no-tests"))
	}
	rows := [][]string{{"TEST", "TIME", "BY", "WORD", "ANSWERED BY", "AFTER (TWO CLOCKS)", "ROUND TRIP (OWN CLOCK)"}}
	for _, t := range out.Tests {
		by, after, round := a.said.Word("linetest.nobody"), "-", "-"
		if t.Answered != nil {
			by, after = t.AnsweredBy, a.said.tenths(*t.AnsweredS)
		}
		if t.RoundTripS != nil {
			round = a.said.tenths(*t.RoundTripS)
		}
		rows = append(rows, []string{shortEntry(t.Entry), stamp(t.Time), a.said.commas(t.Party, t.Officer), t.Word, by, after, round})
	}
	return table(a.stdout, a.said.table(rows))
}
