package notam

import "time"

// parser reads the words of item D.
type parser struct {
	tokens []token
	i      int
	month  int // the month that holds for the days that follow; 0 before one is stated
	why    string
}

// parseSchedule reads item D as rules. The second result says what could not be read.
func parseSchedule(d string) ([]rule, string) {
	tokens, why := tokenize(d)
	if why != "" {
		return nil, why
	}
	p := &parser{tokens: tokens}
	var rules []rule
	for p.skip(); p.peek().kind != tokEnd; p.skip() {
		if p.peek().kind == tokExcept {
			p.next()
			if len(rules) == 0 || rules[len(rules)-1].except != nil || rules[len(rules)-1].continuous {
				return nil, "an exception stands where no schedule goes before it"
			}
			e := p.exception()
			rules[len(rules)-1].except = &e
		} else {
			rules = append(rules, p.rule())
		}
		if p.why != "" {
			return nil, p.why
		}
	}
	if len(rules) == 0 {
		return nil, "it names no time"
	}
	return rules, ""
}

func (p *parser) peek() token { return p.tokens[p.i] }

func (p *parser) peekAt(k int) token {
	if p.i+k < len(p.tokens) {
		return p.tokens[p.i+k]
	}
	return p.tokens[len(p.tokens)-1]
}

func (p *parser) next() token {
	t := p.tokens[p.i]
	if t.kind != tokEnd {
		p.i++
	}
	return t
}

// skip passes over what only separates.
func (p *parser) skip() {
	for k := p.peek().kind; k == tokSep || k == tokSlash; k = p.peek().kind {
		p.next()
	}
}

func (p *parser) fail(why string) {
	if p.why == "" {
		p.why = why
	}
}

// rule reads days, if any, and the times that go with them.
func (p *parser) rule() rule {
	r := p.days()
	p.skip()
	if p.why != "" {
		return r
	}
	for p.startsTime() {
		c, run := p.clocks(&r)
		if p.why != "" {
			return r
		}
		if run && len(r.times) > 0 {
			p.fail("a run of days with a start and an end time stands among other times")
			return r
		}
		r.times = append(r.times, c)
		if run {
			return r
		}
		p.skipToTime()
	}
	if len(r.times) == 0 {
		p.fail("days stand without times before " + quote(p.peek().text))
		return r
	}
	if p.peek().kind == tokDaily {
		p.next()
		if r.byDate || r.byWeekday {
			p.fail("it says daily beside days of its own")
		}
	}
	return r
}

func (p *parser) startsTime() bool {
	k := p.peek().kind
	return k == tokClock || k == tokAllDay || k == tokFrom
}

// skipToTime passes over separators only where a time follows them.
func (p *parser) skipToTime() {
	k := 0
	for p.peekAt(k).kind == tokSep {
		k++
	}
	if t := p.peekAt(k).kind; t == tokClock || t == tokAllDay || t == tokFrom {
		p.i += k
	}
}

// clocks reads a time of day to another, or a run from a day and time to another day and time.
func (p *parser) clocks(r *rule) (clocks, bool) {
	if p.peek().kind == tokAllDay {
		p.next()
		return clocks{from: 0, to: 24 * time.Hour}, false
	}
	btn := false
	if p.peek().kind == tokFrom {
		btn = p.next().btn
	}
	from := p.next()
	if from.kind != tokClock {
		p.fail("a time is expected before " + quote(from.text))
		return clocks{}, false
	}
	sep := p.next()
	if sep.kind != tokDash && sep.kind != tokSlash && (!btn || !sep.and) {
		p.fail("the time " + quote(from.text) + " has no end")
		return clocks{}, false
	}
	if k := p.peek().kind; sep.kind == tokDash && (k == tokDay || k == tokMonth || k == tokWeekday) {
		return p.run(r, from.clock), true
	}
	to := p.next()
	if to.kind != tokClock {
		p.fail("the time " + quote(from.text) + " has no end before " + quote(to.text))
		return clocks{}, false
	}
	if from.clock == to.clock || from.clock == 24*time.Hour {
		p.fail("the window " + from.text + "-" + to.text + " has no length that is proven")
	}
	return clocks{from: from.clock, to: to.clock}, false
}

// run reads the end of "05 0900-07 1700" or "MON 0700-FRI 1600".
func (p *parser) run(r *rule, from time.Duration) clocks {
	c := clocks{from: from}
	r.continuous = true
	switch {
	case r.byDate && len(r.dates) == 1 && r.dates[0].single && p.peek().kind != tokWeekday:
		if p.peek().kind == tokMonth {
			p.month = p.next().value
		}
		day := p.next()
		if day.kind != tokDay {
			p.fail("a day is expected before " + quote(day.text))
			return c
		}
		r.dates[0].last, r.dates[0].single = dayRef{month: p.month, day: day.value}, false
	case r.byWeekday && p.peek().kind == tokWeekday && count(r.weekdays) == 1:
		r.weekTo = p.next().value
		if r.weekTo == r.weekFrom {
			p.fail("a run starts and ends on the same weekday")
		}
	default:
		p.fail("a time is expected before " + quote(p.peek().text))
		return c
	}
	p.skip()
	to := p.next()
	if to.kind != tokClock {
		p.fail("the run has no end time before " + quote(to.text))
	}
	c.to = to.clock
	return c
}

func count(days [7]bool) int {
	k := 0
	for _, on := range days {
		if on {
			k++
		}
	}
	return k
}

// exception reads the days after EXC.
func (p *parser) exception() rule {
	r := p.days()
	if p.why == "" && !r.byDate && !r.byWeekday {
		p.fail("an exception names no day before " + quote(p.peek().text))
	}
	if p.startsTime() {
		p.fail("an exception with times of its own is not read")
	}
	return r
}

// days reads daily, weekdays or days of the month, as far as they go. None of them means daily.
func (p *parser) days() rule {
	var r rule
	var list []token // months and days in the order given
	mark := p.i
	daily := false
	for p.why == "" {
		switch t := p.peek(); t.kind {
		case tokDaily:
			p.next()
			daily = true
		case tokWeekday:
			p.weekdays(&r)
		case tokDay, tokMonth:
			list = append(list, p.next())
			if p.peek().kind == tokDash {
				list = append(list, p.next())
			}
		case tokSep, tokSlash:
			p.next()
			continue
		default:
			p.dates(&r, list)
			if (r.byDate && r.byWeekday) || daily && (r.byDate || r.byWeekday) {
				p.fail("weekdays, days of the month or daily stand together before one time; which holds is not proven")
			}
			return r
		}
		mark = p.i
	}
	p.i = mark
	return r
}

func (p *parser) weekdays(r *rule) {
	first := p.next().value
	last := first
	if p.peek().kind == tokDash && p.peekAt(1).kind == tokWeekday {
		p.next()
		last = p.next().value
	}
	r.byWeekday = true
	r.weekFrom = first
	for d := first; ; d = (d + 1) % 7 {
		r.weekdays[d] = true
		if d == last {
			return
		}
	}
}

// dates reads a list of months and days: months before their days as the OPADD has them, or after
// them where every day has its month behind it.
func (p *parser) dates(r *rule, list []token) {
	if len(list) == 0 || p.why != "" {
		return
	}
	r.byDate = true
	if list[len(list)-1].kind == tokMonth {
		list = monthsFirst(list)
		if list == nil {
			p.fail("a month stands without a day")
			return
		}
	}
	for i := 0; i < len(list); i++ {
		t := list[i]
		if t.kind == tokMonth {
			p.month = t.value
			if i+1 == len(list) || list[i+1].kind != tokDay {
				p.fail("the month " + t.text + " stands without a day")
				return
			}
			continue
		}
		if t.kind != tokDay {
			p.fail("a run of days has no first day")
			return
		}
		dr := dayRange{first: dayRef{p.month, t.value}, single: true}
		if i+1 < len(list) && list[i+1].kind == tokDash {
			i += 2
			if i < len(list) && list[i].kind == tokMonth {
				p.month = list[i].value
				i++
			}
			if i >= len(list) || list[i].kind != tokDay {
				p.fail("a run of days has no last day")
				return
			}
			dr.last, dr.single = dayRef{p.month, list[i].value}, false
		}
		r.dates = append(r.dates, dr)
	}
}

// monthsFirst turns "07 AUG 08-10 SEP" into "AUG 07 SEP 08-10", or returns nil.
func monthsFirst(list []token) []token {
	var out, group []token
	for _, t := range list {
		if t.kind != tokMonth {
			group = append(group, t)
			continue
		}
		if len(group) == 0 || group[0].kind != tokDay || group[len(group)-1].kind != tokDay {
			return nil
		}
		out = append(append(out, t), group...)
		group = nil
	}
	if len(group) > 0 {
		return nil
	}
	return out
}
