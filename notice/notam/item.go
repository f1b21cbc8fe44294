package notam

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"parley/catalogue"
)

// qLine is what the Q line says that the reader uses.
type qLine struct {
	code         string
	lower, upper int // in hundreds of feet; -1 where it could not be read
	at           point
	radiusNM     float64
	hasCircle    bool
}

var (
	qCodeRE   = regexp.MustCompile(`/\s*(Q[A-Z]{4})\s*/`)
	qLimitsRE = regexp.MustCompile(`/\s*([0-9]{3})\s*/\s*([0-9]{3})\s*(?:/|$)`)
	qCircleRE = regexp.MustCompile(`([0-9]{2})([0-9]{2})([NS])\s?([0-9]{3})([0-9]{2})([EW])\s?([0-9]{3})?\s*$`)
	placeRE   = regexp.MustCompile(`\b[A-Z]{4}\b`)
	partOfRE  = regexp.MustCompile(`\b(?:PART|PT)\s*([0-9]{1,2})\s*(?:OF|/)\s*([0-9]{1,2})\b`)
)

// readQ reads the Q line: the kind comes from its code.
func (n *Notam) readQ(it items) qLine {
	q := qLine{lower: -1, upper: -1}
	text := squeeze(it.get('Q'))
	if !it.has('Q') {
		if n.Type != Cancel {
			n.warn(NoQLine, catalogue.Say("notam.no-q-line", catalogue.AsCode("qitem", "Q")))
		}
		return q
	}
	m := qCodeRE.FindStringSubmatch(text)
	if m == nil {
		if n.Type != Cancel {
			n.refuse("Q", "no Q code such as QWMLW could be read in "+quote(text)+"; it tells a hazard from an area")
		}
		return q
	}
	q.code, n.QCode = m[1], m[1]
	if strings.HasPrefix(q.code, "QW") || strings.HasPrefix(q.code, "QRD") {
		n.Kind = Hazard
	}
	if m := qLimitsRE.FindStringSubmatch(text); m != nil {
		q.lower, _ = strconv.Atoi(m[1])
		q.upper, _ = strconv.Atoi(m[2])
	}
	if m := qCircleRE.FindStringSubmatch(text); m != nil && m[7] != "" {
		lat, errLat := degrees(m[1], m[2], "", m[3])
		lon, errLon := degrees(m[4], m[5], "", m[6])
		if errLat == "" && errLon == "" {
			q.at, q.hasCircle = point{lat: lat, lon: lon}, true
			q.radiusNM, _ = strconv.ParseFloat(m[7], 64)
		}
	}
	return q
}

// readA reads the places of item A, and refuses a part of a whole that is not here.
func (n *Notam) readA(it items) {
	n.Locations = placeRE.FindAllString(partOfRE.ReplaceAllString(it.get('A'), ""), -1)
	if n.Type == Cancel {
		return
	}
	for _, letter := range []byte{'A', 'E'} {
		m := partOfRE.FindStringSubmatch(it.get(letter))
		if m == nil || m[1] == "1" && m[2] == "1" {
			continue
		}
		n.refuse(string(letter), "this is part "+m[1]+" of "+m[2]+"; the other parts are not in it, and a part proves nothing alone")
		return
	}
}

// tail looks at what stands after the last item. It holds no item; a position there would be lost.
func (n *Notam) tail(text string) {
	text = strings.Trim(text, " \n)")
	if text == "" {
		return
	}
	e := rewrite(text)
	if len(e.points) > 0 || e.bad != "" {
		n.refuse("G", "a position stands after the limits, in no item: "+quote(squeeze(text)))
		return
	}
	n.warn(TextAfterLimits, catalogue.Say("notam.text-after", catalogue.ByPeople("text", short(squeeze(text)))))
}

// titleMax is how many bytes a title has at most.
const titleMax = 80

// title is the first line of E, shortened at a word.
func title(e string) string {
	line, _, _ := strings.Cut(e, "\n")
	line = strings.TrimRight(squeeze(strings.ToValidUTF8(line, "?")), " :;,.-")
	if len(line) <= titleMax {
		return line
	}
	cut := titleMax
	for !utf8.RuneStart(line[cut]) {
		cut--
	}
	line = line[:cut]
	if i := strings.LastIndexByte(line, ' '); i > titleMax/2 {
		line = line[:i]
	}
	return strings.TrimRight(line, " :;,.-") + " ..."
}

// quote shortens text and puts it in quotation marks.
func quote(s string) string { return strconv.Quote(short(s)) }

func short(s string) string {
	s = strings.ToValidUTF8(s, "?")
	if len(s) > titleMax {
		cut := titleMax
		for !utf8.RuneStart(s[cut]) {
			cut--
		}
		s = s[:cut] + "..."
	}
	return s
}

func itoa(n int) string { return strconv.Itoa(n) }
