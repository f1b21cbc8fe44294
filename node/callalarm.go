package node

import (
	"time"

	"parley/catalogue"
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
	if c.Voice.Over() {
		return true
	}
	s := ln.stateOfCall(c, ln.node.cfg.Clock.Now())
	return callEnded(&s) || s.State == picture.CallAnswered && c.Type != body.Distress
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
func (a *callAlarm) add(kind, step string, level int, since, due time.Time, m catalogue.Message) {
	id := a.ln.alarmID(kind, a.c.Ref)
	if kind == a.c.Type {
		id = a.ln.alarmID("call", a.c.Ref)
	}
	if step != "" {
		id += "/" + step
	}
	alarm := view.Alarm{ID: id, Kind: kind, Level: level, Line: a.ln.id, Subject: a.c.Ref.String(), Exercise: a.exercise, Since: since, Due: due, Escalated: step}
	if step == toObservers {
		alarm.AtVolume = a.callAtVolume()
	}
	a.out = append(a.out, a.ln.node.said(alarm, m))
}

// called is the call itself, at the desk called, until somebody there answers it. Who took it is named.
func (a *callAlarm) called() {
	c := a.c
	level := soon
	if c.Type == body.Hold || c.Type == body.Distress {
		level = actNow
	}
	said := []catalogue.Message{catalogue.Say("call.from-"+c.Type, catalogue.ByPeople("from", a.ln.peer), catalogue.SayIn("said", a.ln.speechMessage(&c.Speech)))}
	if p := c.Position; p != nil {
		said = append(said, catalogue.Say("call.at", catalogue.AsCode("position", geo4d.FormatDMS(placeOf(*p)))))
	}
	if c.Persons > 0 {
		said = append(said, catalogue.Say("call.persons", catalogue.CountOf("persons", c.Persons)))
	}
	if !c.LastSeen.IsZero() {
		said = append(said, catalogue.Say("call.last-seen", catalogue.At("seen", catalogue.Second, c.LastSeen)))
	}
	due := c.Time.Add(a.ln.deadlineOf(c.Type))
	if c.Voice != nil {
		due = c.Voice.Time.Add(a.ln.deadlineOf(c.Type))
		said = append(said, catalogue.Say("call.by-voice", catalogue.At("at", catalogue.Second, c.Voice.At), catalogue.ByPeople("officer", c.Voice.Other)))
	}
	if t := a.s.Taken; t != nil {
		said = append(said, catalogue.Say("call.taken-by", catalogue.ByPeople("officer", t.Officer), roleOf(t.Role), catalogue.At("at", catalogue.Second, t.Time)))
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
		said = append(said, catalogue.Say("call.to-answer"))
	}
	a.add(c.Type, "", level, c.Time, due, catalogue.Join(said...))
}

// owed is what a party did not do in time, at both desks, with who acts now.
func (a *callAlarm) owed(o *owing) {
	by, from, at := catalogue.ByPeople("by", a.ln.party(o.by)), catalogue.ByPeople("from", a.ln.party(a.c.Side)), catalogue.At("at", catalogue.Second, a.c.Time)
	acts := catalogue.Say("acts.duty", by, catalogue.SayIn("said", a.ln.numbers(o.by, "duty")))
	if o.To != "" {
		acts = a.ln.whoActs(o.by, o.To)
	}
	if o.To == toObservers && (a.c.Type == body.Hold || a.c.Type == body.Distress) {
		acts = catalogue.Say("acts.tell-principals", catalogue.SayIn("said", acts), a.ln.contactsOfBoth(a.c.Side, "principals"))
	}
	act := catalogue.SayIn("acts", acts)
	if o.kind == lapsed {
		a.add(lapsed, o.To, actNow, o.since, o.since, catalogue.Say("alarm.hold-lapsed", from, at, catalogue.At("review", catalogue.Second, o.since), act))
		return
	}
	due := catalogue.At("due", catalogue.Second, o.since)
	m := catalogue.Say("alarm.call-unanswered", catalogue.Word("type", "call."+a.c.Type), from, at, by, due, act)
	if a.c.Type == body.Hold {
		m = catalogue.Say("alarm.hold-unanswered", from, at, by, due, act)
	}
	a.add(a.c.Type+"-"+unanswered, o.To, actNow, o.since, o.since, m)
}

// standing is what both desks must not forget of a call that is answered and not over, and what the
// desk that called must act on.
func (a *callAlarm) standing(own bool) {
	if a.s.Over() || a.s.Answer == nil && (a.s.Said == nil || !own) {
		return
	}
	by, from, at := catalogue.ByPeople("by", a.ln.party(a.c.Side.Other())), catalogue.ByPeople("from", a.ln.party(a.c.Side)), catalogue.At("at", catalogue.Second, a.c.Time)
	if a.c.Type == body.Distress && a.s.Answer != nil {
		a.add("distress-open", "", look, a.c.Time, time.Time{}, catalogue.Say("alarm.distress-open", from, at, by))
		return
	}
	if a.c.Type != body.Hold {
		return
	}
	answer := a.answered()
	review, word := catalogue.At("review", catalogue.Second, a.s.Review), catalogue.Word("answer", "answer."+answer.word)
	if answer.word != body.Holding && own {
		a.add("hold-"+answer.word, "", actNow, answer.since, time.Time{}, catalogue.Say("alarm.hold-refused", by, word, catalogue.ByPeople("officer", answer.officer),
			catalogue.SayIn("said", answer.said), catalogue.SaySeries("contacts", []catalogue.Message{a.ln.numbers(a.c.Side.Other(), "duty")})))
	} else {
		a.add("hold-stands", "", look, answer.since, a.s.Review, catalogue.Say("alarm.hold-stands", from, at, by, word, review))
	}
	left := a.s.Review.Sub(a.now)
	if own && left > 0 && left <= reviewWarning && a.s.Review.Sub(a.c.Time) > 2*reviewWarning {
		a.add("hold-review", "", soon, a.s.Review.Add(-reviewWarning), a.s.Review, catalogue.Say("alarm.hold-review", at, review))
	}
}

// answerTo is the answer to a hold, signed or by voice.
type answerTo struct {
	since   time.Time
	word    string
	officer string
	said    catalogue.Message
}

func (a *callAlarm) answered() answerTo {
	if s := a.s.Answer; s != nil {
		return answerTo{s.Time, s.Word, s.Officer, a.ln.speechMessage(&s.Speech)}
	}
	v := a.s.Said
	return answerTo{v.At, v.Answer, v.Other, catalogue.Say("speech.text", catalogue.ByPeople("text", v.Remark))}
}

// speechMessage is what was said: a phrase in whichever language it is read, with the original beside it.
func (ln *lineNode) speechMessage(s *body.Speech) catalogue.Message {
	original := catalogue.ByPeople("text", s.Text)
	p, ok := phrase.Find(s.Phrase)
	if !ok {
		return catalogue.Say("speech.text", original)
	}
	t, ok := phrase.In(p, ln.deskLanguage())
	suffix := ""
	if !t.Reviewed {
		suffix = "-unreviewed"
	}
	if !ok || t.Text == s.Text {
		return catalogue.Say("speech.same"+suffix, catalogue.PhraseOf("phrase", s.Phrase, s.Text))
	}
	return catalogue.Say("speech.phrase"+suffix, catalogue.PhraseOf("phrase", s.Phrase, t.Text), catalogue.CountOf("nr", s.Phrase), catalogue.AsCode("tag", s.Language), original)
}

// roleOf is an officer's role, in words of the catalogues where they have it.
func roleOf(role string) catalogue.Arg {
	switch role {
	case "duty", "planner", "supervisor", "interpreter", "unit-relay", "reviewer", "auditor", "observer":
		return catalogue.Word("role", "role."+role)
	}
	return catalogue.SayIn("role", catalogue.Say("speech.text", catalogue.ByPeople("text", role)))
}

// heardInCall says what an entry in a call comes to, for who follows what happens. ln.mu is held.
func (ln *lineNode) heardInCall(said picture.Said, call body.Ref) catalogue.Message {
	by, c := catalogue.ByPeople("by", ln.party(said.Ref.Origin.Side)), ln.pic.Call(call)
	if c == nil {
		return catalogue.Say("event.call-unknown", by, catalogue.Word("what", entryKey(said.Kind)))
	}
	typ := catalogue.Word("type", "call."+c.Type)
	m := catalogue.Say("event.called", by, typ)
	switch said.Kind {
	case body.KindReceived, body.KindTaken:
		m = catalogue.Say("event.call-received", by, typ, catalogue.ByPeople("from", ln.party(c.Side)))
	case body.KindAnswer, body.KindHoldAnswer, body.KindDistressAnswer:
		m = catalogue.Say("event.call-answered", by, typ)
		if s := ln.pic.StateOf(c, ln.node.cfg.Clock.Now()); c.Type == body.Hold && s.Answer != nil && s.Answer.Ref == said.Ref {
			m = catalogue.Say("event.call-answer", by, typ, catalogue.Word("answer", "answer."+s.Answer.Word))
		}
	case body.KindHoldReview:
		m = catalogue.Say("event.hold-review", by)
	case body.KindHoldLift:
		m = catalogue.Say("event.hold-lift", by)
	case body.KindEnd, body.KindDistressEnd:
		m = catalogue.Say("event.call-ended", by, typ)
	}
	return exercised(m, ln.exercise(c))
}
