package notice

import (
	"fmt"
	"slices"
	"time"

	"parley/catalogue"
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
func Misplaced(n Notice, places Gazetteer) (said catalogue.Message) {
	if places != nil && !n.Incomplete() {
		warnPlace(&n, places, func(_, _ string, m catalogue.Message) { said = m })
	}
	return said
}

// warnings returns what a person should look at in a valid notice.
func warnings(n *Notice, c Context) []Warning {
	var out []Warning
	warn := func(code, field string, m catalogue.Message) {
		out = append(out, Warning{Code: code, Field: field, Message: m})
	}
	if n.Incomplete() {
		warn(WarnIncomplete, "volumes", catalogue.Say("warn.incomplete"))
	}
	warnTimes(n, c.Now, warn)
	warnZone(n, c.Now, warn)
	if c.Places != nil && !n.Incomplete() {
		warnPlace(n, c.Places, warn)
	}
	if coarse, why := Coarse(*n); coarse {
		warn(WarnCoarse, "volumes", why)
	}
	if n.Kind == Movement {
		warnNight(n, warn)
	}
	switch {
	case n.Contact == "":
		warn(WarnContact, "contact", catalogue.Say("warn.contact-none"))
	case looksLikeName(n.Contact):
		warn(WarnContact, "contact", catalogue.Say("warn.contact-name", catalogue.ByPeople("text", n.Contact)))
	}
	warnShapes(n, warn)
	return out
}

type warner func(code, field string, m catalogue.Message)

func warnTimes(n *Notice, now time.Time, warn warner) {
	if n.Kind == Flight {
		for i, w := range windows(n) {
			if !w.End.IsZero() && w.End.Sub(w.Start) > longFlight {
				warn(WarnLongFlight, windowField(n, i), catalogue.Say("warn.long-flight", catalogue.LongOf("long", w.End.Sub(w.Start))))
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
		warn(WarnOver, "end", catalogue.Say("warn.over", catalogue.LongOf("long", now.Sub(span.End))))
	case span.Start.Before(now):
		warn(WarnStarted, "start", catalogue.Say("warn.started", catalogue.LongOf("long", now.Sub(span.Start))))
	}
}

func warnShapes(n *Notice, warn warner) {
	left := maxShapeWarnings
	for i := range n.Volumes {
		for _, w := range geo4d.Warnings(n.Volumes[i]) {
			if left--; left < 0 {
				warn(WarnShape, "volumes", catalogue.Say("warn.shapes-more"))
				return
			}
			warn(WarnShape, "volumes"+index(i)+"."+w.Field, shapeWarning(w))
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

// shapeWarning says a warning of geo4d.
func shapeWarning(w geo4d.Warning) catalogue.Message {
	if w.Repeats > 0 {
		return catalogue.Say("warn.repeats", catalogue.CountOf("count", w.Repeats))
	}
	return catalogue.Say("warn.edge", catalogue.AsCode("length", fmt.Sprintf("%.0f km", w.LengthM/1e3)), catalogue.AsCode("most", fmt.Sprintf("%.1f km", w.DepartM/1e3)))
}
