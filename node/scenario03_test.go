package node

import (
	"testing"
	"time"

	"parley/agreement"
	"parley/internal/testnet"
	"parley/node/body"
	"parley/notice"
)

// allShown lets blue show the whole of its movements and sites.
func allShown(terms *agreement.Terms) {
	terms.Parties[1].Disclosure.Movement, terms.Parties[1].Disclosure.Site = agreement.Full, agreement.Full
}

// TestScenario03ConvoyAt22Local: a convoy at 22:00 local is received and read back by a liaison officer
// and never relayed: both desks see it from its fifth minute on, and NOT CONFIRMED half an hour before
// the start. Its markings are doubted for the night. It waits, is relayed and confirmed, changes its
// route after unloading, which is relayed anew, and is overdue at both when its end is not said.
func TestScenario03ConvoyAt22Local(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w, red, blue := scenarioWorld(t, "2024-04-01T14:50:00Z", allShown)
		ctx := t.Context()
		leg := func(id, line, start, end, markings string) string {
			return `{"type": "Feature", "id": "` + id + `", "geometry": {"type": "LineString", "coordinates": ` + line + `}, "properties": {
				"kind": "movement", "notice": "c-1", "title": "food", "contact": "+00 2222", "half_width_m": 100, "speed_mps": 10, "humanitarian": true,
				"markings": "` + markings + `", "start": "2024-04-01T` + start + `+03:00", "end": "2024-04-01T` + end + `+03:00"}}`
		}
		route := func(legs ...string) notice.Notice {
			all := `{"type": "FeatureCollection", "features": [`
			for i, l := range legs {
				all += []string{"", ","}[min(i, 1)] + l
			}
			n, refused := planned(t, all+"]}")
			if refused != "" {
				t.Fatal(refused)
			}
			n.Version = 0 // the next
			return n
		}
		const in, out = "[[34.30, 31.39], [34.33, 31.42], [34.35, 31.45]]", "[[34.35, 31.45], [34.32, 31.43], [34.29, 31.40]]"

		w.at("15:00:00")
		f := blue.files(route(leg("1", in, "22:00:00", "23:30:00", "emblem on the roofs")))
		reads(t, "blue is warned when it files", warned(f.Notice.Warnings, notice.WarnNight), "it is night there at 2024-04-01T19:00", "emblem on the roofs")
		w.both(time.Second, "blue", "c-1", 1)
		reads(t, "red's desk", warned(red.held("blue", "c-1").Warnings, notice.WarnNight), "say how the movement is seen in the dark")
		for _, e := range w.ends {
			if n := e.held("blue", "c-1"); !n.Start.Equal(time.Date(2024, 4, 1, 19, 0, 0, 0, time.UTC)) || n.Lead.DeliveredS == nil || *n.Lead.DeliveredS != 4*3600 || n.Lead.Grade != "late" {
				t.Errorf("%s: start %s, lead %+v", e.party, n.Start, n.Lead)
			}
		}

		// The liaison officer has it, and it stays with him.
		w.at("15:01:00")
		if _, err := red.Receive(ctx, ana, "", "c-1", ""); err != nil {
			t.Fatal(err)
		}
		if _, err := red.ReadBack(ctx, ana, "", "c-1", body.FromMap, unchecked(spoken(red, "c-1"), "", "")); err != nil {
			t.Fatal(err)
		}
		w.see("c-1", "delivered done, received done, read back done, relayed owed, unit confirmed owed")
		w.at("15:04:59")
		w.quiet("not-relayed")
		for _, step := range []struct{ at, acts string }{
			{"15:05:01", "second channel: red red-second"}, {"15:10:01", "supervisor of red red-supervisor, supervisor of blue blue-supervisor"}, {"15:15:01", "observers: mission mission-duty"},
		} {
			w.at(step.at)
			w.alarmed("not-relayed", "blue movement c-1: not relayed by red in time (due 15:05:00Z)", step.acts)
			w.alarmedSince("not-relayed", "15:05:00")
		}
		for _, e := range w.ends {
			e.crash(0)
			e.open()
		}
		w.within(20*time.Second, "both may sign", w.unready)
		w.at("18:29:59")
		w.see("c-1", "delivered done, received done, read back done, relayed missed observers, unit confirmed owed")
		w.quiet("not-confirmed")
		w.at("18:30:01")
		w.alarmed("not-confirmed", "NOT CONFIRMED by a unit of red in time (due 18:30:00Z)", "second channel: red red-second")
		w.alarmedSince("not-confirmed", "18:30:00")
		w.at("18:45:01")
		w.alarmed("not-confirmed", "supervisor of red red-supervisor")
		if a := blue.alarmOf("not-confirmed"); a.Level != actNow {
			t.Errorf("a quarter of an hour before the start the convoy's own desk has level %d", a.Level)
		}

		// It waits half an hour, and says how it is seen.
		w.at("18:50:00")
		f = blue.amends(route(leg("1", in, "22:30:00", "23:40:00", "white, lit from the cabs")))
		if text := warned(f.Notice.Warnings, notice.WarnNight); text != "" {
			t.Errorf("lit: %s", text)
		}
		w.both(time.Second, "blue", "c-1", 2)
		w.quiet("not-confirmed")
		w.see("c-1", "delivered done, received owed, relayed owed, unit confirmed owed")
		climb := func(at string) {
			t.Helper()
			w.at(at)
			_, err := red.Receive(ctx, boris, "", "c-1", "")
			if err == nil {
				_, err = red.ReadBack(ctx, boris, "", "c-1", body.FromMap, unchecked(spoken(red, "c-1"), "", ""))
			}
			if err == nil {
				_, err = red.Relay(ctx, boris, "", "c-1", "crew on duty", "radio", "")
			}
			if err == nil {
				_, err = red.UnitWord(ctx, boris, "", "c-1", "crew on duty", false, "")
			}
			if err != nil {
				t.Fatal(err)
			}
			w.see("c-1", "delivered done, received done, read back done, relayed done, unit confirmed done")
			w.quietAtBoth("not-relayed", "not-received", "not-confirmed")
		}
		climb("18:51:00")
		w.at("19:30:00")
		if _, err := blue.SetState(ctx, duty, "", "c-1", notice.Activate, ""); err != nil {
			t.Fatal(err)
		}

		// After unloading it goes another way: what was confirmed does not stand for that.
		w.at("20:15:00")
		blue.amends(route(leg("1", in, "22:30:00", "23:40:00", "white, lit from the cabs"), leg("2", out, "23:15:00", "23:59:00", "white, lit from the cabs")))
		w.both(time.Second, "blue", "c-1", 3)
		w.see("c-1", "delivered done, received owed, relayed owed, unit confirmed owed")
		red.crash(50)
		red.open()
		w.within(20*time.Second, "both may sign", w.unready)
		w.at("20:17:01")
		w.alarmed("not-received", "not received by red in time (due 20:17:00Z)")
		w.at("20:20:01")
		w.alarmed("not-confirmed", "NOT CONFIRMED by a unit of red in time (due 20:20:00Z)")
		climb("20:21:00")
		for _, e := range w.ends {
			if n := e.held("blue", "c-1"); n.State != notice.Active || n.Version != 3 {
				t.Errorf("%s: %s, version %d", e.party, n.State, n.Version)
			}
		}

		// Nobody says that it arrived.
		w.at("20:58:59")
		w.quiet("overdue")
		w.at("20:59:01")
		w.alarmed("overdue", "overdue since 20:59Z", "stays in the picture and grows")
		w.alarmedSince("overdue", "20:59:00")
		w.at("21:10:00")
		if _, err := blue.SetState(ctx, duty, "", "c-1", notice.End, "all are back"); err != nil {
			t.Fatal(err)
		}
		w.at("21:10:01")
		w.quietAtBoth("overdue", "not-relayed", "not-confirmed")
		w.finish()
	})
}
