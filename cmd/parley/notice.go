package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"parley/api"
	"parley/catalogue"
	"parley/fault"
	"parley/node/view"
	"parley/notice"
	"parley/notice/intake"
)

type noticeCmd struct {
	Read     noticeReadCmd     `cmd:"" help:"Say what would be filed from a GeoJSON or NOTAM file, without a node."`
	File     noticeFileCmd     `cmd:"" help:"File notices: from GeoJSON, from NOTAMs, or from words."`
	List     noticeListCmd     `cmd:"" help:"List the notices of both parties."`
	Show     noticeShowCmd     `cmd:"" help:"Show one notice, said back in words."`
	Page     noticePageCmd     `cmd:"" help:"Print a notice on a page to read out by telephone."`
	Amend    noticeAmendCmd    `cmd:"" help:"File a new version of an own notice."`
	Activate noticeActivateCmd `cmd:"" help:"Say that an own notice is active."`
	End      noticeEndCmd      `cmd:"" help:"Say that an own notice has ended."`
	Cancel   noticeCancelCmd   `cmd:"" help:"Cancel an own notice."`
	Receive  noticeReceiveCmd  `cmd:"" help:"Say that you, an officer, have a notice of the other party."`
	ReadBack noticeReadBackCmd `cmd:"" name:"read-back" help:"Say a notice of the other party back, and have it compared."`
	Relay    noticeRelayCmd    `cmd:"" help:"Say which unit you told of a notice of the other party, and how."`
	Unit     noticeUnitCmd     `cmd:"" help:"Pass on a unit's word on a notice of the other party."`
}

const maxNoticeFile = 64 << 20

type noticeReadCmd struct {
	File string `arg:"" help:"A GeoJSON plan file or ICAO NOTAMs; - for standard input."`
	JSON bool   `name:"json" help:"Print JSON."`
	speaks
}

// Help shows how it is used.
func (noticeReadCmd) Help() string {
	return `Nothing is guessed: what the text does not prove is refused, with the item that could not be
read. Exit status 2 says that something was refused.

Example:

  parley notice read notams.txt --json
`
}

// Run reads the file.
func (c *noticeReadCmd) Run(a *app) error {
	data, err := readFile(a, c.File, maxNoticeFile)
	if err != nil {
		return err
	}
	g, err := places()
	if err != nil {
		return err
	}
	t := a.said
	res, err := intake.Read(data, intake.Options{Check: &notice.Context{Now: a.now(), Places: g}})
	if err != nil {
		return err
	}
	for i := range res.Notices {
		notice.InWords(t.Catalogue, res.Notices[i].Warnings)
	}
	if c.JSON {
		out, err := res.JSON()
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(a.stdout, "%s\n", out); err != nil {
			return fault.Wrap(fault.Unavailable, "print", err)
		}
	} else {
		t.printRead(a, res, g)
	}
	if len(res.Refused) > 0 {
		return exitBadInput
	}
	return nil
}

func (t tongue) printRead(a *app, res intake.Result, g notice.Gazetteer) {
	for _, it := range res.Notices {
		if it.Only {
			t.line(a, catalogue.Say("read.cancels", catalogue.ByPeople("text", it.SourceID), catalogue.ByPeople("notice", it.Cancels)))
			continue
		}
		t.line(a, catalogue.Say("read.notice", catalogue.ByPeople("text", it.SourceID), catalogue.SayIn("what", titledMessage(string(it.Notice.Kind), it.Notice.Title)),
			catalogue.CountOf("count", len(it.Notice.Volumes))))
		t.printWords(a, notice.Lines(t.Catalogue, notice.Echo(it.Notice, g)), it.Warnings)
	}
	for _, r := range res.Refused {
		t.line(a, catalogue.Say("read.refused", catalogue.ByPeople("text", r.ID), catalogue.RefusedFor("refusal", refusal(r.Item, r.Reason))))
	}
}

// printWords says a notice back, and what to look at in it.
func (t tongue) printWords(a *app, echo []string, warnings []notice.Warning) {
	for _, line := range echo {
		fmt.Fprintf(a.stdout, "  %s\n", plain(line))
	}
	for _, w := range warnings {
		t.under(a, warningMessage(w))
	}
}

type noticeFileCmd struct {
	remote
	File    string `arg:"" optional:"" help:"A plan file, a notice as JSON, or NOTAMs; - for standard input; none for a place in words."`
	Drill   bool   `help:"As exercise."`
	Partial bool   `help:"File what can be read where something of the file is refused."`
	DryRun  bool   `help:"Say what would be filed, and file nothing."`
	NoWait  bool   `help:"Do not wait up to 2 s for the other node's receipt."`
	noticeOverrides
}

// Help shows how it is used.
func (noticeFileCmd) Help() string {
	return `Where one notice of a file is refused, nothing is filed, unless --partial is given. Filing the
same again changes nothing. Without a file the place is only words: the notice is incomplete, and
held as the named sector or the whole area until a volume is given. It waits up to 2 s for the other
node's receipt, and then shows the notice as it stands; the notice is filed whether or not it came.

Examples:

  parley notice file plan.geojson
  parley notice file notams.txt --partial
  parley notice file --id s-1 --kind flight --place "northern sector" --start 2026-12-01T18:40:00Z --end 2026-12-01T19:10:00Z
`
}

// Run files what the file holds.
func (c *noticeFileCmd) Run(a *app) error {
	typ, body, err := c.noticeOverrides.body(a, c.File)
	if err != nil {
		return err
	}
	cl, err := c.open(a)
	if err != nil {
		return err
	}
	if c.DryRun {
		var out api.Checked
		if err := cl.do(a.ctx, http.MethodPost, "/v1/notices/check", c.query(), typ, body, &out); err != nil {
			return err
		}
		return c.printChecked(a, out)
	}
	var out api.Filings
	q := c.query("drill", yes(c.Drill), "partial", yes(c.Partial))
	if err := cl.do(a.ctx, http.MethodPost, "/v1/notices", q, typ, body, &out); err != nil {
		return err
	}
	if !c.NoWait {
		c.awaitDelivery(a, cl, out.Filed, out.Cancelled)
	}
	return c.printFilings(a, out)
}

func (c *noticeFileCmd) printChecked(a *app, out api.Checked) error {
	t := a.said
	if c.JSON {
		if err := printJSON(a.stdout, out); err != nil {
			return err
		}
	} else {
		for _, n := range out.Notices {
			t.line(a, catalogue.Say("read.not-filed", catalogue.ByPeople("notice", n.ID), catalogue.SayIn("what", titledMessage(string(n.Kind), n.Title))))
			t.printWords(a, n.Echo, n.Warnings)
			for _, x := range n.Conflicts {
				fmt.Fprintln(a.stdout, "  "+plain(x.Text))
			}
			if len(n.Conflicts) == 0 && out.Compared != nil {
				t.noConflict(a, *out.Compared)
			}
		}
		t.printRefused(a, out.Refused)
	}
	if len(out.Refused) > 0 {
		return exitBadInput
	}
	return nil
}

func (t tongue) printRefused(a *app, list []api.Refusal) {
	for _, r := range list {
		t.line(a, catalogue.Say("read.refused", catalogue.ByPeople("text", r.SourceID), catalogue.RefusedFor("refusal", refusal(r.Item, r.Reason))))
	}
}

func (c *noticeFileCmd) printFilings(a *app, out api.Filings) error {
	t := a.said
	if c.JSON {
		if err := printJSON(a.stdout, out); err != nil {
			return err
		}
	} else {
		for _, f := range out.Filed {
			t.printFiled(a, f)
		}
		for _, f := range out.Cancelled {
			t.printFiled(a, f)
		}
		t.printRefused(a, out.Refused)
	}
	if len(out.Refused) > 0 {
		return exitBadInput
	}
	return nil
}

type noticeListCmd struct {
	remote
	Live  bool   `help:"Only those that are in conflict checks."`
	Party string `help:"Of this party alone." placeholder:"NAME"`
	picture
}

// Help shows how it is used.
func (noticeListCmd) Help() string { return "Example:\n\n  parley notice list --live --json\n" }

// Run lists notices.
func (c *noticeListCmd) Run(a *app) error {
	var out api.Notices
	if err := c.get(a, "/v1/notices", c.remote.query("live", yes(c.Live), "party", c.Party, "picture", c.picture.query()), &out); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(a.stdout, out)
	}
	t := a.said
	rows := [][]string{{"PARTY", "ID", "V", "KIND", "STATE", "START", "END", "DELIVERED", "RECEIVED BY", "LEAD", "CONFLICTS"}}
	for _, n := range out.Notices {
		rows = append(rows, []string{t.exercised(n.Party, n.Exercise), n.ID, fmt.Sprint(n.Version), t.code("kind.", string(n.Kind)), t.stateWords(n), brief(n.Start), briefEnd(n.Start, n.End),
			briefAt(n.Delivered), receivedBy(n.Received), t.code("grade.", n.Lead.Grade), fmt.Sprint(len(n.Conflicts))})
	}
	if err := table(a.stdout, t.table(rows)); err != nil {
		return err
	}
	return printCompared(a, out.Compared)
}

// exercised puts the word before what is exercise in an agreed window.
func exercised(text string, is bool) string {
	if is {
		return "EXERCISE " + text
	}
	return text
}

func receivedBy(list []view.Received) string {
	var names []string
	for _, r := range list {
		names = append(names, r.Officer)
	}
	if len(names) == 0 {
		return "-"
	}
	return strings.Join(names, ", ")
}

func printCompared(a *app, list []view.Compared) error {
	for _, c := range list {
		if _, err := fmt.Fprintln(a.stdout, plain(c.Text)); err != nil {
			return fault.Wrap(fault.Unavailable, "print", err)
		}
	}
	return nil
}

type noticeShowCmd struct {
	remote
	ID    string `arg:"" help:"The notice's id, or the number of its NOTAM."`
	Party string `help:"Whose, where both use the id; own ones are looked at first." placeholder:"NAME"`
}

// Help shows how it is used.
func (noticeShowCmd) Help() string {
	return "Examples:\n\n  parley notice show blue-7\n  parley notice show A0123/27\n"
}

// Run shows the notice.
func (c *noticeShowCmd) Run(a *app) error {
	var n view.Notice
	if err := c.get(a, "/v1/notices/"+url.PathEscape(c.ID), c.query("party", c.Party), &n); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(a.stdout, n)
	}
	t := a.said
	if err := facts(a.stdout, t.facts([][]string{
		{"notice", t.noticeName(n)},
		{"kind", strings.TrimSpace(fmt.Sprintf("%s, %s %s", t.code("kind.", string(n.Kind)), t.code("domain.", string(n.Domain)), t.code("class.", string(n.Class))))},
		{"title", n.Title}, {"place", n.Place},
		{"state", t.exercised(t.stateWords(n), n.Exercise)},
		{"window", t.window(n.Start, n.End)},
		t.filedWhen(n),
		{"delivered", stampAt(n.Delivered)}, {"received by", receivedBy(n.Received)},
		{"lead", t.Say(gradedLead(n.Lead))},
		{"conflicts", strings.Join(shortIDs(n.Conflicts), " ")},
		{"entry", shortEntry(n.Entry)},
	})); err != nil {
		return err
	}
	if n.Next != nil {
		fmt.Fprintln(a.stdout, plain(t.next(*n.Next)))
	}
	if err := table(a.stdout, t.ladder(n.Ladder)); err != nil {
		return err
	}
	if n.ByOfficer {
		t.line(a, catalogue.Say("filed.by-officer"))
	}
	t.printWords(a, n.Echo, n.Warnings)
	return nil
}

type noticeAmendCmd struct {
	remote
	File   string `arg:"" help:"The notice as it is to stand: a plan file, JSON or a NOTAM; - for standard input."`
	Drill  bool   `help:"As exercise."`
	NoWait bool   `help:"Do not wait up to 2 s for the other node's receipt."`
	noticeOverrides
}

// Help shows how it is used.
func (noticeAmendCmd) Help() string {
	return `The file holds the whole notice as it is to stand, under the id that it has.

Example:

  parley notice amend plan.geojson
`
}

// Run files the version.
func (c *noticeAmendCmd) Run(a *app) error {
	n, err := c.noticeOverrides.one(a, c.File)
	if err != nil {
		return err
	}
	n.Version = 0
	body, err := notice.Marshal(n)
	if err != nil {
		return err
	}
	cl, err := c.open(a)
	if err != nil {
		return err
	}
	var out view.Filed
	if err := cl.do(a.ctx, http.MethodPut, "/v1/notices/"+url.PathEscape(n.ID), c.query("drill", yes(c.Drill)), "application/json", body, &out); err != nil {
		return err
	}
	if !c.NoWait {
		list := []view.Filed{out}
		c.awaitDelivery(a, cl, list)
		out = list[0]
	}
	if c.JSON {
		return printJSON(a.stdout, out)
	}
	t := a.said
	t.printFiled(a, out)
	return nil
}

type noticeReceiveCmd struct {
	remote
	ID     string `arg:"" help:"The notice's id, the number of its NOTAM, or the entry of a notice or call."`
	Remark string `help:"A remark for the record."`
}

// Help shows how it is used.
func (noticeReceiveCmd) Help() string {
	return `"Delivered" is a machine's word. This is yours, with your name, and both parties keep it.

Example:

  parley notice receive red-3
`
}

// Run says it.
func (c *noticeReceiveCmd) Run(a *app) error {
	var out api.EntryAnswer
	if err := c.post(a, "/v1/receive", c.query(), api.ReceiveRequest{ID: c.ID, Remark: c.Remark}, &out); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(a.stdout, out)
	}
	return a.said.say(a, catalogue.Say("done.received", catalogue.ByPeople("notice", shortEntry(c.ID)), catalogue.AsCode("id", shortEntry(out.Entry))))
}

type noticeStateCmd struct {
	remote
	ID     string `arg:"" help:"The notice's id, or the number of its NOTAM."`
	Reason string `help:"Why, for the record."`
}

// set says the event to the node.
func (c *noticeStateCmd) set(a *app, event notice.Event) error {
	var out view.Filed
	if err := c.post(a, "/v1/notices/"+url.PathEscape(c.ID)+"/state", c.query(), api.StateRequest{Event: event, Reason: c.Reason}, &out); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(a.stdout, out)
	}
	t := a.said
	t.printFiled(a, out)
	return nil
}

type noticeActivateCmd struct{ noticeStateCmd }

// Help shows how it is used.
func (noticeActivateCmd) Help() string { return "Example:\n\n  parley notice activate blue-7\n" }

// Run says it.
func (c *noticeActivateCmd) Run(a *app) error { return c.set(a, notice.Activate) }

type noticeEndCmd struct{ noticeStateCmd }

// Help shows how it is used.
func (noticeEndCmd) Help() string { return "Example:\n\n  parley notice end blue-7 --reason landed\n" }

// Run says it.
func (c *noticeEndCmd) Run(a *app) error { return c.set(a, notice.End) }

type noticeCancelCmd struct{ noticeStateCmd }

// Help shows how it is used.
func (noticeCancelCmd) Help() string {
	return "Example:\n\n  parley notice cancel blue-7 --reason weather\n"
}

// Run says it.
func (c *noticeCancelCmd) Run(a *app) error { return c.set(a, notice.Cancel) }

// cancelled reports whether a command ended because the person ended it.
func cancelled(ctx context.Context, err error) bool { return err != nil && ctx.Err() != nil }
