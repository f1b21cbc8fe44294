package api

import (
	"parley/fault"
	"parley/node/view"
)

func (a *api) getConflicts(c *call) (any, error) {
	q, err := c.query("line", "all", "picture")
	if err != nil {
		return nil, err
	}
	all, err := flag(q, "all")
	if err != nil {
		return nil, err
	}
	pic, err := pictureOf(q)
	if err != nil {
		return nil, err
	}
	conflicts, err := a.cfg.Node.Conflicts(c.r.Context(), q["line"], all)
	if err != nil {
		return nil, err
	}
	conflicts = chosen(pic, conflicts, func(x *view.Conflict) bool { return x.Exercise })
	compared, err := a.compared(c.r.Context(), q["line"], pic)
	if err != nil {
		return nil, err
	}
	return Conflicts{conflicts, compared}, nil
}

func (a *api) getConflict(c *call) (any, error) {
	q, err := c.query("line")
	if err != nil {
		return nil, err
	}
	x, err := a.cfg.Node.Conflict(c.r.Context(), q["line"], c.r.PathValue("id"))
	return x, err
}

func (a *api) postOwn(c *call) (any, error) {
	q, err := c.query("line")
	if err != nil {
		return nil, err
	}
	if err := c.noBody(); err != nil {
		return nil, err
	}
	x, err := a.cfg.Node.Own(c.r.Context(), c.officer(), q["line"], c.r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	a.done(c, "own", x.ID)
	return x, nil
}

func (a *api) getAlarms(c *call) (any, error) {
	q, err := c.query("line", "picture")
	if err != nil {
		return nil, err
	}
	pic, err := pictureOf(q)
	if err != nil {
		return nil, err
	}
	alarms, err := a.cfg.Node.Alarms(c.r.Context())
	alarms = chosen(pic, alarms, func(al *view.Alarm) bool { return al.Exercise })
	if err != nil || q["line"] == "" {
		return Alarms{alarms}, err
	}
	ln, err := a.cfg.Node.Line(c.r.Context(), q["line"])
	if err != nil {
		return nil, err
	}
	out := Alarms{Alarms: []view.Alarm{}}
	for _, al := range alarms {
		if al.Line == "" || al.Line == ln.ID {
			out.Alarms = append(out.Alarms, al)
		}
	}
	return out, nil
}

func (a *api) postAcknowledge(c *call) (any, error) {
	if _, err := c.query(); err != nil {
		return nil, err
	}
	var in AcknowledgeRequest
	if err := a.decode(c, &in); err != nil {
		return nil, err
	}
	if in.Alarm == "" {
		return nil, fault.New("alarm", "", "is required", "list them: parley line alarms")
	}
	al, err := a.cfg.Node.Acknowledge(c.r.Context(), c.officer(), in.Alarm)
	if err != nil {
		return nil, err
	}
	a.done(c, "acknowledge", in.Alarm)
	return al, nil
}
