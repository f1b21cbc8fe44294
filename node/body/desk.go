package body

import (
	"slices"

	"github.com/go-json-experiment/json"

	"parley/transcript"
)

// Present is the body of KindPresent. Relieves names the officer whose watch the author took over
// with it, where he took one over.
type Present struct {
	Officer  string `json:"officer"`
	Role     string `json:"role"`
	Relieves string `json:"relieves,omitzero"`
}

// Left is the body of KindLeft.
type Left struct {
	Officer string `json:"officer"`
	Role    string `json:"role"`
}

// Test is the body of KindTest: the word that an officer of the other desk is to say back.
type Test struct {
	Word    string `json:"word"`
	Officer string `json:"officer"`
	Role    string `json:"role"`
}

// Tested is the body of KindTested.
type Tested struct {
	Test    Ref    `json:"test"`
	Word    string `json:"word"`
	Officer string `json:"officer"`
	Role    string `json:"role"`
}

// The roles whose officers sit at the desk.
const (
	RoleDuty       = "duty"
	RoleSupervisor = "supervisor"
)

// AtDesk reports whether an officer of a role sits at the desk.
func AtDesk(role string) bool { return role == RoleDuty || role == RoleSupervisor }

// Speaker returns the officer of the desk who speaks in an entry, and whether one does. Filing,
// changing and confirming a notice does not count: programs file too, and the other party may not be shown who did.
func Speaker(kind string, fields []transcript.Field) (Officer, bool) {
	if kind == KindNotice || kind == KindState || kind == KindConfirmed {
		return Officer{}, false
	}
	var out Officer
	if text(fields, "officer", &out.Officer) && text(fields, "role", &out.Role) && out.Officer != "" && AtDesk(out.Role) {
		return out, true
	}
	return Officer{}, false
}

// text reads a field that is a string.
func text(fields []transcript.Field, name string, into *string) bool {
	i := slices.IndexFunc(fields, func(f transcript.Field) bool { return f.Name == name })
	return i >= 0 && json.Unmarshal(fields[i].Value, into) == nil
}
