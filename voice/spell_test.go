package voice

import (
	"strings"
	"testing"
)

func TestSpell(t *testing.T) {
	for in, want := range map[string]string{
		"AKT": "Alfa Kilo Tango", "blue-7": "Bravo Lima Uniform Echo dash seven", "A0123/27": "Alfa zero wun too tree slant too seven",
		"+49 5": "plus fower niner fife", "1/b#3": "wun slant Bravo # tree", "6.8": "six decimal ait", "": "",
	} {
		if got := Spell(in); got != want {
			t.Errorf("%q is spelled %q, want %q", in, got, want)
		}
	}
}

func TestNumbersAreReadAsTheyAreSaid(t *testing.T) {
	for in, want := range map[string]string{
		"35 degrees 24.600 minutes": "tree fife degrees too fower decimal six zero zero minutes",
		"day 24, time 1805 ZULU":    "day too fower, time wun ait zero fife ZULU",
	} {
		got := Numbers(in)
		if got != want {
			t.Errorf("%q is said %q, want %q", in, got, want)
		}
		if back := numerals(strings.ToUpper(got)); back != strings.ToUpper(in) {
			t.Errorf("%q is read as %q", got, back)
		}
	}
}

func TestEveryLetterIsReadBack(t *testing.T) {
	for _, r := range Letters {
		g := string(r) + "AZ"
		if got, ok := ParseGroup(Spell(g), 3); !ok || got != g {
			t.Errorf("%s spelled is read as %q", g, got)
		}
		if got, ok := ParseGroup(" "+strings.ToLower(string(r))+" a, z", 3); !ok || got != g {
			t.Errorf("%s apart is read as %q", g, got)
		}
	}
	for _, bad := range []string{"", "AK", "AKTT", "A1T", "AIT", "AOT", "alfa kilo", "АKT"} {
		if got, ok := ParseGroup(bad, 3); ok {
			t.Errorf("%q is read as %q", bad, got)
		}
	}
}
