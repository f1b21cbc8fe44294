package view

import (
	"time"

	"parley/catalogue"
)

// The states of a release.
const (
	ReleasePending  = "pending"  // a second officer has not decided
	ReleaseReleased = "released" // it was said
	ReleaseRefused  = "refused"
	ReleaseLapsed   = "lapsed" // nobody decided in time
)

// Release is a command that the agreement wants two persons for: one officer prepares it, another
// releases it, and only then is it said on the line. Until that it is this desk's own memory and no
// part of the record.
type Release struct {
	ID      string `json:"id"`
	Action  string `json:"action"` // as the agreement names it: cancel, statement, agreement, key-change, disclosure-change
	Line    string `json:"line"`
	Subject string `json:"subject"` // the notice's, the statement's or the agreement's id; for a copy of sites its level and recipient
	Text    string `json:"text"`    // what is to be said
	// Message is the text by its key and arguments.
	Message  catalogue.Message `json:"message,omitzero"`
	Exercise bool              `json:"exercise,omitzero"` // it is of a notice that is exercise
	State    string            `json:"state"`

	PreparedBy string    `json:"prepared_by"`
	Role       string    `json:"role"` // of who prepared it
	Prepared   time.Time `json:"prepared"`
	Expires    time.Time `json:"expires"`

	DecidedBy string    `json:"decided_by,omitzero"` // who released or refused it
	Decided   time.Time `json:"decided,omitzero"`
	Reason    string    `json:"reason,omitzero"` // why it was refused
}
