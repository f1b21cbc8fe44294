package notice

import (
	"math"
	"strings"
	"testing"
	"time"

	"parley/fault"
	"parley/geo4d"
)

func TestValidateRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		base   func() Notice
		change func(*Notice)
		field  string
	}{
		"no id":               {testFlight, func(n *Notice) { n.ID = "" }, "id"},
		"id with a slash":     {testFlight, func(n *Notice) { n.ID = "../x" }, "id"},
		"long id":             {testFlight, func(n *Notice) { n.ID = strings.Repeat("a", 65) }, "id"},
		"version":             {testFlight, func(n *Notice) { n.Version = -1 }, "version"},
		"kind":                {testFlight, func(n *Notice) { n.Kind = "strike" }, "kind"},
		"flight on land":      {testFlight, func(n *Notice) { n.Domain = Land }, "domain"},
		"movement in the air": {testMovement, func(n *Notice) { n.Domain = Air }, "domain"},
		"class of movement":   {testMovement, func(n *Notice) { n.Class = Crewed }, "class"},
		"class":               {testFlight, func(n *Notice) { n.Class = "large" }, "class"},
		"uncertainty":         {testFlight, func(n *Notice) { n.UncertaintyM = math.NaN() }, "uncertainty_m"},
		"negative":            {testFlight, func(n *Notice) { n.UncertaintyM = -1 }, "uncertainty_m"},
		"speed":               {testFlight, func(n *Notice) { n.SpeedMPS = math.Inf(1) }, "speed_mps"},
		"speed of convoy":     {testMovement, func(n *Notice) { n.SpeedMPS = 300 }, "speed_mps"},
		"speed of site":       {testSite, func(n *Notice) { n.SpeedMPS = 1 }, "speed_mps"},
		"persons":             {testFlight, func(n *Notice) { n.Persons = -1 }, "persons"},
		"no language":         {testFlight, func(n *Notice) { n.Text = []Text{{"", "hello"}} }, "text[0].language"},
		"bad language":        {testFlight, func(n *Notice) { n.Text = []Text{{"english!", "hello"}} }, "text[0].language"},
		"long text":           {testFlight, func(n *Notice) { n.Text = []Text{{"en", strings.Repeat("é", MaxText+1)}} }, "text[0].text"},
		"two lines":           {testFlight, func(n *Notice) { n.Title = "a\nb" }, "title"},
		"escape":              {testFlight, func(n *Notice) { n.Place = "a\x1b[2J" }, "place"},
		"override":            {testFlight, func(n *Notice) { n.Title = "a\u202eb" }, "title"},
		"not UTF-8":           {testFlight, func(n *Notice) { n.Cargo = "\xff" }, "cargo"},
		"no end":              {testFlight, func(n *Notice) { n.Volumes[0].Window.End = time.Time{} }, "volumes[0].properties.end"},
		"no start":            {testFlight, func(n *Notice) { n.Volumes[0].Window.Start = time.Time{} }, "volumes[0].properties.start"},
		"ends at start":       {testFlight, func(n *Notice) { n.Volumes[0].Window.End = n.Volumes[0].Window.Start }, "volumes[0].properties.end"},
		"expiry of flight":    {testFlight, func(n *Notice) { n.Expires = at(8, 0) }, "expires"},
		"expired site":        {testSite, func(n *Notice) { n.Expires = testNow }, "expires"},
		"itself":              {testFlight, func(n *Notice) { n.Supersedes = n.ID }, "supersedes"},
		"no shape":            {testFlight, func(n *Notice) { n.Volumes[0].Shape = nil }, "volumes[0].geometry"},
		"NaN radius":          {testFlight, func(n *Notice) { n.Volumes[0].Shape = circle(1, 2, math.NaN()) }, "volumes[0].properties.radius_m"},
		"no place at all":     {testFlight, func(n *Notice) { n.Volumes = nil; n.Window = geo4d.Window{Start: at(8, 0), End: at(9, 0)} }, "volumes"},
		"words, no time":      {testFlight, func(n *Notice) { n.Volumes = nil; n.Place = "the north" }, "window.start"},
		"words, turned time": {testFlight, func(n *Notice) {
			n.Volumes = nil
			n.Place = "the north"
			n.Window = geo4d.Window{Start: at(9, 0), End: at(8, 0)}
		}, "window.end"},
		"both":              {testFlight, func(n *Notice) { n.Sector = "north" }, "window"},
		"source":            {testFlight, func(n *Notice) { n.Source.Format = "pdf" }, "source.format"},
		"medical area":      {testSite, func(n *Notice) { n.EmergencyMedical = true }, "emergency_medical"},
		"too many volumes":  {testFlight, func(n *Notice) { n.Volumes = make([]geo4d.Volume, MaxVolumes+1) }, "volumes"},
		"too many vertices": {testFlight, manyVertices, "volumes"},
	} {
		n := c.base()
		c.change(&n)
		_, err := Validate(n, Context{Now: testNow})
		found := false
		for _, f := range fault.All(err) {
			found = found || f.Field == c.field
			if f.Rule == "" || f.Hint == "" {
				t.Errorf("%s: no rule or no hint: %v", name, f)
			}
		}
		if !found {
			t.Errorf("%s: want field %s, got %v", name, c.field, err)
		}
	}
	// Every rule that is broken is told at once.
	n := testFlight()
	n.ID, n.Kind, n.UncertaintyM = "", "x", -1
	if _, err := Validate(n, Context{Now: testNow}); len(fault.All(err)) != 3 {
		t.Errorf("%v", err)
	}
}

// manyVertices gives n 10,001 positions in eleven volumes.
func manyVertices(n *Notice) {
	v := n.Volumes[0]
	n.Volumes = nil
	for range 11 {
		line := make([]geo4d.Position, 910)
		for i := range line {
			line[i] = geo4d.Position{LonDeg: 36 + float64(i)/1e4, LatDeg: 35}
		}
		v.Shape = geo4d.Corridor{Line: line, HalfWidthM: 100}
		n.Volumes = append(n.Volumes, v)
	}
}

func TestWarnings(t *testing.T) {
	for name, c := range map[string]struct {
		base   func() Notice
		change func(*Notice)
		code   string
		want   bool
	}{
		"plain":               {testFlight, func(n *Notice) {}, "", false},
		"long flight":         {testFlight, func(n *Notice) { n.Volumes[0].Window.End = at(8, 1).AddDate(0, 0, 1) }, WarnLongFlight, true},
		"a day's flight":      {testFlight, func(n *Notice) { n.Volumes[0].Window.End = at(8, 0).AddDate(0, 0, 1) }, WarnLongFlight, false},
		"past":                {testFlight, func(n *Notice) { n.Volumes[0].Window.Start = testNow.Add(-time.Minute) }, WarnStarted, true},
		"over":                {testFlight, func(n *Notice) { n.Volumes[0].Window = geo4d.Window{Start: testNow.Add(-time.Hour), End: testNow} }, WarnOver, true},
		"words only":          {testFlight, func(n *Notice) { n.Place, n.Window, n.Volumes = "the north", n.Volumes[0].Window, nil }, WarnIncomplete, true},
		"person":              {testFlight, func(n *Notice) { n.Contact = "Captain Smith" }, WarnContact, true},
		"no contact":          {testFlight, func(n *Notice) { n.Contact = "" }, WarnContact, true},
		"desk with extension": {testFlight, func(n *Notice) { n.Contact = "duty desk 555 ext 2" }, WarnContact, false},
		"town far off":        {testFlight, func(n *Notice) { n.Place = "over Latakia" }, WarnPlace, true},
		"town here":           {testFlight, func(n *Notice) { n.Place = "over Idlib" }, WarnPlace, false},
		"town by distance":    {testFlight, func(n *Notice) { n.Place = "80 km east of Latakia" }, WarnPlace, false},
		"title, far side":     {testFlight, func(n *Notice) { n.Title = "Reading of Instruments" }, WarnPlace, false},
		"title, near":         {testFlight, func(n *Notice) { n.Title = "Survey of Latakia" }, WarnPlace, true},
		"9 km off the airfield": {testFlight, func(n *Notice) {
			n.Volumes[0].Shape = circle(40.1408, 35.3359+0.0811, 500)
			n.Place = "Deir ez-Zor airfield"
		}, WarnPlace, true},
		"local as UTC":         {testFlight, func(n *Notice) { n.Text = []Text{{"en", "starts 0800 local."}} }, WarnZone, true},
		"local rightly":        {testFlight, func(n *Notice) { n.Text = []Text{{"en", "starts 1000 LT, ends 1130L"}} }, WarnZone, false},
		"local, summer time":   {testFlight, func(n *Notice) { n.Text = []Text{{"en", "starts at 11:00 local time"}} }, WarnZone, false},
		"zulu off by the zone": {testFlight, func(n *Notice) { n.Text = []Text{{"en", "from 0600Z"}} }, WarnZone, true},
		"zulu rightly":         {testFlight, func(n *Notice) { n.Text = []Text{{"en", "from 0800Z to 0930Z"}} }, WarnZone, false},
		"no mark, off by zone": {testFlight, func(n *Notice) { n.Title = "flight at 10:00" }, WarnZone, true},
		"no mark, other time":  {testFlight, func(n *Notice) { n.Title = "flight at 17:45" }, WarnZone, false},
		"a height, not a time": {testFlight, func(n *Notice) { n.Title = "climb to 1000 ft, year 2010" }, WarnZone, false},
		"an offset given":      {testFlight, func(n *Notice) { n.Title = "at 10:00+02:00" }, WarnZone, false},
		"Greenwich":            {testFlight, func(n *Notice) { n.Volumes[0].Shape = circle(0, 51, 500); n.Text = []Text{{"en", "0800 local"}} }, WarnZone, false},
		"day convoy":           {testMovement, func(n *Notice) {}, WarnNight, false},
		"night convoy":         {testMovement, func(n *Notice) { n.Volumes[0].Window = geo4d.Window{Start: at(19, 0), End: at(21, 0)} }, WarnNight, true},
		"night convoy, white":  {testMovement, func(n *Notice) { atNight(n); n.Markings = "white, emblem on the roof" }, WarnNight, true},
		"night convoy, beacon": {testMovement, func(n *Notice) { atNight(n); n.Markings = "IR beacon on the roof" }, WarnNight, false},
		"night convoy, Arabic": {testMovement, func(n *Notice) { atNight(n); n.Markings = "أضواء" }, WarnNight, false},
		"coarse":               {testFlight, func(n *Notice) { n.Volumes[0].Shape = circle(37, 35, 170_000) }, WarnCoarse, true},
	} {
		n := c.base()
		c.change(&n)
		ws := mustValidate(t, n, Context{Now: testNow, Places: testTowns()})
		if c.code == "" && len(ws) > 0 || c.code != "" && has(ws, c.code) != c.want {
			t.Errorf("%s: %+v", name, ws)
		}
	}
}

// TestZoneSlipOfAStartInThePast tells a flight under way from one whose zone slipped.
func TestZoneSlipOfAStartInThePast(t *testing.T) {
	for _, c := range []struct {
		name       string
		lon        float64
		start, end time.Duration // from now
		want       bool
	}{
		{"the zone back, under way", 36.6, -2*time.Hour - 4*time.Minute, time.Hour, false},
		{"the zone back, ends next day", 36.6, -2 * time.Hour, 20 * time.Hour, false},
		{"an hour more, under way", 36.6, -3 * time.Hour, time.Minute, false},
		{"the zone back, over", 36.6, -2*time.Hour - 4*time.Minute, -time.Hour, true},
		{"nearly the zone back, over", 36.6, -2*time.Hour + 10*time.Minute, -30 * time.Minute, true},
		{"the zone back, over just now", 36.6, -2 * time.Hour, 0, true},
		{"two hours and a half, over", 36.6, -150 * time.Minute, -time.Hour, false},
		{"five hours, not the zone, over", 36.6, -5 * time.Hour, -4 * time.Hour, false},
		{"four hours back and running", 60, -4 * time.Hour, time.Hour, true},
		{"eight hours back and running", -120, -8*time.Hour + time.Minute, time.Hour, true},
		{"eight hours back and a half", -120, -8*time.Hour - 30*time.Minute, time.Hour, false},
		{"to come", -120, 8 * time.Hour, 9 * time.Hour, false},
		{"Greenwich", 0, -2 * time.Hour, -time.Hour, false},
	} {
		n := testFlight()
		n.Volumes[0].Shape = circle(c.lon, 35.93, 9_260)
		n.Volumes[0].Window = geo4d.Window{Start: testNow.Add(c.start), End: testNow.Add(c.end)}
		if ws := mustValidate(t, n, Context{Now: testNow}); has(ws, WarnZone) != c.want {
			t.Errorf("%s: %+v", c.name, ws)
		}
	}
}

func atNight(n *Notice) { n.Volumes[0].Window = geo4d.Window{Start: at(19, 0), End: at(21, 0)} }

// TestSun holds the formula against what the geometry of solstices and equinoxes gives: at the
// meridian the sun stands at 90 degrees less the latitude, plus its declination.
func TestSun(t *testing.T) {
	for _, c := range []struct {
		name     string
		lon, lat float64
		at       string
		want     float64
	}{
		{"Greenwich, June solstice noon", 0, 51.4779, "2026-06-21T12:02:00Z", 61.96},
		{"Greenwich, December solstice noon", 0, 51.4779, "2026-12-21T11:58:00Z", 15.09},
		{"equator, March equinox noon", 0, 0, "2026-03-20T12:07:00Z", 90},
		{"north pole, June solstice", 0, 90, "2026-06-21T08:24:00Z", 23.44},
	} {
		when, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := SunElevation(geo4d.Position{LonDeg: c.lon, LatDeg: c.lat}, when); math.Abs(got-c.want) > 0.5 {
			t.Errorf("%s: %.2f, want %.2f", c.name, got, c.want)
		}
	}
}
