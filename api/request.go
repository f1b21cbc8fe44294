package api

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"

	"parley/fault"
	"parley/internal/strictjson"
	"parley/node"
)

// The content types of bodies.
const (
	typeJSON    = "application/json"
	typeGeoJSON = "application/geo+json"
	typeCSV     = "text/csv"
	typeText    = "text/plain"
	typeHTML    = "text/html; charset=utf-8"
	typeBundle  = "application/octet-stream"
	typeCourier = "application/vnd.parley.courier"
	typeEvents  = "text/event-stream"
	typeYAML    = "application/yaml"
)

// maxJSONDepth is how deep the JSON of a request may be nested; bodies of notices have their own bound.
const maxJSONDepth = 8

// officer returns the caller as the node records him.
func (c *call) officer() node.Officer {
	return node.Officer{Name: c.who.Name, Role: string(c.who.Role)}
}

// query refuses parameters that the route does not have: a misspelt filter must not look like none.
func (c *call) query(known ...string) (map[string]string, error) {
	out := map[string]string{}
	for name, values := range c.r.URL.Query() {
		ok := false
		for _, k := range known {
			ok = ok || k == name
		}
		switch {
		case !ok:
			return nil, fault.New(name, "", "is not a parameter here", "see /v1/openapi.yaml")
		case len(values) != 1:
			return nil, fault.New(name, values[0], "is given twice", "give it once")
		case len(values[0]) > 200:
			return nil, fault.New(name, values[0], "is longer than 200 bytes", "give an id or a name")
		}
		out[name] = values[0]
	}
	return out, nil
}

func flag(q map[string]string, name string) (bool, error) {
	switch q[name] {
	case "", "false":
		return false, nil
	case "true":
		return true, nil
	}
	return false, fault.New(name, q[name], "must be true or false", "leave it out for false")
}

func number(q map[string]string, name string, most int) (int, error) {
	s, ok := q[name]
	if !ok {
		return 0, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > most {
		return 0, fault.New(name, s, fmt.Sprintf("must be a whole number from 1 to %d", most), "leave it out for the default")
	}
	return n, nil
}

// contentType returns the type of the body, which must be one of those given.
func (c *call) contentType(known ...string) (string, error) {
	got, _, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	for _, k := range known {
		if err == nil && got == k {
			return k, nil
		}
	}
	return "", fault.New("content-type", c.r.Header.Get("Content-Type"), "is not a type that can be read here", "send one of "+list(known))
}

func list(words []string) string {
	out := ""
	for i, w := range words {
		if i > 0 {
			out += ", "
		}
		out += w
	}
	return out
}

// body reads the body up to a bound.
func (c *call) body(most int64) ([]byte, error) {
	data, err := io.ReadAll(http.MaxBytesReader(c.w, c.r.Body, most))
	var over *http.MaxBytesError
	switch {
	case errors.As(err, &over):
		return nil, &fault.Error{Code: fault.TooLarge, Field: "body", Rule: fmt.Sprintf("must be at most %d bytes", most), Hint: "split it into several"}
	case err != nil:
		return nil, &fault.Error{Code: fault.Invalid, Field: "body", Rule: "did not come whole", Hint: "send it again", Err: err}
	}
	return data, nil
}

// decode reads a JSON body into v.
func (a *api) decode(c *call, v any) error {
	if _, err := c.contentType(typeJSON); err != nil {
		return err
	}
	data, err := c.body(min(a.limits.JSONBytes, 64<<10))
	if err != nil {
		return err
	}
	return strictjson.Decode(data, strictjson.Limits{Bytes: len(data), Depth: maxJSONDepth}, v)
}

// noBody refuses a body where none is read.
func (c *call) noBody() error {
	data, err := c.body(2)
	if err == nil && len(data) > 0 && string(data) != "{}" {
		err = fault.New("body", string(data), "is not read here", "send none")
	}
	return err
}
