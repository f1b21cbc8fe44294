package api

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"parley/catalogue"
	"parley/node/view"
)

// Catalogue is the answer to GET /v1/catalogue: what a program needs to say codes and messages itself.
type Catalogue struct {
	Language  string     `json:"language"`
	Name      string     `json:"name"`
	Direction string     `json:"direction"` // ltr or rtl
	Languages []Language `json:"languages"` // all that there are
	// Texts has for each key a text, or an object of plural forms; Reviewed the keys that a speaker read.
	Texts     map[string]jsontext.Value `json:"texts"`
	Reviewed  []string                  `json:"reviewed"`
	Arguments map[string]catalogue.Kind `json:"arguments"`
}

// Language is one of the languages of the catalogues.
type Language struct {
	Language  string `json:"language"`
	Name      string `json:"name"`
	Direction string `json:"direction"`
	Texts     int    `json:"texts"`
	Reviewed  int    `json:"reviewed"` // of them
}

// catalogues loads every catalogue.
func catalogues() (map[string]*catalogue.Catalogue, error) {
	out := map[string]*catalogue.Catalogue{}
	for _, language := range catalogue.Languages() {
		c, err := catalogue.Load(language)
		if err != nil {
			return nil, err
		}
		out[language] = c
	}
	return out, nil
}

func (a *api) getCatalogue(c *call) (any, error) {
	q, err := c.query("language")
	if err != nil {
		return nil, err
	}
	language, _ := catalogue.Find(q["language"])
	cat := a.catalogues[language]
	out := Catalogue{Language: cat.Language, Name: cat.Name, Direction: cat.Direction, Texts: map[string]jsontext.Value{}, Reviewed: []string{}, Arguments: map[string]catalogue.Kind{}}
	for _, key := range cat.Keys() {
		out.Texts[key] = cat.Raw(key)
	}
	for name, arg := range catalogue.Arguments() {
		out.Arguments[name] = arg.Kind
	}
	for _, l := range catalogue.Languages() {
		other := a.catalogues[l]
		row := Language{Language: l, Name: other.Name, Direction: other.Direction, Texts: len(other.Keys())}
		for _, key := range other.Keys() {
			if _, ok := other.Reviewed(key); ok {
				row.Reviewed++
				if l == language {
					out.Reviewed = append(out.Reviewed, key)
				}
			}
		}
		out.Languages = append(out.Languages, row)
	}
	return out, nil
}

// asked returns the catalogue of the language that a caller likes best, or nil where he asks for none
// that there is.
func (a *api) asked(c *call) *catalogue.Catalogue {
	if language, ok := catalogue.Match(strings.Join(c.r.Header.Values("Accept-Language"), ",")); ok {
		return a.catalogues[language]
	}
	return nil
}

// speaker says an answer in a language.
type speaker struct {
	in   *catalogue.Catalogue
	said bool // something
}

// inLanguage says the texts of an answer in the language asked for, and names it in the header.
func (a *api) inLanguage(c *call, v any) any {
	cat := a.asked(c)
	if cat == nil {
		return v
	}
	s := &speaker{in: cat}
	v = s.answer(v)
	if s.said {
		c.w.Header().Set("Content-Language", cat.Language)
	}
	return v
}

// sayEvent says the text of an event in the language asked for.
func (a *api) sayEvent(c *call, e *view.Event) {
	if cat := a.asked(c); cat != nil && !e.Message.IsZero() {
		e.Text = cat.Say(e.Message)
	}
}

func (s *speaker) answer(v any) any {
	switch x := v.(type) {
	case Alarms:
		s.alarms(x.Alarms)
	case Status:
		s.alarms(x.Alarms)
		s.lines(x.Lines)
	case view.Alarm:
		s.say(&x.Text, x.Message)
		return x
	case Lines:
		s.lines(x.Lines)
	case view.Line:
		s.line(&x)
		return x
	case Notices:
		s.compared(x.Compared)
		for i := range x.Notices {
			s.say(&x.Notices[i].Words, noticeWords(x.Notices[i]))
		}
	case view.Notice:
		s.say(&x.Words, noticeWords(x))
		return x
	case Conflicts:
		s.compared(x.Compared)
		for i := range x.Conflicts {
			s.conflict(&x.Conflicts[i])
		}
	case view.Conflict:
		s.conflict(&x)
		return x
	case view.Options:
		s.say(&x.Compared.Text, x.Compared.Message)
		return x
	case Calls:
		for i := range x.Calls {
			s.say(&x.Calls[i].Words, callWords(x.Calls[i]))
		}
	case view.Call:
		s.say(&x.Words, callWords(x))
		return x
	}
	return v
}

func (s *speaker) say(text *string, m catalogue.Message) {
	if !m.IsZero() {
		*text, s.said = s.in.Say(m), true
	}
}

func (s *speaker) alarms(list []view.Alarm) {
	for i := range list {
		s.say(&list[i].Text, list[i].Message)
	}
}

func (s *speaker) lines(list []view.Line) {
	for i := range list {
		s.line(&list[i])
	}
}

func (s *speaker) line(x *view.Line) {
	s.say(&x.Compared.Text, x.Compared.Message)
	s.say(&x.ExerciseCompared.Text, x.ExerciseCompared.Message)
}

func (s *speaker) compared(list []view.Compared) {
	for i := range list {
		s.say(&list[i].Text, list[i].Message)
	}
}

func (s *speaker) conflict(x *view.Conflict) {
	s.say(&x.Words, conflictWords(*x))
}

// noticeWords says what a notice is and how it stands: its state, its lead, and the step that is owed.
func noticeWords(n view.Notice) catalogue.Message {
	kind := "kind.none"
	if n.Kind != "" {
		kind = "kind." + string(n.Kind)
	}
	list := []catalogue.Message{catalogue.Say("state." + string(n.State))}
	for _, flag := range n.Flags() {
		list = append(list, catalogue.Say("flag."+flag))
	}
	if n.Lead.Grade != "" {
		list = append(list, catalogue.Say("words.lead", catalogue.Word("state", "grade."+n.Lead.Grade)))
	}
	if n.Next != nil && n.Next.Missed {
		list = append(list, catalogue.Say("missed."+catalogue.Slug(n.Next.Name)))
	}
	return exercised(catalogue.Say("alarm.notice", catalogue.ByPeople("party", n.Party), catalogue.Word("kind", kind), catalogue.ByPeople("notice", n.ID),
		catalogue.SayIn("said", catalogue.Join(list...))), n.Exercise)
}

func conflictWords(x view.Conflict) catalogue.Message {
	return catalogue.Say("words.conflict", catalogue.AsCode("conflict", x.ID[:min(8, len(x.ID))]), catalogue.ByPeople("notice", x.A.Notice), catalogue.ByPeople("party", x.A.Party),
		catalogue.ByPeople("other", x.B.Notice), catalogue.ByPeople("peer", x.B.Party), catalogue.Word("state", "conflict."+catalogue.Slug(x.State)))
}

func callWords(x view.Call) catalogue.Message {
	said := catalogue.Say("speech.text", catalogue.ByPeople("text", x.Text))
	if x.Phrase != 0 {
		said = catalogue.Say("speech.phrase", catalogue.PhraseOf("phrase", x.Phrase, x.Text), catalogue.CountOf("nr", x.Phrase), catalogue.AsCode("tag", x.Language), catalogue.ByPeople("text", x.Text))
	}
	if s := x.Shown; s != nil && !s.Reviewed {
		said.Key = "speech.phrase-unreviewed"
	}
	m := catalogue.Say("call.from-"+x.Type, catalogue.ByPeople("from", x.Party), catalogue.SayIn("said", said))
	return exercised(catalogue.Join(m, catalogue.Say(view.CallStateKey(x.State))), x.Exercise)
}

func exercised(m catalogue.Message, exercise bool) catalogue.Message {
	if exercise {
		return catalogue.Say("exercise", catalogue.SayIn("said", m))
	}
	return m
}
