package propose

import (
	"math"
	"strconv"
	"time"

	"parley/fault"
	"parley/geo4d"
)

// Allowed says what of an item may be moved.
type Allowed struct {
	Time     bool // all its windows, later or earlier
	Altitude bool // all its bands, up or down
	Space    bool // all its shapes, across the ground
}

// Config is the grid on which moves are looked for, how far, and what they cost. Defaults has it
// filled in.
type Config struct {
	Grid   Grid
	Bounds Bounds
	Cost   Cost
}

// Grid says what a step is. Every move is a whole number of steps from where the item is.
type Grid struct {
	Time time.Duration // 1 min

	// A step of altitude is in the unit of the item's own bounds: flight levels where one of them is
	// a flight level, else feet where one is in feet, else metres.
	AltitudeFL float64 // 10 levels, which are 1,000 ft
	AltitudeFt float64 // 100 ft
	AltitudeM  float64 // 10 m

	LateralM float64 // 100 m
	Bearings int     // 16: true bearings at equal angles from north on
}

// Bounds say how far a move may lead.
type Bounds struct {
	Later, Earlier time.Duration // 24 h and 6 h

	// NotBefore is the earliest start of a window after it was moved in time: the present, as a rule.
	// Zero is no bound. It holds for moves to later as well: a start that is past can only be moved to
	// where it is not.
	NotBefore time.Time

	UpM, DownM float64 // 6,096 m each, which are 20,000 ft

	// FloorM and CeilingM are how low a bound may be after a move down and how high after a move up, in
	// metres over its own reference: 0 m and 20,000 m.
	FloorM, CeilingM float64

	LateralM float64 // 100 km
}

// Cost says what a move costs, in minutes of delay. Each price is more than 0, so that a move of
// fewer steps in the same direction costs less.
type Cost struct {
	LaterMin   float64 // a minute later: 1
	EarlierMin float64 // a minute earlier: 2, since people and papers must be ready by then
	AltitudeM  float64 // a metre up or down: 1/60.96, so that 1,000 ft are 5 minutes
	LateralM   float64 // a metre across the ground: 1/1000, so that 1 km is a minute
}

// Defaults returns the figures given at each field. now is Bounds.NotBefore.
func Defaults(now time.Time) Config {
	return Config{
		Grid: Grid{Time: time.Minute, AltitudeFL: 10, AltitudeFt: 100, AltitudeM: 10, LateralM: 100, Bearings: 16},
		Bounds: Bounds{Later: 24 * time.Hour, Earlier: 6 * time.Hour, NotBefore: now, UpM: 6096, DownM: 6096,
			FloorM: 0, CeilingM: 20e3, LateralM: 100e3},
		Cost: Cost{LaterMin: 1, EarlierMin: 2, AltitudeM: 1 / 60.96, LateralM: 1. / 1000},
	}
}

// Of returns what a move costs.
func (c Cost) Of(m Move) float64 {
	minutes := m.Time.Minutes()
	cost := c.LaterMin * minutes
	if minutes < 0 {
		cost = -c.EarlierMin * minutes
	}
	return cost + c.AltitudeM*math.Abs(m.Altitude.Metres()) + c.LateralM*m.LateralM
}

const (
	// MaxSteps is how many steps a direction may have.
	MaxSteps = 100_000
	// MaxBearings is how many bearings a grid may have.
	MaxBearings = 360
)

// Validate returns the first rule that the figures break, fields named as here.
func (c Config) Validate() error {
	g, b := c.Grid, c.Bounds
	if g.Time <= 0 {
		return fault.New("grid.time", g.Time.String(), "must be more than 0", "give a duration, as 1m")
	}
	if g.Bearings < 1 || g.Bearings > MaxBearings {
		return fault.New("grid.bearings", strconv.Itoa(g.Bearings), "must be 1 to 360", "give how many, as 16")
	}
	for _, f := range []figure{
		{"grid.altitude_fl", g.AltitudeFL}, {"grid.altitude_ft", g.AltitudeFt}, {"grid.altitude_m", g.AltitudeM}, {"grid.lateral_m", g.LateralM},
		{"cost.later_min", c.Cost.LaterMin}, {"cost.earlier_min", c.Cost.EarlierMin}, {"cost.altitude_m", c.Cost.AltitudeM}, {"cost.lateral_m", c.Cost.LateralM},
	} {
		if !(f.value > 0) || math.IsInf(f.value, 0) {
			return fault.New(f.field, number(f.value), "must be a number over 0", "give a figure over 0; to leave a dimension out, do not allow it")
		}
	}
	least := math.Min(geo4d.Altitude{Value: g.AltitudeFL, Unit: geo4d.FlightLevel}.Metres(),
		math.Min(geo4d.Altitude{Value: g.AltitudeFt, Unit: geo4d.Feet}.Metres(), g.AltitudeM))
	for _, f := range []reach{
		{figure{"bounds.later", b.Later.Minutes()}, g.Time.Minutes()}, {figure{"bounds.earlier", b.Earlier.Minutes()}, g.Time.Minutes()},
		{figure{"bounds.up_m", b.UpM}, least}, {figure{"bounds.down_m", b.DownM}, least}, {figure{"bounds.lateral_m", b.LateralM}, g.LateralM},
	} {
		if !(f.value >= 0 && f.value <= MaxSteps*f.step) {
			return fault.New(f.field, number(f.value), "must be 0 to 100,000 steps of the grid", "give a nearer bound or a wider step")
		}
	}
	if b.LateralM > geo4d.MaxRadiusM {
		return fault.New("bounds.lateral_m", number(b.LateralM), "must be at most half the earth", "give metres, as 100000")
	}
	if !(b.FloorM <= b.CeilingM) {
		return fault.New("bounds.floor_m", number(b.FloorM), "must not be over the ceiling "+number(b.CeilingM), "give the lower one as the floor")
	}
	return nil
}

type figure struct {
	field string
	value float64
}

type reach struct {
	figure
	step float64
}

func number(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }
