package geo4d

import "math"

// authalic2 is the square of the radius of the sphere with the ellipsoid's area (60).
var authalic2 = func() float64 {
	e := math.Sqrt(e2)
	return (equatorialM*equatorialM + polarM*polarM*math.Atanh(e)/e) / 2
}()

// seriesC4 is C4[0..5] (63), written with the third flattening n put in.
func seriesC4(e float64) [order]float64 {
	const n = n3
	c0 := ((((100*n+208)*n+572)*n+3432)*n-12012)*n + 30030
	return [order]float64{
		c0/45045 + e*((((64*n+624)*n-4576)*n+6864)*n-3003)/15015 +
			e*e*(((-10656*n+14144)*n-4576)*n-858)/45045 +
			e*e*e*((-224*n-4784)*n+1573)/45045 +
			e*e*e*e*(1088*n+156)/45045 + e*e*e*e*e*97/15015,
		e*((((-64*n-624)*n+4576)*n-6864)*n+3003)/135135 +
			e*e*(((5952*n-11648)*n+9152)*n-2574)/135135 +
			e*e*e*((5792*n+1040)*n-1287)/135135 +
			e*e*e*e*(-2944*n+468)/135135 + e*e*e*e*e/9009,
		e*e*(((-1440*n+4160)*n-4576)*n+1716)/225225 +
			e*e*e*((-8448*n+4992)*n-1144)/225225 +
			e*e*e*e*(1856*n-936)/225225 + e*e*e*e*e*8/10725,
		e*e*e*((3584*n-3328)*n+1144)/315315 + e*e*e*e*(1024*n-208)/105105 - e*e*e*e*e*136/63063,
		e*e*e*e*(-2560*n+832)/405405 - e*e*e*e*e*128/135135,
		e * e * e * e * e * 128 / 99099,
	}
}

// cosineSeries is the sum of c[l] cos((2l+1)x), by Clenshaw's rule.
func cosineSeries(sinx, cosx float64, c []float64) float64 {
	ar := 2 * (cosx - sinx) * (cosx + sinx)
	var y0, y1 float64
	for l := len(c) - 1; l >= 0; l-- {
		y0, y1 = ar*y0-y1+c[l], y0
	}
	return cosx * (y0 - y1)
}

// underEdge is the area between an edge and the equator: (58) and (59).
func (p *Prepared) underEdge(e *edge) float64 {
	if e.lenM == 0 {
		return 0
	}
	a := &p.verts[e.a]
	l := newLine(a, e.salp, e.calp)
	if l.calp0 == 0 {
		return 0 // it lies on the equator
	}
	v, salp2, calp2 := l.at(e.lenM)
	turn := math.Atan2(salp2*e.calp-calp2*e.salp, calp2*e.calp+salp2*e.salp)
	if math.Abs(e.salp) < 1e-14 && e.calp*calp2 < 0 {
		turn = 0 // over a pole: the longitude's jump stands for it
	}
	ssig2, csig2 := norm(v.sbet, calp2*v.cbet)
	c4 := seriesC4(epsOf(ep2 * l.calp0 * l.calp0))
	i4 := cosineSeries(ssig2, csig2, c4[:]) - cosineSeries(l.ssig1, l.csig1, c4[:])
	return authalic2*turn + e2*equatorialM*equatorialM*l.calp0*l.salp0*i4
}

// ringArea is the smaller of the two areas that edges [lo, hi) bound.
func (p *Prepared) ringArea(lo, hi int32) float64 {
	var sum, lon float64
	for i := lo; i < hi; i++ {
		e := &p.edges[i]
		sum += p.underEdge(e)
		lon += math.Remainder(p.verts[e.b].lon-p.verts[e.a].lon, 360)
	}
	half := 2 * math.Pi * authalic2
	if math.Abs(lon) > 180 { // the ring goes round a pole
		sum -= math.Copysign(half, sum)
	}
	sum = math.Abs(sum)
	return math.Min(sum, 2*half-sum)
}

// AreaM2 returns the area of a valid shape: of a polygon to a few square metres, of a circle as on
// the sphere of the ellipsoid's mean curvature there (within 0.5 %), of a corridor as its length
// times its width and two half discs, and of a Multi as the sum over its parts.
func AreaM2(s Shape) float64 {
	switch s := s.(type) {
	case Circle:
		return discM2(s)
	case Corridor:
		p := prepareRaw(s)
		length := 0.0
		for i := range p.edges {
			length += p.edges[i].lenM
		}
		return 2*s.HalfWidthM*length + discM2(Circle{s.Line[0], s.HalfWidthM})
	case Polygon:
		total := 0.0
		for i, ring := range s.Rings {
			p := &Prepared{}
			p.chain(ring, 0, nil)
			a := p.ringArea(0, int32(len(p.edges)))
			if i > 0 {
				a = -a
			}
			total += a
		}
		return math.Max(0, total)
	case Multi:
		total := 0.0
		for _, part := range s.Parts {
			total += AreaM2(part)
		}
		return total
	}
	return 4 * math.Pi * authalic2
}

func discM2(c Circle) float64 {
	s, _ := sincosDeg(c.Center.LatDeg)
	r := polarM / (1 - e2*s*s) // the mean of the principal radii of curvature
	if c.RadiusM > 1e6 {
		r = math.Sqrt(authalic2)
	}
	h := math.Sin(math.Min(math.Pi, c.RadiusM/r) / 2)
	return 4 * math.Pi * r * r * h * h
}
