package main

import (
	"strconv"

	"parley/api"
	"parley/catalogue"
	"parley/node/view"
)

type deskCmd struct {
	Show      deskShowCmd      `cmd:"" help:"Show whether anybody is at the desks, who has the watch, and what is open."`
	Here      deskHereCmd      `cmd:"" help:"Say on every line that you are at the desk."`
	Leave     deskLeaveCmd     `cmd:"" help:"Say on every line that you leave the desk."`
	Handover  deskHandoverCmd  `cmd:"" help:"Hand the watch to another officer, with a list of what is open."`
	Accept    deskAcceptCmd    `cmd:"" help:"Accept the watch."`
	Keep      deskKeepCmd      `cmd:"" help:"Take a hand-over back that was not accepted."`
	Handovers deskHandoversCmd `cmd:"" help:"List the hand-overs that are over."`
	Rota      deskRotaCmd      `cmd:"" help:"The plan of who is to have the watch."`
}

// deskState says a desk in a few words.

type deskShowCmd struct{ remote }

// Help shows how it is used.
func (deskShowCmd) Help() string { return "Example:\n\n  parley desk show\n" }

// Run shows the desks and the watch.
func (c *deskShowCmd) Run(a *app) error {
	var out api.DeskBook
	if err := c.get(a, "/v1/desk", nil, &out); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(a.stdout, out)
	}
	t := a.said
	var rows [][]string
	for _, d := range out.Desks {
		name := t.of("desk", d.Party)
		if d.Own {
			name = t.ownDesk(d)
		}
		rows = append(rows, []string{name, t.deskState(d)})
	}
	if err := facts(a.stdout, rows); err != nil {
		return err
	}
	return printWatch(a, out.Watch)
}

func printWatch(a *app, w view.Watch) error {
	t := a.said
	who := catalogue.Say("watch.nobody", catalogue.AsCode("command", "parley desk accept"))
	if w.Officer != "" {
		who = catalogue.Say("watch.owns", catalogue.ByPeople("officer", w.Officer), t.coded("role", "role.", w.Role), catalogue.At("stamp", catalogue.Stamp, w.Since))
	}
	rows := [][]string{{"watch", t.Say(who)}}
	h := w.HandOver
	if h == nil {
		return facts(a.stdout, t.facts(rows))
	}
	rows = append(rows, []string{"hand-over", t.Say(catalogue.Say("watch.handover", catalogue.ByPeople("from", h.From), catalogue.ByPeople("to", h.To), catalogue.At("start", catalogue.Stamp, h.Begun), catalogue.At("end", catalogue.Stamp, h.Due)))})
	if err := facts(a.stdout, t.facts(rows)); err != nil {
		return err
	}
	return printOpen(a, *h)
}

func printOpen(a *app, h view.HandOver) error {
	t := a.said
	if len(h.Open) == 0 {
		return t.say(a, catalogue.Say("watch.nothing-open"))
	}
	rows := [][]string{{"OPEN", "ID", "DUE", "TEXT"}}
	for _, x := range h.Open {
		id := shortID(shortEntry(x.ID))
		rows = append(rows, []string{t.code("openkind.", x.Kind), id, brief(x.Due), x.Text})
	}
	if h.More > 0 {
		rows = append(rows, []string{"", "", "", t.Say(catalogue.Say("list.more", catalogue.CountOf("count", h.More)))})
	}
	return table(a.stdout, t.table(rows))
}

// deskDo is a command of an officer about his being at the desk.
func (r *remote) deskDo(a *app, what string) error {
	var out api.Desks
	if err := r.post(a, "/v1/desk/"+what, nil, nil, &out); err != nil {
		return err
	}
	if r.JSON {
		return printJSON(a.stdout, out)
	}
	t := a.said
	var rows [][]string
	for _, d := range out.Desks {
		rows = append(rows, []string{t.ownDesk(d), t.deskState(d)})
	}
	return facts(a.stdout, rows)
}

type deskHereCmd struct{ remote }

// Help shows how it is used.
func (deskHereCmd) Help() string {
	return `It counts for the time that the agreement says, 30 minutes by default. Whatever else a duty officer
or supervisor says on the line counts too: receiving, taking a conflict, calling, answering. Filing
does not, as programs file.

Example:

  parley desk here
`
}

// Run says it.
func (c *deskHereCmd) Run(a *app) error { return c.deskDo(a, "present") }

type deskLeaveCmd struct{ remote }

// Help shows how it is used.
func (deskLeaveCmd) Help() string {
	return "The other desk is alarmed where nobody else is there. The watch stays yours: hand it over first.\n\nExample:\n\n  parley desk leave\n"
}

// Run says it.
func (c *deskLeaveCmd) Run(a *app) error { return c.deskDo(a, "leave") }

// watchDo is a command about who has the watch.
func (r *remote) watchDo(a *app, what string, in any) error {
	var w view.Watch
	if err := r.post(a, "/v1/desk/"+what, nil, in, &w); err != nil {
		return err
	}
	if r.JSON {
		return printJSON(a.stdout, w)
	}
	return printWatch(a, w)
}

type deskHandoverCmd struct {
	remote
	To string `help:"The officer who takes the watch over, as parley officer list shows the name; without it the next on the rota." placeholder:"NAME"`
}

// Help shows how it is used.
func (deskHandoverCmd) Help() string {
	return `Until the other accepts, you own every deadline; after 15 minutes the supervisor is alarmed.

Example:

  parley desk handover --to "B. Night"
`
}

// Run begins it.
func (c *deskHandoverCmd) Run(a *app) error {
	return c.watchDo(a, "handover", api.HandOverRequest{To: c.To})
}

type deskAcceptCmd struct{ remote }

// Help shows how it is used.
func (deskAcceptCmd) Help() string {
	return "Read what is open first: parley desk show. Every line is told that you are at the desk.\n\nExample:\n\n  parley desk accept\n"
}

// Run accepts.
func (c *deskAcceptCmd) Run(a *app) error { return c.watchDo(a, "accept", nil) }

type deskKeepCmd struct{ remote }

// Help shows how it is used.
func (deskKeepCmd) Help() string { return "Example:\n\n  parley desk keep\n" }

// Run takes it back.
func (c *deskKeepCmd) Run(a *app) error { return c.watchDo(a, "keep", nil) }

type deskHandoversCmd struct{ remote }

// Help shows how it is used.
func (deskHandoversCmd) Help() string { return "Example:\n\n  parley desk handovers\n" }

// Run lists them.
func (c *deskHandoversCmd) Run(a *app) error {
	var out api.HandOvers
	if err := c.get(a, "/v1/desk/handovers", nil, &out); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(a.stdout, out)
	}
	if len(out.HandOvers) == 0 {
		return a.said.say(a, catalogue.Say("list.no-handovers"))
	}
	rows := [][]string{{"BEGUN", "FROM", "TO", "STATE", "ENDED", "OPEN"}}
	for _, h := range out.HandOvers {
		rows = append(rows, []string{stamp(h.Begun), h.From, h.To, a.said.code("handover.", h.State), stamp(h.Ended), strconv.Itoa(len(h.Open) + h.More)})
	}
	return table(a.stdout, a.said.table(rows))
}
