package node

import (
	"context"
	"maps"
	"slices"
	"time"

	"parley/agreement"
	"parley/fault"
	"parley/node/picture"
	"parley/node/view"
	"parley/transcript"
)

// Periods of statistics.
const (
	ByDay   = "day"
	ByMonth = "month"
	ByAll   = "all"
)

// period names the period of an instant.
func period(by string, t time.Time) string {
	switch by {
	case ByDay:
		return t.UTC().Format(time.DateOnly)
	case ByMonth:
		return t.UTC().Format("2006-01")
	}
	return ByAll
}

// Statistics returns the figures of a line, or of all, by day, by month or for all time, the oldest
// first: of what is real. They are worked out from the pictures, and how long the links were in which
// state, and which alarms there were, from this node's own memory.
func (n *Node) Statistics(ctx context.Context, lineID, by string) (view.Statistics, error) {
	return n.statistics(ctx, lineID, by, false)
}

// ExerciseStatistics returns the figures of the exercise, which those of Statistics leave out. Tests of
// the line and its states belong to no picture and are in Statistics alone.
func (n *Node) ExerciseStatistics(ctx context.Context, lineID, by string) (view.Statistics, error) {
	return n.statistics(ctx, lineID, by, true)
}

func (n *Node) statistics(ctx context.Context, lineID, by string, exercise bool) (view.Statistics, error) {
	if by != ByDay && by != ByMonth && by != ByAll {
		return view.Statistics{}, fault.New("by", by, "is no period of statistics", "choose day, month or all")
	}
	lines, err := n.chosen(lineID)
	if err != nil {
		return view.Statistics{}, err
	}
	out := view.Statistics{At: n.cfg.Clock.Now(), By: by, Exercise: exercise, Rows: []view.StatisticsRow{}}
	for _, ln := range lines {
		links, err := ln.linkTimes(ctx)
		if err != nil {
			return view.Statistics{}, err
		}
		ln.countBlocks()
		t := newTally(ln, by)
		ln.mu.RLock()
		t.count(exercise)
		ln.mu.RUnlock()
		if !exercise {
			t.links(links)
			t.alarms(n.alarmsByDay(ln.id))
		}
		out.Rows = append(out.Rows, t.rows()...)
	}
	return out, nil
}

// tally gathers the figures of one line.
type tally struct {
	ln      *lineNode
	by      string
	periods map[string]*sums
}

// sums are the figures of one period.
type sums struct {
	parties   map[transcript.Side]*partySums
	conflicts int
	alarms    alarmCount
	linkS     map[string]float64
}

type partySums struct {
	notices, calls       map[string]int
	grades               map[agreement.Grade]int
	leads, answers       []float64
	rungs                map[string][]float64
	tests, testsAnswered int
}

func newTally(ln *lineNode, by string) *tally {
	return &tally{ln: ln, by: by, periods: map[string]*sums{}}
}

func (t *tally) at(when time.Time) *sums { return t.of(period(t.by, when)) }

func (t *tally) of(name string) *sums {
	s := t.periods[name]
	if s == nil {
		s = &sums{parties: map[transcript.Side]*partySums{}, linkS: map[string]float64{}}
		for _, side := range []transcript.Side{transcript.A, transcript.B} {
			s.parties[side] = &partySums{notices: map[string]int{}, calls: map[string]int{}, grades: map[agreement.Grade]int{}, rungs: map[string][]float64{}}
		}
		t.periods[name] = s
	}
	return s
}

// count goes through the picture, or that of the exercise. ln.mu is held.
func (t *tally) count(exercise bool) {
	t.told(exercise)
	ln := t.ln
	for _, c := range ln.pic.Calls() {
		if c.Type != "" && c.Voice == nil && ln.exercise(c) == exercise { // no more of a call may be here than what was said to it
			t.call(c)
		}
	}
	if exercise {
		return
	}
	for _, side := range []transcript.Side{transcript.A, transcript.B} {
		for _, x := range ln.pic.LineTests(side) {
			s := t.at(x.Time).parties[side]
			s.tests++
			if _, ok := ln.pic.Tested(x.Ref); ok {
				s.testsAnswered++
			}
		}
	}
}

// told counts notices, and the conflicts of them. ln.mu is held.
func (t *tally) told(exercise bool) {
	ln := t.ln
	odd := t.notices(exercise)
	for c := range ln.pic.AllConflicts() {
		if len(c.Filings) == 0 {
			continue
		}
		a, b := odd[c.Filings[0].A.First], odd[c.Filings[0].B.First]
		if a.byVoice || b.byVoice || a.exercise != exercise || b.exercise != exercise {
			continue
		}
		t.at(c.FirstFiled()).conflicts++
	}
}

// notice counts a notice in the period in which it was first filed.
func (t *tally) notice(p *picture.Notice) {
	ln := t.ln
	v := ln.noticeView(p, false, false)
	s := t.at(p.Versions[0].Time).parties[p.Key.Side]
	kind := string(v.Kind)
	if kind == "" {
		kind = "not shown"
	}
	s.notices[kind]++
	if v.Lead.DeliveredS != nil && v.Lead.Grade != "" && v.Lead.Grade != string(agreement.Ungraded) {
		s.grades[agreement.Grade(v.Lead.Grade)]++
		s.leads = append(s.leads, *v.Lead.DeliveredS)
	}
	reach := p.Reach()
	took := func(name string, at time.Time) {
		s.rungs[name] = append(s.rungs[name], max(0, at.Sub(reach.Time).Seconds()))
	}
	if at, ok := ln.heldByOther(reach); ok {
		took(view.Delivered, at)
	}
	if rs := ln.pic.Received(reach.Ref); len(rs) > 0 {
		took(view.OfficerHas, rs[0].Time)
	}
	for _, r := range v.Ladder {
		if r.Done != nil && r.Name != view.Delivered && r.Name != view.OfficerHas {
			took(r.Name, *r.Done)
		}
	}
}

// call counts a call in the period in which it was made.
func (t *tally) call(c *picture.Call) {
	s := t.at(c.Time).parties[c.Side]
	s.calls[c.Type]++
	var first time.Time
	for _, a := range c.Answers {
		if a.Side != c.Side && (first.IsZero() || a.Time.Before(first)) {
			first = a.Time
		}
	}
	if !first.IsZero() {
		s.answers = append(s.answers, max(0, first.Sub(c.Time).Seconds()))
	}
}

// links adds how long the link was in which state, by day.
func (t *tally) links(byDay map[string]map[string]float64) {
	for d, states := range byDay {
		when, err := time.Parse(time.DateOnly, d)
		if err != nil {
			continue
		}
		s := t.at(when)
		for state, seconds := range states {
			s.linkS[state] += seconds
		}
	}
}

// alarms adds how many alarms there were, by day.
func (t *tally) alarms(byDay map[string]alarmCount) {
	for d, c := range byDay {
		if when, err := time.Parse(time.DateOnly, d); err == nil {
			s := t.at(when)
			s.alarms = alarmCount{s.alarms.Begun + c.Begun, s.alarms.False + c.False}
		}
	}
}

func (t *tally) rows() []view.StatisticsRow {
	var out []view.StatisticsRow
	for _, name := range slices.Sorted(maps.Keys(t.periods)) {
		s := t.periods[name]
		row := view.StatisticsRow{Line: t.ln.id, Peer: t.ln.peer, Period: name, Conflicts: s.conflicts, Alarms: s.alarms.Begun, FalseAlarms: s.alarms.False, LinkS: s.linkS}
		notices := 0
		for _, side := range []transcript.Side{t.ln.side, t.ln.side.Other()} {
			p := s.parties[side].row(t.ln.party(side))
			notices += p.Total
			row.Parties = append(row.Parties, p)
		}
		row.Per100 = share(100*float64(s.conflicts), float64(notices))
		row.FalseShare = share(float64(s.alarms.False), float64(s.alarms.Begun))
		all := 0.0
		for _, x := range s.linkS {
			all += x
		}
		row.Availability = share(s.linkS["up"], all)
		out = append(out, row)
	}
	return out
}

func (s *partySums) row(party string) view.PartyStatistics {
	out := view.PartyStatistics{Party: party, Notices: s.notices, Calls: s.calls, Graded: len(s.leads), Late: s.grades[agreement.Late],
		Insufficient: s.grades[agreement.Insufficient], MedianLeadS: median(s.leads), Answered: len(s.answers), MedianAnswerS: median(s.answers),
		Tests: s.tests, TestsAnswered: s.testsAnswered, Rungs: []view.RungStatistics{}}
	for _, n := range s.notices {
		out.Total += n
	}
	out.LateShare, out.TooLateShare = share(float64(out.Late), float64(out.Graded)), share(float64(out.Insufficient), float64(out.Graded))
	for _, name := range []string{view.Delivered, view.OfficerHas, view.ReadBack, view.Relayed, view.UnitConfirmed} {
		out.Rungs = append(out.Rungs, view.RungStatistics{Name: name, Done: len(s.rungs[name]), MedianS: median(s.rungs[name])})
	}
	return out
}

// share returns part of whole, or nil where there is nothing to have a part of.
func share(part, whole float64) *float64 {
	if whole == 0 {
		return nil
	}
	x := part / whole
	return &x
}

// median returns the middle of some figures, of an even number the mean of the two in the middle; nil
// where there is none. It sorts them.
func median(x []float64) *float64 {
	n := len(x)
	if n == 0 {
		return nil
	}
	slices.Sort(x)
	m := (x[(n-1)/2] + x[n/2]) / 2
	return &m
}
