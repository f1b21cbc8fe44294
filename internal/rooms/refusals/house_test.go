package refusals

import (
	"bytes"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/tools/go/packages"
)

var update = flag.Bool("update-refusals", false, "write the English list anew, and take from the languages what is no longer said")

const (
	root  = "../../.."
	texts = root + "/catalogue/refusals"
)

// evidence are the rooms of the parts of evidence, with why a check of the verifier fails. They are read by
// themselves: the house passes fingerprints and names of theirs on as they are.
func evidence() House {
	return House{Dir: root, Rooms: []string{"parley/fault", "parley/transcript", "parley/verdict"}, Own: "parley/fault.Newf", OwnCode: "internal",
		Into: []string{"parley/fault.Error.Rule", "parley/fault.Error.Hint", "parley/transcript.Check.Reason"},
		// Hash trees are asked by programs alone.
		Except: []string{"tree.go", "forest.go"}}
}

// house is every room but those whose refusals no officer meets, with what is found wrong or odd in
// statements and reviews. Warnings are messages of the catalogue.
func house(t *testing.T) House {
	t.Helper()
	pkgs, err := packages.Load(&packages.Config{Context: t.Context(), Dir: root, Mode: packages.NeedName}, "./...")
	if err != nil {
		t.Fatal(err)
	}
	h := House{Dir: root, Own: "parley/fault.Newf", OwnCode: "internal",
		Into: []string{"parley/fault.Error.Rule", "parley/fault.Error.Hint",
			"parley/statement.Flag.Text", "parley/statement.Flawed.Why", "parley/statement.Flawed.Alike", "parley/review.Odd.Why"},
		// The demo tells of itself, and a picture whose cache is of no use is made anew.
		Except: []string{"demo", "cache.go"}}
	for _, p := range pkgs {
		name := strings.TrimPrefix(p.PkgPath, "parley/")
		if !slices.ContainsFunc(inner(), func(room string) bool { return name == room || strings.HasPrefix(name, room+"/") }) {
			h.Rooms = append(h.Rooms, p.PkgPath)
		}
	}
	return h
}

// inner are the rooms whose refusals no officer meets: of the store and of ledgers, which are said to who reads a
// log or writes a program, of a catalogue that is being written, and of tests; and that of evidence, see there.
func inner() []string {
	return []string{"transcript", "store", "catalogue", "internal/rooms", "internal/second", "internal/testnet", "internal/testbundle", "internal/traffic",
		"gazetteer/internal", "geo4d/exactness"}
}

// opaque are texts that cannot be told, by what puts them in, and why that is right.
func opaque() map[string]string {
	return map[string]string{
		"internal/strictjson/strictjson.go": "is the result of strings.TrimPrefix",          // the cause, as the reader of JSON says it
		"notice/plan.go":                    "is the result of strings.Join",                // whole refusals, each known again by its parts
		"transcript/verify.go":              "comes from a call that is not static",         // a whole refusal, known again by its parts
		"transcript/verify_entry.go":        "comes from a call that is not static",         // the same
		"verdict/statements.go":             "comes from a call that is not static",         // the same
		"notice/intake/intake.go":           "is the result of (*parley/fault.Error).Error", // the same
	}
}

// file is a file of catalogue/refusals.
type file struct {
	Language string            `json:"language"`
	English  []string          `json:"english,omitzero"`
	Missing  int               `json:"missing"`
	Texts    map[string]string `json:"texts,omitzero"`
}

func read(t *testing.T, name string) (f file) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &f, json.RejectUnknownMembers(true)); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return f
}

func write(t *testing.T, name string, f file) {
	t.Helper()
	var b bytes.Buffer
	enc := jsontext.NewEncoder(&b, jsontext.WithIndent(" "), jsontext.EscapeForHTML(false))
	if err := json.MarshalEncode(enc, f, json.Deterministic(true)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestEveryRefusalIsListed: the English list is what the house says, so that no refusal is added,
// changed or dropped without its translations.
func TestEveryRefusalIsListed(t *testing.T) {
	found, err := Collect(t.Context(), house(t))
	if err != nil {
		t.Fatal(err)
	}
	parts, err := Collect(t.Context(), evidence())
	if err != nil {
		t.Fatal(err)
	}
	found.Texts, found.Opaque = append(found.Texts, parts.Texts...), append(found.Opaque, parts.Opaque...)
	for _, o := range found.Opaque {
		for _, where := range o.Where {
			if file, _, _ := strings.Cut(where, ":"); opaque()[file] != o.Text {
				t.Errorf("%s: the text %s: make it of constants, so that it can be translated", where, o.Text)
			}
		}
	}
	where := map[string][]string{}
	for _, x := range found.Texts {
		where[x.Text] = append(where[x.Text], x.Where...)
	}
	said := slices.Sorted(maps.Keys(where))
	if *update {
		rewrite(t, said)
	}
	listed := read(t, filepath.Join(texts, "en.json")).English
	if !slices.IsSorted(listed) || len(slices.Compact(slices.Clone(listed))) != len(listed) {
		t.Error("the English list is not sorted, or has a text twice")
	}
	for _, text := range said {
		if !slices.Contains(listed, text) {
			t.Errorf("%s says what is not in catalogue/refusals/en.json: %q", strings.Join(where[text], ", "), text)
		}
	}
	for _, text := range listed {
		if where[text] == nil {
			t.Errorf("catalogue/refusals/en.json has what nobody says: %q", text)
		}
	}
	if t.Failed() {
		t.Log("go test ./internal/rooms/refusals -update-refusals writes the list; then translate what is new")
	}
}

func rewrite(t *testing.T, said []string) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(texts, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		f := read(t, name)
		if f.Language == "en" {
			f.English = said
		} else {
			maps.DeleteFunc(f.Texts, func(english, _ string) bool { return !slices.Contains(said, english) })
			f.Missing = len(said) - len(f.Texts)
		}
		write(t, name, f)
	}
}
