package api

import "parley/node/view"

// AlertAnswers is the answer to GET /v1/answers.
type AlertAnswers struct {
	Answers []view.AlertAnswer `json:"answers"`
}

// RefuseRequest says why an answer is refused.
type RefuseRequest struct {
	Reason string `json:"reason"`
}

func (a *api) getAnswers(c *call) (any, error) {
	q, err := c.query("line")
	if err != nil {
		return nil, err
	}
	list, err := a.cfg.Node.Answers(c.r.Context(), q["line"])
	return AlertAnswers{list}, err
}

func (a *api) postReleaseAnswer(c *call) (any, error) {
	if err := c.noBody(); err != nil {
		return nil, err
	}
	return a.decide(c, true, "")
}

func (a *api) postRefuseAnswer(c *call) (any, error) {
	var in RefuseRequest
	if err := a.decode(c, &in); err != nil {
		return nil, err
	}
	return a.decide(c, false, in.Reason)
}

func (a *api) decide(c *call, release bool, reason string) (any, error) {
	q, err := c.query("line")
	if err != nil {
		return nil, err
	}
	x, err := a.cfg.Node.Decide(c.r.Context(), c.officer(), q["line"], c.r.PathValue("id"), release, reason)
	if err != nil {
		return nil, err
	}
	a.done(c, "answer "+x.Decision.State, x.Conflict.ID)
	return x, nil
}
