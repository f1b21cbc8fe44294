package audit

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"parley/fault"
	"parley/internal/strictjson"
)

// Kind says what a record is about.
type Kind string

// The kinds.
const (
	Started    Kind = "started"    // the node was started
	Shown      Kind = "shown"      // something of the other party was shown to an officer
	Refused    Kind = "refused"    // a request was refused
	Done       Kind = "done"       // a command was done
	Session    Kind = "session"    // someone signed in or out, or changed a token
	Credential Kind = "credential" // a passkey or an invitation changed
	Officers   Kind = "officers"   // the book of officers changed
)

// Kinds returns every kind.
func Kinds() []Kind {
	return []Kind{Started, Shown, Refused, Done, Session, Credential, Officers}
}

// Bounds of one record.
const (
	MaxRecordBytes = 64 << 10
	MaxNotices     = 200 // notices that one record names
	MaxIDs         = 200 // other ids that one record names
	maxText        = 128 // bytes of any one text of it
	maxDepth       = 4
)

// Notice names a version of a notice of the other party. Version is 0 where it is not known.
type Notice struct {
	Party   string `json:"party"`
	ID      string `json:"id"`
	Version int    `json:"version,omitzero"`
}

// Record is one record of the log. Notices and IDs are of Line. Whole says that everything held of
// Line was shown. Where Count is above 0 the record stands for that many of the same, from Since to
// Time.
type Record struct {
	Seq     int64     `json:"seq"`
	Time    time.Time `json:"time"` // by the node's clock
	Kind    Kind      `json:"kind"`
	Officer string    `json:"officer,omitzero"`
	Role    string    `json:"role,omitzero"`
	By      string    `json:"by,omitzero"`   // what the officer was known by: token, session, short token
	From    string    `json:"from,omitzero"` // the caller's network address, without the port
	Method  string    `json:"method,omitzero"`
	Route   string    `json:"route,omitzero"` // as the API's document names it
	What    string    `json:"what,omitzero"`
	Code    string    `json:"code,omitzero"`
	Field   string    `json:"field,omitzero"`
	Line    string    `json:"line,omitzero"`
	Whole   bool      `json:"whole,omitzero"`
	Notices []Notice  `json:"notices,omitzero"`
	IDs     []string  `json:"ids,omitzero"`
	Count   int64     `json:"count,omitzero"`
	Since   time.Time `json:"since,omitzero"`
	Prev    string    `json:"prev"` // SHA-256 of the record before, in hexadecimal; zeros before the first
}

// genesis is what the first record names as the one before it.
func genesis() string { return strings.Repeat("0", 2*sha256.Size) }

// Encode writes a record in its one encoding, without a line end.
func (r Record) Encode() ([]byte, error) {
	data, err := json.Marshal(r)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, "audit.encode", err)
	}
	if len(data) > MaxRecordBytes {
		return nil, fault.Newf(fault.TooLarge, "audit.encode", "a record has %d bytes, and at most %d", len(data), MaxRecordBytes)
	}
	return data, nil
}

// Decode reads a record and refuses every encoding but the one that Encode writes.
func Decode(data []byte) (Record, error) {
	var r Record
	if err := strictjson.Decode(data, strictjson.Limits{Bytes: MaxRecordBytes, Depth: maxDepth}, &r); err != nil {
		return Record{}, err
	}
	again, err := r.Encode()
	if err != nil {
		return Record{}, err
	}
	if !bytes.Equal(again, data) {
		return Record{}, fault.New("record", "", "is not in the one encoding of a record", "give it as parley audit list --json wrote it")
	}
	return r, nil
}

// sum is what the next record names as the one before it.
func sum(encoded []byte) string {
	s := sha256.Sum256(encoded)
	return hex.EncodeToString(s[:])
}

// plain cuts a text to what a record may hold of it.
func plain(s string) string {
	s = strings.ToValidUTF8(s, "?")
	if len(s) <= maxText {
		return s
	}
	return strings.ToValidUTF8(s[:maxText], "") + "..."
}

// Host returns the address of a caller without its port.
func Host(remote string) string {
	if host, _, err := net.SplitHostPort(remote); err == nil {
		return host
	}
	return remote
}

// Field returns the name of a field as the log keeps it: without what stands in brackets, and
// "other" for one that is no plain name, since a caller may have put anything there.
func Field(field string) string {
	var b strings.Builder
	depth := 0
	for _, c := range field {
		switch {
		case c == '[':
			depth++
		case c == ']':
			depth--
		case depth > 0:
		case c >= 'a' && c <= 'z' || c == '_' || c == '.' || c == '-':
			b.WriteRune(c)
		default:
			return "other"
		}
	}
	if b.Len() > 40 {
		return "other"
	}
	return b.String()
}
