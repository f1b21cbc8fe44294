package notam

import (
	"regexp"
	"slices"
	"sort"
	"strings"
)

// part is the text of one NOTAM, cut out of a file.
type part struct {
	id, ref string
	typ     Type
	untyped bool
	text    string // as given
	body    string // after the heading, normalised
}

const idPattern = `[A-Z]{0,2}[0-9]{1,5}/[0-9]{2}`

var (
	// headingRE is the number and type of a NOTAM, wherever it stands.
	headingRE = regexp.MustCompile(`(?:[A-Z]{4}-)?\b(` + idPattern + `)\s{0,4}NOTAM\s?([NRC])\b`)
	// referenceRE is the NOTAM that a heading replaces or cancels; the last group tells it from
	// the heading of another.
	referenceRE = regexp.MustCompile(`^[ \t]*\n?[ \t]*(` + idPattern + `)\b(\s{0,4}NOTAM)?`)
	// bareHeadingRE is a line that holds a number alone, as some publishers shorten the heading.
	bareHeadingRE = regexp.MustCompile(`(?m)^[ \t(]*(?:[A-Z]{4}[- ])?([A-Z][0-9]{1,5}/[0-9]{2})[ \t]*$`)
	firstItemRE   = regexp.MustCompile(`^[\s(]*[QA][ \t]?\)`)
	anyItemsRE    = regexp.MustCompile(`(?s)\bQ[ \t]?\).*\bE[ \t]?\)|\bA[ \t]?\).*\bB[ \t]?\).*\bE[ \t]?\)`)
	endRE         = regexp.MustCompile(`(?m)^[ \t]*(?:NNNN|ZCZC\b.*|\x03.*)[ \t]*$`)
	trailerRE     = regexp.MustCompile(`(?:^|\s)(?:CREATED[ \t]*:[ \t]*[0-9]|SOURCE[ \t]*:[ \t]*[A-Z]{4,8}\b)`)
)

// heading is where a NOTAM's heading stands.
type heading struct {
	start, end int
	id, ref    string
	typ        Type
	untyped    bool
}

// split cuts a file into its NOTAMs. Text around them, such as the envelope of the AFTN, is left
// out unless it holds items of its own.
func split(file string) []part {
	norm := normalise(file)
	heads := headings(norm)
	var out []part
	end := len(norm)
	if len(heads) > 0 {
		end = heads[0].start
	}
	if anyItemsRE.MatchString(norm[:end]) {
		out = append(out, part{text: strings.TrimSpace(file[:end]), typ: New})
	}
	for i, h := range heads {
		end := len(norm)
		if i+1 < len(heads) {
			end = heads[i+1].start
		}
		if cut := endRE.FindStringIndex(norm[h.end:end]); cut != nil {
			end = h.end + cut[0]
		}
		p := part{id: h.id, ref: h.ref, typ: h.typ, untyped: h.untyped}
		p.text = strings.TrimSpace(file[h.start:end])
		p.body = norm[h.end:end]
		if norm[h.start] == '(' {
			p.body = dropClosing(p.body)
		}
		out = append(out, p)
	}
	return out
}

// headings finds where NOTAMs begin: a number and type that is followed by item Q or A or starts
// a line, or a line of a number alone that is followed by an item.
func headings(norm string) []heading {
	var out []heading
	for _, m := range headingRE.FindAllStringSubmatchIndex(norm, -1) {
		h := heading{start: m[0], end: m[1], id: norm[m[2]:m[3]], typ: Type(norm[m[4]:m[5]])}
		if r := referenceRE.FindStringSubmatchIndex(norm[h.end:]); h.typ != New && r != nil && r[4] < 0 {
			h.ref = norm[h.end+r[2] : h.end+r[3]]
			h.end += r[3]
		}
		if !startsLine(norm, h.start) && !firstItemRE.MatchString(norm[h.end:]) {
			continue
		}
		h.start = openParen(norm, h.start)
		out = append(out, h)
	}
	typed := len(out)
	for _, m := range bareHeadingRE.FindAllStringSubmatchIndex(norm, -1) {
		k := sort.Search(typed, func(k int) bool { return out[k].end > m[0] })
		taken := k < typed && out[k].start < m[1]
		if !taken && firstItemRE.MatchString(norm[m[1]:]) {
			out = append(out, heading{start: m[0], end: m[1], id: norm[m[2]:m[3]], typ: New, untyped: true})
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].start < out[j].start })
	return out
}

// datePrefix is how many bytes of date, time and space may stand before a heading on its line.
const datePrefix = 60

// startsLine is whether only space, a parenthesis or a date stands before i on its line.
func startsLine(s string, i int) bool {
	from := max(0, i-datePrefix)
	line := s[from:i]
	if k := strings.LastIndexByte(line, '\n'); k >= 0 {
		line = line[k+1:]
	} else if from > 0 {
		return false
	}
	return strings.Trim(line, " \t(0123456789/:") == ""
}

// openParen moves i back over a parenthesis that opens a NOTAM.
func openParen(s string, i int) int {
	j := i
	for j > 0 && (s[j-1] == ' ' || s[j-1] == '\t') {
		j--
	}
	if j > 0 && s[j-1] == '(' {
		return j - 1
	}
	return i
}

// dropClosing takes away the parenthesis that closes a NOTAM, where nothing but a trailer follows.
func dropClosing(body string) string {
	end := len(body)
	if cut := trailerRE.FindStringIndex(body); cut != nil {
		end = cut[0]
	}
	kept := strings.TrimRight(body[:end], " \n")
	if strings.HasSuffix(kept, ")") && !labelEndRE.MatchString(kept) {
		return kept[:len(kept)-1] + body[end:]
	}
	return body
}

// normalise returns the text in capitals, with dashes, spaces and line ends in one form. It keeps
// the length of the text in bytes, so that places in it are places in the text as given.
func normalise(s string) string {
	b := []byte(s)
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case c >= 'a' && c <= 'z':
			b[i] = c - 'a' + 'A'
		case c == '\r':
			if i+1 < len(b) && b[i+1] == '\n' {
				b[i] = ' '
			} else {
				b[i] = '\n'
			}
		case c == '\t' || c == '\v' || c == '\f':
			b[i] = ' '
		}
	}
	return string(b)
}

// squeeze returns s with every run of space as one space.
func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

// items are the items of one NOTAM.
type items struct {
	text  map[byte]string
	twice []string // letters that stand twice before E
	tail  string   // text after the line of the last limit
}

func (it items) get(letter byte) string { return it.text[letter] }

func (it items) has(letter byte) bool { _, ok := it.text[letter]; return ok }

var (
	headItemRE = regexp.MustCompile(`(?:^|[\s(.])([QABCDEFG])[ \t]?\)`)
	labelEndRE = regexp.MustCompile(`(?:^|\s)[A-Z0-9][ \t]?\)$`)
	wrappedRE  = regexp.MustCompile(`^([0-9][0-9,]*)\s+(FT|M)\s+(AMSL|AGL|MSL)\b|^([0-9][0-9,]*(?:FT|M))\s+(AMSL|AGL|MSL)\b`)
	lowItemRE  = regexp.MustCompile(`(?:^|[\s(.])F[ \t]?\)`)
	topItemRE  = regexp.MustCompile(`(?:^|[\s(.])G[ \t]?\)`)
	positionRE = regexp.MustCompile(`^\s*(?:[0-9]{4,}(?:\.[0-9]+)?\s?[NS]|[NS]\s?[0-9]{4,})`)
)

// splitItems finds the items. Q to D stand before E; after E only F and G are items, so that item
// letters in the free text of E do not cut it: the last F and the last G that are not the label of
// a position.
func splitItems(body string) items {
	it := items{text: map[byte]string{}}
	if cut := trailerRE.FindStringIndex(body); cut != nil {
		body = body[:cut[0]]
	}
	squeezed := map[byte]string{}
	marks := headItemRE.FindAllStringSubmatchIndex(body, -1)
	for i, m := range marks {
		letter := body[m[2]]
		end := len(body)
		if i+1 < len(marks) {
			end = marks[i+1][0]
		}
		if letter == 'E' {
			it.free(body[m[1]:])
			break
		}
		text := strings.TrimSpace(body[m[1]:end])
		words := squeeze(text)
		if prior, ok := squeezed[letter]; ok && prior != words {
			if !slices.Contains(it.twice, string(letter)) {
				it.twice = append(it.twice, string(letter))
			}
			continue
		}
		it.text[letter], squeezed[letter] = text, words
	}
	return it
}

// free splits E from the limits after it.
func (it *items) free(rest string) {
	var f, g []int
	if !it.has('F') {
		f = lastItem(rest, lowItemRE)
	}
	if !it.has('G') {
		g = lastItem(rest, topItemRE)
	}
	end := len(rest)
	for _, m := range [][]int{f, g} {
		if m != nil && m[0] < end {
			end = m[0]
		}
	}
	it.text['E'] = strings.TrimSpace(rest[:end])
	it.limits(f, g, rest)
}

// limits takes F and G, each up to the other or to the end of its line.
func (it *items) limits(f, g []int, rest string) {
	take := func(letter byte, m, other []int) {
		if m == nil {
			return
		}
		end := len(rest)
		if other != nil && other[0] > m[0] {
			end = other[0]
		}
		text := strings.TrimSpace(rest[m[1]:end])
		if w := wrappedRE.FindStringIndex(text); w != nil {
			text = squeeze(text[:w[1]]) + text[w[1]:]
		}
		if i := strings.IndexByte(text, '\n'); i >= 0 {
			it.tail = strings.TrimSpace(it.tail + "\n" + text[i:])
			text = strings.TrimSpace(text[:i])
		}
		it.text[letter] = text
	}
	take('F', f, g)
	take('G', g, f)
}

// lastItem finds the last mark of re that is not the label of a position.
func lastItem(s string, re *regexp.Regexp) []int {
	all := re.FindAllStringIndex(s, -1)
	for i := len(all) - 1; i >= 0; i-- {
		if !positionRE.MatchString(s[all[i][1]:]) {
			return all[i]
		}
	}
	return nil
}
