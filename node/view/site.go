package view

import (
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// Confirmed is the word of an officer of a site's party that it still is as its newest version says.
type Confirmed struct {
	Officer string    `json:"officer"`
	Role    string    `json:"role"`
	Time    time.Time `json:"time"` // by his node's clock
	Remark  string    `json:"remark,omitzero"`
	Entry   string    `json:"entry"`
}

// Site is a site as a list has it.
type Site struct {
	ID      string `json:"id"`
	First   string `json:"first"`
	Entry   string `json:"entry"` // of the version shown
	Version int    `json:"version"`

	Title        string  `json:"title,omitzero"`
	Place        string  `json:"place,omitzero"`
	Type         string  `json:"type,omitzero"` // what kind of place it is, in words
	Language     string  `json:"language,omitzero"`
	Contact      string  `json:"contact,omitzero"`
	Markings     string  `json:"markings,omitzero"`
	Persons      int     `json:"persons,omitzero"`
	Humanitarian bool    `json:"humanitarian,omitzero"`
	UncertaintyM float64 `json:"uncertainty_m,omitzero"`

	// Where it is one circle, its centre and radius; Geometry says every shape.
	LatDeg   *float64         `json:"lat,omitzero"`
	LonDeg   *float64         `json:"lon,omitzero"`
	RadiusM  *float64         `json:"radius_m,omitzero"`
	Geometry []jsontext.Value `json:"geometry,omitzero"` // a feature of a plan file for each volume
	From     time.Time        `json:"valid_from,omitzero"`

	Expires time.Time `json:"expires,omitzero"` // as its party states it, where it does

	Unverified bool       `json:"unverified,omitzero"`
	ValidUntil time.Time  `json:"valid_until"`
	Confirmed  *Confirmed `json:"confirmed,omitzero"`
	Filed      time.Time  `json:"filed"`
	FiledBy    string     `json:"filed_by,omitzero"`
	Delivered  *time.Time `json:"delivered"`
	Received   []Received `json:"received"` // officers of the other party who received this version
}

// SiteChange is one change of a list of sites.
type SiteChange struct {
	ID        string     `json:"id"`
	Title     string     `json:"title,omitzero"`
	Version   int        `json:"version"`
	Time      time.Time  `json:"time"` // by its party's clock
	Entry     string     `json:"entry"`
	Officer   string     `json:"officer,omitzero"` // absent where the party does not show it
	Role      string     `json:"role,omitzero"`
	Reason    string     `json:"reason,omitzero"` // of a removal why; of a revalidation the remark
	Delivered *time.Time `json:"delivered"`       // by the receiver's clock; null: delivery not shown
	Received  []Received `json:"received"`        // officers of the other party who received it
}

// SiteList is the list of one party's sites on a line, and how it changed since a time: what came,
// what was changed, what was removed and what was confirmed stand apart.
type SiteList struct {
	Line   string    `json:"line"`
	Party  string    `json:"party"`
	Own    bool      `json:"own"`
	At     time.Time `json:"at"`
	Since  time.Time `json:"since,omitzero"`
	Sites  []Site    `json:"sites"`
	Hidden int       `json:"hidden"` // live notices of the party of which nothing is shown; some may be sites

	Added       []SiteChange `json:"added"`
	Changed     []SiteChange `json:"changed"`
	Removed     []SiteChange `json:"removed"`
	Revalidated []SiteChange `json:"revalidated"`
}
