package alert

import (
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/testnet"
)

// come is an alarm as a source gives it of one that has come to an observer.
func come(id, kind, level string) Alarm {
	return Alarm{ID: id, Kind: kind, Level: 1, Text: "cut to " + level, Since: time.Now(), Escalated: "observers", Disclosure: level}
}

// TestAnObserverIsToldWhatHasComeToItAlone: the own people are told as ever, the observer what the source cut for
// it, and each message was noted before it went.
func TestAnObserverIsToldWhatHasComeToItAlone(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := newWorld(t, "desk", "mission")
		w.come("mission")
		w.start(w.channel("desk", ""), w.channel("mission", `, "observer": "mission"`))
		whole := conflictAlarm("c")
		w.begin(whole, hold("h"))
		w.pass(time.Minute)
		w.want("mission")
		w.want("desk", "h", "c")
		w.come("mission", come("c", "conflict", "alert"), come("hu", "hold-unanswered", "alert"))
		w.pass(time.Minute)
		for _, m := range w.want("mission", "hu", "c") {
			if m.Alarms[0].Text != "cut to alert" || m.Alarms[0].Disclosure != "alert" || !strings.Contains(m.Text, "gone to: observers") {
				t.Errorf("%+v", m)
			}
		}
		if want := []string{"mission by mission: hu", "mission by mission: c"}; !slices.Equal(w.noted, want) {
			t.Errorf("noted %q", w.noted)
		}
		w.want("desk")
	})
}

// TestWhatEndedIsNotToldToAnObserver, nor what cannot be noted, nor over a restart what was cut at a level that it
// no longer has.
func TestWhatEndedIsNotToldToAnObserver(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := newWorld(t, "desk", "mission")
		channels := []Channel{w.channel("desk", ""), w.channel("mission", `, "observer": "mission"`)}
		w.sinks["mission"].answer(503)
		w.come("mission", come("hu", "hold-unanswered", "full"))
		w.start(channels...)
		w.pass(time.Minute)
		w.stop()
		w.come("mission", come("hu", "hold-unanswered", "alert"))
		w.sinks["mission"].answer(0)
		w.start(channels...)
		w.pass(time.Minute)
		if m := w.want("mission", "hu"); len(m) == 1 && m[0].Alarms[0].Text != "cut to alert" {
			t.Errorf("%+v", m)
		}
		w.mu.Lock()
		w.noNotes = true
		w.mu.Unlock()
		w.come("mission", come("c", "conflict", "alert"))
		w.pass(time.Minute)
		w.want("mission")
		w.come("mission", []Alarm{}...)
		w.mu.Lock()
		w.noNotes = false
		w.mu.Unlock()
		w.come("mission", come("other", "conflict", "alert"))
		w.pass(time.Hour)
		w.want("mission", "other")
	})
}

// TestAnObserverWhoIsNotToldIsAnAlarmOfItsOwn: what an observer was told does not count for the own people, nor
// the other way.
func TestAnObserverWhoIsNotToldIsAnAlarmOfItsOwn(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := newWorld(t, "desk", "mission")
		w.start(w.channel("desk", ""), w.channel("mission", `, "observer": "mission"`))
		if st := w.Status()[1]; st.Observer != "mission" || !strings.Contains(st.Error, "nobody gives mission a level") {
			t.Errorf("nobody gives it a level: %+v", st)
		}
		w.sinks["desk"].answer(503)
		w.begin(conflictAlarm("c"))
		w.come("mission", come("c", "conflict", "volume"))
		w.pass(5 * time.Minute)
		w.want("mission", "c")
		list := w.Undelivered()
		if len(list) != 1 || !strings.Contains(list[0].Text, "nobody beside this desk was told") {
			t.Errorf("the own people: %+v", list)
		}
		if st := w.Status(); st[1].Error != "" || len(st[0].Failing) != 1 || st[0].Failing[0].Elsewhere {
			t.Errorf("%+v", st)
		}
		w.sinks["desk"].answer(0)
		w.sinks["mission"].answer(503)
		w.pass(5 * time.Minute)
		w.want("desk", "c")
		w.come("mission", come("c", "conflict", "volume"), come("n", "not-received", "volume"))
		w.pass(5 * time.Minute)
		list = w.Undelivered()
		if len(list) != 1 || !strings.Contains(list[0].Text, "the observer mission was not told of an alarm that has come to it (not-received; in all: 1)") {
			t.Errorf("the observer: %+v", list)
		}
		w.come("mission")
		w.pass(time.Minute)
		if list = w.Undelivered(); len(list) != 0 {
			t.Errorf("it is over: %+v", list)
		}
	})
}
