package propose_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"parley/conflict"
	"parley/conflict/propose"
	"parley/geo4d"
)

// brute measures every pair of volumes with geo4d, one by one.
type brute struct {
	it     *conflict.Item
	others []*conflict.Item
	shapes [][]*geo4d.Prepared
	last   [2]int // an item and a volume of it that was too near last
}

func newBrute(it *conflict.Item, all []*conflict.Item) *brute {
	b := &brute{it: it}
	for _, o := range all {
		if _, ok := kept(it.Class, o.Class); !ok || o.ID == it.ID || o.Party == it.Party && o.Party != "" {
			continue
		}
		b.others = append(b.others, o)
		var shapes []*geo4d.Prepared
		for i := range o.Volumes {
			shapes = append(shapes, geo4d.Prepare(o.Volumes[i].Shape))
		}
		b.shapes = append(b.shapes, shapes)
	}
	return b
}

// inConflict says whether the item is in conflict with any other when its volumes are these.
func (b *brute) inConflict(volumes []geo4d.Volume) bool {
	ready := make([]*geo4d.Prepared, len(volumes))
	with := func(i, j int) bool {
		o := b.others[i]
		sep, _ := kept(b.it.Class, o.Class)
		for k := range volumes {
			var g geo4d.Gap
			if g.Time, g.TimeOverlap = geo4d.TimeGap(volumes[k].Window, o.Volumes[j].Window); !geo4d.TooNearInTime(g, sep) {
				continue
			}
			if ready[k] == nil {
				ready[k] = geo4d.Prepare(volumes[k].Shape)
			}
			uncertaintyM := b.it.UncertaintyM + o.UncertaintyM
			if ready[k].Gap(b.shapes[i][j], sep.LateralM+uncertaintyM+1).Beyond {
				continue
			}
			if b.it.ID < o.ID { // the last digits depend on where one measures from
				g, _, _ = geo4d.MeasurePrepared(&volumes[k], &o.Volumes[j], ready[k], b.shapes[i][j], rules.Terrain)
			} else {
				g, _, _ = geo4d.MeasurePrepared(&o.Volumes[j], &volumes[k], b.shapes[i][j], ready[k], rules.Terrain)
			}
			if geo4d.TooNear(g, sep, uncertaintyM) {
				return true
			}
		}
		return false
	}
	if b.last[0] < len(b.others) && with(b.last[0], b.last[1]) {
		return true
	}
	for i, o := range b.others {
		for j := range o.Volumes {
			if with(i, j) {
				b.last = [2]int{i, j}
				return true
			}
		}
	}
	return false
}

// moved makes a step of the grid, without the package's own arithmetic. ok says that it lies in the
// bounds.
func (b *brute) moved(d propose.Direction, bearingDeg float64, step int, c propose.Config) (out []geo4d.Volume, costs float64, ok bool) {
	out = slices.Clone(b.it.Volumes)
	n := float64(step)
	switch d {
	case propose.Later, propose.Earlier:
		by, most, price := time.Duration(step)*c.Grid.Time, c.Bounds.Later, c.Cost.LaterMin
		if d == propose.Earlier {
			by, most, price = -by, c.Bounds.Earlier, c.Cost.EarlierMin
		}
		ok, costs = by.Abs() <= most, price*by.Abs().Minutes()
		for i := range out {
			w := &out[i].Window
			ok = ok && !w.Start.IsZero()
			w.Start = w.Start.Add(by)
			ok = ok && !w.Start.Before(c.Bounds.NotBefore)
			if !w.End.IsZero() {
				w.End = w.End.Add(by)
			}
		}
	case propose.Up, propose.Down:
		stepM, any := b.stepM(c)
		sign := map[propose.Direction]float64{propose.Up: 1, propose.Down: -1}[d]
		most := map[propose.Direction]float64{propose.Up: c.Bounds.UpM, propose.Down: c.Bounds.DownM}[d]
		ok, costs = any && n*stepM <= most+1e-6, c.Cost.AltitudeM*n*stepM
		for i := range out {
			out[i].Band = out[i].Band.Raised(sign * n * stepM)
			for _, a := range []*geo4d.Altitude{out[i].Band.Lower, out[i].Band.Upper} {
				ok = ok && (a == nil || sign > 0 && a.Metres() <= c.Bounds.CeilingM+1e-6 || sign < 0 && a.Metres() >= c.Bounds.FloorM-1e-6)
			}
		}
	case propose.Aside:
		ok, costs = n*c.Grid.LateralM <= c.Bounds.LateralM, c.Cost.LateralM*n*c.Grid.LateralM
		all := geo4d.Multi{}
		for i := range out {
			all.Parts = append(all.Parts, out[i].Shape)
		}
		anchor := geo4d.Anchor(all)
		if len(out) == 1 {
			anchor = geo4d.Anchor(out[0].Shape)
		}
		for i := range out {
			s, err := geo4d.ShiftAbout(out[i].Shape, anchor, bearingDeg, n*c.Grid.LateralM)
			if out[i].Shape = s; err != nil {
				return nil, 0, false
			}
		}
	}
	return out, costs, ok
}

// stepM is a step of altitude in metres, in the unit of the item's bounds.
func (b *brute) stepM(c propose.Config) (float64, bool) {
	units := map[geo4d.Unit]bool{}
	for _, v := range b.it.Volumes {
		for _, a := range []*geo4d.Altitude{v.Band.Lower, v.Band.Upper} {
			if a != nil {
				units[a.Unit] = true
			}
		}
	}
	switch {
	case units[geo4d.FlightLevel]:
		return c.Grid.AltitudeFL * 100 * ft, true
	case units[geo4d.Feet]:
		return c.Grid.AltitudeFt * ft, true
	}
	return c.Grid.AltitudeM, units[geo4d.Metres]
}

// checkOne asks for proposals and holds each of them against all steps of the grid.
func checkOne(t fataler, it *conflict.Item, all []*conflict.Item, r propose.Result, c propose.Config, may propose.Allowed) {
	t.Helper()
	b := newBrute(it, all)
	if in := b.inConflict(it.Volumes); in != (len(r.Conflicts) > 0) {
		t.Fatalf("%s in conflict: %v, but %d conflicts", it.ID, in, len(r.Conflicts))
	}
	if len(r.Conflicts) == 0 {
		if len(r.Proposals) > 0 {
			t.Fatalf("%s has nothing to clear", it.ID)
		}
		return
	}
	if !slices.IsSortedFunc(r.Proposals, func(p, q propose.Proposal) int { return int(math.Copysign(1, p.Cost-q.Cost)) * btoi(p.Cost != q.Cost) }) {
		t.Fatalf("%s: not by cost", it.ID)
	}
	directions := map[propose.Direction]bool{propose.Later: may.Time, propose.Earlier: may.Time, propose.Up: may.Altitude, propose.Down: may.Altitude}
	for d, allowed := range directions {
		if allowed {
			b.checkDirection(t, d, 0, r, c)
		}
	}
	for n := range c.Grid.Bearings {
		if may.Space {
			b.checkDirection(t, propose.Aside, 360*float64(n)/float64(c.Grid.Bearings), r, c)
		}
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

type fataler interface {
	Helper()
	Fatalf(string, ...any)
}

var _ fataler = (*testing.T)(nil)

// checkDirection holds that what is proposed in a direction is in conflict with nothing, and that
// every step of less cost is.
func (b *brute) checkDirection(t fataler, d propose.Direction, bearingDeg float64, r propose.Result, c propose.Config) {
	t.Helper()
	i := slices.IndexFunc(r.Proposals, func(p propose.Proposal) bool { return p.Move.Direction() == d && p.Move.BearingDeg == bearingDeg })
	limit := math.Inf(1)
	if i >= 0 {
		p := r.Proposals[i]
		limit = p.Cost
		if b.inConflict(p.Volumes) {
			t.Fatalf("%s moved %+v is in conflict", b.it.ID, p.Move)
		}
		if math.Abs(p.Cost-c.Cost.Of(p.Move)) > 0 || p.Kind != p.Move.Kind() {
			t.Fatalf("%s: %+v", b.it.ID, p)
		}
	}
	// Steps before the first in the bounds are those to a start that is past.
	for step, seen := 1, false; ; step++ {
		volumes, costs, ok := b.moved(d, bearingDeg, step, c)
		if i >= 0 && costs >= limit-1e-9 {
			if !ok || math.Abs(costs-limit) > 1e-6 {
				t.Fatalf("%s moved %+v: not on the grid or out of bounds", b.it.ID, r.Proposals[i].Move)
			}
			return
		}
		seen = seen || ok
		switch {
		case ok && !b.inConflict(volumes):
			t.Fatalf("%s: step %d %s at %v degrees is free of conflict, but %v was proposed", b.it.ID, step, d, bearingDeg, limit)
		case !ok && (seen || step > 3000):
			if i >= 0 {
				t.Fatalf("%s: proposed out of bounds", b.it.ID)
			}
			return
		}
	}
}
