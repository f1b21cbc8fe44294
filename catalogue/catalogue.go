package catalogue

import (
	"embed"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"parley/fault"
)

//go:embed text/*.json
var texts embed.FS

// Review says who read a text, and when. It counts only while the text and the English one are those
// that were read.
type Review struct {
	By      string         `json:"by"` // a role or a name, as the reader wants it
	On      string         `json:"on"` // 2026-12-01
	Text    jsontext.Value `json:"text"`
	English jsontext.Value `json:"english"`
}

// file is a file of text/.
type file struct {
	Language  string                    `json:"language"`
	Name      string                    `json:"name"`
	Direction string                    `json:"direction"`
	Texts     map[string]jsontext.Value `json:"texts"`
	Reviewed  map[string]Review         `json:"reviewed"`
}

// part is a piece of a text: words, or a placeholder by name.
type part struct{ words, name string }

// entry is a key's text: one for every number, or one a plural form.
type entry struct {
	all     []part
	forms   map[Form][]part
	counted string // the argument that chooses the form
}

// Catalogue is the texts in one language.
type Catalogue struct {
	Language  string // a BCP 47 tag
	Name      string // what its speakers call it
	Direction string // ltr or rtl
	raw       map[string]jsontext.Value
	entries   map[string]entry
	reviews   map[string]Review
	english   map[string]jsontext.Value
	refuses   sayer
}

// Load reads the catalogue of a language, or of the primary one of its tag.
func Load(tag string) (*Catalogue, error) {
	language, ok := Find(tag)
	if !ok {
		return nil, fault.New("language", tag, "has no catalogue", "choose one of "+strings.Join(Languages(), ", "))
	}
	own, err := readFile(language)
	if err != nil {
		return nil, err
	}
	c := &Catalogue{Language: own.Language, Name: own.Name, Direction: own.Direction, raw: own.Texts, reviews: own.Reviewed, english: own.Texts,
		entries: make(map[string]entry, len(own.Texts))}
	if c.refuses, err = loadRefusals(language); err != nil {
		return nil, err
	}
	if len(own.Reviewed) > 0 {
		english, err := readFile("en")
		if err != nil {
			return nil, err
		}
		c.english = english.Texts
	}
	for key, raw := range own.Texts {
		if c.entries[key], err = parseEntry(raw); err != nil {
			return nil, fault.In("texts."+key, err)
		}
	}
	return c, nil
}

func readFile(language string) (f file, err error) {
	data, err := texts.ReadFile("text/" + language + ".json")
	if err == nil {
		err = json.Unmarshal(data, &f, json.RejectUnknownMembers(true))
	}
	return f, fault.Wrap(fault.Internal, "catalogue.load", err)
}

func parseEntry(raw jsontext.Value) (entry, error) {
	if raw.Kind() == '"' {
		var text string
		if err := json.Unmarshal(raw, &text); err != nil {
			return entry{}, err
		}
		parts, err := parse(text)
		return entry{all: parts}, err
	}
	var forms map[Form]string
	if err := json.Unmarshal(raw, &forms); err != nil {
		return entry{}, err
	}
	out := entry{forms: map[Form][]part{}}
	for form, text := range forms {
		parts, err := parse(text)
		if err != nil {
			return entry{}, err
		}
		out.forms[form] = parts
		for _, p := range parts {
			if Arguments()[p.name].Kind == Count {
				out.counted = p.name
			}
		}
	}
	return out, nil
}

// parse splits a text at its placeholders.
func parse(text string) ([]part, error) {
	var out []part
	for rest := text; rest != ""; {
		words, after, found := strings.Cut(rest, "{")
		if strings.Contains(words, "}") {
			return nil, fault.New("text", text, "has a } without its {", "write {name}")
		}
		if words != "" {
			out = append(out, part{words: words})
		}
		if !found {
			break
		}
		name, next, closed := strings.Cut(after, "}")
		if !closed || name == "" || strings.Contains(name, "{") {
			return nil, fault.New("text", text, "has a placeholder that does not end", "write {name}")
		}
		out = append(out, part{name: name})
		rest = next
	}
	return out, nil
}

// Has reports whether there is a text of a key.
func (c *Catalogue) Has(key string) bool { _, ok := c.entries[key]; return ok }

// Keys returns every key, sorted.
func (c *Catalogue) Keys() []string { return slices.Sorted(maps.Keys(c.entries)) }

// RightToLeft reports whether the language runs from right to left.
func (c *Catalogue) RightToLeft() bool { return c.Direction == "rtl" }

// Raw returns the text of a key as the file has it: a JSON string, or an object of plural forms.
func (c *Catalogue) Raw(key string) jsontext.Value { return c.raw[key] }

// Reviewed returns who read the text of a key. False where nobody read it as it now stands.
func (c *Catalogue) Reviewed(key string) (Review, bool) {
	r, ok := c.reviews[key]
	if !ok || !same(r.Text, c.raw[key]) || !same(r.English, c.english[key]) || r.By == "" {
		return Review{}, false
	}
	return r, true
}

func same(a, b jsontext.Value) bool {
	a, b = a.Clone(), b.Clone()
	return a.Canonicalize() == nil && b.Canonicalize() == nil && string(a) == string(b)
}
