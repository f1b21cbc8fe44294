package notice

import (
	"math"
	"regexp"
	"time"
	"unicode"

	"parley/catalogue"
	"parley/geo4d"
)

// SunElevation returns the elevation of the sun's centre over the horizon at p, in degrees, by the
// low-precision formulas of the Astronomical Almanac, page C5 (also U.S. Naval Observatory,
// "Computing Approximate Solar Coordinates"), good to about a minute of arc from 1950 to 2050.
// Refraction is left out.
func SunElevation(p geo4d.Position, at time.Time) float64 {
	const rad = math.Pi / 180
	days := at.Sub(time.Date(2000, 1, 1, 12, 0, 0, 0, time.UTC)).Hours() / 24
	anomaly := (357.529 + 0.98560028*days) * rad
	mean := 280.459 + 0.98564736*days
	ecliptic := (mean + 1.915*math.Sin(anomaly) + 0.020*math.Sin(2*anomaly)) * rad
	obliquity := (23.439 - 0.00000036*days) * rad
	ascension := math.Atan2(math.Cos(obliquity)*math.Sin(ecliptic), math.Cos(ecliptic)) / rad
	declination := math.Asin(math.Sin(obliquity) * math.Sin(ecliptic))
	sidereal := 280.46061837 + 360.98564736629*days // Greenwich mean sidereal time, degrees
	hour := (sidereal + p.LonDeg - ascension) * rad
	lat := p.LatDeg * rad
	sin := math.Sin(lat)*math.Sin(declination) + math.Cos(lat)*math.Cos(declination)*math.Cos(hour)
	return math.Asin(max(-1, min(1, sin))) / rad
}

// sunset is the elevation of the sun's centre at which its upper edge meets the horizon: 34' of
// refraction and 16' of radius.
const sunset = -50.0 / 60

// night returns the first instant of the window, looked at every quarter of an hour for a day at
// most, at which the sun is down at p.
func night(p geo4d.Position, w geo4d.Window) (time.Time, bool) {
	end := w.Start.Add(24 * time.Hour)
	if !w.End.IsZero() && w.End.Before(end) {
		end = w.End
	}
	for t := w.Start; t.Before(end); t = t.Add(15 * time.Minute) {
		if SunElevation(p, t) < sunset {
			return t, true
		}
	}
	return time.Time{}, false
}

// nightWords are words that say how something is seen in the dark. Markings in another script
// than Latin are taken to say it.
var nightWords = regexp.MustCompile(`(?i)night|light|lit\b|lamp|beacon|strobe|infra|\bIR\b|thermal|reflect|illumin|flash|lumi|leucht|nacht|noche|nuit|luz`)

// maxNightVolumes bounds how many volumes are looked at for night.
const maxNightVolumes = 100

// warnNight warns of a movement in the dark that does not say how it is seen: in April 2024 the
// emblem on the roofs of a convoy could not be seen at night.
func warnNight(n *Notice, warn warner) {
	if nightWords.MatchString(n.Markings) || foreignScript(n.Markings) {
		return
	}
	for i := range n.Volumes {
		if i == maxNightVolumes {
			return
		}
		v := &n.Volumes[i]
		if _, whole := v.Shape.(geo4d.Earth); whole {
			continue
		}
		t, dark := night(geo4d.Representative(v.Shape), v.Window)
		if !dark {
			continue
		}
		moment := catalogue.AsCode("moment", geo4d.FormatTime(t))
		if n.Markings == "" {
			warn(WarnNight, "markings", catalogue.Say("warn.night-none", moment))
		} else {
			warn(WarnNight, "markings", catalogue.Say("warn.night", moment, catalogue.ByPeople("text", n.Markings)))
		}
		return
	}
}

func foreignScript(s string) bool {
	for _, r := range s {
		if unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) {
			return true
		}
	}
	return false
}
