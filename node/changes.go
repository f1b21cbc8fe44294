package node

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"parley/node/body"
	"parley/node/picture"
	"parley/node/view"
)

// changesKept is of how many changes a node at least knows what they were of. Who was away for longer
// reads the whole picture.
const changesKept = 1 << 14

// lately is how long a call that needs nobody belongs to what is read at first.
const lately = 24 * time.Hour

// subject is one thing that is shown: a notice, a conflict, a call or an alarm.
type subject struct {
	line   *lineNode // nil: an alarm
	notice picture.Key
	call   body.Ref
	id     string // of a conflict or an alarm
}

// changes remembers what was changed by which number, so that who shows the picture need not read it
// whole at each change. It is no part of the picture, and begins anew with each start.
type changes struct {
	mu     sync.Mutex
	newest int64
	floor  int64 // what was changed up to it is forgotten
	at     map[subject]int64
	list   []changed // by number
}

type changed struct {
	subject
	number int64
}

func newChanges() changes { return changes{at: map[subject]int64{}} }

// mark says that something is not what it was. Whoever calls it holds the lock under which that is read.
func (c *changes) mark(s subject) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.newest++
	c.at[s] = c.newest
	c.list = append(c.list, changed{s, c.newest})
	if len(c.list) < 2*changesKept {
		return
	}
	for _, x := range c.list[:changesKept] {
		if c.at[x.subject] == x.number {
			delete(c.at, x.subject)
		}
		c.floor = x.number
	}
	c.list = append(c.list[:0:0], c.list[changesKept:]...)
}

// after returns what was changed after a number, each once, and the number of the newest change; not ok
// where that is not known any longer.
func (c *changes) after(number int64) (list []subject, newest int64, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if number < c.floor || number > c.newest {
		return nil, c.newest, false
	}
	from, _ := slices.BinarySearchFunc(c.list, number+1, func(x changed, n int64) int { return cmp.Compare(x.number, n) })
	for _, x := range c.list[from:] {
		if c.at[x.subject] == x.number {
			list = append(list, x.subject)
		}
	}
	return list, c.newest, true
}

func (ln *lineNode) markNotice(p *picture.Notice) {
	if p != nil {
		ln.blocks.forget(p)
		ln.node.changes.mark(subject{line: ln, notice: p.Key})
	}
}

func (ln *lineNode) markConflict(id string) {
	ln.wordings.forget(id)
	ln.node.changes.mark(subject{line: ln, id: id})
}

// markWorked marks a conflict of which an officer said something. What was said of one that was heard by
// voice counts for the one that it goes on as.
func (ln *lineNode) markWorked(id string) {
	if id != "" {
		ln.markConflict(id)
	}
	if len(ln.pic.Heard()) > 0 {
		for id := range ln.open {
			ln.markConflict(id)
		}
	}
}

func (ln *lineNode) markCall(r body.Ref) { ln.node.changes.mark(subject{line: ln, call: r}) }

// Changes returns what of the picture changed after the change of a number, and the number of the newest
// change that is in it. It returns the picture itself where it was never read, with a negative number, or
// so long ago that what changed is not known.
func (n *Node) Changes(ctx context.Context, after int64) (view.Changes, int64, error) {
	if err := n.tellAlarms(ctx); err != nil {
		return view.Changes{}, 0, err
	}
	list, newest, ok := n.changes.after(after)
	out := view.Changes{Whole: !ok || after < 0, Notices: []view.Notice{}, Gone: []view.Gone{}, Conflicts: []view.Conflict{}, Calls: []view.Call{}, Alarms: []view.Alarm{}, AlarmsOver: []string{}}
	lines, err := n.Lines(ctx)
	if err != nil {
		return out, 0, err
	}
	out.Lines = lines
	of := map[*lineNode][]subject{}
	for _, s := range list {
		of[s.line] = append(of[s.line], s)
	}
	for _, ln := range n.order {
		ln.mu.RLock()
		if out.Whole {
			of[ln] = ln.present()
		}
		ln.changesOf(of[ln], &out)
		ln.mu.RUnlock()
	}
	n.alarmsOf(of[nil], &out)
	return out, newest, nil
}

// present is what of a line is live or was lately. ln.mu is held.
func (ln *lineNode) present() []subject {
	var out []subject
	for _, p := range ln.pic.Current() {
		out = append(out, subject{line: ln, notice: p.Key})
	}
	for _, id := range ln.conflictsNow() {
		out = append(out, subject{line: ln, id: id})
	}
	from := ln.node.cfg.Clock.Now().Add(-lately)
	for _, c := range ln.pic.Calls() {
		if c.Time.After(from) {
			out = append(out, subject{line: ln, call: c.Ref})
		}
	}
	return out
}

// conflictsNow are the conflicts that are open, or of a notice that is live. ln.mu is held.
func (ln *lineNode) conflictsNow() []string {
	ids, seen := sortedKeys(ln.open), map[string]bool{}
	for k := range ln.counted { // what is live
		p := ln.pic.Notice(k)
		if p == nil {
			continue
		}
		for id := range ln.foundOf[p.First] {
			if !ln.open[id] && !seen[id] {
				seen[id] = true
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// changesOf says how some things of a line stand, and the calls that wait in any case: the clock alone
// changes them. ln.mu is held.
func (ln *lineNode) changesOf(list []subject, out *view.Changes) {
	calls := map[body.Ref]bool{}
	for r := range ln.pending {
		calls[r] = true
	}
	for _, s := range list {
		switch {
		case s.id != "":
			out.Conflicts = append(out.Conflicts, ln.conflictInBrief(s.id))
		case !s.call.IsZero():
			calls[s.call] = true
		default:
			p := ln.pic.Notice(s.notice)
			if p == nil || p.Key.Voice && !p.Voice.Match.IsZero() {
				out.Gone = append(out.Gone, view.Gone{Line: ln.id, Party: ln.party(s.notice.Side), ID: s.notice.ID})
				continue
			}
			out.Notices = append(out.Notices, ln.noticeView(p, false, true))
		}
	}
	for r := range calls {
		c := ln.pic.Call(r)
		switch {
		case c == nil: // only what follows it is here
		case c.Voice != nil && !c.Voice.Match.IsZero():
			out.Gone = append(out.Gone, view.Gone{Line: ln.id, Party: ln.party(c.Side), ID: r.String()})
		default:
			out.Calls = append(out.Calls, ln.callOf(c))
		}
	}
	slices.SortFunc(out.Calls, func(a, b view.Call) int { return cmp.Or(b.Time.Compare(a.Time), cmp.Compare(a.Entry, b.Entry)) })
}

// alarmsOf says which alarms there are, all or of some, as they were told last.
func (n *Node) alarmsOf(list []subject, out *view.Changes) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if out.Whole {
		for _, a := range n.told {
			out.Alarms = append(out.Alarms, a)
		}
	}
	for _, s := range list {
		if out.Whole {
			break
		}
		if a, ok := n.told[s.id]; ok {
			out.Alarms = append(out.Alarms, a)
		} else {
			out.AlarmsOver = append(out.AlarmsOver, s.id)
		}
	}
	slices.SortFunc(out.Alarms, func(a, b view.Alarm) int { return cmp.Or(cmp.Compare(a.Level, b.Level), cmp.Compare(a.ID, b.ID)) })
}

// sameAlarm reports whether an alarm says what it said.
func sameAlarm(a, b view.Alarm) bool {
	if (a.Acknowledged == nil) != (b.Acknowledged == nil) || a.Acknowledged != nil && *a.Acknowledged != *b.Acknowledged {
		return false
	}
	if (a.MarkedFalse == nil) != (b.MarkedFalse == nil) {
		return false
	}
	return a.Kind == b.Kind && a.Level == b.Level && a.Line == b.Line && a.Subject == b.Subject && a.Text == b.Text && a.Exercise == b.Exercise && a.NotTold == b.NotTold &&
		a.Since.Equal(b.Since) && a.Due.Equal(b.Due) && a.Escalated == b.Escalated && a.Owner == b.Owner
}
