package node

import (
	"context"
	"errors"
	"time"

	"parley/catalogue"
	"parley/fault"
	"parley/line"
	"parley/node/body"
	"parley/node/picture"
	"parley/node/view"
	"parley/transcript"
)

// Present says on every line that an officer is at the desk.
func (n *Node) Present(ctx context.Context, who Officer) ([]view.Desk, error) {
	if !body.AtDesk(who.Role) {
		return nil, notAtDesk(who)
	}
	return n.sayOnAll(ctx, body.KindPresent, body.Present{Officer: who.Name, Role: who.Role})
}

// Leave says on every line that an officer leaves the desk.
func (n *Node) Leave(ctx context.Context, who Officer) ([]view.Desk, error) {
	if !body.AtDesk(who.Role) {
		return nil, notAtDesk(who)
	}
	return n.sayOnAll(ctx, body.KindLeft, body.Left{Officer: who.Name, Role: who.Role})
}

func notAtDesk(who Officer) error {
	return &fault.Error{Code: fault.Denied, Field: "role", Value: who.Role, Rule: "does not sit at the desk", Hint: "a duty officer or a supervisor does"}
}

// sayOnAll makes an entry on every line, and returns the own desks. A line that takes no entry now
// keeps no other from it.
func (n *Node) sayOnAll(ctx context.Context, kind string, v any) ([]view.Desk, error) {
	d, err := body.Draft(kind, v)
	if err != nil {
		return nil, err
	}
	var errs []error
	out := []view.Desk{}
	for _, ln := range n.order {
		if _, err := ln.append(ctx, d); err != nil {
			errs = append(errs, fault.In("line to "+ln.peer, err))
			continue
		}
		ln.mu.RLock()
		out = append(out, ln.deskView(ln.side, n.cfg.Clock.Now()))
		ln.mu.RUnlock()
	}
	n.poke()
	return out, errors.Join(errs...)
}

// Desks returns both desks of every line, the own ones first.
func (n *Node) Desks(ctx context.Context) ([]view.Desk, error) {
	now := n.cfg.Clock.Now()
	var own, others []view.Desk
	for _, ln := range n.order {
		ln.mu.RLock()
		own = append(own, ln.deskView(ln.side, now))
		others = append(others, ln.deskView(ln.side.Other(), now))
		ln.mu.RUnlock()
	}
	return append(own, others...), nil
}

// deskView says a side's desk as it stands. ln.mu is held.
func (ln *lineNode) deskView(side transcript.Side, now time.Time) view.Desk {
	d := ln.pic.Desk(side, ln.terms.LineTimes.DeskPresence, now)
	return view.Desk{Line: ln.id, Party: ln.party(side), Own: side == ln.side, State: string(d.State), Since: d.Since, Due: d.Due,
		Officer: d.Last.Officer.Officer, Role: d.Last.Role, Last: d.Last.Time, Kind: d.Last.Kind}
}

// deskAlarms names each desk of the line that was manned and is not. ln.mu is held.
func (ln *lineNode) deskAlarms(st line.Status, now time.Time) []view.Alarm {
	var out []view.Alarm
	for _, side := range []transcript.Side{ln.side, ln.side.Other()} {
		d := ln.pic.Desk(side, ln.terms.LineTimes.DeskPresence, now)
		level := actNow
		switch d.State {
		case picture.DeskUnanswered:
			level = soon
		case picture.DeskUnmanned:
		default:
			continue
		}
		kind := "desk-" + string(d.State)
		out = append(out, ln.node.said(view.Alarm{ID: ln.alarmID(kind, d.Last.Ref), Kind: kind, Level: level, Line: ln.id, Since: d.Since}, ln.deskMessage(d, side, st)))
	}
	return out
}

func (ln *lineNode) deskMessage(d picture.Desk, side transcript.Side, st line.Status) catalogue.Message {
	args := []catalogue.Arg{catalogue.ByPeople("party", ln.party(side)), catalogue.Word("state", "deskstate."+string(d.State)), catalogue.At("since", catalogue.Clock, d.Since)}
	m := catalogue.Say("desk.state", args...)
	if d.Last.Kind == body.KindLeft {
		m = catalogue.Say("desk.left", append(args, catalogue.ByPeople("officer", d.Last.Officer.Officer))...)
	}
	if side == ln.side {
		return catalogue.Say("alarm.desk-own", catalogue.SayIn("said", m), catalogue.ByPeople("peer", ln.peer), catalogue.AsCode("command", "parley desk here"))
	}
	if st.State != line.Up && st.State != line.Lagging {
		m = catalogue.Say("desk.cut", catalogue.SayIn("said", m), catalogue.Word("state", "line."+string(st.State)))
	}
	return catalogue.Say("alarm.desk-other", catalogue.SayIn("said", m), catalogue.SayIn("acts", ln.whoActs(side, toSecondChannel)))
}
