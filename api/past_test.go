package api

import (
	"net/http"
	"testing"
	"time"

	"parley/api/officer"
	"parley/geo4d"
	"parley/node/view"
)

func TestPastThroughTheAPI(t *testing.T) {
	blue, red, _ := pair(t, Limits{})
	before := time.Now()
	want[Filings](t, blue, officer.Planner, "POST", "/v1/notices", typeGeoJSON, survey)
	at := func(when time.Time) string { return "/v1/past?at=" + geo4d.FormatTime(when) }
	until(t, "red held it", func() bool {
		p := want[view.Past](t, red, officer.Observer, "GET", at(time.Now()), "", "")
		return len(p.Notices) == 1 && p.Notices[0].Party == "blue" && len(p.Notices[0].Body) > 0 && p.Peer == 1
	})
	if p := want[view.Past](t, red, officer.Observer, "GET", at(before.Add(-time.Second)), "", ""); len(p.Notices) != 0 {
		t.Errorf("known before it was filed: %+v", p)
	}
	for _, path := range []string{"/v1/past", "/v1/past?at=yesterday", at(time.Now().Add(time.Hour))} {
		if status, body := red.ask(t, officer.Observer, "GET", path, "", ""); status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
}
