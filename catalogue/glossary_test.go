package catalogue

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// stems are, of terms of the glossary that English says in one word and in no other sense, the beginnings of the
// words for them in each language.
func stems() map[string]map[string][]string {
	return map[string]map[string][]string{
		"agreement":  {"ru": {"соглашени"}, "uk": {"угод"}, "he": {"הסכם", "הסכמ"}, "ar": {"اتفاق"}, "fa": {"توافق"}, "tr": {"anlaşma"}, "fr": {"accord"}},
		"conflict":   {"ru": {"пересечени", "пересека"}, "uk": {"перетин"}, "he": {"חפיפ", "חופפ"}, "ar": {"تعارض"}, "fa": {"تداخل"}, "tr": {"çakış"}, "fr": {"conflit de traj", "conflits de traj"}},
		"distress":   {"ru": {"бедств"}, "uk": {"лих"}, "he": {"מצוק"}, "ar": {"استغاث"}, "fa": {"اضطرار"}, "tr": {"tehlike"}, "fr": {"détresse"}},
		"epoch":      {"ru": {"эпох"}, "uk": {"епох"}, "he": {"תקופ"}, "ar": {"حقب"}, "fa": {"دور"}, "tr": {"dönem"}, "fr": {"époque"}},
		"receipt":    {"ru": {"квитанц"}, "uk": {"квитанц"}, "he": {"אישור"}, "ar": {"إيصال"}, "fa": {"رسید"}, "tr": {"alındı"}, "fr": {"accusé"}},
		"separation": {"ru": {"интервал"}, "uk": {"інтервал"}, "he": {"הפרד"}, "ar": {"فصل"}, "fa": {"جدایی"}, "tr": {"ayırma"}, "fr": {"séparation"}},
		"transcript": {"ru": {"журнал"}, "uk": {"журнал"}, "he": {"תמליל"}, "ar": {"سجل"}, "fa": {"دفتر"}, "tr": {"tutana"}, "fr": {"registre"}},
		"witness":    {"ru": {"свидетел"}, "uk": {"свід"}, "he": {"עד", "עיד"}, "ar": {"شاهد", "شهود", "شهد"}, "fa": {"گواه"}, "tr": {"tanı"}, "fr": {"témoin", "attest"}},
	}
}

// glossary is the stems with what finds each term in an English text.
type glossary struct {
	stems map[string]map[string][]string
	terms map[string]*regexp.Regexp
}

func newGlossary() glossary {
	g := glossary{stems(), map[string]*regexp.Regexp{}}
	for term := range g.stems {
		g.terms[term] = regexp.MustCompile(`\b` + term + `s?\b`)
	}
	return g
}

// strays says which terms an English text has that its translation has no word for. A term that the translation
// keeps as it is, is a code or a command.
func (g glossary) strays(language, english, text string) (out []string) {
	english, text = strings.ToLower(english), strings.ToLower(text)
	for term, found := range g.terms {
		if !strings.Contains(english, term) || !found.MatchString(english) || strings.Contains(text, term) {
			continue
		}
		if !slices.ContainsFunc(g.stems[term][language], func(stem string) bool { return strings.Contains(text, stem) }) {
			out = append(out, term)
		}
	}
	return out
}

// TestEachTermHasOneWord: where English names one of these, every language has its own word for it there, in texts
// and in refusals.
func TestEachTermHasOneWord(t *testing.T) {
	english, texts, g := load(t, "en"), 0, newGlossary()
	for _, language := range Languages()[1:] {
		c := load(t, language)
		for _, key := range english.Keys() {
			texts++
			if got := g.strays(language, strings.Join(spoken(t, english, key), " / "), strings.Join(spoken(t, c, key), " / ")); got != nil {
				t.Errorf("%s: %s has no word for %q: %q", language, key, got, spoken(t, c, key))
			}
		}
		for from, to := range refusalsOf(t, language).Texts {
			texts++
			if got := g.strays(language, from, to); got != nil {
				t.Errorf("%s: %q has no word for %q: %q", language, from, got, to)
			}
		}
	}
	if texts < 7*2000 {
		t.Errorf("only %d texts were looked at", texts)
	}
}

// TestAStrayTermIsFound holds that the test above can fail, and that the words it knows are those of the glossary.
func TestAStrayTermIsFound(t *testing.T) {
	g := newGlossary()
	for _, c := range []struct{ language, english, text, want string }{
		{"ru", "the transcript ends", "протокол кончается", "transcript"},
		{"ru", "the transcripts end", "журналы кончаются", ""},
		{"fr", "a conflict", "un conflit", "conflict"},
		{"he", "see parley conflict list", "ראו parley conflict list", ""},
		{"tr", "no receipt, no witness", "makbuz yok, tanık yok", "receipt"},
	} {
		if got := strings.Join(g.strays(c.language, c.english, c.text), " "); got != c.want {
			t.Errorf("%s: %q for %q strays in %q, not %q", c.language, c.text, c.english, got, c.want)
		}
	}
	for _, language := range Languages()[1:] {
		c := load(t, language)
		for key, term := range map[string]string{"field.conflict": "conflict", "field.receipt": "receipt", "field.separation": "separation", "call.distress": "distress"} {
			if got := g.strays(language, term, c.Word(key)); got != nil {
				t.Errorf("%s: the glossary says %q, which has no stem of %q", language, c.Word(key), term)
			}
		}
	}
}
