package node

import (
	"strings"
	"time"

	"parley/agreement"
	"parley/transcript"
)

// Where a missed deadline has gone, as it is shown.
const (
	toSecondChannel = "second channel"
	toSupervisor    = "supervisor"
	toObservers     = "observers"
)

// escalation is how far something that was not done in time has gone.
type escalation struct {
	To   string    // "": nowhere yet
	Next time.Time // when it goes on; zero: it goes no farther
}

// escalate says where that has gone which was due a deadline after an instant and is not done: the
// terms give for each step how many deadlines after that instant it is taken.
func escalate(terms agreement.Escalation, from time.Time, deadline time.Duration, now time.Time) escalation {
	var out escalation
	for _, s := range [...]struct {
		times int
		to    string
	}{{terms.SecondChannel, toSecondChannel}, {terms.Supervisor, toSupervisor}, {terms.Observers, toObservers}} {
		at := from.Add(time.Duration(s.times) * deadline)
		if at.After(now) {
			out.Next = at
			break
		}
		out.To = s.to
	}
	return out
}

// whoActs says what is to be done about what a side owes and did not do in time, with the numbers
// that the agreement has. ln.mu is held.
func (ln *lineNode) whoActs(owes transcript.Side, to string) string {
	other := owes.Other()
	switch to {
	case toSupervisor:
		return "the supervisors of both act: " + ln.numbers(owes, toSupervisor) + ", " + ln.numbers(other, toSupervisor)
	case toObservers:
		if names := ln.observers(); names != "" {
			return "the supervisors of both act, and tell the observers: " + names
		}
		return "the supervisors of both act, and tell their principals: the agreement names no observer"
	}
	return "use the second channel: " + ln.numbers(owes, "second")
}

// numbers names a party's contact of a role with its number, or without where the agreement has none.
func (ln *lineNode) numbers(side transcript.Side, role string) string {
	var found []string
	for _, c := range ln.contacts(side) {
		if c.Role == role {
			found = append(found, c.Number)
		}
	}
	name := ln.party(side)
	if role != "second" {
		name = role + " of " + name
	}
	if len(found) == 0 {
		return name + " (no number in the agreement)"
	}
	return name + " " + strings.Join(found, " or ")
}

func (ln *lineNode) contacts(side transcript.Side) []agreement.Contact {
	if side == transcript.A {
		return ln.terms.Parties[0].Contacts
	}
	return ln.terms.Parties[1].Contacts
}

func (ln *lineNode) observers() string {
	var out []string
	for _, o := range ln.terms.Observers {
		out = append(out, strings.TrimSpace(o.Name+" "+o.Contact))
	}
	return strings.Join(out, ", ")
}
