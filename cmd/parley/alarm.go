package main

import (
	"parley/api"
	"parley/catalogue"
	"parley/node/view"
)

// had lists the alarms that this desk had.
func (c *lineAlarmsCmd) had(a *app) error {
	path, q := "/v1/alarms/over", c.remote.query()
	if c.False {
		path = "/v1/alarms/false"
	} else {
		q.Del("line")
	}
	var out api.HadAlarms
	if err := c.get(a, path, q, &out); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(a.stdout, out)
	}
	t := a.said
	if len(out.Alarms) == 0 {
		return say(a, t.Word("list.no-alarms"))
	}
	rows := [][]string{{"ALARM", "SINCE", "UNTIL", "FALSE"}}
	for _, al := range out.Alarms {
		rows = append(rows, []string{t.exercised(al.ID, al.Exercise), stamp(al.Begun), stamp(al.Over), t.markedFalse(al.MarkedFalse)})
	}
	return table(a.stdout, t.table(rows))
}

// markedFalse says who marked an alarm as false, and why.
func (t tongue) markedFalse(f *view.FalseAlarm) string {
	if f == nil {
		return "-"
	}
	return t.Say(catalogue.Say("list.false", catalogue.ByPeople("officer", f.Officer), catalogue.ByPeople("reason", f.Reason)))
}

func (c *lineAckCmd) markFalse(a *app) error {
	var al view.HadAlarm
	if err := c.post(a, "/v1/alarms/false", nil, api.FalseRequest{Alarm: c.Alarm, Reason: *c.False}, &al); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(a.stdout, al)
	}
	return a.said.say(a, catalogue.Say("done.false", catalogue.AsCode("id", al.ID)))
}
