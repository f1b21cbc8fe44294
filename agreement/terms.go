package agreement

import (
	"crypto/ed25519"
	"time"

	"parley/geo4d"
	"parley/notice"
)

// Terms are what the parties agree on. Every default is stated, so that a reader needs nothing
// but the text.
type Terms struct {
	Title      string    `json:"title"`
	Line       string    `json:"line"` // id of the first version; "" in the first version itself
	Version    int       `json:"version"`
	Supersedes string    `json:"supersedes"` // id of the version before; "" in the first
	From       time.Time `json:"from"`
	Until      time.Time `json:"until"` // zero: until superseded

	Parties   [2]Party `json:"parties"` // sides a and b of the line
	Area      Area     `json:"area"`
	Profile   Profile  `json:"profile"`
	Languages []string `json:"languages"` // BCP 47, the working language first

	Separations []SeparationTerm `json:"separations"`
	Leads       LeadTable        `json:"leads"`
	Ladders     LadderTable      `json:"ladders"`
	Escalation  Escalation       `json:"escalation"`
	LineTimes   LineTerms        `json:"line_times"`
	LineTests   LineTests        `json:"line_tests"`
	Alerts      AlertAnswers     `json:"alert_answers"`
	Sites       SiteTerms        `json:"sites"`
	TwoPersons  []Action         `json:"two_persons"`
	Drills      []Drill          `json:"drills"`
	Retention   Retention        `json:"retention"`
	Witnesses   Witnesses        `json:"witnesses"`
	Observers   []Observer       `json:"observers"`
	Hosts       []Host           `json:"hosts,omitempty"`
	Signatures  Signatures       `json:"signatures"` // of heads and receipts
}

// Party is one of the two.
type Party struct {
	Name        string            `json:"name"` // [a-z0-9-]{1,32}
	Title       string            `json:"title"`
	PartyKey    ed25519.PublicKey `json:"party_key"`
	LineKeys    []LineKey         `json:"line_keys"`
	TLSKeys     []TLSKey          `json:"tls_keys"`
	Addresses   []string          `json:"addresses"` // host:port; none where it only dials out
	Contacts    []Contact         `json:"contacts"`
	Languages   []string          `json:"languages"`
	Disclosure  Disclosure        `json:"disclosure"`
	Undertakes  []Undertaking     `json:"undertakes"` // what it will notify
	NotNotified []Undertaking     `json:"not_notified"`
}

// Signatures says with what heads and receipts are signed.
type Signatures string

// What there is to sign with. Agreements and statements are signed with Ed25519 alone.
const (
	SignaturesEd25519 Signatures = "ed25519"
	SignaturesBoth    Signatures = "ed25519+ml-dsa-44"
)

// LineKey is a key that signs heads and receipts, with the time for which it counts. A zero bound
// is open. One with an ML-DSA-44 half signs with both halves, always.
type LineKey struct {
	Public  ed25519.PublicKey `json:"key"`
	MLDSA   []byte            `json:"ml_dsa_44"` // 1,312 bytes, or none
	From    time.Time         `json:"from"`
	Revoked time.Time         `json:"revoked"`
}

// TLSKey is a key that the line's connections are pinned to, with the time for which it counts: the
// whole Ed25519 public key, which is no longer than a hash of it. A zero bound is open.
type TLSKey struct {
	Public  ed25519.PublicKey `json:"key"`
	From    time.Time         `json:"from"`
	Revoked time.Time         `json:"revoked"`
}

// Contact is a duty number, never a person's name.
type Contact struct {
	Role   string `json:"role"` // "duty", "second", "supervisor", "principals"
	Number string `json:"number"`
}

// Disclosure is what a party shows of its notices, by kind.
type Disclosure struct {
	Flight   Level `json:"flight"`
	Movement Level `json:"movement"`
	Area     Level `json:"area"`
	Hazard   Level `json:"hazard"`
	Site     Level `json:"site"`
}

// Undertaking is a kind of notice that a party will, or expressly will not, file.
type Undertaking struct {
	Kind  notice.Kind `json:"kind"`
	Where string      `json:"where"` // a sector, or "" for the whole area
	Words string      `json:"words"`
}

// Area is where the agreement holds.
type Area struct {
	Shape   geo4d.Shape // Earth where the whole earth was said
	Band    geo4d.Band
	Terrain geo4d.Terrain
	Sectors []Sector // named parts; an incomplete notice that names one is held as it
	Ports   []Port
}

// Sector is a named part of the area.
type Sector struct {
	Name  string
	Shape geo4d.Shape
}

// Port is a harbour in which movements at sea keep another distance.
type Port struct {
	Name     string
	Shape    geo4d.Shape
	LateralM float64
}

// When narrows a separation to some notices of its kinds.
type When string

// The conditions. A row with one is chosen over a row without.
const (
	Always            When = ""
	WhenSmallUncrewed When = "small-uncrewed" // at least one of the two is a small uncrewed flight
	WhenSea           When = "sea"            // at least one of the two is a movement at sea

)

// SeparationTerm is what notices of two kinds keep.
type SeparationTerm struct {
	Kinds           [2]notice.Kind `json:"kinds"`
	When            When           `json:"when"`
	LateralM        float64        `json:"lateral_m"`
	VerticalM       float64        `json:"vertical_m"`
	Time            time.Duration  `json:"time_s"`
	AnyAltitude     bool           `json:"any_altitude"`
	FlightBelowFt   float64        `json:"flight_below_ft"`  // only flights that are or may be below; 0: all
	NotDeconflicted bool           `json:"not_deconflicted"` // the pair is not compared, and desks say so
}

// LeadTable holds the bounds of the grades by kind.
type LeadTable struct {
	Flight   LeadTerms `json:"flight"`
	Area     LeadTerms `json:"area"`
	Hazard   LeadTerms `json:"hazard"`
	Movement LeadTerms `json:"movement"`
	Site     LeadTerms `json:"site"`
}

// LadderTable holds the ladder of each urgency.
type LadderTable struct {
	Urgent  LadderTerms `json:"urgent"`
	Short   LadderTerms `json:"short"`
	Routine LadderTerms `json:"routine"`
}

// Escalation says after how many times its deadline a missed rung goes where.
type Escalation struct {
	SecondChannel int `json:"second_channel"`
	Supervisor    int `json:"supervisor"`
	Observers     int `json:"observers"`
}

// LineTests are the tests of the line by people.
type LineTests struct {
	PerDay       int `json:"per_day"`
	SuspectAfter int `json:"suspect_after_missed"`
	DownAfter    int `json:"down_after_missed"`
}

// AlertAnswers bound what a party that sees only alerts can learn by asking.
type AlertAnswers struct {
	FiledOnly     bool `json:"filed_notices_only"`
	ReleasedAfter int  `json:"released_by_officer_after_per_day"`
}

// SiteTerms are the times of revalidation.
type SiteTerms struct {
	Revalidate time.Duration `json:"revalidate_every_s"`
	WarnBefore time.Duration `json:"warn_before_s"`
}

// Action is something that needs release by two persons.
type Action string

// The actions.
const (
	ActionCancel     Action = "cancel"
	ActionDisclosure Action = "disclosure-change"
	ActionStatement  Action = "statement"
	ActionAgreement  Action = "agreement"
	ActionKeyChange  Action = "key-change"
)

// Drill is a window in which exercise is expected.
type Drill struct {
	Start time.Time `json:"start"`
	End   time.Time `json:"end"`
}

// Retention is how long bodies are kept; entries and receipts are kept for ever.
type Retention struct {
	Bodies time.Duration `json:"bodies_s"` // 0: for ever
}

// Witnesses cosign heads.
type Witnesses struct {
	Quorum    int      `json:"quorum"`    // how many of them must
	Verifiers []string `json:"verifiers"` // their keys as C2SP signed-note has them, of type 4: name+hash+key
}
