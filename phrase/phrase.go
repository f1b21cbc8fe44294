// Package phrase holds the pre-agreed phrases that officers say in calls and answers by their number.
//
// A number means the same in every language and for ever: it is said on the line and kept in the
// transcript beside its author's words, and each desk shows it in its own language. Numbers are never
// used again for something else.
//
// A text counts as reviewed when a speaker of its language who knows the field has read it in its
// place. Until then it is marked, wherever it is shown beside the original. "Hold" means stop and
// call, never a holding pattern; "conflict" means two plans that are too near, never armed conflict.
package phrase

import (
	"slices"
	"strings"
)

// Use is what a phrase can be said as.
type Use string

// The uses: the types of call, answers, the words of an answer to a hold, and what ends a call.
const (
	Query      Use = "query"
	Concern    Use = "concern"
	Hold       Use = "hold"
	Distress   Use = "distress"
	Answer     Use = "answer" // to any call but a hold
	Holding    Use = "holding"
	CannotHold Use = "cannot-hold"
	Continuing Use = "continuing"
	Review     Use = "review" // a new review time of a hold
	Lift       Use = "lift"
	End        Use = "end"
)

// The phrases that are said where an officer gives no words of his own.
const (
	YesHolding = 50
	StillHold  = 59
	IsLifted   = 60
	IsOver     = 61
)

// Phrase is one row of the table.
type Phrase struct {
	Number int
	Key    string // its name in the catalogues
	Uses   []Use
}

// For reports whether the phrase can be said as u.
func (p Phrase) For(u Use) bool { return slices.Contains(p.Uses, u) }

// All returns every phrase, by number.
func All() []Phrase {
	return []Phrase{
		{1, "hold.stop", []Use{Hold}},
		{2, "hold.ours-there", []Use{Hold}},
		{3, "hold.wrong-place", []Use{Hold}},
		{4, "hold.site", []Use{Hold}},
		{10, "ask.area", []Use{Query, Answer}},
		{11, "ask.times", []Use{Query, Answer}},
		{12, "ask.altitudes", []Use{Query, Answer}},
		{13, "ask.read-back", []Use{Query, Answer}},
		{14, "ask.unit-told", []Use{Query, Concern}},
		{15, "ask.third-parties", []Use{Query, Concern}},
		{20, "concern.too-near", []Use{Concern}},
		{21, "concern.place", []Use{Concern, Query}},
		{22, "concern.late", []Use{Concern}},
		{23, "concern.no-contact", []Use{Concern, Answer}},
		{30, "distress.aircraft", []Use{Distress}},
		{31, "distress.people", []Use{Distress}},
		{32, "distress.search", []Use{Distress, Answer}},
		{40, "answer.wait", []Use{Answer}},
		{41, "answer.told", []Use{Answer, Holding}},
		{42, "answer.ours", []Use{Answer}},
		{43, "answer.not-ours", []Use{Answer}},
		{44, "answer.corrected", []Use{Answer, End}},
		{YesHolding, "holding.yes", []Use{Holding}},
		{51, "cannot-hold.no-contact", []Use{CannotHold}},
		{52, "cannot-hold.too-late", []Use{CannotHold}},
		{53, "continuing.lives", []Use{Continuing}},
		{54, "continuing.elsewhere", []Use{Continuing}},
		{StillHold, "hold.stands", []Use{Review}},
		{IsLifted, "end.lifted", []Use{Lift}},
		{IsOver, "end.over", []Use{End}},
		{62, "end.found", []Use{End}},
	}
}

// Find returns the phrase of a number.
func Find(number int) (Phrase, bool) {
	for _, p := range All() {
		if p.Number == number {
			return p, true
		}
	}
	return Phrase{}, false
}

// Text is a phrase in one language.
type Text struct {
	Text     string
	Reviewed bool // by a speaker of the language who knows the field
}

// Catalogue is the phrases in one language, by key.
type Catalogue struct {
	Language string // a BCP 47 tag
	Texts    map[string]Text
}

// Languages returns the languages that there are catalogues of. Each has every key.
func Languages() []string {
	var out []string
	for _, c := range catalogues() {
		out = append(out, c().Language)
	}
	return out
}

// In returns a phrase in a language, or in that of its primary subtag ("pt" for "pt-BR"). False where
// there is no catalogue of either.
func In(p Phrase, language string) (Text, bool) {
	c, ok := catalogueOf(language)
	return c.Texts[p.Key], ok
}

// Has reports whether there is a catalogue of a language, or of its primary subtag.
func Has(language string) bool {
	_, ok := catalogueOf(language)
	return ok
}

// Choose returns the first of the languages that there is a catalogue of, or English.
func Choose(languages ...string) string {
	if i := slices.IndexFunc(languages, Has); i >= 0 {
		return languages[i]
	}
	return "en"
}

func catalogueOf(language string) (Catalogue, bool) {
	primary, _, _ := strings.Cut(language, "-")
	for _, catalogue := range catalogues() {
		if c := catalogue(); strings.EqualFold(c.Language, primary) {
			return c, true
		}
	}
	return Catalogue{}, false
}

func catalogues() []func() Catalogue {
	return []func() Catalogue{english, arabic, french, hebrew, persian, russian, turkish, ukrainian}
}

// unreviewed makes a catalogue of texts that no speaker has reviewed.
func unreviewed(language string, texts map[string]string) Catalogue {
	c := Catalogue{Language: language, Texts: map[string]Text{}}
	for key, text := range texts {
		c.Texts[key] = Text{Text: text}
	}
	return c
}
