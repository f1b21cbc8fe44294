package catalogue

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/phrase"
)

// maxDepth bounds how deep messages may be in one another.
const maxDepth = 8

// Word says a key that takes no arguments.
func (c *Catalogue) Word(key string) string { return c.Say(Message{Key: key}) }

// Say says a message. What the catalogue does not have is shown as [key], and an argument that was not
// given as {name}: Check tells of both.
func (c *Catalogue) Say(m Message) string { return c.say(m, 0) }

func (c *Catalogue) say(m Message, depth int) string {
	e, ok := c.entries[m.Key]
	if !ok || depth > maxDepth {
		return "[" + Plain(m.Key) + "]"
	}
	parts := e.all
	if e.forms != nil {
		parts = e.forms[FormOf(c.Language, int(math.Abs(m.Args[e.counted].Number)))]
	}
	var b strings.Builder
	for _, p := range parts {
		v, given := m.Args[p.name]
		switch {
		case p.name == "":
			b.WriteString(p.words)
		case !given:
			b.WriteString("{" + p.name + "}")
		default:
			b.WriteString(c.value(v, depth))
		}
	}
	return b.String()
}

// Sentences says messages one after another, a full stop between them.
func (c *Catalogue) Sentences(list []Message) string {
	out := make([]string, len(list))
	for i, m := range list {
		out[i] = c.Say(m)
	}
	return strings.Join(out, ". ")
}

func (c *Catalogue) value(v Value, depth int) string {
	switch v.Kind {
	case Words:
		if !c.RightToLeft() && !turns(v.Text) {
			return Plain(v.Text)
		}
		return Isolate(v.Text, false)
	case Refused:
		return c.Refusal(v.Text)
	case Code:
		return c.fixed(v.Text)
	case Count:
		return strconv.Itoa(int(v.Number))
	case Decimal:
		return c.fixed(decimal(v.Number))
	case Clock:
		return c.fixed(v.Time.UTC().Format("15:04Z"))
	case Second:
		return c.fixed(v.Time.UTC().Format("15:04:05Z"))
	case Minute:
		return c.fixed(v.Time.UTC().Format("2006-01-02 15:04Z"))
	case Stamp:
		return c.fixed(v.Time.UTC().Format("2006-01-02 15:04:05Z"))
	case Date:
		return c.date(v.Time.UTC())
	case Age:
		return c.age(v.Number)
	case Span:
		return c.span(v.Number)
	case Long:
		return c.long(v.Number)
	case Exact:
		return c.units(v.Number, len(spanUnits()))
	case Distance:
		return c.distance(v.Number)
	case Angle:
		return c.fixed(fmt.Sprintf("%03d°", int(math.Round(v.Number))%360))
	case Phrase:
		return c.phrase(v)
	case Said, List, Series, Either, Both:
		return c.list(v, depth)
	}
	return ""
}

// phrase says a numbered phrase in this language. An English text says it as the desk reads it.
func (c *Catalogue) phrase(v Value) string {
	p, ok := phrase.Find(int(v.Number))
	t, has := phrase.In(p, c.Language)
	switch {
	case c.Language == "en" && v.Text != "", !ok, !has:
		return c.value(Value{Kind: Words, Text: v.Text}, 0)
	}
	return t.Text
}

func (c *Catalogue) list(v Value, depth int) string {
	out := make([]string, len(v.Said))
	for i, m := range v.Said {
		out[i] = c.say(m, depth+1)
	}
	switch v.Kind {
	case Series:
		return strings.Join(out, c.Word("list.comma"))
	case Either:
		return strings.Join(out, c.Word("list.or"))
	case Both:
		return strings.Join(out, c.Word("list.and"))
	}
	return strings.Join(out, c.Word("list.semicolon"))
}

// fixed writes what runs from left to right in every language.
func (c *Catalogue) fixed(text string) string {
	if !c.RightToLeft() && !turns(text) {
		return Plain(text)
	}
	return Isolate(text, true)
}

func decimal(x float64) string {
	return strconv.FormatFloat(math.Round(x*10)/10, 'f', -1, 64)
}

func (c *Catalogue) distance(m float64) string {
	if math.Abs(m) < 10_000 {
		return c.fixed(strconv.FormatFloat(math.Round(m), 'f', 0, 64) + " m")
	}
	return c.fixed(decimal(m/1000) + " km")
}

// Check returns what is wrong with a message: a key that the catalogue does not have, an argument that is
// missing, of another kind, or not in the text. Nothing where all is well.
func (c *Catalogue) Check(m Message) []string { return c.check(m, 0) }

func (c *Catalogue) check(m Message, depth int) (wrong []string) {
	e, ok := c.entries[m.Key]
	if !ok || depth > maxDepth {
		return []string{m.Key + ": no such key"}
	}
	names := e.names()
	for _, name := range names {
		if _, given := m.Args[name]; !given {
			wrong = append(wrong, m.Key+": "+name+" is not given")
		}
	}
	for name, v := range m.Args {
		if !slices.Contains(names, name) {
			wrong = append(wrong, m.Key+": "+name+" is not in the text")
		}
		if want := Arguments()[name].Kind; v.Kind != want {
			wrong = append(wrong, fmt.Sprintf("%s: %s is %s, not %s", m.Key, name, v.Kind, want))
		}
		if timed := slices.Contains([]Kind{Clock, Second, Minute, Stamp, Date}, v.Kind); timed && v.Time.Equal(time.Time{}) {
			wrong = append(wrong, m.Key+": "+name+" is no time")
		}
		for _, said := range v.Said {
			wrong = append(wrong, c.check(said, depth+1)...)
		}
	}
	return wrong
}

// names returns the placeholders of an entry, sorted.
func (e entry) names() []string {
	var out []string
	for _, parts := range append(slices.Collect(maps.Values(e.forms)), e.all) {
		for _, p := range parts {
			if p.name != "" {
				out = append(out, p.name)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
