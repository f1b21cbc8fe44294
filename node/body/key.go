package body

// KeyCompared is the body of KindKeyCompared: an officer compared by voice the party key that a version of the
// agreement gives a party anew, and it was that one.
type KeyCompared struct {
	Agreement string `json:"agreement"` // id of the version
	Party     string `json:"party"`     // whose key it replaces
	Key       string `json:"key"`       // the fingerprint of the new one
	With      string `json:"with"`      // with whom he spoke
	Officer   string `json:"officer"`
	Role      string `json:"role"`
}

// BringsKeys reports whether with an entry of a kind other line keys can begin to count.
func BringsKeys(kind string) bool { return kind == KindAgreement || kind == KindKeyCompared }
