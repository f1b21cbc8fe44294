package notice

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/catalogue"
	"parley/geo4d"
)

var testNow = time.Date(2026, 12, 1, 6, 0, 0, 0, time.UTC)

func at(h, m int) time.Time { return time.Date(2026, 12, 2, h, m, 0, 0, time.UTC) }

func circle(lon, lat, radius float64) geo4d.Circle {
	return geo4d.Circle{Center: geo4d.Position{LonDeg: lon, LatDeg: lat}, RadiusM: radius}
}

// testFlight is a valid crewed flight near Idlib on the day after testNow.
func testFlight() Notice {
	return Notice{
		ID: "blue-7", Version: 1, Kind: Flight, Domain: Air, Class: Crewed, Title: "survey", Contact: "+41 22 555 0100",
		Volumes: []geo4d.Volume{{
			Shape:  circle(36.63, 35.93, 9_260),
			Band:   geo4d.Band{Lower: &geo4d.Altitude{Value: 0, Unit: geo4d.Metres, Reference: geo4d.AMSL}, Upper: &geo4d.Altitude{Value: 240, Unit: geo4d.FlightLevel, Reference: geo4d.FL}},
			Window: geo4d.Window{Start: at(8, 0), End: at(9, 30)},
		}},
	}
}

func testMovement() Notice {
	n := testFlight()
	n.ID, n.Kind, n.Domain, n.Class = "convoy-1", Movement, Land, ""
	n.SpeedMPS = 10
	n.Volumes[0].Shape = geo4d.Corridor{Line: []geo4d.Position{{LonDeg: 36.6, LatDeg: 35.9}, {LonDeg: 36.7, LatDeg: 35.95}}, HalfWidthM: 200}
	n.Volumes[0].Band = geo4d.Band{}
	return n
}

func testSite() Notice {
	n := testFlight()
	n.ID, n.Kind, n.Domain, n.Class = "clinic-1", Site, Land, ""
	n.Volumes[0].Shape = circle(36.63, 35.93, 300)
	n.Volumes[0].Band = geo4d.Band{}
	n.Volumes[0].Window = geo4d.Window{Start: at(0, 0)}
	n.Expires = at(0, 0).AddDate(0, 3, 0)
	return n
}

// anyNotice draws valid notices.
func anyNotice() *rapid.Generator[Notice] {
	return rapid.Custom(func(t *rapid.T) Notice {
		line := func(name string) string {
			return rapid.StringOfN(rapid.RuneFrom([]rune("abc XYZ \"\\<é漢ر🙂")), 0, 20, -1).Draw(t, name)
		}
		n := Notice{
			ID:      rapid.StringMatching(`[A-Za-z0-9][A-Za-z0-9._:-]{0,20}`).Draw(t, "id"),
			Version: rapid.IntRange(1, 1<<40).Draw(t, "version"),
			Kind:    rapid.SampledFrom(Kinds()).Draw(t, "kind"),
			Title:   line("title"), Place: line("place"), Contact: line("contact"), Frequency: line("frequency"),
			Markings: line("markings"), Cargo: line("cargo"),
			Persons:      rapid.IntRange(0, MaxPersons).Draw(t, "persons"),
			UncertaintyM: rapid.Float64Range(0, MaxUncertaintyM).Draw(t, "uncertainty"),
			Humanitarian: rapid.Bool().Draw(t, "humanitarian"),
		}
		n.Domain = rapid.SampledFrom(Domains(n.Kind)).Draw(t, "domain")
		switch n.Kind {
		case Flight:
			n.Class = rapid.SampledFrom([]Class{Crewed, SmallUncrewed}).Draw(t, "class")
			n.SpeedMPS = rapid.Float64Range(0, MaxFlightMPS).Draw(t, "speed")
		case Movement:
			n.SpeedMPS = rapid.Float64Range(0, MaxMovementMPS).Draw(t, "speed")
			n.EmergencyMedical = rapid.Bool().Draw(t, "medical")
		case Site:
			if rapid.Bool().Draw(t, "expires") {
				n.Expires = anyTime(t, "expiry")
			}
		}
		if rapid.Bool().Draw(t, "texts") {
			n.Text = []Text{{"en", "x" + line("text")}, {"ar", "y\nz"}}
		}
		if rapid.Bool().Draw(t, "source") {
			n.Source = Source{"notam", line("source id"), "A)\nB)"}
		}
		if rapid.IntRange(0, 9).Draw(t, "incomplete") == 0 {
			n.Sector, n.Window, n.Band = "north", anyWindow(t, n.Kind), anyBand(t)
			return n
		}
		for range rapid.IntRange(1, 4).Draw(t, "volumes") {
			n.Volumes = append(n.Volumes, geo4d.Volume{Shape: anyShape(t), Band: anyBand(t), Window: anyWindow(t, n.Kind)})
		}
		return n
	})
}

func anyTime(t *rapid.T, label string) time.Time {
	ms := rapid.Int64Range(testNow.UnixMilli()+1, testNow.AddDate(1, 0, 0).UnixMilli()).Draw(t, label)
	return time.UnixMilli(ms).UTC()
}

func anyWindow(t *rapid.T, k Kind) geo4d.Window {
	w := geo4d.Window{Start: anyTime(t, "start")}
	if k != Site || rapid.Bool().Draw(t, "ends") {
		w.End = w.Start.Add(time.Duration(rapid.Int64Range(1, 48*3600*1000).Draw(t, "ms")) * time.Millisecond)
	}
	return w
}

func anyBand(t *rapid.T) geo4d.Band {
	var b geo4d.Band
	low := rapid.Float64Range(0, 5_000).Draw(t, "low")
	if rapid.Bool().Draw(t, "lower") {
		b.Lower = &geo4d.Altitude{Value: low, Unit: geo4d.Feet, Reference: geo4d.AMSL}
	}
	if rapid.Bool().Draw(t, "upper") {
		b.Upper = &geo4d.Altitude{Value: low + rapid.Float64Range(0, 5_000).Draw(t, "more"), Unit: geo4d.Feet, Reference: geo4d.AMSL}
	}
	return b
}

func anyShape(t *rapid.T) geo4d.Shape {
	lon, lat := rapid.Float64Range(-179, 179).Draw(t, "lon"), rapid.Float64Range(-85, 85).Draw(t, "lat")
	size := rapid.Float64Range(100, 50_000).Draw(t, "size")
	switch rapid.IntRange(0, 3).Draw(t, "shape") {
	case 0:
		return geo4d.Corridor{Line: []geo4d.Position{{LonDeg: lon, LatDeg: lat}, {LonDeg: lon, LatDeg: lat + 0.5}}, HalfWidthM: size}
	case 1:
		return square(lon, lat, lon+0.5, lat+0.5)
	case 2:
		return geo4d.Multi{Parts: []geo4d.Shape{square(lon, lat, lon+0.25, lat+0.25), square(lon+0.5, lat, lon+0.75, lat+0.25)}}
	}
	return circle(lon, lat, size)
}

func square(west, south, east, north float64) geo4d.Polygon {
	return geo4d.Polygon{Rings: [][]geo4d.Position{{{LonDeg: west, LatDeg: south}, {LonDeg: east, LatDeg: south},
		{LonDeg: east, LatDeg: north}, {LonDeg: west, LatDeg: north}, {LonDeg: west, LatDeg: south}}}}
}

// towns is a gazetteer of a few towns.
type towns map[string]geo4d.Position

func (g towns) Find(name string) []geo4d.Position {
	if p, ok := g[strings.ToLower(name)]; ok {
		return []geo4d.Position{p}
	}
	return nil
}

func (g towns) Describe(p geo4d.Position) string { return "near somewhere" }

func (g towns) Where(p geo4d.Position) (catalogue.Message, bool) {
	return catalogue.Say("speech.text", catalogue.ByPeople("text", g.Describe(p))), true
}

// saidBack says an echo in English.
func saidBack(t testing.TB, echo []catalogue.Message) []string {
	t.Helper()
	c, err := catalogue.Load("en")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range echo {
		if wrong := c.Check(m); len(wrong) > 0 {
			t.Errorf("%v", wrong)
		}
	}
	return Lines(c, echo)
}

func testTowns() towns {
	return towns{
		"idlib":        {LonDeg: 36.6339, LatDeg: 35.9306},
		"deir ez-zor":  {LonDeg: 40.1408, LatDeg: 35.3359},
		"latakia":      {LonDeg: 35.7901, LatDeg: 35.5317},
		"reading":      {LonDeg: -0.9781, LatDeg: 51.4542},
		"east survey":  {LonDeg: 36.7, LatDeg: 35.9},
		"deir ez zor ": {},
	}
}

func has(ws []Warning, code string) bool {
	for _, w := range ws {
		if w.Code == code {
			return true
		}
	}
	return false
}

func mustValidate(t *testing.T, n Notice, c Context) []Warning {
	t.Helper()
	w, err := Validate(n, c)
	if err != nil {
		t.Fatal(err)
	}
	return w
}
