package node

import (
	"fmt"
	"time"

	"parley/geo4d"
	"parley/node/body"
	"parley/node/picture"
	"parley/node/view"
	"parley/phrase"
)

func placeOf(p body.Position) geo4d.Position { return geo4d.Position{LonDeg: p[0], LatDeg: p[1]} }

// callAlarms names each call that needs a person, at the desk called and at the one that called.
// ln.mu is held.
func (ln *lineNode) callAlarms() []view.Alarm {
	if len(ln.pending) == 0 {
		return nil
	}
	var out []view.Alarm
	now := ln.node.cfg.Clock.Now()
	for r := range ln.pending {
		if c := ln.pic.Call(r); c != nil && !ln.exerciseOver(c, now) {
			a := callAlarm{ln: ln, c: c, s: ln.pic.StateOf(c, now), now: now, exercise: ln.exercise(c)}
			out = append(out, a.all()...)
		}
	}
	return out
}

// needsNobody reports whether a call is done with: until then its alarms are looked at with each tick.
func (ln *lineNode) needsNobody(c *picture.Call) bool {
	s := ln.stateOfCall(c, ln.node.cfg.Clock.Now())
	return s.Over() || s.State == callOver || s.State == picture.CallAnswered && c.Type != body.Distress
}

// callAlarm gathers the alarms about one call.
type callAlarm struct {
	ln       *lineNode
	c        *picture.Call
	s        picture.CallState
	now      time.Time
	exercise bool
	out      []view.Alarm
}

func (a *callAlarm) all() []view.Alarm {
	own := a.c.Side == a.ln.side
	if !own && a.s.Answer == nil && !a.s.Over() {
		a.called()
	}
	owings, _ := a.ln.owings(a.c, &a.s, a.now)
	for i := range owings {
		a.owed(&owings[i])
	}
	a.standing(own)
	return a.out
}

// add adds an alarm. Each step of an escalation is an alarm of its own: to have seen one is not to
// have seen the next.
func (a *callAlarm) add(kind, step string, level int, since, due time.Time, format string, args ...any) {
	text := marked(fmt.Sprintf(format, args...), a.exercise)
	id := a.ln.alarmID(kind, a.c.Ref)
	if kind == a.c.Type {
		id = a.ln.alarmID("call", a.c.Ref)
	}
	if step != "" {
		id += "/" + step
	}
	a.out = append(a.out, view.Alarm{ID: id, Kind: kind, Level: level, Line: a.ln.id, Subject: a.c.Ref.String(), Text: text, Exercise: a.exercise, Since: since, Due: due})
}

// called is the call itself, at the desk called, until somebody there answers it. Who took it is named.
func (a *callAlarm) called() {
	c := a.c
	level, word := soon, c.Type
	switch c.Type {
	case body.Hold:
		level, word = actNow, "HOLD: stop and call"
	case body.Distress:
		level, word = actNow, "DISTRESS"
	}
	text := fmt.Sprintf("%s from %s: %s", word, a.ln.peer, a.ln.heardAs(&c.Speech))
	if p := c.Position; p != nil {
		text += "; at " + geo4d.FormatDMS(placeOf(*p))
	}
	if c.Persons > 0 {
		text += fmt.Sprintf("; persons: %d", c.Persons)
	}
	if !c.LastSeen.IsZero() {
		text += "; last seen " + c.LastSeen.Format("15:04:05Z")
	}
	due := c.Time.Add(a.ln.deadlineOf(c.Type))
	if t := a.s.Taken; t != nil {
		text += fmt.Sprintf("; taken by %s (%s) at %s", t.Officer, t.Role, t.Time.Format("15:04:05Z"))
		if c.Type == body.Distress {
			level = soon
		} else if c.Type != body.Hold {
			level = look
		}
		if c.Type != body.Hold {
			due = time.Time{}
		}
	}
	if c.Type == body.Hold {
		text += "; answer holding, cannot-hold or continuing"
	}
	a.add(c.Type, "", level, c.Time, due, "%s", text)
}

// owed is what a party did not do in time, at both desks, with who acts now.
func (a *callAlarm) owed(o *owing) {
	by, from := a.ln.party(o.by), a.ln.party(a.c.Side)
	acts := "the desk of " + by + " acts: " + a.ln.numbers(o.by, "duty")
	if o.To != "" {
		acts = a.ln.whoActs(o.by, o.To)
	}
	if o.To == toObservers && (a.c.Type == body.Hold || a.c.Type == body.Distress) {
		acts += "; tell the principals: " + a.ln.numbers(a.c.Side, "principals") + ", " + a.ln.numbers(a.c.Side.Other(), "principals")
	}
	at := a.c.Time.Format("15:04:05Z")
	if o.kind == lapsed {
		a.add(lapsed, o.To, actNow, o.since, o.since,
			"the review of the hold that %s called at %s passed at %s with no lift and no new time: the hold stands until %s lifts it, and silence does not end it; %s",
			from, at, o.since.Format("15:04:05Z"), from, acts)
		return
	}
	what := "neither taken nor answered"
	if a.c.Type == body.Hold {
		what = "not answered"
	}
	a.add(a.c.Type+"-"+unanswered, o.To, actNow, o.since, o.since, "the %s of %s at %s was %s by %s in time (due %s): %s", a.c.Type, from, at, what, by, o.since.Format("15:04:05Z"), acts)
}

// standing is what both desks must not forget of a call that is answered and not over, and what the
// desk that called must act on.
func (a *callAlarm) standing(own bool) {
	answer := a.s.Answer
	if answer == nil || a.s.Over() {
		return
	}
	called, from := a.ln.party(a.c.Side.Other()), a.ln.party(a.c.Side)
	if a.c.Type == body.Distress {
		a.add("distress-open", "", look, a.c.Time, time.Time{}, "the distress call of %s at %s is answered by %s and not ended", from, a.c.Time.Format("15:04:05Z"), called)
		return
	}
	if a.c.Type != body.Hold {
		return
	}
	since, review := answer.Time, a.s.Review.Format("15:04:05Z")
	if answer.Word != body.Holding && own {
		a.add("hold-"+answer.Word, "", actNow, since, time.Time{}, "%s does not hold: %s, %s: %s; call: %s", called, answer.Word, answer.Officer, a.ln.heardAs(&answer.Speech), a.ln.numbers(a.c.Side.Other(), "duty"))
	} else {
		a.add("hold-stands", "", look, since, a.s.Review, "the hold of %s at %s stands until %s lifts it: %s answered %s; review %s", from, a.c.Time.Format("15:04:05Z"), from, called, answer.Word, review)
	}
	left := a.s.Review.Sub(a.now)
	if own && left > 0 && left <= reviewWarning && a.s.Review.Sub(a.c.Time) > 2*reviewWarning {
		a.add("hold-review", "", soon, a.s.Review.Add(-reviewWarning), a.s.Review, "the hold that you called at %s lapses at %s: lift it or give a new review time", a.c.Time.Format("15:04:05Z"), review)
	}
}

// heardAs is what was said, in this desk's language where it is a phrase, with the original beside it.
func (ln *lineNode) heardAs(s *body.Speech) string {
	p, ok := phrase.Find(s.Phrase)
	if !ok {
		return s.Text
	}
	t, ok := phrase.In(p, ln.deskLanguage())
	if !ok || t.Text == s.Text {
		return s.Text
	}
	mark := ""
	if !t.Reviewed {
		mark = ", not reviewed"
	}
	return fmt.Sprintf("%s (phrase %d%s; original, %s: %s)", t.Text, s.Phrase, mark, s.Language, s.Text)
}

// heardInCall says what an entry in a call comes to, for who follows what happens. ln.mu is held.
func (ln *lineNode) heardInCall(said picture.Said, call body.Ref) string {
	by, c := ln.party(said.Ref.Origin.Side), ln.pic.Call(call)
	if c == nil {
		return by + ": " + said.Kind + ", of a call that is not here yet"
	}
	text := ""
	switch said.Kind {
	case body.KindReceived, body.KindTaken:
		text = fmt.Sprintf("an officer of %s received the %s of %s", by, c.Type, ln.party(c.Side))
	case body.KindAnswer, body.KindHoldAnswer, body.KindDistressAnswer:
		text = fmt.Sprintf("%s answers the %s", by, c.Type)
		if s := ln.pic.StateOf(c, ln.node.cfg.Clock.Now()); c.Type == body.Hold && s.Answer != nil && s.Answer.Ref == said.Ref {
			text += ": " + s.Answer.Word
		}
	case body.KindHoldReview:
		text = by + " gives the hold a new review time"
	case body.KindHoldLift:
		text = by + " lifts the hold"
	case body.KindEnd, body.KindDistressEnd:
		text = fmt.Sprintf("%s ends the %s", by, c.Type)
	default:
		text = fmt.Sprintf("%s calls: %s", by, c.Type)
	}
	return marked(text, ln.exercise(c))
}
