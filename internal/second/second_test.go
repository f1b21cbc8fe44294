package second

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
)

// TestStatementVectors has the second verifier judge the test vectors of statements.
func TestStatementVectors(t *testing.T) {
	const dir = "../../statement/testdata/vectors"
	index, err := os.ReadFile(filepath.Join(dir, "index.json"))
	if err != nil {
		t.Fatal(err)
	}
	var want []Verdict
	if err := json.Unmarshal(index, &want); err != nil {
		t.Fatal(err)
	}
	got := Run(t, "--vectors", dir)
	if len(got) != len(want) {
		t.Fatalf("it judged %d of %d vectors", len(got), len(want))
	}
	for i, w := range want {
		if g := got[i]; g.File != w.File || g.OK != w.OK || g.Agreed != w.Agreed {
			t.Errorf("%s: want %t %t, got %t %t %s", w.File, w.OK, w.Agreed, g.OK, g.Agreed, wrong(g))
		}
	}
}

// TestVectors has the second verifier judge every test vector of the formats, good and bad.
func TestVectors(t *testing.T) {
	const dir = "../../transcript/testdata/vectors"
	index, err := os.ReadFile(filepath.Join(dir, "index.json"))
	if err != nil {
		t.Fatal(err)
	}
	var want []struct {
		File  string `json:"file"`
		OK    bool   `json:"ok"`
		Check string `json:"check"`
		Entry string `json:"entry"`
	}
	if err := json.Unmarshal(index, &want); err != nil {
		t.Fatal(err)
	}
	got := Run(t, "--vectors", dir)
	if len(got) != len(want) {
		t.Fatalf("it judged %d of %d vectors", len(got), len(want))
	}
	for i, w := range want {
		g := got[i]
		named := w.Check == "" || slices.ContainsFunc(g.Checks, func(c Check) bool {
			return !c.OK && c.Name == w.Check && strings.HasSuffix(c.Entry, w.Entry)
		})
		if g.File != w.File || g.OK != w.OK || !named {
			t.Errorf("%s: want %t %s %s, got %t %s", w.File, w.OK, w.Check, w.Entry, g.OK, wrong(g))
		}
	}
}
