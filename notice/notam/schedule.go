package notam

import (
	"sort"
	"time"

	"parley/catalogue"
	"parley/geo4d"
)

// maxSchedule is how many bytes item D may have; the OPADD allows 200.
const maxSchedule = 2000

// clocks is a time of day to another; an end at or before the start is on the next day.
type clocks struct{ from, to time.Duration }

// dayRef is a day of the month as item D writes it; month 0 where it states none.
type dayRef struct{ month, day int }

// dayRange is one day or a run of days.
type dayRange struct {
	first, last dayRef
	single      bool
}

// rule is one part of a schedule: on which days, at which times.
type rule struct {
	weekdays   [7]bool
	byWeekday  bool
	byDate     bool
	dates      []dayRange
	times      []clocks
	except     *rule // days left out
	continuous bool  // from the first day's from to the last day's to, without a break
	weekFrom   int   // of a continuous run by weekday
	weekTo     int
}

// maker makes windows of rules.
type maker struct {
	span    geo4d.Window
	windows []geo4d.Window
	clipped bool
	over    bool
}

// readD expands item D within B and C. With an empty span it only checks that D can be read.
func (n *Notam) readD(d string, span geo4d.Window) []geo4d.Window {
	if len(d) > maxSchedule {
		n.refuse("D", "it has "+itoa(len(d))+" characters; at most "+itoa(maxSchedule)+" are read")
		return nil
	}
	rules, why := parseSchedule(d)
	if why != "" {
		n.refuse("D", "the schedule could not be read: "+why)
		return nil
	}
	if span.Start.IsZero() {
		return nil
	}
	m := maker{span: span}
	for _, r := range rules {
		if why := m.expand(r); why != "" {
			n.refuse("D", "the schedule contradicts itself: "+why)
			return nil
		}
	}
	if m.over {
		n.refuse("D", "it makes more than "+itoa(MaxVolumes)+" windows; none is left out")
		return nil
	}
	ws := inOrder(m.windows)
	if len(ws) == 0 {
		n.refuse("D", "none of its windows lies between B "+stamp(span.Start)+" and C "+stamp(span.End))
		return nil
	}
	n.warnSpan(ws, span, m.clipped)
	return ws
}

func (n *Notam) warnSpan(ws []geo4d.Window, span geo4d.Window, clipped bool) {
	last := ws[0].End
	for _, w := range ws {
		if w.End.After(last) {
			last = w.End
		}
	}
	if clipped {
		n.warn(WindowClipped, catalogue.Say("notam.window-clipped", catalogue.AsCode("ditem", "D"), catalogue.AsCode("item", "B"), catalogue.AsCode("item2", "C")))
	}
	if !ws[0].Start.Equal(span.Start) {
		n.warn(ScheduleSpan, catalogue.Say("notam.schedule-start", catalogue.AsCode("item", "D"), catalogue.AsCode("item2", "B"), catalogue.AsCode("moment", stamp(ws[0].Start)), catalogue.AsCode("moment2", stamp(span.Start))))
	}
	if span.End.Sub(last) > time.Minute {
		n.warn(ScheduleSpan, catalogue.Say("notam.schedule-end", catalogue.AsCode("item", "D"), catalogue.AsCode("item2", "C"), catalogue.AsCode("moment", stamp(last)), catalogue.AsCode("moment2", stamp(span.End))))
	}
}

// inOrder sorts windows by start and drops those that stand twice.
func inOrder(ws []geo4d.Window) []geo4d.Window {
	sort.SliceStable(ws, func(i, j int) bool {
		if ws[i].Start.Equal(ws[j].Start) {
			return ws[i].End.Before(ws[j].End)
		}
		return ws[i].Start.Before(ws[j].Start)
	})
	var out []geo4d.Window
	for _, w := range ws {
		if k := len(out); k > 0 && out[k-1].Start.Equal(w.Start) && out[k-1].End.Equal(w.End) {
			continue
		}
		out = append(out, w)
	}
	return out
}

// expand adds a rule's windows.
func (m *maker) expand(r rule) string {
	except := map[time.Time]bool{}
	if r.except != nil {
		for _, dr := range r.except.dates {
			days, why := m.days(dr)
			if why != "" {
				return why
			}
			for _, d := range days {
				except[d] = true
			}
		}
	}
	left := 0
	keep := func(d time.Time) bool {
		out := except[d] || r.except != nil && r.except.weekdays[d.Weekday()]
		if out {
			left++
		}
		return !out
	}
	why := ""
	switch {
	case r.continuous && r.byDate:
		why = m.run(r)
	case r.continuous:
		m.weekly(r)
	case r.byDate:
		why = m.byDate(r, keep)
	default:
		m.byDay(r, keep)
	}
	if why == "" && r.except != nil && left == 0 {
		why = "what it excepts is not among the days it lists"
	}
	return why
}

// byDay adds the windows of a rule that holds daily or by weekday.
func (m *maker) byDay(r rule, keep func(time.Time) bool) {
	for d := dayOf(m.span.Start).AddDate(0, 0, -1); d.Before(m.span.End) && !m.over; d = d.AddDate(0, 0, 1) {
		if r.byWeekday && !r.weekdays[d.Weekday()] {
			continue
		}
		// The day before B matters only for a window that passes midnight.
		if !m.reaches(d, r.times) || !keep(d) {
			continue
		}
		for _, c := range r.times {
			m.add(d, c)
		}
	}
}

// reaches is whether a day's windows touch the span at all.
func (m *maker) reaches(d time.Time, times []clocks) bool {
	for _, c := range times {
		if w := on(d, c); w.End.After(m.span.Start) && w.Start.Before(m.span.End) {
			return true
		}
	}
	return false
}

// byDate adds the windows of a rule that lists days of the month. A listed day with nothing
// between B and C contradicts them, save the last day of a run whose windows pass midnight: the
// window that began the day before ends on it.
func (m *maker) byDate(r rule, keep func(time.Time) bool) string {
	for _, dr := range r.dates {
		days, why := m.days(dr)
		if why != "" {
			return why
		}
		for i, d := range days {
			if !keep(d) {
				continue
			}
			if m.over {
				return ""
			}
			if m.reaches(d, r.times) {
				for _, c := range r.times {
					m.add(d, c)
				}
				continue
			}
			tail := i > 0 && i == len(days)-1 && passesMidnight(r.times)
			if !tail {
				w := on(d, r.times[0])
				return "the window of the " + d.Format("2 Jan 2006") + ", " + stamp(w.Start) + " to " + stamp(w.End) +
					", lies outside B " + stamp(m.span.Start) + " to C " + stamp(m.span.End)
			}
			m.clipped = true
		}
	}
	return ""
}

func passesMidnight(times []clocks) bool {
	for _, c := range times {
		if c.to <= c.from {
			return true
		}
	}
	return false
}

// run adds one window without a break from a day and time to another.
func (m *maker) run(r rule) string {
	first, why := m.resolve(r.dates[0].first)
	if why != "" {
		return why
	}
	last, why := m.resolve(r.dates[0].last)
	if why != "" {
		return why
	}
	w := geo4d.Window{Start: first.Add(r.times[0].from), End: last.Add(r.times[0].to)}
	if !w.End.After(w.Start) {
		return "the window from " + stamp(w.Start) + " ends before it starts, at " + stamp(w.End)
	}
	if !w.End.After(m.span.Start) || !w.Start.Before(m.span.End) {
		return "the window " + stamp(w.Start) + " to " + stamp(w.End) + " lies outside B to C"
	}
	m.clip(w)
	return ""
}

// weekly adds a window without a break from a weekday and time to another, every week.
func (m *maker) weekly(r rule) {
	length := (r.weekTo - r.weekFrom + 7) % 7
	for d := dayOf(m.span.Start).AddDate(0, 0, -7); d.Before(m.span.End) && !m.over; d = d.AddDate(0, 0, 1) {
		if int(d.Weekday()) == r.weekFrom {
			m.clip(geo4d.Window{Start: d.Add(r.times[0].from), End: d.AddDate(0, 0, length).Add(r.times[0].to)})
		}
	}
}

// on is the window of a day.
func on(d time.Time, c clocks) geo4d.Window {
	w := geo4d.Window{Start: d.Add(c.from), End: d.Add(c.to)}
	if c.to <= c.from {
		w.End = w.End.AddDate(0, 0, 1)
	}
	return w
}

func (m *maker) add(d time.Time, c clocks) { m.clip(on(d, c)) }

// clip adds the part of w between B and C, if there is any.
func (m *maker) clip(w geo4d.Window) {
	if !w.End.After(m.span.Start) || !w.Start.Before(m.span.End) {
		return
	}
	if m.span.Start.Sub(w.Start) > time.Minute {
		m.clipped = true
	}
	if w.End.Sub(m.span.End) > time.Minute {
		m.clipped = true
	}
	if w.Start.Before(m.span.Start) {
		w.Start = m.span.Start
	}
	if w.End.After(m.span.End) {
		w.End = m.span.End
	}
	if len(m.windows) >= MaxVolumes {
		m.over = true
		return
	}
	m.windows = append(m.windows, w)
}

func dayOf(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// days resolves a run of days.
func (m *maker) days(dr dayRange) ([]time.Time, string) {
	first, why := m.resolve(dr.first)
	if why != "" {
		return nil, why
	}
	if dr.single {
		return []time.Time{first}, ""
	}
	last, why := m.resolve(dr.last)
	if why != "" {
		return nil, why
	}
	if last.Before(first) {
		return nil, "the run of days from " + first.Format("2 Jan") + " ends before it starts, on " + last.Format("2 Jan")
	}
	var out []time.Time
	for d := first; !d.After(last); d = d.AddDate(0, 0, 1) {
		out = append(out, d)
	}
	return out, ""
}

// resolve finds the one date between B and C that a day of item D can mean.
func (m *maker) resolve(r dayRef) (time.Time, string) {
	var found []time.Time
	start, end := dayOf(m.span.Start), dayOf(m.span.End)
	for mo := time.Date(start.Year(), start.Month(), 1, 0, 0, 0, 0, time.UTC); !mo.After(end); mo = mo.AddDate(0, 1, 0) {
		if r.month != 0 && int(mo.Month()) != r.month {
			continue
		}
		d := mo.AddDate(0, 0, r.day-1)
		if d.Month() == mo.Month() && !d.Before(start) && !d.After(end) {
			found = append(found, d)
		}
	}
	said := itoa(r.day)
	if r.month != 0 {
		said += " " + time.Month(r.month).String()[:3]
	}
	switch len(found) {
	case 1:
		return found[0], ""
	case 0:
		return time.Time{}, "the day " + said + " is not between B " + stamp(m.span.Start) + " and C " + stamp(m.span.End)
	}
	return time.Time{}, "the day " + said + " can be in more than one month or year between B and C"
}
