package node

import (
	"context"
	"sort"
	"time"

	"parley/agreement"
	"parley/catalogue"
	"parley/line"
	"parley/node/body"
	"parley/node/picture"
	"parley/node/view"
	"parley/notice"
)

// Levels of alarm.
const (
	actNow = 1
	soon   = 2
	look   = 3
)

// touch works out anew what a person must look at in a notice, and when the clock next changes
// that. ln.mu is held.
func (ln *lineNode) touch(p *picture.Notice) {
	ln.markNotice(p)
	now := ln.node.cfg.Clock.Now()
	n, _ := ln.held(p.Latest())
	status := ln.statusAs(p, n, now)
	next := nextChange(n, status, now)
	var alarms []view.Alarm
	if status.Live() {
		v := ln.noticeView(p, false, false)
		alarms = ln.noticeAlarms(p, v)
		for i := range alarms {
			alarms[i].Exercise = v.Exercise
			alarms[i] = ln.node.said(alarms[i], alarms[i].Message)
		}
		changes := []time.Time{rungChange(v, now), n.Expires.Add(-ln.terms.Sites.WarnBefore)}
		if v.Exercise {
			changes = append(changes, ln.exerciseEnds(p))
		}
		if t, ok := ln.heldByOther(p.Latest()); ok { // the other clock may be ahead, and what is owed counts from then
			changes = append(changes, t)
		}
		for _, t := range changes {
			if t.After(now) && (next.IsZero() || t.Before(next)) {
				next = t
			}
		}
	}
	ln.clockwork.set(p.Key, next)
	ln.noteSite(p, n, status, now)
	if len(alarms) == 0 {
		delete(ln.alarms, p.Key)
	} else {
		ln.alarms[p.Key] = alarms
	}
	ln.node.poke()
}

// alarmID names an alarm about an entry: short enough to type, and the same after a restart.
func (ln *lineNode) alarmID(kind string, r body.Ref) string {
	return kind + "/" + ln.id[:8] + "/" + r.Short()
}

// noticeAlarms lists what a person must look at in a live notice. ln.mu is held.
func (ln *lineNode) noticeAlarms(p *picture.Notice, v view.Notice) []view.Alarm {
	var out []view.Alarm
	add := func(kind string, level int, since time.Time, m catalogue.Message) {
		out = append(out, view.Alarm{ID: ln.alarmID(kind, p.Latest().Ref), Kind: kind, Level: level, Line: ln.id, Subject: v.ID, Message: ofNotice(v, m), Since: since})
	}
	note := func(kind string, level int, since time.Time, key string, args ...catalogue.Arg) {
		if v.Own && level < soon && kind != "overdue" {
			level = soon
		}
		add(kind, level, since, catalogue.Say(key, args...))
	}
	unread := len(ln.pic.Receipts(p.Latest().Ref)) == 0
	if v.Incomplete {
		key, args := incompleteAs(v)
		note("incomplete", actNow, v.Filed, key, args...)
	}
	if m := ln.misplaced(p.Latest(), v.Ladder); !m.IsZero() {
		note("name-and-place", soon, v.Filed, "notice.misplaced", catalogue.SayIn("said", m))
	}
	switch {
	case !unread || v.Lead.Grade == "":
	case v.Lead.Grade == string(agreement.Insufficient):
		note("late", actNow, v.Filed, "notice.insufficient", catalogue.SayIn("lead", leadMessage(v.Lead)))
	case v.Lead.Grade == string(agreement.Late):
		note("late", soon, v.Filed, "notice.late", catalogue.SayIn("lead", leadMessage(v.Lead)))
	}
	if v.Coarse != "" && unread {
		note("coarse", look, v.Filed, "notice.coarse", catalogue.SayIn("said", v.Said.Coarse))
	}
	if v.State == notice.Overdue {
		note("overdue", actNow, v.Since, "notice.overdue", catalogue.At("since", catalogue.Clock, v.Since))
	}
	if v.Flaw != "" {
		note("flaw", soon, v.Filed, "notice.flaw", catalogue.SayIn("said", v.Said.Flaw))
	}
	ln.ladderAlarms(p, v, func(kind string, level int, r *view.Rung, m catalogue.Message) {
		add(kind, level, v.Filed, m)
		out[len(out)-1].Escalated = r.Gone
		if r.Gone == toObservers {
			out[len(out)-1].AtVolume = ln.noticeAtVolume(p)
		}
		if r.Missed {
			out[len(out)-1].Since, out[len(out)-1].Due = r.Due, r.Due
		}
	})
	return out
}

// ofNotice says of which notice something is.
func ofNotice(v view.Notice, m catalogue.Message) catalogue.Message {
	kind := "kind.none"
	if v.Kind != "" {
		kind = "kind." + string(v.Kind)
	}
	return catalogue.Say("alarm.notice", catalogue.ByPeople("party", v.Party), catalogue.Word("kind", kind), catalogue.ByPeople("notice", v.ID), catalogue.SayIn("said", m))
}

// incompleteAs says what is known of the place of a notice that is incomplete: words, or nothing.
func incompleteAs(v view.Notice) (string, []catalogue.Arg) {
	held := catalogue.SayIn("held", heldMessage(v.HeldAs))
	if v.Place == "" {
		return "notice.nowhere", []catalogue.Arg{held}
	}
	return "notice.incomplete", []catalogue.Arg{catalogue.ByPeople("place", v.Place), held}
}

func heldMessage(heldAs string) catalogue.Message {
	if heldAs == agreement.WholeArea {
		return catalogue.Say("held.area")
	}
	return catalogue.Say("held.sector", catalogue.ByPeople("sector", heldAs))
}

func leadMessage(l view.Lead) catalogue.Message {
	if l.DeliveredS == nil {
		return catalogue.Say("lead.unknown")
	}
	d := time.Duration(*l.DeliveredS * float64(time.Second))
	if d < 0 {
		return catalogue.Say("lead.after", catalogue.AgeOf("age", -d))
	}
	return catalogue.Say("lead.before", catalogue.AgeOf("age", d))
}

// Alarms returns what a person must look at now, the most pressing first.
func (n *Node) Alarms(ctx context.Context) ([]view.Alarm, error) {
	var out []view.Alarm
	if err := n.cfg.Store.Err(); err != nil {
		out = append(out, n.said(view.Alarm{ID: "store", Kind: "store", Level: actNow}, catalogue.Say("alarm.store")))
	}
	for _, ln := range n.order {
		alarms, err := ln.allAlarms(ctx)
		if err != nil {
			return nil, err
		}
		out = append(out, alarms...)
	}
	if n.cfg.More != nil {
		for _, a := range n.cfg.More() {
			if !a.Message.IsZero() {
				a.Text = n.english.Say(a.Message)
			}
			out = append(out, a)
		}
	}
	out = append(out, n.watchAlarms()...)
	out = append(out, n.rotaAlarms()...)
	out = append(out, n.releaseAlarms()...)
	n.mu.Lock()
	for i := range out {
		out[i].Owner = n.onWatch.Officer
		h := n.book.had[out[i].ID]
		if a, ok := n.acked[out[i].ID]; ok && a.covers(h.begun(out[i])) {
			out[i].Acknowledged = &a.Received
		}
		if h.standsFor(out[i]) {
			out[i].MarkedFalse = h.False
		}
	}
	n.mu.Unlock()
	sort.SliceStable(out, func(i, j int) bool {
		a, b := &out[i], &out[j]
		if a.Level != b.Level {
			return a.Level < b.Level
		}
		if !a.Since.Equal(b.Since) {
			return a.Since.Before(b.Since)
		}
		return a.ID < b.ID
	})
	return out, nil
}

func (ln *lineNode) allAlarms(ctx context.Context) ([]view.Alarm, error) {
	lv, err := ln.lineView(ctx)
	if err != nil {
		return nil, err
	}
	st := ln.link.Status()
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	out := ln.node.lineAlarms(lv, st)
	for _, list := range ln.alarms {
		out = append(out, list...)
	}
	out = append(out, ln.conflictAlarms()...)
	now := ln.node.cfg.Clock.Now()
	out = append(out, ln.deskAlarms(st, now)...)
	out = append(out, ln.testAlarms(now)...)
	out = append(out, ln.voiceAlarms(now)...)
	out = append(out, ln.witnessAlarms(lv, now)...)
	out = append(out, ln.keyAlarms()...)
	out = append(out, ln.consentAlarms(now)...)
	out = append(out, ln.takenBackAlarms(now)...)
	out = append(out, ln.siteAlarms()...)
	out = append(out, ln.reviewAlarms(now)...)
	return append(out, ln.callAlarms()...), nil
}

func (n *Node) lineAlarms(v view.Line, st line.Status) []view.Alarm {
	var out []view.Alarm
	peer := catalogue.ByPeople("peer", v.Peer)
	add := func(kind string, level int, since time.Time, args ...catalogue.Arg) {
		a := view.Alarm{ID: kind + "/" + v.ID[:8], Kind: kind, Level: level, Line: v.ID, Since: since}
		out = append(out, n.said(a, catalogue.Say("alarm."+kind, args...)))
	}
	switch st.State {
	case line.Down:
		if st.Starting {
			break // a start alarms nobody: a line is down when it was silent for so long
		}
		cause := string(st.Cause)
		if cause == "" {
			cause = "unknown"
		}
		add("line-down", actNow, st.Since, peer, catalogue.Word("cause", "cause."+cause))
	case line.Lagging:
		add("line-lagging", look, st.Since, peer)
	case line.Disputed:
		add("line-disputed", actNow, st.Since)
	case line.Suspended:
		add("line-suspended", soon, st.Since, peer)
	}
	if v.ClockAlarm && v.ClockOffsetMS != nil {
		add("clock", soon, time.Time{}, peer, catalogue.SayIn("said", offsetMessage(time.Duration(*v.ClockOffsetMS*float64(time.Millisecond)))))
	}
	if !st.OldKey.IsZero() {
		add("key-refused", soon, st.OldKey, peer)
	}
	if st.Doubted && !v.Confirmed {
		add("doubted", actNow, time.Time{}, peer)
	}
	if st.Confirmed && st.PeerHave.Epoch == st.Own.Epoch && st.PeerHave.Size > st.Own.Size {
		add("claimed", actNow, time.Time{}, peer)
	}
	if !v.Confirmed && !st.Doubted && !st.Starting {
		add("unconfirmed", actNow, time.Time{}, peer, catalogue.AsCode("command", "parley line not-restored"))
	}
	if v.EpochClosed != "" {
		add("epoch-closed", actNow, time.Time{}, catalogue.ByPeople("reason", v.EpochClosed), catalogue.AsCode("command", "parley line next-epoch"))
	}
	return out
}

func (ln *lineNode) tookIt(id string) bool {
	for _, o := range ln.owners(id) {
		if o.Side == ln.side {
			return true
		}
	}
	return false
}

// poke asks for a look at the alarms now.
func (n *Node) poke() {
	select {
	case n.poked <- struct{}{}:
	default:
	}
}

// tellAfter is how long changes are gathered before alarms are told: what a person can see at
// once, and not once for each of thousands of notices.
const tellAfter = 20 * time.Millisecond

// watch lets the clock do its part and tells of alarms that begin and end.
func (n *Node) watch(ctx context.Context) error {
	if err := n.Ready(ctx); err != nil {
		return err
	}
	n.recallReleases(ctx)
	failed := n.cfg.Store.Failed()
	for {
		n.clockTick()
		n.lapseReleases(ctx)
		if err := n.tellAlarms(ctx); err != nil {
			return err
		}
		tick, stop := n.cfg.Clock.Timer(n.cfg.Tick)
		select {
		case <-ctx.Done():
			stop()
			return context.Cause(ctx)
		case <-failed:
			n.cfg.Log.Error("the store failed: no commands are taken", "err", n.cfg.Store.Err())
			failed = nil
		case <-tick:
		case <-n.poked:
			n.gather(ctx)
		}
		stop()
	}
}

func (n *Node) gather(ctx context.Context) {
	tick, stop := n.cfg.Clock.Timer(tellAfter)
	defer stop()
	select {
	case <-ctx.Done():
	case <-tick:
	}
}

func (n *Node) clockTick() {
	now := n.cfg.Clock.Now()
	for _, ln := range n.order {
		ln.mu.Lock()
		ln.turnKeys(now)
		for _, k := range ln.clockwork.pop(now) {
			if p := ln.pic.Notice(k); p != nil {
				ln.recheck(p, false)
			}
		}
		ln.mu.Unlock()
	}
}

func (n *Node) tellAlarms(ctx context.Context) error {
	n.telling.Lock()
	defer n.telling.Unlock()
	now, err := n.Alarms(ctx)
	if err != nil {
		return err
	}
	n.bookAlarms(ctx, n.tell(now))
	return nil
}

// alarmOver says that an alarm is over. What it asked for is said with it, as what it was.
func (n *Node) alarmOver(a view.Alarm) view.Event {
	e := view.Event{Time: n.cfg.Clock.Now(), Kind: "alarm-over", Line: a.Line, ID: a.ID, Text: a.Text}
	if !a.Message.IsZero() {
		e.Message = exercised(catalogue.Say("event.alarm-over", catalogue.SayIn("said", a.Message)), a.Exercise)
		e.Text = n.english.Say(e.Message)
	}
	return e
}

// tell tells of the alarms that began and that are over, and returns those that there are.
func (n *Node) tell(now []view.Alarm) map[string]view.Alarm {
	n.mu.Lock()
	defer n.mu.Unlock()
	seen := make(map[string]view.Alarm, len(now))
	for _, a := range now {
		seen[a.ID] = a
		was, ok := n.told[a.ID]
		if !ok || !sameAlarm(was, a) {
			n.changes.mark(subject{id: a.ID})
		}
		if !ok {
			n.feed.put(view.Event{Time: n.cfg.Clock.Now(), Kind: "alarm", Line: a.Line, ID: a.ID, Text: a.Text, Message: a.Message})
		}
	}
	for id, a := range n.told {
		if _, ok := seen[id]; !ok {
			n.changes.mark(subject{id: id})
			n.feed.put(n.alarmOver(a))
		}
	}
	n.told = seen
	return seen
}
