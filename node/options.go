package node

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"parley/agreement"
	"parley/conflict"
	"parley/conflict/propose"
	"parley/fault"
	"parley/geo4d"
	"parley/node/picture"
	"parley/node/view"
	"parley/notice"
	"parley/transcript"
)

// mover is a notice of a conflict that might be moved, as it is compared.
type mover struct {
	side  transcript.Side
	party string
	n     notice.Notice
	it    *conflict.Item
	may   propose.Allowed
}

// mayMove says what of a notice a proposal may move: of a site nothing, and a road is not moved
// sideways.
func mayMove(n notice.Notice) propose.Allowed {
	switch {
	case n.Kind == notice.Site:
		return propose.Allowed{}
	case n.Kind == notice.Movement:
		return propose.Allowed{Time: true, Space: n.Domain == notice.Sea}
	}
	return propose.Allowed{Time: true, Altitude: true, Space: true}
}

// movers returns the notices of a conflict that this node sees whole and that are live. ln.mu is
// held.
func (ln *lineNode) movers(id string, now time.Time) []mover {
	var out []mover
	a, b := ln.conflictOf(id)
	for _, n := range []*picture.Notice{a, b} {
		if n == nil || !n.Latest().Known() || n.Latest().Notice.Incomplete() || n.Key.Voice {
			continue
		}
		v := n.Latest()
		volumes, uncertaintyM := notice.Live(v.Notice, n.Changes(), now)
		if len(volumes) > 0 {
			out = append(out, mover{side: n.Key.Side, party: ln.party(n.Key.Side), n: v.Notice, it: ln.item(n, volumes, uncertaintyM), may: mayMove(v.Notice)})
		}
	}
	return out
}

// Options works out how either notice of a conflict could be moved so that it is in conflict with
// nothing that this node compares it with. It uses what this node holds alone, and says nothing on
// the line.
func (n *Node) Options(ctx context.Context, lineID, id string) (view.Options, error) {
	ln, full, err := n.pickConflict(lineID, id)
	if err != nil {
		return view.Options{}, err
	}
	now := n.cfg.Clock.Now()
	ln.mu.RLock()
	exercise := ln.apartConflict(full)
	index, _ := ln.indexOf(exercise)
	movers, terms, compared := ln.movers(full, now), ln.terms, ln.compared(exercise)
	ln.mu.RUnlock()
	out := view.Options{Options: []view.Option{}, None: []view.NoOption{}, Compared: compared}
	for _, m := range movers {
		found, err := propose.For(ctx, index, m.it, m.may, propose.Defaults(now))
		if err != nil {
			return view.Options{}, err
		}
		for _, p := range found.Proposals {
			shift := shiftOf(p.Move)
			if len(index.Near(m.moved(terms, p.Volumes))) > 0 {
				continue
			}
			out.Options = append(out.Options, view.Option{Mover: m.party, Shift: shift, Words: ln.node.english.Say(shift.Message()), Cost: p.Cost})
		}
		for _, none := range found.None {
			out.None = append(out.None, view.NoOption{Mover: m.party, Direction: string(none.Direction), Reason: string(none.Reason)})
		}
	}
	slices.SortStableFunc(out.Options, func(a, b view.Option) int {
		switch {
		case a.Cost < b.Cost:
			return -1
		case a.Cost > b.Cost:
			return 1
		}
		return 0
	})
	return out, nil
}

// moved returns a notice with other volumes as it would be compared: what separation is asked for may
// hang on the altitude itself.
func (m *mover) moved(terms agreement.Terms, volumes []geo4d.Volume) *conflict.Item {
	n := m.n
	n.Volumes = volumes
	it := *m.it
	it.Volumes, it.Class = volumes, separationClass(terms, n)
	return &it
}

func shiftOf(m propose.Move) view.Shift {
	out := view.Shift{TimeS: m.Time.Seconds(), LateralM: m.LateralM, BearingDeg: m.BearingDeg}
	if m.Altitude.Value != 0 {
		out.Altitude, out.AltitudeUnit = m.Altitude.Value, string(m.Altitude.Unit)
	}
	return out
}

// Bounds of a shift that somebody proposes.
const (
	maxShift         = 30 * 24 * time.Hour
	maxShiftM        = 1_000_000
	maxShiftAltitude = 100_000
)

// moveOf returns the move that a shift says, or refuses one that is none.
func moveOf(s view.Shift) (propose.Move, error) {
	for _, v := range []float64{s.TimeS, s.Altitude, s.LateralM, s.BearingDeg} {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return propose.Move{}, fault.New("shift", fmt.Sprint(v), "is not a number", "give seconds, an altitude, or metres with a bearing")
		}
	}
	kinds := 0
	for _, v := range []float64{s.TimeS, s.Altitude, s.LateralM} {
		if v != 0 {
			kinds++
		}
	}
	unit := geo4d.Unit(s.AltitudeUnit)
	switch {
	case kinds != 1:
		return propose.Move{}, fault.New("shift", "", "must move a notice in one of time, altitude and place", "give time_s, or altitude with altitude_unit, or lateral_m with bearing_deg")
	case math.Abs(s.TimeS) > maxShift.Seconds() || math.Abs(s.Altitude) > maxShiftAltitude || s.LateralM < 0 || s.LateralM > maxShiftM || s.BearingDeg < 0 || s.BearingDeg >= 360:
		return propose.Move{}, fault.New("shift", fmt.Sprintf("%.0f s, %.0f %s, %.0f m", s.TimeS, s.Altitude, s.AltitudeUnit, s.LateralM), "is beyond what can be proposed", "move by at most 30 days, 100,000 of altitude, or 1,000 km at a bearing of 0 to below 360 degrees")
	case s.Altitude != 0 && unit != geo4d.Metres && unit != geo4d.Feet && unit != geo4d.FlightLevel:
		return propose.Move{}, fault.New("altitude_unit", s.AltitudeUnit, "must be m, ft or FL", "give the unit of the notice's own bounds")
	}
	out := propose.Move{Time: time.Duration(math.Round(s.TimeS*1000)) * time.Millisecond, LateralM: s.LateralM, BearingDeg: s.BearingDeg}
	if s.Altitude != 0 {
		out.Altitude = propose.Change{Value: s.Altitude, Unit: unit}
	}
	return out, nil
}
