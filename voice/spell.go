package voice

import (
	"strings"
	"unicode"
)

// letterWords is the ICAO spelling alphabet, Annex 10 Volume II, 5.2.1.3.
var letterWords = [26]string{
	"Alfa", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Golf", "Hotel", "India", "Juliett", "Kilo", "Lima", "Mike",
	"November", "Oscar", "Papa", "Quebec", "Romeo", "Sierra", "Tango", "Uniform", "Victor", "Whiskey", "X-ray", "Yankee", "Zulu",
}

// numberWords are the digits as ICAO has them spoken, Annex 10 Volume II, 5.2.1.4.3.
var numberWords = [10]string{"zero", "wun", "too", "tree", "fower", "fife", "six", "seven", "ait", "niner"}

// heard is how else the words for letters and digits are written.
var heard = map[string]rune{
	"ALPHA": 'A', "JULIET": 'J', "WHISKY": 'W', "XRAY": 'X',
	"ONE": '1', "TWO": '2', "THREE": '3', "TREE": '3', "FOUR": '4', "FOWER": '4', "FIVE": '5', "EIGHT": '8', "NINE": '9',
}

// Spell says each letter by its spelling word and each digit by its number word: "AK7" is "Alfa Kilo
// seven". What is neither is said by name where it has one, and otherwise left as it is.
func Spell(s string) string {
	var out []string
	for _, r := range strings.ToUpper(s) {
		switch {
		case r >= 'A' && r <= 'Z':
			out = append(out, letterWords[r-'A'])
		case r >= '0' && r <= '9':
			out = append(out, numberWords[r-'0'])
		case r == '-':
			out = append(out, "dash")
		case r == '+':
			out = append(out, "plus")
		case r == '/':
			out = append(out, "slant")
		case r == '.':
			out = append(out, "decimal")
		case unicode.IsSpace(r):
		default:
			out = append(out, string(r))
		}
	}
	return strings.Join(out, " ")
}

// Numbers says the digits of a text by their number words and leaves its other words: "35 degrees" is
// "tree fife degrees".
func Numbers(s string) string {
	var b strings.Builder
	runes := []rune(s)
	digit := func(i int) bool { return i >= 0 && i < len(runes) && runes[i] >= '0' && runes[i] <= '9' }
	for i, r := range runes {
		switch {
		case digit(i):
			b.WriteString(numberWords[r-'0'])
			if digit(i + 1) {
				b.WriteByte(' ')
			}
		case r == '.' && digit(i-1) && digit(i+1):
			b.WriteString(" decimal ")
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// spoken returns the letter or digit that a word stands for: "FOWER" is '4', "ALFA" is 'A'. The word
// is in capitals.
func spoken(word string) (rune, bool) {
	if r, ok := heard[word]; ok {
		return r, true
	}
	for i, w := range numberWords {
		if strings.EqualFold(word, w) {
			return rune('0' + i), true
		}
	}
	for i, w := range letterWords {
		if strings.EqualFold(word, w) {
			return rune('A' + i), true
		}
	}
	return 0, false
}

// numerals writes digits for the number words of a text in capitals, and closes up those that follow
// each other: "TREE FIFE DEGREES" is "35 DEGREES", "TOO FOWER DECIMAL SIX" is "24.6".
func numerals(text string) string {
	var out []string
	open := false // the last word was a spoken digit or point, to which a further one is joined
	for _, w := range strings.Fields(text) {
		bare := strings.TrimRight(w, ",")
		s := ""
		if r, ok := spoken(bare); ok && unicode.IsDigit(r) {
			s = string(r)
		} else if bare == "DECIMAL" || bare == "POINT" {
			s = "."
		}
		switch {
		case s != "" && (open || s == "." && len(out) > 0):
			out[len(out)-1] += s
		case s == "" && open && strings.HasSuffix(out[len(out)-1], ".") && unicode.IsDigit(rune(w[0])):
			out[len(out)-1] += w
		case s != "":
			out = append(out, s)
		default:
			out = append(out, w)
		}
		open = s != "" && bare == w
		if s != "" && bare != w {
			out[len(out)-1] += ","
		}
	}
	return strings.Join(out, " ")
}

// ParseGroup reads a check group of n letters, written together or apart or in spelling words.
func ParseGroup(s string, n int) (string, bool) {
	var b strings.Builder
	for _, w := range strings.FieldsFunc(strings.ToUpper(s), func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",.()", r) }) {
		if r, ok := spoken(w); ok && unicode.IsLetter(r) {
			b.WriteRune(r)
		} else {
			b.WriteString(w)
		}
	}
	got := b.String()
	if len(got) != n || strings.Trim(got, Letters) != "" {
		return "", false
	}
	return got, true
}
