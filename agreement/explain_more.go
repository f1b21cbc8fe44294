package agreement

import (
	"strconv"

	"parley/notice"
	"parley/transcript"
)

func (t Terms) explainLead(b *explainer) {
	b.head("head-early")
	type row struct {
		lead  LeadTerms
		kinds []string
	}
	var rows []*row
	for _, k := range notice.Kinds() {
		l := t.LeadOf(k)
		found := false
		for _, r := range rows {
			if r.lead == l {
				r.kinds = append(r.kinds, b.kind(k))
				found = true
			}
		}
		if !found {
			rows = append(rows, &row{l, []string{b.kind(k)}})
		}
	}
	for _, r := range rows {
		b.say("lead", b.join(r.kinds), b.span(r.lead.Routine), b.span(r.lead.Short), b.span(r.lead.Insufficient))
	}
	b.say("lead-counts")
	b.say("late")
	b.head("head-fast")
	for _, l := range []struct {
		name string
		LadderTerms
	}{{b.words("lead-urgent"), t.Ladders.Urgent}, {b.words("lead-short"), t.Ladders.Short}, {b.words("lead-routine"), t.Ladders.Routine}} {
		b.say("ladder", l.name, b.span(l.Delivered), b.span(l.Received))
		b.say("ladder-more", l.name, b.span(l.ReadBack), b.span(l.Relayed))
	}
	u, s, r := t.Ladders.Urgent.UnitConfirmed, t.Ladders.Short.UnitConfirmed, t.Ladders.Routine.UnitConfirmed
	b.say("confirmed", b.span(u), b.span(s), b.span(r))
	e := t.Escalation
	b.say("escalation", b.times(e.SecondChannel), b.times(e.Supervisor), b.times(e.Observers))
	if t.Profile == Bulk {
		b.say("bulk")
	} else {
		b.say("manual")
	}
}

func (b *explainer) times(n int) string {
	if n == 1 {
		return b.words("its-time")
	}
	return b.words("times", strconv.Itoa(n))
}

func (t Terms) explainShown(b *explainer) {
	b.head("head-shows")
	shows := map[Level]string{Full: "shows-full", Volume: "shows-volume", Alert: "shows-alert"}
	for _, p := range t.Parties {
		for _, l := range []Level{Full, Volume, Alert} {
			var kinds []string
			for _, k := range notice.Kinds() {
				if p.Disclosure.Of(k) == l {
					kinds = append(kinds, b.kinds(k))
				}
			}
			if len(kinds) > 0 {
				b.say(shows[l], b.people(p.Name), b.join(kinds))
			}
		}
	}
	b.say("alerts-only")
	b.say("released", strconv.Itoa(t.Alerts.ReleasedAfter))
	b.say("revalidated", b.span(t.Sites.Revalidate))
	b.say("expires", b.span(t.Sites.WarnBefore))
	if t.Retention.Bodies == 0 {
		b.say("kept-bodies")
	} else {
		b.say("kept")
		b.about(partRetention, "bodies", b.span(t.Retention.Bodies))
	}
}

func (t Terms) explainLine(b *explainer) {
	b.head("head-line")
	l := t.LineTimes
	b.say("heartbeat", b.span(l.Heartbeat), b.span(l.LaggingAfter), b.span(l.DownAfter))
	b.say("clocks", b.span(l.ClockOffsetAlarm))
	b.about(partPresence, "presence", b.span(l.DeskPresence))
	if n := t.LineTests; n.PerDay > 0 {
		b.about(partLineTests, "tests", strconv.Itoa(n.PerDay), strconv.Itoa(n.SuspectAfter), strconv.Itoa(n.DownAfter))
	} else {
		b.say("no-tests")
	}
	if len(t.Drills) == 0 {
		b.say("no-drills")
	}
	for _, d := range t.Drills {
		b.say("drills", b.when(d.Start), b.when(d.End))
	}
	if t.Signatures == SignaturesBoth {
		b.say("both-signatures", b.code("Ed25519"), b.code("ML-DSA-44"))
	}
	t.explainWitnesses(b)
}

func (t Terms) explainPeople(b *explainer) {
	b.head("head-answers")
	for _, p := range t.Parties {
		if len(p.Contacts) == 0 {
			b.say("no-number", b.people(p.Name))
			continue
		}
		var out []string
		for _, c := range p.Contacts {
			out = append(out, b.words("contact", b.contactRole(c.Role), b.code(c.Number)))
		}
		b.say("answers", b.people(p.Name), b.join(out))
	}
	var observers []string
	for _, o := range t.Observers {
		observers = append(observers, b.people(o.Name)+" "+b.code(o.Contact))
	}
	if len(observers) > 0 {
		b.say("observers", b.join(observers))
	} else {
		b.say("no-observers")
	}
	t.explainOthers(b)
	if len(t.TwoPersons) > 0 {
		b.say("two-persons", b.join(each(t.TwoPersons, b.action)))
	} else {
		b.say("one-person")
	}
}

// action says what two persons release; an action that the catalogues do not have stays as it is.
func (b *explainer) action(a Action) string {
	if b.in.Has("explain.release-" + string(a)) {
		return b.words("release-" + string(a))
	}
	return string(a)
}

// contactRole says for what a number is; English has the code.
func (b *explainer) contactRole(role string) string {
	if key := "explain.contact-" + role; !b.english() && b.in.Has(key) {
		return b.in.Word(key)
	}
	return b.people(role)
}

// lineKeys says with which keys a party signs heads and receipts, and for how long each counts.
func (b *explainer) lineKeys(p Party) {
	for _, k := range p.LineKeys {
		key, said := "line-key", []string{b.people(p.Name), b.code(transcript.Fingerprint(k.Public))}
		if !k.From.IsZero() {
			key, said = key+"-from", append(said, b.when(k.From))
		}
		if !k.Revoked.IsZero() {
			key, said = key+"-until", append(said, b.when(k.Revoked))
		}
		b.say(key, said...)
	}
}
