package node

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/agreement"
	"parley/geo4d"
	"parley/internal/testnet"
	"parley/node/body"
	"parley/notice"
	"parley/transcript"
)

// The evening of 17 September 2018 over north-western Syria, with a geometry that is only like it.
// Red is R, whose aircraft was lost, blue is S, who gave notice.
const (
	overIdlib   = `{"type": "Point", "coordinates": [36.63, 35.93]}, "radius": 25000`
	atDamascus  = `{"type": "Point", "coordinates": [36.51, 33.41]}, "radius": 25000`
	southToBase = `{"type": "LineString", "coordinates": [[36.63, 35.93], [36.1, 35.75], [35.6, 35.5], [35.95, 35.41]]}, "half": 9000`
	latakiaArea = `{"type": "Polygon", "coordinates": [[[35.60, 35.45], [35.95, 35.45], [35.95, 35.70], [35.60, 35.70], [35.60, 35.45]]]}`
)

// evening reads a notice of that evening, with times of day in UTC.
func evening(t *testing.T, kind, id, title, where, start, end, more string) notice.Notice {
	t.Helper()
	shape, size, _ := strings.Cut(where, `, "radius": `)
	if size != "" {
		more += `, "radius_m": ` + size
	}
	if shape, size, _ = strings.Cut(shape, `, "half": `); size != "" {
		more += `, "half_width_m": ` + size
	}
	n, refused := planned(t, fmt.Sprintf(`{"type": "Feature", "id": "f", "geometry": %s, "properties": {"kind": "%s", "notice": "%s", "title": "%s",
		"contact": "+00 0000", "start": "2018-09-17T%sZ", "end": "2018-09-17T%sZ"%s}}`, shape, kind, id, title, start, end, more))
	if refused != "" {
		t.Fatal(refused)
	}
	n.Version = 0 // the next
	return n
}

func overSyria(terms *agreement.Terms) { terms.Area.Shape = polygon(33, 32, 43, 32, 43, 38, 33, 38) }

// takes lets an officer receive a notice of the other party.
func (e *end) takes(id string) {
	e.w.t.Helper()
	if _, err := e.Receive(e.w.t.Context(), boris, "", id, ""); err != nil {
		e.w.t.Fatal(err)
	}
}

// tells says when a node first told of an alarm since it was opened.
func (e *end) tells(words string) time.Time {
	e.w.t.Helper()
	events, _, _ := e.feed.after(0)
	for _, x := range events {
		if x.Kind == "alarm" && strings.Contains(x.Text, words) {
			return x.Time
		}
	}
	e.w.t.Errorf("%s told of no alarm %q", e.party, words)
	return time.Time{}
}

// TestScenario01SeventeenSeptember plays the evening as it was, a minute of notice in words alone, to
// the loss and the record afterwards.
func TestScenario01SeventeenSeptember(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w, red, blue := scenarioWorld(t, "2018-09-17T17:25:00Z", overSyria)
		ctx := t.Context()

		w.at("17:31:00")
		red.files(evening(t, "flight", "r-1", "flight over Idlib", overIdlib, "17:31:00", "21:00:00", `, "persons": 14`))
		if _, err := red.SetState(ctx, duty, "", "r-1", notice.Activate, ""); err != nil {
			t.Fatal(err)
		}
		red.files(evening(t, "flight", "r-2", "transport", atDamascus, "18:00:00", "20:00:00", ""))
		red.files(evening(t, "flight", "r-3", "transport, later", atDamascus, "22:00:00", "23:00:00", ""))
		w.both(time.Second, "red", "r-3", 1)
		for _, id := range []string{"r-1", "r-2", "r-3"} {
			blue.takes(id)
		}

		// A minute ahead, in words.
		w.at("18:39:00")
		words := notice.Notice{ID: "s-1", Kind: notice.Area, Place: "northern Syria", Contact: "+00 2222",
			Window: geo4d.Window{Start: w.at("18:39:00").Add(time.Minute), End: w.at("18:39:00").Add(time.Hour)}}
		f := blue.files(words)
		if !f.Notice.Incomplete || f.Notice.HeldAs != "the whole area" || len(f.Conflicts) != 2 {
			t.Errorf("blue, at once: incomplete %t, held as %q, %d conflicts", f.Notice.Incomplete, f.Notice.HeldAs, len(f.Conflicts))
		}
		reads(t, "blue is warned when it files", warned(f.Notice.Warnings, notice.WarnIncomplete), "the place is only words")
		w.both(time.Second, "blue", "s-1", 1)
		time.Sleep(time.Second)
		for _, e := range w.ends {
			n := e.held("blue", "s-1")
			if n.Lead.DeliveredS == nil || *n.Lead.DeliveredS != 60 || n.Lead.Grade != "insufficient" || !n.Incomplete || !n.Delivered.Equal(words.Window.Start.Add(-time.Minute)) {
				t.Errorf("%s: lead %+v, incomplete %t, delivered %v", e.party, n.Lead, n.Incomplete, n.Delivered)
			}
			for id, want := range map[string]int{"r-1": 1, "r-2": 1, "r-3": 0} {
				if got := e.held("red", id); len(got.Conflicts) != want {
					t.Errorf("%s shows %d conflicts of %s", e.party, len(got.Conflicts), id)
				}
			}
		}
		w.alarmed("incomplete", `its place is only the words "northern Syria"`, "held as the whole area", "ask for area and positions", "whether units or third parties know is unknown")
		w.alarmed("late", "insufficient lead: delivered 60 s before its start")
		w.alarmed("conflict", "2 conflicts of s-1 (blue)")
		for _, words := range []string{"only the words", "insufficient lead", "s-1 (blue)"} {
			if at := red.tells(words); at.Sub(w.ends[0].held("blue", "s-1").Filed) > time.Second {
				t.Errorf("red told its desk of %q at %s", words, at)
			}
		}

		// R's desk takes it and asks.
		w.at("18:39:20")
		if _, err := red.Receive(ctx, ana, "", "s-1", ""); err != nil {
			t.Fatal(err)
		}
		q, err := red.Call(ctx, ana, "", Calling{Type: "query", About: "s-1", Words: Words{Text: "which area, and where are your aircraft?", Language: "en"}})
		if err != nil {
			t.Fatal(err)
		}
		w.at("18:39:21")
		if a := blue.alarmOf("query"); a == nil || !strings.Contains(a.Text, "which area") {
			t.Errorf("blue: %+v", a)
		}
		for _, e := range w.ends {
			if n := e.held("blue", "s-1"); n.Lead.ReceivedS == nil || *n.Lead.ReceivedS != 40 {
				t.Errorf("%s: the officer's lead is %+v", e.party, n.Lead)
			}
		}
		w.quiet("late")

		// R cannot know what to keep clear of, and orders its aircraft south; S says where, and that is there.
		w.at("18:40:00")
		red.amends(evening(t, "flight", "r-1", "ordered south", southToBase, "17:31:00", "21:00:00", `, "persons": 14`))
		w.both(time.Second, "red", "r-1", 2)
		w.at("18:41:00")
		f = blue.amends(evening(t, "area", "s-1", "Latakia", latakiaArea, "18:40:00", "19:40:00", ""))
		if f.Notice.Incomplete || len(f.Conflicts) != 1 || f.Conflicts[0].A.Notice != "r-1" {
			t.Fatalf("the correction: incomplete %t, %+v", f.Notice.Incomplete, f.Conflicts)
		}
		id := f.Conflicts[0].ID
		if _, err := blue.Answer(ctx, boris, "", Answering{Call: q.Entry, Words: Words{Text: "Latakia, as corrected", Language: "en"}}); err != nil {
			t.Fatal(err)
		}
		w.at("18:41:02")
		w.stands(q.Entry, "answered")
		w.state(id, "open")
		w.quiet("incomplete")
		w.alarmed("conflict", "r-1 (red) and s-1 (blue)")
		for _, e := range w.ends {
			c, err := e.Conflict(ctx, "", id)
			if err != nil || c.A.Version != 2 || c.B.Version != 2 || c.LateralM == nil || *c.LateralM != 0 || c.Coarse || len(c.Filed) < 2 {
				t.Errorf("%s has the conflict of the correction as %+v, %v", e.party, c, err)
			}
			if n := e.held("red", "r-2"); len(n.Conflicts) != 0 {
				t.Errorf("%s: the flight at Damascus is still said to be affected", e.party)
			}
		}

		// R takes it and proposes; S's node loses power; nobody there answers.
		w.at("18:42:00")
		if _, err := red.Own(ctx, ana, "", id); err != nil {
			t.Fatal(err)
		}
		o := best(t, red, id, "red", inSpace)
		if _, err := red.ProposeMove(ctx, ana, "", id, "red", o.Shift, "say that you keep to this area"); err != nil {
			t.Fatal(err)
		}
		w.state(id, "proposed")
		blue.crash(0)
		w.at("18:44:00")
		blue.open()
		w.within(20*time.Second, "both may sign", w.unready)
		w.state(id, "proposed")
		w.at("18:45:00")
		if a := blue.alarmOf("proposal"); a == nil || !strings.Contains(a.Text, "accept or refuse it") {
			t.Errorf("blue, after its restart: %+v", a)
		}

		w.distressOf17September(id)
		w.recordOf17September()
	})
}

// distressOf17September is the loss: both nodes fail about the call.
func (w *world) distressOf17September(conflict string) {
	t, ctx, red, blue := w.t, w.t.Context(), w.ends[0], w.ends[1]
	w.at("19:28:50")
	blue.crash(0)
	called := w.at("19:29:00")
	c, err := red.Call(ctx, ana, "", Calling{Type: "distress", About: "r-1", Words: Words{Text: "our aircraft is lost off Latakia", Language: "en"},
		Danger: body.Danger{Position: &body.Position{35.35, 35.53}, LastSeen: called.Add(-22 * time.Minute), Persons: 14, Nature: "lost from radar"}})
	if err != nil {
		t.Fatal(err)
	}
	red.crash(0)
	w.at("19:29:20")
	red.open()
	w.at("19:29:40")
	opened := time.Now()
	blue.open()
	w.within(20*time.Second, "blue's desk is alarmed", is(func() bool { return blue.alarmOf("distress") != nil }))
	t.Logf("distress at blue's desk %s after its node was opened", time.Since(opened))
	reads(t, "blue's desk", blue.alarmOf("distress").Text, "DISTRESS from red: our aircraft is lost off Latakia", "persons: 14", "last seen 19:07:00Z")
	if a := blue.alarmOf("distress"); a.Level != actNow || !a.Since.Equal(called) {
		t.Errorf("blue's alarm: %+v", a)
	}
	reads(t, "where that is", blue.one(c.Entry).Place, "Latakia, Syria")
	w.within(20*time.Second, "both may sign", w.unready)
	w.at("19:30:30")
	if _, err := blue.Receive(ctx, boris, "", c.Entry, ""); err != nil {
		t.Fatal(err)
	}
	said := func(at string, e *end, who Officer, text string) {
		t.Helper()
		w.at(at)
		if _, err := e.Answer(ctx, who, "", Answering{Call: c.Entry, Words: Words{Text: text, Language: "en"}}); err != nil {
			t.Fatal(err)
		}
	}
	said("19:57:00", blue, boris, "we can search with you")
	w.at("19:57:01")
	w.stands(c.Entry, "answered")
	if _, err := red.SetState(ctx, ana, "", "r-1", notice.End, "lost"); err != nil {
		t.Fatal(err)
	}
	w.within(time.Second, "the conflict is over at both", func() string {
		for _, e := range w.ends {
			if got := e.conflicts()[conflict].State; got != "expired" {
				return e.party + ": " + got
			}
		}
		return ""
	})
	// R's first word of the loss is put right, and stays.
	said("20:15:00", red, ana, "lost at about 23:00 local, a crew of 14")
	said("20:45:00", red, ana, "correction: lost at 22:07 local, that is 19:07Z, with 15 on board")
	if _, err := red.EndCall(ctx, ana, "", c.Entry, Words{Text: "the search goes on elsewhere", Language: "en"}); err != nil {
		t.Fatal(err)
	}
	w.at("20:45:01")
	w.stands(c.Entry, "ended")
	for _, e := range w.ends {
		x := e.one(c.Entry)
		if x.Persons != 14 || len(x.Answers) != 3 || !strings.Contains(x.Answers[1].Text, "23:00 local, a crew of 14") || !strings.Contains(x.Answers[2].Text, "15 on board") {
			t.Errorf("%s shows the call as %+v", e.party, x)
		}
	}
}

// recordOf17September reads what was disputed for years from either copy, without a node.
func (w *world) recordOf17September() {
	t := w.t
	w.finish()
	for _, e := range w.ends {
		c := e.copyOf()
		if !c.report.OK {
			t.Fatalf("%s's copy does not verify:\n%s", e.party, c.text)
		}
		reads(t, e.party+"'s copy", c.text, "delivered; held by red at 2018-09-17T18:39:00Z, by the clock of red")
		var versions, crew, words []string
		for _, x := range c.entries {
			switch {
			case x.kind == body.KindNotice && x.ref.Origin.Side == transcript.B:
				at, ok := c.report.Held(x.ref.Origin, x.ref.Seq)
				versions = append(versions, fmt.Sprint(x.fields["version"], " ", x.fields["place"], x.fields["title"], " held ", at.Format("15:04:05Z"), " ", ok))
			case x.kind == body.KindNotice && x.fields["id"] == `"r-1"`:
				crew = append(crew, x.fields["version"]+" "+x.fields["persons"])
			case x.kind == body.KindDistressAnswer && x.ref.Origin.Side == transcript.A:
				words = append(words, x.fields["text"])
			}
		}
		for what, got := range map[string][2]string{
			"what S said, and when R held it": {strings.Join(versions, "; "), `1 "northern Syria" held 18:39:00Z true; 2 "Latakia" held 18:41:00Z true`},
			"the crew that R filed":           {strings.Join(crew, "; "), "1 14; 2 14"},
			"what R said of the loss": {strings.Join(words, "; "),
				`"lost at about 23:00 local, a crew of 14"; "correction: lost at 22:07 local, that is 19:07Z, with 15 on board"`},
		} {
			if got[0] != got[1] {
				t.Errorf("%s's copy, %s: %s", e.party, what, got[0])
			}
		}
		if answer := c.answer(transcript.B, "s-1"); answer != `delivered 18:39:00Z, received by "Ana"` {
			t.Errorf("%s's copy on the first notice: %s", e.party, answer)
		}
	}
}

// TestScenario01HourAhead is the same evening with the area told an hour ahead, over a flight that R
// had filed: a conflict at once, and time to settle it.
func TestScenario01HourAhead(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w, red, blue := scenarioWorld(t, "2018-09-17T17:25:00Z", overSyria)
		ctx := t.Context()
		w.at("17:31:00")
		red.files(evening(t, "flight", "r-1", "flight to the airfield", southToBase, "18:20:00", "19:50:00", `, "persons": 15`))
		w.both(time.Second, "red", "r-1", 1)
		blue.takes("r-1")
		began := w.at("17:40:00")
		f := blue.files(evening(t, "area", "s-1", "Latakia", latakiaArea, "18:40:00", "19:40:00", ""))
		if len(f.Conflicts) != 1 {
			t.Fatalf("blue, at once: %d conflicts", len(f.Conflicts))
		}
		id := f.Conflicts[0].ID
		w.within(time.Second, "both desks have the conflict on the record, and their alarm", func() string {
			for _, e := range w.ends {
				if c := e.conflicts()[id]; c.State != "open" || len(c.Filed) != 1 || e.alarmOf("conflict") == nil {
					return fmt.Sprintf("%s: %+v", e.party, c)
				}
			}
			return w.differ()
		})
		t.Logf("at both desks %s after it was filed", time.Since(began))
		for _, e := range w.ends {
			if n := e.held("blue", "s-1"); n.Lead.Grade != "short" || *n.Lead.DeliveredS != 3600 || n.Incomplete || n.Coarse != "" {
				t.Errorf("%s: lead %+v, incomplete %t, coarse %q", e.party, n.Lead, n.Incomplete, n.Coarse)
			}
		}
		w.quietAtBoth("late", "incomplete", "coarse")

		w.at("17:42:00")
		if _, err := red.Receive(ctx, ana, "", "s-1", ""); err != nil {
			t.Fatal(err)
		}
		if _, err := red.Own(ctx, ana, "", id); err != nil {
			t.Fatal(err)
		}
		o := best(t, red, id, "red", inTime)
		if _, err := red.ProposeMove(ctx, ana, "", id, "red", o.Shift, "we wait"); err != nil {
			t.Fatal(err)
		}
		w.state(id, "proposed")
		for _, e := range w.ends {
			e.crash(0)
			e.open()
		}
		w.within(20*time.Second, "both may sign", w.unready)
		w.at("17:44:00")
		if _, err := blue.ReplyToMove(ctx, boris, "", id, true, ""); err != nil {
			t.Fatal(err)
		}
		w.within(time.Second, "red is told to apply it", is(func() bool { return red.alarmOf("to-apply") != nil }))
		if _, err := red.ApplyMove(ctx, ana, "", id); err != nil {
			t.Fatal(err)
		}
		w.at("17:44:02")
		w.state(id, "separated")
		for _, e := range w.ends {
			c, err := e.Conflict(ctx, "", id)
			if err != nil || strings.Join(c.SeparatedBy, " ") != "time" || len(c.Proposals) != 1 || c.Proposals[0].State != "accepted" {
				t.Errorf("%s has it settled as %+v, %v", e.party, c, err)
			}
			if r, s := e.held("red", "r-1"), e.held("blue", "s-1"); r.Start.Sub(s.End) < 10*time.Minute && s.Start.Sub(r.End) < 10*time.Minute {
				t.Errorf("%s: %s to %s, and %s to %s", e.party, r.Start, r.End, s.Start, s.End)
			}
		}
		w.quietAtBoth("conflict", "proposal", "to-apply")
		w.finish()
	})
}
