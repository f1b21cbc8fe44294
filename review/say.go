package review

import (
	"slices"
	"time"

	"parley/transcript"
)

// The kinds of entry that make a review.
const (
	KindIncident    = "incident"           // opens an incident, and freezes the evidence of its range
	KindTeam        = "team"               // opens a joint team
	KindItem        = "review.item"        // an item of the timeline, or a new version of one
	KindFinding     = "review.finding"     // a finding, or a new version of one
	KindUndertaking = "review.undertaking" // who does what by when, or a new version of it
	KindReport      = "review.report"      // how far an undertaking is
	KindMember      = "review.member"      // an officer of the author's party is a member, or no longer
	KindAnswer      = "review.answer"      // on what the other party said
	KindClosed      = "review.closed"      // the author's side adds nothing more
)

// Kinds returns the kinds of entry, sorted.
func Kinds() []string {
	return []string{KindIncident, KindAnswer, KindClosed, KindFinding, KindItem, KindMember, KindReport, KindUndertaking, KindTeam}
}

// IsKind reports whether entries of a kind make a review.
func IsKind(kind string) bool { return slices.Contains(Kinds(), kind) }

// Entries are named in full, as parley/<line>/<epoch>/<side>#<seq>.

// By is the officer who speaks.
type By struct {
	Officer string `json:"officer"`
	Role    string `json:"role"`
}

// Incident is the body of KindIncident.
type Incident struct {
	Title   string    `json:"title"`
	From    time.Time `json:"from"` // the range that is frozen
	Until   time.Time `json:"until"`
	Notices []string  `json:"notices,omitzero"` // the first entries of notices whose evidence is frozen too
	Heads   []Head    `json:"heads"`            // as the author held them when he opened it
	By
}

// Head is how far a transcript went, and its root there.
type Head struct {
	Origin string `json:"origin"`
	Size   int64  `json:"size"`
	Root   string `json:"root"` // base64
}

// Team is the body of KindTeam.
type Team struct {
	Title string `json:"title"`
	Goal  string `json:"goal"`
	By
}

// Of names the review that an entry is of, by the entry that opened it.
type Of struct {
	Of string `json:"of"`
}

// Link points to an entry, or to evidence outside the line by its SHA-256 in hexadecimal.
type Link struct {
	Entry       string `json:"entry,omitzero"`
	SHA256      string `json:"sha256,omitzero"`
	Description string `json:"description,omitzero"`
}

// Item is the body of KindItem: what happened, when, and by whose clock that is.
type Item struct {
	Of
	InsteadOf string    `json:"instead_of,omitzero"` // the version that it stands for
	Text      string    `json:"text"`
	From      time.Time `json:"from"`
	Until     time.Time `json:"until,omitzero"` // of a range
	Clock     string    `json:"clock"`
	Links     []Link    `json:"links,omitzero"`
	By
}

// Finding is the body of KindFinding.
type Finding struct {
	Of
	InsteadOf string `json:"instead_of,omitzero"`
	Text      string `json:"text"`
	Links     []Link `json:"links,omitzero"`
	By
}

// Undertaking is the body of KindUndertaking.
type Undertaking struct {
	Of
	InsteadOf string          `json:"instead_of,omitzero"`
	Text      string          `json:"text"`
	Owner     transcript.Side `json:"owner"`      // whose party does it: a, b
	OwnerRole string          `json:"owner_role"` // who there, as a role or an office
	Due       time.Time       `json:"due"`
	Remind    time.Time       `json:"remind"` // from when both desks are reminded
	By
}

// Report is the body of KindReport.
type Report struct {
	Of
	Undertaking string `json:"undertaking"` // any version of it
	Text        string `json:"text"`
	Done        bool   `json:"done"`
	By
}

// Member is the body of KindMember.
type Member struct {
	Of
	Member string `json:"member"`        // his name
	Task   string `json:"task,omitzero"` // what he is there for
	Left   bool   `json:"left,omitzero"`
	By
}

// Words of an answer.
const (
	Agree    = "agree"
	Dispute  = "dispute"   // with the answering side's own version
	NotKnown = "not known" // the answering side cannot say
)

// Answer is the body of KindAnswer.
type Answer struct {
	Of
	Entry  string `json:"entry"` // the version of an item, finding or undertaking, or the report, that is answered
	Answer string `json:"answer"`
	Text   string `json:"text,omitzero"`
	Links  []Link `json:"links,omitzero"`
	By
}

// Closed is the body of KindClosed.
type Closed struct {
	Of
	Heads []Head `json:"heads"` // as the author held them when he closed it
	Text  string `json:"text,omitzero"`
	By
}

// New returns an empty body of a kind to be read into, or nil.
func New(kind string) any {
	switch kind {
	case KindIncident:
		return new(Incident)
	case KindTeam:
		return new(Team)
	case KindItem:
		return new(Item)
	case KindFinding:
		return new(Finding)
	case KindUndertaking:
		return new(Undertaking)
	case KindReport:
		return new(Report)
	case KindMember:
		return new(Member)
	case KindAnswer:
		return new(Answer)
	case KindClosed:
		return new(Closed)
	}
	return nil
}

// Act is one entry of a review.
type Act struct {
	Entry string // its name
	Epoch int64
	Seq   int64
	Side  transcript.Side
	Time  time.Time // by the author's clock
	Kind  string
	Says  any // what New returns for the kind
}

// ReviewOf names the review that the act is of.
func (a Act) ReviewOf() string {
	switch x := a.Says.(type) {
	case *Item:
		return x.Of.Of
	case *Finding:
		return x.Of.Of
	case *Undertaking:
		return x.Of.Of
	case *Report:
		return x.Of.Of
	case *Member:
		return x.Of.Of
	case *Answer:
		return x.Of.Of
	case *Closed:
		return x.Of.Of
	}
	return a.Entry
}

// before reports whether a comes before b in the transcripts of one side.
func (a Act) before(b Act) bool {
	return a.Epoch < b.Epoch || a.Epoch == b.Epoch && a.Seq < b.Seq
}
