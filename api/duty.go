package api

import (
	"context"
	"slices"

	"parley/api/officer"
	"parley/fault"
	"parley/node"
	"parley/node/view"
)

// DeskBook is the answer to GET /v1/desk.
type DeskBook struct {
	Desks []view.Desk `json:"desks"`
	Watch view.Watch  `json:"watch"`
}

// Desks is the answer to an officer who comes to the desk or leaves it: the own desk on every line.
type Desks struct {
	Desks []view.Desk `json:"desks"`
}

// HandOvers is the answer to GET /v1/desk/handovers.
type HandOvers struct {
	HandOvers []view.HandOver `json:"handovers"`
}

// HandOverRequest hands the watch to an officer, or to the next on the rota.
type HandOverRequest struct {
	To string `json:"to,omitzero"`
}

// LineTests is the answer to GET /v1/tests.
type LineTests struct {
	Tests []view.LineTest `json:"tests"`
}

// TestAnswerRequest says the word of a test back.
type TestAnswerRequest struct {
	Word string `json:"word"`
}

// dutyRoutes are the routes of desks, the watch, tests of the line and statistics.
func dutyRoutes() []route {
	desk := []officer.Role{officer.Duty, officer.Supervisor}
	return []route{
		read("/v1/desk", (*api).getDesk),
		do("/v1/desk/present", desk, (*api).postPresent),
		do("/v1/desk/leave", desk, (*api).postLeave),
		read("/v1/desk/handovers", (*api).getHandOvers),
		do("/v1/desk/handover", desk, (*api).postHandOver),
		read("/v1/desk/rota", (*api).getRota),
		{Route: Route{Method: "PUT", Path: "/v1/desk/rota", Roles: []officer.Role{officer.Supervisor}}, handle: (*api).putRota},
		do("/v1/desk/accept", desk, (*api).postAccept),
		do("/v1/desk/keep", desk, (*api).postKeep),
		read("/v1/tests", (*api).getTests),
		do("/v1/tests", desk, (*api).postTest),
		do("/v1/tests/answer", desk, (*api).postTestAnswer),
		read("/v1/statistics", (*api).getStatistics),
		read("/v1/metrics", (*api).getMetrics),
	}
}

func (a *api) getDesk(c *call) (any, error) {
	if _, err := c.query(); err != nil {
		return nil, err
	}
	desks, err := a.cfg.Node.Desks(c.r.Context())
	if err != nil {
		return nil, err
	}
	watch, err := a.cfg.Node.Watch(c.r.Context())
	return DeskBook{desks, watch}, err
}

func (a *api) postPresent(c *call) (any, error) {
	return a.atDesk(c, "desk.present", a.cfg.Node.Present)
}

func (a *api) postLeave(c *call) (any, error) { return a.atDesk(c, "desk.left", a.cfg.Node.Leave) }

func (a *api) atDesk(c *call, what string, do func(context.Context, node.Officer) ([]view.Desk, error)) (any, error) {
	if err := c.noBody(); err != nil {
		return nil, err
	}
	desks, err := do(c.r.Context(), c.officer())
	if err != nil {
		return nil, err
	}
	a.done(c, what, c.who.Name)
	return Desks{desks}, nil
}

func (a *api) getHandOvers(c *call) (any, error) {
	if _, err := c.query(); err != nil {
		return nil, err
	}
	list, err := a.cfg.Node.HandOvers(c.r.Context())
	return HandOvers{list}, err
}

func (a *api) postHandOver(c *call) (any, error) {
	if _, err := c.query(); err != nil {
		return nil, err
	}
	var in HandOverRequest
	if err := a.decode(c, &in); err != nil {
		return nil, err
	}
	if in.To == "" {
		to, err := a.cfg.Node.NextOnWatch(c.r.Context(), c.officer())
		if err != nil {
			return nil, err
		}
		in.To = to
	}
	if err := a.mayTakeWatch(in.To); err != nil {
		return nil, err
	}
	w, err := a.cfg.Node.BeginHandOver(c.r.Context(), c.officer(), in.To)
	if err != nil {
		return nil, err
	}
	a.done(c, "handover", in.To)
	return w, nil
}

// mayTakeWatch refuses to hand the watch to a name that nobody could accept it under.
func (a *api) mayTakeWatch(name string) error {
	book, err := a.cfg.Officers.Book()
	if err != nil {
		return fault.Wrap(fault.Unavailable, "api.officers", err)
	}
	now := a.cfg.Clock.Now()
	if !slices.ContainsFunc(book.Officers, func(o officer.Officer) bool {
		return o.Name == name && !o.Expired(now) && (o.Role == officer.Duty || o.Role == officer.Supervisor)
	}) {
		return fault.New("to", name, "is no duty officer or supervisor of this node whose token counts now", "write the name as parley officer list shows it")
	}
	return nil
}

func (a *api) postAccept(c *call) (any, error) {
	return a.watch(c, "watch.accept", a.cfg.Node.AcceptWatch)
}
func (a *api) postKeep(c *call) (any, error) { return a.watch(c, "watch.keep", a.cfg.Node.KeepWatch) }

func (a *api) watch(c *call, what string, do func(context.Context, node.Officer) (view.Watch, error)) (any, error) {
	if err := c.noBody(); err != nil {
		return nil, err
	}
	w, err := do(c.r.Context(), c.officer())
	if err != nil {
		return nil, err
	}
	a.done(c, what, c.who.Name)
	return w, nil
}

func (a *api) getTests(c *call) (any, error) {
	q, err := c.query("line")
	if err != nil {
		return nil, err
	}
	list, err := a.cfg.Node.LineTests(c.r.Context(), q["line"])
	return LineTests{list}, err
}

func (a *api) postTest(c *call) (any, error) {
	q, err := c.query("line")
	if err != nil {
		return nil, err
	}
	if err := c.noBody(); err != nil {
		return nil, err
	}
	t, err := a.cfg.Node.TestLine(c.r.Context(), c.officer(), q["line"])
	if err != nil {
		return nil, err
	}
	a.done(c, "line.test", t.Entry)
	return t, nil
}

func (a *api) postTestAnswer(c *call) (any, error) {
	q, err := c.query("line")
	if err != nil {
		return nil, err
	}
	var in TestAnswerRequest
	if err := a.decode(c, &in); err != nil {
		return nil, err
	}
	t, err := a.cfg.Node.AnswerTest(c.r.Context(), c.officer(), q["line"], in.Word)
	if err != nil {
		return nil, err
	}
	a.done(c, "line.tested", t.Entry)
	return t, nil
}
