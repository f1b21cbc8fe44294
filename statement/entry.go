package statement

import (
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"

	"parley/fault"
	"parley/transcript"
)

// The kinds of entry about statements.
const (
	KindPut     = "statement"         // a signed statement: a proposal, one that both signed, or one party's alone
	KindRefused = "statement.refused" // a party says no to a proposal of the other
)

// Shown reports whether the fields of an entry of one of the kinds tell what it says.
func Shown(kind string, fields []transcript.Field) bool {
	need := "note"
	if kind == KindRefused {
		need = "entry"
	}
	for _, f := range fields {
		if f.Name == need {
			return true
		}
	}
	return false
}

// ReadEntry reads what an entry of one of the kinds says.
func ReadEntry(p Place, e transcript.Entry, fields []transcript.Field) (Said, error) {
	s := Said{Place: p, Time: e.Time, Seen: e.Seen.Size, Agreement: e.Agreement}
	return s, s.Read(e.Kind, fields)
}

// Read reads what the fields of an entry say. Fields of other names are a later version's.
func (s *Said) Read(kind string, fields []transcript.Field) error {
	var note, refuses, statement string
	names := map[string]*string{"id": &s.ID, "note": &note, "officer": &s.Officer, "role": &s.Role, "released_by": &s.ReleasedBy}
	if kind == KindRefused {
		names = map[string]*string{"statement": &statement, "entry": &refuses, "reason": &s.Reason, "officer": &s.Officer, "role": &s.Role}
	}
	for _, f := range fields {
		if into := names[f.Name]; into != nil {
			if err := json.Unmarshal(f.Value, into); err != nil {
				return fault.New(f.Name, "", "is not a text", "")
			}
		}
	}
	if kind == KindRefused {
		s.ID = statement
		var err error
		s.Refuses, err = ParsePlace(refuses)
		return err
	}
	if s.Note = []byte(note); note == "" {
		s.Note = []byte{'\n'} // nothing was put on the line, which is no refusal
	}
	return nil
}

// ParsePlace reads what Place.String writes.
func ParsePlace(s string) (Place, error) {
	bad := fault.New("entry", s, "is not an entry's name", "write it as origin#number")
	origin, num, ok := strings.Cut(s, "#")
	if !ok {
		return Place{}, bad
	}
	o, err := transcript.ParseOrigin(origin)
	if err != nil {
		return Place{}, err
	}
	n, err := strconv.ParseInt(num, 10, 64)
	if err != nil || n < 0 || strconv.FormatInt(n, 10) != num {
		return Place{}, bad
	}
	return Place{Origin: o, Seq: n}, nil
}
