package notam

import (
	"regexp"
	"strconv"
	"strings"

	"parley/geo4d"
)

// point is a position of item E.
type point struct {
	lat, lon float64
	text     string // as written, in one line
}

func (p point) position() geo4d.Position { return geo4d.Position{LonDeg: p.lon, LatDeg: p.lat} }

func (p point) same(q point) bool { return p.lat == q.lat && p.lon == q.lon }

// rewritten is item E with each position replaced by a mark, so that phrases can be found around
// them. Blank lines are blankLine.
type rewritten struct {
	text   string
	points []point
	bad    string // a piece that looks like a position and is none that can be read
}

const (
	markOpen, markClose = "\x01", "\x02"
	blankLine           = "\x03"
)

const (
	fracPattern = `(?:[.,][0-9]{1,6})?`
	degSign     = `\s?(?:°|º|˚|DEG)\s?`
	minSign     = `\s?(?:'|′|’|´|MIN)\s?`
	secSign     = `\s?(?:''|"|″|”|SEC)`
	symbolTail  = degSign + `(?:[0-9]{1,2}` + fracPattern + minSign + `(?:[0-9]{1,2}` + fracPattern + secSign + `)?)?`
	latPattern  = `([0-9]{1,2}` + fracPattern + symbolTail + `|[0-9]{2}[ :-][0-9]{2}[ :-][0-9]{2}` + fracPattern +
		`|[0-9]{2}[ :-][0-9]{2}` + fracPattern + `|[0-9]{4}(?:[0-9]{2})?` + fracPattern + `|[0-9]{2}(?:\.[0-9]{2,8})?)`
	lonPattern = `([0-9]{1,3}` + fracPattern + symbolTail + `|[0-9]{3}[ :-][0-9]{2}[ :-][0-9]{2}` + fracPattern +
		`|[0-9]{3}[ :-][0-9]{2}` + fracPattern + `|[0-9]{5}(?:[0-9]{2})?` + fracPattern + `|[0-9]{3}(?:\.[0-9]{2,8})?)`
	pairSeparator = `(?:\s|[,/;-]){0,4}`
)

var (
	suffixPairRE = regexp.MustCompile(`^` + latPattern + `\s?([NS])` + pairSeparator + lonPattern + `\s?([EW])`)
	prefixPairRE = regexp.MustCompile(`^([NS])\s?` + latPattern + pairSeparator + `([EW])\s?` + lonPattern)
	fragmentRE   = regexp.MustCompile(`[0-9]{4,}(?:[.,][0-9]+)?\s?[NSEW]\b|\b[NSEW]\s?[0-9]{4,}|[0-9]{2}[ -][0-9]{2}(?:\.[0-9]+)?\s?[NSEW]\b|[0-9]\s?°`)
	blankRE      = regexp.MustCompile(`\n\s*\n`)
	signsRE      = regexp.MustCompile(`[^0-9.,]+`)
	gluedRE      = regexp.MustCompile(`\b(?:PSN|POSN|COORDS?|OF|ON|AT|CENTRE|CENTER)$`)
)

// rewrite finds the positions of a text.
func rewrite(text string) rewritten {
	text = strings.NewReplacer(markOpen, " ", markClose, " ", blankLine, " ").Replace(text)
	text = dashes.Replace(strings.ToValidUTF8(text, "?"))
	text = squeeze(blankRE.ReplaceAllString(strings.TrimSpace(text), " "+blankLine+" "))
	var r rewritten
	var b strings.Builder
	last := 0
	for i := 0; i < len(text); {
		n, p := pairAt(text, i, i == last && i > 0)
		if n == 0 {
			i++
			continue
		}
		b.WriteString(text[last:i])
		b.WriteString(markOpen + itoa(len(r.points)) + markClose)
		if p.text == "" {
			r.bad = firstOf(r.bad, text[i:i+n])
		}
		r.points = append(r.points, p)
		i += n
		last = i
	}
	b.WriteString(text[last:])
	r.text = b.String()
	if m := fragmentRE.FindString(r.text); m != "" {
		r.bad = firstOf(r.bad, m)
	}
	return r
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// pairAt reads a latitude and longitude that start at i and returns how long they are, 0 for none.
// A pair out of range has no text. glued is whether the pair before ends at i.
func pairAt(s string, i int, glued bool) (int, point) {
	c := s[i]
	if (c < '0' || c > '9') && c != 'N' && c != 'S' || !glued && !boundary(s, i) {
		return 0, point{}
	}
	window := s[i:min(len(s), i+80)]
	var lat, ns, lon, ew string
	var n int
	if m := suffixPairRE.FindStringSubmatch(window); m != nil {
		n, lat, ns, lon, ew = len(m[0]), m[1], m[2], m[3], m[4]
		if i+n < len(s) && s[i+n] >= 'A' && s[i+n] <= 'Z' {
			return 0, point{}
		}
	} else if m := prefixPairRE.FindStringSubmatch(window); m != nil {
		n, ns, lat, ew, lon = len(m[0]), m[1], m[2], m[3], m[4]
		if i+n < len(s) && (alnum(s[i+n]) || s[i+n] == '.' && i+n+1 < len(s) && alnum(s[i+n+1]) && s[i+n+1] <= '9') {
			return 0, point{}
		}
	} else {
		return 0, point{}
	}
	latDeg, whyLat := component(lat, ns)
	lonDeg, whyLon := component(lon, ew)
	if whyLat != "" || whyLon != "" || parts(lat) != parts(lon) {
		return n, point{}
	}
	return n, point{lat: latDeg, lon: lonDeg, text: s[i : i+n]}
}

func alnum(c byte) bool { return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' }

// boundary is whether a position may start at i: not inside a word or a number.
func boundary(s string, i int) bool {
	if i == 0 {
		return true
	}
	p := s[i-1]
	if p == '.' || p == ',' {
		return i < 2 || s[i-2] < '0' || s[i-2] > '9'
	}
	if !alnum(p) {
		return true
	}
	return s[i] >= '0' && s[i] <= '9' && gluedRE.MatchString(s[max(0, i-12):i])
}

// parts is how many numbers a component has when it is written apart, so that the number of a
// list is not taken for degrees; 0 when it is written in one.
func parts(raw string) int {
	if k := len(strings.Fields(signsRE.ReplaceAllString(raw, " "))); k > 1 {
		return k
	}
	return 0
}

// component reads a latitude or longitude of degrees, of degrees and minutes, or of degrees,
// minutes and seconds.
func component(raw, hemisphere string) (float64, string) {
	f := strings.Fields(signsRE.ReplaceAllString(strings.ReplaceAll(raw, ",", "."), " "))
	if len(f) == 1 {
		whole, frac, _ := strings.Cut(f[0], ".")
		if frac != "" {
			frac = "." + frac
		}
		width := 2
		if hemisphere == "E" || hemisphere == "W" {
			width = 3
		}
		switch len(whole) - width {
		case 2:
			return degrees(whole[:width], whole[width:]+frac, "", hemisphere)
		case 4:
			return degrees(whole[:width], whole[width:width+2], whole[width+2:]+frac, hemisphere)
		}
		return degrees(f[0], "", "", hemisphere)
	}
	f = append(f, "")
	return degrees(f[0], f[1], f[2], hemisphere)
}

// degrees joins degrees, minutes and seconds. The second result says what is out of range.
func degrees(deg, minute, second, hemisphere string) (float64, string) {
	var v [3]float64
	for i, s := range []string{deg, minute, second} {
		if s == "" {
			continue
		}
		x, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return 0, quote(s) + " is no number"
		}
		v[i] = x
	}
	most := 90.0
	if hemisphere == "E" || hemisphere == "W" {
		most = 180
	}
	// Joined over 3600 so that whole seconds give the nearest float there is.
	d := (v[0]*3600 + v[1]*60 + v[2]) / 3600
	if v[1] >= 60 || v[2] >= 60 || d > most {
		return 0, "out of range"
	}
	if d != 0 && (hemisphere == "S" || hemisphere == "W") {
		d = -d
	}
	return d, ""
}
