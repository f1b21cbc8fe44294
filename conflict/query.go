package conflict

import (
	"slices"
	"sync/atomic"

	"parley/conflict/plane"
	"parley/geo4d"
)

// Match is a volume of an item that comes too near a volume of the one asked about.
type Match struct {
	Item             *Item
	VolumeA, VolumeB int // of the one asked about, and of Item
}

// query is one question: what comes too near an item.
type query struct {
	x        *Index
	active   atomic.Uint64 // the epoch in which it began, and 1; 0: it does not run
	s        *stored
	class    uint16
	row      *classRow
	several  bool // pieces of one pair of volumes may meet more than once
	shapes   []*geo4d.Prepared
	found    []found
	measured map[found]bool // what exact comparing said of two volumes, where their pieces are many
	met      []*stored      // which count instead of one that was met
	whole    []*stored      // which were weighed whole
	asked    stored         // where it is not in the index
	cutter   cutter
	scan     scan

	// of the piece at hand
	piece      *piece
	volume     *geo4d.Volume
	at         plane.Vector
	out, in    float64 // uncertainty included
	start, end int64   // of the window in seconds, rounded outwards
	until      int64   // what starts at or after it is not near, whatever the class
	since      int64   // nor what ends at or before it
	farthest   float64 // out and the largest separation of any class
	lower      float64
	upper      float64
	references uint8 // as of a record
	laid       bool
	frame      plane.Frame
	own, other laid
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
	class, table := q.x.classes.known(s.item.Class)
	q.s, q.class, q.row, q.several = s, class, &table.rows[class], s.count() > len(s.item.Volumes)
	clear(q.measured)
	q.found, q.shapes, q.met, q.whole = q.found[:0], q.shapes[:0], q.met[:0], q.whole[:0]
}

// run looks for everything that is too near.
func (q *query) run() {
	for p := range q.s.pieces {
		q.turn(p)
		q.search()
	}
	q.finish()
}

// refreshes is how often a query looks again at items that were put while it ran, before it says what
// it has.
const refreshes = 3

// finish leaves each pair of volumes once, and of each item one version, whole.
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

// refresh weighs whole the version that counts now of items of which another was met, and of those of
// which one was found that was replaced since or came while this query ran: it may have passed the
// places of some pieces before they were put, or have met them with some of its own pieces only.
func (q *query) refresh() bool {
	var now []*stored
	weigh := func(s *stored) {
		if c := s.current(); c != nil && !slices.Contains(now, c) && !slices.Contains(q.whole, c) {
			now = append(now, c)
		}
	}
	for _, s := range q.met {
		weigh(s)
	}
	changed := q.drop(weigh)
	q.met = q.met[:0]
	if len(now) == 0 {
		return changed
	}
	q.several, q.whole = true, append(q.whole, now...)
	for p := range q.s.pieces {
		q.turn(p)
		for _, c := range now {
			for p := range c.pieces {
				q.weighCurrent(p)
			}
		}
	}
	return true
}

// drop leaves out what was found of versions that do not count now or may be torn, calls do with each of
// them, and reports whether there are any. A version may be replaced in the middle of it: then what was
// kept of it before goes as well, so that of each version all is left or nothing.
func (q *query) drop(do func(*stored)) bool {
	var gone []*stored
	kept := q.found[:0]
	for _, f := range q.found {
		if f.with.next.Load() == nil && (slices.Contains(q.whole, f.with) || !q.torn(f.with)) {
			kept = append(kept, f)
		} else if !slices.Contains(gone, f.with) {
			gone = append(gone, f.with)
			do(f.with)
		}
	}
	q.found = kept
	if len(gone) > 0 {
		q.found = slices.DeleteFunc(kept, func(f found) bool { return slices.Contains(gone, f.with) })
	}
	return len(gone) > 0
}

// torn reports whether a query may have met only some pieces of a version, or with some of its own.
func (q *query) torn(s *stored) bool {
	return (s.more != nil || q.s.count() > 1) && !s.complete(q.active.Load()-1)
}

// turn makes a piece the one at hand.
func (q *query) turn(p *piece) {
	it := q.s.item
	q.piece, q.volume, q.laid = p, &it.Volumes[p.volume], false
	q.at, q.out, q.in = p.centre, float64(p.outM)+it.UncertaintyM, p.inM
	if q.in >= 0 {
		q.in += it.UncertaintyM
	}
	w := windowOf(&q.volume.Window)
	q.start, q.end = int64(w.start), int64(w.end)
	q.until, q.since = q.end+q.row.timeS, q.start-q.row.timeS
	q.farthest = q.out + q.row.reach
	var lower, upper uint8
	q.lower, lower = bound(q.volume.Band.Lower)
	q.upper, upper = bound(q.volume.Band.Upper)
	q.references = lower | upper<<4
}

// counts reports whether a piece is of the version of its item that counts. Where it is not, that
// version is weighed whole in the end: it may be near where this one is not.
func (q *query) counts(p *piece) bool {
	c := p.of.current()
	if c == p.of {
		return true
	}
	if c != nil && !slices.Contains(q.met, c) {
		q.met = append(q.met, c)
	}
	return false
}

// same reports whether a version is of the item asked about.
func (q *query) same(s *stored) bool { return s.hash == q.s.hash && s.item.ID == q.s.item.ID }

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
	if need := &table.rows[q.class].with[p.class]; need.ok {
		q.compareCurrent(p, need, false, false)
	}
}

// compareCurrent compares exactly what the records left open.
func (q *query) compareCurrent(p *piece, need *required, inTime, inAltitude bool) {
	if q.same(p.of) {
		return
	}
	if !inTime && !nearInTime(q.volume, &p.of.item.Volumes[p.volume], need.Time) {
		return
	}
	needM := neededM(need.Separation, q.s.uncertaintyM, p.of.uncertaintyM)
	lateral := q.inPlane(p, needM)
	if lateral == apart {
		return
	}
	if lateral == near && inAltitude {
		q.takeCurrent(p)
		return
	}
	if q.exactly(p, need, needM, lateral == near, inAltitude) {
		q.takeCurrent(p)
	}
}

// exactly compares the volumes of two pieces as a whole, each two volumes once: what is known is not
// asked again.
func (q *query) exactly(p *piece, need *required, needM float64, inPlace, inAltitude bool) bool {
	pair := found{p.of, q.piece.volume, p.volume}
	many := q.s.more != nil || p.of.more != nil
	if many {
		if is, known := q.measured[pair]; known {
			return is
		}
	}
	// Always from the item whose ID comes first, so that both of two who ask decide alike.
	va, vb := q.volume, &p.of.item.Volumes[p.volume]
	a, b := q.prepared(q.piece.volume), p.of.prepared(p.volume)
	if p.of.item.ID < q.s.item.ID {
		va, vb, a, b = vb, va, b, a
	}
	if !inAltitude {
		m, overlap, _ := geo4d.Vertical(va.Band, vb.Band, a, b, q.x.config.Terrain)
		inAltitude = geo4d.TooNearInAltitude(geo4d.Gap{VerticalM: m, VerticalOverlap: overlap}, need.Separation)
	}
	is := inAltitude
	if is && !inPlace {
		_, is = lateralGap(a, b, needM)
	}
	if many {
		if q.measured == nil {
			q.measured = map[found]bool{}
		}
		q.measured[pair] = is
	}
	return is
}

// takeCurrent notes a match.
func (q *query) takeCurrent(p *piece) {
	q.several = q.several || p.of.more != nil
	q.found = append(q.found, found{p.of, q.piece.volume, p.volume})
}

// inPlane compares two small pieces in the plane at the one at hand.
func (q *query) inPlane(p *piece, needM float64) answer {
	if q.piece.kind >= hard || p.kind >= hard {
		return unsure
	}
	if !q.laid {
		q.frame = plane.FrameAt(q.piece.centre)
		q.own.put(q.piece, &q.frame)
		q.laid = true
	}
	q.other.put(p, &q.frame)
	return compare(&q.own, &q.other, needM)
}

// prepared returns a volume of the item asked about, ready for exact measuring.
func (q *query) prepared(volume int32) *geo4d.Prepared {
	if q.s.more != nil && q.s.more.ready != nil {
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
