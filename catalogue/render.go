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

func (c *Catalogue) value(v Value, depth int) string {
	switch v.Kind {
	case Words:
		if !c.RightToLeft() && !turns(v.Text) {
			return Plain(v.Text)
		}
		return Isolate(v.Text, false)
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
	case Age:
		return c.age(v.Number)
	case Span:
		return c.span(v.Number)
	case Distance:
		return c.distance(v.Number)
	case Angle:
		return c.fixed(fmt.Sprintf("%03d°", int(math.Round(v.Number))%360))
	case Phrase:
		return c.phrase(v)
	case Said, List, Series, Either:
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

const (
	minuteS = 60
	hourS   = 60 * minuteS
	dayS    = 24 * hourS
)

// age says seconds in one unit: below 2 min in seconds, 2 h in minutes, 48 h in hours, else in days. It
// rounds towards zero, so that no lead is shown as longer than it is.
func (c *Catalogue) age(s float64) string {
	n := int(math.Max(s, 0))
	switch {
	case n < 2*minuteS:
		return c.unit("unit.second", n)
	case n < 2*hourS:
		return c.unit("unit.minute", n/minuteS)
	case n < 2*dayS:
		return c.unit("unit.hour", n/hourS)
	}
	return c.unit("unit.day", n/dayS)
}

func (c *Catalogue) unit(key string, n int) string { return c.Say(Say(key, CountOf("count", n))) }

// span says seconds in their two largest units, and rounds towards zero.
func (c *Catalogue) span(s float64) string {
	left := int(math.Abs(math.Max(math.Min(s, math.MaxInt32), math.MinInt32)))
	var out []string
	for _, u := range []struct {
		key string
		s   int
	}{{"unit.day", dayS}, {"unit.hour", hourS}, {"unit.minute", minuteS}, {"unit.second", 1}} {
		n := left / u.s
		left %= u.s
		if n > 0 {
			out = append(out, c.unit(u.key, n))
		}
		if len(out) == 2 || n == 0 && len(out) == 1 {
			break
		}
	}
	switch {
	case len(out) == 0:
		return c.unit("unit.second", 0)
	case s < 0:
		return c.Say(Say("unit.minus", ByPeople("text", strings.Join(out, " "))))
	}
	return strings.Join(out, " ")
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
		if timed := v.Kind == Clock || v.Kind == Second || v.Kind == Minute || v.Kind == Stamp; timed && v.Time.Equal(time.Time{}) {
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
