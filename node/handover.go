package node

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/go-json-experiment/json"

	"parley/catalogue"
	"parley/fault"
	"parley/node/body"
	"parley/node/view"
	"parley/notice"
	"parley/store"
)

// The keys of the watch in the store: who has it and the hand-over that is open, and the hand-overs
// that are over by when they ended.
const (
	watchKey       = "desk/watch"
	handOverPrefix = "desk/handover/"
)

// acceptWithin is how long a hand-over may wait before it alarms the supervisor.
const acceptWithin = 15 * time.Minute

// maxOpenItems bounds what a hand-over lists, maxItemText how long each item's text is, in bytes, maxItemMessage
// its message, and maxItemMessages all of them: a hand-over is kept in one transaction of the store.
const (
	maxOpenItems = 500
	maxItemText  = 300

	maxItemMessage  = 4000
	maxItemMessages = 200_000
)

func (n *Node) loadWatch(ctx context.Context) (w view.Watch, err error) {
	v, err := n.cfg.Store.View(ctx)
	if err != nil {
		return w, err
	}
	defer v.Close()
	it, err := v.Get(ctx, watchKey)
	if errors.Is(err, store.ErrNotFound) {
		return w, nil
	}
	if err == nil {
		err = json.Unmarshal(it.Value, &w)
	}
	if err != nil {
		return w, fault.Wrap(fault.Corrupt, "node.watch", err)
	}
	return w, nil
}

// Watch returns who has the watch, and the hand-over that waits to be accepted.
func (n *Node) Watch(ctx context.Context) (view.Watch, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.onWatch, nil
}

// HandOvers returns the newest hand-overs that are over, at most 100, the newest first.
func (n *Node) HandOvers(ctx context.Context) ([]view.HandOver, error) {
	v, err := n.cfg.Store.View(ctx)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, "node.handovers", err)
	}
	defer v.Close()
	out := []view.HandOver{}
	for it, err := range v.Scan(ctx, handOverPrefix, handOverPrefix+"\xff") {
		if err != nil {
			return nil, fault.Wrap(fault.Unavailable, "node.handovers", err)
		}
		var h view.HandOver
		if err := json.Unmarshal(it.Value, &h); err != nil {
			return nil, fault.Wrap(fault.Corrupt, "node.handovers", err)
		}
		out = append(out, h)
	}
	slices.Reverse(out)
	return out[:min(len(out), 100)], nil
}

// BeginHandOver hands the watch to another officer, and lists what is open. Until he accepts, who
// has the watch owns every deadline. One that was open before is over. Where no officer is named, it
// goes to the next on the rota.
func (n *Node) BeginHandOver(ctx context.Context, who Officer, to string) (view.Watch, error) {
	if !body.AtDesk(who.Role) {
		return view.Watch{}, notAtDesk(who)
	}
	open, more, err := n.openItems(ctx)
	if err != nil {
		return view.Watch{}, err
	}
	if to == "" {
		if to, err = n.NextOnWatch(ctx, who); err != nil {
			return view.Watch{}, err
		}
	}
	return n.changeWatch(ctx, func(w *view.Watch, now time.Time) ([]view.HandOver, error) {
		if w.Officer == "" {
			w.Officer, w.Role, w.Since = who.Name, who.Role, now
		}
		if err := ownsWatch(*w, who); err != nil {
			return nil, err
		}
		if to == w.Officer {
			return nil, fault.New("to", to, "must be another officer than the one who has the watch", "name the officer who takes the watch over")
		}
		over := ended(w, view.HandOverKept, now)
		w.HandOver = &view.HandOver{From: w.Officer, To: to, State: view.HandOverOpen, Begun: now, Due: now.Add(acceptWithin), Open: open, More: more}
		return over, nil
	})
}

// KeepWatch ends an open hand-over: who has the watch keeps it.
func (n *Node) KeepWatch(ctx context.Context, who Officer) (view.Watch, error) {
	return n.changeWatch(ctx, func(w *view.Watch, now time.Time) ([]view.HandOver, error) {
		if w.HandOver == nil {
			return nil, noHandOver()
		}
		if err := ownsWatch(*w, who); err != nil {
			return nil, err
		}
		return ended(w, view.HandOverKept, now), nil
	})
}

// AcceptWatch accepts the hand-over: the officer has the watch, and every line is told that he is at
// the desk. Where nobody ever had the watch, he takes it.
func (n *Node) AcceptWatch(ctx context.Context, who Officer) (view.Watch, error) {
	if !body.AtDesk(who.Role) {
		return view.Watch{}, notAtDesk(who)
	}
	from := ""
	w, err := n.changeWatch(ctx, func(w *view.Watch, now time.Time) ([]view.HandOver, error) {
		switch h := w.HandOver; {
		case h == nil && w.Officer != "":
			return nil, noHandOver()
		case h != nil && h.To != who.Name:
			return nil, &fault.Error{Code: fault.Denied, Field: "officer", Value: who.Name, Rule: "is not the one to whom the watch is handed: " + h.To,
				Hint: "hand it to the right officer: parley desk handover --to NAME"}
		}
		over := ended(w, view.HandOverAccepted, now)
		from = w.Officer
		w.Officer, w.Role, w.Since = who.Name, who.Role, now
		return over, nil
	})
	if err != nil {
		return w, err
	}
	if _, err := n.sayOnAll(ctx, body.KindPresent, body.Present{Officer: who.Name, Role: who.Role, Relieves: from}); err != nil {
		n.cfg.Log.Warn("the watch is taken over, and not every line could be told", "officer", who.Name, "err", err)
	}
	return w, nil
}

func noHandOver() error {
	return &fault.Error{Code: fault.NotFound, Field: "handover", Rule: "is not open: nobody hands the watch over", Hint: "see who has it: parley desk show"}
}

// ownsWatch refuses an officer who neither has the watch nor is a supervisor.
func ownsWatch(w view.Watch, who Officer) error {
	if w.Officer == who.Name || who.Role == body.RoleSupervisor {
		return nil
	}
	return &fault.Error{Code: fault.Denied, Field: "officer", Value: who.Name, Rule: "does not have the watch: " + w.Officer + " has it",
		Hint: "ask that officer, or a supervisor"}
}

// ended takes an open hand-over off the watch and returns it as it ended.
func ended(w *view.Watch, state string, now time.Time) []view.HandOver {
	if w.HandOver == nil {
		return nil
	}
	h := *w.HandOver
	h.State, h.Ended = state, now
	w.HandOver = nil
	return []view.HandOver{h}
}

// changeWatch changes who has the watch, durably, and keeps the hand-overs that are over with it.
func (n *Node) changeWatch(ctx context.Context, change func(w *view.Watch, now time.Time) ([]view.HandOver, error)) (view.Watch, error) {
	n.handing.Lock()
	defer n.handing.Unlock()
	n.mu.Lock()
	w := n.onWatch
	n.mu.Unlock()
	now := n.cfg.Clock.Now()
	over, err := change(&w, now.Truncate(time.Millisecond))
	if err != nil {
		return view.Watch{}, err
	}
	raw, err := json.Marshal(w)
	if err != nil {
		return view.Watch{}, fault.Wrap(fault.Internal, "node.watch", err)
	}
	puts := []store.Put{{Key: watchKey, Value: raw}}
	for _, h := range over {
		if raw, err = json.Marshal(h); err != nil {
			return view.Watch{}, fault.Wrap(fault.Internal, "node.watch", err)
		}
		puts = append(puts, store.Put{Key: handOverPrefix + now.UTC().Format("2006-01-02T15:04:05.000000000Z"), Value: raw})
	}
	if _, err := n.cfg.Store.Commit(ctx, store.Txn{Puts: puts}); err != nil {
		return view.Watch{}, fault.Wrap(fault.Unavailable, "node.watch", err)
	}
	n.mu.Lock()
	n.onWatch = w
	n.mu.Unlock()
	n.feed.put(n.event("watch", "", w.Officer, watchMessage(w)))
	n.poke()
	return w, nil
}

func watchMessage(w view.Watch) catalogue.Message {
	if h := w.HandOver; h != nil {
		return catalogue.Say("event.handover", catalogue.ByPeople("from", h.From), catalogue.ByPeople("to", h.To), catalogue.At("until", catalogue.Clock, h.Due), catalogue.CountOf("count", len(h.Open)+h.More))
	}
	return catalogue.Say("event.watch", catalogue.ByPeople("officer", w.Officer))
}

// watchAlarms names a hand-over that waits too long.
func (n *Node) watchAlarms() []view.Alarm {
	n.mu.Lock()
	h := n.onWatch.HandOver
	n.mu.Unlock()
	if h == nil || n.cfg.Clock.Now().Before(h.Due) {
		return nil
	}
	a := view.Alarm{ID: "handover/" + h.Begun.UTC().Format("2006-01-02T15:04:05Z"), Kind: "handover", Level: actNow, Since: h.Due, Due: h.Due}
	return []view.Alarm{n.said(a, catalogue.Say("alarm.handover", catalogue.ByPeople("to", h.To), catalogue.CountOf("minutes", int(acceptWithin.Minutes())),
		catalogue.ByPeople("from", h.From), catalogue.SayIn("said", n.ownSupervisor())))}
}

// openItems lists what an officer who takes the watch must know of.
func (n *Node) openItems(ctx context.Context) (open []view.OpenItem, more int, err error) {
	alarms, err := n.Alarms(ctx)
	if err != nil {
		return nil, 0, err
	}
	open = []view.OpenItem{}
	for _, a := range alarms {
		open = append(open, view.OpenItem{Kind: "alarm", Line: a.Line, ID: a.ID, Text: a.Text, Due: a.Due, Message: a.Message})
	}
	for _, ln := range n.order {
		ln.mu.RLock()
		open = append(open, ln.openItems()...)
		ln.mu.RUnlock()
	}
	if len(open) > maxOpenItems {
		open, more = open[:maxOpenItems], len(open)-maxOpenItems
	}
	left := maxItemMessages
	for i := range open {
		open[i].Text = cutText(open[i].Text, maxItemText)
		raw, err := json.Marshal(open[i].Message)
		if err != nil || len(raw) > min(maxItemMessage, left) {
			open[i].Message = catalogue.Message{}
			continue
		}
		left -= len(raw)
	}
	return open, more, nil
}

// openItems lists what is open on one line: conflicts not settled, calls that a person must still look at, notices
// overdue or incomplete, and rungs that either party owes. ln.mu is held.
func (ln *lineNode) openItems() []view.OpenItem {
	var out []view.OpenItem
	add := func(kind, id string, due time.Time, exercise bool, m catalogue.Message) {
		m = exercised(m, exercise)
		out = append(out, view.OpenItem{Kind: kind, Line: ln.id, ID: id, Due: due, Text: ln.node.english.Say(m), Message: m})
	}
	for _, id := range sortedKeys(ln.open) {
		c := ln.conflictInBrief(id)
		owner := catalogue.Say("open.not-taken")
		if k := len(c.Owners); k > 0 {
			owner = catalogue.Say("open.taken", catalogue.ByPeople("officer", c.Owners[k-1].Officer))
		}
		add("conflict", id, c.From, c.Exercise, catalogue.Say("open.conflict", catalogue.ByPeople("notice", c.A.Notice), catalogue.ByPeople("party", c.A.Party),
			catalogue.ByPeople("other", c.B.Notice), catalogue.ByPeople("peer", c.B.Party), catalogue.Word("state", "conflict."+catalogue.Slug(c.State)), catalogue.SayIn("said", owner)))
	}
	for _, x := range ln.statementsWaiting() {
		add("statement", x.ID, time.Time{}, false, catalogue.Say("open.statement", catalogue.ByPeople("title", x.Title), catalogue.ByPeople("party", x.Waits)))
	}
	now := ln.node.cfg.Clock.Now()
	for _, c := range ln.pic.Calls() {
		if ln.needsNobody(c) {
			continue
		}
		s := ln.pic.StateOf(c, now)
		due := s.Review
		if s.Waits {
			due = c.Time.Add(ln.deadlineOf(c.Type))
		}
		add("call", c.Ref.String(), due, ln.exercise(c), catalogue.Say("open.call", catalogue.Word("type", "call."+c.Type), catalogue.ByPeople("party", ln.party(c.Side)),
			catalogue.Word("state", view.CallStateKey(s.State)), catalogue.SayIn("said", ln.speechMessage(&c.Speech))))
	}
	for _, h := range ln.pic.Heard() {
		if !h.Settled() {
			add("voice", h.Ref.String(), time.Time{}, false, catalogue.Say("alarm.voice", catalogue.SayIn("what", ln.heardBy(h)), catalogue.Word("said", "heard."+ln.heardView(h).State)))
		}
	}
	for _, p := range ln.pic.Current() {
		if ln.statusOf(p, now).Live() {
			ln.openOfNotice(ln.noticeView(p, false, false), add)
		}
	}
	return out
}

// openOfNotice adds what is open of a notice.
func (ln *lineNode) openOfNotice(v view.Notice, add func(kind, id string, due time.Time, exercise bool, m catalogue.Message)) {
	kind, id, party := catalogue.Word("kind", notice.KindKey(v.Kind)), catalogue.ByPeople("notice", v.ID), catalogue.ByPeople("party", v.Party)
	if v.State == notice.Overdue || v.Incomplete {
		word := "flag.incomplete"
		if v.State == notice.Overdue {
			word = "state.overdue"
		}
		add("notice", v.ID, time.Time{}, v.Exercise, catalogue.Say("open.notice", kind, id, party, catalogue.Word("state", word)))
	}
	if v.Next != nil {
		add("rung", v.ID, v.Next.Due, v.Exercise, catalogue.Say("open.rung", kind, id, party, catalogue.Word("what", "rung."+catalogue.Slug(v.Next.Name)), catalogue.ByPeople("by", v.Next.By)))
	}
}

func sortedKeys(m map[string]bool) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// cutText cuts a text to so many bytes, at a character.
func cutText(s string, most int) string {
	if len(s) <= most {
		return s
	}
	end := most
	for end > 0 && s[end]&0xc0 == 0x80 {
		end--
	}
	return s[:end] + "…"
}
