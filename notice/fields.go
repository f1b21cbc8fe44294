package notice

import (
	"github.com/go-json-experiment/json/jsontext"
)

// Field is one top-level member of a notice's JSON body. Each becomes one disclosure.
type Field struct {
	Name  string
	Value jsontext.Value
}

// Fields returns the members of n's body, in one fixed order and one encoding, without those that
// say nothing.
func Fields(n Notice) ([]Field, error) { return nil, nil }

// FromFields reads a body from its members. It is strict: unknown names, wrong types and values
// out of their vocabulary are refused. Members may be missing, as a party that is shown only the
// volume has only some.
func FromFields(members map[string]jsontext.Value) (Notice, error) { return Notice{}, nil }

// Marshal writes n as one JSON object with the members of Fields.
func Marshal(n Notice) (jsontext.Value, error) { return nil, nil }

// Unmarshal reads what Marshal writes, as strictly as FromFields.
func Unmarshal(data []byte) (Notice, error) { return Notice{}, nil }

// Names returns the names of all members, in the order of Fields.
func Names() []string { return nil }

// VolumeNames returns the names of the members that make up the keep-clear volume: what is shown
// where names, phones, cargo and free text are not.
func VolumeNames() []string { return nil }
