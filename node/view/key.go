package view

import "time"

// KeyChange is a version of the agreement that gives a party another party key and does not count yet: it does once
// both have signed it and an officer of each side has compared the new key by voice. The key itself is not in it:
// what an officer enters is to be what he heard.
type KeyChange struct {
	Agreement string        `json:"agreement"`
	Version   int           `json:"version"`
	Party     string        `json:"party"` // whose key it replaces
	Signers   []string      `json:"signers"`
	Compared  []KeyCompared `json:"compared"`
}

// KeyCompared is an officer's word that he compared the new key by voice.
type KeyCompared struct {
	Party   string    `json:"party"` // his
	Officer string    `json:"officer"`
	With    string    `json:"with"`
	Time    time.Time `json:"time"`
}
