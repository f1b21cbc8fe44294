package exactness

import (
	"math"

	"parley/geo4d"
)

// The reference measures a pair of shapes along GeodSolve's geodesics. A circle is its centre and
// a radius, a corridor its line and a half width, a polygon its rings. The distance of two rings or
// lines that do not cross is that of a vertex of one to an edge of the other, so it searches every
// edge from every vertex: by the sign of the distance's slope, the cosine of the angle between the
// edge and the way to the vertex. The bracket's width times the slope bounds what the search may
// still be above the minimum. Crossings and insides are in crossing_test.go.

// chain is the line of a corridor, a ring, or the centre of a circle.
type chain struct {
	lo, hi int // vertices
	radius float64
}

type refEdge struct {
	a, b   int
	radius float64
	inv    inverse
}

// refShape is a shape taken apart.
type refShape struct {
	earth  bool
	at     []geo4d.Position
	u      []vec
	radius []float64
	edges  []refEdge
	chains []chain
	areas  [][]chain
}

func takeApart(s geo4d.Shape) *refShape {
	r := &refShape{}
	r.add(s)
	for _, p := range r.at {
		r.u = append(r.u, unit(p))
	}
	return r
}

func (r *refShape) chain(l []geo4d.Position, radius float64) chain {
	c := chain{len(r.at), len(r.at) + len(l), radius}
	r.at = append(r.at, l...)
	for i := range l {
		r.radius = append(r.radius, radius)
		if i > 0 && l[i] != l[i-1] {
			r.edges = append(r.edges, refEdge{a: c.lo + i - 1, b: c.lo + i, radius: radius, inv: inverse{a: l[i-1], b: l[i]}})
		}
	}
	r.chains = append(r.chains, c)
	return c
}

func (r *refShape) add(s geo4d.Shape) {
	switch s := s.(type) {
	case geo4d.Circle:
		r.chain([]geo4d.Position{s.Center}, s.RadiusM)
	case geo4d.Corridor:
		r.chain(s.Line, s.HalfWidthM)
	case geo4d.Polygon:
		var rings []chain
		for _, l := range s.Rings {
			rings = append(rings, r.chain(l, 0))
		}
		r.areas = append(r.areas, rings)
	case geo4d.Multi:
		for _, p := range s.Parts {
			r.add(p)
		}
	case geo4d.Earth:
		r.earth = true
	}
}

// task is one pair on its way through the reference.
type task struct {
	pair
	sa, sb *refShape
	vv     []inverse // every vertex of a to every vertex of b
	// m is the least distance of the skeletons less the radii that was found; boundM is how much it
	// may be above the least.
	m, boundM float64
	within    bool // a vertex of one is in an area of the other
	crosses   bool // two edges pass through each other
}

func (t *task) overlap() bool { return t.sa.earth || t.sb.earth || t.within || t.crosses || t.m <= 0 }

func (t *task) gap() float64 {
	if t.overlap() {
		return 0
	}
	return t.m
}

func (t *task) to(i, j int) *inverse { return &t.vv[i*len(t.sb.at)+j] }

// view is a task with a as one side and b as the other, or the other way round.
type view struct {
	t       *task
	own     *refShape
	other   *refShape
	swapped bool
}

func (t *task) views() [2]view { return [2]view{{t, t.sa, t.sb, false}, {t, t.sb, t.sa, true}} }

// between is the distance from a vertex of own to one of other, and the azimuths of the way there:
// at own towards other, and at other towards own.
func (w view) between(i, j int) (m, azOwn, azOther float64) {
	if w.swapped {
		v := w.t.to(j, i)
		return v.m, v.azB + 180, v.azA
	}
	v := w.t.to(i, j)
	return v.m, v.azA, v.azB + 180
}

// slope is how the distance to a place changes along an edge, where the azimuth to the place is az.
func slope(edgeAz, az float64) float64 {
	return -math.Cos(math.Remainder(az-edgeAz, 360) * math.Pi / 180)
}

// search is for the least distance from a vertex to an edge, between s0 and s1 along it.
type search struct {
	t          *task
	v          geo4d.Position
	e          *refEdge
	radii      float64
	s0, f0     float64
	s1, f1     float64
	known0     bool
	rounds     int
	best, over float64
}

// measure runs the reference over tasks.
func measure(tasks []*task, stat *geodesicStat) error {
	var list []*inverse
	for _, t := range tasks {
		for _, s := range []*refShape{t.sa, t.sb} {
			for i := range s.edges {
				list = append(list, &s.edges[i].inv)
			}
		}
		for _, p := range t.sa.at {
			for _, q := range t.sb.at {
				t.vv = append(t.vv, inverse{a: p, b: q})
			}
		}
		for i := range t.vv {
			list = append(list, &t.vv[i])
		}
	}
	if err := solveInverse(list); err != nil {
		return err
	}
	stat.inverses(list)
	var active []*search
	for _, t := range tasks {
		active = append(active, t.start()...)
	}
	if err := descend(active, stat); err != nil {
		return err
	}
	for _, t := range tasks {
		t.inside()
	}
	return findCrossings(tasks)
}

// start takes the distances between vertices, and returns what must be searched: the edges that
// may come nearer than those.
func (t *task) start() []*search {
	t.m = math.Inf(1)
	for i := range t.sa.at {
		for j := range t.sb.at {
			t.m = math.Min(t.m, t.to(i, j).m-t.sa.radius[i]-t.sb.radius[j])
		}
	}
	var out []*search
	for _, w := range t.views() {
		for i := range w.own.at {
			for k := range w.other.edges {
				out = append(out, w.searches(i, &w.other.edges[k])...)
			}
		}
	}
	return out
}

// longM is the length from which an edge is searched in parts, since the slope may change its sign
// more than once; and so is one a quarter of the earth away, where distances are not convex.
const (
	longM = 300e3
	farM  = 9e6
)

func (w view) searches(i int, e *refEdge) []*search {
	d0, _, az0 := w.between(i, e.a)
	d1, _, az1 := w.between(i, e.b)
	radii := w.own.radius[i] + e.radius
	if (d0+d1-e.inv.m)/2-radii > w.t.m+1e-9 {
		return nil
	}
	one := search{t: w.t, v: w.own.at[i], e: e, radii: radii, s1: e.inv.m, best: math.Min(d0, d1), known0: true,
		f0: slope(e.inv.azA, az0), f1: slope(e.inv.azB, az1)}
	if e.inv.m < longM && math.Max(d0, d1) < farM {
		if one.f0 >= 0 || one.f1 <= 0 {
			return nil // nearest at an end
		}
		return []*search{&one}
	}
	const parts = 16
	var out []*search
	for k := range parts {
		p := one
		p.s0, p.s1, p.known0 = e.inv.m*float64(k)/parts, e.inv.m*float64(k+1)/parts, false
		out = append(out, &p)
	}
	return out
}

// enoughM is the bound at which a search ends.
const enoughM = 2e-9

// descend narrows every search until it is done. A part whose ends' slopes are not known takes them
// first, at its two ends.
func descend(active []*search, stat *geodesicStat) error {
	var parts []*search
	var ends []float64
	for _, s := range active {
		if !s.known0 {
			parts, ends = append(parts, s, s), append(ends, s.s0, s.s1)
		}
	}
	m, f, err := probe(parts, ends, stat)
	if err != nil {
		return err
	}
	for i, s := range parts {
		s.best = math.Min(s.best, m[i])
		if i%2 == 0 {
			s.f0 = f[i]
		} else {
			s.f1 = f[i]
		}
	}
	for {
		var next []*search
		var at []float64
		for _, s := range active {
			s.over = math.Min(-s.f0, s.f1) * (s.s1 - s.s0)
			s.t.take(s)
			lower := s.best - s.radii - math.Max(0, s.over)
			if s.f0 >= 0 || s.f1 <= 0 || s.over <= enoughM || s.rounds > 70 || lower > s.t.m+1e-9 {
				continue
			}
			mid := (s.s0 + s.s1) / 2
			if s.rounds%3 != 2 { // a secant, kept inside
				w := (s.s1 - s.s0) / 1000
				mid = math.Min(s.s1-w, math.Max(s.s0+w, s.s0-s.f0*(s.s1-s.s0)/(s.f1-s.f0)))
			}
			next, at = append(next, s), append(at, mid)
		}
		if len(next) == 0 {
			return nil
		}
		m, f, err := probe(next, at, stat)
		if err != nil {
			return err
		}
		for i, s := range next {
			s.rounds++
			s.best = math.Min(s.best, m[i])
			if f[i] < 0 {
				s.s0, s.f0 = at[i], f[i]
			} else {
				s.s1, s.f1 = at[i], f[i]
			}
		}
		active = next
	}
}

// take notes the distance of a search, and its bound where it is the least.
func (t *task) take(s *search) {
	m := s.best - s.radii
	if m > t.m {
		return
	}
	t.m, t.boundM = m, 0
	if s.f0 < 0 && s.f1 > 0 {
		t.boundM = s.over
	}
}

// probe measures from the vertex of every search to a place along its edge.
func probe(list []*search, at []float64, stat *geodesicStat) (m, f []float64, err error) {
	places, ways := make([]*direct, len(list)), make([]*inverse, len(list))
	for i, s := range list {
		places[i] = &direct{a: s.e.inv.a, azA: s.e.inv.azA, m: at[i]}
	}
	if err := solveDirect(places); err != nil {
		return nil, nil, err
	}
	for i, s := range list {
		ways[i] = &inverse{a: places[i].b, b: s.v}
	}
	if err := solveInverse(ways); err != nil {
		return nil, nil, err
	}
	stat.inverses(ways)
	stat.directs(places)
	m, f = make([]float64, len(list)), make([]float64, len(list))
	for i := range list {
		m[i], f[i] = ways[i].m, slope(places[i].azB, ways[i].azA)
	}
	return m, f, nil
}

// geodesicStat compares geo4d's geodesics with GeodSolve's on every problem that the reference
// solves.
type geodesicStat struct {
	inverse, direct           int
	worstInverse, worstDirect float64
	inverseAt                 inverse
	directAt                  direct
	postGIS                   string
}

func (g *geodesicStat) inverses(list []*inverse) {
	for _, p := range list {
		m, _, _ := geo4d.Inverse(p.a, p.b)
		if e := math.Abs(m - p.m); !(e <= g.worstInverse) {
			g.worstInverse, g.inverseAt = e, *p
		}
	}
	g.inverse += len(list)
}

func (g *geodesicStat) directs(list []*direct) {
	for _, p := range list {
		b, _ := geo4d.Direct(p.a, p.azA, p.m)
		if e := straightM(unit(b), unit(p.b)); !(e <= g.worstDirect) {
			g.worstDirect, g.directAt = e, *p
		}
	}
	g.direct += len(list)
}
