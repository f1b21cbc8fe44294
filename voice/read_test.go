package voice

import (
	"strings"
	"testing"

	"parley/fault"
	"parley/geo4d"
)

func TestReadBackRefused(t *testing.T) {
	right := examplePages(t)["blue-7"].Lines()
	for text, want := range map[string]string{
		"":                         "read-back: says nothing",
		" \n;\n":                   "read-back: says nothing",
		"35 24.6 N 035 57 E":       "read-back: does not begin with a field",
		"colour: blue":             "read-back: does not begin with a field",
		"radius 2: 5 NM":           "read-back: does not begin with a field",
		"volume 101 lower: open":   "read-back: does not begin with a field",
		"position 0: 1 N 1 E":      "read-back: does not begin with a field",
		"lower:":                   "lower: is empty",
		"lower: open\nlower: open": "lower: given twice",
		"position 2: 1 N 1 E":      "position 2: position 1 is due",
		"position 1: 35 24.6 N 35 57 E, check AK":                              "position 1: check group of 3 letters",
		"position 1: 35 24.6 N 35 57 E, check AKTT":                            "position 1: check group of 3 letters",
		"position 1: 35 24.6 N 35 57 E, check AKI":                             "position 1: check group of 3 letters",
		"position 1: 35 24.6 N 35 57 E, check":                                 "position 1: does not belong",
		"place: north, check AK":                                               "place: check group of 3 letters",
		"page: ABCD":                                                           "page: has no check group",
		"radius: 0 m":                                                          "radius: more than 0",
		"version: two point five":                                              "version: whole number",
		"page: check AAAA\nlower: open":                                        "lower: after the check group of the page",
		"lower: open\npage: check AAAA":                                        "page: says not what you read",
		"version: 1, check alfa alfa alfa":                                     "version: says not what you read",
		"volume 2 position 1: 35 N":                                            "volume 2 position 1: EAST or WEST",
		strings.Join(right[1:], "\n"):                                          "page: a field is missing",
		strings.Join(append([]string{right[1], right[0]}, right[2:]...), "\n"): "page: out of order",
		strings.Repeat("x", MaxReadBackBytes+1):                                "read-back: at most",
		strings.Repeat("a\n", maxReadBackLines+1):                              "read-back: lines",
		"place: \xff":                                                          "read-back: UTF-8",
	} {
		_, err := ParseReadBack(text, testNow)
		field, part, _ := strings.Cut(want, ": ")
		if err == nil || fault.All(err)[0].Field != field || !strings.Contains(err.Error(), part) {
			t.Errorf("%q: %v; want %s", fault.Shorten(text), err, want)
		}
	}
}

func TestEveryWrongFieldIsNamed(t *testing.T) {
	_, err := ParseReadBack("position 1: 35 24.6 N 35 57, check AKT\nlower: open\nupper: 500\nfrom: 1805Z", testNow)
	var fields []string
	for _, e := range fault.All(err) {
		fields = append(fields, e.Field)
		if e.Hint == "" {
			t.Errorf("%v says no way to mend it", e)
		}
	}
	if got := strings.Join(fields, ", "); got != "position 1, upper, from" {
		t.Errorf("got %s", got)
	}
}

// TestToleratedForms reads one position with its check group however the group is written.
func TestToleratedForms(t *testing.T) {
	p := geo4d.Position{LatDeg: 35.41, LonDeg: 35.95}
	group := FieldGroup(canonicalField(0, FieldPosition, 1, canonicalPosition(p)))
	for _, text := range []string{
		"position 1: 35 24.6 N 035 57 E, check " + group,
		"POSITION 1: 35 24.6 N 035 57 E CHECK GROUP " + strings.ToLower(group),
		"Position  wun : 35° 24' 36\" N, 35° 57' 0\" E; ",
		"centre: 35,41 N 35,95 E (check " + Spell(group) + ")",
		"corner: tree fife degrees too fower decimal six minutes north, zero tree fife degrees fife seven minutes east. group: " +
			strings.Join(strings.Split(group, ""), " "),
	} {
		rb, err := ParseReadBack(text, testNow)
		if err != nil || len(rb.Volumes) != 1 || len(rb.Volumes[0].Positions) != 1 || canonicalPosition(rb.Volumes[0].Positions[0]) != canonicalPosition(p) {
			t.Errorf("%q: %+v, %v", text, rb, err)
		}
	}
}

func TestWhatIsSaidOfAllHoldsForEachVolume(t *testing.T) {
	rb, err := ParseReadBack("volume 1 position 1: 1 N 1 E\nvolume 2 position 1: 2 N 2 E\nradius: 5 NM\nlower: open\nvolume 2 lower: FL100\nuntil: open", testNow)
	if err != nil || len(rb.Volumes) != 2 {
		t.Fatal(rb, err)
	}
	a, b := rb.Volumes[0], rb.Volumes[1]
	if a.RadiusM != 9260 || b.RadiusM != 9260 || !a.Lower.Open || b.Lower.Open || !a.Until.Open || !b.Until.Open || a.From.Said {
		t.Errorf("%+v %+v", a, b)
	}
}

func FuzzParseReadBack(f *testing.F) {
	for _, p := range examplePages(f) {
		f.Add(strings.Join(p.Lines(), "\n"))
		f.Add(p.Text())
	}
	f.Add("centre: 35,41 N 35,95 E; radius: 5 NM; lower: gnd; upper: fl 45; from: now; until: 241805Z nov 26")
	f.Add("volume 2 position wun: tree fife degrees north, zero east, check alfa kilo tango")
	notices := exampleNotices(f)
	f.Fuzz(func(t *testing.T, text string) {
		rb, err := ParseReadBack(text, testNow)
		if err != nil {
			for _, e := range fault.All(err) {
				if e.Code == fault.Internal || e.Field == "" || e.Rule == "" {
					t.Errorf("%q: %v is no answer to a person", text, err)
				}
			}
			return
		}
		for _, v := range rb.Volumes {
			for _, p := range v.Positions {
				back, err := ParsePosition(shortMinutes(p))
				if err != nil || canonicalPosition(back) != canonicalPosition(p) {
					t.Errorf("%v is written %s and read %v, %v", p, shortMinutes(p), back, err)
				}
			}
		}
		for _, n := range notices {
			r := Compare(n, rb, DefaultTolerances(), nil)
			if r.Same != (len(r.Differences) == 0) {
				t.Errorf("%+v", r)
			}
		}
	})
}
