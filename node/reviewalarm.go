package node

import (
	"time"

	"parley/catalogue"
	"parley/node/body"
	"parley/node/view"
	"parley/review"
)

// reviewAlarms says what officers wait for in incidents and teams: one that the other side opened and
// nobody here looked at, and undertakings that are asked for, are due soon, are late, or are reported
// done. What is due and what is late is told at both desks. ln.mu is held.
func (ln *lineNode) reviewAlarms(now time.Time) []view.Alarm {
	var out []view.Alarm
	for _, r := range ln.pic.Reviews() {
		of, err := body.ParseRef(r.Entry)
		if err != nil {
			continue
		}
		if r.Side != ln.side && !r.SaidBy(ln.side) && r.State() != review.StateClosed {
			out = append(out, ln.node.said(view.Alarm{ID: ln.alarmID("review-opened", of), Kind: "review-opened", Level: look, Line: ln.id, Subject: r.Entry, Since: r.Time},
				catalogue.Say("alarm.review-opened", catalogue.ByPeople("party", ln.party(r.Side)), catalogue.Word("what", "review."+r.Kind), catalogue.ByPeople("text", r.Title),
					catalogue.AsCode("command", showReview(r.Kind, of)))))
		}
		for i := range r.Undertakings {
			if a := ln.undertakingAlarm(&r.Undertakings[i], now, catalogue.AsCode("command", showReview(r.Kind, of))); a != nil {
				a.Subject = r.Entry
				out = append(out, *a)
			}
		}
	}
	return out
}

func showReview(kind string, of body.Ref) string { return "parley " + kind + " show " + of.Short() }

// undertakingAlarm returns what a person must look at in an undertaking, or nil. ln.mu is held.
func (ln *lineNode) undertakingAlarm(u *review.Undertaken, now time.Time, show catalogue.Arg) *view.Alarm {
	v := u.Counts()
	ref, err := body.ParseRef(v.Entry)
	if err != nil {
		return nil
	}
	state, _ := u.StateAt(now)
	own := v.Says.Owner == ln.side
	add := func(kind string, level int, since time.Time, m catalogue.Message) *view.Alarm {
		a := ln.node.said(view.Alarm{ID: ln.alarmID(kind, ref), Kind: kind, Level: level, Line: ln.id, Since: since, Due: v.Says.Due}, m)
		return &a
	}
	who := []catalogue.Arg{catalogue.ByPeople("party", ln.party(v.Says.Owner)), catalogue.ByPeople("office", v.Says.OwnerRole), catalogue.ByPeople("text", v.Says.Text),
		catalogue.At("day", catalogue.Minute, v.Says.Due), show}
	switch {
	case state == review.Late:
		return add("undertaking-late", soon, v.Says.Due, catalogue.Say("alarm.undertaking-late", who...))
	case state == review.StateOpen && !now.Before(v.Says.Remind):
		return add("undertaking-due", look, v.Says.Remind, catalogue.Say("alarm.undertaking-due", who...))
	case state == review.Proposed && own:
		return add("undertaking-asked", look, v.Time, catalogue.Say("alarm.undertaking-asked", append(who, catalogue.ByPeople("peer", ln.peer))...))
	case state == review.Reported && !own:
		return add("undertaking-done", look, u.Done().Time, catalogue.Say("alarm.undertaking-done", who...))
	}
	return nil
}
