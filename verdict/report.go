package verdict

import (
	"io"
	"strings"

	"parley/catalogue"
	"parley/transcript"
)

// english reports whether the reader gets English, which package transcript says.
func english(c *catalogue.Catalogue) bool { return c == nil || c.Language == "en" }

// Verdict is the first line of the report, in the reader's language.
func (r Result) Verdict() string {
	if english(r.In) {
		return r.Report.Verdict()
	}
	failed := 0
	for _, c := range r.Checks {
		if !c.OK {
			failed++
		}
	}
	var names []catalogue.Message
	for _, s := range r.Signers {
		names = append(names, catalogue.Say("verdict.signer", catalogue.ByPeople("party", s.Name), catalogue.AsCode("id", s.Fingerprint)))
	}
	if len(names) == 0 {
		names = append(names, catalogue.Say("list.none"))
	}
	parts := catalogue.SaySeries("parts", names)
	switch {
	case r.OnlyForks() && r.Identified:
		return r.In.Say(catalogue.Say("verdict.forks-identified", parts))
	case r.OnlyForks():
		return r.In.Say(catalogue.Say("verdict.forks", parts))
	case failed > 0:
		return r.In.Say(catalogue.Say("verdict.broken", catalogue.CountOf("count", failed)))
	case r.Identified:
		return r.In.Say(catalogue.Say("verdict.holds", parts))
	}
	return r.In.Say(catalogue.Say("verdict.consistent", parts))
}

// WriteText writes the report as parley verify prints it, in the reader's language, without the times of
// single entries where there are too many to read.
func (r Result) WriteText(w io.Writer) error {
	r.Report = r.Brief()
	if english(r.In) {
		return r.Report.WriteText(w)
	}
	lines := []string{r.Verdict()}
	say := func(key string, args ...catalogue.Arg) { lines = append(lines, r.In.Say(catalogue.Say(key, args...))) }
	if r.Line != "" {
		say("verdict.line", catalogue.AsCode("id", r.Line[:min(len(r.Line), idDigits)]))
	}
	for _, c := range r.Checks {
		if !c.OK {
			lines = append(lines, r.wrong(c)...)
		}
	}
	if len(r.LeftOut) > 0 {
		say("verdict.not-judged", catalogue.AsCode("check", strings.Join(r.LeftOut, ", ")))
	}
	switch {
	case r.OnlyForks():
		say("verdict.each-signed")
	case !r.OK:
		say("verdict.do-not-rely")
	}
	for _, a := range r.NotShown {
		say("verdict.in-its-place", catalogue.CountOf("version", int(a.Version)), catalogue.AsCode("id", r.Short(a.ID)))
	}
	for _, a := range r.Later {
		lines = append(lines, r.later(a))
	}
	for _, w := range r.Witnesses {
		key := "verdict.witness-unknown"
		switch {
		case w.Cosignatures > 0 && !w.Counted:
			key = "verdict.witness-not-counted"
		case w.Identified:
			key = "verdict.witness-known"
		}
		say(key, catalogue.ByPeople("witness", w.Name), catalogue.CountOf("count", int(w.Cosignatures)))
	}
	for _, t := range r.Transcripts {
		lines = append(lines, r.transcriptText(t)...)
	}
	_, err := io.WriteString(w, strings.Join(lines, "\n")+"\n")
	return err
}

// idDigits are enough to tell ids of 64 digits apart.
const idDigits = 12

// transcriptText says of a transcript what the report does, below an empty line.
func (r Result) transcriptText(t transcript.TranscriptReport) []string {
	var out []string
	for i, line := range r.transcriptLines(t) {
		switch {
		case i == 0:
			out = append(out, "", r.title(t.Author, t.Origin)+r.In.Word("list.colon")+line.Text)
		case line.Part:
			out = append(out, "    "+line.Text)
		default:
			out = append(out, "  "+line.Text)
		}
	}
	return out
}

func (r Result) title(author, origin string) string {
	return r.In.Say(catalogue.Say("verdict.of", catalogue.ByPeople("party", author), catalogue.AsCode("id", r.Short(origin))))
}

// wrong says where and why a check failed, and below what it asks.
func (r Result) wrong(c transcript.Check) []string {
	name, why := catalogue.AsCode("check", c.Name), r.why(c)
	out := r.In.Say(catalogue.Say("verdict.wrong", name, why))
	if c.Entry != "" {
		out = r.In.Say(catalogue.Say("verdict.wrong-at", name, catalogue.AsCode("entry", r.Short(c.Entry)), why))
	}
	asks := r.checkWords(c.Name)
	if asks == "" {
		return []string{out}
	}
	return []string{out, "  " + r.In.Say(catalogue.Say("verdict.asks", catalogue.ByPeople("text", asks)))}
}

// why says why a check failed. Reasons of the inner parts of the evidence are in English.
func (r Result) why(c transcript.Check) catalogue.Arg {
	for _, f := range r.Forks {
		if c.Name == string(transcript.RecordFork) && strings.HasPrefix(c.Reason, f.Shows) {
			return catalogue.SayIn("said", catalogue.Join(append(r.forkMessages(f.Fork), catalogue.Say("verdict.not-both-honest"))...))
		}
	}
	return catalogue.SayIn("said", catalogue.Say("odd", catalogue.RefusedFor("refusal", r.Short(c.Reason))))
}

// visible writes what cannot be seen as its number. What a catalogue says keeps the marks that hold it in its
// order, and it has none of other people's.
func (r Result) visible(text string) string {
	if english(r.In) {
		return visible(text)
	}
	return text
}

// reason is why a check failed, in the reader's language as far as it is known there.
func (r Result) reason(c transcript.Check) string {
	if english(r.In) || c.Reason == "" {
		return visible(r.Short(c.Reason))
	}
	return r.In.Say(r.why(c).Value.Said[0])
}

// forkMessages say what a fork shows.
func (r Result) forkMessages(f transcript.Fork) []catalogue.Message {
	id, start, end := catalogue.AsCode("id", r.Short(f.First.Origin.String())), catalogue.At("start", catalogue.Stamp, f.First.Time), catalogue.At("end", catalogue.Stamp, f.Second.Time)
	if f.First.Size == f.Second.Size {
		return []catalogue.Message{catalogue.Say("verdict.fork-same", id, catalogue.CountOf("count", int(f.First.Size)), start, end)}
	}
	out := []catalogue.Message{catalogue.Say("verdict.fork", id, catalogue.CountOf("own", int(f.First.Size)), start, catalogue.CountOf("others", int(f.Second.Size)), end)}
	switch at := f.At; {
	case at == nil:
		return append(out, catalogue.Say("verdict.fork-begins"))
	case at.Level == 0:
		return append(out, catalogue.Say("verdict.fork-at", catalogue.CountOf("nr", int(at.Index))))
	default:
		return append(out, catalogue.Say("verdict.fork-among", catalogue.CountOf("nr", int(at.Index<<at.Level)), catalogue.CountOf("count", int((at.Index+1)<<at.Level-1))))
	}
}
