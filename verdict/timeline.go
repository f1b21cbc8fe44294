package verdict

import (
	"io"
	"iter"
	"slices"
	"time"

	"parley/agreement"
	"parley/transcript"
)

// Row is one place of the timeline: an entry, or entries that the file does not show.
type Row struct {
	transcript.Told
	Party    string
	Receiver string
	After    time.Time // the author had seen what the receiver signed then, by the receiver's clock; zero where that is not known
	Held     time.Time // by the receiver's clock; zero: delivery not shown
	Exercise bool      // a drill in an agreed window
	Unknown  bool      // a drill of which the file does not show whether it is in an agreed window
	LeftOut  int       // fields that the receiver was told and the file does not show
}

// Timeline yields both transcripts in their woven order: an entry comes after what its author had seen. It
// opens the file twice, checks nothing itself, and counts only as far as the result holds. An error is the
// last thing that it yields.
func (r Result) Timeline(open func() (io.ReadCloser, error)) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		parties, after := map[string]transcript.TranscriptReport{}, map[string]time.Time{}
		for _, t := range r.Transcripts {
			parties[t.Origin] = t
			for _, s := range t.Said {
				after[s.Entry] = s.After
			}
		}
		for told, err := range transcript.Woven(open) {
			if err != nil {
				yield(Row{}, err)
				return
			}
			t := parties[told.Origin.String()]
			row := Row{Told: told, Party: t.Author, Receiver: t.Receiver}
			if !told.Hidden && told.Err == nil {
				r.fill(&row, after)
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

func (r Result) fill(row *Row, after map[string]time.Time) {
	row.After = after[transcript.EntryName(row.Origin, row.Index)]
	row.Held, _ = r.Held(row.Origin, row.Index)
	row.LeftOut = len(row.Entry.Shown)
	for _, f := range row.Fields {
		if f.Shown {
			row.LeftOut--
		}
	}
	if row.Entry.Drill {
		row.Unknown = slices.ContainsFunc(r.Keys, func(k agreement.Keys) bool { return k.Agreement == row.Entry.Agreement })
		_, row.Exercise = agreement.ExerciseUntil(r.Agreements, row.Entry.Time)
	}
}
