package refusals

import (
	"fmt"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// maxVariants is how many texts one place may say by its parts. Over it, the part is a placeholder, and
// what it may be is a text by itself.
const maxVariants = 7

// maxWords is how many one part may be.
const maxWords = 4

// circle is why a value that depends on itself has no text: its other ways in are followed.
const circle = "turns in a circle"

// trail is what is being resolved, so that what turns in a circle ends.
type trail struct {
	on    []any
	depth int
}

func (t *trail) enter(v any) bool {
	if t.depth > 40 || slices.Contains(t.on, v) {
		return false
	}
	t.on = append(t.on, v)
	t.depth++
	return true
}

func (t *trail) leave() {
	t.on = t.on[:len(t.on)-1]
	t.depth--
}

// resolve returns every text that a value may be.
func (c *collector) resolve(v ssa.Value, on *trail) []said {
	if !on.enter(v) {
		return []said{{why: circle}}
	}
	defer on.leave()
	switch v := v.(type) {
	case *ssa.Const:
		return c.constant(v)
	case *ssa.BinOp:
		if v.Op == token.ADD {
			return c.joined(v, on)
		}
	case *ssa.Phi:
		var out []said
		for _, e := range v.Edges {
			out = append(out, located(c.resolve(e, on), v.Pos())...)
		}
		return out
	case *ssa.Call:
		return c.result(v, 0, on)
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok {
			return c.result(call, v.Index, on)
		}
		if look, ok := v.Tuple.(*ssa.Lookup); ok && v.Index == 0 {
			return c.lookup(look, on)
		}
	case *ssa.Lookup:
		return c.lookup(v, on)
	case *ssa.Parameter:
		return c.parameter(v, on)
	case *ssa.ChangeType:
		return c.resolve(v.X, on)
	case *ssa.MakeInterface:
		return c.resolve(v.X, on)
	case *ssa.UnOp:
		if v.Op == token.MUL {
			return c.load(v.X, v.Pos(), on)
		}
	case *ssa.Field:
		if s, ok := v.X.Type().Underlying().(*types.Struct); ok {
			return c.field(s.Field(v.Field), v.Pos(), on)
		}
	case *ssa.FreeVar:
		return c.bound(v, on, c.resolve)
	}
	return []said{{why: "is made in a way that is not followed: " + kindOf(v), at: v.Pos()}}
}

func kindOf(v ssa.Value) string { return strings.TrimPrefix(fmt.Sprintf("%T", v), "*ssa.") }

func (c *collector) constant(v *ssa.Const) []said {
	if v.Value == nil || v.Value.Kind() != constant.String {
		return []said{{why: "is no string"}}
	}
	return []said{{text: constant.StringVal(v.Value)}}
}

// located gives a place to what has none: a constant has no position of its own.
func located(list []said, at token.Pos) []said {
	for i := range list {
		if !list[i].at.IsValid() {
			list[i].at = at
		}
	}
	return list
}

// joined is one text after another.
func (c *collector) joined(v *ssa.BinOp, on *trail) []said {
	left, right := c.part(v.X, on), c.part(v.Y, on)
	if len(left)*len(right) > maxVariants {
		if len(left) > len(right) {
			left = c.apart(left, v.Pos())
		} else {
			right = c.apart(right, v.Pos())
		}
	}
	var out []said
	for _, l := range left {
		for _, r := range right {
			out = append(out, said{text: l + r, at: v.Pos()})
		}
	}
	return out
}

// part returns the texts that a part of a text may be: words where it is always words, a placeholder
// else. A single word of several is a code, and stays a placeholder unless it is chosen right here.
func (c *collector) part(v ssa.Value, on *trail) []string {
	_, sure := v.(*ssa.Const)
	_, chosen := v.(*ssa.Phi)
	var out []string
	words, turns, open := false, false, false
	for _, s := range c.resolve(v, on) {
		switch {
		case s.why == circle:
			turns = true
		case s.why != "":
			return []string{hole}
		default:
			words = words || strings.Contains(strings.TrimSpace(s.text), " ")
			open = open || strings.Contains(s.text, hole)
			out = append(out, s.text)
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	switch {
	case len(out) == 0, turns && open, !sure && !words && !open && !chosen:
		return []string{hole}
	case len(out) > maxWords:
		return c.apart(out, v.Pos())
	}
	return out
}

// apart makes the texts that a part may be texts of their own, and the part a placeholder.
func (c *collector) apart(parts []string, at token.Pos) []string {
	for _, text := range parts {
		if strings.Contains(text, " ") { // a word by itself is a code
			c.note(said{text: text, at: at})
		}
	}
	return []string{hole}
}

// result is what a call returns.
func (c *collector) result(call *ssa.Call, index int, on *trail) []said {
	callee := call.Common().StaticCallee()
	if callee == nil {
		return []said{{why: "comes from a call that is not static", at: call.Pos()}}
	}
	callee = origin(callee)
	switch callee.String() {
	case "fmt.Sprintf":
		return c.sprintf(call, on)
	}
	if callee.Name() == "Error" || !c.counts(callee) || len(callee.Blocks) == 0 {
		return []said{{why: "is the result of " + callee.String(), at: call.Pos()}}
	}
	var out []said
	for _, b := range callee.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && index < len(ret.Results) {
			out = append(out, located(c.resolve(ret.Results[index], on), ret.Pos())...)
		}
	}
	return out
}

// sprintf is a text made by a format.
func (c *collector) sprintf(call *ssa.Call, on *trail) []said {
	args := variadic(call.Call.Args[1])
	var out []said
	for _, f := range c.resolve(call.Call.Args[0], on) {
		if f.why != "" {
			out = append(out, f)
			continue
		}
		for _, text := range c.formatted(f.text, args, call.Pos(), on) {
			out = append(out, said{text: text, at: call.Pos()})
		}
	}
	return out
}

// variadic returns the arguments that a slice of them is made of, in order.
func variadic(v ssa.Value) map[int]ssa.Value {
	out := map[int]ssa.Value{}
	s, ok := v.(*ssa.Slice)
	if !ok {
		return out
	}
	for _, ref := range *s.X.Referrers() {
		at, ok := ref.(*ssa.IndexAddr)
		if !ok {
			continue
		}
		index, ok := at.Index.(*ssa.Const)
		if !ok {
			continue
		}
		for _, use := range *at.Referrers() {
			if store, ok := use.(*ssa.Store); ok {
				out[int(index.Int64())] = store.Val
			}
		}
	}
	return out
}

// formatted puts a placeholder, or the words that it always is, in the place of each verb.
func (c *collector) formatted(format string, args map[int]ssa.Value, at token.Pos, on *trail) []string {
	out := []string{""}
	add := func(parts []string) {
		if len(out)*len(parts) > maxVariants {
			parts = c.apart(parts, at)
		}
		var next []string
		for _, head := range out {
			for _, p := range parts {
				next = append(next, head+p)
			}
		}
		out = next
	}
	n := 0
	for rest := format; rest != ""; {
		words, after, found := strings.Cut(rest, "%")
		add([]string{words})
		if !found {
			break
		}
		end := strings.IndexFunc(after, func(r rune) bool { return r == '%' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' })
		if end < 0 {
			break
		}
		rest = after[end+1:]
		if after[end] == '%' {
			add([]string{"%"})
			continue
		}
		if flags := after[:end]; strings.HasPrefix(flags, "[") {
			n = int(flags[1]-'0') - 1
		}
		part := []string{hole}
		if arg, ok := args[n].(*ssa.MakeInterface); ok && after[end] == 's' && types.Identical(arg.X.Type(), types.Typ[types.String]) {
			part = c.part(arg.X, on)
		}
		add(part)
		n++
	}
	return out
}

// parameter is what the callers give.
func (c *collector) parameter(v *ssa.Parameter, on *trail) []said {
	fn := v.Parent()
	index := slices.Index(fn.Params, v)
	var out []said
	for _, call := range c.callers[origin(fn)] {
		if c.ofOurOwn(call) {
			continue
		}
		if args := call.Common().Args; index < len(args) {
			out = append(out, located(c.resolve(args[index], on), call.Pos())...)
		}
	}
	if len(c.callers[origin(fn)]) == 0 {
		return []said{{why: "is a parameter, and no call of " + fn.String() + " was found", at: fn.Pos()}}
	}
	return out
}

// ofOurOwn reports whether a call makes an error of the code internal: a fault of the program, which is
// said in English and to who mends it.
func (c *collector) ofOurOwn(call ssa.CallInstruction) bool {
	fn := call.Common().StaticCallee()
	if fn.Pkg == nil || fn.Pkg.Pkg.Path() != c.fault || fn.Name() != "Newf" {
		return false
	}
	code, ok := call.Common().Args[0].(*ssa.Const)
	return ok && constant.StringVal(code.Value) == "internal"
}

// load is what an address holds.
func (c *collector) load(at ssa.Value, pos token.Pos, on *trail) []said {
	switch at := at.(type) {
	case *ssa.FieldAddr:
		if f := fieldOf(at); f != nil {
			return c.field(f, pos, on)
		}
	case *ssa.Alloc, *ssa.FreeVar:
		return c.held(at, on)
	}
	return []said{{why: "is loaded from what is not followed: " + kindOf(at), at: pos}}
}

// held is everything that is put into a variable, here and in the functions that share it.
func (c *collector) held(at ssa.Value, on *trail) []said {
	if !on.enter(at) {
		return []said{{why: circle}}
	}
	defer on.leave()
	var out []said
	if free, ok := at.(*ssa.FreeVar); ok {
		out = append(out, c.bound(free, on, c.held)...)
	}
	for _, ref := range *at.Referrers() {
		if s, ok := ref.(*ssa.Store); ok && s.Addr == at {
			out = append(out, located(c.resolve(s.Val, on), s.Pos())...)
		}
	}
	return out
}

// bound is what a variable of the surrounding function is.
func (c *collector) bound(v *ssa.FreeVar, on *trail, as func(ssa.Value, *trail) []said) []said {
	fn := v.Parent()
	index := slices.Index(fn.FreeVars, v)
	var out []said
	for _, m := range c.closures[fn] {
		out = append(out, as(m.Bindings[index], on)...)
	}
	return out
}

// field is everything that is put into a field of a structure, anywhere.
func (c *collector) field(f *types.Var, pos token.Pos, on *trail) []said {
	if c.isText(f) {
		return []said{{why: circle}} // collected where it is put in
	}
	if !on.enter(f) {
		return []said{{why: circle}}
	}
	defer on.leave()
	if len(c.stores[f]) == 0 {
		return []said{{why: "is the field " + f.Name() + ", into which nothing is put here", at: pos}}
	}
	var out []said
	for _, s := range c.stores[f] {
		out = append(out, located(c.resolve(s.Val, on), s.Pos())...)
	}
	return out
}

// lookup is everything that is put into a map that is made beside it.
func (c *collector) lookup(v *ssa.Lookup, on *trail) []said {
	var out []said
	made, ok := v.X.(*ssa.MakeMap)
	if !ok {
		return []said{{why: "is looked up in what is not followed: " + kindOf(v.X), at: v.Pos()}}
	}
	for _, ref := range *made.Referrers() {
		if u, ok := ref.(*ssa.MapUpdate); ok {
			out = append(out, located(c.resolve(u.Value, on), u.Pos())...)
		}
	}
	return out
}
