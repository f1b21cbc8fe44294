package node

import (
	"slices"
	"time"

	"parley/agreement"
	"parley/node/body"
	"parley/node/picture"
	"parley/node/view"
	"parley/phrase"
	"parley/transcript"
)

const (
	// callDeadline is by when a hold is answered, and a distress call or a concern is taken or
	// answered, after the call's time. It is also the step at which a lapsed hold escalates.
	callDeadline = 2 * time.Minute
	// reviewWarning is how long before its review the party that called a hold is reminded.
	reviewWarning = 5 * time.Minute
)

// deadlineOf is how long the party called has, after the call's time.
func (ln *lineNode) deadlineOf(callType string) time.Duration {
	if callType == body.Query {
		return ln.terms.Ladder(agreement.UrgencyUrgent).Received
	}
	return callDeadline
}

// The kinds of what a party did not do in time about a call, as their alarms are named.
const (
	unanswered = "unanswered" // after the type of the call
	lapsed     = "hold-lapsed"
)

// owing is what a party did not do in time about a call.
type owing struct {
	kind  string
	by    transcript.Side
	since time.Time
	escalation
}

// owings lists what is owed about a call and past due, and when the next of it is due. ln.mu is held.
func (ln *lineNode) owings(c *picture.Call, s *picture.CallState, now time.Time) (out []owing, due time.Time) {
	if s.Waits {
		deadline := ln.deadlineOf(c.Type)
		from := c.Time
		if c.Voice != nil { // what was answered by voice is entered late, as the call was
			from = c.Voice.Time
		}
		due = from.Add(deadline)
		if !now.Before(due) {
			out = append(out, owing{unanswered, c.Side.Other(), due, escalate(ln.terms.Escalation, from, deadline, now)})
		}
	}
	if s.State == picture.HoldLapsed {
		out = append(out, owing{lapsed, c.Side, s.Review, escalate(ln.terms.Escalation, s.Review, callDeadline, now)})
	}
	return out, due
}

// rank orders where something has gone.
func rank(to string) int {
	for i, at := range [...]string{"", toSecondChannel, toSupervisor, toObservers} {
		if at == to {
			return i
		}
	}
	return 0
}

// callOver is the state of a call whose exercise is over.
const callOver = "exercise over"

// callEnded reports whether a call is over, by itself or with its exercise.
func callEnded(s *picture.CallState) bool { return s.Over() || s.State == callOver }

// stateOfCall says how a call stands. One of an exercise that is over needs nobody. ln.mu is held.
func (ln *lineNode) stateOfCall(c *picture.Call, now time.Time) picture.CallState {
	s := ln.pic.StateOf(c, now)
	if !s.Over() && ln.exerciseOver(c, now) {
		s.State, s.Waits = callOver, false
	}
	return s
}

// callOf says a call as it stands. ln.mu is held.
func (ln *lineNode) callOf(c *picture.Call) view.Call {
	now := ln.node.cfg.Clock.Now()
	s := ln.stateOfCall(c, now)
	out := view.Call{
		Line: ln.id, Entry: c.Ref.String(), Party: ln.party(c.Side), Own: c.Side == ln.side, Type: c.Type,
		About: c.About, Speech: ln.speechOf(c.Ref, &c.Speech), Time: c.Time,
		Drill: c.Drill, Exercise: ln.exercise(c), Ahead: c.Ahead, State: s.State, Over: callEnded(&s),
		LastSeen: c.LastSeen, Persons: c.Persons, Nature: c.Nature, Received: []view.Received{}, Answers: []view.Answer{},
	}
	ln.owedOf(&out, c, &s, now)
	if p := c.Position; p != nil {
		out.Position, out.SaidPlace = (*[2]float64)(p), ln.where(placeOf(*p))
		out.Place = ln.node.english.Say(out.SaidPlace)
	}
	for _, r := range ln.pic.TakenBy(c) {
		out.Received = append(out.Received, view.Received{Officer: r.Officer, Role: r.Role, Time: r.Time, Entry: r.Ref.String()})
	}
	for _, a := range ln.pic.AnswersTo(c) {
		out.Answers = append(out.Answers, view.Answer{Entry: a.Ref.String(), Party: ln.party(a.Side), Word: a.Word, Speech: ln.speechOf(a.Ref, &a.Speech), Time: a.Time})
	}
	slices.SortStableFunc(out.Answers, func(a, b view.Answer) int { return a.Time.Compare(b.Time) }) // as it was talked
	for i := range c.Reviews {
		r := &c.Reviews[i]
		out.Reviews = append(out.Reviews, view.Review{Entry: r.Ref.String(), Review: r.Review.Review, Speech: ln.speechOf(r.Ref, &r.Speech), Time: r.Time})
	}
	out.ByVoice, out.Spoken = c.Voice != nil, ln.spokenOf(c.Ref)
	if out.ByVoice {
		return out
	}
	if out.Own {
		if t, ok := ln.receipts.of(c.Ref); ok {
			out.Delivered = &t
		}
	} else if !c.HeldAt.IsZero() {
		t := c.HeldAt.Truncate(time.Second)
		out.Delivered = &t
	}
	return out
}

// owedOf adds what is owed about a call and what ended it. ln.mu is held.
func (ln *lineNode) owedOf(out *view.Call, c *picture.Call, s *picture.CallState, now time.Time) {
	owings, due := ln.owings(c, s, now)
	out.Due = due
	for _, o := range owings {
		if out.Escalated == "" || rank(o.To) > rank(out.Escalated) {
			out.Escalated, out.Escalates = o.To, o.Next
		}
	}
	if s.End == nil {
		out.Review = s.Review
		return
	}
	e := &view.Ended{Entry: s.End.Ref.String(), Speech: ln.speechOf(s.End.Ref, &s.End.Speech), Time: s.End.Time}
	if c.Type == body.Hold {
		out.Lifted = e
	} else {
		out.Ended = e
	}
}

// speechOf says what an officer said, with what helps this desk to read it. ln.mu is held.
func (ln *lineNode) speechOf(r body.Ref, s *body.Speech) view.Speech {
	out := view.Speech{Text: s.Text, Language: s.Language, Phrase: s.Phrase, Officer: s.Officer, Role: s.Role}
	if p, ok := phrase.Find(s.Phrase); ok {
		language := ln.deskLanguage()
		if t, ok := phrase.In(p, language); ok {
			out.Shown = &view.Shown{Language: language, Text: t.Text, Reviewed: t.Reviewed}
		}
	}
	if t := s.Translation; t != nil {
		out.Translations = append(out.Translations, view.Translation{Language: t.Language, Text: t.Text, Translator: t.Translator})
	}
	for _, t := range ln.pic.Translations(r) {
		out.Translations = append(out.Translations, view.Translation{Language: t.Language, Text: t.Text, Translator: t.Officer, Party: ln.party(t.Side), Time: t.Time})
	}
	return out
}
