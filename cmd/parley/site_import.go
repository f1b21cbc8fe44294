package main

import (
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"parley/catalogue"
	"parley/cmd/parley/home"
	"parley/fault"
	"parley/geo4d"
	"parley/node/view"
	"parley/notice/intake"
)

type siteImportCmd struct {
	remote
	File          string `arg:"" help:"The list: FILE.csv, or FILE.geojson as a plan file."`
	DryRun        bool   `help:"Say what would come of every row, and file nothing."`
	Report        string `help:"Write the report of every row there, as JSON." placeholder:"FILE" type:"path"`
	From          string `help:"From when new sites are valid whose row does not say; now without it." placeholder:"TIME"`
	RemoveMissing bool   `help:"Remove own sites that the file does not name. Without it they are only listed."`
	Reason        string `help:"Why they are removed, for both parties."`
}

// Help shows how it is used.
func (siteImportCmd) Help() string {
	return `The columns are ` + strings.Join(intake.SiteColumns(), ", ") + `. id, radius_m and a position are
required: lat and lon in degrees, or position with letters (352427N0355657E). Importing the same file
again changes nothing, so an import that was cut short is simply done again. Exit status 2 says that
a row was refused; the others are filed.

Example:

  parley site import clinics.csv --dry-run --report report.json
  parley site import clinics.csv
`
}

// importPatience is how long the node may take to file a whole list.
const importPatience = 15 * time.Minute

// Run imports the file.
func (c *siteImportCmd) Run(a *app) error {
	typ, ok := map[string]string{".csv": "text/csv", ".geojson": "application/geo+json", ".json": "application/geo+json"}[strings.ToLower(filepath.Ext(c.File))]
	if !ok {
		return fault.New("file", c.File, "is neither .csv nor .geojson", "name it so that its ending says which it is")
	}
	from := ""
	if c.From != "" {
		t, err := geo4d.ParseTime(c.From)
		if err != nil {
			return fault.In("from", err)
		}
		from = geo4d.FormatTime(t)
	}
	data, err := readFile(a, c.File, intake.MaxSiteBytes)
	if err != nil {
		return err
	}
	cl, err := c.openSlow(a)
	if err != nil {
		return err
	}
	var out view.SiteImport
	q := c.query("dry_run", yes(c.DryRun), "from", from, "remove_missing", yes(c.RemoveMissing), "reason", c.Reason)
	if err := cl.do(a.ctx, http.MethodPost, "/v1/sites/import", q, typ, data, &out); err != nil {
		return err
	}
	if c.Report != "" {
		if err := home.StreamFile(c.Report, 0o600, func(w io.Writer) error { return printJSON(w, out) }); err != nil {
			return err
		}
	}
	if c.JSON {
		err = printJSON(a.stdout, out)
	} else {
		err = printImport(a, out)
	}
	if err == nil && out.Counts[view.RowRefused] > 0 {
		return exitBadInput
	}
	return err
}

func printImport(a *app, out view.SiteImport) error {
	t := a.said
	for _, r := range out.Rows {
		at := "      "
		if r.Row > 0 {
			at = fmt.Sprintf("%5d:", r.Row)
		}
		fmt.Fprintf(a.stdout, "%s %s: %s", at, plain(orDash(r.ID)), plain(t.code("row.", r.Outcome)))
		if len(r.Fields) > 0 {
			fmt.Fprintf(a.stdout, " (%s)", strings.Join(r.Fields, ", "))
		}
		if r.Where != "" {
			fmt.Fprint(a.stdout, plain(t.Word("list.semicolon")+r.Where))
		}
		fmt.Fprintln(a.stdout)
		for _, p := range r.Problems {
			fmt.Fprintf(a.stdout, "       %s\n", t.problem(p))
		}
		for _, w := range r.Warnings {
			fmt.Fprintf(a.stdout, "       %s\n", plain(t.Say(warningMessage(w))))
		}
	}
	var parts []string
	for _, o := range []string{view.RowAdded, view.RowChanged, view.RowUnchanged, view.RowRefused, view.RowMissing, view.RowRemoved, view.RowWaits} {
		if n := out.Counts[o]; n > 0 {
			parts = append(parts, t.Say(catalogue.Say("row.count", catalogue.CountOf("count", n), t.coded("state", "row.", o))))
		}
	}
	text := strings.Join(parts, t.Word("list.comma"))
	if out.DryRun {
		text += t.Word("list.semicolon") + t.Word("site.nothing-filed")
	}
	return say(a, text)
}
