package voice

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/geo4d"
)

// forms writes a position as people do.
func forms(p geo4d.Position) map[string]string {
	lat, lon := Minutes(p)
	ns, ew := north, east
	if p.LatDeg < 0 {
		ns = south
	}
	if p.LonDeg < 0 {
		ew = west
	}
	a, o := math.Abs(p.LatDeg), math.Abs(p.LonDeg)
	dms := func(deg float64, digits int) string {
		s := int(math.Round(deg * 36_000))
		return fmt.Sprintf("%0*d %02d %02d.%d", digits, s/36_000, s/600%60, s%600/10, s%10)
	}
	packed := func(deg float64, digits int) string {
		t := int(math.Round(deg * perDegree))
		return fmt.Sprintf("%0*d%02d.%03d", digits, t/perDegree, t%perDegree/1000, t%1000)
	}
	units := strings.NewReplacer(" degrees ", "° ", " minutes ", "' ")
	return map[string]string{
		"page":            lat + ", " + lon,
		"lower case":      strings.ToLower(lat + " " + lon),
		"short":           shortMinutes(p),
		"decimal comma":   strings.ReplaceAll(shortMinutes(p), ".", ","),
		"marks":           units.Replace(lat + ", " + lon),
		"number words":    Numbers(lat) + ", " + Numbers(lon),
		"seconds":         dms(a, 2) + ns + " " + dms(o, 3) + ew,
		"leading letters": ns[:1] + " " + dms(a, 2) + " " + ew[:1] + " " + dms(o, 3),
		"packed":          packed(a, 2) + ns[:1] + packed(o, 3) + ew[:1],
		"decimal degrees": fmt.Sprintf("%.6f %s, %.6f %s", a, ns, o, ew),
		"longitude first": lon + "; " + lat,
	}
}

// TestMinutesReadBack: however it is written, a position is read within half a thousandth of a minute, and
// a little more where the form itself rounds.
func TestMinutesReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPosition(t)
		if rapid.IntRange(0, 4).Draw(t, "edge") == 0 {
			p = geo4d.Position{LatDeg: rapid.SampledFrom([]float64{0, 90, -90, -1e-9, 59.9999999 / 60}).Draw(t, "latitude"),
				LonDeg: rapid.SampledFrom([]float64{0, 180, -180, 179.9999999, -1e-9}).Draw(t, "longitude")}
		}
		for name, text := range forms(p) {
			got, err := ParsePosition(text)
			if err != nil {
				t.Fatalf("%s %q: %v", name, text, err)
			}
			most := 0.0005 / 60
			if name == "seconds" || name == "leading letters" {
				most = 0.05 / 3600
			}
			away := math.Max(math.Abs(got.LatDeg-p.LatDeg), math.Abs(math.Remainder(got.LonDeg-p.LonDeg, 360)))
			if away > most+1e-12 {
				t.Errorf("%s %q is %v, %g minutes from %v", name, text, got, away*60, p)
			}
			if name == "page" && canonicalPosition(got) != canonicalPosition(p) {
				t.Errorf("%q: another canonical text %s", text, canonicalPosition(got))
			}
		}
	})
}

func TestPositionsRefused(t *testing.T) {
	for text, rule := range map[string]string{
		"":                                 "does not say NORTH or SOUTH",
		"35 24.6 035 57.0 E":               "does not say NORTH or SOUTH",
		"35 24.6 N 035 57.0":               "does not say EAST or WEST",
		"35.41, 35.95":                     "does not say NORTH or SOUTH",
		"-35.41 N 35.95 E":                 "does not belong to a position",
		"35 24.6 N 035 57.0 N":             "twice",
		"35 24.6 N S 035 57.0 E":           "twice",
		"35 60.0 N 035 57.0 E":             "60 minutes",
		"91 00.0 N 035 57.0 E":             "more than 90",
		"35 24.6 N 181 00.0 E":             "more than 180",
		"35.5 24.6 N 035 57.0 E":           "decimals before",
		"35,24,6 N 035 57 E":               "decimals before",
		"35 24 36 1 N 035 57.0 E":          "4 numbers",
		"35 24 minutes 30 minutes N 5 0 E": "out of order",
		"24.6 minutes N 35 E":              "out of order",
		"35246 N 035 57 E":                 "digits missing",
		"35 24.6 N 3557 E":                 "digits missing",
		"N E":                              "0 numbers",
		"35 24.6 N 035 57.0 E 12":          "after its hemispheres",
		"35 24.6 N 035 57.0 E, Idlib":      "does not belong",
		"35 24.6.1 N 035 57.0 E":           "does not belong",
		"1e5 N 3 E":                        "",
		"35 024.6 N 035 57 E":              "too long",
	} {
		if got, err := ParsePosition(text); err == nil || !strings.Contains(err.Error(), rule) {
			t.Errorf("%q: %v, %v; want %q", text, got, err, rule)
		}
	}
}

func TestMomentsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := testNow.Add(time.Duration(rapid.Int64Range(-300*24*3600, 300*24*3600).Draw(t, "away")) * time.Second)
		m := Moment{Said: true, Time: at}
		page := momentWords(m, true)
		list := []string{page, strings.ToLower(page), Numbers(page), at.Format("02150405Z Jan 06"), at.Format("2 Jan 2006 15:04:05 UTC"),
			at.Format("day 2 time 15:04:05 zulu January 06"), at.In(time.FixedZone("", 3*3600)).Format(time.RFC3339)}
		if at.Sub(testNow).Abs() < 13*24*time.Hour {
			list = append(list, at.Format("day 02, time 15:04:05 ZULU"), at.Format("02150405Z"))
		}
		if at.Second() == 0 {
			list = append(list, at.Format("021504Z Jan 06"), at.Format("2 Jan 2006, 1504Z"))
			if at.Sub(testNow).Abs() < 150*24*time.Hour {
				list = append(list, at.Format("2 Jan 1504Z"))
			}
		}
		for _, text := range list {
			got, err := ParseMoment(text, testNow)
			if err != nil || !got.Time.Equal(at) || !got.Said || got.Open {
				t.Errorf("%q is %v, %v; want %v", text, got, err, at)
			}
		}
	})
}

func TestMomentsRefused(t *testing.T) {
	for text, rule := range map[string]string{
		"":                              "four digits",
		"day 24, time 1805":             "ZULU",
		"1805 ZULU":                     "the day",
		"day 24 ZULU":                   "four digits",
		"day 24, time 2460 ZULU":        "not a time of day",
		"day 31, time 1200Z FEB 2027":   "does not have",
		"day 24, time 1805 ZULU ZULU":   "twice",
		"day 24 1805Z 1906Z":            "twice",
		"2026-11-24T18:05:00":           "does not belong",
		"day 24, 1805 ZULU tomorrow":    "does not belong",
		"24 25 1805Z":                   "number too many",
		"day 24, 1805Z 7":               "neither day nor time",
		"day 24, time 1805 SECONDS Z":   "seconds without",
		"18:05:30:11Z":                  "does not belong",
		"day 00, time 1805Z, NOV 26":    "does not have",
		"from now":                      "",
		"day 24 time 180Z":              "",
		"day 24, time 1805Z, NOV 99999": "",
	} {
		if got, err := ParseMoment(text, testNow); err == nil || !strings.Contains(err.Error(), rule) {
			t.Errorf("%q: %v, %v; want %q", text, got, err, rule)
		}
	}
}

func TestADayWithoutItsMonthIsTheNearest(t *testing.T) {
	near := time.Date(2027, 3, 1, 6, 0, 0, 0, time.UTC)
	for text, want := range map[string]string{
		"day 28, time 2300Z": "2027-02-28T23:00:00Z", "day 31, time 0600Z": "2027-01-31T06:00:00Z", "day 02, time 0600Z": "2027-03-02T06:00:00Z",
		"day 24, time 1805Z DEC": "2026-12-24T18:05:00Z", "day 24, time 1805Z AUG": "2027-08-24T18:05:00Z", "day 29, 1200Z FEB 2028": "2028-02-29T12:00:00Z",
	} {
		if got, err := ParseMoment(text, near); err != nil || got.Time.Format(time.RFC3339) != want {
			t.Errorf("%q is %v, %v; want %s", text, got.Time, err, want)
		}
	}
}

func TestBounds(t *testing.T) {
	for text, want := range map[string]string{
		"1500 feet above mean sea level": "1500 ft AMSL", "1500ft amsl": "1500 ft AMSL", "wun fife zero zero feet above mean sea level": "1500 ft AMSL",
		"flight level 240": "FL240", "fl 45": "FL045", "240 FL": "FL240", "Flight Level too fower zero": "FL240", "minus 50 metres above the WGS 84 ellipsoid": "-50 m W84",
		"- 50 m msl": "-50 m AMSL", "300,5 m AGL": "300.5 m AGL", "9000 FEET of pressure altitude": "9000 ft pressure altitude", "GND": "0 ft AGL",
	} {
		if got, err := ParseBound(text); err != nil || got.Altitude.String() != want || !got.Said || got.Open {
			t.Errorf("%q is %v, %v; want %s", text, got, err, want)
		}
	}
	for _, open := range []string{"open", "OPEN, no upper bound", "no lower bound", "unlimited"} {
		if got, err := ParseBound(open); err != nil || !got.Open {
			t.Errorf("%q is %v, %v", open, got, err)
		}
	}
	for text, rule := range map[string]string{
		"": "not an altitude", "1500": "feet, metres or flight level", "1500 amsl": "feet, metres or flight level", "1500 feet": "counts from",
		"1500 feet over the rainbow": "not known", "1,500 ft AMSL": "thousands or decimals", "1.500 ft AMSL": "thousands or decimals",
		"FL": "not an altitude", "99999999 m AMSL": "that anything has", "1500 ft AMSL or so": "not known", "wun thousand feet AMSL": "",
	} {
		if got, err := ParseBound(text); err == nil || !strings.Contains(err.Error(), rule) {
			t.Errorf("%q: %v, %v; want %q", text, got, err, rule)
		}
	}
}

func TestLengths(t *testing.T) {
	for text, want := range map[string]float64{
		"9260 m": 9260, "9260 metres, that is 5 nautical miles": 9260, "5 NM": 9260, "9,26 km": 9260, "1.5km": 1500, "too zero zero metres": 200, "0.5 nm": 926,
		"9.260 km": 9260,
	} {
		if got, err := ParseLength(text); err != nil || math.Abs(got-want) > 1e-6 {
			t.Errorf("%q is %v, %v; want %v", text, got, err, want)
		}
	}
	for text, rule := range map[string]string{
		"": "with its unit", "9260": "with its unit", "9,260 m": "thousands or decimals", "9260 metres, that is 6 nautical miles": "two lengths",
		"99999 km": "half the earth", "-5 m": "with its unit", "5 miles": "with its unit",
	} {
		if got, err := ParseLength(text); err == nil || !strings.Contains(err.Error(), rule) {
			t.Errorf("%q: %v, %v; want %q", text, got, err, rule)
		}
	}
}
