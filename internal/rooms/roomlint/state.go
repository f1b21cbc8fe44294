package roomlint

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// State returns the rule against state at package level: no init function, and no variable that
// anyone can change. What may stand there is a sentinel error, an embedded file, a table or a
// compiled pattern that nobody assigns to, and a check that a type has an interface.
func State() *analysis.Analyzer {
	return &analysis.Analyzer{
		Name: "state",
		Doc:  "finds init functions and package variables that can change",
		Run:  runState,
	}
}

func runState(pass *analysis.Pass) (any, error) {
	here, ok := room(pass)
	if !ok || testRoom(here) {
		return nil, nil
	}
	vars := map[types.Object]bool{}
	for _, f := range pass.Files {
		if isTest(pass, f) {
			continue
		}
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil && d.Name.Name == "init" {
					pass.Reportf(d.Pos(), "init runs before anyone can give it what it needs: make it a function that is called")
				}
			case *ast.GenDecl:
				if d.Tok == token.VAR {
					checkDecl(pass, d, vars)
				}
			}
		}
	}
	for _, f := range pass.Files {
		checkChanges(pass, f, vars)
	}
	return nil, nil
}

// checkDecl looks at a package-level var declaration and adds its variables to vars.
func checkDecl(pass *analysis.Pass, d *ast.GenDecl, vars map[types.Object]bool) {
	for _, s := range d.Specs {
		spec := s.(*ast.ValueSpec)
		embedded := embeds(d.Doc) || embeds(spec.Doc)
		for _, id := range spec.Names {
			obj := pass.TypesInfo.Defs[id]
			if id.Name == "_" || obj == nil {
				continue
			}
			vars[obj] = true
			switch {
			case embedded && !id.IsExported():
			case len(spec.Values) == 0:
				pass.Reportf(id.Pos(), "%s has no value, so it is there to be changed: keep it in a struct", id.Name)
			case holdsState(pass.Pkg, obj.Type(), map[types.Type]bool{}):
				pass.Reportf(id.Pos(), "%s holds a lock, an atomic or a channel: keep it in a struct", id.Name)
			case id.IsExported() && !isError(obj.Type()):
				pass.Reportf(id.Pos(), "%s is a variable that any package may change: make it a function or a constant", id.Name)
			}
		}
	}
}

// embeds reports whether a comment holds a go:embed directive.
func embeds(doc *ast.CommentGroup) bool {
	if doc == nil {
		return false
	}
	for _, c := range doc.List {
		if strings.HasPrefix(c.Text, "//go:embed ") {
			return true
		}
	}
	return false
}

// isError reports whether values of t are errors.
func isError(t types.Type) bool {
	return types.Implements(t, types.Universe.Lookup("error").Type().Underlying().(*types.Interface))
}

// holdsState reports whether t has a channel or something of sync in it. It does not look into
// types of other packages: what they hold is theirs to guard.
func holdsState(pkg *types.Package, t types.Type, seen map[types.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		of := t.Obj().Pkg()
		if of != nil && (of.Path() == "sync" || of.Path() == "sync/atomic") {
			return true
		}
		return of == pkg && holdsState(pkg, t.Underlying(), seen)
	case *types.Chan:
		return true
	case *types.Pointer:
		return holdsState(pkg, t.Elem(), seen)
	case *types.Slice:
		return holdsState(pkg, t.Elem(), seen)
	case *types.Array:
		return holdsState(pkg, t.Elem(), seen)
	case *types.Map:
		return holdsState(pkg, t.Elem(), seen)
	case *types.Struct:
		for f := range t.Fields() {
			if holdsState(pkg, f.Type(), seen) {
				return true
			}
		}
	}
	return false
}

// checkChanges reports every place in a file where one of vars is, or may be, changed.
func checkChanges(pass *analysis.Pass, f *ast.File, vars map[types.Object]bool) {
	elements, taken := elementPointers(pass, f, vars)
	report := func(e ast.Expr) {
		id := rootIdent(e)
		if id == nil {
			return
		}
		obj := pass.TypesInfo.Uses[id]
		if _, bare := e.(*ast.Ident); vars[obj] || elements[obj] && !bare {
			pass.Reportf(id.Pos(), "%s stands at package level and is changed here: keep it in a struct", id.Name)
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, l := range n.Lhs {
				report(l)
			}
		case *ast.IncDecStmt:
			report(n.X)
		case *ast.RangeStmt:
			if n.Tok == token.ASSIGN {
				report(n.Key)
				report(n.Value)
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND && !taken[n] {
				report(n.X)
			}
		case *ast.CallExpr:
			if changesFirst(pass, n) {
				report(n.Args[0])
			}
		case *ast.SelectorExpr:
			if takesAddress(pass, n) {
				report(n.X)
			}
		}
		return true
	})
}

// elementPointers returns the local variables that point to an element of one of vars, as in
// e := &table[i], and the expressions that make them: a table may be read in this way, and a
// change through e is a change of the table.
func elementPointers(pass *analysis.Pass, f *ast.File, vars map[types.Object]bool) (map[types.Object]bool, map[*ast.UnaryExpr]bool) {
	elements, taken := map[types.Object]bool{}, map[*ast.UnaryExpr]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		a, ok := n.(*ast.AssignStmt)
		if !ok || a.Tok != token.DEFINE || len(a.Lhs) != len(a.Rhs) {
			return true
		}
		for i, r := range a.Rhs {
			u, ok := r.(*ast.UnaryExpr)
			if !ok || u.Op != token.AND {
				continue
			}
			x, ok := u.X.(*ast.IndexExpr)
			if !ok {
				continue
			}
			root, id := rootIdent(x), a.Lhs[i].(*ast.Ident)
			if obj := pass.TypesInfo.Defs[id]; root != nil && obj != nil && vars[pass.TypesInfo.Uses[root]] {
				elements[obj], taken[u] = true, true
			}
		}
		return true
	})
	return elements, taken
}

// rootIdent returns the variable that an expression is a part of, or nil.
func rootIdent(e ast.Expr) *ast.Ident {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x
		case *ast.ParenExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.SliceExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.SelectorExpr:
			e = x.X
		default:
			return nil
		}
	}
}

// changesFirst reports whether a call is of a builtin that changes its first argument.
func changesFirst(pass *analysis.Pass, call *ast.CallExpr) bool {
	id, ok := call.Fun.(*ast.Ident)
	if !ok || len(call.Args) == 0 {
		return false
	}
	b, ok := pass.TypesInfo.Uses[id].(*types.Builtin)
	return ok && (b.Name() == "delete" || b.Name() == "clear" || b.Name() == "copy")
}

// takesAddress reports whether a method is called on a variable that is not a pointer, through a
// pointer to it, as methods that change their receiver are.
func takesAddress(pass *analysis.Pass, sel *ast.SelectorExpr) bool {
	s := pass.TypesInfo.Selections[sel]
	if s == nil || s.Kind() != types.MethodVal {
		return false
	}
	recv := s.Obj().(*types.Func).Signature().Recv()
	_, byPointer := recv.Type().(*types.Pointer)
	_, isPointer := s.Recv().Underlying().(*types.Pointer)
	return byPointer && !isPointer
}
