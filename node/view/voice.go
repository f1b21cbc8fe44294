package view

import (
	"time"

	"parley/catalogue"
)

// The ways of what was said by voice.
const (
	Passed = "passed" // its party says that it passed it
	Heard  = "heard"  // an officer of the other party says that he heard it
)

// The states of what was heard.
const (
	HeardUnmatched = "unmatched" // the entry of its party is not here: it counts as theirs, by voice
	HeardMatched   = "matched"   // the entry is here and says the same
	HeardDiffers   = "differs"   // the entry is here and says something else; the entry counts
	HeardClosed    = "closed"    // who heard it says that nobody needs to look any more
)

// Rungs that stand beside those of the ladder and take the place of none.
const (
	PassedByVoice = "passed by voice" // says its party
	HeardByVoice  = "heard by voice"  // says the other
)

// Spoken is what was passed or heard by voice, as an officer entered it late.
type Spoken struct {
	Line    string    `json:"line"`
	Entry   string    `json:"entry"`
	Party   string    `json:"party"` // whose word this is
	Way     string    `json:"way"`   // passed, heard
	At      time.Time `json:"at"`    // when they spoke
	By      string    `json:"by"`    // the officer of Party
	Other   string    `json:"other"` // the officer of the other party
	Means   string    `json:"means"`
	Entered time.Time `json:"entered"` // by the clock of Party
	Officer string    `json:"officer"` // who entered it
	Role    string    `json:"role"`
	Drill   bool      `json:"drill,omitzero"`

	// Notice and Version, or Call and Type, are what was passed or heard, as far as it was said.
	Notice  string `json:"notice,omitzero"`
	Version int    `json:"version,omitzero"`
	Call    string `json:"call,omitzero"`
	Type    string `json:"type,omitzero"`
	// Of is the entry that it is: what was passed, or what matched.
	Of string `json:"of,omitzero"`

	ReadBack string `json:"read_back,omitzero"` // of what was passed: same, differs, none
	Remark   string `json:"remark,omitzero"`
	// Answer is what the other officer said to a call that was passed, says Party: to a hold holding,
	// cannot-hold or continuing, to the rest taken.
	Answer string `json:"answer,omitzero"`

	// The rest is of what was heard. HeldAs is the id of the notice, or the entry of the call, as which
	// it counts until it is matched.
	State  string   `json:"state,omitzero"`
	HeldAs string   `json:"held_as,omitzero"`
	Text   string   `json:"text,omitzero"`
	Echo   []string `json:"echo,omitzero"`
	// SaidEcho is the echo by keys and arguments.
	SaidEcho    []catalogue.Message `json:"-"`
	Differences []Differs           `json:"differences,omitzero"`
	Closed      *Closed             `json:"closed,omitzero"`
}

// Closed is the word that nobody needs to look any more.
type Closed struct {
	Entry   string    `json:"entry"`
	Officer string    `json:"officer"`
	Role    string    `json:"role"`
	Time    time.Time `json:"time"`
	Reason  string    `json:"reason"`
}

// HeardNow is the answer to entering what was heard: what it is held as, or the entry that matched, with
// the conflicts of that.
type HeardNow struct {
	Spoken    Spoken     `json:"spoken"`
	Notice    *Notice    `json:"notice,omitzero"`
	Call      *Call      `json:"call,omitzero"`
	Conflicts []Conflict `json:"conflicts"`
	Compared  Compared   `json:"compared"`
}
