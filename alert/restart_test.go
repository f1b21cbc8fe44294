package alert

import (
	"slices"
	"testing"
	"time"

	"parley/internal/testnet"
)

func TestARestartTellsNothingTwiceAndLosesNothing(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := newWorld(t, "desk", "mail")
		desk, mail := w.channel("desk", ""), w.channel("mail", "")
		w.start(desk, mail)
		w.sinks["mail"].answer(500)
		w.begin(hold("h"), conflictAlarm("c"), lookAlarm("a"))
		w.pass(time.Minute)
		w.want("desk", "h", "c,a")

		// The node stops while one channel fails, and much happens until it is started again.
		w.stop()
		w.mu.Lock()
		delete(w.alarms, "h")
		w.alarms["new"] = conflictAlarm("new")
		w.mu.Unlock()
		w.sinks["mail"].answer(0)
		w.start(desk, mail)
		w.pass(time.Minute)
		w.want("desk", "new")
		got := w.sinks["mail"].take()
		if len(got) != 2 || !got[0].Alarms[0].Over || got[0].Alarms[0].ID != "h" || got[1].Count != 3 {
			t.Errorf("mail got %+v", got)
		}

		w.stop()
		w.start(desk, mail)
		w.pass(time.Hour)
		w.want("desk")
		w.want("mail")
	})
}

// A crash between the telling and the keeping tells the same again, under the same id.
func TestACrashAfterTheTellingTellsTheSameAgain(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := newWorld(t, "desk")
		desk := w.channel("desk", "")
		w.start(desk)
		w.begin(lookAlarm("old"))
		w.pass(time.Minute)
		w.want("desk", "old")
		before := slices.Clone(w.state())
		w.begin(hold("h"))
		w.pass(time.Second)
		first := w.want("desk", "h")

		w.stop()
		w.kept = before
		w.start(desk)
		w.pass(time.Minute)
		again := w.want("desk", "h")
		if len(first) == 1 && len(again) == 1 && first[0].ID != again[0].ID {
			t.Errorf("told as %s, then as %s", first[0].ID, again[0].ID)
		}

		// A stop in the middle of sending is no delivery.
		w.net.SetCut(true)
		w.begin(hold("cut"))
		w.pass(time.Second)
		w.stop()
		w.net.SetCut(false)
		w.start(desk)
		w.pass(time.Second)
		w.want("desk", "cut")
	})
}

func TestALineThatComesBackAfterARestartIsNoNewAlarm(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := newWorld(t, "desk")
		desk := w.channel("desk", "")
		w.start(desk)
		down := Alarm{ID: "line-down/6d0487e9", Kind: "line-down", Level: 1}
		w.begin(down)
		w.pass(time.Minute)
		w.want("desk", down.ID)
		w.stop()
		w.alarms = map[string]Alarm{}
		w.start(desk)
		w.pass(time.Minute) // the node has yet to find out that the line is down
		w.begin(down)
		w.pass(time.Minute)
		w.want("desk")
		w.end(down.ID)
		w.pass(time.Second)
		w.begin(down)
		w.pass(time.Minute)
		w.want("desk", down.ID)

		w.stop()
		w.alarms = map[string]Alarm{}
		w.start(desk)
		w.pass(3 * time.Minute) // it was up
		w.begin(down)
		w.pass(time.Minute)
		w.want("desk", down.ID)
	})
}

// Where nothing can be kept the channels go on, and a state that cannot be read is as none.
func TestWithoutAStateAllThatLastsIsToldAgain(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := newWorld(t, "desk")
		desk := w.channel("desk", "")
		w.full = true
		w.start(desk)
		w.begin(lookAlarm("a"))
		w.pass(time.Minute)
		w.want("desk", "a")
		w.stop()
		w.full = false
		for _, state := range []string{"", "{", `{"v":2}`, `{"v":1,"salt":"00"}`} {
			w.kept = []byte(state)
			w.start(desk)
			w.pass(time.Minute)
			w.want("desk", "a")
			w.stop()
		}
		// A channel that is new is told all that lasts, and one that is gone is forgotten.
		w.start(w.channel("other", ""))
		w.pass(time.Minute)
		if st, err := ReadStatus(w.state()); err != nil || len(st) != 1 || st[0].Name != "other" || st[0].Waiting != 1 || len(st[0].Failing) != 1 {
			t.Errorf("%+v, %v", st, err)
		}
	})
}
