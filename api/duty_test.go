package api

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"parley/api/officer"
	"parley/node/view"
)

// TestDutyThroughTheAPI plays presence, the watch and a test of the line. Every request and answer is
// held against openapi.yaml by ask.
func TestDutyThroughTheAPI(t *testing.T) {
	blue, red, _ := pair(t, Limits{})
	line := func(d *desk) view.Line {
		return want[Lines](t, d, officer.Observer, "GET", "/v1/lines", "", "").Lines[0]
	}
	if ln := line(red); ln.PeerDesk.State != "unknown" || ln.Desk != "unknown" || ln.Tests.Last != nil {
		t.Errorf("at first: %+v", ln)
	}
	if got := want[Desks](t, blue, officer.Duty, "POST", "/v1/desk/present", "", ""); len(got.Desks) != 1 || got.Desks[0].State != "manned" || !got.Desks[0].Own {
		t.Errorf("present: %+v", got)
	}
	until(t, "red sees that blue's desk is manned", func() bool { return line(red).Desk == "manned" && line(red).PeerDesk.Officer == "the duty" })

	if w := want[view.Watch](t, blue, officer.Duty, "POST", "/v1/desk/accept", "", ""); w.Officer != "the duty" || w.HandOver != nil {
		t.Errorf("took the watch: %+v", w)
	}
	if status, data := blue.ask(t, officer.Duty, "POST", "/v1/desk/handover", typeJSON, `{"to":"the planner"}`); status != http.StatusBadRequest || !strings.Contains(string(data), "parley officer list") {
		t.Errorf("handed to a planner: %d %s", status, data)
	}
	w := want[view.Watch](t, blue, officer.Duty, "POST", "/v1/desk/handover", typeJSON, `{"to":"the supervisor"}`)
	if w.Officer != "the duty" || w.HandOver == nil || w.HandOver.To != "the supervisor" {
		t.Errorf("hand-over: %+v", w)
	}
	if status, _ := blue.ask(t, officer.Duty, "POST", "/v1/desk/accept", "", ""); status != http.StatusForbidden {
		t.Errorf("another accepted: %d", status)
	}
	if w := want[view.Watch](t, blue, officer.Duty, "POST", "/v1/desk/keep", "", ""); w.HandOver != nil {
		t.Errorf("kept: %+v", w)
	}
	want[view.Watch](t, blue, officer.Duty, "POST", "/v1/desk/handover", typeJSON, `{"to":"the supervisor"}`)
	if w := want[view.Watch](t, blue, officer.Supervisor, "POST", "/v1/desk/accept", "", ""); w.Officer != "the supervisor" {
		t.Errorf("accepted: %+v", w)
	}
	theRota(t, blue)
	if list := want[HandOvers](t, blue, officer.Auditor, "GET", "/v1/desk/handovers", "", ""); len(list.HandOvers) != 3 || list.HandOvers[1].State != view.HandOverAccepted {
		t.Errorf("over: %+v", list)
	}
	if b := want[DeskBook](t, blue, officer.Reviewer, "GET", "/v1/desk", "", ""); len(b.Desks) != 2 || !b.Desks[0].Own || b.Watch.Officer != "the supervisor" {
		t.Errorf("the book: %+v", b)
	}

	test := want[view.LineTest](t, blue, officer.Duty, "POST", "/v1/tests", "", "")
	if test.Word == "" || !test.Own || test.Answered != nil {
		t.Errorf("test: %+v", test)
	}
	until(t, "red is asked", func() bool { return line(red).Tests.Asked != nil })
	until(t, "red is alarmed", func() bool {
		for _, a := range want[Alarms](t, red, officer.Duty, "GET", "/v1/alarms", "", "").Alarms {
			if a.Kind == "test-asked" && strings.Contains(a.Text, test.Word) {
				return true
			}
		}
		return false
	})
	if status, _ := red.ask(t, officer.Duty, "POST", "/v1/tests/answer", typeJSON, `{"word":"nonsense"}`); status != http.StatusBadRequest {
		t.Errorf("a wrong word: %d", status)
	}
	if got := want[view.LineTest](t, red, officer.Supervisor, "POST", "/v1/tests/answer?line=blue", typeJSON, `{"word":"`+test.Word+`"}`); got.AnsweredBy != "the supervisor" || got.AnsweredS == nil {
		t.Errorf("answer: %+v", got)
	}
	until(t, "blue has the round trip", func() bool {
		last := line(blue).Tests.Last
		return last != nil && last.RoundTripS != nil
	})
	if list := want[LineTests](t, red, officer.Observer, "GET", "/v1/tests", "", ""); len(list.Tests) != 1 || list.Tests[0].Own {
		t.Errorf("tests: %+v", list)
	}
	if got := want[Desks](t, blue, officer.Supervisor, "POST", "/v1/desk/leave", "", ""); got.Desks[0].State != "manned" {
		t.Errorf("the supervisor left, and the duty officer is there: %+v", got)
	}
}

// theRota sets a rota, reads it, and is refused what is none. The supervisor has the watch, and has it
// again afterwards.
func theRota(t *testing.T, d *desk) {
	t.Helper()
	const head, row = "from,until,officer,role\n", "2020-01-01T00:00:00Z,2096-01-01T00:00:00Z,the supervisor,supervisor\n"
	next := "2096-01-02T00:00:00Z,2096-01-03T00:00:00+01:00,the duty,duty\n"
	for body, words := range map[string]string{
		head + row + row: "before the watch of the supervisor ends",
		head + "2096-01-02T00:00:00Z,2096-01-03T00:00:00Z,the planner,duty\n": "parley officer list",
		head + "2096-01-02T00:00:00,2096-01-03T00:00:00Z,the duty,duty\n":     "offset",
	} {
		if status, data := d.ask(t, officer.Supervisor, "PUT", "/v1/desk/rota", typeCSV, body); status != http.StatusBadRequest || !strings.Contains(string(data), words) {
			t.Errorf("%s: %d %s", body, status, data)
		}
	}
	if r := want[view.Rota](t, d, officer.Supervisor, "PUT", "/v1/desk/rota", typeCSV, head+next+row); len(r.Rows) != 2 || len(r.Gaps) != 1 || r.SetBy != "the supervisor" {
		t.Errorf("set: %+v", r)
	}
	if r := want[view.Rota](t, d, officer.Observer, "GET", "/v1/desk/rota", "", ""); len(r.Rows) != 2 || r.Rows[0].Officer != "the supervisor" {
		t.Errorf("rota: %+v", r)
	}
	if w := want[view.Watch](t, d, officer.Supervisor, "POST", "/v1/desk/handover", typeJSON, `{}`); w.HandOver == nil || w.HandOver.To != "the duty" {
		t.Errorf("handed to the next: %+v", w)
	}
	if r := want[view.Rota](t, d, officer.Supervisor, "PUT", "/v1/desk/rota", typeJSON, `{"rows":[]}`); len(r.Rows) != 0 {
		t.Errorf("taken away: %+v", r)
	}
	if w := want[view.Watch](t, d, officer.Supervisor, "POST", "/v1/desk/keep", "", ""); w.HandOver != nil {
		t.Errorf("kept: %+v", w)
	}
	if status, data := d.ask(t, officer.Supervisor, "POST", "/v1/desk/handover", typeJSON, `{}`); status != http.StatusBadRequest || !strings.Contains(string(data), "parley desk rota set") {
		t.Errorf("handed to nobody: %d %s", status, data)
	}
}

// TestStatisticsThroughTheAPI holds the figures and the samples against what was said.
func TestStatisticsThroughTheAPI(t *testing.T) {
	blue, red, _ := pair(t, Limits{})
	want[Filings](t, blue, officer.Planner, "POST", "/v1/notices", typeGeoJSON, survey)
	want[view.Call](t, blue, officer.Duty, "POST", "/v1/calls", typeJSON, `{"type":"query","text":"which area?","language":"en"}`)
	until(t, "both have a delivered lead", func() bool {
		for _, d := range []*desk{blue, red} {
			s := want[view.Statistics](t, d, officer.Auditor, "GET", "/v1/statistics?by=all", "", "")
			if len(s.Rows) != 1 {
				return false
			}
			for _, p := range s.Rows[0].Parties {
				if p.Party == "blue" && (p.Graded != 1 || p.Calls["query"] != 1) {
					return false
				}
			}
		}
		return true
	})
	s := want[view.Statistics](t, red, officer.Duty, "GET", "/v1/statistics?line=blue", "", "")
	if s.By != "day" || len(s.Rows) == 0 || len(s.Rows[0].Parties) != 2 {
		t.Errorf("by day: %+v", s)
	}
	if status, _ := red.ask(t, officer.Duty, "GET", "/v1/statistics?by=week", "", ""); status != http.StatusBadRequest {
		t.Errorf("by week: %d", status)
	}
	status, data := red.ask(t, officer.Observer, "GET", "/v1/metrics", "", "")
	if status != http.StatusOK {
		t.Fatal(status, string(data))
	}
	sample := regexp.MustCompile(`^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z_]+="[^"\\]*"(,[a-z_]+="[^"\\]*")*\})? [0-9.e+-]+)$`)
	for _, l := range strings.Split(strings.TrimSuffix(string(data), "\n"), "\n") {
		if !sample.MatchString(l) {
			t.Errorf("%q is no line of the format", l)
		}
	}
	for _, l := range []string{`party="blue",kind="flight"} 1`, `party="blue",type="query"} 1`, `state="up"} 1`, `parley_alarms{level="2",seen="no"} `} {
		if !strings.Contains(string(data), l) {
			t.Errorf("lacks %s in\n%s", l, data)
		}
	}
}
