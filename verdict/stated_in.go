package verdict

import (
	"io"
	"strings"

	"parley/catalogue"
	"parley/statement"
)

// writeIn writes the statements in the reader's language.
func (s Statements) writeIn(w io.Writer, r Result) error {
	lines := []string{"", r.In.Word("verdict.statements")}
	add := func(indent, key string, args ...catalogue.Arg) {
		lines = append(lines, indent+r.In.Say(catalogue.Say(key, args...)))
	}
	for _, x := range s.List {
		add("  ", "verdict.stated", catalogue.AsCode("id", r.Short(x.ID)), catalogue.ByPeople("title", x.Title), catalogue.SayIn("said", x.said))
		for _, by := range x.Signers {
			add("    ", "verdict.signed-by", catalogue.ByPeople("party", by.Party), catalogue.AsCode("key", by.Fingerprint), catalogue.AsCode("entry", r.Short(by.Entry)))
		}
		for _, f := range x.flags {
			add("    ", "verdict.note", catalogue.SayIn("said", f))
		}
	}
	for _, x := range s.Flawed {
		add("  ", "verdict.does-not-count", catalogue.AsCode("entry", r.Short(x.Entry)), catalogue.ByPeople("party", x.Party), catalogue.SayIn("said", x.said))
	}
	if s.Sealed > 0 {
		add("  ", "verdict.statements-sealed", catalogue.CountOf("count", s.Sealed))
	}
	if s.Hidden > 0 {
		add("  ", "verdict.statements-hidden", count(s.Hidden))
	}
	_, err := io.WriteString(w, strings.Join(lines, "\n")+"\n")
	return err
}

// writeIn writes what a signed statement says, below the verdict, in the reader's language. Its own texts
// stay as they were signed.
func (n Note) writeIn(w io.Writer) error {
	says := &n.signed.Says
	lines := []string{""}
	add := func(key string, args ...catalogue.Arg) {
		lines = append(lines, n.In.Say(catalogue.Say(key, args...)))
	}
	add("verdict.statement", catalogue.AsCode("id", n.Statement.ID), catalogue.ByPeople("title", says.Title))
	lines = append(lines, n.In.Say(standing(n.signed)))
	add("verdict.drafted", catalogue.At("stamp", catalogue.Stamp, says.Date))
	for _, t := range says.Texts {
		lines = append(lines, "", t.Language+":", visible(t.Text))
	}
	lines = append(lines, "")
	for _, x := range [...]struct{ key, id string }{{"verdict.about", strings.Join(says.About, ", ")}, {"verdict.corrects", says.Corrects}, {"verdict.withdraws", says.Withdraws}} {
		if x.id != "" {
			add(x.key, catalogue.AsCode("id", x.id))
		}
	}
	add("verdict.since-then")
	_, err := io.WriteString(w, strings.Join(lines, "\n")+"\n")
	return err
}

// standing says how a statement stands by its signatures alone.
func standing(s statement.Signed) catalogue.Message {
	switch {
	case s.Agreed():
		return catalogue.Say("verdict.stands-agreed", signers([]string{s.Says.Parties[0].Name, s.Says.Parties[1].Name}))
	case s.Says.Form == statement.OneSided:
		return catalogue.Say("verdict.stands-alone", catalogue.ByPeople("party", s.Signers[0]))
	}
	return catalogue.Say("verdict.stands-proposed", catalogue.ByPeople("party", s.Signers[0]))
}
