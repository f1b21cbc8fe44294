package catalogue

import (
	"testing"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// TestFormsAreThoseOfCLDR compares the rules with golang.org/x/text, which has those of CLDR 32. Since
// CLDR 42 Hebrew has no form of its own for round tens, and French has one for whole millions, which
// Forms leaves out.
func TestFormsAreThoseOfCLDR(t *testing.T) {
	names := map[plural.Form]Form{plural.Zero: Zero, plural.One: One, plural.Two: Two, plural.Few: Few, plural.Many: Many, plural.Other: Other}
	for _, tag := range Languages() {
		for n := range 12_000 {
			want := names[plural.Cardinal.MatchPlural(language.MustParse(tag), n, 0, 0, 0, 0)]
			if tag == "he" && want == Many {
				want = Other
			}
			if got := FormOf(tag, n); got != want {
				t.Fatalf("%s: %d takes %s, not %s", tag, n, got, want)
			}
		}
	}
}

func TestFormOfIsOneOfForms(t *testing.T) {
	for _, tag := range Languages() {
		seen := map[Form]bool{}
		for n := range 1_000 {
			seen[FormOf(tag, n)] = true
		}
		for _, f := range Forms(tag) {
			if !seen[f] {
				t.Errorf("%s: no number takes %s", tag, f)
			}
			delete(seen, f)
		}
		for f := range seen {
			t.Errorf("%s: takes %s, which Forms does not have", tag, f)
		}
	}
}
