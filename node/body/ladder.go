package body

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"parley/catalogue"
	"parley/voice"
)

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
	// Said is the text by keys and arguments, as package catalogue writes it. Who reads it takes the text
	// where his catalogues cannot say it.
	Said jsontext.Value `json:"said,omitzero"`
}

// OfDifference is what a comparison found, as it is said on the line.
func OfDifference(d voice.Difference) Difference {
	return Difference{Field: d.Field, Told: d.Told, ReadBack: d.ReadBack, Text: d.Text, Said: SaidJSON(d.Said)}
}

// SaidJSON writes a message into a body, or nothing where it says nothing.
func SaidJSON(m catalogue.Message) jsontext.Value {
	raw, err := json.Marshal(m, json.Deterministic(true))
	if err != nil || m.IsZero() {
		return nil
	}
	return raw
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
