package agreement

import (
	"time"

	"parley/geo4d"
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
	Port         bool // a movement at sea within a port that the agreement names
	LowestFeetOK bool // the lower bound is known and at or above 10,000 ft
}

// LeadTerms are the bounds of the grades.
type LeadTerms struct {
	Routine, Short, Insufficient time.Duration // routine from, short from, insufficient below
}

// LadderTerms are the deadlines of one urgency, counted from filing or from the rung before.
type LadderTerms struct {
	Delivered, Received, ReadBack, Relayed, UnitConfirmed time.Duration
}

// LineTerms are the times of the link itself.
type LineTerms struct {
	Heartbeat, LaggingAfter, DownAfter, DeskPresence, ClockOffsetAlarm time.Duration
}

// Contact is a duty number, never a person's name.
type Contact struct {
	Role   string // "duty", "second", "supervisor", "principals"
	Number string
}

// Area is where the agreement holds.
type Area struct {
	Shape   geo4d.Shape // Earth where the whole earth was said
	Band    geo4d.Band
	Terrain geo4d.Terrain
	Sectors []Sector // named parts; an incomplete notice that names one is held as it
}

// Sector is a named part of the area.
type Sector struct {
	Name  string
	Shape geo4d.Shape
}
