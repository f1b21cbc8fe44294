package view

import (
	"time"

	"parley/catalogue"
	"parley/geo4d"
)

// WhatIf is which conflicts a draft would be in, were it filed as it is now.
type WhatIf struct {
	Line      string
	Conflicts []WouldConflict
	Compared  Compared
}

// WouldConflict is a conflict that filing a draft would bring about, or leave open. Gaps are before
// the separation.
type WouldConflict struct {
	Line              string  `json:"line"`
	Conflict          string  `json:"conflict,omitzero"` // its id, where an older version of the draft is in it
	With              Party   `json:"with"`              // the other party's notice
	LateralM          float64 `json:"lateral_m"`
	VerticalM         float64 `json:"vertical_m"`
	TimeS             float64 `json:"time_s"`
	VerticalUncertain bool    `json:"vertical_uncertain,omitzero"`
	Coarse            bool    `json:"coarse,omitzero"` // one of the two is held as far more than it needs

	Lower *geo4d.Altitude `json:"lower,omitzero"`
	Upper *geo4d.Altitude `json:"upper,omitzero"`
	From  time.Time       `json:"from"`
	Until time.Time       `json:"until,omitzero"`
	Where string          `json:"where"` // where the draft comes closest, in words
	At    [2]float64      `json:"at"`    // longitude, latitude of that
	Text  string          `json:"text"`

	SaidWhere catalogue.Message `json:"-"`
	Message   catalogue.Message `json:"-"`
}
