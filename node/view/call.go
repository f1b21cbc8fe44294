package view

import (
	"time"

	"parley/catalogue"
)

// Speech is what an officer said in a call. The text is in its author's language and is the one that
// counts; what is beside it helps to read it.
type Speech struct {
	Text     string `json:"text"`
	Language string `json:"language"`
	// Phrase is the number of a pre-agreed phrase. Shown is that phrase in this desk's language.
	Phrase       int           `json:"phrase,omitzero"`
	Shown        *Shown        `json:"shown,omitzero"`
	Translations []Translation `json:"translations,omitzero"`
	Officer      string        `json:"officer"`
	Role         string        `json:"role"`
}

// Shown is a phrase in the language of the desk that reads it.
type Shown struct {
	Language string `json:"language"`
	Text     string `json:"text"`
	Reviewed bool   `json:"reviewed"` // by a speaker of the language
}

// Translation is a text in another language with the name of who translated it. Party and Time are of
// one that was added later.
type Translation struct {
	Language   string    `json:"language"`
	Text       string    `json:"text"`
	Translator string    `json:"translator"`
	Party      string    `json:"party,omitzero"`
	Time       time.Time `json:"time,omitzero"`
}

// Call is a call between officers.
type Call struct {
	Line  string `json:"line"`
	Entry string `json:"entry"`
	Party string `json:"party"`
	Own   bool   `json:"own"`
	Type  string `json:"type"` // query, concern, hold, distress
	About string `json:"about,omitzero"`
	Speech
	Time  time.Time `json:"time"`
	Drill bool      `json:"drill,omitzero"`
	// Exercise says that it is a drill in an agreed window. A drill outside one counts as real.
	Exercise bool `json:"exercise,omitzero"`
	Ahead    bool `json:"ahead,omitzero"`

	// Words says it in short, where a language was asked for.
	Words string `json:"words,omitzero"`
	// State follows from the two transcripts and the time alone: open, taken, answered or ended; of a
	// hold open, holding, cannot-hold, continuing, lifted or lapsed. One known only by voice that was
	// closed is closed.
	State string `json:"state"`
	// Over says that it needs nobody any more.
	Over bool `json:"-"`
	// Due is by when the party called must answer a hold, or take or answer the rest. Zero: it did.
	Due time.Time `json:"due,omitzero"`
	// Escalated is where what was not done in time has gone: second channel, supervisor or observers,
	// and of a hold or a distress call principals with the last. Escalates is when it goes on.
	Escalated string    `json:"escalated,omitzero"`
	Escalates time.Time `json:"escalates,omitzero"`
	Review    time.Time `json:"review,omitzero"` // of a hold that is not lifted: it lapses then
	Lifted    *Ended    `json:"lifted,omitzero"` // of a hold
	Ended     *Ended    `json:"ended,omitzero"`  // of the others

	// What a distress call says beside its text.
	Position *[2]float64 `json:"position,omitzero"` // longitude and latitude, degrees, WGS 84
	Place    string      `json:"place,omitzero"`    // the position in words
	// SaidPlace is that by key and arguments.
	SaidPlace catalogue.Message `json:"-"`
	LastSeen  time.Time         `json:"last_seen,omitzero"`
	Persons   int               `json:"persons,omitzero"`
	Nature    string            `json:"nature,omitzero"`

	// ByVoice says that it is known only by voice. Spoken is what was passed and heard.
	ByVoice bool     `json:"by_voice,omitzero"`
	Spoken  []Spoken `json:"spoken,omitzero"`

	Received []Received `json:"received"`
	Answers  []Answer   `json:"answers"`
	Reviews  []Review   `json:"reviews,omitzero"`
	// Delivered is when the other node held it, by its clock; null: delivery not shown.
	Delivered *time.Time `json:"delivered"`
}

// Answer is an answer to a call.
type Answer struct {
	Entry string `json:"entry"`
	Party string `json:"party"`
	Word  string `json:"word,omitzero"` // to a hold: holding, cannot-hold, continuing
	Speech
	Time time.Time `json:"time"`
}

// Review is a new review time of a hold.
type Review struct {
	Entry  string    `json:"entry"`
	Review time.Time `json:"review"`
	Speech
	Time time.Time `json:"time"`
}

// Ended is the word of the party that called that a call is over.
type Ended struct {
	Entry string `json:"entry"`
	Speech
	Time time.Time `json:"time"`
}
