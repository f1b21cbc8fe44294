package body

import "parley/consent"

// KindConsent is the kind of entry that puts the word of a host on the line.
const KindConsent = consent.Kind

// Consent is the body of KindConsent: the note that the host signed. What it comes to follows from that, and
// from nothing that is said beside it.
type Consent struct {
	ID      string `json:"id"`
	Note    string `json:"note"`
	Officer string `json:"officer"`
	Role    string `json:"role"`
}
