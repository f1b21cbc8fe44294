package api

import (
	"slices"
	"strconv"

	"parley/api/officer"
	"parley/fault"
	"parley/node"
	"parley/node/view"
)

func (a *api) getRota(c *call) (any, error) {
	if _, err := c.query(); err != nil {
		return nil, err
	}
	return a.cfg.Node.Rota(c.r.Context())
}

func (a *api) putRota(c *call) (any, error) {
	if _, err := c.query(); err != nil {
		return nil, err
	}
	typ, err := c.contentType(typeCSV, typeJSON)
	if err != nil {
		return nil, err
	}
	data, err := c.body(min(a.limits.BodyBytes, node.MaxRotaBytes))
	if err != nil {
		return nil, err
	}
	rows, err := node.ReadRota(data, map[string]string{typeCSV: node.RotaCSV, typeJSON: node.RotaJSON}[typ])
	if err != nil {
		return nil, err
	}
	if err := a.mayHaveWatch(rows); err != nil {
		return nil, err
	}
	r, err := a.cfg.Node.SetRota(c.r.Context(), c.officer(), rows)
	if err != nil {
		return nil, err
	}
	a.done(c, "rota", strconv.Itoa(len(r.Rows))+" rows")
	return r, nil
}

// mayHaveWatch refuses a rota of which a row that is not over names somebody who could not accept.
func (a *api) mayHaveWatch(rows []view.RotaRow) error {
	book, err := a.cfg.Officers.Book()
	if err != nil {
		return fault.Wrap(fault.Unavailable, "api.officers", err)
	}
	now := a.cfg.Clock.Now()
	for _, r := range rows {
		if r.Until.After(now) && !slices.ContainsFunc(book.Officers, func(o officer.Officer) bool {
			return o.Name == r.Officer && string(o.Role) == r.Role && !o.Expired(now)
		}) {
			return fault.New("officer", r.Officer, "is no "+r.Role+" officer of this node who counts now", "write name and role as parley officer list shows them")
		}
	}
	return nil
}
