package node

import (
	"errors"
	"strings"
	"testing"
	"time"

	"parley/fault"
	"parley/internal/testnet"
	"parley/node/view"
	"parley/review"
)

func (e *end) reviews() map[string]view.JointReview {
	e.w.t.Helper()
	out := map[string]view.JointReview{}
	for _, kind := range []string{review.KindIncident, review.KindTeam} {
		list, err := e.Reviews(e.w.t.Context(), kind, "", "")
		if err != nil {
			e.w.t.Fatal(err)
		}
		for _, r := range list {
			r.Own = false
			out[r.Entry] = r
		}
	}
	return out
}

// bothReview waits until both nodes show the same of a review, and that it is as looks says.
func (w *world) bothReview(entry, what string, looks func(view.JointReview) bool) view.JointReview {
	w.t.Helper()
	w.within(time.Minute, "both: "+what, func() string {
		for _, e := range w.ends {
			r, ok := e.reviews()[entry]
			if !ok || !looks(r) {
				return e.party + " has it as " + show(r)
			}
		}
		return w.differ()
	})
	return w.ends[0].reviews()[entry]
}

func standings(r view.JointReview) string {
	var out []string
	for _, x := range r.Items {
		out = append(out, x.Standing)
	}
	return strings.Join(out, " ")
}

// TestIncidentOverARestart: both sides add items and answers while the line is cut and nodes lose power,
// and end with the same incident.
func TestIncidentOverARestart(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := ladderWorld(t, 5)
		ctx, red, blue := t.Context(), w.ends[0], w.ends[1]
		now := time.Now()
		if _, err := red.Present(ctx, ana); err != nil {
			t.Fatal(err)
		}
		item := func(text, clock string) Itemizing {
			return Itemizing{Text: text, From: now.Add(-time.Hour), Clock: clock}
		}
		inc, err := red.OpenIncident(ctx, ana, "", Opening{Title: "two trucks met", From: now.Add(-2 * time.Hour), Until: now})
		if err != nil {
			t.Fatal(err)
		}
		w.bothReview(inc.Entry, "open", func(r view.JointReview) bool { return r.State == "open" && r.Title == "two trucks met" })
		if a := blue.alarmOf("review-opened"); a == nil || !strings.Contains(a.Text, "red opened incident") || red.alarmOf("review-opened") != nil {
			t.Errorf("blue is told %+v", a)
		}
		add := func(e *end, who Officer, in Itemizing) view.JointReview {
			t.Helper()
			if in.Of = inc.Entry; in.InsteadOf != "" {
				in.Of = ""
			}
			r, err := e.AddItem(ctx, who, "", in)
			return must(t, r, err)
		}
		w.net.SetCut(true)
		add(red, ana, item("a truck of red is at the ford", "red"))
		add(blue, boris, item("a truck of blue waits at the ford", "blue"))
		w.net.SetCut(false)
		r := w.bothReview(inc.Entry, "both items", func(r view.JointReview) bool { return standings(r) == "one-sided one-sided" })
		of := map[string]string{}
		for _, x := range r.Items {
			of[x.Party] = x.Entry
		}
		answer := func(e *end, who Officer, entry, word, text string) {
			t.Helper()
			if _, err := e.AnswerInReview(ctx, who, "", entry, word, text, nil); err != nil {
				t.Fatal(err)
			}
		}
		answer(blue, boris, of["red"], review.Agree, "")
		blue.crash(0)
		answer(red, ana, of["blue"], review.Dispute, "it was on the move")
		blue.open()
		w.within(20*time.Second, "both may sign", w.unready)
		w.bothReview(inc.Entry, "agreed and disputed", func(r view.JointReview) bool {
			return strings.Contains(standings(r), "agreed") && strings.Contains(standings(r), "disputed") && blue.alarmOf("review-opened") == nil
		})
		// An amended item needs a new answer, and the old version stays.
		amended := item("a truck of red is at the ford, and two cars", "red")
		amended.InsteadOf = of["red"]
		add(red, ana, amended)
		r = w.bothReview(inc.Entry, "amended", func(r view.JointReview) bool { return !strings.Contains(" "+standings(r), " agreed") })
		for _, x := range r.Items {
			if x.Party == "red" && (len(x.Earlier) != 1 || x.Earlier[0].Standing != "agreed" || x.Earlier[0].Answer == nil) {
				t.Errorf("the amended item is %s", show(x))
			}
		}
		if _, err := blue.AnswerInReview(ctx, boris, "", of["red"], review.Agree, "", nil); !fault.Is(err, fault.Mismatch) {
			t.Errorf("blue answered a version that was amended: %v", err)
		}
		for _, e := range w.ends {
			if _, err := e.CloseReview(ctx, map[string]Officer{"red": ana, "blue": boris}[e.party], "", inc.Entry, ""); err != nil {
				t.Fatal(err)
			}
		}
		r = w.bothReview(inc.Entry, "closed", func(r view.JointReview) bool { return r.State == "closed" && len(r.Closed) == 2 })
		if len(r.Closed[0].Heads) != 2 || r.Closed[0].Heads[1].Size == 0 || len(r.Heads) == 0 {
			t.Errorf("heads at the opening %+v, at the close %+v", r.Heads, r.Closed)
		}
		if _, err := red.AddItem(ctx, ana, "", Itemizing{Of: inc.Entry, Text: "more", From: now, Clock: "red"}); !fault.Is(err, fault.Mismatch) {
			t.Errorf("an item after the close: %v", err)
		}
		red.crash(0)
		red.open()
		w.finish()
	})
}

// TestUndertakingsRemindAndAlarm: a team's undertakings remind both desks before they are due, alarm both
// after it, and end by a report and the other side's word.
func TestUndertakingsRemindAndAlarm(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := ladderWorld(t, 6)
		ctx, red, blue := t.Context(), w.ends[0], w.ends[1]
		team, err := blue.OpenTeam(ctx, boris, "", "fords", "nobody meets at the fords unannounced")
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range w.ends {
			w.within(5*time.Second, "the team", is(func() bool { _, ok := e.reviews()[team.Entry]; return ok }))
			if _, err := e.SetMember(ctx, ana, "", team.Entry, "engineer of "+e.party, "fords", false); err != nil {
				t.Fatal(err)
			}
		}
		due := time.Now().Add(20 * time.Minute)
		ask := Undertaking{Of: team.Entry, Text: "mark the ford", Owner: "red", OwnerRole: "engineers", Due: due, Remind: due.Add(-10 * time.Minute)}
		if _, err := blue.Undertake(ctx, boris, "", ask); err != nil {
			t.Fatal(err)
		}
		state := func(want string) view.JointReview {
			t.Helper()
			return w.bothReview(team.Entry, want, func(r view.JointReview) bool { return len(r.Undertakings) == 1 && r.Undertakings[0].State == want })
		}
		u := state("proposed").Undertakings[0].Entry
		if a := red.alarmOf("undertaking-asked"); a == nil || blue.alarmOf("undertaking-asked") != nil || !strings.Contains(a.Text, "red (engineers)") {
			t.Errorf("red is asked %+v", a)
		}
		if _, err := red.ReportOn(ctx, ana, "", u, "begun", false); !fault.Is(err, fault.Mismatch) {
			t.Errorf("a report before it binds: %v", err)
		}
		if _, err := red.AnswerInReview(ctx, ana, "", u, review.Agree, "", nil); err != nil {
			t.Fatal(err)
		}
		state("open")
		w.quietAtBoth("undertaking-asked", "undertaking-due", "undertaking-late")
		// A later date that only blue wants does not bind, and puts off no alarm.
		later := ask
		later.Of, later.InsteadOf, later.Due, later.Remind = "", u, due.Add(time.Hour), due.Add(time.Hour)
		if _, err := blue.Undertake(ctx, boris, "", later); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Until(due.Add(-10*time.Minute - 2*time.Second)))
		w.quietAtBoth("undertaking-due")
		time.Sleep(3 * time.Second)
		w.alarmed("undertaking-due", "red (engineers) undertook until", "mark the ford")
		time.Sleep(time.Until(due.Add(2 * time.Second)))
		w.alarmed("undertaking-late", "does not report it done", "mark the ford")
		w.quietAtBoth("undertaking-due")
		if r := state("late"); len(r.Undertakings[0].Other) != 1 || r.Undertakings[0].Other[0].State != "proposed" {
			t.Errorf("the later date is %s", show(r.Undertakings))
		}
		if _, err := blue.ReportOn(ctx, boris, "", u, "done", true); !fault.Is(err, fault.Mismatch) {
			t.Errorf("blue reported on what red undertook: %v", err)
		}
		if _, err := red.ReportOn(ctx, ana, "", u, "posts are up", true); err != nil {
			t.Fatal(err)
		}
		state("reported")
		w.quietAtBoth("undertaking-late")
		if blue.alarmOf("undertaking-done") == nil || red.alarmOf("undertaking-done") != nil {
			t.Error("blue is not told of the report, or red is")
		}
		if _, err := blue.AnswerInReview(ctx, boris, "", u, review.Dispute, "one post is missing", nil); err != nil {
			t.Fatal(err)
		}
		state("late")
		if _, err := red.ReportOn(ctx, ana, "", u, "all posts are up", true); err != nil {
			t.Fatal(err)
		}
		state("reported")
		if _, err := blue.AnswerInReview(ctx, boris, "", u, review.Agree, "", nil); err != nil {
			t.Fatal(err)
		}
		if r := state("accepted"); !r.Undertakings[0].Late || len(r.Undertakings[0].Reports) != 2 || len(r.Members) != 2 {
			t.Errorf("in the end: %s", show(r))
		}
		w.quietAtBoth("undertaking-done", "undertaking-late", "undertaking-due")
		w.finish()
	})
}

// TestReviewBadInput refuses at the door what breaks a rule, with the field.
func TestReviewBadInput(t *testing.T) {
	red, blue := pair(t, nil)
	ctx, now := t.Context(), time.Now()
	inc, err := red.OpenIncident(ctx, duty, "", Opening{Title: "x", From: now.Add(-time.Hour), Until: now})
	if err != nil {
		t.Fatal(err)
	}
	team, err := red.OpenTeam(ctx, duty, "", "x", "y")
	if err != nil {
		t.Fatal(err)
	}
	own, err := red.AddItem(ctx, duty, "", Itemizing{Of: inc.Entry, Text: "x", From: now, Clock: "red"})
	if err != nil {
		t.Fatal(err)
	}
	until(t, "blue has it", func() bool {
		l, _ := blue.Reviews(ctx, review.KindIncident, "", inc.Entry)
		return len(l) == 1 && len(l[0].Items) == 1
	})
	item := func(change func(*Itemizing)) func() error {
		return func() error {
			in := Itemizing{Of: inc.Entry, Text: "x", From: now, Clock: "red"}
			change(&in)
			_, err := red.AddItem(ctx, duty, "", in)
			return err
		}
	}
	duty := Officer{Name: "o", Role: "supervisor"}
	undertake := func(change func(*Undertaking)) func() error {
		return func() error {
			in := Undertaking{Of: team.Entry, Text: "x", Owner: "red", OwnerRole: "r", Due: now.Add(time.Hour)}
			change(&in)
			_, err := red.Undertake(ctx, duty, "", in)
			return err
		}
	}
	for _, tt := range []struct {
		name, field string
		do          func() error
	}{
		{"no title", "title", func() error { _, err := red.OpenIncident(ctx, duty, "", Opening{From: now, Until: now}); return err }},
		{"no end", "until", func() error { _, err := red.OpenIncident(ctx, duty, "", Opening{Title: "x", From: now}); return err }},
		{"end first", "until", func() error {
			_, err := red.OpenIncident(ctx, duty, "", Opening{Title: "x", From: now, Until: now.Add(-time.Hour)})
			return err
		}},
		{"two years", "until", func() error {
			_, err := red.OpenIncident(ctx, duty, "", Opening{Title: "x", From: now.Add(-2 * maxReviewRange), Until: now})
			return err
		}},
		{"an unknown notice", "notices", func() error {
			_, err := red.OpenIncident(ctx, duty, "", Opening{Title: "x", From: now.Add(-time.Hour), Until: now, Notices: []string{"red:none"}})
			return err
		}},
		{"no goal", "goal", func() error { _, err := red.OpenTeam(ctx, duty, "", "x", " \n"); return err }},
		{"no text", "text", item(func(in *Itemizing) { in.Text = "" })},
		{"a hidden letter", "text", item(func(in *Itemizing) { in.Text = "a\u202eb" })},
		{"too long", "text", item(func(in *Itemizing) { in.Text = strings.Repeat("x", maxCallText+1) })},
		{"still to come", "from", item(func(in *Itemizing) { in.From = now.Add(time.Hour) })},
		{"no time", "from", item(func(in *Itemizing) { in.From = time.Time{} })},
		{"no clock", "clock", item(func(in *Itemizing) { in.Clock = "" })},
		{"of nothing", "of", item(func(in *Itemizing) { in.Of = "" })},
		{"of another entry", "of", item(func(in *Itemizing) { in.Of = own.Items[0].Entry })},
		{"no name", "entry", item(func(in *Itemizing) { in.Of = "incident 7" })},
		{"instead of a team", "entry", item(func(in *Itemizing) { in.InsteadOf = team.Entry })},
		{"a link to nothing", "links[0].entry", item(func(in *Itemizing) { in.Links = []view.Link{{Entry: "1/b#999"}} })},
		{"two in one link", "links[0]", item(func(in *Itemizing) { in.Links = []view.Link{{Entry: "1/a#0", SHA256: strings.Repeat("a", 64)}} })},
		{"a short digest", "links[0].sha256", item(func(in *Itemizing) { in.Links = []view.Link{{SHA256: "AB", Description: "x"}} })},
		{"a digest of what", "links[0].description", item(func(in *Itemizing) { in.Links = []view.Link{{SHA256: strings.Repeat("a", 64)}} })},
		{"many links", "links", item(func(in *Itemizing) { in.Links = make([]view.Link, maxLinks+1) })},
		{"a third party", "owner", undertake(func(in *Undertaking) { in.Owner = "green" })},
		{"nobody there", "owner_role", undertake(func(in *Undertaking) { in.OwnerRole = "" })},
		{"past", "due", undertake(func(in *Undertaking) { in.Due = now.Add(-time.Hour) })},
		{"reminded after", "remind", undertake(func(in *Undertaking) { in.Remind = now.Add(2 * time.Hour) })},
		{"answer in other words", "answer", func() error {
			_, err := blue.AnswerInReview(ctx, duty, "", own.Items[0].Entry, "maybe", "", nil)
			return err
		}},
		{"dispute without words", "text", func() error {
			_, err := blue.AnswerInReview(ctx, duty, "", own.Items[0].Entry, review.Dispute, "", nil)
			return err
		}},
		{"own word", "entry", func() error {
			_, err := red.AnswerInReview(ctx, duty, "", own.Items[0].Entry, review.Agree, "", nil)
			return err
		}},
		{"a report on an item", "undertaking", func() error { _, err := red.ReportOn(ctx, duty, "", own.Items[0].Entry, "x", true); return err }},
		{"the other's item", "instead_of", func() error {
			_, err := blue.AddItem(ctx, duty, "", Itemizing{InsteadOf: own.Items[0].Entry, Text: "x", From: now, Clock: "b"})
			return err
		}},
		{"who is none", "member", func() error { _, err := red.SetMember(ctx, duty, "", team.Entry, "nobody", "", true); return err }},
	} {
		err := tt.do()
		var f *fault.Error
		if !errors.As(err, &f) || f.Field != tt.field || f.Rule == "" || f.Hint == "" {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}
