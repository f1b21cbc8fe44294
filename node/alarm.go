package node

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sort"
	"time"

	"parley/agreement"
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
	now := ln.node.cfg.Clock.Now()
	n, _ := ln.held(p.Latest())
	status := ln.statusAs(p, n, now)
	next := nextChange(n, status, now)
	var alarms []view.Alarm
	if status.Live() {
		v := ln.noticeView(p, false, false)
		alarms = ln.noticeAlarms(p, v)
		for i := range alarms {
			alarms[i].Text, alarms[i].Exercise = marked(alarms[i].Text, v.Exercise), v.Exercise
		}
		changes := []time.Time{rungChange(v, now), n.Expires.Add(-ln.terms.Sites.WarnBefore)}
		if v.Exercise {
			changes = append(changes, ln.exerciseEnds(p))
		}
		for _, t := range changes {
			if t.After(now) && (next.IsZero() || t.Before(next)) {
				next = t
			}
		}
	}
	ln.clockwork.set(p.Key, next)
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
	subject := v.Party + " " + string(v.Kind) + " " + v.ID + ": "
	add := func(kind string, level int, since time.Time, format string, args ...any) {
		if v.Own && level < soon && kind != "overdue" {
			level = soon
		}
		out = append(out, view.Alarm{ID: ln.alarmID(kind, p.Latest().Ref), Kind: kind, Level: level, Line: ln.id, Subject: v.ID,
			Text: subject + fmt.Sprintf(format, args...), Since: since})
	}
	unread := len(ln.pic.Receipts(p.Latest().Ref)) == 0
	if v.Incomplete {
		add("incomplete", actNow, v.Filed, "incomplete: its place is only the words %q; held as %s until corrected; ask for area and positions; whether units or third parties know is unknown", v.Place, v.HeldAs)
	}
	if text := ln.misplaced(p.Latest(), v.Ladder); text != "" {
		add("name-and-place", soon, v.Filed, "its words and its place do not agree: %s read it back from a map of one's own, or call", text)
	}
	switch {
	case !unread || v.Lead.Grade == "":
	case v.Lead.Grade == string(agreement.Insufficient):
		add("late", actNow, v.Filed, "insufficient lead: %s", leadWords(v.Lead))
	case v.Lead.Grade == string(agreement.Late):
		add("late", soon, v.Filed, "late: %s", leadWords(v.Lead))
	}
	if v.Coarse != "" && unread {
		add("coarse", look, v.Filed, "coarse: %s; it earns no lead for a plan inside it", v.Coarse)
	}
	if v.State == notice.Overdue {
		add("overdue", actNow, v.Since, "overdue since %s: its end was not said; it stays in the picture and grows", v.Since.Format("15:04Z"))
	}
	if v.Unverified {
		add("unverified", soon, v.Since, "its validity ended; it stays, unverified, until its party confirms it")
	} else if e := p.Latest().Notice.Expires; v.Kind == notice.Site && !e.IsZero() && ln.node.cfg.Clock.Now().After(e.Add(-ln.terms.Sites.WarnBefore)) {
		add("revalidate", look, e.Add(-ln.terms.Sites.WarnBefore), "must be confirmed before %s", e.Format("2006-01-02 15:04Z"))
	}
	if v.Flaw != "" {
		add("flaw", soon, v.Filed, "%s; the last sound version is shown", v.Flaw)
	}
	ln.ladderAlarms(p, v, func(kind string, level int, r *view.Rung, format string, args ...any) {
		out = append(out, view.Alarm{ID: ln.alarmID(kind, p.Latest().Ref), Kind: kind, Level: level, Line: ln.id, Subject: v.ID,
			Text: subject + fmt.Sprintf(format, args...), Since: v.Filed, Escalated: r.Gone})
		if r.Missed {
			out[len(out)-1].Since, out[len(out)-1].Due = r.Due, r.Due
		}
	})
	return out
}

func leadWords(l view.Lead) string {
	if l.DeliveredS == nil {
		return "delivery not shown yet"
	}
	d := time.Duration(*l.DeliveredS * float64(time.Second))
	if d < 0 {
		return fmt.Sprintf("delivered %s after its start", roundAge(-d))
	}
	return fmt.Sprintf("delivered %s before its start", roundAge(d))
}

// Alarms returns what a person must look at now, the most pressing first.
func (n *Node) Alarms(ctx context.Context) ([]view.Alarm, error) {
	var out []view.Alarm
	if err := n.cfg.Store.Err(); err != nil {
		out = append(out, view.Alarm{ID: "store", Kind: "store", Level: actNow,
			Text: "this node cannot make entries durable: it takes no commands until the disk is mended and it is started again"})
	}
	for _, ln := range n.order {
		alarms, err := ln.allAlarms(ctx)
		if err != nil {
			return nil, err
		}
		out = append(out, alarms...)
	}
	if n.cfg.More != nil {
		out = append(out, n.cfg.More()...)
	}
	out = append(out, n.watchAlarms()...)
	n.mu.Lock()
	for i := range out {
		out[i].Owner = n.onWatch.Officer
		if a, ok := n.acked[out[i].ID]; ok && a.covers(out[i]) {
			out[i].Acknowledged = &a.Received
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
	out := lineAlarms(lv, st)
	for _, list := range ln.alarms {
		out = append(out, list...)
	}
	out = append(out, ln.conflictAlarms()...)
	now := ln.node.cfg.Clock.Now()
	out = append(out, ln.deskAlarms(st, now)...)
	out = append(out, ln.testAlarms(now)...)
	return append(out, ln.callAlarms()...), nil
}

func lineAlarms(v view.Line, st line.Status) []view.Alarm {
	var out []view.Alarm
	add := func(kind string, level int, since time.Time, format string, args ...any) {
		out = append(out, view.Alarm{ID: kind + "/" + v.ID[:8], Kind: kind, Level: level, Line: v.ID, Text: fmt.Sprintf(format, args...), Since: since})
	}
	switch st.State {
	case line.Down:
		cause := string(st.Cause)
		if cause == "" {
			cause = "unknown"
		}
		add("line-down", actNow, st.Since, "the line to %s is down (cause: %s); silence is not consent: use the second channel", v.Peer, cause)
	case line.Lagging:
		add("line-lagging", look, st.Since, "nothing came from %s for a while", v.Peer)
	case line.Disputed:
		add("line-disputed", actNow, st.Since, "the transcripts contradict each other: keep both copies, verify them, and open the next epoch")
	case line.Suspended:
		add("line-suspended", soon, st.Since, "the line to %s is declared suspended; hold and distress still pass", v.Peer)
	}
	if v.ClockAlarm && v.ClockOffsetMS != nil {
		add("clock", soon, time.Time{}, "the clock of %s is %s: check both", v.Peer, offsetWords(time.Duration(*v.ClockOffsetMS*float64(time.Millisecond))))
	}
	if !v.Confirmed {
		add("unconfirmed", actNow, time.Time{}, "nothing can be filed to %s yet: this node must first ask its node what that holds of this transcript; see that the other node runs and can be reached; only where no backup was put back here may a supervisor say so instead: parley line not-restored", v.Peer)
	}
	if v.EpochClosed != "" {
		add("epoch-closed", actNow, time.Time{}, "the epoch is closed (%s): open the next with parley line next-epoch", v.EpochClosed)
	}
	return out
}

// conflictAlarms names each open conflict that no officer of this desk took, one alarm for all of
// a coarse notice. ln.mu is held.
func (ln *lineNode) conflictAlarms() []view.Alarm {
	var out []view.Alarm
	grouped, count := map[string]int{}, map[string]int{}
	for _, id := range slices.Sorted(maps.Keys(ln.open)) {
		c := ln.conflictInBrief(id)
		if isOver(c.State) {
			continue
		}
		out = append(out, ln.workAlarms(c)...)
		if ln.tookIt(id) {
			continue
		}
		key := "conflict/" + id[:12]
		text := fmt.Sprintf("conflict %s: %s (%s) and %s (%s) do not keep their separation; nobody here took it", id[:8], c.A.Notice, c.A.Party, c.B.Notice, c.B.Party)
		if len(c.Owners) > 0 {
			text += fmt.Sprintf("; %s of %s did", c.Owners[0].Officer, ln.peer)
		}
		to, act := ln.unowned(c, ln.node.cfg.Clock.Now())
		if act != "" {
			text += "; " + act
		}
		if f := ln.found[id]; f != nil && c.Coarse {
			wide := wider(f)
			key = ln.alarmID("conflicts", wide.First)
			count[key]++
			if i, ok := grouped[key]; ok {
				out[i].Text = marked(fmt.Sprintf("%d conflicts of %s (%s), which is held as far more than it needs; nobody here took them", count[key], wide.Key.ID, ln.party(wide.Key.Side)), c.Exercise)
				continue
			}
			grouped[key] = len(out)
		}
		out = append(out, view.Alarm{ID: key, Kind: "conflict", Level: actNow, Line: ln.id, Subject: id, Text: marked(text, c.Exercise), Exercise: c.Exercise, Since: c.Found, Due: c.From, Escalated: to})
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

func (ln *lineNode) tookIt(id string) bool {
	c := ln.pic.Conflict(id)
	if c == nil {
		return false
	}
	for _, o := range c.Owners {
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
	failed := n.cfg.Store.Failed()
	for {
		n.clockTick()
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
		for _, k := range ln.clockwork.pop(now) {
			if p := ln.pic.Notice(k); p != nil {
				ln.recheck(p, false)
			}
		}
		ln.mu.Unlock()
	}
}

func (n *Node) tellAlarms(ctx context.Context) error {
	now, err := n.Alarms(ctx)
	if err != nil {
		return err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	seen := make(map[string]view.Alarm, len(now))
	for _, a := range now {
		seen[a.ID] = a
		if _, ok := n.told[a.ID]; !ok {
			n.feed.put(view.Event{Time: n.cfg.Clock.Now(), Kind: "alarm", Line: a.Line, ID: a.ID, Text: a.Text})
		}
	}
	for id, a := range n.told {
		if _, ok := seen[id]; !ok {
			n.feed.put(view.Event{Time: n.cfg.Clock.Now(), Kind: "alarm-over", Line: a.Line, ID: id, Text: a.Text})
		}
	}
	n.told = seen
	return nil
}
