package view

import (
	"time"

	"parley/catalogue"
)

// OpenItem is something that an officer who takes the watch over must know of.
type OpenItem struct {
	Kind string    `json:"kind"` // alarm, conflict, statement, call, rung, notice, voice
	Line string    `json:"line,omitzero"`
	ID   string    `json:"id"`
	Text string    `json:"text"`
	Due  time.Time `json:"due,omitzero"`
	// Message is the text by its key and arguments, left out where it is too long to be kept.
	Message catalogue.Message `json:"message,omitzero"`
}

// The states of a hand-over.
const (
	HandOverOpen     = "open"     // the officer to whom it goes has not accepted
	HandOverAccepted = "accepted" // he has the watch
	HandOverKept     = "kept"     // the other kept the watch, or began anew
)

// HandOver hands the watch from one officer to another. Until it is accepted the first owns every
// deadline. It is this desk's own memory and no part of the record.
type HandOver struct {
	From  string    `json:"from"`
	To    string    `json:"to"`
	State string    `json:"state"`
	Begun time.Time `json:"begun"`
	Due   time.Time `json:"due"` // when it alarms the supervisor
	Ended time.Time `json:"ended,omitzero"`
	// Open lists what was open when it began, More how many items that were too many to list.
	Open []OpenItem `json:"open"`
	More int        `json:"more,omitzero"`
}

// Watch says who has the watch.
type Watch struct {
	Officer string    `json:"officer"` // who owns every deadline; "": nobody took the watch yet
	Role    string    `json:"role,omitzero"`
	Since   time.Time `json:"since,omitzero"`
	// HandOver is the one that waits to be accepted; null: none.
	HandOver *HandOver `json:"handover"`
}
