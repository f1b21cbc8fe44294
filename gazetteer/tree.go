package gazetteer

import (
	"math"
	"sort"

	"parley/geo4d"
)

// vec is a place as a unit vector of its geodetic latitude and longitude, so that the poles and
// the antimeridian are places like any other.
type vec [3]float64

func vector(p geo4d.Position) vec {
	sinLat, cosLat := math.Sincos(p.LatDeg * math.Pi / 180)
	sinLon, cosLon := math.Sincos(p.LonDeg * math.Pi / 180)
	return vec{cosLat * cosLon, cosLat * sinLon, sinLat}
}

func (a vec) chord2(b vec) float64 {
	x, y, z := a[0]-b[0], a[1]-b[1], a[2]-b[2]
	return x*x + y*y + z*z
}

// slack is how much the ratio of geodesic to angle between two places can differ from one pair to
// another: the radii of curvature of the ellipsoid span 6,335 to 6,400 km.
const slack = 1.0103 * 1.0005

// plant orders idx as a balanced k-d tree: the middle of a range splits it by the axis of its depth.
func plant(points []vec, idx []int32, axis int) {
	if len(idx) < 2 {
		return
	}
	sort.Slice(idx, func(i, j int) bool {
		a, b := points[idx[i]][axis], points[idx[j]][axis]
		return a < b || a == b && idx[i] < idx[j]
	})
	m := len(idx) / 2
	plant(points, idx[:m], (axis+1)%3)
	plant(points, idx[m+1:], (axis+1)%3)
}

// search is one walk through the tree for the nearest by chord.
type search struct {
	g    *Gazetteer
	at   vec
	keep int
	// best holds the squared chords of the nearest so far, largest first out, as a sorted list.
	best []float64
	// found holds the towns within reach, once the reach is known.
	reach2 float64
	found  []int32
}

func (s *search) bound() float64 {
	if len(s.best) < s.keep {
		return math.Inf(1)
	}
	return s.best[len(s.best)-1]
}

// nearest finds the chord of the n-th nearest town.
func (s *search) nearest(idx []int32, axis int) {
	if len(idx) == 0 {
		return
	}
	m := len(idx) / 2
	p := s.g.points[idx[m]]
	s.offer(s.at.chord2(p))
	d := s.at[axis] - p[axis]
	near, far := idx[:m], idx[m+1:]
	if d > 0 {
		near, far = far, near
	}
	s.nearest(near, (axis+1)%3)
	if d*d <= s.bound() {
		s.nearest(far, (axis+1)%3)
	}
}

func (s *search) offer(c2 float64) {
	if c2 >= s.bound() {
		return
	}
	i := sort.SearchFloat64s(s.best, c2)
	if len(s.best) < s.keep {
		s.best = append(s.best, 0)
	}
	copy(s.best[i+1:], s.best[i:])
	s.best[i] = c2
}

// within collects the towns within reach.
func (s *search) within(idx []int32, axis int) {
	if len(idx) == 0 {
		return
	}
	m := len(idx) / 2
	p := s.g.points[idx[m]]
	if s.at.chord2(p) <= s.reach2 {
		s.found = append(s.found, idx[m])
	}
	d := s.at[axis] - p[axis]
	if d <= 0 || d*d <= s.reach2 {
		s.within(idx[:m], (axis+1)%3)
	}
	if d >= 0 || d*d <= s.reach2 {
		s.within(idx[m+1:], (axis+1)%3)
	}
}

// nearest finds the n nearest on the ellipsoid: every town whose angle could still be nearer than
// the n-th by angle is measured.
func (g *Gazetteer) nearest(p geo4d.Position, n int) []Near {
	s := search{g: g, at: vector(p), keep: n}
	s.nearest(g.tree, 0)
	angle := 2 * math.Asin(math.Min(1, math.Sqrt(s.bound())/2))
	chord := 2 * math.Sin(math.Min(math.Pi, angle*slack+1e-9)/2)
	s.reach2 = chord * chord
	if angle*slack >= math.Pi {
		s.reach2 = 5
	}
	s.within(g.tree, 0)
	out := make([]Near, 0, len(s.found))
	order := make([]int32, 0, len(s.found))
	for _, i := range s.found {
		d, bearing, _ := geo4d.Inverse(g.towns[i].Position, p)
		out = append(out, Near{Town: g.towns[i], DistanceM: d, BearingDeg: bearing})
		order = append(order, i)
	}
	sort.Sort(byDistance{out, order})
	return out[:n]
}

// byDistance sorts by distance, and by place in the list where that is the same.
type byDistance struct {
	near  []Near
	order []int32
}

func (b byDistance) Len() int { return len(b.near) }
func (b byDistance) Less(i, j int) bool {
	if b.near[i].DistanceM != b.near[j].DistanceM {
		return b.near[i].DistanceM < b.near[j].DistanceM
	}
	return b.order[i] < b.order[j]
}
func (b byDistance) Swap(i, j int) {
	b.near[i], b.near[j] = b.near[j], b.near[i]
	b.order[i], b.order[j] = b.order[j], b.order[i]
}
