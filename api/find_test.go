package api

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"parley/api/officer"
	"parley/node/view"
)

// TestANoticeIsFoundByTheNumberOfItsNotam: people say a NOTAM as it is written.
func TestANoticeIsFoundByTheNumberOfItsNotam(t *testing.T) {
	blue, red, _ := pair(t, Limits{})
	want[Filings](t, red, officer.Planner, "POST", "/v1/notices", typeText, notam)
	until(t, "blue holds it", func() bool {
		status, _ := blue.ask(t, officer.Duty, "GET", "/v1/notices/OSTT-A0123-27", "", "")
		return status == http.StatusOK
	})
	show := func(d *desk, id string) (int, string) {
		status, body := d.ask(t, officer.Observer, "GET", "/v1/notices/"+url.PathEscape(id), "", "")
		return status, string(body)
	}
	for _, id := range []string{"OSTT-A0123-27", "A0123/27", "a0123-27", "OSTT A0123/27", "OSTT-A0123/27", "ostt a0123-27"} {
		if status, body := show(blue, id); status != http.StatusOK || !strings.Contains(body, `"id":"OSTT-A0123-27"`) {
			t.Errorf("%s: %d %s", id, status, body)
		}
	}
	for _, id := range []string{"A0124/27", "0123/27", "LCCC-A0123/27", "A0123", "A0123-28"} {
		if status, body := show(blue, id); status != http.StatusNotFound || !strings.Contains(body, id) {
			t.Errorf("%s: %d %s", id, status, body)
		}
	}
	if got := want[EntryAnswer](t, blue, officer.Duty, "POST", "/v1/receive", typeJSON, `{"id":"A0123/27"}`); got.Entry == "" {
		t.Error("it was not received by its number")
	}

	// Another place has the number as well.
	second := strings.NewReplacer("A) OSTT", "A) LCCC", "352500N 0355000E", "362500N 0345000E").Replace(notam)
	want[Filings](t, red, officer.Planner, "POST", "/v1/notices", typeText, second)
	status, body := show(red, "A0123/27")
	for _, word := range []string{"more than one notice", "OSTT-A0123-27 of red", "LCCC-A0123-27 of red"} {
		if status != http.StatusBadRequest || !strings.Contains(body, word) {
			t.Errorf("ambiguous: %d %s; want %q in it", status, body, word)
		}
	}
	if status, body := red.ask(t, officer.Planner, "POST", "/v1/notices/A0123%2F27/state", typeJSON, `{"event":"cancel"}`); status != http.StatusBadRequest {
		t.Errorf("an ambiguous number cancelled something: %d %s", status, body)
	}
	f := want[view.Filed](t, red, officer.Planner, "POST", "/v1/notices/LCCC-A0123%2F27/state", typeJSON, `{"event":"cancel"}`)
	if f.Notice.ID != "LCCC-A0123-27" || f.Notice.State != "cancelled" {
		t.Errorf("cancelled %s, %s", f.Notice.ID, f.Notice.State)
	}
	for _, path := range []string{"/v1/notices?party=gren", "/v1/notices/A0123-27?party=gren", "/v1/log?party=gren"} {
		if status, body := red.ask(t, officer.Reviewer, "GET", path, "", ""); status != http.StatusNotFound || !strings.Contains(string(body), "name one of red, blue") {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
	// Only own notices change their state by this node's word.
	if status, _ := blue.ask(t, officer.Planner, "POST", "/v1/notices/A0123%2F27/state", typeJSON, `{"event":"cancel"}`); status != http.StatusNotFound {
		t.Errorf("a notice of the other party: %d", status)
	}
}
