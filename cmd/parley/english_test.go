package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"parley/catalogue"
)

// stayEnglish are the files whose texts stay English: docs/reference/languages.md says why.
func stayEnglish() []string {
	return []string{"alert_hook.go", "demo_plans.go", "contact.go", "reach.go"}
}

// noWords are texts that are printed nowhere by themselves: parts of refusals, an error's own text, commands to
// type, and names of protocols.
func noWords() []string {
	return []string{"code %s of %d is missing", "codes %s of %d are missing", "exit status %d", "parley verify %s; parley log --file %s", "h2",
		"  %s$ parley serve", "  %s$ parley init --party %s", "  %s$ parley officer add \"duty officer of %s\" --role duty", "init"}
}

// inWords is what reads as words and not as a format, a path, a pattern or a command.
var inWords = regexp.MustCompile(`(?:^|[^\\%\w/-])[A-Za-z]{2,}[,;:]? [a-z]{2,}`)

// printing are the functions to which a text goes straight to a screen.
func printing() []string {
	return []string{"Fprint", "Fprintf", "Fprintln", "Print", "Printf", "Println", "Sprintf", "Sprint", "say", "WriteString", "table", "facts"}
}

// TestNothingIsPrintedInEnglishAlone reads the program: what is printed comes from the catalogues, and every
// name of a column or a fact is in them. Help, usage, refusals and logs have texts of their own.
func TestNothingIsPrintedInEnglishAlone(t *testing.T) {
	english := tongueOf(t, "en")
	paths, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	read := 0
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") || slices.Contains(stayEnglish(), path) {
			continue
		}
		read++
		src, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files := token.NewFileSet()
		f, err := parser.ParseFile(files, path, src, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range englishIn(english, f) {
			t.Errorf("%s: %s", files.Position(found.at), found.why)
		}
	}
	if read < 50 {
		t.Errorf("only %d files were read", read)
	}
}

type found struct {
	at  token.Pos
	why string
}

// englishIn finds what a file prints in English alone.
func englishIn(c tongue, f *ast.File) (out []found) {
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			return n.Name.Name != "Help"
		case *ast.CallExpr:
			name := calledName(n)
			if name == "New" || name == "Newf" || name == "logger" {
				return false // a refusal
			}
			for _, arg := range n.Args {
				if text, ok := textOf(arg); ok && slices.Contains(printing(), name) && inWords.MatchString(text) && !slices.Contains(noWords(), text) {
					out = append(out, found{arg.Pos(), "prints " + strconv.Quote(text)})
				}
			}
		case *ast.CompositeLit:
			if sel, ok := n.Type.(*ast.SelectorExpr); ok && sel.Sel.Name == "Error" {
				return false // a refusal
			}
			out = append(out, namesIn(c, n)...)
		}
		return true
	})
	return out
}

// namesIn finds names of columns and facts that the catalogues do not have.
func namesIn(c tongue, n *ast.CompositeLit) (out []found) {
	if !isRow(n.Type) && n.Type != nil || len(n.Elts) < 2 {
		return nil
	}
	for i, e := range n.Elts {
		name, ok := textOf(e)
		head := ok && name == strings.ToUpper(name) && strings.ContainsFunc(name, func(r rune) bool { return r >= 'A' && r <= 'Z' })
		fact := ok && i == 0 && isRow(n.Type)
		if !head && !fact || name == "" || strings.ContainsAny(name, "/%") || slices.Contains(noWords(), name) {
			continue
		}
		key := strings.ToLower(name)
		if other := fields()[key]; other != "" {
			key = other
		}
		if key = "field." + catalogue.Slug(key); !c.Has(key) {
			out = append(out, found{e.Pos(), "names a column or a fact " + strconv.Quote(name) + ", and there is no " + key})
		}
	}
	return out
}

func isRow(e ast.Expr) bool {
	a, ok := e.(*ast.ArrayType)
	if !ok {
		return false
	}
	of, ok := a.Elt.(*ast.Ident)
	return ok && of.Name == "string"
}

func calledName(n *ast.CallExpr) string {
	switch f := n.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

// textOf is the text of a literal, or of the first literal of a sum.
func textOf(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BinaryExpr:
		if text, ok := textOf(e.X); ok {
			return text, true
		}
		return textOf(e.Y)
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			text, err := strconv.Unquote(e.Value)
			return text, err == nil
		}
	}
	return "", false
}

// TestEnglishIsFound holds that the test above can fail.
func TestEnglishIsFound(t *testing.T) {
	const src = `package main
func f(a *app) {
	fmt.Fprintf(a.stdout, "%s: nothing was filed\n", x)
	say(a, "no such thing")
	table(a.stdout, [][]string{{"NOVEL COLUMN", "ID"}})
	rows = append(rows, []string{"novel fact", x})
	fmt.Fprintf(a.stdout, "%s  %-7s %s\n", x, y, z)
	return fault.New("file", "", "is not there at all", "look for it")
}`
	f, err := parser.ParseFile(token.NewFileSet(), "x.go", src, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	if got := englishIn(tongueOf(t, "en"), f); len(got) != 4 {
		t.Errorf("found %v", got)
	}
}
