package api

import (
	"strings"
	"testing"

	"parley/api/officer"
	"parley/audit"
)

// TestCheckSaysTheConflicts checks a draft over a notice of the other party, and one far from it.
func TestCheckSaysTheConflicts(t *testing.T) {
	blue, red, _ := pair(t, Limits{})
	toldRed(t, blue, red)
	got := want[Checked](t, blue, officer.Planner, "POST", "/v1/notices/check", typeGeoJSON, survey)
	if len(got.Notices) != 1 || len(got.Notices[0].Conflicts) != 1 || got.Compared == nil || got.Compared.Other != 1 {
		t.Fatalf("%+v", got)
	}
	if x := got.Notices[0].Conflicts[0]; x.With.Notice != "red-1" || x.LateralM != 0 || x.Where == "" || !strings.Contains(x.Text, "blue-7 (blue) and red-1 (red)") {
		t.Errorf("%+v", x)
	}
	blue.accept = "fr"
	if x := want[Checked](t, blue, officer.Planner, "POST", "/v1/notices/check", typeGeoJSON, survey).Notices[0].Conflicts[0]; !strings.Contains(x.Text, "conflit") {
		t.Errorf("in French: %q", x.Text)
	}
	blue.accept = ""
	far := strings.NewReplacer("35.95,35.41", "36.95,33.41", "blue-7", "blue-8").Replace(survey)
	if got := want[Checked](t, blue, officer.Planner, "POST", "/v1/notices/check", typeGeoJSON, far); len(got.Notices) != 1 || len(got.Notices[0].Conflicts) != 0 || got.Compared == nil {
		t.Errorf("far away: %+v", got)
	}
	var seen, none []audit.Record
	for _, r := range audited(t, blue, "kind=shown") {
		if r.Route != "/v1/notices/check" {
			continue
		}
		if len(r.Notices) == 1 && r.Notices[0].ID == "red-1" {
			seen = append(seen, r)
		} else if r.What == "check" && r.Line != "" && len(r.IDs) == 1 && r.IDs[0] == "blue-8" {
			none = append(none, r)
		}
	}
	if len(seen) != 1 || len(none) != 1 { // the same within the window is counted
		t.Errorf("audited: %+v, %+v", seen, none)
	}
	if own := want[Notices](t, blue, officer.Planner, "GET", "/v1/notices?party=blue", "", ""); len(own.Notices) != 0 {
		t.Errorf("checking filed %+v", own.Notices)
	}
}
