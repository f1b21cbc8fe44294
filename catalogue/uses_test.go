package catalogue

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// makers are the functions that make an argument, with the kind of argument that each makes.
func makers() map[string]Kind {
	return map[string]Kind{"ByPeople": Words, "RefusedFor": Refused, "AsCode": Code, "CountOf": Count, "DecimalOf": Decimal, "AgeOf": Age, "SpanOf": Span, "LongOf": Long, "ExactOf": Exact, "DistanceOf": Distance,
		"AngleOf": Angle, "PhraseOf": Phrase, "SayIn": Said, "Word": Said, "SayList": List, "SaySeries": Series, "SayEither": Either, "SayBoth": Both}
}

// sources calls each with every Go file of the program that is no test.
func sources(t *testing.T, each func(path string, f *ast.File)) {
	t.Helper()
	files := token.NewFileSet()
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || path == filepath.Join("..", "catalogue") || strings.HasPrefix(d.Name(), ".") && path != ".."):
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		f, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err == nil {
			each(path, f)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// called returns the function of this package that a call is of, and its first argument where that is a
// text.
func called(call *ast.CallExpr) (name, first string, literal bool) {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return "", "", false
	}
	if pkg, ok := sel.X.(*ast.Ident); !ok || pkg.Name != "catalogue" || len(call.Args) == 0 {
		return "", "", false
	}
	if lit, ok := call.Args[0].(*ast.BasicLit); ok && lit.Kind == token.STRING {
		first, err := strconv.Unquote(lit.Value)
		return sel.Sel.Name, first, err == nil
	}
	return sel.Sel.Name, "", false
}

// TestTheProgramUsesKeysThatThereAre reads the program's source: every key that stands there is in the
// catalogue, with the arguments that its text has where all of them are made in the same call, and every
// argument has the kind that its name means.
func TestTheProgramUsesKeysThatThereAre(t *testing.T) {
	c := load(t, "en")
	says := 0
	sources(t, func(path string, f *ast.File) {
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			name, first, literal := called(call)
			if kind, maker := makers()[name]; maker && literal && Arguments()[first].Kind != kind {
				t.Errorf("%s: %s makes %q, which is %q", path, name, first, Arguments()[first].Kind)
			}
			if name == "Word" && len(call.Args) == 2 {
				if lit, ok := call.Args[1].(*ast.BasicLit); ok && !c.Has(strings.Trim(lit.Value, `"`)) {
					t.Errorf("%s: no key %s", path, lit.Value)
				}
			}
			if name != "Say" || !literal {
				return true
			}
			says++
			if !c.Has(first) {
				t.Errorf("%s: no key %q", path, first)
				return true
			}
			if given, all := givenIn(call); all && !slices.Equal(given, c.entries[first].names()) {
				t.Errorf("%s: %s is given %v, and has %v", path, first, given, c.entries[first].names())
			}
			return true
		})
	})
	if says < 50 {
		t.Errorf("only %d messages were found in the source", says)
	}
}

// givenIn names the arguments of a message, sorted. False where one of them is not made in the call.
func givenIn(call *ast.CallExpr) (names []string, all bool) {
	for _, arg := range call.Args[1:] {
		inner, ok := arg.(*ast.CallExpr)
		if !ok {
			return nil, false
		}
		_, first, literal := called(inner)
		if !literal {
			return nil, false
		}
		names = append(names, first)
	}
	slices.Sort(names)
	return names, true
}
