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

// ofOurOwn reports whether a call makes an error of a fault of the program, which is said in English, to
// who mends it.
func (c *collector) ofOurOwn(call ssa.CallInstruction) bool {
	fn := call.Common().StaticCallee()
	if fn == nil || fn.String() != c.house.Own {
		return false
	}
	code, ok := call.Common().Args[0].(*ssa.Const)
	return ok && constant.StringVal(code.Value) == c.house.OwnCode
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
	case *ssa.IndexAddr:
		return c.elements(at.X, on)
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
	if c.into[f] {
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

// elements is everything that is in a list.
func (c *collector) elements(v ssa.Value, on *trail) []said {
	if !on.enter(v) {
		return []said{{why: circle}}
	}
	defer on.leave()
	var out []said
	switch v := v.(type) {
	case *ssa.Const:
		return nil // an empty list
	case *ssa.Phi:
		for _, e := range v.Edges {
			out = append(out, c.elements(e, on)...)
		}
		return out
	case *ssa.Slice:
		for _, given := range variadic(v) {
			out = append(out, located(c.resolve(given, on), v.Pos())...)
		}
		return out
	case *ssa.UnOp:
		if at, ok := v.X.(*ssa.Alloc); ok {
			for _, ref := range *at.Referrers() {
				if s, ok := ref.(*ssa.Store); ok && s.Addr == at {
					out = append(out, c.elements(s.Val, on)...)
				}
			}
			return out
		}
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok {
			return c.listed(call, v.Index, on)
		}
	case *ssa.Call:
		if b, ok := v.Call.Value.(*ssa.Builtin); ok && b.Name() == "append" {
			return append(c.elements(v.Call.Args[0], on), c.elements(v.Call.Args[1], on)...)
		}
		return c.listed(v, 0, on)
	}
	return []said{{why: "is in a list that is not followed: " + kindOf(v), at: v.Pos()}}
}

// listed is everything that is in a list that a call returns.
func (c *collector) listed(call *ssa.Call, index int, on *trail) []said {
	callee := call.Common().StaticCallee()
	if callee == nil || !c.counts(callee) {
		return []said{{why: "is in a list that is not made here", at: call.Pos()}}
	}
	var out []said
	for _, b := range origin(callee).Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && index < len(ret.Results) {
			out = append(out, c.elements(ret.Results[index], on)...)
		}
	}
	return out
}

// functionsOf returns the functions that a value may be.
func (c *collector) functionsOf(v ssa.Value, on *trail) []*ssa.Function {
	if !on.enter(v) {
		return nil
	}
	defer on.leave()
	var out []*ssa.Function
	switch v := v.(type) {
	case *ssa.Function:
		return []*ssa.Function{v}
	case *ssa.MakeClosure:
		return []*ssa.Function{v.Fn.(*ssa.Function)}
	case *ssa.ChangeType:
		return c.functionsOf(v.X, on)
	case *ssa.Phi:
		for _, e := range v.Edges {
			out = append(out, c.functionsOf(e, on)...)
		}
	case *ssa.Parameter:
		index := slices.Index(v.Parent().Params, v)
		for _, call := range c.callers[origin(v.Parent())] {
			if args := call.Common().Args; index < len(args) {
				out = append(out, c.functionsOf(args[index], on)...)
			}
		}
	case *ssa.FreeVar:
		for _, m := range c.closures[v.Parent()] {
			out = append(out, c.functionsOf(m.Bindings[slices.Index(v.Parent().FreeVars, v)], on)...)
		}
	case *ssa.UnOp:
		return c.functionsOf(v.X, on)
	case *ssa.Alloc:
		for _, ref := range *v.Referrers() {
			if s, ok := ref.(*ssa.Store); ok && s.Addr == v {
				out = append(out, c.functionsOf(s.Val, on)...)
			}
		}
	}
	return out
}
