// Package second runs the second verifier of evidence, verify.mjs beside it, from tests: it judges files,
// makes changed ones, and compares what it says with what the program says. It takes nothing from the
// rooms of the house, so that the tests of every one may use it.
package second

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
)

// Check is one thing that a verifier looked at.
type Check struct {
	Name   string `json:"name"`
	OK     bool   `json:"ok"`
	Entry  string `json:"entry"`
	Reason string `json:"reason"`
}

// Verdict is what a verifier says of a file.
type Verdict struct {
	File       string  `json:"file"`
	Kind       string  `json:"kind"` // of a test vector
	OK         bool    `json:"ok"`
	Identified bool    `json:"identified"`
	Agreed     bool    `json:"agreed"` // of a statement: both parties signed it
	Checks     []Check `json:"checks"`

	Consents *Consents `json:"consents"` // of a bundle that holds
}

// Consents are what hosts signed, as a bundle shows it.
type Consents struct {
	Hosts  []Consented `json:"hosts"`
	Flawed []string    `json:"flawed"` // the entries that do not count
	Sealed int         `json:"sealed"` // how many the bundle does not show
}

// Consented is the word of one host.
type Consented struct {
	Host    string   `json:"host"`
	Version int      `json:"version"` // of the agreement; 0 where the bundle shows its keys alone
	Says    string   `json:"says"`
	Stands  bool     `json:"stands"`
	Entries []string `json:"entries"`
}

// Failed returns the names of the checks that do not hold, each once.
func (v Verdict) Failed() []string {
	var out []string
	for _, c := range v.Checks {
		if !c.OK && !slices.Contains(out, c.Name) {
			out = append(out, c.Name)
		}
	}
	return out
}

// Run runs the second verifier with arguments and returns what it says, one verdict a line. Where there
// is no Node the test is skipped, and with CI=true it fails.
func Run(t testing.TB, args ...string) []Verdict {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("the second verifier needs Node 20, which is not here")
		}
		t.Skip("the second verifier needs Node 20, which is not here")
	}
	_, here, _, ok := runtime.Caller(0)
	if !ok {
		t.Fatal("where this package lies is not known")
	}
	out, err := exec.CommandContext(t.Context(), node, append([]string{script(t, here)}, args...)...).Output()
	if err != nil {
		t.Fatalf("the second verifier: %v: %s", err, stderr(err))
	}
	var vs []Verdict
	for line := range bytes.Lines(out) {
		var v Verdict
		if err := json.Unmarshal(line, &v); err != nil {
			t.Fatalf("the second verifier says %q: %v", line, err)
		}
		vs = append(vs, v)
	}
	return vs
}

// script finds verify.mjs. Built with -trimpath, a file is named by its import path, and a test runs in
// the directory of its package.
func script(t testing.TB, here string) string {
	if !filepath.IsAbs(here) {
		dir, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for !exists(filepath.Join(dir, "go.mod")) && filepath.Dir(dir) != dir {
			dir = filepath.Dir(dir)
		}
		_, rest, _ := strings.Cut(filepath.ToSlash(here), "/")
		here = filepath.Join(dir, filepath.FromSlash(rest))
	}
	return filepath.Join(filepath.Dir(here), "verify.mjs")
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func stderr(err error) []byte {
	if e, ok := err.(*exec.ExitError); ok {
		return e.Stderr
	}
	return nil
}

// File is a bundle to be judged, with a name that says how it was made.
type File struct {
	Name string
	Data []byte
}

// Compare fails where the two verifiers do not say the same of a file: that it holds or does not, that its
// signers are known or not, and of one that does not hold the name of a check that both say fails. It fails too where all files hold or none
// does, since such files compare little. args are further arguments for the second verifier.
func Compare(t testing.TB, files []File, first func(data []byte) Verdict, args ...string) {
	t.Helper()
	if holds := CompareAll(t, files, first, args...); holds == 0 || holds == len(files) {
		t.Errorf("%d of %d files hold", holds, len(files))
	}
}

// CompareAll is Compare where all files may hold, or none. It returns how many do.
func CompareAll(t testing.TB, files []File, first func(data []byte) Verdict, args ...string) int {
	t.Helper()
	dir := t.TempDir()
	var list strings.Builder
	for i, f := range files {
		path := filepath.Join(dir, fmt.Sprint(i))
		if err := os.WriteFile(path, f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
		list.WriteString(path + "\n")
	}
	names := filepath.Join(dir, "names")
	if err := os.WriteFile(names, []byte(list.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	said := Run(t, append(args, "--list", names)...)
	if len(said) != len(files) {
		t.Fatalf("the second verifier judged %d of %d files", len(said), len(files))
	}
	holds, differ := 0, 0
	for i, f := range files {
		one, two := first(f.Data), said[i]
		if one.OK {
			holds++
		}
		both := one.OK || slices.ContainsFunc(one.Failed(), func(name string) bool { return slices.Contains(two.Failed(), name) })
		if one.OK == two.OK && (!one.OK || one.Identified == two.Identified) && both {
			continue
		}
		if differ++; differ <= 10 {
			t.Errorf("%s:\n  the program: %t %s\n  the second:  %t %s", f.Name, one.OK, wrong(one), two.OK, wrong(two))
			keep(t, f, differ)
		}
	}
	if differ > 10 {
		t.Errorf("and %d more", differ-10)
	}
	t.Logf("%d files compared, of which %d hold", len(files), holds)
	return holds
}

func wrong(v Verdict) string {
	var out []string
	for _, c := range v.Checks {
		if !c.OK {
			out = append(out, fmt.Sprintf("[%s %s: %s]", c.Name, c.Entry, c.Reason))
		}
	}
	return strings.Join(out, " ")
}

// keep writes a file on which the two differ to the directory that PARLEY_DIFFER names.
func keep(t testing.TB, f File, n int) {
	if dir := os.Getenv("PARLEY_DIFFER"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%d", strings.ReplaceAll(t.Name(), "/", "-"), n)), f.Data, 0o600); err != nil {
			t.Error(err)
		}
	}
}
