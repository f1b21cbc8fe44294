package main

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"parley/api"
	"parley/catalogue"
	"parley/fault"
	"parley/geo4d"
	"parley/node/view"
	"parley/notice"
)

type siteCmd struct {
	List       siteListCmd       `cmd:"" help:"List the sites of each party, and what came, changed, went and was confirmed since a day."`
	Import     siteImportCmd     `cmd:"" help:"File what a list of own sites adds and changes, with a report line for each row."`
	Revalidate siteRevalidateCmd `cmd:"" help:"Confirm that own sites still are as stated."`
	Copies     siteCopiesCmd     `cmd:"" help:"List the copies of own sites that were given to others."`
	WhoseCopy  siteWhoseCopyCmd  `cmd:"" help:"Say which copy of own sites a list was made from, or that this cannot be told."`
	Remove     siteRemoveCmd     `cmd:"" help:"Remove own sites from the list, with the reason."`
	Access     siteAccessCmd     `cmd:"" help:"Show who of this party looked at a site of the other."`
	Receive    siteReceiveCmd    `cmd:"" help:"Say that you, an officer, have what changed in the other party's list."`
}

type siteListCmd struct {
	remote
	Party   string `help:"Of this party alone." placeholder:"NAME"`
	Since   string `help:"What changed since then as well: a day, a time with its offset, or how long ago (7d, 36h)." placeholder:"WHEN"`
	Format  string `enum:"table,csv,geojson" default:"table" help:"One of ${enum}."`
	For     string `help:"Make a marked copy of the own sites for this organisation or role, beyond the line." placeholder:"RECIPIENT"`
	Level   string `help:"What the copy holds: full, volume (no names, no numbers) or alert (no position at all)." placeholder:"LEVEL"`
	Release string `help:"The number under which another officer released the copy, where the agreement asks for two persons." placeholder:"NUMBER"`
	Out     string `short:"o" help:"Where to write the copy; a file that is there is kept." placeholder:"FILE" type:"path"`
}

// Help shows how it is used.
func (siteListCmd) Help() string {
	return `Additions and removals stand apart, each with who said it and who of the other party received it.
CSV and GeoJSON have the sites of one list, and parley site import reads them.

Examples:

  parley site list --since 7d
  parley site list --party blue --format csv
  parley site list --for "Field hospital" --level volume --out hospital.geojson
`
}

// Run lists sites.
func (c *siteListCmd) Run(a *app) error {
	if c.For != "" || c.Level != "" || c.Out != "" || c.Release != "" {
		return c.issue(a)
	}
	since, err := sinceWhen(c.Since, a.now())
	if err != nil {
		return err
	}
	var out api.Sites
	if err := c.get(a, "/v1/sites", c.query("party", c.Party, "since", since), &out); err != nil {
		return err
	}
	switch {
	case c.JSON:
		return printJSON(a.stdout, out)
	case c.Format == "table":
		for _, l := range out.Lists {
			if err := printSites(a, l); err != nil {
				return err
			}
		}
		return nil
	case c.Party == "":
		return fault.New("party", "", "is required for "+c.Format+": a file has one list", "name whose: --party NAME")
	case len(out.Lists) != 1:
		return fault.New("line", "", "is required: there are several lists of that party", "name one: --line LINE")
	case c.Format == "csv":
		return printSiteCSV(a.stdout, out.Lists[0].Sites)
	}
	return printSiteGeoJSON(a.stdout, out.Lists[0].Sites)
}

// sinceWhen says a day, a time or how long ago as the API takes it.
func sinceWhen(s string, now time.Time) (string, error) {
	if s == "" {
		return "", nil
	}
	if days, ok := strings.CutSuffix(s, "d"); ok {
		if n, err := strconv.Atoi(days); err == nil && n > 0 && n < 100_000 {
			return geo4d.FormatTime(now.AddDate(0, 0, -n)), nil
		}
	}
	if d, err := time.ParseDuration(s); err == nil && d > 0 {
		return geo4d.FormatTime(now.Add(-d)), nil
	}
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		return geo4d.FormatTime(t), nil
	}
	t, err := geo4d.ParseTime(s)
	if err != nil {
		return "", fault.New("since", s, "is not a day, a time with its offset or how long ago", "write 2026-12-01, 2026-12-01T06:00:00Z, 7d or 36h")
	}
	return geo4d.FormatTime(t), nil
}

func printSites(a *app, l view.SiteList) error {
	t := a.said
	t.line(a, catalogue.Say("site.list", catalogue.ByPeople("party", l.Party), catalogue.CountOf("count", len(l.Sites))))
	if len(l.Sites) > 0 {
		rows := [][]string{{"ID", "V", "TITLE", "POSITION", "RADIUS", "VALID UNTIL", "CONFIRMED BY", "RECEIVED BY"}}
		for _, s := range l.Sites {
			until := stamp(s.ValidUntil)
			if s.Unverified {
				until = t.Say(catalogue.Say("site.unverified", catalogue.AsCode("moment", until)))
			}
			rows = append(rows, []string{s.ID, strconv.Itoa(s.Version), s.Title, t.positionWords(s), radiusWords(s), until, t.confirmedBy(s), receivedBy(s.Received)})
		}
		if err := table(a.stdout, t.table(rows)); err != nil {
			return err
		}
	}
	if l.Hidden > 0 {
		t.line(a, catalogue.Say("site.hidden", catalogue.CountOf("count", l.Hidden), catalogue.ByPeople("party", l.Party)))
	}
	if l.Since.IsZero() {
		return nil
	}
	for _, part := range []struct {
		key  string
		list []view.SiteChange
	}{{"site.added", l.Added}, {"site.changed", l.Changed}, {"site.removed", l.Removed}, {"site.revalidated", l.Revalidated}} {
		if err := printSiteChanges(a, part.key, l.Since, part.list); err != nil {
			return err
		}
	}
	return nil
}

func printSiteChanges(a *app, key string, since time.Time, list []view.SiteChange) error {
	fmt.Fprintln(a.stdout)
	a.said.line(a, catalogue.Say(key, catalogue.At("stamp", catalogue.Stamp, since), catalogue.CountOf("count", len(list))))
	if len(list) == 0 {
		return nil
	}
	rows := [][]string{{"ID", "V", "TITLE", "WHEN", "BY", "WHY", "DELIVERED", "RECEIVED BY"}}
	for _, c := range list {
		rows = append(rows, []string{c.ID, strconv.Itoa(c.Version), c.Title, stamp(c.Time), orDash(c.Officer), orDash(c.Reason), stampAt(c.Delivered), receivedBy(c.Received)})
	}
	return table(a.stdout, a.said.table(rows))
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

func (t tongue) positionWords(s view.Site) string {
	if s.LatDeg == nil || s.LonDeg == nil {
		return t.Word("site.see-shape")
	}
	return geo4d.FormatDD(geo4d.Position{LatDeg: *s.LatDeg, LonDeg: *s.LonDeg})
}

func radiusWords(s view.Site) string {
	if s.RadiusM == nil {
		return "-"
	}
	return strconv.FormatFloat(*s.RadiusM, 'f', -1, 64) + " m"
}

func (t tongue) confirmedBy(s view.Site) string {
	if s.Confirmed == nil {
		return "-"
	}
	return t.commas(s.Confirmed.Officer, stamp(s.Confirmed.Time))
}

type siteRevalidateCmd struct {
	remote
	IDs    []string `arg:"" optional:"" name:"id" help:"The sites' ids."`
	AllDue bool     `help:"All that must be confirmed soon or are unverified; at most 1,000 at once."`
	Until  string   `help:"Until then and not for the agreement's term." placeholder:"TIME"`
	Remark string   `help:"A remark for the record: who looked, and when."`
}

// Help shows how it is used.
func (siteRevalidateCmd) Help() string {
	return `You say with your name that each site still is as its newest version says. Both parties keep it. A
site that nobody confirms in time stays on the list and in conflict checks, marked unverified, and
alarms both parties.

Examples:

  parley site revalidate clinic-7 clinic-9 --remark "seen by the field office on Monday"
  parley site revalidate --all-due
`
}

// Run says it.
func (c *siteRevalidateCmd) Run(a *app) error {
	in := api.RevalidateRequest{IDs: c.IDs, AllDue: c.AllDue, Remark: c.Remark}
	if c.Until != "" {
		t, err := geo4d.ParseTime(c.Until)
		if err != nil {
			return fault.In("until", err)
		}
		in.Until = t
	}
	var out api.Revalidated
	if err := c.post(a, "/v1/sites/revalidate", c.query(), in, &out); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(a.stdout, out)
	}
	if len(out.Sites) == 0 {
		return a.said.say(a, catalogue.Say("list.no-sites-due"))
	}
	for _, n := range out.Sites {
		a.said.line(a, catalogue.Say("site.confirmed", catalogue.ByPeople("notice", n.ID), catalogue.CountOf("version", n.Version), catalogue.AsCode("moment", stamp(n.ValidUntil))))
	}
	return nil
}

type siteRemoveCmd struct {
	remote
	IDs    []string `arg:"" name:"id" help:"The sites' ids."`
	Reason string   `required:"" help:"Why, for both parties."`
}

// Help shows how it is used.
func (siteRemoveCmd) Help() string {
	return "Each is cancelled, where the agreement says so once a second officer released it, and stands among the removals of both parties' lists with your name and the reason.\n\nExample:\n\n  parley site remove clinic-7 --reason \"moved to clinic-12\"\n"
}

// Run removes them.
func (c *siteRemoveCmd) Run(a *app) error {
	for _, id := range c.IDs {
		var n view.Notice
		path := "/v1/notices/" + url.PathEscape(id)
		if err := c.get(a, path, c.query(), &n); err != nil {
			return err
		}
		if n.Kind != notice.Site || !n.Own {
			return fault.New("id", id, "is not an own site", "list them: parley site list")
		}
		var out view.Filed
		if err := c.post(a, path+"/state", c.query(), api.StateRequest{Event: notice.Cancel, Reason: c.Reason}, &out); err != nil {
			return err
		}
		if c.JSON {
			if err := printJSON(a.stdout, out); err != nil {
				return err
			}
		} else if out.Release != nil {
			a.said.printRelease(a, *out.Release)
		} else {
			a.said.line(a, catalogue.Say("site.one-removed", catalogue.ByPeople("notice", id)))
		}
	}
	return nil
}

type siteReceiveCmd struct {
	remote
	Since  string `required:"" help:"Since then: a day, a time with its offset, or how long ago (7d, 36h)." placeholder:"WHEN"`
	Remark string `help:"A remark for the record."`
}

// Help shows how it is used.
func (siteReceiveCmd) Help() string {
	return "Look at the list first. The other party sees beside each change that you have it.\n\nExample:\n\n  parley site receive --since 7d\n"
}

// Run says it.
func (c *siteReceiveCmd) Run(a *app) error {
	since, err := sinceWhen(c.Since, a.now())
	if err != nil {
		return err
	}
	at, err := geo4d.ParseTime(since)
	if err != nil {
		return fault.In("since", err)
	}
	var out api.ReceivedSites
	if err := c.post(a, "/v1/sites/receive", c.query(), api.ReceiveSitesRequest{Since: at, Remark: c.Remark}, &out); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(a.stdout, out)
	}
	return a.said.say(a, catalogue.Say("site.received", catalogue.CountOf("count", out.Received)))
}
