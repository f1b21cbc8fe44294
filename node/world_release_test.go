package node

import (
	"strings"
	"testing"
	"time"

	"parley/agreement"
	"parley/fault"
	"parley/node/view"
	"parley/notice"
)

// TestReleaseByTwo: a cancellation is said once a second officer released it, also after a restart in
// between, and both names are at both sides; refused or not decided in time, nothing is said; hold and
// distress never wait.
func TestReleaseByTwo(t *testing.T) {
	inWorld(t, func(terms *agreement.Terms) { dutyTerms(terms); terms.TwoPersons = agreement.Actions() }, func(t *testing.T, w *world, red, blue *end) {
		ctx := t.Context()
		for _, id := range []string{"red-1", "red-2", "red-3"} {
			red.say(flight(id, 35, 35, 3*time.Hour, time.Hour), false)
		}
		cancel := func(id string) *view.Release {
			t.Helper()
			f, err := red.SetState(ctx, ana, "", id, notice.Cancel, "weather")
			if err != nil || f.Release == nil || f.Notice.State != notice.Planned || f.Release.PreparedBy != "Ana" || f.Release.Expires.Sub(f.Release.Prepared) != time.Hour {
				t.Fatalf("%s: %+v, %v", id, f, err)
			}
			return f.Release
		}
		sizes := func() [2]int64 { return [2]int64{red.line().OwnSize, blue.line().OwnSize} }
		before := sizes()
		one := cancel("red-1")
		if a := red.alarmOf("release"); a == nil || !strings.Contains(a.Text, "Ana prepared: cancellation for red-1; another officer") || !a.Due.Equal(one.Expires) || blue.alarmOf("release") != nil {
			t.Errorf("alarm: %+v", a)
		}
		if _, err := red.GiveRelease(ctx, Officer{"ANA", "supervisor"}, one.ID); !fault.Is(err, fault.Denied) {
			t.Errorf("released by who prepared it: %v", err)
		}
		if _, err := red.GiveRelease(ctx, Officer{"Otto", "observer"}, one.ID); !fault.Is(err, fault.Denied) {
			t.Errorf("released by an observer: %v", err)
		}
		if _, err := red.SetState(ctx, boris, "", "red-1", notice.Cancel, ""); !fault.Is(err, fault.Mismatch) {
			t.Errorf("prepared twice: %v", err)
		}
		red.halt()
		time.Sleep(10 * time.Minute)
		red.open()
		w.within(time.Minute, "both may sign", w.unready)
		if sizes() != before {
			t.Error("something was said before it was released")
		}
		if list, err := red.Releases(ctx, false); err != nil || len(list) != 1 || list[0].Text != one.Text || list[0].State != one.State || list[0].ID != one.ID {
			t.Fatalf("after a restart: %+v, %v", list, err)
		}
		if r, err := red.GiveRelease(ctx, boris, one.ID); err != nil || r.State != view.ReleaseReleased || r.DecidedBy != "Boris" {
			t.Fatalf("%+v, %v", r, err)
		}
		if v := w.told("red", "red-1"); v.State != notice.Cancelled {
			t.Errorf("released: %+v", v)
		}
		for _, e := range w.ends {
			log, _, err := e.Log(ctx, LogFilter{Kind: "notice.state"})
			if err != nil || len(log) != 1 || string(log[0].Fields["officer"]) != `"Ana"` || string(log[0].Fields["released_by"]) != `"Boris"` {
				t.Errorf("%s: %+v, %v", e.party, log, err)
			}
			if ev := e.eventWith("red says of red-1: cancelled, released by Boris"); ev == nil {
				t.Errorf("%s: no event names who released it", e.party)
			}
		}
		if _, err := red.GiveRelease(ctx, chief, one.ID); !fault.Is(err, fault.Mismatch) {
			t.Errorf("released twice: %v", err)
		}

		// It is for the version that was prepared; refused and lapsed, nothing is said.
		two := cancel("red-2")
		if _, err := red.Amend(ctx, ana, "", flight("red-2", 35, 35, 3*time.Hour, 2*time.Hour), false); err != nil {
			t.Fatal(err)
		}
		if _, err := red.GiveRelease(ctx, boris, two.ID); !fault.Is(err, fault.Mismatch) {
			t.Errorf("released for another version: %v", err)
		}
		if r, err := red.RefuseRelease(ctx, boris, two.ID, "it flies after all"); err != nil || r.State != view.ReleaseRefused {
			t.Errorf("%+v, %v", r, err)
		}
		three := cancel("red-3")
		time.Sleep(time.Until(three.Expires))
		if _, err := red.GiveRelease(ctx, boris, three.ID); !fault.Is(err, fault.Mismatch) {
			t.Errorf("released too late: %v", err)
		}
		time.Sleep(2 * time.Second)
		if red.eventWith("cancel flight red-3, version 1: lapsed") == nil || red.alarmOf("release") != nil {
			t.Error("the lapse is not told, or an alarm stays")
		}
		for _, id := range []string{"red-2", "red-3"} {
			if v := w.told("red", id); v.State != notice.Planned {
				t.Errorf("%s: %+v", id, v)
			}
		}
		if all, err := red.Releases(ctx, true); err != nil || len(all) != 3 || all[0].State != view.ReleaseLapsed || all[1].State != view.ReleaseRefused || all[2].State != view.ReleaseReleased {
			t.Errorf("all: %+v, %v", all, err)
		}

		// What is said of what took place, and what is urgent, needs nobody else.
		start := flight("red-4", 80, 35, time.Minute, time.Hour)
		red.say(start, false)
		if f, err := red.SetState(ctx, ana, "", "red-4", notice.Activate, ""); err != nil || f.Release != nil {
			t.Errorf("activated: %+v, %v", f, err)
		}
		if f, err := red.SetState(ctx, ana, "", "red-4", notice.End, "back already"); err != nil || f.Release == nil {
			t.Errorf("ended before its start: %+v, %v", f, err)
		}
		time.Sleep(2 * time.Minute)
		if _, err := red.RefuseRelease(ctx, ana, "4", "it has begun by now"); err != nil {
			t.Error(err)
		}
		if f, err := red.SetState(ctx, ana, "", "red-4", notice.End, "landed"); err != nil || f.Release != nil || f.Notice.State != notice.Ended {
			t.Errorf("landed: %+v, %v", f, err)
		}
		for _, kind := range []string{"hold", "distress"} {
			if c, err := red.Call(ctx, ana, "", calling(kind, "now")); err != nil || c.State != "open" {
				t.Errorf("%s: %+v, %v", kind, c, err)
			}
		}
	})
}

// TestAgreementByTwo: a new version of the agreement goes on the line once a supervisor released it.
func TestAgreementByTwo(t *testing.T) {
	inWorld(t, func(terms *agreement.Terms) {
		terms.TwoPersons = []agreement.Action{agreement.ActionDisclosure, agreement.ActionKeyChange}
	}, func(t *testing.T, w *world, red, blue *end) {
		ctx := t.Context()
		next := func(change func(*agreement.Terms)) []byte {
			t.Helper()
			have := red.order[0].newest()
			terms := agreement.Supersede(have, have.Terms)
			change(&terms)
			note, err := agreement.Sign(terms, "red", red.keys.party)
			if err == nil {
				note, err = agreement.Cosign(note, "blue", blue.keys.party)
			}
			if err != nil {
				t.Fatal(err)
			}
			return note
		}
		if _, err := red.Propose(ctx, chief, "", next(func(terms *agreement.Terms) { terms.Title = "another" })); err != nil {
			t.Fatal(err)
		}
		w.within(time.Minute, "a title takes one", is(func() bool { return blue.line().Version == 2 && red.line().Version == 2 }))
		shown := next(func(terms *agreement.Terms) { terms.Parties[0].Disclosure.Flight = agreement.Alert })
		if _, err := red.Propose(ctx, chief, "", shown); err != nil {
			t.Fatal(err)
		}
		list := red.line().Releases
		if len(list) != 1 || list[0].Action != "disclosure-change" || !strings.Contains(list[0].Text, "version 3 of the agreement with blue") || red.line().Version != 2 {
			t.Fatalf("waits: %+v", list)
		}
		red.halt()
		red.open()
		w.within(time.Minute, "both may sign", w.unready)
		if _, err := red.GiveRelease(ctx, boris, "1"); !fault.Is(err, fault.Denied) {
			t.Errorf("a duty officer released an agreement: %v", err)
		}
		if _, err := red.GiveRelease(ctx, Officer{"Second", "supervisor"}, "1"); err != nil {
			t.Fatal(err)
		}
		w.within(time.Minute, "it is in force at both", is(func() bool { return blue.line().Version == 3 && red.line().Version == 3 }))
		log, _, err := blue.Log(ctx, LogFilter{Kind: "agreement"})
		if err != nil || len(log) != 2 || string(log[1].Fields["released_by"]) != `"Second"` || string(log[1].Fields["officer"]) != `"Chief"` {
			t.Errorf("blue's log: %+v, %v", log, err)
		}
	})
}

// told waits until what was said is at both and returns a notice as red shows it.
func (w *world) told(party, id string) view.Notice {
	w.t.Helper()
	w.within(time.Minute, "what was said is at both", w.settled)
	return w.shown(party, id)
}

// eventWith returns the newest event with a text in it, or nil.
func (e *end) eventWith(text string) *view.Event {
	events, _, _ := e.feed.after(0)
	for i := len(events) - 1; i >= 0; i-- {
		if strings.Contains(events[i].Text, text) {
			return &events[i]
		}
	}
	return nil
}

// TestSaidAndNotNoted: a node that stopped between saying a command and noting its release finds it on the
// record, whoever is asked next, and nobody says it twice or refuses it.
func TestSaidAndNotNoted(t *testing.T) {
	inWorld(t, func(terms *agreement.Terms) { dutyTerms(terms); terms.TwoPersons = agreement.Actions() }, func(t *testing.T, w *world, red, blue *end) {
		ctx := t.Context()
		said := func(subject string) {
			t.Helper()
			all := taken(red.Releases(ctx, true))
			if all[0].State != view.ReleaseReleased || all[0].DecidedBy != "Boris" || all[0].Subject != subject {
				t.Errorf("%+v", all[0])
			}
			if a := red.alarmOf("release"); a != nil {
				t.Errorf("alarm: %+v", a)
			}
		}
		restart := func() {
			t.Helper()
			red.halt()
			time.Sleep(2 * time.Hour) // longer than a command may wait
			red.open()
			w.within(time.Minute, "both may sign", w.unready)
		}
		red.say(flight("red-1", 35, 35, 30*time.Hour, time.Hour), false)
		red.say(flight("red-2", 80, 35, 30*time.Hour, time.Hour), false)
		taken(red.SetState(ctx, ana, "", "red-1", notice.Cancel, "weather"))
		taken(red.setState(ctx, ana, "", "red-1", notice.Cancel, "weather", &releaser{boris, 1}))
		restart()
		said("red-1")

		note := red.signs(w.stating("", "The joint team", "It meets.", nil))
		put := taken(red.PutStatement(ctx, ana, "", note))
		taken(red.putStatement(ctx, ana, "", note, &releaser{Officer: boris}))
		if _, err := red.RefuseRelease(ctx, chief, put.Release.ID, "no"); !fault.Is(err, fault.Mismatch) {
			t.Errorf("refused what was said: %v", err)
		}
		said(put.Release.Subject)

		next := agreement.Supersede(red.order[0].newest(), red.order[0].newest().Terms)
		next.Title = "another"
		signed := taken(agreement.Sign(next, "red", red.keys.party))
		r := taken(red.Propose(ctx, ana, "", signed))
		taken(red.propose(ctx, ana, "", signed, &releaser{Officer: boris}))
		restart()
		said(r.Subject)

		// Another's cancellation is no release of this one.
		taken(red.SetState(ctx, ana, "", "red-2", notice.Cancel, "weather"))
		red.halt()
		red.open()
		w.within(time.Minute, "both may sign", w.unready)
		if list := taken(red.Releases(ctx, false)); len(list) != 1 || list[0].Subject != "red-2" {
			t.Errorf("waits: %+v", list)
		}
	})
}
