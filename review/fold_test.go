package review

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/transcript"
)

var began = time.Date(2026, 12, 1, 6, 0, 0, 0, time.UTC)

func name(side transcript.Side, seq int) string {
	return fmt.Sprintf("parley/%s/1/%s#%d", strings.Repeat("ab", 32), side, seq)
}

// script makes acts in the order of their side's transcript.
type script struct {
	acts []Act
	next map[transcript.Side]int
}

func (s *script) say(side transcript.Side, kind string, says any) string {
	if s.next == nil {
		s.next = map[transcript.Side]int{}
	}
	seq := s.next[side]
	s.next[side]++
	s.acts = append(s.acts, Act{Entry: name(side, seq), Epoch: 1, Seq: int64(seq), Side: side, Time: began.Add(time.Duration(seq) * time.Minute), Kind: kind, Says: says})
	return name(side, seq)
}

func (s *script) fold(t *testing.T) *Review {
	t.Helper()
	r, ok := Fold(s.acts)
	if !ok {
		t.Fatal("nothing opens it")
	}
	return r
}

func TestItemsEnd(t *testing.T) {
	for _, tt := range []struct {
		answers []string
		want    string
	}{
		{nil, OneSided},
		{[]string{Agree}, Agreed},
		{[]string{Dispute}, Disputed},
		{[]string{NotKnown}, OneSided},
		{[]string{Agree, Dispute}, Disputed},
		{[]string{Dispute, Agree}, Agreed},
		{[]string{Agree, NotKnown}, OneSided},
		{[]string{Agree, "perhaps"}, Agreed},
	} {
		var s script
		of := Of{s.say(transcript.A, KindIncident, &Incident{})}
		item := s.say(transcript.A, KindItem, &Item{Of: of})
		for _, a := range tt.answers {
			s.say(transcript.B, KindAnswer, &Answer{Of: of, Entry: item, Answer: a})
		}
		if got := s.fold(t).Items[0].Newest().Standing(); got != tt.want {
			t.Errorf("after %q: %s, want %s", tt.answers, got, tt.want)
		}
	}
}

// TestWhatCountsForNothing: an entry that breaks a rule is named, and changes nothing else.
func TestWhatCountsForNothing(t *testing.T) {
	var s script
	of := Of{s.say(transcript.A, KindIncident, &Incident{})}
	item := s.say(transcript.A, KindItem, &Item{Of: of, Text: "one"})
	duty := s.say(transcript.A, KindUndertaking, &Undertaking{Of: of, Owner: transcript.A, Due: began})
	whole := s.fold(t)
	for _, odd := range []struct {
		side transcript.Side
		kind string
		says any
	}{
		{transcript.A, KindAnswer, &Answer{Of: of, Entry: item, Answer: Agree}},               // its own side
		{transcript.B, KindAnswer, &Answer{Of: of, Entry: item, Answer: "maybe"}},             // no word
		{transcript.B, KindAnswer, &Answer{Of: of, Entry: name("a", 77), Answer: Agree}},      // nothing
		{transcript.B, KindAnswer, &Answer{Of: of, Entry: of.Of, Answer: Agree}},              // the opening
		{transcript.B, KindItem, &Item{Of: of, InsteadOf: item, Text: "two"}},                 // the other's item
		{transcript.A, KindItem, &Item{Of: of, InsteadOf: duty, Text: "two"}},                 // another kind
		{transcript.A, KindFinding, &Finding{Of: of, InsteadOf: name("a", 88), Text: "x"}},    // one still to come
		{transcript.B, KindReport, &Report{Of: of, Undertaking: duty, Done: true}},            // the other's
		{transcript.A, KindReport, &Report{Of: of, Undertaking: item, Done: true}},            // no undertaking
		{transcript.A, KindUndertaking, &Undertaking{Of: of, Owner: "c", Due: began}},         // no party
		{transcript.B, KindAnswer, &Answer{Of: of, Entry: name("b", 0), Answer: Agree}},       // an answer
		{transcript.A, KindItem, &Item{Of: of, InsteadOf: "parley/elsewhere", Text: "three"}}, // no name
	} {
		s.say(odd.side, odd.kind, odd.says)
	}
	got := s.fold(t)
	if len(got.Odd) != 12 {
		t.Errorf("%d are named: %+v", len(got.Odd), got.Odd)
	}
	got.Odd, got.said = nil, whole.said
	if !reflect.DeepEqual(got, whole) {
		t.Errorf("\n%+v\n%+v", got, whole)
	}
}

func TestCloseBindsItsOwnSide(t *testing.T) {
	var s script
	of := Of{s.say(transcript.A, KindIncident, &Incident{})}
	s.say(transcript.A, KindClosed, &Closed{Of: of})
	late := s.say(transcript.A, KindItem, &Item{Of: of})
	theirs := s.say(transcript.B, KindItem, &Item{Of: of})
	s.say(transcript.A, KindAnswer, &Answer{Of: of, Entry: theirs, Answer: Agree})
	r := s.fold(t)
	if r.State() != StateClosing || len(r.Items) != 1 || r.Items[0].Newest().Standing() != Agreed || len(r.Odd) != 1 || r.Odd[0].Entry != late {
		t.Errorf("%s, %+v, odd %+v", r.State(), r.Items, r.Odd)
	}
	s.say(transcript.B, KindClosed, &Closed{Of: of})
	s.say(transcript.B, KindClosed, &Closed{Of: of})
	if r := s.fold(t); r.State() != StateClosed || len(r.Closings) != 2 {
		t.Errorf("%s: %+v", r.State(), r.Closings)
	}
}

func TestUndertakingStates(t *testing.T) {
	due := began.Add(time.Hour)
	before, after := due.Add(-time.Minute), due.Add(time.Minute)
	var s script
	of := Of{s.say(transcript.A, KindTeam, &Team{})}
	u := s.say(transcript.A, KindUndertaking, &Undertaking{Of: of, Owner: transcript.B, Due: due})
	want := func(at time.Time, state string, late bool) {
		t.Helper()
		r := s.fold(t)
		if got, l := r.Undertakings[0].StateAt(at); got != state || l != late {
			t.Errorf("%s, late %t; want %s, late %t", got, l, state, late)
		}
	}
	answer := func(side transcript.Side, entry, word string) {
		s.say(side, KindAnswer, &Answer{Of: of, Entry: entry, Answer: word})
	}
	want(after, Proposed, false)
	answer(transcript.B, u, Dispute)
	want(after, Refused, false)
	answer(transcript.B, u, Agree)
	want(before, StateOpen, false)
	want(due, StateOpen, false)
	want(after, Late, true)
	// What both agreed on does not move by one side's word.
	s.say(transcript.A, KindUndertaking, &Undertaking{Of: of, InsteadOf: u, Owner: transcript.A, Due: due.Add(time.Hour)})
	want(after, Late, true)
	s.say(transcript.B, KindReport, &Report{Of: of, Undertaking: u, Text: "half"})
	want(after, Late, true)
	done := s.say(transcript.B, KindReport, &Report{Of: of, Undertaking: u, Done: true})
	want(after, Reported, false) // reported before it was due, by the clock of its owner
	answer(transcript.A, done, Dispute)
	want(after, Late, true)
	answer(transcript.A, done, Agree)
	want(after, Accepted, false)
}

// draw draws acts of one review that may or may not fit each other.
func draw(t *rapid.T) []Act {
	var s script
	of := Of{s.say(transcript.A, KindIncident, &Incident{Title: "x"})}
	for range rapid.IntRange(0, 30).Draw(t, "acts") {
		side := rapid.SampledFrom([]transcript.Side{transcript.A, transcript.B}).Draw(t, "side")
		some := func(label string) string {
			return name(rapid.SampledFrom([]transcript.Side{transcript.A, transcript.B}).Draw(t, label+" side"), rapid.IntRange(0, 8).Draw(t, label))
		}
		instead := ""
		if rapid.Bool().Draw(t, "amends") {
			instead = some("version")
		}
		switch rapid.IntRange(0, 6).Draw(t, "kind") {
		case 0:
			s.say(side, KindItem, &Item{Of: of, InsteadOf: instead, From: began.Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "from")) * time.Hour)})
		case 1:
			s.say(side, KindFinding, &Finding{Of: of, InsteadOf: instead})
		case 2:
			s.say(side, KindUndertaking, &Undertaking{Of: of, InsteadOf: instead, Owner: rapid.SampledFrom([]transcript.Side{transcript.A, transcript.B}).Draw(t, "owner"), Due: began.Add(time.Hour)})
		case 3:
			s.say(side, KindReport, &Report{Of: of, Undertaking: some("undertaking"), Done: rapid.Bool().Draw(t, "done")})
		case 4, 5:
			s.say(side, KindAnswer, &Answer{Of: of, Entry: some("answered"), Answer: rapid.SampledFrom([]string{Agree, Dispute, NotKnown, "x"}).Draw(t, "answer")})
		case 6:
			if rapid.IntRange(0, 5).Draw(t, "end") == 0 {
				s.say(side, KindClosed, &Closed{Of: of})
			} else {
				s.say(side, KindMember, &Member{Of: of, Member: "m", Left: rapid.Bool().Draw(t, "left")})
			}
		}
	}
	return s.acts
}

// TestOrderOfArrivalChangesNothing: a review is a function of the acts, in whatever order they came.
func TestOrderOfArrivalChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		acts := draw(t)
		one, ok := Fold(acts)
		rand.New(rand.NewPCG(1, rapid.Uint64().Draw(t, "seed"))).Shuffle(len(acts), func(i, j int) { acts[i], acts[j] = acts[j], acts[i] })
		other, ok2 := Fold(acts)
		if ok != ok2 || !reflect.DeepEqual(one, other) {
			t.Fatalf("\n%+v\n%+v", one, other)
		}
	})
}

// TestStandingsByABook holds each item's end against a slower way to it: the answers read one by one, the
// last of the other side to the last version.
func TestStandingsByABook(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		acts := draw(t)
		r, _ := Fold(acts)
		for i := range r.Items {
			p := &r.Items[i]
			want, at := OneSided, int64(-1)
			for _, a := range acts {
				x, ok := a.Says.(*Answer)
				if !ok || a.Side == p.Side || x.Entry != p.Newest().Entry || a.Seq < at {
					continue
				}
				if end, ok := map[string]string{Agree: Agreed, Dispute: Disputed, NotKnown: OneSided}[x.Answer]; ok {
					want, at = end, a.Seq
				}
			}
			if got := p.Newest().Standing(); got != want {
				t.Fatalf("%s ends as %s, and by the book %s", p.Newest().Entry, got, want)
			}
		}
	})
}

// TestNoFieldForBlame walks the members of everything that is said in a review.
func TestNoFieldForBlame(t *testing.T) {
	seen := 0
	var walk func(reflect.Type)
	walk = func(at reflect.Type) {
		switch at.Kind() {
		case reflect.Pointer, reflect.Slice:
			walk(at.Elem())
		case reflect.Struct:
			for i := range at.NumField() {
				f := at.Field(i)
				for _, word := range []string{"blame", "fault", "guilt", "culp", "responsib", "liab", "cause", "caused", "perpet", "offend", "target", "weapon", "intent"} {
					if strings.Contains(strings.ToLower(f.Name+" "+f.Tag.Get("json")), word) {
						t.Errorf("%s has a field %s", at, f.Name)
					}
				}
				seen++
				walk(f.Type)
			}
		}
	}
	for _, kind := range Kinds() {
		walk(reflect.TypeOf(New(kind)))
	}
	if seen < 50 {
		t.Errorf("only %d fields were looked at", seen)
	}
}

func TestFreezeHolds(t *testing.T) {
	var f Freeze
	o := transcript.Origin{Line: strings.Repeat("ab", 32), Epoch: 1, Side: transcript.A}
	if f.Holds(o, 3, began) {
		t.Error("a freeze of nothing holds something")
	}
	f.Add(began, began.Add(time.Hour))
	f.AddEntry(o, 7)
	for _, tt := range []struct {
		of   transcript.Origin
		seq  int64
		at   time.Time
		want bool
	}{
		{o, 3, began, true}, {o, -1, began.Add(time.Hour), true}, {o, -1, began.Add(time.Hour + 1), false}, {o, 3, began.Add(-1), false},
		{o, 7, began.Add(-time.Hour), true}, {o.Other(), 7, began.Add(-time.Hour), false}, {o, -1, began.Add(-time.Hour), false},
	} {
		if got := f.Holds(tt.of, tt.seq, tt.at); got != tt.want {
			t.Errorf("%v #%d at %s: %t", tt.of, tt.seq, tt.at, got)
		}
	}
}
