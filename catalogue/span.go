package catalogue

import (
	"math"
	"strconv"
	"strings"
	"time"
)

const (
	minuteS = 60
	hourS   = 60 * minuteS
	dayS    = 24 * hourS
)

// age says seconds in one unit: below 2 min in seconds, 2 h in minutes, 48 h in hours, else in days. It
// rounds towards zero, so that no lead is shown as longer than it is.
func (c *Catalogue) age(s float64) string {
	n := int(math.Max(s, 0))
	switch {
	case n < 2*minuteS:
		return c.unit("unit.second", n)
	case n < 2*hourS:
		return c.unit("unit.minute", n/minuteS)
	case n < 2*dayS:
		return c.unit("unit.hour", n/hourS)
	}
	return c.unit("unit.day", n/dayS)
}

func (c *Catalogue) unit(key string, n int) string { return c.Say(Say(key, CountOf("count", n))) }

// whole returns a number of seconds without its sign, as far as it can be said.
func whole(s float64) int {
	return int(math.Abs(math.Max(math.Min(s, math.MaxInt32), math.MinInt32)))
}

type spanUnit struct {
	key string
	s   int
}

func spanUnits() []spanUnit {
	return []spanUnit{{"unit.day", dayS}, {"unit.hour", hourS}, {"unit.minute", minuteS}, {"unit.second", 1}}
}

// span says seconds in their two largest units.
func (c *Catalogue) span(s float64) string { return c.units(s, 2) }

// units says seconds in so many units that follow on each other, from the largest that there is, and rounds
// towards zero.
func (c *Catalogue) units(s float64, most int) string {
	left := whole(s)
	var out []string
	for _, u := range spanUnits() {
		n := left / u.s
		left %= u.s
		if n > 0 && most > 0 {
			out = append(out, c.unit(u.key, n))
		}
		if len(out) > 0 {
			most--
		}
	}
	switch {
	case len(out) == 0:
		return c.unit("unit.second", 0)
	case s < 0:
		return c.Say(Say("unit.minus", ByPeople("text", strings.Join(out, " "))))
	}
	return strings.Join(out, " ")
}

// long says how long something takes, whichever way it lies: below a minute in seconds, below an hour in
// minutes, below a day in hours and minutes, else in days and hours. It rounds towards zero.
func (c *Catalogue) long(s float64) string {
	n := whole(s)
	pair := func(high string, a int, low string, b int) string {
		if b == 0 {
			return c.unit(high, a)
		}
		return c.unit(high, a) + " " + c.unit(low, b)
	}
	switch {
	case n < minuteS:
		return c.unit("unit.second", n)
	case n < hourS:
		return c.unit("unit.minute", n/minuteS)
	case n < dayS:
		return pair("unit.hour", n/hourS, "unit.minute", n%hourS/minuteS)
	}
	return pair("unit.days", n/dayS, "unit.hour", n%dayS/hourS)
}

// date says a time with the day of the week, by which a slip of the date is heard. Seconds are said where
// there are any.
func (c *Catalogue) date(t time.Time) string {
	clock := "15:04Z"
	if t.Second() != 0 {
		clock = "15:04:05Z"
	}
	if c.Language == "en" {
		return t.Format("Mon 2 Jan 2006 " + clock)
	}
	return c.Word("weekday."+strconv.Itoa(int(t.Weekday()))) + " " + c.fixed(t.Format(time.DateOnly+" "+clock))
}
