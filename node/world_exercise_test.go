package node

import (
	"strings"
	"testing"
	"time"

	"parley/fault"
	"parley/node/picture"
	"parley/node/view"
	"parley/notice"
)

// say files a notice and waits until both have it.
func (e *end) say(n notice.Notice, drill bool) view.Filed {
	e.w.t.Helper()
	f, err := e.File(e.w.t.Context(), duty, "", n, drill)
	if err != nil {
		e.w.t.Fatal(err)
	}
	e.w.within(time.Minute, n.ID+" is at both", e.w.settled)
	return f
}

// shown is a notice as both nodes show it, with what either alone may differ in left out.
func (w *world) shown(party, id string) view.Notice {
	w.t.Helper()
	var v [2]view.Notice
	for i, e := range w.ends {
		var err error
		if v[i], err = e.Notice(w.t.Context(), "", party, id); err != nil {
			w.t.Fatal(err)
		}
	}
	if v[0].Exercise != v[1].Exercise || v[0].State != v[1].State || !v[0].Since.Equal(v[1].Since) {
		w.t.Errorf("%s: red shows exercise %v, %s since %s, blue %v, %s since %s", id, v[0].Exercise, v[0].State, v[0].Since, v[1].Exercise, v[1].State, v[1].Since)
	}
	return v[0]
}

// conflictOf returns the one conflict of two notices, as both nodes show it.
func (w *world) conflictOf(red, blue string) view.Conflict {
	w.t.Helper()
	w.within(time.Minute, "what was said is at both", w.settled)
	var out [2]view.Conflict
	for i, e := range w.ends {
		list, err := e.Conflicts(w.t.Context(), "", true)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, c := range list {
			if c.A.Notice == red && c.B.Notice == blue {
				out[i] = c
			}
		}
	}
	if out[0].ID != out[1].ID || out[0].Exercise != out[1].Exercise || out[0].State != out[1].State {
		w.t.Errorf("%s and %s: %+v and %+v", red, blue, out[0], out[1])
	}
	return out[0]
}

// TestExerciseApart: what is exercise conflicts with exercise alone, says so in all that is shown of
// it, and is over with its window, at both nodes and across a restart.
func TestExerciseApart(t *testing.T) {
	inDrillWorld(t, func(t *testing.T, w *world, red, blue *end) {
		ctx, ends := t.Context(), red.order[0].agreementTerms().Drills[0].End
		red.say(flight("red-1", 35, 35, 30*time.Hour, time.Hour), false)
		f := red.say(flight("red-x", 35, 35, 30*time.Hour, time.Hour), true)
		if !f.Notice.Exercise || len(f.Conflicts) != 0 || !strings.HasPrefix(f.Compared.Text, "EXERCISE compared") || f.Compared.Own != 1 || f.Compared.Other != 0 {
			t.Errorf("filed %+v", f)
		}
		blue.say(flight("blue-1", 35, 35, 30*time.Hour, time.Hour), false)
		if f := blue.say(flight("blue-x", 35, 35, 30*time.Hour, time.Hour), true); len(f.Conflicts) != 1 || !f.Conflicts[0].Exercise {
			t.Fatalf("blue-x is in conflict with %+v", f.Conflicts)
		}
		if c := w.conflictOf("red-1", "blue-1"); c.State != "open" || c.Exercise {
			t.Errorf("the real conflict: %+v", c)
		}
		c := w.conflictOf("red-x", "blue-x")
		if c.State != "open" || !c.Exercise {
			t.Errorf("the conflict of the exercise: %+v", c)
		}
		for _, mixed := range [][2]string{{"red-1", "blue-x"}, {"red-x", "blue-1"}} {
			if c := w.conflictOf(mixed[0], mixed[1]); c.ID != "" {
				t.Errorf("exercise conflicts with what is real: %+v", c)
			}
		}
		if o, err := red.Options(ctx, "", c.ID); err != nil || len(o.Options) == 0 || !strings.HasPrefix(o.Compared.Text, "EXERCISE ") {
			t.Errorf("options: %+v, %v", o, err)
		}
		if _, err := blue.Own(ctx, boris, "", c.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := blue.Relay(ctx, boris, "", "red-x", "patrol", "radio", ""); err != nil {
			t.Fatal(err)
		}
		if _, err := red.SetState(ctx, ana, "", "red-x", notice.Activate, ""); err != nil {
			t.Fatal(err)
		}
		hold, err := red.Call(ctx, ana, "", Calling{Type: "hold", About: "blue-x", Words: Words{Text: "stop", Language: "en"}, Drill: true})
		if err != nil || !hold.Exercise {
			t.Fatalf("%+v, %v", hold, err)
		}
		time.Sleep(3 * time.Minute)
		for _, e := range w.ends {
			l := e.line()
			if !l.ExerciseUntil.Equal(ends) || l.Compared.Own != 1 || l.ExerciseCompared.Own != 1 || l.ExerciseCompared.Other != 1 {
				t.Errorf("%s: %+v", e.party, l)
			}
			e.allMarked("red-x", "blue-x", map[string]string{"red": "calls: hold", "blue": "HOLD"}[e.party])
			log, _, err := e.Log(ctx, LogFilter{})
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			for _, x := range log {
				if x.Drill != x.Exercise {
					t.Errorf("%s: %s %s: drill %v, exercise %v", e.party, x.Entry, x.Kind, x.Drill, x.Exercise)
				}
				if x.Exercise {
					n++
				}
			}
			if n != 7 { // two notices, a conflict, who owns it, a unit told, a state, a hold
				t.Errorf("%s: %d entries of the log are exercise", e.party, n)
			}
		}
		red.halt()
		red.open()
		w.within(time.Minute, "both may sign", w.unready)
		if v := w.shown("red", "red-x"); !v.Exercise || v.State != "active" {
			t.Errorf("after a restart: %+v", v)
		}
		time.Sleep(time.Until(ends) - time.Millisecond)
		if v := w.shown("red", "red-x"); v.State != "active" {
			t.Errorf("a moment before the end: %+v", v)
		}
		time.Sleep(15 * time.Second)
		if v := w.shown("red", "red-x"); !v.Exercise || v.State != "ended" || !v.Lapsed || !v.Since.Equal(ends) {
			t.Errorf("after the end: %+v", v)
		}
		if c := w.conflictOf("red-x", "blue-x"); c.State != "expired" || !c.Exercise {
			t.Errorf("after the end: %+v", c)
		}
		for _, e := range w.ends {
			list, err := e.Alarms(ctx)
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range list {
				if a.Exercise {
					t.Errorf("%s: an alarm of the exercise stays: %+v", e.party, a)
				}
			}
			real, err := e.Statistics(ctx, "", ByAll)
			if err != nil || real.Rows[0].Conflicts != 1 || real.Rows[0].Parties[0].Total != 1 {
				t.Errorf("%s: figures of what is real: %+v, %v", e.party, real, err)
			}
			figures, err := e.ExerciseStatistics(ctx, "", ByAll)
			if r := figures.Rows[0]; err != nil || !figures.Exercise || r.Conflicts != 1 || r.Parties[0].Total != 1 || r.Parties[1].Total != 1 || r.Availability != nil {
				t.Errorf("%s: figures of the exercise: %+v, %v", e.party, figures, err)
			}
			calls, err := e.Calls(ctx, "")
			if err != nil || len(calls) != 1 || calls[0].State != "exercise over" || !calls[0].Exercise || calls[0].Due != (time.Time{}) {
				t.Errorf("%s: %+v, %v", e.party, calls, err)
			}
		}
		n := flight("red-x", 35, 35, 30*time.Hour, 2*time.Hour)
		if _, err := red.Amend(ctx, ana, "", n, true); !fault.Is(err, fault.Mismatch) {
			t.Errorf("amended after the end: %v", err)
		}
		if _, err := red.SetState(ctx, ana, "", "red-x", notice.Activate, ""); !fault.Is(err, fault.Mismatch) {
			t.Errorf("active after the end: %v", err)
		}
	})
}

// allMarked fails where an alarm or an event with one of these words in it does not say EXERCISE.
func (e *end) allMarked(words ...string) {
	e.w.t.Helper()
	list, err := e.Alarms(e.w.t.Context())
	if err != nil {
		e.w.t.Fatal(err)
	}
	events, _, _ := e.feed.after(0)
	for _, word := range words {
		found := 0
		for _, a := range list {
			if strings.Contains(a.Text, word) {
				found++
				if !a.Exercise || !strings.HasPrefix(a.Text, "EXERCISE ") {
					e.w.t.Errorf("%s: alarm %s of %s says %q", e.party, a.ID, word, a.Text)
				}
			} else if a.Exercise && !strings.HasPrefix(a.Text, "EXERCISE ") {
				e.w.t.Errorf("%s: alarm %s says %q", e.party, a.ID, a.Text)
			}
		}
		for _, ev := range events {
			if strings.Contains(ev.Text, word) {
				found++
				if !strings.HasPrefix(ev.Text, "EXERCISE ") {
					e.w.t.Errorf("%s: event of %s says %q", e.party, word, ev.Text)
				}
			}
		}
		if found == 0 {
			e.w.t.Errorf("%s: nothing is said of %s", e.party, word)
		}
	}
}

// TestDrillThatCountsAsReal: a drill outside every window, one that was mixed with what is real, and a
// drill call about something real alarm as real, at both nodes.
func TestDrillThatCountsAsReal(t *testing.T) {
	inDrillWorld(t, func(t *testing.T, w *world, red, blue *end) {
		ctx := t.Context()
		red.say(flight("red-1", 35, 35, 30*time.Hour, time.Hour), false)
		drill := flight("red-2", 35, 35, 30*time.Hour, time.Hour)
		drill.Supersedes = "red-1"
		if _, err := red.File(ctx, ana, "", drill, true); !fault.Is(err, fault.Invalid) {
			t.Errorf("a drill replaces what is real: %v", err)
		}
		if _, err := red.Amend(ctx, ana, "", flight("red-1", 35, 35, 30*time.Hour, 2*time.Hour), true); !fault.Is(err, fault.Invalid) {
			t.Errorf("a drill amends what is real: %v", err)
		}
		// A node that does not hold to it says both all the same.
		ln := red.order[0]
		for i, n := range []notice.Notice{drill, flight("red-3", 80, 35, 30*time.Hour, time.Hour), flight("red-3", 80, 35, 30*time.Hour, 2*time.Hour)} {
			n = notice.WithDefaults(n)
			n.Version = max(1, i) // the last is a second version of the one before
			if err := ln.say(ctx, ana, n, picture.Key{Side: ln.side, ID: n.ID}, i != 1); err != nil {
				t.Fatal(err)
			}
		}
		w.within(time.Minute, "all is at both", w.settled)
		for _, id := range []string{"red-2", "red-3"} {
			if v := w.shown("red", id); v.Exercise || !v.Drill {
				t.Errorf("%s: %+v", id, v)
			}
		}
		blue.say(flight("blue-2", 35, 35, 30*time.Hour, time.Hour), false)
		if c := w.conflictOf("red-2", "blue-2"); c.State != "open" || c.Exercise {
			t.Errorf("the conflict with a drill that counts as real: %+v", c)
		}
		for about, exercise := range map[string]bool{"red-2": false, "red-9": false, "": true} {
			c, err := blue.Call(ctx, boris, "", Calling{Type: "concern", About: about, Words: Words{Text: "too near", Language: "en"}, Drill: true})
			if err != nil || c.Exercise != exercise {
				t.Errorf("a drill call about %q: %+v, %v", about, c, err)
			}
		}
		time.Sleep(2*time.Hour + time.Minute)
		f, err := blue.File(ctx, boris, "", flight("blue-x", 60, 35, 5*time.Minute, time.Hour), true)
		if err != nil || f.Notice.Exercise || len(f.Notice.Warnings) == 0 {
			t.Fatalf("a drill outside every window: %+v, %v", f, err)
		}
		warned := false
		for _, x := range f.Notice.Warnings {
			warned = warned || x.Code == "drill-outside"
		}
		red.say(flight("red-4", 60, 35, 5*time.Minute, time.Hour), false)
		if c := w.conflictOf("red-4", "blue-x"); c.State != "open" || c.Exercise || !warned {
			t.Errorf("it conflicts with what is real: %+v, warned %v", c, warned)
		}
		time.Sleep(3 * time.Second)
		a := red.alarmOf("late")
		if a == nil || a.Exercise || strings.HasPrefix(a.Text, "EXERCISE") || !strings.Contains(a.Text, "blue-x") {
			t.Errorf("red's alarm: %+v", a)
		}
		for _, e := range w.ends {
			log, _, err := e.Log(ctx, LogFilter{Party: "blue", Kind: "notice"})
			if err != nil || len(log) != 2 || !log[1].Drill || log[1].Exercise {
				t.Errorf("%s: the log: %+v, %v", e.party, log, err)
			}
			if s, err := e.Statistics(ctx, "", ByAll); err != nil || s.Rows[0].Parties[0].Total+s.Rows[0].Parties[1].Total != 6 {
				t.Errorf("%s: %+v, %v", e.party, s, err)
			}
		}
	})
}
