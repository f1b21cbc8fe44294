package main

import (
	"fmt"
	"net/url"
	"strconv"

	"parley/api"
	"parley/catalogue"
	"parley/fault"
	"parley/node/view"
)

func conflictPath(id, what string) string { return "/v1/conflicts/" + url.PathEscape(id) + "/" + what }

type conflictOptionsCmd struct {
	remote
	ID  string `arg:"" help:"The conflict's id, or its first 6 digits or more."`
	All bool   `help:"Every bearing, and not only the cheapest move aside of each notice."`
}

// Help shows how it is used.
func (conflictOptionsCmd) Help() string {
	return `Each change would leave its notice without a conflict with anything that this node holds. Nothing is
told to the other party until you propose one. Who moves is for people to say. Sites are never moved,
and roads neither sideways nor in altitude.

Example:

  parley conflict options 3f1c9a
`
}

// Run lists them.
func (c *conflictOptionsCmd) Run(a *app) error {
	o, err := c.options(a, c.ID)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(a.stdout, o)
	}
	t := a.said
	if len(o.Options) == 0 {
		t.line(a, catalogue.Say("options.nothing"))
	} else {
		rows := [][]string{{"NO", "WHO MOVES", "HOW", "COST (MIN)"}}
		aside := map[string]bool{}
		for i, x := range o.Options {
			if x.Shift.LateralM != 0 && aside[x.Mover] && !c.All {
				continue
			}
			aside[x.Mover] = aside[x.Mover] || x.Shift.LateralM != 0
			rows = append(rows, []string{strconv.Itoa(i + 1), x.Mover, t.Say(x.Shift.Message()), fmt.Sprintf("%.1f", x.Cost)})
		}
		if err := table(a.stdout, t.table(rows)); err != nil {
			return err
		}
	}
	for _, n := range o.None {
		t.line(a, noneMessage(n))
	}
	return say(a, o.Compared.Text)
}

func (r *remote) options(a *app, id string) (o view.Options, err error) {
	if err := checkConflictID(id); err != nil {
		return o, err
	}
	return o, r.get(a, conflictPath(id, "options"), r.query(), &o)
}

type conflictProposeCmd struct {
	remote
	ID     string `arg:"" help:"The conflict's id, or its first 6 digits or more."`
	No     int    `arg:"" help:"The number that parley conflict options gives it."`
	Remark string `help:"A remark for the other officer."`
}

// Help shows how it is used.
func (conflictProposeCmd) Help() string {
	return "The options are worked out anew, so look at what was proposed.\n\nExample:\n\n  parley conflict propose 3f1c9a 1\n"
}

// Run proposes.
func (c *conflictProposeCmd) Run(a *app) error {
	o, err := c.options(a, c.ID)
	if err != nil {
		return err
	}
	if c.No < 1 || c.No > len(o.Options) {
		return fault.New("no", strconv.Itoa(c.No), fmt.Sprintf("must be from 1 to %d", len(o.Options)), "list them: parley conflict options "+c.ID)
	}
	x := o.Options[c.No-1]
	var out view.Conflict
	if err := c.post(a, conflictPath(c.ID, "propose"), c.query(), api.ProposeRequest{Mover: x.Mover, Shift: x.Shift, Remark: c.Remark}, &out); err != nil {
		return err
	}
	return c.print(a, out)
}

type conflictAcceptCmd struct {
	remote
	ID string `arg:"" help:"The conflict's id, or its first 6 digits or more."`
}

// Help shows how it is used.
func (conflictAcceptCmd) Help() string {
	return "Where it is your notice that moves, it is amended at once.\n\nExample:\n\n  parley conflict accept 3f1c9a\n"
}

// Run accepts.
func (c *conflictAcceptCmd) Run(a *app) error {
	return c.amended(a, c.ID, "reply", api.ReplyRequest{Accept: true})
}

type conflictRefuseCmd struct {
	remote
	ID     string `arg:"" help:"The conflict's id, or its first 6 digits or more."`
	Reason string `arg:"" help:"Why, and what would do."`
}

// Help shows how it is used.
func (conflictRefuseCmd) Help() string {
	return "Example:\n\n  parley conflict refuse 3f1c9a \"the crew cannot start later; 2,000 ft higher would do\"\n"
}

// Run refuses.
func (c *conflictRefuseCmd) Run(a *app) error {
	return c.amended(a, c.ID, "reply", api.ReplyRequest{Reason: c.Reason})
}

type conflictApplyCmd struct {
	remote
	ID string `arg:"" help:"The conflict's id, or its first 6 digits or more."`
}

// Help shows how it is used.
func (conflictApplyCmd) Help() string { return "Example:\n\n  parley conflict apply 3f1c9a\n" }

// Run amends the own notice.
func (c *conflictApplyCmd) Run(a *app) error { return c.amended(a, c.ID, "apply", nil) }

// amended says something of a proposal and prints what came of it.
func (r *remote) amended(a *app, id, what string, in any) error {
	if err := checkConflictID(id); err != nil {
		return err
	}
	var out view.Amended
	if err := r.post(a, conflictPath(id, what), r.query(), in, &out); err != nil {
		return err
	}
	if r.JSON {
		return printJSON(a.stdout, out)
	}
	if n := out.Notice; n != nil {
		t := a.said
		t.line(a, catalogue.Say("filed.amended", catalogue.ByPeople("notice", n.ID), catalogue.CountOf("version", n.Version),
			catalogue.At("start", catalogue.Stamp, n.Start), catalogue.At("end", catalogue.Stamp, n.End)))
		t.printWords(a, nil, out.Warnings)
	}
	return r.print(a, out.Conflict)
}

type conflictSettleCmd struct {
	remote
	ID     string `arg:"" help:"The conflict's id, or its first 6 digits or more."`
	How    string `arg:"" enum:"joint,accepted-risk" help:"One of ${enum}."`
	Reason string `arg:"" help:"What was agreed, or why the risk is taken."`
}

// Help shows how it is used.
func (conflictSettleCmd) Help() string {
	return `It counts once the other party has said the same of the same two versions. Accepting a risk takes a
supervisor on each side, and is barred for sites and humanitarian movements.

Example:

  parley conflict settle 3f1c9a joint "one formation, lead on 243.0"
`
}

// Run settles.
func (c *conflictSettleCmd) Run(a *app) error {
	if err := checkConflictID(c.ID); err != nil {
		return err
	}
	how := c.How
	if how == "accepted-risk" {
		how = "accepted risk"
	}
	var out view.Conflict
	if err := c.post(a, conflictPath(c.ID, "settle"), c.query(), api.SettleRequest{How: how, Reason: c.Reason}, &out); err != nil {
		return err
	}
	return c.print(a, out)
}
