package node

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"parley/agreement"
	"parley/node/view"
)

// callsWorld is an open world with numbers to call and an agreed window for drills.
func callsWorld(t *testing.T, drill agreement.Drill) (w *world, red, blue *end) {
	t.Helper()
	w = newWorld(t, worldOptions{seed: 1, change: func(terms *agreement.Terms) {
		for i := range terms.Parties {
			terms.Parties[i].Contacts = []agreement.Contact{{Role: "duty", Number: "+1 0"}, {Role: "second", Number: "+1 2"},
				{Role: "supervisor", Number: "+1 3"}, {Role: "principals", Number: "+1 4"}}
		}
		terms.Observers = []agreement.Observer{{Name: "observer", Contact: "+1 5"}}
		if !drill.Start.IsZero() {
			terms.Drills = []agreement.Drill{drill}
		}
	}})
	w.open()
	return w, w.ends[0], w.ends[1]
}

// kinds lists the alarms of a node about calls, sorted: kind, and where it has gone.
func (e *end) callKinds() []string {
	e.w.t.Helper()
	alarms, err := e.Alarms(e.w.t.Context())
	if err != nil {
		e.w.t.Fatal(err)
	}
	var out []string
	for _, a := range alarms {
		for _, about := range []string{"hold", "distress", "query", "concern"} {
			if a.Kind == about || strings.HasPrefix(a.Kind, about+"-") {
				out = append(out, a.Kind)
			}
		}
	}
	slices.Sort(out)
	return out
}

func (e *end) one(entry string) view.Call {
	e.w.t.Helper()
	for _, c := range e.calls() {
		if c.Entry == entry {
			return c
		}
	}
	return view.Call{}
}

// stands waits until both nodes say that a call is in a state.
func (w *world) stands(entry, state string) {
	w.t.Helper()
	w.within(time.Minute, "both say "+state, func() string {
		for _, e := range w.ends {
			if c := e.one(entry); c.State != state {
				return e.party + ": " + c.State
			}
		}
		return ""
	})
}

// until waits in virtual time to a moment after an instant.
func waitTo(from time.Time, d time.Duration) {
	time.Sleep(time.Until(from.Add(d)) + 2*time.Second)
	synctest.Wait()
}

// TestHoldNobodyAnswers: both desks are alarmed at 2, 4 and 6 minutes with who acts, whatever line
// state, across a restart, and that an officer took it does not stop the clock.
func TestHoldNobodyAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, red, blue := callsWorld(t, agreement.Drill{})
		ctx := t.Context()
		c, err := red.Call(ctx, duty, "", calling("hold", "people on the road"))
		if err != nil {
			t.Fatal(err)
		}
		w.stands(c.Entry, "open")
		w.within(time.Minute, "blue is alarmed", is(func() bool { return alarm(t, blue.running, "hold") != nil }))
		if _, err := blue.Receive(ctx, Officer{Name: "Ana", Role: "duty"}, "", c.Entry, ""); err != nil {
			t.Fatal(err)
		}
		if a := alarm(t, blue.running, "hold"); a == nil || a.Level != actNow || !strings.Contains(a.Text, "taken by Ana (duty)") {
			t.Errorf("the others at the desk see %+v", a)
		}
		waitTo(c.Time, time.Minute)
		if a := alarm(t, red.running, "hold-unanswered"); a != nil {
			t.Errorf("before it was due: %s", a.Text)
		}
		for _, step := range []struct {
			after time.Duration
			to    string
			words string
		}{
			{2 * time.Minute, "second channel", "blue +1 2"},
			{4 * time.Minute, "supervisor", "supervisor of red +1 3"},
			{6 * time.Minute, "observers", "principals of red +1 4"},
		} {
			waitTo(c.Time, step.after)
			if step.to == "supervisor" {
				blue.halt()
				blue.open()
				w.within(time.Minute, "blue is back", func() string { return w.unready() })
			}
			for _, e := range w.ends {
				a, x := alarm(t, e.running, "hold-unanswered"), e.one(c.Entry)
				if a == nil || !strings.Contains(a.Text, step.words) || !strings.Contains(a.Text, "by blue") || x.Escalated != step.to || x.State != "open" {
					t.Errorf("%s after %s: %+v, escalated %q", e.party, step.after, a, x.Escalated)
				}
			}
		}
		if _, err := blue.Answer(ctx, duty, "", Answering{Call: c.Entry, Word: "cannot-hold", Words: Words{Phrase: 52}}); err != nil {
			t.Fatal(err)
		}
		w.stands(c.Entry, "cannot-hold")
		if a := alarm(t, red.running, "hold-cannot-hold"); a == nil || a.Level != actNow || alarm(t, red.running, "hold-unanswered") != nil {
			t.Errorf("red sees %v", red.callKinds())
		}
		w.finish()
	})
}

// TestHoldOnASuspendedLine: the call, the answer, a new review, a lapse and the lift pass a line that
// is suspended, at once, and what came ahead of its turn stands in it afterwards.
func TestHoldOnASuspendedLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, red, blue := callsWorld(t, agreement.Drill{})
		ctx := t.Context()
		if _, err := red.File(ctx, duty, "", flight("red-0", 30, 30, 2*time.Hour, time.Hour), false); err != nil {
			t.Fatal(err)
		}
		w.within(time.Minute, "delivered", w.settled)
		if err := blue.Suspend(ctx, duty, "", "ordered"); err != nil {
			t.Fatal(err)
		}
		w.within(time.Minute, "both suspended", is(func() bool { return red.line().State == "suspended" && blue.line().State == "suspended" }))
		if _, err := red.File(ctx, duty, "", flight("red-1", 35, 35, 2*time.Hour, time.Hour), false); err != nil {
			t.Fatal(err)
		}
		passed := func(where string) {
			t.Helper()
			if _, err := blue.Notice(ctx, "", "red", "red-1"); err == nil {
				t.Error("a notice passed a suspended line: " + where)
			}
		}
		passed("at first")
		c, err := red.Call(ctx, duty, "", Calling{Type: "hold", Words: Words{Phrase: 2}})
		if err != nil {
			t.Fatal(err)
		}
		w.stands(c.Entry, "open")
		if _, err := blue.Receive(ctx, duty, "", c.Entry, ""); err != nil {
			t.Fatal(err)
		}
		w.within(time.Minute, "red sees who took it", is(func() bool { return len(red.one(c.Entry).Received) == 1 }))
		if _, err := blue.Answer(ctx, duty, "", Answering{Call: c.Entry, Word: "holding"}); err != nil {
			t.Fatal(err)
		}
		w.stands(c.Entry, "holding")
		passed("before the restart")
		red.halt()
		red.open()
		w.stands(c.Entry, "holding")
		passed("after the restart")
		waitTo(c.Time, 30*time.Minute)
		for _, e := range w.ends {
			if a, x := alarm(t, e.running, "hold-lapsed"), e.one(c.Entry); a == nil || x.State != "lapsed" || !strings.Contains(a.Text, "silence does not end it") {
				t.Errorf("%s: %s, %+v", e.party, x.State, a)
			}
		}
		if _, err := red.Review(ctx, duty, "", c.Entry, time.Now().Add(time.Hour), Words{}); err != nil {
			t.Fatal(err)
		}
		w.stands(c.Entry, "holding")
		if _, err := blue.Lift(ctx, duty, "", c.Entry, Words{}); err == nil {
			t.Error("the party called lifted the hold")
		}
		if _, err := red.Lift(ctx, duty, "", c.Entry, Words{}); err != nil {
			t.Fatal(err)
		}
		w.stands(c.Entry, "lifted")
		if got := append(red.callKinds(), blue.callKinds()...); len(got) != 0 {
			t.Errorf("alarms of a hold that is lifted: %v", got)
		}
		passed("in the end")
		if err := blue.Resume(ctx, duty, "", "over"); err != nil {
			t.Fatal(err)
		}
		w.finish()
		if x := blue.one(c.Entry); x.Ahead || x.State != "lifted" || len(x.Answers) != 1 || len(x.Reviews) != 1 {
			t.Errorf("in order: %+v", x)
		}
	})
}

// TestQueryTakenAndDrills: a query that is taken escalates no more; a drill in its window is marked in
// every word, and one outside it or about a real notice counts as real.
func TestQueryTakenAndDrills(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		from := time.Now().Add(-time.Minute)
		w, red, blue := callsWorld(t, agreement.Drill{Start: from, End: from.Add(time.Hour)})
		ctx := t.Context()
		in := calling("query", "which area?")
		in.Drill = true
		q, err := red.Call(ctx, duty, "", in)
		if err != nil {
			t.Fatal(err)
		}
		w.stands(q.Entry, "open")
		waitTo(q.Time, 2*time.Minute)
		for _, e := range w.ends {
			if a, x := alarm(t, e.running, "query-unanswered"), e.one(q.Entry); a == nil || !strings.HasPrefix(a.Text, "EXERCISE ") || !x.Exercise {
				t.Errorf("%s: %+v, exercise %v", e.party, a, x.Exercise)
			}
		}
		if _, err := blue.Receive(ctx, duty, "", q.Entry, ""); err != nil {
			t.Fatal(err)
		}
		w.stands(q.Entry, "taken")
		if alarm(t, red.running, "query-unanswered") != nil || alarm(t, blue.running, "query").Level != look {
			t.Errorf("alarms of what is taken: %v, %v", red.callKinds(), blue.callKinds())
		}
		if _, err := red.File(ctx, duty, "", flight("red-1", 35, 35, 2*time.Hour, time.Hour), false); err != nil {
			t.Fatal(err)
		}
		in.About = "red-1"
		about, err := red.Call(ctx, duty, "", in)
		if err != nil || about.Exercise {
			t.Errorf("a drill about a real notice: %+v, %v", about, err)
		}
		waitTo(from, time.Hour)
		in.About = ""
		outside, err := red.Call(ctx, duty, "", in)
		if err != nil || outside.Exercise || !outside.Drill {
			t.Errorf("a drill outside its window: %+v, %v", outside, err)
		}
		w.finish()
	})
}
