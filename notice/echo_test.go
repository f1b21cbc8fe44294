package notice

import (
	"slices"
	"strings"
	"testing"

	"parley/geo4d"
)

func TestEcho(t *testing.T) {
	n := testFlight()
	n.UncertaintyM = 50
	got := saidBack(t, Echo(n, testTowns()))
	want := []string{
		`blue-7: crewed flight, "survey"`,
		"circle of 9.3 km round 35.93000 N 36.63000 E, near somewhere; area 269 km2",
		"from Wed 2 Dec 2026 08:00Z to 09:30Z (1 h 30 min)",
		"from 0 m above mean sea level to flight level 240",
		"every position is uncertain by 50 m",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s", strings.Join(got, "\n"))
	}
	site := testSite()
	site.Volumes = append(site.Volumes, site.Volumes[0])
	site.Volumes[1].Shape = square(36, 35, 36.1, 35.1)
	lines := strings.Join(saidBack(t, Echo(site, nil)), "\n")
	for _, part := range []string{"volume 2 of 2: polygon of 4 corners; area 10", "without an end", "all altitudes", "  35.10000 N 36.10000 E"} {
		if !strings.Contains(lines, part) {
			t.Errorf("no %q in\n%s", part, lines)
		}
	}
	words := Notice{ID: "s-1", Kind: Flight, Place: "northern Syria", Window: geo4d.Window{Start: at(18, 40), End: at(19, 40)}}
	lines = strings.Join(saidBack(t, Echo(words, nil)), "\n")
	for _, part := range []string{`"northern Syria"`, "the whole area of the agreement", "18:40Z"} {
		if !strings.Contains(lines, part) {
			t.Errorf("no %q in\n%s", part, lines)
		}
	}
	many := testFlight()
	for range 200 {
		many.Volumes = append(many.Volumes, many.Volumes[0])
	}
	if e := saidBack(t, Echo(many, nil)); len(e) > 200 || !strings.Contains(e[len(e)-1], "151 further volumes") {
		t.Errorf("%d lines, last %q", len(e), e[len(e)-1])
	}
}
