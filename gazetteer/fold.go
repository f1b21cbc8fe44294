package gazetteer

import (
	"strings"
	"unicode"
)

// maxName is how many bytes of a name are looked at; no town's is longer.
const maxName = 200

// fold brings the spellings of a name to one: small letters without accents, apostrophes or
// combining marks, words divided by one space.
func (g *Gazetteer) fold(name string) string {
	if len(name) > maxName {
		return ""
	}
	var b strings.Builder
	gap := false
	for _, r := range name {
		base, known := g.folds[r]
		switch {
		case !known && unicode.IsSpace(r), r == '-', r == '/', r == ',', r == '\u2010', r == '\u2013':
			gap = b.Len() > 0
			continue
		case !known && !unicode.IsLetter(r) && !unicode.IsDigit(r):
			continue
		case unicode.Is(unicode.Lm, r): // the half rings that stand for ayn and hamza
			continue
		}
		if gap {
			b.WriteByte(' ')
			gap = false
		}
		if known {
			b.WriteString(base)
		} else {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}
