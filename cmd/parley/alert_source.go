package main

import (
	"context"
	"slices"

	"parley/alert"
	"parley/api/officer"
	"parley/audit"
	"parley/node"
	"parley/node/view"
)

// alarmSource gives a node's alarms to its alert channels.
type alarmSource struct {
	n      *node.Node
	record *audit.Log // set before anything runs
}

// Alarms returns the alarms there are now, once the node knows them.
func (s *alarmSource) Alarms(ctx context.Context) ([]alert.Alarm, error) {
	if err := s.n.Ready(ctx); err != nil {
		return nil, err
	}
	list, err := s.n.Alarms(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]alert.Alarm, 0, len(list))
	for _, a := range list {
		out = append(out, alert.Alarm{ID: a.ID, Kind: a.Kind, Level: a.Level, Line: a.Line, Text: a.Text, Since: a.Since, Due: a.Due,
			Escalated: a.Escalated, Exercise: a.Exercise, Message: a.Message})
	}
	return out, nil
}

// Observed returns the alarms that have come to an observer, at its level.
func (s *alarmSource) Observed(ctx context.Context, observer string) ([]alert.Alarm, error) {
	if err := s.n.Ready(ctx); err != nil {
		return nil, err
	}
	if err := s.n.Observes(observer); err != nil {
		return nil, err
	}
	list, err := s.n.ObservedAlarms(ctx, observer)
	if err != nil {
		return nil, err
	}
	out := make([]alert.Alarm, 0, len(list))
	for _, a := range list {
		out = append(out, alert.Alarm{ID: a.ID, Kind: a.Kind, Level: a.Level, Line: a.Line, Text: a.Text, Since: a.Since, Due: a.Due,
			Escalated: "observers", Exercise: a.Exercise, Message: a.Message, Disclosure: a.Disclosure})
	}
	return out, nil
}

// Telling puts what an observer is about to be told into the audit log.
func (s *alarmSource) Telling(ctx context.Context, observer, channel string, alarms []alert.Alarm) error {
	var looks []audit.Access
	for _, a := range alarms {
		i := slices.IndexFunc(looks, func(l audit.Access) bool { return l.Line == a.Line })
		if i < 0 {
			i = len(looks)
			looks = append(looks, audit.Access{Officer: observer, Role: string(officer.Observer), By: "channel " + channel, What: "alarms told at " + a.Disclosure, Line: a.Line})
		}
		looks[i].IDs = append(looks[i].IDs, a.ID)
	}
	for _, l := range looks {
		if err := s.record.Access(ctx, l); err != nil {
			return err
		}
	}
	return nil
}

// Watch tells of alarms that begin and end.
func (s *alarmSource) Watch(ctx context.Context, each func(over string)) error {
	for e := range s.n.Events(ctx, s.n.LastEvent()) {
		switch e.Kind {
		case "alarm":
			each("")
		case "alarm-over":
			each(e.ID)
		}
	}
	<-ctx.Done()
	return context.Cause(ctx)
}

// undelivered returns the alarms about alarms that nobody was told, as the node shows them.
func undelivered(alerts *alert.Alerts) []view.Alarm {
	if alerts == nil {
		return nil
	}
	var out []view.Alarm
	for _, a := range alerts.Undelivered() {
		out = append(out, view.Alarm{ID: a.ID, Kind: a.Kind, Level: a.Level, Text: a.Text, Message: a.Message, Since: a.Since})
	}
	return out
}
