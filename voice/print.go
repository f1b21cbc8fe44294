package voice

import (
	"fmt"
	"html"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/catalogue"
)

// What a page of A4 holds in a font of fixed width.
const (
	PageRows    = 60
	PageColumns = 80

	nameColumns = 15
	exercise    = "EXERCISE "
)

// numberLegend says all number words; it stands on every page.
const numberLegend = "0 zero 1 wun 2 too 3 tree 4 fower 5 fife 6 six 7 seven 8 ait 9 niner . decimal"

// footer says how a page is used.
var footer = []string{
	"Say each field, then its check group in spelling words. The other officer writes",
	"both down and enters them; where a group does not fit, say that field again.",
	numberLegend,
}

// Text returns the page as plain text of at most PageRows rows of PageColumns columns, ASCII but for what
// others wrote. Spoken forms stand below the fields where the page has room for those of all.
func (p Page) Text() string { return p.TextIn(nil) }

// TextIn is Text in the language of a catalogue.
func (p Page) TextIn(c *catalogue.Catalogue) string {
	rows := p.rows(in{c}, true)
	if len(rows) > PageRows {
		rows = p.rows(in{c}, false)
	}
	return strings.Join(rows, "\n") + "\n"
}

func (p Page) rows(w in, spoken bool) []string {
	rule := strings.Repeat("-", PageColumns)
	title := w.isolated(w.title(p.Title))
	if !p.Made.IsZero() {
		title += ", " + w.isolated(w.sheet("made", "made")) + " " + p.Made.UTC().Format("2006-01-02 15:04:05") + "Z"
	}
	rows := []string{title, rule}
	if p.Drill {
		rows[0] = exercise + title
	}
	for _, n := range p.Notes {
		for _, row := range wrap(w.note(n), PageColumns) {
			rows = append(rows, w.isolated(row))
		}
	}
	for _, f := range p.Fields {
		rows = append(rows, p.field(w, f, spoken)...)
	}
	rows = append(rows, p.field(w, Field{Name: FieldPage, Text: []string{w.sheet("whole", "the whole page")}, Check: p.Check}, false)...)
	rows = append(rows, rule)
	for _, row := range w.footer() {
		rows = append(rows, w.isolated(row))
	}
	return rows
}

// field lays a field out: its name, what is said, the spoken forms, and the check group at the right
// end of the first row that has room for it.
func (p Page) field(w in, f Field, spoken bool) []string {
	lead := ""
	if p.Drill {
		lead = exercise
	}
	width := PageColumns - len(lead) - nameColumns
	var body []string
	for _, t := range f.Text {
		body = append(body, wrap(clean(t), width)...)
	}
	if spoken {
		for _, s := range f.Say {
			body = append(body, wrap(w.sheet("say", "say")+" "+clean(s), width)...)
		}
	}
	check := f.Check + "  " + Spell(f.Check)
	hasRoom := func(row string) bool { return utf8.RuneCountInString(row)+2+len(check) <= width }
	at := slices.IndexFunc(body, hasRoom)
	if at < 0 && !spoken {
		check = f.Check // a row is worth more than the spelling words
		at = slices.IndexFunc(body, hasRoom)
	}
	if at < 0 {
		at, body = len(body), append(body, "")
	}
	body[at] += strings.Repeat(" ", width-utf8.RuneCountInString(body[at])-len(check)) + check
	rows := make([]string, len(body))
	names := wrap(w.name(f.Name), nameColumns-1)
	for len(names) > len(rows) {
		rows, body = append(rows, ""), append(body, "")
	}
	for i := range rows {
		name := ""
		if i < len(names) {
			name = names[i]
		}
		pad := strings.Repeat(" ", nameColumns-utf8.RuneCountInString(name))
		rows[i] = strings.TrimRight(lead+w.isolated(name)+pad+body[i], " ")
	}
	return rows
}

// clean keeps what others wrote on its row and in its order.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, s)
}

// wrap breaks a text into rows of at most width runes, between words where it can.
func wrap(s string, width int) []string {
	var rows []string
	row := []rune{}
	for _, word := range strings.Fields(s) {
		w := []rune(word)
		if len(row) > 0 && len(row)+1+len(w) > width {
			rows, row = append(rows, string(row)), row[:0]
		}
		if len(row) > 0 {
			row = append(row, ' ')
		}
		for len(row)+len(w) > width {
			n := width - len(row)
			rows = append(rows, string(append(row, w[:n]...)))
			row, w = row[:0], w[n:]
		}
		row = append(row, w...)
	}
	if len(row) > 0 || len(rows) == 0 {
		rows = append(rows, string(row))
	}
	return rows
}

const htmlHead = `<!doctype html>
<html lang="%s" dir="%s">
<head>
<meta charset="utf-8">
<title>%s</title>
<style>
@page { size: A4; margin: 12mm }
body { font: 10pt/1.3 sans-serif; margin: 0 auto; max-width: 186mm }
@media screen { body { margin: 8mm auto; padding: 0 4mm } }
h1 { font-size: 13pt; margin: 0 0 2mm }
table { border-collapse: collapse; width: 100%% }
th, td { border-top: 1px solid #999; padding: .6mm 2mm; text-align: start; vertical-align: top }
th { font-weight: bold; white-space: nowrap }
.say { color: #444; font-size: 8pt }
.group { white-space: nowrap }
.group strong { font: bold 11pt monospace; letter-spacing: .1em }
.drill { background: #ddd; font-weight: bold }
</style>
</head>
<body>
`

// HTML returns the page as an HTML document that needs nothing else and prints on one sheet of A4.
func (p Page) HTML() string { return p.HTMLIn(nil) }

// HTMLIn is HTML in the language of a catalogue.
func (p Page) HTMLIn(c *catalogue.Catalogue) string {
	w := in{c}
	var b strings.Builder
	language, direction := "en", "ltr"
	if c != nil {
		language, direction = c.Language, c.Direction
	}
	title := w.title(p.Title)
	if p.Drill {
		title = exercise + title
	}
	fmt.Fprintf(&b, htmlHead, language, direction, html.EscapeString(title))
	fmt.Fprintf(&b, "<h1>%s</h1>\n", html.EscapeString(title))
	if !p.Made.IsZero() {
		fmt.Fprintf(&b, "<p>%s <bdi>%sZ</bdi></p>\n", html.EscapeString(w.sheet("made", "made")), p.Made.UTC().Format("2006-01-02 15:04:05"))
	}
	for _, n := range p.Notes {
		fmt.Fprintf(&b, "<p><strong>%s</strong></p>\n", html.EscapeString(w.note(n)))
	}
	b.WriteString("<table>\n")
	p.htmlRows(&b, w)
	b.WriteString("</table>\n")
	for _, line := range []string{w.sheet("use", footer[0]+" "+footer[1]), footer[2]} {
		fmt.Fprintf(&b, "<p class=\"say\" dir=\"auto\">%s</p>\n", html.EscapeString(line))
	}
	b.WriteString("</body>\n</html>\n")
	return b.String()
}

func (p Page) htmlRows(b *strings.Builder, w in) {
	spoken := len(p.rows(w, true)) <= PageRows
	drill := ""
	if p.Drill {
		drill = `<td class="drill">EXERCISE</td>`
	}
	row := func(f Field) {
		var cell strings.Builder
		for i, t := range f.Text {
			if i > 0 {
				cell.WriteString("<br>")
			}
			cell.WriteString("<bdi>" + html.EscapeString(clean(t)) + "</bdi>")
		}
		if spoken && len(f.Say) > 0 {
			cell.WriteString(`<div class="say">` + html.EscapeString(clean(strings.Join(f.Say, ", "))) + "</div>")
		}
		fmt.Fprintf(b, "<tr>%s<th scope=\"row\">%s</th><td dir=\"ltr\">%s</td><td class=\"group\" dir=\"ltr\"><strong>%s</strong><div class=\"say\">%s</div></td></tr>\n",
			drill, html.EscapeString(w.name(f.Name)), cell.String(), f.Check, Spell(f.Check))
	}
	for _, f := range p.Fields {
		row(f)
	}
	row(Field{Name: FieldPage, Text: []string{w.sheet("whole", "the whole page")}, Check: p.Check})
}

// Lines returns the page as ParseReadBack reads it, one field a line with its check group: what the other
// officer enters when he heard all of it right.
func (p Page) Lines() []string {
	out := make([]string, 0, len(p.Fields)+1)
	for _, f := range p.Fields {
		said := strings.ReplaceAll(clean(strings.Join(f.Text, ", ")), ";", ",") // a semicolon parts lines
		out = append(out, f.Name+": "+said+", check "+f.Check)
	}
	return append(out, FieldPage+": check "+p.Check)
}
