package api

func (a *api) getOptions(c *call) (any, error) {
	q, err := c.query("line")
	if err != nil {
		return nil, err
	}
	o, err := a.cfg.Node.Options(c.r.Context(), q["line"], c.r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	return o, a.shown(c, "options", &sight{ids: []string{c.r.PathValue("id")}}, false)
}

func (a *api) postPropose(c *call) (any, error) {
	q, err := c.query("line")
	if err != nil {
		return nil, err
	}
	var in ProposeRequest
	if err := a.decode(c, &in); err != nil {
		return nil, err
	}
	x, err := a.cfg.Node.ProposeMove(c.r.Context(), c.officer(), q["line"], c.r.PathValue("id"), in.Mover, in.Shift, in.Remark)
	if err != nil {
		return nil, err
	}
	a.done(c, "propose", x.ID)
	return x, nil
}

func (a *api) postReply(c *call) (any, error) {
	q, err := c.query("line")
	if err != nil {
		return nil, err
	}
	var in ReplyRequest
	if err := a.decode(c, &in); err != nil {
		return nil, err
	}
	x, err := a.cfg.Node.ReplyToMove(c.r.Context(), c.officer(), q["line"], c.r.PathValue("id"), in.Accept, in.Reason)
	if err != nil {
		return nil, err
	}
	a.done(c, "reply", x.Conflict.ID)
	return x, nil
}

func (a *api) postApply(c *call) (any, error) {
	q, err := c.query("line")
	if err != nil {
		return nil, err
	}
	if err := c.noBody(); err != nil {
		return nil, err
	}
	x, err := a.cfg.Node.ApplyMove(c.r.Context(), c.officer(), q["line"], c.r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	a.done(c, "apply", x.Conflict.ID)
	return x, nil
}

func (a *api) postSettle(c *call) (any, error) {
	q, err := c.query("line")
	if err != nil {
		return nil, err
	}
	var in SettleRequest
	if err := a.decode(c, &in); err != nil {
		return nil, err
	}
	x, err := a.cfg.Node.Settle(c.r.Context(), c.officer(), q["line"], c.r.PathValue("id"), in.How, in.Reason)
	if err != nil {
		return nil, err
	}
	a.done(c, "settle", x.ID)
	return x, nil
}
