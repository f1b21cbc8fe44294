package body

import "time"

// Confirmed is the body of KindConfirmed: an officer of the author's party says that a site still is
// as a version of it says.
type Confirmed struct {
	First   Ref       `json:"first"` // the notice's first entry
	Version int       `json:"version"`
	Until   time.Time `json:"until,omitzero"` // where it is confirmed for less than the agreement's term
	Officer string    `json:"officer"`
	Role    string    `json:"role"`
	Remark  string    `json:"remark,omitzero"`
}
