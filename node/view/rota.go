package view

import "time"

// RotaRow says who is to have the watch for a while: from an instant, until just before another.
type RotaRow struct {
	From    time.Time `json:"from"`
	Until   time.Time `json:"until"`
	Officer string    `json:"officer"`
	Role    string    `json:"role"`
}

// RotaGap is a time between two rows for which the rota names nobody.
type RotaGap struct {
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`
}

// Rota is the plan of who is to have the watch. It is this desk's own memory, is not told to the
// other party, and is no part of the record.
type Rota struct {
	Rows []RotaRow `json:"rows"` // those that are not over, the earliest first
	Gaps []RotaGap `json:"gaps"` // between them, and before the first where an earlier one is known
	// Set is when it was given, SetBy by whom; zero: there is none.
	Set   time.Time `json:"set,omitzero"`
	SetBy string    `json:"set_by,omitzero"`
}
