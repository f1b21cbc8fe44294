package body

import (
	"strings"
	"time"
)

// The kinds of entry that make a call and that follow one. All that a hold and a distress call are
// made of does not wait its turn: the call, the word of who took it, the answers, and what ends it.
const (
	KindQuery   = "call.query"   // an officer asks
	KindConcern = "call.concern" // an officer worries
	KindAnswer  = "call.answer"  // an officer answers a query or a concern
	KindEnd     = "call.end"     // the party that called ends a query or a concern

	KindHold       = "call.hold"        // stop and call
	KindHoldAnswer = "call.hold.answer" // holding, cannot hold or continuing
	KindHoldReview = "call.hold.review" // the party that called gives a hold a new review time
	KindHoldLift   = "call.hold.lift"   // the party that called lifts it

	KindDistress       = "call.distress" // someone is in danger, here
	KindDistressAnswer = "call.distress.answer"
	KindDistressEnd    = "call.distress.end" // the party that called says that it is over

	KindTaken       = "call.taken"       // an officer received a hold or a distress call
	KindTranslation = "call.translation" // an interpreter translates what was said in a call
)

// Urgent reports whether entries of a kind go ahead of everything, in every line state.
func Urgent(kind string) bool {
	switch kind {
	case KindHold, KindHoldAnswer, KindHoldReview, KindHoldLift,
		KindDistress, KindDistressAnswer, KindDistressEnd, KindTaken:
		return true
	}
	return false
}

// IsCall reports whether entries of a kind are calls.
func IsCall(kind string) bool {
	switch kind {
	case KindQuery, KindConcern, KindHold, KindDistress:
		return true
	}
	return false
}

// InCall reports whether entries of a kind are calls or follow one.
func InCall(kind string) bool { return strings.HasPrefix(kind, "call.") }

// The types of call.
const (
	Query    = "query"
	Concern  = "concern"
	Hold     = "hold"
	Distress = "distress"
)

// CallType returns the type of a call from its kind; "" for a kind that is no call.
func CallType(kind string) string {
	if !IsCall(kind) {
		return ""
	}
	return strings.TrimPrefix(kind, "call.")
}

// AnswerKind returns the kind of an answer to a call of a type.
func AnswerKind(callType string) string {
	switch callType {
	case Hold:
		return KindHoldAnswer
	case Distress:
		return KindDistressAnswer
	}
	return KindAnswer
}

// EndKind returns the kind of what ends a call of a type.
func EndKind(callType string) string {
	switch callType {
	case Hold:
		return KindHoldLift
	case Distress:
		return KindDistressEnd
	}
	return KindEnd
}

// The words of an answer to a hold.
const (
	Holding    = "holding"
	CannotHold = "cannot-hold" // with a reason
	Continuing = "continuing"  // with a reason
)

// Words returns the answers to a hold.
func Words() []string { return []string{Holding, CannotHold, Continuing} }

// Speech is what an officer says in a call. The text is in its author's language and is the one that
// counts. A pre-agreed phrase is named by its number beside the author's text.
type Speech struct {
	Phrase      int          `json:"phrase,omitzero"`
	Text        string       `json:"text"`
	Language    string       `json:"language"`
	Translation *Translation `json:"translation,omitzero"`
	Officer     string       `json:"officer"`
	Role        string       `json:"role"`
}

// Translation is a text in another language, with the name of who translated it.
type Translation struct {
	Language   string `json:"language"`
	Text       string `json:"text"`
	Translator string `json:"translator"`
}

// Call is the body of the four kinds of call.
type Call struct {
	About string `json:"about,omitzero"` // a notice's or a conflict's id
	Speech
	Review time.Time `json:"review,omitzero"` // of a hold: when it is looked at again
	Danger
}

// Danger is what a distress call says beside its text, as far as it is known.
type Danger struct {
	Position *Position `json:"position,omitzero"`
	LastSeen time.Time `json:"last_seen,omitzero"`
	Persons  int       `json:"persons,omitzero"`
	Nature   string    `json:"nature,omitzero"` // what happened, in words
}

// Position is a place as GeoJSON writes it: longitude and latitude in degrees, WGS 84.
type Position [2]float64

// Answer is the body of the kinds of answer.
type Answer struct {
	Call Ref    `json:"call"`
	Word string `json:"word,omitzero"` // to a hold
	Speech
}

// Review is the body of KindHoldReview.
type Review struct {
	Call   Ref       `json:"call"`
	Review time.Time `json:"review"`
	Speech
}

// End is the body of the kinds that end a call.
type End struct {
	Call Ref `json:"call"`
	Speech
}

// Translated is the body of KindTranslation.
type Translated struct {
	Entry    Ref    `json:"entry"` // of a call or of what followed it
	Language string `json:"language"`
	Text     string `json:"text"`
	Officer  string `json:"officer"`
	Role     string `json:"role"`
}
