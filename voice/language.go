package voice

import (
	"strconv"
	"strings"
	"unicode"

	"parley/catalogue"
)

// A page is shown in the language of who reads it out: the names of its fields, its title and how it
// is used. What is told stays as it is: digits, letters, spelling words and check groups are those of
// ICAO in every language, so that what one officer says the other writes down alike, whatever either
// speaks, and the groups fit. The canonical texts, and so the groups, do not depend on the language.

// in is how a page is shown in a language.
type in struct{ c *catalogue.Catalogue }

// english is how a page is shown where no language was asked for.
func english(c *catalogue.Catalogue) bool { return c == nil || c.Language == "en" }

func (w in) sheet(key, otherwise string) string {
	if english(w.c) {
		return otherwise
	}
	return w.c.Word("sheet." + key)
}

// name returns the name of a field, as "volume 2 position 1".
func (w in) name(name string) string {
	l, ok := parseLabel(name)
	if english(w.c) || !ok {
		return name
	}
	out := w.c.Word(pageKey(l.name))
	if l.number > 0 {
		out += " " + strconv.Itoa(l.number)
	}
	if l.volume > 0 {
		out = w.c.Word("sheet.volume") + " " + strconv.Itoa(l.volume) + " " + out
	}
	return out
}

func pageKey(name string) string { return "page." + strings.ReplaceAll(name, " ", "-") }

func (w in) title(title string) string {
	kind, _, _ := strings.Cut(strings.ToLower(title), " ")
	return w.sheet("title-"+kind, title)
}

func (w in) note(note string) string {
	if note == simplerNote {
		return w.sheet("simpler", note)
	}
	return note
}

// footer says how a page is used, in rows of at most a page's columns.
func (w in) footer() []string {
	if english(w.c) {
		return footer
	}
	return append(wrap(w.sheet("use", ""), PageColumns), footer[len(footer)-1])
}

// isolated puts words of a language that runs from right to left between isolates, so that the digits
// and letters beside them stay where they are: the rows of a page run from left to right in every
// language, as all that is told does.
func (w in) isolated(text string) string {
	if english(w.c) || w.c.Direction != "rtl" || text == "" {
		return text
	}
	return catalogue.Isolate(text, false)
}

// tongues are the other languages that a read-back may be written in, loaded when the first word is not
// English.
type tongues struct {
	loaded bool
	list   []*catalogue.Catalogue
}

func (t *tongues) all() []*catalogue.Catalogue {
	if t.loaded {
		return t.list
	}
	t.loaded = true
	for _, language := range catalogue.Languages()[1:] {
		if c, err := catalogue.Load(language); err == nil { // one that cannot be read is one that is not known
			t.list = append(t.list, c)
		}
	}
	return t.list
}

// label reads what a line begins with in any of the languages.
func (t *tongues) label(s string) (label, bool) {
	s = folded(s)
	for _, c := range t.all() {
		if l, ok := labelIn(c, s); ok {
			return l, true
		}
	}
	return label{}, false
}

// check puts the English word in the place of the last one that says "check" in any of the languages,
// where the English one does not stand there.
func (t *tongues) check(value string) string {
	if checkWord.MatchString(value) || !strings.ContainsFunc(value, func(r rune) bool { return r > unicode.MaxASCII }) && !strings.Contains(strings.ToUpper(value), "KONTROL") {
		return value // no other language says it in ASCII
	}
	for _, c := range t.all() {
		if out := checkIn(value, folded(c.Word("sheet.check"))); out != value {
			return out
		}
	}
	return value
}

// labelIn reads a label in one language: a name, with a number, after "volume" and its number.
func labelIn(c *catalogue.Catalogue, s string) (l label, ok bool) {
	if rest, found := strings.CutPrefix(s, folded(c.Word("sheet.volume"))+" "); found {
		number, name, _ := strings.Cut(rest, " ")
		if l.volume, ok = smallNumber(number); !ok || l.volume > maxVolumeNumber {
			return label{}, false
		}
		s = name
	}
	for _, name := range fieldNames() {
		word := folded(c.Word(pageKey(name)))
		if s == word {
			l.name = name
			return l, true
		}
		number, found := strings.CutPrefix(s, word+" ")
		if n, isNumber := smallNumber(number); found && isNumber && name == FieldPosition {
			l.name, l.number = name, n
			return l, true
		}
	}
	return label{}, false
}

func smallNumber(s string) (int, bool) {
	n, err := strconv.Atoi(s)
	return n, err == nil && n > 0 && n < 1000 && strconv.Itoa(n) == s
}

// folded writes a label as it is compared: in capitals, with single spaces, and without marks that
// are not seen.
func folded(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(strings.ToUpper(s)), " ")
}

// checkIn puts the English word for a language's "check" before the group at the end of a value. Where no
// group follows, the word is part of what was said.
func checkIn(value, check string) string {
	words := strings.Fields(value)
	for i := len(words) - 1; i >= 0; i-- {
		if folded(strings.Trim(words[i], ",.;(:")) == check {
			group := strings.Trim(strings.Join(words[i+1:], " "), " \t,.)")
			if _, ok := ParseGroup(group, FieldLetters); !ok {
				if _, ok := ParseGroup(group, PageLetters); !ok {
					return value
				}
			}
			words[i] = "check"
			if i > 0 && !strings.HasSuffix(words[i-1], ",") {
				words[i-1] += ","
			}
			return strings.Join(words, " ")
		}
	}
	return value
}
