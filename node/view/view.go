// Package view holds what a node shows of its picture: to its own officers, its API and its
// command line. The JSON names are part of the API.
package view

import (
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"parley/catalogue"
	"parley/geo4d"
	"parley/notice"
)

// Received is an officer's word that he has a notice or a call.
type Received struct {
	Officer string    `json:"officer"`
	Role    string    `json:"role"`
	Time    time.Time `json:"time"` // by his node's clock
	Version int       `json:"version,omitzero"`
	Entry   string    `json:"entry"`
}

// Lead is the time to a notice's start, counted from the first receipt of the version that last
// added space or time.
type Lead struct {
	Grade string `json:"grade"` // routine, short, late, insufficient, ungraded
	// DeliveredS counts from the other node's receipt, ReceivedS from its officer. Null: not yet.
	DeliveredS *float64 `json:"delivered_s"`
	ReceivedS  *float64 `json:"received_s"`
	// HeardS counts from when an officer heard it by voice, as he says. The grade does not.
	HeardS  *float64 `json:"heard_s,omitzero"`
	Version int      `json:"version"` // the version that it counts from
	// Provisional says that delivery is not shown yet and the grade counts from now.
	Provisional bool `json:"provisional,omitzero"`
}

// Notice is a notice as it stands.
type Notice struct {
	Line    string `json:"line"`
	Party   string `json:"party"`
	Own     bool   `json:"own"`
	ID      string `json:"id"`
	Entry   string `json:"entry"` // of the version shown
	First   string `json:"first"` // the notice's first entry: its name for ever
	Version int    `json:"version"`
	Drill   bool   `json:"drill,omitzero"`
	// Exercise says that it is a drill inside an agreed window. Outside one a drill counts as real.
	Exercise bool `json:"exercise,omitzero"`

	Kind   notice.Kind   `json:"kind,omitzero"`
	Domain notice.Domain `json:"domain,omitzero"`
	Class  notice.Class  `json:"class,omitzero"`
	Title  string        `json:"title,omitzero"`
	Place  string        `json:"place,omitzero"`

	State      notice.State `json:"state"`
	Since      time.Time    `json:"since,omitzero"`
	Lapsed     bool         `json:"lapsed,omitzero"`
	Unverified bool         `json:"unverified,omitzero"`
	Incomplete bool         `json:"incomplete,omitzero"`
	Coarse     string       `json:"coarse,omitzero"`  // why, where it is
	HeldAs     string       `json:"held_as,omitzero"` // what an incomplete notice is held as
	Hidden     bool         `json:"hidden,omitzero"`
	Flaw       string       `json:"flaw,omitzero"`

	Start time.Time `json:"start,omitzero"`
	End   time.Time `json:"end,omitzero"`

	Filed     time.Time  `json:"filed"` // by the author's clock, this version
	FiledBy   string     `json:"filed_by,omitzero"`
	Delivered *time.Time `json:"delivered"` // by the receiver's clock, this version; null: delivery not shown
	Received  []Received `json:"received"`
	Lead      Lead       `json:"lead"`
	Ladder    []Rung     `json:"ladder"` // the rungs done and those owed, in order
	Next      *Rung      `json:"next"`   // the first of them that is owed; null: none
	Conflicts []string   `json:"conflicts"`

	// ByVoice says that it is known only by voice: an officer of the receiver entered what he heard.
	// Superseded is the entry that was matched with that since. Spoken is what was passed and heard.
	ByVoice    bool     `json:"by_voice,omitzero"`
	Superseded string   `json:"superseded,omitzero"`
	Spoken     []Spoken `json:"spoken,omitzero"`
	// Words says what it is and how it stands, where a language was asked for.
	Words string `json:"words,omitzero"`

	// ByOfficer says of one that the other party's notices of which nothing is shown are not compared with
	// it by themselves: an officer there answers.
	ByOfficer bool `json:"by_officer,omitzero"`

	// Of a site: until when it counts as confirmed, and who confirmed this version last, if anyone did.
	ValidUntil time.Time  `json:"valid_until,omitzero"`
	Confirmed  *Confirmed `json:"confirmed,omitzero"`

	Echo     []string         `json:"echo,omitzero"`
	Warnings []notice.Warning `json:"warnings,omitzero"`
	Body     jsontext.Value   `json:"body,omitzero"` // as told

	// Said is what of it is a text of this node, by keys and arguments.
	Said NoticeSaid `json:"-"`
}

// NoticeSaid is the texts of a notice by keys and arguments.
type NoticeSaid struct {
	Coarse, Flaw catalogue.Message
	Echo         []catalogue.Message
}

// Party is one of the two notices of a conflict.
type Party struct {
	Party   string `json:"party"`
	Notice  string `json:"notice"`
	First   string `json:"first"`
	Version int    `json:"version"`
	Kind    string `json:"kind,omitzero"`
	Title   string `json:"title,omitzero"`
}

// Move is the smallest move in one dimension alone that would separate the worst two volumes of two
// notices, for the notice that the conflict names first. Across the ground it is geo4d.Shift by
// LateralM at LateralBearingDeg; LateralExact says that no shorter one does.
type Move struct {
	LateralM          *float64 `json:"lateral_m,omitzero"`
	LateralBearingDeg *float64 `json:"lateral_bearing_deg,omitzero"`
	LateralExact      bool     `json:"lateral_exact,omitzero"`
	UpM               *float64 `json:"up_m,omitzero"`
	DownM             *float64 `json:"down_m,omitzero"`
	LaterS            *float64 `json:"later_s,omitzero"`
	EarlierS          *float64 `json:"earlier_s,omitzero"`
}

// Conflict is two notices of different parties that do not keep their separation.
type Conflict struct {
	Line     string `json:"line"`
	ID       string `json:"id"`
	A        Party  `json:"a"` // the notice of side a
	B        Party  `json:"b"`
	Exercise bool   `json:"exercise,omitzero"` // both its notices are
	// Words says it in short, where a language was asked for.
	Words string `json:"words,omitzero"`
	// State is open, owned, proposed, separated, joint, accepted risk, withdrawn, expired, or superseded:
	// of what was heard by voice, once its entry is here.
	State string `json:"state"`
	// SeparatedBy says of one that is separated in which of time, altitude and space it is wholly.
	SeparatedBy []string `json:"separated_by,omitzero"`

	LateralM          *float64 `json:"lateral_m,omitzero"`
	VerticalM         *float64 `json:"vertical_m,omitzero"`
	TimeS             *float64 `json:"time_s,omitzero"`
	VerticalUncertain bool     `json:"vertical_uncertain,omitzero"`
	Coarse            bool     `json:"coarse,omitzero"` // one of the two is held as far more than it needs
	// Lower and Upper bound the altitudes that both have; where VerticalM is not 0, it lies between
	// the two.
	Lower *geo4d.Altitude `json:"lower,omitzero"`
	Upper *geo4d.Altitude `json:"upper,omitzero"`
	From  time.Time       `json:"from,omitzero"`
	Until time.Time       `json:"until,omitzero"`
	Where string          `json:"where,omitzero"` // the closest place, in words
	// SaidWhere is that by key and arguments.
	SaidWhere catalogue.Message `json:"-"`
	Moves     *Move             `json:"moves,omitzero"`

	Found  time.Time  `json:"found,omitzero"` // when this node found it, by its clock
	Filed  []string   `json:"filed"`          // the entries that filed it
	Owners []Received `json:"owners"`
	// Proposals and Settlings are what officers of both parties said, in the order of each party.
	Proposals []Proposal `json:"proposals,omitzero"`
	Settlings []Settling `json:"settlings,omitzero"`
}

// Alarm is something that a person must look at now.
type Alarm struct {
	ID      string `json:"id"`
	Kind    string `json:"kind"`
	Level   int    `json:"level"` // 1 acts at once, 2 soon, 3 look at
	Line    string `json:"line,omitzero"`
	Subject string `json:"subject,omitzero"` // the id of the notice, conflict or call
	Text    string `json:"text"`
	// Message is the text by its key and arguments, to be said in any language of the catalogues.
	Message catalogue.Message `json:"message,omitzero"`
	// AtVolume says what it is about without what people wrote, for observers who see volumes alone.
	// Zero: it says nothing that such a one may be told.
	AtVolume catalogue.Message `json:"-"`
	// Exercise says that it is about what is exercise. Its text says so too.
	Exercise bool `json:"exercise,omitzero"`
	// NotTold says that the other party is not told of its conflict unless an officer here releases that: what
	// would tell it is refused.
	NotTold bool      `json:"not_told,omitzero"`
	Since   time.Time `json:"since,omitzero"`
	Due     time.Time `json:"due,omitzero"`
	// Escalated says where what was not done in time has gone: second channel, supervisor, observers.
	Escalated string `json:"escalated,omitzero"`
	Owner     string `json:"owner,omitzero"` // the officer of this desk who has the watch
	// Acknowledged names the officer of this desk who saw it; null: nobody.
	Acknowledged *Received `json:"acknowledged"`
	// MarkedFalse says that an officer of this desk marked it as a false alarm.
	MarkedFalse *FalseAlarm `json:"marked_false,omitzero"`
}

// ObservedAlarm is an alarm that has come to an observer, as far as that one's level goes.
type ObservedAlarm struct {
	ID    string `json:"id"`
	Kind  string `json:"kind"`
	Level int    `json:"level"` // 1 acts at once, 2 soon, 3 look at
	Line  string `json:"line"`
	// Disclosure is the observer's level: full, volume or alert.
	Disclosure string            `json:"disclosure"`
	Text       string            `json:"text"`
	Message    catalogue.Message `json:"-"`
	Exercise   bool              `json:"exercise,omitzero"`
	Since      time.Time         `json:"since,omitzero"`
	Due        time.Time         `json:"due,omitzero"`
}

// Line is a line as it stands.
type Line struct {
	ID            string     `json:"id"`
	Party         string     `json:"party"` // the own one
	Peer          string     `json:"peer"`
	Side          string     `json:"side"`
	Agreement     string     `json:"agreement"`
	Version       int        `json:"version"`
	InForce       bool       `json:"in_force"`
	State         string     `json:"state"`
	Cause         string     `json:"cause,omitzero"`
	Since         time.Time  `json:"since,omitzero"`
	Desk          string     `json:"desk"` // of the other party: manned, unanswered, unmanned, unknown
	OwnDesk       Desk       `json:"own_desk"`
	PeerDesk      Desk       `json:"peer_desk"`
	Tests         LineTests  `json:"tests"`
	LastExchange  time.Time  `json:"last_exchange,omitzero"`
	PeerLastFiled time.Time  `json:"peer_last_filed,omitzero"` // by its clock
	ClockOffsetMS *float64   `json:"clock_offset_ms"`
	ClockAlarm    bool       `json:"clock_alarm,omitzero"`
	RTTMS         *float64   `json:"rtt_ms"`
	Undelivered   int64      `json:"undelivered"`
	Epoch         int64      `json:"epoch"`
	EpochClosed   string     `json:"epoch_closed,omitzero"` // why
	OwnSize       int64      `json:"own_size"`
	PeerSize      int64      `json:"peer_size"`
	Confirmed     bool       `json:"confirmed"` // the node may sign
	Suspended     []Declared `json:"suspended,omitzero"`
	Evidence      int        `json:"evidence,omitzero"` // forks and breaches held
	Releases      []Release  `json:"releases,omitzero"` // commands that wait for a second officer
	// Statements are the proposals that wait for an answer of either party.
	Statements    []StatementWaits `json:"statements,omitzero"`
	Consents      []Consent        `json:"consents,omitzero"`    // what each host that the agreement names said
	KeyChanges    []KeyChange      `json:"key_changes,omitzero"` // new party keys that wait for a word of officers
	Compared      Compared         `json:"compared"`
	Witnesses     []Witness        `json:"witnesses,omitzero"`
	WitnessQuorum int              `json:"witness_quorum,omitzero"` // how many of them must cosign
	// ExerciseUntil is when the exercise that is going on now ends; absent: none is. ExerciseCompared
	// is Compared of its picture.
	ExerciseUntil    time.Time `json:"exercise_until,omitzero"`
	ExerciseCompared Compared  `json:"exercise_compared"`
}

// Declared is a party's declaration that the line is suspended.
type Declared struct {
	Party   string    `json:"party"`
	Officer string    `json:"officer"`
	Reason  string    `json:"reason"`
	Time    time.Time `json:"time"`
}

// Compared says what was compared with what, as of when. It is shown wherever no conflict is.
type Compared struct {
	At          time.Time `json:"at"`
	Own         int       `json:"own"`          // live own notices
	Other       int       `json:"other"`        // live notices of the other party
	NotCompared int       `json:"not_compared"` // those of which this node sees too little, or that the terms leave out
	Text        string    `json:"text"`
	// Message is the text by its key and arguments.
	Message catalogue.Message `json:"message,omitzero"`
}

// Filed is the answer to filing.
type Filed struct {
	Notice    Notice     `json:"notice"`
	Conflicts []Conflict `json:"conflicts"`
	Compared  Compared   `json:"compared"`
	// Release is there where a second officer must release the command first: nothing was said yet.
	Release *Release `json:"release,omitzero"`
}

// Entry is one entry of a transcript as the log shows it.
type Entry struct {
	Entry     string                    `json:"entry"`
	Party     string                    `json:"party"`
	Seq       int64                     `json:"seq"`
	Time      time.Time                 `json:"time"`    // by the author's clock
	HeldAt    time.Time                 `json:"held_at"` // durable here, by the own clock
	Kind      string                    `json:"kind"`
	Drill     bool                      `json:"drill,omitzero"`
	Exercise  bool                      `json:"exercise,omitzero"` // a drill in an agreed window, of nothing real
	Agreement string                    `json:"agreement"`
	SeenSize  int64                     `json:"seen_size"`
	Delivered *time.Time                `json:"delivered"` // receipt, by the receiver's clock
	Shown     map[string]bool           `json:"shown,omitzero"`
	Fields    map[string]jsontext.Value `json:"fields,omitzero"`
}

// Event is one thing that happened at this node, as it is streamed.
type Event struct {
	Seq  int64     `json:"seq"`
	Time time.Time `json:"time"`
	Kind string    `json:"kind"` // entry, delivered, conflict, conflict-over, alarm, alarm-over, line, watch
	Line string    `json:"line,omitzero"`
	ID   string    `json:"id,omitzero"`
	Text string    `json:"text"`
	// Message is the text by its key and arguments, where it has one.
	Message catalogue.Message `json:"message,omitzero"`
}
