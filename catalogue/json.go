package catalogue

import (
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"parley/fault"
)

// wire is a message as JSON: {"key": "...", "args": {"peer": "red", "since": "2026-12-01T18:40:00Z"}}.
// Which kind an argument has follows from its name.
type wire struct {
	Key  string                    `json:"key"`
	Args map[string]jsontext.Value `json:"args,omitzero"`
}

// MarshalJSON writes m.
func (m Message) MarshalJSON() ([]byte, error) {
	out := wire{Key: m.Key}
	for name, v := range m.Args {
		if out.Args == nil {
			out.Args = make(map[string]jsontext.Value, len(m.Args))
		}
		raw, err := json.Marshal(v.plain(), json.Deterministic(true))
		if err != nil {
			return nil, fault.Wrap(fault.Internal, "catalogue.write", err)
		}
		out.Args[name] = raw
	}
	return json.Marshal(out, json.Deterministic(true))
}

func (v Value) plain() any {
	switch v.Kind {
	case Words, Refused, Code:
		return v.Text
	case Clock, Second, Minute, Stamp, Date:
		return v.Time
	case Said:
		if len(v.Said) == 1 {
			return v.Said[0]
		}
		return Message{}
	case List, Series, Either, Both:
		return v.Said
	}
	return v.Number
}

// UnmarshalJSON reads m. An argument whose name Arguments does not have is refused.
func (m *Message) UnmarshalJSON(data []byte) error {
	var in wire
	if err := json.Unmarshal(data, &in); err != nil {
		return err
	}
	out := Message{Key: in.Key}
	kinds := Arguments()
	for name, raw := range in.Args {
		a, ok := kinds[name]
		if !ok {
			return fault.New("args."+name, "", "is no argument of the catalogues", "use the same version of parley as the node")
		}
		v, err := read(a.Kind, raw)
		if err != nil {
			return fault.In("args."+name, err)
		}
		if out.Args == nil {
			out.Args = make(map[string]Value, len(in.Args))
		}
		out.Args[name] = v
	}
	*m = out
	return nil
}

func read(kind Kind, raw jsontext.Value) (Value, error) {
	v := Value{Kind: kind}
	var err error
	switch kind {
	case Words, Refused, Code:
		err = json.Unmarshal(raw, &v.Text)
	case Clock, Second, Minute, Stamp, Date:
		var t time.Time
		err = json.Unmarshal(raw, &t)
		v.Time = t.UTC()
	case Said:
		v.Said = make([]Message, 1)
		err = json.Unmarshal(raw, &v.Said[0])
	case List, Series, Either, Both:
		err = json.Unmarshal(raw, &v.Said)
	default:
		err = json.Unmarshal(raw, &v.Number)
	}
	return v, err
}
