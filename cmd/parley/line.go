package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json"

	"parley/api"
	"parley/catalogue"
	"parley/fault"
	"parley/node/view"
)

type lineCmd struct {
	List        lineListCmd        `cmd:"" help:"List the lines."`
	Status      lineStatusCmd      `cmd:"" help:"Show how a line stands."`
	Calls       lineCallsCmd       `cmd:"" help:"List the calls between the desks."`
	Call        lineCallCmd        `cmd:"" help:"Call the other desk: query or concern."`
	Hold        lineHoldCmd        `cmd:"" help:"Ask the other side to stop and call. Goes ahead of everything."`
	Distress    lineDistressCmd    `cmd:"" help:"Tell of people in distress: call the rescue coordination centre first. Goes ahead of everything."`
	Take        lineTakeCmd        `cmd:"" help:"Take a call: say that you, an officer, have it."`
	Answer      lineAnswerCmd      `cmd:"" help:"Answer a call."`
	Review      lineReviewCmd      `cmd:"" help:"Give an own hold a new review time."`
	Lift        lineLiftCmd        `cmd:"" help:"Lift an own hold."`
	End         lineEndCmd         `cmd:"" help:"Say that an own query, concern or distress call is over."`
	Translate   lineTranslateCmd   `cmd:"" help:"Add your translation to what was said in a call."`
	Page        linePageCmd        `cmd:"" help:"Print a call, or an answer, on a page to read out by telephone."`
	Phrases     linePhrasesCmd     `cmd:"" help:"List the pre-agreed phrases by number."`
	Test        lineTestCmd        `cmd:"" help:"Test the line: an officer of the other desk says a word back."`
	TestAnswer  lineTestAnswerCmd  `cmd:"" help:"Say the word of the other desk's test back."`
	Tests       lineTestsCmd       `cmd:"" help:"List the tests of the line by people."`
	Suspend     lineSuspendCmd     `cmd:"" help:"Declare the line suspended."`
	Resume      lineResumeCmd      `cmd:"" help:"Take the own declaration back."`
	Alarms      lineAlarmsCmd      `cmd:"" help:"List what a person must look at now."`
	Ack         lineAckCmd         `cmd:"" help:"Say that you saw an alarm."`
	Watch       lineWatchCmd       `cmd:"" help:"Show what happens, as it happens."`
	NextEpoch   lineNextEpochCmd   `cmd:"" help:"Open the next epoch after a fork or a breach closed one."`
	NotRestored lineNotRestoredCmd `cmd:"" help:"Say that this node's store is the one that last ran."`
}

type lineListCmd struct{ remote }

// Help shows how it is used.
func (lineListCmd) Help() string { return "Example:\n\n  parley line list\n" }

// Run lists lines.
func (c *lineListCmd) Run(a *app) error {
	var out api.Lines
	if err := c.get(a, "/v1/lines", nil, &out); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(a.stdout, out)
	}
	t := a.said
	rows := [][]string{{"LINE", "PEER", "STATE", "SINCE", "LAST EXCHANGE", "UNDELIVERED"}}
	for _, ln := range out.Lines {
		rows = append(rows, []string{shortID(ln.ID), ln.Peer, t.lineState(ln), stamp(ln.Since), stamp(ln.LastExchange), strconv.FormatInt(ln.Undelivered, 10)})
	}
	return table(a.stdout, t.table(rows))
}

// lineState says how the link stands and, beside it, how the line stands by the tests of people.

type lineStatusCmd struct {
	remote
	Up bool `help:"With --wait: until the line is up and the node may file."`
}

// Help shows how it is used.
func (lineStatusCmd) Help() string { return "Example:\n\n  parley line status --up --wait 10s\n" }

// Run shows the line.
func (c *lineStatusCmd) Run(a *app) error {
	deadline := a.now().Add(c.Wait)
	cl, err := c.open(a)
	if err != nil {
		return err
	}
	for {
		ln, err := c.theLine(a, cl)
		if err != nil {
			return err
		}
		up := ln.State == "up" && ln.Confirmed
		if !c.Up || up {
			return c.printLine(a, ln)
		}
		if !a.now().Before(deadline) {
			return errors.Join(c.printLine(a, ln), exitUnavail)
		}
		tick, stop := a.clock.Timer(waitBetween)
		select {
		case <-tick:
		case <-a.ctx.Done():
			stop()
			return context.Cause(a.ctx)
		}
	}
}

func (r *remote) printLine(a *app, ln view.Line) error {
	if r.JSON {
		return printJSON(a.stdout, ln)
	}
	t := a.said
	rows := [][]string{
		{"line", ln.ID}, {"parties", t.Say(catalogue.Say("status.parties", catalogue.ByPeople("party", ln.Party), catalogue.AsCode("side", ln.Side), catalogue.ByPeople("peer", ln.Peer)))},
		{"state", t.stateSince(ln)}, {t.of("desk", ln.Peer), t.deskState(ln.PeerDesk)},
		{"own desk", t.deskState(ln.OwnDesk)}, {"tests by people", t.testWords(ln.Tests, ln.Party, ln.Peer)},
		{"agreement", t.agreement(ln)},
		{"last exchange", stamp(ln.LastExchange)}, {t.of("last filed", ln.Peer), stamp(ln.PeerLastFiled)},
		{t.of("clock", ln.Peer), t.offset(ln.ClockOffsetMS)},
		{"transcripts", t.Say(catalogue.Say("status.transcripts", catalogue.CountOf("nr", int(ln.Epoch)), catalogue.CountOf("own", int(ln.OwnSize)), catalogue.CountOf("others", int(ln.PeerSize)),
			catalogue.ByPeople("peer", ln.Peer), catalogue.CountOf("count", int(ln.Undelivered))))},
	}
	if !ln.Confirmed {
		rows = append(rows, []string{"files nothing yet", t.Say(catalogue.Say("status.files-nothing", catalogue.ByPeople("peer", ln.Peer), catalogue.AsCode("command", "parley line not-restored")))})
	}
	if ln.EpochClosed != "" {
		rows = append(rows, []string{"epoch closed", ln.EpochClosed})
	}
	for _, d := range ln.Suspended {
		rows = append(rows, []string{"suspended by", t.Say(catalogue.Say("status.suspended", catalogue.ByPeople("party", d.Party), catalogue.ByPeople("officer", d.Officer), catalogue.At("stamp", catalogue.Stamp, d.Time), catalogue.ByPeople("reason", d.Reason)))})
	}
	rows = append(rows, t.witnessRows(ln)...)
	rows = append(rows, t.consentRows(ln.Consents)...)
	rows = append(rows, t.keyChangeRows(ln.KeyChanges)...)
	for _, r := range ln.Releases {
		rows = append(rows, []string{t.Say(catalogue.Say("row.release", catalogue.AsCode("id", r.ID))), t.Say(catalogue.Say("status.release", catalogue.At("stamp", catalogue.Stamp, r.Expires), catalogue.ByPeople("text", r.Text)))})
	}
	for _, s := range ln.Statements {
		rows = append(rows, []string{"statement", t.statementWaits(s)})
	}
	compared := []view.Compared{ln.Compared}
	if !ln.ExerciseUntil.IsZero() {
		rows = append(rows, []string{"exercise", t.exercised(t.until(ln.ExerciseUntil), true)})
		compared = append(compared, ln.ExerciseCompared)
	}
	if err := facts(a.stdout, t.facts(rows)); err != nil {
		return err
	}
	return printCompared(a, compared)
}

func (t tongue) offset(ms *float64) string {
	if ms == nil {
		return t.Word("status.not-measured")
	}
	return t.Say(catalogue.Say("status.milliseconds", catalogue.AsCode("offset", fmt.Sprintf("%+.0f", *ms))))
}

// reasoned is a command about a line that gives a reason.
type reasoned struct {
	remote
	Reason string `required:"" help:"Why: it goes on the record, and the other party reads it."`
}

func (c *reasoned) declare(a *app, what string) error {
	body, err := json.Marshal(api.ReasonRequest{Reason: c.Reason})
	if err != nil {
		return fault.Wrap(fault.Internal, "request", err)
	}
	was, ln, err := c.lineDo(a, what, "application/json", body)
	if err != nil {
		return err
	}
	if what == "resume" && !suspendedBy(was, was.Party) {
		words := catalogue.Say("nothing.resume", catalogue.ByPeople("party", was.Party))
		if suspendedBy(was, was.Peer) {
			words = catalogue.Say("nothing.resume-peer", catalogue.ByPeople("party", was.Party), catalogue.ByPeople("peer", was.Peer))
		}
		if err := c.nothing(a, words); err != nil {
			return err
		}
	}
	return c.printLine(a, ln)
}

func suspendedBy(ln view.Line, party string) bool {
	return slices.ContainsFunc(ln.Suspended, func(d view.Declared) bool { return d.Party == party })
}

// nothing says that a command had nothing to do: for programs on standard error.
func (r *remote) nothing(a *app, words catalogue.Message) error {
	w := a.stdout
	if r.JSON {
		w = a.stderr
	}
	_, err := fmt.Fprintln(w, plain(a.said.Say(words)))
	return fault.Wrap(fault.Unavailable, "print", err)
}

type lineSuspendCmd struct{ reasoned }

// Help shows how it is used.
func (lineSuspendCmd) Help() string {
	return "Heartbeats go on and hold and distress pass; the rest waits.\n\nExample:\n\n  parley line suspend --reason \"by order of the ministry\"\n"
}

// Run declares it.
func (c *lineSuspendCmd) Run(a *app) error { return c.declare(a, "suspend") }

type lineResumeCmd struct{ reasoned }

// Help shows how it is used.
func (lineResumeCmd) Help() string {
	return "Example:\n\n  parley line resume --reason \"order withdrawn\"\n"
}

// Run takes it back.
func (c *lineResumeCmd) Run(a *app) error { return c.declare(a, "resume") }

type lineNextEpochCmd struct{ remote }

// Help shows how it is used.
func (lineNextEpochCmd) Help() string {
	return "Export and verify both copies first. The first entry of the new epoch names the old heads.\n\nExample:\n\n  parley line next-epoch\n"
}

// Run opens it.
func (c *lineNextEpochCmd) Run(a *app) error {
	was, ln, err := c.lineDo(a, "next-epoch", "", nil)
	if err != nil {
		return err
	}
	if was.EpochClosed == "" && ln.Epoch == was.Epoch {
		if err := c.nothing(a, catalogue.Say("nothing.next-epoch", catalogue.CountOf("nr", int(ln.Epoch)))); err != nil {
			return err
		}
	}
	return c.printLine(a, ln)
}

type lineNotRestoredCmd struct{ remote }

// Help shows how it is used.
func (lineNotRestoredCmd) Help() string {
	return "Say this only when you know that no backup or snapshot was put back and no disk replaced.\n\nExample:\n\n  parley line not-restored\n"
}

// Run says it.
func (c *lineNotRestoredCmd) Run(a *app) error {
	was, ln, err := c.lineDo(a, "not-restored", "", nil)
	if err != nil {
		return err
	}
	if was.Confirmed {
		if err := c.nothing(a, catalogue.Say("nothing.not-restored")); err != nil {
			return err
		}
	}
	return c.printLine(a, ln)
}

type lineAlarmsCmd struct {
	remote
	picture
	Over  bool `xor:"which" help:"Those that are over, of the last seven days."`
	False bool `xor:"which" help:"All that officers of this desk marked as false."`
}

// Help shows how it is used.
func (lineAlarmsCmd) Help() string {
	return "Examples:\n\n  parley line alarms\n  parley line alarms --over\n"
}

// Run lists alarms.
func (c *lineAlarmsCmd) Run(a *app) error {
	if c.Over || c.False {
		return c.had(a)
	}
	var out api.Alarms
	if err := c.get(a, "/v1/alarms", c.remote.query("picture", c.picture.query()), &out); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(a.stdout, out)
	}
	t := a.said
	if len(out.Alarms) == 0 {
		return say(a, t.Word("list.no-alarms"))
	}
	rows := [][]string{{"LEVEL", "ALARM", "SINCE", "SEEN BY", "TEXT"}}
	for _, al := range out.Alarms {
		seen := "-"
		if al.Acknowledged != nil {
			seen = al.Acknowledged.Officer
		}
		if al.MarkedFalse != nil {
			seen = t.markedFalse(al.MarkedFalse)
		}
		rows = append(rows, []string{strconv.Itoa(al.Level), al.ID, stamp(al.Since), seen, al.Text})
	}
	return table(a.stdout, t.table(rows))
}

type lineAckCmd struct {
	remote
	Alarm string  `arg:"" help:"The alarm's id."`
	False *string `placeholder:"REASON" help:"Say too that it was a false alarm, and why: while it lasts or up to seven days after. It cannot be taken back."`
}

// Help shows how it is used.
func (lineAckCmd) Help() string {
	return `What a false alarm is, the desk says; no machine does. It is counted in this desk's statistics, does not go to the
other party, and changes nothing of what the alarm is about.

Examples:

  parley line ack line-down/3f1c9a
  parley line ack late/3f1c9a12/1/b#7 --false 'their test notice, agreed by telephone'
`
}

// Run says it.
func (c *lineAckCmd) Run(a *app) error {
	if c.False != nil {
		return c.markFalse(a)
	}
	var al view.Alarm
	if err := c.post(a, "/v1/alarms/acknowledge", nil, api.AcknowledgeRequest{Alarm: c.Alarm}, &al); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(a.stdout, al)
	}
	return a.said.say(a, catalogue.Say("done.seen", catalogue.ByPeople("text", al.Text)))
}
