package api

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"parley/audit"
	"parley/fault"
	"parley/node"
	"parley/node/view"
)

// typeMetrics is the content type of Prometheus's text format.
const typeMetrics = "text/plain"

func (a *api) getStatistics(c *call) (any, error) {
	q, err := c.query("line", "by", "picture")
	if err != nil {
		return nil, err
	}
	by := q["by"]
	if by == "" {
		by = node.ByDay
	}
	switch pic, err := pictureOf(q); {
	case err != nil:
		return nil, err
	case pic == pictureExercise:
		return a.cfg.Node.ExerciseStatistics(c.r.Context(), q["line"], by)
	case pic == pictureAll:
		return nil, fault.New("picture", pic, "has no figures of its own: exercise is not counted with what is real", "choose real or exercise")
	}
	return a.cfg.Node.Statistics(c.r.Context(), q["line"], by)
}

// getMetrics writes the figures of all lines in Prometheus's text format, version 0.0.4.
func (a *api) getMetrics(c *call) (any, error) {
	if _, err := c.query(); err != nil {
		return nil, err
	}
	s, err := a.cfg.Node.Statistics(c.r.Context(), "", node.ByAll)
	if err != nil {
		return nil, err
	}
	lines, err := a.cfg.Node.Lines(c.r.Context())
	if err != nil {
		return nil, err
	}
	alarms, err := a.cfg.Node.Alarms(c.r.Context())
	if err != nil {
		return nil, err
	}
	var m metrics
	m.statistics(s)
	m.lines(lines)
	m.alarms(alarms)
	m.audit(a.cfg.Audit.Head())
	c.begin(typeMetrics)
	_, err = c.w.Write([]byte(m.text.String()))
	return nil, err
}

// metrics writes families of samples.
type metrics struct{ text strings.Builder }

// family begins a family: its samples follow it.
func (m *metrics) family(name, kind, help string) {
	fmt.Fprintf(&m.text, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
}

// sample writes one sample. labels are names and values in turn.
func (m *metrics) sample(name string, value float64, labels ...string) {
	m.text.WriteString(name)
	for i := 0; i+1 < len(labels); i += 2 {
		m.text.WriteByte("{,"[min(i, 1)])
		fmt.Fprintf(&m.text, "%s=\"%s\"", labels[i], strings.NewReplacer("\\", `\\`, "\"", `\"`, "\n", `\n`).Replace(labels[i+1]))
	}
	if len(labels) > 0 {
		m.text.WriteByte('}')
	}
	m.text.WriteString(" " + strconv.FormatFloat(value, 'g', -1, 64) + "\n")
}

// statistics writes the totals since the lines began.
func (m *metrics) statistics(s view.Statistics) {
	parties := func(each func(r view.StatisticsRow, p view.PartyStatistics)) {
		for _, r := range s.Rows {
			for _, p := range r.Parties {
				each(r, p)
			}
		}
	}
	m.family("parley_notices_total", "counter", "Notices filed, without exercise.")
	parties(func(r view.StatisticsRow, p view.PartyStatistics) {
		for _, kind := range slices.Sorted(maps.Keys(p.Notices)) {
			m.sample("parley_notices_total", float64(p.Notices[kind]), "line", r.Line, "party", p.Party, "kind", kind)
		}
	})
	m.family("parley_leads_total", "counter", "Notices by the grade of their delivered lead: all that have one, late, insufficient.")
	parties(func(r view.StatisticsRow, p view.PartyStatistics) {
		for i, n := range []int{p.Graded, p.Late, p.Insufficient} {
			m.sample("parley_leads_total", float64(n), "line", r.Line, "party", p.Party, "grade", []string{"any", "late", "insufficient"}[i])
		}
	})
	m.family("parley_rungs_total", "counter", "Rungs of the ladder taken for notices of a party.")
	parties(func(r view.StatisticsRow, p view.PartyStatistics) {
		for _, x := range p.Rungs {
			m.sample("parley_rungs_total", float64(x.Done), "line", r.Line, "party", p.Party, "rung", x.Name)
		}
	})
	m.family("parley_calls_total", "counter", "Calls made, without exercise.")
	parties(func(r view.StatisticsRow, p view.PartyStatistics) {
		for _, kind := range slices.Sorted(maps.Keys(p.Calls)) {
			m.sample("parley_calls_total", float64(p.Calls[kind]), "line", r.Line, "party", p.Party, "type", kind)
		}
	})
	m.family("parley_tests_total", "counter", "Tests of the line by people, made and answered.")
	parties(func(r view.StatisticsRow, p view.PartyStatistics) {
		m.sample("parley_tests_total", float64(p.Tests), "line", r.Line, "party", p.Party, "state", "made")
		m.sample("parley_tests_total", float64(p.TestsAnswered), "line", r.Line, "party", p.Party, "state", "answered")
	})
	m.family("parley_conflicts_total", "counter", "Conflicts filed, without exercise.")
	for _, r := range s.Rows {
		m.sample("parley_conflicts_total", float64(r.Conflicts), "line", r.Line)
	}
	m.family("parley_alarms_total", "counter", "Alarms that began at this desk, and those that its officers marked as false, without exercise.")
	for _, r := range s.Rows {
		m.sample("parley_alarms_total", float64(r.Alarms), "line", r.Line, "marked", "any")
		m.sample("parley_alarms_total", float64(r.FalseAlarms), "line", r.Line, "marked", "false")
	}
	m.family("parley_link_seconds_total", "counter", "Seconds of the link in each state while this node ran.")
	for _, r := range s.Rows {
		for _, state := range slices.Sorted(maps.Keys(r.LinkS)) {
			m.sample("parley_link_seconds_total", r.LinkS[state], "line", r.Line, "state", state)
		}
	}
}

// lines writes how the lines stand.
func (m *metrics) lines(lines []view.Line) {
	one := func(name, help string, value func(view.Line) float64) {
		m.family(name, "gauge", help)
		for _, ln := range lines {
			m.sample(name, value(ln), "line", ln.ID, "peer", ln.Peer)
		}
	}
	state := func(name, help string, states []string, is func(view.Line) string) {
		m.family(name, "gauge", help)
		for _, ln := range lines {
			for _, s := range states {
				on := 0.0
				if is(ln) == s {
					on = 1
				}
				m.sample(name, on, "line", ln.ID, "peer", ln.Peer, "state", s)
			}
		}
	}
	state("parley_link_state", "1 for the state of the link, 0 for the others.", []string{"up", "lagging", "down", "suspended", "disputed"}, func(ln view.Line) string { return ln.State })
	desks := []string{"manned", "unanswered", "unmanned", "unknown"}
	state("parley_own_desk_state", "1 for the state of the own desk.", desks, func(ln view.Line) string { return ln.OwnDesk.State })
	state("parley_peer_desk_state", "1 for the state of the other desk.", desks, func(ln view.Line) string { return ln.PeerDesk.State })
	one("parley_tests_missed", "Tests of the line by people missed in a row.", func(ln view.Line) float64 { return float64(ln.Tests.Missed) })
	m.family("parley_witness_cosigns", "gauge", "1 where a witness cosigned at the last time, 0 where not.")
	for _, ln := range lines {
		for _, w := range ln.Witnesses {
			on := 0.0
			if w.Trouble == "" && !w.Last.IsZero() {
				on = 1
			}
			m.sample("parley_witness_cosigns", on, "line", ln.ID, "peer", ln.Peer, "witness", w.Name)
		}
	}
	one("parley_undelivered_entries", "Own entries whose delivery is not shown.", func(ln view.Line) float64 { return float64(ln.Undelivered) })
}

// audit writes how large the audit log is.
func (m *metrics) audit(h audit.Head) {
	m.family("parley_audit_records_total", "counter", "Records of the audit log.")
	m.sample("parley_audit_records_total", float64(h.Seq))
	m.family("parley_audit_bytes_total", "counter", "Bytes of the audit log's records.")
	m.sample("parley_audit_bytes_total", float64(h.Bytes))
}

// alarms writes how many alarms there are now.
func (m *metrics) alarms(alarms []view.Alarm) {
	var all, unseen [4]int
	for _, al := range alarms {
		if al.Exercise || al.Level < 0 || al.Level >= len(all) {
			continue
		}
		all[al.Level]++
		if al.Acknowledged == nil {
			unseen[al.Level]++
		}
	}
	m.family("parley_alarms", "gauge", "Alarms now, without exercise, by level, all and those that no officer of the desk saw.")
	for level := 1; level < len(all); level++ {
		m.sample("parley_alarms", float64(all[level]), "level", strconv.Itoa(level), "seen", "any")
		m.sample("parley_alarms", float64(unseen[level]), "level", strconv.Itoa(level), "seen", "no")
	}
}
