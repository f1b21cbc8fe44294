package notice

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/fault"
)

// Bounds of words, in characters.
const (
	MaxTitle     = 200
	MaxLine      = 500    // place, markings, cargo
	MaxShort     = 100    // sector, contact, frequency
	MaxText      = 10_000 // one text
	MaxTexts     = 10
	MaxSourceLen = 64 << 10
)

// languageRule is the shape of a BCP 47 tag, RFC 5646 section 2.1, without the private and the
// grandfathered ones.
var languageRule = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?(-([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*$`)

// LanguageFits reports whether s has the shape of a BCP 47 tag, such as "ar" or "pt-BR".
func LanguageFits(s string) bool { return languageRule.MatchString(s) }

func checkWords(n *Notice, errs *joined) {
	checkLine("title", n.Title, MaxTitle, errs)
	checkLine("place", n.Place, MaxLine, errs)
	checkLine("sector", n.Sector, MaxShort, errs)
	checkLine("contact", n.Contact, MaxShort, errs)
	checkLine("frequency", n.Frequency, MaxShort, errs)
	checkLine("markings", n.Markings, MaxLine, errs)
	checkLine("cargo", n.Cargo, MaxLine, errs)
	if len(n.Text) > MaxTexts {
		errs.add(fault.New("text", fmt.Sprint(len(n.Text)), fmt.Sprintf("must be at most %d texts", MaxTexts), "keep one a language"))
		return
	}
	for i, t := range n.Text {
		field := "text" + index(i)
		if !LanguageFits(t.Language) {
			errs.add(fault.New(field+".language", t.Language, "must be a BCP 47 language tag", "write en, ar, ru, pt-BR"))
		}
		if t.Text == "" {
			errs.add(fault.New(field+".text", "", "is empty", "leave it out"))
		}
		checkText(field+".text", t.Text, MaxText, errs)
	}
	if f := n.Source.Format; f != "" && f != "geojson" && f != "notam" {
		errs.add(fault.New("source.format", f, "must be geojson or notam", "leave the source out"))
	}
	checkLine("source.id", n.Source.ID, MaxTitle, errs)
	checkText("source.text", n.Source.Text, MaxSourceLen, errs)
}

// checkLine refuses what does not fit one line of a screen.
func checkLine(field, s string, most int, errs *joined) {
	if strings.ContainsAny(s, "\n\r\t") {
		errs.add(fault.New(field, s, "must be one line", "take out line breaks and tabs"))
		return
	}
	checkText(field, s, most, errs)
}

// checkText refuses text that is too long, that is not UTF-8, or whose control characters could
// make a screen show something else than what was said.
func checkText(field, s string, most int, errs *joined) {
	if len(s) <= most && printable(s) {
		return
	}
	if n := utf8.RuneCountInString(s); n > most {
		errs.add(fault.New(field, s, fmt.Sprintf("has %d characters; at most %d", n, most), "shorten it"))
	}
	if !utf8.ValidString(s) {
		errs.add(fault.New(field, strings.ToValidUTF8(s, "?"), "must be UTF-8", "save the text as UTF-8"))
		return
	}
	for _, r := range s {
		if unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' || r == '\u202d' || r == '\u202e' {
			errs.add(fault.New(field, fmt.Sprintf("%+q", r), "must not have control characters", "take it out"))
			return
		}
	}
}

// printable reports whether s is printable ASCII.
func printable(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// looksLikeName reports whether a contact reads like a person's name: fewer than three digits and
// no address or call sign in it. A rule of thumb, good for a warning.
func looksLikeName(contact string) bool {
	digits, letters := 0, 0
	for _, r := range contact {
		switch {
		case unicode.IsDigit(r):
			digits++
		case unicode.IsLetter(r):
			letters++
		}
	}
	return digits < 3 && letters > 0 && !strings.Contains(contact, "@")
}
