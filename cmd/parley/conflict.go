package main

import (
	"fmt"
	"math"
	"net/url"
	"strings"

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
	t, err := c.tongue()
	if err != nil {
		return err
	}
	if len(out.Conflicts) == 0 {
		fmt.Fprintln(a.stdout, t.Word("compared.none"))
		return printCompared(a, out.Compared)
	}
	rows := [][]string{{"CONFLICT", "A", "B", "STATE", "LATERAL", "VERTICAL", "TIME", t.or("FROM", "start"), t.or("UNTIL", "end"), "OWNER"}}
	for _, x := range out.Conflicts {
		rows = append(rows, []string{t.exercised(shortID(x.ID), x.Exercise), t.side(x.A), t.side(x.B), t.code("conflict.", x.State), metres(x.LateralM), metres(x.VerticalM), secondsOf(x.TimeS),
			brief(x.From), briefEnd(x.From, x.Until), receivedBy(x.Owners)})
	}
	if err := table(a.stdout, t.table(rows)); err != nil {
		return err
	}
	return printCompared(a, out.Compared)
}

func side(p view.Party) string {
	if p.Notice == "" {
		return p.Party + ": not shown"
	}
	return p.Party + ": " + p.Notice
}

func metres(m *float64) string {
	if m == nil {
		return "-"
	}
	return fmt.Sprintf("%.0f m", *m)
}

func secondsOf(s *float64) string {
	if s == nil {
		return "-"
	}
	return seconds(*s)
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
	t, err := r.tongue()
	if err != nil {
		return err
	}
	rows := [][]string{
		{"conflict", t.exercised(x.ID, x.Exercise)}, {"state", t.conflictState(x)},
		{"of " + x.A.Party, noticeWords(x.A)}, {"of " + x.B.Party, noticeWords(x.B)},
		{"lateral gap", metres(x.LateralM)}, {"vertical gap", metres(x.VerticalM)}, {"time gap", secondsOf(x.TimeS)},
		{"altitudes", altitudesWords(x)},
		{t.or("from", "start"), stamp(x.From)}, {t.or("until", "end"), stamp(x.Until)}, {"where", x.Where},
		{"owner", receivedBy(x.Owners)},
	}
	if m := x.Moves; m != nil {
		rows = append(rows, []string{"to separate", moveWords(x.A.Party, *m)})
	}
	return facts(a.stdout, t.facts(append(rows, workRows(x)...)))
}

// altitudesWords says what altitudes both have, or where these are apart, between which they have none.
func altitudesWords(x view.Conflict) string {
	lower, upper := "the ground or below", "any height"
	if x.Lower != nil {
		lower = x.Lower.String()
	}
	if x.Upper != nil {
		upper = x.Upper.String()
	}
	switch {
	case x.VerticalM == nil:
		return ""
	case *x.VerticalM > 0:
		return "apart: one up to " + upper + ", the other from " + lower
	case x.Lower == nil && x.Upper == nil:
		return "all, of both"
	}
	return "both from " + lower + " to " + upper
}

func noticeWords(p view.Party) string {
	if p.Notice == "" {
		return "a notice that is not shown: call"
	}
	return fmt.Sprintf("%s, version %d, %s", p.Notice, p.Version, titled(p.Kind, p.Title))
}

// moveWords says by how much a party's notice would have to move, each rounded up, in any one
// dimension alone.
func moveWords(party string, m view.Move) string {
	var ways []string
	add := func(way string, v *float64, say func(float64) string) {
		if v != nil {
			ways = append(ways, say(math.Ceil(*v))+" "+way)
		}
	}
	length := func(m float64) string { return fmt.Sprintf("%.0f m", m) }
	way := "aside"
	if m.LateralBearingDeg != nil {
		way = fmt.Sprintf("aside at %.1f°", *m.LateralBearingDeg)
	}
	add(way, m.LateralM, length)
	add("up", m.UpM, length)
	add("down", m.DownM, length)
	add("later", m.LaterS, exactly)
	add("earlier", m.EarlierS, exactly)
	if len(ways) == 0 {
		return ""
	}
	return party + " moves one of: " + strings.Join(ways, "; ")
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

// conflictState says a conflict's state, and in what its notices came apart.
func conflictState(x view.Conflict) string {
	if len(x.SeparatedBy) == 0 {
		return x.State
	}
	return x.State + " in " + strings.Join(x.SeparatedBy, " and ")
}
