package view

import "time"

// FalseAlarm is the word of an officer of this desk that an alarm was a false one.
type FalseAlarm struct {
	Officer string    `json:"officer"`
	Role    string    `json:"role"`
	Time    time.Time `json:"time"`
	Reason  string    `json:"reason"`
}

// HadAlarm is an alarm of this desk from when it came onto the list until it left it.
type HadAlarm struct {
	ID       string    `json:"id"`
	Line     string    `json:"line,omitzero"`
	Kind     string    `json:"kind"`
	Subject  string    `json:"subject,omitzero"`
	Exercise bool      `json:"exercise,omitzero"`
	Begun    time.Time `json:"begun"`
	Over     time.Time `json:"over,omitzero"` // zero: it lasts
	// MarkedFalse says that an officer of this desk marked it as a false alarm.
	MarkedFalse *FalseAlarm `json:"marked_false,omitzero"`
}
