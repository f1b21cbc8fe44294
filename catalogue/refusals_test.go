package catalogue

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/go-json-experiment/json"

	"parley/fault"
)

func refusalsOf(t *testing.T, language string) (f refusalFile) {
	t.Helper()
	data, err := refusals.ReadFile("refusals/" + language + ".json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &f, json.RejectUnknownMembers(true)); err != nil {
		t.Fatalf("%s: %v", language, err)
	}
	return f
}

// TestEveryRefusalIsKnownAgain: each text of the English list, with various things in its placeholders, is
// taken for itself and for no other text, and what stood in it comes out again.
func TestEveryRefusalIsKnownAgain(t *testing.T) {
	list := refusalsOf(t, "en").English
	texts := map[string]string{}
	for i, english := range list {
		holes := placeholder().FindAllString(english, -1)
		texts[english] = strings.Join(append([]string{fmt.Sprint("#", i)}, holes...), "|")
	}
	c := &Catalogue{Language: "en", refuses: newSayer(texts)}
	fillings := [][]string{{"7", "12", "3", "40", "5", "6", "8", "9", "10"}, {"blue", "red", "N", "E", "x", "y", "z", "u", "v"},
		{"flight, area, site", "2026-12-01T18:00:00Z", "a/b#7", "35.4", "W", "-1", "0", "FL240", "40000 ft"}}
	for i, english := range list {
		for _, fill := range fillings {
			said, want := english, fmt.Sprint("#", i)
			for n, hole := range placeholder().FindAllString(english, -1) {
				said = strings.Replace(said, hole, fill[n], 1)
				want += "|" + fill[n]
			}
			got := c.Refusal(said)
			if strings.Contains(fill[0], ", ") { // it may be cut elsewhere, but is the same text
				got, want = got[:strings.IndexByte(got+"|", '|')], fmt.Sprint("#", i)
			}
			if got != want {
				t.Errorf("%q is taken for another than %q: %s and not %s", said, english, got, want)
			}
		}
	}
}

// codes are what a translation leaves as it is: commands, options, figures, and names with signs in them.
func codes(text string) []string {
	var out []string
	for _, word := range strings.Fields(placeholder().ReplaceAllString(text, " ")) {
		word = strings.Trim(word, ` ,;:.()"`)
		if word == "parley" || strings.HasPrefix(word, "--") || strings.ContainsAny(word, "_@=#") || strings.ContainsFunc(word, unicode.IsDigit) {
			out = append(out, word)
		}
	}
	return out
}

// TestRefusalsAreTranslated: every language has every text, with the same placeholders, the codes of the
// English and no other English word. While new texts wait to be translated, a file says how many it misses.
func TestRefusalsAreTranslated(t *testing.T) {
	list := refusalsOf(t, "en").English
	for _, language := range Languages()[1:] {
		f := refusalsOf(t, language)
		if f.Language != language || len(f.English) > 0 {
			t.Errorf("%s: says it is %q, or lists the English", language, f.Language)
		}
		if missing := len(list) - len(f.Texts); missing != f.Missing || missing != 0 {
			t.Errorf("%s: misses %d texts, and says %d: translate them", language, missing, f.Missing)
		}
		for _, english := range slices.Sorted(maps.Keys(f.Texts)) {
			if _, ok := slices.BinarySearch(list, english); !ok {
				t.Errorf("%s: %q is no text of the English list", language, english)
			}
			for _, wrong := range untrue(language, english, f.Texts[english]) {
				t.Errorf("%s: %q says %q: %s", language, english, f.Texts[english], wrong)
			}
		}
	}
}

// untrue returns what is wrong with a translation.
func untrue(language, english, text string) (wrong []string) {
	holes := func(s string) []string { return slices.Sorted(slices.Values(placeholder().FindAllString(s, -1))) }
	if !slices.Equal(holes(english), holes(text)) {
		wrong = append(wrong, "has other placeholders")
	}
	for _, code := range codes(english) {
		if !strings.Contains(text, code) {
			wrong = append(wrong, "lacks "+code)
		}
	}
	if own := script(language); own != nil {
		for _, word := range regexp.MustCompile(`[A-Za-z][A-Za-z-]*`).FindAllString(placeholder().ReplaceAllString(text, " "), -1) {
			if !strings.Contains(strings.ToLower(english), strings.ToLower(word)) {
				wrong = append(wrong, "has the word "+word+", which is not in the English")
			}
		}
		if !strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(own, r) }) && regexp.MustCompile(`[a-z]{2}.* `).MatchString(english) &&
			len(codes(english)) == 0 && !command(strings.Fields(english)[0]) {
			wrong = append(wrong, "is not translated")
		}
	}
	for _, r := range text {
		joiner := language == "fa" && r == '\u200c'
		if !joiner && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) || unicode.IsDigit(r) && (r < '0' || r > '9') {
			wrong = append(wrong, fmt.Sprintf("has the character %U", r))
		}
	}
	if text == "" || strings.TrimSpace(text) != text {
		wrong = append(wrong, "is empty, or begins or ends with a space")
	}
	for _, stem := range forbidden()[language] {
		if strings.Contains(allowedWords().Replace(" "+strings.ToLower(text)), stem) {
			wrong = append(wrong, "has the forbidden "+stem)
		}
	}
	return wrong
}

// script is the letters of a language that is not written in Latin ones.
func script(language string) *unicode.RangeTable {
	return map[string]*unicode.RangeTable{"ar": unicode.Arabic, "fa": unicode.Arabic, "he": unicode.Hebrew, "ru": unicode.Cyrillic, "uk": unicode.Cyrillic}[language]
}

// said is a catalogue with refusals of its own.
func said(t *testing.T, language string, texts map[string]string) *Catalogue {
	t.Helper()
	c := load(t, language)
	c.refuses = newSayer(texts)
	return c
}

func TestARefusalIsSaidInTheLanguage(t *testing.T) {
	ru := said(t, "ru", map[string]string{
		"must be at most {1} bytes":               "не больше {1} байт",
		"must be {1}":                             "должно быть {1}",
		"is {1}, and the line is in epoch {2}":    "на линии {2}, а это {1}",
		"is barred: {1}":                          "запрещено: {1}",
		"list them: parley notice list":           "перечень: parley notice list",
		"a site is never moved":                   "объект не переносят",
		"is with {1}, which is known by voice":    "с {1}, известным по голосу",
		"is in the one form, and {1} is the next": "форма одна, и {1} следующая",
	})
	cases := map[string]string{
		"must be at most 64 bytes":                       "не больше 64 байт",
		"must be red":                                    "должно быть red",
		"is 3, and the line is in epoch 4":               "на линии 4, а это 3",
		"is barred: a site is never moved":               "запрещено: \u2068объект не переносят\u2069",
		"is barred: weather":                             "запрещено: weather",
		"list them: parley notice list":                  "перечень: parley notice list",
		"nobody wrote this down":                         "nobody wrote this down",
		"must be ":                                       "must be ",
		"note: must be 3; list them: parley notice list": "note: должно быть 3; перечень: parley notice list",
		`note "a: \"b": must be 3`:                       `note "a: \"b": должно быть 3`,
		"must be שלום":                                   "должно быть \u2068שלום\u2069",
		"must be a\u202eb\tc":                            "должно быть ab c",
		"is with {1}, which is known by voice":           "с {1}, известным по голосу",
	}
	for english, want := range cases {
		if got := ru.Refusal(english); got != want {
			t.Errorf("%q is said %q, and not %q", english, got, want)
		}
	}
}

func TestARefusalFromRightToLeftIsolatesWhatRunsTheOtherWay(t *testing.T) {
	he := said(t, "he", map[string]string{
		"must be {1}":                                "חייב להיות {1}",
		"list them: parley notice list --all":        "לרשימה: parley notice list --all.",
		"see {1}: parley conflict show {2}":          "ראו {1}: parley conflict show {2}",
		"write 1 to 32 of a-z (or https://{1})":      "כתבו 1 עד 32 מתוך a-z (או https://{1})",
		`write {"rows": [...]}; or -1`:               `כתבו {"rows": [...]}; או -1`,
		"is missing":                                 "חסר",
		"choose one of {1}: parley line phrases, -o": "בחרו אחד מ-{1}: parley line phrases, -o",
	})
	cases := map[string]string{
		"must be כחול":                                "חייב להיות \u2068כחול\u2069",
		"list them: parley notice list --all":         "לרשימה: \u2066parley notice list --all\u2069.",
		"see red: parley conflict show ab12":          "ראו \u2068red\u2069: \u2066parley conflict show \u2068ab12\u2069\u2069",
		"write 1 to 32 of a-z (or https://x.y)":       "כתבו 1 עד 32 מתוך \u2066a-z\u2069 (או \u2066https://\u2068x.y\u2069\u2069)",
		`write {"rows": [...]}; or -1`:                "כתבו \u2066{\"rows\": [...]}\u2069; או \u2066-1\u2069",
		"choose one of a, b: parley line phrases, -o": "בחרו אחד מ-\u2068a, b\u2069: \u2066parley line phrases, -o\u2069",
		"nobody translated it":                        "\u2066nobody translated it\u2069",
	}
	for english, want := range cases {
		if got := he.Refusal(english); got != want {
			t.Errorf("%q is said\n%q, and not\n%q", english, got, want)
		}
	}
	e := fault.New("volumes[2].end", "מחר", "is missing", "must be soon")
	if got, want := he.Refuse(e), "\u2066volumes[2].end\u2069 \u2068\"מחר\"\u2069: חסר; חייב להיות \u2068soon\u2069"; got != want {
		t.Errorf("the refusal is\n%q, and not\n%q", got, want)
	}
}

// TestRefuseSaysNothingFromInside: neither the operation nor the cause is in what is said.
func TestRefuseSaysNothingFromInside(t *testing.T) {
	e := &fault.Error{Code: fault.Unavailable, Op: "store.commit", Field: "audit", Rule: "cannot be written", Err: fmt.Errorf("/var/lib secret")}
	for _, language := range Languages() {
		if text := load(t, language).Refuse(e); strings.Contains(text, "secret") || strings.Contains(text, "store.commit") || !strings.Contains(text, "audit") {
			t.Errorf("%s says %q", language, text)
		}
	}
}

// FuzzRefusal: whatever a node answers, it is said in bounded time, on one line and with whole isolates.
func FuzzRefusal(f *testing.F) {
	for _, text := range []string{"must be at most 3 bytes", "is barred: is barred: is barred: x", "\u2069a\u202e", strings.Repeat("must be ", 2000)} {
		f.Add(text)
	}
	var cats []*Catalogue
	for _, language := range []string{"ru", "he"} {
		c, err := Load(language)
		if err != nil {
			f.Fatal(err)
		}
		c.refuses = newSayer(map[string]string{"must be at most {1} bytes": "{1}", "is barred: {1}": "x {1}", "must be {1}": "y {1} z parley {1}"})
		cats = append(cats, c)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, c := range cats {
			got := c.Refusal(text)
			depth := 0
			for _, r := range got {
				switch {
				case r == '\n', r >= 0x202a && r <= 0x202e:
					t.Fatalf("%q is said with %U", text, r)
				case r >= 0x2066 && r <= 0x2068:
					depth++
				case r == 0x2069:
					depth--
				}
				if depth < 0 {
					t.Fatalf("%q leaves its isolate: %q", text, got)
				}
			}
			if depth != 0 {
				t.Fatalf("%q does not end its isolates: %q", text, got)
			}
		}
	})
}
