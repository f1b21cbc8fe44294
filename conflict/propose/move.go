package propose

import (
	"cmp"
	"math"
	"strconv"
	"time"

	"parley/fault"
	"parley/geo4d"
)

// Kind is the dimension of a move.
type Kind string

// The kinds, in the order in which proposals of one cost are ranked.
const (
	Time     Kind = "time"
	Altitude Kind = "altitude"
	Space    Kind = "space"
)

// Direction is which way a move leads.
type Direction string

// The directions. Those in space differ by their bearing.
const (
	Later   Direction = "later"
	Earlier Direction = "earlier"
	Up      Direction = "up"
	Down    Direction = "down"
	Aside   Direction = "aside"
)

// Change is a change of altitude, more than 0 for up, in the unit of the item's own bounds.
type Change struct {
	Value float64
	Unit  geo4d.Unit
}

// Metres returns the change in metres.
func (c Change) Metres() float64 { return geo4d.Altitude{Value: c.Value, Unit: c.Unit}.Metres() }

// Move is a change of an item in one dimension; the others are zero.
type Move struct {
	Time     time.Duration // of every window; less than 0 is earlier
	Altitude Change        // of every bound of every band
	// LateralM and BearingDeg are how far and whereto all shapes are shifted, as one: at the bearing,
	// clockwise from north, where the anchor of all of them is, as geo4d.ShiftAbout does.
	LateralM, BearingDeg float64
}

// Kind returns the dimension of a move, or "" for one that moves nothing.
func (m Move) Kind() Kind {
	switch {
	case m.Time != 0:
		return Time
	case m.Altitude.Value != 0:
		return Altitude
	case m.LateralM != 0:
		return Space
	}
	return ""
}

// Direction returns which way a move leads, or "" for one that moves nothing.
func (m Move) Direction() Direction {
	up := m.Altitude.Value
	switch {
	case m.Time > 0:
		return Later
	case m.Time < 0:
		return Earlier
	case up > 0:
		return Up
	case up < 0:
		return Down
	case m.LateralM != 0:
		return Aside
	}
	return ""
}

// Of returns the volumes of one item after the move. Those given stay as they are. An open bound of a
// window or band stays open. It fails where a volume that is moved so is not valid, as where a
// shape cannot be shifted.
func (m Move) Of(volumes []geo4d.Volume) ([]geo4d.Volume, error) {
	out := make([]geo4d.Volume, len(volumes))
	var anchor geo4d.Position
	if m.LateralM != 0 {
		anchor = anchorOf(volumes)
	}
	for i, v := range volumes {
		v.Window = shifted(v.Window, m.Time)
		v.Band = m.Altitude.raise(v.Band)
		if m.LateralM != 0 {
			s, err := geo4d.ShiftAbout(v.Shape, anchor, m.BearingDeg, m.LateralM)
			if err != nil {
				return nil, fault.In(field(i), err)
			}
			v.Shape = s
		}
		if err := geo4d.Validate(v); err != nil {
			return nil, fault.In(field(i), err)
		}
		out[i] = v
	}
	return out, nil
}

// anchorOf returns the position that the shapes of some volumes are carried by together.
func anchorOf(volumes []geo4d.Volume) geo4d.Position {
	if len(volumes) == 1 {
		return geo4d.Anchor(volumes[0].Shape)
	}
	var all geo4d.Multi
	for i := range volumes {
		all.Parts = append(all.Parts, volumes[i].Shape)
	}
	return geo4d.Anchor(all)
}

func shifted(w geo4d.Window, by time.Duration) geo4d.Window {
	if !w.Start.IsZero() {
		w.Start = w.Start.Add(by)
	}
	if !w.End.IsZero() {
		w.End = w.End.Add(by)
	}
	return w
}

// raise returns a band with every bound changed. Feet and flight levels are added as they are, so
// that round figures stay round; only feet to metres and back are converted.
func (c Change) raise(b geo4d.Band) geo4d.Band {
	up := func(a *geo4d.Altitude) *geo4d.Altitude {
		if a == nil || c.Value == 0 {
			return a
		}
		out := *a
		out.Value += c.in(a.Unit)
		return &out
	}
	return geo4d.Band{Lower: up(b.Lower), Upper: up(b.Upper)}
}

// in returns the change in another unit.
func (c Change) in(u geo4d.Unit) float64 {
	switch {
	case c.Unit == u:
		return c.Value
	case c.Unit == geo4d.FlightLevel && u == geo4d.Feet:
		return c.Value * 100
	case c.Unit == geo4d.Feet && u == geo4d.FlightLevel:
		return c.Value / 100
	}
	return c.Metres() / geo4d.Altitude{Value: 1, Unit: u}.Metres()
}

// Compare ranks two proposals: by cost, then time, altitude and space, later before earlier and up
// before down, then by distance and bearing.
func Compare(a, b Proposal) int {
	rank := func(m Move) int {
		switch m.Direction() {
		case Later:
			return 0
		case Earlier:
			return 1
		case Up:
			return 2
		case Down:
			return 3
		}
		return 4
	}
	return cmp.Or(cmp.Compare(a.Cost, b.Cost), cmp.Compare(rank(a.Move), rank(b.Move)),
		cmp.Compare(math.Abs(a.Move.LateralM), math.Abs(b.Move.LateralM)), cmp.Compare(a.Move.BearingDeg, b.Move.BearingDeg))
}

func field(volume int) string { return "volumes[" + strconv.Itoa(volume) + "]" }
