package node

import (
	"fmt"
	"testing"
	"time"

	"parley/agreement"
	"parley/internal/testnet"
	"parley/node/body"
	"parley/node/view"
	"parley/notice"
)

// delivered says who has something that the other does not hold: where answers wait the two pictures differ.
func (w *world) delivered() string {
	for _, e := range w.ends {
		if n := e.line().Undelivered; n != 0 {
			return fmt.Sprintf("%d entries of %s", n, e.party)
		}
	}
	return ""
}

// alarmsNotTold fails where the alarm of an open conflict says other than the list of answers whether the other party
// is told of it.
func (e *end) alarmsNotTold(when string, list []view.AlertAnswer) {
	e.w.t.Helper()
	of := map[string]bool{}
	for _, a := range list {
		of[a.Conflict.ID] = true
	}
	ln := e.order[0]
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	for id := range ln.open {
		if k := ln.worded(id); !k.took && k.alarm.NotTold != of[id] {
			e.w.t.Errorf("%s: the alarm of %s says that it is not told: %t", when, id, k.alarm.NotTold)
		}
	}
}

// TestProbingIsNotAnswered: blue files 25 areas over red's hidden flight and 25 beside it. The first 20
// in 24 hours are answered by themselves, the rest by red's officer; what blue sees of those does not
// depend on whether there is a conflict, and red's desk sees each at once.
func TestProbingIsNotAnswered(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := newWorld(t, worldOptions{seed: 1, change: func(terms *agreement.Terms) { terms.Parties[0].Disclosure.Flight = agreement.Alert }})
		w.open()
		h := &hiddenWorld{world: w, red: w.ends[0], blue: w.ends[1]}
		ctx := t.Context()
		secret := h.drone("secret", 35, 30*time.Hour)
		h.file(h.red, secret)
		w.within(time.Minute, "delivered", w.delivered)
		for i := range 25 {
			lon := 35.0
			if i >= 22 {
				lon = 50 // nothing is there
			}
			n := h.ground(fmt.Sprintf("p-%02d", i), lon)
			n.Volumes[0].Window.End = n.Volumes[0].Window.Start.Add(29 * time.Hour)
			h.file(h.blue, n)
			w.within(time.Minute, "delivered", w.delivered)
		}
		time.Sleep(time.Minute)
		check := func(when string, told int, state string) {
			t.Helper()
			if got := len(h.blue.conflicts()); got != told {
				t.Errorf("%s: blue is told of %d conflicts, want %d", when, got, told)
			}
			if got := len(h.red.conflicts()); got != 22 {
				t.Errorf("%s: red sees %d conflicts, want 22", when, got)
			}
			if e := h.kinds(body.KindConflict); e != told {
				t.Errorf("%s: %d conflicts are on the record, want %d", when, e, told)
			}
			for i := range 25 {
				n := h.blue.site("blue", fmt.Sprintf("p-%02d", i))
				if n.ByOfficer != (i >= 20) {
					t.Errorf("%s: %s is answered by an officer: %t", when, n.ID, n.ByOfficer)
				}
			}
			list, err := h.red.Answers(ctx, "")
			if err != nil || len(list) != 22-told {
				t.Fatalf("%s: %d answers wait, %v", when, len(list), err)
			}
			h.red.alarmsNotTold(when, list)
			for _, a := range list {
				if a.Decision.State != state || a.Conflict.LateralM == nil || a.Conflict.B.Notice < "p-20" {
					t.Errorf("%s: %+v", when, a)
				}
			}
		}
		check("filed", 20, view.AnswerWaits)
		w.restart()
		time.Sleep(time.Minute)
		check("after a restart", 20, view.AnswerWaits)
		if list, err := h.blue.Answers(ctx, ""); err != nil || len(list) != 0 {
			t.Errorf("blue is shown %v, %v", list, err)
		}
		list, err := h.red.Answers(ctx, "")
		if err != nil {
			t.Fatal(err)
		}
		first, second := list[0].Conflict.ID, list[1].Conflict.ID
		before := h.red.line().OwnSize
		if _, err := h.red.Own(ctx, duty, "", first); err == nil {
			t.Error("an officer took a conflict that the other party is not told of")
		}
		if _, err := h.red.Settle(ctx, duty, "", first, body.Joint, "x"); err == nil {
			t.Error("it was settled")
		}
		if _, err := h.red.Decide(ctx, duty, "", second, false, ""); err == nil {
			t.Error("an answer was refused without a reason")
		}
		if _, err := h.red.Decide(ctx, duty, "", second, false, "a probe"); err != nil {
			t.Fatal(err)
		}
		if now := h.red.line().OwnSize; now != before {
			t.Errorf("red said %d entries of answers that wait", now-before)
		}
		if _, err := h.red.Call(ctx, duty, "", Calling{Type: body.Hold, About: list[0].Conflict.B.Notice, Words: Words{Text: "hold p-20", Language: "en"}}); err != nil {
			t.Errorf("red cannot call: %v", err)
		}
		if _, err := h.red.Decide(ctx, duty, "", first, true, ""); err != nil {
			t.Fatal(err)
		}
		w.within(time.Minute, "blue is told", func() string {
			if _, ok := h.blue.conflicts()[first]; !ok {
				return "not yet"
			}
			return ""
		})
		if _, err := h.red.Decide(ctx, duty, "", first, true, ""); err == nil {
			t.Error("an answer was released twice")
		}
		w.restart()
		time.Sleep(time.Minute)
		check("one released, one refused", 21, view.AnswerRefused)
		// A day later the same questions are not answered, new ones are.
		for _, e := range w.ends {
			e.halt()
		}
		time.Sleep(25 * time.Hour)
		w.open()
		time.Sleep(time.Minute)
		check("a day later", 21, view.AnswerRefused)
		n := h.ground("p-99", 35)
		n.Volumes[0].Window.Start = time.Now().UTC().Truncate(time.Millisecond).Add(10 * time.Minute)
		n.Volumes[0].Window.End = n.Volumes[0].Window.Start.Add(time.Hour)
		h.file(h.blue, n)
		w.within(time.Minute, "a new question is answered", func() string {
			if got := len(h.blue.conflicts()); got != 22 {
				return fmt.Sprint(got)
			}
			return ""
		})
	})
}

// TestThatTheyAreSeparatedIsAnAnswer: who moves his plan more often than he is answered is told that it is
// far enough away when an officer says so; until then the conflict stays open with him.
func TestThatTheyAreSeparatedIsAnAnswer(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := newWorld(t, worldOptions{seed: 1, change: func(terms *agreement.Terms) {
			terms.Parties[0].Disclosure.Flight, terms.Alerts.ReleasedAfter = agreement.Alert, 2
		}})
		w.open()
		h := &hiddenWorld{world: w, red: w.ends[0], blue: w.ends[1]}
		ctx := t.Context()
		h.file(h.red, h.drone("secret", 35, 30*time.Hour))
		w.within(time.Minute, "delivered", w.delivered)
		n := h.ground("p-1", 35)
		h.file(h.blue, n)
		h.file(h.blue, h.ground("p-2", 50))
		id := ""
		w.within(time.Minute, "blue is told of the conflict", func() string {
			for id = range h.blue.conflicts() {
				return ""
			}
			return "not yet"
		})
		n.Volumes = h.ground("p-1", 50).Volumes
		h.blue.amends(n)
		time.Sleep(2 * time.Minute)
		states := func(red, blue string) {
			t.Helper()
			w.within(time.Minute, "red has it as "+red+", blue as "+blue, func() string {
				if x, y := h.red.conflicts()[id].State, h.blue.conflicts()[id].State; x != red || y != blue {
					return x + " and " + y
				}
				return ""
			})
		}
		states("separated", "open")
		list, err := h.red.Answers(ctx, "")
		if err != nil || len(list) != 1 || list[0].Conflict.ID != id || list[0].Conflict.State != "separated" || list[0].Decision.State != view.AnswerWaits {
			t.Fatalf("%+v, %v", list, err)
		}
		if _, err := h.red.Decide(ctx, duty, "", id, true, ""); err != nil {
			t.Fatal(err)
		}
		states("separated", "separated")
		if list, err := h.red.Answers(ctx, ""); err != nil || len(list) != 0 {
			t.Errorf("%+v, %v", list, err)
		}
		w.finish()
	})
}

// TestAnOverdueFlightIsNoQuestion: a flight whose end is not said grows, and where it meets what is
// hidden says how far that is: an officer answers.
func TestAnOverdueFlightIsNoQuestion(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := newWorld(t, worldOptions{seed: 1, change: func(terms *agreement.Terms) { terms.Parties[0].Disclosure.Area = agreement.Alert }})
		w.open()
		h := &hiddenWorld{world: w, red: w.ends[0], blue: w.ends[1]}
		n := h.ground("secret", 36)
		h.file(h.red, n)
		f := flight("b-1", 35, 35, 10*time.Minute, time.Minute)
		f.SpeedMPS = 100
		h.file(h.blue, f)
		time.Sleep(30 * time.Minute)
		w.within(time.Minute, "delivered", w.delivered)
		if got := len(h.red.conflicts()); got != 1 {
			t.Fatalf("red sees %d conflicts", got)
		}
		if got := len(h.blue.conflicts()); got != 0 {
			t.Errorf("blue is told of %d conflicts", got)
		}
		if v := h.blue.site("blue", "b-1"); v.State != notice.Overdue || !v.ByOfficer {
			t.Errorf("blue sees %s, by an officer %t", v.State, v.ByOfficer)
		}
		if a := h.red.alarmOf("conflict"); a == nil {
			t.Error("red is not alarmed")
		}
	})
}
