package voice

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"parley/catalogue"
)

func load(t testing.TB, language string) *catalogue.Catalogue {
	t.Helper()
	c, err := catalogue.Load(language)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// seen leaves out the marks that take no column.
func seen(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, s)
}

// TestPagesInEveryLanguage: what is told, and every check group, is the same in each language, the page
// still fits its sheet, and a read-back with the names of that language reads as the English one does.
func TestPagesInEveryLanguage(t *testing.T) {
	same := comparers(t, Tolerances{})
	for _, language := range catalogue.Languages() {
		c := load(t, language)
		for id, p := range examplePages(t) {
			text := p.TextIn(c)
			rows := strings.Split(strings.TrimRight(text, "\n"), "\n")
			if len(rows) > PageRows {
				t.Errorf("%s in %s has %d rows", id, language, len(rows))
			}
			for _, row := range rows {
				if n := utf8.RuneCountInString(seen(row)); n > PageColumns {
					t.Errorf("%s in %s has a row of %d columns: %s", id, language, n, row)
				}
				if open := strings.Count(row, "\u2068") + strings.Count(row, "\u2066"); open != strings.Count(row, "\u2069") {
					t.Errorf("%s in %s leaves an isolate open: %q", id, language, row)
				}
			}
			html := p.HTMLIn(c)
			var lines []string
			for _, f := range append(append([]Field(nil), p.Fields...), Field{Name: FieldPage, Check: p.Check}) {
				name := in{c}.name(f.Name)
				if l, _ := parseLabel(f.Name); name == f.Name && c.Word(pageKey(l.name)) != l.name {
					t.Errorf("%s: %q stays English", language, f.Name)
				}
				if !strings.Contains(text, f.Check) || !strings.Contains(html, ">"+f.Check+"<") || !strings.Contains(html, name) {
					t.Errorf("%s in %s lacks %s", id, language, f.Name)
				}
				lines = append(lines, strings.ReplaceAll(name+": "+strings.Join(f.Text, ", "), ";", ",")+", "+c.Word("sheet.check")+" "+f.Check)
			}
			rb, err := ParseReadBack(strings.Join(lines, "\n"), testNow)
			if err != nil {
				t.Errorf("%s in %s: %v", id, language, err)
			} else if r := same[id](rb); !r.Same {
				t.Errorf("%s in %s: %+v", id, language, r.Differences)
			}
			if language == "en" && text != p.Text() {
				t.Error("English is not what a page is without a language")
			}
		}
		if dir := `dir="` + c.Direction + `"`; !strings.Contains(examplePages(t)["hold"].HTMLIn(c), `<html lang="`+language+`" `+dir) {
			t.Errorf("%s is not laid out %s", language, dir)
		}
	}
}

// TestNamesOfFieldsAreTheirOwn: in no language do two fields have one name, and each is read back in it.
func TestNamesOfFieldsAreTheirOwn(t *testing.T) {
	for _, language := range catalogue.Languages()[1:] {
		c, taken := load(t, language), map[string]string{}
		for _, name := range fieldNames() {
			word := folded(c.Word(pageKey(name)))
			if other := taken[word]; other != "" || strings.ContainsAny(word, ":;,0123456789") {
				t.Errorf("%s: %s and %s are both %q", language, name, other, word)
			}
			taken[word] = name
			if l, ok := labelIn(c, word); !ok || l.name != name {
				t.Errorf("%s: %q is read as %+v", language, word, l)
			}
		}
		l, ok := labelIn(c, folded(in{c}.name("volume 2 position 13")))
		if !ok || l != (label{2, FieldPosition, 13}) {
			t.Errorf("%s: %+v", language, l)
		}
	}
	for _, bad := range []string{"", "позиция 0", "позиция 01", "объём 0 нижняя", "объём 999 нижняя", "нижняя 2", "объём 2"} {
		if l, ok := new(tongues).label(bad); ok {
			t.Errorf("%q is read as %+v", bad, l)
		}
	}
}

func TestACheckThatIsNoGroupIsWords(t *testing.T) {
	rb, err := ParseReadBack("вид: flight\nтекст: контроль на мосту до утра", testNow)
	if err != nil || rb.Words[FieldText] != "контроль на мосту до утра" {
		t.Errorf("%+v, %v", rb.Words, err)
	}
}

// TestOnlyTurkishSaysCheckInASCII is what tongues.check goes by.
func TestOnlyTurkishSaysCheckInASCII(t *testing.T) {
	for _, language := range catalogue.Languages()[1:] {
		word := folded(load(t, language).Word("sheet.check"))
		if strings.Trim(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" && word != "KONTROL" || strings.Contains(word, " ") {
			t.Errorf("%s says %q", language, word)
		}
	}
}

// TestAWrongDigitIsCaughtInEveryLanguage: the group that stands after another word for "check" counts.
func TestAWrongDigitIsCaughtInEveryLanguage(t *testing.T) {
	for _, language := range catalogue.Languages() {
		c := load(t, language)
		line := func(minutes string) string {
			return in{c}.name("position 1") + ": 35 " + minutes + " N 035 57.000 E, " + c.Word("sheet.check") + " WPL"
		}
		if _, err := ParseReadBack(line("24.600"), testNow); err != nil {
			t.Errorf("%s: %v", language, err)
		}
		if _, err := ParseReadBack(line("27.600"), testNow); err == nil {
			t.Errorf("%s: a wrong digit passed", language)
		}
	}
}
