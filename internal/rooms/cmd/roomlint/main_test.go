package main

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestVet runs the program as make lint does, on a module of this one's name that breaks the rules.
func TestVet(t *testing.T) {
	tool := filepath.Join(t.TempDir(), "roomlint")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", tool, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	cmd := exec.CommandContext(t.Context(), "go", "vet", "-vettool="+tool, "./...")
	cmd.Dir = "testdata/parley"
	out, err := cmd.CombinedOutput()
	if err == nil {
		t.Fatalf("go vet finds nothing:\n%s", out)
	}
	for _, want := range []string{
		"conflict.go:10:14: time.Now reaches for the clock",
		"conflict.go:6:5: last has no value",
		"conflict.go:10:2: last stands at package level",
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("go vet does not say %q:\n%s", want, out)
		}
	}
	if strings.Contains(string(out), "conflict_test.go") {
		t.Errorf("go vet complains of a test:\n%s", out)
	}
}
