package refusals

import (
	"go/token"
	"go/types"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/tools/go/ssa"
)

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
	_, phi := v.(*ssa.Phi)
	chosen := false
	var out []string
	words, turns, open, figures := false, false, false, true
	for _, s := range c.resolve(v, on) {
		switch {
		case s.why == circle:
			turns = true
		case s.why != "":
			return []string{hole}
		default:
			words = words || strings.Contains(strings.TrimSpace(s.text), " ")
			open = open || strings.Contains(s.text, hole)
			figures = figures && figure(s.text)
			chosen = chosen || phi && strings.ContainsFunc(s.text, unicode.IsLetter)
			out = append(out, s.text)
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	switch {
	case len(out) == 0, turns && open, !sure && !words && !open && !chosen, open && figures:
		return []string{hole}
	case len(out) > maxWords:
		return c.apart(out, v.Pos())
	}
	return out
}

// figure reports whether a text is a figure with its unit.
func figure(text string) bool {
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
		if !slices.Contains([]string{"h", "min", "s", "m", "km"}, word) {
			return false
		}
	}
	return strings.ContainsFunc(text, unicode.IsLetter)
}

// apart makes the texts that a part may be texts of their own, and the part a placeholder.
func (c *collector) apart(parts []string, at token.Pos) []string {
	for _, text := range parts {
		if strings.Contains(text, " ") && strings.ContainsFunc(text, unicode.IsLetter) && !figure(text) { // a word by itself is a code
			c.note(said{text: text, at: at})
		}
	}
	return []string{hole}
}

// sprintf is a text made by a format.
func (c *collector) sprintf(call *ssa.Call, on *trail) []said {
	return c.format(call.Call.Args[0], call.Call.Args[1], call.Pos(), on)
}

// format is a text made by a format and its arguments. Where a function only passes both on, each of its
// calls is looked at by itself.
func (c *collector) format(format, args ssa.Value, at token.Pos, on *trail) []said {
	f, ok := format.(*ssa.Parameter)
	a, also := args.(*ssa.Parameter)
	if ok && also && f.Parent() == a.Parent() {
		if !on.enter(f) {
			return []said{{why: circle}}
		}
		defer on.leave()
		nr, last := slices.Index(f.Parent().Params, f), slices.Index(f.Parent().Params, a)
		var out []said
		for _, call := range c.callers[origin(f.Parent())] {
			if given := call.Common().Args; !c.ofOurOwn(call) && last < len(given) {
				out = append(out, c.format(given[nr], given[last], call.Pos(), on)...)
			}
		}
		return out
	}
	var out []said
	for _, f := range c.resolve(format, on) {
		if f.why != "" {
			out = append(out, located([]said{f}, at)...)
			continue
		}
		if arg, ok := variadic(args)[0].(*ssa.MakeInterface); ok && f.text == "%s" {
			out = append(out, located(c.resolve(arg.X, on), at)...)
			continue
		}
		for _, text := range c.formatted(f.text, variadic(args), at, on) {
			out = append(out, said{text: text, at: at})
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
