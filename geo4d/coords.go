package geo4d

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"parley/fault"
)

var points = [16]string{"N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW"}

var pointWords = [16]string{
	"north", "north-north-east", "north-east", "east-north-east",
	"east", "east-south-east", "south-east", "south-south-east",
	"south", "south-south-west", "south-west", "west-south-west",
	"west", "west-north-west", "north-west", "north-north-west",
}

func compassPoint(azimuthDeg float64) int {
	return int(math.Round(math.Mod(math.Mod(azimuthDeg, 360)+360, 360)/22.5)) % 16
}

// Compass returns the nearest of the sixteen points of the compass, as "NNE".
func Compass(azimuthDeg float64) string { return points[compassPoint(azimuthDeg)] }

// MetresPerNM is the international nautical mile.
const MetresPerNM = 1852

// CompassWords returns the nearest of the sixteen points of the compass, as "north-north-east".
func CompassWords(azimuthDeg float64) string { return pointWords[compassPoint(azimuthDeg)] }

func hemispheres(p Position) (ns, ew string) {
	ns, ew = "N", "E"
	if p.LatDeg < 0 {
		ns = "S"
	}
	if p.LonDeg < 0 {
		ew = "W"
	}
	return ns, ew
}

// FormatDD writes a position in decimal degrees to about a metre, as "35.40750 N 35.94917 E".
func FormatDD(p Position) string {
	ns, ew := hemispheres(p)
	return fmt.Sprintf("%.5f %s %.5f %s", math.Abs(p.LatDeg), ns, math.Abs(p.LonDeg), ew)
}

// FormatDMS writes a position to a tenth of a second, as 35°24'27.0"N 035°56'57.0"E.
func FormatDMS(p Position) string {
	ns, ew := hemispheres(p)
	d, m, s := dms(p.LatDeg, 10)
	out := fmt.Sprintf(`%02d°%02d'%02d.%d"%s `, d, m, s/10, s%10, ns)
	d, m, s = dms(p.LonDeg, 10)
	return out + fmt.Sprintf(`%03d°%02d'%02d.%d"%s`, d, m, s/10, s%10, ew)
}

// FormatICAO writes a position to the second as aviation messages do, as "352427N0355657E".
func FormatICAO(p Position) string {
	ns, ew := hemispheres(p)
	d, m, s := dms(p.LatDeg, 1)
	out := fmt.Sprintf("%02d%02d%02d%s", d, m, s, ns)
	d, m, s = dms(p.LonDeg, 1)
	return out + fmt.Sprintf("%03d%02d%02d%s", d, m, s, ew)
}

// dms splits degrees, rounded to 1/per of a second.
func dms(deg float64, per int) (d, m, s int) {
	t := int(math.Round(math.Abs(deg) * 3600 * float64(per)))
	return t / (3600 * per), t / (60 * per) % 60, t % (60 * per)
}

var (
	axisNS = regexp.MustCompile(`^([NS])?([0-9.° '"]+?)([NS])?$`)
	axisEW = regexp.MustCompile(`^([EW])?([0-9.° '"]+?)([EW])?$`)
	packed = regexp.MustCompile(`^(\d{2,3})(\d{2})(?:(\d{2})(\.\d+)?|(\.\d+))?$`)
	marks  = strings.NewReplacer("º", "°", "′", "'", "’", "'", "″", `"`, "”", `"`, "''", `"`, ",", " ", ";", " ")
)

// ParsePosition reads a position with the latitude first, as "35.4075 N 35.94917 E",
// `35°24'27"N 35°56'57"E`, "35 24.45 N 35 56.95 E", "N352427 E0355657", "352427N0355657E" or
// "3524N03556E". N or S and E or W must be said.
func ParsePosition(s string) (Position, error) {
	text := strings.TrimSpace(marks.Replace(strings.ToUpper(s)))
	lat, lon, ok := splitAxes(text)
	if !ok {
		return Position{}, fault.New("", s, "is not a position with N or S and E or W", "write it as 35.4075 N 35.9492 E or as 352427N0355657E")
	}
	latDeg, err := parseAxis(s, lat, axisNS, 2, 90)
	if err != nil {
		return Position{}, err
	}
	lonDeg, err := parseAxis(s, lon, axisEW, 3, 180)
	return Position{LonDeg: lonDeg, LatDeg: latDeg}, err
}

// splitAxes cuts the text between latitude and longitude.
func splitAxes(text string) (lat, lon string, ok bool) {
	i, j := strings.IndexAny(text, "NS"), strings.IndexAny(text, "EW")
	if i < 0 || j < 0 || j < i {
		return "", "", false
	}
	cut := j
	if i > 0 { // the letter follows its number
		cut = i + 1
	}
	return strings.TrimSpace(text[:cut]), strings.TrimSpace(text[cut:]), true
}

func parseAxis(whole, text string, form *regexp.Regexp, degreeDigits int, most float64) (float64, error) {
	refuse := func(rule string) (float64, error) {
		return 0, fault.New("", whole, rule, "write it as 35.4075 N 35.9492 E or as 352427N0355657E")
	}
	m := form.FindStringSubmatch(text)
	if m == nil || (m[1] == "") == (m[3] == "") {
		return refuse("has a part that is not an angle: " + strconv.Quote(text))
	}
	deg, ok := angle(strings.TrimSpace(m[2]), degreeDigits)
	if !ok {
		return refuse("has a part that is not an angle: " + strconv.Quote(text))
	}
	if deg > most {
		return refuse(fmt.Sprintf("has an angle above %.0f degrees: %q", most, text))
	}
	if m[1]+m[3] == "S" || m[1]+m[3] == "W" {
		deg = -deg
	}
	return deg + 0, nil
}

// angle reads degrees, degrees and minutes, or degrees, minutes and seconds, apart or packed.
func angle(s string, degreeDigits int) (float64, bool) {
	parts := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(`°'" `, r) })
	if len(parts) == 1 {
		whole, _, _ := strings.Cut(s, ".")
		if m := packed.FindStringSubmatch(s); m != nil && len(whole) >= degreeDigits+2 {
			if len(m[1]) != degreeDigits {
				return 0, false
			}
			parts = []string{m[1], m[2] + m[5]}
			if m[3] != "" {
				parts = append(parts, m[3]+m[4])
			}
		}
	}
	if len(parts) == 0 || len(parts) > 3 {
		return 0, false
	}
	deg, unit := 0.0, 1.0
	for i, p := range parts {
		v, err := strconv.ParseFloat(p, 64)
		if err != nil || (i > 0 && v >= 60) || (i < len(parts)-1 && strings.Contains(p, ".")) {
			return 0, false
		}
		deg += v * unit
		unit /= 60
	}
	return deg, true
}
