package node

import (
	"context"
	"errors"
	"fmt"
	"time"

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
		out = append(out, view.Alarm{ID: ln.alarmID(kind, d.Last.Ref), Kind: kind, Level: level, Line: ln.id, Text: ln.deskText(d, side, st), Since: d.Since})
	}
	return out
}

func (ln *lineNode) deskText(d picture.Desk, side transcript.Side, st line.Status) string {
	text := fmt.Sprintf("desk of %s %s since %s", ln.party(side), d.State, d.Since.Format("15:04Z"))
	if d.Last.Kind == body.KindLeft {
		text += " (" + d.Last.Officer.Officer + " left)"
	}
	if side == ln.side {
		return text + ": " + ln.peer + " sees this too; an officer who is there says so: parley desk here"
	}
	if st.State != line.Up && st.State != line.Lagging {
		text += fmt.Sprintf(" (the line is %s: nothing of its desk comes through)", st.State)
	}
	return text + ": silence is not consent; " + ln.whoActs(side, toSecondChannel)
}
