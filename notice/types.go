package notice

import (
	"time"

	"parley/catalogue"
	"parley/geo4d"
)

// Kind is what a notice tells of.
type Kind string

// The kinds of notice.
const (
	Flight   Kind = "flight"
	Movement Kind = "movement"
	Area     Kind = "area"
	Hazard   Kind = "hazard"
	Site     Kind = "site"
)

// Domain is where a notice takes place.
type Domain string

// The domains.
const (
	Air  Domain = "air"
	Land Domain = "land"
	Sea  Domain = "sea"
)

// Class tells crewed flights from small uncrewed ones.
type Class string

// The classes of a flight.
const (
	Crewed        Class = "crewed"
	SmallUncrewed Class = "small-uncrewed"
)

// State is where a notice is in its life.
type State string

// The states of a notice. Overdue follows from the clock and is never filed.
const (
	Planned   State = "planned"
	Active    State = "active"
	Overdue   State = "overdue"
	Ended     State = "ended"
	Cancelled State = "cancelled"
)

// Text is free text with its language as a BCP 47 tag.
type Text struct {
	Language string
	Text     string
}

// Source is where a notice was read from.
type Source struct {
	Format string // "geojson" or "notam"
	ID     string // its id there
	Text   string // as given
}

// Notice is what a party plans or protects: one version, as its author files it.
type Notice struct {
	ID      string // the author's own name for it: "blue-7"; unique among his notices on a line
	Version int    // from 1 up

	Kind   Kind
	Domain Domain
	Class  Class // of flights

	Title string
	Place string // the place in words; where there are no volumes, it is all there is

	// Sector, Window and Band stand for the volumes of an incomplete notice: the named sector of the
	// agreement that it is held as ("" for the whole area), its times and altitudes.
	Sector string
	Window geo4d.Window
	Band   geo4d.Band

	Volumes      []geo4d.Volume
	UncertaintyM float64 // of every position, metres
	SpeedMPS     float64 // metres per second; an overdue notice grows by it

	Contact   string // a duty number, not a name
	Frequency string // as given: "121.5 MHz"
	Markings  string
	Cargo     string
	Persons   int

	Humanitarian     bool
	EmergencyMedical bool // an emergency medical movement: lead is shown without a grade

	Expires    time.Time // of a site: when it must be revalidated; zero takes the agreement's term
	Supersedes string    // id of the author's notice that this one replaces: over from this entry on

	Text   []Text
	Source Source
}

// Incomplete reports whether the place is only words.
func (n *Notice) Incomplete() bool { return len(n.Volumes) == 0 }

// Warning is something that a person should look at; it never blocks.
type Warning struct {
	Code  string `json:"code"`  // stable, for programs: "zone-slip"
	Field string `json:"field"` // where
	Text  string `json:"text"`  // for a person; InWords says it
	// Message is the text by its key and arguments, to be said in any language of the catalogues.
	Message catalogue.Message `json:"message,omitzero"`
}

// Event is a change of state that a party files about its own notice.
type Event string

// The events.
const (
	Activate Event = "activate"
	End      Event = "end"
	Cancel   Event = "cancel"
	// Extend and every other change of content is a new version, not an event.
)
