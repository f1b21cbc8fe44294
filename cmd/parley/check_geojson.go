package main

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"parley/conflict"
	"parley/geo4d"
)

// members writes the members of a JSON object on one line.
type members struct {
	dst  []byte
	some bool
}

func (m *members) open() { m.dst, m.some = append(m.dst, '{'), false }

func (m *members) name(name string) {
	if m.some {
		m.dst = append(m.dst, ',')
	}
	m.some = true
	m.dst = append(append(append(m.dst, '"'), name...), `":`...)
}

func (m *members) text(name, s string) {
	m.name(name)
	m.dst, _ = jsontext.AppendQuote(m.dst, s) // what came from JSON is UTF-8
}

func (m *members) number(name string, f float64) {
	m.name(name)
	m.dst = appendDecimal(m.dst, f)
}

func (m *members) optional(name string, f *float64) {
	if f != nil {
		m.number(name, *f)
	}
}

func (m *members) altitude(name string, a *geo4d.Altitude) {
	if a == nil {
		return
	}
	m.name(name)
	in := members{dst: m.dst}
	in.open()
	in.number("value", a.Value)
	in.text("unit", string(a.Unit))
	in.text("reference", string(a.Reference))
	m.dst = append(in.dst, '}')
}

func (m *members) boolean(name string, b bool) {
	m.name(name)
	m.dst = strconv.AppendBool(m.dst, b)
}

// row writes the members of a conflict.Row, as its tags have them, but for the positions, which are
// the geometry.
func (m *members) row(r *conflict.Row) {
	m.text("id", r.ID)
	m.text("a", r.A)
	m.text("b", r.B)
	m.number("lateral_m", r.LateralM)
	m.number("vertical_m", r.VerticalM)
	m.number("time_s", r.TimeS)
	m.boolean("vertical_uncertain", r.VerticalUncertain)
	m.altitude("lower", r.Lower)
	m.altitude("upper", r.Upper)
	if r.Start != "" {
		m.text("start", r.Start)
	}
	if r.End != "" {
		m.text("end", r.End)
	}
	m.name("move_a")
	in := members{dst: m.dst}
	in.open()
	in.optional("lateral_m", r.MoveA.LateralM)
	in.optional("lateral_bearing_deg", r.MoveA.LateralBearingDeg)
	in.boolean("lateral_exact", r.MoveA.LateralExact)
	in.optional("up_m", r.MoveA.UpM)
	in.optional("down_m", r.MoveA.DownM)
	in.optional("later_s", r.MoveA.LaterS)
	in.optional("earlier_s", r.MoveA.EarlierS)
	m.dst = append(in.dst, '}')
}

func (m *members) refusal(r conflict.Refusal) {
	m.text("id", r.ID)
	m.text("reason", r.Reason)
}

// appendDecimal writes a number as ECMAScript does, as JSON encoders do.
func appendDecimal(dst []byte, f float64) []byte {
	if a := math.Abs(f); a == 0 || a >= 1e-6 && a < 1e21 {
		return strconv.AppendFloat(dst, f, 'f', -1, 64)
	}
	dst = strconv.AppendFloat(dst, f, 'e', -1, 64)
	if n := len(dst); n >= 4 && dst[n-4] == 'e' && dst[n-3] == '-' && dst[n-2] == '0' {
		dst = append(dst[:n-2], dst[n-1]) // e-9, not e-09
	}
	return dst
}

// checkGeoJSON prints a FeatureCollection: a feature a conflict, and what was refused as a foreign
// member.
type checkGeoJSON struct {
	w   *bufio.Writer
	buf []byte
	sep string
}

func newCheckGeoJSON(w io.Writer) *checkGeoJSON {
	return &checkGeoJSON{w: bufio.NewWriterSize(w, 1<<16), sep: `{"type":"FeatureCollection","features":[` + "\n"}
}

func (g *checkGeoJSON) row(r *conflict.Row) error {
	m := members{dst: append(append(g.buf[:0], g.sep...), `{"type":"Feature","geometry":`...)}
	g.sep = ",\n"
	m.dst = append(appendBetween(m.dst, r.AtA, r.AtB), `,"properties":`...)
	m.open()
	m.row(r)
	g.buf = append(m.dst, "}}"...)
	_, err := g.w.Write(g.buf)
	return printed(err)
}

func (g *checkGeoJSON) end(refused []conflict.Refusal, _ string) error {
	if g.sep[0] == '{' {
		fmt.Fprint(g.w, g.sep)
	} else {
		fmt.Fprint(g.w, "\n")
	}
	sep := `],"refused":[`
	for _, r := range refused {
		m := members{dst: append(g.buf[:0], sep+"\n"...)}
		m.open()
		m.refusal(r)
		fmt.Fprintf(g.w, "%s}", m.dst)
		sep = ","
	}
	if len(refused) == 0 {
		fmt.Fprint(g.w, sep)
	}
	fmt.Fprint(g.w, "]}\n")
	return printed(g.w.Flush())
}

// appendBetween writes the geometry from one position to another: a point where they are the same,
// a line in two parts where it crosses the antimeridian (RFC 7946, section 3.1.9), or a line.
func appendBetween(dst []byte, a, b [2]float64) []byte {
	position := func(lon, lat float64) {
		dst = append(appendDecimal(append(dst, '['), lon), ',')
		dst = append(appendDecimal(dst, lat), ']')
	}
	switch {
	case a == b:
		dst = append(dst, `{"type":"Point","coordinates":`...)
		position(a[0], a[1])
		return append(dst, '}')
	case math.Abs(a[0]-b[0]) > 180:
		side, lat := math.Copysign(180, a[0]), crossing(a, b)
		dst = append(dst, `{"type":"MultiLineString","coordinates":[[`...)
		position(a[0], a[1])
		dst = append(dst, ',')
		position(side, lat)
		dst = append(dst, `],[`...)
		position(-side, lat)
		dst = append(dst, ',')
		position(b[0], b[1])
		return append(dst, `]]}`...)
	}
	dst = append(dst, `{"type":"LineString","coordinates":[`...)
	position(a[0], a[1])
	dst = append(dst, ',')
	position(b[0], b[1])
	return append(dst, `]}`...)
}

// crossing returns the latitude at which the geodesic from a to b meets the antimeridian.
func crossing(a, b [2]float64) float64 {
	from := geo4d.Position{LonDeg: a[0], LatDeg: a[1]}
	m, azimuth, _ := geo4d.Inverse(from, geo4d.Position{LonDeg: b[0], LatDeg: b[1]})
	low, high, lat := 0.0, m, a[1]
	for high-low > 1e-3 {
		p, _ := geo4d.Direct(from, azimuth, (low+high)/2)
		lat = p.LatDeg
		if p.LonDeg*a[0] > 0 { // still on a's side
			low = (low + high) / 2
		} else {
			high = (low + high) / 2
		}
	}
	return lat
}
