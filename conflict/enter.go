package conflict

import (
	"math/bits"
	"slices"
)

// regionLevel is the grid whose cells, about 83 km wide, are what Enter locks.
const regionLevel = 3

// mostRegions is how many parts of the earth Enter locks one by one; what reaches farther locks all.
const mostRegions = 64

// regions gathers the locks of the cells that are visited.
type regions struct{ locks []int }

// tile implements visitor.
func (r *regions) tile(id tileID, wanted uint64) {
	for ; wanted != 0 && len(r.locks) <= mostRegions; wanted &= wanted - 1 {
		r.locks = append(r.locks, int(hashOf(id<<6|tileID(bits.TrailingZeros64(wanted)))%stripes))
	}
}

// lock takes the locks of every place within reach of an item, and returns what gives them back. Two
// items that are too near have a place within reach of both, so one of two that enter at once waits
// for the other and sees it. Locks are taken in order.
func (x *Index) lock(q *query) (unlock func()) {
	var r regions
	g := &x.grids[regionLevel]
	for p := range q.s.pieces {
		q.turn(p)
		if q.piece.kind == endless || q.farthest > wideQueryM {
			r.locks = make([]int, mostRegions+1)
			break
		}
		lat, lon := q.at.Degrees()
		g.cover(lat, lon, q.farthest, &r)
	}
	if len(r.locks) > mostRegions {
		r.locks = r.locks[:0]
		for i := range stripes {
			r.locks = append(r.locks, i)
		}
	}
	slices.Sort(r.locks)
	r.locks = slices.Compact(r.locks)
	for _, i := range r.locks {
		x.regions[i].Lock()
	}
	return func() {
		for _, i := range r.locks {
			x.regions[i].Unlock()
		}
	}
}

// Enter looks as Matches does and then puts the item, as one step: of two items that enter at once
// and are too near, at least one is told of the other. It puts the item where admit returns true for
// what was found; a nil admit always does. It says whether the item was put. admit must not call the
// index.
func (x *Index) Enter(it *Item, admit func([]Match) bool) (found []Match, put bool) {
	q := x.begin()
	defer q.done()
	q.about(it)
	defer x.lock(q)()
	q.aboutStored(q.s) // with the classes of all that entered before the locks were had
	q.run()
	found = q.matches(nil)
	if admit != nil && !admit(found) {
		return found, false
	}
	x.put(q.s.kept())
	return found, true
}
