package conflict

import (
	"math"
	"sync/atomic"
	"time"

	"parley/geo4d"
)

// stored is one version of an item. What it says does not change; next and prev say whether it is
// the one that counts, see current. What a query reads of a match is in its first 64 bytes.
type stored struct {
	item  *Item
	next  atomic.Pointer[stored] // what took its place; one without an item, where nothing did
	prev  atomic.Pointer[stored] // what it takes the place of, until that is over
	hash  uint32                 // of the item's ID
	party uint32
	one   piece
	more  *several // nil: one is all there is

	uncertaintyM float64
}

// several is what few items have.
type several struct {
	pieces []piece
	ready  []atomic.Pointer[geo4d.Prepared] // of the volumes that only exact measuring can tell; nil: none
}

// pieces returns the pieces of all volumes.
func (s *stored) pieces(yield func(*piece) bool) {
	if s.more == nil {
		yield(&s.one)
		return
	}
	for i := range s.more.pieces {
		if !yield(&s.more.pieces[i]) {
			return
		}
	}
}

// count returns how many pieces there are.
func (s *stored) count() int {
	if s.more == nil {
		return 1
	}
	return len(s.more.pieces)
}

// fill makes s a version of an item, with pieces in c's room. They last until c is used again,
// unless they are kept.
func (s *stored) fill(it *Item, class uint16, c *cutter) {
	s.item, s.uncertaintyM = it, it.UncertaintyM
	c.pieces, c.corners = c.pieces[:0], c.corners[:0]
	heavy := false
	for i := range it.Volumes {
		first := len(c.pieces)
		c.cut(it.Volumes[i].Shape)
		for k := first; k < len(c.pieces); k++ {
			c.pieces[k].volume, c.pieces[k].of, c.pieces[k].class = int32(i), s, class
			heavy = heavy || c.pieces[k].kind >= hard
		}
	}
	if len(c.pieces) == 1 && !heavy {
		s.one = c.pieces[0]
		return
	}
	s.more = &several{pieces: c.pieces}
	if heavy {
		s.more.ready = make([]atomic.Pointer[geo4d.Prepared], len(it.Volumes))
	}
}

// kept returns a version whose pieces are its own.
func (s *stored) kept() *stored {
	out := &stored{item: s.item, hash: s.hash, party: s.party, one: s.one, uncertaintyM: s.uncertaintyM}
	corners := 0
	for p := range s.pieces {
		corners += len(p.corners)
	}
	if s.more != nil {
		out.more = &several{pieces: append([]piece(nil), s.more.pieces...), ready: s.more.ready}
	}
	room := make([]offset, 0, corners)
	for p := range out.pieces {
		p.of = out
		if n := len(p.corners); n > 0 {
			from := len(room)
			room = append(room, p.corners...)
			p.corners = room[from : from+n : from+n]
		}
	}
	return out
}

// prepared returns a volume's shape ready for exact measuring. It is kept where the shape is large.
func (s *stored) prepared(volume int32) *geo4d.Prepared {
	if s.more == nil || s.more.ready == nil {
		return geo4d.Prepare(s.item.Volumes[volume].Shape)
	}
	if p := s.more.ready[volume].Load(); p != nil {
		return p
	}
	p := geo4d.Prepare(s.item.Volumes[volume].Shape)
	s.more.ready[volume].Store(p)
	return p
}

// current returns the version of an item that counts, or nil where it was taken out. A version is
// in place of the one before from the moment that the latter's next names it, which is one word:
// who meets either, in whatever cell, is told the same.
func (s *stored) current() *stored {
	for {
		if n := s.next.Load(); n != nil {
			s = n
			continue
		}
		p := s.prev.Load()
		if p == nil || p.next.Load() == s {
			break
		}
		s = p
	}
	if s.item == nil {
		return nil
	}
	return s
}

// completed notes the epoch in which all pieces of a version were in.
func (s *stored) completed(epoch uint64) { atomic.StoreUint32(&s.one.since, max(uint32(epoch), 1)) }

// complete reports whether all pieces of a version were in when an epoch began. After four billion
// epochs it may say no of one that was.
func (s *stored) complete(epoch uint64) bool {
	since := atomic.LoadUint32(&s.one.since)
	return since != 0 && int32(uint32(epoch)-since) >= 0
}

// epochS is where seconds begin: 2020.
const epochS = 1577836800

// window is one in seconds, rounded outwards.
type window struct{ start, end int32 }

// The open ends of a window.
const (
	openStart = math.MinInt32 + 1
	openEnd   = math.MaxInt32 - 1
	farStart  = openEnd - 1<<20   // a start from here on is only known to be no earlier
	earlyEnd  = openStart + 1<<20 // an end up to here is only known to be no later
)

// windowOf returns a window rounded outwards.
func windowOf(w *geo4d.Window) window {
	s := window{openStart, openEnd}
	if !w.Start.IsZero() {
		s.start = min(clip(w.Start.Unix()-epochS), farStart)
	}
	if !w.End.IsZero() {
		end := w.End.Unix() - epochS
		if w.End.Nanosecond() > 0 {
			end++
		}
		s.end = max(clip(end), earlyEnd)
	}
	return s
}

// clip keeps times beyond 68 years from 2020 in range: they count as open, which only asks for
// exact measuring.
func clip(s int64) int32 { return int32(max(openStart, min(s, openEnd))) }

// bound returns a bound in metres over its reference.
func bound(a *geo4d.Altitude) (float64, uint8) {
	if a == nil {
		return 0, openBound
	}
	m := a.Metres()
	switch a.Reference {
	case geo4d.W84:
		return m, overW84
	case geo4d.AMSL:
		return m, overAMSL
	case geo4d.FL:
		return m, inFL
	}
	return m, overGround
}

// placeErrorM is more than the rounding of a centre in float32.
const placeErrorM = 0.6

// record returns what queries read of a piece, and its window.
func (p *piece) record() (window, record) {
	v := &p.of.item.Volumes[p.volume]
	u := p.of.uncertaintyM
	r := record{x: float32(p.centre.X), y: float32(p.centre.Y), z: float32(p.centre.Z),
		out:   lengthUp(float64(p.outM) + u + placeErrorM),
		party: uint16(min(p.of.party, manyParties)), class: uint8(min(p.class, manyClasses)), piece: p}
	if p.inM >= 0 {
		r.in = lengthDown(p.inM + u - placeErrorM)
	}
	var lower, upper uint8
	r.lower, lower = lowerBound(bound(v.Band.Lower))
	r.upper, upper = upperBound(bound(v.Band.Upper))
	r.references = lower | upper<<4
	return windowOf(&v.Window), r
}

// nearInTime compares two volumes' windows exactly.
func nearInTime(a, b *geo4d.Volume, t time.Duration) bool {
	gap, overlap := geo4d.TimeGap(a.Window, b.Window)
	return geo4d.TooNearInTime(geo4d.Gap{Time: gap, TimeOverlap: overlap}, geo4d.Separation{Time: t})
}
