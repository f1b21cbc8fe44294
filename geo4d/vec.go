package geo4d

import "math"

// vec is a vector in earth-centred space.
type vec struct{ x, y, z float64 }

func (a vec) add(b vec) vec     { return vec{a.x + b.x, a.y + b.y, a.z + b.z} }
func (a vec) sub(b vec) vec     { return vec{a.x - b.x, a.y - b.y, a.z - b.z} }
func (a vec) mul(k float64) vec { return vec{a.x * k, a.y * k, a.z * k} }
func (a vec) dot(b vec) float64 { return a.x*b.x + a.y*b.y + a.z*b.z }
func (a vec) cross(b vec) vec {
	return vec{a.y*b.z - a.z*b.y, a.z*b.x - a.x*b.z, a.x*b.y - a.y*b.x}
}
func (a vec) norm() float64              { return math.Sqrt(a.dot(a)) }
func (a vec) along(b vec, t float64) vec { return a.add(b.sub(a).mul(t)) }

// nearOnChord returns the parameter in [0, 1] of the point of the chord ab nearest to p.
func nearOnChord(p, a, b vec) float64 {
	d := b.sub(a)
	n := d.dot(d)
	if n == 0 {
		return 0
	}
	return math.Min(1, math.Max(0, p.sub(a).dot(d)/n))
}

// chordGap returns the distance between the straight segments ab and cd.
func chordGap(a, b, c, d vec) float64 {
	d1, d2, r := b.sub(a), d.sub(c), a.sub(c)
	aa, ee, f := d1.dot(d1), d2.dot(d2), d2.dot(r)
	var s, t float64
	switch {
	case aa == 0 && ee == 0:
		return r.norm()
	case aa == 0:
		t = clamp01(f / ee)
	default:
		cc := d1.dot(r)
		if ee == 0 {
			s = clamp01(-cc / aa)
			break
		}
		bb := d1.dot(d2)
		if den := aa*ee - bb*bb; den > 0 {
			s = clamp01((bb*f - cc*ee) / den)
		}
		t = (bb*s + f) / ee
		if t < 0 {
			t, s = 0, clamp01(-cc/aa)
		} else if t > 1 {
			t, s = 1, clamp01((bb-cc)/aa)
		}
	}
	return a.add(d1.mul(s)).sub(c.add(d2.mul(t))).norm()
}

func clamp01(x float64) float64 { return math.Min(1, math.Max(0, x)) }

// box is a box in earth-centred space.
type box struct{ min, max vec }

var noBox = box{vec{math.Inf(1), math.Inf(1), math.Inf(1)}, vec{math.Inf(-1), math.Inf(-1), math.Inf(-1)}}

func (b *box) hold(p vec, by float64) {
	b.min = vec{math.Min(b.min.x, p.x-by), math.Min(b.min.y, p.y-by), math.Min(b.min.z, p.z-by)}
	b.max = vec{math.Max(b.max.x, p.x+by), math.Max(b.max.y, p.y+by), math.Max(b.max.z, p.z+by)}
}

func (b *box) join(c *box) {
	b.hold(c.min, 0)
	b.hold(c.max, 0)
}

func (b *box) gap(c *box) float64 {
	axis := func(lo1, hi1, lo2, hi2 float64) float64 { return math.Max(0, math.Max(lo2-hi1, lo1-hi2)) }
	return vec{axis(b.min.x, b.max.x, c.min.x, c.max.x), axis(b.min.y, b.max.y, c.min.y, c.max.y),
		axis(b.min.z, b.max.z, c.min.z, c.max.z)}.norm()
}

// size is the length of the box's diagonal.
func (b *box) size() float64 { return b.max.sub(b.min).norm() }

// reach returns bounds in metres on how far what a box of images holds is from v, a vertex in it,
// and how far it goes from v in a direction.
func (b *box) reach(v *vertex, salp, calp float64) (far, along float64) {
	sphi, cphi := sincosDeg(v.lat)
	slon, clon := sincosDeg(v.lon)
	dir := vec{-slon*salp - sphi*clon*calp, clon*salp - sphi*slon*calp, cphi * calp}
	axis := func(lo, hi, at, scale, dir float64) {
		lo, hi = scale*(lo-at), scale*(hi-at)
		far += math.Max(lo*lo, hi*hi)
		along += math.Max(lo*dir, hi*dir)
	}
	axis(b.min.x, b.max.x, v.u.x, equatorialM, dir.x)
	axis(b.min.y, b.max.y, v.u.y, equatorialM, dir.y)
	axis(b.min.z, b.max.z, v.u.z, polarM, dir.z)
	return math.Sqrt(far), along
}
