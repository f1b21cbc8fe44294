package main

import (
	"fmt"
	"strings"
	"time"

	"parley/catalogue"
	"parley/node/view"
	"parley/notice"
)

// line prints a message on a line of its own.
func (t tongue) line(a *app, m catalogue.Message) { fmt.Fprintln(a.stdout, plain(t.Say(m))) }

// say prints a message on a line of its own, and tells where that fails.
func (t tongue) say(a *app, m catalogue.Message) error { return say(a, t.Say(m)) }

// note tells a person something beside the output, on standard error.
func (a *app) note(m catalogue.Message) { fmt.Fprintf(a.stderr, "parley: %s\n", plain(a.said.Say(m))) }

// coded is a code in words; one that the catalogues do not have stays as it is.
func (t tongue) coded(name, group, code string) catalogue.Arg {
	if key := group + catalogue.Slug(code); t.Has(key) {
		return catalogue.Word(name, key)
	}
	return catalogue.SayIn(name, catalogue.Say("speech.text", catalogue.ByPeople("text", code)))
}

// yes says whether something is so.
func (t tongue) yes(is bool) string {
	if is {
		return t.Word("word.yes")
	}
	return t.Word("word.no")
}

// commas puts commas between what people wrote. What says nothing is left out.
func (t tongue) commas(parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, t.people(p))
		}
	}
	return strings.Join(out, t.Word("list.comma"))
}

// spoken says who of a party said something, in which role and when.
func (t tongue) spoken(party, officer, role string, at time.Time) string {
	return t.Say(catalogue.Say("show.spoken", catalogue.ByPeople("party", party), catalogue.ByPeople("officer", officer), t.coded("role", "role.", role),
		catalogue.At("stamp", catalogue.Stamp, at)))
}

// by says who of a party said something, and when.
func (t tongue) by(party, officer string, at time.Time) string {
	return t.Say(catalogue.Say("show.by", catalogue.ByPeople("party", party), catalogue.ByPeople("officer", officer), catalogue.At("stamp", catalogue.Stamp, at)))
}

// under prints a message below what it belongs to.
func (t tongue) under(a *app, m catalogue.Message) { fmt.Fprintln(a.stdout, "  "+plain(t.Say(m))) }

// warningMessage says a warning with its code.
func warningMessage(w notice.Warning) catalogue.Message {
	said := w.Message
	if said.IsZero() {
		said = catalogue.Say("speech.text", catalogue.ByPeople("text", w.Text))
	}
	return catalogue.Say("filed.warning", catalogue.AsCode("id", w.Code), catalogue.SayIn("said", said))
}

// kindMessage says a kind, which is none where nothing is shown.
func kindMessage(kind string) catalogue.Message {
	if kind == "" {
		return catalogue.Say("kind.not-shown")
	}
	return catalogue.Say(notice.KindKey(notice.Kind(kind)))
}

// maxTitle is how many characters of a title one line shows.
const maxTitle = 50

// titledMessage says a kind and the title, where there is one, as flight "survey".
func titledMessage(kind, title string) catalogue.Message {
	if title == "" {
		return kindMessage(kind)
	}
	if r := []rune(title); len(r) > maxTitle {
		title = strings.TrimSpace(string(r[:maxTitle])) + "…"
	}
	return catalogue.Say("titled", catalogue.SayIn("kind", kindMessage(kind)), catalogue.ByPeople("title", title))
}

// gradedLead says a lead with its grade, and when it was heard by voice.
func gradedLead(l view.Lead) catalogue.Message {
	grade := "grade.none"
	if l.Grade != "" {
		grade = "grade." + catalogue.Slug(l.Grade)
	}
	delivered := beforeStart(l.DeliveredS, "lead.delivered-before", "lead.delivered-after")
	heard := beforeStart(l.HeardS, "lead.heard-before", "lead.heard-after")
	if l.Provisional || delivered.IsZero() {
		delivered = catalogue.Say("lead.unknown")
	}
	if l.Grade == "" && !heard.IsZero() {
		delivered, heard = heard, catalogue.Message{}
	}
	return catalogue.Join(catalogue.Say("lead.graded", catalogue.Word("state", grade), catalogue.SayIn("said", delivered)), heard)
}

// beforeStart says how long before the start something was, or after it. Nothing where it is not known.
func beforeStart(s *float64, before, after string) catalogue.Message {
	if s == nil {
		return catalogue.Message{}
	}
	d := span(*s)
	if d < 0 {
		return catalogue.Say(after, catalogue.SpanOf("span", -d))
	}
	return catalogue.Say(before, catalogue.SpanOf("span", d))
}

func exercisedMessage(m catalogue.Message, is bool) catalogue.Message {
	if is {
		return catalogue.Say("exercise", catalogue.SayIn("said", m))
	}
	return m
}

// printFiled says a notice as it stands after a command, and its conflicts.
func (t tongue) printFiled(a *app, f view.Filed) {
	n := f.Notice
	if f.Release != nil {
		t.printRelease(a, *f.Release)
	}
	t.line(a, exercisedMessage(catalogue.Say("filed.stands", catalogue.ByPeople("notice", n.ID), catalogue.CountOf("version", n.Version),
		catalogue.Word("state", "state."+string(n.State)), catalogue.SayIn("lead", gradedLead(n.Lead))), n.Exercise))
	t.printWords(a, n.Echo, n.Warnings)
	for _, x := range f.Conflicts {
		t.under(a, exercisedMessage(conflictWith(x, n.Party), x.Exercise))
	}
	if n.ByOfficer {
		t.under(a, catalogue.Say("filed.by-officer"))
	}
	if len(f.Conflicts) == 0 {
		t.noConflict(a, f.Compared)
	}
}

// noConflict says what was compared where no conflict was found.
func (t tongue) noConflict(a *app, c view.Compared) {
	fmt.Fprintln(a.stdout, "  "+plain(t.Word("compared.none")+t.Word("list.semicolon")+c.Text))
}

// conflictWith says with what a party's notice is in conflict.
func conflictWith(x view.Conflict, own string) catalogue.Message {
	id, p := catalogue.AsCode("conflict", shortID(x.ID)), x.A
	if p.Party == own {
		p = x.B
	}
	if p.Notice == "" {
		return catalogue.Say("filed.conflict-hidden", id, catalogue.ByPeople("party", p.Party))
	}
	return catalogue.Say("filed.conflict", id, catalogue.ByPeople("other", p.Notice), catalogue.ByPeople("party", p.Party))
}

// printRelease says that a command waits, and what is to be done.
func (t tongue) printRelease(a *app, r view.Release) {
	said := r.Message
	if said.IsZero() {
		said = catalogue.Say("speech.text", catalogue.ByPeople("text", r.Text))
	}
	t.line(a, catalogue.Say("filed.release", catalogue.SayIn("said", said), catalogue.At("stamp", catalogue.Stamp, r.Expires), catalogue.AsCode("command", "parley release give "+r.ID)))
}
