package main

import (
	"bytes"
	"strings"

	"github.com/go-json-experiment/json"

	"parley/agreement"
	"parley/fault"
	"parley/internal/strictjson"
)

// parseContact reads a duty number: role=number.
func parseContact(text string) (cardContact, error) {
	role, number, ok := strings.Cut(text, "=")
	if !ok || strings.TrimSpace(number) == "" {
		return cardContact{}, fault.New("contact", text, "must be role=number", "write duty=+15550100")
	}
	switch role {
	case "duty", "second", "supervisor", "principals":
		return cardContact{role, number}, nil
	}
	return cardContact{}, fault.New("contact", text, "must have the role duty, second, supervisor or principals", "write duty=+15550100")
}

func parseContacts(texts []string) ([]cardContact, error) {
	var out []cardContact
	for _, text := range texts {
		c, err := parseContact(text)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

// What a file of the agreement's making is, for those who give one in the place of another.
const (
	fileCard   = "a party's card"
	fileDraft  = "a draft that nobody signed"
	fileSigned = "a signed agreement"
	fileShape  = "GeoJSON"
	fileOther  = "none of a party's card, a draft and a signed agreement"
)

// kindOfFile tells what a file is by its beginning and the names at its top.
func kindOfFile(data []byte) string {
	if bytes.HasPrefix(data, []byte(agreement.TypeLine)) {
		return fileSigned
	}
	var top struct {
		Type string `json:"type"`
	}
	if err := strictjson.Decode(data, strictjson.Limits{Bytes: maxCard, Depth: 64}, &top, json.RejectUnknownMembers(false)); err != nil {
		return fileOther
	}
	switch {
	case top.Type == cardType:
		return fileCard
	case top.Type != "":
		return fileShape
	}
	return fileDraft // what its own reader says of it says more
}

// notThatFile refuses a file that is something else than it is to be; nil where it may be that.
func notThatFile(path string, data []byte, hint string, wanted ...string) error {
	kind := kindOfFile(data)
	for _, w := range wanted {
		if kind == w || kind == fileOther && w != fileSigned {
			return nil // the reader of the JSON says what is wrong in it, and where
		}
	}
	return fault.New("file", path, "is "+kind+", not "+strings.Join(wanted, " or "), hint)
}
