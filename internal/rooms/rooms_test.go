package rooms

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"
)

// root is the directory of this module.
const root = "../.."

// TestHouse applies every rule to this module.
func TestHouse(t *testing.T) {
	pkgs, err := Load(t.Context(), root)
	if err != nil {
		t.Fatal(err)
	}
	if len(pkgs) < 5 {
		t.Fatalf("only %d packages found", len(pkgs))
	}
	sizes, err := House().Sizes(pkgs)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range slices.Concat(House().Arrows(pkgs), Docs(pkgs), sizes) {
		t.Error(p)
	}
}

func TestPlanHasNoCircle(t *testing.T) {
	plan := House()
	if c := plan.Cycle(); c != nil {
		t.Errorf("arrows run in a circle: %s", strings.Join(c, " -> "))
	}
	for _, r := range plan.Rooms {
		for _, u := range slices.Concat(r.Uses, r.Tests) {
			if !slices.ContainsFunc(plan.Rooms, func(o Room) bool { return o.Name == u }) {
				t.Errorf("%s uses %s, which is not in the plan", r.Name, u)
			}
		}
	}
}

func TestCycleIsFound(t *testing.T) {
	plan := Plan{Rooms: []Room{{Name: "d", Uses: []string{"a"}}, {Name: "a", Uses: []string{"b"}},
		{Name: "b", Uses: []string{"c"}}, {Name: "c", Uses: []string{"a"}}}}
	if got := strings.Join(plan.Cycle(), " "); got != "a b c a" {
		t.Errorf("Cycle = %q", got)
	}
}

// TestDependenciesAreExplained holds go.mod, the plan and ARCHITECTURE.md together.
func TestDependenciesAreExplained(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	mod, err := modfile.Parse("go.mod", data, nil)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(root, "ARCHITECTURE.md"))
	if err != nil {
		t.Fatal(err)
	}
	planned := House().Outside
	for _, req := range mod.Require {
		if req.Indirect {
			continue
		}
		path := req.Mod.Path
		if !slices.ContainsFunc(planned, func(o Outside) bool { return o.Module == path }) {
			t.Errorf("go.mod requires %s, which is not in the plan", path)
		}
		if !strings.Contains(string(text), "`"+path) {
			t.Errorf("ARCHITECTURE.md does not say why %s is there", path)
		}
	}
	for _, o := range planned {
		if !slices.ContainsFunc(mod.Require, func(r *modfile.Require) bool { return r.Mod.Path == o.Module && !r.Indirect }) {
			t.Errorf("the plan has %s, which go.mod does not require", o.Module)
		}
	}
}

// TestEveryRoomIsDrawn holds the plan and ARCHITECTURE.md together.
func TestEveryRoomIsDrawn(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "ARCHITECTURE.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range House().Rooms {
		if !strings.Contains(string(text), "`"+r.Name) {
			t.Errorf("ARCHITECTURE.md does not name the room %s", r.Name)
		}
	}
}

// TestArrowsOfHouse shows the plan of this module refusing what it must.
func TestArrowsOfHouse(t *testing.T) {
	for _, tt := range []struct {
		pkg  string
		test bool
		imp  string
		want string // part of the refusal; empty where the import is allowed
	}{
		{pkg: "geo4d", imp: "parley/fault"},
		{pkg: "geo4d", imp: "parley/notice", want: "no arrow leads from geo4d to notice"},
		{pkg: "geo4d/egm96", imp: "parley/geo4d"},
		{pkg: "conflict", imp: "parley/geo4d"},
		{pkg: "conflict", imp: "parley/notice", want: "no arrow"},
		{pkg: "conflict", imp: "parley/notice", test: true, want: "no arrow"},
		{pkg: "transcript", imp: "parley/notice", want: "no arrow"},
		{pkg: "transcript", imp: "parley/store", want: "no arrow"},
		{pkg: "transcript/ledger", imp: "parley/store"},
		{pkg: "transcript/ledger", imp: "parley/store/pebble", want: "no arrow"},
		{pkg: "transcript/ledger", imp: "parley/store/pebble", test: true},
		{pkg: "store", imp: "parley/transcript", want: "no arrow"},
		{pkg: "store/pebble", imp: "parley/store/storetest", want: "in test files only"},
		{pkg: "store/pebble", imp: "parley/store/storetest", test: true},
		{pkg: "store/pebble", imp: "github.com/cockroachdb/pebble/v2/vfs"},
		{pkg: "node", imp: "github.com/cockroachdb/pebble/v2/vfs", want: "must not use"},
		{pkg: "node", imp: "github.com/cockroachdb/pebble/v2/vfs", test: true},
		{pkg: "line", imp: "parley/node", want: "no arrow"},
		{pkg: "line", imp: "parley/notice", want: "no arrow"},
		{pkg: "node", imp: "parley/api", want: "no arrow"},
		{pkg: "api", imp: "parley/console"},
		{pkg: "pool", imp: "parley/console", want: "no arrow"},
		{pkg: "api", imp: "parley/cmd/parley", want: "no arrow"},
		{pkg: "cmd/parley", imp: "parley/api"},
		{pkg: "api", imp: "github.com/getkin/kin-openapi/openapi3", want: "must not use"},
		{pkg: "api", imp: "github.com/getkin/kin-openapi/openapi3", test: true},
		{pkg: "cmd/parley", imp: "github.com/rogpeppe/go-internal/testscript", want: "must not use"},
		{pkg: "cmd/parley", imp: "github.com/rogpeppe/go-internal/testscript", test: true},
		{pkg: "node", imp: "github.com/alecthomas/kong", want: "must not use"},
		{pkg: "node", imp: "example.com/clever", want: "which is not in the plan"},
		{pkg: "node", imp: "parley/util", want: "in no room of the plan"},
		{pkg: "util", imp: "fmt", want: "is in no room of the plan"},
		{pkg: "cmd/parley", imp: "parley/internal/rooms", want: "no arrow"},
	} {
		p := Package{ImportPath: "parley/" + tt.pkg}
		if tt.test {
			p.XTestImports = []string{tt.imp}
		} else {
			p.Imports = []string{tt.imp}
		}
		got := House().Arrows([]Package{p})
		switch {
		case tt.want == "" && len(got) > 0:
			t.Errorf("%s may import %s, and is refused: %v", tt.pkg, tt.imp, got)
		case tt.want != "" && (len(got) != 1 || !strings.Contains(got[0].What, tt.want)):
			t.Errorf("%s importing %s (test: %t): %v; want a refusal with %q", tt.pkg, tt.imp, tt.test, got, tt.want)
		}
	}
}

// TestCrookedHouse applies the rules to a real module that breaks each of them.
func TestCrookedHouse(t *testing.T) {
	pkgs, err := Load(t.Context(), "testdata/crooked")
	if err != nil {
		t.Fatal(err)
	}
	plan := Plan{Module: "crooked", Rooms: []Room{
		{Name: "geo4d"}, {Name: "notice", Uses: []string{"geo4d"}}, {Name: "silent"}, {Name: "mumbling"}, {Name: "long"},
	}}
	sizes, err := plan.Sizes(pkgs)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range slices.Concat(plan.Arrows(pkgs), Docs(pkgs), sizes) {
		where := p.Where
		if i := strings.LastIndex(where, "crooked/"); i >= 0 {
			where = where[i:]
		}
		got = append(got, where+": "+p.What)
	}
	want := []string{
		"crooked/geo4d: must not use crooked/notice: no arrow leads from geo4d to notice",
		`crooked/mumbling: its comment must begin with "Package mumbling"`,
		"crooked/silent: has no package comment",
		fmt.Sprintf("crooked/long/file.go: has %d lines; at most %d", MaxFileLines+1, MaxFileLines),
		fmt.Sprintf("crooked/long/long.go:4: tooLong: has %d lines; at most %d", MaxFuncLines+1, MaxFuncLines),
		fmt.Sprintf("crooked/long/long_test.go: has %d lines; at most %d", MaxTestFileLines+1, MaxTestFileLines),
	}
	if !slices.Equal(got, want) {
		t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestLoadFails(t *testing.T) {
	if _, err := Load(t.Context(), t.TempDir()); err == nil {
		t.Error("no error where there is no module")
	}
}
