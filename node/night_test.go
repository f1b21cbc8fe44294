package node

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/agreement"
	"parley/internal/testnet"
	"parley/node/body"
	"parley/node/picture"
	"parley/node/view"
	"parley/notice"
	"parley/voice"
)

// night is a world of one day and night, from 18:00 to 18:00, with the watch log of each desk.
type night struct {
	*world
	began time.Time
	logs  [2][]view.Event
	read  [2]int64
	on    [2]Officer // who has the watch
}

// clock waits until a time of the night. Whoever has the watch says every 25 minutes that he is there.
func (n *night) clock(at string) {
	n.t.Helper()
	of, err := time.Parse("15:04", at)
	if err != nil {
		n.t.Fatal(err)
	}
	then := n.began.Truncate(day).Add(of.Sub(of.Truncate(day)))
	for then.Before(n.began) {
		then = then.Add(day)
	}
	for time.Now().Before(then) {
		next := time.Now().Truncate(25 * time.Minute).Add(25 * time.Minute)
		if next.After(then) {
			break
		}
		time.Sleep(time.Until(next))
		for i, e := range n.ends {
			if _, err := e.Present(n.t.Context(), n.on[i]); err != nil {
				n.t.Fatal(err)
			}
		}
	}
	time.Sleep(time.Until(then))
	n.collect()
}

// collect takes what the nodes told since.
func (n *night) collect() {
	for i, e := range n.ends {
		events, _, _ := e.feed.after(n.read[i])
		for _, ev := range events {
			n.read[i] = ev.Seq
			if ev.Kind != "delivered" && !strings.HasSuffix(ev.Text, "is at the desk") { // twice an hour, all night
				n.logs[i] = append(n.logs[i], ev)
			}
		}
	}
}

// restartOf stops a node and starts it again on its disk: its events begin anew.
func (n *night) restartOf(e *end) {
	n.t.Helper()
	n.collect()
	e.halt()
	e.open()
	n.read[e.i] = 0
	n.within(2*time.Minute, "both may sign", n.unready)
}

// page is the watch log of a desk as its officer reads it.
func (n *night) page(e *end) string {
	var b strings.Builder
	fmt.Fprintf(&b, "watch log of %s\n", e.party)
	for _, ev := range n.logs[e.i] {
		fmt.Fprintf(&b, "%s  %-13s  %s\n", ev.Time.Format("02 15:04:05Z"), ev.Kind, ev.Text)
	}
	return b.String()
}

// line fails unless a log has, from a time of the night on and at most some seconds later, an event of a
// kind whose text has every one of some words.
func (n *night) line(e *end, at, kind string, words ...string) {
	n.t.Helper()
next:
	for _, ev := range n.logs[e.i] {
		if ev.Kind != kind || ev.Time.Format("15:04") != at || ev.Time.Second() > 15 {
			continue
		}
		for _, word := range words {
			if !strings.Contains(ev.Text, word) {
				continue next
			}
		}
		return
	}
	n.t.Errorf("the log of %s has no %s with %q at %s", e.party, kind, words, at)
}

// no fails where a log has an event of a kind with some words.
func (n *night) no(e *end, kind, words string) {
	n.t.Helper()
	for _, ev := range n.logs[e.i] {
		if ev.Kind == kind && strings.Contains(ev.Text, words) {
			n.t.Errorf("the log of %s has at %s: %s", e.party, ev.Time.Format("15:04:05Z"), ev.Text)
		}
	}
}

// inOrder fails unless a log has a text before another.
func (n *night) inOrder(e *end, first, then string) {
	n.t.Helper()
	at := func(words string) int {
		return slices.IndexFunc(n.logs[e.i], func(ev view.Event) bool { return strings.Contains(ev.Text, words) })
	}
	if a, b := at(first), at(then); a < 0 || b < a {
		n.t.Errorf("the log of %s has %q at line %d and %q at line %d", e.party, first, a, then, b)
	}
}

// climbs does every step that a desk owes of a notice.
func (n *night) climbs(e *end, id string) {
	n.t.Helper()
	ctx, who := n.t.Context(), n.on[e.i]
	told := pic(e.Node, func(p *picture.Picture) notice.Notice {
		return p.Notice(picture.Key{Side: e.order[0].side.Other(), ID: id}).Latest().Notice
	})
	_, err := e.Receive(ctx, who, "", id, "")
	if err == nil {
		_, err = e.ReadBack(ctx, who, "", id, body.ByVoice, strings.Join(voice.NoticePage(told, voice.Heading{}, nil).Lines(), "\n"))
	}
	if err == nil {
		_, err = e.Relay(ctx, who, "", id, "patrol 3", "radio", "")
	}
	if err == nil && told.Kind == notice.Movement {
		_, err = e.UnitWord(ctx, who, "", id, "patrol 3", false, "")
	}
	if err != nil {
		n.t.Fatal(err)
	}
}

// TestNight plays 24 hours at two desks, prints the watch log of each, which is what its own node told
// and nothing that the test knows beside, and fails where a line that an officer needs is not there at
// its time, or is there at the desk that it is not for.
func TestNight(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := newWorld(t, worldOptions{seed: 24, at: time.Now().Add(18 * time.Hour),
			change: func(terms *agreement.Terms) {
				dutyTerms(terms)
				terms.LineTests.PerDay, terms.LineTimes.Heartbeat = 2, 20*time.Second
			},
			wrap: func(_ int, o *nodeOptions) { o.tick, o.cacheAfter = 5*time.Second, 1000 }})
		w.open()
		n := &night{world: w, began: time.Now(), on: [2]Officer{ana, boris}, read: [2]int64{w.ends[0].LastEvent(), w.ends[1].LastEvent()}}
		n.evening()
		n.small()
		n.morning()
		for _, e := range w.ends {
			t.Log("\n" + n.page(e))
		}
		n.check()
		w.finish()
	})
}

// must1 fails the test on an error.
func must1[T any](t *testing.T) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// evening: the watch is taken, a conflict is settled, the watch is handed over in time.
func (n *night) evening() {
	t, ctx, red, blue := n.t, n.t.Context(), n.ends[0], n.ends[1]
	watch, file, conf := must1[view.Watch](t), must1[view.Filed](t), must1[view.Conflict](t)
	for i, e := range n.ends {
		watch(e.AcceptWatch(ctx, n.on[i]))
	}
	n.clock("18:30")
	file(red.File(ctx, ana, "", flight("r-1", 36, 35.3, 3*time.Hour, time.Hour), false))
	n.clock("18:35")
	n.climbs(blue, "r-1")
	n.clock("18:40")
	id := file(blue.File(ctx, boris, "", flight("b-1", 36, 35.3, 170*time.Minute, time.Hour), false)).Conflicts[0].ID
	n.clock("18:42")
	conf(red.Own(ctx, ana, "", id))
	n.climbs(red, "b-1")
	n.clock("18:50")
	o := best(t, red, id, "blue", inTime)
	conf(red.ProposeMove(ctx, ana, "", id, "blue", o.Shift, ""))
	n.clock("18:55")
	must1[view.Amended](t)(blue.ReplyToMove(ctx, boris, "", id, true, ""))
	n.clock("19:00")
	n.climbs(red, "b-1")
	n.clock("22:00")
	watch(red.BeginHandOver(ctx, ana, "Carl"))
	n.clock("22:06")
	n.on[0] = Officer{Name: "Carl", Role: "duty"}
	watch(red.AcceptWatch(ctx, n.on[0]))
	n.clock("22:20")
	file(red.SetState(ctx, n.on[0], "", "r-1", notice.End, ""))
	n.clock("23:00")
	file(blue.File(ctx, boris, "", convoy("c-1", 6*time.Hour, time.Hour), false))
	n.clock("23:01")
	n.climbs(red, "c-1")
	v, err := blue.Notice(ctx, "", "blue", "b-1")
	if err != nil {
		t.Fatal(err)
	}
	if v.State != notice.Ended {
		file(blue.SetState(ctx, boris, "", "b-1", notice.End, ""))
	}
}

// small are the small hours: a distress call, a restart, a suspension.
func (n *night) small() {
	t, ctx, red, blue := n.t, n.t.Context(), n.ends[0], n.ends[1]
	call := must1[view.Call](t)
	n.clock("01:00")
	c := call(blue.Call(ctx, boris, "", calling("distress", "aircraft down, two persons")))
	n.clock("01:01")
	must1[string](t)(red.Receive(ctx, n.on[0], "", c.Entry, ""))
	n.clock("01:03")
	call(red.Answer(ctx, n.on[0], "", Answering{Call: c.Entry, Words: Words{Text: "helicopter is on its way", Language: "en"}}))
	n.clock("02:00")
	n.restartOf(blue)
	n.clock("03:00")
	if err := red.Suspend(ctx, chief, "", "ordered"); err != nil {
		t.Fatal(err)
	}
	n.clock("03:20")
	must1[view.Filed](t)(red.File(ctx, n.on[0], "", flight("r-2", 37, 36, 10*time.Hour, time.Hour), false))
	n.clock("03:45")
	call(blue.EndCall(ctx, boris, "", c.Entry, Words{Text: "both are picked up", Language: "en"}))
	n.clock("04:30")
	if err := red.Resume(ctx, chief, "", "over"); err != nil {
		t.Fatal(err)
	}
	n.clock("04:33")
	n.climbs(blue, "r-2")
	n.clock("05:55")
	must1[view.Filed](t)(blue.SetState(ctx, boris, "", "c-1", notice.End, ""))
}

// morning: the watch is accepted late, and nobody tests the line in time.
func (n *night) morning() {
	t, ctx, red := n.t, n.t.Context(), n.ends[0]
	watch := must1[view.Watch](t)
	n.clock("06:00")
	watch(red.BeginHandOver(ctx, n.on[0], "Dora"))
	n.clock("06:20")
	n.on[0] = Officer{Name: "Dora", Role: "duty"}
	watch(red.AcceptWatch(ctx, n.on[0]))
	n.clock("07:00")
	n.restartOf(red)
	n.clock("12:20")
	for i, e := range n.ends {
		x := e.testLine(n.on[i])
		must1[view.LineTest](t)(e.other().AnswerTest(ctx, n.on[1-i], "", x.Word))
	}
	n.clock("14:15")
	must1[view.Filed](t)(red.SetState(ctx, n.on[0], "", "r-2", notice.End, ""))
	n.clock("17:59")
}

// check looks for what each officer must find in his own log.
func (n *night) check() {
	red, blue := n.ends[0], n.ends[1]
	for _, x := range []struct {
		desks          string
		at, kind, text string
	}{
		{"red", "18:00", "watch", "Ana has the watch"},
		{"blue", "18:00", "watch", "Boris has the watch"},
		{"both", "18:30", "entry", "red filed flight r-1, version 1"},
		{"both", "18:35", "entry", "an officer of blue read r-1 back"},
		{"both", "18:40", "conflict", "r-1 (red) and b-1 (blue)"},
		{"both", "18:40", "alarm", "r-1 (red) and b-1 (blue) do not keep their separation; nobody here took it"},
		{"both", "18:42", "entry", "an officer of red took conflict"},
		{"blue", "18:50", "alarm", "red proposes that blue moves"},
		{"both", "18:55", "entry", "blue filed flight b-1, version 2"},
		{"both", "18:55", "conflict-over", "r-1 and b-1: separated"},
		{"red", "22:00", "watch", "Ana hands the watch to Carl, who is to accept before 22:15Z"},
		{"red", "22:06", "watch", "Carl has the watch"},
		{"both", "23:00", "alarm", "blue movement c-1: late: delivered 6 h before its start"},
		{"both", "23:01", "entry", "a unit of red gave its word on c-1"},
		{"red", "01:00", "alarm", "DISTRESS from blue: aircraft down, two persons"},
		{"both", "01:01", "call", "an officer of red received the distress of blue"},
		{"both", "01:03", "call", "red answers the distress"},
		{"both", "03:00", "line", "red declares the line suspended"},
		{"both", "03:00", "alarm", "is declared suspended; hold and distress still pass"},
		{"red", "03:20", "entry", "red filed flight r-2, version 1"},
		{"red", "03:25", "alarm", "red flight r-2: not delivered to blue in time"},
		{"blue", "03:30", "alarm", "desk of red unanswered since 03:30Z (the line is suspended"},
		{"both", "03:45", "call", "blue ends the distress"},
		{"blue", "04:30", "entry", "red filed flight r-2, version 1"},
		{"both", "04:30", "alarm-over", "is declared suspended"},
		{"red", "06:00", "watch", "Carl hands the watch to Dora, who is to accept before 06:15Z"},
		{"red", "06:15", "alarm", "Dora did not accept the watch within 15 minutes: Carl owns every deadline until then"},
		{"red", "06:20", "watch", "Dora has the watch"},
		{"red", "06:20", "alarm-over", "Dora did not accept the watch"},
		{"both", "11:00", "alarm", "is owed before 12:00Z"},
		{"both", "12:00", "alarm", "the line is suspect by its tests (people)"},
		{"both", "12:20", "entry", "blue tests the line"},
		{"both", "12:20", "alarm-over", "the line is suspect by its tests"},
	} {
		for _, e := range n.ends {
			if x.desks == "both" || x.desks == e.party {
				n.line(e, x.at, x.kind, x.text)
			}
		}
	}
	n.no(blue, "alarm", "did not accept the watch") // that is red's own matter
	n.no(blue, "watch", "Ana")
	n.no(red, "alarm", "DISTRESS from red")
	n.no(red, "line", "does not hold") // blue was only stopped
	n.no(blue, "line", "does not hold")
	for _, e := range n.ends {
		n.no(e, "alarm-over", "did not answer the test") // each was asked and answered at once
		n.inOrder(e, "blue filed flight b-1, version 1", "conflict: r-1 (red) and b-1 (blue)")
		n.inOrder(e, "blue filed flight b-1, version 2", "r-1 and b-1: separated")
		n.inOrder(e, "red says of r-1: ended", "blue filed movement c-1")
	}
	for _, e := range n.ends { // all that was open is done at the end
		for _, a := range must1[[]view.Alarm](n.t)(e.Alarms(n.t.Context())) {
			n.t.Errorf("%s ends the night with an alarm: %s", e.party, a.Text)
		}
		for _, ev := range n.logs[e.i] {
			if low := strings.ToLower(ev.Text); strings.Contains(low, "safe") || strings.Contains(low, "clear") {
				n.t.Errorf("%s reads %q", e.party, ev.Text)
			}
		}
	}
}
