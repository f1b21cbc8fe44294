package picture

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/node/body"
	"parley/transcript"
)

// spoken applies an entry of an officer of the desk to side a.
func spoken(t testing.TB, p *Picture, seq int, at time.Time, kind string, v any) {
	t.Helper()
	d, err := body.Draft(kind, v)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Apply(Said{Ref: ref(transcript.A, seq), Time: at, HeldAt: at, Kind: kind, Fields: d.Fields}); err != nil {
		t.Fatal(err)
	}
}

func TestDesk(t *testing.T) {
	const counts = 30 * time.Minute
	at := func(m int) time.Time { return noon.Add(time.Duration(m) * time.Minute) }
	p := New(line)
	if got := p.Desk(transcript.A, counts, at(0)); got.State != DeskUnknown {
		t.Errorf("nobody ever said anything: %+v", got)
	}
	spoken(t, p, 0, at(-600), body.KindPresent, body.Present{Officer: "Yesterday", Role: "duty"})
	spoken(t, p, 1, at(0), body.KindReceived, body.Received{Entry: ref(transcript.B, 3), Officer: "Ana", Role: "duty"})
	spoken(t, p, 2, at(10), body.KindPresent, body.Present{Officer: "Boris", Role: "supervisor", Relieves: "Ana"})
	spoken(t, p, 3, at(11), body.KindQuery, body.Call{Speech: body.Speech{Text: "?", Language: "en", Officer: "Paul", Role: "planner"}})
	spoken(t, p, 4, at(35), body.KindLeft, body.Left{Officer: "Boris", Role: "supervisor"})
	for _, c := range []struct {
		now   time.Time
		state DeskState
		since time.Time
		who   string
	}{
		// Boris has left at 35 minutes, and Ana was last there at 0.
		{at(29), DeskManned, at(0), "Ana"},
		{at(35), DeskUnanswered, at(35), "Ana"},
		{at(60).Add(-1), DeskUnanswered, at(35), "Ana"},
		{at(60), DeskUnmanned, at(60), "Ana"},
		{at(6000), DeskUnmanned, at(60), "Ana"},
	} {
		if got := p.Desk(transcript.A, counts, c.now); got.State != c.state || !got.Since.Equal(c.since) || got.Last.Officer.Officer != c.who {
			t.Errorf("at %s: %+v, want %s since %s by %s", c.now, got, c.state, c.since, c.who)
		}
	}
	if h := p.HandOver(transcript.A); h.Relieves != "Ana" || !h.Time.Equal(at(10)) {
		t.Errorf("the hand-over: %+v", h)
	}
	spoken(t, p, 5, at(40), body.KindLeft, body.Left{Officer: "Ana", Role: "duty"})
	spoken(t, p, 6, at(41), body.KindLeft, body.Left{Officer: "Yesterday", Role: "duty"})
	if got := p.Desk(transcript.A, counts, at(42)); got.State != DeskUnmanned || !got.Since.Equal(at(41)) || !got.Due.IsZero() {
		t.Errorf("all have left: %+v", got)
	}
	spoken(t, p, 7, at(50), body.KindPresent, body.Present{Officer: "Ana", Role: "duty"})
	if got := p.Desk(transcript.A, counts, at(80).Add(-1)); got.State != DeskManned || !got.Due.Equal(at(80)) {
		t.Errorf("one is back: %+v", got)
	}
	if got := p.Desk(transcript.B, counts, at(50)); got.State != DeskUnknown {
		t.Errorf("the other desk: %+v", got)
	}
}

// TestDeskStatesFollowEachOther: as time goes on with nothing said, a desk goes from manned to
// unanswered to unmanned and never back, and since is when that was.
func TestDeskStatesFollowEachOther(t *testing.T) {
	rank := map[DeskState]int{DeskUnknown: 0, DeskManned: 1, DeskUnanswered: 2, DeskUnmanned: 3}
	rapid.Check(t, func(t *rapid.T) {
		p, last := New(line), noon
		for i := range rapid.IntRange(1, 6).Draw(t, "entries") {
			last = last.Add(time.Duration(rapid.IntRange(0, 50).Draw(t, "minutes")) * time.Minute)
			who := rapid.SampledFrom([]string{"o", "p"}).Draw(t, "officer")
			d, err := body.Draft(body.KindPresent, body.Present{Officer: who, Role: "duty"})
			if rapid.Bool().Draw(t, "leaves") {
				d, err = body.Draft(body.KindLeft, body.Left{Officer: who, Role: "duty"})
			}
			if err != nil {
				t.Fatal(err)
			}
			if _, err := p.Apply(Said{Ref: ref(transcript.A, i), Time: last, Kind: d.Kind, Fields: d.Fields}); err != nil {
				t.Fatal(err)
			}
		}
		counts := time.Duration(rapid.IntRange(1, 60).Draw(t, "counts")) * time.Minute
		was := p.Desk(transcript.A, counts, last)
		for now := last; now.Before(last.Add(3 * counts)); now = now.Add(time.Minute) {
			got := p.Desk(transcript.A, counts, now)
			if rank[got.State] < rank[was.State] || got.State == DeskUnknown || got.Since.After(now) {
				t.Fatalf("%+v after %+v at %s", got, was, now)
			}
			if got.State != was.State && !got.Since.Equal(now) && got.Since.Before(now.Add(-time.Minute)) {
				t.Fatalf("%+v began before it was seen: %+v at %s", got, was, now)
			}
			was = got
		}
		if was.State != DeskUnmanned && p.Desk(transcript.A, counts, last.Add(3*counts)).State != DeskUnmanned {
			t.Fatalf("never unmanned: %+v", was)
		}
	})
}

func TestLineTestsInPicture(t *testing.T) {
	p := New(line)
	spoken(t, p, 0, noon, body.KindTest, body.Test{Word: "birch", Officer: "Ana", Role: "duty"})
	spoken(t, p, 1, noon.Add(time.Minute), body.KindTest, body.Test{Word: "anchor", Officer: "Ana", Role: "duty"})
	answer := func(seq int, test body.Ref, word string) {
		d, err := body.Draft(body.KindTested, body.Tested{Test: test, Word: word, Officer: "Boris", Role: "duty"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Apply(Said{Ref: ref(transcript.B, seq), Time: noon.Add(time.Hour), Kind: d.Kind, Fields: d.Fields}); err != nil {
			t.Fatal(err)
		}
	}
	answer(0, ref(transcript.A, 1), "birch") // the word of another test
	if asked, answered := p.NewestTest(transcript.A); asked.Word != "anchor" || !answered.Ref.IsZero() {
		t.Errorf("a wrong word: %+v answered %+v", asked, answered)
	}
	answer(1, ref(transcript.A, 1), "anchor")
	answer(2, ref(transcript.A, 0), "birch")
	if _, answered := p.NewestTest(transcript.A); answered.Word != "anchor" {
		t.Errorf("the newest that was answered is %+v", answered)
	}
	if x, ok := p.Tested(ref(transcript.A, 1)); !ok || x.Ref != ref(transcript.B, 1) {
		t.Errorf("answered by %+v, %t", x, ok)
	}
	d, err := body.Draft(body.KindTested, body.Tested{Test: ref(transcript.A, 0), Word: "birch"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Apply(Said{Ref: ref(transcript.A, 2), Time: noon, Kind: d.Kind, Fields: d.Fields}); err == nil {
		t.Error("a party answered its own test")
	}
}
