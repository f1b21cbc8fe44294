package voice

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"parley/fault"
	"parley/geo4d"
)

// perDegree is how many parts of a degree a spoken position tells: thousandths of a minute. One is at
// most 1.86 m long, so that a position is spoken within 1.4 m of where it is.
const perDegree = 60_000

const (
	north, south, east, west = "NORTH", "SOUTH", "EAST", "WEST"

	positionHint = "write it as 35 24.600 N 035 57.000 E"
)

// thousandths returns an angle in thousandths of a minute and its hemisphere. Neither hemisphere of 0
// is told from the other, nor are those of 180 degrees.
func thousandths(deg float64, positive, negative string) (int, string) {
	t := int(math.Round(math.Abs(deg) * perDegree))
	if deg < 0 && t != 0 && t != 180*perDegree {
		return t, negative
	}
	return t, positive
}

// Minutes writes a position in degrees and decimal minutes with the hemispheres in words, latitude
// first: "35 degrees 24.600 minutes NORTH" and "035 degrees 57.000 minutes EAST".
func Minutes(p geo4d.Position) (latitude, longitude string) {
	write := func(digits, t int, hemisphere string) string {
		return fmt.Sprintf("%0*d degrees %02d.%03d minutes %s", digits, t/perDegree, t%perDegree/1000, t%1000, hemisphere)
	}
	lat, ns := thousandths(p.LatDeg, north, south)
	lon, ew := thousandths(p.LonDeg, east, west)
	return write(2, lat, ns), write(3, lon, ew)
}

// shortMinutes is Minutes on one short line: "35 24.600 N 035 57.000 E".
func shortMinutes(p geo4d.Position) string {
	lat, ns := thousandths(p.LatDeg, "N", "S")
	lon, ew := thousandths(p.LonDeg, "E", "W")
	return fmt.Sprintf("%02d %02d.%03d %s %03d %02d.%03d %s", lat/perDegree, lat%perDegree/1000, lat%1000, ns,
		lon/perDegree, lon%perDegree/1000, lon%1000, ew)
}

func canonicalPosition(p geo4d.Position) string {
	return strings.NewReplacer(" ", "", ".", "").Replace(shortMinutes(p))
}

var (
	angleMarks = strings.NewReplacer("°", " D ", "º", " D ", "''", " s ", "″", " s ", "”", " s ", `"`, " s ", "′", " m ", "’", " m ", "'", " m ")
	angleUnits = strings.NewReplacer("DEGREES", " D ", "DEGREE", " D ", "DEG", " D ", "MINUTES", " m ", "MINUTE", " m ", "MIN", " m ",
		"SECONDS", " s ", "SECOND", " s ", "SEC", " s ", "LATITUDE", " ", "LONGITUDE", " ",
		north, " N ", south, " S ", east, " E ", west, " W ")
	angleToken = regexp.MustCompile(`^\s*(?:(\d+(?:[.,]\d+)?)|([DmsNSEW])|[,;]|AND\b)`)
)

// ParsePosition reads a position as a person says or types it: degrees, degrees and minutes, or degrees,
// minutes and seconds, the last with decimals or without; with marks, words or nothing between them; or
// packed, as in 3524.6N 03557E; with a decimal point or comma; digits as number words or not. Which
// hemispheres must be said.
func ParsePosition(s string) (geo4d.Position, error) {
	refuse := func(rule, hint string) (geo4d.Position, error) { return geo4d.Position{}, fault.New("", s, rule, hint) }
	tokens, bad := angleTokens(s)
	if bad != "" {
		return refuse("has a part that does not belong to a position: "+strconv.Quote(fault.Shorten(bad)), positionHint)
	}
	var axes [2][]string // the numbers and units of latitude and longitude
	var sides [2]string
	var run []string
	leads := len(tokens) > 0 && strings.Contains("NSEW", tokens[0])
	at := -1
	for _, t := range tokens {
		if !strings.Contains("NSEW", t) {
			run = append(run, t)
			continue
		}
		axis := strings.Index("NSEW", t) / 2
		if sides[axis] != "" {
			return refuse("says its hemisphere twice", positionHint)
		}
		sides[axis] = t
		if leads && at >= 0 {
			axes[at] = run
		} else if !leads {
			axes[axis] = run
		}
		at, run = axis, nil
	}
	if leads && at >= 0 {
		axes[at], run = run, nil
	}
	switch {
	case sides[0] == "":
		return refuse("does not say NORTH or SOUTH", "ask for the hemisphere; do not guess it")
	case sides[1] == "":
		return refuse("does not say EAST or WEST", "ask for the hemisphere; do not guess it")
	case len(run) > 0:
		return refuse("has a part after its hemispheres", positionHint)
	}
	var deg [2]float64
	for i, most := range [2]float64{90, 180} {
		axis, rule := "latitude ", ""
		if i == 1 {
			axis = "longitude "
		}
		if deg[i], rule = angle(axes[i], 2+i, most); rule != "" {
			return refuse(axis+rule, positionHint)
		}
		if sides[i] == "S" || sides[i] == "W" {
			deg[i] = 0 - deg[i]
		}
	}
	return geo4d.Position{LatDeg: deg[0], LonDeg: deg[1]}, nil
}

// angleTokens cuts a position into numbers, the units D, m and s, and the hemispheres; bad is what
// could not be cut.
func angleTokens(s string) (tokens []string, bad string) {
	// Units in small letters, so that seconds are no South.
	text := angleUnits.Replace(numerals(angleMarks.Replace(strings.ToUpper(s))))
	for rest := text; strings.TrimSpace(rest) != ""; {
		m := angleToken.FindStringSubmatch(rest)
		if m == nil {
			return nil, strings.TrimSpace(rest)
		}
		if t := m[1] + m[2]; t != "" {
			tokens = append(tokens, strings.Replace(t, ",", ".", 1))
		}
		rest = rest[len(m[0]):]
	}
	return tokens, ""
}

// angle reads the numbers and units of one angle in degrees; rule says what is wrong.
func angle(tokens []string, degreeDigits int, most float64) (deg float64, rule string) {
	const units = "Dms"
	var numbers []string
	unit := 0
	for _, t := range tokens {
		if i := strings.Index(units, t); i >= 0 {
			if i != len(numbers)-1 || unit > i {
				return 0, "has its units out of order"
			}
			unit = i + 1
			continue
		}
		numbers = append(numbers, t)
	}
	if len(numbers) == 1 && unit == 0 {
		var ok bool
		if numbers, ok = unpack(numbers[0], degreeDigits); !ok {
			return 0, "has digits missing or too many"
		}
	}
	if len(numbers) == 0 || len(numbers) > 3 {
		return 0, fmt.Sprintf("has %d numbers; degrees, minutes and seconds are wanted", len(numbers))
	}
	scale := 1.0
	for i, n := range numbers {
		v, err := strconv.ParseFloat(n, 64)
		whole, decimals, _ := strings.Cut(n, ".")
		switch {
		case err != nil || len(whole) > 3 || len(decimals) > 15 || i > 0 && len(whole) > 2:
			return 0, "has a number that is too long"
		case i > 0 && v >= 60:
			return 0, "has 60 minutes or seconds, or more"
		case i < len(numbers)-1 && decimals != "":
			return 0, "has decimals before its last number"
		}
		deg += v / scale
		scale *= 60
	}
	if deg > most {
		return 0, fmt.Sprintf("is more than %.0f degrees", most)
	}
	return deg, ""
}

// unpack cuts a number as 3524.6 into degrees and minutes, and 352436 into these and seconds. A
// number of few digits is degrees.
func unpack(n string, degreeDigits int) ([]string, bool) {
	whole, decimals, point := strings.Cut(n, ".")
	if point {
		decimals = "." + decimals
	}
	d := degreeDigits
	switch len(whole) {
	case d + 2:
		return []string{whole[:d], whole[d:] + decimals}, true
	case d + 4:
		return []string{whole[:d], whole[d : d+2], whole[d+2:] + decimals}, true
	}
	return []string{n}, len(whole) <= 3
}
