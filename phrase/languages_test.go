package phrase

import (
	"slices"
	"strings"
	"testing"
	"unicode"
)

// forbidden are stems that no phrase may hold, by language: what says that there is no danger, what
// reads as armed conflict, and what makes a hold a holding pattern.
func forbidden() map[string][]string {
	return map[string][]string{
		"en": {" safe", " clear", "conflict", "holding pattern"},
		"ar": {"آمن", "أمان", "سالك", "نزاع", "صراع", "انتظار"},
		"fa": {" امن", "ایمن", "پاکسازی", "درگیری", "مناقشه", "انتظار"},
		"fr": {" sûr", "sécurité", "sauf", "dégagé", "libre", "conflit", "attente"},
		"he": {"בטוח", "פנוי", "נקי", "סכסוך", "עימות", "המתנה"},
		"ru": {"безопас", "чисто", "свободн", "конфликт", "ожидани"},
		"tr": {"güven", "emniyet", "temiz", "çatışma", "bekleme"},
		"uk": {" безпе", "чисто", "вільн", "конфлікт", "очікуванн"},
	}
}

func TestEveryLanguageIsThereAndUnreviewed(t *testing.T) {
	if got := Languages(); !slices.Equal(got, []string{"en", "ar", "fr", "he", "fa", "ru", "tr", "uk"}) {
		t.Errorf("languages %v", got)
	}
	for _, p := range All() {
		own := english().Texts[p.Key].Text
		for _, language := range Languages() {
			got, ok := In(p, language)
			if !ok || got.Text == "" || got.Reviewed {
				t.Errorf("%s %d: %+v", language, p.Number, got)
			}
			if language != "en" && got.Text == own {
				t.Errorf("%s %d is the English text", language, p.Number)
			}
		}
	}
}

func TestNoPhraseHoldsAForbiddenWord(t *testing.T) {
	for _, catalogue := range catalogues() {
		c := catalogue()
		stems := forbidden()[c.Language]
		if len(stems) == 0 {
			t.Errorf("%s has no list of forbidden words", c.Language)
		}
		for key, text := range c.Texts {
			for _, stem := range stems {
				if strings.Contains(" "+strings.ToLower(text.Text), stem) {
					t.Errorf("%s: %s says %q: %s", c.Language, key, stem, text.Text)
				}
			}
		}
	}
}

// kept is what a translation keeps as it is: digits, UTC, and marks of a placeholder.
func kept(text string) string {
	out := strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) || strings.ContainsRune("%{}<>$", r) {
			return r
		}
		return -1
	}, text)
	return out + strings.Repeat(" UTC", strings.Count(text, "UTC"))
}

// TestTranslationsKeepWhatIsNotWords: numbers, UTC and placeholders are those of the English text, and
// no unseen character can turn a line about. Persian spelling needs its zero-width non-joiner.
func TestTranslationsKeepWhatIsNotWords(t *testing.T) {
	for _, catalogue := range catalogues() {
		c := catalogue()
		for key, text := range c.Texts {
			if want := kept(english().Texts[key].Text); kept(text.Text) != want {
				t.Errorf("%s: %s keeps %q, not %q", c.Language, key, kept(text.Text), want)
			}
			for _, r := range text.Text {
				joiner := c.Language == "fa" && r == '\u200c'
				if !joiner && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
					t.Errorf("%s: %s has the character %U", c.Language, key, r)
				}
			}
		}
	}
}

// TestHoldIsHeardFirst: the word to stop begins each phrase that calls a hold.
func TestHoldIsHeardFirst(t *testing.T) {
	first := map[string]string{"en": "Hold", "ar": "قف", "fa": "ایست", "fr": "Halte ", "he": "עצור", "ru": "Стой", "tr": "Dur", "uk": "Стій"}
	for _, p := range All() {
		for _, language := range Languages() {
			got, _ := In(p, language)
			if word := first[language]; p.For(Hold) && (word == "" || !strings.HasPrefix(got.Text, word+":")) {
				t.Errorf("%s %d does not begin with %q: %s", language, p.Number, word, got.Text)
			}
		}
	}
}

func TestChooseTakesTheFirstWithACatalogueOrEnglish(t *testing.T) {
	for _, c := range []struct {
		of   []string
		want string
	}{
		{nil, "en"},
		{[]string{"tlh"}, "en"},
		{[]string{"tlh", "ru", "fr"}, "ru"},
		{[]string{"ar-SY", "en"}, "ar-SY"},
		{[]string{"en", "he"}, "en"},
	} {
		if got := Choose(c.of...); got != c.want || !Has(got) {
			t.Errorf("of %v chooses %q, not %q", c.of, got, c.want)
		}
	}
}
