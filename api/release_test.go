package api

import (
	"net/http"
	"strings"
	"testing"

	"parley/agreement"
	"parley/api/officer"
	"parley/node/view"
	"parley/notice"
)

// TestTwoPersons: what one officer prepares another releases, whoever that is by his role.
func TestTwoPersons(t *testing.T) {
	blue, red, _ := pairTwo(t, Limits{}, agreement.ActionCancel)
	want[Filings](t, blue, officer.Planner, "POST", "/v1/notices", typeGeoJSON, survey)
	cancel := func(role officer.Role) *view.Release {
		t.Helper()
		f := want[view.Filed](t, blue, role, "POST", "/v1/notices/blue-7/state", typeJSON, `{"event":"cancel","reason":"weather"}`)
		if f.Release == nil || f.Notice.State != notice.Planned {
			t.Fatalf("cancelled by one: %+v", f)
		}
		return f.Release
	}
	refused := func(role officer.Role, path, body, rule string) {
		t.Helper()
		if status, got := blue.ask(t, role, "POST", path, typeJSON, body); status/100 == 2 || !strings.Contains(string(got), rule) {
			t.Errorf("%s: %d %s, want %q", path, status, got, rule)
		}
	}
	r := cancel(officer.Planner)
	if list := want[Releases](t, blue, officer.Observer, "GET", "/v1/releases", "", ""); len(list.Releases) != 1 || list.Releases[0].Text != r.Text || list.Releases[0].ID != r.ID || list.Releases[0].State != r.State || r.PreparedBy != "the planner" || r.Action != "cancel" {
		t.Errorf("listed: %+v", list)
	}
	if ln := want[Lines](t, blue, officer.Duty, "GET", "/v1/lines", "", ""); len(ln.Lines[0].Releases) != 1 {
		t.Errorf("the line lists %+v", ln.Lines[0].Releases)
	}
	refused(officer.Planner, "/v1/releases/1/give", "", "may not release it")
	refused(officer.Duty, "/v1/releases/1/refuse", `{"reason":""}`, "is required")
	refused(officer.Duty, "/v1/releases/9/give", "", "is not a command")
	refused(officer.Duty, "/v1/notices/blue-7/state", `{"event":"cancel"}`, "the planner prepared the same")
	if got := want[view.Release](t, blue, officer.Planner, "POST", "/v1/releases/1/refuse", typeJSON, `{"reason":"the wrong one"}`); got.State != view.ReleaseRefused || got.Reason != "the wrong one" {
		t.Errorf("refused: %+v", got)
	}
	refused(officer.Duty, "/v1/releases/1/give", "", "is refused")
	cancel(officer.Planner)
	if got := want[view.Release](t, blue, officer.Duty, "POST", "/v1/releases/2/give", "", ""); got.State != view.ReleaseReleased || got.DecidedBy != "the duty" {
		t.Errorf("released: %+v", got)
	}
	if n := want[view.Notice](t, blue, officer.Duty, "GET", "/v1/notices/blue-7", "", ""); n.State != notice.Cancelled {
		t.Errorf("after it: %+v", n)
	}
	until(t, "red sees both names", func() bool {
		status, log := red.ask(t, officer.Auditor, "GET", "/v1/log?kind=notice.state", "", "")
		return status == http.StatusOK && strings.Contains(string(log), `"released_by":"the duty"`) && strings.Contains(string(log), `"officer":"the planner"`)
	})
	if got := want[view.Release](t, blue, officer.Duty, "GET", "/v1/releases/1", "", ""); got.State != view.ReleaseRefused {
		t.Errorf("kept: %+v", got)
	}
	if all := want[Releases](t, blue, officer.Duty, "GET", "/v1/releases?all=true", "", ""); len(all.Releases) != 2 || all.Releases[0].ID != "2" {
		t.Errorf("all: %+v", all)
	}
	var done []string
	for _, r := range audited(t, blue, "kind=done") {
		done = append(done, r.What)
	}
	if got := strings.Join(done, " "); got != "file prepare.cancel release.refuse prepare.cancel release.give cancel" {
		t.Errorf("the audit log has %s", got)
	}
}
