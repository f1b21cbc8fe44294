package body

// Ways in which an officer read a notice back.
const (
	FromMap = "map"   // he entered it anew from his own map
	ByVoice = "voice" // he said it to the other party's officer
)

// ReadBack says what an officer read back of a version of a notice, and how it compares.
type ReadBack struct {
	Entry       Ref          `json:"entry"` // the version read back
	Officer     string       `json:"officer"`
	Role        string       `json:"role"`
	By          string       `json:"by"` // FromMap, ByVoice
	Same        bool         `json:"same"`
	Differences []Difference `json:"differences,omitzero"`
}

// Difference is a field that was read back otherwise than it was told, by more than the tolerance.
type Difference struct {
	Field    string `json:"field"`
	Told     string `json:"told"`
	ReadBack string `json:"read_back"` // "": it was not read back
	Text     string `json:"text"`      // how they differ, for a person
}

// Relayed says that an officer told a unit of a version of a notice.
type Relayed struct {
	Entry   Ref    `json:"entry"`
	Unit    string `json:"unit"`
	Means   string `json:"means"` // radio, phone, in person: how it was told
	Officer string `json:"officer"`
	Role    string `json:"role"`
	Remark  string `json:"remark,omitzero"`
}

// Unit is a unit's answer, as an officer of its party passes it on.
type Unit struct {
	Entry   Ref    `json:"entry"`
	Unit    string `json:"unit"`
	Unable  bool   `json:"unable"` // it cannot keep clear
	Reason  string `json:"reason,omitzero"`
	Officer string `json:"officer"`
	Role    string `json:"role"`
}
