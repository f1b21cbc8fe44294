package voice

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"parley/gazetteer"
	"parley/geo4d"
	"parley/notice"
)

func examplePages(t testing.TB) map[string]Page {
	t.Helper()
	out := map[string]Page{}
	for id, n := range exampleNotices(t) {
		out[id] = NoticePage(n, testHeading, nil)
	}
	out["hold"] = CallPage(Call{ID: "1/b#3", Type: "hold", About: "blue-7", Text: "hold the flight at its start", Language: "en"}, testHeading)
	out["distress"] = CallPage(distressCall(), testHeading)
	return out
}

func distressCall() Call {
	return Call{ID: "1/a#12", Type: "distress", Text: "aircraft down", Language: "en", Position: &geo4d.Position{LatDeg: -35.41, LonDeg: -5.951},
		LastSeen: testNow.Add(-17e9), Persons: 15}
}

// caught reports whether wrong lines are found to be wrong: refused as they are read, or told apart
// from the notice.
func caught(lines []string, compare func(ReadBack) Result) bool {
	rb, err := ParseReadBack(strings.Join(lines, "\n"), testNow)
	return err != nil || !compare(rb).Same
}

// comparers hold each example's read-back against it.
func comparers(t testing.TB, tol Tolerances) map[string]func(ReadBack) Result {
	out := map[string]func(ReadBack) Result{
		"hold":     func(rb ReadBack) Result { return CompareCall(Call{}, rb, tol, nil) },
		"distress": func(rb ReadBack) Result { return CompareCall(distressCall(), rb, tol, nil) },
	}
	for id, n := range exampleNotices(t) {
		out[id] = func(rb ReadBack) Result { return Compare(n, rb, tol, nil) }
	}
	return out
}

// oneMeridian ends in an angle whose two hemispheres are one place.
var oneMeridian = regexp.MustCompile(`\b(?:0?00|180) degrees 00\.000 minutes $`)

var hemisphereWord = regexp.MustCompile(`NORTH|SOUTH|EAST|WEST`)

// wrongOnce returns every form of a line with one wrong digit, two digits swapped, a hemisphere lost or
// turned, with or without what its check group says.
func wrongOnce(line string) (digit, swap, hemisphere []string) {
	var at []int
	said, group, _ := strings.Cut(line, ", check ")
	with := func(s string) string { return s + ", check " + group }
	for i := range len(said) {
		if said[i] >= '0' && said[i] <= '9' {
			at = append(at, i)
		}
	}
	for _, i := range at {
		for d := byte('0'); d <= '9'; d++ {
			if d != said[i] {
				digit = append(digit, with(said[:i]+string(d)+said[i+1:]))
			}
		}
		for _, j := range at {
			if i < j && said[i] != said[j] {
				swap = append(swap, with(said[:i]+string(said[j])+said[i+1:j]+string(said[i])+said[j+1:]))
			}
		}
	}
	other := map[string]string{north: south, south: north, east: west, west: east}
	for _, m := range hemisphereWord.FindAllStringIndex(said, -1) {
		hemisphere = append(hemisphere, with(said[:m[0]]+said[m[1]:]))
		if !oneMeridian.MatchString(said[:m[0]]) {
			hemisphere = append(hemisphere, with(said[:m[0]]+other[said[m[0]:m[1]]]+said[m[1]:]))
		}
	}
	return digit, swap, hemisphere
}

// TestOneErrorAnywhereIsCaught makes every single error in every field of every example.
func TestOneErrorAnywhereIsCaught(t *testing.T) {
	compare := comparers(t, DefaultTolerances())
	counts := map[string]int{}
	for id, p := range examplePages(t) {
		lines := p.Lines()
		if caught(lines, compare[id]) {
			_, err := ParseReadBack(strings.Join(lines, "\n"), testNow)
			t.Fatalf("%s: the right page is refused: %v", id, err)
		}
		for i, line := range lines {
			digit, swap, hemisphere := wrongOnce(line)
			for name, list := range map[string][]string{"a wrong digit": digit, "two swapped digits": swap, "a lost or turned hemisphere": hemisphere} {
				for _, wrong := range list {
					counts[name]++
					bad := slices.Clone(lines[:len(lines)-1]) // without the page's group, so that the field's must do
					bad[i] = wrong
					if !caught(bad, compare[id]) {
						t.Errorf("%s: %s is not caught: %q", id, name, wrong)
					}
				}
			}
		}
	}
	t.Logf("all caught: %v", counts)
	for _, name := range []string{"a wrong digit", "two swapped digits", "a lost or turned hemisphere"} {
		if counts[name] < 20 {
			t.Errorf("only %d of %s were tried", counts[name], name)
		}
	}
}

// TestWrongGroupIsCaught changes each letter of each check group to each other; and looks whether a wrong
// digit of a field has a group that is one letter from the right one.
func TestWrongGroupIsCaught(t *testing.T) {
	compare := comparers(t, Tolerances{})
	both := 0
	for id, p := range examplePages(t) {
		lines := p.Lines()
		for i, line := range lines {
			at := strings.LastIndex(line, " ") + 1
			for j := at; j < len(line); j++ {
				for _, l := range Letters {
					bad := slices.Clone(lines)
					bad[i] = line[:j] + string(l) + line[j+1:]
					if bad[i] != line && !caught(bad, compare[id]) {
						t.Errorf("%s: a wrong letter of a group is not caught: %q", id, bad[i])
					}
				}
			}
			digit, _, _ := wrongOnce(line)
			for _, d := range digit {
				canonical, group, ok := canonicalOf(d)
				if !ok {
					continue
				}
				both++
				wrong, differ := FieldGroup(canonical), 0
				for k := range wrong {
					if wrong[k] != group[k] {
						differ++
					}
				}
				if differ < 2 {
					t.Errorf("%s: %q with one wrong letter in its group would fit", id, d)
				}
			}
		}
	}
	t.Logf("a wrong digit and a wrong letter of the group never fit each other, in %d wrong digits", both)
}

// canonicalOf reads one line and returns its canonical text and the check group said.
func canonicalOf(line string) (canonical, group string, ok bool) {
	r := &readBackReader{near: testNow, volumes: map[int]*Volume{}, seen: map[label]bool{}}
	before, value, _ := strings.Cut(line, ":")
	l, known := parseLabel(before)
	value, group, err := splitGroup(l, value)
	for l.name == FieldPosition && len(r.volume(1).Positions) < l.number-1 {
		r.volume(1).Positions = append(r.volume(1).Positions, geo4d.Position{})
	}
	if !known || err != nil || l.name == FieldPage {
		return "", "", false
	}
	c, err := r.take(l, value)
	return canonicalField(l.volume, l.name, l.number, c), group, err == nil
}

// TestWithoutGroupsNothingBeyondTolerancePasses leaves out all check groups: then the comparison
// alone must find every error that is larger than the tolerances.
func TestWithoutGroupsNothingBeyondTolerancePasses(t *testing.T) {
	tol := DefaultTolerances()
	passed, tried := 0, 0
	for id, n := range exampleNotices(t) {
		lines := NoticePage(n, testHeading, nil).Lines()
		lines = lines[:len(lines)-1]
		for i := range lines {
			lines[i], _, _ = strings.Cut(lines[i], ", check ")
		}
		right, err := ParseReadBack(strings.Join(lines, "\n"), testNow)
		if err != nil {
			t.Fatal(id, err)
		}
		for i, line := range lines {
			l, _ := parseLabel(line[:strings.Index(line, ":")])
			if words(l.name) {
				continue
			}
			digit, swap, _ := wrongOnce(line + ", check ")
			for _, wrong := range append(digit, swap...) {
				bad := slices.Clone(lines)
				bad[i], _, _ = strings.Cut(wrong, ", check ")
				rb, err := ParseReadBack(strings.Join(bad, "\n"), testNow)
				tried++
				if err != nil || !Compare(n, rb, tol, nil).Same {
					continue
				}
				passed++
				checkWithin(t, bad[i], right.Volumes[0], rb.Volumes[0], tol)
			}
		}
	}
	t.Logf("%d of %d errors differ by less than the tolerances and pass without a check group", passed, tried)
}

// checkWithin holds two volumes together field by field, without Compare.
func checkWithin(t *testing.T, line string, a, b Volume, tol Tolerances) {
	t.Helper()
	for i := range a.Positions {
		if d, _, _ := geo4d.Inverse(a.Positions[i], b.Positions[i]); d > tol.PositionM+roundM {
			t.Errorf("%q passes and is %.0f m off", line, d)
		}
	}
	within := func(d, most float64) {
		if d > most || d < -most {
			t.Errorf("%q passes", line)
		}
	}
	within(a.RadiusM-b.RadiusM, tol.PositionM+roundM)
	within(a.HalfWidthM-b.HalfWidthM, tol.PositionM+roundM)
	within(a.Lower.Altitude.Metres()-b.Lower.Altitude.Metres(), tol.AltitudeM+roundAltM)
	within(a.Upper.Altitude.Metres()-b.Upper.Altitude.Metres(), tol.AltitudeM+roundAltM)
	within(a.From.Time.Sub(b.From.Time).Seconds(), tol.Time.Seconds()+roundS)
	within(a.Until.Time.Sub(b.Until.Time).Seconds(), tol.Time.Seconds()+roundS)
}

// TestEveryPageReadsBackTheSame draws notices of all kinds: the page fits a sheet, what is read off it
// is the same without any tolerance, and an error in any digit is caught.
func TestEveryPageReadsBackTheSame(t *testing.T) {
	places, err := gazetteer.Load()
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		n, h := drawNotice(t), drawHeading(t)
		p := NoticePage(n, h, places)
		rows := strings.Split(strings.TrimSuffix(p.Text(), "\n"), "\n")
		if len(rows) > PageRows {
			t.Errorf("the page has %d rows", len(rows))
		}
		for _, r := range rows {
			if utf8.RuneCountInString(r) > PageColumns {
				t.Errorf("%d columns: %q", utf8.RuneCountInString(r), r)
			}
			if h.Drill && strings.Contains(r, "  "+Spell(p.Fields[0].Check)) && !strings.HasPrefix(r, "EXERCISE ") {
				t.Errorf("no EXERCISE: %q", r)
			}
		}
		lines := p.Lines()
		rb, err := ParseReadBack(strings.Join(lines, "\n"), testNow)
		if err != nil {
			t.Fatalf("%v\n%s", err, strings.Join(lines, "\n"))
		}
		if r := Compare(n, rb, Tolerances{}, nil); !r.Same {
			t.Fatalf("%+v\n%s", r.Differences, strings.Join(lines, "\n"))
		}
		i := rapid.IntRange(0, len(lines)-2).Draw(t, "line")
		digit, swap, hemisphere := wrongOnce(lines[i])
		for _, list := range [][]string{digit, swap, hemisphere} {
			if len(list) == 0 {
				continue
			}
			bad := slices.Clone(lines[:len(lines)-1])
			bad[i] = rapid.SampledFrom(list).Draw(t, "wrong")
			if !caught(bad, func(rb ReadBack) Result { return Compare(n, rb, DefaultTolerances(), nil) }) {
				t.Errorf("not caught: %q for %q", bad[i], lines[i])
			}
		}
	})
}

// TestWhatIsToldHoldsWhatIsMeant: what a page simplifies or rounds is told larger, never smaller.
func TestWhatIsToldHoldsWhatIsMeant(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := drawNotice(t)
		told, _ := Tell(n)
		for i := range n.Volumes {
			v := &n.Volumes[i]
			for _, part := range parts(v.Shape) {
				if !slices.ContainsFunc(told.Volumes, func(w Volume) bool { return holds(&w, part, v) }) {
					t.Fatalf("no volume told holds %+v", part)
				}
			}
		}
	})
}

// holds says whether what is told holds a part of a volume.
func holds(w *Volume, part geo4d.Shape, v *geo4d.Volume) bool {
	switch {
	case !w.From.Open && w.From.Time.After(v.Window.Start), w.Until.Open != v.Window.End.IsZero() && !w.Until.Open, !w.Until.Open && w.Until.Time.Before(v.Window.End):
		return false
	case !w.Lower.Open && (v.Band.Lower == nil || w.Lower.Altitude.Metres() > v.Band.Lower.Metres()+1e-6):
		return false
	case !w.Upper.Open && (v.Band.Upper == nil || w.Upper.Altitude.Metres() < v.Band.Upper.Metres()-1e-6):
		return false
	case w.Earth:
		return true
	}
	same, _ := plainVolume(part)
	if slices.Equal(same.Positions, w.Positions) {
		return w.RadiusM >= same.RadiusM && w.HalfWidthM >= same.HalfWidthM
	}
	return w.RadiusM > 0 && geo4d.Covers(geo4d.Circle{Center: w.Positions[0], RadiusM: w.RadiusM}, part)
}

func TestPageHTML(t *testing.T) {
	n := exampleNotices(t)["blue-7"]
	n.Place = `<b>"north" & more</b>`
	h := testHeading
	h.Drill = true
	p := NoticePage(n, h, nil)
	out := p.HTML()
	for _, f := range p.Fields {
		if !strings.Contains(out, ">"+f.Check+"<") {
			t.Errorf("no group of %s", f.Name)
		}
	}
	if strings.Contains(out, "<b>") || !strings.Contains(out, "&lt;b&gt;") {
		t.Error("words are not escaped")
	}
	if strings.Count(out, ">EXERCISE<") != len(p.Fields)+1 {
		t.Error("EXERCISE does not stand on every line")
	}
}

func TestManyPositionsAreToldAsACircle(t *testing.T) {
	var ring []geo4d.Position
	for i := range 200 {
		p, _ := geo4d.Direct(geo4d.Position{LatDeg: 35, LonDeg: 36}, 360*float64(i)/200, 30_000)
		ring = append(ring, p)
	}
	shape := geo4d.Polygon{Rings: [][]geo4d.Position{append(ring, ring[0])}}
	n := notice.Notice{ID: "a-1", Version: 1, Kind: notice.Area, Volumes: []geo4d.Volume{{Shape: shape}}}
	told, simpler := Tell(n)
	v := told.Volumes[0]
	if !simpler || len(v.Positions) != 1 || v.RadiusM < 30_000 || v.RadiusM > 30_100 {
		t.Errorf("told as %+v", v)
	}
	if p := NoticePage(n, testHeading, nil); len(p.Notes) != 1 {
		t.Errorf("notes %q", p.Notes)
	}
}
