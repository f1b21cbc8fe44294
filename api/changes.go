package api

import (
	"strconv"
	"strings"
	"time"

	"parley/node/view"
)

// Changes is the answer to GET /v1/changes.
type Changes struct {
	// Mark is given back as after, to be told what changed since.
	Mark string `json:"mark"`
	// Event is the newest event that the answer has in it: those up to it need not be read for.
	Event string    `json:"event"`
	Time  time.Time `json:"time"` // by the node's clock
	view.Changes
}

// getChanges says what of the picture changed since a mark that was given before; all of it where the
// mark is none of this run of the node, or too old.
func (a *api) getChanges(c *call) (any, error) {
	q, err := c.query("after")
	if err != nil {
		return nil, err
	}
	after := int64(-1)
	instance, number, _ := strings.Cut(q["after"], ".")
	if n, err := strconv.ParseInt(number, 10, 64); err == nil && n >= 0 && instance == a.cfg.Instance {
		after = n
	}
	event := a.cfg.Node.LastEvent()
	list, newest, err := a.cfg.Node.Changes(c.r.Context(), after)
	if err != nil {
		return nil, err
	}
	return Changes{Mark: a.eventID(newest), Event: a.eventID(event), Time: a.cfg.Clock.Now(), Changes: list}, nil
}
