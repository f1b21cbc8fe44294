// Package fault holds the one error type of Parley.
//
// An error that a person may read names the field, the value as given, the rule that it breaks
// and a way to mend it. Programs branch on Code alone; api and cmd turn Code into an HTTP status
// and an exit status in one place each.
package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Code is the class of an error.
type Code string

// The codes. Status and exit code follow from them and from nothing else.
const (
	Invalid         Code = "invalid"         // the input breaks a rule
	Unauthenticated Code = "unauthenticated" // nobody is known to ask
	Denied          Code = "denied"          // the one who asks may not
	NotFound        Code = "not_found"       // there is no such thing
	Mismatch        Code = "mismatch"        // the thing is not in the state or version that the command needs
	TooLarge        Code = "too_large"       // over a bound of size or number
	TooMany         Code = "too_many"        // over a rate; try again later
	Unavailable     Code = "unavailable"     // cannot be made durable, or cannot be reached, now
	Corrupt         Code = "corrupt"         // evidence that does not hold
	Internal        Code = "internal"        // a fault of our own
)

// Error is an error with a class and, where a person gave the input, the words to mend it.
type Error struct {
	Code  Code
	Op    string // what was being done: "notice.file"
	Field string // where: "volumes[2].window.end"
	Value string // the value as given, shortened to ValueMax bytes by New
	Rule  string // the rule that it breaks: "must be after start"
	Hint  string // how to mend it: "swap start and end"
	Err   error  // the cause; never shown to another party
}

// ValueMax is how many bytes of a value an error repeats.
const ValueMax = 80

// New returns an Invalid error for a field, with the value shortened.
func New(field, value, rule, hint string) *Error {
	return &Error{Code: Invalid, Field: field, Value: Shorten(value), Rule: rule, Hint: hint}
}

// Newf returns an error of a code with a rule made by fmt.Sprintf.
func Newf(code Code, op, format string, args ...any) *Error {
	return &Error{Code: code, Op: op, Rule: fmt.Sprintf(format, args...)}
}

// Wrap returns an error of a code around a cause, or nil where there is none.
func Wrap(code Code, op string, err error) error {
	if err == nil {
		return nil
	}
	return &Error{Code: code, Op: op, Err: err}
}

// Error says field, value, rule, hint and cause, leaving out what is empty.
func (e *Error) Error() string {
	var b strings.Builder
	part := func(sep, s string) {
		if s == "" {
			return
		}
		if b.Len() > 0 {
			b.WriteString(sep)
		}
		b.WriteString(s)
	}
	part("", e.Op)
	part(": ", e.Field)
	if e.Value != "" {
		part(" ", fmt.Sprintf("%q", e.Value))
	}
	part(": ", e.Rule)
	part("; ", e.Hint)
	if e.Err != nil {
		part(": ", e.Err.Error())
	}
	if b.Len() == 0 {
		return string(e.Code)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Public returns the error without its cause and operation: what may leave the node.
func (e *Error) Public() *Error {
	p := *e
	p.Op, p.Err = "", nil
	return &p
}

// CodeOf returns the code of the first Error in err's tree, Internal where there is none, and ""
// for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) && e.Code != "" {
		return e.Code
	}
	return Internal
}

// Is reports whether err carries the code.
func Is(err error, code Code) bool { return err != nil && CodeOf(err) == code }

// In returns err with prefix put before the field of every Error that it joins.
func In(prefix string, err error) error {
	switch e := err.(type) {
	case nil:
		return nil
	case *Error:
		c := *e
		c.Field = Join(prefix, c.Field)
		return &c
	case interface{ Unwrap() []error }:
		var out []error
		for _, sub := range e.Unwrap() {
			out = append(out, In(prefix, sub))
		}
		return errors.Join(out...)
	}
	return &Error{Code: CodeOf(err), Field: prefix, Err: err}
}

// Join joins two field paths: Join("volumes[2]", "end") is "volumes[2].end".
func Join(prefix, field string) string {
	switch {
	case prefix == "":
		return field
	case field == "", strings.HasPrefix(field, "["):
		return prefix + field
	}
	return prefix + "." + field
}

// All returns every Error in err's tree of joined errors, in order.
func All(err error) []*Error {
	if err == nil {
		return nil
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var out []*Error
		for _, sub := range joined.Unwrap() {
			out = append(out, All(sub)...)
		}
		return out
	}
	var e *Error
	if errors.As(err, &e) {
		return []*Error{e}
	}
	return []*Error{{Code: Internal, Err: err}}
}

// Shorten cuts a value to ValueMax bytes on a rune boundary and marks the cut.
func Shorten(s string) string {
	if len(s) <= ValueMax {
		return s
	}
	return strings.ToValidUTF8(s[:ValueMax], "") + "..."
}
