package api

import (
	"strings"
	"testing"

	"parley/api/officer"
	"parley/node/view"
)

// TestSitesThroughTheAPI imports a list, looks at it from both sides, confirms and receives it; every
// request and answer is held against the OpenAPI document.
func TestSitesThroughTheAPI(t *testing.T) {
	blue, red, _ := pair(t, Limits{})
	const list = "id,name,lat,lon,radius_m\nc-1,Clinic,35.4,35.9,200\nc-2,School,35.5,35.9,200\nc-3,Bad,35.5,,200\n"
	r := want[view.SiteImport](t, blue, officer.Planner, "POST", "/v1/sites/import?dry_run=true", typeCSV, list)
	if !r.DryRun || r.Counts[view.RowAdded] != 2 || r.Counts[view.RowRefused] != 1 || len(r.Rows[2].Problems) != 1 || r.Rows[2].Problems[0].Mend == "" {
		t.Errorf("dry: %+v", r)
	}
	want[view.SiteImport](t, blue, officer.Planner, "POST", "/v1/sites/import", typeCSV, list)
	if r = want[view.SiteImport](t, blue, officer.Planner, "POST", "/v1/sites/import", typeCSV, list); r.Counts[view.RowUnchanged] != 2 {
		t.Errorf("again: %+v", r.Counts)
	}
	c := want[Revalidated](t, blue, officer.Duty, "POST", "/v1/sites/revalidate", typeJSON, `{"ids":["c-1"],"remark":"seen"}`)
	if len(c.Sites) != 1 || c.Sites[0].Confirmed == nil || c.Sites[0].Confirmed.Remark != "seen" {
		t.Errorf("confirmed: %+v", c)
	}
	until(t, "red has the list", func() bool {
		l := want[Sites](t, red, officer.Duty, "GET", "/v1/sites?party=blue&since=2000-01-01T00:00:00Z", "", "").Lists
		return len(l) == 1 && len(l[0].Sites) == 2 && len(l[0].Added) == 2 && len(l[0].Revalidated) == 1
	})
	if n := want[ReceivedSites](t, red, officer.Duty, "POST", "/v1/sites/receive", typeJSON, `{"since":"2000-01-01T00:00:00Z"}`); n.Received != 3 {
		t.Errorf("received %d", n.Received)
	}
	for _, bad := range []struct{ path, typ, body, want string }{
		{"/v1/sites/import", typeCSV, "", "is empty"},
		{"/v1/sites/import", typeText, list, "content-type"},
		{"/v1/sites/import?remove_missing=true", typeCSV, list, "reason"},
		{"/v1/sites/revalidate", typeJSON, `{"ids":["c-9"]}`, "notice"},
		{"/v1/sites/revalidate", typeJSON, `{}`, "ids"},
	} {
		if status, body := blue.ask(t, officer.Duty, "POST", bad.path, bad.typ, bad.body); status/100 != 4 || !strings.Contains(string(body), bad.want) {
			t.Errorf("%s: %d %s, want %q", bad.path, status, body, bad.want)
		}
	}
}
