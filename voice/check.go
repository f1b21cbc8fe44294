package voice

import (
	"strings"
	"unicode"
)

// system is a check character system: what ISO 7064 calls a pure system, with a modulus and a radix.
// A text is the number whose digits, to the radix, are the symbols of the text after one leading 1;
// its remainder, times a factor, is written with Letters.
type system struct {
	modulus, radix, factor, letters int
}

// The two systems, found by search. The powers of the radix keep away from every ratio of two differences
// of symbols, so that no two wrong symbols within 66 (1,830 of a page) make up for each other. The
// factor keeps them away from the differences of one letter of the group too, so that a wrong symbol
// among the last 31 (630) and a wrong letter do not either. Symbols run from 0 to 36.
var (
	fieldSystem = system{modulus: 13_799, radix: 5_279, factor: 743, letters: FieldLetters}
	pageSystem  = system{modulus: 331_769, radix: 33_969, factor: 130_044, letters: PageLetters}
)

const (
	// Letters are the letters of check groups, without I and O, which are written like digits.
	Letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
	// FieldLetters and PageLetters are how many letters a check group has.
	FieldLetters, PageLetters = 3, 4

	symbols = 37 // digits, letters, and the mark of what is neither
	escape  = symbols - 1
)

// FieldGroup returns the check group of a field's canonical text.
func FieldGroup(canonical string) string { return fieldSystem.group(canonical) }

// PageGroup returns the check group of a page: of the canonical texts of its fields, in their order.
func PageGroup(canonical []string) string { return pageSystem.group(strings.Join(canonical, "|")) }

func (s system) group(text string) string {
	rest := s.residue(1, values(text)) * s.factor % s.modulus
	out := make([]byte, s.letters)
	for i := len(out) - 1; i >= 0; i-- {
		out[i] = Letters[rest%len(Letters)]
		rest /= len(Letters)
	}
	return string(out)
}

// residue returns the remainder of the number that has these digits to the radix, after a first one.
func (s system) residue(first int, digits []int) int {
	rest := first
	for _, d := range digits {
		rest = (rest*s.radix + d) % s.modulus
	}
	return rest
}

// values returns the symbols of a text: a digit or letter is one; any other rune is a mark and its
// number in four digits to the base 36. So different texts have different symbols.
func values(text string) []int {
	out := make([]int, 0, len(text))
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9':
			out = append(out, int(r-'0'))
		case r >= 'A' && r <= 'Z':
			out = append(out, int(r-'A')+10)
		default:
			n := int(r)
			out = append(out, escape, n/(36*36*36), n/(36*36)%36, n/36%36, n%36)
		}
	}
	return out
}

// canonicalWords reduces words to what a person who hears them can write down alike: letters and
// digits, in capitals. keep names further runes that count.
func canonicalWords(s, keep string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r), strings.ContainsRune(keep, r):
			return unicode.ToUpper(r)
		}
		return -1
	}, s)
}
