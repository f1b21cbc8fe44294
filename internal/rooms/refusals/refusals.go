// Package refusals collects the English texts in which the house refuses something: every text that can
// come into certain fields, Rule and Hint of a fault.Error, in the rooms that it is asked about. It follows
// constants through variables, parameters, fields and results; what is not constant inside a text
// becomes a numbered placeholder: "must be at most {1} bytes". package catalogue knows such a text
// again when it is said, and says it in the officer's language.
package refusals

import (
	"context"
	"fmt"
	"go/token"
	"go/types"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/ssa/ssautil"
)

// A Text is an English text with its placeholders, and where it is said.
type Text struct {
	Text  string
	Where []string // file:line, sorted
}

// Found is what the house says, and the places whose text could not be told.
type Found struct {
	Texts  []Text // sorted by text
	Opaque []Text // Text is why
}

// hole stands for what is not constant until the placeholders are numbered.
const hole = "\x00"

// A House is what is read.
type House struct {
	Dir    string   // of the module
	Rooms  []string // the import paths of the packages whose texts count
	Into   []string // the fields that hold the texts, as "import/path.Type.Field"
	Except []string // beginnings of the names of files whose texts do not count
	// Own is a function whose first argument is a code, and the code whose texts do not count.
	Own, OwnCode string
}

// Collect reads a house.
func Collect(ctx context.Context, h House) (Found, error) {
	cfg := &packages.Config{Context: ctx, Dir: h.Dir, Mode: packages.LoadSyntax}
	pkgs, err := packages.Load(cfg, h.Rooms...)
	if err != nil {
		return Found{}, err
	}
	for _, p := range pkgs {
		if len(p.Errors) > 0 {
			return Found{}, fmt.Errorf("%s: %w", p.PkgPath, p.Errors[0])
		}
	}
	root, err := filepath.Abs(h.Dir)
	if err != nil {
		return Found{}, err
	}
	prog, built := ssautil.Packages(pkgs, 0)
	c := &collector{prog: prog, root: root, house: h, into: map[*types.Var]bool{}, texts: map[string]map[string]bool{}, opaque: map[string]map[string]bool{},
		callers: map[*ssa.Function][]ssa.CallInstruction{}, stores: map[*types.Var][]*ssa.Store{}, closures: map[*ssa.Function][]*ssa.MakeClosure{}}
	if err := c.fields(pkgs); err != nil {
		return Found{}, err
	}
	for _, p := range built {
		p.Build()
		for _, f := range functions(prog, p) {
			file := filepath.Base(prog.Fset.Position(f.Pos()).Filename)
			if !slices.ContainsFunc(h.Except, func(begin string) bool { return strings.HasPrefix(file, begin) }) {
				c.index(f)
			}
		}
	}
	for _, call := range c.dynamic {
		for _, f := range c.functionsOf(call.Common().Value, &trail{}) {
			c.callers[origin(f)] = append(c.callers[origin(f)], call)
		}
	}
	c.sinks()
	return Found{Texts: listed(c.texts), Opaque: listed(c.opaque)}, nil
}

// fields finds the fields that hold the texts.
func (c *collector) fields(pkgs []*packages.Package) error {
	for _, name := range c.house.Into {
		found := false
		for _, p := range pkgs {
			rest, ok := strings.CutPrefix(name, p.PkgPath+".")
			if !ok {
				continue
			}
			typ, field, _ := strings.Cut(rest, ".")
			obj := p.Types.Scope().Lookup(typ)
			if obj == nil {
				continue
			}
			s, ok := obj.Type().Underlying().(*types.Struct)
			if !ok {
				continue
			}
			for f := range s.Fields() {
				if f.Name() == field {
					c.into[f], found = true, true
				}
			}
		}
		if !found {
			return fmt.Errorf("there is no field %s", name)
		}
	}
	return nil
}

func listed(from map[string]map[string]bool) []Text {
	var out []Text
	for _, text := range slices.Sorted(maps.Keys(from)) {
		out = append(out, Text{text, slices.Sorted(maps.Keys(from[text]))})
	}
	return out
}

type collector struct {
	prog     *ssa.Program
	root     string
	house    House
	into     map[*types.Var]bool
	texts    map[string]map[string]bool
	opaque   map[string]map[string]bool
	callers  map[*ssa.Function][]ssa.CallInstruction
	dynamic  []ssa.CallInstruction // of a function that is a value
	stores   map[*types.Var][]*ssa.Store
	closures map[*ssa.Function][]*ssa.MakeClosure
}

// functions returns every function, method and function literal of a package.
func functions(prog *ssa.Program, p *ssa.Package) []*ssa.Function {
	var out []*ssa.Function
	for _, m := range p.Members {
		switch m := m.(type) {
		case *ssa.Function:
			out = append(out, m)
		case *ssa.Type:
			named, ok := m.Type().(*types.Named)
			if !ok {
				continue
			}
			for method := range named.Methods() {
				if f := prog.FuncValue(method); f != nil {
					out = append(out, f)
				}
			}
		}
	}
	for i := 0; i < len(out); i++ {
		out = append(out, out[i].AnonFuncs...)
	}
	return out
}

// index notes who calls what in a function, and what it puts into the fields of structures.
func (c *collector) index(f *ssa.Function) {
	for _, b := range f.Blocks {
		for _, in := range b.Instrs {
			switch in := in.(type) {
			case ssa.CallInstruction:
				if callee := in.Common().StaticCallee(); callee != nil {
					c.callers[origin(callee)] = append(c.callers[origin(callee)], in)
				} else if !in.Common().IsInvoke() {
					c.dynamic = append(c.dynamic, in)
				}
			case *ssa.Store:
				if field := fieldOf(in.Addr); field != nil {
					c.stores[field] = append(c.stores[field], in)
				}
			case *ssa.MakeClosure:
				fn := in.Fn.(*ssa.Function)
				c.closures[fn] = append(c.closures[fn], in)
			}
		}
	}
}

// counts reports whether a function is of a room that was asked about.
func (c *collector) counts(f *ssa.Function) bool {
	f = origin(f)
	for f.Parent() != nil {
		f = f.Parent()
	}
	return f.Pkg != nil && slices.Contains(c.house.Rooms, f.Pkg.Pkg.Path())
}

func origin(f *ssa.Function) *ssa.Function {
	if o := f.Origin(); o != nil {
		return o
	}
	return f
}

// fieldOf returns the field whose address an instruction takes.
func fieldOf(v ssa.Value) *types.Var {
	at, ok := v.(*ssa.FieldAddr)
	if !ok {
		return nil
	}
	ptr, ok := at.X.Type().Underlying().(*types.Pointer)
	if !ok {
		return nil
	}
	s, ok := ptr.Elem().Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	return s.Field(at.Field)
}

// sinks resolves everything that is put into the fields.
func (c *collector) sinks() {
	for field := range c.into {
		for _, s := range c.stores[field] {
			for _, t := range located(c.resolve(s.Val, &trail{}), s.Pos()) {
				c.note(t)
			}
		}
	}
}

// said is a text that a value may be, or why it cannot be told.
type said struct {
	text string
	why  string
	at   token.Pos
}

// note keeps a text. One that ends or begins with a space lacks a part that was empty where it could
// not be: the loop that fills it had not begun, or the way on which it is empty is not taken.
func (c *collector) note(s said) {
	into, text := c.texts, numbered(s.text)
	switch {
	case s.why != "" && s.why != circle:
		into, text = c.opaque, s.why
	case text == "", strings.TrimSpace(text) != text, strings.Contains(text, "  "):
		return
	case strings.Trim(text, "{1} ") == "":
		into, text = c.opaque, "is nothing but what is not constant"
	}
	if into[text] == nil {
		into[text] = map[string]bool{}
	}
	into[text][c.place(s.at)] = true
}

func (c *collector) place(at token.Pos) string {
	p := c.prog.Fset.Position(at)
	name, err := filepath.Rel(c.root, p.Filename)
	if err != nil {
		name = p.Filename
	}
	return filepath.ToSlash(name) + ":" + strconv.Itoa(p.Line)
}

// numbered writes the placeholders of a text.
func numbered(text string) string {
	for strings.Contains(text, hole+hole) {
		text = strings.ReplaceAll(text, hole+hole, hole)
	}
	var b strings.Builder
	n := 0
	for i, part := range strings.Split(text, hole) {
		if i > 0 {
			n++
			b.WriteString("{" + strconv.Itoa(n) + "}")
		}
		b.WriteString(part)
	}
	return b.String()
}
