package view

import (
	"time"

	"parley/catalogue"
)

// JointReview is an incident or a joint team, as both transcripts have it.
type JointReview struct {
	Line    string         `json:"line"`
	Entry   string         `json:"entry"` // opened it, and names it
	Kind    string         `json:"kind"`  // incident, team
	Party   string         `json:"party"` // opened it
	Own     bool           `json:"own"`
	Officer string         `json:"officer"`
	Role    string         `json:"role"`
	Opened  time.Time      `json:"opened"`
	Title   string         `json:"title"`
	Goal    string         `json:"goal,omitzero"`    // of a team
	From    time.Time      `json:"from,omitzero"`    // of an incident: the range that is frozen
	Until   time.Time      `json:"until,omitzero"`   //
	Notices []ReviewNotice `json:"notices,omitzero"` // whose evidence is frozen too
	Heads   []ReviewHead   `json:"heads,omitzero"`   // as who opened it held them then
	State   string         `json:"state"`            // open, closing, closed
	Closed  []ReviewClosed `json:"closed"`           // by each side that has closed it

	Members      []Member      `json:"members"`
	Items        []Item        `json:"items"`
	Findings     []Finding     `json:"findings"`
	Undertakings []Undertaking `json:"undertakings"`
	Minutes      []Minutes     `json:"minutes"` // statements about it, with how each stands
	// Ignored are entries that break a rule of reviews. They stay on the record and count for nothing.
	Ignored []ReviewIgnored `json:"ignored"`
}

// ReviewNotice is a notice that an incident names.
type ReviewNotice struct {
	Party  string `json:"party"`
	Notice string `json:"notice,omitzero"` // left out where it is not shown
	Entry  string `json:"entry"`           // its first
}

// ReviewHead is how far a transcript went, and its root there.
type ReviewHead struct {
	Origin string `json:"origin"`
	Size   int64  `json:"size"`
	Root   string `json:"root"`
}

// ReviewClosed is the word of a side that it adds nothing more.
type ReviewClosed struct {
	Entry   string       `json:"entry"`
	Party   string       `json:"party"`
	Officer string       `json:"officer"`
	Role    string       `json:"role"`
	Time    time.Time    `json:"time"`
	Text    string       `json:"text,omitzero"`
	Heads   []ReviewHead `json:"heads"`
}

// Link points to an entry, or to evidence outside the line by its SHA-256.
type Link struct {
	Entry       string `json:"entry,omitzero"`
	SHA256      string `json:"sha256,omitzero"`
	Description string `json:"description,omitzero"`
}

// Spoke says who said something of a review, and in which entry.
type Spoke struct {
	Entry   string    `json:"entry"`
	Party   string    `json:"party"`
	Officer string    `json:"officer"`
	Role    string    `json:"role"`
	Time    time.Time `json:"time"`
}

// ReviewAnswer is the other side's answer.
type ReviewAnswer struct {
	Spoke
	Answer string `json:"answer"` // agree, dispute, not known
	Text   string `json:"text,omitzero"`
	Links  []Link `json:"links,omitzero"`
}

// Item is an item of an incident's timeline.
type Item struct {
	Spoke
	Text     string        `json:"text"`
	From     time.Time     `json:"from"`
	Until    time.Time     `json:"until,omitzero"`
	Clock    string        `json:"clock"`
	Links    []Link        `json:"links,omitzero"`
	Standing string        `json:"standing"` // agreed, disputed, one-sided
	Answer   *ReviewAnswer `json:"answer,omitzero"`
	Earlier  []Item        `json:"earlier,omitzero"` // versions that this one stands for, the newest first
}

// Finding is what follows from the items, as one side or both say.
type Finding struct {
	Spoke
	Text     string        `json:"text"`
	Links    []Link        `json:"links,omitzero"`
	Standing string        `json:"standing"` // agreed, one-sided
	Answer   *ReviewAnswer `json:"answer,omitzero"`
	Earlier  []Finding     `json:"earlier,omitzero"`
}

// Undertaking is what somebody does by a date.
type Undertaking struct {
	Spoke
	Text      string        `json:"text"`
	Owner     string        `json:"owner"`      // the party
	OwnerRole string        `json:"owner_role"` // who there
	Due       time.Time     `json:"due"`
	Remind    time.Time     `json:"remind"`
	State     string        `json:"state"` // proposed, refused, open, late, reported, accepted
	Late      bool          `json:"late,omitzero"`
	Answer    *ReviewAnswer `json:"answer,omitzero"`
	Reports   []Report      `json:"reports"`
	Other     []Undertaking `json:"other,omitzero"` // other versions: earlier ones, and one that does not bind yet
}

// Report says how far an undertaking is.
type Report struct {
	Spoke
	Text   string        `json:"text"`
	Done   bool          `json:"done"`
	Answer *ReviewAnswer `json:"answer,omitzero"`
}

// Member is an officer whom his party named to a review.
type Member struct {
	Entry  string    `json:"entry"`
	Party  string    `json:"party"`
	Member string    `json:"member"`
	Task   string    `json:"task,omitzero"`
	Since  time.Time `json:"since"`
}

// Minutes is a statement about a review.
type Minutes struct {
	ID       string    `json:"id"`
	Title    string    `json:"title"`
	Form     string    `json:"form"`  // joint or one-sided
	State    string    `json:"state"` // proposed, refused, agreed, one-sided, withdrawn
	Since    time.Time `json:"since"`
	Standing string    `json:"standing"` // in a sentence
	// SaidStanding is Standing by keys and arguments.
	SaidStanding catalogue.Message `json:"-"`
}

// ReviewIgnored is an entry that counts for nothing in a review, and why.
type ReviewIgnored struct {
	Entry string    `json:"entry"`
	Party string    `json:"party"`
	Time  time.Time `json:"time"`
	Kind  string    `json:"kind"`
	Why   string    `json:"why"`
	// SaidWhy is Why by key and arguments.
	SaidWhy catalogue.Message `json:"-"`
}
