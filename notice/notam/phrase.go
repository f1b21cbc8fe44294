package notam

import (
	"regexp"
	"strconv"
	"strings"

	"parley/geo4d"
)

// metres of the units of length.
const (
	metresSM = 1609.344
	metresFT = 0.3048
	metresKM = 1000
)

const lengthPattern = `([0-9]+(?:[.,][0-9]+)?|\.[0-9]+)\s?-?\s?(NMI?|KMS?|M|MTRS?|METERS?|METRES?|FT|FEET|SM|NAUTICAL MILES?|KILOMETERS?|KILOMETRES?|STATUTE MILES?)\b(?:\s?[/(]\s?[0-9]+(?:[.,][0-9]+)?\s?(?:NM|KM|M|FT)\)?)?`

var (
	radiusRE = regexp.MustCompile(`\b(?:RAD(?:IUS)?\b\.?|RAYON\b|RADIO DE\b)(?:\s?(?:OF|IS|DE)\b)?(?:\s?[:=-])?\s?` + lengthPattern +
		`|` + lengthPattern + `(?:\s?-?\s?(?:IN |DE )?(?:RAD(?:IUS)?|RAYON|RADIO)\b)` +
		`|\b(?:WI|WITHIN)\s(?:A\s)?(?:DISTANCE OF\s)?` + lengthPattern + `\s(?:OF|FM|FROM|AROUND)\b` +
		`|\bDIAM(?:ETER|ETRE)?\b\.?(?:\s?(?:OF|IS)\b)?(?:\s?[:=])?\s?` + lengthPattern +
		`|` + lengthPattern + `\s?(?:IN )?DIAM(?:ETER|ETRE)?\b`)
	widthRE = regexp.MustCompile(lengthPattern + `\s?(?:ON |TO )?(?:EITHER|EACH|BOTH) SIDES?(?: OF)?\b` +
		`|\b(?:WI|WITHIN)\s(?:A\s)?` + lengthPattern + `\s(?:OF|FM|FROM) (?:A |THE |EITHER SIDE OF )*(?:STRAIGHT )?(?:LINES?|TRACK|TRK|ROUTE|RTE|CENTRELINE|CENTERLINE)\b` +
		`|\b(?:WIDTH|WID)\b(?:\s?(?:OF|IS)\b)?(?:\s?[:=])?\s?` + lengthPattern +
		`|` + lengthPattern + `\s?-?\s?(?:WIDE|WIDTH|WID)\b`)
	radiusWordRE = regexp.MustCompile(`\b(?:RADIUS|RADII|RAYON|DIAMETER|DIAM)\b|\b(?:EITHER|EACH|BOTH) SIDES?\b`)

	strongRE  = regexp.MustCompile(`^[\s,:;(-]*(?:CIRCLE |CIRCULAR AREA |AREA |WITH |ITS |IS |ARE )*(?:OF|CENT(?:RE|ER|ERE|RED|ERED|REE)|CTRD|AROUND|ARND|ABOUT|FM|FROM|ON|AT|OVER|AUTOUR|CENTRADO)\b`)
	namedRE   = regexp.MustCompile(`^[A-Z :()/'"-]{0,60}[,:]?\s?(?:\(?[0-9]{1,2}[.)])?[\s(]*$`)
	awayRE    = regexp.MustCompile(`\b(?:AND|EXC\w*|LINES?|TRACK|RTE|ROUTE|BTN|BRG|BEARING|RDL|RADIAL|NORTH\w*|SOUTH\w*|EAST\w*|WEST\w*|[NS][EW]?|[EW]|ABEAM|ARC)\b`)
	nearRE    = regexp.MustCompile(`^[\s,:;(-]*(?:(?:PSN|POSN|POSITION|COORDS?|COORDINATES?|POINT|THE|A)\b[\s,:;.(-]*)*$`)
	behindRE  = regexp.MustCompile(`^(?:\s?\([^()\x01]*\))?[\s,:;.)-]*(?:[0-9]{1,2}[.)]\s?)?(?:(?:WITH|WI|WITHIN|AND|IN|DANS|UN|A|AN|THE|AREA|CIRCLE|OF|ITS|MAX|HAVING)\b[\s:,-]*)*$`)
	besideRE  = regexp.MustCompile(`^[\s,:;.()-]*(?:(?:WITH|A|AND|TOTAL|CORRIDOR|OF|WI|IN|HAVING|ITS)\b[\s:,-]*)*$`)
	severalRE = regexp.MustCompile(`\b(?:PSNS|POINTS|POSITIONS|COORDS|COORDINATES|FLW|FLWG|FOLLOWING|EACH)\b`)
	wgsRE     = regexp.MustCompile(`\(?\bWGS[- ]?84\b\)?`)
)

// phrase is a stated length: the radius of a circle or the half-width of a corridor.
type phrase struct {
	start, end int
	metres     float64
	forward    bool // it can only go with what follows
	text       string
}

// lengthOf reads a number and unit in metres. A comma before exactly three digits could be
// thousands or a decimal; it is thousands for metres and feet, and not read for the others.
func lengthOf(number, unit string) (float64, bool) {
	if i := strings.IndexByte(number, ','); i >= 0 {
		if len(number)-i-1 == 3 {
			if unit[0] != 'M' && unit[0] != 'F' {
				return 0, false
			}
			number = strings.Replace(number, ",", "", 1)
		} else {
			number = strings.Replace(number, ",", ".", 1)
		}
	}
	v, err := strconv.ParseFloat(number, 64)
	if err != nil || v <= 0 {
		return 0, false
	}
	switch {
	case strings.HasPrefix(unit, "N"):
		v *= geo4d.MetresPerNM
	case strings.HasPrefix(unit, "K"):
		v *= metresKM
	case strings.HasPrefix(unit, "F"):
		v *= metresFT
	case strings.HasPrefix(unit, "S"):
		v *= metresSM
	}
	return v, v < 20e6
}

// find collects the phrases of re. factors holds, for each alternative of re, what its length
// counts for; forward the alternative that only goes with what follows.
func find(re *regexp.Regexp, text string, factors []float64, forward int) ([]phrase, bool) {
	var out []phrase
	for _, m := range re.FindAllStringSubmatchIndex(text, -1) {
		for k, factor := range factors {
			if m[2+4*k] < 0 {
				continue
			}
			v, ok := lengthOf(text[m[2+4*k]:m[3+4*k]], text[m[4+4*k]:m[5+4*k]])
			if !ok {
				return nil, false
			}
			said := text[m[0]:m[1]]
			out = append(out, phrase{start: m[0], end: m[1], metres: v * factor, text: said,
				forward: k == forward || strings.HasSuffix(said, " OF")})
		}
	}
	return out, true
}

// blank overwrites a phrase so that it is not found again.
func blank(text string, ps []phrase) string {
	b := []byte(text)
	for _, p := range ps {
		for i := p.start; i < p.end; i++ {
			b[i] = ' '
		}
	}
	return string(b)
}
