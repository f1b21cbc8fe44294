// Package foreign finds, for tests, what was left in English in a text of a language with another
// script. What may stand in Latin letters in every language is decided here, and said in
// docs/reference/languages.md.
package foreign

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Latin returns the words with Latin letters in a text that is not in English, French or Turkish, in
// their order. It does not return what stays as it is in every language: times and dates, positions,
// figures with their unit, ids and hashes, the names of entries, and a command to type with what follows
// it. The caller names what else may stand there: names of parties, officers and notices, titles, what
// people typed. Where one is a whole word, or several, it is passed over, and not as part of a word.
func Latin(text string, allowed ...string) []string {
	text = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Bidi_Control, r) {
			return 0 // a letter before an isolate is of another word
		}
		return r
	}, text)
	allowed = slices.Clone(allowed)
	slices.SortFunc(allowed, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	for _, a := range allowed {
		text = without(text, a)
	}
	if !strings.ContainsFunc(text, latin) {
		return nil
	}
	text = command.ReplaceAllString(text, "$1\x00")
	for range 2 { // two that stand side by side share the sign between them: the second needs a second look
		text = everywhere.ReplaceAllString(text, "$1\x00$2")
	}
	var out []string
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return !wordly(r) && r != '-' && r != '_' && r != '.' }) {
		if strings.ContainsFunc(word, latin) {
			out = append(out, strings.Trim(word, "-_."))
		}
	}
	return out
}

// command is a command to type, or to look at, to its end: words in ASCII.
var command = regexp.MustCompile(`(^|[^\pL\pN/])parley [a-z-]+(?: (?:[^\s\x80-\x{10ffff}]*[^\s\x80-\x{10ffff},;:.()]))*`)

// everywhere is what else stays in Latin letters in every language, with what is round it.
var everywhere = regexp.MustCompile(`(^|[^\pL\pN])(?:` + strings.Join([]string{
	// 2026-12-01T18:40:05.123Z, 2026-12-01 18:40Z, 2026-12-01 18:40:05 UTC, 18:40Z, 0552Z
	`(?:\d{4}-\d\d-\d\d[T ])?\d\d:?\d\d(?::\d\d(?:\.\d+)?)?(?: ?UTC|Z)`,
	`UTC(?:[+-]\d+(?::\d\d)?)?`,
	// 35°24'36"N 035°57'00"E, 35.41N, N3524
	`\d+(?:[.,]\d+)?°?(?:\d+(?:[.,]\d+)?['′])?(?:\d+(?:[.,]\d+)?["″])? ?[NSEW]`,
	`[NSEW] ?\d[\d.,°'′"″]*`,
	// 2000 ft, FL 240, 9.3 km, 5 NM, 269 km2, 250 m/s, 1.5s, 2h30m0s
	`[-+]?\d+(?:[.,]\d+)? ?(?:m/s|km/h|km2|km²|m2|m²|km|NM|nm|ft|FL|kt|m|kB|MiB|GiB)`,
	`FL ?\d+`,
	`-?(?:\d+h)?(?:\d+m)?\d+(?:\.\d+)?(?:ns|µs|ms|s|h|m)`,
	`WGS[ -]?84|W84|AMSL|AGL`,
	// The name of an entry, 1/a#17, of several, or of a transcript, 1/a; a hash or an id in hexadecimal; the version of a type.
	`\d+/[ab](?:#\d+(?:-\d+)?(?:@\d+)?)?`,
	`(?:sha256:|SHA256:)?[0-9a-f]{6,64}`,
	`SHA256:[A-Za-z0-9+/]{43}=?`,
	// What is read out of a key by telephone: eight groups, and the check letters after their word.
	`(?:[0-9a-f]{4} ){7}[0-9a-f]{4}, check [A-Z]{3}`,
	// A hash in base 64, as a root is printed; the id of a courier file.
	`[A-Za-z0-9+/]{43}=`,
	`[0-9A-F]{16}`,
	`Ed25519|ML-DSA-44`,
}, "|") + `)($|[^\pL\pN])`)

func latin(r rune) bool { return unicode.Is(unicode.Latin, r) }

// without takes an allowed text out where it stands as a word of its own.
func without(text, allowed string) string {
	if allowed == "" {
		return text
	}
	var b strings.Builder
	for {
		i := strings.Index(text, allowed)
		if i < 0 {
			return b.String() + text
		}
		end := i + len(allowed)
		if edge(text[:i], lastRune) && edge(text[end:], firstRune) {
			b.WriteString(text[:i] + "\x00")
		} else {
			b.WriteString(text[:end])
		}
		text = text[end:]
	}
}

// edge reports whether a word ends where rest begins, or begins where it ends.
func edge(rest string, at func(string) rune) bool { return rest == "" || !wordly(at(rest)) }

func firstRune(s string) rune { return []rune(s)[0] }

func lastRune(s string) rune { r := []rune(s); return r[len(r)-1] }

func wordly(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
}
