package roomlint

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// Outside returns the rule that keeps the clock, randomness, the network, the disk and the global
// loggers out of the rooms.
func Outside() *analysis.Analyzer {
	return &analysis.Analyzer{
		Name: "outside",
		Doc:  "finds the clock, randomness, network, disk and global loggers in rooms that take them as parameters",
		Run:  runOutside,
	}
}

// A reach is one way out of the process, or to what the process shares.
type reach struct {
	what string // what it is
	mend string // what to do instead
	// rooms and files may have it: "cmd" and "line/dial.go".
	rooms, files []string
	packages     []surface
}

// A surface is the part of a package that is a reach.
type surface struct {
	path string
	// names are the reach, or all but names where except is set. "Server.ListenAndServe" is a
	// method.
	names  []string
	except bool
}

func runOutside(pass *analysis.Pass) (any, error) {
	here, ok := room(pass)
	if !ok || testRoom(here) {
		return nil, nil
	}
	all := reaches()
	for _, f := range pass.Files {
		if isTest(pass, f) {
			continue
		}
		file := here + "/" + fileName(pass.Fset, f)
		ast.Inspect(f, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok {
				return true
			}
			obj := pass.TypesInfo.Uses[id]
			for _, r := range all {
				if r.covers(obj) && !r.mayUse(here, file) {
					pass.Reportf(id.Pos(), "%s reaches for %s: %s", name(obj), r.what, r.mend)
				}
			}
			return true
		})
	}
	return nil, nil
}

// testRoom reports whether only tests use a package: suites, worlds and what they are filled with.
func testRoom(path string) bool {
	return within(path, "store/storetest") || within(path, "internal/traffic") || within(path, "internal/second") || strings.HasPrefix(path, "internal/test")
}

// mayUse reports whether a room or a file is one that may have the reach.
func (r reach) mayUse(room, file string) bool {
	return slices.Contains(r.files, file) ||
		slices.ContainsFunc(r.rooms, func(root string) bool { return within(room, root) })
}

// covers reports whether obj is part of the reach.
func (r reach) covers(obj types.Object) bool {
	if obj == nil || obj.Pkg() == nil {
		return false
	}
	if _, ok := obj.(*types.PkgName); ok {
		return false // the import itself; each use of it is looked at
	}
	for _, s := range r.packages {
		if s.path == obj.Pkg().Path() && s.covers(obj) {
			return true
		}
	}
	return false
}

// covers reports whether obj, of the surface's package, is part of it.
func (s surface) covers(obj types.Object) bool {
	if _, isFunc := obj.(*types.Func); !topLevel(obj) && (s.except || !isFunc) {
		return false // a field, or a method of a type that was named before
	}
	if s.except {
		return !slices.Contains(s.names, obj.Name())
	}
	return slices.Contains(s.names, strings.TrimPrefix(name(obj), obj.Pkg().Name()+"."))
}

// topLevel reports whether obj is declared at the package's top, as fields and methods are not.
func topLevel(obj types.Object) bool { return obj.Parent() == obj.Pkg().Scope() }

// name is how a person writes obj: "time.Now", "http.Server.ListenAndServe".
func name(obj types.Object) string {
	pkg := obj.Pkg().Name() + "."
	fn, ok := obj.(*types.Func)
	if !ok {
		return pkg + obj.Name()
	}
	recv := fn.Signature().Recv()
	if recv == nil {
		return pkg + obj.Name()
	}
	t := recv.Type()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	if n, ok := t.(*types.Named); ok {
		return pkg + n.Obj().Name() + "." + obj.Name()
	}
	return pkg + obj.Name()
}
