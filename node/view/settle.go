package view

import (
	"fmt"
	"math"
	"time"

	"parley/catalogue"
	"parley/geo4d"
	"parley/notice"
)

// Shift is a change of all volumes of a notice in one dimension: in time, in altitude or across the
// ground. The others are zero.
type Shift struct {
	TimeS        float64 `json:"time_s,omitzero"`        // less than 0: earlier
	Altitude     float64 `json:"altitude,omitzero"`      // less than 0: down
	AltitudeUnit string  `json:"altitude_unit,omitzero"` // m, ft, FL: the unit of the notice's own bounds
	LateralM     float64 `json:"lateral_m,omitzero"`
	BearingDeg   float64 `json:"bearing_deg,omitzero"` // from north
}

// Message says a shift as an officer would.
func (s Shift) Message() catalogue.Message {
	switch {
	case s.TimeS > 0:
		return catalogue.Say("shift.later", catalogue.SpanOf("span", time.Duration(s.TimeS*float64(time.Second))))
	case s.TimeS < 0:
		return catalogue.Say("shift.earlier", catalogue.SpanOf("span", time.Duration(-s.TimeS*float64(time.Second))))
	case s.Altitude == 0:
		return catalogue.Say("shift.aside", catalogue.AsCode("length", fmt.Sprintf("%.1f km (%.1f NM)", s.LateralM/1000, s.LateralM/geo4d.MetresPerNM)), catalogue.Word("compass", "compass."+geo4d.CompassWords(s.BearingDeg)))
	}
	key, amount := "shift.up", catalogue.DecimalOf("amount", math.Abs(s.Altitude))
	if s.Altitude < 0 {
		key = "shift.down"
	}
	if s.AltitudeUnit == string(geo4d.FlightLevel) {
		return catalogue.Say(key+"-levels", amount)
	}
	return catalogue.Say(key, amount, catalogue.AsCode("unitname", s.AltitudeUnit))
}

// Option is a change of one of a conflict's notices, worked out by this node, with which that notice
// was in conflict with nothing that the node compares it with. Nobody has said it to anyone.
type Option struct {
	Mover string  `json:"mover"` // the party whose notice would move
	Shift Shift   `json:"shift"`
	Words string  `json:"words"`
	Cost  float64 `json:"cost"` // as propose.Cost says, in minutes of delay
}

// NoOption is a direction in which nothing was found for a notice, and why.
type NoOption struct {
	Mover     string `json:"mover"`
	Direction string `json:"direction"`
	Reason    string `json:"reason"` // not_allowed, immovable, out_of_bounds
}

// Options are the changes that would clear a conflict, the cheapest first. Who moves, and whether
// anyone does, is for people to say.
type Options struct {
	Options  []Option   `json:"options"`
	None     []NoOption `json:"none"`
	Compared Compared   `json:"compared"`
}

// Proposal is one party's word that a notice of a conflict might be moved.
type Proposal struct {
	Entry   string    `json:"entry"`
	Party   string    `json:"party"` // who proposes
	Officer string    `json:"officer"`
	Role    string    `json:"role"`
	Time    time.Time `json:"time"`
	Mover   string    `json:"mover"` // the party whose notice would move
	Shift   Shift     `json:"shift"`
	Words   string    `json:"words"`
	Remark  string    `json:"remark,omitzero"`
	State   string    `json:"state"` // open, accepted, refused, outdated: about other versions
	Reply   *Reply    `json:"reply,omitzero"`
}

// Reply is the other party's answer to a proposal.
type Reply struct {
	Entry    string    `json:"entry"`
	Accepted bool      `json:"accepted"`
	Reason   string    `json:"reason,omitzero"`
	Officer  string    `json:"officer"`
	Role     string    `json:"role"`
	Time     time.Time `json:"time"`
}

// Settling is one party's word that it settles a conflict as it stands.
type Settling struct {
	Entry   string    `json:"entry"`
	Party   string    `json:"party"`
	How     string    `json:"how"` // joint, accepted risk
	Reason  string    `json:"reason"`
	Officer string    `json:"officer"`
	Role    string    `json:"role"`
	Time    time.Time `json:"time"`
	Counts  bool      `json:"counts"` // it is about the newest versions
}

// Amended is the answer to accepting a proposal: the conflict as it stands, and the new version of
// the own notice where that is the one that moved.
type Amended struct {
	Conflict Conflict         `json:"conflict"`
	Notice   *Notice          `json:"notice"`
	Warnings []notice.Warning `json:"warnings,omitzero"`
}
