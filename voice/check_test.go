package voice

import (
	"math/rand/v2"
	"testing"
)

// isoGroup is the check characters of a pure system of ISO 7064 with two of them: the number that text
// and check characters make leaves 1.
func isoGroup(s system, alphabet, text string) string {
	var digits []int
	for _, v := range values(text) {
		if alphabet[0] == 'A' {
			v -= 10
		}
		digits = append(digits, v)
	}
	c := (s.modulus + 1 - s.residue(0, append(digits, 0, 0))) % s.modulus
	return string([]byte{alphabet[c/s.radix], alphabet[c%s.radix]})
}

const (
	isoDigits  = "0123456789"
	isoLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
)

// The examples of ISO/IEC 7064, as its implementations repeat them (python-stdnum, iso7064 of the
// University of Cambridge, cdigit).
func TestArithmeticIsThatOfISO7064(t *testing.T) {
	for _, c := range []struct {
		s                    system
		alphabet, text, want string
	}{
		{system{modulus: 97, radix: 10}, isoDigits, "794", "44"},
		{system{modulus: 97, radix: 10}, isoDigits, "00001055949422872", "63"},
		{system{modulus: 661, radix: 26}, isoLetters, "BAISDLAFK", "BM"},
		{system{modulus: 661, radix: 26}, isoLetters, "GCJFBCIOJTLVO", "UR"},
		{system{modulus: 1271, radix: 36}, isoDigits + isoLetters, "ISO79", "3W"},
		{system{modulus: 1271, radix: 36}, isoDigits + isoLetters, "XVMZN7CD83796I1Q65VVZA", "0J"},
	} {
		if got := isoGroup(c.s, c.alphabet, c.text); got != c.want {
			t.Errorf("MOD %d-%d of %s is %s, want %s", c.s.modulus, c.s.radix, c.text, got, c.want)
		}
	}
}

// TestNoTwoErrorsMakeUpForEachOther proves what the package's documentation says of two wrong symbols,
// for every pair of places and every pair of changes: d·r^i + e·r^j is 0 only if r^(i-j) is -e/d.
func TestNoTwoErrorsMakeUpForEachOther(t *testing.T) {
	for _, c := range []struct {
		s            system
		length, tail int
	}{{fieldSystem, 66, 31}, {pageSystem, 1830, 630}} {
		bad := make([]bool, c.s.modulus) // r^k for which some d·r^k + e is 0
		for d := 1; d < symbols; d++ {
			at := make(map[int]bool, 2*symbols)
			for e := 1; e < symbols; e++ {
				at[e], at[c.s.modulus-e] = true, true
			}
			for x := range c.s.modulus {
				if at[d*x%c.s.modulus] {
					bad[x] = true
				}
			}
		}
		power := 1
		for k := 1; k < c.length; k++ {
			if power = power * c.s.radix % c.s.modulus; bad[power] {
				t.Errorf("modulus %d: two wrong symbols %d apart can make up for each other", c.s.modulus, k)
			}
		}
		if power = power * c.s.radix % c.s.modulus; !bad[power] {
			t.Errorf("modulus %d: more than %d symbols are covered; say so", c.s.modulus, c.length)
		}
		if got := c.s.coveredTail(); got != c.tail {
			t.Errorf("modulus %d: with a wrong letter %d symbols are covered, want %d", c.s.modulus, got, c.tail)
		}
		if most := pow(len(Letters), c.s.letters); c.s.modulus > most {
			t.Errorf("modulus %d does not fit %d letters", c.s.modulus, c.s.letters)
		}
		for d := 2; d*d <= c.s.modulus; d++ {
			if c.s.modulus%d == 0 {
				t.Errorf("modulus %d is not prime: a single wrong symbol could be missed", c.s.modulus)
			}
		}
	}
}

// coveredTail counts the symbols, from the last on, of which no wrong one and a wrong letter of the group
// make up for each other.
func (s system) coveredTail() int {
	letter := map[int]bool{} // what one wrong letter changes
	for j := range s.letters {
		for e := 1; e < len(Letters); e++ {
			by := e * pow(len(Letters), j)
			letter[by%s.modulus], letter[s.modulus-by%s.modulus] = true, true
		}
	}
	for k, weight := 0, s.factor; ; k, weight = k+1, weight*s.radix%s.modulus {
		for d := 1; d < symbols; d++ {
			if letter[d*weight%s.modulus] {
				return k
			}
		}
	}
}

func pow(a, n int) int {
	out := 1
	for range n {
		out *= a
	}
	return out
}

// positionText is the canonical text of a random position.
func positionText(r *rand.Rand) string {
	return canonicalField(0, FieldPosition, 1+r.IntN(9), randomDigits(r, 7)+pick(r, "NS")+randomDigits(r, 8)+pick(r, "EW"))
}

func randomDigits(r *rand.Rand, n int) string {
	out := make([]byte, n)
	for i := range out {
		out[i] = byte('0' + r.IntN(10))
	}
	return string(out)
}

func pick(r *rand.Rand, of string) string { return string(of[r.IntN(len(of))]) }

// groupTries is how many errors of each sort are tried. The figures in the documentation are of 1,000,000.
const groupTries = 30_000

// TestGroupFigures counts what the check group of a field misses, and what two systems of ISO 7064
// would, on the same errors in positions.
func TestGroupFigures(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	iso := func(s system) func(string) string {
		return func(text string) string { return string(rune(s.residue(0, append(values(text), 0, 0)))) }
	}
	groups := []struct {
		name string
		of   func(string) string
	}{
		{"three letters", FieldGroup},
		{"MOD 1271-36", iso(system{modulus: 1271, radix: 36})},
		{"MOD 97-10", iso(system{modulus: 97, radix: 10})},
	}
	const value = len("V0POSITION1")
	for _, e := range []struct {
		name  string
		none  bool // our own group misses none of these
		tries int
		wrong func(s []byte) []byte
	}{
		{"one wrong digit or letter", true, groupTries, func(s []byte) []byte { return substitute(r, s, value, 1) }},
		{"two swapped neighbours", true, groupTries, func(s []byte) []byte {
			i := value + r.IntN(len(s)-value-1)
			s[i], s[i+1] = s[i+1], s[i]
			return s
		}},
		{"two swapped, one between", true, groupTries, func(s []byte) []byte {
			i := value + r.IntN(len(s)-value-2)
			s[i], s[i+2] = s[i+2], s[i]
			return s
		}},
		{"two wrong digits or letters", true, groupTries, func(s []byte) []byte { return substitute(r, s, value, 2) }},
		{"three wrong", false, groupTries, func(s []byte) []byte { return substitute(r, s, value, 3) }},
		{"a lost digit or letter", false, groupTries, func(s []byte) []byte {
			i := value + r.IntN(len(s)-value)
			return append(s[:i], s[i+1:]...)
		}},
		{"a doubled digit or letter", false, groupTries, func(s []byte) []byte {
			i := value + r.IntN(len(s)-value)
			return append(s[:i+1], s[i:]...)
		}},
		{"another position", false, groupTries, func([]byte) []byte { return []byte(positionText(r)) }},
	} {
		missed := make([]int, len(groups))
		tried := 0
		for range e.tries {
			right := positionText(r)
			wrong := string(e.wrong([]byte(right)))
			if wrong == right {
				continue
			}
			tried++
			for i, g := range groups {
				if g.of(right) == g.of(wrong) {
					missed[i]++
				}
			}
		}
		for i, g := range groups {
			t.Logf("%-28s %-14s misses %6d of %7d: 1 in %.0f", e.name, g.name, missed[i], tried, float64(tried)/float64(missed[i]))
		}
		if e.none && missed[0] > 0 {
			t.Errorf("%s: %d were missed", e.name, missed[0])
		}
		if share := float64(missed[0]) / float64(tried); share > 3.0/13_799 {
			t.Errorf("%s: %.6f were missed", e.name, share)
		}
	}
}

// substitute changes n symbols from a place on: a digit to another digit, a letter to another of its
// kind.
func substitute(r *rand.Rand, s []byte, from, n int) []byte {
	for _, i := range r.Perm(len(s) - from)[:n] {
		old := s[from+i]
		for s[from+i] == old {
			switch {
			case old >= '0' && old <= '9':
				s[from+i] = byte('0' + r.IntN(10))
			case old == 'N' || old == 'S':
				s[from+i] = "NS"[r.IntN(2)]
			default:
				s[from+i] = "EW"[r.IntN(2)]
			}
		}
	}
	return s
}

func TestDifferentTextsHaveDifferentSymbols(t *testing.T) {
	for _, pair := range [][2]string{{"0", ""}, {"00", "0"}, {"A-1", "A.1"}, {"A", "А"}, {"A1", "1A"}} {
		if FieldGroup(pair[0]) == FieldGroup(pair[1]) {
			t.Errorf("%q and %q have the same group", pair[0], pair[1])
		}
	}
	if PageGroup([]string{"AB", "C"}) == PageGroup([]string{"A", "BC"}) {
		t.Error("where a field ends does not count")
	}
}
