package main

import (
	"strings"
	"time"

	"parley/catalogue"
	"parley/node/view"
)

// tongue says what a command shows in the language asked for.
type tongue struct{ *catalogue.Catalogue }

// speaks is the language of what a command shows.
type speaks struct {
	Lang string `name:"lang" help:"The language of what is shown: en, ar, fr, he, fa, ru, tr or uk." env:"PARLEY_LANGUAGE" placeholder:"TAG"`
}

// tongue loads the catalogue of the language that the command was asked to speak.
func (s speaks) tongue() (tongue, error) {
	language := s.Lang
	if language == "" {
		language = "en"
	}
	c, err := catalogue.Load(language)
	return tongue{c}, err
}

// english reports whether it is English, as it is before the command line was read.
func (t tongue) english() bool { return t.Catalogue == nil || t.Language == "en" }

// code says a word that a node shows as a code; one that the catalogues do not have stays as it is.
func (t tongue) code(group, code string) string {
	key := group + catalogue.Slug(code)
	if t.english() || code == "" || !t.Has(key) {
		return code
	}
	return t.Word(key)
}

// fields are the names of columns and facts whose key is not the name itself.
func fields() map[string]string {
	return map[string]string{
		"v": "version", "a": "notice", "b": "notice", "lateral": "lateral-gap", "vertical": "vertical-gap", "line up": "link-up",
		"at": "time", "step": "rung", "parties": "party", "tests by people": "tests", "cost (min)": "cost",
		"after (two clocks)": "after-two-clocks", "round trip (own clock)": "round-trip", "reviewed by a speaker": "reviewed-by-speaker",
	}
}

// field says the name of a column or fact; one that the catalogues do not have stays as it is.
func (t tongue) field(name string) string {
	if t.english() {
		return name
	}
	key := strings.ToLower(name)
	if other := fields()[key]; other != "" {
		key = other
	}
	if key = "field." + catalogue.Slug(key); t.Has(key) {
		return t.Word(key)
	}
	return name
}

// or is an English name, and in other languages another: "from" is a time here, and a party there.
func (t tongue) or(name, other string) string {
	if t.english() {
		return name
	}
	return t.field(other)
}

// table says the head of a table, its first row.
func (t tongue) table(rows [][]string) [][]string {
	for i, name := range rows[0] {
		rows[0][i] = t.field(name)
	}
	return rows
}

// facts says the names of facts.
func (t tongue) facts(rows [][]string) [][]string {
	for i := range rows {
		rows[i][0] = t.field(rows[i][0])
	}
	return rows
}

// exercised puts the word before what is exercise in an agreed window.
func (t tongue) exercised(text string, is bool) string {
	if !is {
		return text
	}
	return t.Word("word.exercise") + " " + text
}

func (t tongue) people(text string) string {
	return t.Say(catalogue.Say("speech.text", catalogue.ByPeople("text", text)))
}

// stateWords says a notice's state and what else is to be known of it.
func (t tongue) stateWords(n view.Notice) string {
	words := []string{t.code("state.", string(n.State))}
	for _, flag := range n.Flags() {
		words = append(words, t.Word("flag."+flag))
	}
	return strings.Join(words, t.Word("list.comma"))
}

// rungWords says who took a step and how.
func (t tongue) rungWords(r view.Rung) string {
	var out []string
	add := func(said string, m catalogue.Message) {
		if said != "" {
			out = append(out, t.Say(m))
		}
	}
	add(r.Unit, catalogue.Say("ladder.unit", catalogue.ByPeople("unit", r.Unit)))
	add(r.Unable, catalogue.Say("ladder.unable", catalogue.ByPeople("reason", r.Unable)))
	add(r.How, catalogue.Say("ladder.by", catalogue.ByPeople("text", r.How)))
	for _, d := range r.Differ {
		add(d.Text, catalogue.Say("ladder.differs", catalogue.ByPeople("text", d.Text)))
	}
	add(r.Who, catalogue.Say("ladder.officer", catalogue.ByPeople("officer", r.Who)))
	return strings.Join(out, t.Word("list.semicolon"))
}

// ladder lays out the rungs, one a row.
func (t tongue) ladder(ladder []view.Rung) [][]string {
	rows := [][]string{{"RUNG", "BY", "DONE", "DUE", "WHO"}}
	for _, r := range ladder {
		due := "-"
		if r.Done == nil && !r.Due.IsZero() {
			due = stamp(r.Due)
			if r.Missed {
				due += " " + t.Word("word.missed")
			}
			if r.Gone != "" {
				due += t.Word("list.comma") + t.gone(r.Gone)
			}
		}
		rows = append(rows, []string{t.code("rung.", r.Name), r.By, stampAt(r.Done), due, t.rungWords(r)})
	}
	return t.table(rows)
}

// spokenAs is what was said, a phrase in the language of the command with the original beside it.
func (t tongue) spokenAs(s view.Speech) string {
	if s.Phrase == 0 || t.english() && (s.Shown == nil || s.Shown.Text == s.Text) {
		return s.Text
	}
	shown, reviewed := s.Text, false
	if s.Shown != nil {
		shown, reviewed = s.Shown.Text, s.Shown.Reviewed
	}
	phrase, nr := catalogue.PhraseOf("phrase", s.Phrase, shown), catalogue.CountOf("nr", s.Phrase)
	if tag, text := catalogue.AsCode("tag", s.Language), catalogue.ByPeople("text", s.Text); t.english() && reviewed {
		return t.Say(catalogue.Say("speech.phrase", phrase, nr, tag, text))
	} else {
		return t.Say(catalogue.Say("speech.phrase-unreviewed", phrase, nr, tag, text))
	}
}

func (t tongue) callType(x view.Call) string {
	text := t.exercised(t.code("call.", x.Type), x.Exercise)
	if x.Drill && !x.Exercise {
		text += " (" + t.Word("flag.drill-real") + ")"
	}
	if x.ByVoice {
		text += " (" + t.Word("flag.by-voice") + ")"
	}
	return text
}

// gone says to whom a step went that was not done.
func (t tongue) gone(to string) string {
	return t.Say(catalogue.Say("show.gone", t.coded("said", "gone.", to)))
}

func (t tongue) callState(state string) string {
	group, code, _ := strings.Cut(view.CallStateKey(state), ".")
	return t.code(group+".", code)
}

// callDue says by when something is owed, and where it has gone where it was not done.
func (t tongue) callDue(x view.Call) string {
	var out []string
	if !x.Due.IsZero() {
		out = append(out, x.Due.Format("15:04:05Z"))
	} else if !x.Review.IsZero() {
		out = append(out, t.Say(catalogue.Say("show.review", catalogue.AsCode("clock", x.Review.Format("15:04Z")))))
	}
	if x.Escalated != "" {
		out = append(out, t.gone(x.Escalated))
	}
	return strings.Join(out, t.Word("list.comma"))
}

// conflictState says a conflict's state, and in what its notices came apart.
func (t tongue) conflictState(x view.Conflict) string {
	if len(x.SeparatedBy) == 0 {
		return t.code("conflict.", x.State)
	}
	var in []catalogue.Message
	for _, dimension := range x.SeparatedBy {
		in = append(in, catalogue.Say("apart."+dimension))
	}
	return t.Say(catalogue.Say("conflict.apart", catalogue.Word("state", "conflict."+catalogue.Slug(x.State)), catalogue.SayBoth("dimensions", in)))
}

// side names a notice of a conflict.
func (t tongue) side(p view.Party) string {
	if p.Notice != "" {
		return p.Party + ": " + p.Notice
	}
	return p.Party + ": " + t.Word("word.not-shown")
}

// linkState says how the link stands, and why.
func (t tongue) linkState(ln view.Line) catalogue.Message {
	state := t.coded("state", "line.", ln.State)
	if ln.Cause == "" {
		return catalogue.Say("linetest.state", state)
	}
	return catalogue.Say("status.cause", state, t.coded("cause", "cause.", ln.Cause))
}

// lineState says beside it how the line stands by the tests of people.
func (t tongue) lineState(ln view.Line) string {
	link := t.linkState(ln)
	if ln.Tests.State != "suspect" && ln.Tests.State != "down" {
		return t.Say(link)
	}
	return t.Say(catalogue.Say("status.by-people", catalogue.SayIn("said", link), t.coded("state", "tests.", ln.Tests.State)))
}

// deskState says a desk in a few words.
func (t tongue) deskState(d view.Desk) string {
	if d.State == "unknown" {
		return t.Word("status.desk-unknown")
	}
	state, officer, role := t.coded("state", "deskstate.", d.State), catalogue.ByPeople("officer", d.Officer), t.coded("role", "role.", d.Role)
	switch {
	case d.State == "manned":
		return t.Say(catalogue.Say("status.desk-manned", state, officer, role, catalogue.At("start", catalogue.Stamp, d.Last), catalogue.At("end", catalogue.Stamp, d.Due)))
	case d.Kind == "desk.left":
		return t.Say(catalogue.Say("status.desk-left", state, officer, catalogue.At("stamp", catalogue.Stamp, d.Since)))
	}
	return t.Say(catalogue.Say("status.desk-last", state, officer, role, catalogue.At("start", catalogue.Stamp, d.Since), catalogue.At("end", catalogue.Stamp, d.Last)))
}

// noticeName names a notice with its party and version.
func (t tongue) noticeName(n view.Notice) string {
	return t.Say(catalogue.Say("show.notice", catalogue.ByPeople("notice", n.ID), catalogue.ByPeople("party", n.Party), catalogue.CountOf("version", n.Version)))
}

func (t tongue) window(start, end time.Time) string {
	if start.IsZero() || end.IsZero() {
		return t.Say(catalogue.Say("show.window-open", catalogue.AsCode("moment", stamp(start)), catalogue.AsCode("moment2", stamp(end))))
	}
	return t.Say(catalogue.Say("show.window", catalogue.At("start", catalogue.Stamp, start), catalogue.At("end", catalogue.Stamp, end)))
}

// filedWhen says when a notice was filed, by whose clock. One that is known only by voice was not.
func (t tongue) filedWhen(n view.Notice) []string {
	if n.ByVoice {
		return []string{"heard", t.Say(catalogue.Say("show.heard", catalogue.At("stamp", catalogue.Stamp, n.Filed)))}
	}
	return []string{"filed", t.Say(catalogue.Say("show.filed", catalogue.At("stamp", catalogue.Stamp, n.Filed), catalogue.ByPeople("party", n.Party)))}
}

// next says which step is owed next.
func (t tongue) next(r view.Rung) string {
	return t.Say(catalogue.Say("show.next", t.coded("state", "rung.", r.Name), catalogue.ByPeople("by", r.By), catalogue.At("stamp", catalogue.Stamp, r.Due)))
}

// of names what is of a party.
func (t tongue) of(field, party string) string {
	if field == "last filed" {
		return t.Say(catalogue.Say("row.last-filed", catalogue.ByPeople("party", party)))
	}
	return t.Say(catalogue.Say("row.field-of", catalogue.ByPeople("text", t.field(field)), catalogue.ByPeople("party", party)))
}

func (t tongue) ownDesk(d view.Desk) string {
	return t.Say(catalogue.Say("row.own-desk", catalogue.AsCode("id", shortID(d.Line))))
}

func (t tongue) stateSince(ln view.Line) string {
	return t.Say(catalogue.Say("status.since", catalogue.SayIn("said", t.linkState(ln)), catalogue.At("stamp", catalogue.Stamp, ln.Since)))
}

func (t tongue) until(at time.Time) string {
	return t.Say(catalogue.Say("show.until", catalogue.At("stamp", catalogue.Stamp, at)))
}

func (t tongue) agreement(ln view.Line) string {
	key := "show.in-force"
	if !ln.InForce {
		key = "show.not-in-force"
	}
	return t.Say(catalogue.Say(key, catalogue.CountOf("version", ln.Version)))
}
