package geo4d

import "math"

// The WGS 84 ellipsoid (NGA.STND.0036) and what follows from it.
const (
	equatorialM = 6378137.0
	flattening  = 1 / 298.257223563
	polarM      = equatorialM * (1 - flattening)
	f1          = 1 - flattening
	e2          = flattening * (2 - flattening)
	ep2         = e2 / (f1 * f1)
	n3          = flattening / (2 - flattening) // third flattening
)

// Orders of the series in Karney, "Algorithms for geodesics", J. Geodesy 87, 43-55 (2013),
// doi:10.1007/s00190-012-0578-z. Numbers in brackets below are its equations. With order six the
// truncation error on WGS 84 is below the rounding error of float64.
const order = 6

// epsOf returns the expansion parameter of a geodesic from k² (16).
func epsOf(k2 float64) float64 { return k2 / (2*(1+math.Sqrt(1+k2)) + k2) }

// seriesA1 is A1 (17).
func seriesA1(e float64) float64 {
	q := e * e
	return (1 + q*(1.0/4+q*(1.0/64+q/256))) / (1 - e)
}

// seriesC1 is C1[1..6] (18).
func seriesC1(e float64, c *[order + 1]float64) {
	q := e * e
	d := e
	c[1] = d * (-1.0/2 + q*(3.0/16-q/32))
	d *= e
	c[2] = d * (-1.0/16 + q*(1.0/32-q*9/2048))
	d *= e
	c[3] = d * (-1.0/48 + q*3/256)
	d *= e
	c[4] = d * (-5.0/512 + q*3/512)
	d *= e
	c[5] = d * (-7.0 / 1280)
	d *= e
	c[6] = d * (-7.0 / 2048)
}

// seriesC1p is C1'[1..6] (21), which turns distance back into arc.
func seriesC1p(e float64, c *[order + 1]float64) {
	q := e * e
	d := e
	c[1] = d * (1.0/2 + q*(-9.0/32+q*205/1536))
	d *= e
	c[2] = d * (5.0/16 + q*(-37.0/96+q*1335/4096))
	d *= e
	c[3] = d * (29.0/96 - q*75/128)
	d *= e
	c[4] = d * (539.0/1536 - q*2391/2560)
	d *= e
	c[5] = d * (3467.0 / 7680)
	d *= e
	c[6] = d * (38081.0 / 61440)
}

// seriesA2 is A2 (42).
func seriesA2(e float64) float64 {
	q := e * e
	return (1 - e) * (1 + q*(1.0/4+q*(9.0/64+q*25/256)))
}

// seriesC2 is C2[1..6] (43).
func seriesC2(e float64, c *[order + 1]float64) {
	q := e * e
	d := e
	c[1] = d * (1.0/2 + q*(1.0/16+q/32))
	d *= e
	c[2] = d * (3.0/16 + q*(1.0/32+q*35/2048))
	d *= e
	c[3] = d * (5.0/48 + q*5/256)
	d *= e
	c[4] = d * (35.0/512 + q*7/512)
	d *= e
	c[5] = d * (63.0 / 1280)
	d *= e
	c[6] = d * (77.0 / 2048)
}

// Coefficients of A3 (24) and C3 (25) for this ellipsoid's third flattening.
const (
	a31 = -(1.0/2 - n3/2)
	a32 = -(1.0/4 + n3/8 - 3*n3*n3/8)
	a33 = -(1.0/16 + 3*n3/16 + n3*n3/16)
	a34 = -(3.0/64 + n3/32)
	a35 = -3.0 / 128

	c311 = 1.0/4 - n3/4
	c312 = 1.0/8 - n3*n3/8
	c313 = 3.0/64 + 3*n3/64 - n3*n3/64
	c314 = 5.0/128 + n3/64
	c315 = 3.0 / 128
	c322 = 1.0/16 - 3*n3/32 + n3*n3/32
	c323 = 3.0/64 - n3/32 - 3*n3*n3/64
	c324 = 3.0/128 + n3/128
	c325 = 5.0 / 256
	c333 = 5.0/192 - 3*n3/64 + 5*n3*n3/192
	c334 = 3.0/128 - 5*n3/192
	c335 = 7.0 / 512
	c344 = 7.0/512 - 7*n3/256
	c345 = 7.0 / 512
	c355 = 21.0 / 2560
)

// seriesA3 is A3 (24).
func seriesA3(e float64) float64 { return 1 + e*(a31+e*(a32+e*(a33+e*(a34+e*a35)))) }

// seriesC3 is C3[1..5] (25).
func seriesC3(e float64, c *[order]float64) {
	d := e
	c[1] = d * (c311 + e*(c312+e*(c313+e*(c314+e*c315))))
	d *= e
	c[2] = d * (c322 + e*(c323+e*(c324+e*c325)))
	d *= e
	c[3] = d * (c333 + e*(c334+e*c335))
	d *= e
	c[4] = d * (c344 + e*c345)
	d *= e
	c[5] = d * c355
}

// sineSeries is the sum of c[l] sin(2lx) over l >= 1, by Clenshaw's rule.
func sineSeries(sinx, cosx float64, c []float64) float64 {
	ar := 2 * (cosx - sinx) * (cosx + sinx)
	var y0, y1 float64
	for l := len(c) - 1; l > 0; l-- {
		y0, y1 = ar*y0-y1+c[l], y0
	}
	return 2 * sinx * cosx * y0
}

// norm scales a sine and cosine to length one.
func norm(s, c float64) (float64, float64) {
	h := math.Sqrt(s*s + c*c)
	return s / h, c / h
}

// roundDeg rounds a small angle to a multiple of 2^-57 degrees, less than a picometre, so that the
// products of tiny angles do not underflow. Larger ones are as coarse already.
func roundDeg(deg float64) float64 {
	const z = 1.0 / 16
	if a := math.Abs(deg); a < z {
		return math.Copysign(z-(z-a), deg)
	}
	return deg
}

// sincosDeg returns the sine and cosine of degrees, exact at multiples of 90.
func sincosDeg(deg float64) (s, c float64) {
	deg = math.Remainder(deg, 360)
	q := math.Round(deg / 90)
	s, c = math.Sincos((deg - 90*q) * (math.Pi / 180))
	switch int(q) & 3 {
	case 1:
		s, c = c, -s
	case 2:
		s, c = -s, -c
	case 3:
		s, c = -c, s
	}
	return s + 0, c + 0
}

// atan2Deg is atan2 in degrees, exact at multiples of 90.
func atan2Deg(y, x float64) float64 {
	q := 0
	if math.Abs(y) > math.Abs(x) {
		x, y, q = y, x, 2
	}
	if math.Signbit(x) {
		x = -x
		q++
	}
	a := math.Atan2(y, x) * (180 / math.Pi)
	switch q {
	case 1:
		return math.Copysign(180, y) - a
	case 2:
		return 90 - a
	case 3:
		return -90 + a
	}
	return a
}

// wrapLon brings a longitude into [-180, 180].
func wrapLon(deg float64) float64 {
	if deg >= -180 && deg <= 180 {
		return deg
	}
	return math.Remainder(deg, 360)
}
