package notice_test

import (
	"strings"
	"testing"
	"time"

	"parley/gazetteer"
	"parley/geo4d"
	"parley/notice"
)

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
		if echo := strings.Join(notice.Echo(n, towns), "\n"); warned != c.warned || !strings.Contains(echo, c.echo) {
			t.Errorf("%s: %+v\n%s", c.name, ws, echo)
		}
	}
}
