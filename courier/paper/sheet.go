package paper

import (
	"fmt"
	"html/template"
	"image/color"
	"io"
	"strings"

	"github.com/boombuler/barcode/qr"

	"parley/courier"
	"parley/fault"
)

// quietModules is the empty edge of a code, in modules, as ISO/IEC 18004 has it.
const quietModules = 4

// Page is what is printed of one courier file.
type Page struct {
	Header courier.Header
	From   string // the names of the parties
	To     string
	File   []byte
}

// code is one code on a sheet.
type code struct {
	Number int
	Of     int
	Side   int // in modules, with the quiet edge
	Path   string
}

// Write writes printable sheets of courier files as one HTML page, six codes a sheet. It loads nothing.
func Write(w io.Writer, pages []Page) error {
	type sheet struct {
		Page
		ID    string
		Codes []code
	}
	var sheets []sheet
	for _, p := range pages {
		lines, err := Lines(p.File)
		if err != nil {
			return err
		}
		s := sheet{Page: p, ID: ID(p.File)}
		for i, line := range lines {
			c, err := draw(line)
			if err != nil {
				return err
			}
			c.Number, c.Of = i+1, len(lines)
			s.Codes = append(s.Codes, c)
		}
		sheets = append(sheets, s)
	}
	t, err := template.New("sheets").Parse(page)
	if err != nil {
		return fault.Wrap(fault.Internal, "paper.write", err)
	}
	return fault.Wrap(fault.Unavailable, "paper.write", t.Execute(w, sheets))
}

// draw returns the code of a line as the path of its dark modules.
func draw(line string) (code, error) {
	bars, err := qr.Encode(line, qr.M, qr.AlphaNumeric)
	if err != nil {
		return code{}, fault.Wrap(fault.Internal, "paper.code", err)
	}
	b := bars.Bounds()
	var path strings.Builder
	dark := func(x, y int) bool { return x < b.Max.X && bars.At(x, y) == color.Black }
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			from := x
			for dark(x, y) {
				x++
			}
			if x > from {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", from-b.Min.X+quietModules, y-b.Min.Y+quietModules, x-from, x-from)
			}
		}
	}
	return code{Side: b.Dx() + 2*quietModules, Path: path.String()}, nil
}

// page is the template of the sheets.
const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>parley courier</title>
<style>
@page { size: A4; margin: 10mm }
body { font: 9pt/1.35 sans-serif; color: #000; background: #fff; margin: 0 }
@media screen { body { max-width: 190mm; margin: 8mm auto; padding: 0 4mm } }
section { break-after: page }
section:last-child { break-after: auto }
h1 { font-size: 13pt; margin: 0 }
code { overflow-wrap: anywhere }
p { margin: 1mm 0 2mm }
div.codes { display: grid; grid-template-columns: repeat(2, 90mm); gap: 3mm 8mm }
figure { margin: 0; break-inside: avoid }
svg { width: 78mm; height: 78mm; display: block }
figcaption { width: 78mm; text-align: center; font-size: 8pt }
figcaption b { font-size: 11pt }
</style>
{{range $s := .}}<section>
<h1>Courier file {{.ID}} from {{.From}} to {{.To}}</h1>
<p>Line <code>{{.Header.Line}}</code><br>
Written {{.Header.Written.Format "2006-01-02 15:04:05Z"}}, part {{.Header.Part}}{{if .Header.Last}}, the last{{else}}; more follow{{end}}.
Entries: {{.Header.Entries}}. Receipts: {{.Header.Receipts}}. Copies of hold and distress: {{.Header.Urgent}}.</p>
<p><b>Scan all {{len .Codes}} codes</b> with any reader of QR codes, in any order. Write what each says as one line into a text
file, and give that file to the officer of {{.To}}: <code>parley courier read FILE</code></p>
<div class="codes">
{{range .Codes}}<figure><svg viewBox="0 0 {{.Side}} {{.Side}}" shape-rendering="crispEdges"><path d="{{.Path}}"/></svg>
<figcaption><b>{{.Number}} of {{.Of}}</b> · file <code>{{$s.ID}}</code></figcaption></figure>
{{end}}</div>
</section>
{{end}}</html>
`
