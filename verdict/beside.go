package verdict

import (
	"io"
	"slices"
	"strings"

	"parley/catalogue"
	"parley/transcript"
)

// Besides are two files of one line beside one another, by their names, and what they show together.
type Besides struct {
	Names   []string
	Reports []transcript.Report
	transcript.Comparison

	In *catalogue.Catalogue // as of a Result
}

// WriteText says it for people.
func (b Besides) WriteText(w io.Writer) error {
	var lines []string
	lines = append(lines, b.head())
	for i, rep := range b.Reports {
		r := Result{Report: rep, In: b.In}
		lines = append(lines, visible(b.Names[i])+b.colon()+r.Verdict())
		for _, a := range r.Later {
			lines = append(lines, "  "+r.later(a))
		}
		if at := slices.IndexFunc(r.Checks, func(x transcript.Check) bool { return !x.OK }); at >= 0 {
			c := r.Checks[at]
			if english(b.In) {
				lines = append(lines, "  wrong ("+c.Name+") "+r.Short(c.Entry)+": "+r.Short(c.Reason))
				continue
			}
			for _, line := range r.wrong(c) {
				lines = append(lines, "  "+line)
			}
		}
	}
	for _, t := range b.Transcripts {
		r := Result{Report: b.Reports[0], In: b.In}
		if english(b.In) {
			lines = append(lines, "what "+t.Author+" said, "+r.Short(t.Origin)+": "+r.Short(t.Words))
		} else {
			lines = append(lines, r.title(t.Author, t.Origin)+b.colon()+b.In.Say(r.fit(t)))
		}
	}
	for _, x := range b.Crossed {
		r := Result{Report: b.Reports[0], In: b.In}
		lines = append(lines, r.say(r.Short(x.Words), "verdict.crossed", catalogue.AsCode("entry", r.Short(x.Entry)), catalogue.ByPeople("party", x.Party),
			count(x.Size), catalogue.AsCode("id", r.Short(x.About)), catalogue.ByPeople("peer", x.Peer)))
	}
	_, err := io.WriteString(w, strings.Join(lines, "\n")+"\n")
	return err
}

// later says which version of the agreement a file does not hold and was judged with.
func (r Result) later(a transcript.HiddenAgreement) string {
	return r.say(r.Short(a.Words()), "verdict.judged-with", catalogue.CountOf("version", int(a.Version)), catalogue.AsCode("id", r.Short(a.ID)))
}

func (b Besides) colon() string {
	if english(b.In) {
		return ": "
	}
	return b.In.Word("list.colon")
}

// head says what the two come to.
func (b Besides) head() string {
	say := Result{In: b.In}.say
	switch {
	case slices.ContainsFunc(b.Reports, func(r transcript.Report) bool { return !r.OK }):
		return say("not compared: a file that does not hold shows nothing of another", "verdict.not-compared")
	case b.Fit == transcript.Forks:
		return say(transcript.NotBothHonest, "verdict.not-both-honest")
	case b.Fit == transcript.NotSeen:
		return say("the two files do not fit: a party signed that it had seen what the other file does not have", "verdict.fit-crossed")
	case b.Fit == transcript.Weave:
		return say("the two files have no transcript in common; what each party had seen of the other's is what the other file has, as far as they show it", "verdict.fit-woven")
	case b.Fit == transcript.NotShown:
		return say("nothing in these files shows whether all of them fits together", "verdict.fit-unknown")
	case b.Fit == transcript.OnlyInOne:
		return say("the two files have no transcript in common: there is nothing to compare", "verdict.fit-none")
	}
	return say("both fit together", "verdict.fit")
}

// fit says of one transcript how the versions of the two files stand.
func (r Result) fit(t transcript.Compared) catalogue.Message {
	party, own, others := catalogue.ByPeople("party", t.Author), catalogue.CountOf("own", int(t.First)), catalogue.CountOf("others", int(t.Second))
	less := min(t.First, t.Second)
	switch {
	case t.Fit == transcript.OnlyInOne && t.Second < 0:
		return catalogue.Say("verdict.fit-first")
	case t.Fit == transcript.OnlyInOne:
		return catalogue.Say("verdict.fit-second")
	case t.Fit == transcript.Same:
		return catalogue.Say("verdict.fit-same", count(t.First), party)
	case t.Fit == transcript.Begins:
		return catalogue.Say("verdict.fit-begins", own, others, count(less), party)
	case t.Fit == transcript.Forks:
		return catalogue.Join(append(r.forkMessages(*t.Fork), catalogue.Say("verdict.not-both-honest"))...)
	case t.Fork != nil:
		return catalogue.Say("verdict.fit-unsigned")
	}
	return catalogue.Say("verdict.fit-unshown", own, others, catalogue.CountOf("nr", int(less-1)))
}
