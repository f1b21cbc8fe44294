package lateral

import (
	"math"
	"slices"

	"parley/conflict/plane"
	"parley/geo4d"
)

// Move is a move of a shape across the ground: geo4d.Shift by M metres at BearingDeg, clockwise from
// north where the shape's anchor is.
type Move struct {
	M, BearingDeg float64
	// Exact says that no move shorter by a metre or more does. Where it is false, none such was
	// looked for in all places, since they are too many or too far apart.
	Exact bool
}

const (
	// mostErrorM is how wrong a move may be that is taken from the plane: it is then longer by that,
	// and a quarter more, than it need be.
	mostErrorM = 0.2
	// widestErrorM is how wrong the plane may be at all, for all places to have been looked at.
	widestErrorM = 20e3
	// mostTried is how many moves are tried that the plane cannot tell apart.
	mostTried = 100
	// leastM is what a move is longer than the least: more than the errors of what is measured.
	leastM = 1e-7
	// touchM is more than the gap at which geo4d takes shapes to touch.
	touchM = 2e-6
)

// Least returns the shortest move of a after which the gap to b is needM or more, and after which
// they do not touch. It reports false where no move does, as from the whole earth. a and b must be
// too near: where they keep needM, the move leads to the nearest place where that is just so.
func Least(a, b geo4d.Shape, needM float64) (Move, bool) {
	if !canMove(a) || !canMove(b) || !(needM >= 0) {
		return Move{}, false
	}
	ca, okA := a.(geo4d.Circle)
	cb, okB := b.(geo4d.Circle)
	if okA && okB {
		return circles(ca, cb, needM)
	}
	oa, ob, c := outlines(a, b)
	if !(oa.reachM < geo4d.MaxRingRadiusM && ob.reachM < math.Inf(1)) {
		return Move{}, false
	}
	l := &least{task: task{a: oa, b: ob, needM: needM, k: curvature(c.at)}, ground: ground{a: a, b: b, at: c.at, needM: needM}}
	m, ok := l.find()
	m.Exact = ok && (m.Exact || m.M < 1)
	return m, ok
}

// canMove says whether a shape has positions, all on the earth, and is no more than one.
func canMove(s geo4d.Shape) bool {
	all := func(ps []geo4d.Position, least int) bool {
		for _, p := range ps {
			if !(math.Abs(p.LonDeg) <= 180 && math.Abs(p.LatDeg) <= 90) {
				return false
			}
		}
		return len(ps) >= least
	}
	switch s := s.(type) {
	case geo4d.Circle:
		return all([]geo4d.Position{s.Center}, 1) && s.RadiusM >= 0 && s.RadiusM <= geo4d.MaxRadiusM
	case geo4d.Corridor:
		return all(s.Line, 1) && s.HalfWidthM >= 0 && s.HalfWidthM <= geo4d.MaxRadiusM
	case geo4d.Polygon:
		for _, r := range s.Rings {
			if !all(r, 4) {
				return false
			}
		}
		return len(s.Rings) > 0
	case geo4d.Multi:
		for _, part := range s.Parts {
			if _, nested := part.(geo4d.Multi); nested || !canMove(part) {
				return false
			}
		}
		return len(s.Parts) > 0
	}
	return false
}

// circles moves a straight away from b's centre: by the triangle inequality nothing shorter does.
func circles(a, b geo4d.Circle, needM float64) (Move, bool) {
	d, _, away := geo4d.Inverse(b.Center, a.Center)
	if d == 0 {
		away = 0
	}
	needM = math.Max(needM+leastM, touchM)
	m := Move{M: math.Max(0, needM+a.RadiusM+b.RadiusM-d), BearingDeg: math.Mod(away+360, 360), Exact: true}
	if m.M > geo4d.MaxRadiusM {
		return Move{}, false
	}
	to, _ := geo4d.Direct(a.Center, m.BearingDeg, m.M)
	reached, _, _ := geo4d.Inverse(b.Center, to)
	return m, reached-a.RadiusM-b.RadiusM >= needM-leastM/2 // short of it where the far side of the earth is near
}

// least is the search for a move.
type least struct {
	task
	ground
	errM  float64 // of the plane
	best  Move
	found bool
	tried int

	rounded [][2]int32 // the corners that around was tried for
}

func (l *least) find() (Move, bool) {
	straight := l.straightAway()
	limitM := straight.Norm()
	l.errM = l.errorM(limitM)
	slackM := l.errM
	l.lean, l.spareM = math.Max(1e-3, math.Min(0.05, l.errM/100)), math.Max(1e-5, l.errM)
	if l.errM < mostErrorM/4 { // then it does not matter which of two moves is the shorter
		slackM = 0
	} else {
		l.middleM = 20 * l.errM
	}
	all := l.search(limitM+2*l.errM+touchM, slackM, func(c *candidate) bool {
		if l.found && (slackM == 0 || c.m > l.best.M+2*l.errM) || l.tried > mostTried {
			return false
		}
		if at := [2]int32{c.one.a, c.one.b}; c.two == nil && c.one.how == cornerCorner && c.one.p.Norm() < l.middleM && !slices.Contains(l.rounded, at) {
			l.rounded = append(l.rounded, at)
			l.around(c)
		}
		l.take(c)
		return true
	})
	if l.found {
		l.best.Exact = all && l.tried <= mostTried && l.errM <= widestErrorM
		return l.best, true
	}
	l.take(&candidate{x: straight, m: limitM, out: straight.Scaled(1 / math.Max(limitM, 1e-9))})
	if l.found {
		l.best.Exact = false
		return l.best, true
	}
	return l.march(straight)
}

// take finds the move that a candidate of the plane stands for, and keeps the shortest.
func (l *least) take(c *candidate) {
	l.tried++
	m, ok := Move{}, false
	if l.curvedErrorM(c.m) <= mostErrorM {
		m, ok = l.bend(c)
	}
	if !ok && c.one != nil {
		m, ok = l.settle(c, 4*l.errM+1)
	}
	if ok && (!l.found || m.M < l.best.M) {
		l.best, l.found = m, true
	}
}

// around tries moves all round a corner that A has nearly in its middle: which way is shortest, the
// plane cannot tell.
func (l *least) around(c *candidate) {
	best, turn := math.Inf(1), 0.0
	try := func(way float64) float64 {
		s, k := math.Sincos(way)
		u := plane.Point{X: s, Y: k}
		x := c.one.p.Add(u.Scaled(c.one.r))
		if !l.allowed(c.one, u) || !l.parted(x, l.errM) {
			return math.Inf(1)
		}
		before, found, tried := l.best, l.found, l.tried
		l.found = false
		l.take(&candidate{x: x, m: x.Norm(), one: c.one, out: u})
		m := math.Inf(1)
		if l.found {
			m = l.best.M
		}
		if found && before.M <= m {
			l.best, l.found = before, true
		}
		l.tried = tried
		return m
	}
	for i := range ways {
		way := 2 * math.Pi * float64(i) / ways
		if m := try(way); m < best {
			best, turn = m, way
		}
	}
	for step := math.Pi / ways; step > 1e-3 && !math.IsInf(best, 1); step /= 2 {
		for _, way := range [2]float64{turn - step, turn + step} {
			if m := try(way); m < best {
				best, turn = m, way
			}
		}
	}
}

// errorM is more than the error of the plane in the gap between the outlines after a move of m, near
// where they are closest: what curved.go corrects, and curvedErrorM.
func (l *least) errorM(m float64) float64 {
	a, r := l.task.a.reachM, l.task.needM+l.task.a.wideM+l.task.b.wideM
	far := a + m
	la, lb := l.task.a.longM, l.task.b.longM
	return 1.2/(plane.TightM*plane.TightM)*(a*a*m/3+m*m*a/6+r*far*far/6+la*la*far/12+lb*lb*(far+r)/12) + l.laidM(far+r+lb)
}

// laidM is more than the error of where positions that matter are laid.
func (l *least) laidM(far float64) float64 {
	laid := math.Min(1, math.Min(l.task.b.reachM, far)/chartReachM)
	return 0.02*laid*laid*laid + 1e-5
}

// curvedErrorM is errorM for the plane with its corrections. What they leave out is of the fourth
// order in size over radius, or comes from how much curvature differs within reach, by 1.4 % from the
// equator to the poles: both less than a hundredth of them up to 300 km, and than a tenth up to
// 1,000 km.
func (l *least) curvedErrorM(m float64) float64 {
	far := l.task.a.reachM + m + l.task.needM + l.task.a.wideM + l.task.b.wideM
	share := 0.01
	switch {
	case far > 1000e3:
		return math.Inf(1)
	case far > 300e3:
		share = 0.1
	}
	return share*l.errM + l.laidM(far+l.task.b.longM)
}
