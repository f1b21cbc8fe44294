package notam

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"parley/fault"
	"parley/geo4d"
)

// sayShape writes a shape shortly: kind, size and positions, latitude first.
func sayShape(s geo4d.Shape) string {
	at := func(ps []geo4d.Position) string {
		var out []string
		for _, p := range ps {
			out = append(out, fmt.Sprintf("%.4f,%.4f", p.LatDeg, p.LonDeg))
		}
		return strings.Join(out, " ")
	}
	switch s := s.(type) {
	case geo4d.Circle:
		return "circle " + strconv.FormatFloat(s.RadiusM, 'f', -1, 64) + " " + at([]geo4d.Position{s.Center})
	case geo4d.Polygon:
		return "polygon " + at(s.Rings[0])
	case geo4d.Corridor:
		return "corridor " + strconv.FormatFloat(s.HalfWidthM, 'f', -1, 64) + " " + at(s.Line)
	}
	return fmt.Sprintf("%T", s)
}

func sayWindow(w geo4d.Window) string {
	return w.Start.Format("0601021504") + "-" + w.End.Format("0601021504")
}

func sayBand(b geo4d.Band) string {
	say := func(a *geo4d.Altitude) string {
		if a == nil {
			return "open"
		}
		return sayAltitude(*a)
	}
	return say(b.Lower) + ".." + say(b.Upper)
}

// shapesOf and windowsOf are the areas and windows of which the volumes are the product.
func shapesOf(n Notam) []string {
	var out []string
	for _, v := range n.Volumes {
		if s := sayShape(v.Shape); !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

func windowsOf(n Notam) []string {
	var out []string
	for _, v := range n.Volumes {
		if s := sayWindow(v.Window); !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

func refusedItems(n Notam) []string {
	var out []string
	for _, r := range n.Refusals {
		out = append(out, r.Item)
	}
	return out
}

func codes(n Notam) []string {
	var out []string
	for _, w := range n.Warnings {
		out = append(out, string(w.Code))
	}
	return out
}

// one reads a text that holds one NOTAM.
func one(t *testing.T, text string) Notam {
	t.Helper()
	ns, err := Read([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if len(ns) != 1 {
		t.Fatalf("%d NOTAMs, want 1", len(ns))
	}
	if (len(ns[0].Volumes) == 0) != (len(ns[0].Refusals) > 0 || ns[0].Type == Cancel) {
		t.Fatalf("%d volumes beside %v", len(ns[0].Volumes), ns[0].Refusals)
	}
	return ns[0]
}

func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n got %q\nwant %q", what, got, want)
	}
}

// The NOTAMs of testdata/notams.txt, each with what its text proves and why.
func TestPublished(t *testing.T) {
	text, err := os.ReadFile("testdata/notams.txt")
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile("testdata/README.md")
	if err != nil {
		t.Fatal(err)
	}
	if sum := sha256.Sum256(text); !strings.Contains(string(readme), hex.EncodeToString(sum[:])) {
		t.Error("testdata/README.md does not give the checksum of notams.txt")
	}
	ns, err := Read(text)
	if err != nil {
		t.Fatal(err)
	}
	daily := func(from, to int, month, clock string) (out []string) {
		for d := from; d <= to; d++ {
			a, b, _ := strings.Cut(clock, "-")
			out = append(out, fmt.Sprintf("%s%02d%s-%s%02d%s", month, d, a, month, d, b))
		}
		return out
	}
	tests := []struct {
		id, cancels, kind, title string
		shapes, windows          []string
		band                     string
		refused, warned          []string
	}{
		{
			// Two dated windows, with a slash between date and time. "WI AREA" proves an area, so
			// the list of four that does not come back is closed.
			id: "A2734/24", kind: "hazard", title: "GUN FIRING WILL TAKE PLACE WI AREA",
			shapes:  []string{"polygon 34.3564,49.9403 34.4344,50.0225 34.3833,50.1183 34.3014,50.0894 34.3564,49.9403"},
			windows: []string{"2408071130-2408071430", "2408080430-2408080730"},
			band:    "open..12000 ft AMSL", warned: []string{"ring-closed"},
		},
		{
			// D lists the days 18 and 22. The window of the 22nd passes midnight and would start
			// after C. It may mean 18 to 22, or 18 alone, or C may be a day early: none is proven.
			id: "A2334/26", kind: "hazard", title: "GUN FIRING EXER WILL TAKE PLACE WI COORD AS FLW", refused: []string{"D"},
		},
		{
			id: "A4321/18", cancels: "A4304/18", kind: "area",
			title:   "TEMPO RESTRICTED AREA - NO FLY ZONE ACTIVATED AT STURETERMINALEN PSN",
			shapes:  []string{"circle 3704 60.6333,4.8333"},
			windows: []string{"1811141216-1812312359"},
			band:    "open..2000 ft AMSL", warned: []string{"estimated-end"},
		},
		{
			// E also names 600 m AGL: F and G win, and the difference is said.
			id: "C1764/26", kind: "hazard", title: "UAS/UAV ACT WILL TAKE PLACE AT YERUHAM, FM GND UP TO 600M AGL",
			shapes:  []string{"circle 555.6 30.9719,34.9336"},
			windows: daily(23, 27, "2608", "0300-1430"),
			band:    "open..3700 ft AMSL", warned: []string{"limits-differ"},
		},
		{
			// Part 2 of 3, sunrise, and an area by name alone.
			id: "W0902/22", kind: "area", title: "R-AREA LS-R7 HONGRIN ACT DUE TO FRNG", refused: []string{"A", "D", "E"},
			warned: []string{"estimated-end"},
		},
		{
			id: "E2150/26", kind: "area", title: "TEMPO RESTRICTED AREA ACT AS FLW",
			shapes:  []string{"circle 3333.6 36.5289,126.3272"},
			windows: []string{"2608010000-2608310900"},
			band:    "open..500 ft AMSL",
		},
		{
			// The area lies outside the circle of its own Q line; E wins and the officer is told.
			id: "A4703/26", kind: "area", title: "A TEMPORARY RESTRICTED AREA ESTABLISHED BOUNDED BY ...",
			shapes:  []string{"polygon 23.1100,116.4700 23.6783,117.7403 23.5033,117.8325 22.9722,116.5422 23.1100,116.4700"},
			windows: []string{"2609172330-2609180330"},
			band:    "open..open", warned: []string{"limits-differ", "far-from-q"},
		},
		{
			// Daily without the word: 31 days.
			id: "G0736/21", kind: "hazard", title: "REMOTELY PILOTED AIRCRAFT SYSTEM (RPAS) ACT WILL TAKE PLACE",
			shapes:  []string{"circle 1852 25.2167,51.4667"},
			windows: append(daily(14, 30, "2106", "0430-1630"), daily(1, 14, "2107", "0430-1630")...),
			band:    "open..330 ft AGL",
		},
		{
			// Two areas, two windows a day. On the 20th both windows are over before B.
			id: "B1145/14", kind: "hazard", title: "SPECIAL OPS (AEROSPACE FLT ACT) WILL BE CONDUCTED BY CHINA",
			shapes: []string{
				"polygon 19.6000,118.5167 19.5500,119.5667 19.1000,119.5500 19.1500,118.5000 19.6000,118.5167",
				"polygon 19.1833,124.3000 19.0833,125.2500 18.6500,125.2000 18.7333,124.2667 19.1833,124.3000",
			},
			windows: []string{"1412210100-1412210430", "1412210600-1412210900", "1412220100-1412220430", "1412220600-1412220900"},
			band:    "open..FL 666", warned: []string{"estimated-end", "schedule-span", "schedule-span"},
		},
	}
	if len(ns) != len(tests) {
		t.Fatalf("%d NOTAMs, want %d", len(ns), len(tests))
	}
	for i, tt := range tests {
		n := ns[i]
		t.Run(strings.ReplaceAll(tt.id, "/", "-"), func(t *testing.T) {
			same(t, "heading", []string{n.SourceID, n.Cancels, string(n.Kind), n.Title}, []string{tt.id, tt.cancels, tt.kind, tt.title})
			same(t, "shapes", shapesOf(n), tt.shapes)
			same(t, "windows", windowsOf(n), tt.windows)
			same(t, "refused", refusedItems(n), tt.refused)
			same(t, "warned", codes(n), tt.warned)
			if len(n.Volumes) != len(tt.shapes)*len(tt.windows) {
				t.Errorf("%d volumes", len(n.Volumes))
			}
			for _, v := range n.Volumes {
				if got := sayBand(v.Band); got != tt.band {
					t.Errorf("band %s, want %s", got, tt.band)
				}
			}
			if !strings.Contains(string(text), n.Text) || !strings.HasPrefix(n.Text, tt.id) {
				t.Errorf("the text is not as given: %q", n.Text)
			}
		})
	}
}

func TestReadRefusesFiles(t *testing.T) {
	for _, text := range []string{"", "\n\n", "hello", "\x00\x01\xff\xfe", "CHECKLIST YEAR=2026 0001 0002", "A1234/26", "NOTAMN"} {
		if ns, err := Read([]byte(text)); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v, %v", text, ns, err)
		}
	}
	if _, err := Read(make([]byte, MaxBytes+1)); !fault.Is(err, fault.TooLarge) {
		t.Errorf("too large: %v", err)
	}
	if _, err := Read([]byte(strings.Repeat("A0001/26 NOTAMN\n", MaxNotams+1))); !fault.Is(err, fault.TooLarge) {
		t.Errorf("too many: %v", err)
	}
}

// A NOTAM without each item in turn is refused by that item, and by no other.
func TestMissingItems(t *testing.T) {
	lines := map[string]string{
		"B": "B) 2608010600", "C": "C) 2608011200", "E": "E) FIRING WI 2NM RADIUS OF 3500N03600E", "F": "F) SFC", "G": "G) FL100",
	}
	for _, missing := range []string{"B", "C", "E", "F", "G"} {
		text := "A0001/26 NOTAMN\nQ) OSTT/QWMLW/IV/BO/W/000/100/3500N03600E002\nA) OSTT\n"
		for _, item := range []string{"B", "C", "E", "F", "G"} {
			if item != missing {
				text += lines[item] + "\n"
			}
		}
		same(t, "without "+missing, refusedItems(one(t, text)), []string{missing})
	}
}
