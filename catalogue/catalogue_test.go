package catalogue

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

func load(t testing.TB, language string) *Catalogue {
	t.Helper()
	c, err := Load(language)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// spoken returns the texts of a key: one, or one a plural form.
func spoken(t testing.TB, c *Catalogue, key string) []string {
	t.Helper()
	raw := c.Raw(key)
	if raw.Kind() == '"' {
		var text string
		if err := json.Unmarshal(raw, &text); err != nil {
			t.Fatal(err)
		}
		return []string{text}
	}
	var forms map[Form]string
	if err := json.Unmarshal(raw, &forms); err != nil {
		t.Fatal(err)
	}
	return slices.Collect(maps.Values(forms))
}

func placeholders(t testing.TB, text string) []string {
	t.Helper()
	parts, err := parse(text)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, p := range parts {
		if p.name != "" {
			out = append(out, p.name)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// TestEveryLanguageHasEveryKey: the same keys, the same placeholders, and the plural forms that the
// language has. A text that is the same for every number is worded so that it fits each.
func TestEveryLanguageHasEveryKey(t *testing.T) {
	english := load(t, "en")
	for _, language := range Languages() {
		c := load(t, language)
		if c.Language != language || c.Name == "" || (c.Direction == "rtl") != slices.Contains([]string{"ar", "he", "fa"}, language) {
			t.Errorf("%s: says it is %q, %q, %q", language, c.Language, c.Name, c.Direction)
		}
		for _, key := range english.Keys() {
			if !c.Has(key) {
				t.Errorf("%s: misses %s", language, key)
				continue
			}
			checkForms(t, c, key)
			want := english.entries[key].names()
			for _, text := range spoken(t, c, key) {
				if got := placeholders(t, text); !slices.Equal(got, want) || text == "" {
					t.Errorf("%s: %s has the placeholders %v, not %v: %q", language, key, got, want, text)
				}
			}
		}
		for _, key := range c.Keys() {
			if !english.Has(key) {
				t.Errorf("%s: %s is no key of the English catalogue", language, key)
			}
		}
	}
}

func checkForms(t *testing.T, c *Catalogue, key string) {
	t.Helper()
	e := c.entries[key]
	if e.forms == nil {
		return
	}
	got := slices.Sorted(maps.Keys(e.forms))
	want := slices.Clone(Forms(c.Language))
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%s: %s has the plural forms %v, not %v", c.Language, key, got, want)
	}
	counts := 0
	for _, name := range e.names() {
		if Arguments()[name].Kind == Count {
			counts++
		}
	}
	if counts != 1 {
		t.Errorf("%s: %s has plural forms and %d counts", c.Language, key, counts)
	}
}

// TestArgumentsAreThoseOfTheTexts: a placeholder that nobody explains is refused, and one that is in no
// text is not explained.
func TestArgumentsAreThoseOfTheTexts(t *testing.T) {
	used := map[string]bool{}
	english := load(t, "en")
	for _, key := range english.Keys() {
		for _, name := range english.entries[key].names() {
			used[name] = true
			if _, ok := Arguments()[name]; !ok {
				t.Errorf("%s has the placeholder %s, which Arguments does not have", key, name)
			}
		}
	}
	for name, a := range Arguments() {
		if !used[name] || a.About == "" {
			t.Errorf("the argument %s (%q) is in no text", name, a.About)
		}
	}
}

// TestTextsHoldNothingUnseen: no control can turn a line about. Persian spelling needs its zero-width
// non-joiner, and French its no-break space.
func TestTextsHoldNothingUnseen(t *testing.T) {
	for _, language := range Languages() {
		c := load(t, language)
		for _, key := range c.Keys() {
			for _, text := range spoken(t, c, key) {
				for _, r := range text {
					joiner := language == "fa" && r == '\u200c'
					if !joiner && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
						t.Errorf("%s: %s has the character %U", language, key, r)
					}
					if unicode.IsDigit(r) && (r < '0' || r > '9') {
						t.Errorf("%s: %s has the digit %q: digits are 0 to 9 in every language", language, key, r)
					}
				}
				if !strings.HasPrefix(key, "list.") && strings.TrimSpace(text) != text {
					t.Errorf("%s: %s begins or ends with a space", language, key)
				}
			}
		}
	}
}

// TestEveryLanguageIsWrittenInItsLetters: no text was left in English. Latin letters stand in other
// scripts for UTC alone.
func TestEveryLanguageIsWrittenInItsLetters(t *testing.T) {
	script := map[string]*unicode.RangeTable{"ar": unicode.Arabic, "fa": unicode.Arabic, "he": unicode.Hebrew, "ru": unicode.Cyrillic, "uk": unicode.Cyrillic}
	for language, own := range script {
		c := load(t, language)
		for _, key := range c.Keys() {
			for _, text := range spoken(t, c, key) {
				text = strings.ReplaceAll(text, "UTC", "")
				for _, name := range c.entries[key].names() {
					text = strings.ReplaceAll(text, "{"+name+"}", "")
				}
				for _, r := range text {
					if unicode.IsLetter(r) && !unicode.Is(own, r) && r != '\u0640' { // the Arabic kashida belongs to several scripts
						t.Errorf("%s: %s has the letter %q: %s", language, key, r, text)
						break
					}
				}
			}
		}
	}
}

// forbidden are stems that no text may hold, by language: what says that there is no danger, what reads
// as armed conflict, and what makes a hold a holding pattern.
func forbidden() map[string][]string {
	return map[string][]string{
		"en": {" safe", " clear", "armed", "holding pattern"},
		"ar": {"آمن", "أمان", "سالك", "نزاع", "صراع", "انتظار", "ضابط"},
		"fa": {" امن", "ایمن", "پاکسازی", "درگیری", "مناقشه", "انتظار", "افسر"},
		"fr": {" sûr ", "sécurité", "sauf", "dégagé", "libre", "conflit", "attente", "officier"},
		"he": {"בטוח", "פנוי", "נקי", "סכסוך", "עימות", "המתנה", "קצין"},
		"ru": {"безопас", "чисто", "свободн", "конфликт", "ожидани", "офицер"},
		"tr": {"güven", "emniyet", "temiz", "çatışma", "bekleme", "subay"},
		"uk": {" безпе", "чисто", "вільн", "конфлікт", "очікуванн", "офіцер"},
	}
}

// allowedWords takes out what holds a forbidden word and says something else.
func allowedWords() *strings.Replacer {
	return strings.NewReplacer("alarmed", "", "keep clear", "", "keeps clear", "", "conflit de trajectoires", "", "conflits de trajectoires", "")
}

func TestNoTextHoldsAForbiddenWord(t *testing.T) {
	allowed := allowedWords()
	for _, language := range Languages() {
		c := load(t, language)
		stems := forbidden()[language]
		if len(stems) == 0 {
			t.Errorf("%s has no list of forbidden words", language)
		}
		for _, key := range c.Keys() {
			for _, text := range spoken(t, c, key) {
				for _, stem := range stems {
					if strings.Contains(allowed.Replace(" "+strings.ToLower(text)), stem) {
						t.Errorf("%s: %s says %q: %s", language, key, stem, text)
					}
				}
			}
		}
	}
}

// TestNobodyReviewedAnythingYet holds the documents, which say so, and that a mark is never stale.
func TestNobodyReviewedAnythingYet(t *testing.T) {
	for _, language := range Languages() {
		c := load(t, language)
		for key := range c.reviews {
			if _, ok := c.Reviewed(key); !ok {
				t.Errorf("%s: the review of %s is of another text: it has to be read anew", language, key)
			}
		}
		if len(c.reviews) > 0 {
			t.Errorf("%s: %d texts are reviewed: say so in docs/reference/languages.md", language, len(c.reviews))
		}
	}
}

func TestAReviewCountsForTheVeryText(t *testing.T) {
	c := load(t, "ru")
	english := load(t, "en")
	const key = "kind.flight"
	mark := func(text, english string) {
		c.reviews = map[string]Review{key: {By: "desk interpreter", On: "2026-12-01", Text: []byte(text), English: []byte(english)}}
		c.english = map[string]jsontext.Value{key: jsontext.Value(`"flight"`)}
	}
	mark(`"полёт"`, `"flight"`)
	if r, ok := c.Reviewed(key); !ok || r.By != "desk interpreter" || english.Word(key) != "flight" {
		t.Errorf("the text that was read is not reviewed: %+v", r)
	}
	mark(`"рейс"`, `"flight"`)
	if _, ok := c.Reviewed(key); ok {
		t.Error("a text that was changed after it was read counts as reviewed")
	}
	mark(`"полёт"`, `"trip"`)
	if _, ok := c.Reviewed(key); ok {
		t.Error("a text whose English was changed after it was read counts as reviewed")
	}
}
