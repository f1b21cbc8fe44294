package api

import (
	"net/http"
	"time"

	"parley/api/officer"
	"parley/fault"
	"parley/geo4d"
	"parley/node"
	"parley/node/view"
	"parley/notice/intake"
)

// Sites is the answer to GET /v1/sites: a list for each line and party.
type Sites struct {
	Lists []view.SiteList `json:"lists"`
}

// RevalidateRequest names the own sites that are confirmed.
type RevalidateRequest struct {
	IDs    []string  `json:"ids,omitzero"`
	AllDue bool      `json:"all_due,omitzero"`
	Until  time.Time `json:"until,omitzero"`
	Remark string    `json:"remark,omitzero"`
}

// Revalidated is the answer to it.
type Revalidated struct {
	Sites []view.Notice `json:"sites"`
}

// ReceiveSitesRequest says since when the changes of a list are received.
type ReceiveSitesRequest struct {
	Since  time.Time `json:"since"`
	Remark string    `json:"remark,omitzero"`
}

// ReceivedSites is the answer to it.
type ReceivedSites struct {
	Received int `json:"received"` // how many changes
}

func siteRoutes(files, desk []officer.Role) []route {
	return []route{
		read("/v1/sites", (*api).getSites),
		read("/v1/answers", (*api).getAnswers),
		do("/v1/answers/{id}/release", desk, (*api).postReleaseAnswer),
		do("/v1/answers/{id}/refuse", desk, (*api).postRefuseAnswer),
		do("/v1/sites/revalidate", files, (*api).postRevalidate),
		do("/v1/sites/import", files, (*api).postImportSites),
		do("/v1/sites/receive", desk, (*api).postReceiveSites),
	}
}

func (a *api) getSites(c *call) (any, error) {
	q, err := c.query("line", "party", "since")
	if err != nil {
		return nil, err
	}
	if err := a.knownParty(c.r.Context(), q["party"]); err != nil {
		return nil, err
	}
	var since time.Time
	if s := q["since"]; s != "" {
		if since, err = geo4d.ParseTime(s); err != nil {
			return nil, fault.In("since", err)
		}
	}
	lists, err := a.cfg.Node.Sites(c.r.Context(), q["line"], q["party"], since)
	if err != nil {
		return nil, err
	}
	return Sites{lists}, nil
}

func (a *api) postRevalidate(c *call) (any, error) {
	q, err := c.query("line")
	if err != nil {
		return nil, err
	}
	var in RevalidateRequest
	if err := a.decode(c, &in); err != nil {
		return nil, err
	}
	list, err := a.cfg.Node.Revalidate(c.r.Context(), c.officer(), q["line"], node.Confirming(in))
	if err != nil {
		return nil, err
	}
	for _, n := range list {
		a.done(c, "revalidate", n.ID)
	}
	return Revalidated{list}, nil
}

// importTime bounds the filing of a whole list.
const importTime = 15 * time.Minute

func (a *api) postImportSites(c *call) (any, error) {
	q, err := c.query("line", "dry_run", "from", "remove_missing", "reason")
	if err != nil {
		return nil, err
	}
	in := node.Importing{Reason: q["reason"]}
	for name, at := range map[string]*bool{"dry_run": &in.DryRun, "remove_missing": &in.RemoveMissing} {
		if *at, err = flag(q, name); err != nil {
			return nil, err
		}
	}
	if s := q["from"]; s != "" {
		if in.From, err = geo4d.ParseTime(s); err != nil {
			return nil, fault.In("from", err)
		}
	}
	typ, err := c.contentType(typeCSV, typeGeoJSON)
	if err != nil {
		return nil, err
	}
	data, err := c.body(min(a.limits.BodyBytes, intake.MaxSiteBytes))
	if err != nil {
		return nil, err
	}
	format := map[string]string{typeCSV: intake.CSV, typeGeoJSON: intake.GeoJSON}[typ]
	ln, err := a.cfg.Node.Line(c.r.Context(), q["line"])
	if err != nil {
		return nil, err
	}
	if in.Rows, err = intake.ReadSites(data, format, a.language(c, ln.ID)); err != nil {
		return nil, err
	}
	// A writer without deadlines is bounded by whoever made it.
	_ = http.NewResponseController(c.w).SetWriteDeadline(a.cfg.Clock.Now().Add(importTime))
	out, err := a.cfg.Node.ImportSites(c.r.Context(), c.officer(), ln.ID, in)
	if err != nil {
		return nil, err
	}
	if !in.DryRun {
		for _, r := range out.Rows {
			if r.Outcome == view.RowAdded || r.Outcome == view.RowChanged || r.Outcome == view.RowRemoved {
				a.done(c, "import-sites "+r.Outcome, r.ID)
			}
		}
	}
	return out, nil
}

// language returns the working language of a line.
func (a *api) language(c *call, line string) string {
	if list, err := a.cfg.Node.Agreements(c.r.Context(), line); err == nil && len(list) > 0 {
		if l := list[len(list)-1].Terms.Languages; len(l) > 0 {
			return l[0]
		}
	}
	return "en"
}

func (a *api) postReceiveSites(c *call) (any, error) {
	q, err := c.query("line")
	if err != nil {
		return nil, err
	}
	var in ReceiveSitesRequest
	if err := a.decode(c, &in); err != nil {
		return nil, err
	}
	n, err := a.cfg.Node.ReceiveSites(c.r.Context(), c.officer(), q["line"], in.Since, in.Remark)
	if err != nil {
		return nil, err
	}
	a.done(c, "receive-sites", geo4d.FormatTime(in.Since))
	return ReceivedSites{n}, nil
}
