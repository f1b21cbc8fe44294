package api

import (
	"net/http"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"

	"parley/catalogue"
	"parley/fault"
	"parley/internal/strictjson"
)

// Problem is the body of every answer that is an error. Errors lists all rules broken where there
// are several; the first is said at the top. Rule and Hint are English, for logs and programs; Words
// says the whole in the language that was asked for.
type Problem struct {
	Code   fault.Code `json:"code"`
	Field  string     `json:"field,omitzero"`
	Value  string     `json:"value,omitzero"`
	Rule   string     `json:"rule"`
	Hint   string     `json:"hint,omitzero"`
	Words  string     `json:"words,omitzero"`
	Errors []Problem  `json:"errors,omitzero"`
}

// maxProblems is how many broken rules one answer lists.
const maxProblems = 100

// StatusOf returns the HTTP status of a code.
func StatusOf(code fault.Code) int {
	switch code {
	case fault.Invalid:
		return http.StatusBadRequest
	case fault.Unauthenticated:
		return http.StatusUnauthorized
	case fault.Denied:
		return http.StatusForbidden
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Mismatch:
		return http.StatusConflict
	case fault.TooLarge:
		return http.StatusRequestEntityTooLarge
	case fault.TooMany:
		return http.StatusTooManyRequests
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	case fault.Corrupt:
		return http.StatusUnprocessableEntity
	}
	return http.StatusInternalServerError
}

// problemOf says an error without anything from inside the node.
func problemOf(err error) Problem {
	all := fault.All(err)
	if len(all) == 0 {
		return Problem{Code: fault.Internal, Rule: "failed inside the node"}
	}
	out := problemOne(all[0])
	if len(all) > 1 {
		for _, e := range all[:min(len(all), maxProblems)] {
			out.Errors = append(out.Errors, problemOne(e))
		}
	}
	return out
}

func problemOne(e *fault.Error) Problem {
	p := e.Public()
	out := Problem{Code: fault.CodeOf(e), Field: p.Field, Value: fault.Shorten(p.Value), Rule: p.Rule, Hint: p.Hint}
	if out.Rule == "" {
		out.Rule = ruleOf(out.Code)
	}
	return out
}

// ruleOf says a code in words, for an error that a person gave no input to.
func ruleOf(code fault.Code) string {
	switch code {
	case fault.Unavailable:
		return "cannot be done now: the node cannot make it durable or reach what it needs"
	case fault.Corrupt:
		return "does not hold"
	case fault.Internal:
		return "failed inside the node; its log says more"
	}
	return "is refused"
}

// Err turns a problem back into the error that it says, for a client.
func (p Problem) Err() error {
	return &fault.Error{Code: p.Code, Field: p.Field, Value: p.Value, Rule: p.Rule, Hint: p.Hint}
}

// All returns every error that a problem says, joined.
func (p Problem) All() error {
	if len(p.Errors) == 0 {
		return p.Err()
	}
	var errs []error
	for _, one := range p.Errors {
		errs = append(errs, one.Err())
	}
	return joined(errs)
}

// maxProblemBytes bounds the error that a client reads.
const maxProblemBytes = 1 << 20

// ReadProblem reads the body of an answer that is an error.
func ReadProblem(data []byte) (Problem, error) {
	var p Problem
	if err := strictjson.Decode(data, strictjson.Limits{Bytes: maxProblemBytes, Depth: 8}, &p, json.RejectUnknownMembers(false)); err != nil {
		return Problem{}, err
	}
	if p.Code == "" {
		return Problem{}, fault.New("code", "", "is missing", "ask a node of Parley")
	}
	return p, nil
}

// say says a problem in a language.
func (p *Problem) say(in *catalogue.Catalogue) {
	p.Words = in.Refuse(&fault.Error{Field: p.Field, Value: p.Value, Rule: p.Rule, Hint: p.Hint})
	for i := range p.Errors {
		p.Errors[i].say(in)
	}
}

// writeProblem writes an error; in is the language asked for, or nil.
func writeProblem(w http.ResponseWriter, err error, retryAfter time.Duration, in *catalogue.Catalogue) int {
	p := problemOf(err)
	if in != nil {
		p.say(in)
		w.Header().Set("Content-Language", in.Language)
	}
	status := StatusOf(p.Code)
	switch p.Code {
	case fault.Unauthenticated:
		w.Header().Set("WWW-Authenticate", `Bearer realm="parley"`)
	case fault.TooMany:
		w.Header().Set("Retry-After", strconv.Itoa(max(1, int(retryAfter/time.Second))))
	}
	writeJSON(w, status, p)
	return status
}

// writeJSON writes v; an error here is of the connection, which the server sees itself.
func writeJSON(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		status, body = http.StatusInternalServerError, []byte(`{"code":"internal","rule":"failed inside the node; its log says more"}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n'))
}
