package catalogue

import (
	"cmp"
	"embed"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"

	"parley/fault"
)

//go:embed refusals/*.json
var refusals embed.FS

// refusalFile is a file of refusals/: for each English text in which something is refused, how the
// language says it. The English file lists the texts.
type refusalFile struct {
	Language string            `json:"language"`
	English  []string          `json:"english,omitzero"`
	Missing  int               `json:"missing"` // how many texts nobody has translated yet
	Texts    map[string]string `json:"texts,omitzero"`
}

// pattern is a text with placeholders, {1} to {9}, cut at them.
type pattern struct {
	words []string // one more than there are placeholders
	to    string
}

// sayer says refusals in a language: whole texts by themselves, and those with placeholders in the
// order in which they are tried, those of the most words first.
type sayer struct {
	whole    map[string]string
	patterns []pattern
}

// maxRefusal bounds the text that is looked at; a longer one stays English.
const maxRefusal = 16 << 10

// maxInside bounds how deep a text is looked for in the placeholders of another.
const maxInside = 3

func placeholder() *regexp.Regexp { return regexp.MustCompile(`\{[1-9]\}`) }

func loadRefusals(language string) (sayer, error) {
	var f refusalFile
	data, err := refusals.ReadFile("refusals/" + language + ".json")
	if err == nil {
		err = json.Unmarshal(data, &f, json.RejectUnknownMembers(true))
	}
	if err != nil {
		return sayer{}, fault.Wrap(fault.Internal, "catalogue.refusals", err)
	}
	return newSayer(f.Texts), nil
}

func newSayer(texts map[string]string) sayer {
	s, cut := sayer{whole: map[string]string{}}, placeholder()
	for english, to := range texts {
		if words := cut.Split(english, -1); len(words) > 1 {
			s.patterns = append(s.patterns, pattern{words, to})
		} else {
			s.whole[english] = to
		}
	}
	slices.SortFunc(s.patterns, func(a, b pattern) int {
		return cmp.Or(cmp.Compare(b.weight(), a.weight()), cmp.Compare(len(a.words), len(b.words)), slices.Compare(a.words, b.words))
	})
	return s
}

// weight is how much of a text is fixed.
func (p pattern) weight() int {
	n := 0
	for _, w := range p.words {
		n += len(w)
	}
	return n
}

// match returns what stands in the placeholders, none of which is empty. Where a text can be cut in
// several ways, each but the last placeholder takes as little as it can.
func (p pattern) match(text string) ([]string, bool) {
	first, last := p.words[0], p.words[len(p.words)-1]
	if len(text) < p.weight()+len(p.words)-1 || !strings.HasPrefix(text, first) || !strings.HasSuffix(text, last) {
		return nil, false
	}
	rest := text[len(first) : len(text)-len(last)]
	var out []string
	for _, w := range p.words[1 : len(p.words)-1] {
		if rest == "" {
			return nil, false
		}
		at := strings.Index(rest[1:], w)
		if at < 0 {
			return nil, false
		}
		out, rest = append(out, rest[:at+1]), rest[at+1+len(w):]
	}
	return append(out, rest), rest != ""
}

// Refusal says in this language an English text in which something was refused. What is not known stays
// English. What stood in its placeholders is shown as it was, but for a text that is itself a refusal.
func (c *Catalogue) Refusal(english string) string {
	var out []string
	for line := range strings.Lines(english) {
		line = strings.TrimRight(line, "\r\n")
		if text, ok := c.refusal(line, 0); ok {
			out = append(out, text)
		} else {
			out = append(out, c.fixed(line))
		}
	}
	return strings.Join(out, c.Word("list.semicolon"))
}

func (c *Catalogue) refusal(english string, depth int) (string, bool) {
	if len(english) > maxRefusal || depth > maxInside {
		return "", false
	}
	if to, ok := c.refuses.whole[english]; ok {
		return c.fill(to, nil), true
	}
	for _, p := range c.refuses.patterns {
		if args, ok := p.match(english); ok {
			for i, arg := range args {
				args[i] = c.inside(arg, depth)
			}
			return c.fill(p.to, args), true
		}
	}
	return c.whole(english, depth)
}

// maxCuts bounds where a rule is taken to end and its hint to begin.
const maxCuts = 8

// whole says the text of a whole error, `field "value": rule; hint`, where its rule is known.
func (c *Catalogue) whole(english string, depth int) (string, bool) {
	where, rest, ok := place(english)
	if !ok {
		return "", false
	}
	where = c.value(Value{Kind: Words, Text: where}, 0) + c.Word("list.colon")
	for at, n := 0, 0; n < maxCuts; n++ {
		next := strings.Index(rest[at:], "; ")
		if next < 0 {
			break
		}
		at += next
		rule, ok := c.refusal(rest[:at], depth+1)
		hint, known := c.refusal(rest[at+2:], depth+1)
		if ok && known {
			return where + rule + c.Word("list.semicolon") + hint, true
		}
		at += 2
	}
	if rule, ok := c.refusal(rest, depth+1); ok { // last: a rule as wide as "must be {1}" would take the hint in
		return where + rule, true
	}
	return "", false
}

// place cuts a whole error after its field and value. A value may hold what would end it elsewhere.
func place(english string) (where, rest string, ok bool) {
	field, after, valued := strings.Cut(english, " ")
	if value, err := strconv.QuotedPrefix(after); valued && err == nil && field != "" && !strings.HasSuffix(field, ":") {
		rest, ok = strings.CutPrefix(after[len(value):], ": ")
		return field + " " + value, rest, ok
	}
	where, rest, ok = strings.Cut(english, ": ")
	return where, rest, ok && where != "" && !strings.Contains(where, " ")
}

// inside is what stands in a placeholder.
func (c *Catalogue) inside(text string, depth int) string {
	if strings.Contains(text, " ") {
		if said, ok := c.refusal(text, depth+1); ok {
			return Isolate(said, false)
		}
	}
	if c.RightToLeft() || turns(text) {
		return Isolate(text, false)
	}
	return Plain(text)
}

// fill puts what stands in the placeholders into a text. In one that runs from right to left, each piece
// that runs from left to right, such as a command, is isolated with the placeholders in it.
func (c *Catalogue) fill(text string, args []string) string {
	put := func(s string) string {
		return placeholder().ReplaceAllStringFunc(s, func(hole string) string {
			n, _ := strconv.Atoi(hole[1 : len(hole)-1])
			if n > len(args) {
				return hole
			}
			return args[n-1]
		})
	}
	if !c.RightToLeft() {
		return put(text)
	}
	var b strings.Builder
	for _, piece := range pieces(text) {
		if piece.fixed {
			b.WriteString(leftToRight + put(piece.text) + endIsolate)
		} else {
			b.WriteString(put(piece.text))
		}
	}
	return b.String()
}

// Refuse says an error in this language as one line, `field "value": rule; hint`, without its cause.
func (c *Catalogue) Refuse(e *fault.Error) string {
	var b strings.Builder
	if e.Field != "" {
		b.WriteString(c.fixed(e.Field))
	}
	if e.Value != "" {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(c.value(Value{Kind: Words, Text: strconv.Quote(e.Value)}, 0))
	}
	if e.Rule != "" {
		if b.Len() > 0 {
			b.WriteString(c.Word("list.colon"))
		}
		b.WriteString(c.Refusal(e.Rule))
	}
	if e.Hint != "" {
		if b.Len() > 0 {
			b.WriteString(c.Word("list.semicolon"))
		}
		b.WriteString(c.Refusal(e.Hint))
	}
	return b.String()
}
