package conflict

import "parley/geo4d"

// Row is one conflict in a Report.
type Row struct {
	A         string  `json:"a"`
	B         string  `json:"b"`
	LateralM  float64 `json:"lateral_m"`
	VerticalM float64 `json:"vertical_m"`
	TimeS     float64 `json:"time_s"`
}

// Refusal is a feature that was not compared, and why.
type Refusal struct {
	ID     string `json:"id"`
	Reason string `json:"reason"`
}

// Report is what Check finds.
type Report struct {
	Conflicts []Row     `json:"conflicts"`
	Refused   []Refusal `json:"refused"`
}

// Check compares every pair of items of different parties; an item without a party is a party of
// its own. Items whose ID was used before are refused. refused is what the caller could not read;
// it goes into the report. Rows and refusals are sorted.
func Check(items []*Item, refused []Refusal, separation SeparationFunc, terrain geo4d.Terrain) Report {
	return Report{Refused: refused}
}
