package node

import (
	"context"
	"slices"
	"time"

	"parley/agreement"
	"parley/catalogue"
	"parley/fault"
	"parley/node/picture"
	"parley/node/view"
	"parley/notice"
	"parley/transcript"
)

// observedVolumes bounds how many volumes an alarm says to an observer.
const observedVolumes = 3

// Observes refuses the name of an observer to whom no agreement in force here gives a level.
func (n *Node) Observes(observer string) error {
	for _, ln := range n.order {
		if _, ok := ln.observes(observer); ok {
			return nil
		}
	}
	return &fault.Error{Code: fault.NotFound, Field: "observer", Value: fault.Shorten(observer), Rule: "is no observer whom an agreement in force here gives a level", Hint: "see parley agreement explain"}
}

// observes returns the level at which an observer reads on the line, and whether it does.
func (ln *lineNode) observes(observer string) (agreement.Level, bool) {
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	o, ok := ln.terms.Observer(observer)
	return o.Disclosure, ok && o.Disclosure != "" && ln.terms.InForce(ln.node.cfg.Clock.Now())
}

// ObservedAlarms returns the alarms that have come to an observer, on each line at the level that its
// agreement in force gives it there.
func (n *Node) ObservedAlarms(ctx context.Context, observer string) ([]view.ObservedAlarm, error) {
	list, err := n.Alarms(ctx)
	if err != nil {
		return nil, err
	}
	out := []view.ObservedAlarm{}
	for _, ln := range n.order {
		level, ok := ln.observes(observer)
		if !ok {
			continue
		}
		least := ln.comeToObservers()
		for i := range list {
			if list[i].Line == ln.id && list[i].Escalated == toObservers {
				out = append(out, n.observedAlarm(&list[i], level, least))
			}
		}
	}
	return out, nil
}

// observedAlarm is an alarm as an observer of a level is told of it. least is all of its text that one may be
// told who learns no place, kind or time.
func (n *Node) observedAlarm(a *view.Alarm, level agreement.Level, least catalogue.Message) view.ObservedAlarm {
	out := view.ObservedAlarm{ID: a.ID, Kind: a.Kind, Level: a.Level, Line: a.Line, Exercise: a.Exercise, Since: a.Since, Due: a.Due, Disclosure: string(level)}
	switch {
	case level == agreement.Full:
		out.Message = catalogue.Say("observed.about", catalogue.SayIn("what", a.Message), catalogue.SayIn("said", least))
	case level == agreement.Volume && !a.AtVolume.IsZero():
		out.Message = exercised(catalogue.Say("observed.about", catalogue.SayIn("what", a.AtVolume), catalogue.SayIn("said", least)), a.Exercise)
	default:
		out.Message = exercised(least, a.Exercise)
	}
	if !level.AtLeast(agreement.Volume) && !a.Due.Equal(a.Since) {
		out.Due = time.Time{} // when a conflict begins: what was due and is missed is due since
	}
	out.Text = n.english.Say(out.Message)
	return out
}

// comeToObservers says that something has come to them, and whom to call.
func (ln *lineNode) comeToObservers() catalogue.Message {
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	return catalogue.Say("observed.alarm", catalogue.ByPeople("party", ln.party(transcript.A)), catalogue.ByPeople("peer", ln.party(transcript.B)),
		ln.contactsOfBoth(transcript.A, toSupervisor))
}

// noticeAtVolume says a notice by its first entry, without what people wrote. ln.mu is held.
func (ln *lineNode) noticeAtVolume(p *picture.Notice) catalogue.Message {
	n, _ := ln.held(p.Latest())
	if n.Incomplete() { // held as a sector, which has a name
		return catalogue.Message{}
	}
	said := notice.Notice{ID: ln.party(p.Key.Side) + " " + p.First.Short(), Kind: n.Kind, Domain: n.Domain, Class: n.Class, Volumes: n.Volumes, UncertaintyM: n.UncertaintyM}
	more := len(said.Volumes) - observedVolumes
	if more > 0 {
		said.Volumes = slices.Clone(said.Volumes[:observedVolumes])
	}
	echo := notice.Echo(said, ln.node.places())
	if more > 0 {
		echo = append(echo, catalogue.Say("echo.more-volumes", catalogue.CountOf("count", more)))
	}
	return catalogue.Join(echo...)
}

// conflictAtVolume says a conflict by what was found, without what people wrote. ln.mu is held.
func (ln *lineNode) conflictAtVolume(c *view.Conflict) catalogue.Message {
	f := ln.found[c.ID]
	if f == nil {
		return catalogue.Message{}
	}
	out := []catalogue.Message{ln.entryOf(f.a), ln.entryOf(f.b)}
	if !c.From.IsZero() && !c.Until.IsZero() {
		out = append(out, catalogue.Say("show.window", catalogue.At("start", catalogue.Stamp, c.From), catalogue.At("end", catalogue.Stamp, c.Until)))
	}
	return catalogue.Join(append(out, ln.where(f.pair.Worst().AtA))...)
}

// entryOf names a notice by its party and its first entry.
func (ln *lineNode) entryOf(p *picture.Notice) catalogue.Message {
	return catalogue.Say("observed.entry", catalogue.ByPeople("party", ln.party(p.Key.Side)), catalogue.AsCode("id", p.First.Short()))
}

// callAtVolume says a call without its words. ln.mu is held.
func (a *callAlarm) callAtVolume() catalogue.Message {
	said := []catalogue.Message{catalogue.Say("event.called", catalogue.ByPeople("by", a.ln.party(a.c.Side)), catalogue.Word("type", "call."+a.c.Type))}
	if p := a.c.Position; p != nil {
		said = append(said, a.ln.where(placeOf(*p)))
	}
	return catalogue.Join(said...)
}
