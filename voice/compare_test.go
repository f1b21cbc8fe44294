package voice

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/catalogue"
	"parley/gazetteer"
	"parley/geo4d"
	"parley/notice"
)

var testWindow = geo4d.Window{Start: testNow.Add(6 * time.Hour), End: testNow.Add(8 * time.Hour)}

func noticeOf(s geo4d.Shape) notice.Notice {
	return notice.Notice{ID: "n-1", Version: 1, Kind: notice.Area, Volumes: []geo4d.Volume{{Shape: s, Window: testWindow,
		Band: geo4d.Band{Upper: &geo4d.Altitude{Value: 10_000, Unit: geo4d.Feet, Reference: geo4d.AMSL}}}}}
}

const restOfIt = "\nlower: open\nupper: 10000 ft AMSL\nfrom: day 10, 1800 Z\nuntil: day 10, 2000 Z"

func square(latDeg, lonDeg, sideDeg float64) geo4d.Polygon {
	return geo4d.Polygon{Rings: [][]geo4d.Position{{{LonDeg: lonDeg, LatDeg: latDeg}, {LonDeg: lonDeg + sideDeg, LatDeg: latDeg},
		{LonDeg: lonDeg + sideDeg, LatDeg: latDeg + sideDeg}, {LonDeg: lonDeg, LatDeg: latDeg + sideDeg}, {LonDeg: lonDeg, LatDeg: latDeg}}}}
}

func TestCompare(t *testing.T) {
	circle := geo4d.Circle{Center: geo4d.Position{LatDeg: 35.41, LonDeg: 35.95}, RadiusM: 9260}
	corridor := geo4d.Corridor{Line: []geo4d.Position{{LonDeg: 36.1, LatDeg: 35.2}, {LonDeg: 36.05, LatDeg: 35.35}, {LonDeg: 35.98, LatDeg: 35.48}}, HalfWidthM: 200}
	area := square(35, 36, 0.5)
	for _, c := range []struct {
		name  string
		shape geo4d.Shape
		said  string
		want  string // the field that differs and a part of the text; "" for the same
	}{
		{"circle", circle, "centre: 35 24.6 N 35 57 E\nradius: 5 NM", ""},
		{"circle, from another map", circle, "centre: 35 24.63 N 35 57.03 E\nradius: 9300 m", ""},
		{"circle, 9 km off", circle, "centre: 35 29.5 N 35 57 E\nradius: 5 NM", "position 1: 9061 m north of what was told"},
		{"circle, the other hemisphere", circle, "centre: 35 24.6 S 35 57 E\nradius: 5 NM", "position 1: 7840 km south"},
		{"circle without its radius", circle, "centre: 35 24.6 N 35 57 E", "radius: not read back"},
		{"circle, another radius", circle, "centre: 35 24.6 N 35 57 E\nradius: 9620 m", "radius: read back 9620 m"},
		{"circle without its place", circle, "radius: 5 NM", "place: not read back"},
		{"swapped", geo4d.Circle{Center: geo4d.Position{LatDeg: 35.9, LonDeg: 36.6}, RadiusM: 500}, "centre: 36.6 N 35.9 E\nradius: 500 m", "position 1: latitude and longitude are swapped in one of the two"},
		{"circle as a drawn area", circle, "corner: 35.5 N 35.9 E\ncorner: 35.5 N 36 E\ncorner: 35.3 N 35.9 E", "place: outlines up to"},
		{"corridor", corridor, "position: 35 12 N 36 06 E\nposition: 35 21 N 36 03 E\nposition: 35 28.8 N 35 58.8 E\nhalf width: 200 m", ""},
		{"corridor from its other end", corridor, "position: 35 28.8 N 35 58.8 E\nposition: 35 21 N 36 03 E\nposition: 35 12 N 36 06 E\nhalf width: 200 m", ""},
		{"corridor with a further position on it", corridor,
			"position: 35 12 N 36 06 E\nposition: 35 16.5 N 36 04.5 E\nposition: 35 21 N 36 03 E\nposition: 35 28.8 N 35 58.8 E\nhalf width: 200 m", ""},
		{"corridor without its middle", corridor, "position: 35 12 N 36 06 E\nposition: 35 28.8 N 35 58.8 E\nhalf width: 200 m", "place: outlines up to"},
		{"corridor without its half width", corridor, "position: 35 12 N 36 06 E\nposition: 35 21 N 36 03 E\nposition: 35 28.8 N 35 58.8 E", "half width: not read back"},
		{"area", area, "corner: 35 N 36 E\ncorner: 35 N 36.5 E\ncorner: 35.5 N 36.5 E\ncorner: 35.5 N 36 E", ""},
		{"area from another corner, the other way round", area, "corner: 35.5 N 36.5 E\ncorner: 35 N 36.5 E\ncorner: 35 N 36 E\ncorner: 35.5 N 36 E", ""},
		{"area with one wrong digit", area, "corner: 35 N 36 E\ncorner: 35 N 36.4 E\ncorner: 35.5 N 36.5 E\ncorner: 35.5 N 36 E", "position 2: 9129 m west"},
		{"area with two corners exchanged", area, "corner: 35 N 36 E\ncorner: 35.5 N 36.5 E\ncorner: 35 N 36.5 E\ncorner: 35.5 N 36 E", "position 2: km"},
		{"area with a corner less", area, "corner: 35 N 36 E\ncorner: 35 N 36.5 E\ncorner: 35.5 N 36.5 E", "place: outlines up to 35 km apart"},
		{"area as middle and radius", area, "centre: 35.25 N 36.25 E\nradius: 36 km", ""},
		{"area as middle and radius, by eye", area, "centre: 35.26 N 36.27 E\nradius: 35 km", ""},
		{"area as another middle", area, "centre: 35.25 N 36.35 E\nradius: 36 km", "place: outlines up to"},
		{"area as middle without radius", area, "centre: 35.25 N 36.25 E", "place: no radius"},
		{"whole earth", geo4d.Earth{}, "keep clear of: the whole earth", ""},
		{"whole earth as a circle", geo4d.Earth{}, "centre: 35 N 36 E\nradius: 500 m", "place: told the whole earth"},
	} {
		rb, err := ParseReadBack(c.said+restOfIt, testNow)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		r := Compare(noticeOf(c.shape), rb, DefaultTolerances(), nil)
		checkResult(t, c.name, r, c.want)
		if said := fmt.Sprint(r.Differences); strings.Contains(said, "swapped") != (c.name == "swapped") {
			t.Errorf("%s: %s", c.name, said)
		}
	}
}

func checkResult(t *testing.T, name string, r Result, want string) {
	t.Helper()
	english, err := catalogue.Load("en")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range r.Differences {
		if wrong := english.Check(d.Said); len(wrong) > 0 || len(english.Check(AsHeard(d.Said))) > 0 || strings.Count(english.Say(d.Said), "; ") != strings.Count(d.Text, "; ") {
			t.Errorf("%s: by the catalogue %q, in words %q: %v", name, english.Say(d.Said), d.Text, wrong)
		}
	}
	if want == "" {
		if !r.Same || len(r.Differences) > 0 {
			t.Errorf("%s: %+v", name, r)
		}
		return
	}
	field, part, _ := strings.Cut(want, ": ")
	if r.Same || len(r.Differences) == 0 || r.Differences[0].Field != field || !strings.Contains(r.Differences[0].Text, part) {
		t.Errorf("%s: %+v, want %s", name, r, want)
	}
}

func TestCompareAltitudesAndTimes(t *testing.T) {
	n := noticeOf(geo4d.Circle{Center: geo4d.Position{LatDeg: 35, LonDeg: 36}, RadiusM: 1000})
	const place = "centre: 35 N 36 E\nradius: 1000 m\n"
	for said, want := range map[string]string{
		"lower: open\nupper: 10000 ft AMSL\nfrom: day 10, 1800 Z\nuntil: day 10, 2000 Z":                              "",
		"lower: open\nupper: 10080 ft AMSL\nfrom: day 10, 1801 Z\nuntil: day 10, 1959 Z":                              "",
		"lower: open\nupper: 3048 m AMSL\nfrom: 2027-01-10T21:00:00+03:00\nuntil: day 10, 2000 Z":                     "",
		"lower: open\nupper: 10000 ft AGL\nfrom: day 10, 1800 Z\nuntil: day 10, 2000 Z":                               "upper: another surface",
		"lower: open\nupper: FL100\nfrom: day 10, 1800 Z\nuntil: day 10, 2000 Z":                                      "upper: another surface",
		"lower: open\nupper: 10000 m AMSL\nfrom: day 10, 1800 Z\nuntil: day 10, 2000 Z":                               "upper: 6952 m (22808 ft) apart",
		"lower: open\nupper: open\nfrom: day 10, 1800 Z\nuntil: day 10, 2000 Z":                                       "upper: read back OPEN",
		"upper: 10000 ft AMSL\nfrom: day 10, 1800 Z\nuntil: day 10, 2000 Z":                                           "lower: not read back",
		"lower: open\nupper: 10000 ft AMSL\nfrom: day 10, 1500 Z\nuntil: day 10, 2000 Z":                              "from: 3h0m0s earlier",
		"lower: open\nupper: 10000 ft AMSL\nfrom: day 10, 1800 Z\nuntil: day 11, 2000 Z":                              "until: 24h0m0s later",
		"lower: open\nupper: 10000 ft AMSL\nfrom: day 10, 1800 Z\nuntil: open":                                        "until: without an end",
		"lower: open\nupper: 10000 ft AMSL\nfrom: day 10, 1800 Z":                                                     "until: not read back",
		"notice: n 2\nlower: open\nupper: 10000 ft AMSL\nfrom: day 10, 1800 Z\nuntil: day 10, 2000 Z":                 "notice: read back n 2",
		"version: 2\nlower: open\nupper: 10000 ft AMSL\nfrom: day 10, 1800 Z\nuntil: day 10, 2000 Z":                  "version: read back 2",
		"kind: flight\nlower: open\nupper: 10000 ft AMSL\nfrom: day 10, 1800 Z\nuntil: day 10, 2000 Z":                "kind: read back flight",
		"volume 2 position 1: 1 N 1 E\nlower: open\nupper: 10000 ft AMSL\nfrom: day 10, 1800 Z\nuntil: day 10, 2000Z": "volume 2: no such volume",
	} {
		rb, err := ParseReadBack(place+said, testNow)
		if err != nil {
			t.Errorf("%q: %v", said, err)
			continue
		}
		checkResult(t, said, Compare(n, rb, DefaultTolerances(), nil), want)
	}
}

func TestWrongPlaceIsSaidByItsTown(t *testing.T) {
	places, err := gazetteer.Load()
	if err != nil {
		t.Fatal(err)
	}
	n := noticeOf(geo4d.Circle{Center: geo4d.Position{LatDeg: 35.9, LonDeg: 36.6}, RadiusM: 500})
	rb, err := ParseReadBack("centre: 36.6 N 35.9 E\nradius: 500 m"+restOfIt, testNow)
	if err != nil {
		t.Fatal(err)
	}
	r := Compare(n, rb, DefaultTolerances(), places)
	if len(r.Differences) != 1 || !strings.Contains(r.Differences[0].Text, "Turkey") && !strings.Contains(r.Differences[0].Text, "Türkiye") {
		t.Errorf("%+v", r)
	}
}

func TestCompareWordsOnly(t *testing.T) {
	n := notice.Notice{ID: "s-1", Version: 1, Kind: notice.Flight, Place: "Northern sector, east of the lake", Window: testWindow}
	for said, want := range map[string]string{
		"place: northern sector east of the lake": "", "place: southern sector east of the lake": "place: told Northern", "notice: s-1": "place: not read back",
	} {
		rb, err := ParseReadBack(said+"\nlower: open\nupper: open\nfrom: day 10, 1800 Z\nuntil: day 10, 2000 Z", testNow)
		if err != nil {
			t.Fatal(err)
		}
		checkResult(t, said, Compare(n, rb, DefaultTolerances(), nil), want)
	}
}

func TestCompareCall(t *testing.T) {
	for said, want := range map[string]string{
		"position 1: 35 24.6 S 5 57.06 W\nlast seen: day 10, 1159 and 43 seconds Z\npersons: 15": "",
		"position 1: 35 24.6 N 5 57.06 W\nlast seen: day 10, 1159 Z\npersons: 15":                "position 1: km north",
		"position 1: 35 24.6 S 5 57.06 W\nlast seen: day 10, 1159 Z\npersons: 14":                "persons: read back 14",
		"position 1: 35 24.6 S 5 57.06 W\npersons: 15":                                           "last seen: not read back",
		"last seen: day 10, 1159 Z\npersons: 15":                                                 "place: not read back",
	} {
		rb, err := ParseReadBack(said, testNow)
		if err != nil {
			t.Errorf("%q: %v", said, err)
			continue
		}
		checkResult(t, said, CompareCall(distressCall(), rb, DefaultTolerances(), nil), want)
	}
}

// TestOutlinesAgainstManyPlaces holds outlinesApart against the distances between very many places on
// both outlines.
func TestOutlinesAgainstManyPlaces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func() Volume {
			v := Volume{Positions: []geo4d.Position{}}
			for range rapid.IntRange(2, 5).Draw(t, "positions") {
				v.Positions = append(v.Positions, geo4d.Position{LonDeg: 36 + rapid.Float64Range(0, 1).Draw(t, "lon"), LatDeg: 35 + rapid.Float64Range(0, 1).Draw(t, "lat")})
			}
			if len(v.Positions) == 2 {
				v.HalfWidthM = 1
			}
			if rapid.IntRange(0, 3).Draw(t, "circle") == 0 {
				v = Volume{Positions: v.Positions[:1], RadiusM: rapid.Float64Range(100, 50_000).Draw(t, "radius")}
			}
			return v
		}
		a, b := draw(), draw()
		got, _, ok := outlinesApart(&a, &b)
		if !ok {
			t.Skip("two positions are the same")
		}
		pa, pb := manyPlaces(&a), manyPlaces(&b)
		want := math.Max(farthestOfNearest(pa, pb), farthestOfNearest(pb, pa)) + math.Abs(a.HalfWidthM-b.HalfWidthM)
		// The places of the one lie at most 1/32 of an edge or 1/72 of a circle apart, of the other 1/200.
		if math.Abs(got-want) > 6000 {
			t.Errorf("outlines %.0f m apart, by many places %.0f m: %+v %+v", got, want, a, b)
		}
		if same, _, _ := outlinesApart(&a, &a); same > 0.1 {
			t.Errorf("an outline is %g m from itself", same)
		}
	})
}

func manyPlaces(v *Volume) []geo4d.Position {
	var out []geo4d.Position
	if len(v.Positions) == 1 {
		for i := range 200 {
			p, _ := geo4d.Direct(v.Positions[0], 1.8*float64(i), v.RadiusM)
			out = append(out, p)
		}
		return out
	}
	ends := v.Positions
	if v.HalfWidthM == 0 {
		ends = append(ends[:len(ends):len(ends)], ends[0])
	}
	for i := 1; i < len(ends); i++ {
		for k := range 201 {
			f := float64(k) / 200
			out = append(out, geo4d.Position{LonDeg: ends[i-1].LonDeg*(1-f) + ends[i].LonDeg*f, LatDeg: ends[i-1].LatDeg*(1-f) + ends[i].LatDeg*f})
		}
	}
	return out
}

// farthestOfNearest measures as on a map, good to 1 % in so small a place.
func farthestOfNearest(from, to []geo4d.Position) float64 {
	far := 0.0
	for _, p := range from {
		near := math.Inf(1)
		for _, q := range to {
			near = math.Min(near, math.Hypot((p.LonDeg-q.LonDeg)*111_320*math.Cos((p.LatDeg+q.LatDeg)/2*math.Pi/180), (p.LatDeg-q.LatDeg)*110_940))
		}
		far = math.Max(far, near)
	}
	return far
}

func TestWhatCannotBeMeasuredDiffers(t *testing.T) {
	bad := geo4d.Position{LonDeg: math.NaN(), LatDeg: 35}
	told := noticeOf(square(35, 36, 0.5))
	for _, v := range []Volume{
		{Positions: []geo4d.Position{bad}, RadiusM: 36_000},
		{Positions: []geo4d.Position{bad, bad, bad, bad}},
		{Positions: []geo4d.Position{{LonDeg: 36, LatDeg: 35}, {LonDeg: -144, LatDeg: -35}, bad}},
		{Positions: []geo4d.Position{{LonDeg: 36, LatDeg: 35}, {LonDeg: -144, LatDeg: -35}, {LonDeg: 36, LatDeg: 35}}},
		{Positions: []geo4d.Position{{LonDeg: 36, LatDeg: 35}, {LonDeg: 36, LatDeg: 35}, {LonDeg: 36, LatDeg: 35}}},
		{},
	} {
		if r := Compare(told, ReadBack{Volumes: []Volume{v}}, DefaultTolerances(), nil); r.Same || r.Differences[0].Text == "" || strings.HasPrefix(r.Differences[0].Field, FieldLower) {
			t.Errorf("%+v: %+v", v, r)
		}
	}
	if r := Compare(told, ReadBack{}, DefaultTolerances(), nil); r.Same || len(r.Differences) != 5 {
		t.Errorf("nothing read back: %+v", r)
	}
}
