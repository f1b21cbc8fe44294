package main

import (
	"encoding/csv"
	"maps"
	"slices"
	"strconv"
	"strings"

	"parley/catalogue"
	"parley/fault"
	"parley/node/view"
)

type statsCmd struct {
	remote
	By  string `default:"day" enum:"day,month,all" help:"One of ${enum}, in UTC."`
	CSV bool   `name:"csv" help:"Print CSV: one row for each line, period and party."`
	picture
}

// Help shows how it is used.
func (statsCmd) Help() string {
	return `What each figure is made of: docs/reference/statistics.md. Exercise is left out; --exercise shows its figures
alone, and says so in every row.

Examples:

  parley stats
  parley stats --by month --csv
`
}

// Run shows the figures.
func (c *statsCmd) Run(a *app) error {
	if c.CSV && c.JSON {
		return fault.New("csv", "", "does not go with json", "choose one of the two")
	}
	var s view.Statistics
	if err := c.get(a, "/v1/statistics", c.remote.query("by", c.By, "picture", c.picture.query()), &s); err != nil {
		return err
	}
	switch {
	case c.JSON:
		return printJSON(a.stdout, s)
	case c.CSV:
		w := csv.NewWriter(a.stdout)
		if err := w.WriteAll(statsCSV(s)); err != nil {
			return fault.Wrap(fault.Unavailable, "print", err)
		}
		return nil
	case len(s.Rows) == 0:
		return a.said.say(a, catalogue.Say("list.nothing-said"))
	}
	t := a.said
	rows := [][]string{{"PERIOD", "LINE", "PARTY", "NOTICES", "MEDIAN LEAD", "LATE", "INSUFFICIENT", "DELIVERED IN", "RECEIVED IN", "CALLS", "TESTS", "CONFLICTS", "FALSE ALARMS", "LINK UP"}}
	for _, r := range s.Rows {
		for i, p := range r.Parties {
			conflicts, alarms, up := "", "", ""
			if i == 0 {
				conflicts, alarms, up = t.perHundred(r), t.falseAlarms(r), figure(r.Availability, 100, 1, " %")
			}
			rows = append(rows, []string{t.exercised(t.code("period.", r.Period), s.Exercise), r.Peer, p.Party, t.counts("kind.", p.Notices), t.secondsOf(p.MedianLeadS), figure(p.LateShare, 100, 0, " %"), figure(p.TooLateShare, 100, 0, " %"),
				t.rung(p, view.Delivered), t.rung(p, view.OfficerHas), t.counts("call.", p.Calls), t.Say(catalogue.Say("stats.tests", catalogue.CountOf("nr", p.Tests), catalogue.CountOf("count", p.TestsAnswered))), conflicts, alarms, up})
		}
	}
	return table(a.stdout, t.table(rows))
}

// counts writes a total and what it is made of.
func (t tongue) counts(group string, by map[string]int) string {
	total, parts := 0, []string{}
	for _, k := range slices.Sorted(maps.Keys(by)) {
		total += by[k]
		parts = append(parts, t.Say(catalogue.Say("stats.part", catalogue.CountOf("count", by[k]), t.coded("kind", group, k))))
	}
	if total == 0 {
		return "0"
	}
	return strconv.Itoa(total) + t.Word("list.colon") + strings.Join(parts, t.Word("list.comma"))
}

// perHundred says how many conflicts there were, and of how many notices.
func (t tongue) perHundred(r view.StatisticsRow) string {
	if r.Per100 == nil {
		return strconv.Itoa(r.Conflicts) + " (-)"
	}
	return t.Say(catalogue.Say("stats.per-100", catalogue.CountOf("count", r.Conflicts), catalogue.AsCode("rate", figure(r.Per100, 1, 1, ""))))
}

// falseAlarms says how many alarms were marked as false, and of how many.
func (t tongue) falseAlarms(r view.StatisticsRow) string {
	return t.Say(catalogue.Say("stats.false", catalogue.CountOf("count", r.FalseAlarms), catalogue.CountOf("nr", r.Alarms), catalogue.AsCode("rate", figure(r.FalseShare, 100, 0, " %"))))
}

// figure writes a figure times a factor with some decimals and its unit; "-" for none.
func figure(x *float64, times float64, decimals int, unit string) string {
	if x == nil {
		return "-"
	}
	return strconv.FormatFloat(*x*times, 'f', decimals, 64) + unit
}

func (t tongue) rung(p view.PartyStatistics, name string) string {
	for _, r := range p.Rungs {
		if r.Name == name {
			return t.secondsOf(r.MedianS)
		}
	}
	return "-"
}

// statsCSV writes one row for each line, period and party. An empty cell is a figure that there is not.
func statsCSV(s view.Statistics) [][]string {
	kinds, types, states := map[string]bool{}, map[string]bool{}, map[string]bool{}
	var rungs []string
	for _, r := range s.Rows {
		for state := range r.LinkS {
			states[state] = true
		}
		for _, p := range r.Parties {
			for k := range p.Notices {
				kinds[k] = true
			}
			for k := range p.Calls {
				types[k] = true
			}
			if rungs == nil {
				for _, x := range p.Rungs {
					rungs = append(rungs, x.Name)
				}
			}
		}
	}
	head := []string{"period", "line", "peer", "party", "notices"}
	under := func(prefix string, names []string, suffix string) {
		for _, n := range names {
			head = append(head, prefix+strings.ReplaceAll(n, " ", "_")+suffix)
		}
	}
	k, ty, st := slices.Sorted(maps.Keys(kinds)), slices.Sorted(maps.Keys(types)), slices.Sorted(maps.Keys(states))
	under("notices_", k, "")
	head = append(head, "graded", "late", "insufficient", "median_lead_s")
	for _, n := range rungs {
		under("", []string{n}, "_n")
		under("", []string{n}, "_median_s")
	}
	under("calls_", ty, "")
	head = append(head, "calls_answered", "median_answer_s", "tests", "tests_answered", "conflicts", "conflicts_per_100_notices", "alarms", "false_alarms", "false_alarm_share")
	under("link_", st, "_s")
	out := [][]string{append(head, "availability")}
	for _, r := range s.Rows {
		r.Period = exercised(r.Period, s.Exercise)
		for _, p := range r.Parties {
			out = append(out, statsRow(r, p, k, ty, st))
		}
	}
	return out
}

func statsRow(r view.StatisticsRow, p view.PartyStatistics, kinds, types, states []string) []string {
	n := strconv.Itoa
	f := func(x *float64) string {
		if x == nil {
			return ""
		}
		return strconv.FormatFloat(*x, 'f', -1, 64)
	}
	row := []string{r.Period, r.Line, r.Peer, p.Party, n(p.Total)}
	for _, k := range kinds {
		row = append(row, n(p.Notices[k]))
	}
	row = append(row, n(p.Graded), n(p.Late), n(p.Insufficient), f(p.MedianLeadS))
	for _, x := range p.Rungs {
		row = append(row, n(x.Done), f(x.MedianS))
	}
	for _, k := range types {
		row = append(row, n(p.Calls[k]))
	}
	row = append(row, n(p.Answered), f(p.MedianAnswerS), n(p.Tests), n(p.TestsAnswered), n(r.Conflicts), f(r.Per100), n(r.Alarms), n(r.FalseAlarms), f(r.FalseShare))
	for _, k := range states {
		s := r.LinkS[k]
		row = append(row, f(&s))
	}
	return append(row, f(r.Availability))
}
