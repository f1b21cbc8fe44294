package view

import (
	"time"

	"parley/catalogue"
)

// Consent is what the word of a host on the agreement comes to.
type Consent struct {
	Line      string `json:"line"`
	Host      string `json:"host"`
	Contact   string `json:"contact"`
	Agreement string `json:"agreement"` // the version asked about: the newest that both signed
	Version   int    `json:"version"`
	// State is asked, consents, lapsed or withdrawn.
	State string    `json:"state"`
	Since time.Time `json:"since,omitzero"` // zero: it has not said
	Until time.Time `json:"until,omitzero"` // of a consent
	// Standing is that in a sentence, and SaidStanding by key and arguments.
	Standing     string            `json:"standing"`
	SaidStanding catalogue.Message `json:"-"`
	Words        []ConsentWord     `json:"words"` // what the host signed, on all versions: what stands first
}

// ConsentWord is one note that a host signed.
type ConsentWord struct {
	ID      string           `json:"id"`
	Version int              `json:"version"` // of the agreement that it is about
	Says    string           `json:"says"`    // consents, withdraws
	Date    time.Time        `json:"date"`    // when it was signed, by the host's clock
	From    time.Time        `json:"from,omitzero"`
	Until   time.Time        `json:"until,omitzero"`
	Text    string           `json:"text,omitzero"`
	Stands  bool             `json:"stands"` // it is what the host's word on the version in force comes to
	Put     []ConsentBrought `json:"put"`
	Note    string           `json:"note"`
}

// ConsentBrought is an entry that put a note on the line.
type ConsentBrought struct {
	Party   string    `json:"party"`
	Entry   string    `json:"entry"`
	Time    time.Time `json:"time"`
	Officer string    `json:"officer"`
	Role    string    `json:"role"`
}

// ConsentFlawed is what was put on the line as the word of a host and does not count.
type ConsentFlawed struct {
	Line  string    `json:"line"`
	Entry string    `json:"entry"`
	Party string    `json:"party"`
	Time  time.Time `json:"time"`
	Why   string    `json:"why"`
}

// Consents is what the hosts of the lines said.
type Consents struct {
	Hosts  []Consent       `json:"hosts"`
	Flawed []ConsentFlawed `json:"flawed"`
}
