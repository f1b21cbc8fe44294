package geo4d

import "math"

// Inverse returns the length of the shortest path from a to b in metres, and its azimuth in
// degrees clockwise from north where it leaves a and where it arrives at b. The error is below
// 15 nanometres (Karney 2013, section 9). Of several shortest paths it takes one.
func Inverse(a, b Position) (distanceM, azimuthADeg, azimuthBDeg float64) {
	p, q := newVertex(a), newVertex(b)
	r := solve(&p, &q)
	return r.s, atan2Deg(r.salp1, r.calp1), atan2Deg(r.salp2, r.calp2)
}

// Direct returns the position that the geodesic from a with that azimuth reaches after distanceM,
// and its azimuth there.
func Direct(a Position, azimuthDeg, distanceM float64) (b Position, azimuthBDeg float64) {
	p := newVertex(a)
	s, c := sincosDeg(roundDeg(azimuthDeg))
	l := newLine(&p, s, c)
	v, s2, c2 := l.at(distanceM)
	return v.position(), atan2Deg(s2, c2)
}

// vertex is a position with what the algorithms need of it. u is the position on the unit sphere
// at its reduced latitude: the image of the ellipsoid under (x/a, y/a, z/b).
type vertex struct {
	lon, lat   float64
	sbet, cbet float64 // of the reduced latitude
	dn         float64 // sqrt(1 + e'^2 sin^2 beta)
	u          vec
}

// tiny keeps a pole off the axis, so that azimuths there mean something.
const tiny = 1e-150

// leastBeta is a reduced latitude, in radians, that roundDeg takes for the equator's.
const leastBeta = 0x1p-64

func newVertex(p Position) vertex {
	p.LatDeg = roundDeg(p.LatDeg)
	sphi, cphi := sincosDeg(p.LatDeg)
	slon, clon := sincosDeg(p.LonDeg)
	sbet, cbet := norm(f1*sphi, cphi)
	cbet = math.Max(tiny, cbet)
	return vertex{
		lon: wrapLon(p.LonDeg), lat: p.LatDeg, sbet: sbet, cbet: cbet,
		dn: math.Sqrt(1 + ep2*sbet*sbet),
		u:  vec{cbet * clon, cbet * slon, sbet},
	}
}

func (v *vertex) position() Position { return Position{v.lon, v.lat} }

// line is a geodesic from a point in a direction, ready for many distances.
type line struct {
	lon1              float64
	salp0, calp0      float64
	ssig1, csig1      float64
	stau1, ctau1      float64
	somg1, comg1      float64
	a1, a3c, b11, b31 float64
	c1, c1p           [order + 1]float64
	c3                [order]float64
}

func newLine(p *vertex, salp1, calp1 float64) line {
	l := line{lon1: p.lon}
	l.salp0 = salp1 * p.cbet                  // (5)
	l.calp0 = math.Hypot(calp1, salp1*p.sbet) // (5)
	l.ssig1, l.somg1 = p.sbet, l.salp0*p.sbet // (11), (12)
	l.csig1 = 1
	if p.sbet != 0 || calp1 != 0 {
		l.csig1 = p.cbet * calp1
	}
	l.comg1 = l.csig1
	l.ssig1, l.csig1 = norm(l.ssig1, l.csig1)
	e := epsOf(ep2 * l.calp0 * l.calp0)
	l.a1 = seriesA1(e)
	seriesC1(e, &l.c1)
	seriesC1p(e, &l.c1p)
	seriesC3(e, &l.c3)
	l.b11 = sineSeries(l.ssig1, l.csig1, l.c1[:])
	s, c := math.Sincos(l.b11)
	l.stau1 = l.ssig1*c + l.csig1*s
	l.ctau1 = l.csig1*c - l.ssig1*s
	l.a3c = -flattening * l.salp0 * seriesA3(e)
	l.b31 = sineSeries(l.ssig1, l.csig1, l.c3[:])
	return l
}

// at returns the point at a distance along the line and the direction there.
func (l *line) at(s float64) (v vertex, salp2, calp2 float64) {
	tau12 := s / (polarM * l.a1)
	st, ct := math.Sincos(tau12)
	b12 := -sineSeries(l.stau1*ct+l.ctau1*st, l.ctau1*ct-l.stau1*st, l.c1p[:])
	sig12 := tau12 - (b12 - l.b11) // (20)
	ss, cs := math.Sincos(sig12)
	ssig2 := l.ssig1*cs + l.csig1*ss
	csig2 := l.csig1*cs - l.ssig1*ss
	v.sbet = l.calp0 * ssig2
	if math.Abs(v.sbet) < leastBeta {
		v.sbet = 0
	}
	v.cbet = math.Hypot(l.salp0, l.calp0*csig2)
	if v.cbet == 0 {
		v.cbet, csig2 = tiny, tiny
	}
	salp2, calp2 = norm(l.salp0, l.calp0*csig2)
	somg2, comg2 := l.salp0*ssig2, csig2
	omg12 := math.Atan2(somg2*l.comg1-comg2*l.somg1, comg2*l.comg1+somg2*l.somg1)
	lam12 := omg12 + l.a3c*(sig12+(sineSeries(ssig2, csig2, l.c3[:])-l.b31)) // (8)
	v.lon = wrapLon(l.lon1 + math.Remainder(lam12*(180/math.Pi), 360))
	v.lat = atan2Deg(v.sbet, f1*v.cbet)
	v.dn = math.Sqrt(1 + ep2*v.sbet*v.sbet)
	slon, clon := sincosDeg(v.lon)
	v.u = vec{v.cbet * clon, v.cbet * slon, v.sbet}
	return v, salp2, calp2
}
