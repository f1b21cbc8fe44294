package api

import (
	"time"

	"parley/api/officer"
	"parley/catalogue"
	"parley/node/view"
	"parley/notice"
	"parley/transcript/ledger"
)

// Status says what a node is and how it stands.
type Status struct {
	Party   string       `json:"party"`
	Version string       `json:"version"`
	Time    time.Time    `json:"time"` // by the node's clock
	Officer Who          `json:"officer"`
	Lines   []view.Line  `json:"lines"`
	Alarms  []view.Alarm `json:"alarms"` // that nobody acknowledged
}

// Who is the officer whom the node takes the caller for.
type Who struct {
	Name    string       `json:"name"`
	Role    officer.Role `json:"role"`
	Expires time.Time    `json:"expires,omitzero"`
}

// Lines is the answer to GET /v1/lines.
type Lines struct {
	Lines []view.Line `json:"lines"`
}

// Notices is the answer to GET /v1/notices. Compared says what the notices of each line were
// compared with.
type Notices struct {
	Notices  []view.Notice   `json:"notices"`
	Compared []view.Compared `json:"compared"`
}

// Conflicts is the answer to GET /v1/conflicts.
type Conflicts struct {
	Conflicts []view.Conflict `json:"conflicts"`
	Compared  []view.Compared `json:"compared"`
}

// Alarms is the answer to GET /v1/alarms.
type Alarms struct {
	Alarms []view.Alarm `json:"alarms"`
}

// Log is a page of the log. Next is the cursor of the page after it, which may be empty still.
type Log struct {
	Entries []view.Entry `json:"entries"`
	Next    string       `json:"next"`
}

// Filings is the answer to filing. A file that holds a refused notice is filed only where the
// caller asked for the rest of it; Refused then says what is missing.
type Filings struct {
	Filed     []view.Filed `json:"filed"`
	Cancelled []view.Filed `json:"cancelled"` // what NOTAMs in the file cancel
	Refused   []Refusal    `json:"refused"`
}

// Refusal is what could not be read of a file.
type Refusal struct {
	SourceID string `json:"source_id"`
	Item     string `json:"item"`
	Reason   string `json:"reason"`
	// Words is the reason in the language that was asked for.
	Words string `json:"words,omitzero"`
}

// Checked says what would be filed, and which conflicts that would bring about.
type Checked struct {
	Notices  []CheckedNotice `json:"notices"`
	Refused  []Refusal       `json:"refused"`
	Compared *view.Compared  `json:"compared,omitzero"` // what they were compared with; nil where there was nothing to compare
}

// CheckedNotice is a notice as it would be filed, said back in words.
type CheckedNotice struct {
	SourceID   string           `json:"source_id"`
	ID         string           `json:"id"`
	Kind       notice.Kind      `json:"kind,omitzero"`
	Title      string           `json:"title,omitzero"`
	Cancels    string           `json:"cancels,omitzero"`
	CancelOnly bool             `json:"cancel_only,omitzero"`
	Echo       []string         `json:"echo"`
	Warnings   []notice.Warning `json:"warnings"`

	Conflicts []view.WouldConflict `json:"conflicts"` // with what this node holds; those that begin first come first

	said []catalogue.Message // the echo by keys and arguments
}

// StateRequest changes the state of an own notice.
type StateRequest struct {
	Event  notice.Event `json:"event"`
	Reason string       `json:"reason,omitzero"`
}

// ReceiveRequest says that the officer has a notice or call of the other party: a notice's id, or
// an entry.
type ReceiveRequest struct {
	ID     string `json:"id"`
	Remark string `json:"remark,omitzero"`
}

// ReadBackRequest is what an officer read back of a notice of the other party.
type ReadBackRequest struct {
	ID   string `json:"id"`
	By   string `json:"by"`   // map, voice
	Text string `json:"text"` // a line for each field, as package voice reads them
}

// RelayRequest says that the officer told a unit of a notice of the other party.
type RelayRequest struct {
	ID     string `json:"id"`
	Unit   string `json:"unit"`
	Means  string `json:"means"`
	Remark string `json:"remark,omitzero"`
}

// UnitRequest passes on a unit's word on a notice of the other party.
type UnitRequest struct {
	ID     string `json:"id"`
	Unit   string `json:"unit"`
	Unable bool   `json:"unable,omitzero"`
	Reason string `json:"reason,omitzero"` // required where it is unable
}

// EntryAnswer names the entry that a command made.
type EntryAnswer struct {
	Entry string `json:"entry"`
}

// ProposeRequest tells the other party how a notice of a conflict might be moved.
type ProposeRequest struct {
	Mover  string     `json:"mover"` // the party whose notice would move
	Shift  view.Shift `json:"shift"`
	Remark string     `json:"remark,omitzero"`
}

// ReplyRequest answers the newest proposal of the other party.
type ReplyRequest struct {
	Accept bool   `json:"accept"`
	Reason string `json:"reason,omitzero"` // required where it is refused
}

// SettleRequest settles a conflict as it stands.
type SettleRequest struct {
	How    string `json:"how"` // joint, accepted risk
	Reason string `json:"reason"`
}

// AcknowledgeRequest says that the officer saw an alarm.
type AcknowledgeRequest struct {
	Alarm string `json:"alarm"`
}

// ReasonRequest gives the reason of a declaration.
type ReasonRequest struct {
	Reason string `json:"reason"`
}

// CompareKeyRequest is what an officer heard of a new party key.
type CompareKeyRequest struct {
	Version int    `json:"version,omitzero"` // 0: the one that waits
	Heard   string `json:"heard"`
	With    string `json:"with"`
}

// Agreements lists the versions of a line's agreement, the newest last.
type Agreements struct {
	Agreements []AgreementVersion `json:"agreements"`
}

// AgreementVersion is one version, as both parties signed it.
type AgreementVersion struct {
	ID      string   `json:"id"`
	Version int      `json:"version"`
	Signers []string `json:"signers"`
	Note    string   `json:"note"`
}

// Evidence is the answer to GET /v1/evidence.
type Evidence struct {
	Evidence []EvidenceItem `json:"evidence"`
}

// EvidenceItem shows a fork or a breach of the format by signed bytes. Fork, Held and Offered are
// text; Entry and Other are the bytes of entries in base64.
type EvidenceItem struct {
	Kind    ledger.EvidenceKind `json:"kind"`
	Origin  string              `json:"origin"`
	Reason  string              `json:"reason"`
	HeldAt  time.Time           `json:"held_at"`
	Fork    string              `json:"fork,omitzero"`
	Held    string              `json:"held,omitzero"`
	Offered string              `json:"offered,omitzero"`
	Index   int64               `json:"index,omitzero"`
	Entry   []byte              `json:"entry,omitzero"`
	Other   []byte              `json:"other,omitzero"`
}
