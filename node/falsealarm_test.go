package node

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/fault"
	"parley/node/view"
)

// TestFalseAlarms: alarms count once, at the desk that had them, over restarts with and without the cache;
// those that an officer marked as false count as such for the day on which they began, and nothing of it goes
// to the other party. Exercise counts in no figure.
func TestFalseAlarms(t *testing.T) {
	inDrillWorld(t, func(t *testing.T, w *world, red, blue *end) {
		ctx := t.Context()
		late := func(id string, lon float64, drill bool) view.Alarm {
			t.Helper()
			if _, err := red.File(ctx, duty, "", flight(id, lon, 35, 40*time.Minute, time.Hour), drill); err != nil {
				t.Fatal(err)
			}
			var out view.Alarm
			w.within(time.Minute, "blue is alarmed", is(func() bool {
				alarms, err := blue.Alarms(ctx)
				i := slices.IndexFunc(alarms, func(a view.Alarm) bool { return a.Kind == "late" && a.Subject == id })
				if i >= 0 {
					out = alarms[i]
				}
				return err == nil && i >= 0
			}))
			return out
		}
		first, second, drill := late("red-1", 35, false), late("red-2", 50, false), late("red-drill", 60, true)
		w.within(time.Minute, "all is at both", w.settled)
		if f := blue.alarmFigures(t); f.Begun < 2 || f.False != 0 {
			t.Errorf("before any is marked: %+v", f)
		}
		said := blue.logged("blue", "")

		for _, c := range []struct {
			alarm, reason string
			code          fault.Code
		}{
			{first.ID, "", fault.Invalid},
			{first.ID, strings.Repeat("x", maxRemark+1), fault.Invalid},
			{"late/nothing", "nothing", fault.NotFound},
			{drill.ID, "a drill", fault.Invalid},
		} {
			if _, err := blue.MarkFalse(ctx, duty, c.alarm, c.reason); fault.CodeOf(err) != c.code {
				t.Errorf("%s, %.20q: %v", c.alarm, c.reason, err)
			}
		}
		if al, err := blue.MarkFalse(ctx, boris, first.ID, "their clock test"); err != nil || al.MarkedFalse == nil || al.MarkedFalse.Officer != boris.Name || !al.Over.IsZero() {
			t.Errorf("marked: %+v, %v", al, err)
		}
		if _, err := blue.MarkFalse(ctx, duty, first.ID, "again"); fault.CodeOf(err) != fault.Mismatch {
			t.Errorf("marked twice: %v", err)
		}
		if a := blue.alarmNamed(t, first.ID); a == nil || a.Acknowledged == nil || a.MarkedFalse == nil || a.MarkedFalse.Reason != "their clock test" {
			t.Errorf("what was marked stays on the list, seen: %+v", a)
		}

		// The second is over before anybody marks it.
		if _, err := blue.Receive(ctx, boris, "", "red-2", ""); err != nil {
			t.Fatal(err)
		}
		w.within(time.Minute, "it is over", is(func() bool { return blue.alarmNamed(t, second.ID) == nil }))
		time.Sleep(10 * time.Minute)
		if al, err := blue.MarkFalse(ctx, duty, second.ID, "agreed by telephone"); err != nil || al.Over.IsZero() {
			t.Errorf("marked when it was over: %+v, %v", al, err)
		}
		if now := blue.logged("blue", ""); now != said+1 { // that an officer received the second
			t.Errorf("%d entries were said by blue, and %d after its officers marked alarms", said, now)
		}
		begun := blue.checkFalse(t, nil)
		if len(begun) < 4 { // both late, and what nobody did for either in ten minutes
			t.Errorf("alarms of notices: %v", begun)
		}
		for _, stop := range []func(){blue.halt, func() { blue.crash(50) }} {
			stop()
			blue.open()
			w.within(time.Minute, "both may sign", w.unready)
			blue.checkFalse(t, begun)
		}
		list, err := blue.FalseAlarms(ctx, "")
		if err != nil || len(list) != 2 || list[0].ID != second.ID || list[1].MarkedFalse.Reason != "their clock test" {
			t.Errorf("marked as false: %+v, %v", list, err)
		}
		if f := red.alarmFigures(t); f.False != 0 {
			t.Errorf("red has %+v", f)
		}
	})
}

func (e *end) alarmNamed(t *testing.T, id string) *view.Alarm {
	t.Helper()
	alarms, err := e.Alarms(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i := range alarms {
		if alarms[i].ID == id {
			return &alarms[i]
		}
	}
	return nil
}

func (e *end) alarmFigures(t *testing.T) alarmCount {
	t.Helper()
	r := rowOf(t, e, ByAll)
	return alarmCount{r.Alarms, r.FalseAlarms}
}

// checkFalse holds the figures to two that were marked, and to when each alarm of a notice began: what a
// start counts anew would have begun anew. It returns that. The line itself may alarm at a start.
func (e *end) checkFalse(t *testing.T, before map[string]time.Time) map[string]time.Time {
	t.Helper()
	begun := map[string]time.Time{}
	e.mu.Lock()
	for id, h := range e.book.had {
		if h.Subject != "" && h.counts() {
			begun[id] = h.Begun
		}
	}
	e.mu.Unlock()
	if before != nil && !maps.Equal(begun, before) {
		t.Errorf("the alarms of notices began %v, and %v when they were looked at first", begun, before)
	}
	if now := e.alarmFigures(t); now.False != 2 || now.Begun < len(begun) {
		t.Errorf("%+v alarms, of which %d of notices", now, len(begun))
	}
	for _, by := range []string{ByDay, ByMonth} {
		if r := rowOf(t, e, by); r.FalseAlarms != 2 || r.FalseShare == nil || *r.FalseShare != 2/float64(r.Alarms) {
			t.Errorf("by %s: %+v", by, r)
		}
	}
	x, err := e.ExerciseStatistics(t.Context(), "", ByAll)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range x.Rows {
		if r.Alarms != 0 || r.FalseAlarms != 0 || r.FalseShare != nil {
			t.Errorf("of the exercise: %+v", r)
		}
	}
	return begun
}
