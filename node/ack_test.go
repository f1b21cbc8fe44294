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
		if k.covers(view.Alarm{Since: since}) != want {
			t.Errorf("one that began %s: %t", since, !want)
		}
	}
}
