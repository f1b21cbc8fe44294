package body

import (
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// The kinds of entry about what was said by voice while nothing else worked. They are entered late.
const (
	KindPassed      = "voice.passed" // an officer read an own notice or call to the other party
	KindHeard       = "voice.heard"  // an officer heard a notice or a call of the other party
	KindVoiceClosed = "voice.closed" // what was heard is settled, or was entered in error
)

// What the other officer read back of what was passed to him by voice.
const (
	ReadBackSame    = "same"
	ReadBackDiffers = "differs"
	ReadBackNone    = "none"
)

// SaidTaken is the answer by voice to a call that is no hold: an officer of the other party has it.
const SaidTaken = "taken"

// OnPhone is who spoke with whom by voice, when and how.
type OnPhone struct {
	At    time.Time `json:"at"`    // when they spoke
	By    string    `json:"by"`    // the own officer who spoke
	Other string    `json:"other"` // the other party's
	Means string    `json:"means"` // phone, radio: how
}

// Passed is the body of KindPassed: its author's word, which is no receipt.
type Passed struct {
	Entry Ref `json:"entry"` // the version or the call that was passed
	OnPhone
	ReadBack string `json:"read_back"`       // ReadBackSame, ReadBackDiffers, ReadBackNone
	Remark   string `json:"remark,omitzero"` // what differed, or why he does not hold
	// Answer is what the other officer said to a call: to a hold one of its words, to the rest SaidTaken.
	Answer  string `json:"answer,omitzero"`
	Officer string `json:"officer"` // who enters it
	Role    string `json:"role"`
}

// Heard is the body of KindHeard: a notice or a call as an officer of the other party heard it.
type Heard struct {
	OnPhone
	Text    string         `json:"text"`            // as he wrote it down, a line for each field of the page
	Notice  jsontext.Value `json:"notice,omitzero"` // as it is held; without id or version where none was heard
	Call    *HeardCall     `json:"call,omitzero"`
	Officer string         `json:"officer"` // who enters it
	Role    string         `json:"role"`
}

// HeardCall is a call as it was heard.
type HeardCall struct {
	Call     Ref       `json:"call,omitzero"` // its entry, where it was told
	Type     string    `json:"type"`
	About    string    `json:"about,omitzero"`
	Text     string    `json:"text"`
	Language string    `json:"language"`
	Review   time.Time `json:"review,omitzero"`
	Danger
}

// VoiceClosed is the body of KindVoiceClosed, by the party that heard.
type VoiceClosed struct {
	Heard   Ref    `json:"heard"`
	Reason  string `json:"reason"`
	Officer string `json:"officer"`
	Role    string `json:"role"`
}
