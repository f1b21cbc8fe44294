package view

import (
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"parley/notice"
)

// Past is what a node held at an instant: nothing that it learned later is in it.
type Past struct {
	Line    string       `json:"line"`
	At      time.Time    `json:"at"`   // by the own clock
	Own     int64        `json:"own"`  // entries of the own transcripts that were durable here then
	Peer    int64        `json:"peer"` // and of the other party's
	Notices []PastNotice `json:"notices"`
}

// PastNotice is a notice as it stood then.
type PastNotice struct {
	Line     string       `json:"line"`
	Party    string       `json:"party"`
	Own      bool         `json:"own"`
	ID       string       `json:"id"`
	Entry    string       `json:"entry"`
	First    string       `json:"first"`
	Version  int          `json:"version"`
	Kind     notice.Kind  `json:"kind,omitzero"`
	Class    notice.Class `json:"class,omitzero"`
	Title    string       `json:"title,omitzero"`
	State    notice.State `json:"state"`
	Start    time.Time    `json:"start,omitzero"`
	End      time.Time    `json:"end,omitzero"`
	Filed    time.Time    `json:"filed"` // by the author's clock
	Held     time.Time    `json:"held"`  // when it was durable here, by the own clock
	Exercise bool         `json:"exercise,omitzero"`
	Hidden   bool         `json:"hidden,omitzero"`
	// Conflicting says that it was in a conflict that had been filed, and not been told to be apart, then.
	Conflicting bool           `json:"conflicting,omitzero"`
	Body        jsontext.Value `json:"body,omitzero"` // as told
}
