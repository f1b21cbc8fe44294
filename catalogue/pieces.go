package catalogue

import (
	"strings"
	"unicode"
)

// piece is a part of a text that runs from right to left: words of the language, or what runs from left
// to right whatever is beside it.
type piece struct {
	text  string
	fixed bool
}

// pieces cuts a text into what is the language's and what is not: commands, codes, names of files and
// figures with signs in them, with the spaces and placeholders between. A command takes the placeholder
// that follows it along: it is its argument.
func pieces(text string) []piece {
	words := strings.SplitAfter(text, " ")
	var out []piece
	add := func(s string, fixed bool) {
		switch n := len(out); {
		case s == "":
		case n > 0 && out[n-1].fixed == fixed:
			out[n-1].text += s
		default:
			out = append(out, piece{s, fixed})
		}
	}
	for i := 0; i < len(words); {
		if !foreign(words[i]) {
			add(words[i], false)
			i++
			continue
		}
		end := i + 1
		for next := end; next < len(words); next++ {
			if foreign(words[next]) || command(words[i]) && next == end && onlyPlaceholder(words[next]) {
				end = next + 1
			} else if !neutral(words[next]) {
				break
			}
		}
		before, run, after := bare(strings.Join(words[i:end], ""))
		add(before, false)
		add(run, true)
		add(after, false)
		i = end
	}
	return out
}

// bare cuts off what belongs to the sentence: a bracket without its other, and the signs at the end.
func bare(run string) (before, bare, after string) {
	bare = strings.TrimRight(run, " ,;:؛،.")
	if strings.HasSuffix(bare, ")") && strings.Count(bare, ")") > strings.Count(bare, "(") {
		bare = strings.TrimSuffix(bare, ")")
	}
	after = run[len(bare):]
	if strings.HasPrefix(bare, "(") && strings.Count(bare, "(") > strings.Count(bare, ")") {
		before, bare = "(", bare[1:]
	}
	return before, bare, after
}

// foreign reports whether a word has to run from left to right: it has Latin letters or figures with
// more than digits, and no letter of another script.
func foreign(word string) bool {
	word = strings.Trim(placeholder().ReplaceAllString(word, ""), " ,;:؛،.()«»\"")
	latin, signs := false, strings.ContainsAny(word, "[{")
	for _, r := range word {
		switch {
		case r < unicode.MaxASCII && unicode.IsLetter(r):
			latin = true
		case unicode.IsLetter(r):
			return false
		case unicode.IsDigit(r):
		case strings.ContainsFunc(word, unicode.IsDigit):
			signs = true
		}
	}
	return latin || signs
}

// neutral reports whether a word is signs, a number or a placeholder: it goes with what is round it.
func neutral(word string) bool {
	return !strings.ContainsFunc(placeholder().ReplaceAllString(word, ""), unicode.IsLetter)
}

func onlyPlaceholder(word string) bool { return placeholder().MatchString(word) && neutral(word) }

// command reports whether a word begins what is typed.
func command(word string) bool {
	switch strings.Trim(word, " \"") {
	case "parley", "chmod", "ssh-add", "openssl":
		return true
	}
	return false
}
