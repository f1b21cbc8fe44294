package main

import (
	"fmt"
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

func (t tongue) english() bool { return t.Language == "en" }

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
	if !is || t.english() {
		return exercised(text, is)
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
	if t.english() {
		return rungWords(r)
	}
	var out []string
	add := func(field, text string) {
		if text != "" {
			out = append(out, t.field(field)+" "+t.people(text))
		}
	}
	add("unit", r.Unit)
	if r.Unable != "" {
		out = append(out, t.Word("word.unable")+": "+t.people(r.Unable))
	}
	add("means", r.How)
	for _, d := range r.Differ {
		out = append(out, t.Word("word.differs")+": "+t.people(d.Text))
	}
	add("officer", r.Who)
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
				due += t.Word("list.comma") + t.code("gone.", r.Gone)
			}
		}
		rows = append(rows, []string{t.code("rung.", r.Name), r.By, stampAt(r.Done), due, t.rungWords(r)})
	}
	return t.table(rows)
}

// spokenAs is what was said, a phrase in the language of the command with the original beside it.
func (t tongue) spokenAs(s view.Speech) string {
	if t.english() || s.Phrase == 0 {
		return spokenAs(s)
	}
	return t.Say(catalogue.Say("speech.phrase-unreviewed", catalogue.PhraseOf("phrase", s.Phrase, s.Text), catalogue.CountOf("nr", s.Phrase),
		catalogue.AsCode("tag", s.Language), catalogue.ByPeople("text", s.Text)))
}

func (t tongue) callType(x view.Call) string {
	if t.english() {
		return callType(x)
	}
	text := t.exercised(t.code("call.", x.Type), x.Exercise)
	if x.Drill && !x.Exercise {
		text += " (" + t.Word("flag.drill-real") + ")"
	}
	return text
}

func (t tongue) callState(state string) string {
	group, code, _ := strings.Cut(view.CallStateKey(state), ".")
	return t.code(group+".", code)
}

// callDue says by when something is owed, and where it has gone where it was not done.
func (t tongue) callDue(x view.Call) string {
	if t.english() {
		return callDue(x)
	}
	var out []string
	if !x.Due.IsZero() {
		out = append(out, x.Due.Format("15:04:05Z"))
	} else if !x.Review.IsZero() {
		out = append(out, t.field("review")+" "+x.Review.Format("15:04Z"))
	}
	if x.Escalated != "" {
		out = append(out, t.code("gone.", x.Escalated))
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
	if t.english() || p.Notice != "" {
		return side(p)
	}
	return p.Party + ": " + t.Word("word.not-shown")
}

// linkState says how the link stands, and why.
func (t tongue) linkState(ln view.Line) string {
	text := t.code("line.", ln.State)
	if ln.Cause != "" {
		text += " (" + t.code("cause.", ln.Cause) + ")"
	}
	return text
}

// lineState says beside it how the line stands by the tests of people.
func (t tongue) lineState(ln view.Line) string {
	if t.english() {
		return lineState(ln)
	}
	text := t.linkState(ln)
	if ln.Tests.State == "suspect" || ln.Tests.State == "down" {
		text += t.Word("list.semicolon") + t.Word("field.tests") + ": " + t.code("tests.", ln.Tests.State)
	}
	return text
}

// deskState says a desk in a few words.
func (t tongue) deskState(d view.Desk) string {
	if t.english() {
		return deskState(d)
	}
	out := []string{t.code("deskstate.", d.State)}
	if d.Officer != "" {
		out = append(out, fmt.Sprintf("%s (%s) %s", t.people(d.Officer), t.code("role.", d.Role), stamp(d.Last)))
	}
	if d.State == "manned" {
		out = append(out, t.field("until")+" "+stamp(d.Due))
	}
	return strings.Join(out, t.Word("list.semicolon"))
}

// noticeName names a notice with its party and version.
func (t tongue) noticeName(n view.Notice) string {
	return t.Say(catalogue.Say("show.notice", catalogue.ByPeople("notice", n.ID), catalogue.ByPeople("party", n.Party), catalogue.CountOf("version", n.Version)))
}

func (t tongue) window(start, end time.Time) string {
	if t.english() || start.IsZero() || end.IsZero() {
		return stamp(start) + " to " + stamp(end)
	}
	return t.Say(catalogue.Say("show.window", catalogue.At("start", catalogue.Stamp, start), catalogue.At("end", catalogue.Stamp, end)))
}

// filedWhen says when a notice was filed, by whose clock. One that is known only by voice was not.
func (t tongue) filedWhen(n view.Notice) []string {
	if t.english() || n.ByVoice {
		return filedWhen(n)
	}
	return []string{"filed", t.Say(catalogue.Say("show.filed", catalogue.At("stamp", catalogue.Stamp, n.Filed), catalogue.ByPeople("party", n.Party)))}
}

// next says which step is owed next.
func (t tongue) next(r view.Rung) string {
	if t.english() {
		return fmt.Sprintf("next: %s by %s, due %s", r.Name, r.By, stamp(r.Due))
	}
	return t.Say(catalogue.Say("show.next", catalogue.Word("state", "rung."+catalogue.Slug(r.Name)), catalogue.ByPeople("by", r.By), catalogue.At("stamp", catalogue.Stamp, r.Due)))
}

// of names what is of a party.
func (t tongue) of(field, party string) string {
	if !t.english() {
		return t.field(field) + ", " + t.people(party)
	}
	if field == "last filed" {
		return party + " last filed"
	}
	return field + " of " + party
}

func (t tongue) ownDesk(d view.Desk) string {
	if t.english() {
		return "own desk, line " + shortID(d.Line)
	}
	return t.field("own desk") + ", " + t.field("line") + " " + shortID(d.Line)
}

func (t tongue) stateSince(ln view.Line) string {
	if t.english() {
		return linkState(ln) + " since " + stamp(ln.Since)
	}
	return t.linkState(ln) + ", " + t.field("since") + " " + stamp(ln.Since)
}

func (t tongue) until(at time.Time) string {
	if t.english() {
		return "until " + stamp(at)
	}
	return t.field("until") + " " + stamp(at)
}

func (t tongue) agreement(ln view.Line) string {
	if t.english() {
		return agreementWords(ln)
	}
	key := "show.in-force"
	if !ln.InForce {
		key = "show.not-in-force"
	}
	return t.Say(catalogue.Say(key, catalogue.CountOf("version", ln.Version)))
}
