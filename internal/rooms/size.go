package rooms

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
)

// Bounds of length, in lines. A function that fits a screen can be read; a test may run on longer.
const (
	MaxFileLines     = 500
	MaxTestFileLines = 800
	MaxFuncLines     = 60
)

// Sizes returns the files and functions that are too long. Generated files are exempt, and so are
// functions in tests and in rooms that only tests use.
func (pl Plan) Sizes(pkgs []Package) ([]Problem, error) {
	var out []Problem
	for _, p := range pkgs {
		maxFunc := MaxFuncLines
		if r, ok := pl.room(p.ImportPath); ok && r.TestOnly {
			maxFunc = MaxFileLines
		}
		for _, name := range p.GoFiles {
			more, err := fileSize(filepath.Join(p.Dir, name), MaxFileLines, maxFunc)
			if err != nil {
				return nil, err
			}
			out = append(out, more...)
		}
		for _, name := range slices.Concat(p.TestGoFiles, p.XTestGoFiles) {
			more, err := fileSize(filepath.Join(p.Dir, name), MaxTestFileLines, MaxTestFileLines)
			if err != nil {
				return nil, err
			}
			out = append(out, more...)
		}
	}
	return out, nil
}

// fileSize returns what is too long in one file.
func fileSize(path string, maxFile, maxFunc int) ([]Problem, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, path, nil, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	if ast.IsGenerated(file) {
		return nil, nil
	}
	var out []Problem
	if n := fset.File(file.Pos()).LineCount(); n > maxFile {
		out = append(out, Problem{path, fmt.Sprintf("has %d lines; at most %d", n, maxFile)})
	}
	for _, d := range file.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		from, to := fset.Position(fn.Pos()), fset.Position(fn.End())
		if n := to.Line - from.Line + 1; n > maxFunc {
			out = append(out, Problem{fmt.Sprintf("%s:%d: %s", path, from.Line, fn.Name.Name),
				fmt.Sprintf("has %d lines; at most %d", n, maxFunc)})
		}
	}
	return out, nil
}
