package node

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"parley/catalogue"
	"parley/fault"
	"parley/node/body"
	"parley/node/picture"
	"parley/node/view"
	"parley/transcript"
)

// The states of a line by the tests that people make.
const (
	testsNone     = "none"
	testsUntested = "untested"
	testsTested   = "tested"
	testsSuspect  = "suspect"
	testsDown     = "down"
)

// afterHandOver is for how long about a hand-over of the watch no test is due.
const afterHandOver = 15 * time.Minute

// remindBefore is how long before the end of its slot an own test that is owed is called for, at
// most a quarter of the slot.
const remindBefore = time.Hour

const day = 24 * time.Hour

// slots divides each day from 00:00Z into as many slots as tests are owed in it.
type slots struct{ perDay int64 }

// of returns the number of the slot that holds an instant, counted from 1970.
func (s slots) of(t time.Time) int64 {
	midnight := t.UTC().Truncate(day)
	return midnight.Unix()/int64(day/time.Second)*s.perDay + int64(t.Sub(midnight))*s.perDay/int64(day)
}

// start returns when a slot begins: the first instant of it.
func (s slots) start(slot int64) time.Time {
	d, k := slot/s.perDay, slot%s.perDay
	return time.Unix(d*int64(day/time.Second), (k*int64(day)+s.perDay-1)/s.perDay).UTC()
}

// first returns the first slot that is whole since an instant.
func (s slots) first(from time.Time) int64 {
	slot := s.of(from)
	if s.start(slot).Before(from) {
		slot++
	}
	return slot
}

// owedSince returns since when the agreement wants as many tests a day as now: newer versions that
// change nothing of it forgive nothing. ln.mu is held.
func (ln *lineNode) owedSince() time.Time {
	from := ln.terms.From
	for _, a := range slices.Backward(ln.agreed) {
		if a.Terms.LineTests.PerDay != ln.terms.LineTests.PerDay {
			break
		}
		from = a.Terms.From
	}
	return from
}

// missed is how many slots in a row a side missed: slots that are over in which it made no test that
// the other answered, since the last in which it did.
type missed struct {
	n    int
	last int64 // the slot of the newest test that was answered, or the one before the first owed
	slot int64 // the one now, or the first owed where that is later
}

// missedBy counts what a side missed. ln.mu is held.
func (ln *lineNode) missedBy(side transcript.Side, now time.Time) missed {
	s := slots{int64(ln.terms.LineTests.PerDay)}
	current, first := s.of(now), s.first(ln.owedSince())
	out := missed{slot: max(current, first), last: first - 1}
	if _, answered := ln.pic.NewestTest(side); !answered.Ref.IsZero() {
		out.last = max(out.last, s.of(answered.Time))
	}
	over := current - 1 // the last slot that is over
	if over > out.last && ln.testDue(s, over).After(now) {
		over--
	}
	out.n = int(max(0, over-out.last))
	return out
}

// testDue returns when the test of a slot is due: at its end, or some time after a hand-over of the
// watch that comes about then. ln.mu is held.
func (ln *lineNode) testDue(s slots, slot int64) time.Time {
	due := s.start(slot + 1)
	out := due
	for _, side := range []transcript.Side{transcript.A, transcript.B} {
		h := ln.pic.HandOver(side)
		if apart := h.Time.Sub(due).Abs(); !h.Ref.IsZero() && apart <= afterHandOver && h.Time.Add(afterHandOver).After(out) {
			out = h.Time.Add(afterHandOver)
		}
	}
	return out
}

// testsView says how the line stands by the tests of people. ln.mu is held.
func (ln *lineNode) testsView(now time.Time) view.LineTests {
	t := ln.terms.LineTests
	out := view.LineTests{State: testsNone, PerDay: t.PerDay}
	var newest picture.LineTest
	for _, side := range []transcript.Side{transcript.A, transcript.B} {
		asked, answered := ln.pic.NewestTest(side)
		if !answered.Ref.IsZero() && (newest.Ref.IsZero() || answered.Time.After(newest.Time)) {
			newest = answered
		}
		if side != ln.side && !asked.Ref.IsZero() && asked.Ref != answered.Ref {
			if _, ok := ln.pic.Tested(asked.Ref); !ok {
				v := ln.testView(asked)
				out.Asked = &v
			}
		}
	}
	if !newest.Ref.IsZero() {
		v := ln.testView(newest)
		out.Last = &v
	}
	if t.PerDay == 0 || !ln.terms.InForce(now) {
		return out
	}
	s := slots{int64(t.PerDay)}
	own, other := ln.missedBy(ln.side, now), ln.missedBy(ln.side.Other(), now)
	out.SlotEnds = s.start(own.slot + 1)
	out.OwnDone, out.OtherDone = own.last >= own.slot, other.last >= other.slot
	worst := own
	if other.n > own.n {
		worst = other
	}
	out.Missed = worst.n
	switch {
	case worst.n >= t.DownAfter:
		out.State, out.Since = testsDown, ln.testDue(s, worst.last+int64(t.DownAfter))
	case worst.n >= t.SuspectAfter:
		out.State, out.Since = testsSuspect, ln.testDue(s, worst.last+int64(t.SuspectAfter))
	case newest.Ref.IsZero():
		out.State = testsUntested
	default:
		out.State = testsTested
	}
	return out
}

// testView says a test as it stands. ln.mu is held.
func (ln *lineNode) testView(x picture.LineTest) view.LineTest {
	side := x.Ref.Origin.Side
	out := view.LineTest{Line: ln.id, Entry: x.Ref.String(), Party: ln.party(side), Own: side == ln.side, Word: x.Word, Officer: x.Officer, Time: x.Time}
	a, ok := ln.pic.Tested(x.Ref)
	if !ok {
		return out
	}
	took := a.Time.Sub(x.Time).Seconds()
	out.Answered, out.AnsweredBy, out.AnsweredS = &a.Time, a.Officer, &took
	if round := a.HeldAt.Sub(x.Time).Seconds(); out.Own && !a.HeldAt.IsZero() {
		out.RoundTripS = &round
	}
	return out
}

// testAlarms names a test that waits for somebody here, one that is owed from here, and a line that
// tests were missed on. ln.mu is held.
func (ln *lineNode) testAlarms(now time.Time) []view.Alarm {
	var out []view.Alarm
	v := ln.testsView(now)
	peer := catalogue.ByPeople("peer", ln.peer)
	add := func(id, kind string, level int, since, due time.Time, key string, args ...catalogue.Arg) {
		out = append(out, ln.node.said(view.Alarm{ID: id, Kind: kind, Level: level, Line: ln.id, Since: since, Due: due}, catalogue.Say(key, args...)))
	}
	if v.Asked != nil {
		if r, err := body.ParseRef(v.Asked.Entry); err == nil {
			add(ln.alarmID("test-asked", r), "test-asked", soon, v.Asked.Time, time.Time{},
				"alarm.test-asked", peer, catalogue.AsCode("command", "parley line test-answer "+v.Asked.Word))
		}
	}
	if v.State == testsSuspect || v.State == testsDown {
		level := soon
		if v.State == testsDown {
			level = actNow
		}
		kind := "test-" + v.State
		add(fmt.Sprintf("%s/%s/%d", kind, ln.id[:8], v.Since.Unix()), kind, level, v.Since, time.Time{},
			"alarm.test-state", catalogue.Word("state", "tests."+v.State), catalogue.SaySeries("parts", ln.whoMissed(now)), catalogue.AsCode("command", "parley line test"),
			catalogue.SayIn("acts", ln.whoActs(ln.side.Other(), toSecondChannel)))
	}
	from := v.SlotEnds.Add(-min(remindBefore, day/time.Duration(max(v.PerDay, 1))/4))
	from, near := ln.node.rota.Load().remindTest(from, v.SlotEnds, now)
	if v.State != testsNone && !v.OwnDone && !now.Before(from) && !near && !ln.aboutHandOver(now) {
		add(fmt.Sprintf("test-due/%s/%d", ln.id[:8], v.SlotEnds.Unix()), "test-due", look, from, v.SlotEnds,
			"alarm.test-due", peer, catalogue.At("until", catalogue.Clock, v.SlotEnds), catalogue.AsCode("command", "parley line test"))
	}
	return out
}

// whoMissed says what each party missed. ln.mu is held.
func (ln *lineNode) whoMissed(now time.Time) []catalogue.Message {
	var out []catalogue.Message
	s := slots{int64(ln.terms.LineTests.PerDay)}
	for _, side := range []transcript.Side{ln.side, ln.side.Other()} {
		m := ln.missedBy(side, now)
		if m.n == 0 {
			continue
		}
		asked, answered := ln.pic.NewestTest(side)
		party := catalogue.ByPeople("party", ln.party(side))
		switch {
		case !asked.Ref.IsZero() && asked.Ref != answered.Ref && s.of(asked.Time) > m.last && s.of(asked.Time) <= m.last+int64(m.n): // what was asked just now, none owes yet
			out = append(out, catalogue.Say("test.not-answered", catalogue.ByPeople("by", ln.party(side.Other())), party, catalogue.At("since", catalogue.Clock, asked.Time)))
		case m.n > 1:
			out = append(out, catalogue.Say("test.not-made-times", party, catalogue.CountOf("count", m.n)))
		default:
			out = append(out, catalogue.Say("test.not-made", party))
		}
	}
	return out
}

// aboutHandOver reports whether a hand-over of the own watch is going on or was lately. ln.mu is held.
func (ln *lineNode) aboutHandOver(now time.Time) bool {
	h := ln.pic.HandOver(ln.side)
	return !h.Ref.IsZero() && now.Sub(h.Time).Abs() <= afterHandOver
}

// TestLine tests a line: an officer of the other desk is to say a word back.
func (n *Node) TestLine(ctx context.Context, who Officer, lineID string) (view.LineTest, error) {
	ln, err := n.pick(lineID)
	if err != nil {
		return view.LineTest{}, err
	}
	ln.mu.RLock()
	before, _ := ln.pic.NewestTest(ln.side)
	ln.mu.RUnlock()
	word, err := challenge(n.cfg.Rand, before.Word)
	if err != nil {
		return view.LineTest{}, err
	}
	d, err := body.Draft(body.KindTest, body.Test{Word: word, Officer: who.Name, Role: who.Role})
	if err != nil {
		return view.LineTest{}, err
	}
	refs, err := ln.append(ctx, d)
	if err != nil {
		return view.LineTest{}, err
	}
	n.poke()
	return ln.testOf(refs[0]), nil
}

func (ln *lineNode) testOf(r body.Ref) view.LineTest {
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	for _, x := range slices.Backward(ln.pic.LineTests(r.Origin.Side)) {
		if x.Ref == r {
			return ln.testView(x)
		}
	}
	return view.LineTest{}
}

// challenge draws a word that is not the one before.
func challenge(rand io.Reader, before string) (string, error) {
	words := challengeWords()
	var b [1]byte
	if _, err := io.ReadFull(rand, b[:]); err != nil {
		return "", fault.Wrap(fault.Internal, "node.test", err)
	}
	i := int(b[0]) % len(words)
	if words[i] == before {
		i = (i + 1) % len(words)
	}
	return words[i], nil
}

// AnswerTest says the word of a test of the other party back.
func (n *Node) AnswerTest(ctx context.Context, who Officer, lineID, word string) (view.LineTest, error) {
	ln, err := n.pick(lineID)
	if err != nil {
		return view.LineTest{}, err
	}
	word = strings.ToLower(strings.TrimSpace(word))
	test, err := ln.testOfWord(word)
	if err != nil {
		return view.LineTest{}, err
	}
	d, err := body.Draft(body.KindTested, body.Tested{Test: test, Word: word, Officer: who.Name, Role: who.Role})
	if err != nil {
		return view.LineTest{}, err
	}
	if _, err := ln.append(ctx, d); err != nil {
		return view.LineTest{}, err
	}
	n.poke()
	return ln.testOf(test), nil
}

// testOfWord finds the newest test of the other party with a word that nobody here answered.
func (ln *lineNode) testOfWord(word string) (body.Ref, error) {
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	waits := false
	for _, x := range slices.Backward(ln.pic.LineTests(ln.side.Other())) {
		if _, ok := ln.pic.Tested(x.Ref); ok {
			continue
		}
		if x.Word == word {
			return x.Ref, nil
		}
		waits = true
	}
	if !waits {
		return body.Ref{}, &fault.Error{Code: fault.NotFound, Field: "word", Value: fault.Shorten(word),
			Rule: "answers nothing: no test of " + ln.peer + " waits for an answer", Hint: "list the tests: parley line tests"}
	}
	return body.Ref{}, fault.New("word", word, "is not the word of a test that waits", "read the word again: parley line tests")
}

// LineTests returns the tests of a line, the newest first.
func (n *Node) LineTests(ctx context.Context, lineID string) ([]view.LineTest, error) {
	ln, err := n.pick(lineID)
	if err != nil {
		return nil, err
	}
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	out := []view.LineTest{}
	for _, side := range []transcript.Side{ln.side, ln.side.Other()} {
		for _, x := range ln.pic.LineTests(side) {
			out = append(out, ln.testView(x))
		}
	}
	slices.SortStableFunc(out, func(a, b view.LineTest) int { return b.Time.Compare(a.Time) })
	return out, nil
}
