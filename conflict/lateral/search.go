package lateral

import (
	"cmp"
	"math"
	"slices"

	"parley/conflict/plane"
)

// task is two outlines that must be parted by moving the first.
type task struct {
	a, b  *outline
	needM float64
	lean  float64 // how far against a direction a side may lead, for rounding and for the plane's own error
	// middleM is how near to its corner A may lie for the plane not to know the shortest way from it.
	middleM float64
	spareM  float64 // how near beside a curve's end counts as on it
	curves  []curve
	work    int
	recent  [8][2]int32 // the pairs of sides that were too near last, the latest first
	k       float64     // the curvature of the earth
	doubtM  float64     // how wrong the plane may be; 0: it is not asked

	trimmed []curve // those at hand, or the pieces of them that count
}

// mostWork bounds the steps of one task, some nanoseconds each.
const mostWork = 8_000_000

// candidate is a move that may be the least.
type candidate struct {
	x        plane.Point
	m        float64
	one, two *curve      // two: nil where it stands on one curve only
	out      plane.Point // a way out: along it the distance from each curve grows as the way does
}

// violation says how far a pair of sides lacks what it needs: more than 0 where they are too near.
// Where they cross, that is by how far they would have to move to part, if that is less.
func (t *task) violation(s, o *outlineSide, x plane.Point) float64 {
	a, b := t.a.corners[s.a].at.Add(x), t.a.corners[s.b].at.Add(x)
	c, d := t.b.corners[o.a].at, t.b.corners[o.b].at
	r := t.needM + t.a.corners[s.a].wideM + t.b.corners[o.a].wideM
	if s.a != s.b && o.a != o.b {
		e, f := b.Sub(a), d.Sub(c)
		fa, fb, ec, ed := f.Cross(a.Sub(c)), f.Cross(b.Sub(c)), e.Cross(c.Sub(a)), e.Cross(d.Sub(a))
		if (fa > 0) != (fb > 0) && (ec > 0) != (ed > 0) {
			depth := math.Min(math.Min(math.Abs(fa), math.Abs(fb))/f.Norm(), math.Min(math.Abs(ec), math.Abs(ed))/e.Norm())
			return r + depth
		}
	}
	near := math.Min(math.Min(plane.Distance2(a, c, d), plane.Distance2(b, c, d)), math.Min(plane.Distance2(c, a, b), plane.Distance2(d, a, b)))
	return r - math.Sqrt(near)
}

// tooNear says whether a pair of sides lacks more than slackM: in the plane, or where its error is
// in doubt, on the curved earth.
func (t *task) tooNear(s, o *outlineSide, x plane.Point, slackM float64) bool {
	return t.violation(s, o, x) > slackM-t.doubtM && (t.doubtM == 0 || t.curvedViolation(s, o, x) > slackM)
}

// parted says whether A moved by x keeps what it needs from B, short by at most slackM; where that is
// negative, it must keep as much more.
func (t *task) parted(x plane.Point, slackM float64) bool {
	t.work += 4
	for i, p := range t.recent {
		if t.tooNear(&t.a.sides[p[0]], &t.b.sides[p[1]], x, slackM) {
			copy(t.recent[1:i+1], t.recent[:i])
			t.recent[0] = p
			return false
		}
	}
	reach := t.needM - slackM + t.doubtM
	for g := range t.a.groups {
		if p := t.a.groups[g].moved(x, reach); !t.groupApart(&t.a.groups[g], &p, x, slackM, reach) {
			return false
		}
	}
	return !inside(t.a, t.b, x, slackM) && !inside(t.b, t.a, x.Scaled(-1), slackM)
}

// moved is a block moved by x and widened by a reach.
func (b *block) moved(x plane.Point, reach float64) block {
	r := plane.Point{X: reach, Y: reach}
	return block{b.lo, b.hi, b.min.Add(x).Sub(r), b.max.Add(x).Add(r)}
}

func (b *block) misses(c *block) bool {
	return c.min.X > b.max.X || c.max.X < b.min.X || c.min.Y > b.max.Y || c.max.Y < b.min.Y
}

// groupApart is parted for a group of blocks of A, in a box, without what lies inside.
func (t *task) groupApart(g, in *block, x plane.Point, slackM, reach float64) bool {
	t.work += len(t.b.groups)
	for h := range t.b.groups {
		if in.misses(&t.b.groups[h]) {
			continue
		}
		for i := g.lo; i < g.hi; i++ {
			p := t.a.blocks[i].moved(x, reach)
			t.work += blockSides
			for j := t.b.groups[h].lo; j < t.b.groups[h].hi; j++ {
				if !p.misses(&t.b.blocks[j]) && !t.apart(&t.a.blocks[i], &t.b.blocks[j], x, slackM) {
					return false
				}
			}
		}
	}
	return true
}

// apart is parted for two blocks of sides, without what lies inside.
func (t *task) apart(p, q *block, x plane.Point, slackM float64) bool {
	t.work += int((p.hi - p.lo) * (q.hi - q.lo))
	for i := p.lo; i < p.hi; i++ {
		s := &t.a.sides[i]
		a, b := t.a.corners[s.a].at.Add(x), t.a.corners[s.b].at.Add(x)
		reach := t.needM + t.a.corners[s.a].wideM - slackM + t.doubtM
		west, east := math.Min(a.X, b.X)-reach, math.Max(a.X, b.X)+reach
		south, north := math.Min(a.Y, b.Y)-reach, math.Max(a.Y, b.Y)+reach
		for j := q.lo; j < q.hi; j++ {
			o := &t.b.sides[j]
			c, d, w := t.b.corners[o.a].at, t.b.corners[o.b].at, t.b.corners[o.a].wideM
			if c.X-w > east && d.X-w > east || c.X+w < west && d.X+w < west || c.Y-w > north && d.Y-w > north || c.Y+w < south && d.Y+w < south {
				continue
			}
			if t.tooNear(s, o, x, slackM) {
				copy(t.recent[1:], t.recent[:])
				t.recent[0] = [2]int32{i, j}
				return false
			}
		}
	}
	return true
}

// inside says whether a part of one outline, moved by x, lies in a polygon of the other, by more than
// slackM. Their sides do not cross.
func inside(a, b *outline, x plane.Point, slackM float64) bool {
	if len(b.areas) == 0 {
		return false
	}
	for _, r := range a.reps {
		p := a.corners[r].at.Add(x)
		if !b.holds(p) {
			continue
		}
		if slackM <= 0 {
			return true
		}
		deep := math.Inf(1)
		for i := range b.sides {
			deep = math.Min(deep, plane.Distance2(p, b.corners[b.sides[i].a].at, b.corners[b.sides[i].b].at))
		}
		if deep > slackM*slackM {
			return true
		}
	}
	return false
}

// straightAway returns the least move that parts the outlines by a straight line between them, along
// the normals of their sides, or where these are many along some.
func (t *task) straightAway() plane.Point {
	best, at := math.Inf(1), plane.Point{X: 0, Y: 1}
	try := func(n plane.Point) {
		t.work += len(t.a.corners) + len(t.b.corners)
		if h := t.needM + t.b.support(n) + t.a.support(n.Scaled(-1)); h < best {
			best, at = h, n
		}
	}
	if len(t.a.sides)+len(t.b.sides) <= 64 {
		for k, o := range [2]*outline{t.a, t.b} {
			for i := range o.sides {
				ns, count := o.faces(&o.sides[i])
				for _, n := range ns[:count] {
					try(n.Scaled(float64(2*k - 1)))
				}
			}
		}
	}
	if len(t.a.sides)+len(t.b.sides) > 64 || len(t.a.areas)+len(t.b.areas) == 0 {
		for k := range 64 {
			s, c := math.Sincos(float64(k) * math.Pi / 32)
			try(plane.Point{X: s, Y: c})
		}
	}
	return at.Scaled(math.Max(nudgeM, best))
}

// search calls try with moves that part the outlines, short by at most slackM, from the shortest on,
// up to limitM, until try returns false. It reports false where there were too many to look at.
func (t *task) search(limitM, slackM float64, try func(*candidate) bool) bool {
	to := limitM
	if len(t.a.sides)*len(t.b.sides) > 4096 {
		to = limitM / 64
	}
	list := make([]candidate, 0, few)
	for from := 0.0; from < limitM; from, to = to, math.Min(limitM, 2*to) {
		if !t.rim(to) {
			return false
		}
		slices.SortStableFunc(t.curves, func(a, b curve) int { return cmp.Compare(a.near, b.near) })
		if done, all := t.rounds(&list, from, to, slackM, try); done || !all {
			return all
		}
	}
	return true
}

// few is how many curves are looked at without trimming them.
const few = 32

// rounds is search over the curves that there are, some more at a time. done says that try returned
// false.
func (t *task) rounds(list *[]candidate, from, limitM, slackM float64, try func(*candidate) bool) (done, all bool) {
	t.trimmed = nil
	for count := 0; from < limitM; {
		to, first := limitM, count
		if count += max(few, count/2); count < len(t.curves) {
			to = math.Min(limitM, math.Max(t.curves[count].near, from))
		}
		for count = min(count, len(t.curves)); count < len(t.curves) && t.curves[count].near <= to; {
			count++
		}
		if len(t.curves) <= few {
			t.trimmed = t.curves[:count]
		} else {
			for i := first; i < count; i++ {
				t.trim(&t.curves[i], limitM, slackM)
			}
		}
		*list = t.candidates((*list)[:0], from, to)
		slices.SortStableFunc(*list, func(a, b candidate) int { return cmp.Compare(a.m, b.m) })
		for i := range *list {
			if t.work > mostWork {
				return false, false
			}
			c := &(*list)[i]
			if t.parted(c.x.Add(c.out.Scaled(nudgeM)), slackM-nudgeM/2) && !try(c) {
				return true, true
			}
		}
		if t.work > mostWork {
			return false, false
		}
		from = to
	}
	return false, true
}

// trim keeps of a curve what no single pair of sides is seen to forbid.
func (t *task) trim(c *curve, limitM, slackM float64) {
	if c.how != cornerCorner {
		t.halve(*c, 0, limitM, slackM)
		return
	}
	dirs := [5]plane.Point{{X: 1, Y: 0}, {X: 0, Y: 1}, {X: -1, Y: 0}, {X: 0, Y: -1}, {X: 1, Y: 0}}
	for k := range 4 {
		piece := *c
		piece.from, piece.to = dirs[k], dirs[k+1]
		t.halve(piece, 0, limitM, slackM)
	}
}

// mostHalvings is how often a curve is halved.
const mostHalvings = 7

// halve drops a piece of a curve that is farther away than limitM, or that a pair of sides forbids:
// what a pair forbids is convex and how deep a place lies in it is concave, so a piece that leaves
// the line between its ends by at most sagM is forbidden where its ends are by more than that. It says
// whether it kept the piece whole.
func (t *task) halve(c curve, depth int, limitM, slackM float64) (whole bool) {
	t.work += 4
	p, q, sagM := c.p, c.q, 0.0
	if c.how == cornerCorner {
		p, q = c.p.Add(c.from.Scaled(c.r)), c.p.Add(c.to.Scaled(c.r))
		sagM = c.r * (1 - c.from.Add(c.to).Norm()/2)
	}
	if c.near = math.Sqrt(plane.Distance2(plane.Point{}, p, q)) - sagM; c.near >= limitM {
		return false
	}
	mid := p.Add(q).Scaled(0.5)
	free := t.parted(mid, slackM+sagM+nudgeM)
	if s, o := &t.a.sides[t.recent[0][0]], &t.b.sides[t.recent[0][1]]; !free && t.violation(s, o, p) > slackM+sagM+nudgeM && t.violation(s, o, q) > slackM+sagM+nudgeM {
		return false
	}
	if free || depth == mostHalvings {
		t.trimmed = append(t.trimmed, c)
		return true
	}
	one, two := c, c
	if c.how == cornerCorner {
		m := c.from.Add(c.to)
		m = m.Scaled(1 / m.Norm())
		one.to, two.from = m, m
	} else {
		one.q, two.p = mid, mid
	}
	n := len(t.trimmed)
	first, second := t.halve(one, depth+1, limitM, slackM), t.halve(two, depth+1, limitM, slackM)
	if whole = first && second; whole {
		t.trimmed = append(t.trimmed[:n], c)
	}
	return whole
}

// ways is how many ways round a corner are looked at where A lies in its middle.
const ways = 36

// cuspM is how far between two curves that touch from either side a move is looked at.
const cuspM = 0.3

// nudgeM is how far from the rim a move is looked at, so that rounding does not count.
const nudgeM = 1e-6

// candidates adds the moves on the trimmed curves from one length to another.
func (t *task) candidates(list []candidate, from, to float64) []candidate {
	curves := t.trimmed
	add := func(x plane.Point, one, two *curve) {
		m := x.Norm()
		if m < from || m >= to {
			return
		}
		c := candidate{x: x, m: m, one: one, out: one.outward(x)}
		if two != nil {
			n := two.outward(x)
			k, turn := 1+c.out.Dot(n), c.out.Cross(n)
			switch {
			case k < 1e-7: // they touch from either side; ways out lie between them
				c.two, c.out = two, plane.Point{X: -n.Y, Y: n.X}.Scaled(cuspM/nudgeM)
				list = append(list, c)
				c.out = c.out.Scaled(-1)
			case m > 2*t.spareM && !pushes(x, c.out, n, 2*t.spareM):
				return
			case math.Abs(turn) >= 1e-6 && !t.oneSide(one, two):
				c.two, c.out = two, c.out.Add(n).Scaled(1/k)
			}
		}
		list = append(list, c)
	}
	t.work += len(curves) * (len(curves) + 1)
	for i := range curves {
		c := &curves[i]
		if c.how == cornerCorner && c.p.Norm() < t.middleM {
			for k := range ways {
				sin, cos := math.Sincos(2 * math.Pi * float64(k) / ways)
				if x := c.p.Add(plane.Point{X: sin, Y: cos}.Scaled(c.r)); t.onto(c, x) {
					add(x, c, nil)
				}
			}
		} else if x, ok := t.foot(c); ok {
			add(x, c, nil)
		}
		for j := range curves[:i] {
			if curves[j].near >= to || c.near >= to {
				continue
			}
			xs, n := meet(&curves[j], c, t.spareM)
			for _, x := range xs[:n] {
				if t.onto(&curves[j], x) && t.onto(c, x) {
					add(x, &curves[j], c)
				}
			}
		}
	}
	return list
}

// oneSide says whether two curves are of one corner and pieces of one side that was cut, which in
// truth is straight.
func (t *task) oneSide(c, d *curve) bool {
	switch {
	case c.how != d.how:
		return false
	case c.how == cornerSide:
		return c.a == d.a && t.b.sides[c.b].whole == t.b.sides[d.b].whole
	case c.how == sideCorner:
		return c.b == d.b && t.a.sides[c.a].whole == t.a.sides[d.a].whole
	}
	return false
}

// pushes says whether x lies between two directions, but for spareM: else the move could be shorter.
func pushes(x, n, o plane.Point, spareM float64) bool {
	d := n.Cross(o)
	spare := -spareM * math.Abs(d)
	return x.Cross(o)*math.Copysign(1, d) >= spare && n.Cross(x)*math.Copysign(1, d) >= spare
}

// foot returns the point of a curve at which leaving it takes least, where A is within it or hardly
// out.
func (t *task) foot(c *curve) (plane.Point, bool) {
	if c.how == cornerCorner {
		m := c.p.Norm()
		if m >= c.r+t.spareM {
			return plane.Point{}, false
		}
		u, ok := plane.Point{X: 0, Y: 1}, true
		if c.from != (plane.Point{}) {
			u = c.from
		}
		if m > 1e-9 {
			u = c.p.Scaled(-1 / m)
			ok = t.allowed(c, u)
		} else {
			u, ok = t.way(c, u)
		}
		return c.p.Add(u.Scaled(c.r)), ok && c.spans(u)
	}
	h := c.n.Dot(c.p)
	x := c.n.Scaled(h)
	return x, h >= -t.spareM && plane.Distance2(x, c.p, c.q) <= t.spareM*t.spareM
}

// onto says whether a point of a round curve's circle belongs to the curve.
func (t *task) onto(c *curve, x plane.Point) bool {
	if c.how != cornerCorner {
		return true
	}
	u := c.outward(x)
	return c.spans(u) && t.allowed(c, u)
}

// spans says whether a piece of a round curve has a direction.
func (c *curve) spans(u plane.Point) bool {
	return c.from == (plane.Point{}) || c.from.Cross(u) >= -1e-6 && u.Cross(c.to) >= -1e-6
}
