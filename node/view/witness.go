package view

import "time"

// Witness is a witness of a line, and how it does. Trouble is why it did not cosign at the last time:
// unreachable, busy, unknown-log, unknown-key, ahead, contradicts, bad-answer, no-address.
type Witness struct {
	Name    string    `json:"name"`
	Key     string    `json:"key"` // as C2SP signed-note has it
	URL     string    `json:"url,omitzero"`
	Agreed  bool      `json:"agreed"` // the agreement names it
	Own     int64     `json:"own"`    // own entries of the open epoch that it cosigned
	Other   int64     `json:"other"`  // of the other party's, likewise
	Last    time.Time `json:"last,omitzero"`
	Trouble string    `json:"trouble,omitzero"`
	Since   time.Time `json:"since,omitzero"`  // of the trouble
	Denies  string    `json:"denies,omitzero"` // the party of whose transcript it holds another history
}
