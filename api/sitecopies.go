package api

import (
	"parley/api/officer"
	"parley/node"
	"parley/node/view"
	"parley/sitecopy"
)

// headerCopy has the id of a copy that was made.
const headerCopy = "Parley-Copy"

// IssueRequest says for whom a copy of the own sites is, and how much it holds.
type IssueRequest struct {
	For   string `json:"for"`
	Level string `json:"level"` // full, volume, alert
	// Release is the number under which another officer released it, where the agreement asks for two.
	Release string `json:"release,omitzero"`
}

// SiteCopies is the answer to GET /v1/sites/copies.
type SiteCopies struct {
	Copies []view.SiteCopy `json:"copies"`
}

// siteCopyRoutes lets supervisors give copies, and those who look into leaks look.
func siteCopyRoutes() []route {
	lead := []officer.Role{officer.Supervisor}
	looks := []officer.Role{officer.Supervisor, officer.Auditor}
	return []route{
		{Route: Route{Method: "GET", Path: "/v1/sites/copies", Roles: looks}, handle: (*api).getSiteCopies},
		do("/v1/sites/copies", lead, (*api).postSiteCopy),
		do("/v1/sites/whose-copy", looks, (*api).postWhoseCopy),
	}
}

func (a *api) getSiteCopies(c *call) (any, error) {
	q, err := c.query("line")
	if err != nil {
		return nil, err
	}
	list, err := a.cfg.Node.SiteCopies(c.r.Context(), q["line"])
	return SiteCopies{list}, err
}

func (a *api) postSiteCopy(c *call) (any, error) {
	q, err := c.query("line")
	if err != nil {
		return nil, err
	}
	var in IssueRequest
	if err := a.decode(c, &in); err != nil {
		return nil, err
	}
	f, err := a.cfg.Node.IssueSites(c.r.Context(), c.officer(), q["line"], node.Issuing(in))
	if err != nil {
		return nil, err
	}
	if f.Waits != nil {
		a.done(c, prepared("site-copy "+in.Level, f.Waits), "for "+in.For)
		return *f.Waits, nil
	}
	a.done(c, "site-copy "+f.Level, f.ID+" for "+f.For)
	c.w.Header().Set(headerCopy, f.ID)
	c.begin(typeGeoJSON)
	_, err = c.w.Write(f.Bytes)
	return nil, err
}

func (a *api) postWhoseCopy(c *call) (any, error) {
	q, err := c.query("line")
	if err != nil {
		return nil, err
	}
	if _, err := c.contentType(typeText, typeCSV, typeGeoJSON, typeJSON); err != nil {
		return nil, err
	}
	file, err := c.body(min(a.limits.BodyBytes, sitecopy.MaxTextBytes))
	if err != nil {
		return nil, err
	}
	out, err := a.cfg.Node.WhoseCopy(c.r.Context(), q["line"], file)
	if err != nil {
		return nil, err
	}
	if len(out.Named) == 0 {
		a.done(c, "whose-copy", "nobody")
	}
	for _, s := range out.Named {
		a.done(c, "whose-copy", s.Copy.ID)
	}
	return out, nil
}
