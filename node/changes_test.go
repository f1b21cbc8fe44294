package node

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-json-experiment/json"

	"parley/node/view"
)

// follower is who shows a node's picture and reads what changed alone.
type follower struct {
	of        *running
	number    int64
	notices   map[string]view.Notice
	conflicts map[string]view.Conflict
	calls     map[string]view.Call
	alarms    map[string]view.Alarm
}

func noticeName(line, party, id string) string { return line + "/" + party + "/" + id }

// read takes what changed since it was last called.
func (f *follower) read(t testing.TB) {
	t.Helper()
	if f.notices == nil {
		f.number = -1
	}
	c, number, err := f.of.Changes(t.Context(), f.number)
	if err != nil {
		t.Fatal(err)
	}
	if f.number = number; c.Whole {
		f.notices, f.conflicts, f.calls, f.alarms = map[string]view.Notice{}, map[string]view.Conflict{}, map[string]view.Call{}, map[string]view.Alarm{}
	}
	for _, x := range c.Notices {
		f.notices[noticeName(x.Line, x.Party, x.ID)] = x
	}
	for _, x := range c.Conflicts {
		f.conflicts[x.ID] = x
	}
	for _, x := range c.Calls {
		f.calls[x.Entry] = x
	}
	for _, x := range c.Alarms {
		f.alarms[x.ID] = x
	}
	for _, x := range c.Gone {
		delete(f.notices, noticeName(x.Line, x.Party, x.ID))
		delete(f.calls, x.ID)
	}
	for _, id := range c.AlarmsOver {
		delete(f.alarms, id)
	}
}

// wrong says where what it has is not what the node shows.
func (f *follower) wrong(t testing.TB) string {
	t.Helper()
	same := func(what string, have, want any) string {
		a, _ := json.Marshal(have, json.Deterministic(true))
		b, _ := json.Marshal(want, json.Deterministic(true))
		if string(a) == string(b) {
			return ""
		}
		return fmt.Sprintf("%s %s: the follower has\n%s\nand the node\n%s", f.of.Party(), what, a, b)
	}
	bare := func(n view.Notice) view.Notice {
		if n.Lead.Provisional {
			n.Lead = view.Lead{} // the clock alone changes it
		}
		return n
	}
	list, err := f.of.Notices(t.Context(), Filter{Live: true, Body: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range list {
		if s := same("notice", bare(f.notices[noticeName(n.Line, n.Party, n.ID)]), bare(n)); s != "" {
			return s
		}
	}
	for name, n := range f.notices {
		now, err := f.of.Notice(t.Context(), n.Line, n.Party, n.ID)
		if err != nil || now.State != n.State {
			return fmt.Sprintf("%s: the follower has %s as %s, and the node as %s (%v)", f.of.Party(), name, n.State, now.State, err)
		}
	}
	conflicts, err := f.of.Conflicts(t.Context(), "", false)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range conflicts {
		c.Where, c.Moves = "", nil
		if s := same("conflict", f.conflicts[c.ID], c); s != "" {
			return s
		}
	}
	for id, c := range f.conflicts {
		if now, err := f.of.Conflict(t.Context(), c.Line, id); err != nil || now.State != c.State {
			return fmt.Sprintf("%s: the follower has conflict %s as %s, and the node as %s (%v)", f.of.Party(), id[:8], c.State, now.State, err)
		}
	}
	calls, err := f.of.Calls(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range calls {
		have, ok := f.calls[c.Entry]
		if !ok && c.State != "open" {
			continue // of more than a day ago
		}
		if s := same("call", have, c); s != "" {
			return s
		}
	}
	alarms, err := f.of.Alarms(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(alarms) != len(f.alarms) {
		return fmt.Sprintf("%s: the follower has %d alarms, and the node %d", f.of.Party(), len(f.alarms), len(alarms))
	}
	for _, a := range alarms {
		if !sameAlarm(f.alarms[a.ID], a) {
			return same("alarm", f.alarms[a.ID], a)
		}
	}
	return ""
}

// follow reads what changed at an end, and compares it with the whole picture where that is small. Every
// world does it as it goes on.
func (e *end) follow() {
	e.w.t.Helper()
	if e.running == nil {
		return
	}
	if _, err := e.Line(e.w.t.Context(), ""); err != nil {
		return // it is halted
	}
	if e.follower.of != e.running {
		e.follower = follower{of: e.running}
	}
	e.follower.read(e.w.t)
	if len(e.follower.notices) > followedMost {
		return
	}
	for _, ln := range e.order {
		if s := ln.misfigured() + ln.misworded(); s != "" {
			e.w.t.Fatal(s)
		}
	}
	if e.follower.wrong(e.w.t) == "" {
		return
	}
	time.Sleep(2 * time.Second) // what the clock alone changes is told with its next tick
	synctest.Wait()
	e.follower.read(e.w.t)
	if s := e.follower.wrong(e.w.t); s != "" {
		e.w.t.Fatal(s)
	}
}

// followedMost bounds what a world compares again and again.
const followedMost = 40

func TestWhatChangedIsKnownOfTheLatestChanges(t *testing.T) {
	c := newChanges()
	name := func(i int) subject { return subject{id: fmt.Sprint(i)} }
	for i := range 10 {
		c.mark(name(i % 3))
	}
	list, newest, ok := c.after(0)
	if !ok || newest != 10 || len(list) != 3 || list[2] != name(0) {
		t.Errorf("%v %d %t: each is wanted once, where it was changed last", list, newest, ok)
	}
	if list, _, ok := c.after(9); !ok || len(list) != 1 || list[0] != name(0) {
		t.Errorf("after 9: %v %t", list, ok)
	}
	if list, _, ok := c.after(10); !ok || len(list) != 0 {
		t.Errorf("after the newest: %v %t", list, ok)
	}
	if _, _, ok := c.after(11); ok {
		t.Error("a number that was never given is known")
	}
	for i := range 3 * changesKept {
		c.mark(name(i))
	}
	if _, newest, ok := c.after(10); ok || newest != 10+3*changesKept {
		t.Errorf("what is long ago is known: %d %t", newest, ok)
	}
	if list, _, ok := c.after(newest + 3*changesKept - changesKept); !ok || len(list) != changesKept {
		t.Errorf("of the last %d are known %d, %t", changesKept, len(list), ok)
	}
	if len(c.at) > 2*changesKept || len(c.list) > 2*changesKept {
		t.Errorf("%d and %d are kept", len(c.at), len(c.list))
	}
}
