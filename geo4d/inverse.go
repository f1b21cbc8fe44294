package geo4d

import "math"

// path is a solved inverse problem: length in metres and directions at both ends.
type path struct{ s, salp1, calp1, salp2, calp2 float64 }

// end is one end of an inverse problem in Karney's canonical form: latitude, not longitude.
type end struct{ sbet, cbet, dn float64 }

const (
	tol0   = 0x1p-52
	tol1   = 200 * tol0
	tol2   = 0x1p-26
	tolb   = tol0 * tol2
	xLimit = 1000 * tol2
	newton = 20          // steps of Newton's method before bisection takes over
	most   = newton + 63 // steps in all
)

// etol2 is the arc below which the spherical solution of a short line is exact to rounding.
var etol2 = 0.1 * tol2 / math.Sqrt(flattening*(1-flattening/2)/2)

// solve is the inverse problem (Karney 2013, section 4).
func solve(p, q *vertex) path {
	lon12 := roundDeg(math.Remainder(q.lon-p.lon, 360))
	lonSign, latSign, swap := 1.0, 1.0, 1.0
	if math.Signbit(lon12) {
		lonSign, lon12 = -1, -lon12
	}
	// Canonical form (44): beta1 <= 0, beta1 <= beta2 <= -beta1, lambda12 >= 0.
	a, b := end{p.sbet, p.cbet, p.dn}, end{q.sbet, q.cbet, q.dn}
	if math.Abs(p.lat) < math.Abs(q.lat) {
		a, b, swap, lonSign = b, a, -1, -lonSign
	}
	if a.sbet > 0 {
		latSign, a.sbet, b.sbet = -1, -a.sbet, -b.sbet
	}
	r := canonical(a, b, lon12)
	if swap < 0 {
		r.salp1, r.salp2 = r.salp2, r.salp1
		r.calp1, r.calp2 = r.calp2, r.calp1
	}
	r.salp1 *= swap * lonSign
	r.salp2 *= swap * lonSign
	r.calp1 *= swap * latSign
	r.calp2 *= swap * latSign
	return r
}

func canonical(a, b end, lon12 float64) path {
	slam, clam := sincosDeg(lon12)
	if lon12 == 180 {
		slam = 0
	}
	// Sines and cosines that differ by rounding alone are made equal, so that the formulas for
	// alpha2 do not take the difference for a direction.
	if a.cbet < -a.sbet {
		if b.cbet == a.cbet {
			b.sbet = math.Copysign(a.sbet, b.sbet)
		}
	} else if math.Abs(b.sbet) == -a.sbet {
		b.cbet = a.cbet
	}
	if a.cbet <= tiny || slam == 0 {
		if r, ok := meridional(a, b, slam, clam); ok {
			return r
		}
	}
	lam12 := lon12 * (math.Pi / 180)
	if a.sbet == 0 && lam12 <= math.Pi*(1-flattening) {
		return path{equatorialM * lam12, 1, 0, 1, 0}
	}
	g := guess(a, b, lam12, slam, clam)
	if g.short {
		return g.path
	}
	return refine(a, b, slam, clam, g.salp1, g.calp1)
}

// meridional solves for ends on one meridian; it fails where the meridian is not the shortest.
func meridional(a, b end, slam, clam float64) (path, bool) {
	r := path{salp1: slam, calp1: clam, salp2: 0, calp2: 1}
	ssig1, csig1 := a.sbet, r.calp1*a.cbet
	ssig2, csig2 := b.sbet, r.calp2*b.cbet
	sig12 := math.Atan2(math.Max(0, csig1*ssig2-ssig1*csig2), csig1*csig2+ssig1*ssig2)
	s12, m12 := lengths(n3, sig12, ssig1, csig1, a.dn, ssig2, csig2, b.dn, a.cbet, b.cbet)
	if sig12 >= 1 && m12 < 0 {
		return r, false
	}
	if sig12 < 3*tiny || (sig12 < tol0 && (s12 < 0 || m12 < 0)) {
		s12 = 0
	}
	r.s = math.Max(0, s12) * polarM
	return r, true
}

// lengths returns distance and reduced length over b: (7) and (38) to (43).
func lengths(e, sig12, ssig1, csig1, dn1, ssig2, csig2, dn2, cbet1, cbet2 float64) (s12, m12 float64) {
	var c1, c2 [order + 1]float64
	a1, a2 := seriesA1(e), seriesA2(e)
	seriesC1(e, &c1)
	seriesC2(e, &c2)
	b1 := sineSeries(ssig2, csig2, c1[:]) - sineSeries(ssig1, csig1, c1[:])
	b2 := sineSeries(ssig2, csig2, c2[:]) - sineSeries(ssig1, csig1, c2[:])
	s12 = a1 * (sig12 + b1)
	j12 := (a1-a2)*sig12 + (a1*b1 - a2*b2)
	m12 = dn2*(csig1*ssig2) - dn1*(ssig1*csig2) - csig1*csig2*j12
	return s12, m12
}

// distance is the first result of lengths alone.
func distance(e, sig12, ssig1, csig1, ssig2, csig2 float64) float64 {
	var c1 [order + 1]float64
	seriesC1(e, &c1)
	return seriesA1(e) * (sig12 + sineSeries(ssig2, csig2, c1[:]) - sineSeries(ssig1, csig1, c1[:]))
}

type start struct {
	path
	short bool // path is the answer
}

// guess is the starting azimuth (Karney 2013, section 5), or the answer for a short line.
func guess(a, b end, lam12, slam, clam float64) (g start) {
	sbet12 := b.sbet*a.cbet - b.cbet*a.sbet
	cbet12 := b.cbet*a.cbet + b.sbet*a.sbet
	sbet12a := b.sbet*a.cbet + b.cbet*a.sbet
	short := cbet12 >= 0 && sbet12 < 0.5 && b.cbet*lam12 < 0.5
	somg, comg := slam, clam
	var dnm float64
	if short {
		// A sphere that fits between the two latitudes (48).
		m := (a.sbet + b.sbet) * (a.sbet + b.sbet)
		m /= m + (a.cbet+b.cbet)*(a.cbet+b.cbet)
		dnm = math.Sqrt(1 + ep2*m)
		somg, comg = math.Sincos(lam12 / (f1 * dnm))
	}
	g.salp1 = b.cbet * somg // (49)
	if comg >= 0 {
		g.calp1 = sbet12 + b.cbet*a.sbet*somg*somg/(1+comg)
	} else {
		g.calp1 = sbet12a - b.cbet*a.sbet*somg*somg/(1-comg)
	}
	ssig := math.Hypot(g.salp1, g.calp1)
	csig := a.sbet*b.sbet + a.cbet*b.cbet*comg
	switch {
	case short && ssig < etol2:
		d := 1 - comg
		if comg >= 0 {
			d = somg * somg / (1 + comg)
		}
		g.salp2, g.calp2 = norm(a.cbet*somg, sbet12-a.cbet*b.sbet*d)
		g.s, g.short = math.Atan2(ssig, csig)*polarM*dnm, true
	case csig >= 0 || ssig >= 6*n3*math.Pi*a.cbet*a.cbet:
	default:
		antipodal(a, b, slam, clam, sbet12a, &g)
	}
	if g.salp1 > 0 {
		g.salp1, g.calp1 = norm(g.salp1, g.calp1)
	} else {
		g.salp1, g.calp1 = 1, 0
	}
	return g
}

// antipodal is the starting azimuth for nearly antipodal ends: (51) to (57).
func antipodal(a, b end, slam, clam, sbet12a float64, g *start) {
	lamScale := flattening * a.cbet * seriesA3(epsOf(a.sbet*a.sbet*ep2)) * math.Pi
	betScale := lamScale * a.cbet
	x := math.Atan2(-slam, -clam) / lamScale
	y := sbet12a / betScale
	if y > -tol1 && x > -1-xLimit {
		g.salp1 = math.Min(1, -x)
		g.calp1 = -math.Sqrt(1 - g.salp1*g.salp1)
		return
	}
	k := astroid(x, y)
	somg, comg := math.Sincos(lamScale * -x * k / (1 + k))
	comg = -comg
	g.salp1 = b.cbet * somg
	g.calp1 = sbet12a - b.cbet*a.sbet*somg*somg/(1-comg)
}

// astroid is the positive root of k^4 + 2k^3 - (x²+y²-1)k² - 2y²k - y² = 0 (55).
func astroid(x, y float64) float64 {
	p, q := x*x, y*y
	r := (p + q - 1) / 6
	if q == 0 && r <= 0 {
		return 0
	}
	s := p * q / 4
	r2 := r * r
	r3 := r * r2
	disc := s * (s + 2*r3)
	u := r
	if disc >= 0 {
		t3 := s + r3
		if t3 < 0 {
			t3 -= math.Sqrt(disc)
		} else {
			t3 += math.Sqrt(disc)
		}
		t := math.Cbrt(t3)
		u += t
		if t != 0 {
			u += r2 / t
		}
	} else {
		ang := math.Atan2(math.Sqrt(-disc), -(s + r3))
		u += 2 * r * math.Cos(ang/3)
	}
	v := math.Sqrt(u*u + q)
	uv := u + v
	if u < 0 {
		uv = q / (v - u)
	}
	w := (uv - q) / (2 * v)
	return uv / (math.Sqrt(uv+w*w) + w)
}

// hybrid is one evaluation of the hybrid problem: the longitude that a first azimuth leads to,
// less the wanted one, and what the answer needs.
type hybrid struct {
	salp2, calp2               float64
	sig12                      float64
	ssig1, csig1, ssig2, csig2 float64
	eps                        float64
	v, dv                      float64
}

func (h *hybrid) eval(a, b end, salp1, calp1, slam, clam float64) {
	if a.sbet == 0 && calp1 == 0 {
		calp1 = -tiny
	}
	salp0, calp0 := salp1*a.cbet, math.Hypot(calp1, salp1*a.sbet)
	somg1, comg1 := salp0*a.sbet, calp1*a.cbet
	h.ssig1, h.csig1 = norm(a.sbet, comg1)
	h.salp2, h.calp2 = salp1, math.Abs(calp1)
	if b.cbet != a.cbet {
		h.salp2 = salp0 / b.cbet
	}
	if b.cbet != a.cbet || math.Abs(b.sbet) != -a.sbet { // (45)
		d := (a.sbet - b.sbet) * (a.sbet + b.sbet)
		if a.cbet < -a.sbet {
			d = (b.cbet - a.cbet) * (a.cbet + b.cbet)
		}
		h.calp2 = math.Sqrt(math.Max(0, calp1*a.cbet*calp1*a.cbet+d)) / b.cbet
	}
	somg2, comg2 := salp0*b.sbet, h.calp2*b.cbet
	h.ssig2, h.csig2 = norm(b.sbet, comg2)
	h.sig12 = math.Atan2(math.Max(0, h.csig1*h.ssig2-h.ssig1*h.csig2), h.csig1*h.csig2+h.ssig1*h.ssig2)
	somg12 := math.Max(0, comg1*somg2-somg1*comg2)
	comg12 := comg1*comg2 + somg1*somg2
	eta := math.Atan2(somg12*clam-comg12*slam, comg12*clam+somg12*slam)
	h.eps = epsOf(ep2 * calp0 * calp0)
	var c3 [order]float64
	seriesC3(h.eps, &c3)
	b312 := sineSeries(h.ssig2, h.csig2, c3[:]) - sineSeries(h.ssig1, h.csig1, c3[:])
	h.v = eta - flattening*seriesA3(h.eps)*salp0*(h.sig12+b312)
	if h.calp2 == 0 {
		h.dv = -2 * f1 * a.dn / a.sbet
		return
	}
	_, m12 := lengths(h.eps, h.sig12, h.ssig1, h.csig1, a.dn, h.ssig2, h.csig2, b.dn, a.cbet, b.cbet)
	h.dv = m12 * f1 / (h.calp2 * b.cbet) // (46)
}

// refine finds alpha1 by Newton's method kept inside a bracket.
func refine(a, b end, slam, clam, salp1, calp1 float64) path {
	var h hybrid
	sa, ca, sb, cb := tiny, 1.0, tiny, -1.0
	tripN, tripB := false, false
	for i := 0; ; i++ {
		h.eval(a, b, salp1, calp1, slam, clam)
		tol := tol0
		if tripN {
			tol = 8 * tol0
		}
		if tripB || !(math.Abs(h.v) >= tol) || i == most {
			break
		}
		if h.v > 0 && (i > newton || calp1/salp1 > cb/sb) {
			sb, cb = salp1, calp1
		} else if h.v < 0 && (i > newton || calp1/salp1 < ca/sa) {
			sa, ca = salp1, calp1
		}
		if i < newton && h.dv > 0 {
			if d := -h.v / h.dv; math.Abs(d) < math.Pi {
				sd, cd := math.Sincos(d)
				if ns := salp1*cd + calp1*sd; ns > 0 {
					salp1, calp1 = norm(ns, calp1*cd-salp1*sd)
					tripN = math.Abs(h.v) <= 16*tol0
					continue
				}
			}
		}
		salp1, calp1 = norm((sa+sb)/2, (ca+cb)/2)
		tripN = false
		tripB = math.Abs(sa-salp1)+(ca-calp1) < tolb || math.Abs(salp1-sb)+(calp1-cb) < tolb
	}
	s := distance(h.eps, h.sig12, h.ssig1, h.csig1, h.ssig2, h.csig2)
	return path{s * polarM, salp1, calp1, h.salp2, h.calp2}
}
