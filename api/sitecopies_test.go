package api

import (
	"net/http"
	"strings"
	"testing"

	"parley/agreement"
	"parley/api/officer"
	"parley/node/view"
)

// TestSiteCopiesThroughTheAPI gives copies, lists them and asks whose a list is; every request and
// answer is held against the OpenAPI document.
func TestSiteCopiesThroughTheAPI(t *testing.T) {
	blue, red, _ := pair(t, Limits{})
	const list = "id,name,lat,lon,radius_m\nc-1,Clinic,35.41,35.91,200\nc-2,School,35.42,35.92,200\nc-3,Camp,35.43,35.93,200\n"
	want[view.SiteImport](t, blue, officer.Planner, "POST", "/v1/sites/import", typeCSV, list)
	give := func(who, level string) string {
		t.Helper()
		status, body := blue.ask(t, officer.Supervisor, "POST", "/v1/sites/copies", typeJSON, `{"for":"`+who+`","level":"`+level+`"}`)
		if status != http.StatusOK {
			t.Fatalf("%d %s", status, body)
		}
		return string(body)
	}
	first, second := give("Hospital", "volume"), give("Road office", "full")
	if alert := give("Press", "alert"); strings.Contains(alert, "coordinates") || !strings.Contains(alert, `"sites":3`) {
		t.Errorf("alert: %s", alert)
	}
	if strings.Contains(first, "Clinic") || !strings.Contains(second, "Clinic") {
		t.Errorf("volume: %s\nfull: %s", first, second)
	}
	copies := want[SiteCopies](t, blue, officer.Auditor, "GET", "/v1/sites/copies", "", "").Copies
	if len(copies) != 3 {
		t.Fatalf("%+v", copies)
	}
	w := want[view.WhoseCopy](t, blue, officer.Auditor, "POST", "/v1/sites/whose-copy", typeText, "found: "+second)
	if len(w.Named) != 1 || w.Named[0].Copy.For != "Road office" || w.Named[0].Matched != 3 || w.Copies != 2 || w.Same != nil {
		t.Errorf("%+v", w)
	}
	if w = want[view.WhoseCopy](t, blue, officer.Auditor, "POST", "/v1/sites/whose-copy", typeGeoJSON, first); w.Same == nil || w.Same.For != "Hospital" {
		t.Errorf("%+v", w)
	}
	if w = want[view.WhoseCopy](t, blue, officer.Supervisor, "POST", "/v1/sites/whose-copy", typeCSV, list); len(w.Named) != 0 || w.Sites != 3 || w.AsHeld != 3 {
		t.Errorf("%+v", w)
	}
	// Where two are asked for, the first answer is what waits.
	two, _, _ := pairTwo(t, Limits{}, agreement.ActionDisclosure)
	want[view.SiteImport](t, two, officer.Planner, "POST", "/v1/sites/import", typeCSV, list)
	if r := want[view.Release](t, two, officer.Supervisor, "POST", "/v1/sites/copies", typeJSON, `{"for":"Hospital","level":"full"}`); r.Action != "disclosure-change" || r.Subject != "sites/full/Hospital" {
		t.Errorf("%+v", r)
	}
	if status, body := two.ask(t, officer.Supervisor, "POST", "/v1/sites/copies", typeJSON, `{"for":"Hospital","level":"full","release":"1"}`); status/100 != 4 || !strings.Contains(string(body), "waits for a second officer") {
		t.Errorf("%d %s", status, body)
	}
	// The other party has no part in it.
	if got := want[SiteCopies](t, red, officer.Supervisor, "GET", "/v1/sites/copies", "", "").Copies; len(got) != 0 {
		t.Errorf("red has %+v", got)
	}
	for _, bad := range []struct{ path, typ, body, want string }{
		{"/v1/sites/copies", typeJSON, `{"for":"","level":"full"}`, "for"},
		{"/v1/sites/copies", typeJSON, `{"for":"a\u0007b","level":"full"}`, "for"},
		{"/v1/sites/copies", typeJSON, `{"for":"` + strings.Repeat("x", 101) + `","level":"full"}`, "for"},
		{"/v1/sites/copies", typeJSON, `{"for":"Hospital","level":"most"}`, "level"},
		{"/v1/sites/copies", typeJSON, `{"for":"Hospital"}`, "level"},
		{"/v1/sites/whose-copy", typeText, "no place", "holds no position"},
		{"/v1/sites/whose-copy", typeJSON, "", "holds no position"},
	} {
		if status, body := blue.ask(t, officer.Supervisor, "POST", bad.path, bad.typ, bad.body); status/100 != 4 || !strings.Contains(string(body), bad.want) {
			t.Errorf("%s %s: %d %s, want %q", bad.path, bad.body, status, body, bad.want)
		}
	}
	if status, body := red.ask(t, officer.Supervisor, "POST", "/v1/sites/copies", typeJSON, `{"for":"Hospital","level":"full"}`); status/100 != 4 || !strings.Contains(string(body), "none of this party") {
		t.Errorf("of no sites: %d %s", status, body)
	}
	page := want[Audit](t, blue, officer.Auditor, "GET", "/v1/audit?kind=done", "", "")
	found := map[string]int{}
	for _, r := range page.Records {
		found[r.What]++
		for _, id := range r.IDs {
			if r.What == "site-copy volume" && id != copies[2].ID+" for Hospital" {
				t.Errorf("%+v", r)
			}
		}
	}
	if found["site-copy volume"] != 1 || found["site-copy full"] != 1 || found["site-copy alert"] != 1 || found["whose-copy"] != 3 {
		t.Errorf("audit: %v", found)
	}
}
