package voice

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"parley/fault"
	"parley/geo4d"
)

const momentHint = "write it as day 24, time 1805 ZULU, NOVEMBER 2026"

// Moment is an end of a window, as told or read back. An open one is "now" for a start and "no end"
// for an end.
type Moment struct {
	Said bool
	Open bool
	Time time.Time
}

// momentWords says a time: "day 24, time 1805 ZULU, NOVEMBER 2026".
func momentWords(m Moment, start bool) string {
	switch {
	case m.Open && start:
		return "OPEN, from now on"
	case m.Open:
		return "OPEN, without an end"
	}
	t := m.Time.UTC()
	clock := t.Format("1504")
	if t.Second() != 0 {
		clock += t.Format(" and 05 seconds")
	}
	return fmt.Sprintf("day %02d, time %s ZULU, %s %d", t.Day(), clock, strings.ToUpper(t.Month().String()), t.Year())
}

func canonicalMoment(m Moment) string {
	if m.Open {
		return "OPEN"
	}
	return m.Time.UTC().Format("20060102150405")
}

var (
	groupForm = regexp.MustCompile(`^(\d{2})?(\d{2}):?(\d{2})(?::?(\d{2}))?(Z)?$`)
	smallForm = regexp.MustCompile(`^\d{1,2}$`)
	yearForm  = regexp.MustCompile(`^(?:20)?(\d{2})$`)
	timeMarks = strings.NewReplacer(",", " ", ";", " ", "TIME", " ", "HOURS", " ", "HRS", " ", " OF ", " ", " AND ", " ")
)

// ParseMoment reads a time in UTC as a person says or types it: day and time, with month and year or
// without; a date-time group; or RFC 3339. ZULU, or an offset, must be said, and the day. What month
// or year is not said is taken so that the time is as near as can be to near. OPEN is an open end.
func ParseMoment(s string, near time.Time) (Moment, error) {
	text := strings.Join(strings.Fields(numerals(strings.ToUpper(s))), " ")
	if t, err := geo4d.ParseTime(text); err == nil {
		return Moment{Said: true, Time: t}, nil
	}
	switch strings.TrimSuffix(text, ".") {
	case "OPEN", "OPEN, FROM NOW ON", "OPEN, WITHOUT AN END", "NOW", "FROM NOW ON", "NO END", "WITHOUT AN END":
		return Moment{Said: true, Open: true}, nil
	}
	var c clockReading
	for _, w := range strings.Fields(timeMarks.Replace(text)) {
		if rule := c.word(w); rule != "" {
			return Moment{}, fault.New("", s, rule, momentHint)
		}
	}
	t, rule := c.time(near.UTC())
	if rule != "" {
		return Moment{}, fault.New("", s, rule, momentHint)
	}
	return Moment{Said: true, Time: t}, nil
}

// clockReading is a time as far as its words were read. -1 is not said.
type clockReading struct {
	last                     string // the word before, where it says what a number is
	day, hour, minute, month string
	second, year             string
	small                    string // a number that may be a day or seconds
	zulu                     bool
}

// word takes the next word; rule says what is wrong with it.
func (c *clockReading) word(w string) (rule string) {
	last := c.last
	c.last = ""
	set := func(field *string, v string) {
		if *field != "" {
			rule = "says a part of the time twice: " + strconv.Quote(w)
		}
		*field = v
	}
	group := groupForm.FindStringSubmatch(w)
	switch {
	case w == "DAY":
		c.last = w
	case w == "ZULU" || w == "Z" || w == "UTC" || w == "GMT":
		if c.zulu {
			return "says ZULU twice"
		}
		c.zulu = true
	case w == "SECONDS" || w == "SECOND":
		if c.small == "" {
			return "has seconds without a number"
		}
		set(&c.second, c.small)
		c.small = ""
	case monthOf(w) != 0:
		set(&c.month, strconv.Itoa(monthOf(w)))
		c.last = "MONTH"
	case last == "MONTH" && yearForm.MatchString(w):
		set(&c.year, "20"+yearForm.FindStringSubmatch(w)[1])
	case last == "DAY" && smallForm.MatchString(w):
		set(&c.day, w)
	case smallForm.MatchString(w):
		if c.small != "" {
			return "has a number too many: " + strconv.Quote(w)
		}
		c.small = w
	case group != nil:
		if group[1] != "" && !strings.Contains(w, ":") && group[4] == "" || group[1] != "" && group[4] != "" {
			set(&c.day, group[1])
		} else if group[1] != "" {
			return "has a part that is not a time: " + strconv.Quote(w)
		}
		set(&c.hour, group[2])
		set(&c.minute, group[3])
		if group[4] != "" {
			set(&c.second, group[4])
		}
		if group[5] != "" {
			c.zulu = true
		}
	default:
		return "has a part that does not belong to a time: " + strconv.Quote(fault.Shorten(w))
	}
	return rule
}

func monthOf(w string) int {
	for m := time.January; m <= time.December; m++ {
		if name := strings.ToUpper(m.String()); w == name || w == name[:3] {
			return int(m)
		}
	}
	return 0
}

// time puts the parts together; rule says what is missing or impossible.
func (c *clockReading) time(near time.Time) (t time.Time, rule string) {
	if c.small != "" && c.day == "" {
		c.day, c.small = c.small, ""
	}
	switch {
	case c.small != "":
		return t, "has a number that is neither day nor time: " + strconv.Quote(c.small)
	case c.hour == "":
		return t, "does not say the time in four digits"
	case !c.zulu:
		return t, "does not say ZULU"
	case c.day == "":
		return t, "does not say the day"
	}
	n := func(s string) int { v, _ := strconv.Atoi(s); return v } // digits by the forms above, or ""
	if n(c.hour) > 23 || n(c.minute) > 59 || n(c.second) > 59 {
		return t, "is not a time of day"
	}
	month, best := time.Date(near.Year(), near.Month(), 1, 0, 0, 0, 0, time.UTC), time.Duration(-1)
	for i := -13; i <= 13; i++ {
		m := month.AddDate(0, i, 0)
		if c.year != "" {
			m = time.Date(n(c.year), time.Month(1+(i+13)%12), 1, 0, 0, 0, 0, time.UTC)
		}
		if c.month != "" && int(m.Month()) != n(c.month) {
			continue
		}
		at := time.Date(m.Year(), m.Month(), n(c.day), n(c.hour), n(c.minute), n(c.second), 0, time.UTC)
		if at.Day() != n(c.day) || at.Month() != m.Month() {
			continue
		}
		if away := at.Sub(near).Abs(); best < 0 || away < best {
			t, best = at, away
		}
	}
	if best < 0 {
		return t, "is a day that the month does not have"
	}
	return t, ""
}
