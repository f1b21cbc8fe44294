package propose

import (
	"math"
	"time"

	"parley/geo4d"
)

// timeWays returns the ways in time.
func (s *search) timeWays(allowed bool) []*way {
	first, ok := s.start()
	switch {
	case !allowed:
		return waysOf(Time, NotAllowed, Later, Earlier)
	case !ok:
		return waysOf(Time, Immovable, Later, Earlier)
	}
	b, step := s.config.Bounds, s.config.Grid.Time
	later := s.timeWay(Later, +1)
	later.to = int(b.Later / step)
	earlier := s.timeWay(Earlier, -1)
	earlier.to = int(b.Earlier / step)
	if !b.NotBefore.IsZero() {
		until := b.NotBefore.Sub(first)
		if until > 0 {
			later.first = int(min((until-1)/step+1, MaxSteps+1))
		}
		earlier.to = min(earlier.to, int(opposite(min(until, 0))/step))
	}
	near := s.near(func(v *geo4d.Volume) {
		v.Window = geo4d.Window{Start: v.Window.Start.Add(-b.Earlier), End: shifted(v.Window, b.Later).End}
	}, 0)
	later.learn(near)
	earlier.learn(near)
	return []*way{later, earlier}
}

// start returns the earliest start of the item, or false where one is open.
func (s *search) start() (first time.Time, ok bool) {
	for i := range s.it.Volumes {
		start := s.it.Volumes[i].Window.Start
		if start.IsZero() {
			return first, false
		}
		if !ok || start.Before(first) {
			first, ok = start, true
		}
	}
	return first, ok
}

func (s *search) timeWay(d Direction, sign time.Duration) *way {
	step := s.config.Grid.Time
	return &way{kind: Time, direction: d, first: 1, stepper: &forbidden{
		of: func(p *pair) (steps, bool) {
			return windowSteps(s.it.Volumes[p.a].Window, p.volume().Window, p.sep.Time, sign, step)
		},
		to: func(n int) Move { return Move{Time: sign * time.Duration(n) * step} },
	}}
}

// windowSteps returns the steps with which a window is too near another in time: those that move it
// by more than brings its end the separation before the other's start, and by less than brings its
// start the separation after the other's end.
func windowSteps(a, b geo4d.Window, separation, sign, step time.Duration) (steps, bool) {
	least, most := time.Duration(math.MinInt64), time.Duration(math.MaxInt64)
	if !a.End.IsZero() && !b.Start.IsZero() {
		least = plus(b.Start.Sub(a.End), -separation)
	}
	if !b.End.IsZero() {
		most = plus(b.End.Sub(a.Start), separation)
	}
	if sign < 0 {
		least, most = opposite(most), opposite(least)
	}
	out := steps{from: 1, to: MaxSteps}
	if least >= 0 {
		out.from = int(min(least/step, MaxSteps)) + 1
	}
	if most <= 0 {
		return out, false
	}
	out.to = int(min((most-1)/step, MaxSteps))
	return out, out.from <= out.to
}

// plus adds durations, the one of the other's sign or not, without running over.
func plus(d, e time.Duration) time.Duration {
	switch {
	case e > 0 && d > math.MaxInt64-e:
		return math.MaxInt64
	case e < 0 && d < math.MinInt64-e:
		return math.MinInt64
	}
	return d + e
}

func opposite(d time.Duration) time.Duration {
	if d == math.MinInt64 {
		return math.MaxInt64
	}
	return -d
}
