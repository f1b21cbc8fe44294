package node

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/agreement"
	"parley/geo4d"
	"parley/internal/testnet"
	"parley/node/body"
	"parley/notice"
)

// TestScenario09Wildfire: 20 min ahead a hazard is raised over a survey drone that was filed. It is
// late and a conflict within 5 s at both desks; the drone's party is shown the volume to keep clear of
// and no more; a hold is called, taken and lifted.
func TestScenario09Wildfire(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := ladderWorld(t, 9)
		ctx := t.Context()
		fire, drone := w.ends[0], w.ends[1]
		survey := flight("drone-7", 35, 35, 2*time.Hour, time.Hour)
		survey.Class = notice.SmallUncrewed
		survey.Volumes[0].Shape = geo4d.Circle{Center: geo4d.Position{LonDeg: 35, LatDeg: 35}, RadiusM: 300}
		survey.Volumes[0].Band = geo4d.Band{}
		if _, err := drone.File(ctx, duty, "", survey, false); err != nil {
			t.Fatal(err)
		}
		w.see("drone-7", "delivered done, received owed, relayed owed")
		if _, err := fire.Receive(ctx, ana, "", "drone-7", ""); err != nil {
			t.Fatal(err)
		}
		time.Sleep(90 * time.Minute)
		w.restart()
		hazard := area("fire-1", geo4d.Circle{Center: geo4d.Position{LonDeg: 35, LatDeg: 35}, RadiusM: 5000}, 20*time.Minute, 4*time.Hour) // the drone starts in 30
		hazard.Kind, hazard.Title, hazard.Contact = notice.Hazard, "tankers at work", "+00 1111"
		f, err := fire.File(ctx, duty, "", hazard, false)
		if err != nil || len(f.Conflicts) != 1 || f.Notice.Lead.Grade != string(agreement.Late) {
			t.Fatalf("hazard: %d conflicts, lead %q, %v", len(f.Conflicts), f.Notice.Lead.Grade, err)
		}
		raised, id := time.Now(), f.Conflicts[0].ID
		took := w.atBoth(5*time.Second, "late, and a conflict", func(e *end) string {
			late, c := e.alarmOf("late"), e.alarmOf("conflict")
			if late == nil || c == nil || !strings.Contains(late.Text, "late: delivered 20 min before its start") || e.conflicts()[id].State != "open" {
				return fmt.Sprintf("late %+v, conflict %+v, %+v", late, c, e.conflicts())
			}
			return ""
		})
		t.Logf("both desks have the conflict after %v", took)
		told, err := drone.Notice(ctx, "", "red", "fire-1")
		if err != nil || told.Body == nil || told.Hidden || !told.Start.Equal(hazard.Volumes[0].Window.Start) || !told.End.Equal(hazard.Volumes[0].Window.End) {
			t.Errorf("the drone's party has not what it must keep clear of: %+v, %v", told, err)
		}
		shown, err := notice.Unmarshal(told.Body)
		if err != nil || len(shown.Volumes) != 1 || shown.Volumes[0].Shape != hazard.Volumes[0].Shape {
			t.Errorf("the volume shown: %+v, %v", shown.Volumes, err)
		}
		drone.told("red", "tankers", "1111")

		w.restart()
		w.state(id, "open")
		hold, err := fire.Call(ctx, duty, "", Calling{Type: "hold", About: "drone-7", Words: Words{Text: "hold your drone on the ground", Language: "en"}})
		if err != nil {
			t.Fatal(err)
		}
		w.within(time.Second, "the hold alarms", is(func() bool {
			a := drone.alarmOf("hold")
			return a != nil && a.Level == actNow && strings.HasPrefix(a.Text, "HOLD: stop and call from red")
		}))
		if _, err := drone.Answer(ctx, duty, "", Answering{Call: hold.Entry, Word: "holding"}); err != nil {
			t.Fatal(err)
		}
		w.stands(hold.Entry, "holding")
		if _, err := drone.SetState(ctx, duty, "", "drone-7", notice.Cancel, "fire"); err != nil {
			t.Fatal(err)
		}
		w.state(id, "withdrawn")
		w.quiet("conflict")
		if before := time.Until(hazard.Volumes[0].Window.Start); before < 15*time.Minute || time.Since(raised) > 5*time.Minute {
			t.Errorf("settled %v before the start", before)
		}
		if _, err := fire.Lift(ctx, duty, "", hold.Entry, Words{}); err != nil {
			t.Fatal(err)
		}
		w.stands(hold.Entry, "lifted")
		w.finish()
	})
}

// told fails unless a node holds of a party's notices no more than the agreement's level volume shows,
// and nowhere one of some words.
func (e *end) told(party string, never ...string) {
	e.w.t.Helper()
	list, _, err := e.Log(e.w.t.Context(), LogFilter{Party: party})
	if err != nil {
		e.w.t.Fatal(err)
	}
	var all strings.Builder
	for _, x := range list {
		for name, value := range x.Fields {
			fmt.Fprintf(&all, "%s: %s\n", name, value)
			if x.Kind == body.KindNotice && !slices.Contains(notice.VolumeNames(), name) {
				e.w.t.Errorf("%s is told %s: %s", e.party, name, value)
			}
		}
	}
	alarms, err := e.Alarms(e.w.t.Context())
	if err != nil {
		e.w.t.Fatal(err)
	}
	fmt.Fprintf(&all, "%+v\n%+v\n", e.notices(), alarms)
	for _, word := range never {
		if strings.Contains(all.String(), word) {
			e.w.t.Errorf("%s is told %q in %s", e.party, word, all.String())
		}
	}
}
