package alert

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/internal/testnet"
)

func TestABurstIsOneMessageAndHoldGoesAtOnceAlone(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := newWorld(t, "desk")
		w.start(w.channel("desk", ""))
		for i := range 70 {
			w.begin(lookAlarm(fmt.Sprintf("a%02d", i)))
			w.pass(10 * time.Millisecond)
		}
		w.begin(conflictAlarm("c"))
		w.begin(hold("h"), Alarm{ID: "d", Kind: "distress", Level: 1, Text: "DISTRESS", Since: time.Now().Add(time.Second)})
		w.pass(time.Millisecond)
		got := w.sinks["desk"].take()
		if len(got) != 2 || got[0].Count != 1 || got[1].Count != 1 {
			t.Fatalf("hold and distress: %+v", got)
		}
		w.pass(5 * time.Second)
		got = w.sinks["desk"].take()
		if len(got) != 1 || got[0].Count != 71 || len(got[0].Alarms) != maxListed || got[0].Alarms[0].ID != "c" || got[0].at != 5*time.Second {
			t.Fatalf("the burst: %+v", got)
		}
		if !strings.HasPrefix(got[0].Subject, "71 alarms at node blue, the most pressing of level 1") || !strings.Contains(got[0].Text, "and 21 more: look at the desk") {
			t.Errorf("%s\n%s", got[0].Subject, got[0].Text)
		}
		w.pass(time.Hour)
		w.want("desk")
	})
}

func TestAnAlarmIsToldOnceUntilItRisesOrBeginsAnew(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := newWorld(t, "desk")
		w.start(w.channel("desk", ""))
		a := lookAlarm("a")
		w.begin(a)
		w.pass(time.Minute)
		w.want("desk", "a")
		a.Text = "another text"
		w.begin(a)
		w.pass(time.Minute)
		w.want("desk")
		a.Level = 2
		w.begin(a)
		w.pass(time.Minute)
		if got := w.want("desk", "a"); len(got) == 1 && got[0].Alarms[0].Level != 2 {
			t.Errorf("risen: %+v", got)
		}
		a.Level = 3
		w.begin(a)
		w.pass(time.Minute)
		w.want("desk")
		a.Escalated = "supervisor"
		w.begin(a)
		w.pass(time.Minute)
		w.want("desk", "a")
		w.end("a")
		w.pass(time.Minute)
		w.begin(a)
		w.pass(time.Minute)
		w.want("desk", "a")
		// It ends and is back before anybody looks at the alarms.
		w.end("a")
		w.begin(a)
		w.pass(time.Minute)
		w.want("desk", "a")
	})
}

func TestAnAlarmThatBeginsAnewWhileItIsBeingSentIsToldAgain(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := newWorld(t, "desk")
		w.net.Shape(time.Second, 0)
		w.start(w.channel("desk", ""))
		w.begin(hold("h"), lookAlarm("a"))
		w.pass(6 * time.Second)
		w.want("desk", "h")
		w.end("a")
		w.begin(lookAlarm("a"))
		w.pass(time.Minute)
		w.want("desk", "a", "a")
	})
}

func TestLevelsAndKindsAreNoBarToHoldAndDistress(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := newWorld(t, "desk", "low")
		w.start(w.channel("desk", `, "up_to_level": 1, "kinds": ["line-down"]`), w.channel("low", `, "up_to_level": 2`))
		w.begin(conflictAlarm("c"), lookAlarm("a"), hold("h"), Alarm{ID: "q", Kind: "query", Level: 2},
			Alarm{ID: "down", Kind: "line-down", Level: 1}, Alarm{ID: "u", Kind: KindUndelivered, Level: 1})
		w.pass(time.Minute)
		w.want("desk", "h", "down")
		w.want("low", "h", "down,c,q")
	})
}

func TestQuietHoursHoldBackAllButHoldAndDistress(t *testing.T) {
	testnet.Run(t, func(t *testing.T) { // it is midnight UTC when virtual time begins
		w := newWorld(t, "desk")
		w.start(w.channel("desk", `, "quiet": {"from": "23:00Z", "until": "09:00+03:00"}`))
		w.begin(conflictAlarm("c"), lookAlarm("a"), conflictAlarm("gone"))
		w.pass(time.Hour)
		w.want("desk")
		drill := hold("drill")
		drill.Exercise = true
		w.begin(hold("h"), drill)
		w.end("gone")
		w.pass(time.Millisecond)
		if got := w.sinks["desk"].take(); len(got) != 2 {
			t.Errorf("hold in quiet hours: %+v", got)
		}
		w.pass(5*time.Hour - 2*time.Millisecond)
		w.want("desk")
		if got := w.Undelivered(); len(got) > 0 {
			t.Errorf("what waits for the end of quiet hours is not undelivered: %+v", got)
		}
		w.pass(time.Millisecond)
		w.want("desk", "c,a")
		w.pass(17*time.Hour + time.Minute) // 23:01
		w.begin(conflictAlarm("late"))
		w.pass(time.Hour)
		w.want("desk")
	})
}

func TestDrillsGoApartAndSayEXERCISEFirst(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := newWorld(t, "desk")
		w.start(w.channel("desk", ""))
		d := conflictAlarm("d")
		d.Exercise = true
		w.begin(d, conflictAlarm("c"))
		w.pass(time.Minute)
		got := w.want("desk", "c", "d")
		if len(got) == 2 && (got[0].Exercise || !got[1].Exercise || !strings.HasPrefix(got[1].Text, "EXERCISE: ") || !strings.HasPrefix(got[1].Subject, "EXERCISE: ")) {
			t.Errorf("%+v", got)
		}
	})
}

func TestRetriesDoubleWithJitterAndHaveAnEnd(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := newWorld(t, "desk")
		w.start(w.channel("desk", `, "retry_for_s": 3600`))
		w.sinks["desk"].answer(503)
		w.begin(conflictAlarm("c"), hold("h"))
		w.pass(time.Second)
		st := w.Status()[0]
		if len(st.Failing) != 1 || st.Failing[0].Alarm != "h" || st.Failing[0].Tries != 1 || !strings.Contains(st.Error, "503") || !strings.Contains(st.Error, "not now") {
			t.Errorf("after one try: %+v", st)
		}
		w.pass(2 * time.Hour)
		st = w.Status()[0]
		// 5, 10, 20, 40, 80, 160 s, then 5 min, each less up to a half: between 12 and 30 tries in an hour.
		if st.GaveUp != 2 || len(st.Failing) != 2 || st.Failing[0].Tries < 12 || st.Failing[0].Tries > 30 {
			t.Errorf("after two hours: %+v", st)
		}
		dialed := w.net.Dialed("blue")
		w.pass(time.Hour)
		if n := w.net.Dialed("blue"); n != dialed {
			t.Errorf("tried %d times more after giving up", n-dialed)
		}
		// Another alarm comes, is told, and what was given up with it.
		w.sinks["desk"].answer(0)
		w.begin(lookAlarm("a"))
		w.pass(10 * time.Second)
		w.wantAnyOrder("desk", "a", "c", "h")
		if st := w.Status()[0]; st.GaveUp+st.Waiting+len(st.Failing) != 0 || st.Told != 3 || st.Error != "" || st.DeliveredAt.IsZero() || st.FailedAt.IsZero() {
			t.Errorf("at the end: %+v", st)
		}
	})
}

func TestBackoffIsWithinItsBounds(t *testing.T) {
	for failed, most := range map[int]time.Duration{1: 5 * time.Second, 2: 10 * time.Second, 4: 40 * time.Second, 7: 5 * time.Minute, 8: 5 * time.Minute, 100: 5 * time.Minute} {
		for _, b := range []string{"\x00\x00\x00\x00", "\xff\xff\xff\xff", "\x80\x00\x00\x00", ""} {
			if d := backoff(failed, strings.NewReader(b)); d > most || d < most/2 {
				t.Errorf("after %d failures: %v, want %v to %v", failed, d, most/2, most)
			}
		}
	}
}

func TestASilentServerTakesNoLongerThanItsTimeout(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := newWorld(t, "desk")
		w.start(w.channel("desk", `, "timeout_s": 7`))
		w.net.SetCut(true)
		w.begin(hold("h"))
		w.pass(6 * time.Second)
		if st := w.Status()[0]; len(st.Failing) != 0 || len(w.Undelivered()) != 0 {
			t.Errorf("before the timeout: %+v", st)
		}
		w.pass(time.Second)
		if st := w.Status()[0]; len(st.Failing) != 1 || !strings.Contains(st.Error, "deadline") || len(w.Undelivered()) != 1 {
			t.Errorf("after the timeout: %+v", st)
		}
		w.net.SetCut(false)
		w.pass(5 * time.Second)
		w.want("desk", "h")
	})
}

func TestASlowMessageDoesNotDelayAHold(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := newWorld(t, "desk")
		w.start(w.channel("desk", ""))
		w.net.SetCut(true)
		w.begin(conflictAlarm("c"), hold("h1"))
		w.pass(6 * time.Second) // both hang
		w.net.SetCut(false)
		w.begin(hold("h2"))
		w.pass(time.Millisecond)
		w.want("desk", "h2")
		w.pass(time.Minute)
		w.wantAnyOrder("desk", "c", "h1")
	})
}

func TestAnAlarmThatNoChannelDeliversIsAnAlarm(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := newWorld(t, "one", "two")
		w.start(w.channel("one", ""), w.channel("two", `, "up_to_level": 1`))
		w.sinks["one"].answer(500)
		w.begin(conflictAlarm("c"), hold("h"), lookAlarm("a"))
		w.pass(10 * time.Minute)
		w.want("two", "h", "c")
		// What "two" delivered is in the status alone; what only "one" is to be told is undelivered.
		list := w.Undelivered()
		if len(list) != 1 || list[0].Level != 2 || list[0].Kind != KindUndelivered || !strings.Contains(list[0].Text, "of an alarm (coarse;") || !strings.Contains(list[0].Text, "one: ") {
			t.Fatalf("undelivered: %+v", list)
		}
		first := list[0].ID
		elsewhere := map[string]bool{}
		for _, f := range w.Status()[0].Failing {
			elsewhere[f.Alarm] = f.Elsewhere
		}
		if len(elsewhere) != 3 || !elsewhere["h"] || !elsewhere["c"] || elsewhere["a"] {
			t.Errorf("status: %+v", w.Status()[0])
		}
		w.sinks["two"].answer(500)
		w.begin(hold("h2"))
		w.pass(time.Second)
		list = w.Undelivered()
		if len(list) != 2 || list[0].Level != 1 || !strings.Contains(list[0].Text, "(hold;") || list[1].ID != first {
			t.Fatalf("undelivered: %+v", list)
		}
		w.sinks["one"].answer(0)
		w.pass(10 * time.Minute)
		if list = w.Undelivered(); len(list) != 0 {
			t.Errorf("undelivered in the end: %+v", list)
		}
		w.sinks["one"].answer(500)
		w.begin(lookAlarm("b"))
		w.pass(time.Minute)
		if list = w.Undelivered(); len(list) != 0 {
			t.Errorf("undelivered too soon: %+v", list)
		}
		w.pass(3 * time.Minute)
		if list = w.Undelivered(); len(list) != 1 || list[0].ID == first {
			t.Errorf("undelivered anew: %+v", list)
		}
	})
}

func TestWhatEndsBeforeItCouldBeTold(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := newWorld(t, "desk")
		w.start(w.channel("desk", ""))
		w.sinks["desk"].answer(500)
		w.begin(hold("h"), conflictAlarm("c"), lookAlarm("a"))
		w.pass(time.Minute)
		w.end("h", "c", "a")
		w.pass(time.Second)
		w.sinks["desk"].answer(0)
		w.pass(10 * time.Minute)
		got := w.sinks["desk"].take()
		if len(got) != 2 || !got[0].Alarms[0].Over || !got[1].Alarms[0].Over || !strings.Contains(got[0].Text, "it ended before it could be told") || got[0].Count+got[1].Count != 2 {
			t.Errorf("%+v", got)
		}
		// It begins anew, which is another alarm.
		w.begin(hold("h"))
		w.pass(time.Second)
		w.want("desk", "h")
	})
}

func TestTestSendsAMarkedMessageOrSaysWhy(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := newWorld(t, "desk")
		w.start(w.channel("desk", `, "quiet": {"from": "23:00Z", "until": "09:00Z"}`))
		if err := w.Test(t.Context(), "desk"); err != nil {
			t.Fatal(err)
		}
		if got := w.sinks["desk"].take(); len(got) != 1 || !got[0].Test || got[0].Count != 0 || !strings.HasPrefix(got[0].Text, "TEST: ") {
			t.Errorf("%+v", got)
		}
		w.sinks["desk"].answer(418)
		if err := w.Test(t.Context(), "desk"); err == nil || !strings.Contains(err.Error(), `desk.desk:1: answered 418 I'm a teapot and said not now`) {
			t.Errorf("%v", err)
		}
		if err := w.Test(t.Context(), "pager"); err == nil || !strings.Contains(err.Error(), "is not a channel of this node") {
			t.Errorf("%v", err)
		}
	})
}
