// Package body holds what the entries of a line say: their kinds and the fields of each.
//
// Every top-level member of a body is one disclosure of the sealed entry, so that a party can
// choose what the other is told and, later, what it shows to anyone else.
package body

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"parley/fault"
	"parley/notice"
	"parley/review"
	"parley/transcript"
)

// The kinds of entry.
const (
	KindNotice    = "notice"         // a notice, or a new version of one
	KindState     = "notice.state"   // its author says that it is active, ended or cancelled
	KindConfirmed = "site.confirmed" // an officer of its author confirms a site
	KindReceived  = "received"       // an officer received a notice or a call of the other party
	KindReadBack  = "read-back"      // an officer said a notice's place and times back
	KindRelayed   = "relayed"        // an officer told a unit of a notice
	KindUnit      = "unit"           // a unit's word: it has a notice and keeps clear, or is unable to
	KindConflict  = "conflict"       // a conflict was found
	KindOwned     = "conflict.owned" // an officer took a conflict
	// KindSeparated says that the newest versions of a conflict's two notices keep their separation.
	// It is for a party that is shown too little of one of them to know.
	KindSeparated = "conflict.separated"
	KindProposed  = "conflict.proposed" // one of the two notices might be moved
	KindReplied   = "conflict.replied"  // a proposal is accepted or refused
	KindSettled   = "conflict.settled"  // a party settles a conflict as it stands
	KindAgreement = "agreement"         // a new version of the agreement, signed by one party or both
	// KindKeyCompared says that an officer compared a new party key by voice.
	KindKeyCompared = "key.compared"
	KindSuspended   = "line.suspended"  // the author declares the line suspended
	KindResumed     = "line.resumed"    // and takes that back
	KindClock       = "line.clock"      // the two clocks differ by more than the agreement allows
	KindTakenBack   = "line.taken-back" // the author took back own entries that its store did not hold
	KindPresent     = "desk.present"    // an officer is at the desk
	KindLeft        = "desk.left"       // an officer leaves it
	KindTest        = "line.test"       // an officer tests the line: an officer of the other desk says a word back
	KindTested      = "line.tested"     // and says it
	KindEpoch       = "epoch"           // the first entry of an epoch; names the heads that it follows
)

// Kinds returns every kind of entry.
func Kinds() []string {
	return slices.Concat([]string{KindAgreement,
		KindAnswer, KindConcern, KindDistress, KindDistressAnswer, KindDistressEnd, KindEnd,
		KindHold, KindHoldAnswer, KindHoldLift, KindHoldReview, KindQuery, KindTaken, KindTranslation,
		KindConflict, KindConsent, KindOwned, KindProposed, KindReplied, KindSeparated, KindSettled,
		KindKeyCompared, KindLeft, KindPresent, KindEpoch, KindClock, KindResumed, KindSuspended, KindTakenBack, KindTest, KindTested, KindNotice, KindState, KindReadBack,
		KindReceived, KindRelayed, KindConfirmed, KindStatement, KindStatementRefused, KindUnit, KindVoiceClosed, KindHeard, KindPassed}, review.Kinds())
}

// CheckKind refuses a kind by which entries are to be chosen, where there is none of that name. ""
// chooses all.
func CheckKind(kind string) error {
	if kind == "" || slices.Contains(Kinds(), kind) {
		return nil
	}
	return fault.New("kind", kind, "is not a kind of entry", "choose one: "+strings.Join(Kinds(), ", "))
}

// FiledBy is the field beside a notice's own that names the officer who filed the version. Like
// every name it is shown only where the agreement shows the whole notice.
const FiledBy = "filed_by"

// First is the field beside a notice's own that names the notice's first entry, in every version
// but the first. It is always shown: a party that is shown nothing else can still tell a new
// version from a new notice.
const First = "first"

// Officer is the value of FiledBy.
type Officer struct {
	Officer string `json:"officer"`
	Role    string `json:"role"`
}

// Ref names one entry for ever: its transcript and its place there.
type Ref struct {
	Origin transcript.Origin
	Seq    int64
}

// String writes a ref as "origin#seq".
func (r Ref) String() string { return r.Origin.String() + "#" + strconv.FormatInt(r.Seq, 10) }

// Short writes a ref within its line, as "epoch/side#seq".
func (r Ref) Short() string {
	return strconv.FormatInt(r.Origin.Epoch, 10) + "/" + string(r.Origin.Side) + "#" + strconv.FormatInt(r.Seq, 10)
}

// IsZero reports whether r names nothing.
func (r Ref) IsZero() bool { return r.Origin.Line == "" }

// ParseRef reads what String writes.
func ParseRef(s string) (Ref, error) {
	origin, num, ok := strings.Cut(s, "#")
	if !ok {
		return Ref{}, fault.New("", s, "is not an entry's name", "write it as origin#number")
	}
	o, err := transcript.ParseOrigin(origin)
	if err != nil {
		return Ref{}, err
	}
	n, err := strconv.ParseInt(num, 10, 64)
	if err != nil || n < 0 || strconv.FormatInt(n, 10) != num {
		return Ref{}, fault.New("", s, "is not an entry's name", "write it as origin#number")
	}
	return Ref{Origin: o, Seq: n}, nil
}

// MarshalText implements encoding.TextMarshaler.
func (r Ref) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (r *Ref) UnmarshalText(b []byte) (err error) {
	*r, err = ParseRef(string(b))
	return err
}

// State is the body of KindState.
type State struct {
	First   Ref          `json:"first"` // the notice's first entry
	Event   notice.Event `json:"event"`
	Officer string       `json:"officer"`
	Reason  string       `json:"reason,omitzero"`
	// ReleasedBy is the second officer, where it took two.
	ReleasedBy string `json:"released_by,omitzero"`
}

// Lapse is the event by which an author's node says that the clock ended a notice, where the other
// party is not shown when that is. Nobody orders it, and who knows the notice needs it not.
const Lapse notice.Event = "lapse"

// Received is the body of KindReceived.
type Received struct {
	Entry   Ref    `json:"entry"` // the entry received
	Officer string `json:"officer"`
	Role    string `json:"role"`
	Remark  string `json:"remark,omitzero"`
}

// Party is one of the two notices of a conflict.
type Party struct {
	First   Ref    `json:"first"` // the notice's first entry
	Notice  string `json:"notice"`
	Version int    `json:"version"`
}

// Conflict is the body of KindConflict, and of KindSeparated, which has no measures. They are left
// out where the other party may not see the notice, too.
type Conflict struct {
	ID        string    `json:"id"`
	A         Party     `json:"a"`
	B         Party     `json:"b"`
	LateralM  *float64  `json:"lateral_m,omitzero"`
	VerticalM *float64  `json:"vertical_m,omitzero"`
	TimeS     *float64  `json:"time_s,omitzero"`
	From      time.Time `json:"from,omitzero"`
	Until     time.Time `json:"until,omitzero"`
}

// Owned is the body of KindOwned.
type Owned struct {
	Conflict string `json:"conflict"`
	Officer  string `json:"officer"`
	Role     string `json:"role"`
}

// Agreement is the body of KindAgreement: the signed note.
type Agreement struct {
	ID   string `json:"id"`
	Note string `json:"note"`
}

// PutAgreement is Agreement with who put it on the line, as it is said; a reader of Agreement needs no
// more.
type PutAgreement struct {
	ID         string `json:"id"`
	Note       string `json:"note"`
	Officer    string `json:"officer"`
	Role       string `json:"role"`
	ReleasedBy string `json:"released_by,omitzero"` // the second officer, where it took two
}

// Declared is the body of KindSuspended and KindResumed.
type Declared struct {
	Officer string `json:"officer"`
	Role    string `json:"role"`
	Reason  string `json:"reason"`
}

// Clock is the body of KindClock: the other's clock less the author's.
type Clock struct {
	OffsetMS int64 `json:"offset_ms"`
}

// Draft returns the draft of an entry whose whole body the other party is told.
func Draft(kind string, v any) (transcript.Draft, error) {
	raw, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		return transcript.Draft{}, fault.Wrap(fault.Internal, "body.draft", err)
	}
	fields, err := split(raw)
	if err != nil {
		return transcript.Draft{}, fault.Wrap(fault.Internal, "body.draft", err)
	}
	return transcript.Draft{Kind: kind, Fields: fields}, nil
}

// split makes one shown field of each member of a JSON object.
func split(raw []byte) ([]transcript.Field, error) {
	dec := jsontext.NewDecoder(strings.NewReader(string(raw)))
	if _, err := dec.ReadToken(); err != nil {
		return nil, err
	}
	var out []transcript.Field
	for dec.PeekKind() != jsontext.KindEndObject {
		name, err := dec.ReadToken()
		if err != nil {
			return nil, err
		}
		key := name.String()
		val, err := dec.ReadValue()
		if err != nil {
			return nil, err
		}
		out = append(out, transcript.Field{Name: key, Value: val.Clone(), Shown: true})
	}
	return out, nil
}

// Read reads the fields of an entry into v. Fields that v does not have are ignored, since a
// later version of the program may say more; a field that does not fit is an error.
func Read(fields []transcript.Field, v any) error {
	var b strings.Builder
	b.WriteByte('{')
	for i, f := range fields {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := jsontext.AppendQuote(nil, f.Name)
		if err != nil {
			return fault.New(f.Name, "", "is not a field's name", "")
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(f.Value)
	}
	b.WriteByte('}')
	if err := json.Unmarshal([]byte(b.String()), v); err != nil {
		return &fault.Error{Code: fault.Invalid, Field: "body", Rule: fmt.Sprintf("does not fit its kind: %v", err)}
	}
	return nil
}
