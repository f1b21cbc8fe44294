// Package strictjson reads JSON that comes from outside: one value, within bounds, UTF-8, no name
// twice in an object. Every refusal is a fault.Error that says where.
package strictjson

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"parley/fault"
)

// Limits bound what is read before anything is built from it.
type Limits struct {
	Bytes int // size of the whole text
	Depth int // nesting of objects and arrays
}

// Check refuses data that is not one JSON value within the limits.
func Check(data []byte, l Limits) error {
	if len(data) > l.Bytes {
		return &fault.Error{Code: fault.TooLarge, Field: "body", Value: fmt.Sprintf("%d bytes", len(data)),
			Rule: fmt.Sprintf("must be at most %d bytes", l.Bytes), Hint: "split it into several"}
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return fault.New("body", "", "is empty", "give one JSON value")
	}
	dec := jsontext.NewDecoder(bytes.NewReader(data))
	for {
		_, err := dec.ReadToken()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return refusal(err)
		}
		if dec.StackDepth() > l.Depth {
			return fault.New(Field(dec.StackPointer()), "", fmt.Sprintf("is nested deeper than %d", l.Depth), "flatten it")
		}
		if dec.StackDepth() == 0 && len(bytes.TrimSpace(data[dec.InputOffset():])) > 0 {
			return fault.New("body", string(data[dec.InputOffset():]), "has bytes after the JSON value", "give one JSON value")
		}
	}
}

// Decode checks data and unmarshals it into v. A name that v does not have is refused unless
// opts say otherwise.
func Decode(data []byte, l Limits, v any, opts ...json.Options) error {
	if err := Check(data, l); err != nil {
		return err
	}
	all := append([]json.Options{json.RejectUnknownMembers(true)}, opts...)
	if err := json.Unmarshal(data, v, all...); err != nil {
		return refusal(err)
	}
	return nil
}

// refusal turns an error of the JSON library into one that names field, rule and mend.
func refusal(err error) error {
	var known *fault.Error
	var syn *jsontext.SyntacticError
	var sem *json.SemanticError
	switch {
	case errors.As(err, &sem):
		field := Field(sem.JSONPointer)
		if errors.As(sem.Err, &known) {
			return fault.In(field, known)
		}
		rule := "does not fit here"
		if sem.Err != nil {
			rule = strings.TrimPrefix(sem.Err.Error(), "json: ")
		} else if sem.JSONKind != 0 {
			rule = fmt.Sprintf("must not be a JSON %s here", sem.JSONKind)
		}
		return fault.New(field, string(sem.JSONValue), rule, "see the format in docs/reference")
	case errors.As(err, &syn):
		rule := strings.TrimPrefix(syn.Err.Error(), "jsontext: ")
		return fault.New(Field(syn.JSONPointer), "", fmt.Sprintf("is not JSON at byte %d: %s", syn.ByteOffset, rule), "give well-formed JSON")
	case errors.As(err, &known):
		return known
	}
	return fault.New("body", "", "is not JSON: "+err.Error(), "give well-formed JSON")
}

// Field writes a JSON pointer the way errors name fields: "/volumes/2/end" is "volumes[2].end".
func Field(p jsontext.Pointer) string {
	out := ""
	for tok := range p.Tokens() {
		if tok != "" && strings.Trim(tok, "0123456789") == "" {
			out += "[" + tok + "]"
			continue
		}
		out = fault.Join(out, tok)
	}
	if out == "" {
		return "body"
	}
	return out
}
