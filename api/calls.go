package api

import (
	"time"

	"parley/node"
	"parley/node/body"
	"parley/node/view"
	"parley/phrase"
)

// Calls is the answer to GET /v1/calls.
type Calls struct {
	Calls []view.Call `json:"calls"`
}

// Words are what an officer says in a call: a phrase by its number, a text, or both.
type Words struct {
	Phrase      int          `json:"phrase,omitzero"`
	Text        string       `json:"text,omitzero"`
	Language    string       `json:"language,omitzero"`
	Translation *Translation `json:"translation,omitzero"`
}

// Translation is a text in another language, with the name of who translated it.
type Translation struct {
	Language   string `json:"language"`
	Text       string `json:"text"`
	Translator string `json:"translator"`
}

func (w Words) node() node.Words {
	return node.Words{Phrase: w.Phrase, Text: w.Text, Language: w.Language, Translation: (*body.Translation)(w.Translation)}
}

// CallRequest calls the other desk. Review is of a hold; Position (longitude, latitude), LastSeen,
// Persons and Nature are of a distress call.
type CallRequest struct {
	Type  string `json:"type"` // query, concern, hold, distress
	About string `json:"about,omitzero"`
	Words
	Drill    bool        `json:"drill,omitzero"`
	Review   time.Time   `json:"review,omitzero"`
	Position *[2]float64 `json:"position,omitzero"`
	LastSeen time.Time   `json:"last_seen,omitzero"`
	Persons  int         `json:"persons,omitzero"`
	Nature   string      `json:"nature,omitzero"`
}

// AnswerRequest answers a call, by its entry. Word is of the answer to a hold of the other party.
type AnswerRequest struct {
	Call string `json:"call"`
	Word string `json:"word,omitzero"`
	Words
}

// ReviewRequest gives an own hold a new review time.
type ReviewRequest struct {
	Call   string    `json:"call"`
	Review time.Time `json:"review"`
	Words
}

// EndRequest lifts an own hold, or ends another own call.
type EndRequest struct {
	Call string `json:"call"`
	Words
}

// TranslateRequest adds the officer's translation to what was said in a call.
type TranslateRequest struct {
	Entry    string `json:"entry"`
	Language string `json:"language"`
	Text     string `json:"text"`
}

// Phrases is the answer to GET /v1/phrases.
type Phrases struct {
	Languages []string `json:"languages"` // that there are catalogues of
	Phrases   []Phrase `json:"phrases"`
}

// Phrase is a pre-agreed phrase in one language.
type Phrase struct {
	Number   int          `json:"number"`
	Key      string       `json:"key"`
	Uses     []phrase.Use `json:"uses"`
	Language string       `json:"language"`
	Text     string       `json:"text"`
	Reviewed bool         `json:"reviewed"`
}

func (a *api) getCalls(c *call) (any, error) {
	q, err := c.query("line", "picture")
	if err != nil {
		return nil, err
	}
	pic, err := pictureOf(q)
	if err != nil {
		return nil, err
	}
	calls, err := a.cfg.Node.Calls(c.r.Context(), q["line"])
	if err != nil {
		return nil, err
	}
	calls = chosen(pic, calls, func(x *view.Call) bool { return x.Exercise })
	return Calls{calls}, nil
}

// inCall reads the body of a command in a call and answers with the call as it then stands. What
// makes or follows a hold or a distress call is exempt from the rate; the rest is held to it once
// that is known.
func (a *api) inCall(c *call, what string, in any, urgent func(line string) bool, do func(line string) (view.Call, error)) (any, error) {
	q, err := c.query("line")
	if err != nil {
		return nil, err
	}
	err = a.decode(c, in)
	if !urgent(q["line"]) {
		if err := a.limit(c.who.Name); err != nil {
			return nil, err
		}
	}
	if err != nil {
		return nil, err
	}
	x, err := do(q["line"])
	if err != nil {
		return nil, err
	}
	if what == "call" {
		what = "call." + x.Type
	}
	a.done(c, what, x.Entry)
	return x, nil
}

func (a *api) postCall(c *call) (any, error) {
	var in CallRequest
	return a.inCall(c, "call", &in,
		func(string) bool { return in.Type == body.Hold || in.Type == body.Distress },
		func(line string) (view.Call, error) {
			return a.cfg.Node.Call(c.r.Context(), c.officer(), line, node.Calling{
				Type: in.Type, About: in.About, Words: in.Words.node(), Drill: in.Drill, Review: in.Review,
				Danger: body.Danger{Position: (*body.Position)(in.Position), LastSeen: in.LastSeen, Persons: in.Persons, Nature: in.Nature},
			})
		})
}

func (a *api) postAnswer(c *call) (any, error) {
	var in AnswerRequest
	return a.inCall(c, "answer", &in,
		func(line string) bool { return a.cfg.Node.IsUrgent(line, in.Call) },
		func(line string) (view.Call, error) {
			return a.cfg.Node.Answer(c.r.Context(), c.officer(), line, node.Answering{Call: in.Call, Word: in.Word, Words: in.Words.node()})
		})
}

func (a *api) postReview(c *call) (any, error) {
	var in ReviewRequest
	return a.inCall(c, "review", &in,
		func(line string) bool { return a.cfg.Node.IsUrgent(line, in.Call) },
		func(line string) (view.Call, error) {
			return a.cfg.Node.Review(c.r.Context(), c.officer(), line, in.Call, in.Review, in.Words.node())
		})
}

func (a *api) postLift(c *call) (any, error) {
	var in EndRequest
	return a.inCall(c, "lift", &in,
		func(line string) bool { return a.cfg.Node.IsUrgent(line, in.Call) },
		func(line string) (view.Call, error) {
			return a.cfg.Node.Lift(c.r.Context(), c.officer(), line, in.Call, in.Words.node())
		})
}

func (a *api) postEnd(c *call) (any, error) {
	var in EndRequest
	return a.inCall(c, "end", &in,
		func(line string) bool { return a.cfg.Node.IsUrgent(line, in.Call) },
		func(line string) (view.Call, error) {
			return a.cfg.Node.EndCall(c.r.Context(), c.officer(), line, in.Call, in.Words.node())
		})
}

func (a *api) postTranslate(c *call) (any, error) {
	var in TranslateRequest
	return a.inCall(c, "translate", &in,
		func(string) bool { return true }, // the route holds it to the rate
		func(line string) (view.Call, error) {
			return a.cfg.Node.Translate(c.r.Context(), c.officer(), line, in.Entry, in.Language, in.Text)
		})
}

func (a *api) getPhrases(c *call) (any, error) {
	q, err := c.query("language")
	if err != nil {
		return nil, err
	}
	language := q["language"]
	if language == "" || !phrase.Has(language) {
		language = "en"
	}
	out := Phrases{Languages: phrase.Languages(), Phrases: []Phrase{}}
	for _, p := range phrase.All() {
		t, _ := phrase.In(p, language)
		out.Phrases = append(out.Phrases, Phrase{Number: p.Number, Key: p.Key, Uses: p.Uses, Language: language, Text: t.Text, Reviewed: t.Reviewed})
	}
	return out, nil
}
