package verdict

import (
	"fmt"

	"parley/catalogue"
	"parley/transcript"
)

// transcriptLines says in the reader's language how much of a transcript the file shows, what it leaves out
// and what was delivered when. What it is signed with, and what a log or a witness adds, is in the report as
// text alone.
func (r Result) transcriptLines(t transcript.TranscriptReport) []LineView {
	var out []LineView
	add := func(key string, args ...catalogue.Arg) {
		out = append(out, LineView{Text: r.In.Say(catalogue.Say("verdict."+key, args...))})
	}
	count := func(n int64) catalogue.Arg { return catalogue.CountOf("count", int(n)) }
	if t.First.IsZero() {
		add("entries", count(t.Entries))
	} else {
		add("entries-from", count(t.Entries), catalogue.At("start", catalogue.Stamp, t.First), catalogue.At("end", catalogue.Stamp, t.Last), catalogue.ByPeople("party", t.Author))
	}
	if t.Missing > 0 {
		add("missing", count(t.Missing))
	}
	add("fields", count(t.Disclosed))
	if t.LeftOut > 0 {
		add("left", count(t.LeftOut), catalogue.ByPeople("party", t.Receiver))
	}
	for _, d := range t.Deliveries {
		span := fmt.Sprintf("%s#%d", r.Short(t.Origin), d.First)
		if d.First != d.Last {
			span += fmt.Sprintf("-%d", d.Last)
		}
		id := catalogue.AsCode("id", span)
		if d.Time.IsZero() {
			add("undelivered", id)
		} else {
			add("delivered", id, catalogue.ByPeople("peer", t.Receiver), catalogue.At("stamp", catalogue.Stamp, d.Time), catalogue.ByPeople("party", d.Clock))
		}
	}
	return out
}
