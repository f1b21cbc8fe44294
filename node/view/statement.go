package view

import (
	"time"

	"parley/catalogue"
)

// Statement is a statement as it stands on the record of its line.
type Statement struct {
	Line  string    `json:"line"`
	ID    string    `json:"id"`   // of the text that is signed
	Form  string    `json:"form"` // joint or one-sided
	Title string    `json:"title"`
	Date  time.Time `json:"date"` // when it was drafted
	Texts []Text    `json:"texts"`
	About []string  `json:"about"`
	// Corrects and Withdraws name an earlier statement.
	Corrects  string `json:"corrects,omitzero"`
	Withdraws string `json:"withdraws,omitzero"`

	// State is proposed, refused, agreed, one-sided or withdrawn.
	State    string     `json:"state"`
	Since    time.Time  `json:"since"`
	AgreedAt *time.Time `json:"agreed_at"`      // null: it was not agreed
	Waits    string     `json:"waits,omitzero"` // the party whose answer it waits for
	Standing string     `json:"standing"`       // in a sentence
	Flags    []string   `json:"flags,omitzero"` // what is odd about it
	Note     string     `json:"note,omitzero"`  // as signed, where one is asked for
	// SaidStanding and SaidFlags are Standing and Flags by keys and arguments.
	SaidStanding catalogue.Message   `json:"-"`
	SaidFlags    []catalogue.Message `json:"-"`

	Signatures  []StatementSigned  `json:"signatures"`
	Refusals    []StatementRefused `json:"refusals"`
	CorrectedBy []StatementAfter   `json:"corrected_by"`
	WithdrawnBy []StatementAfter   `json:"withdrawn_by"`
}

// Text is a text in one language.
type Text struct {
	Language string `json:"language"`
	Text     string `json:"text"`
}

// StatementSigned is a party's signature, and the entry that put it on the line.
type StatementSigned struct {
	Party      string    `json:"party"`
	Entry      string    `json:"entry"`
	Time       time.Time `json:"time"` // by the clock of the entry's author
	Officer    string    `json:"officer"`
	Role       string    `json:"role"`
	ReleasedBy string    `json:"released_by,omitzero"`
}

// StatementRefused is a party's no to a proposal.
type StatementRefused struct {
	Party   string    `json:"party"`
	Entry   string    `json:"entry"`
	Refuses string    `json:"refuses"` // the entry that proposed it
	Time    time.Time `json:"time"`
	Reason  string    `json:"reason"`
	Officer string    `json:"officer"`
	Role    string    `json:"role"`
}

// StatementAfter is a statement that corrects or withdraws another.
type StatementAfter struct {
	ID     string    `json:"id"`
	By     []string  `json:"by"` // the parties that signed it
	State  string    `json:"state"`
	Time   time.Time `json:"time"`
	Counts bool      `json:"counts"` // it is by all whose word the other is
}

// StatementFlawed is what was put on the line about statements and does not count.
type StatementFlawed struct {
	Line  string    `json:"line"`
	Entry string    `json:"entry"`
	Party string    `json:"party"` // who put it there
	Time  time.Time `json:"time"`
	ID    string    `json:"id"` // of the statement, as the entry says
	Title string    `json:"title,omitzero"`
	Why   string    `json:"why"`
	// SaidWhy is Why by keys and arguments.
	SaidWhy catalogue.Message `json:"-"`
}

// StatementsLooked says what was looked through for statements, as of when.
type StatementsLooked struct {
	Line       string    `json:"line"`
	Peer       string    `json:"peer"`
	At         time.Time `json:"at"`
	Statements int       `json:"statements"` // on the record of the line
	Agreed     int       `json:"agreed"`     // of them, at some time
	OwnSize    int64     `json:"own_size"`   // entries of the own transcript in its epoch
	PeerSize   int64     `json:"peer_size"`
	// LastExchange is when this node last heard from the other; zero: never since it started.
	LastExchange time.Time `json:"last_exchange,omitzero"`
}

// Statements is what a search for statements found.
type Statements struct {
	Statements []Statement        `json:"statements"`
	Flawed     []StatementFlawed  `json:"flawed"` // not part of any search by text
	Looked     []StatementsLooked `json:"looked"`
	// Answer says in a sentence whether what was asked for was ever agreed.
	Answer string `json:"answer"`
	// SaidAnswer is Answer by keys and arguments, a sentence each.
	SaidAnswer []catalogue.Message `json:"-"`
}

// StatementPut is the answer to putting a statement on the line.
type StatementPut struct {
	// Statement is as it then stands; null where a second officer must release it first.
	Statement *Statement `json:"statement"`
	Release   *Release   `json:"release,omitzero"`
}

// StatementWaits is a proposal that waits for an answer.
type StatementWaits struct {
	ID    string    `json:"id"`
	Title string    `json:"title"`
	Waits string    `json:"waits"` // for the answer of this party
	Since time.Time `json:"since"`
}
