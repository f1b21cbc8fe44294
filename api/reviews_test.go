package api

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/api/officer"
	"parley/audit"
	"parley/node/view"
	"parley/statement"
)

// TestReviewThroughTheAPI opens an incident and a team, and takes each of their steps. Every request and
// answer is held against openapi.yaml by ask.
func TestReviewThroughTheAPI(t *testing.T) {
	blue, red, _ := pair(t, Limits{})
	want[Filings](t, blue, officer.Planner, "POST", "/v1/notices", typeGeoJSON, survey)
	now := time.Now().UTC()
	stamp := func(d time.Duration) string { return now.Add(d).Format(time.RFC3339) }
	post := func(d *desk, role officer.Role, path, in string) view.JointReview {
		t.Helper()
		return want[view.JointReview](t, d, role, "POST", path, typeJSON, in)
	}
	inc := post(blue, officer.Supervisor, "/v1/incidents", `{"title":"two met","from":"`+stamp(-time.Hour)+`","until":"`+stamp(time.Hour)+`","notices":["blue-7"]}`)
	if inc.Kind != "incident" || len(inc.Notices) != 1 || inc.Notices[0].Notice != "blue-7" || len(inc.Heads) != 1 {
		t.Errorf("opened: %+v", inc)
	}
	id := url.QueryEscape(inc.Entry)
	until(t, "red has it", func() bool {
		return len(want[Incidents](t, red, officer.Observer, "GET", "/v1/incidents", "", "").Incidents) == 1
	})
	r := post(red, officer.Reviewer, "/v1/reviews/item", `{"of":"`+inc.Entry+`","text":"they met","from":"`+stamp(-time.Minute)+`","until":"`+stamp(0)+`","clock":"red","links":[{"entry":"1/a#0"},{"sha256":"`+strings.Repeat("ab", 32)+`","description":"a recording"}]}`)
	item := r.Items[0].Entry
	until(t, "blue has the item", func() bool {
		x := want[Incidents](t, blue, officer.Reviewer, "GET", "/v1/incidents?id="+id, "", "").Incidents[0]
		return len(x.Items) == 1 && len(x.Items[0].Links) == 2
	})
	if status, got := blue.ask(t, officer.Reviewer, "POST", "/v1/reviews/answer", typeJSON, `{"entry":"`+item+`","answer":"agree"}`); status != http.StatusForbidden {
		t.Errorf("a reviewer answered for the party: %d %s", status, got)
	}
	if r := post(blue, officer.Supervisor, "/v1/reviews/answer", `{"entry":"`+item+`","answer":"dispute","text":"they passed"}`); r.Items[0].Standing != "disputed" {
		t.Errorf("%+v", r.Items)
	}
	post(red, officer.Reviewer, "/v1/reviews/item", `{"instead_of":"`+item+`","text":"they met or passed","from":"`+stamp(-time.Minute)+`","clock":"red"}`)
	post(red, officer.Reviewer, "/v1/reviews/finding", `{"of":"`+inc.Entry+`","text":"a ford is narrow"}`)
	post(red, officer.Supervisor, "/v1/reviews/member", `{"of":"`+inc.Entry+`","member":"the engineer","task":"fords"}`)
	post(red, officer.Supervisor, "/v1/reviews/close", `{"of":"`+inc.Entry+`"}`)

	team := post(red, officer.Supervisor, "/v1/teams", `{"title":"fords","goal":"nobody meets there"}`)
	u := post(red, officer.Supervisor, "/v1/reviews/undertaking", `{"of":"`+team.Entry+`","text":"mark it","owner":"red","owner_role":"engineers","due":"`+stamp(time.Hour)+`"}`).Undertakings[0]
	post(red, officer.Reviewer, "/v1/reviews/report", `{"undertaking":"`+u.Entry+`","text":"begun"}`)
	if r := post(red, officer.Reviewer, "/v1/reviews/report", `{"undertaking":"`+u.Entry+`","text":"marked","done":true}`); r.Undertakings[0].State != "reported" || len(r.Undertakings[0].Reports) != 2 {
		t.Errorf("%+v", r.Undertakings)
	}
	until(t, "blue has the report", func() bool {
		x := want[Teams](t, blue, officer.Reviewer, "GET", "/v1/teams", "", "").Teams
		return len(x) == 1 && len(x[0].Undertakings) == 1 && len(x[0].Undertakings[0].Reports) == 2
	})
	if r := post(blue, officer.Supervisor, "/v1/reviews/answer", `{"entry":"`+u.Entry+`","answer":"agree"}`); r.Undertakings[0].State != "accepted" {
		t.Errorf("%+v", r.Undertakings)
	}
	s := want[statement.Statement](t, blue, officer.Reviewer, "GET", "/v1/reviews/minutes?id="+id, "", "")
	if _, err := s.Text(); err != nil || !strings.Contains(s.Texts[0].Text, "they met") {
		t.Errorf("the draft: %+v, %v", s, err)
	}
	for path, status := range map[string]int{"/v1/incidents?id=" + url.QueryEscape(team.Entry): 404, "/v1/teams?id=1/a%2399": 404, "/v1/reviews/minutes?id=x": 400} {
		if got, body := blue.ask(t, officer.Reviewer, "GET", path, "", ""); got != status {
			t.Errorf("%s: %d %s", path, got, body)
		}
	}
	if !slices.ContainsFunc(audited(t, blue, ""), func(r audit.Record) bool { return slices.Contains(r.IDs, inc.Entry) }) {
		t.Error("the audit log does not say that the incident was shown")
	}
}

// TestNoFieldForBlameInTheDocument looks through the schemas of incidents and teams.
func TestNoFieldForBlameInTheDocument(t *testing.T) {
	doc, seen := spec(t), 0
	for name, schema := range doc.Components.Schemas {
		if !strings.HasPrefix(name, "Review") && !strings.HasPrefix(name, "JointReview") && name != "IncidentRequest" && name != "TeamRequest" && name != "ItemRequest" && name != "FindingRequest" &&
			name != "UndertakingRequest" && name != "ReportRequest" && name != "MemberRequest" && name != "CloseReviewRequest" {
			continue
		}
		for field := range schema.Value.Properties {
			seen++
			for _, word := range []string{"blame", "fault", "guilt", "culp", "responsib", "liab", "cause", "perpet", "offend"} {
				if strings.Contains(strings.ToLower(field), word) {
					t.Errorf("%s has a field %s", name, field)
				}
			}
		}
	}
	if seen < 80 {
		t.Errorf("only %d fields were looked at", seen)
	}
}
