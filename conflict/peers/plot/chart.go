package plot

import (
	"fmt"
	"html"
	"io"
	"math"
	"strings"
)

// Point is a place on a chart; both of its figures are over 0.
type Point struct{ X, Y float64 }

// Series is a line of a chart.
type Series struct {
	Name   string
	Points []Point // by X
	Loose  bool    // no line joins them
}

// Chart is a picture of series on two logarithmic axes.
type Chart struct {
	Title, Alt string // Alt says in words what it shows
	X, Y       string // what the axes show, with the unit
	Series     []Series
}

// The picture's measures, in pixels.
const (
	wide, high            = 760, 460
	left, right, top, low = 76, 48, 92, 64
	maxSeries             = 4
)

// style has the colours of both a light and a dark page, each legible on its own background.
const style = `
  .page { fill: #ffffff; } .ink { fill: #1f2328; } .soft { fill: #57606a; }
  .grid { stroke: #d0d7de; stroke-width: 1; } .axis { stroke: #57606a; stroke-width: 1.2; }
  text { font: 13px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; }
  .title { font-size: 16px; font-weight: 600; }
  .line { fill: none; stroke-width: 2; }
  .s0 { stroke: #0550ae; fill: #0550ae; } .s1 { stroke: #b35900; fill: #b35900; }
  .s2 { stroke: #116329; fill: #116329; } .s3 { stroke: #8250df; fill: #8250df; }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117; } .ink { fill: #e6edf3; } .soft { fill: #9da7b3; }
    .grid { stroke: #30363d; } .axis { stroke: #9da7b3; }
    .s0 { stroke: #79c0ff; fill: #79c0ff; } .s1 { stroke: #ffa657; fill: #ffa657; }
    .s2 { stroke: #56d364; fill: #56d364; } .s3 { stroke: #d2a8ff; fill: #d2a8ff; }
  }
`

// axis is a logarithmic axis: from and to are powers of ten, and at0 and at1 their places.
type axis struct {
	from, to, at0, at1 float64
}

// axisOf returns the axis that holds some figures.
func axisOf(values []float64, at0, at1 float64) axis {
	least, most := math.Inf(1), math.Inf(-1)
	for _, v := range values {
		least, most = math.Min(least, v), math.Max(most, v)
	}
	a := axis{from: tick(least, false), to: tick(most, true), at0: at0, at1: at1}
	if a.from == a.to {
		a.to *= 10
	}
	return a
}

// tick returns the next of 1, 2 and 5 times a power of ten at or beyond a figure.
func tick(v float64, up bool) float64 {
	power := math.Pow(10, math.Floor(math.Log10(v)+1e-9))
	best := power
	for _, m := range []float64{1, 2, 5, 10} {
		switch t := m * power; {
		case up && t >= v*(1-1e-9):
			return t
		case !up && t <= v*(1+1e-9):
			best = t
		}
	}
	return best
}

func (a axis) place(v float64) float64 {
	return a.at0 + (a.at1-a.at0)*math.Log(v/a.from)/math.Log(a.to/a.from)
}

// ticks returns where the axis has figures: at powers of ten, and at 2 and 5 times these where the axis
// is short.
func (a axis) ticks() []float64 {
	steps := []float64{1}
	if a.to/a.from < 300 {
		steps = []float64{1, 2, 5}
	}
	var out []float64
	for power := math.Pow(10, math.Floor(math.Log10(a.from))); power <= a.to*1.001; power *= 10 {
		for _, s := range steps {
			if t := s * power; t >= a.from*0.999 && t <= a.to*1.001 {
				out = append(out, t)
			}
		}
	}
	return out
}

// Write writes the chart as SVG.
func (c *Chart) Write(w io.Writer) error {
	var xs, ys []float64
	for _, s := range c.Series {
		for _, p := range s.Points {
			if !(p.X > 0 && p.Y > 0) || math.IsInf(p.X, 1) || math.IsInf(p.Y, 1) {
				return fmt.Errorf("%s: %v has no place on logarithmic axes", c.Title, p)
			}
			xs, ys = append(xs, p.X), append(ys, p.Y)
		}
	}
	if len(xs) == 0 || len(c.Series) > maxSeries {
		return fmt.Errorf("%s: %d points in %d series; it takes 1 to %d series", c.Title, len(xs), len(c.Series), maxSeries)
	}
	x, y := axisOf(xs, left, wide-right), axisOf(ys, high-low, top)
	var b strings.Builder
	fmt.Fprintf(&b, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\" aria-labelledby=\"t d\">\n", wide, high, wide, high)
	fmt.Fprintf(&b, "<title id=\"t\">%s</title>\n<desc id=\"d\">%s</desc>\n<style>%s</style>\n", html.EscapeString(c.Title), html.EscapeString(c.Alt), style)
	fmt.Fprintf(&b, "<rect class=\"page\" width=\"%d\" height=\"%d\"/>\n", wide, high)
	label(&b, left, 28, "ink title", "start", c.Title)
	c.axes(&b, x, y)
	for i, s := range c.Series {
		s.write(&b, i, x, y)
	}
	b.WriteString("</svg>\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func label(b *strings.Builder, x, y float64, class, anchor, text string) {
	fmt.Fprintf(b, "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\" text-anchor=\"%s\">%s</text>\n", x, y, class, anchor, html.EscapeString(text))
}

func (c *Chart) axes(b *strings.Builder, x, y axis) {
	line := func(class string, x1, y1, x2, y2 float64) {
		fmt.Fprintf(b, "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n", class, x1, y1, x2, y2)
	}
	for _, t := range x.ticks() {
		line("grid", x.place(t), y.at0, x.place(t), y.at1)
		label(b, x.place(t), y.at0+20, "soft", "middle", number(t))
	}
	for _, t := range y.ticks() {
		line("grid", x.at0, y.place(t), x.at1, y.place(t))
		label(b, x.at0-8, y.place(t)+4, "soft", "end", number(t))
	}
	line("axis", x.at0, y.at0, x.at1, y.at0)
	line("axis", x.at0, y.at0, x.at0, y.at1)
	label(b, (x.at0+x.at1)/2, high-18, "ink", "middle", c.X)
	fmt.Fprintf(b, "<text transform=\"translate(20 %.1f) rotate(-90)\" class=\"ink\" text-anchor=\"middle\">%s</text>\n",
		(y.at0+y.at1)/2, html.EscapeString(c.Y))
}

// write draws the line and its marks, and its name over the picture.
func (s *Series) write(b *strings.Builder, i int, x, y axis) {
	var at []string
	for _, p := range s.Points {
		if !s.Loose {
			at = append(at, fmt.Sprintf("%.1f,%.1f", x.place(p.X), y.place(p.Y)))
		}
	}
	fmt.Fprintf(b, "<polyline class=\"line s%d\" style=\"fill:none\" points=\"%s\"/>\n", i, strings.Join(at, " "))
	for _, p := range s.Points {
		mark(b, i, x.place(p.X), y.place(p.Y))
	}
	column := (wide - left - right) / 2
	nameX, nameY := float64(left+i%2*column), float64(50+i/2*20)
	mark(b, i, nameX+6, nameY)
	label(b, nameX+18, nameY+4, "ink", "start", s.Name)
}

// mark draws the sign of a series, so that colour is not all that tells it.
func mark(b *strings.Builder, i int, x, y float64) {
	const r = 4.5
	switch i {
	case 0:
		fmt.Fprintf(b, "<circle class=\"s0\" cx=\"%.1f\" cy=\"%.1f\" r=\"%v\"/>\n", x, y, r)
	case 1:
		fmt.Fprintf(b, "<rect class=\"s1\" x=\"%.1f\" y=\"%.1f\" width=\"8\" height=\"8\"/>\n", x-4, y-4)
	case 2:
		fmt.Fprintf(b, "<path class=\"s2\" d=\"M%.1f %.1fl5 9h-10z\"/>\n", x, y-5)
	default:
		fmt.Fprintf(b, "<path class=\"s3\" d=\"M%.1f %.1fl5.5 5.5l-5.5 5.5l-5.5 -5.5z\"/>\n", x, y-5.5)
	}
}

// number writes a figure of an axis: 0.5, 20, 1,000, 10 million.
func number(v float64) string {
	switch {
	case v >= 1e6:
		return fmt.Sprintf("%g million", v/1e6)
	case v >= 1000:
		n := fmt.Sprintf("%.0f", v)
		return n[:len(n)-3] + "," + n[len(n)-3:]
	}
	return fmt.Sprintf("%g", math.Round(v*1e6)/1e6)
}
