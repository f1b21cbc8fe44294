package api

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/api/officer"
	"parley/audit"
	"parley/node/view"
)

// audited returns the records that a query finds.
func audited(t *testing.T, d *desk, query string) []audit.Record {
	t.Helper()
	return want[Audit](t, d, officer.Auditor, "GET", "/v1/audit?"+query, "", "").Records
}

// toldRed files a notice at red's node and waits until blue holds it.
func toldRed(t *testing.T, blue, red *desk) {
	t.Helper()
	hazard(t, red)
	until(t, "the notice arrives", func() bool {
		all, err := blue.node.Notices(t.Context(), nodeFilter("red"))
		return err == nil && len(all) == 1
	})
}

func TestEveryLookAtTheOthersNoticeIsAudited(t *testing.T) {
	blue, red, _ := pair(t, Limits{})
	toldRed(t, blue, red)
	want[Filings](t, blue, officer.Planner, "POST", "/v1/notices", typeGeoJSON, survey)
	if got := audited(t, blue, "notice=red-1&kind=shown"); len(got) != 0 {
		t.Fatalf("nobody looked, and the log says %+v", got)
	}
	want[view.Notice](t, blue, officer.Observer, "GET", "/v1/notices/red-1?party=red", "", "")
	for range 3 {
		want[Notices](t, blue, officer.Reviewer, "GET", "/v1/notices", "", "")
	}
	conflicts := want[Conflicts](t, blue, officer.Planner, "GET", "/v1/conflicts", "", "")
	want[EntryAnswer](t, blue, officer.Duty, "POST", "/v1/receive", typeJSON, `{"id":"red-1"}`)
	blue.ask(t, officer.Interpreter, "GET", "/v1/export", "", "")
	want[Log](t, blue, officer.Supervisor, "GET", "/v1/log", "", "")
	var who []string
	for _, r := range audited(t, blue, "notice=red-1&party=red&kind=shown") {
		if !r.Whole && (len(r.Notices) != 1 || r.Notices[0] != audit.Notice{Party: "red", ID: "red-1", Version: 1}) || r.From != "192.0.2.1" || r.By != "token" || r.Line == "" {
			t.Errorf("%+v", r)
		}
		who = append(who, r.Role+" "+r.Route)
	}
	if w := []string{"observer /v1/notices/{id}", "reviewer /v1/notices", "planner /v1/conflicts", "interpreter /v1/export", "supervisor /v1/log"}; !slices.Equal(who, w) {
		t.Errorf("who saw it: %q; want %q", who, w)
	}
	if len(conflicts.Conflicts) != 1 {
		t.Errorf("%d conflicts", len(conflicts.Conflicts))
	}
	filed := audited(t, blue, "kind=done&officer=the+planner")
	if len(filed) != 1 || filed[0].What != "file" || filed[0].IDs[0] != "blue-7" || filed[0].Notices[0].ID != "red-1" {
		t.Errorf("the answer to filing showed the other's notice: %+v", filed)
	}
	if got := audited(t, blue, "kind=done&officer=the+duty"); len(got) != 1 || got[0].What != "receive" || got[0].IDs[0] != "red-1" {
		t.Errorf("%+v", got)
	}
	if own := audited(t, blue, "notice=blue-7&kind=shown"); len(own) != 1 || !own[0].Whole {
		t.Errorf("looks at own notices are not what the log is for: %+v", own)
	}
	newest := audited(t, blue, "newest=true&limit=2")
	if len(newest) != 2 || newest[0].Seq != newest[1].Seq+1 {
		t.Errorf("%+v", newest)
	}
	checkChain(t, blue)
}

func checkChain(t *testing.T, d *desk) {
	t.Helper()
	var c audit.Checker
	for _, r := range audited(t, d, "") {
		data, err := r.Encode()
		if err == nil {
			err = c.Add(data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestEveryRefusalIsAuditedWithoutWhatWasGiven(t *testing.T) {
	blue, _, _ := pair(t, Limits{})
	secret := "parley-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	blue.askAs(t, secret, "GET", "/v1/notices/"+secret, "", "")
	blue.ask(t, officer.Observer, "POST", "/v1/lines/red/suspend", typeJSON, `{"reason":"`+secret+`"}`)
	blue.ask(t, officer.Duty, "GET", "/v1/notices?"+secret+"=1", "", "")
	blue.ask(t, officer.Duty, "GET", "/"+secret, "", "")
	blue.ask(t, officer.Duty, "POST", "/v1/notices", typeGeoJSON, strings.Replace(survey, `"kind":"flight"`, `"kind":"`+secret+`"`, 1))
	got := audited(t, blue, "kind=refused")
	var said []string
	for _, r := range got {
		said = append(said, strings.Join([]string{r.Officer, r.Method, r.Route, r.Code, r.Field}, "|"))
		if strings.Contains(fmt.Sprintf("%+v", r), "AAAA") {
			t.Errorf("the log repeats what was given: %+v", r)
		}
	}
	if w := []string{
		"|GET|/v1/notices/{id}|unauthenticated|token",
		"the observer|POST|/v1/lines/{line}/suspend|denied|role",
		"the duty|GET|/v1/notices|invalid|other",
		"the duty|GET|none|not_found|path",
		"the duty|POST|/v1/notices|invalid|notices.properties.kind",
	}; !slices.Equal(said, w) {
		t.Errorf("refusals:\n%s\nwant:\n%s", strings.Join(said, "\n"), strings.Join(w, "\n"))
	}
	for q, field := range map[string]string{"kind=foo": "kind", "from=2026-12-01": "from", "after=x": "after", "party=green": "party"} {
		if status, body := blue.ask(t, officer.Auditor, "GET", "/v1/audit?"+q, "", ""); status == http.StatusOK || !strings.Contains(string(body), `"field":"`+field+`"`) {
			t.Errorf("%s: %d %s", q, status, body)
		}
	}
}

// TestAnswerWaitsForTheAuditLog holds that what cannot be put on the log is not shown, except to
// the desk.
func TestAnswerWaitsForTheAuditLog(t *testing.T) {
	blue, red, _ := pair(t, Limits{})
	toldRed(t, blue, red)
	blue.disk.fail(errors.New("disk full"))
	defer blue.disk.fail(nil)
	for role, want := range map[officer.Role]int{officer.Observer: 503, officer.Planner: 503, officer.Duty: 200, officer.Supervisor: 200} {
		if status, body := blue.ask(t, role, "GET", "/v1/notices/red-1", "", ""); status != want || want == 503 && strings.Contains(string(body), "35.9") {
			t.Errorf("%s: %d %s; want %d", role, status, body, want)
		}
	}
	if !strings.Contains(blue.logged(), "what was shown is not in the audit log") {
		t.Error("the log does not say that something was shown and is not in the audit log")
	}
}

func TestStreamsOfEventsAreAudited(t *testing.T) {
	blue, red, _ := pair(t, Limits{Heartbeat: 50 * time.Millisecond})
	base := serve(t, blue)
	l := hear(t, blue, base, "")
	if got := audited(t, blue, "officer=the+observer"); len(got) != 1 || got[0].What != "events" || !strings.HasPrefix(got[0].IDs[0], "from ") {
		t.Fatalf("an open stream: %+v", got)
	}
	toldRed(t, blue, red)
	_, name, _ := l.next(t)
	for !slices.Contains([]string{"entry", "call", "conflict", "alarm"}, name) {
		_, name, _ = l.next(t) // of the line, or what is over
	}
	until(t, "what was told is on the log", func() bool {
		for _, r := range audited(t, blue, "officer=the+observer") {
			if slices.ContainsFunc(r.IDs, func(id string) bool { return strings.HasPrefix(id, name+" ") }) {
				return true
			}
		}
		return false
	})
}

func TestChangesOfTheBookAreAudited(t *testing.T) {
	blue, _, _ := pair(t, Limits{})
	token := blue.books.add(t, "Nova Desk", officer.Duty, time.Hour)
	blue.askAs(t, token, "GET", "/v1/lines", "", "")
	blue.books.mu.Lock()
	err := blue.books.book.Remove("Nova Desk")
	blue.books.mu.Unlock()
	if err != nil {
		t.Fatal(err)
	}
	blue.askAs(t, token, "GET", "/v1/lines", "", "")
	var got []string
	for _, r := range audited(t, blue, "kind=officers") {
		got = append(got, r.What+" "+r.IDs[0])
	}
	if w := []string{"added Nova Desk, duty", "removed Nova Desk, duty"}; !slices.Equal(got, w) {
		t.Errorf("%q, want %q", got, w)
	}
	if err := Started(t.Context(), blue.audit, "test", blue.books.book); err != nil {
		t.Fatal(err)
	}
	if got := audited(t, blue, "kind=started"); len(got) != 1 || len(got[0].IDs) != len(officer.Roles()) {
		t.Errorf("%+v", got)
	}
}
