package rooms

import (
	"fmt"
	"slices"
	"strings"
)

// A Room is a row of the table of arrows. Its name is a path under the module; packages below that
// path belong to it unless a longer name fits them. Packages of one room may use each other.
type Room struct {
	Name string
	// Uses are the rooms that it may use.
	Uses []string
	// Tests are the rooms that its test files may use beside those.
	Tests []string
	// TestOnly says that no file but a test, or a room that is itself TestOnly, may use it.
	TestOnly bool
}

// An Outside is a module from elsewhere and where it may be used.
type Outside struct {
	Module string
	// Rooms may use it; "*" is every room.
	Rooms []string
	// Tests may use it in every room.
	Tests bool
}

// A Plan is which rooms there are, where the arrows between them point, and what comes from
// outside.
type Plan struct {
	Module  string
	Rooms   []Room
	Outside []Outside
}

// Arrows returns every import that the plan does not allow and every room that it does not know.
func (pl Plan) Arrows(pkgs []Package) []Problem {
	var out []Problem
	for _, p := range pkgs {
		room, ok := pl.room(p.ImportPath)
		if !ok {
			out = append(out, Problem{p.ImportPath, "is in no room of the plan; give it one in internal/rooms/plan.go"})
			continue
		}
		for _, imp := range p.Imports {
			if what := pl.refuse(room, imp, room.TestOnly); what != "" {
				out = append(out, Problem{p.ImportPath, what})
			}
		}
		tests := slices.Concat(p.TestImports, p.XTestImports)
		slices.Sort(tests)
		for _, imp := range slices.Compact(tests) {
			if what := pl.refuse(room, imp, true); what != "" {
				out = append(out, Problem{p.ImportPath + " (test)", what})
			}
		}
	}
	return out
}

// refuse says why room may not import a package, or nothing.
func (pl Plan) refuse(room Room, imp string, test bool) string {
	if imp == pl.Module || strings.HasPrefix(imp, pl.Module+"/") {
		return pl.refuseRoom(room, imp, test)
	}
	first, _, _ := strings.Cut(imp, "/")
	if !strings.Contains(first, ".") {
		return "" // the standard library; roomlint looks at what is used of it
	}
	for _, o := range pl.Outside {
		if !within(imp, o.Module) {
			continue
		}
		if test && o.Tests || slices.Contains(o.Rooms, "*") || slices.Contains(o.Rooms, room.Name) {
			return ""
		}
		return fmt.Sprintf("must not use %s here; the plan allows it in %v (tests: %t)", imp, o.Rooms, o.Tests)
	}
	return fmt.Sprintf("uses %s, which is not in the plan; a dependency needs a reason in ARCHITECTURE.md", imp)
}

// refuseRoom says why room may not import a package of this module, or nothing.
func (pl Plan) refuseRoom(room Room, imp string, test bool) string {
	other, ok := pl.room(imp)
	switch {
	case !ok:
		return fmt.Sprintf("uses %s, which is in no room of the plan", imp)
	case other.Name == room.Name:
		return ""
	case other.TestOnly && test:
		return ""
	case other.TestOnly:
		return fmt.Sprintf("must use %s in test files only", imp)
	case slices.Contains(room.Uses, other.Name):
		return ""
	case test && slices.Contains(room.Tests, other.Name):
		return ""
	}
	return fmt.Sprintf("must not use %s: no arrow leads from %s to %s", imp, room.Name, other.Name)
}

// room returns the room with the longest name that fits a package.
func (pl Plan) room(path string) (Room, bool) {
	var best Room
	for _, r := range pl.Rooms {
		if within(path, pl.Module+"/"+r.Name) && len(r.Name) > len(best.Name) {
			best = r
		}
	}
	return best, best.Name != ""
}

// Cycle returns the rooms of a circle of arrows, or nothing where there is none.
func (pl Plan) Cycle() []string {
	const open, done = 1, 2
	state := map[string]int{}
	var path []string
	var visit func(name string) []string
	visit = func(name string) []string {
		path = append(path, name)
		switch state[name] {
		case open:
			return path[slices.Index(path, name):]
		case done:
			path = path[:len(path)-1]
			return nil
		}
		state[name] = open
		for _, r := range pl.Rooms {
			if r.Name != name {
				continue
			}
			for _, next := range r.Uses {
				if c := visit(next); c != nil {
					return c
				}
			}
		}
		state[name] = done
		path = path[:len(path)-1]
		return nil
	}
	for _, r := range pl.Rooms {
		if c := visit(r.Name); c != nil {
			return c
		}
	}
	return nil
}

// within reports whether path is root or lies under it.
func within(path, root string) bool {
	return path == root || strings.HasPrefix(path, root+"/")
}
