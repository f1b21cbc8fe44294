package api

func (a *api) postReadBack(c *call) (any, error) {
	q, err := c.query("line")
	if err != nil {
		return nil, err
	}
	var in ReadBackRequest
	if err := a.decode(c, &in); err != nil {
		return nil, err
	}
	id, err := a.filed(c.r.Context(), q["line"], "", in.ID, otherOnly)
	if err != nil {
		return nil, err
	}
	n, err := a.cfg.Node.ReadBack(c.r.Context(), c.officer(), q["line"], id, in.By, in.Text)
	if err != nil {
		return nil, err
	}
	a.done(c, "read-back", id)
	return n, nil
}

func (a *api) postRelay(c *call) (any, error) {
	q, err := c.query("line")
	if err != nil {
		return nil, err
	}
	var in RelayRequest
	if err := a.decode(c, &in); err != nil {
		return nil, err
	}
	id, err := a.filed(c.r.Context(), q["line"], "", in.ID, otherOnly)
	if err != nil {
		return nil, err
	}
	n, err := a.cfg.Node.Relay(c.r.Context(), c.officer(), q["line"], id, in.Unit, in.Means, in.Remark)
	if err != nil {
		return nil, err
	}
	a.done(c, "relay", id)
	return n, nil
}

func (a *api) postUnit(c *call) (any, error) {
	q, err := c.query("line")
	if err != nil {
		return nil, err
	}
	var in UnitRequest
	if err := a.decode(c, &in); err != nil {
		return nil, err
	}
	id, err := a.filed(c.r.Context(), q["line"], "", in.ID, otherOnly)
	if err != nil {
		return nil, err
	}
	n, err := a.cfg.Node.UnitWord(c.r.Context(), c.officer(), q["line"], id, in.Unit, in.Unable, in.Reason)
	if err != nil {
		return nil, err
	}
	a.done(c, "unit", id)
	return n, nil
}
