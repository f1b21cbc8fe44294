package main

import (
	"encoding/csv"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"parley/catalogue"
	"parley/fault"
	"parley/geo4d"
	"parley/node"
	"parley/node/view"
)

type deskRotaCmd struct {
	Set  deskRotaSetCmd  `cmd:"" help:"Put a rota in the place of the one there was."`
	Show deskRotaShowCmd `cmd:"" help:"Show who is to have the watch from now on."`
}

type deskRotaSetCmd struct {
	remote
	File string `arg:"" help:"The rota: FILE.csv or FILE.json."`
}

// Help shows how it is used.
func (deskRotaSetCmd) Help() string {
	return `The columns are ` + strings.Join(node.RotaColumns(), ", ") + `. Times are RFC 3339 with an offset. The role is duty or
supervisor. No two rows may name the same time; times for which no row names anybody are told as a
warning. A table with a heading and no row takes the rota away. Only a supervisor sets it.

Example:

  parley desk rota set december.csv
`
}

// Run sets the rota.
func (c *deskRotaSetCmd) Run(a *app) error {
	typ, ok := map[string]string{".csv": "text/csv", ".json": "application/json"}[strings.ToLower(filepath.Ext(c.File))]
	if !ok {
		return fault.New("file", c.File, "is neither .csv nor .json", "name it so that its ending says which it is")
	}
	data, err := readFile(a, c.File, node.MaxRotaBytes)
	if err != nil {
		return err
	}
	cl, err := c.open(a)
	if err != nil {
		return err
	}
	var out view.Rota
	if err := cl.do(a.ctx, http.MethodPut, "/v1/desk/rota", nil, typ, data, &out); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(a.stdout, out)
	}
	return printRota(a, out)
}

type deskRotaShowCmd struct {
	remote
	CSV bool `name:"csv" help:"Print CSV, as parley desk rota set reads it."`
}

// Help shows how it is used.
func (deskRotaShowCmd) Help() string {
	return "Example:\n\n  parley desk rota show\n  parley desk rota show --csv\n"
}

// Run shows it.
func (c *deskRotaShowCmd) Run(a *app) error {
	if c.CSV && c.JSON {
		return fault.New("csv", "", "does not go with json", "choose one of the two")
	}
	var out view.Rota
	if err := c.get(a, "/v1/desk/rota", nil, &out); err != nil {
		return err
	}
	switch {
	case c.JSON:
		return printJSON(a.stdout, out)
	case c.CSV:
		return printRotaCSV(a, out)
	}
	return printRota(a, out)
}

func printRotaCSV(a *app, r view.Rota) error {
	rows := [][]string{node.RotaColumns()}
	for _, x := range r.Rows {
		rows = append(rows, []string{geo4d.FormatTime(x.From), geo4d.FormatTime(x.Until), harmless(x.Officer), x.Role})
	}
	return fault.Wrap(fault.Unavailable, "print", csv.NewWriter(a.stdout).WriteAll(rows))
}

func printRota(a *app, r view.Rota) error {
	t := a.said
	if len(r.Rows) == 0 {
		return t.say(a, catalogue.Say("rota.nobody-named"))
	}
	rows := [][]string{{t.or("FROM", "start"), t.or("UNTIL", "end"), "OFFICER", "ROLE"}}
	gaps := r.Gaps
	for _, x := range r.Rows {
		if len(gaps) > 0 && gaps[0].Until.Equal(x.From) {
			rows = append(rows, []string{stamp(gaps[0].From), stamp(gaps[0].Until), t.Word("rota.nobody"), ""})
			gaps = gaps[1:]
		}
		rows = append(rows, []string{stamp(x.From), stamp(x.Until), x.Officer, t.code("role.", x.Role)})
	}
	if err := table(a.stdout, t.table(rows)); err != nil {
		return err
	}
	return t.say(a, catalogue.Say("rota.set-by", catalogue.ByPeople("officer", r.SetBy), catalogue.AsCode("moment", r.Set.UTC().Format(time.RFC3339))))
}
