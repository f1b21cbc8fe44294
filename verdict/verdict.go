package verdict

import (
	"io"

	"parley/agreement"
	"parley/catalogue"
	"parley/transcript"
)

// maxSaid is of how many entries of a transcript the text says when each was said and delivered. A whole
// export holds more, and the timeline shows them.
const maxSaid = 100

// Options say how to check a file.
type Options struct {
	// Trust lists the party keys that the reader got elsewhere; nil means that none were given.
	Trust []transcript.TrustedKey
	// Witnesses and DemandWitnessed are those of transcript.Options.
	Witnesses []transcript.WitnessKey
	// Keep keeps what transcript.Compare needs; Later is that of transcript.Options.
	Keep            bool
	Later           []transcript.LaterVersion
	DemandWitnessed bool
	// Progress, if set, is told now and then how many entries have been read.
	Progress func(entries int64)
	// Said is of how many entries of a transcript the times are kept for the timeline; 0 for those alone
	// of which the text says them.
	Said int
}

// Result is what a file shows.
type Result struct {
	transcript.Report
	Agreements []agreement.Agreement // signed by both parties, in the order of the file

	// In is the catalogue by which View and RowView speak; nil for English.
	In   *catalogue.Catalogue `json:"-"`
	Keys []agreement.Keys     // of versions that the file does not show, likewise
}

// Check reads a file to its end and judges it.
func Check(file io.Reader, o Options) Result {
	var out Result
	out.Report = transcript.Verify(file, transcript.Options{
		Keep: o.Keep, Later: o.Later, Trust: o.Trust, Witnesses: o.Witnesses, DemandWitnessed: o.DemandWitnessed, Progress: o.Progress, Said: max(o.Said, maxSaid),
		Agreement: func(note []byte) (transcript.AgreementInfo, error) {
			info, err := agreement.Info(note)
			if a, openErr := agreement.Open(note); err == nil && openErr == nil {
				out.Agreements = append(out.Agreements, a)
			}
			return info, err
		},
		Keys: func(note []byte) (transcript.AgreementInfo, error) {
			info, err := agreement.KeysInfo(note)
			if k, openErr := agreement.OpenKeys(note); err == nil && openErr == nil {
				out.Keys = append(out.Keys, k.Keys)
			}
			return info, err
		},
	})
	return out
}

// Brief returns the report as it is printed: without the times of single entries where there are too many
// to read.
func (r Result) Brief() transcript.Report {
	out := r.Report
	out.Transcripts = append([]transcript.TranscriptReport(nil), r.Transcripts...)
	for i := range out.Transcripts {
		if len(out.Transcripts[i].Said) > maxSaid {
			out.Transcripts[i].Said = nil
		}
	}
	return out
}
