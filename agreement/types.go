package agreement

import (
	"time"

	"parley/notice"
)

// Level is how much of a notice the other party is shown.
type Level string

// The levels of disclosure, from most to least.
const (
	Full   Level = "full"   // everything
	Volume Level = "volume" // the keep-clear volume, without names, phones or cargo
	Alert  Level = "alert"  // only that there is a conflict
)

// Profile is how much an officer must do by hand.
type Profile string

// The profiles.
const (
	Manual Profile = "manual" // an officer acknowledges every notice
	Bulk   Profile = "bulk"   // conflicts, coarse, short lead and sites only
)

// Grade is how a lead is judged.
type Grade string

// The grades of a lead. Ungraded is an emergency medical movement's.
const (
	Routine      Grade = "routine"
	Short        Grade = "short"
	Late         Grade = "late"
	Insufficient Grade = "insufficient"
	Ungraded     Grade = "ungraded"
)

// Urgency is how fast a notice must be answered.
type Urgency string

// The urgencies.
const (
	UrgencyUrgent  Urgency = "urgent"
	UrgencyShort   Urgency = "short"
	UrgencyRoutine Urgency = "routine"
)

// Subject is what decides a separation: a notice's kind, domain and class.
type Subject struct {
	Kind         notice.Kind
	Domain       notice.Domain
	Class        notice.Class
	Port         string  // the port of the agreement that a movement at sea lies within, or ""
	LowestFeetOK bool    // of flights: the lower bound is known
	LowestFeet   float64 // the lower bound in feet, as stated in whatever reference
}

// LeadTerms are the bounds of the grades.
type LeadTerms struct {
	Routine      time.Duration `json:"routine_from_s"`
	Short        time.Duration `json:"short_from_s"` // below it: late
	Insufficient time.Duration `json:"insufficient_below_s"`
}

// LadderTerms are the deadlines of one urgency: Delivered, Received and Relayed counted from
// filing, ReadBack from received, UnitConfirmed back from a movement's start. Relayed ends at the
// start at the latest.
type LadderTerms struct {
	Delivered     time.Duration `json:"delivered_s"`
	Received      time.Duration `json:"received_s"`
	ReadBack      time.Duration `json:"read_back_s"`
	Relayed       time.Duration `json:"relayed_s"`
	UnitConfirmed time.Duration `json:"unit_confirmed_before_start_s"`
}

// LineTerms are the times of the link itself.
type LineTerms struct {
	Heartbeat        time.Duration `json:"heartbeat_s"`
	LaggingAfter     time.Duration `json:"lagging_after_s"`
	DownAfter        time.Duration `json:"down_after_s"`
	DeskPresence     time.Duration `json:"desk_presence_every_s"`
	ClockOffsetAlarm time.Duration `json:"clock_offset_alarm_s"`
}
