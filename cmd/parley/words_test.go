package main

import (
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

func TestTimesAreNeverShownAsMoreThanTheyAre(t *testing.T) {
	for s, want := range map[float64]string{
		0: "0 s", 0.9: "0 s", 59.9: "59 s", 60: "1 min", 3599.9: "59 min 59 s", 3600: "1 h", 7830: "2 h 10 min",
		86399: "23 h 59 min", 86400: "1 d", 4523045: "52 d 8 h", 86460: "1 d", -61: "minus 1 min 1 s",
	} {
		if got := seconds(s); got != want {
			t.Errorf("seconds(%v) = %q, want %q", s, got, want)
		}
	}
	if got, want := exactly(90061), "1 d 1 h 1 min 1 s"; got != want {
		t.Errorf("exactly: %q, want %q", got, want)
	}
}

func TestNamesOfEntriesAndIDsAreShort(t *testing.T) {
	line := strings.Repeat("3f", 32)
	for long, want := range map[string]string{
		"parley/" + line + "/2/b#7": "2/b#7", "blue-7": "blue-7", "1/a#0": "1/a#0", "parley/" + line + "/2/b#x": "parley/" + line + "/2/b#x",
	} {
		if got := shortEntry(long); got != want {
			t.Errorf("shortEntry(%q) = %q, want %q", long, got, want)
		}
	}
	if got := shortID(line); got != line[:12] {
		t.Errorf("shortID: %q", got)
	}
	if got := shortID("blue-7"); got != "blue-7" {
		t.Errorf("shortID of another id: %q", got)
	}
}

// tongueOf is what a command says in a language.
func tongueOf(t *testing.T, language string) tongue {
	t.Helper()
	out, err := speaks{Lang: language}.tongue()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestTitled(t *testing.T) {
	english := tongueOf(t, "en")
	titled := func(kind, title string) string { return english.Say(titledMessage(kind, title)) }
	if got, want := titled("flight", "survey"), `flight "survey"`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := titled("flight", ""), "flight"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := titled("flight", strings.Repeat("é", 500)); len([]rune(got)) > 70 {
		t.Errorf("a long title is not shortened: %s", got)
	}
}

func TestWindowsInTables(t *testing.T) {
	at := time.Date(2027, 1, 15, 18, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		start, end time.Time
		want       string
	}{
		{at, at.Add(90 * time.Minute), "19:30Z"},
		{at, at.Add(90*time.Minute + time.Second), "19:30:01Z"},
		{at, at.Add(7 * time.Hour), "2027-01-16 01:00Z"},
		{at, time.Time{}, "-"},
		{time.Time{}, at, "2027-01-15 18:00Z"},
	} {
		if got := briefEnd(c.start, c.end); got != c.want {
			t.Errorf("briefEnd(%s, %s) = %q, want %q", c.start, c.end, got, c.want)
		}
	}
}

func TestRefusalsNameAFieldOnce(t *testing.T) {
	for _, c := range [][3]string{
		{"notices[b1].properties.start", `properties.start "0600": has no offset`, `notices[b1].properties.start "0600": has no offset`},
		{"volumes[0].geometry", `volumes[0].geometry: too far`, `volumes[0].geometry: too far`},
		{"E", "no shape is given", "E: no shape is given"},
		{"party", `party "red": is not the party`, `party "red": is not the party`},
	} {
		if got := refusal(c[0], c[1]); got != c[2] {
			t.Errorf("refusal(%q, %q) = %q, want %q", c[0], c[1], got, c[2])
		}
	}
}

func TestFieldValuesInTheLog(t *testing.T) {
	line := strings.Repeat("3f", 32)
	for v, want := range map[string]string{
		`"parley/` + line + `/1/a#0"`: "1/a#0", `"` + line + `"`: line[:12], `"crew told"`: `"crew told"`, `3`: "3", `{"a":"b"}`: `{"a":"b"}`, `"two\nlines"`: `"two\nlines"`,
	} {
		if got := fieldValue(jsontext.Value(v)); got != want {
			t.Errorf("fieldValue(%s) = %s, want %s", v, got, want)
		}
	}
}
