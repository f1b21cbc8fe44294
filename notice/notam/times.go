package notam

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"parley/catalogue"
	"parley/geo4d"
)

var (
	tenDigitsRE = regexp.MustCompile(`^([0-9]{2})([0-9]{2})([0-9]{2}) ?([0-9]{2})([0-9]{2}) ?(?:UTC|Z)?$`)
	isoTimeRE   = regexp.MustCompile(`^20([0-9]{2})-([0-9]{2})-([0-9]{2})[ T]([0-9]{2}):?([0-9]{2})(?::00)? ?(?:UTC|Z)?$`)
	estRE       = regexp.MustCompile(`[ /(]*\bEST\)?$|EST\)?$`)
)

// parseTime reads a time of item B or C: year, month, day, hour and minute in UTC. 2400 is the
// end of the day.
func parseTime(text string) (time.Time, string) {
	m := tenDigitsRE.FindStringSubmatch(text)
	if m == nil {
		m = isoTimeRE.FindStringSubmatch(text)
	}
	if m == nil {
		return time.Time{}, quote(text) + " is no time; ten digits are, year to minute: 2608071130"
	}
	var v [5]int
	for i := range v {
		v[i], _ = strconv.Atoi(m[i+1])
	}
	day := time.Date(2000+v[0], time.Month(v[1]), v[2], 0, 0, 0, 0, time.UTC)
	if int(day.Month()) != v[1] || day.Day() != v[2] {
		return time.Time{}, quote(text) + " names a day that does not exist"
	}
	clock, ok := clockOf(v[3], v[4])
	if !ok {
		return time.Time{}, quote(text) + " names an hour or minute that does not exist"
	}
	return day.Add(clock), ""
}

// clockOf is the time since midnight; 2400 is the end of the day.
func clockOf(hour, minute int) (time.Duration, bool) {
	if hour > 24 || minute > 59 || hour == 24 && minute > 0 {
		return 0, false
	}
	return time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute, true
}

// readTimes reads B, C and D: the windows, in order of time. It returns none where it refused.
func (n *Notam) readTimes(it items) []geo4d.Window {
	start, okB := n.readB(it)
	end, okC := n.readC(it)
	if okB && okC && !end.After(start) {
		n.refuse("C", "the end "+stamp(end)+" is not after the start "+stamp(start)+" of item B")
		okC = false
	}
	d := squeeze(it.get('D'))
	if d == "" {
		if it.has('D') {
			n.refuse("D", "it is empty; the schedule is missing")
		}
		if !okB || !okC {
			return nil
		}
		return []geo4d.Window{{Start: start, End: end}}
	}
	span := geo4d.Window{Start: start, End: end}
	if !okB || !okC {
		span = geo4d.Window{}
	}
	return n.readD(d, span)
}

func (n *Notam) readB(it items) (time.Time, bool) {
	text := squeeze(it.get('B'))
	switch {
	case text == "":
		n.refuse("B", "the start is missing")
		return time.Time{}, false
	case strings.HasPrefix(text, "WIE"):
		n.refuse("B", "it says with immediate effect (WIE), which is no time; the time of publication is not proven")
		return time.Time{}, false
	}
	t, why := parseTime(text)
	if why != "" {
		n.refuse("B", "the start could not be read: "+why)
	}
	return t, why == ""
}

func (n *Notam) readC(it items) (time.Time, bool) {
	text := squeeze(it.get('C'))
	switch {
	case text == "":
		n.refuse("C", "the end is missing")
		return time.Time{}, false
	case strings.HasPrefix(text, "PERM"):
		n.refuse("C", "it is permanent (PERM); a notice has an end, so file it as a site or with an agreed end")
		return time.Time{}, false
	case strings.HasPrefix(text, "UFN"):
		n.refuse("C", "it says until further notice (UFN), which is no time")
		return time.Time{}, false
	}
	bare := estRE.ReplaceAllString(text, "")
	t, why := parseTime(strings.TrimSpace(bare))
	if why != "" {
		n.refuse("C", "the end could not be read: "+why)
		return t, false
	}
	if bare != text {
		n.Estimated = true
		n.warn(EstimatedEnd, catalogue.Say("notam.estimated-end", catalogue.AsCode("moment", stamp(t))))
	}
	return t, true
}
