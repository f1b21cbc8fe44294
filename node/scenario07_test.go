package node

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/internal/testnet"
)

// TestScenario07PoliticalCut: people missed two tests of the line, then a party declares it suspended,
// and the network is cut as well. What is filed waits, and its author sees that; a hold passes at once;
// after the resumption all that waited comes in its order, and is late.
func TestScenario07PoliticalCut(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := newWorld(t, worldOptions{seed: 7, change: dutyTerms}) // a test is owed in each hour
		w.open()
		ctx := t.Context()
		red, blue := w.ends[0], w.ends[1]
		hour := time.Now().Truncate(time.Hour)
		to := func(d time.Duration) { time.Sleep(time.Until(hour.Add(d)) + 2*time.Second) }
		to(time.Hour)
		w.sameTests("one test is missed", "suspect", hour.Add(time.Hour))
		w.alarmed("test-suspect", "did not test it the last time", "second channel")
		blue.halt()
		blue.open()
		w.within(time.Minute, "both may sign", w.unready)
		to(2 * time.Hour)
		w.sameTests("two are missed", "down", hour.Add(2*time.Hour))
		w.alarmed("test-down", "did not test it the last 2 times")
		w.quiet("test-suspect")
		for _, e := range w.ends {
			if l := e.line(); l.State != "up" {
				t.Errorf("%s: the link is %s while people do not test it", e.party, l.State)
			}
		}

		if err := red.Suspend(ctx, supervisor, "", "ordered"); err != nil {
			t.Fatal(err)
		}
		declared := time.Now()
		w.cutIs(5*time.Second, "suspended", "", declared)
		w.net.SetCut(true)
		w.cutIs(2*time.Minute, "down", "political", declared)
		w.alarmed("line-down", "political", "silence is not consent", "second channel")
		if !red.waiting("r-1", 0) || !blue.waiting("b-1", 0) {
			t.Error("what was filed while the line is down")
		}
		w.restartAlone()
		w.cutIs(2*time.Minute, "down", "political", declared)
		w.net.SetCut(false)
		w.cutIs(2*time.Minute, "suspended", "", declared)
		if !red.waiting("r-2", time.Minute) || !blue.waiting("b-2", time.Minute) {
			t.Error("what was filed while the line is suspended")
		}
		filed := time.Now()
		time.Sleep(time.Hour)
		w.atBoth(0, "the author is alarmed", func(e *end) string {
			a := e.alarmOf("not-delivered")
			if a == nil || a.Due.After(filed.Add(5*time.Minute)) || !strings.Contains(a.Text, "not delivered to "+e.other().party+" in time") {
				return fmt.Sprintf("%+v", a)
			}
			return ""
		})
		for _, e := range w.ends {
			if got := e.said(e.other().party); got != "" {
				t.Errorf("%s was told %s", e.party, got)
			}
		}

		hold, err := red.Call(ctx, duty, "", calling("hold", "aircraft in your area"))
		if err != nil {
			t.Fatal(err)
		}
		w.within(time.Second, "the hold passes", is(func() bool { return blue.alarmOf("hold") != nil }))
		if _, err := blue.Answer(ctx, duty, "", Answering{Call: hold.Entry, Word: "holding"}); err != nil {
			t.Fatal(err)
		}
		w.within(time.Second, "its answer passes", is(func() bool { return red.one(hold.Entry).State == "holding" && blue.alarmOf("hold") == nil }))
		if l := red.line(); l.State != "suspended" || l.Undelivered < 2 || blue.said("red") != "" {
			t.Errorf("beside the hold: %s, %d undelivered, blue has %q", l.State, l.Undelivered, blue.said("red"))
		}

		if err := red.Resume(ctx, supervisor, "", "over"); err != nil {
			t.Fatal(err)
		}
		resumed := time.Now()
		w.atBoth(5*time.Second, "everything is there, in its order", func(e *end) string {
			l := e.line()
			if r, b := e.said("red"), e.said("blue"); r != "r-1 r-2" || b != "b-1 b-2" || l.State != "up" || l.Undelivered != 0 {
				return fmt.Sprintf("red said %q, blue said %q, line %s, %d undelivered", r, b, l.State, l.Undelivered)
			}
			return ""
		})
		w.atBoth(5*time.Second, "the two conflicts of what met", func(e *end) string {
			if cs := e.conflicts(); len(cs) != 4 || e.alarmOf("conflict") == nil {
				return fmt.Sprintf("%d conflicts", len(cs))
			}
			return ""
		})
		w.quietAtBoth("line-suspended", "line-down", "not-delivered")
		for _, e := range w.ends {
			for _, n := range e.notices() {
				if n.Delivered == nil || n.Delivered.Before(resumed.Add(-time.Second)) || n.Delivered.Sub(resumed) > 5*time.Second || n.Delivered.Sub(n.Filed) < time.Hour {
					t.Errorf("%s has %s filed %s, delivered %v", e.party, n.ID, n.Filed, n.Delivered)
				}
			}
		}
		if _, err := red.Lift(ctx, duty, "", hold.Entry, Words{}); err != nil {
			t.Fatal(err)
		}
		w.stands(hold.Entry, "lifted")
		for _, e := range w.ends { // people test it: only that ends what they missed
			x := e.testLine(ana)
			if _, err := e.other().AnswerTest(ctx, boris, "", x.Word); err != nil {
				t.Fatal(err)
			}
		}
		w.sameTests("tested by both", "tested", time.Time{})
		w.quietAtBoth("test-down")
		w.finish()
	})
}

// cutIs waits until both lines are in a state and name who suspended them, and when.
func (w *world) cutIs(d time.Duration, state, cause string, declared time.Time) {
	w.t.Helper()
	w.atBoth(d, "the line is "+state, func(e *end) string {
		l := e.line()
		if l.State != state || l.Cause != cause || len(l.Suspended) != 1 || l.Suspended[0].Party != "red" || l.Suspended[0].Reason != "ordered" ||
			l.Suspended[0].Time.Sub(declared).Abs() > time.Second {
			return fmt.Sprintf("%s (%s), %+v", l.State, l.Cause, l.Suspended)
		}
		return ""
	})
}

// waiting files a notice that starts in three hours and reports whether its author sees it wait.
func (e *end) waiting(id string, d time.Duration) bool {
	e.w.t.Helper()
	if _, err := e.File(e.w.t.Context(), duty, "", flight(id, 35, 35, 3*time.Hour, time.Hour), false); err != nil {
		e.w.t.Fatal(err)
	}
	time.Sleep(d)
	n, err := e.Notice(e.w.t.Context(), "", e.party, id)
	return err == nil && n.Delivered == nil && n.Lead.Provisional && n.Lead.DeliveredS == nil && e.line().Undelivered > 0
}
