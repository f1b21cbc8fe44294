package notam

import (
	"regexp"
	"strings"

	"parley/catalogue"
	"parley/geo4d"
)

var (
	markRE   = regexp.MustCompile(markOpen + `([0-9]+)` + markClose)
	numberRE = regexp.MustCompile(`(?:^|[\s(,;.-])(?:[A-Z]|[0-9]{1,2}|P[0-9]{1,2}|(?:POINT|PT|PNT)\s?[A-Z0-9]{1,2})\s?[.):](?:\s|$)`)
	listRE   = regexp.MustCompile(`^(?:[\s\x03,;:/().&+>-]|(?:TO A POINT|TO|THEN|THENCE|AND|DIRECT|DCT|POINT|PT|PNT|PSN|POSN|COORD|[A-Z]|[0-9]{1,2}|P[0-9]{1,2})\b)*$`)
	stopRE   = regexp.MustCompile(`^[\s)]*\.\s?[\s(]*$`)
	andRE    = regexp.MustCompile(`\bAND\b`)

	borderRE = regexp.MustCompile(`\b(?:STATE|NATIONAL|INTERNATIONAL|COUNTRY|POLITICAL|FIR|UIR|TMA|CTR|CTA)\s(?:BORDER|FRONTIER|BOUNDARY|BDRY|BDY)|` +
		`\b(?:ALONG|FOLLOW|FOLLOWING|FOLLOWS)\s(?:\w+\s){0,4}(?:BORDERS?|FRONTIER|BOUNDARY|BDRY|BDY|COAST\w*|SHORE\w*|RIVER|FIR|PARALLEL|MERIDIAN)\b|` +
		`\b(?:BORDER|FRONTIER|BDRY|COAST ?LINE|SHORE ?LINE) (?:OF|WITH|BTN|BETWEEN)\b|\bBOUNDARY (?:OF|WITH|BTN|BETWEEN) (?:[A-Z]+)`)
	ownBoundaryRE = regexp.MustCompile(`\bBOUNDARY OF (?:THE )?(?:AREA|ZONE|POLYGON)\b`)
	arcRE         = regexp.MustCompile(`\bARCS?\b|\bSEMI-?\s?CIRCLE\b|\bHALF[- ]CIRCLE\b|\b(?:ANTI-?|COUNTER-?)?CLOCKWISE\b`)
	sectorRE      = regexp.MustCompile(`\bSECTOR\s(?:OF\s|BTN\s)?[0-9]{2,3}\b|\b(?:BTN|BETWEEN|FM|FROM)\s(?:RDLS?|RADIALS?|BRGS?|BEARINGS?)\b|\b(?:RDLS?|RADIALS?|BRGS?|BEARINGS?)\s?[0-9]{3}\s?(?:-|TO|AND|/)\s?(?:RDL\s)?[0-9]{3}\b`)
	bufferRE      = regexp.MustCompile(`\bPLUS\s(?:A\s)?(?:[0-9.]+\s?(?:NM|KM|M|FT)\b|BUFFER)|\bBUFFER\b|\+\s?[0-9.]+\s?(?:NM|KM)\b|\b(?:EXTENDED|EXPANDED|ENLARGED) BY [0-9]`)
	exceptRE      = regexp.MustCompile(`\b(?:EXC|EXCEPT|EXCEPTING|EXCL|EXCLUDING|EXCLUDED|OUTSIDE|LESS|MINUS)\b`)
	exceptHereRE  = regexp.MustCompile(`\b(?:EXC|EXCEPT|EXCEPTING|EXCL|EXCLUDING|OUTSIDE)\s(?:THE |AN? |OF |FOR )*(?:AREA|CIRCLE|WI|WITHIN|POLYGON|ZONE|CYLINDER)\b[^.]*$`)
	areaRE        = regexp.MustCompile(`\b(?:AREAS?|BOUNDED|BOUNDARY|BOUNDARIES|ENCLOSED|POLYGON|WI|WITHIN|ZONES?|LATERAL LIMITS?)\b`)
	routeRE       = regexp.MustCompile(`\b(?:ROUTES?|RTES?|TRACKS?|TRKS?|AWY|AIRWAYS?|CORRIDORS?|FLT PATH|FLIGHT PATH|FLIGHT LINES?|LEGS?|CENTRELINE|CENTERLINE|CENTRE LINE)\b`)
	boundedRE     = regexp.MustCompile(`\b(?:BOUNDED|ENCLOSED|POLYGON)\b`)
	onlyListRE    = regexp.MustCompile(`^(?:[\s\x03,;:/().&-]|(?:AND|AREA|NR|[0-9]{1,2}|[A-Z])\b)*$`)
	backRE        = regexp.MustCompile(`^[\s,.;:()-]*(?:AND )?(?:THEN |THENCE )?(?:BACK )?TO (?:THE )?(?:START|STARTING|BEGINNING|ORIGIN|POINT OF ORIGIN|POINT OF BEGINNING|FIRST POINT|1ST POINT)`)
	designatorRE  = regexp.MustCompile(`\b[A-Z]{2}[- ]?(?:R|D|P|TRA|TSA|TRSA)[- ]?[0-9]{1,4}[A-Z]?\b`)
)

// run is a list of positions with nothing but list marks between them.
type run struct {
	points     []point
	gaps       []string // gaps[i] stands before points[i], from the second on
	start, end int      // in the text
	before     string   // the text from the run before, or from the start
	after      string   // the text up to the next run, or to the end
}

// reader turns item E into shapes.
type reader struct {
	r      rewritten
	flat   string
	runs   []run
	radii  []phrase
	widths []phrase
	closed bool // a list was closed by its reader
	why    string
}

// readShapes reads the shapes of item E.
func (n *Notam) readShapes(it items, q qLine, band geo4d.Band) []geo4d.Shape {
	e := it.get('E')
	if squeeze(e) == "" {
		n.refuse("E", "item E is missing; the shape comes from it, never from the circle of the Q line")
		return nil
	}
	rd := &reader{r: rewrite(e)}
	shapes := rd.read()
	if rd.why != "" {
		n.refuse("E", rd.why)
		return nil
	}
	if rd.closed {
		n.warn(RingClosed, catalogue.Say("notam.ring-closed"))
	}
	for _, d := range designatorRE.FindAllString(rd.flat, 1) {
		n.warn(NamedArea, catalogue.Say("notam.named-area", catalogue.AsCode("item", "E"), catalogue.ByPeople("text", d)))
	}
	if it.has('F') && it.has('G') {
		n.compareLimits(e, band)
	}
	n.compareWithQ(shapes, q)
	return shapes
}

func (rd *reader) fail(why string) {
	if rd.why == "" {
		rd.why = why
	}
}

// read returns the shapes in the order of the text.
func (rd *reader) read() []geo4d.Shape {
	rd.flat = strings.ReplaceAll(rd.r.text, blankLine, " ")
	if rd.unsupported(); rd.why != "" {
		return nil
	}
	rd.findRuns()
	rd.findPhrases()
	if rd.why != "" {
		return nil
	}
	halves := rd.bindWidths()
	radius := rd.bindRadii(halves)
	if rd.why != "" {
		return nil
	}
	var shapes []geo4d.Shape
	area := false
	for i := range rd.runs {
		ru := &rd.runs[i]
		area = areaRE.MatchString(ru.before) || area && onlyListRE.MatchString(afterBack(ru.before))
		switch {
		case rd.cutsOut(i):
			rd.fail("an exception is cut out of the area near " + quote(ru.points[0].text) + ", and what remains is not a shape that can be read")
		case radius[i] > 0:
			for _, p := range ru.points {
				shapes = append(shapes, geo4d.Circle{Center: p.position(), RadiusM: radius[i]})
			}
		case halves[i] > 0:
			shapes = append(shapes, rd.corridor(*ru, halves[i]))
		default:
			shapes = append(shapes, rd.polygons(*ru, area)...)
		}
		if rd.why != "" {
			return nil
		}
	}
	return shapes
}

// unsupported refuses what no shape can be made of.
func (rd *reader) unsupported() {
	noParens := parenRE.ReplaceAllString(rd.flat, " ")
	switch {
	case rd.r.bad != "":
		rd.fail("the position " + quote(rd.r.bad) + " could not be read; whole positions such as 342123N 0495625E can")
	case borderRE.MatchString(ownBoundaryRE.ReplaceAllString(rd.flat, " ")):
		rd.fail("the shape follows a border, a boundary or a coast (" + quote(borderRE.FindString(rd.flat)) + ") whose course the text does not give")
	case len(rd.r.points) == 0:
		rd.fail("it gives no position; the shape comes from item E, never from the circle of the Q line")
	case arcRE.MatchString(rd.flat):
		rd.fail("the shape has an arc (" + quote(arcRE.FindString(rd.flat)) + "), which cannot be read")
	case sectorRE.MatchString(noParens):
		rd.fail("the shape is a sector (" + quote(sectorRE.FindString(noParens)) + "), which cannot be read")
	case bufferRE.MatchString(rd.flat):
		rd.fail("the shape is enlarged by a buffer (" + quote(bufferRE.FindString(rd.flat)) + "), which cannot be read")
	}
}

var parenRE = regexp.MustCompile(`\([^()\x01]*\)`)

// findRuns cuts the positions into lists.
func (rd *reader) findRuns() {
	text := rd.r.text
	marks := markRE.FindAllStringIndex(text, -1)
	last := 0
	for i, m := range marks {
		p := rd.r.points[i]
		if k := len(rd.runs); k > 0 {
			gap := text[marks[i-1][1]:m[0]]
			if listRE.MatchString(gap) {
				ru := &rd.runs[k-1]
				ru.points, ru.gaps, ru.end = append(ru.points, p), append(ru.gaps, gap), m[1]
				last = m[1]
				continue
			}
		}
		rd.runs = append(rd.runs, run{points: []point{p}, gaps: []string{""}, start: m[0], end: m[1], before: text[last:m[0]]})
		last = m[1]
	}
	for i := range rd.runs {
		end := len(text)
		if i+1 < len(rd.runs) {
			end = rd.runs[i+1].start
		}
		rd.runs[i].after = text[rd.runs[i].end:end]
	}
}

// findPhrases finds stated widths and radii; one that cannot be read refuses the item.
func (rd *reader) findPhrases() {
	text := wgsRE.ReplaceAllStringFunc(rd.flat, func(s string) string { return strings.Repeat(" ", len(s)) })
	var ok bool
	if rd.widths, ok = find(widthRE, text, []float64{1, 1, 0.5, 0.5}, 1); !ok {
		rd.fail("a width could not be read")
		return
	}
	text = blank(text, rd.widths)
	if rd.radii, ok = find(radiusRE, text, []float64{1, 1, 1, 0.5, 0.5}, 2); !ok {
		rd.fail("a radius could not be read")
		return
	}
	text = blank(text, rd.radii)
	if m := radiusWordRE.FindString(text); m != "" {
		rd.fail("the word " + quote(m) + " stands without a length and unit that can be read")
	}
	rd.flat = wgsRE.ReplaceAllStringFunc(rd.flat, func(s string) string { return strings.Repeat(" ", len(s)) })
}

// cutsOut is whether the words before a run take it out of an area.
func (rd *reader) cutsOut(i int) bool {
	before := rd.runs[i].before
	if i > 0 {
		return exceptRE.MatchString(lastSentence(before))
	}
	return exceptHereRE.MatchString(before)
}

// lastSentence is the text after the last full stop that ends a sentence.
func lastSentence(s string) string {
	if i := strings.LastIndex(s, ". "); i >= 0 && !numberRE.MatchString(s[max(0, i-4):i+2]) {
		return s[i+2:]
	}
	return s
}

func afterBack(s string) string {
	if m := backRE.FindStringIndex(s); m != nil {
		return s[m[1]:]
	}
	return s
}

// corridor makes a corridor of a list.
func (rd *reader) corridor(ru run, half float64) geo4d.Shape {
	c := geo4d.Corridor{HalfWidthM: half}
	for i, p := range ru.points {
		if i > 0 && p.same(ru.points[i-1]) {
			rd.fail("the position " + quote(p.text) + " stands twice in a row; one of the two is probably another place")
			return nil
		}
		c.Line = append(c.Line, p.position())
	}
	return c
}
