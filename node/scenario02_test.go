package node

import (
	"strings"
	"testing"
	"time"

	"parley/geo4d"
	"parley/internal/testnet"
	"parley/node/body"
	"parley/node/picture"
	"parley/notice"
)

// airfield is an area of 1.5 km round a point, whose words name an airfield.
func airfield(lonDeg, latDeg float64, start, end string) notice.Notice {
	from, _ := time.Parse(time.RFC3339, start)
	until, _ := time.Parse(time.RFC3339, end)
	return notice.Notice{ID: "b-1", Kind: notice.Area, Title: "keep clear", Place: "Deir ez-Zor airfield", Contact: "+00 2222",
		Volumes: []geo4d.Volume{{Shape: geo4d.Circle{Center: geo4d.Position{LonDeg: lonDeg, LatDeg: latDeg}, RadiusM: 1500}, Window: geo4d.Window{Start: from, End: until}}}}
}

// TestScenario02WrongPlaceAbsentContact: a notice whose words name an airfield and whose point is 9 km
// off is delivered, and doubted at both desks at once; the officer who sees the error calls a hold
// while the usual contact is away, and neither waits for him: the hold goes on at 2, 4 and 6 minutes,
// whoever is there takes it, and it lapses loudly where nobody reviews it.
func TestScenario02WrongPlaceAbsentContact(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w, red, blue := scenarioWorld(t, "2016-09-17T13:50:00Z", nil)
		ctx := t.Context()
		contact := Officer{Name: "the usual contact", Role: "duty"}
		w.at("13:55:00")
		if _, err := blue.Present(ctx, contact); err != nil {
			t.Fatal(err)
		}
		w.at("14:00:00")
		f := blue.files(airfield(40.1408, 35.417, "2016-09-17T14:55:00Z", "2016-09-17T16:00:00Z"))
		reads(t, "blue is warned when it files", warned(f.Notice.Warnings, notice.WarnPlace), "Deir ez-Zor lies 7.", "km from the volume")
		w.both(time.Second, "blue", "b-1", 1)
		for _, e := range w.ends {
			n := e.held("blue", "b-1")
			reads(t, e.party+" shows the warning", warned(n.Warnings, notice.WarnPlace), "Deir ez-Zor lies 7.")
			reads(t, e.party+" shows the place", strings.Join(n.Echo, "\n"), "9 km (5 NM) north of Deir ez-Zor")
			if n.Lead.DeliveredS == nil || *n.Lead.DeliveredS != 55*60 || n.Lead.Grade != "late" {
				t.Errorf("%s has the lead %+v", e.party, n.Lead)
			}
		}
		w.alarmed("name-and-place", "blue area b-1", "its words and its place do not agree", "is the place right?")
		w.alarmedSince("name-and-place", "14:00:00")
		w.alarmed("late", "delivered 55 min before its start")

		// Red's officer has the place on his own map, and a restart in between.
		red.crash(0)
		red.open()
		w.within(20*time.Second, "both may sign", w.unready)
		w.at("14:01:00")
		w.alarmed("name-and-place", "Deir ez-Zor lies 7.")
		if _, err := red.Receive(ctx, ana, "", "b-1", ""); err != nil {
			t.Fatal(err)
		}
		own := unchecked(spoken(red, "b-1"), "35 degrees 25", "35 degrees 20")
		if _, err := red.ReadBack(ctx, ana, "", "b-1", body.FromMap, own); err != nil {
			t.Fatal(err)
		}
		w.alarmed("read-back-differs", "otherwise than told", "settle by voice")

		// The contact leaves; it goes on, and red calls a hold.
		w.at("14:10:00")
		if _, err := blue.Leave(ctx, contact); err != nil {
			t.Fatal(err)
		}
		w.at("14:10:01")
		w.alarmed("desk-unmanned")
		called := w.at("14:25:00")
		c, err := red.Call(ctx, ana, "", Calling{Type: "hold", About: "b-1", Words: Words{Text: "the place is wrong: it is not the airfield", Language: "en"}})
		if err != nil {
			t.Fatal(err)
		}
		w.at("14:25:01")
		if a := blue.alarmOf("hold"); a == nil || a.Level != actNow || !a.Since.Equal(called) || !a.Due.Equal(called.Add(2*time.Minute)) {
			t.Errorf("blue, a second after: %+v", a)
		} else {
			reads(t, "blue's desk", a.Text, "HOLD: stop and call", "from red", "the place is wrong")
		}
		w.at("14:26:59")
		w.quiet("hold-unanswered")
		for _, step := range []struct{ at, to, acts string }{
			{"14:27:01", "second channel", "second channel: blue blue-second"},
			{"14:29:01", "supervisor", "supervisor of blue blue-supervisor, supervisor of red red-supervisor"},
			{"14:31:01", "observers", "observers: mission mission-duty; tell the principals: principals of red red-principals, principals of blue blue-principals"},
		} {
			if step.to == "supervisor" { // blue's node fails meanwhile
				blue.crash(50)
				blue.open()
				w.within(20*time.Second, "both may sign", w.unready)
			}
			w.at(step.at)
			w.alarmed("hold-unanswered", "not answered by blue in time (due 14:27:00Z)", step.acts)
			w.alarmedSince("hold-unanswered", "14:27:00")
			for _, e := range w.ends {
				if x := e.one(c.Entry); x.State != "open" || x.Escalated != step.to {
					t.Errorf("%s at %s: %s, gone to %q", e.party, step.at, x.State, x.Escalated)
				}
			}
		}

		// Not the contact: whoever is there.
		w.at("14:31:30")
		if _, err := blue.Receive(ctx, boris, "", c.Entry, ""); err != nil {
			t.Fatal(err)
		}
		if _, err := blue.Answer(ctx, boris, "", Answering{Call: c.Entry, Word: "holding"}); err != nil {
			t.Fatal(err)
		}
		w.at("14:31:31")
		w.stands(c.Entry, "holding")
		w.quiet("hold-unanswered")
		for _, e := range w.ends {
			if x := e.one(c.Entry); len(x.Received) != 1 || x.Received[0].Officer != "Boris" || len(x.Answers) != 1 || !x.Answers[0].Time.Equal(called.Add(6*time.Minute+30*time.Second)) {
				t.Errorf("%s: taken %+v, answered %+v", e.party, x.Received, x.Answers)
			}
		}

		// Nobody reviews it: both are alarmed at the second, and the hold stands.
		w.at("14:54:59")
		w.quiet("hold-lapsed")
		w.at("14:55:01")
		w.stands(c.Entry, "lapsed")
		w.alarmed("hold-lapsed", "passed at 14:55:00Z", "the hold stands until red lifts it", "silence does not end it")
		w.alarmedSince("hold-lapsed", called.Add(picture.DefaultReview).Format("15:04:05"))

		// What blue meant, and the hold is lifted.
		w.at("14:56:00")
		f = blue.amends(airfield(40.1758, 35.2854, "2016-09-17T15:30:00Z", "2016-09-17T16:00:00Z"))
		if text := warned(f.Notice.Warnings, notice.WarnPlace); text != "" {
			t.Errorf("the right place: %s", text)
		}
		w.both(time.Second, "blue", "b-1", 2)
		w.quietAtBoth("name-and-place", "read-back-differs")
		if _, err := red.Lift(ctx, ana, "", c.Entry, Words{Text: "the place is right now", Language: "en"}); err != nil {
			t.Fatal(err)
		}
		w.at("14:56:01")
		w.stands(c.Entry, "lifted")
		w.quietAtBoth("hold", "hold-lapsed", "hold-stands")
		w.finish()
	})
}
