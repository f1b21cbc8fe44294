package agreement

import (
	"fmt"

	"parley/notice"
)

func (t Terms) explainLead(b *explainer) {
	b.head("HOW EARLY")
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
				r.kinds = append(r.kinds, string(k))
				found = true
			}
		}
		if !found {
			rows = append(rows, &row{l, []string{string(k)}})
		}
	}
	for _, r := range rows {
		b.say("%s: routine from %s before the start, short from %s, late below that, insufficient below %s.", join(r.kinds),
			spell(r.lead.Routine), spell(r.lead.Short), spell(r.lead.Insufficient))
	}
	b.say("The lead counts from the first receipt of the version that last added space or time.")
	b.say("A late notice is delivered and flagged, never refused. An emergency medical movement has no grade.")
	b.head("HOW FAST IT IS ANSWERED")
	for _, l := range []struct {
		name string
		LadderTerms
	}{{"Late or insufficient lead (urgent)", t.Ladders.Urgent}, {"Short lead", t.Ladders.Short}, {"Routine lead", t.Ladders.Routine}} {
		b.say("%s: delivered in %s, received by an officer in %s.", l.name, spell(l.Delivered), spell(l.Received))
		b.say("%s: read back in %s more, relayed to the unit in %s and before the start.", l.name, spell(l.ReadBack), spell(l.Relayed))
	}
	u, s, r := t.Ladders.Urgent.UnitConfirmed, t.Ladders.Short.UnitConfirmed, t.Ladders.Routine.UnitConfirmed
	b.say("A movement that its unit has not confirmed by %s (urgent), %s (short) or %s (routine) before the start shows NOT CONFIRMED to both.", spell(u), spell(s), spell(r))
	e := t.Escalation
	b.say("A missed deadline goes to the second channel after %s, to the supervisor after %s, to the observers after %s.", times(e.SecondChannel), times(e.Supervisor), times(e.Observers))
	if t.Profile == Bulk {
		b.say("Profile bulk: officers acknowledge conflicts, coarse notices, short leads and sites. The rest is machine-accepted: no person has seen it.")
	} else {
		b.say("Profile manual: an officer acknowledges every notice.")
	}
}

func times(n int) string {
	if n == 1 {
		return "its time"
	}
	return fmt.Sprintf("%d times its time", n)
}

func (t Terms) explainShown(b *explainer) {
	b.head("WHAT EACH SHOWS THE OTHER")
	words := map[Level]string{
		Full:   "everything",
		Volume: "only the volume to keep clear of, without names, numbers or cargo",
		Alert:  "only that there is a conflict",
	}
	for _, p := range t.Parties {
		for _, l := range []Level{Full, Volume, Alert} {
			var kinds []string
			for _, k := range notice.Kinds() {
				if p.Disclosure.Of(k) == l {
					kinds = append(kinds, plural(k))
				}
			}
			if len(kinds) > 0 {
				b.say("%s shows of %s %s.", p.Name, join(kinds), words[l])
			}
		}
	}
	b.say("Whoever sees only alerts is answered for notices that he filed, and is told no gap, move or proposal.")
	b.say("Each version of such a notice is a question; of those beyond the first %d in 24 hours none is answered by itself: an officer of the other side releases each answer.", t.Alerts.ReleasedAfter)
	b.say("A site is revalidated every %s.", spell(t.Sites.Revalidate))
	b.say("A site that says when it expires warns %s before, and stays when it has expired, marked unverified.", spell(t.Sites.WarnBefore))
	if t.Retention.Bodies == 0 {
		b.say("Entries and receipts are kept for ever. Bodies are kept for ever.")
	} else {
		b.say("Entries and receipts are kept for ever.")
		b.about(partRetention, "Bodies are kept %s, their hashes for ever.", spell(t.Retention.Bodies))
	}
}

func (t Terms) explainLine(b *explainer) {
	b.head("THE LINE")
	l := t.LineTimes
	b.say("A heartbeat every %s. Lagging after %s without one, down after %s.", spell(l.Heartbeat), spell(l.LaggingAfter), spell(l.DownAfter))
	b.say("Clocks that differ by more than %s raise an alarm.", spell(l.ClockOffsetAlarm))
	b.about(partPresence, "Each desk confirms its presence every %s.", spell(l.DeskPresence))
	if n := t.LineTests; n.PerDay > 0 {
		b.about(partLineTests, "People test the line %d times a day: %d missed, suspect; %d missed, down.", n.PerDay, n.SuspectAfter, n.DownAfter)
	} else {
		b.say("People do NOT test the line.")
	}
	if len(t.Drills) == 0 {
		b.say("No drill is agreed: every drill alarms as real.")
	}
	for _, d := range t.Drills {
		b.say("Drills from %s to %s. Outside, a drill alarms as real.", d.Start.Format("2 Jan 2006 15:04Z"), d.End.Format("2 Jan 2006 15:04Z"))
	}
	if t.Signatures == SignaturesBoth {
		b.say("Heads and receipts are signed with Ed25519 and with ML-DSA-44, and count only with both.")
	}
	t.explainWitnesses(b)
}

func (t Terms) explainPeople(b *explainer) {
	b.head("WHO ANSWERS")
	for _, p := range t.Parties {
		if len(p.Contacts) == 0 {
			b.say("%s gives NO number to call.", p.Name)
			continue
		}
		var out []string
		for _, c := range p.Contacts {
			out = append(out, c.Role+" "+c.Number)
		}
		b.say("%s: %s.", p.Name, join(out))
	}
	var observers []string
	for _, o := range t.Observers {
		observers = append(observers, o.Name+" "+o.Contact)
	}
	if len(observers) > 0 {
		b.say("Observers: %s.", join(observers))
	} else {
		b.say("There are no observers.")
	}
	t.explainOthers(b)
	if len(t.TwoPersons) > 0 {
		b.say("Two persons release: %s.", join(actionWords(t.TwoPersons)))
	} else {
		b.say("One person alone may release what there is.")
	}
}

func actionWords(as []Action) []string {
	out := make([]string, len(as))
	for i, a := range as {
		switch a {
		case ActionCancel:
			out[i] = "a cancellation"
		case ActionDisclosure:
			out[i] = "a change of what is shown"
		case ActionStatement:
			out[i] = "a statement"
		case ActionAgreement:
			out[i] = "an agreement"
		case ActionKeyChange:
			out[i] = "a change of keys"
		default:
			out[i] = string(a)
		}
	}
	return out
}
