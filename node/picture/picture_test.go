package picture

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"pgregory.net/rapid"

	"parley/node/body"
	"parley/notice"
	"parley/transcript"
	"parley/transcript/ledger"
)

var line = strings.Repeat("ab", 32)

// said seals a draft as entry seq of a side and opens it again, as a ledger hands it on.
func said(t rapid.TB, side transcript.Side, seq int, d transcript.Draft) Said {
	t.Helper()
	at := time.Date(2026, 12, 1, 6, 0, seq, 0, time.UTC)
	salts := rand.NewChaCha8([32]byte{byte(seq)})
	sealed, e, err := transcript.Seal(salts, d, transcript.Meta{Agreement: line, Author: string(side), Seq: int64(seq), Time: at})
	if err != nil {
		t.Fatal(err)
	}
	s, err := Of(ledger.Record{Origin: transcript.Origin{Line: line, Epoch: 1, Side: side}, Entry: e,
		Bytes: sealed.Bytes, Disclosures: sealed.Disclosures, HeldAt: at})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func ref(side transcript.Side, seq int) body.Ref {
	return body.Ref{Origin: transcript.Origin{Line: line, Epoch: 1, Side: side}, Seq: int64(seq)}
}

// draft draws one thing to say. It refers to entries of either side that may or may not be there.
func draft(t *rapid.T, side transcript.Side, seq int) transcript.Draft {
	t.Helper()
	own := ref(side, rapid.IntRange(0, max(seq-1, 0)).Draw(t, "own"))
	other := ref(side.Other(), rapid.IntRange(0, 11).Draw(t, "other"))
	var d transcript.Draft
	var err error
	who := rapid.SampledFrom([]string{"o", "p"}).Draw(t, "officer")
	word := rapid.SampledFrom([]string{"anchor", "birch"}).Draw(t, "word")
	switch rapid.IntRange(0, 29).Draw(t, "what") {
	case 0, 1:
		return noticeDraft(t, seq)
	case 2:
		d, err = body.Draft(body.KindState, body.State{First: own, Event: rapid.SampledFrom([]notice.Event{notice.Activate, notice.End, notice.Cancel}).Draw(t, "event"), Officer: "o"})
	case 3:
		d, err = body.Draft(body.KindReceived, body.Received{Entry: other, Officer: "o", Role: "duty"})
	case 4:
		d, err = body.Draft(body.KindOwned, body.Owned{Conflict: rapid.SampledFrom([]string{"x", "y"}).Draw(t, "conflict"), Officer: "o"})
	case 5, 6:
		return callDraft(t, seq, own, other)
	case 25, 26, 27:
		return reviewDraft(t, side, seq)
	case 17, 18, 19, 20:
		return voiceDraft(t, seq, own, other)
	case 7:
		d, err = body.Draft(body.KindPresent, body.Present{Officer: who, Role: "duty", Relieves: rapid.SampledFrom([]string{"", "p"}).Draw(t, "relieves")})
	case 8:
		d, err = body.Draft(body.KindLeft, body.Left{Officer: who, Role: "duty"})
	case 9:
		d, err = body.Draft(body.KindTest, body.Test{Word: word, Officer: who, Role: "duty"})
	case 10:
		d, err = body.Draft(body.KindTested, body.Tested{Test: other, Word: word, Officer: who, Role: "duty"})
	case 11:
		b := body.ReadBack{Entry: other, Officer: "o", By: body.ByVoice, Same: rapid.Bool().Draw(t, "same")}
		if !b.Same {
			b.Differences = []body.Difference{{Field: "place", Told: "a", ReadBack: "b", Text: "9.2 km off"}}
		}
		d, err = body.Draft(body.KindReadBack, b)
	case 12:
		d, err = body.Draft(body.KindRelayed, body.Relayed{Entry: other, Unit: "patrol", Means: "radio", Officer: "o", Remark: "r"})
	case 13:
		d, err = body.Draft(body.KindUnit, body.Unit{Entry: other, Unit: "patrol", Unable: rapid.Bool().Draw(t, "unable"), Reason: "r", Officer: "o"})
	case 14:
		d, err = body.Draft(body.KindProposed, body.Proposed{Conflict: rapid.SampledFrom([]string{"x", "y"}).Draw(t, "conflict"), Mover: "a",
			A: body.Party{First: own, Version: 1}, B: body.Party{First: other, Version: 2}, Shift: body.Shift{TimeS: 60, AltitudeUnit: "FL"}, Officer: "o"})
	case 15:
		d, err = body.Draft(body.KindReplied, body.Replied{Conflict: rapid.SampledFrom([]string{"x", "y"}).Draw(t, "conflict"), Proposal: other,
			Accepted: rapid.Bool().Draw(t, "accepted"), Officer: "o"})
	case 16:
		d, err = body.Draft(body.KindSettled, body.Settled{Conflict: rapid.SampledFrom([]string{"x", "y"}).Draw(t, "conflict"),
			How: rapid.SampledFrom([]string{body.Joint, body.AcceptedRisk}).Draw(t, "how"), A: body.Party{First: own, Version: 1}, B: body.Party{First: other, Version: 1}, Officer: "o"})
	case 22, 23, 24:
		return statementDraft(t, side, other)
	case 28, 29:
		return consentDraft(t)
	case 21:
		d, err = body.Draft(body.KindConfirmed, body.Confirmed{First: own, Version: rapid.IntRange(1, 3).Draw(t, "version"), Officer: who, Role: "duty", Remark: "r"})
	}
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func noticeDraft(t *rapid.T, seq int) transcript.Draft {
	t.Helper()
	start := time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC)
	n := notice.Notice{ID: rapid.SampledFrom([]string{"n-1", "n-2", "n-3"}).Draw(t, "id"), Version: rapid.IntRange(1, 3).Draw(t, "version"), Kind: notice.Area, Place: fmt.Sprintf("sector %d", seq%3)}
	n.Window.Start, n.Window.End = start, start.Add(time.Hour)
	if other := rapid.SampledFrom([]string{"", "n-1", "n-2"}).Draw(t, "supersedes"); other != n.ID {
		n.Supersedes = other
	}
	fields, err := notice.Fields(n)
	if err != nil {
		t.Fatal(err)
	}
	d := transcript.Draft{Kind: body.KindNotice}
	shown := rapid.Bool().Draw(t, "shown")
	for _, f := range fields {
		if shown {
			d.Fields = append(d.Fields, transcript.Field{Name: f.Name, Value: f.Value, Shown: true})
		}
	}
	return d
}

// spell writes a value with what its pointers point to.
func spell(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// dump says all that a picture knows, in one order.
func dump(p *Picture) string {
	var b bytes.Buffer
	for n := range p.Notices() {
		fmt.Fprintf(&b, "notice %v first %s\n", n.Key, n.First)
		for i := range n.Versions {
			v := &n.Versions[i]
			fmt.Fprintf(&b, "  %s version %d hidden %v flaw %q adds %v received %v confirmed %v\n", v.Ref, v.Notice.Version, v.Hidden, v.Flaw, v.AddsSpaceOrTime, p.Receipts(v.Ref), v.Confirmed)
		}
		fmt.Fprintf(&b, "  events %v\n", n.Events)
	}
	for _, c := range p.Conflicts() {
		fmt.Fprintf(&b, "conflict %+v\n", *c)
	}
	for _, c := range p.Calls() {
		fmt.Fprintf(&b, "call %s %s review %v answers %v taken %v reviews %v ends %v\n", c.Ref, c.Type, c.Call.Review, spell(c.Answers), p.TakenBy(c), spell(c.Reviews), spell(c.Ends))
		for _, minutes := range []time.Duration{0, 1, 2, 5, 30, 60, 100_000} {
			s := p.StateOf(c, c.Time.Add(minutes*time.Minute))
			fmt.Fprintf(&b, "  at %d: %s waits %v review %v\n", minutes, s.State, s.Waits, s.Review)
		}
	}
	for _, h := range p.Heard() {
		fmt.Fprintf(&b, "heard %s as %s same %v %v closed %v\n", h.Ref, h.Match, h.Same, h.Differences, spell(h.Closed))
	}
	fmt.Fprintf(&b, "passed %v\n", p.AllPassed())
	for _, r := range p.Reviews() {
		fmt.Fprintf(&b, "review %s\n", spell(r))
	}
	for _, side := range []transcript.Side{transcript.A, transcript.B} {
		asked, answered := p.NewestTest(side)
		for _, x := range p.LineTests(side) {
			tested, ok := p.Tested(x.Ref)
			fmt.Fprintf(&b, "test %v tested %v %v\n", x, ok, tested)
		}
		fmt.Fprintf(&b, "newest %v answered %v desk %v handed %v\n", asked, answered, p.duty.present[side], p.HandOver(side))
	}
	dumpStatements(p, &b)
	dumpConsents(p, &b)
	fmt.Fprintf(&b, "filed %v %v\n", p.LastFiled(transcript.A), p.LastFiled(transcript.B))
	return b.String()
}

// TestOrderOfArrivalChangesNothing: a picture is a function of the two heads, in whatever order the
// entries of the two transcripts came.
func TestOrderOfArrivalChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var a, b []Said
		for i := range rapid.IntRange(0, 12).Draw(t, "entries of a") {
			a = append(a, said(t, transcript.A, i, draft(t, transcript.A, i)))
		}
		for i := range rapid.IntRange(0, 12).Draw(t, "entries of b") {
			b = append(b, said(t, transcript.B, i, draft(t, transcript.B, i)))
		}
		first, second := New(line), New(line)
		for _, s := range append(append([]Said{}, a...), b...) {
			_, _ = first.Apply(s) // what does not fit is counted, and compared below
		}
		for x, y := a, b; len(x)+len(y) > 0; {
			if len(y) == 0 || len(x) > 0 && rapid.Bool().Draw(t, "a next") {
				_, _ = second.Apply(x[0])
				x = x[1:]
			} else {
				_, _ = second.Apply(y[0])
				y = y[1:]
			}
		}
		if one, other := dump(first), dump(second); one != other || first.Unread() != second.Unread() {
			t.Fatalf("%d unread:\n%s\n%d unread:\n%s", first.Unread(), one, second.Unread(), other)
		}
	})
}
