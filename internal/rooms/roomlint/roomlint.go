// Package roomlint finds what types must be known to see: the clock, randomness, the network and
// the disk used in a room that must take them as parameters, and state kept at package level.
//
// A world of nodes runs in one test, on virtual time, with connections and disks in memory. That
// holds only while no room reaches for the machine's own.
package roomlint

import (
	"go/ast"
	"go/token"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// Analyzers returns every rule.
func Analyzers() []*analysis.Analyzer {
	return []*analysis.Analyzer{Outside(), State()}
}

// module is the module whose rooms the rules are about; packages of others are left alone.
const module = "parley"

// room returns the path of the package under the module, or false for a package of another module
// or one that only serves the house's own upkeep.
func room(pass *analysis.Pass) (string, bool) {
	// The go command names the variant of a package that has its tests in it "path [path.test]".
	full, _, _ := strings.Cut(pass.Pkg.Path(), " ")
	path, ok := strings.CutPrefix(full, module+"/")
	// What ends in .test is the program that the go command makes to run a package's tests.
	if !ok || within(path, "internal/rooms") || within(path, "gazetteer/internal/convert") || strings.HasSuffix(path, ".test") {
		return "", false
	}
	return path, true
}

// isTest reports whether a file is a test.
func isTest(pass *analysis.Pass, f *ast.File) bool {
	return strings.HasSuffix(fileName(pass.Fset, f), "_test.go")
}

// fileName returns the last part of a file's path.
func fileName(fset *token.FileSet, f *ast.File) string {
	return filepath.Base(fset.Position(f.Package).Filename)
}

// within reports whether path is root or lies under it.
func within(path, root string) bool {
	return path == root || strings.HasPrefix(path, root+"/")
}
