package geo4d

import (
	"cmp"
	"math"
	"slices"
)

// Box is bounds in degrees as in RFC 7946: West is greater than East across the antimeridian.
type Box struct{ WestDeg, SouthDeg, EastDeg, NorthDeg float64 }

var wholeEarth = Box{-180, -90, 180, 90}

// Bounds returns a box that holds the shape.
func Bounds(s Shape) Box { return Prepare(s).Bounds() }

// boundsSlackDeg is what boxes are widened by for rounding, about a tenth of a millimetre.
const boundsSlackDeg = 1e-9

// Bounds returns a box that holds the shape. It is at most 0.4 % of the shape's radius wider than
// it need be.
func (p *Prepared) Bounds() Box {
	if p.earth {
		return wholeEarth
	}
	south, north := 90.0, -90.0
	var lons []span
	full := false
	for i := range p.edges {
		e := &p.edges[i]
		s, n, l := p.edgeBounds(e)
		// A disc of radius r is a cap of at most r/b on the unit sphere of reduced latitudes.
		if e.radiusM > 0 {
			r := e.radiusM / polarM
			bs, bn := reduced(s)-r, reduced(n)+r
			if bs <= -math.Pi/2 || bn >= math.Pi/2 {
				full = true
			}
			wide := math.Sin(math.Min(r, math.Pi/2)) / math.Cos(math.Max(math.Abs(reduced(s)), math.Abs(reduced(n))))
			if wide >= 1 {
				full = true
			} else {
				d := math.Asin(wide) * 180 / math.Pi
				l = span{l.west - d, l.wide + 2*d}
			}
			s, n = geographic(bs), geographic(bn)
		}
		south, north = math.Min(south, s), math.Max(north, n)
		lons = append(lons, l)
	}
	for i := range p.areas {
		for _, pole := range []float64{-90, 90} {
			v := newVertex(Position{0, pole})
			if p.areaHolds(&p.areas[i], &v) {
				full, south, north = true, math.Min(south, pole), math.Max(north, pole)
			}
		}
	}
	b := Box{-180, math.Max(-90, south-boundsSlackDeg), 180, math.Min(90, north+boundsSlackDeg)}
	if west, wide := enclose(lons); !full && wide < 360-2*boundsSlackDeg {
		b.WestDeg = wrapLon(west - boundsSlackDeg)
		b.EastDeg = wrapLon(west + wide + boundsSlackDeg)
	}
	return b
}

func reduced(latDeg float64) float64 {
	s, c := sincosDeg(latDeg)
	return math.Atan2(f1*s, c)
}

func geographic(beta float64) float64 {
	beta = math.Max(-math.Pi/2, math.Min(math.Pi/2, beta))
	return atan2Deg(math.Sin(beta), f1*math.Cos(beta))
}

// span is a range of longitudes going east from west.
type span struct{ west, wide float64 }

// edgeBounds returns the latitudes and longitudes of an edge's skeleton. A geodesic is farthest
// from the equator where it runs due east or west, at the reduced latitude acos(sin alpha0), and
// its longitude never turns back.
func (p *Prepared) edgeBounds(e *edge) (south, north float64, l span) {
	a, b := &p.verts[e.a], &p.verts[e.b]
	south, north = math.Min(a.lat, b.lat), math.Max(a.lat, b.lat)
	d := math.Remainder(b.lon-a.lon, 360)
	l = span{a.lon + math.Min(0, d), math.Abs(d)}
	if e.lenM == 0 {
		return south, north, l
	}
	if a.cbet < 1e-9 || b.cbet < 1e-9 || 180-math.Abs(d) < 1e-9 {
		l = span{-180, 360} // at or over a pole
		if a.sbet+b.sbet > 0 {
			return south, 90, l
		}
		return -90, north, l
	}
	c := newLine(a, e.salp, e.calp)
	_, _, calpB := c.at(e.lenM)
	if top := atan2Deg(c.calp0, f1*math.Abs(c.salp0)); e.calp > 0 && calpB < 0 {
		north = math.Max(north, top)
	} else if e.calp < 0 && calpB > 0 {
		south = math.Min(south, -top)
	}
	return south, north, l
}

// enclose returns the smallest span that holds all spans, by leaving out the widest gap.
func enclose(spans []span) (west, wide float64) {
	for i := range spans {
		if spans[i].wide >= 360 {
			return -180, 360
		}
		spans[i].west = math.Mod(math.Mod(spans[i].west, 360)+360, 360)
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.west, b.west) })
	reach, gap, after := spans[0].west, -1.0, 0.0
	for _, s := range spans {
		if s.west-reach > gap {
			gap, after = s.west-reach, s.west
		}
		reach = math.Max(reach, s.west+s.wide)
	}
	if last := spans[0].west + 360 - reach; last > gap {
		gap, after = last, spans[0].west
	}
	if gap <= 0 {
		return -180, 360
	}
	return after, 360 - gap
}
