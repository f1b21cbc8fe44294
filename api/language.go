package api

import (
	"reflect"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"parley/catalogue"
	"parley/node/view"
	"parley/notice"
	"parley/phrase"
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

// maxNested bounds how deep an answer is looked into.
const maxNested = 16

// answer says the texts of an answer, wherever in it they stand.
func (s *speaker) answer(v any) any {
	in := reflect.ValueOf(v)
	if !in.IsValid() {
		return v
	}
	out := reflect.New(in.Type()).Elem()
	out.Set(in)
	s.walk(out, 0)
	return out.Interface()
}

// walk looks for what has a text. v can be set, and what it points at is copied first: the answer may be
// the node's own.
func (s *speaker) walk(v reflect.Value, depth int) {
	if depth > maxNested {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() && v.Elem().Kind() == reflect.Struct {
			own := reflect.New(v.Type().Elem())
			own.Elem().Set(v.Elem())
			v.Set(own)
			s.walk(own.Elem(), depth+1)
		}
	case reflect.Slice:
		if k := v.Type().Elem().Kind(); (k == reflect.Struct || k == reflect.Pointer) && !v.IsNil() {
			own := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
			reflect.Copy(own, v)
			v.Set(own)
			for i := range v.Len() {
				s.walk(v.Index(i), depth+1)
			}
		}
	case reflect.Struct:
		switch v.Addr().Interface().(type) {
		case *catalogue.Message, *time.Time:
			return
		}
		s.one(v.Addr().Interface())
		for i := range v.NumField() {
			if f := v.Field(i); f.CanSet() {
				s.walk(f, depth+1)
			}
		}
	}
}

// one says the texts of what has some.
func (s *speaker) one(v any) {
	switch x := v.(type) {
	case *view.Alarm:
		s.say(&x.Text, x.Message)
	case *view.ObservedAlarm:
		s.say(&x.Text, x.Message)
	case *view.Compared:
		s.say(&x.Text, x.Message)
	case *notice.Warning:
		s.say(&x.Text, x.Message)
	case *view.Notice:
		if x.State != "" {
			s.say(&x.Words, noticeWords(*x))
		}
		s.say(&x.Coarse, x.Said.Coarse)
		s.say(&x.Flaw, x.Said.Flaw)
		s.lines(&x.Echo, x.Said.Echo)
	case *view.Option:
		s.say(&x.Words, x.Shift.Message())
	case *view.Proposal:
		s.say(&x.Words, x.Shift.Message())
	case *view.Release:
		s.say(&x.Text, x.Message)
	case *CheckedNotice:
		s.lines(&x.Echo, x.said)
	case *view.Spoken:
		s.lines(&x.Echo, x.SaidEcho)
	case *view.ImportRow:
		s.say(&x.Where, x.SaidWhere)
	case *view.Rung:
		s.say(&x.How, x.SaidHow)
	case *view.Differs:
		s.say(&x.Text, x.Said)
	case *view.OpenItem:
		s.say(&x.Text, x.Message)
	default:
		s.more(v)
	}
}

// more says the texts of statements and reviews.
func (s *speaker) more(v any) {
	switch x := v.(type) {
	case *view.Statement:
		s.say(&x.Standing, x.SaidStanding)
		if len(x.SaidFlags) > 0 {
			x.Flags = make([]string, len(x.SaidFlags))
			for i, m := range x.SaidFlags {
				s.say(&x.Flags[i], m)
			}
		}
	case *Refusal:
		x.Words, s.said = s.in.Refusal(x.Reason), true
	case *view.Speech:
		if p, ok := phrase.Find(x.Phrase); ok {
			if t, ok := phrase.In(p, s.in.Language); ok {
				x.Shown, s.said = &view.Shown{Language: s.in.Language, Text: t.Text, Reviewed: t.Reviewed}, true
			}
		}
	case *view.StatementFlawed:
		s.say(&x.Why, x.SaidWhy)
	case *view.Statements:
		x.Answer, s.said = s.in.Sentences(x.SaidAnswer), true
	case *view.Consent:
		s.say(&x.Standing, x.SaidStanding)
	case *view.ConsentFlawed:
		x.Why, s.said = s.in.Refusal(x.Why), true
	case *view.Minutes:
		s.say(&x.Standing, x.SaidStanding)
	case *view.ReviewIgnored:
		s.say(&x.Why, x.SaidWhy)
	case *view.Conflict:
		if x.State != "" {
			s.say(&x.Words, conflictWords(*x))
		}
		s.say(&x.Where, x.SaidWhere)
	case *view.WouldConflict:
		s.say(&x.Text, x.Message)
		s.say(&x.Where, x.SaidWhere)
	case *view.Call:
		if x.State != "" {
			s.say(&x.Words, callWords(*x))
		}
		s.say(&x.Place, x.SaidPlace)
	}
}

func (s *speaker) say(text *string, m catalogue.Message) {
	if !m.IsZero() {
		*text, s.said = s.in.Say(m), true
	}
}

func (s *speaker) lines(text *[]string, echo []catalogue.Message) {
	if len(echo) > 0 {
		*text, s.said = notice.Lines(s.in, echo), true
	}
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
