package notice

import (
	"math"
	"regexp"
	"strings"
	"time"

	"parley/catalogue"
	"parley/geo4d"
)

// clockRule finds times of day in words: 0600, 06:00, with the mark that follows.
var clockRule = regexp.MustCompile(`(?i)(^|[^0-9A-Za-z:.+-])([01][0-9]|2[0-3])(:?)([0-5][0-9])(?::[0-5][0-9])?\s?(Z|UTC|ZULU|GMT|LT|L|LOCAL|LOC|HRS|HOURS|H)?([^0-9A-Za-z:+]|[.,]?$)`)

// clockTime is a time of day as words state it.
type clockTime struct {
	minute int // of the day
	given  string
	mark   string // "utc", "local" or ""
}

// nearPast is how closely a start must lie to a whole number of hours back, before or after, to
// look like a slip made just now.
const nearPast = 15 * time.Minute

// underWay is how far back the start may lie while the window runs without looking like a slip: a
// flight under way is told late more often than one is told with the wrong zone. A slip by so few
// hours mostly leaves a window that is over.
const underWay = 4 * time.Hour

// warnZone warns of what looks like a whole-hour slip between local time and UTC. The zone is
// that of the longitude, an hour for 15 degrees, give or take one for the law of the land. Three
// things are looked for: a time in title, place or text marked local that equals a UTC bound of
// the window; one marked UTC, or not marked, that differs from such a bound by just the zone; and
// a start that many whole hours back, to a quarter of an hour, of a window that is over or that
// began underWay or more ago. Each can be right, so it warns and no more.
func warnZone(n *Notice, now time.Time, warn warner) {
	if n.Incomplete() {
		return
	}
	times := clockTimes(n)
	span := Span(*n)
	ago := now.Sub(span.Start)
	whole := ago.Round(time.Hour)
	runs := (span.End.IsZero() || span.End.After(now)) && whole < underWay
	past := n.Kind != Site && !runs && whole > 0 && (ago-whole).Abs() < nearPast
	if len(times) == 0 && !past {
		return // without the work of finding the middle of the volume
	}
	zone := zoneHours(n.Volumes[0].Shape)
	if zone == 0 {
		return
	}
	edges := edges(n)
	for _, t := range times {
		if m := slip(t, edges, zone); !m.IsZero() {
			warn(WarnZone, "start", m)
			return
		}
	}
	if past && nearZone(int(whole/time.Hour), zone) {
		warn(WarnZone, "start", catalogue.Say("warn.zone-past", catalogue.LongOf("long", ago), catalogue.AsCode("zone", "UTC"+signed(zone))))
	}
}

// slip says what is odd about a time in words beside the bounds of the windows, or nothing.
func slip(t clockTime, edges []int, zone int) catalogue.Message {
	local := t.mark == "local"
	for _, e := range edges {
		diff := mod(t.minute-e, 24*60)
		if diff > 12*60 {
			diff -= 24 * 60
		}
		fits := diff == 0
		if local {
			fits = diff != 0 && diff%60 == 0 && nearZone(diff/60, zone) && (diff > 0) == (zone > 0)
		}
		if fits {
			return catalogue.Message{}
		}
	}
	there := catalogue.AsCode("zone", "UTC"+signed(zone))
	for _, e := range edges {
		diff := mod(t.minute-e, 24*60)
		if diff > 12*60 {
			diff -= 24 * 60
		}
		given, bound := catalogue.ByPeople("text", t.given), catalogue.AsCode("clock", clock(e)+"Z")
		switch {
		case local && diff == 0:
			return catalogue.Say("warn.zone-local", given, bound, there)
		case !local && diff != 0 && diff%60 == 0 && nearZone(diff/60, zone):
			return catalogue.Say("warn.zone-slip", given, bound, catalogue.AsCode("offset", signed(diff/60)+" h"), there)
		}
	}
	return catalogue.Message{}
}

// nearZone reports whether hours, either way, is the zone give or take one.
func nearZone(hours, zone int) bool {
	d := abs(hours) - abs(zone)
	return hours != 0 && d >= -1 && d <= 1
}

// zoneHours returns the nautical zone of a shape's middle: whole hours, an hour for 15 degrees.
func zoneHours(s geo4d.Shape) int {
	if _, whole := s.(geo4d.Earth); whole {
		return 0
	}
	return int(math.Round(geo4d.Representative(s).LonDeg / 15))
}

// edges returns the minutes of the day at which n's windows start and end, in UTC.
func edges(n *Notice) []int {
	var out []int
	add := func(t time.Time) {
		if t.IsZero() {
			return
		}
		t = t.UTC()
		if m := t.Hour()*60 + t.Minute(); !contains(out, m) {
			out = append(out, m)
		}
	}
	for _, w := range windows(n) {
		add(w.Start)
		add(w.End)
	}
	return out
}

// maxClockTimes bounds how many times of day are looked at.
const maxClockTimes = 20

// clockTimes finds the times of day in n's words. One without a mark counts only where it is
// written as a time: 06:00, or 0600 with h, hrs or hours. Four digits alone may be a year, a
// height or a number.
func clockTimes(n *Notice) []clockTime {
	all := []string{n.Title, n.Place}
	for _, t := range n.Text {
		all = append(all, t.Text)
	}
	var out []clockTime
	for _, s := range all {
		if !mayHoldTime(s) {
			continue
		}
		for _, m := range clockRule.FindAllStringSubmatch(s, maxClockTimes) {
			mark := markOf(m[5])
			if mark == "" && m[3] == "" && m[5] == "" {
				continue
			}
			if len(out) == maxClockTimes {
				return out
			}
			given := strings.TrimSpace(strings.TrimRight(strings.TrimPrefix(m[0], m[1]), ".,;) \n"))
			out = append(out, clockTime{atoi2(m[2])*60 + atoi2(m[4]), given, mark})
		}
	}
	return out
}

// mayHoldTime reports whether s has two digits and two more, perhaps with a colon between, without
// which clockRule matches nothing.
func mayHoldTime(s string) bool {
	run, after := 0, false // digits up to here; a colon after two or more came before them
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			if run++; run == 4 || after && run == 2 {
				return true
			}
		default:
			run, after = 0, c == ':' && run >= 2
		}
	}
	return false
}

func markOf(s string) string {
	switch strings.ToUpper(s) {
	case "Z", "UTC", "ZULU", "GMT":
		return "utc"
	case "L", "LT", "LOCAL", "LOC":
		return "local"
	}
	return ""
}

func atoi2(s string) int { return int(s[0]-'0')*10 + int(s[1]-'0') }

func clock(minute int) string {
	return time.Date(2000, 1, 1, minute/60, minute%60, 0, 0, time.UTC).Format("15:04")
}

func signed(n int) string {
	if n < 0 {
		return "-" + itoa(-n)
	}
	return "+" + itoa(n)
}

func mod(a, m int) int { return ((a % m) + m) % m }

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}
