package catalogue

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/bidi"
	"pgregory.net/rapid"
)

// tester is what testing.TB and rapid.T have in common.
type tester interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// directions returns what of a line is beside its isolates, by the Unicode bidirectional algorithm as
// golang.org/x/text has it: an arrow, and then what runs that way. An isolate is one star. Of two
// lines with the same answer a screen shows what is beside the isolates in the same places.
func directions(t tester, c *Catalogue, line string) string {
	t.Helper()
	base := bidi.LeftToRight
	if c.RightToLeft() {
		base = bidi.RightToLeft
	}
	var p bidi.Paragraph
	if _, err := p.SetString(line, bidi.DefaultDirection(base)); err != nil {
		t.Fatal(err)
	}
	order, err := p.Order()
	if err != nil {
		t.Fatal(err)
	}
	of := isolates(t, line)
	var out strings.Builder
	at, in, way := 0, 0, bidi.Neutral
	for i := range order.NumRuns() {
		run := order.Run(i)
		for _, r := range run.String() {
			if of[at] == 0 && run.Direction() != way {
				way = run.Direction()
				out.WriteString(map[bidi.Direction]string{bidi.LeftToRight: "→", bidi.RightToLeft: "←"}[way])
			}
			switch {
			case of[at] == 0:
				out.WriteRune(r)
			case of[at] != in:
				out.WriteByte('*')
			}
			in = of[at]
			at++
		}
	}
	if at != len(of) {
		t.Fatalf("only %d of %d runes were ordered: %q", at, len(of), line)
	}
	return out.String()
}

// isolates says of each rune of a line in which outermost isolate it is, from 1; 0 for none.
func isolates(t tester, line string) (of []int) {
	t.Helper()
	depth, count := 0, 0
	for _, r := range line {
		if string(r) == firstStrong || string(r) == leftToRight {
			if depth++; depth == 1 {
				count++
			}
		}
		if depth > 0 {
			of = append(of, count)
		} else {
			of = append(of, 0)
		}
		if string(r) == endIsolate {
			if depth--; depth < 0 {
				t.Fatalf("an isolate ends that did not begin: %q", line)
			}
		}
	}
	if depth != 0 {
		t.Fatalf("an isolate does not end: %q", line)
	}
	return of
}

// hostile are texts that try to turn what is beside them about.
func hostile() []string {
	return []string{
		"\u202e red", "red\u202d", "\u2067red", "red\u2069\u202e", "\u2069\u2069\u2069", "red\n2026", "\u202bred\u202c", "\u2066\u2067\u2068",
		"שלום\u202e", "\u200fאדום 12", "الأحمر\u2069 34", "red\u2028", "a\u0000b", "١٢", "5", "-", "", "\u061c7",
	}
}

// TestANameCannotTurnTheLineAbout: whatever a party calls itself, the figures of the line stay where
// they are on the screen.
func TestANameCannotTurnTheLineAbout(t *testing.T) {
	for _, language := range Languages() {
		c := load(t, language)
		rapid.Check(t, func(t *rapid.T) {
			name := rapid.OneOf(rapid.SampledFrom(hostile()), rapid.StringOf(rapid.SampledFrom([]rune("aא1ب\u0663-(\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200f\u200e")))).Draw(t, "name")
			say := func(name string) string {
				return c.Say(Say("notice.not-confirmed", ByPeople("by", name), At("due", Second, time.Date(2026, 12, 1, 18, 40, 5, 0, time.UTC)),
					SayIn("acts", Say("acts.duty", ByPeople("by", name), SayIn("said", Say("contact.second-none", ByPeople("party", name)))))))
			}
			calm := "red"
			if !c.RightToLeft() {
				calm = "אדום" // has an isolate in every language
			}
			line := say(name)
			if !c.RightToLeft() && !turns(name) {
				if got := directions(t, c, line); got != "→"+line || strings.ContainsAny(line, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\n") {
					t.Fatalf("%s: %q shows %q", language, line, got)
				}
				return
			}
			if got, want := directions(t, c, line), directions(t, c, say(calm)); got != want {
				t.Fatalf("%s: %q shows\n%s\nand not\n%s", language, name, got, want)
			}
		})
	}
}

// TestFiguresRunFromLeftToRight: a date after Arabic letters would turn its parts about, were it not in
// an isolate.
func TestFiguresRunFromLeftToRight(t *testing.T) {
	day := time.Date(2026, 12, 1, 18, 40, 0, 0, time.UTC)
	for _, language := range []string{"ar", "he", "fa"} {
		line := load(t, language).Say(Say("notice.revalidate", At("day", Minute, day)))
		if !strings.Contains(line, leftToRight+"2026-12-01 18:40Z"+endIsolate) {
			t.Errorf("%s: %q", language, line)
		}
	}
	if got, want := load(t, "en").Say(Say("notice.revalidate", At("day", Minute, day))), "must be confirmed before 2026-12-01 18:40Z"; got != want {
		t.Errorf("en: %q", got)
	}
}
