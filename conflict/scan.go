package conflict

import (
	"math"
	"sync/atomic"

	"parley/geo4d"
)

// A query goes over what it visits in steps, each over all of it, rather than to the end with one
// thing after the other: what a step reads of one does not depend on another, so the processor waits
// for many places in memory at once.

// scan is the room for those steps.
type scan struct {
	visits []visit
	bodies []held
	room   []*body
	index  [manyNear]int32
	near   []candidate // up to nears
	nears  int
	taken  []*piece // by their records alone
	open   []open   // which their records do not settle
	levels [allLevels]aim
	ahead  uint64 // sums up what is read ahead of its use, so that it is read
}

// visit is a tile with its cells that count.
type visit struct {
	id     tileID
	wanted uint64
	hash   uint64
}

// held is a body of a level.
type held struct {
	*body
	level    int32
	from, to int32 // those of the sorted records that may be near in time
	count    int32
}

// aim is the piece at hand as a level's spans are counted.
type aim struct {
	x, y, z uint8
	far     int64 // steps, with what rounding adds, to which a span's own come
	unit    int64
}

// candidate is a record that may be near.
type candidate struct {
	record *record
	span   span
	unit   int64
	d2     float64 // the square of how far it is
}

// start is no later than when a candidate starts, end no earlier than when it ends, in seconds.
func (c *candidate) start() int64 {
	if s := c.span.start(); s > 0 {
		return s * spanUnitS
	}
	return math.MinInt64
}

func (c *candidate) end() int64 {
	if d := c.span.lasts(); d < endless8 {
		return (c.span.start() + d*c.unit) * spanUnitS
	}
	return math.MaxInt64
}

// open is a piece that is not settled.
type open struct {
	piece            *piece
	need             *required
	inTime, inHeight bool
}

// manyNear bounds what is held before it is gone over.
const manyNear = 256

// wideQueryM is from where on a query visits every tile of a level rather than look for each.
const wideQueryM = 2e6

// search visits every record that may be near the piece at hand.
func (q *query) search() {
	x := q.x
	for _, p := range *x.everywhere.Load() {
		q.weigh(p)
	}
	lat, lon := 0.0, 0.0
	if q.piece.kind != endless {
		lat, lon = q.at.Degrees()
	}
	for l := range x.onLevel {
		if x.onLevel[l].Load() == 0 {
			continue
		}
		g := &x.grids[l]
		q.aim(g)
		if within := q.out + q.row.reach + g.reachM; q.piece.kind != endless && within < wideQueryM {
			g.cover(lat, lon, within, q)
		} else {
			x.eachOn(l, q)
		}
	}
	q.settle()
}

// tile implements visitor.
func (q *query) tile(id tileID, wanted uint64) {
	q.scan.visits = append(q.scan.visits, visit{id, wanted, hashOf(id)})
}

// aim prepares a level's spans to be compared with the piece at hand.
func (q *query) aim(g *grid) {
	a := aim{unit: g.unit, far: math.MaxInt32}
	// A place is within a step of where its span puts it, in each of three directions, and so is the
	// piece at hand.
	if far := math.Ceil(q.farthest/g.stepM + math.Sqrt(3)); far+stepsIn+2 < 127 {
		a.x, a.y, a.z, a.far = g.steps(q.at.X), g.steps(q.at.Y), g.steps(q.at.Z), int64(far)
	}
	q.scan.levels[g.level] = a
}

// gather notes the bodies of a tile that may hold records of some cells.
func (q *query) gather(t *tile, level int, wanted uint64) {
	s := &q.scan
	s.room = t.bodies(wanted, s.room[:0])
	for _, b := range s.room {
		s.bodies = append(s.bodies, held{body: b, level: int32(level)})
	}
}

// settle goes over the tiles that were visited.
func (q *query) settle() {
	s := &q.scan
	q.look()
	since, until := q.since>>6, max((q.until+spanUnitS-1)>>6, 1)
	s.reach(since, until)
	for i := range s.bodies {
		b := &s.bodies[i]
		q.spans(b.body, b.from, b.to, &s.levels[b.level], since, until)
		q.spans(b.body, b.sorted, b.count, &s.levels[b.level], since, until)
	}
	s.forget()
	q.sift()
}

// forget drops the bodies that were gone over.
func (s *scan) forget() {
	clear(s.bodies)
	s.bodies = s.bodies[:0]
}

// look looks the visited tiles up and gathers their bodies.
func (q *query) look() {
	s := &q.scan
	for i := range s.visits {
		v := &s.visits[i]
		if t := q.x.stripes[v.hash%stripes].table.Load(); t != nil {
			s.ahead += t.tiles[v.hash>>8&uint64(len(t.tiles)-1)].id.Load()
		}
	}
	for i := range s.visits {
		v := &s.visits[i]
		t := q.x.stripes[v.hash%stripes].table.Load().find(v.id, v.hash)
		if t != nil && t.cells.Load()&v.wanted != 0 {
			q.gather(t, v.id.level(), v.wanted)
		}
	}
	s.visits = s.visits[:0]
}

// reach finds which records of each body may be near in time, in units, and reads their spans ahead.
func (s *scan) reach(since, until int64) {
	for i := range s.bodies {
		b := &s.bodies[i]
		b.count = b.body.count.Load()
	}
	for i := range s.bodies {
		b := &s.bodies[i]
		s.ahead += uint64(b.span(b.sorted/2)) + uint64(b.span(b.sorted/4))
	}
	for i := range s.bodies {
		b := &s.bodies[i]
		b.narrow(since, until, s.levels[b.level].unit)
		for k := b.from; k < b.to; k += spansInLine {
			s.ahead += uint64(b.span(k))
		}
		for k := b.sorted; k < b.count; k += spansInLine {
			s.ahead += uint64(b.span(k))
		}
	}
}

// spansInLine is how many spans come at once when one is read.
const spansInLine = 8

// narrow finds the sorted records that may be near in time, in units.
func (b *held) narrow(since, until, unit int64) {
	b.from, b.to = 0, min(b.sorted, b.count)
	if b.sorted <= fewSpans {
		return
	}
	if b.longest < endless8 {
		b.from = b.after(since - int64(b.longest)*unit)
	}
	b.to = min(b.sorted, b.after(until-1)+fewSpans)
}

// spans gathers those of some records that may be near. Which these are cannot be foretold, so there is
// no branch on it: each is noted, and the next in its place where it is not near. What is compared gives
// a number less than 0 where it holds.
func (q *query) spans(b *body, from, to int32, a *aim, since, until int64) {
	for from < to {
		if q.scan.nears+int(to-from) > manyNear {
			q.sift()
		}
		n := min(to, from+manyNear)
		spans, near, k := b.spans[from:n], &q.scan.index, 0
		for i := range spans {
			w := span(atomic.LoadUint64((*uint64)(&spans[i])))
			start, lasts := w.start(), w.lasts()
			end := start + lasts*a.unit + (lasts+1)>>8<<32 // endless8 ends later than any
			dx, dy, dz := int64(int8(a.x-uint8(w>>24))), int64(int8(a.y-uint8(w>>16))), int64(int8(a.z-uint8(w>>8)))
			far := a.far + int64(w&255)
			near[k&(manyNear-1)] = int32(i)
			k += int(uint64((start-until)&(since-end)&^(lasts-1)&(dx*dx+dy*dy+dz*dz-far*far-1)) >> 63)
		}
		for _, i := range near[:k] {
			q.scan.near[q.scan.nears] = candidate{record: &b.records[from+i], span: b.span(from + i), unit: a.unit}
			q.scan.nears++
		}
		from = n
	}
}

// push adds one candidate.
func (q *query) push(c *candidate) {
	if q.scan.nears == manyNear {
		q.sift()
	}
	q.scan.near[q.scan.nears] = *c
	q.scan.nears++
}

// sift goes over what may be near by its span, leaves out what is far away and judges the rest.
func (q *query) sift() {
	s := &q.scan
	for i := range s.near[:s.nears] {
		s.ahead += uint64(s.near[i].record.out)
	}
	kept := 0
	for i := range s.near[:s.nears] {
		c := &s.near[i]
		r := c.record
		dx, dy, dz := float64(r.x)-q.at.X, float64(r.y)-q.at.Y, float64(r.z)-q.at.Z
		d2, far := dx*dx+dy*dy+dz*dz, q.farthest+r.out.metres()
		s.near[kept] = candidate{r, c.span, c.unit, d2}
		kept += int(math.Float64bits(d2-far*far) >> 63) // one that is far is written over
	}
	s.nears = 0
	for i := range s.near[:kept] {
		q.judge(&s.near[i])
	}
	q.conclude()
}

// conclude takes what was judged to be near and compares what is open.
func (q *query) conclude() {
	s := &q.scan
	for _, p := range s.taken {
		s.ahead += uint64(p.of.hash)
	}
	for i := range s.open {
		s.ahead += uint64(s.open[i].piece.of.hash)
	}
	for i := range s.open {
		if p := s.open[i].piece; len(p.corners) > 0 {
			s.ahead += uint64(math.Float32bits(p.corners[0].x))
		}
	}
	for _, p := range s.taken {
		if q.counts(p) && !q.same(p.of) {
			q.takeCurrent(p)
		}
	}
	s.taken = s.taken[:0]
	for i := range s.open {
		if o := &s.open[i]; q.counts(o.piece) {
			q.compareCurrent(o.piece, o.need, o.inTime, o.inHeight)
		}
	}
	s.open = s.open[:0]
}

// judge decides on a record that is not far away. By the bounds that a record holds, most are
// settled without a look at the piece itself.
func (q *query) judge(c *candidate) {
	r := c.record
	class, party := uint32(r.class), uint32(r.party)
	if r.class == manyClasses || r.party == manyParties {
		class, party = uint32(r.piece.class), r.piece.of.party
	}
	if party == q.s.party && party != 0 {
		return
	}
	if int(class) >= len(q.row.with) {
		q.weigh(r.piece) // a class that came while this query ran
		return
	}
	need := &q.row.with[class]
	if !need.ok || c.start() >= q.end+need.moreS || q.start-need.moreS >= c.end() {
		return
	}
	if far := q.out + r.out.metres() + need.LateralM; c.d2 > far*far {
		return
	}
	height := q.height(r, need)
	if height == apart {
		return
	}
	inTime := q.surelyInTime(c, need)
	if inTime && height == near && q.in >= 0 && r.in > 0 && longest(math.Sqrt(c.d2)) < q.in+r.in.metres()+need.LateralM {
		q.scan.taken = append(q.scan.taken, r.piece)
		return
	}
	q.scan.open = append(q.scan.open, open{r.piece, need, inTime, height == near})
}

// surelyInTime reports whether a candidate's span and the window at hand are near in time however they
// were rounded.
func (q *query) surelyInTime(c *candidate, need *required) bool {
	start := c.span.start()
	if start == 0 || start == spanMost || q.start >= farStart || q.end <= earlyEnd {
		return false
	}
	end := (start + (c.span.lasts()-1)*c.unit) * spanUnitS // it ends later
	return (start+1)*spanUnitS < q.end-1+need.lessS && q.start+1 < end+need.lessS
}

// altitudeErrorM is more than the rounding of bounds in steps of their own, boundErrorM more than that
// of a record's, over whatever they are.
const (
	altitudeErrorM = 0.1
	boundErrorM    = 2 * altitudeStepM
)

// height compares bands as far as no places are needed for it.
func (q *query) height(r *record, need *required) answer {
	if need.AnyAltitude {
		return near
	}
	upLeast, upMost := q.climb(float64(r.lower)*altitudeStepM, q.upper, r.references&15, q.references>>4)
	downLeast, downMost := q.climb(q.lower, float64(r.upper)*altitudeStepM, q.references&15, r.references>>4)
	if max(upLeast, downLeast) > need.VerticalM+altitudeErrorM {
		return apart
	}
	if most := max(upMost, downMost) + boundErrorM; most < max(need.VerticalM, 0) {
		return near
	}
	return unsure
}

// climb is the least and the most that a lower bound lies over an upper bound.
func (q *query) climb(lower, upper float64, below, above uint8) (leastM, mostM float64) {
	switch {
	case below == openBound || above == openBound:
		return math.Inf(-1), math.Inf(-1)
	case below == above && below != overGround:
		return lower - upper, lower - upper
	}
	return geo4d.ClimbBounds(altitudeOf(lower, below), altitudeOf(upper, above), q.x.config.Terrain)
}

func altitudeOf(m float64, reference uint8) geo4d.Altitude {
	r := [...]geo4d.Reference{overW84: geo4d.W84, overAMSL: geo4d.AMSL, inFL: geo4d.FL, overGround: geo4d.AGL}[reference]
	return geo4d.Altitude{Value: m, Unit: geo4d.Metres, Reference: r}
}
