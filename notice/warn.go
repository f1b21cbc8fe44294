package notice

import (
	"fmt"
	"slices"
	"time"

	"parley/geo4d"
)

// The codes of warnings. They are stable: programs may branch on them.
const (
	WarnIncomplete  = "incomplete"      // the place is only words
	WarnLongFlight  = "long-flight"     // a flight's window is longer than 24 h
	WarnStarted     = "start-in-past"   // the start has passed
	WarnOver        = "end-in-past"     // the whole window has passed
	WarnPlace       = "name-and-place"  // a name and the volume are far apart
	WarnZone        = "zone-slip"       // a time may be local where UTC is meant, or the reverse
	WarnCoarse      = "coarse"          // see Coarse
	WarnNight       = "night-marking"   // a movement at night that does not say how it is seen
	WarnContact     = "contact"         // the contact reads like a person's name, or is missing
	WarnShape       = "shape"           // what geo4d has to say of a volume
	WarnLate        = "late-lead"       // the lead is late or insufficient under the agreement
	WarnEarlyActive = "early-activate"  // activated well before its start
	WarnOutOfWindow = "activate-late"   // activated after its window
	WarnSchedule    = "end-before-plan" // ended before it started
)

// longFlight is the window of a flight over which a slip of the date is likelier than a flight.
const longFlight = 24 * time.Hour

// maxShapeWarnings bounds the warnings about volumes of one notice.
const maxShapeWarnings = 20

// Warnings returns what a person should look at in a notice that was filed, as of then. whole says
// that its author showed all of it: of what was not shown nothing is said to be missing.
func Warnings(n Notice, c Context, whole bool) []Warning {
	return slices.DeleteFunc(warnings(&n, c), func(w Warning) bool { return !whole && (w.Code == WarnNight || w.Code == WarnContact) })
}

// Misplaced says where a place that the words of n name lies far from every volume, or nothing.
func Misplaced(n Notice, places Gazetteer) (text string) {
	if places != nil && !n.Incomplete() {
		warnPlace(&n, places, func(_, _, format string, args ...any) { text = fmt.Sprintf(format, args...) })
	}
	return text
}

// warnings returns what a person should look at in a valid notice.
func warnings(n *Notice, c Context) []Warning {
	var out []Warning
	warn := func(code, field, format string, args ...any) {
		out = append(out, Warning{code, field, fmt.Sprintf(format, args...)})
	}
	if n.Incomplete() {
		warn(WarnIncomplete, "volumes", "the place is only words: it is held as the named sector or the whole area until a volume is given")
	}
	warnTimes(n, c.Now, warn)
	warnZone(n, c.Now, warn)
	if c.Places != nil && !n.Incomplete() {
		warnPlace(n, c.Places, warn)
	}
	if coarse, why := Coarse(*n); coarse {
		warn(WarnCoarse, "volumes", "%s", why)
	}
	if n.Kind == Movement {
		warnNight(n, warn)
	}
	switch {
	case n.Contact == "":
		warn(WarnContact, "contact", "no contact is given: give a duty number that is answered at any hour")
	case looksLikeName(n.Contact):
		warn(WarnContact, "contact", "%q reads like a name: give a duty number, which someone answers when that person is away", n.Contact)
	}
	warnShapes(n, warn)
	return out
}

type warner func(code, field, format string, args ...any)

func warnTimes(n *Notice, now time.Time, warn warner) {
	if n.Kind == Flight {
		for i, w := range windows(n) {
			if !w.End.IsZero() && w.End.Sub(w.Start) > longFlight {
				warn(WarnLongFlight, windowField(n, i), "the window of this flight is %s long, over 24 h: check the dates", words(w.End.Sub(w.Start)))
				break
			}
		}
	}
	if n.Kind == Site {
		return
	}
	span := Span(*n)
	switch {
	case !span.End.IsZero() && !span.End.After(now):
		warn(WarnOver, "end", "the window ended %s ago", words(now.Sub(span.End)))
	case span.Start.Before(now):
		warn(WarnStarted, "start", "the start was %s ago", words(now.Sub(span.Start)))
	}
}

func warnShapes(n *Notice, warn warner) {
	left := maxShapeWarnings
	for i := range n.Volumes {
		for _, w := range geo4d.Warnings(n.Volumes[i]) {
			if left--; left < 0 {
				warn(WarnShape, "volumes", "further volumes have warnings that are not listed")
				return
			}
			warn(WarnShape, "volumes"+index(i)+"."+w.Field, "%s", w.Text)
		}
	}
}

// windows returns the windows of n's volumes, or its own where it has none.
func windows(n *Notice) []geo4d.Window {
	if n.Incomplete() {
		return []geo4d.Window{n.Window}
	}
	out := make([]geo4d.Window, len(n.Volumes))
	for i := range n.Volumes {
		out[i] = n.Volumes[i].Window
	}
	return out
}

func windowField(n *Notice, i int) string {
	if n.Incomplete() {
		return "window"
	}
	return "volumes" + index(i)
}

// Span returns the window from the first start to the last end of n's volumes, of n.Window where
// it has none. The end is zero where one is open.
func Span(n Notice) geo4d.Window {
	var span geo4d.Window
	for i, w := range windows(&n) {
		if i == 0 {
			span = w
			continue
		}
		if w.Start.Before(span.Start) {
			span.Start = w.Start
		}
		if !span.End.IsZero() && (w.End.IsZero() || w.End.After(span.End)) {
			span.End = w.End
		}
	}
	return span
}

// words says a duration as people do: "45 s", "12 min", "3 h 20 min", "5 days 2 h".
func words(d time.Duration) string {
	d = d.Abs()
	days, hours, mins := int(d/(24*time.Hour)), int(d%(24*time.Hour)/time.Hour), int(d%time.Hour/time.Minute)
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d/time.Second))
	case d < time.Hour:
		return fmt.Sprintf("%d min", mins)
	case days == 0 && mins == 0:
		return fmt.Sprintf("%d h", hours)
	case days == 0:
		return fmt.Sprintf("%d h %d min", hours, mins)
	case hours == 0:
		return plural(days, "day")
	}
	return fmt.Sprintf("%s %d h", plural(days, "day"), hours)
}

func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %ss", n, one)
}
