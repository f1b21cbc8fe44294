package main

import (
	"fmt"
	"net/url"

	"parley/api"
	"parley/fault"
	"parley/node/view"
)

type conflictCmd struct {
	List    conflictListCmd    `cmd:"" help:"List the conflicts that are not over."`
	Show    conflictShowCmd    `cmd:"" help:"Show one conflict."`
	Own     conflictOwnCmd     `cmd:"" help:"Take a conflict as its owner."`
	Options conflictOptionsCmd `cmd:"" help:"List changes of either notice that would leave it without a conflict."`
	Propose conflictProposeCmd `cmd:"" help:"Propose one of these changes to the other party."`
	Accept  conflictAcceptCmd  `cmd:"" help:"Accept the other party's proposal."`
	Refuse  conflictRefuseCmd  `cmd:"" help:"Refuse the other party's proposal."`
	Apply   conflictApplyCmd   `cmd:"" help:"Amend the own notice as the other party accepted."`
	Settle  conflictSettleCmd  `cmd:"" help:"Settle a conflict as it stands: joint, or accepted risk."`
}

type conflictListCmd struct {
	remote
	All bool `help:"Those that are over as well."`
	picture
}

// Help shows how it is used.
func (conflictListCmd) Help() string { return "Example:\n\n  parley conflict list --json\n" }

// Run lists conflicts.
func (c *conflictListCmd) Run(a *app) error {
	var out api.Conflicts
	if err := c.get(a, "/v1/conflicts", c.remote.query("all", yes(c.All), "picture", c.picture.query()), &out); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(a.stdout, out)
	}
	t := a.said
	if len(out.Conflicts) == 0 {
		fmt.Fprintln(a.stdout, t.Word("compared.none"))
		return printCompared(a, out.Compared)
	}
	rows := [][]string{{"CONFLICT", "A", "B", "STATE", "LATERAL", "VERTICAL", "TIME", t.or("FROM", "start"), t.or("UNTIL", "end"), "OWNER"}}
	for _, x := range out.Conflicts {
		rows = append(rows, []string{t.exercised(shortID(x.ID), x.Exercise), t.side(x.A), t.side(x.B), t.code("conflict.", x.State), metres(x.LateralM), metres(x.VerticalM), t.secondsOf(x.TimeS),
			brief(x.From), briefEnd(x.From, x.Until), receivedBy(x.Owners)})
	}
	if err := table(a.stdout, t.table(rows)); err != nil {
		return err
	}
	return printCompared(a, out.Compared)
}

func metres(m *float64) string {
	if m == nil {
		return "-"
	}
	return fmt.Sprintf("%.0f m", *m)
}

type conflictShowCmd struct {
	remote
	ID string `arg:"" help:"The conflict's id, or its first 6 digits or more."`
}

// Help shows how it is used.
func (conflictShowCmd) Help() string { return "Example:\n\n  parley conflict show 3f1c9a\n" }

// checkConflictID refuses the beginning of an id that is too short to tell one from another.
func checkConflictID(id string) error {
	if len(id) < 6 {
		return fault.New("conflict", id, "is shorter than 6 digits of an id", "take it from parley conflict list")
	}
	return nil
}

// Run shows the conflict.
func (c *conflictShowCmd) Run(a *app) error {
	if err := checkConflictID(c.ID); err != nil {
		return err
	}
	var x view.Conflict
	if err := c.get(a, "/v1/conflicts/"+url.PathEscape(c.ID), c.query(), &x); err != nil {
		return err
	}
	return c.print(a, x)
}

func (r *remote) print(a *app, x view.Conflict) error {
	if r.JSON {
		return printJSON(a.stdout, x)
	}
	t := a.said
	rows := [][]string{
		{"conflict", t.exercised(x.ID, x.Exercise)}, {"state", t.conflictState(x)},
		t.ofParty(x.A), t.ofParty(x.B),
		{"lateral gap", metres(x.LateralM)}, {"vertical gap", metres(x.VerticalM)}, {"time gap", t.secondsOf(x.TimeS)},
		{"altitudes", t.inWords(altitudesMessage(x))},
		{t.or("from", "start"), stamp(x.From)}, {t.or("until", "end"), stamp(x.Until)}, {"where", x.Where},
		{"owner", receivedBy(x.Owners)},
	}
	if m := x.Moves; m != nil {
		rows = append(rows, []string{"to separate", t.inWords(movesMessage(x.A.Party, *m))})
	}
	return facts(a.stdout, t.facts(append(rows, t.workRows(x)...)))
}

type conflictOwnCmd struct {
	remote
	ID string `arg:"" help:"The conflict's id, or its first 6 digits or more."`
}

// Help shows how it is used.
func (conflictOwnCmd) Help() string { return "Example:\n\n  parley conflict own 3f1c9a\n" }

// Run takes the conflict.
func (c *conflictOwnCmd) Run(a *app) error {
	if err := checkConflictID(c.ID); err != nil {
		return err
	}
	var x view.Conflict
	if err := c.post(a, "/v1/conflicts/"+url.PathEscape(c.ID)+"/own", c.query(), nil, &x); err != nil {
		return err
	}
	return c.print(a, x)
}
