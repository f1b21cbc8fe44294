package picture

import (
	"time"

	"pgregory.net/rapid"

	"parley/node/body"
	"parley/review"
	"parley/transcript"
)

// reviewDraft draws what opens a review, or something of one that may or may not be there.
func reviewDraft(t *rapid.T, side transcript.Side, seq int) transcript.Draft {
	t.Helper()
	entry := func(label string) string {
		of := rapid.SampledFrom([]transcript.Side{transcript.A, transcript.B}).Draw(t, label+" of")
		return ref(of, rapid.IntRange(0, 8).Draw(t, label)).String()
	}
	of := review.Of{Of: ref(transcript.A, rapid.IntRange(0, 3).Draw(t, "review")).String()}
	instead := ""
	if rapid.Bool().Draw(t, "amends") {
		instead = entry("version")
	}
	at := time.Date(2026, 12, 1, 6, rapid.IntRange(0, 59).Draw(t, "minute"), 0, 0, time.UTC)
	by := review.By{Officer: "o", Role: "supervisor"}
	links := []review.Link{{Entry: entry("link")}, {SHA256: "ab", Description: "a recording"}}
	kind := rapid.SampledFrom(append(review.Kinds(), review.KindIncident, review.KindItem, review.KindAnswer)).Draw(t, "kind")
	var says any
	switch kind {
	case review.KindIncident:
		says = review.Incident{Title: "t", From: at, Until: at.Add(time.Hour), Notices: []string{entry("notice")}, Heads: []review.Head{{Origin: "o", Size: int64(seq), Root: "r"}}, By: by}
	case review.KindTeam:
		says = review.Team{Title: "t", Goal: "g", By: by}
	case review.KindItem:
		says = review.Item{Of: of, InsteadOf: instead, Text: "x", From: at, Clock: "a", Links: links, By: by}
	case review.KindFinding:
		says = review.Finding{Of: of, InsteadOf: instead, Text: "x", By: by}
	case review.KindUndertaking:
		owner := rapid.SampledFrom([]transcript.Side{side, side.Other(), "c"}).Draw(t, "owner")
		says = review.Undertaking{Of: of, InsteadOf: instead, Text: "x", Owner: owner, OwnerRole: "planner", Due: at, Remind: at, By: by}
	case review.KindReport:
		says = review.Report{Of: of, Undertaking: entry("undertaking"), Text: "x", Done: rapid.Bool().Draw(t, "done"), By: by}
	case review.KindMember:
		says = review.Member{Of: of, Member: rapid.SampledFrom([]string{"m", "n"}).Draw(t, "member"), Left: rapid.Bool().Draw(t, "left"), By: by}
	case review.KindAnswer:
		says = review.Answer{Of: of, Entry: entry("answered"), Answer: rapid.SampledFrom([]string{review.Agree, review.Dispute, review.NotKnown, "maybe"}).Draw(t, "answer"), Links: links, By: by}
	case review.KindClosed:
		says = review.Closed{Of: of, By: by}
	}
	d, err := body.Draft(kind, says)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
