package conflict

import (
	"math"

	"parley/conflict/plane"
)

// span is what a query reads of every piece in the cells that it visits: coarse bounds on the window
// and the disc, in one word. From the highest bit: the start, 24 bits in units of 64 s since 2020; the
// duration, 8 bits in units of the level's; x, y and z of the centre, 8 bits each in steps of the
// level's, of which only the lowest bits are kept; the radius, 8 bits in such steps. All are rounded
// outwards, so that what a span rules out is not near.
type span uint64

const (
	spanUnitS = 64 // of a start
	spanMost  = 1<<24 - 1
	endless8  = 255 // the duration of what lasts longer than can be said
)

// coarse is how a level's spans are counted.
type coarse struct {
	stepM float64
	unit  int64 // of durations, in units of a start
}

// units returns a window in units, rounded outwards. What starts before the first unit counts as 0,
// which a query never takes to be over by its start.
func (w window) units() (start, end int64) {
	start = min(max(int64(w.start)>>6, 0), spanMost)
	if w.end >= openEnd {
		return start, math.MaxInt32
	}
	return start, max((int64(w.end)+spanUnitS-1)>>6, start+1)
}

// lasts returns how many units of a level's a window lasts, rounded up; endless8 where that is too
// many.
func (c *coarse) lasts(w window) int64 {
	start, end := w.units()
	return min((end-start+c.unit-1)/c.unit, endless8)
}

func (c *coarse) span(w window, centre plane.Vector, outM float64) span {
	start, _ := w.units()
	out := min(math.Ceil(outM/c.stepM), 255)
	return span(start)<<40 | span(c.lasts(w))<<32 |
		span(c.steps(centre.X))<<24 | span(c.steps(centre.Y))<<16 | span(c.steps(centre.Z))<<8 | span(out)
}

func (c *coarse) steps(m float64) uint8 { return uint8(int64(math.Floor(m / c.stepM))) }

func (s span) start() int64 { return int64(s >> 40) }
func (s span) lasts() int64 { return int64(s >> 32 & 255) }

// gone reports whether a record was taken out.
func (s span) gone() bool { return s.lasts() == 0 }

// withdrawn returns a span that is gone, in the same place of the order.
func (s span) withdrawn() span { return s &^ (255 << 32) }

// record is what a query reads of a piece that its span does not rule out: half a cache line. What is
// rounded is rounded so that it errs towards "near".
type record struct {
	x, y, z    float32 // the centre of its disc
	out        length  // every place is within it of the centre, uncertainty included; rounded up
	in         length  // every place within it of the centre is in it or in its uncertainty; rounded down
	lower      int16   // of altitudeStepM over lower's reference, rounded down
	upper      int16   // rounded up
	party      uint16  // manyParties: look at the piece
	class      uint8   // manyClasses: look at the piece
	references uint8   // of lower and upper, 4 bits each
	piece      *piece
}

const (
	manyParties = math.MaxUint16
	manyClasses = math.MaxUint8
)

// length is metres in 16 bits: 5 of exponent, 11 of mantissa. 0 is half a metre or less.
type length uint16

const (
	lengthShift = 23 - 11
	lengthBase  = 126 << 23 // the bits of 0.5
	lengthMost  = 1 << 30   // metres; more than round the earth
)

// lengthUp rounds up, lengthDown down. A length less than 0 counts as 0.
func lengthUp(m float64) length {
	return length((lengthBits(math.Min(m, lengthMost)*(1+1e-6)) + 1<<lengthShift - 1) >> lengthShift)
}

func lengthDown(m float64) length {
	return length(lengthBits(math.Min(m, lengthMost)*(1-1e-6)) >> lengthShift)
}

func lengthBits(m float64) uint32 { return math.Float32bits(float32(math.Max(m, 0.5))) - lengthBase }

func (l length) metres() float64 {
	return float64(math.Float32frombits(uint32(l)<<lengthShift + lengthBase))
}

// The references of a record's bounds.
const (
	openBound = iota
	overW84
	overAMSL
	inFL
	overGround
)

const (
	altitudeStepM = 2
	// highestStep is from where on a bound is open.
	highestStep = math.MaxInt16 - 1
)

// lowerBound packs a lower bound, upperBound an upper one. One that does not fit is open, or as far
// towards open as can be said.
func lowerBound(m float64, reference uint8) (int16, uint8) {
	steps := math.Floor(m / altitudeStepM)
	if reference == openBound || !(steps >= -highestStep) {
		return 0, openBound
	}
	return int16(math.Min(steps, highestStep)), reference
}

func upperBound(m float64, reference uint8) (int16, uint8) {
	steps := math.Ceil(m / altitudeStepM)
	if reference == openBound || !(steps <= highestStep) {
		return 0, openBound
	}
	return int16(math.Max(steps, -highestStep)), reference
}
