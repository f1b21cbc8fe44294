package exactness

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"

	"parley/geo4d"
)

// pair is two valid shapes to be compared.
type pair struct {
	class string
	a, b  geo4d.Shape
}

// drawer draws pairs.
type drawer struct{ *rand.Rand }

// classes names the kinds of pair, each with what draws one.
func classes() []struct {
	name string
	draw func(*drawer) (a, b geo4d.Shape)
} {
	return []struct {
		name string
		draw func(*drawer) (a, b geo4d.Shape)
	}{
		{"ordinary", (*drawer).ordinary},
		{"antimeridian", (*drawer).antimeridian},
		{"poles", (*drawer).poles},
		{"slivers", (*drawer).slivers},
		{"touching", (*drawer).touching},
		{"nested", (*drawer).nested},
		{"doubling back", (*drawer).doubling},
		{"vertices 1 cm apart", (*drawer).centimetre},
		{"near-antipodal", (*drawer).antipodal},
		{"1,000 km", (*drawer).large},
		{"whole earth", (*drawer).earth},
		{"edges to 19,000 km", (*drawer).long},
	}
}

// draw returns n pairs of valid shapes, the classes in turn.
func draw(seed uint64, n int) []pair {
	d := &drawer{rand.New(rand.NewPCG(seed, 0))}
	all := classes()
	out := make([]pair, 0, n)
	for len(out) < n {
		c := all[len(out)%len(all)]
		a, b := c.draw(d)
		if geo4d.ValidateShape(a) == nil && geo4d.ValidateShape(b) == nil {
			if d.IntN(2) == 0 {
				a, b = b, a
			}
			out = append(out, pair{c.name, a, b})
		}
	}
	return out
}

func (d *drawer) in(lo, hi float64) float64 { return lo + (hi-lo)*d.Float64() }
func (d *drawer) power(lo, hi float64) float64 {
	return math.Pow(10, d.in(math.Log10(lo), math.Log10(hi)))
}
func (d *drawer) az() float64 { return d.in(0, 360) }

func (d *drawer) anywhere() geo4d.Position {
	return geo4d.Position{LonDeg: d.in(-180, 180), LatDeg: math.Asin(d.in(-1, 1)) * 180 / math.Pi}
}

// off is a place about m metres from p, on a sphere, its coordinates cut to 1e-10 degrees.
func off(p geo4d.Position, azDeg, m float64) geo4d.Position {
	const rad = math.Pi / 180
	lat, az, s := p.LatDeg*rad, azDeg*rad, m/6371008.8
	sinLat := math.Sin(lat)*math.Cos(s) + math.Cos(lat)*math.Sin(s)*math.Cos(az)
	cosLat := math.Hypot(math.Cos(lat)*math.Cos(s)-math.Sin(lat)*math.Sin(s)*math.Cos(az), math.Sin(s)*math.Sin(az))
	lon := p.LonDeg*rad + math.Atan2(math.Sin(az)*math.Sin(s), math.Cos(s)*math.Cos(lat)-math.Sin(lat)*math.Sin(s)*math.Cos(az))
	cut := func(x float64) float64 { return math.Round(x/rad*1e10) / 1e10 }
	q := geo4d.Position{LonDeg: math.Remainder(cut(lon), 360), LatDeg: cut(math.Atan2(sinLat, cosLat))}
	if math.Abs(q.LonDeg) > 180 || q.LonDeg == -180 {
		q.LonDeg = 180
	}
	return q
}

// star is a ring round mid, its places in order of azimuth.
func (d *drawer) star(mid geo4d.Position, size float64, n int) []geo4d.Position {
	var r []geo4d.Position
	first := d.az()
	for i := range n {
		az := first + (float64(i)+d.in(0.1, 0.9))*360/float64(n)
		r = append(r, off(mid, az, size*d.in(0.2, 1)))
	}
	return append(r, r[0])
}

func (d *drawer) polygon(mid geo4d.Position, size float64) geo4d.Polygon {
	p := geo4d.Polygon{Rings: [][]geo4d.Position{d.star(mid, size, 3+d.IntN(7))}}
	if d.IntN(4) == 0 {
		p.Rings = append(p.Rings, d.star(mid, size*0.12, 3+d.IntN(3)))
	}
	return p
}

func (d *drawer) corridor(mid geo4d.Position, size float64) geo4d.Corridor {
	l := []geo4d.Position{mid}
	for range 1 + d.IntN(5) {
		l = append(l, off(l[len(l)-1], d.az(), size*d.in(0.05, 1)))
	}
	return geo4d.Corridor{Line: l, HalfWidthM: size * d.in(0.001, 0.2)}
}

func (d *drawer) shape(mid geo4d.Position, size float64) geo4d.Shape {
	switch d.IntN(10) {
	case 0, 1:
		return geo4d.Circle{Center: mid, RadiusM: size}
	case 2, 3, 4:
		return d.corridor(mid, size)
	case 5:
		return geo4d.Multi{Parts: []geo4d.Shape{d.polygon(mid, size/2), geo4d.Circle{Center: off(mid, d.az(), size), RadiusM: size / 3}}}
	}
	return d.polygon(mid, size)
}

// near is two shapes of up to size, up to 4 sizes from each other.
func (d *drawer) near(mid geo4d.Position, size float64) (a, b geo4d.Shape) {
	return d.shape(mid, size*d.in(0.1, 1)), d.shape(off(mid, d.az(), size*d.power(0.01, 4)), size*d.power(0.03, 1))
}

func (d *drawer) ordinary() (a, b geo4d.Shape) {
	return d.near(off(d.anywhere(), 0, 0), d.power(50, 40e3))
}

func (d *drawer) antimeridian() (a, b geo4d.Shape) {
	size := d.power(1, 2e5)
	mid := geo4d.Position{LonDeg: 180, LatDeg: d.in(-85, 85)}
	if d.IntN(4) != 0 {
		mid = off(mid, d.az(), size*d.in(0, 2))
	}
	return d.near(mid, size)
}

func (d *drawer) poles() (a, b geo4d.Shape) {
	size := d.power(1, 3e5)
	pole := geo4d.Position{LonDeg: 0, LatDeg: 90 - 180*float64(d.IntN(2))}
	a, b = d.near(off(pole, d.az(), size*d.in(0, 2)), size)
	switch d.IntN(4) {
	case 0: // straight over the pole
		lon := math.Round(d.in(-180, 0))
		lat := math.Copysign(90-size/111e3, pole.LatDeg)
		a = geo4d.Corridor{Line: []geo4d.Position{{LonDeg: lon, LatDeg: lat}, {LonDeg: lon + 180, LatDeg: lat}}, HalfWidthM: size * d.power(1e-4, 0.1)}
	case 1: // a corner on the pole, given any longitude
		pole.LonDeg = math.Round(d.az() - 180)
		p, q := off(pole, d.az(), size), off(pole, d.az(), size)
		a = geo4d.Polygon{Rings: [][]geo4d.Position{{pole, p, q, pole}}}
	}
	return a, b
}

// sliver is size long and about a centimetre wide.
func (d *drawer) sliver(mid geo4d.Position, size float64) (s geo4d.Polygon, far geo4d.Position, az float64) {
	az = d.az()
	far = off(mid, az, size)
	w := d.power(0.002, 0.05)
	return geo4d.Polygon{Rings: [][]geo4d.Position{{mid, far, off(far, az+90, w), off(mid, az+90, w), mid}}}, far, az
}

func (d *drawer) slivers() (a, b geo4d.Shape) {
	size := d.power(1, 5e5)
	s, _, az := d.sliver(off(d.anywhere(), 0, 0), size)
	side := off(off(s.Rings[0][0], az, size*d.Float64()), az+90, d.in(-1, 1)*d.power(0.001, size))
	if d.IntN(3) == 0 {
		t, _, _ := d.sliver(side, size*d.power(0.01, 1))
		return s, t
	}
	return s, d.shape(side, size*d.power(0.001, 1))
}

// touching shapes touch, or miss each other by up to a metre.
func (d *drawer) touching() (a, b geo4d.Shape) {
	size := d.power(1, 1e5)
	mid := off(d.anywhere(), 0, 0)
	ring := d.star(mid, size, 3+d.IntN(6))
	p := geo4d.Polygon{Rings: [][]geo4d.Position{ring}}
	i := d.IntN(len(ring) - 1)
	m, az, _ := geo4d.Inverse(ring[i], ring[i+1])
	out := off(off(ring[i], az, m/2), az-90, size*d.power(0.01, 1)) // outside: the ring winds clockwise
	miss := []float64{0, 0, 1e-9, -1e-9, 1e-3, -1e-3, 0.01, 1}[d.IntN(8)]
	switch d.IntN(6) {
	case 0: // a shared edge
		return p, geo4d.Polygon{Rings: [][]geo4d.Position{{ring[i], out, ring[i+1], ring[i]}}}
	case 1: // a shared corner
		q := off(out, az, size*0.3)
		return p, geo4d.Polygon{Rings: [][]geo4d.Position{{ring[i], out, q, ring[i]}}}
	case 2: // a line that ends on a corner
		return p, geo4d.Corridor{Line: []geo4d.Position{out, ring[i]}, HalfWidthM: 1e-3}
	case 3: // part of a meridian or of the equator is shared
		lon := math.Round(d.in(-180, 179))
		e := size / 111e3
		c := func(x, y float64) geo4d.Position { return geo4d.Position{LonDeg: lon + x*e, LatDeg: y * e} }
		if d.IntN(2) == 0 {
			return geo4d.Polygon{Rings: [][]geo4d.Position{{c(0, 0), c(1, 0), c(1, 1), c(0, 1), c(0, 0)}}},
				geo4d.Polygon{Rings: [][]geo4d.Position{{c(0, 0.25), c(0, 0.75), c(-0.5, 0.5), c(0, 0.25)}}}
		}
		return geo4d.Polygon{Rings: [][]geo4d.Position{{c(0, 0), c(0.5, 0), c(0.5, 0.5), c(0, 0)}}},
			geo4d.Corridor{Line: []geo4d.Position{c(0.25, -0.5), c(0.25, 0)}, HalfWidthM: 1e-3}
	case 4: // two circles
		m, _, _ := geo4d.Inverse(mid, out)
		r := m * d.in(0.1, 0.9)
		return geo4d.Circle{Center: mid, RadiusM: r}, geo4d.Circle{Center: out, RadiusM: m - r - miss}
	}
	// A circle at a polygon.
	m, _, _, _ = geo4d.Lateral(p, geo4d.Circle{Center: out, RadiusM: 0.001})
	return p, geo4d.Circle{Center: out, RadiusM: math.Max(1e-3, m+0.001-miss)}
}

func (d *drawer) nested() (a, b geo4d.Shape) {
	size := d.power(10, 5e5)
	mid := off(d.anywhere(), 0, 0)
	n := 3 + d.IntN(7)
	p := geo4d.Polygon{Rings: [][]geo4d.Position{d.star(mid, size, n)}}
	in := size * d.power(1e-3, 0.12)
	if d.IntN(2) == 0 {
		p.Rings = append(p.Rings, d.star(mid, size*0.19, 3+d.IntN(5)))
	}
	if d.IntN(8) == 0 {
		return geo4d.Circle{Center: mid, RadiusM: size}, d.shape(mid, in)
	}
	return p, d.shape(off(mid, d.az(), size*d.in(0, 0.2)), in)
}

// doubling is a corridor that runs back over itself.
func (d *drawer) doubling() (a, b geo4d.Shape) {
	size := d.power(10, 5e5)
	from := off(d.anywhere(), 0, 0)
	to := off(from, d.az(), size)
	l := []geo4d.Position{from, to}
	for i := range 1 + d.IntN(4) {
		back := l[i]
		if d.IntN(2) == 0 {
			back = off(back, d.az(), d.power(0.001, size/10))
		}
		l = append(l, back)
	}
	if d.IntN(3) == 0 {
		l = append(l, l[len(l)-1]) // a place said twice
	}
	c := geo4d.Corridor{Line: l, HalfWidthM: d.power(0.01, size/5)}
	return c, d.shape(off(to, d.az(), size*d.power(0.001, 2)), size*d.power(0.001, 1))
}

// centimetre is a shape with neighbouring places a centimetre apart.
func (d *drawer) centimetre() (a, b geo4d.Shape) {
	size := d.power(1, 5e5)
	mid := off(d.anywhere(), 0, 0)
	ring := d.star(mid, size, 3+d.IntN(4))
	var dense []geo4d.Position
	for _, p := range ring[:len(ring)-1] {
		dense = append(dense, p)
		if d.IntN(2) == 0 {
			_, az, _ := geo4d.Inverse(mid, p)
			dense = append(dense, off(p, az+90, 0.01))
		}
	}
	a = geo4d.Polygon{Rings: [][]geo4d.Position{append(dense, dense[0])}}
	if d.IntN(3) == 0 {
		a = geo4d.Corridor{Line: dense, HalfWidthM: d.power(0.001, size/10)}
	}
	return a, d.shape(off(mid, d.az(), size*d.power(0.1, 3)), size*d.power(0.001, 1))
}

func (d *drawer) antipodal() (a, b geo4d.Shape) {
	mid := off(d.anywhere(), 0, 0)
	if d.IntN(3) == 0 {
		mid.LatDeg = math.Round(mid.LatDeg*1e3) / 1e5
	}
	size := d.power(1, 5e5)
	other := geo4d.Position{LonDeg: math.Remainder(mid.LonDeg+180, 360), LatDeg: -mid.LatDeg}
	if d.IntN(5) != 0 {
		other = off(other, d.az(), d.power(0.01, 1e5))
	}
	return d.shape(mid, size*d.power(0.01, 1)), d.shape(off(other, 0, 0), size*d.power(0.01, 1))
}

func (d *drawer) large() (a, b geo4d.Shape) {
	mid := off(d.anywhere(), 0, 0)
	a = d.shape(mid, d.in(200e3, 600e3))
	return a, d.shape(off(mid, d.az(), d.power(1e3, 5e6)), d.power(100, 600e3))
}

func (d *drawer) earth() (a, b geo4d.Shape) {
	mid := off(d.anywhere(), 0, 0)
	b = d.shape(off(d.anywhere(), 0, 0), d.power(10, 1e6))
	switch d.IntN(5) {
	case 0:
		return geo4d.Earth{}, b
	case 1:
		return geo4d.Circle{Center: mid, RadiusM: d.in(5e6, 20.0039e6)}, b
	case 2: // a circle that leaves out what is nearly opposite it
		c := off(geo4d.Position{LonDeg: math.Remainder(mid.LonDeg+180, 360), LatDeg: -mid.LatDeg}, d.az(), d.power(10, 1e5))
		return geo4d.Circle{Center: mid, RadiusM: 19.9e6}, d.shape(c, d.power(1, 1e4))
	}
	return d.polygon(mid, d.in(1e6, 8e6)), b
}

func (d *drawer) long() (a, b geo4d.Shape) {
	from := off(d.anywhere(), 0, 0)
	c := geo4d.Corridor{Line: []geo4d.Position{from, off(from, d.az(), d.in(1e6, 19e6))}, HalfWidthM: d.power(1, 1e5)}
	if d.IntN(2) == 0 {
		return c, d.shape(off(d.anywhere(), 0, 0), d.power(10, 1e6))
	}
	to := off(d.anywhere(), 0, 0)
	return c, geo4d.Corridor{Line: []geo4d.Position{to, off(to, d.az(), d.in(1e6, 19e6))}, HalfWidthM: d.power(1, 1e5)}
}

// text writes a shape as testdata/pairs.txt has it.
func text(s geo4d.Shape) string {
	line := func(l []geo4d.Position) string {
		var w []string
		for _, p := range l {
			w = append(w, num(p.LonDeg)+" "+num(p.LatDeg))
		}
		return strings.Join(w, ",")
	}
	switch s := s.(type) {
	case geo4d.Circle:
		return "circle " + num(s.RadiusM) + " " + line([]geo4d.Position{s.Center})
	case geo4d.Corridor:
		return "corridor " + num(s.HalfWidthM) + " " + line(s.Line)
	case geo4d.Polygon:
		var w []string
		for _, r := range s.Rings {
			w = append(w, line(r))
		}
		return "polygon 0 " + strings.Join(w, ";")
	case geo4d.Multi:
		var w []string
		for _, p := range s.Parts {
			w = append(w, text(p))
		}
		return strings.Join(w, "+")
	case geo4d.Earth:
		return "earth 0 "
	}
	return fmt.Sprint(s)
}

func num(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
