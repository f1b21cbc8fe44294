package agreement

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"sort"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"parley/catalogue"
	"parley/transcript"
)

// maxDiff bounds how many changes Diff lists.
const maxDiff = 500

// Diff says in the words of a catalogue what next changes in old, one line a change, in the order of the
// terms. What belongs to one party begins with its name, so that each sees what the other changed about
// himself. Names of terms and their values stay as they stand in the file. Line, version and supersedes
// are left out: they always change.
func Diff(old, next Terms, in *catalogue.Catalogue) []string {
	next.Line, next.Version, next.Supersedes = old.Line, old.Version, old.Supersedes
	d := differ{in: &explainer{in: in}}
	a, errA := Encode(old)
	b, errB := Encode(next)
	if errA != nil || errB != nil {
		return []string{d.in.words("diff-not", d.in.code("JSON"))}
	}
	d.walk(nil, a, b)
	if len(d.out) > maxDiff {
		d.out = append(d.out[:maxDiff], d.in.words("diff-more", fmt.Sprint(len(d.out)-maxDiff)))
	}
	return d.out
}

type differ struct {
	in  *explainer
	out []string
}

// say says a change: where it is, and the values, which are said already.
func (d *differ) say(path []string, key string, values ...string) {
	d.out = append(d.out, d.in.words("diff-"+key, append([]string{d.as(d.label(path))}, values...)...))
}

// as is what stands in the terms, as it stands there.
func (d *differ) as(text string) string {
	if d.in.english() {
		return text
	}
	return catalogue.Isolate(text, d.in.in.RightToLeft())
}

// walk compares two values. Objects are compared member by member; lists by what names their
// elements; a geometry as a whole.
func (d *differ) walk(path []string, a, b jsontext.Value) {
	if a, b = stated(a, b), stated(b, a); bytes.Equal(compact(a), compact(b)) {
		return
	}
	last := ""
	if len(path) > 0 {
		last = path[len(path)-1]
	}
	switch {
	case last == "geometry":
		d.say(path, "shape")
	case a.Kind() == '{' && b.Kind() == '{':
		om, nm := object(a), object(b)
		for _, name := range order(a, b) {
			d.walk(extend(path, name), om[name], nm[name])
		}
	case a.Kind() == '[' && b.Kind() == '[':
		d.lists(path, a, b)
	default:
		d.say(path, "became", d.value(last, a), d.value(last, b))
	}
}

// stated returns v or, where the text leaves it out, the empty value of other's kind.
func stated(v, other jsontext.Value) jsontext.Value {
	switch {
	case len(v) > 0 || len(other) == 0:
		return v
	case other.Kind() == '[':
		return jsontext.Value("[]")
	}
	return jsontext.Value(`""`)
}

// lists compares lists by the names of their elements.
func (d *differ) lists(path []string, a, b jsontext.Value) {
	oldKeys, olds := keyed(a)
	newKeys, news := keyed(b)
	before := len(d.out)
	for _, k := range oldKeys {
		if n, ok := news[k]; ok {
			d.walk(extend(path, k), olds[k], n)
		} else {
			d.say(path, "out", d.element(k, olds[k]))
		}
	}
	for _, k := range newKeys {
		if _, ok := olds[k]; !ok {
			d.say(path, "added", d.element(k, news[k]))
		}
	}
	if len(d.out) == before {
		d.say(path, "order")
	}
}

// keyed returns a list's elements by what names them: the sides of the parties, a kind and
// condition, a name, a key, or the element itself.
func keyed(list jsontext.Value) ([]string, map[string]jsontext.Value) {
	var items []jsontext.Value
	_ = json.Unmarshal(list, &items) // it was encoded here
	var keys []string
	out := map[string]jsontext.Value{}
	for i, item := range items {
		key := nameOf(item)
		if key == "" {
			key = fmt.Sprint(i + 1)
		}
		if _, twice := out[key]; twice {
			key = fmt.Sprintf("%s (%d)", key, i+1)
		}
		keys = append(keys, key)
		out[key] = item
	}
	return keys, out
}

func nameOf(item jsontext.Value) string {
	if item.Kind() != '{' {
		return text(item)
	}
	m := object(item)
	if kinds, ok := m["kinds"]; ok {
		var pair []string
		_ = json.Unmarshal(kinds, &pair) // it was encoded here
		s := strings.Join(pair, " and ")
		if w := text(m["when"]); w != "" {
			s += ", " + w
		}
		return s
	}
	if start, ok := m["start"]; ok {
		return "from " + text(start)
	}
	for _, name := range []string{"name", "key", "role", "kind"} {
		if v, ok := m[name]; ok {
			return text(v)
		}
	}
	return ""
}

func (d *differ) element(key string, item jsontext.Value) string {
	if m := object(item); item.Kind() == '{' && m["key"] != nil {
		return d.value("key", m["key"])
	}
	if item.Kind() == '{' {
		return d.as(fmt.Sprintf("%s %s", key, compact(item)))
	}
	return d.as(key)
}

// value says a value: keys by their fingerprint.
func (d *differ) value(name string, v jsontext.Value) string {
	if name == "key" || name == "party_key" {
		var key []byte
		if json.Unmarshal(v, &key) == nil && len(key) == 32 {
			return d.in.words("diff-key", d.as(transcript.Fingerprint(key)))
		}
	}
	if v.Kind() == '"' && text(v) == "" {
		return d.in.words("diff-none")
	}
	if name == "ml_dsa_44" {
		return d.in.words("diff-second-key", d.as("ML-DSA-44"))
	}
	return d.as(string(compact(v)))
}

// label says a path: a party by its name, names with spaces for their underscores, units apart.
func (d *differ) label(path []string) string {
	var out []string
	for i, p := range path {
		switch {
		case i == 0 && p == "parties":
			continue
		case strings.HasSuffix(p, "_s"):
			p = strings.TrimSuffix(p, "_s") + " (s)"
		case strings.HasSuffix(p, "_m"):
			p = strings.TrimSuffix(p, "_m") + " (m)"
		case strings.HasSuffix(p, "_ft"):
			p = strings.TrimSuffix(p, "_ft") + " (ft)"
		}
		if key, err := base64.StdEncoding.DecodeString(p); err == nil && len(key) == ed25519.PublicKeySize {
			out = append(out, transcript.Fingerprint(key))
			continue
		}
		out = append(out, strings.ReplaceAll(p, "_", " "))
	}
	if len(out) == 0 {
		return "parties"
	}
	return strings.Join(out, ": ")
}

func extend(path []string, name string) []string { return append(path[:len(path):len(path)], name) }

func compact(v jsontext.Value) jsontext.Value {
	out := v.Clone()
	_ = out.Compact() // it was encoded here
	return out
}

func object(v jsontext.Value) map[string]jsontext.Value {
	var out map[string]jsontext.Value
	if v.Kind() == '{' {
		_ = json.Unmarshal(v, &out) // it was encoded here
	}
	return out
}

func text(v jsontext.Value) string {
	var s string
	if v.Kind() != '"' || json.Unmarshal(v, &s) != nil {
		return string(compact(v))
	}
	return s
}

// order returns the names of two objects in the order of the first.
func order(a, b jsontext.Value) []string {
	rank := map[string]int{}
	for _, v := range []jsontext.Value{a, b} {
		dec := jsontext.NewDecoder(bytes.NewReader(v))
		for dec.PeekKind() != 0 {
			tok, err := dec.ReadToken()
			if err != nil {
				break
			}
			if dec.StackDepth() != 1 || tok.Kind() != '"' {
				continue
			}
			name := tok.String()
			if _, n := dec.StackIndex(1); n%2 == 0 { // it is a value
				continue
			}
			if _, ok := rank[name]; !ok {
				rank[name] = len(rank)
			}
		}
	}
	out := make([]string, 0, len(rank))
	for name := range rank {
		out = append(out, name)
	}
	sort.Slice(out, func(i, j int) bool { return rank[out[i]] < rank[out[j]] })
	return out
}
