package api

import (
	"parley/fault"
	"parley/geo4d"
)

// getPast says what the node held at an instant, without what it learned later.
func (a *api) getPast(c *call) (any, error) {
	q, err := c.query("line", "at")
	if err != nil {
		return nil, err
	}
	at, err := geo4d.ParseTime(q["at"])
	if err != nil {
		return nil, fault.In("at", err)
	}
	return a.cfg.Node.Past(c.r.Context(), q["line"], at)
}
