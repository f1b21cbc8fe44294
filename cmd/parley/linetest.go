package main

import (
	"fmt"

	"parley/api"
	"parley/node/view"
)

// testWords says how a line stands by the tests of people.
func testWords(t view.LineTests, own, peer string) string {
	if t.State == "none" {
		return ""
	}
	text := t.State
	switch t.State {
	case "suspect", "down":
		text += fmt.Sprintf(" (people) since %s: %s missed", stamp(t.Since), count(t.Missed, "test"))
	case "untested":
		text += ": no test was answered yet"
	}
	done := map[bool]string{true: "done", false: "owed"}
	text += fmt.Sprintf("; before %s: %s %s, %s %s", brief(t.SlotEnds), own, done[t.OwnDone], peer, done[t.OtherDone])
	if t.Last != nil {
		text += "; " + answeredWords(*t.Last)
	}
	return text
}

func answeredWords(t view.LineTest) string {
	if t.Answered == nil {
		return "not answered"
	}
	text := fmt.Sprintf("last answered at %s, %s from clock to clock", stamp(*t.Answered), tenths(*t.AnsweredS))
	if t.RoundTripS != nil {
		text += fmt.Sprintf(", %s there and back by the own clock", tenths(*t.RoundTripS))
	}
	return text
}

func tenths(s float64) string { return fmt.Sprintf("%.1f s", s) }

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
	state := "not answered yet; see parley line tests"
	if t.Answered != nil {
		state = t.AnsweredBy + ", " + answeredWords(t)
	}
	return facts(a.stdout, [][]string{{"test", shortEntry(t.Entry)}, {"by", t.Party + ", " + t.Officer + ", " + stamp(t.Time)}, {"word", t.Word}, {"answer", state}})
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
		return say(a, "no test of the line yet")
	}
	rows := [][]string{{"TEST", "TIME", "BY", "WORD", "ANSWERED BY", "AFTER (TWO CLOCKS)", "ROUND TRIP (OWN CLOCK)"}}
	for _, t := range out.Tests {
		by, after, round := "nobody yet", "-", "-"
		if t.Answered != nil {
			by, after = t.AnsweredBy, tenths(*t.AnsweredS)
		}
		if t.RoundTripS != nil {
			round = tenths(*t.RoundTripS)
		}
		rows = append(rows, []string{shortEntry(t.Entry), stamp(t.Time), t.Party + ", " + t.Officer, t.Word, by, after, round})
	}
	return table(a.stdout, rows)
}
