package node

import (
	"testing"
	"time"

	"parley/internal/testnet"
	"parley/node/view"
)

// TestAnAlarmThatBeginsAnewIsNotAcknowledged: the line goes down, is acknowledged, comes back and
// goes down again; what was acknowledged holds over a restart and no longer than that alarm.
func TestAnAlarmThatBeginsAnewIsNotAcknowledged(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := newWorld(t, worldOptions{seed: 7})
		w.open()
		red, blue := w.ends[0], w.ends[1]
		down := func() *view.Alarm { return blue.alarmOf("line-down") }
		fall := func() view.Alarm {
			t.Helper()
			red.halt()
			w.within(3*time.Minute, "the line is down", is(func() bool { return down() != nil }))
			return *down()
		}
		first := fall()
		if _, err := blue.Acknowledge(t.Context(), duty, first.ID); err != nil {
			t.Fatal(err)
		}
		if a := down(); a.Acknowledged == nil || a.Acknowledged.Officer != duty.Name {
			t.Errorf("acknowledged: %+v", a.Acknowledged)
		}
		red.open()
		w.within(2*time.Minute, "the line is up", w.unready)
		if again := fall(); again.ID != first.ID || again.Acknowledged != nil {
			t.Errorf("that the line is down again is %s, acknowledged by %+v", again.ID, again.Acknowledged)
		}
	})
}

// TestAStartAlarmsNobody: a node that is started alarms that its line is down, or that it may not sign, once the
// line was silent for as long as the agreement says, and not in the second before the other node answers.
func TestAStartAlarmsNobody(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := newWorld(t, worldOptions{seed: 11})
		w.open()
		red, blue := w.ends[0], w.ends[1]
		early := func(from time.Time) {
			t.Helper()
			for _, kind := range []string{"line-down", "unconfirmed"} {
				if a := blue.alarmOf(kind); a != nil {
					t.Errorf("%s after the start: %s", time.Since(from), a.Text)
				}
			}
		}
		blue.halt()
		from := time.Now()
		blue.open()
		early(from)
		w.within(2*time.Minute, "the line is up", func() string { early(from); return w.unready() })

		red.halt()
		blue.halt()
		from = time.Now()
		blue.open()
		for time.Since(from) < 59*time.Second {
			early(from)
			time.Sleep(time.Second)
		}
		w.within(5*time.Second, "blue is alarmed that red is silent", is(func() bool {
			return blue.alarmOf("line-down") != nil && blue.alarmOf("unconfirmed") != nil
		}))
		events, _, _ := blue.feed.after(0)
		for _, e := range events {
			if (e.Kind == "alarm") && e.Time.Sub(from) < time.Minute {
				t.Errorf("told %s after the start: %s", e.Time.Sub(from), e.ID)
			}
		}
	})
}

func TestAnAckCoversWhatWasSeen(t *testing.T) {
	seen := time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)
	k := ack{view.Received{Time: seen}, seen.Add(5 * time.Second)} // the alarm began by a clock that is ahead
	for since, want := range map[time.Time]bool{
		{}:                          true,
		seen:                        true,
		seen.Add(5 * time.Second):   true,
		seen.Add(6 * time.Second):   false,
		seen.Add(-60 * time.Second): true,
	} {
		if k.covers(since) != want {
			t.Errorf("one that began %s: %t", since, !want)
		}
	}
}

// TestWhenAnAlarmBegan: one that does not say it began when this desk had it first.
func TestWhenAnAlarmBegan(t *testing.T) {
	noon := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	had := hadAlarm{Line: "line", Kind: "doubted", Begun: noon}
	over := had
	over.Over = noon.Add(time.Hour)
	for name, c := range map[string]struct {
		had   hadAlarm
		alarm view.Alarm
		want  time.Time
	}{
		"says so":         {had, view.Alarm{Since: noon.Add(time.Minute)}, noon.Add(time.Minute)},
		"still on":        {had, view.Alarm{}, noon},
		"over, and anew":  {over, view.Alarm{}, over.Over.Add(1)},
		"never had":       {hadAlarm{}, view.Alarm{}, time.Time{}},
		"of the exercise": {over, view.Alarm{Exercise: true}, over.Over.Add(1)},
	} {
		if got := c.had.begun(c.alarm); !got.Equal(c.want) {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// TestAnAlarmWithoutATimeBeginsAnew: a node may not sign, which is acknowledged; then it may; then it may not
// again, of which nobody has seen anything.
func TestAnAlarmWithoutATimeBeginsAnew(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := newWorld(t, worldOptions{seed: 12})
		w.open()
		red, blue := w.ends[0], w.ends[1]
		unconfirmed := func() *view.Alarm { return blue.alarmOf("unconfirmed") }
		alone := func() view.Alarm {
			t.Helper()
			red.halt()
			blue.halt()
			blue.open()
			w.within(3*time.Minute, "blue may not sign", is(func() bool { return unconfirmed() != nil }))
			return *unconfirmed()
		}
		first := alone()
		if !first.Since.IsZero() {
			t.Fatalf("began %s: this test asks for an alarm that does not say", first.Since)
		}
		if _, err := blue.Acknowledge(t.Context(), duty, first.ID); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		if a := unconfirmed(); a == nil || a.Acknowledged == nil {
			t.Errorf("a minute later: %+v", a)
		}
		red.open()
		w.within(3*time.Minute, "both may sign", w.unready)
		w.within(time.Minute, "the alarm is over", is(func() bool { return unconfirmed() == nil }))
		if again := alone(); again.ID != first.ID || again.Acknowledged != nil {
			t.Errorf("%s began anew, acknowledged by %+v", again.ID, again.Acknowledged)
		}
	})
}
