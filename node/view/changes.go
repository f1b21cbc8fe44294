package view

// Changes is what of a node's picture changed since a reader last looked, and of what is small all there
// is: the lines, and the calls that somebody must still look at.
type Changes struct {
	// Whole says that it is the picture itself, and not what changed of it: what the reader had is to be
	// thrown away. The picture is what is live or was lately; the lists have the rest.
	Whole      bool       `json:"whole"`
	Lines      []Line     `json:"lines"`
	Notices    []Notice   `json:"notices"` // with their bodies
	Gone       []Gone     `json:"gone"`
	Conflicts  []Conflict `json:"conflicts"` // without where, and without moves
	Calls      []Call     `json:"calls"`
	Alarms     []Alarm    `json:"alarms"`
	AlarmsOver []string   `json:"alarms_over"`
}

// Gone is a notice, or a call by its entry, that is not shown any longer: what was heard by voice, once
// its own entry is here.
type Gone struct {
	Line  string `json:"line"`
	Party string `json:"party"`
	ID    string `json:"id"`
}
