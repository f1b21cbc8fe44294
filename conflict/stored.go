package conflict

import (
	"math"
	"sync/atomic"
	"time"

	"parley/geo4d"
)

// stored is one version of an item. What it says does not change; next and prev say whether it is
// the one that counts, see current.
type stored struct {
	item   *Item
	class  uint16
	party  uint32
	hash   uint64 // of the item's ID
	pieces []piece
	ready  []atomic.Pointer[geo4d.Prepared] // of the volumes that only exact measuring can tell; nil: none
	one    [1]piece                         // pieces, where there is one

	next atomic.Pointer[stored] // what took its place; one without an item, where nothing did
	prev atomic.Pointer[stored] // what it takes the place of, until that is over
}

// fill makes s a version of an item.
func (s *stored) fill(it *Item, c *cutter) {
	s.item = it
	c.pieces, c.corners = s.one[:0], c.corners[:0]
	heavy := false
	for i := range it.Volumes {
		first := len(c.pieces)
		c.cut(it.Volumes[i].Shape)
		for k := first; k < len(c.pieces); k++ {
			c.pieces[k].volume = int32(i)
			heavy = heavy || c.pieces[k].kind >= hard
		}
	}
	s.pieces = c.pieces
	for k := range s.pieces {
		s.pieces[k].of = s
	}
	if heavy {
		s.ready = make([]atomic.Pointer[geo4d.Prepared], len(it.Volumes))
	}
}

// prepared returns a volume's shape ready for exact measuring. It is kept where the shape is large.
func (s *stored) prepared(volume int32) *geo4d.Prepared {
	if s.ready == nil {
		return geo4d.Prepare(s.item.Volumes[volume].Shape)
	}
	if p := s.ready[volume].Load(); p != nil {
		return p
	}
	p := geo4d.Prepare(s.item.Volumes[volume].Shape)
	s.ready[volume].Store(p)
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

// epochS is where seconds in records begin: 2020.
const epochS = 1577836800

// The open ends of a record's window.
const (
	openStart = math.MinInt32 + 1
	openEnd   = math.MaxInt32 - 1
	farStart  = openEnd - 1<<20   // a start from here on is only known to be no earlier
	earlyEnd  = openStart + 1<<20 // an end up to here is only known to be no later
)

// wholeSeconds returns a window rounded outwards.
func wholeSeconds(w geo4d.Window) (start, end int32) {
	start, end = openStart, openEnd
	if !w.Start.IsZero() {
		start = min(clip(w.Start.Unix()-epochS), farStart)
	}
	if !w.End.IsZero() {
		s := w.End.Unix() - epochS
		if w.End.Nanosecond() > 0 {
			s++
		}
		end = max(clip(s), earlyEnd)
	}
	return start, end
}

// clip keeps times beyond 68 years from 2020 in range: they count as open, which only asks for
// exact measuring.
func clip(s int64) int32 { return int32(max(openStart, min(s, openEnd))) }

// The references of a record's bounds.
const (
	openBound = iota
	overW84
	overAMSL
	inFL
	overGround
)

func bound(a *geo4d.Altitude, open float32) (float32, uint8) {
	if a == nil {
		return open, openBound
	}
	m := float32(a.Metres())
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

func upward(m float64) float32 { return math.Nextafter32(float32(m), float32(math.Inf(1))) }

// record returns what queries read of a piece.
func (p *piece) record() record {
	v := &p.of.item.Volumes[p.volume]
	u := p.of.item.UncertaintyM
	r := record{
		spot:   spot{float32(p.centre.x), float32(p.centre.y), float32(p.centre.z), upward(p.outM + u + placeErrorM)},
		extent: extent{in: -1, party: p.of.party, class: p.of.class},
	}
	if p.inM >= 0 {
		r.in = float32(math.Max(-1, p.inM+u-placeErrorM))
	}
	r.start, r.end = wholeSeconds(v.Window)
	var lower, upper uint8
	r.lower, lower = bound(v.Band.Lower, float32(math.Inf(-1)))
	r.upper, upper = bound(v.Band.Upper, float32(math.Inf(1)))
	r.references = lower | upper<<4
	return r
}

// nearInTime compares two volumes' windows exactly.
func nearInTime(a, b *geo4d.Volume, t time.Duration) bool {
	gap, overlap := geo4d.TimeGap(a.Window, b.Window)
	return geo4d.TooNearInTime(geo4d.Gap{Time: gap, TimeOverlap: overlap}, geo4d.Separation{Time: t})
}
