package node

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"parley/agreement"
	"parley/fault"
	"parley/internal/testnet"
	"parley/node/view"
)

var (
	ana   = Officer{Name: "Ana", Role: "duty"}
	boris = Officer{Name: "Boris", Role: "duty"}
	chief = Officer{Name: "Chief", Role: "supervisor"}
)

// dutyTerms name second channels, a test in each hour, and half an hour of presence.
func dutyTerms(terms *agreement.Terms) {
	terms.From, terms.LineTests.PerDay = time.Now().UTC(), 24
	for i, number := range []string{"+00 1111", "+00 2222"} {
		terms.Parties[i].Contacts = append(terms.Parties[i].Contacts, agreement.Contact{Role: "second", Number: number}, agreement.Contact{Role: "supervisor", Number: number + "9"})
	}
}

func inDutyWorld(t *testing.T, f func(t *testing.T, w *world, red, blue *end)) {
	t.Helper()
	inWorld(t, dutyTerms, f)
}

func inWorld(t *testing.T, change func(*agreement.Terms), f func(t *testing.T, w *world, red, blue *end)) {
	t.Helper()
	testnet.Run(t, func(t *testing.T) {
		w := newWorld(t, worldOptions{seed: 1, change: change})
		w.open()
		f(t, w, w.ends[0], w.ends[1])
		w.finish()
	})
}

// desks waits for what was said to be at both nodes, and returns the desk of an end's party as each
// of the two shows it.
func (w *world) desks(e *end) [2]view.Desk {
	w.t.Helper()
	w.within(time.Second, "what was said is at both", w.settled)
	own, other := e.line().OwnDesk, e.other().line().PeerDesk
	if own.Own == other.Own {
		w.t.Errorf("whose desk it is: %+v and %+v", own, other)
	}
	own.Own, other.Own = false, false
	return [2]view.Desk{own, other}
}

func mustDesks(t *testing.T, list []view.Desk, err error) {
	t.Helper()
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
}

// TestPresenceLapsesAtBothNodesAtOnce: a desk is manned, unanswered and unmanned at the same instants
// at both nodes, across a restart, and both are alarmed.
func TestPresenceLapsesAtBothNodesAtOnce(t *testing.T) {
	inDutyWorld(t, func(t *testing.T, w *world, red, blue *end) {
		state := func(when, want string) {
			t.Helper()
			d := w.desks(red)
			if d[0] != d[1] || d[0].State != want {
				t.Errorf("%s: %+v and %+v, want %s", when, d[0], d[1], want)
			}
		}
		state("nobody said anything", "unknown")
		if blue.alarmOf("desk-unmanned") != nil || blue.alarmOf("desk-unanswered") != nil {
			t.Error("a desk that never spoke alarms")
		}
		list, err := red.Present(t.Context(), ana)
		mustDesks(t, list, err)
		said := list[0].Last
		state("Ana is there", "manned")
		until := func(d time.Duration) { time.Sleep(time.Until(said.Add(d))) }
		until(20 * time.Minute)
		red.halt()
		red.open()
		w.within(time.Minute, "both may sign", w.unready)
		until(30*time.Minute - time.Millisecond)
		state("a moment before presence is due", "manned")
		until(30 * time.Minute)
		state("presence is due", "unanswered")
		time.Sleep(2 * time.Second)
		here, there := red.alarmOf("desk-unanswered"), blue.alarmOf("desk-unanswered")
		if here == nil || there == nil || !here.Since.Equal(said.Add(30*time.Minute)) || !there.Since.Equal(here.Since) {
			t.Fatalf("alarms %+v and %+v", here, there)
		}
		if !strings.Contains(there.Text, "silence is not consent; use the second channel: red +00 1111") || !strings.Contains(here.Text, "parley desk here") {
			t.Errorf("alarms say %q and %q", here.Text, there.Text)
		}
		until(60*time.Minute - time.Millisecond)
		state("a moment before it is over", "unanswered")
		until(60 * time.Minute)
		state("it is over", "unmanned")
		if a := blue.alarmOf("desk-unmanned"); a == nil || a.Level != actNow || blue.alarmOf("desk-unanswered") != nil {
			t.Errorf("blue's alarm: %+v", a)
		}

		if _, err := red.Call(t.Context(), boris, "", calling("query", "anybody there?")); err != nil {
			t.Fatal(err)
		}
		state("Boris calls", "manned")
		if red.alarmOf("desk-unmanned") != nil || blue.alarmOf("desk-unmanned") != nil {
			t.Error("the alarms are not over")
		}
		left, err := red.Leave(t.Context(), boris)
		mustDesks(t, left, err)
		state("Boris left, and Ana is away for long", "unmanned")
		if d := w.desks(blue); d[0].State != "unknown" || d[0] != d[1] {
			t.Errorf("blue's own desk: %+v", d)
		}
		if _, err := red.Present(t.Context(), Officer{Name: "Paul", Role: "planner"}); !fault.Is(err, fault.Denied) {
			t.Errorf("a planner sits at the desk: %v", err)
		}
	})
}

// TestSilentDeskIsNotTakenForPresent: what is said while the line is down counts where it is heard.
func TestSilentDeskIsNotTakenForPresent(t *testing.T) {
	inDutyWorld(t, func(t *testing.T, w *world, red, blue *end) {
		list, err := red.Present(t.Context(), ana)
		mustDesks(t, list, err)
		w.desks(red)
		w.net.SetCut(true)
		for range 3 {
			time.Sleep(20 * time.Minute)
			list, err = red.Present(t.Context(), ana)
			mustDesks(t, list, err)
		}
		if list[0].State != "manned" || red.line().OwnDesk.State != "manned" {
			t.Errorf("red's own desk: %+v", list[0])
		}
		a := blue.alarmOf("desk-unmanned")
		if a == nil || !strings.Contains(a.Text, "the line is down: nothing of its desk comes through") {
			t.Errorf("blue's alarm: %+v", a)
		}
		w.net.SetCut(false)
		w.within(2*time.Minute, "the line is up", w.unready)
		if d := w.desks(red); d[0].State != "manned" || d[0] != d[1] {
			t.Errorf("after the cut: %+v", d)
		}
	})
}

func (e *end) testLine(who Officer) view.LineTest {
	e.w.t.Helper()
	x, err := e.TestLine(e.w.t.Context(), who, "")
	if err != nil {
		e.w.t.Fatal(err)
	}
	e.w.within(time.Second, "the test is at both", e.w.settled)
	return x
}

// sameTests fails unless both nodes show the tests in a state since the same instant.
func (w *world) sameTests(when, state string, since time.Time) {
	w.t.Helper()
	w.within(time.Second, "what was said is at both", w.settled)
	a, b := w.ends[0].line().Tests, w.ends[1].line().Tests
	if a.State != state || b.State != state || !a.Since.Equal(since) || !b.Since.Equal(since) || a.Missed != b.Missed || a.OwnDone != b.OtherDone || a.OtherDone != b.OwnDone {
		w.t.Errorf("%s: %+v and %+v, want %s since %s", when, a, b, state, since)
	}
}

// TestMissedTests: a missed test makes the line suspect, two make it down, at both nodes at once, and
// a test of each that is answered makes it whole again.
func TestMissedTests(t *testing.T) {
	inDutyWorld(t, func(t *testing.T, w *world, red, blue *end) {
		hour := time.Now().Truncate(time.Hour) // each slot is one
		at := func(d time.Duration) time.Time {
			time.Sleep(time.Until(hour.Add(d)))
			return hour.Add(d)
		}
		w.sameTests("at first", "untested", time.Time{})
		at(44 * time.Minute)
		if red.alarmOf("test-due") != nil {
			t.Error("called for too early")
		}
		at(46 * time.Minute)
		if a := red.alarmOf("test-due"); a == nil || a.Level != look || !a.Due.Equal(hour.Add(time.Hour)) {
			t.Errorf("the test that is owed: %+v", a)
		}
		at(time.Hour - time.Millisecond)
		w.sameTests("a moment before the end of the slot", "untested", time.Time{})
		one := at(time.Hour)
		w.sameTests("one is missed", "suspect", one)
		time.Sleep(2 * time.Second)
		for _, e := range w.ends {
			if a := e.alarmOf("test-suspect"); a == nil || !a.Since.Equal(one) || !strings.Contains(a.Text, "red did not test it the last time") || !strings.Contains(a.Text, "second channel") {
				t.Errorf("%s: %+v", e.party, a)
			}
		}
		red.halt()
		red.open()
		w.within(time.Minute, "both may sign", w.unready)
		w.sameTests("after a restart", "suspect", one)
		two := at(2 * time.Hour)
		w.sameTests("two are missed", "down", two)
		time.Sleep(2 * time.Second)
		if a := blue.alarmOf("test-down"); a == nil || a.Level != actNow || blue.alarmOf("test-suspect") != nil {
			t.Errorf("blue: %+v", a)
		}

		x := red.testLine(ana)
		asked := blue.line().Tests.Asked
		if a := blue.alarmOf("test-asked"); asked == nil || asked.Word != x.Word || a == nil || !strings.HasSuffix(a.Text, "parley line test-answer "+x.Word) {
			t.Fatalf("blue sees %+v, alarm %+v", asked, a)
		}
		time.Sleep(40 * time.Second)
		if _, err := blue.AnswerTest(t.Context(), boris, "", x.Word+"s"); !fault.Is(err, fault.Invalid) {
			t.Errorf("a wrong word: %v", err)
		}
		got, err := blue.AnswerTest(t.Context(), boris, "", " "+strings.ToUpper(x.Word))
		if err != nil || got.AnsweredS == nil || *got.AnsweredS < 40 || *got.AnsweredS > 42 || got.RoundTripS != nil {
			t.Fatalf("blue's answer: %+v, %v", got, err)
		}
		if _, err := blue.AnswerTest(t.Context(), boris, "", x.Word); !fault.Is(err, fault.NotFound) {
			t.Errorf("answered again: %v", err)
		}
		w.sameTests("red's test alone", "down", two)
		if last := red.line().Tests.Last; last == nil || last.RoundTripS == nil || *last.RoundTripS < *last.AnsweredS || last.AnsweredBy != "Boris" {
			t.Errorf("red shows %+v", last)
		}
		y := blue.testLine(boris)
		if _, err := red.AnswerTest(t.Context(), ana, "", y.Word); err != nil {
			t.Fatal(err)
		}
		w.sameTests("both", "tested", time.Time{})
		if red.alarmOf("test-down") != nil || blue.alarmOf("test-asked") != nil {
			t.Error("the alarms are not over")
		}
		list, err := blue.LineTests(t.Context(), "")
		if err != nil || len(list) != 2 || list[0].Entry != y.Entry || !list[0].Own || list[1].Own {
			t.Errorf("blue lists %+v, %v", list, err)
		}

		// A test that nobody answers is as good as none; a late answer mends it.
		at(3*time.Hour + time.Minute)
		for _, e := range w.ends {
			e.testLine(ana)
		}
		three := at(4 * time.Hour)
		w.sameTests("nobody answered", "suspect", three)
		if a := red.alarmOf("test-suspect"); a == nil || !strings.Contains(a.Text, "blue did not answer the test of red at 03:01Z") {
			t.Errorf("red: %+v", a)
		}
		for _, e := range w.ends {
			if _, err := e.AnswerTest(t.Context(), boris, "", e.line().Tests.Asked.Word); err != nil {
				t.Fatal(err)
			}
		}
		w.sameTests("answered late", "tested", time.Time{})
	})
}

// TestHandOver: until the other accepts, who hands over owns every deadline; after 15 minutes the
// supervisor is alarmed; it survives a restart; and no test of the line is due about it.
func TestHandOver(t *testing.T) {
	inDutyWorld(t, func(t *testing.T, w *world, red, blue *end) {
		ctx, hour := t.Context(), time.Now().Truncate(time.Hour)
		if x, err := red.AcceptWatch(ctx, ana); err != nil || x.Officer != "Ana" {
			t.Fatal(x, err)
		}
		if _, err := red.BeginHandOver(ctx, boris, "Boris"); !fault.Is(err, fault.Denied) {
			t.Errorf("one without the watch hands it over: %v", err)
		}
		if _, err := red.File(ctx, ana, "", flight("red-1", 35, 35, 2*time.Hour, time.Hour), false); err != nil {
			t.Fatal(err)
		}
		if _, err := blue.Call(ctx, boris, "", Calling{Type: "query", About: "red-1", Words: Words{Text: "which area?", Language: "en"}}); err != nil {
			t.Fatal(err)
		}
		w.within(time.Second, "the call is there", w.settled)
		time.Sleep(time.Until(hour.Add(40 * time.Minute)))
		begun, err := red.BeginHandOver(ctx, ana, "Boris")
		if err != nil || begun.Officer != "Ana" || begun.HandOver == nil {
			t.Fatal(begun, err)
		}
		kinds := map[string]int{}
		for _, x := range begun.HandOver.Open {
			kinds[x.Kind]++
		}
		if kinds["call"] != 1 || kinds["rung"] != 1 || kinds["alarm"] == 0 {
			t.Errorf("open: %v in %+v", kinds, begun.HandOver.Open)
		}
		red.halt()
		red.open()
		w.within(time.Minute, "both may sign", w.unready)
		if x, err := red.Watch(ctx); err != nil || x.Officer != "Ana" || x.HandOver == nil || !x.HandOver.Due.Equal(begun.HandOver.Due) || len(x.HandOver.Open) != len(begun.HandOver.Open) {
			t.Fatalf("after a restart: %+v, %v", x, err)
		}
		if red.alarmOf("handover") != nil {
			t.Error("alarmed too early")
		}
		time.Sleep(time.Until(begun.HandOver.Due))
		if a := red.alarmOf("handover"); a == nil || a.Owner != "Ana" || a.Level != actNow || !strings.Contains(a.Text, "Ana owns every deadline") || !strings.Contains(a.Text, "supervisor of red +00 11119") || blue.alarmOf("handover") != nil {
			t.Errorf("15 minutes after: %+v", a)
		}
		if _, err := red.AcceptWatch(ctx, chief); !fault.Is(err, fault.Denied) {
			t.Errorf("another accepts: %v", err)
		}
		time.Sleep(time.Until(hour.Add(58 * time.Minute)))
		if x, err := red.AcceptWatch(ctx, boris); err != nil || x.Officer != "Boris" || x.HandOver != nil {
			t.Fatal(x, err)
		}
		if red.alarmOf("handover") != nil || red.alarmOf("test-due") != nil {
			t.Error("an alarm stays")
		}
		if d := w.desks(red); d[0].Officer != "Boris" || d[0] != d[1] {
			t.Errorf("who is at the desk: %+v", d)
		}
		accepted := hour.Add(58 * time.Minute)
		time.Sleep(time.Until(accepted.Add(14 * time.Minute)))
		w.sameTests("about the hand-over", "untested", time.Time{})
		time.Sleep(time.Until(accepted.Add(16 * time.Minute)))
		if a, b := red.line().Tests, blue.line().Tests; a.State != "suspect" || !a.Since.Equal(b.Since) || a.Since.Sub(accepted) < 15*time.Minute || a.Since.Sub(accepted) > 15*time.Minute+time.Second {
			t.Errorf("15 minutes after it: %+v and %+v", a, b)
		}
		list, err := red.HandOvers(ctx)
		if err != nil || len(list) != 1 || list[0].State != view.HandOverAccepted || list[0].To != "Boris" {
			t.Errorf("over: %+v, %v", list, err)
		}
		if _, err := red.KeepWatch(ctx, boris); !fault.Is(err, fault.NotFound) {
			t.Errorf("kept what nobody hands over: %v", err)
		}
		if _, err := red.BeginHandOver(ctx, chief, "Ana"); err != nil {
			t.Error(err)
		}
		if x, err := red.KeepWatch(ctx, boris); err != nil || x.Officer != "Boris" || x.HandOver != nil {
			t.Error(x, err)
		}
	})
}

func TestSlots(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		s := slots{1 + rng.Int64N(1440)}
		at := time.UnixMilli(rng.Int64N(4e12)).UTC()
		if rng.IntN(3) == 0 {
			at = at.Truncate(day / time.Duration(s.perDay))
		}
		slot := s.of(at)
		if s.start(slot).After(at) || !s.start(slot+1).After(at) {
			t.Fatalf("%s is not in slot %d of %d a day: %s to %s", at, slot, s.perDay, s.start(slot), s.start(slot+1))
		}
		first := s.first(at)
		if s.start(first).Before(at) || !s.start(first-1).Before(at) {
			t.Fatalf("slot %d of %d a day, from %s, is not the first since %s", first, s.perDay, s.start(first), at)
		}
		if midnight := at.Truncate(day); !s.start(s.of(midnight)).Equal(midnight) {
			t.Fatalf("no slot of %d begins at %s", s.perDay, midnight)
		}
	}
}

func TestChallengeWords(t *testing.T) {
	words := challengeWords()
	if 256%len(words) != 0 {
		t.Errorf("%d words: a random byte draws some more often", len(words))
	}
	for i, a := range words {
		if a != strings.ToLower(a) || strings.Trim(a, "abcdefghijklmnopqrstuvwxyz") != "" {
			t.Errorf("%q is not of small letters", a)
		}
		for _, b := range words[:i] {
			if edits(a, b) < 2 {
				t.Errorf("%s and %s are too near", a, b)
			}
		}
	}
	if w, err := challenge(strings.NewReader("\x05"), words[5]); err != nil || w != words[6] {
		t.Errorf("drew %q, %v after the same word", w, err)
	}
	if _, err := challenge(strings.NewReader(""), ""); err == nil {
		t.Error("a word was drawn of nothing")
	}
}

// edits counts the letters to change, add and leave out from one word to another.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := before
			if a[i] != b[j] {
				cost = 1 + min(before, row[j], row[j+1])
			}
			before, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}

// duty does something of an officer's day at the desk.
func (d *desk) duty(ctx context.Context) (err error) {
	who := []Officer{ana, boris, chief}[d.rng.IntN(3)]
	switch d.rng.IntN(4) {
	case 0:
		_, err = d.e.Present(ctx, who)
	case 1:
		_, err = d.e.Leave(ctx, who)
	case 2:
		_, err = d.e.TestLine(ctx, who, "")
	case 3:
		if asked := d.e.line().Tests.Asked; asked != nil {
			_, err = d.e.AnswerTest(ctx, who, "", asked.Word)
		}
	}
	return err
}

// dutyDiffers says where two nodes by one clock do not show the same of desks and tests.
func (w *world) dutyDiffers(x, y view.Line) (out []string) {
	if w.ends[0].clock != nil || w.ends[1].clock != nil {
		return nil
	}
	for _, d := range [][2]view.Desk{{x.OwnDesk, y.PeerDesk}, {y.OwnDesk, x.PeerDesk}} {
		if d[0].Own = false; d[0] != d[1] {
			out = append(out, fmt.Sprintf("desks: %+v and %+v", d[0], d[1]))
		}
	}
	a, b := x.Tests, y.Tests
	if a.State != b.State || !a.Since.Equal(b.Since) || a.Missed != b.Missed || a.OwnDone != b.OtherDone || a.OtherDone != b.OwnDone || (a.Last == nil) != (b.Last == nil) || a.Last != nil && (a.Last.Entry != b.Last.Entry || *a.Last.AnsweredS != *b.Last.AnsweredS) {
		out = append(out, fmt.Sprintf("tests: %+v and %+v", a, b))
	}
	return out
}
