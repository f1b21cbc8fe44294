package api

import (
	"parley/fault"
	"parley/node/view"
)

// FalseRequest marks an alarm as a false one.
type FalseRequest struct {
	Alarm  string `json:"alarm"`
	Reason string `json:"reason"`
}

// HadAlarms are alarms that the desk had.
type HadAlarms struct {
	Alarms []view.HadAlarm `json:"alarms"`
}

func (a *api) postFalse(c *call) (any, error) {
	if _, err := c.query(); err != nil {
		return nil, err
	}
	var in FalseRequest
	if err := a.decode(c, &in); err != nil {
		return nil, err
	}
	if in.Alarm == "" {
		return nil, fault.New("alarm", "", "is required", "list them: parley line alarms")
	}
	al, err := a.cfg.Node.MarkFalse(c.r.Context(), c.officer(), in.Alarm, in.Reason)
	if err != nil {
		return nil, err
	}
	a.done(c, "alarm.false", in.Alarm)
	return al, nil
}

func (a *api) getFalse(c *call) (any, error) {
	q, err := c.query("line")
	if err != nil {
		return nil, err
	}
	list, err := a.cfg.Node.FalseAlarms(c.r.Context(), q["line"])
	return HadAlarms{list}, err
}

func (a *api) getOver(c *call) (any, error) {
	if _, err := c.query(); err != nil {
		return nil, err
	}
	list, err := a.cfg.Node.AlarmsOver(c.r.Context())
	return HadAlarms{list}, err
}
