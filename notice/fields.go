package notice

import (
	"errors"
	"sort"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"parley/fault"
	"parley/internal/strictjson"
)

// Bounds of one body as Unmarshal reads it.
const (
	MaxBodyBytes = 4 << 20
	maxBodyDepth = 16
)

// Field is one top-level member of a notice's JSON body. Each becomes one disclosure.
type Field struct {
	Name  string
	Value jsontext.Value
}

// Fields returns the members of n's body, in one fixed order and one encoding, without those that
// say nothing. It fails where a number or a shape has no JSON form, which Validate refuses too.
func Fields(n Notice) ([]Field, error) {
	out := make([]Field, 0, 16)
	for i := range members {
		m := &members[i]
		v, err := m.get(&n)
		if err != nil {
			return nil, fault.In(m.name, err)
		}
		if v != nil {
			out = append(out, Field{m.name, v})
		}
	}
	return out, nil
}

// FromFields reads a body from its members. It is strict: unknown names, wrong types and values
// out of their vocabulary are refused, each with its field. Members may be missing, as a party
// that is shown only the volume has only some; Validate says what a whole notice needs.
func FromFields(fields map[string]jsontext.Value) (Notice, error) {
	var b body
	var errs joined
	known := 0
	for i := range members {
		m := &members[i]
		v, ok := fields[m.name]
		if !ok {
			continue
		}
		known++
		if b.take(m, v) {
			continue
		}
		if err := m.set(&b.n, v); err != nil {
			errs.add(fault.In(m.name, err))
		}
	}
	if known < len(fields) {
		for _, name := range unknownNames(fields) {
			errs.add(fault.New(name, "", "is not a member of a notice", "its members are "+strings.Join(Names(), ", ")))
		}
	}
	if err := errs.err(); err != nil {
		return Notice{}, err
	}
	return b.n, nil
}

// body is a notice while its members are read.
type body struct {
	n Notice
	c strictjson.Cursor
}

// take reads a member's value in one pass; false leaves it to set.
func (b *body) take(m *member, v []byte) bool {
	if m.quick == nil || len(v) > MaxBodyBytes {
		return false
	}
	b.c = strictjson.NewCursor(v)
	m.quick(&b.n, &b.c)
	return b.c.Ended()
}

// unmarshalQuick is Unmarshal of a body whose members can all be read in one pass, each once.
func unmarshalQuick(data []byte) (n Notice, ok bool) {
	if len(data) > MaxBodyBytes {
		return n, false
	}
	var b body
	c := strictjson.NewCursor(data)
	var seen uint64
	for c.Open('{'); c.More('}'); {
		i := memberIndex(c.Name())
		if i < 0 {
			return n, false
		}
		c.Once(&seen, i)
		m := &members[i]
		if v := c.Extent(maxBodyDepth - 1); c.Stopped() || !b.take(m, v) {
			return n, false
		}
	}
	return b.n, c.Ended()
}

func memberIndex(name []byte) int {
	for i := range members {
		if members[i].name == string(name) {
			return i
		}
	}
	return -1
}

func unknownNames(fields map[string]jsontext.Value) []string {
	var out []string
	for name := range fields {
		if memberIndex([]byte(name)) < 0 {
			out = append(out, fault.Shorten(name))
		}
	}
	sort.Strings(out)
	return out
}

// Marshal writes n as one JSON object with the members of Fields.
func Marshal(n Notice) (jsontext.Value, error) {
	fields, err := Fields(n)
	if err != nil {
		return nil, err
	}
	size := 2
	for _, f := range fields {
		size += len(f.Name) + len(f.Value) + 4
	}
	b := append(make([]byte, 0, size), '{')
	for i, f := range fields {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(append(b, '"'), f.Name...), '"', ':')
		b = append(b, f.Value...)
	}
	return append(b, '}'), nil
}

// Unmarshal reads what Marshal writes, as strictly as FromFields.
func Unmarshal(data []byte) (Notice, error) {
	if n, ok := unmarshalQuick(data); ok {
		return n, nil
	}
	var fields map[string]jsontext.Value
	if err := strictjson.Decode(data, strictjson.Limits{Bytes: MaxBodyBytes, Depth: maxBodyDepth}, &fields); err != nil {
		return Notice{}, err
	}
	if fields == nil {
		return Notice{}, fault.New("body", "null", "must be a JSON object", "give a notice")
	}
	return FromFields(fields)
}

// Names returns the names of all members, in the order of Fields.
func Names() []string {
	out := make([]string, len(members))
	for i := range members {
		out[i] = members[i].name
	}
	return out
}

// VolumeNames returns the names of the members that make up the keep-clear volume: what is shown
// where names, phones, cargo and free text are not.
func VolumeNames() []string {
	var out []string
	for i := range members {
		if members[i].keepClear {
			out = append(out, members[i].name)
		}
	}
	return out
}

// unmarshal reads one member strictly and says what is wrong in the words of its field. What
// fits is read in one pass; only what does not is read again, for its refusal.
func unmarshal(v jsontext.Value, into any) error {
	if v.Kind() == 'n' {
		return fault.New("", "null", "must not be null", "leave the member out")
	}
	if len(v) <= MaxBodyBytes && json.Unmarshal(v, into, json.RejectUnknownMembers(true)) == nil {
		return nil
	}
	err := strictjson.Decode(v, strictjson.Limits{Bytes: MaxBodyBytes, Depth: maxBodyDepth}, into)
	var f *fault.Error
	if errors.As(err, &f) && f.Field == "body" {
		c := *f
		c.Field = ""
		return &c
	}
	return err
}

// quote is marshal for a string.
func quote(s string) (jsontext.Value, error) {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return marshal(s)
		}
	}
	return append(append(append(make([]byte, 0, len(s)+2), '"'), s...), '"'), nil
}

// decimal is marshal for a number that is not 0.
func decimal(f float64) (jsontext.Value, error) {
	if i := int64(f); float64(i) == f && -1e15 < f && f < 1e15 {
		return strconv.AppendInt(nil, i, 10), nil
	}
	return marshal(f)
}

// marshal writes a value in the one encoding.
func marshal(v any) (jsontext.Value, error) {
	out, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		return nil, fault.New("", "", "has no JSON form", "give a finite number and valid UTF-8")
	}
	return out, nil
}
