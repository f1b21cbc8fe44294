package notice_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/catalogue"
	"parley/gazetteer"
	"parley/geo4d"
	"parley/notice"
)

func english(t testing.TB) *catalogue.Catalogue {
	t.Helper()
	c, err := catalogue.Load("en")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func located(p geo4d.Position, place string) notice.Notice {
	return notice.Notice{ID: "n", Kind: notice.Site, Place: place, Contact: "+41 22 555 0100",
		Volumes: []geo4d.Volume{{Shape: geo4d.Circle{Center: p, RadiusM: 300}, Window: geo4d.Window{Start: time.Date(2026, 12, 2, 0, 0, 0, 0, time.UTC)}}}}
}

// TestWrongPlaces plays the wrong places of the record against the real towns: coordinates in the
// wrong order that are plausible and in the area, and a point 9 km off the town that the words name.
func TestWrongPlaces(t *testing.T) {
	towns, err := gazetteer.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, place string
		p           geo4d.Position
		warned      bool
		echo        string
	}{
		{"swapped", "clinic in Idlib", geo4d.Position{LonDeg: 35.9, LatDeg: 36.6}, true, "Turkey"},
		{"right", "clinic in Idlib", geo4d.Position{LonDeg: 36.6, LatDeg: 35.9}, false, "Idlib"},
		{"9 km off", "Deir ez-Zor airfield", geo4d.Position{LonDeg: 40.1408, LatDeg: 35.417}, true, "9 km (5 NM) north of Deir ez-Zor"},
		{"beside another town", "Damascus road, Idlib", geo4d.Position{LonDeg: 36.6, LatDeg: 35.9}, false, "Idlib"},
		{"half a world off, after a small word", "harbour of Valparaíso", geo4d.Position{LonDeg: 36.6, LatDeg: 35.9}, true, "Idlib"},
		{"half a world off, alone", "Quay 2, Valparaíso", geo4d.Position{LonDeg: 36.6, LatDeg: 35.9}, true, "Idlib"},
		{"half a world off, several words", "San Bernardo", geo4d.Position{LonDeg: 36.6, LatDeg: 35.9}, true, "Idlib"},
		{"a plain word", "North sector", geo4d.Position{LonDeg: 36.6, LatDeg: 35.9}, false, "Idlib"},
		{"two plain words", "Camp Delta", geo4d.Position{LonDeg: 36.6, LatDeg: 35.9}, false, "Idlib"},
		{"all capitals, far", "ORANGE AREA", geo4d.Position{LonDeg: 36.6, LatDeg: 35.9}, false, "Idlib"},
		{"all capitals, near", "LATAKIA RANGE", geo4d.Position{LonDeg: 36.6, LatDeg: 35.9}, true, "Idlib"},
		{"said to be off", "9 km north of Deir ez-Zor", geo4d.Position{LonDeg: 40.1408, LatDeg: 35.417}, false, "Deir ez-Zor"},
	} {
		n := located(c.p, c.place)
		ws, err := notice.Validate(n, notice.Context{Now: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC), Places: towns})
		if err != nil {
			t.Fatal(err)
		}
		warned := false
		for _, w := range ws {
			warned = warned || w.Code == notice.WarnPlace
		}
		if echo := strings.Join(notice.Lines(english(t), notice.Echo(n, towns)), "\n"); warned != c.warned || !strings.Contains(echo, c.echo) {
			t.Errorf("%s: %+v\n%s", c.name, ws, echo)
		}
	}
}

// TestPlainWordsSeldomWarn holds down false alarms: towns somewhere on earth are called Bar, Delta,
// March and Union, and the words of aviation are said everywhere.
func TestPlainWordsSeldomWarn(t *testing.T) {
	towns, err := gazetteer.Load()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("testdata/plain_words.txt")
	if err != nil {
		t.Fatal(err)
	}
	words := strings.Fields(string(text))
	at := []geo4d.Position{{LonDeg: 36, LatDeg: 35}, {LonDeg: 0, LatDeg: 51}, {LonDeg: -95, LatDeg: 38}, {LonDeg: 77, LatDeg: 28}, {LonDeg: 121, LatDeg: 31}, {LonDeg: 35, LatDeg: 48}}
	known, said, warned := 0, 0, map[string]int{}
	for _, word := range words {
		if len(towns.Find(word)) == 0 {
			continue // no form of it can warn
		}
		known++
		upper := strings.ToUpper(word)
		title := upper[:1] + word[1:]
		for _, place := range []string{title + " sector", "Camp " + title, upper + " AREA ACTIVE"} {
			for _, p := range at {
				said++
				ws, err := notice.Validate(located(p, place), notice.Context{Now: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC), Places: towns})
				if err != nil {
					t.Fatal(err)
				}
				for _, w := range ws {
					if w.Code == notice.WarnPlace {
						warned[word]++
					}
				}
			}
		}
	}
	total := 0
	for _, n := range warned {
		total += n
	}
	t.Logf("of %d words %d are towns; %d of %d notices warn: %v", len(words), known, total, said, warned)
	if known == 0 || total*20 > said {
		t.Errorf("over one in twenty warns")
	}
}

// TestWarningsOfWhatWasFiled: who reads a notice is warned of what was shown to him and of no more.
func TestWarningsOfWhatWasFiled(t *testing.T) {
	towns, err := gazetteer.Load()
	if err != nil {
		t.Fatal(err)
	}
	n := located(geo4d.Position{LonDeg: 40.1408, LatDeg: 35.417}, "Deir ez-Zor airfield")
	n.Kind, n.Contact = notice.Movement, ""
	n.Volumes[0].Window.Start = time.Date(2026, 12, 2, 19, 0, 0, 0, time.UTC)
	n.Volumes[0].Window.End = n.Volumes[0].Window.Start.Add(time.Hour)
	c := notice.Context{Now: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC), Places: towns}
	codes := func(n notice.Notice, whole bool) (out []string) {
		for _, w := range notice.Warnings(n, c, whole) {
			out = append(out, w.Code)
		}
		return out
	}
	if got := codes(n, true); !slices.Equal(got, []string{notice.WarnPlace, notice.WarnNight, notice.WarnContact}) {
		t.Errorf("of the whole: %v", got)
	}
	if got := codes(n, false); !slices.Equal(got, []string{notice.WarnPlace}) {
		t.Errorf("of a part: %v", got)
	}
	n.Place = ""
	if got := codes(n, false); len(got) != 0 || !notice.Misplaced(n, towns).IsZero() {
		t.Errorf("of a part without its words: %v, %v", got, notice.Misplaced(n, towns))
	}
	n.Place = "Deir ez-Zor airfield"
	if text := english(t).Say(notice.Misplaced(n, towns)); !strings.Contains(text, "Deir ez-Zor lies 8.") || !notice.Misplaced(n, nil).IsZero() {
		t.Errorf("the place: %q", text)
	}
}
