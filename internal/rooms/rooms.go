// Package rooms keeps the house in order: which room may use which, how long a file and a function
// may be, and that every package says what it is for. Its own test applies the rules to this
// module and, to prove that each rule can fail, to a small module in testdata that breaks them.
//
// What needs types to be seen, the clock, randomness, the network and the disk where they do not
// belong and package-level state, is in package roomlint.
package rooms

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os/exec"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// A Package is what the rules need to know of one package.
type Package struct {
	ImportPath   string
	Dir          string
	Doc          string
	Name         string
	GoFiles      []string
	TestGoFiles  []string
	XTestGoFiles []string
	Imports      []string
	TestImports  []string
	XTestImports []string
	Module       struct{ Path string }
}

// A Problem is one breach of a rule.
type Problem struct {
	Where string // a package, a file or a function
	What  string
}

func (p Problem) String() string { return p.Where + ": " + p.What }

// Load lists the packages of the module at dir.
func Load(ctx context.Context, dir string) ([]Package, error) {
	cmd := exec.CommandContext(ctx, "go", "list", "-json", "./...")
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list in %s: %w: %s", dir, err, stderr.Bytes())
	}
	var pkgs []Package
	dec := jsontext.NewDecoder(bytes.NewReader(out))
	for {
		var p Package
		err := json.UnmarshalDecode(dec, &p)
		if err == io.EOF {
			return pkgs, nil
		}
		if err != nil {
			return nil, fmt.Errorf("go list in %s: %w", dir, err)
		}
		pkgs = append(pkgs, p)
	}
}

// Docs returns the packages that do not say what they are for, or not in the form godoc expects.
func Docs(pkgs []Package) []Problem {
	var out []Problem
	for _, p := range pkgs {
		switch {
		case len(p.GoFiles) == 0: // a package of tests only
		case p.Doc == "":
			out = append(out, Problem{p.ImportPath, "has no package comment"})
		case p.Name != "main" && !strings.HasPrefix(p.Doc, "Package "+p.Name+" "):
			out = append(out, Problem{p.ImportPath, fmt.Sprintf("its comment must begin with %q", "Package "+p.Name)})
		}
	}
	return out
}
