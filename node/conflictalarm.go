package node

import (
	"maps"
	"slices"
	"sync"
	"time"

	"parley/agreement"
	"parley/catalogue"
	"parley/node/picture"
	"parley/node/view"
	"parley/notice"
)

// floodFrom is how many open conflicts of one notice are told as one: what makes so many (a notice held
// as more than it needs, a movement whose end nobody said) is one thing to look at, and not each of them.
const floodFrom = 4

// conflictAlarms names each open conflict that no officer of this desk took, and what officers wait
// for about one: one alarm for all of a notice that has many, and on a bulk line one of each kind for
// all that can wait. ln.mu is held.
func (ln *lineNode) conflictAlarms() []view.Alarm {
	var out, waiting []view.Alarm
	groups, work := alarmGroups{}, alarmGroups{}
	now := ln.node.cfg.Clock.Now()
	for _, id := range slices.Sorted(maps.Keys(ln.open)) {
		if isOver(ln.conflictState(id)) {
			continue
		}
		k := ln.worded(id)
		c := k.c
		to, act := ln.unowned(c, now)
		list := &out
		if to == "" && ln.canWait(c, now) {
			list = &waiting
		}
		cause := ln.causeOf(id, c.Coarse)
		if cause == nil || list == &waiting {
			*list = append(*list, k.work...)
		} else {
			for _, a := range k.work {
				work.of(ln.alarmID(a.Kind, cause.First), cause).add(a, false)
			}
		}
		if k.took {
			continue
		}
		a := k.alarm
		if to != "" {
			a.Escalated = to
			a = ln.node.said(a, ln.conflictSaid(c, act))
		}
		if to == toObservers {
			a.AtVolume = ln.conflictAtVolume(&c)
		}
		if cause == nil || list == &waiting && !c.Coarse {
			*list = append(*list, a)
			continue
		}
		groups.of(ln.alarmID("conflicts", cause.First), cause).add(a, c.Coarse)
	}
	for _, key := range slices.Sorted(maps.Keys(groups)) {
		out = append(out, ln.floodAlarm(groups[key]))
	}
	for _, key := range slices.Sorted(maps.Keys(work)) {
		out = append(out, ln.workFlood(work[key])...)
	}
	return append(out, ln.gathered(waiting)...)
}

// worded is what the alarms of an open conflict say but for what the clock adds: how far it has gone. Every change
// of any conflict has all alarms looked at, so that it is kept until the conflict is marked as changed.
type worded struct {
	c     view.Conflict
	work  []view.Alarm
	took  bool // an officer of this desk did
	alarm view.Alarm
}

// wordings are kept by the id of the conflict.
type wordings struct {
	mu   sync.Mutex // held after ln.mu
	kept map[string]*worded
}

func (w *wordings) forget(id string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.kept, id)
}

func (w *wordings) forgetAll() {
	w.mu.Lock()
	defer w.mu.Unlock()
	clear(w.kept)
}

// word words the alarms of a conflict. ln.mu is held.
func (ln *lineNode) word(id string) *worded {
	c := ln.conflictInBrief(id)
	k := &worded{c: c, work: ln.workAlarms(c), took: ln.tookIt(id)}
	if !k.took {
		na, nb := ln.conflictOf(id)
		a := view.Alarm{ID: "conflict/" + id[:12], Kind: "conflict", Level: actNow, Line: ln.id, Subject: id, Exercise: c.Exercise, NotTold: ln.withheldAnswer(id, na, nb), Since: c.Found, Due: c.From}
		k.alarm = ln.node.said(a, ln.conflictSaid(c, catalogue.Message{}))
	}
	return k
}

// worded returns the alarms of a conflict as they were worded, or words them. ln.mu is held.
func (ln *lineNode) worded(id string) *worded {
	ln.wordings.mu.Lock()
	k := ln.wordings.kept[id]
	ln.wordings.mu.Unlock()
	if k != nil {
		return k
	}
	k = ln.word(id)
	a, b := ln.conflictOf(id)
	for _, n := range []*picture.Notice{a, b} {
		if n == nil || n.Latest().Withheld { // what may be told of it hangs on more than the conflict
			return k
		}
	}
	ln.wordings.mu.Lock()
	ln.wordings.kept[id] = k
	ln.wordings.mu.Unlock()
	return k
}

// conflictSaid names a conflict and what is owed about it.
func (ln *lineNode) conflictSaid(c view.Conflict, act catalogue.Message) catalogue.Message {
	said := []catalogue.Message{catalogue.Say("alarm.conflict", catalogue.AsCode("conflict", c.ID[:8]), catalogue.ByPeople("notice", c.A.Notice), catalogue.ByPeople("party", c.A.Party),
		catalogue.ByPeople("other", c.B.Notice), catalogue.ByPeople("peer", c.B.Party))}
	if len(c.Owners) > 0 {
		said = append(said, catalogue.Say("conflict.other-took", catalogue.ByPeople("officer", c.Owners[0].Officer), catalogue.ByPeople("peer", ln.peer)))
	}
	a, b := ln.conflictOf(c.ID)
	if a != nil && b != nil && (a.Key.Voice || b.Key.Voice) {
		said = append(said, catalogue.Say("conflict.by-voice"))
	}
	if ln.withheldAnswer(c.ID, a, b) && ln.answered[ln.answerName(c.ID)].State == "" {
		said = append(said, catalogue.Say("conflict.not-told", catalogue.ByPeople("peer", ln.peer), catalogue.AsCode("command", "parley answer list")))
	}
	return catalogue.Join(append(said, act)...)
}

// causeOf is the notice of a conflict that makes so many conflicts that they are told as one; nil where
// the conflict is told by itself. What is settled of them counts no more, what an officer took does, so
// that the rest is not told anew while he works.
func (ln *lineNode) causeOf(id string, coarse bool) *picture.Notice {
	f := ln.found[id]
	if f == nil {
		return nil
	}
	if coarse {
		return wider(f)
	}
	most := f.a
	if len(ln.openOf[f.b.First]) > len(ln.openOf[f.a.First]) {
		most = f.b
	}
	if len(ln.openOf[most.First]) < floodFrom {
		return nil
	}
	return most
}

// alarmGroup is the alarms of one notice's conflicts.
type alarmGroup struct {
	id     string
	cause  *picture.Notice
	all    []view.Alarm
	coarse bool
	first  view.Alarm // begins first
	newest time.Time
	to     string // how far the one that is longest unanswered went
	since  time.Time
}

// alarmGroups are groups by their id.
type alarmGroups map[string]*alarmGroup

func (gs alarmGroups) of(id string, cause *picture.Notice) *alarmGroup {
	if gs[id] == nil {
		gs[id] = &alarmGroup{id: id, cause: cause}
	}
	return gs[id]
}

func (g *alarmGroup) add(a view.Alarm, coarse bool) {
	g.all = append(g.all, a)
	g.coarse = g.coarse || coarse
	if len(g.all) == 1 || a.Due.Before(g.first.Due) {
		g.first = a
	}
	if a.Since.After(g.newest) {
		g.newest = a.Since
	}
	if a.Escalated != "" && (g.to == "" || a.Since.Before(g.since)) {
		g.to, g.since = a.Escalated, a.Since
	}
}

// floodAlarm makes one alarm of a notice's conflicts, about the one that begins first. It has begun when
// the newest of them did, so that one that comes later was not seen with those before.
func (ln *lineNode) floodAlarm(g *alarmGroup) view.Alarm {
	a := g.first
	a.ID, a.Since, a.Escalated = g.id, g.newest, g.to
	if len(g.all) == 1 {
		return a
	}
	if g.coarse {
		return ln.node.said(a, catalogue.Say("alarm.conflicts", ln.groupArgs(g)...))
	}
	return ln.node.said(a, catalogue.Say("alarm.conflicts-of", append(ln.groupArgs(g), catalogue.At("day", catalogue.Minute, a.Due), catalogue.SayIn("said", a.Message))...))
}

// workFlood makes one alarm of what is owed of one kind about the conflicts of one notice, where that is much.
func (ln *lineNode) workFlood(g *alarmGroup) []view.Alarm {
	if len(g.all) < floodFrom {
		return g.all
	}
	a := g.first
	a.ID, a.Since = g.id, g.newest
	return []view.Alarm{ln.node.said(a, catalogue.Say("alarm.work-of", append(ln.groupArgs(g), catalogue.At("day", catalogue.Minute, a.Due), catalogue.SayIn("said", a.Message))...))}
}

func (ln *lineNode) groupArgs(g *alarmGroup) []catalogue.Arg {
	return []catalogue.Arg{catalogue.CountOf("count", len(g.all)), catalogue.ByPeople("notice", g.cause.Key.ID), catalogue.ByPeople("party", ln.party(g.cause.Key.Side))}
}

// canWait reports whether a conflict begins so late that its notices would have routine lead, on a
// line of a profile under which such notices are many. Exercise is told apart.
func (ln *lineNode) canWait(c view.Conflict, now time.Time) bool {
	return ln.terms.Profile == agreement.Bulk && !c.Exercise && !c.From.IsZero() &&
		ln.terms.LeadOf(notice.Kind(c.A.Kind)).Grade(c.From.Sub(now)) == agreement.Routine
}

// gathered makes one alarm of all of a kind, which names the conflict that begins first. It has begun
// when the newest of them did, so that one that comes later was not seen with those before.
func (ln *lineNode) gathered(list []view.Alarm) []view.Alarm {
	var out []view.Alarm
	at, count := map[string]int{}, map[string]int{}
	for _, a := range list {
		a.Level = soon
		a.ID = a.Kind + "/" + ln.id[:8] + "/far"
		count[a.Kind]++
		i, ok := at[a.Kind]
		if !ok {
			at[a.Kind] = len(out)
			out = append(out, a)
			continue
		}
		since := out[i].Since
		if a.Since.After(since) {
			since = a.Since
		}
		if a.Due.Before(out[i].Due) {
			out[i] = a
		}
		out[i].Since = since
	}
	for i := range out {
		if n := count[out[i].Kind]; n > 1 {
			out[i] = ln.node.said(out[i], catalogue.Say("alarm.far", catalogue.CountOf("count", n), catalogue.At("day", catalogue.Minute, out[i].Due), catalogue.SayIn("said", out[i].Message)))
		}
	}
	return out
}

// wider returns the notice of a conflict that is held as far more than it needs.
func wider(f *found) *picture.Notice {
	if coarse, _ := notice.Coarse(f.a.Latest().Notice); coarse || f.a.Latest().Notice.Incomplete() {
		return f.a
	}
	return f.b
}
