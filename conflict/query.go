package conflict

import (
	"math"
	"math/bits"
	"slices"
	"sync/atomic"

	"parley/geo4d"
)

// Match is a volume of an item that comes too near a volume of the one asked about.
type Match struct {
	Item             *Item
	VolumeA, VolumeB int // of the one asked about, and of Item
}

// query is one question: what comes too near an item.
type query struct {
	x       *Index
	active  atomic.Uint64 // the epoch in which it began, and 1; 0: it does not run
	s       *stored
	row     *classRow
	several bool // pieces of one pair of volumes may meet more than once
	shapes  []*geo4d.Prepared
	found   []found
	visits  []visit
	near    []candidate
	taken   []*piece
	asked   stored // where it is not in the index
	cutter  cutter

	// of the piece at hand
	piece      *piece
	volume     *geo4d.Volume
	at         vector
	out, in    float64 // uncertainty included
	start, end int64   // of the window in seconds, rounded outwards
	until      int32   // what starts at or after it is not near, whatever the class
	since      int32   // nor what ends at or before it
	sinceShort int32   // nor, of what does not last long, what starts at or before it
	farthest   float64 // out and the largest separation of any class
	lower      float64
	upper      float64
	references uint8
	laid       bool
	frame      frame
	own        laid
}

// found is a match before it is handed out.
type found struct {
	with    *stored
	volumeA int32
	volumeB int32
}

// about makes the query one about an item.
func (q *query) about(it *Item) {
	q.asked = stored{}
	q.x.fill(&q.asked, it, &q.cutter)
	q.aboutStored(&q.asked)
}

func (q *query) aboutStored(s *stored) {
	_, table := q.x.classes.known(s.item.Class)
	q.s, q.row, q.several = s, &table.rows[s.class], len(s.pieces) > len(s.item.Volumes)
	q.found, q.shapes = q.found[:0], q.shapes[:0]
}

// run looks for everything that is too near.
func (q *query) run() {
	s := q.s
	for i := range s.pieces {
		q.turn(&s.pieces[i])
		q.search()
	}
	q.finish()
}

// refreshes is how often a query looks again at items that were replaced while it ran, before it says
// what it has.
const refreshes = 3

// finish leaves each pair of volumes once, and of each item one version.
func (q *query) finish() {
	for range refreshes {
		if !q.refresh() {
			break
		}
	}
	if q.several {
		q.found = distinct(q.found)
	}
}

// refresh weighs the version that counts now of items that were replaced since they were found.
func (q *query) refresh() bool {
	var now []*stored
	kept := q.found[:0]
	for _, f := range q.found {
		switch {
		case f.with.next.Load() == nil:
			kept = append(kept, f)
		default:
			if c := f.with.current(); c != nil && !slices.Contains(now, c) {
				now = append(now, c)
			}
		}
	}
	if len(kept) == len(q.found) {
		return false
	}
	q.found, q.several = kept, true
	for i := range q.s.pieces {
		q.turn(&q.s.pieces[i])
		for _, c := range now {
			q.again(c)
		}
	}
	return true
}

// turn makes a piece the one at hand.
func (q *query) turn(p *piece) {
	it := q.s.item
	q.piece, q.volume, q.laid = p, &it.Volumes[p.volume], false
	q.at, q.out, q.in = p.centre, p.outM+it.UncertaintyM, p.inM
	if q.in >= 0 {
		q.in += it.UncertaintyM
	}
	r := p.record()
	q.start, q.end = int64(r.start), int64(r.end)
	q.until = int32(min(q.end+q.row.timeS, math.MaxInt32))
	q.since = int32(max(q.start-q.row.timeS, math.MinInt32))
	q.sinceShort = int32(max(int64(q.since)-longS-1, math.MinInt32))
	q.farthest = q.out + q.row.reach
	q.lower, q.upper, q.references = float64(r.lower), float64(r.upper), r.references
}

// search visits every record that may be near the piece at hand.
func (q *query) search() {
	x := q.x
	for _, p := range *x.everywhere.Load() {
		q.weigh(p)
	}
	if q.piece.kind == endless {
		for l := range x.grids {
			x.eachOn(l, q.body)
		}
		q.sift()
		return
	}
	lat, lon := q.at.degrees()
	for l := range x.grids {
		g := &x.grids[l]
		if x.onLevel[l].Load() == 0 {
			continue
		}
		if within := q.out + q.row.reach + g.reachM; within < wideQueryM {
			g.cover(lat, lon, within, q)
		} else {
			x.eachOn(l, q.body)
		}
	}
	q.settle()
}

// wideQueryM is from where on a query visits every tile of a level rather than look for each.
const wideQueryM = 2e6

// A query goes over what it visits in steps, each over all of it, rather than to the end with one
// thing after the other: what a step reads of one does not depend on another, so the processor waits
// for many places in memory at once.

// visit is a tile with its cells that count.
type visit struct {
	id     tileID
	wanted uint64
	body   *body
}

// candidate is a record that may be near in time.
type candidate struct {
	body *body
	at   int32
	end  int32
	out  float32
	d2   float64
}

// tile implements visitor.
func (q *query) tile(id tileID, wanted uint64) {
	q.visits = append(q.visits, visit{id: id, wanted: wanted})
}

// settle goes over the tiles that were visited.
func (q *query) settle() {
	n := 0
	for i := range q.visits {
		v := &q.visits[i]
		if e := q.x.stripeOf(v.id).table.Load().find(v.id); e != nil {
			q.visits[n] = visit{wanted: v.wanted, body: e.body.Load()}
			n++
		}
	}
	for i := range q.visits[:n] {
		q.body(q.visits[i].body, q.visits[i].wanted)
	}
	q.visits = q.visits[:0]
	q.sift()
}

// body gathers the records of the wanted cells of a tile that may be near in time.
func (q *query) body(b *body, wanted uint64) {
	n := b.count.Load()
	if b.first != nil {
		for ; wanted != 0; wanted &= wanted - 1 {
			c := 2 * bits.TrailingZeros64(wanted)
			if b.first[c] < b.first[c+2] {
				q.records(b, b.first[c], b.first[c+1])
				q.records(b, b.after(b.first[c+1], b.first[c+2], q.sinceShort), b.first[c+2])
			}
		}
	}
	q.records(b, b.ordered(), n)
}

// after returns the first of some records in order of their start that starts after a time. Where
// they are few it may return an earlier one.
func (b *body) after(from, to, start int32) int32 {
	for to-from > 8 {
		if mid := (from + to) / 2; b.spans[mid].start > start {
			to = mid
		} else {
			from = mid + 1
		}
	}
	return from
}

// records gathers some records of a body.
func (q *query) records(b *body, from, to int32) {
	until, since := q.until, q.since
	ordered := from < b.ordered()
	spans := b.spans[from:to]
	for i := range spans {
		w := &spans[i]
		end := atomic.LoadInt32(&w.end)
		if w.start >= until || end <= since {
			if ordered && w.start >= until {
				return // and so do all that follow
			}
			continue
		}
		q.near = append(q.near, candidate{body: b, at: from + int32(i), end: end})
	}
	if len(q.near) > manyNear {
		q.sift()
	}
}

// manyNear bounds what is gathered before it is gone over.
const manyNear = 256

// sift goes over what may be near in time, leaves out what is far away and judges the rest.
func (q *query) sift() {
	kept := q.near[:0]
	for _, c := range q.near {
		s := &c.body.spots[c.at]
		dx, dy, dz := float64(s.x)-q.at.x, float64(s.y)-q.at.y, float64(s.z)-q.at.z
		c.d2, c.out = dx*dx+dy*dy+dz*dz, s.out
		if far := q.farthest + float64(s.out); c.d2 <= far*far {
			kept = append(kept, c)
		}
	}
	for _, c := range kept {
		q.judge(&c.body.extents[c.at], int64(c.body.spans[c.at].start), int64(c.end), float64(c.out), c.d2, c.body.pieces[c.at])
	}
	q.near = q.near[:0]
	for _, p := range q.taken {
		if q.counts(p) && !q.same(p.of) {
			q.takeCurrent(p)
		}
	}
	q.taken = q.taken[:0]
}

// judge decides on a record that is not far away. By the bounds that a record holds, most are
// settled without a look at the piece itself.
func (q *query) judge(r *extent, start, end int64, out, d2 float64, p *piece) {
	if r.party == q.s.party && r.party != 0 {
		return
	}
	if int(r.class) >= len(q.row.with) {
		q.weigh(p) // a class that came while this query ran
		return
	}
	need := &q.row.with[r.class]
	if !need.ok {
		return
	}
	far := q.out + out + need.LateralM
	if d2 > far*far || start >= q.end+need.moreS || q.start >= end+need.moreS {
		return
	}
	inTime := max(start, q.start) < farStart && min(end, q.end) > earlyEnd && start+1 < q.end-1+need.lessS && q.start+1 < end-1+need.lessS
	altitude := q.altitude(r, need)
	if altitude == apart {
		return
	}
	if inTime && altitude == near && q.in >= 0 && r.in >= 0 && longest(math.Sqrt(d2)) < q.in+float64(r.in)+need.LateralM {
		q.taken = append(q.taken, p)
		return
	}
	if q.counts(p) {
		q.compareCurrent(p, need, inTime, altitude == near)
	}
}

// altitudeErrorM is more than the rounding of a bound in float32.
const altitudeErrorM = 0.1

// altitude compares bands as far as no places are needed for it.
func (q *query) altitude(r *extent, need *required) answer {
	if need.AnyAltitude {
		return near
	}
	ql, qu, rl, ru := q.references&15, q.references>>4, r.references&15, r.references>>4
	upLeast, upMost := q.climb(float64(r.lower), q.upper, rl, qu)
	downLeast, downMost := q.climb(q.lower, float64(r.upper), ql, ru)
	if max(upLeast, downLeast) > need.VerticalM+altitudeErrorM {
		return apart
	}
	if max(upMost, downMost) < need.VerticalM-altitudeErrorM || max(upMost, downMost) < -altitudeErrorM {
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

// counts reports whether a piece is of the version of its item that counts. Where it is not, that
// version is weighed in its place.
func (q *query) counts(p *piece) bool {
	c := p.of.current()
	if c != p.of {
		q.again(c)
	}
	return c == p.of
}

// same reports whether a version is of the item asked about.
func (q *query) same(s *stored) bool { return s.hash == q.s.hash && s.item.ID == q.s.item.ID }

// again weighs the version that counts of an item of which another version was met: its own pieces
// may have been put where this query has already been.
func (q *query) again(c *stored) {
	if c == nil {
		return
	}
	q.several = true
	for i := range c.pieces {
		q.weighCurrent(&c.pieces[i])
	}
}

// weigh compares the piece at hand with another whose record was not read.
func (q *query) weigh(p *piece) {
	if q.counts(p) {
		q.weighCurrent(p)
	}
}

func (q *query) weighCurrent(p *piece) {
	if p.of.party == q.s.party && p.of.party != 0 {
		return
	}
	_, table := q.x.classes.known(q.s.item.Class)
	if need := &table.rows[q.s.class].with[p.of.class]; need.ok {
		q.compareCurrent(p, need, false, false)
	}
}

// compareCurrent compares exactly what the records left open.
func (q *query) compareCurrent(p *piece, need *required, inTime, inAltitude bool) {
	if q.same(p.of) {
		return
	}
	v := &p.of.item.Volumes[p.volume]
	if !inTime && !nearInTime(q.volume, v, need.Time) {
		return
	}
	needM := need.LateralM + q.s.item.UncertaintyM + p.of.item.UncertaintyM
	lateral := q.inPlane(p, needM)
	if lateral == apart {
		return
	}
	if lateral == near && inAltitude {
		q.takeCurrent(p)
		return
	}
	// Always from the item whose ID comes first, so that both of two who ask decide alike.
	va, vb := q.volume, v
	a, b := q.prepared(q.piece.volume), p.of.prepared(p.volume)
	if p.of.item.ID < q.s.item.ID {
		va, vb, a, b = vb, va, b, a
	}
	if !inAltitude {
		m, overlap, _ := geo4d.Vertical(va.Band, vb.Band, a, b, q.x.config.Terrain)
		if !geo4d.TooNearInAltitude(geo4d.Gap{VerticalM: m, VerticalOverlap: overlap}, need.Separation) {
			return
		}
	}
	if lateral == near || exactlyNear(a, b, needM) {
		q.takeCurrent(p)
	}
}

func exactlyNear(a, b *geo4d.Prepared, needM float64) bool {
	c := a.Gap(b, needM)
	return !c.Beyond && geo4d.TooNearInPlace(geo4d.Gap{LateralM: c.M, LateralOverlap: c.Overlap}, geo4d.Separation{}, needM)
}

// takeCurrent notes a match.
func (q *query) takeCurrent(p *piece) {
	q.several = q.several || len(p.of.pieces) > 1
	q.found = append(q.found, found{p.of, q.piece.volume, p.volume})
}

// inPlane compares two small pieces in the plane at the one at hand.
func (q *query) inPlane(p *piece, needM float64) answer {
	if q.piece.kind >= hard || p.kind >= hard {
		return unsure
	}
	if !q.laid {
		q.frame = frameAt(q.piece.centre)
		q.own.put(q.piece, &q.frame)
		q.laid = true
	}
	var other laid
	other.put(p, &q.frame)
	return compare(&q.own, &other, needM)
}

// prepared returns a volume of the item asked about, ready for exact measuring.
func (q *query) prepared(volume int32) *geo4d.Prepared {
	if q.s.ready != nil {
		return q.s.prepared(volume)
	}
	for len(q.shapes) < len(q.s.item.Volumes) {
		q.shapes = append(q.shapes, nil)
	}
	if q.shapes[volume] == nil {
		q.shapes[volume] = q.s.prepared(volume)
	}
	return q.shapes[volume]
}

// distinct sorts out what was found more than once, and versions that were replaced where a later one
// was found as well.
func distinct(fs []found) []found {
	newest := make(map[string]*stored, len(fs))
	for _, f := range fs {
		if have := newest[f.with.item.ID]; have == nil || have != f.with && have.next.Load() != nil {
			newest[f.with.item.ID] = f.with
		}
	}
	seen := make(map[found]bool, len(fs))
	out := fs[:0]
	for _, f := range fs {
		if !seen[f] && newest[f.with.item.ID] == f.with {
			seen[f] = true
			out = append(out, f)
		}
	}
	return out
}
