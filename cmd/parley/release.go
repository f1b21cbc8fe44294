package main

import (
	"net/url"

	"parley/api"
	"parley/catalogue"
	"parley/node/view"
)

type releaseCmd struct {
	List   releaseListCmd   `cmd:"" help:"List the commands that wait for a second officer."`
	Show   releaseShowCmd   `cmd:"" help:"Show one."`
	Give   releaseGiveCmd   `cmd:"" help:"Release what another officer prepared: it is said on the line, with both names."`
	Refuse releaseRefuseCmd `cmd:"" help:"Refuse what was prepared, or take it back: nothing is said."`
}

type releaseListCmd struct {
	remote
	All bool `help:"Those that were decided or lapsed as well."`
}

// Help shows how it is used.
func (releaseListCmd) Help() string { return "Example:\n\n  parley release list\n" }

// Run lists them.
func (c *releaseListCmd) Run(a *app) error {
	var out api.Releases
	if err := c.get(a, "/v1/releases", c.query("all", yes(c.All)), &out); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(a.stdout, out)
	}
	t := a.said
	if len(out.Releases) == 0 {
		return t.say(a, catalogue.Say("list.no-releases"))
	}
	rows := [][]string{{"RELEASE", "ACTION", "STATE", "PREPARED BY", "EXPIRES", "DECIDED BY", "TEXT"}}
	for _, r := range out.Releases {
		rows = append(rows, []string{r.ID, t.code("action.", r.Action), t.code("releasestate.", r.State), r.PreparedBy, stamp(r.Expires), r.DecidedBy, r.Text})
	}
	return table(a.stdout, t.table(rows))
}

type releaseOne struct {
	remote
	ID string `arg:"" name:"release" help:"The number of the release."`
}

func (c *releaseOne) path() string { return "/v1/releases/" + url.PathEscape(c.ID) }

func (c *releaseOne) print(a *app, r view.Release) error {
	if c.JSON {
		return printJSON(a.stdout, r)
	}
	t := a.said
	rows := [][]string{{"release", r.ID}, {"action", t.code("action.", r.Action)}, {"text", r.Text}, {"state", t.code("releasestate.", r.State)},
		{"prepared by", t.Say(catalogue.Say("show.prepared", catalogue.ByPeople("officer", r.PreparedBy), t.coded("role", "role.", r.Role), catalogue.At("stamp", catalogue.Stamp, r.Prepared)))}, {"expires", stamp(r.Expires)}}
	if !r.Decided.IsZero() {
		rows = append(rows, []string{"decided", t.Say(catalogue.Say("show.decided", catalogue.ByPeople("officer", r.DecidedBy), catalogue.At("stamp", catalogue.Stamp, r.Decided)))})
	}
	return facts(a.stdout, t.facts(append(rows, []string{"reason", r.Reason})))
}

type releaseShowCmd struct{ releaseOne }

// Help shows how it is used.
func (releaseShowCmd) Help() string { return "Example:\n\n  parley release show 3\n" }

// Run shows it.
func (c *releaseShowCmd) Run(a *app) error {
	var r view.Release
	if err := c.get(a, c.path(), nil, &r); err != nil {
		return err
	}
	return c.print(a, r)
}

type releaseGiveCmd struct{ releaseOne }

// Help shows how it is used.
func (releaseGiveCmd) Help() string {
	return "The officer who prepared it may not release it.\n\nExample:\n\n  parley release give 3\n"
}

// Run releases it.
func (c *releaseGiveCmd) Run(a *app) error {
	var r view.Release
	if err := c.post(a, c.path()+"/give", nil, nil, &r); err != nil {
		return err
	}
	return c.print(a, r)
}

type releaseRefuseCmd struct {
	releaseOne
	Reason string `required:"" help:"Why: who prepared it reads it."`
}

// Help shows how it is used.
func (releaseRefuseCmd) Help() string {
	return "Example:\n\n  parley release refuse 3 --reason 'the wrong notice'\n"
}

// Run refuses it.
func (c *releaseRefuseCmd) Run(a *app) error {
	var r view.Release
	if err := c.post(a, c.path()+"/refuse", nil, api.ReasonRequest{Reason: c.Reason}, &r); err != nil {
		return err
	}
	return c.print(a, r)
}
