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

const (
	metresPerFt = 0.3048

	lengthHint   = "write it as 9260 m or 5 NM"
	altitudeHint = "write it as 1500 ft AMSL, 500 m AGL, FL240 or OPEN"
)

// Bound is one bound of an altitude band, as told or read back.
type Bound struct {
	Said     bool // it was said at all
	Open     bool // there is no bound
	Altitude geo4d.Altitude
}

// whole returns v as a whole number outwards: down for a lower bound, up for any other. What is no
// more than a rounding away from a whole number is that.
func whole(v float64, down bool) float64 {
	if near := math.Round(v); math.Abs(v-near) < 1e-6 {
		return near + 0
	}
	if down {
		return math.Floor(v) + 0
	}
	return math.Ceil(v) + 0
}

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// lengthWords says a length in whole metres, and in nautical miles where that is a round figure.
func lengthWords(m float64) string {
	s := number(m) + " metres"
	if nm := m / geo4d.MetresPerNM; nm >= 1 && nm*10 == math.Trunc(nm*10) {
		s += ", that is " + number(nm) + " nautical miles"
	}
	return s
}

var referenceWords = []struct {
	reference geo4d.Reference
	words     string
	forms     []string // how else it is written, in capitals
}{
	{geo4d.AMSL, "above mean sea level", []string{"AMSL", "MSL", "ABOVE SEA LEVEL"}},
	{geo4d.AGL, "above the ground", []string{"AGL", "ABOVE GROUND LEVEL", "ABOVE GROUND"}},
	{geo4d.W84, "above the WGS 84 ellipsoid", []string{"W84", "WGS84", "WGS 84", "ABOVE THE ELLIPSOID"}},
	{geo4d.FL, "of pressure altitude", []string{"PRESSURE ALTITUDE", "PRESSURE"}},
}

// boundWords says a bound: "1500 feet above mean sea level", "flight level 240".
func boundWords(b Bound, lower bool) string {
	switch {
	case b.Open && lower:
		return "OPEN, no lower bound"
	case b.Open:
		return "OPEN, no upper bound"
	}
	a := b.Altitude
	n := number(math.Abs(a.Value))
	if a.Unit == geo4d.FlightLevel {
		n = fmt.Sprintf("flight level %03.0f", math.Abs(a.Value))
	}
	if a.Value < 0 {
		n = "minus " + n
	}
	switch a.Unit {
	case geo4d.Metres:
		n += " metres"
	case geo4d.Feet:
		n += " feet"
	case geo4d.FlightLevel:
		return n
	}
	for _, r := range referenceWords {
		if r.reference == a.Reference {
			n += " " + r.words
		}
	}
	return n
}

func canonicalBound(b Bound) string {
	if b.Open {
		return "OPEN"
	}
	return strings.ToUpper(number(b.Altitude.Value) + string(b.Altitude.Unit) + string(b.Altitude.Reference))
}

var (
	quantityUnits = strings.NewReplacer("NAUTICAL MILES", " NM ", "NAUTICAL MILE", " NM ", "KILOMETRES", " KM ", "KILOMETERS", " KM ",
		"METRES", " M ", "METERS", " M ", "METRE", " M ", "METER", " M ", "FEET", " FT ", "FOOT", " FT ", "MINUS", " -", "−", "-")
	lengthForm    = regexp.MustCompile(`^(\d+(?:[.,]\d+)?) ?(NM|KM|M)(?: ?,? ?THAT IS (\d+(?:\.\d+)?) ?NM)?$`)
	levelForm     = regexp.MustCompile(`^(- ?)?(?:(?:FL|FLIGHT LEVEL) ?(\d{1,5})|(\d{1,5}) ?FL)$`)
	altitudeForm  = regexp.MustCompile(`^(- ?)?(\d+(?:[.,]\d+)?) ?(FT|M)(?: (.*))?$`)
	bareForm      = regexp.MustCompile(`^(?:- ?)?\d+(?:[.,]\d+)?(?: .*)?$`)
	thousandsForm = regexp.MustCompile(`^[1-9]\d{0,2}[.,]\d{3}$`)
)

// quantity puts a text in capitals with one space between words, digits for number words, and short
// units.
func quantity(s string) string {
	return strings.Join(strings.Fields(quantityUnits.Replace(numerals(strings.ToUpper(s)))), " ")
}

// ParseLength reads a length in metres, kilometres or nautical miles, and returns metres.
func ParseLength(s string) (float64, error) {
	m := lengthForm.FindStringSubmatch(quantity(s))
	if m == nil {
		return 0, fault.New("", s, "is not a length with its unit", lengthHint)
	}
	if m[2] == "M" && thousandsForm.MatchString(m[1]) {
		return 0, ambiguous(s)
	}
	v, err := strconv.ParseFloat(strings.Replace(m[1], ",", ".", 1), 64)
	if err != nil {
		return 0, fault.New("", s, "is not a length", lengthHint)
	}
	scale := map[string]float64{"M": 1, "KM": 1000, "NM": geo4d.MetresPerNM}[m[2]]
	v *= scale
	if m[3] != "" {
		if nm, err := strconv.ParseFloat(m[3], 64); err != nil || math.Abs(nm*geo4d.MetresPerNM-v) > 1 {
			return 0, fault.New("", s, "gives two lengths that differ", "ask for it again")
		}
	}
	if v > geo4d.MaxRadiusM {
		return 0, fault.New("", s, "is more than half the earth", lengthHint)
	}
	return v, nil
}

func ambiguous(s string) error {
	return fault.New("", s, "may be thousands or decimals", "write all digits together: 1500")
}

// ParseBound reads an altitude with its unit and what it counts from, or OPEN for no bound.
func ParseBound(s string) (Bound, error) {
	text := strings.TrimSuffix(quantity(s), ".")
	switch text {
	case "OPEN", "OPEN, NO LOWER BOUND", "OPEN, NO UPPER BOUND", "NO LOWER BOUND", "NO UPPER BOUND", "NO BOUND", "UNLIMITED", "UNL":
		return Bound{Said: true, Open: true}, nil
	case "GND", "GROUND", "SFC", "SURFACE":
		return Bound{Said: true, Altitude: geo4d.Altitude{Unit: geo4d.Feet, Reference: geo4d.AGL}}, nil
	}
	a := geo4d.Altitude{Unit: geo4d.FlightLevel, Reference: geo4d.FL}
	var sign, digits string
	if m := levelForm.FindStringSubmatch(text); m != nil {
		sign, digits = m[1], m[2]+m[3]
	} else if m := altitudeForm.FindStringSubmatch(text); m != nil {
		sign, digits = m[1], m[2]
		a.Unit = map[string]geo4d.Unit{"FT": geo4d.Feet, "M": geo4d.Metres}[m[3]]
		var err error
		if a.Reference, err = reference(s, m[4]); err != nil {
			return Bound{}, err
		}
	} else if bareForm.MatchString(text) {
		return Bound{}, fault.New("", s, "does not say feet, metres or flight level", "ask for the unit; do not guess it")
	} else {
		return Bound{}, fault.New("", s, "is not an altitude", altitudeHint)
	}
	if thousandsForm.MatchString(digits) {
		return Bound{}, ambiguous(s)
	}
	v, err := strconv.ParseFloat(strings.Replace(digits, ",", ".", 1), 64)
	if err != nil {
		return Bound{}, fault.New("", s, "is not an altitude", altitudeHint)
	}
	if sign != "" {
		v = 0 - v
	}
	a.Value = v
	if m := a.Metres(); !(m >= geo4d.MinAltitudeM && m <= geo4d.MaxAltitudeM) {
		return Bound{}, fault.New("", s, "is no altitude that anything has", altitudeHint)
	}
	return Bound{Said: true, Altitude: a}, nil
}

func reference(s, words string) (geo4d.Reference, error) {
	if words == "" {
		return "", fault.New("", s, "does not say what the altitude counts from",
			"ask: above mean sea level, above the ground, above the ellipsoid, or pressure altitude")
	}
	for _, r := range referenceWords {
		if strings.EqualFold(words, r.words) {
			return r.reference, nil
		}
		for _, f := range r.forms {
			if words == f {
				return r.reference, nil
			}
		}
	}
	return "", fault.New("", s, "counts from something that is not known: "+strconv.Quote(fault.Shorten(words)), altitudeHint)
}
