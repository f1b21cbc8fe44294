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
	"parley/node/picture"
	"parley/node/view"
	"parley/notice"
	"parley/transcript"
	"parley/voice"
)

// convoy is a movement on a short road, told as late as in says.
func convoy(id string, in, lasts time.Duration) notice.Notice {
	from := time.Now().UTC().Add(in).Truncate(time.Millisecond)
	road := geo4d.Corridor{Line: []geo4d.Position{{LonDeg: 36, LatDeg: 35}, {LonDeg: 36.1, LatDeg: 35.05}}, HalfWidthM: 200}
	return notice.Notice{ID: id, Kind: notice.Movement, SpeedMPS: 10,
		Volumes: []geo4d.Volume{{Shape: road, Window: geo4d.Window{Start: from, End: from.Add(lasts)}}}}
}

// ladderWorld is a world in which the agreement names who is reached how.
func ladderWorld(t *testing.T, seed uint64) *world {
	t.Helper()
	w := newWorld(t, worldOptions{seed: seed, change: func(terms *agreement.Terms) {
		for i, party := range []string{"red", "blue"} {
			terms.Parties[i].Contacts = []agreement.Contact{{Role: "second", Number: party + "-second"}, {Role: "supervisor", Number: party + "-supervisor"}}
		}
		terms.Observers = []agreement.Observer{{Name: "mission", Contact: "mission-duty"}}
	}})
	w.open()
	return w
}

// rungs says a ladder in short: the name of each rung, with what is not done of it.
func rungs(n view.Notice) string {
	var out []string
	for _, r := range n.Ladder {
		s := r.Name
		switch {
		case r.Done != nil:
			s += " done"
		case r.Missed:
			s += " missed"
		case !r.Due.IsZero():
			s += " owed"
		}
		if r.Gone != "" {
			s += " " + r.Gone
		}
		if r.Unable != "" {
			s += " unable"
		}
		if len(r.Differ) > 0 {
			s += " differs"
		}
		out = append(out, s)
	}
	return strings.Join(out, ", ")
}

// see waits until both nodes show a ladder of blue's notice.
func (w *world) see(id, want string) {
	w.t.Helper()
	w.within(time.Minute, "both see "+want, func() string {
		for _, e := range w.ends {
			n, err := e.Notice(w.t.Context(), "", "blue", id)
			if err != nil {
				return err.Error()
			}
			if got := rungs(n); got != want {
				return e.party + " sees " + got
			}
		}
		return w.differ()
	})
}

// alarmed says whether both nodes have an alarm of a kind whose text has every one of some words.
func (w *world) alarmed(kind string, words ...string) {
	w.t.Helper()
	w.within(time.Minute, "both are alarmed: "+kind, func() string {
		for _, e := range w.ends {
			a := e.alarmOf(kind)
			if a == nil {
				return e.party + " is not alarmed"
			}
			for _, word := range words {
				if !strings.Contains(a.Text, word) {
					return fmt.Sprintf("%s reads %q, without %q", e.party, a.Text, word)
				}
			}
		}
		return ""
	})
}

// spoken is a notice as its page is read back.
func spoken(e *end, id string) string {
	e.w.t.Helper()
	told := pic(e.Node, func(p *picture.Picture) notice.Notice {
		return p.Notice(picture.Key{Side: transcript.B, ID: id}).Latest().Notice
	})
	return strings.Join(voice.NoticePage(told, voice.Heading{}, nil).Lines(), "\n")
}

// unchecked leaves the check groups out of a read-back and says something else once.
func unchecked(text, from, to string) string {
	var out []string
	for line := range strings.Lines(strings.Replace(text, from, to, 1)) {
		said, _, _ := strings.Cut(strings.TrimSpace(line), ", check")
		if !strings.HasPrefix(said, voice.FieldPage) {
			out = append(out, said)
		}
	}
	return strings.Join(out, "\n")
}

func (w *world) quiet(kind string) {
	w.t.Helper()
	for _, e := range w.ends {
		if a := e.alarmOf(kind); a != nil {
			w.t.Errorf("%s is still alarmed: %s", e.party, a.Text)
		}
	}
}

func TestLadderOfALateConvoy(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := ladderWorld(t, 1)
		ctx := t.Context()
		red, blue := w.ends[0], w.ends[1]
		if _, err := blue.File(ctx, duty, "", convoy("c-1", 3*time.Hour, time.Hour), false); err != nil {
			t.Fatal(err)
		}
		filed := time.Now()
		at := func(d time.Duration) { time.Sleep(time.Until(filed.Add(d))) }
		w.see("c-1", "delivered done, received owed, relayed owed, unit confirmed owed")
		at(2*time.Minute + 5*time.Second)
		w.alarmed("not-received", "not received by red", "second channel: red red-second")
		if a := blue.alarmOf("not-received"); a.Level != soon {
			t.Errorf("the author is alarmed at level %d when it is first missed", a.Level)
		}
		at(4*time.Minute + 5*time.Second)
		w.alarmed("not-received", "supervisor of red red-supervisor", "supervisor of blue blue-supervisor")
		if a := blue.alarmOf("not-received"); a.Level != actNow || a.Escalated != toSupervisor {
			t.Errorf("the author has level %d, %q, when supervisors act", a.Level, a.Escalated)
		}
		at(6*time.Minute + 5*time.Second)
		w.alarmed("not-received", "observers: mission mission-duty", "not relayed")
		for _, e := range w.ends { // what was missed is known after a restart, on both sides
			e.halt()
			e.open()
		}
		w.within(2*time.Minute, "both may sign", w.unready)
		w.see("c-1", "delivered done, received missed observers, relayed missed second channel, unit confirmed owed")
		if _, err := red.Receive(ctx, duty, "", "c-1", ""); err != nil {
			t.Fatal(err)
		}
		w.see("c-1", "delivered done, received done, read back owed, relayed missed second channel, unit confirmed owed")
		w.quiet("not-received")
		w.alarmed("not-relayed", "not relayed by red")
		if _, err := red.Relay(ctx, duty, "", "c-1", "patrol 3", "radio", ""); err != nil {
			t.Fatal(err)
		}
		w.see("c-1", "delivered done, received done, read back owed, relayed done, unit confirmed owed")
		w.quiet("not-relayed")
		wrong := strings.Replace(spoken(red, "c-1"), "036 degrees 00", "037 degrees 00", 1)
		if _, err := red.ReadBack(ctx, duty, "", "c-1", body.ByVoice, wrong); err == nil {
			t.Error("a digit that does not fit its check group was taken")
		}
		n, err := red.ReadBack(ctx, duty, "", "c-1", body.FromMap, unchecked(spoken(red, "c-1"), "036 degrees 00", "036 degrees 05"))
		if err != nil {
			t.Fatal(err)
		}
		if last := n.Ladder[2]; last.Name != view.ReadBack || last.Done != nil || len(last.Differ) == 0 {
			t.Errorf("read back elsewhere: %+v", last)
		}
		w.alarmed("read-back-differs", "position 1", "settle by voice")
		if _, err := red.ReadBack(ctx, duty, "", "c-1", body.ByVoice, spoken(red, "c-1")); err != nil {
			t.Fatal(err)
		}
		w.see("c-1", "delivered done, received done, read back done, relayed done, unit confirmed owed")
		w.quiet("read-back-differs")
		if _, err := red.UnitWord(ctx, duty, "", "c-1", "patrol 3", true, "holds the road until 20:00Z"); err != nil {
			t.Fatal(err)
		}
		w.alarmed("unable", "patrol 3", "holds the road until 20:00Z")
		at(2*time.Hour + 30*time.Minute + time.Minute)
		w.alarmed("not-confirmed", "NOT CONFIRMED")
		if _, err := red.UnitWord(ctx, duty, "", "c-1", "patrol 3", false, ""); err != nil {
			t.Fatal(err)
		}
		w.see("c-1", "delivered done, received done, read back done, relayed done, unit confirmed done")
		w.quiet("unable")
		w.quiet("not-confirmed")
		w.finish()
	})
}

// TestLadderOfAVersion: a version that adds space or time is read back and relayed anew; one that
// takes some away is received anew and no more.
func TestLadderOfAVersion(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := ladderWorld(t, 2)
		ctx := t.Context()
		red, blue := w.ends[0], w.ends[1]
		c := convoy("c-1", 72*time.Hour, 2*time.Hour)
		if _, err := blue.File(ctx, duty, "", c, false); err != nil {
			t.Fatal(err)
		}
		climb := func() {
			t.Helper()
			_, err := red.Receive(ctx, duty, "", "c-1", "")
			if err == nil {
				_, err = red.Relay(ctx, duty, "", "c-1", "patrol 3", "radio", "")
			}
			if err == nil {
				_, err = red.UnitWord(ctx, duty, "", "c-1", "patrol 3", false, "")
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		w.see("c-1", "delivered done, received owed, relayed owed, unit confirmed owed")
		climb()
		w.see("c-1", "delivered done, received done, read back owed, relayed done, unit confirmed done")
		c.Volumes[0].Window.End = c.Volumes[0].Window.End.Add(-time.Hour)
		if _, err := blue.Amend(ctx, duty, "", c, false); err != nil {
			t.Fatal(err)
		}
		w.see("c-1", "delivered done, received owed, read back owed, relayed done, unit confirmed done")
		c.Volumes[0].Window.End = c.Volumes[0].Window.End.Add(3 * time.Hour)
		if _, err := blue.Amend(ctx, duty, "", c, false); err != nil {
			t.Fatal(err)
		}
		w.see("c-1", "delivered done, received owed, relayed owed, unit confirmed owed")
		climb()
		if _, err := blue.SetState(ctx, duty, "", "c-1", notice.Cancel, "not needed"); err != nil {
			t.Fatal(err)
		}
		w.see("c-1", "delivered done, received done, relayed done, unit confirmed done")
		w.quiet("not-relayed")
		w.finish()
	})
}

// TestStepsAreTheReceivers: nobody reads back or relays his own notice, and what refers to nothing
// is refused.
func TestStepsAreTheReceivers(t *testing.T) {
	r, s := pair(t, nil)
	ctx := t.Context()
	if _, err := s.File(ctx, duty, "", convoy("c-1", time.Hour, time.Hour), false); err != nil {
		t.Fatal(err)
	}
	until(t, "r has it", func() bool { _, err := r.Notice(ctx, "", "blue", "c-1"); return err == nil })
	for what, err := range map[string]error{
		"own notice":    second(s.Relay(ctx, duty, "", "c-1", "patrol", "radio", "")),
		"no notice":     second(r.Relay(ctx, duty, "", "c-9", "patrol", "radio", "")),
		"no unit":       second(r.Relay(ctx, duty, "", "c-1", "", "radio", "")),
		"no means":      second(r.Relay(ctx, duty, "", "c-1", "patrol", "", "")),
		"a long remark": second(r.Relay(ctx, duty, "", "c-1", "patrol", "radio", strings.Repeat("x", maxRemark+1))),
		"no reason":     second(r.UnitWord(ctx, duty, "", "c-1", "patrol", true, "")),
	} {
		if err == nil {
			t.Errorf("%s was taken", what)
		}
	}
	if n := len(r.entriesOf(t, body.KindRelayed)) + len(r.entriesOf(t, body.KindUnit)); n != 0 {
		t.Errorf("%d entries were made", n)
	}
}

func second(_ view.Notice, err error) error { return err }

func (r *running) entriesOf(t *testing.T, kind string) []view.Entry {
	t.Helper()
	list, _, err := r.Log(t.Context(), LogFilter{Kind: kind})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestOwedSinceTheConflict: on a bulk line a notice with routine lead is owed nothing until it is in a
// conflict, and from then on, not from when it was filed.
func TestOwedSinceTheConflict(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		// So many hours need no look in each of their seconds.
		w := newWorld(t, worldOptions{seed: 1, wrap: func(_ int, o *nodeOptions) { o.tick = 10 * time.Second }, change: func(terms *agreement.Terms) { terms.Profile = agreement.Bulk }})
		w.open()
		red, blue := w.ends[0], w.ends[1]
		ctx := t.Context()
		if _, err := blue.File(ctx, duty, "", flight("b-1", 35, 35, 60*time.Hour, time.Hour), false); err != nil {
			t.Fatal(err)
		}
		w.see("b-1", "delivered done")
		time.Sleep(5 * time.Hour)
		w.see("b-1", "delivered done")
		met := flight("r-1", 35, 35, 55*time.Hour, time.Hour)
		if _, err := red.File(ctx, duty, "", met, false); err != nil {
			t.Fatal(err)
		}
		w.within(time.Minute, "settled", w.settled)
		w.see("b-1", "delivered done, received owed, relayed owed")
		if _, err := blue.Receive(ctx, duty, "", "r-1", ""); err != nil {
			t.Fatal(err)
		}
		for _, e := range w.ends {
			n, err := e.Notice(ctx, "", "blue", "b-1")
			if err != nil || time.Until(n.Ladder[1].Due) < 4*time.Hour-2*time.Minute {
				t.Errorf("%s: due %v, %v", e.party, n.Ladder[1].Due, err)
			}
		}
		time.Sleep(4*time.Hour + time.Minute)
		w.alarmed("not-received", "not received by red in time", "second channel")
		if _, err := red.Receive(ctx, duty, "", "b-1", ""); err != nil {
			t.Fatal(err)
		}
		w.see("b-1", "delivered done, received done, read back owed, relayed owed")
		if _, err := red.SetState(ctx, duty, "", "r-1", notice.Cancel, "over"); err != nil {
			t.Fatal(err)
		}
		w.see("b-1", "delivered done, received done")
		w.finish()
	})
}
