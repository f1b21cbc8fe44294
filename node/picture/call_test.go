package picture

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/node/body"
	"parley/transcript"
)

// callDraft draws a call, or what follows one that may or may not be there.
func callDraft(t *rapid.T, seq int, own, other body.Ref) transcript.Draft {
	t.Helper()
	at := time.Date(2026, 12, 1, 6, rapid.IntRange(1, 59).Draw(t, "review"), 0, 0, time.UTC)
	words := body.Speech{Phrase: rapid.IntRange(0, 3).Draw(t, "phrase"), Text: "words", Language: "en", Officer: "o", Role: "duty"}
	if rapid.Bool().Draw(t, "translated") {
		words.Translation = &body.Translation{Language: "ru", Text: "слова", Translator: "i"}
	}
	about := rapid.SampledFrom([]body.Ref{own, other}).Draw(t, "about")
	call := body.Call{Speech: words}
	var v any = call
	kind := rapid.SampledFrom([]string{
		body.KindQuery, body.KindConcern, body.KindHold, body.KindHold, body.KindDistress,
		body.KindAnswer, body.KindHoldAnswer, body.KindHoldAnswer, body.KindDistressAnswer,
		body.KindHoldReview, body.KindHoldLift, body.KindEnd, body.KindDistressEnd, body.KindTaken, body.KindTranslation,
	}).Draw(t, "call kind")
	switch kind {
	case body.KindHold:
		if rapid.Bool().Draw(t, "with review") {
			call.Review = at
		}
		v = call
	case body.KindDistress:
		call.Danger = body.Danger{Position: &body.Position{35.5, -1.25}, LastSeen: at, Persons: seq, Nature: "lost"}
		v = call
	case body.KindAnswer, body.KindHoldAnswer, body.KindDistressAnswer:
		v = body.Answer{Call: about, Word: rapid.SampledFrom(append(body.Words(), "", "maybe")).Draw(t, "word"), Speech: words}
	case body.KindHoldReview:
		v = body.Review{Call: about, Review: at, Speech: words}
	case body.KindHoldLift, body.KindEnd, body.KindDistressEnd:
		v = body.End{Call: about, Speech: words}
	case body.KindTaken:
		v = body.Received{Entry: about, Officer: "o", Role: "duty"}
	case body.KindTranslation:
		v = body.Translated{Entry: about, Language: "ru", Text: "слова", Officer: "i", Role: "interpreter"}
	}
	d, err := body.Draft(kind, v)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestAdvanceCopiesChangeNothingInTheEnd: of two nodes that hold the same two transcripts, whatever
// came ahead of its turn at which, and in what order, both say the same of every call at every time.
func TestAdvanceCopiesChangeNothingInTheEnd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := map[transcript.Side][]Said{}
		for _, side := range []transcript.Side{transcript.A, transcript.B} {
			for i := range rapid.IntRange(0, 8).Draw(t, "entries") {
				own, other := ref(side, rapid.IntRange(0, max(i-1, 0)).Draw(t, "own")), ref(side.Other(), rapid.IntRange(0, 7).Draw(t, "other"))
				list[side] = append(list[side], said(t, side, i, callDraft(t, i, own, other)))
			}
		}
		whole := New(line)
		for _, s := range append(append([]Said{}, list[transcript.A]...), list[transcript.B]...) {
			_, _ = whole.Apply(s) // what does not fit is counted, and compared below
		}
		p, left := New(line), map[transcript.Side][]Said{transcript.A: list[transcript.A], transcript.B: list[transcript.B]}
		for len(left[transcript.A])+len(left[transcript.B]) > 0 {
			side := rapid.SampledFrom([]transcript.Side{transcript.A, transcript.B}).Draw(t, "side")
			if len(left[side]) == 0 {
				side = side.Other()
			}
			next := left[side][0]
			if rapid.Bool().Draw(t, "ahead") {
				next = rapid.SampledFrom(left[side]).Draw(t, "which")
				if next.Ahead = true; !body.Urgent(next.Kind) {
					continue
				}
				_, _ = p.Apply(next)
				continue
			}
			_, _ = p.Apply(next)
			left[side] = left[side][1:]
		}
		if one, other := dump(whole), dump(p); one != other || whole.Unread() != p.Unread() || len(p.ahead) != 0 {
			t.Fatalf("%d unread:\n%s\n%d unread, %v ahead:\n%s", whole.Unread(), one, p.Unread(), p.ahead, other)
		}
	})
}

// TestHoldStates plays a hold through every state that it has.
func TestHoldStates(t *testing.T) {
	p := New(line)
	called := time.Date(2026, 12, 1, 6, 0, 0, 0, time.UTC)
	say := func(side transcript.Side, seq int64, at time.Duration, kind string, v any) {
		t.Helper()
		d, err := body.Draft(kind, v)
		if err == nil {
			_, err = p.Apply(Said{Ref: body.Ref{Origin: transcript.Origin{Line: line, Epoch: 1, Side: side}, Seq: seq}, Time: called.Add(at), Kind: kind, Fields: d.Fields})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	words := body.Speech{Text: "words", Language: "en", Officer: "o"}
	hold := ref(transcript.A, 0)
	want := func(at time.Duration, state string, waits bool) {
		t.Helper()
		if s := p.StateOf(p.Call(hold), called.Add(at)); s.State != state || s.Waits != waits {
			t.Errorf("after %s: %s, waits %v; want %s, %v", at, s.State, s.Waits, state, waits)
		}
	}
	say(transcript.A, 0, 0, body.KindHold, body.Call{Speech: words})
	want(0, "open", true)
	say(transcript.B, 0, time.Minute, body.KindTaken, body.Received{Entry: hold, Officer: "b"})
	want(time.Minute, "open", true)
	say(transcript.A, 1, time.Minute, body.KindHoldAnswer, body.Answer{Call: hold, Word: body.Holding, Speech: words})
	want(time.Minute, "open", true) // the caller does not answer itself
	say(transcript.B, 1, time.Minute, body.KindHoldAnswer, body.Answer{Call: hold, Speech: words})
	want(time.Minute, "open", true) // words alone are no answer to a hold
	say(transcript.B, 2, 2*time.Minute, body.KindHoldAnswer, body.Answer{Call: hold, Word: body.CannotHold, Speech: words})
	want(3*time.Minute, "cannot-hold", false)
	say(transcript.B, 3, 4*time.Minute, body.KindHoldAnswer, body.Answer{Call: hold, Word: body.Holding, Speech: words})
	want(5*time.Minute, "holding", false)
	want(30*time.Minute-1, "holding", false)
	want(30*time.Minute, "lapsed", false)
	say(transcript.A, 2, 31*time.Minute, body.KindHoldReview, body.Review{Call: hold, Review: called.Add(time.Hour), Speech: words})
	want(31*time.Minute, "holding", false)
	want(time.Hour, "lapsed", false)
	say(transcript.A, 3, 61*time.Minute, body.KindHoldLift, body.End{Call: hold, Speech: words})
	want(61*time.Minute, "lifted", false)
	want(100*time.Hour, "lifted", false)
}
