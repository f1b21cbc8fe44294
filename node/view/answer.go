package view

import "time"

// The states of an answer.
const (
	AnswerWaits    = "waits"
	AnswerReleased = "released"
	AnswerRefused  = "refused"
)

// Decision is what an officer of this desk decided of an answer. The other party is not told of it.
type Decision struct {
	State   string    `json:"state"`
	Officer string    `json:"officer,omitzero"`
	Role    string    `json:"role,omitzero"`
	Time    time.Time `json:"time,omitzero"`
	Reason  string    `json:"reason,omitzero"`
}

// AlertAnswer is a conflict of an own hidden notice that the other party is not told of by itself.
type AlertAnswer struct {
	Conflict Conflict `json:"conflict"`
	Decision Decision `json:"decision"`
}
