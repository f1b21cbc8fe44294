package node

import (
	"strings"
	"time"

	"parley/agreement"
	"parley/catalogue"
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
func (ln *lineNode) whoActs(owes transcript.Side, to string) catalogue.Message {
	switch to {
	case toSupervisor:
		return catalogue.Say("acts.supervisors", ln.contactsOfBoth(owes, toSupervisor))
	case toObservers:
		if names := ln.observers(); names != "" {
			return catalogue.Say("acts.observers", catalogue.ByPeople("names", names))
		}
		return catalogue.Say("acts.principals")
	}
	return catalogue.Say("acts.second", catalogue.SayIn("said", ln.numbers(owes, "second")))
}

// contactsOfBoth names a contact of each side, that of the side given first.
func (ln *lineNode) contactsOfBoth(first transcript.Side, role string) catalogue.Arg {
	return catalogue.SaySeries("contacts", []catalogue.Message{ln.numbers(first, role), ln.numbers(first.Other(), role)})
}

// numbers names a party's contact of a role with its number, or without where the agreement has none.
func (ln *lineNode) numbers(side transcript.Side, role string) catalogue.Message {
	var found []catalogue.Message
	for _, c := range ln.contacts(side) {
		if c.Role == role {
			found = append(found, catalogue.Say("contact.number", catalogue.ByPeople("number", c.Number)))
		}
	}
	party := catalogue.ByPeople("party", ln.party(side))
	if len(found) == 0 {
		return catalogue.Say("contact."+role+"-none", party)
	}
	return catalogue.Say("contact."+role, party, catalogue.SayEither("numbers", found))
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
