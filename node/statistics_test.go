package node

import (
	"math"
	"strings"
	"testing"
	"time"

	"parley/agreement"
	"parley/node/view"
)

// TestStatisticsAndDrills: both nodes have the same figures, by day and for all time; exercise inside
// its window is in none, and in no conflict with what is real.
func TestStatisticsAndDrills(t *testing.T) {
	inDrillWorld(t, func(t *testing.T, w *world, red, blue *end) {
		ctx := t.Context()
		file := func(e *end, id string, lon float64, in time.Duration, drill bool) {
			t.Helper()
			if _, err := e.File(ctx, duty, "", flight(id, lon, 35, in, time.Hour), drill); err != nil {
				t.Fatal(err)
			}
			w.within(time.Minute, "it is at both", w.settled)
		}
		file(red, "red-1", 35, 30*time.Hour, false)
		file(red, "red-2", 60, 30*time.Minute, false)
		file(red, "red-drill", 35, 30*time.Hour, true)
		file(blue, "blue-1", 35, 30*time.Hour, false)
		file(blue, "blue-drill", 35, 30*time.Hour, true)
		w.within(time.Minute, "the conflict is on the record", is(func() bool {
			list, err := blue.Conflicts(ctx, "", true)
			return err == nil && len(list) > 0 && len(list[0].Filed) > 0
		}))
		for _, e := range w.ends {
			list, err := e.Conflicts(ctx, "", true)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range list {
				if (c.A.Notice == "red-drill") != (c.B.Notice == "blue-drill") {
					t.Errorf("%s: exercise conflicts with what is real: %s and %s", e.party, c.A.Notice, c.B.Notice)
				}
			}
		}
		n, err := blue.Notice(ctx, "", "red", "red-drill")
		if err != nil || !n.Exercise || !n.Drill {
			t.Errorf("the exercise is shown as %+v, %v", n, err)
		}
		if real, err := blue.Notice(ctx, "", "red", "red-1"); err != nil || real.Exercise {
			t.Errorf("what is real is shown as exercise: %v", err)
		}
		events, _, _ := blue.feed.after(0)
		for _, e := range events {
			if strings.Contains(e.Text, "red-drill") && !strings.HasPrefix(e.Text, "EXERCISE ") {
				t.Errorf("an event of the exercise says %q", e.Text)
			}
		}
		time.Sleep(90 * time.Second)
		if _, err := blue.Receive(ctx, boris, "", "red-1", ""); err != nil {
			t.Fatal(err)
		}
		for _, drill := range []bool{false, true} {
			if _, err := red.Call(ctx, ana, "", Calling{Type: "query", Words: Words{Text: "which area?", Language: "en"}, Drill: drill}); err != nil {
				t.Fatal(err)
			}
		}
		w.within(time.Minute, "the calls are at both", w.settled)
		time.Sleep(20 * time.Second)
		calls, err := blue.Calls(ctx, "")
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range calls {
			if _, err := blue.Answer(ctx, boris, "", Answering{Call: c.Entry, Words: Words{Text: "the north", Language: "en"}}); err != nil {
				t.Fatal(err)
			}
		}
		w.within(time.Minute, "the answers are at both", w.settled)
		for _, e := range w.ends {
			checkFigures(t, e)
		}
		red.halt()
		time.Sleep(10 * time.Minute)
		red.open()
		w.within(time.Minute, "both may sign", w.unready)
		for _, e := range w.ends {
			checkFigures(t, e)
		}
		a, b := rowOf(t, red, ByAll), rowOf(t, blue, ByAll)
		if a.LinkS["down"] > 1 || b.LinkS["down"] < 500 || b.LinkS["down"] > 600 || *b.Availability > 0.9 || a.LinkS["up"] < 60 {
			t.Errorf("the links: %v %v and %v %v", a.LinkS, *a.Availability, b.LinkS, *b.Availability)
		}
		if _, err := red.Statistics(ctx, "", "week"); err == nil {
			t.Error("by week")
		}
	})
}

// inDrillWorld plays in a world with a drill window of three hours.
func inDrillWorld(t *testing.T, f func(t *testing.T, w *world, red, blue *end)) {
	t.Helper()
	inWorld(t, func(terms *agreement.Terms) {
		now := time.Now().UTC()
		terms.Drills = []agreement.Drill{{Start: now.Add(-time.Hour), End: now.Add(2 * time.Hour)}}
	}, f)
}

func rowOf(t *testing.T, e *end, by string) view.StatisticsRow {
	t.Helper()
	s, err := e.Statistics(t.Context(), "", by)
	if err != nil || len(s.Rows) != 1 {
		t.Fatalf("%s: %+v, %v", e.party, s, err)
	}
	return s.Rows[0]
}

func checkFigures(t *testing.T, e *end) {
	t.Helper()
	for by, name := range map[string]string{ByDay: "2000-01-01", ByMonth: "2000-01", ByAll: "all"} {
		r := rowOf(t, e, by)
		if r.Period != name || r.Conflicts != 1 || math.Abs(*r.Per100-100.0/3) > 1e-9 || r.Parties[0].Party != e.party {
			t.Errorf("%s by %s: %+v", e.party, by, r)
		}
		for _, p := range r.Parties {
			want := map[string]view.PartyStatistics{
				"red":  {Total: 2, Graded: 2, Late: 1, Answered: 1},
				"blue": {Total: 1, Graded: 1},
			}[p.Party]
			if p.Total != want.Total || p.Notices["flight"] != want.Total || p.Graded != want.Graded || p.Late != want.Late || p.Insufficient != 0 || p.Answered != want.Answered || len(p.Calls) != want.Answered {
				t.Errorf("%s by %s: %+v", e.party, by, p)
			}
			if p.Party != "red" {
				continue
			}
			received := p.Rungs[1]
			if p.Calls["query"] != 1 || *p.MedianAnswerS < 20 || *p.MedianAnswerS > 22 || *p.LateShare != 0.5 || math.Abs(*p.MedianLeadS-15.25*3600) > 10 ||
				received.Name != view.OfficerHas || received.Done != 1 || *received.MedianS < 90 || *received.MedianS > 120 || p.Rungs[0].Done != 2 {
				t.Errorf("%s by %s: %+v, lead %v, answer %v, received %v", e.party, by, p, *p.MedianLeadS, *p.MedianAnswerS, *received.MedianS)
			}
		}
	}
}

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		in   []float64
		want float64
	}{{[]float64{3}, 3}, {[]float64{9, 1}, 5}, {[]float64{9, 1, 2}, 2}, {[]float64{4, 1, 3, 2}, 2.5}} {
		if got := median(c.in); *got != c.want {
			t.Errorf("median of %v = %v", c.in, *got)
		}
	}
	if median(nil) != nil || share(1, 0) != nil {
		t.Error("a figure was made of nothing")
	}
}
