package view

import "time"

// Desk is a party's desk as it stands on a line: whether anybody is there.
type Desk struct {
	Line  string `json:"line"`
	Party string `json:"party"`
	Own   bool   `json:"own"`
	// State is manned (presence is confirmed), unanswered (past due, for no longer than presence
	// counts), unmanned (for longer, or the last officer said that he left), or unknown (no officer
	// ever said anything).
	State   string    `json:"state"`
	Since   time.Time `json:"since,omitzero"`
	Due     time.Time `json:"due,omitzero"` // when presence must be confirmed again
	Officer string    `json:"officer,omitzero"`
	Role    string    `json:"role,omitzero"`
	Last    time.Time `json:"last,omitzero"` // his newest word, by his node's clock
	Kind    string    `json:"kind,omitzero"` // of the entry by which he said it
}

// LineTest is a test of the line by people.
type LineTest struct {
	Line    string    `json:"line"`
	Entry   string    `json:"entry"`
	Party   string    `json:"party"` // that tests
	Own     bool      `json:"own"`
	Word    string    `json:"word"` // that an officer of the other desk says back
	Officer string    `json:"officer"`
	Time    time.Time `json:"time"` // by the clock of the node that tests
	// Answered is when an officer of the other desk said the word, by his node's clock; null: not yet.
	Answered   *time.Time `json:"answered"`
	AnsweredBy string     `json:"answered_by,omitzero"`
	// AnsweredS is from Time to Answered: from one clock to another's, and so only as good as these.
	AnsweredS *float64 `json:"answered_s"`
	// RoundTripS is from Time until the answer was durable at the node that tests, by the clock of
	// that node alone. It is shown at that node.
	RoundTripS *float64 `json:"round_trip_s,omitzero"`
}

// LineTests says how a line stands by the tests that people make.
type LineTests struct {
	// State is tested, suspect, down, untested (no test and none missed yet) or none (the agreement
	// wants none now).
	State    string    `json:"state"`
	Since    time.Time `json:"since,omitzero"` // of suspect and down
	PerDay   int       `json:"per_day"`        // that each party owes
	Missed   int       `json:"missed"`         // in a row, of the party that missed more
	SlotEnds time.Time `json:"slot_ends,omitzero"`
	// OwnDone and OtherDone say whether that party's test of the slot was made and answered.
	OwnDone   bool `json:"own_done"`
	OtherDone bool `json:"other_done"`
	// Last is the newest test that was answered, Asked the other party's newest where nobody here
	// answered it. Null: none.
	Last  *LineTest `json:"last"`
	Asked *LineTest `json:"asked"`
}
