package view

import "time"

// The levels of a copy of a list of sites, from most to least.
const (
	CopyFull   = "full"   // all that the list says, each site moved and grown by a mark
	CopyVolume = "volume" // the shapes alone, moved and grown by a mark, under numbers of their own
	CopyAlert  = "alert"  // how many sites are in force, and nothing of where
)

// SiteCopy is a copy of the own sites as it was given to someone beyond the line. The node keeps
// that it was, and not the copy itself.
type SiteCopy struct {
	ID           string    `json:"id"`
	Line         string    `json:"line"`
	For          string    `json:"for"` // an organisation or a role
	Level        string    `json:"level"`
	Sites        int       `json:"sites"`                  // in force when it was made
	WithoutPlace int       `json:"without_place,omitzero"` // of these, whose place is only words: not in the copy
	Time         time.Time `json:"time"`                   // by the node's clock
	Officer      string    `json:"officer"`
	Role         string    `json:"role"`
	Release      string    `json:"release,omitzero"`     // the number under which it was released, where it took two persons
	ReleasedBy   string    `json:"released_by,omitzero"` // who released it
	UpTo         string    `json:"up_to"`                // the newest entry about a site that it was made from
	SHA256       string    `json:"sha256"`               // of the file, in hexadecimal
}

// CopyScore says why a copy is named: of Sites that a position lies near, Matched have one within
// WithinM metres of where the copy has the site; 0 where it is the sum over all of them that speaks
// for it.
type CopyScore struct {
	Copy    SiteCopy `json:"copy"`
	Sites   int      `json:"sites"`
	Matched int      `json:"matched"`
	WithinM float64  `json:"within_m"`
	// Chance bounds the probability that any copy is named for a list that it had no part in.
	Chance float64 `json:"chance"`
}

// WhoseCopy is what a list says of the copies that it may come from.
type WhoseCopy struct {
	Copies int `json:"copies"`  // with a mark, compared
	Sites  int `json:"sites"`   // own sites that a position of the list lies near
	AsHeld int `json:"as_held"` // of these, where it is the place without a mark, as both nodes hold it
	// Named are the copies that the marks speak for; nobody where they do not speak clearly.
	Named []CopyScore `json:"named"`
	// Same is the copy that the file is, byte for byte.
	Same *SiteCopy `json:"same,omitzero"`
}
