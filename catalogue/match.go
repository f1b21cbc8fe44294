package catalogue

import (
	"sort"
	"strconv"
	"strings"
)

// Languages returns the tags of the languages that there are catalogues of, English first.
func Languages() []string { return []string{"en", "ar", "fr", "he", "fa", "ru", "tr", "uk"} }

// Find returns the language of a BCP 47 tag ("pt" for "pt-BR"), and whether there is a catalogue of it.
func Find(tag string) (language string, ok bool) {
	primary, _, _ := strings.Cut(strings.ReplaceAll(strings.TrimSpace(tag), "_", "-"), "-")
	for _, l := range Languages() {
		if strings.EqualFold(l, primary) {
			return l, true
		}
	}
	return "en", false
}

// Slug is how a code of several words stands in a key: "read back" as read-back.
func Slug(code string) string { return strings.ReplaceAll(code, " ", "-") }

// maxWishes bounds how many languages of a list are looked at.
const maxWishes = 32

// Match returns the language that an Accept-Language header (RFC 9110, 12.5.4) likes best of those that
// there are. False where it likes none, and English is returned.
func Match(accept string) (language string, ok bool) {
	type wish struct {
		language string
		q        float64
	}
	var list []wish
	for i, item := range strings.Split(accept, ",") {
		if i == maxWishes {
			break
		}
		tag, param, _ := strings.Cut(item, ";")
		q := 1.0
		if name, text, found := strings.Cut(param, "="); found && strings.EqualFold(strings.TrimSpace(name), "q") {
			var err error
			if q, err = strconv.ParseFloat(strings.TrimSpace(text), 64); err != nil {
				continue
			}
		}
		if found, ok := Find(tag); ok && q > 0 && q <= 1 {
			list = append(list, wish{found, q})
		}
	}
	if len(list) == 0 {
		return "en", false
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].q > list[j].q })
	return list[0].language, true
}
