package view

import "time"

// Disclosure lists what a file for someone who is not on the line would show.
type Disclosure struct {
	Line     string      `json:"line"`
	Entries  []Disclosed `json:"entries"`
	More     int         `json:"more,omitzero"` // chosen beyond those listed
	Others   int         `json:"others"`        // entries not chosen
	Complete bool        `json:"complete"`      // those go in as well, without any field
}

// Disclosed is an entry with the names of the fields that the file would show, and would not.
type Disclosed struct {
	Entry  string    `json:"entry"`
	Party  string    `json:"party"`
	Time   time.Time `json:"time"`
	Kind   string    `json:"kind"`
	Shown  []string  `json:"shown"`
	Hidden []string  `json:"hidden"`
}
