package api

import (
	"parley/api/officer"
	"parley/fault"
	"parley/node/view"
)

// Releases is the answer to GET /v1/releases.
type Releases struct {
	Releases []view.Release `json:"releases"`
}

// releaseRoutes are the routes of commands that take two persons. Which of these roles may decide one
// depends on the command, and the node says so.
func releaseRoutes() []route {
	files := []officer.Role{officer.Planner, officer.Duty, officer.Supervisor}
	return []route{
		read("/v1/releases", (*api).getReleases),
		read("/v1/releases/{release}", (*api).getRelease),
		do("/v1/releases/{release}/give", files, (*api).postGive),
		do("/v1/releases/{release}/refuse", files, (*api).postRefuse),
	}
}

func (a *api) getReleases(c *call) (any, error) {
	q, err := c.query("all")
	if err != nil {
		return nil, err
	}
	all, err := flag(q, "all")
	if err != nil {
		return nil, err
	}
	list, err := a.cfg.Node.Releases(c.r.Context(), all)
	return Releases{list}, err
}

func (a *api) getRelease(c *call) (any, error) {
	if _, err := c.query(); err != nil {
		return nil, err
	}
	r, err := a.cfg.Node.Release(c.r.Context(), c.r.PathValue("release"))
	return r, err
}

func (a *api) postGive(c *call) (any, error) {
	if err := c.noBody(); err != nil {
		return nil, err
	}
	r, err := a.cfg.Node.GiveRelease(c.r.Context(), c.officer(), c.r.PathValue("release"))
	if err != nil {
		return nil, err
	}
	a.done(c, "release.give", r.ID)
	a.done(c, r.Action, r.Subject)
	return r, nil
}

func (a *api) postRefuse(c *call) (any, error) {
	if _, err := c.query(); err != nil {
		return nil, err
	}
	var in ReasonRequest
	if err := a.decode(c, &in); err != nil {
		return nil, err
	}
	if in.Reason == "" {
		return nil, fault.New("reason", "", "is required", "say why: who prepared it reads it")
	}
	r, err := a.cfg.Node.RefuseRelease(c.r.Context(), c.officer(), c.r.PathValue("release"), in.Reason)
	if err != nil {
		return nil, err
	}
	a.done(c, "release.refuse", r.ID)
	return r, nil
}

// prepared is what the audit log says of a command: that it was done, or prepared for a second officer.
func prepared(what string, r *view.Release) string {
	if r != nil {
		return "prepare." + what
	}
	return what
}
