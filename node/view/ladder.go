package view

import (
	"time"

	"parley/catalogue"
)

// The rungs of the ladder, in order.
const (
	Delivered     = "delivered"      // the other node holds it
	OfficerHas    = "received"       // a named officer has it
	ReadBack      = "read back"      // an officer said place and times back, and they are the same
	Relayed       = "relayed"        // an officer told a unit
	UnitConfirmed = "unit confirmed" // the unit has it and keeps clear
)

// Rung is a step of the ladder: done, or owed by a party by a time.
type Rung struct {
	Name   string     `json:"name"`
	By     string     `json:"by"` // the party whose step it is
	Due    time.Time  `json:"due,omitzero"`
	Missed bool       `json:"missed"`               // it is owed and past due
	Gone   string     `json:"escalated,omitzero"`   // where it has gone: second channel, supervisor, observers
	GoesOn time.Time  `json:"escalates,omitzero"`   // when it goes on from there
	Done   *time.Time `json:"done"`                 // by the clock of By; null: not yet
	Entry  string     `json:"entry,omitzero"`       // that says it is done
	Who    string     `json:"officer,omitzero"`     // who said so
	How    string     `json:"means,omitzero"`       // of a relay its means, of a read-back map or voice
	Unit   string     `json:"unit,omitzero"`        // who was told, or who confirmed
	Unable string     `json:"unable,omitzero"`      // why a unit cannot keep clear
	Differ []Differs  `json:"differences,omitzero"` // of the newest read-back, where it is not the same
	// SaidHow is How by keys and arguments, where it is not as somebody typed it.
	SaidHow catalogue.Message `json:"-"`
}

// Differs is a field that was read back otherwise than it was told.
type Differs struct {
	Field    string `json:"field"`
	Told     string `json:"told"`
	ReadBack string `json:"read_back"` // "": it was not read back
	Text     string `json:"text"`      // how they differ, for a person
	// Said is the text by keys and arguments, where it has them.
	Said catalogue.Message `json:"-"`
}
